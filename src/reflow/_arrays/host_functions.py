"""Python functions as ops: ``tf.py_function`` and ``tf.numpy_function``."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype
from reflow.core.errors import (
    InvalidArgumentError,
    NeedsEagerError,
    OpError,
    OutOfRangeError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
)
from reflow.core.tensor import Tensor, tensor_from_value

__all__ = ["numpy_function", "py_function"]


def _refuse_tracing(what: str) -> None:
    if record.state.segment.capture is not None:
        raise NeedsEagerError(
            f"{what} cannot be compiled, because only running the Python function tells the shape "
            "of its result; what uses it runs as plain Python. Write the function with tf ops to "
            "have it compiled."
        )


_KINDS: tuple[tuple[type[Exception], Callable[..., OpError]], ...] = (
    (StopIteration, OutOfRangeError),
    (MemoryError, ResourceExhaustedError),
    (NotImplementedError, UnimplementedError),
    (ValueError, InvalidArgumentError),
    (TypeError, InvalidArgumentError),
)


def py_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """Calls a Python function of tensors; gradients flow through the ops it uses.

    Args:
      func: takes a tensor for each of ``inp``, returns what converts to tensors.
      inp: a list of values that convert to tensors.
      Tout: the results' dtype, or a list of dtypes for a list of results; an empty list for none.
      name: unused in eager code.

    Returns:
      A tensor, or a list of tensors.

    Raises:
      InvalidArgumentError: if ``func`` raises ValueError or TypeError, or returns another type.
      UnknownError: for most other exceptions in ``func``.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    if Tout is None:
        raise TypeError("Expected DataType for argument 'Tout' not None.")
    _refuse_tracing("tf.py_function")
    several = isinstance(Tout, (list, tuple))
    kinds = [as_dtype(kind) for kind in (Tout if several else [Tout])]
    arguments = [convert_to_tensor(value) for value in inp]
    try:
        results = _as_tensors(func(*arguments), kinds, several)
    except Exception as error:
        # Whatever the user's function raises, TF wraps.
        kinds_of_error = (ours for theirs, ours in _KINDS if isinstance(error, theirs))
        kind = next(kinds_of_error, UnknownError)
        message = f"{type(error).__name__}: {error}\n{traceback.format_exc()} [Op:EagerPyFunc]"
        raise kind(None, None, message) from error
    return results if several else results[0]


def _as_tensors(returned: Any, kinds: list[Any], several: bool) -> list[Tensor]:
    if not kinds:
        return []
    if not several:
        # TF takes the first of several values that come for one.
        value = returned[0] if isinstance(returned, (list, tuple)) else returned
        return [convert_to_tensor(value, kinds[0])]
    values = returned if isinstance(returned, (list, tuple)) else [returned]
    return [convert_to_tensor(value, kind) for value, kind in zip(values, kinds, strict=True)]


def numpy_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """Calls a Python function of NumPy arrays; gradients do not flow through it.

    Args:
      func: takes an array for each of ``inp``, returns arrays.
      inp: a list of tensors.
      Tout: the results' dtype, or a list of dtypes. As in TF 2.1, what the function returns keeps
        its own dtype in eager code.
      name: unused in eager code.

    Returns:
      A tensor, or a list of tensors if the function returns a list or tuple; None for None.

    Raises:
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    _refuse_tracing("tf.numpy_function")
    returned = func(*[x.numpy() for x in inp])
    if returned is None:
        return None
    if isinstance(returned, (list, tuple)):
        return [_from_numpy(value) for value in returned]
    return _from_numpy(returned)


def _from_numpy(value: Any) -> Tensor:
    tensor = convert_to_tensor(value)
    return tensor_from_value(np.array(tensor._host())) if isinstance(value, np.ndarray) else tensor
