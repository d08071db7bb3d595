"""Arguments that must be known when an op is recorded: shapes, axes, paddings, permutations."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.convert import to_array
from reflow.core.errors import NeedsEagerError
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape


def static_array(value: Any, what: str) -> np.ndarray[Any, Any]:
    """An integer argument as a NumPy array.

    Args:
      value: Python ints, nested lists, NumPy arrays, TensorShapes or integer tensors.
      what: the argument's name, for messages.

    Raises:
      TypeError: if it holds something else than integers.
      NeedsEagerError: if it is computed inside the function being traced.
    """
    if isinstance(value, (list, tuple)) and any(_is_tensor(v) for v in value):
        value = [v if isinstance(v, int) else static_array(v, what) for v in value]
        array = np.array(value)
    elif _is_tensor(value):
        tensor = value if value.__class__ is Tensor else value._read_tensor()
        if tensor._is_symbolic():
            raise NeedsEagerError(
                f"{what} depends on the values of a tensor inside a compiled function; Reflow "
                "compiles for fixed shapes: compute it from shapes (x.shape) or outside"
            )
        array = tensor._host()
    elif isinstance(value, TensorShape):
        array = to_array(value)
    elif isinstance(value, np.ndarray):
        array = value
    else:
        array = np.asarray(to_array(value))
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"{what} must be integers, got {value!r}")
    return array.astype(np.int64)


def static_ints(value: Any, what: str) -> Any:
    """An integer argument as nested tuples of Python ints (an int for a scalar)."""
    if value.__class__ is int:
        return value
    if value.__class__ is tuple and all(v.__class__ is int for v in value):
        return value
    return _tuples(static_array(value, what).tolist())


def static_int(value: Any, what: str) -> int:
    """A single integer argument.

    Raises:
      ValueError: if it is no scalar.
    """
    if value.__class__ is int:
        return value  # type: ignore[no-any-return]
    array = static_array(value, what)
    if array.size != 1:
        raise ValueError(f"{what} must be a scalar, got shape {array.shape}")
    return int(array.reshape(()))


def static_shape(value: Any, what: str = "shape") -> tuple[int, ...]:
    """A shape argument: an int stands for a vector of that length."""
    sizes = static_ints(value, what)
    return (sizes,) if isinstance(sizes, int) else sizes


def _is_tensor(value: Any) -> bool:
    return value.__class__ is Tensor or hasattr(value, "_read_tensor")


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value
