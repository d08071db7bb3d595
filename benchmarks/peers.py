"""The frameworks that are compared, and the Python interpreters that have them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# peer -> environment variable that names its interpreter
VARIABLES = {
    "tf21": "REFLOW_BENCH_TF21",
    "tf_new": "REFLOW_BENCH_TF_NEW",
    "keras_jax": "REFLOW_BENCH_KERAS_JAX",
    "torch": "REFLOW_BENCH_TORCH",
}
_MODULES = {
    "reflow": "reflow",
    "tf21": "tensorflow",
    "tf_new": "tensorflow",
    "keras_jax": "keras",
    "torch": "torch",
}
_TITLES = {
    "reflow": "Reflow {}",
    "tf21": "TensorFlow {}",
    "tf_new": "TensorFlow {}",
    "keras_jax": "Keras {} on JAX",
    "torch": "PyTorch {}",
}

# Its last line of output: the versions of the module in argv[1] ("self") and of what it uses.
_VERSIONS = """
import importlib, json, sys
versions = {"python": sys.version.split()[0]}
for name in ("numpy", "jax"):
    try:
        versions[name] = importlib.import_module(name).__version__
    except ImportError:
        pass
module = importlib.import_module(sys.argv[1])
versions["self"] = module.__version__
if sys.argv[1] == "reflow":
    from reflow.version import REFLOW_VERSION
    versions["self"] = REFLOW_VERSION
print()
print(json.dumps(versions))
"""


@dataclass(frozen=True)
class Peer:
    """A framework in an interpreter, with the versions found there."""

    name: str
    python: str
    versions: dict[str, str]

    @property
    def title(self) -> str:
        """Name and version, as a table shows them."""
        return _TITLES[self.name].format(self.versions["self"].partition("+")[0])

    def command(self, file: Path, arguments: tuple[str, ...], alias: bool) -> list[str]:
        """The command that runs a program; with `alias`, Reflow stands in for TensorFlow in it."""
        runner = ["-m", "reflow"] if alias and self.name == "reflow" else []
        return [self.python, *runner, str(file), *arguments]

    def environment(self, cache: Path) -> dict[str, str]:
        """A quiet environment without windows and GPUs; Reflow keeps its programs in `cache`."""
        env = dict(
            os.environ,
            MPLBACKEND="Agg",
            CUDA_VISIBLE_DEVICES="",
            TF_CPP_MIN_LOG_LEVEL="3",
            REFLOW_CACHE_DIR=str(cache),
        )
        env.pop("KERAS_BACKEND", None)
        if self.name == "keras_jax":
            env["KERAS_BACKEND"] = "jax"
        path = env.pop("PYTHONPATH", "")
        if self.name == "reflow" and path:  # programs run in another folder
            env["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, path.split(os.pathsep)))
        return env


def find(overrides: dict[str, str]) -> tuple[list[Peer], list[str]]:
    """Return the peers that can run, Reflow first, and a line for each that cannot.

    `overrides` maps peers to interpreters; the environment variables name the others.
    """
    pythons = {"reflow": sys.executable}
    pythons |= {name: os.environ[var] for name, var in VARIABLES.items() if os.environ.get(var)}
    pythons |= overrides
    peers, missing = [], []
    for name, module in _MODULES.items():
        if name not in pythons:
            missing.append(f"{name} is left out: {VARIABLES[name]} does not name an interpreter")
            continue
        peer = Peer(name, pythons[name], {})
        done = subprocess.run(
            [peer.python, "-c", _VERSIONS, module],
            env=peer.environment(Path(tempfile.gettempdir())),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            missing.append(f"{name} is left out: {reason}")
            continue
        peers.append(Peer(name, peer.python, json.loads(done.stdout.splitlines()[-1])))
    return peers, missing
