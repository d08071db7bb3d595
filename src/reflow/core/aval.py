"""What is known of a value before it exists: its shape and dtype, one shared object per pair."""

from __future__ import annotations

from math import prod
from typing import Any

from reflow.core.dtypes import DType, of_array


class Aval:
    """An abstract value. Equal pairs are the same object, so a trie can use it as a key."""

    __slots__ = ("dtype", "nbytes", "np", "shape", "size")

    def __init__(self, shape: tuple[int, ...], dtype: DType) -> None:
        self.shape = shape
        self.dtype = dtype
        self.np = dtype.np
        self.size = prod(shape)
        self.nbytes = self.size * dtype.size

    def __repr__(self) -> str:
        return f"{self.dtype.name}{list(self.shape)}"


_known: dict[tuple[tuple[int, ...], DType], Aval] = {}


def aval(shape: tuple[int, ...], dtype: DType) -> Aval:
    """The one Aval of this shape and dtype."""
    key = (shape, dtype)
    found = _known.get(key)
    if found is None:
        # setdefault keeps one object when two threads come here together.
        found = _known.setdefault(key, Aval(shape, dtype))
    return found


def of_value(array: Any) -> Aval:
    """The Aval of a NumPy or JAX array."""
    return aval(array.shape, of_array(array))
