"""String tensors in and out; they live on the host, as arrays of bytes objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import string
from reflow.core.errors import NeedsEagerError, invalid
from reflow.core.tensor import Tensor, tensor_from_numpy


def host_of(value: Any, op: str, dtype: Any = None) -> np.ndarray[Any, Any]:
    """An argument's values.

    Raises:
      NeedsEagerError: in a function being traced, which then runs as plain Python.
    """
    tensor = convert_to_tensor(value, dtype)
    if tensor._is_symbolic():
        raise NeedsEagerError(f"{op} runs on the host, not in compiled code")
    return tensor._host()


def texts_of(value: Any, op: str, argument: str = "input") -> np.ndarray[Any, Any]:
    """A string argument as an object array.

    Raises:
      InvalidArgumentError: if it is a tensor of another type.
      TypeError: if it is something else that is no string.
    """
    given = isinstance(value, Tensor) or hasattr(value, "dtype")
    tensor = convert_to_tensor(value) if given else convert_to_tensor(value, string)
    if tensor.dtype is not string and tensor._aval.shape != (0,):
        raise invalid(
            f"cannot compute {op} as {argument} was expected to be a string tensor but is a "
            f"{tensor.dtype.label} tensor [Op:{op}]"
        )
    return host_of(tensor, op).astype(object)


def texts(values: Any, shape: tuple[int, ...]) -> Tensor:
    """A string tensor of bytes objects."""
    array = np.empty(len(values), object)
    array[:] = values
    return tensor_from_numpy(array.reshape(shape))


def each(value: Any, op: str, function: Callable[[bytes], bytes]) -> Tensor:
    """A function of each string, which gives a string."""
    array = texts_of(value, op)
    return texts([function(text) for text in array.reshape(-1)], array.shape)


def encoded(op: str, encoding: str) -> bool:
    """Whether strings are UTF-8 rather than plain bytes.

    Raises:
      InvalidArgumentError: another encoding.
    """
    if encoding.lower() not in ("", "utf-8"):
        raise invalid(f"only utf-8 or '' (no encoding) is supported, got {encoding!r} [Op:{op}]")
    return bool(encoding)
