"""Arguments that must be known when an op is recorded, in the forms that array ops take them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from reflow.core.dtypes import DType
from reflow.core.errors import NotFoundError, invalid
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor_shape import TensorShape

_INT = {int}


def int_vector(value: Any, what: str, message: str) -> tuple[int, ...]:
    """A vector argument (a shape, a permutation, ...) as a tuple of ints.

    Args:
      value: ints in a list, tuple, array, TensorShape or tensor.
      what: its name, for messages.
      message: what to say of another rank; ``{}`` stands for the shape it has.

    Raises:
      InvalidArgumentError: if it is no vector.
    """
    cls = value.__class__
    if cls is list or cls is tuple:
        if set(map(type, value)) <= _INT:
            return tuple(value)
    elif cls is TensorShape and value.is_fully_defined():
        return value._dims  # type: ignore[no-any-return]
    array = static_array(value, what)
    if array.ndim != 1:
        raise invalid(message.format(text(array.shape)))
    return tuple(array.tolist())


def int_matrix(value: Any, what: str) -> tuple[tuple[int, ...], ...]:
    """A matrix argument (paddings, crops) as a tuple of tuples of ints; may have another rank."""
    array = static_array(value, what)
    return tuple([tuple(row) if isinstance(row, list) else row for row in array.tolist()])


def int_scalar(value: Any, what: str, message: str) -> int:
    """A scalar argument (an axis, a depth) as an int.

    Args:
      value: an int or anything that converts to a scalar integer tensor.
      what: its name, for messages.
      message: what to say of another rank; ``{}`` stands for the shape it has.

    Raises:
      InvalidArgumentError: if it is no scalar.
    """
    if value.__class__ is int:
        return value  # type: ignore[no-any-return]
    array = static_array(value, what)
    if array.ndim != 0:
        raise invalid(message.format(text(array.shape)))
    return int(array)


def no_kernel(op: str, got: DType, allowed: Collection[DType]) -> NotFoundError:
    """TF's error for an input type that an op has no code for."""
    names = ", ".join(sorted(dtype.name for dtype in allowed))
    return NotFoundError(
        None,
        None,
        f"Could not find valid device for node.\nNode:{{{{node {op}}}}}\n"
        f"No kernel of op {op} takes {got.name}; it takes: {names} [Op:{op}]",
    )
