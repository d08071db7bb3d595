"""Arguments that must be known when an op is recorded, in the forms that array ops take them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, int32, int64
from reflow.core.errors import (
    NeedsEagerError,
    NotFoundError,
    OperatorNotAllowedInGraphError,
    invalid,
)
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape

_INT = {int}


def int_vector(value: Any, what: str, op: str, message: str) -> tuple[int, ...]:
    """A vector argument (a shape, a permutation, ...) as a tuple of ints.

    Args:
      value: ints in a list, tuple, array, TensorShape or tensor.
      what: its name, for messages.
      op: TF's name of the op it is for.
      message: what to say of another rank; ``{}`` stands for the shape it has.

    Raises:
      InvalidArgumentError: if it is no vector.
      NotFoundError: if it holds no integers.
    """
    cls = value.__class__
    if cls is list or cls is tuple:
        if set(map(type, value)) <= _INT:
            return tuple(value)
    elif cls is TensorShape and value.is_fully_defined():
        return value._dims  # type: ignore[no-any-return]
    array = integers(value, what, op)
    if array.ndim != 1:
        raise invalid(f"{message.format(text(array.shape))} [Op:{op}]")
    return tuple(array.tolist())


def int_scalar(value: Any, what: str, op: str, message: str) -> int:
    """A scalar argument (an axis, a depth) as an int; see ``int_vector``.

    Raises:
      TypeError: if it is a Python float.
    """
    if value.__class__ is int:
        return value
    if isinstance(value, float):
        raise TypeError(f"Cannot convert {value} to EagerTensor of dtype int32")
    array = integers(value, what, op)
    if array.ndim != 0:
        raise invalid(f"{message.format(text(array.shape))} [Op:{op}]")
    return int(array)


def integers(value: Any, what: str, op: str) -> np.ndarray[Any, Any]:
    """An integer argument of any rank as an array."""
    try:
        return static_array(value, what)
    except OperatorNotAllowedInGraphError:
        raise
    except TypeError:
        # TF looks for a kernel that takes the type, and finds none.
        kind = convert_to_tensor(value).dtype
        if kind.is_integer:
            raise
        raise no_kernel(op, kind, (int32, int64)) from None


def values_of(tensor: Tensor, op: str) -> np.ndarray[Any, Any]:
    """A tensor's value on the host, for ops whose output's shape depends on it.

    Raises:
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    if tensor._is_symbolic():
        raise NeedsEagerError(
            f"the shape of what {op} returns depends on values, and Reflow compiles for shapes "
            "that it knows"
        )
    return tensor._host()


def no_kernel(op: str, got: DType, allowed: Collection[DType]) -> NotFoundError:
    """TF's error for an input type that an op has no code for."""
    names = ", ".join(sorted(dtype.name for dtype in allowed))
    return NotFoundError(
        None,
        None,
        f"Could not find valid device for node.\nNode:{{{{node {op}}}}}\n"
        f"No kernel of op {op} takes {got.name}; it takes: {names} [Op:{op}]",
    )
