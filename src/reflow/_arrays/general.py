"""What is about programs rather than arrays: contexts, grouping, asking what a value is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.aval import aval
from reflow.core.convert import register_converter
from reflow.core.dtypes import float64
from reflow.core.lazy import jax
from reflow.core.logging import get_logger as _core_logger
from reflow.core.op import op
from reflow.core.tensor import Tensor, tensor_from_value
from reflow.core.tracing import outside

__all__ = [
    "AggregationMethod",
    "control_dependencies", "executing_eagerly", "get_logger", "get_static_value", "group",
    "init_scope", "is_tensor", "no_op", "register_tensor_conversion_function",
    "timestamp", "tuple",
]  # fmt: skip


# ---- contexts


def executing_eagerly() -> bool:
    """Whether ops run at once: False while a ``tf.function`` is being traced."""
    return record.state.segment.capture is None


def init_scope() -> AbstractContextManager[None]:
    """A context that leaves every function being traced; what is done inside is done once, now."""
    return outside()


class _Nothing:
    """A context without effect."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *exception: object) -> None:
        return None


def control_dependencies(control_inputs: Any) -> AbstractContextManager[None]:
    """A context for ops that must run after ``control_inputs``.

    Ops always take effect in the order of the program here, so it only runs inputs that are
    functions when a function is being traced, as TF does.
    """
    if record.state.segment.capture is not None:
        for item in control_inputs or ():
            if callable(item):
                item()
    return _Nothing()


# ---- grouping


class AggregationMethod:
    """How ``tf.gradients`` adds up in TF's graphs; here the compiler decides."""

    ADD_N = 0
    DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def no_op(name: str | None = None) -> None:
    """Does nothing."""
    return


def group(*inputs: Any, **kwargs: Any) -> None:
    """Groups ops into one in TF's graphs; here everything has been done already.

    Args:
      *inputs: tensors or ops, or nested structures of them.
      **kwargs: ``name``: unused.

    Raises:
      ValueError: another keyword, in a traced function.
    """
    kwargs.pop("name", None)
    if kwargs and not executing_eagerly():
        raise ValueError("Unknown keyword arguments: " + ", ".join(kwargs))


def tuple(tensors: Any, control_inputs: Any = None, name: str | None = None) -> Any:
    """Returns ``tensors``; in TF's graphs it waits until all of them are computed."""
    return tensors


# ---- asking


def is_tensor(x: Any) -> bool:
    """Whether ``x`` is a tensor, a variable, a SparseTensor or IndexedSlices."""
    return (
        isinstance(x, Tensor)
        or hasattr(x, "_read_tensor")
        or getattr(type(x), "_is_tensor_like", False)
    )


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """The value of a tensor, if it is known, as a NumPy array.

    Args:
      tensor: a tensor; of a value of another kind nothing is asked, it is returned as it is.
      partial: unused; a value is known entirely or not at all.

    Returns:
      An array; None for a variable, or for what a function being traced will compute.
    """
    if hasattr(tensor, "_read_tensor") and not isinstance(tensor, Tensor):
        return None
    if not isinstance(tensor, Tensor):
        return tensor
    return None if tensor._is_symbolic() else tensor.numpy()


def get_logger() -> logging.Logger:
    """The logger that TF's messages go to."""
    return _core_logger()


@op("Timestamp", rule=lambda: aval((), float64), reads=(), differentiable=False)
def _time_of_call() -> Any:
    from jax.experimental import io_callback

    kind = jax.ShapeDtypeStruct((), np.float64)
    return io_callback(lambda: np.array(time.time(), np.float64), kind)


def timestamp(name: str | None = None) -> Tensor:
    """The seconds since 1970 as a float64 scalar.

    Inside a traced function that is the time of the call.
    """
    if not executing_eagerly():
        return _time_of_call()  # type: ignore[no-any-return]
    return tensor_from_value(np.array(time.time(), np.float64))


def register_tensor_conversion_function(
    base_type: Any, conversion_func: Callable[..., Any], priority: int = 100
) -> None:
    """Teaches ``tf.convert_to_tensor`` another type.

    Args:
      base_type: a class or a tuple of classes.
      conversion_func: ``conversion_func(value, dtype=None, name=None, as_ref=False)`` returns a
        tensor, or NotImplemented.
      priority: functions of lower priority are asked first.

    Raises:
      TypeError: if ``conversion_func`` cannot be called or ``base_type`` is no class.
    """
    register_converter(base_type, conversion_func, priority)
