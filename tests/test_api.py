"""Names and signatures are TensorFlow 2.1's; the tools that watch over them agree."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import reflow

TOOLS = Path(__file__).parents[1] / "tools"
sys.path.insert(0, str(TOOLS))

import api_coverage  # noqa: E402
import make_names  # noqa: E402

pytestmark = pytest.mark.smoke


@pytest.fixture(scope="module")
def coverage() -> api_coverage.Coverage:
    return api_coverage.walk(make_names.read_api())


def test_every_module_loads(coverage: api_coverage.Coverage) -> None:
    assert coverage.broken == {}


def test_signatures_are_tensorflows(coverage: api_coverage.Coverage) -> None:
    assert api_coverage.unknown(coverage) == []


def test_coverage_has_not_fallen(coverage: api_coverage.Coverage) -> None:
    assert api_coverage.fallen(coverage) == []


def test_names_that_are_one_object_in_tensorflow_are_one_here() -> None:
    assert api_coverage.identities() == []


def test_the_table_of_names_is_fresh() -> None:
    hint = "run python tools/make_names.py"
    for path, text in make_names.outputs().items():
        assert path.read_text("utf-8") == text, hint


def test_dir_lists_names_that_are_not_loaded_yet() -> None:
    from reflow._names import NAMES

    assert set(NAMES["reflow"]) <= set(dir(reflow))


def test_reading_signatures() -> None:
    def function(x: int, *, y: float = 2.0, name: str | None = None) -> None: ...

    assert api_coverage.signature(function) == "(x, *, y=2.0, name=None)"
    assert api_coverage.signature_or_type(3) == "a int"


def test_version_strings() -> None:
    assert reflow.__version__ == reflow.version.VERSION == "2.1.0"
    assert reflow.version.GRAPH_DEF_VERSION == 175


def test_everything_public_has_a_docstring(coverage: api_coverage.Coverage) -> None:
    absent = {*coverage.missing, *coverage.broken}
    silent = []
    for symbol, wanted in make_names.read_api().items():
        if wanted["kind"] not in {"function", "class"} or symbol in absent:
            continue
        ours = api_coverage.find(symbol)
        if hasattr(ours, "DESCRIPTOR"):  # a protocol buffer's class is made by its library
            continue
        doc = vars(ours).get("__doc__") if isinstance(ours, type) else ours.__doc__
        if not doc or doc.startswith(f"{getattr(ours, '__name__', '')}("):
            silent.append(symbol)
    assert silent == []
