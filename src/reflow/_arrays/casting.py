"""Changing the type of elements, by value (``cast``) or by bits (``bitcast``)."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, bool_, complex64, complex128, string
from reflow.core.errors import UnimplementedError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Instruction, op
from reflow.core.record import record
from reflow.core.tensor import Tensor

__all__ = ["bitcast", "cast", "saturate_cast"]


# ---- by value


def _cast_rule(x: Aval, *, dtype: DType) -> Aval:
    if x.dtype is string or dtype is string:
        raise UnimplementedError(
            None, None, f"Cast {x.dtype.label} to {dtype.label} is not supported"
        )
    return aval(x.shape, dtype)


def cast_array(x: Any, dtype: DType) -> Any:
    """TF's conversion of an array: truncating, wrapping, and 0/1 for bool."""
    if dtype is bool_:
        return x != 0
    if jnp.iscomplexobj(x) and not dtype.is_complex:
        x = x.real
    if jnp.issubdtype(x.dtype, jnp.floating) and dtype.np.kind in "iu":
        return _truncate(x, dtype)
    return x.astype(dtype.np)


def _truncate(x: Any, dtype: DType) -> Any:
    """Floats to integers as x86 does it: whatever does not fit is the smallest integer.

    Narrow types take the low bits of the int32 (uint32: of the int64) result, as in TF.
    """
    if x.dtype.itemsize < 4:
        x = x.astype(jnp.float32)
    if dtype.np == jnp.uint64:
        # Beyond the range of int64 the top bit is added afterwards.
        half = x.dtype.type(2.0**63)
        high = _to_signed(x - half, jnp.int64).astype(jnp.uint64) ^ jnp.uint64(1 << 63)
        return jnp.where(x >= half, high, _to_signed(x, jnp.int64).astype(jnp.uint64))
    wide = jnp.int64 if dtype.np in (jnp.uint32, jnp.int64) else jnp.int32
    return _to_signed(x, wide).astype(dtype.np)


def _to_signed(x: Any, integer: Any) -> Any:
    low = x.dtype.type(jnp.iinfo(integer).min)
    return jnp.where((x >= low) & (x < -low), x, low).astype(integer)


@op("Cast", rule=_cast_rule, reads=())
def _cast(x: Any, *, dtype: DType) -> Any:
    return cast_array(x, dtype)


_casts: dict[DType, Instruction] = {}


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Converts the elements of a tensor to another type.

    Floats are truncated towards zero, larger integers wrap, whatever is not zero becomes True.

    Args:
      x: a numeric or bool tensor, SparseTensor or IndexedSlices.
      dtype: the type wanted.
      name: unused in eager code.

    Returns:
      A tensor of ``dtype``; ``x`` itself if it has that type already.

    Raises:
      UnimplementedError: from or to strings (see tf.strings.to_number, tf.strings.as_string).
    """
    kind = dtype if dtype.__class__ is DType else as_dtype(dtype)
    if not isinstance(x, Tensor):
        with_values = getattr(x, "_with_values", None)
        if with_values is not None:  # sparse values
            return x if x.dtype is kind else with_values(cast(x.values, kind))
        x = convert_to_tensor(x)
    if x._aval.dtype is kind:
        return x
    return record(_casts.get(kind) or _casts.setdefault(kind, _cast.bind(dtype=kind)), (x,))


def _saturate_rule(x: Aval, *, dtype: DType) -> Aval:
    if x.dtype.is_complex:
        raise TypeError(f"Cannot find minimum value of {x.dtype}.")
    return _cast_rule(x, dtype=dtype)


@op("Cast", rule=_saturate_rule, reads=(0,))
def _saturate_cast(x: Any, *, dtype: DType) -> Any:
    low, high = _limits(as_dtype(x.dtype))
    lowest, highest = _limits(dtype)
    with np.errstate(over="ignore"):  # a bound that float16 does not reach is infinite there
        if low < lowest:
            x = jnp.maximum(x, x.dtype.type(lowest))
        if high > highest:
            x = jnp.minimum(x, x.dtype.type(highest))
    return cast_array(x, dtype)


def _limits(dtype: DType) -> tuple[Any, Any]:
    """The smallest and the largest value, as Python numbers."""
    number = int if dtype.is_integer else float
    return number(dtype.min), number(dtype.max)


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Converts to another type; values beyond its range become its smallest or largest value.

    Raises:
      TypeError: if ``value`` is complex.
    """
    tensor = convert_to_tensor(value)
    kind = as_dtype(dtype)
    if tensor.dtype.is_complex:
        raise TypeError(f"Cannot find minimum value of {tensor.dtype}.")
    for bound in (kind.min, kind.max):  # raises for types without an order
        del bound
    if tensor.dtype is kind:
        return tensor
    return _saturate_cast(tensor, dtype=kind)  # type: ignore[no-any-return]


# ---- by bits


def _bitcast_rule(x: Aval, *, dtype: DType) -> Aval:
    for side in (x.dtype, dtype):
        if side is string or side is bool_:
            raise invalid(
                f"Value for attr 'type' of {side.label} is not in the list of allowed values: "
                "bitcast takes numeric types"
            )
    old, new = x.dtype.size, dtype.size
    if old == new:
        return aval(x.shape, dtype)
    if old > new:
        return aval((*x.shape, old // new), dtype)
    if not x.shape or x.shape[-1] != new // old:
        raise invalid(f"Cannot bitcast from {x.dtype.as_datatype_enum} to {dtype.as_datatype_enum}")
    return aval(x.shape[:-1], dtype)


_PARTS = {complex64: "float32", complex128: "float64"}


@op("Bitcast", rule=_bitcast_rule, reads=(), differentiable=False)
def _bitcast(x: Any, *, dtype: DType) -> Any:
    source = as_dtype(x.dtype)
    shape = _bitcast_rule(aval(x.shape, source), dtype=dtype).shape
    if source.is_complex:  # XLA bitcasts real numbers only: a complex one is a pair of them
        x = jnp.stack([x.real, x.imag], axis=-1)
    target = jnp.dtype(_PARTS.get(dtype, dtype.np))
    flat = x.reshape(-1, *_grouping(x.dtype.itemsize, target.itemsize))
    bits = lax.bitcast_convert_type(flat, target).reshape(-1)
    if dtype.is_complex:
        pairs = bits.reshape(prod(shape), 2)
        bits = lax.complex(pairs[:, 0], pairs[:, 1])
    return bits.reshape(shape)


def _grouping(old: int, new: int) -> tuple[int, ...]:
    """The trailing axis that a bitcast to a wider type uses up."""
    return (new // old,) if new > old else ()


def bitcast(input: Any, type: Any, name: str | None = None) -> Tensor:
    """Takes the bits of a tensor for elements of another type.

    Args:
      input: a numeric tensor.
      type: a numeric type. If it is narrower, the result gets a new last axis; if it is wider, the
        last axis must hold the parts of one element, and disappears.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if the last axis does not fit, or for strings and bools.
    """
    return _bitcast(input, dtype=as_dtype(type))  # type: ignore[no-any-return]
