"""What importing may load, and that every namespace answers for its missing names."""

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import reflow
from reflow._missing_names import exists_in_tf

pytestmark = pytest.mark.smoke

PACKAGE = Path(reflow.__file__).parent


def loaded_after(code: str) -> set[str]:
    """Top-level packages in ``sys.modules`` after a fresh Python ran ``code``."""
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=PACKAGE.parent,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def modules() -> list[str]:
    """Every module of the package, except the one that runs when it is imported."""
    found = [m.name for m in pkgutil.walk_packages([str(PACKAGE)], "reflow.")]
    return [name for name in found if name != "reflow.__main__"]


def test_import_reflow_loads_neither_jax_nor_numpy() -> None:
    assert not loaded_after("import reflow") & {"jax", "jaxlib", "numpy", "scipy", "ml_dtypes"}


def test_the_command_line_is_light() -> None:
    assert not loaded_after("import reflow.cli") & {"jax", "jaxlib", "numpy"}


def test_no_module_loads_jax_when_it_is_imported() -> None:
    code = "import importlib\n" + "\n".join(f"importlib.import_module({m!r})" for m in modules())
    heavy = {"jax", "jaxlib", "scipy", "matplotlib", "sklearn", "PIL", "h5py"}
    assert not loaded_after(code) & heavy


def test_every_public_namespace_explains_missing_names() -> None:
    namespaces = [n for n in modules() if exists_in_tf("tf" + n.removeprefix("reflow"))]
    silent = [
        name for name in namespaces if not hasattr(__import__(name, fromlist=["x"]), "__getattr__")
    ]
    hint = "end each with `__getattr__, __dir__ = lazy_names(__name__)`"
    assert silent == [], hint
