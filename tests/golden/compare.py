"""Compares two described outcomes and says where they part."""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import Row

# Relative tolerances. The absolute one is a tenth of it times the largest element: a sum's terms
# may cancel, and then its error is that of the terms.
RTOL = {"float16": 2e-3, "bfloat16": 2e-2, "float32": 2e-6, "float64": 1e-12}
RTOL |= {"complex64": 2e-6, "complex128": 1e-12}
# A reverse sweep passes through more roundings than the way forward.
GRADIENT_SLACK = 4.0


def differences(expected: dict[str, Any], actual: dict[str, Any], row: Row) -> list[str]:
    """One line for each way in which the actual outcome of a row is not the expected one."""
    found: list[str] = []
    if "error" in expected:
        return _error(expected["error"], actual.get("error"), row)
    _described(expected["result"], actual["result"], "result", row, 1.0, found)
    for name, left, right in zip(row.grad, expected.get("grad", ()), actual.get("grad", ())):
        _described(left, right, f"gradient of {name}", row, GRADIENT_SLACK, found)
    for label, left, right in zip(
        ("str", "repr"), expected.get("text", ()), actual.get("text", ())
    ):
        if left != right:
            found.append(f"{label}:\n  expected {left!r}\n  got      {right!r}")
    if expected.get("printed") != actual.get("printed"):
        found.append(
            f"printed:\n  expected {expected['printed']!r}\n  got      {actual['printed']!r}"
        )
    return found


def _error(expected: dict[str, str], actual: dict[str, str] | None, row: Row) -> list[str]:
    if actual is None:
        return [f"raised nothing, expected {expected['type']}: {expected['message']}"]
    found = []
    if actual["type"] != expected["type"]:
        found.append(f"raised {actual['type']}, expected {expected['type']}")
    found += [f"message lacks {w!r}" for w in row.says + row.adds if w not in actual["message"]]
    if found:
        found.append(f"expected message: {expected['message']}")
        found.append(f"got message:      {actual['message']}")
    return found


def _described(
    expected: dict[str, Any],
    actual: dict[str, Any],
    where: str,
    row: Row,
    slack: float,
    found: list[str],
) -> None:
    for key in ("kind", "dtype", "trainable", "keys"):
        if expected.get(key) != actual.get(key):
            found.append(f"{where}: {key} is {actual.get(key)}, expected {expected.get(key)}")
            return
    if "items" in expected:
        if len(expected["items"]) != len(actual["items"]):
            found.append(
                f"{where}: {len(actual['items'])} items, expected {len(expected['items'])}"
            )
            return
        for i, (left, right) in enumerate(zip(expected["items"], actual["items"])):
            _described(left, right, f"{where}[{i}]", row, slack, found)
    elif "array" in expected:
        _arrays(expected["array"], actual["array"], expected.get("dtype"), where, row, slack, found)
    elif expected.get("kind") in ("float", "complex"):
        left, right = np.asarray(expected["value"], float), np.asarray(actual["value"], float)
        _arrays(left, right, None, where, row, slack, found)
    elif expected.get("value") != actual.get("value"):
        found.append(f"{where}: {actual['value']!r}, expected {expected['value']!r}")


def _arrays(
    expected: np.ndarray,
    actual: np.ndarray,
    dtype: str | None,
    where: str,
    row: Row,
    slack: float,
    found: list[str],
) -> None:
    name = dtype or expected.dtype.name
    if dtype is None and expected.dtype != actual.dtype:
        found.append(f"{where}: dtype {actual.dtype}, expected {expected.dtype}")
        return
    if expected.shape != actual.shape:
        found.append(f"{where}: shape {actual.shape}, expected {expected.shape}")
        return
    if name not in RTOL:
        wrong = np.asarray(expected != actual)
    else:
        wrong = _far(expected, actual, name, row, slack)
    if wrong.any():
        at = tuple(int(i) for i in np.argwhere(wrong)[0])
        place = f" at {list(at)}" if at else ""
        found.append(
            f"{where}: {int(wrong.sum())} of {wrong.size} elements differ, the first{place}: "
            f"{actual[at]}, expected {expected[at]}"
        )


def _far(expected: np.ndarray, actual: np.ndarray, name: str, row: Row, slack: float) -> np.ndarray:
    """Where two floating arrays differ by more than the row allows."""
    left, right = _parts(expected), _parts(actual)
    rtol = RTOL[name] if row.rtol is None else row.rtol
    size = np.abs(left[np.isfinite(left)]).max(initial=0.0)
    atol = 0.1 * rtol * size if row.atol is None else row.atol
    near = np.isclose(right, left, rtol=slack * rtol, atol=slack * atol, equal_nan=True)
    if row.signed_zeros and slack == 1.0:
        near &= (left != 0) | (np.signbit(left) == np.signbit(right))
    return ~near.all(axis=-1)


def _parts(array: np.ndarray) -> np.ndarray:
    """Real and imaginary parts along a new last axis, in double precision."""
    if array.dtype.kind == "c":
        return np.stack([array.real, array.imag], axis=-1).astype(np.float64)
    return np.asarray(array).astype(np.float64)[..., None]
