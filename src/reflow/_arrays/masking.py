"""Choosing by truth values: ``where`` and ``boolean_mask``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import no_kernel, values_of
from reflow._arrays.gathering import gather
from reflow._arrays.moving import moves
from reflow._arrays.shape import reshape
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import NUMBERS, bool_, string
from reflow.core.errors import InvalidArgumentError, invalid
from reflow.core.lazy import jnp
from reflow.core.rules import broadcast_shapes, text
from reflow.core.static import static_int
from reflow.core.tensor import Tensor, tensor_from_value
from reflow.core.tensor_shape import TensorShape

__all__ = ["boolean_mask", "where"]


def _select_rule(condition: Aval, x: Aval, y: Aval) -> Aval:
    try:
        values = broadcast_shapes(x.shape, y.shape)
    except InvalidArgumentError:
        raise invalid(
            f"then {text(x.shape)} and else {text(y.shape)} must be broadcastable"
        ) from None
    try:
        return aval(broadcast_shapes(condition.shape, values), x.dtype)
    except InvalidArgumentError:
        raise invalid(
            f"condition {text(condition.shape)}, then {text(x.shape)}, and else {text(y.shape)} "
            "must be broadcastable"
        ) from None


@moves(
    "SelectV2",
    numpy=np.where,
    same=(1, 2),
    kinds={0: {bool_}},
    rule=_select_rule,
    reads=(0,),
)
def _select(condition: Any, x: Any, y: Any) -> Any:
    return jnp.where(condition, x, y)


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Takes elements from ``x`` where the condition holds, else from ``y``.

    With the condition alone: the positions of its true (nonzero) elements.

    Args:
      condition: a bool tensor; alone it may also be numeric.
      x: a tensor; the three shapes broadcast.
      y: a tensor of the type of ``x``.
      name: unused in eager code.

    Returns:
      A tensor of the common shape; or an int64 matrix with a row of indices for each true element.

    Raises:
      ValueError: if only one of ``x`` and ``y`` is given.
      InvalidArgumentError: if types or shapes do not fit.
    """
    if x is None and y is None:
        return _positions(condition)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return _select(condition, x, y)  # type: ignore[no-any-return]


def _positions(condition: Any) -> Tensor:
    tensor = convert_to_tensor(condition, dtype_hint=bool_)
    if tensor.dtype is string:
        raise no_kernel("Where", string, (*NUMBERS, bool_))
    if not tensor._aval.shape:
        raise invalid("WhereOp : Unhandled input dimensions: 0 [Op:Where]")
    return tensor_from_value(
        np.argwhere(values_of(tensor, "tf.where")).astype(np.int64, copy=False)
    )


def boolean_mask(tensor: Any, mask: Any, axis: Any = None, name: str = "boolean_mask") -> Tensor:
    """Picks the elements where a mask is true.

    Args:
      tensor: a tensor of rank n.
      mask: a bool tensor of rank 1 <= k <= n, whose shape are the sizes of k axes of ``tensor``.
      axis: the first of these axes, 0 by default.
      name: unused in eager code.

    Returns:
      A tensor of rank n - k + 1: the masked axes become one.

    Raises:
      ValueError: if the shapes do not fit, or the mask is a scalar.
    """
    data = convert_to_tensor(tensor)
    chosen = convert_to_tensor(mask)
    shape, mask_shape = data._aval.shape, chosen._aval.shape
    first = 0 if axis is None else static_int(axis, "axis")
    if first < 0:
        first += len(shape)
    if not mask_shape:
        raise ValueError("mask cannot be scalar.")
    last = first + len(mask_shape)
    if shape[first:last] != mask_shape:
        have, masked = TensorShape(shape[first:last]), TensorShape(mask_shape)
        raise ValueError(f"Shapes {have} and {masked} are incompatible")
    positions = np.flatnonzero(values_of(chosen, "tf.boolean_mask"))
    # Reshaped in any case, as TF does: the gradient is then a tensor, not IndexedSlices.
    data = reshape(data, (*shape[:first], chosen._aval.size, *shape[last:]))
    return gather(data, positions, axis=first)
