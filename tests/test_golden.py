"""Every row of the golden tables gives what TensorFlow 2.1.0 gave; see golden/README.md."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import pytest
from golden import store
from golden.compare import differences
from golden.evaluate import evaluate
from golden.table import Row

FAMILIES = store.families()
# Where the numbers come from a program: these rows also run compiled by XLA, which one-off code is
# not, being interpreted with NumPy.
NUMERIC = {
    *(
        "array",
        "bitwise",
        "elementwise",
        "image",
        "linalg",
        "moving",
        "nn",
        "operators",
        "reductions",
    ),
    *(
        "convolution",
        "pooling",
        "keras_families",
        "keras_layers",
        "keras_losses",
        "keras_optimizers",
        "keras_conv_lstm",
        "keras_recurrent",
        "signal",
        "slicing",
        "tape",
        "variables",
    ),
}
ROWS = [row for family in FAMILIES for row in store.rows(family).values()]
_recorded: dict[str, dict[str, Any]] = {}


def recorded(family: str) -> dict[str, Any]:
    """A family's recorded outcomes, read once."""
    if family not in _recorded:
        _recorded[family] = store.load(family)
    return _recorded[family]


def parameter(row: Row) -> Any:
    """The row as a pytest parameter; a known difference must fail until it is gone."""
    marks = []
    if row.differs:
        marks.append(pytest.mark.xfail(reason=row.differs, strict=True))
    if zlib.crc32(row.id.encode()) % 16 == 0:  # a sample of all families
        marks.append(pytest.mark.smoke)
    return pytest.param(row, id=row.id, marks=marks)


def check(row: Row) -> None:
    """Evaluates a row and fails with what differs."""
    import reflow as tf

    expected = store.unpack(recorded(row.family)[row.name]["outcome"])
    actual = store.unpack(store.pack(evaluate(tf, row)))
    found = differences(expected, actual, row)
    if found:
        pytest.fail(f"{row.code}\n" + "\n".join(found), pytrace=False)


@pytest.mark.parametrize("row", [parameter(row) for row in ROWS])
def test_row(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", [parameter(row) for row in ROWS if row.family in NUMERIC])
def test_row_compiled(row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    from reflow.core import profile, program

    monkeypatch.setattr(program, "_interpret", lambda *path: None)  # None: NumPy cannot run it
    before = profile.counters.interpreted
    check(row)
    assert profile.counters.interpreted == before


@pytest.mark.parametrize("family", FAMILIES)
def test_values_are_fresh(family: str) -> None:
    """The recorded outcomes belong to the rows as they are now: run ``make golden`` if not."""
    known = {k: v["row"] for k, v in recorded(family).items() if k != "about"}
    assert known == {name: row.fingerprint for name, row in store.rows(family).items()}


def test_no_values_without_rows() -> None:
    assert sorted(path.stem for path in Path(store.FOLDER, "values").iterdir()) == FAMILIES


def test_loose_tolerances_have_a_reason() -> None:
    loose = [row for row in ROWS if row.rtol is not None or row.atol is not None]
    assert [row.id for row in loose if not row.why] == []


def test_enough_bad_input() -> None:
    rows = store.rows("errors").values()
    assert sum(row.error for row in rows) >= 110
    wordless = [row.name for row in rows if not row.says and not row.adds]
    assert wordless == ["out_of_range_error"]  # the end of an iteration needs no words
