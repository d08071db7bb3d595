"""Marks of positions: ``one_hot`` and ``sequence_mask``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, values_of
from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import DType, as_dtype, bool_, float32, int32, int64, string, uint8
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Instruction, op
from reflow.core.record import record
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = ["one_hot", "sequence_mask"]


INDEX_TYPES = frozenset((uint8, int32, int64))


def _one_hot_rule(
    indices: Aval, *values: Aval, depth: int, axis: int, dtype: DType | None = None
) -> Aval:
    rank = len(indices.shape)
    if axis != -1 and not 0 <= axis <= rank:
        raise invalid(f"Expected axis to be -1 or between [0, {rank + 1}).  But received: {axis}")
    if depth < 0:
        raise invalid(f"depth must be non-negative, got: {depth}")
    for word, value in zip(("on_value", "off_value"), values, strict=False):
        if value.shape:
            raise invalid(f"{word} must be a scalar, but got: {text(value.shape)}")
    place = rank if axis == -1 else axis
    shape = (*indices.shape[:place], depth, *indices.shape[place:])
    return aval(shape, values[0].dtype if dtype is None else dtype)


def _is_hot(indices: Any, depth: int, axis: int, xp: Any) -> Any:
    place = indices.ndim if axis == -1 else axis
    along = [1] * (indices.ndim + 1)
    along[place] = depth
    # uint8 indices would wrap a depth beyond 256.
    wide = xp.expand_dims(indices, place).astype(
        xp.int64 if indices.dtype != xp.int32 else xp.int32
    )
    return wide == xp.arange(depth, dtype=wide.dtype).reshape(along)


@op(
    "OneHot",
    types=INDEX_TYPES,
    rule=_one_hot_rule,
    reads=(),
    differentiable=False,
)
def _one_hot(indices: Any, *, depth: int, axis: int, dtype: DType) -> Any:
    return _is_hot(indices, depth, axis, jnp).astype(dtype.np)


@moves(
    "OneHot",
    numpy=lambda indices, on, off, *, depth, axis: np.where(
        _is_hot(indices, depth, axis, np), on, off
    ),
    same=(1, 2),
    kinds={0: INDEX_TYPES},
    rule=_one_hot_rule,
    reads=(),
    differentiable=False,
)
def _one_hot_values(indices: Any, on: Any, off: Any, *, depth: int, axis: int) -> Any:
    return jnp.where(_is_hot(indices, depth, axis, jnp), on, off)


_one_hots: dict[tuple[int, int, DType], Instruction] = {}


@sized_by("depth")
def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """One-hot vectors: ``on_value`` at each index, ``off_value`` elsewhere.

    Args:
      indices: a tensor of uint8, int32 or int64; indices outside ``[0, depth)`` give vectors of
        ``off_value`` only.
      depth: the length of the new axis, an int.
      on_value: a scalar, 1 by default.
      off_value: a scalar of the same type, 0 by default.
      axis: where the new axis goes, -1 (the default) for last.
      dtype: the output's type; by default that of the values, else float32.
      name: unused in eager code.

    Returns:
      A tensor with one more axis than ``indices``.

    Raises:
      TypeError: if the types of the values and ``dtype`` disagree.
      InvalidArgumentError: if ``axis`` or ``depth`` is out of range.
    """
    place = -1 if axis is None else axis
    length = int_scalar(depth, "depth", "OneHot", "depth must be a scalar, but got: {}")
    kind = None if dtype is None else as_dtype(dtype)
    if on_value is None and off_value is None:
        kind = float32 if kind is None else kind
        if kind is bool_ or kind is string:
            raise TypeError(f"Cannot convert 1 to EagerTensor of dtype {kind.name}")
        key = length, place, kind
        instruction = _one_hots.get(key)
        if instruction is None:
            instruction = _one_hot.bind(depth=length, axis=place, dtype=kind)
            _one_hots[key] = instruction
        return record(instruction, (indices,))  # type: ignore[no-any-return]
    on, off = _on_and_off(on_value, off_value, kind)
    return _one_hot_values(indices, on, off, depth=length, axis=place)  # type: ignore[no-any-return]


def _on_and_off(on_value: Any, off_value: Any, dtype: DType | None) -> tuple[Tensor, Tensor]:
    on = None if on_value is None else convert_to_tensor(on_value)
    off = None if off_value is None else convert_to_tensor(off_value)
    for word, value in (("on_value", on), ("off_value", off)):
        if value is not None and dtype is not None and value.dtype is not dtype:
            raise TypeError(f"dtype {value.dtype} of {word} does not match dtype parameter {dtype}")
    if on is None:
        on = convert_to_tensor(1, None if off is None else off.dtype)
    if off is None:
        off = convert_to_tensor(0, on.dtype)
    if on.dtype is not off.dtype:
        raise TypeError(
            f"dtype {on.dtype} of on_value does not match dtype {off.dtype} of off_value"
        )
    return on, off


@op("Less", same=(), rule=lambda lengths, *, maxlen, dtype: aval((*lengths.shape, maxlen), dtype),
    reads=(), differentiable=False)  # fmt: skip
def _sequence_mask(lengths: Any, *, maxlen: int, dtype: DType) -> Any:
    mask = jnp.arange(maxlen, dtype=lengths.dtype) < lengths[..., None]
    return mask.astype(dtype.np)


@sized_by("lengths", "maxlen")
def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """Masks of the first positions: ``mask[..., j] = j < lengths[...]``.

    Args:
      lengths: an integer tensor.
      maxlen: the length of the new last axis; by default the largest length, which must then be
        known outside of traced functions.
      dtype: the masks' type.
      name: unused in eager code.

    Raises:
      ValueError: if ``maxlen`` is no scalar.
    """
    tensor = convert_to_tensor(lengths)
    if maxlen is None:
        maxlen = max(int(values_of(tensor, "tf.sequence_mask without maxlen").max(initial=0)), 0)
    elif len(convert_to_tensor(maxlen).shape):
        raise ValueError("maxlen must be scalar for sequence_mask")
    count = int_scalar(maxlen, "maxlen", "Range", "maxlen must be scalar for sequence_mask")
    if count < 0:
        raise invalid(f"Requires start <= limit when delta > 0: 0/{count} [Op:Range]")
    return _sequence_mask(tensor, maxlen=count, dtype=as_dtype(dtype))  # type: ignore[no-any-return]
