"""Order: ``sort``, ``argsort``, ``searchsorted``."""

from __future__ import annotations

from typing import Any

from reflow._arrays.arguments import int_scalar, no_kernel
from reflow._arrays.shape import reshape
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    FLOATS,
    INTEGERS,
    DType,
    as_dtype,
    bool_,
    int32,
    int64,
    string,
)
from reflow.core.errors import invalid
from reflow.core.lazy import jax, jnp
from reflow.core.op import op
from reflow.core.tensor import Tensor

__all__ = ["argsort", "searchsorted", "sort"]

ORDERED = FLOATS | INTEGERS


# ---- sort


def _order(x: Any, axis: int, descending: bool) -> Any:
    """The permutation that sorts, equal elements in their order, NaN last."""
    if jnp.issubdtype(x.dtype, jnp.floating):
        key = -x if descending else x
    elif descending:
        key = ~x  # reverses the order without overflow
    else:
        # TF sorts by the negated values, so the smallest signed integer comes last.
        key = x - jnp.ones((), x.dtype)
    return jnp.argsort(key, axis=axis, stable=True)


@op("Sort", rule=lambda x, *, axis, descending: x, reads=(0,))
def _sort(x: Any, *, axis: int, descending: bool) -> Any:
    return jnp.take_along_axis(x, _order(x, axis, descending), axis)


@op(
    "ArgSort",
    rule=lambda x, *, axis, descending: aval(x.shape, int32),
    reads=(),
    differentiable=False,
)
def _argsort(x: Any, *, axis: int, descending: bool) -> Any:
    return _order(x, axis, descending).astype(jnp.int32)


def _prepared(values: Any, axis: Any, direction: str) -> tuple[Tensor, int, bool]:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    tensor = convert_to_tensor(values)
    descending = direction == "DESCENDING"
    along = int_scalar(axis, "axis", "StridedSlice", "axis must be a scalar, not {}")
    rank = len(tensor._aval.shape)
    if not -rank <= along < rank:
        shown = along + rank if along < 0 else along
        raise invalid(f"slice index {shown} of dimension 0 out of bounds. [Op:StridedSlice]")
    kind = tensor.dtype
    if kind not in ORDERED:
        raise no_kernel("TopKV2", kind, ORDERED)
    if not descending and (kind.is_unsigned or kind.size < 4) and kind.is_integer:
        # TF 2.1 sorts upwards by negating, which it cannot do with these.
        raise no_kernel("Neg", kind, FLOATS | {int32, int64})
    return tensor, along, descending


def sort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The elements in order along an axis.

    Args:
      values: a tensor of floats or integers; TF 2.1 sorts upwards only floats, int32 and int64.
      axis: the axis to sort along.
      direction: "ASCENDING" or "DESCENDING".
      name: unused in eager code.

    Raises:
      ValueError: another ``direction``.
      InvalidArgumentError: if there is no such axis.
    """
    tensor, along, descending = _prepared(values, axis, direction)
    return _sort(tensor, axis=along, descending=descending)  # type: ignore[no-any-return]


def argsort(
    values: Any,
    axis: Any = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The indices that would sort a tensor along an axis, as int32.

    Args:
      values: a tensor of floats or integers; TF 2.1 sorts upwards only floats, int32 and int64.
      axis: the axis to sort along.
      direction: "ASCENDING" or "DESCENDING".
      stable: unused; equal elements always stay in their order.
      name: unused in eager code.

    Raises:
      ValueError: another ``direction``.
      InvalidArgumentError: if there is no such axis.
    """
    tensor, along, descending = _prepared(values, axis, direction)
    return _argsort(tensor, axis=along, descending=descending)  # type: ignore[no-any-return]


# ---- searchsorted


def _bound_rule(sequence: Aval, values: Aval, *, right: bool, out_type: DType) -> Aval:
    if sequence.shape[0] != values.shape[0]:
        raise invalid("Leading dim_size of both tensors must match.")
    return aval(values.shape, out_type)


def _bound(sequence: Any, values: Any, *, right: bool, out_type: DType) -> Any:
    side = "right" if right else "left"
    find = lambda row, wanted: jnp.searchsorted(row, wanted, side=side)  # noqa: E731
    return jax.vmap(find)(sequence, values).astype(out_type.np)


_BOUND = {"rule": _bound_rule, "reads": (), "differentiable": False}
_lower_bound = op("LowerBound", **_BOUND)(_bound)
_upper_bound = op("UpperBound", **_BOUND)(_bound)


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = int32,
    name: str | None = None,
) -> Tensor:
    """Where values would have to be inserted into ascending rows to keep them in order.

    Args:
      sorted_sequence: a tensor whose last axis is in ascending order.
      values: a tensor of the same type, and of the same shape but for the last axis.
      side: "left" for the first such place, "right" for the last.
      out_type: ``tf.int32`` or ``tf.int64``.
      name: unused in eager code.

    Returns:
      A tensor of ``out_type`` of the shape of ``values``.

    Raises:
      ValueError: another ``side``.
      InvalidArgumentError: if types or leading axes differ.
    """
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    kind = as_dtype(out_type)
    op_name = "LowerBound" if side == "left" else "UpperBound"
    if kind is not int32 and kind is not int64:
        raise no_kernel(op_name, kind, (int32, int64))
    sequence, wanted = convert_to_tensor(sorted_sequence), convert_to_tensor(values)
    if sequence.dtype is string or sequence.dtype is bool_:
        raise no_kernel(op_name, sequence.dtype, ORDERED)
    for tensor in (sequence, wanted):
        if not tensor._aval.shape:
            raise invalid("slice index -1 of dimension 0 out of bounds. [Op:StridedSlice]")
    rows = reshape(sequence, _rows(sequence._aval.shape))
    columns = reshape(wanted, _rows(wanted._aval.shape))
    bound = _lower_bound if side == "left" else _upper_bound
    found = bound(rows, columns, right=side == "right", out_type=kind)
    return reshape(found, wanted._aval.shape)


def _rows(shape: tuple[int, ...]) -> tuple[int, int]:
    count = 1
    for n in shape[:-1]:
        count *= n
    return count, shape[-1]
