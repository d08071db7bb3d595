"""Strings from strings: joined, cut, stripped, in another case."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.errors import OutOfRangeError, invalid
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.strings._texts import each, encoded, host_of, texts, texts_of

__all__ = ["join", "length", "lower", "reduce_join", "strip", "substr", "upper"]

_SPACE = b" \t\n\v\f\r"


def _unit(op: str, unit: str) -> bool:
    """Whether characters are counted rather than bytes."""
    if unit not in ("BYTE", "UTF8_CHAR"):
        raise invalid(
            f"Value for attr 'unit' of \"{unit}\" is not in the list of allowed values: "
            f'"BYTE", "UTF8_CHAR" [Op:{op}]'
        )
    return unit == "UTF8_CHAR"


def join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Joins strings elementwise: ``["a", "b"]`` gives ``"ab"``.

    Args:
      inputs: a list of string tensors of one shape; scalars among them fit any.
      separator: what comes between.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if shapes differ.
    """
    arrays = [texts_of(x, "StringJoin") for x in inputs]
    shapes = {a.shape for a in arrays if a.shape}
    if len(shapes) > 1:
        first, second, *_ = sorted(shapes)
        raise invalid(f"Input shapes do not match: {first} vs. {second} [Op:StringJoin]")
    shape = shapes.pop() if shapes else ()
    between = separator.encode()
    rows = np.broadcast_arrays(*arrays, np.empty(shape, object))[:-1]
    columns = [list(row.reshape(-1)) for row in rows]
    return texts([between.join(parts) for parts in zip(*columns, strict=True)], shape)


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keepdims: bool = False,
    separator: str = "",
    name: str | None = None,
) -> Tensor:
    """Joins the strings along axes.

    Args:
      inputs: a string tensor.
      axis: an axis, or a list of them in the order of joining; all, last to first, by default.
      keepdims: whether to keep the axes, with size 1.
      separator: what comes between.
      name: unused in eager code.

    Raises:
      OutOfRangeError: if an axis is.
    """
    array = texts_of(inputs, "ReduceJoin")
    rank = array.ndim
    given = (
        list(range(rank))[::-1]
        if axis is None
        else np.atleast_1d(host_of(axis, "ReduceJoin")).tolist()
    )
    for one in given:
        if not -rank <= one < rank:
            raise OutOfRangeError(
                None,
                None,
                f"Invalid reduction dimension {one} for input with {rank} dimension(s) "
                "[Op:ReduceJoin]",
            )
    axes = [one % rank for one in given]
    kept = [i for i in range(rank) if i not in axes]
    moved = array.transpose(kept + axes[::-1])
    outer = moved.shape[: len(kept)]
    rows = moved.reshape(int(np.prod(outer, dtype=int)), -1)
    between = separator.encode()
    shape = outer
    if keepdims:
        shape = tuple([1 if i in axes else n for i, n in enumerate(array.shape)])
    return texts([between.join(row) for row in rows], shape)


def length(input: Any, unit: str = "BYTE", name: str | None = None) -> Tensor:
    """The lengths of strings, int32, in bytes or (``"UTF8_CHAR"``) characters."""
    array = texts_of(input, "StringLength")
    by_character = _unit("StringLength", unit)
    sizes = [_count(text) if by_character else len(text) for text in array.reshape(-1)]
    return tensor_from_numpy(np.array(sizes, np.int32).reshape(array.shape))


def _count(text: bytes) -> int:
    """Characters in UTF-8: bytes that do not continue one."""
    return sum(byte & 0xC0 != 0x80 for byte in text)


def lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Strings in lower case: ASCII letters, or all if the encoding is ``"utf-8"``."""
    if encoded("StringLower", encoding):
        return each(input, "StringLower", lambda t: t.decode("utf-8", "replace").lower().encode())
    return each(input, "StringLower", bytes.lower)


def upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Strings in upper case: ASCII letters, or all if the encoding is ``"utf-8"``."""
    if encoded("StringUpper", encoding):
        return each(input, "StringUpper", lambda t: t.decode("utf-8", "replace").upper().encode())
    return each(input, "StringUpper", bytes.upper)


def strip(input: Any, name: str | None = None) -> Tensor:
    """Strings without white space at their ends."""
    return each(input, "StringStrip", lambda text: text.strip(_SPACE))


def substr(input: Any, pos: Any, len: Any, unit: str = "BYTE", name: str | None = None) -> Tensor:
    """Parts of strings.

    Args:
      input: a string tensor.
      pos: where a part begins, counted from the end if negative; broadcasts with ``input``.
      len: how much to take, at most; of ``pos``'s shape.
      unit: ``"BYTE"`` or ``"UTF8_CHAR"``.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if a position is outside of its string.
    """
    array = texts_of(input, "Substr")
    by_character = _unit("Substr", unit)
    starts, sizes = host_of(pos, "Substr"), host_of(len, "Substr")
    if starts.shape != sizes.shape:
        raise invalid(
            f"pos and len should have the same shape, got: {list(starts.shape)} vs. "
            f"{list(sizes.shape)} [Op:Substr]"
        )
    rows = np.broadcast_arrays(array, starts, sizes)
    found = []
    for text, start, size in zip(*[row.reshape(-1) for row in rows], strict=True):
        units: Any = text.decode("utf-8", "surrogateescape") if by_character else text
        total = units.__len__()
        if not -total <= start <= total:
            raise invalid(f"pos {start} out of range for string b'{text!r}' [Op:Substr]")
        first = start + total if start < 0 else start
        part = units[first : first + max(int(size), 0)]
        found.append(part.encode("utf-8", "surrogateescape") if by_character else part)
    return texts(found, rows[0].shape)
