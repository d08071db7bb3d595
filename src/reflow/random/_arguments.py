"""Arguments of random ops: shapes, seeds, and numbers to scale by, with TF's errors."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from reflow.core import record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, of_array
from reflow.core.errors import InvalidArgumentError
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import Tensor

Array = np.ndarray[Any, Any]


def shape_operand(shape: Any, dtype: DType | None = None) -> Array:
    """Converts a shape argument, without judging it yet.

    TF checks a shape when the op runs, after the op has taken its seed. What it holds and which
    dtype it has is therefore kept: the dtype tells kernels apart.

    Raises:
      TypeError, ValueError: it cannot be a tensor.
      OperatorNotAllowedInGraphError: it depends on the values in a function being traced.
    """
    if isinstance(shape, (list, tuple)) and not shape:
        return np.empty(0, np.int32)
    if isinstance(shape, (list, tuple)) and all(
        size.__class__ is int and -(2**31) <= size < 2**31 for size in shape
    ):
        return np.array(shape, np.int32)
    tensor = convert_to_tensor(shape, dtype)
    if tensor._is_symbolic():
        return static_array(tensor, "shape")
    return np.asarray(tensor._host())


def check_shape(operand: Array, op: str) -> tuple[int, ...]:
    """Returns the shape that an operand asks for.

    Raises:
      InvalidArgumentError: it is no vector of int32 or int64, or holds a negative number.
    """
    check_attribute(operand, "T", op)
    if operand.ndim != 1:
        got = text(operand.shape)
        raise invalid_op(f"shape must be a vector of {{int32,int64}}, got shape {got}", op)
    return check_sizes(operand, op)


def check_sizes(operand: Array, op: str) -> tuple[int, ...]:
    """Returns a vector of sizes as a shape; see ``check_shape``."""
    shape: tuple[int, ...] = tuple(operand.tolist())
    for size in shape:
        if size < 0:
            raise invalid_op(f"Dimension {size} must be >= 0", op)
    if math.prod(shape) >= 2**63:
        raise invalid_op(f"Shape {text(shape)} would have more than 2**63 - 1 elements", op)
    return shape


def check_attribute(operand: Array, attribute: str, op: str) -> None:
    """Raises InvalidArgumentError unless an operand is int32 or int64."""
    if operand.dtype not in (np.int32, np.int64):
        raise invalid_op(
            f"Value for attr '{attribute}' of {of_array(operand).label} is not in the list of "
            "allowed values: int32, int64",
            op,
        )


def stateless_seed(seed: Any) -> Array | Tensor:
    """Converts the seed of a stateless op; a tensor where its value is not known yet."""
    tensor = convert_to_tensor(seed)
    return tensor if tensor._is_symbolic() else np.asarray(tensor._host())


def check_stateless_seed(seed: Array | Tensor, op: str) -> tuple[int, int] | Tensor:
    """Returns the two integers of a stateless op's seed (a tensor stays one).

    Raises:
      InvalidArgumentError: they are not two, or no int32 or int64.
    """
    check_attribute(np.empty(0, seed.dtype.np) if isinstance(seed, Tensor) else seed, "Tseed", op)
    shape = seed._aval.shape if isinstance(seed, Tensor) else seed.shape
    if shape != (2,):
        raise invalid_op(f"seed must have shape [2], not {text(shape)}", op)
    if isinstance(seed, Tensor):
        return seed
    first, second = seed.tolist()
    return first, second


class Number(NamedTuple):
    """A tensor to compute with, and its value if NumPy may do the computing.

    NumPy may not where a tape or a traced function must see the tensor.
    """

    tensor: Tensor
    host: Array | None


def number(value: Any, dtype: DType) -> Number:
    """Converts an argument such as ``mean`` to a tensor of type ``dtype``.

    Raises:
      TypeError, ValueError: it cannot be one.
    """
    tensor = convert_to_tensor(value, dtype)
    segment = record.state.segment
    given = value is tensor or hasattr(value, "_read_tensor")
    if given and (segment.tapes or segment.capture is not None):
        return Number(tensor, None)
    return Number(tensor, record.host_value(tensor))


def check_range(low: Number, high: Number, op: str, scope: str) -> None:
    """Raises InvalidArgumentError unless the bounds of an integer range are scalars, low < high.

    Bounds that are computed inside a function being traced are not known here.
    """
    for what, bound in (("minval", low), ("maxval", high)):
        if bound.tensor._aval.shape:
            shape = text(bound.tensor._aval.shape)
            raise invalid_op(f"{what} must be 0-D, got shape {shape}", op, scope)
    if low.host is not None and high.host is not None and low.host >= high.host:
        raise invalid_op(f"Need minval < maxval, got {low.host} >= {high.host}", op, scope)


def invalid_op(message: str, op: str, scope: str = "") -> InvalidArgumentError:
    """TF's error from an op; ops inside a name scope mention it."""
    suffix = f" name: {scope}/" if scope else ""
    return InvalidArgumentError(None, None, f"{message} [Op:{op}]{suffix}")
