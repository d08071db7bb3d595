"""Broadcasting: ``broadcast_to`` and the shapes that shapes broadcast to."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_vector
from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.errors import InvalidArgumentError, invalid
from reflow.core.lazy import jnp
from reflow.core.rules import broadcast_shapes, text
from reflow.core.tensor import Tensor, static_tensor
from reflow.core.tensor_shape import TensorShape

__all__ = ["broadcast_dynamic_shape", "broadcast_static_shape", "broadcast_to"]


def _broadcast_rule(x: Aval, *, shape: tuple[int, ...]) -> Aval:
    for n in shape:
        if n < 0:
            raise invalid(f"Dimension {n} must be >= 0")
    if len(x.shape) > len(shape):
        raise invalid(
            f"Rank of input ({len(x.shape)}) must be no greater than rank of output shape "
            f"({len(shape)})."
        )
    for old, new in zip(x.shape[::-1], shape[::-1], strict=False):
        if old not in (1, new):
            raise invalid(f"Incompatible shapes: {text(x.shape)} vs. {text(shape)}")
    return aval(shape, x.dtype)


@moves(
    "BroadcastTo",
    numpy=lambda x, *, shape: np.array(np.broadcast_to(x, shape)),
    rule=_broadcast_rule,
    reads=(),
)
def _broadcast_to(x: Any, *, shape: tuple[int, ...]) -> Any:
    return jnp.broadcast_to(x, shape)


@sized_by("shape")
def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """Repeats a tensor along axes of length 1, and new leading axes, so that it gets ``shape``.

    Raises:
      InvalidArgumentError: if the shapes are incompatible.
    """
    sizes = int_vector(shape, "shape", "BroadcastTo", "shape input must be 1-D, not {}")
    return _broadcast_to(input, shape=sizes)  # type: ignore[no-any-return]


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """The shape, as a vector, that tensors of two shapes broadcast to.

    Args:
      shape_x: a vector of int32 or int64.
      shape_y: a vector of the same type.

    Raises:
      InvalidArgumentError: if the shapes are incompatible.
    """
    x = convert_to_tensor(shape_x)
    y = convert_to_tensor(shape_y, x.dtype)
    sizes = [
        int_vector(v, "shape", "BroadcastArgs", "shapes must be vectors, not {}") for v in (x, y)
    ]
    try:
        common = broadcast_shapes(*sizes)
    except InvalidArgumentError as error:
        raise invalid(f"{error.message} [Op:BroadcastArgs]") from None
    return static_tensor(np.array(common, x.dtype.np))


def broadcast_static_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """The TensorShape that two TensorShapes, which may be partly known, broadcast to.

    Raises:
      ValueError: if they are incompatible.
    """
    if shape_x.ndims is None or shape_y.ndims is None:
        return TensorShape(None)
    rank = max(shape_x.ndims, shape_y.ndims)
    x = [1] * (rank - shape_x.ndims) + shape_x.as_list()
    y = [1] * (rank - shape_y.ndims) + shape_y.as_list()
    common: list[int | None] = []
    for a, b in zip(x, y, strict=True):
        if a is None or b is None:
            # Something larger than 1 decides; beside a 1 or another unknown nothing is known.
            known = b if a is None else a
            common.append(known if known is not None and known > 1 else None)
        elif b in (a, 1):
            common.append(a)
        elif a == 1:
            common.append(b)
        else:
            raise ValueError(f"Incompatible shapes for broadcasting: {shape_x} and {shape_y}")
    return TensorShape(common)
