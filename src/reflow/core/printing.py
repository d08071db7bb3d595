"""How tensors print: TF 2.1's forms, to the character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from reflow.core.tensor import Tensor


def symbolic_name(tensor: Tensor) -> str:
    """A name for a tensor of a function that is being traced."""
    return f"tensor_{id(tensor) % 100000}:0"


def _symbolic(tensor: Tensor) -> str:
    return (
        f'Tensor("{symbolic_name(tensor)}", shape={tensor.shape}, dtype={tensor.dtype.name})'
    )


def numpy_text(host: np.ndarray[Any, Any], is_repr: bool = False) -> str:
    """An array as its tensor prints it."""
    if host.ndim:
        return repr(host) if is_repr else str(host)
    value = host[()]
    if isinstance(value, bytes):
        return repr(value)
    return str(value)


def value_text(host: np.ndarray[Any, Any]) -> str:
    """The ``numpy=...`` part: arrays of several lines start on a line of their own."""
    text = numpy_text(host, is_repr=True)
    return "\n" + text if "\n" in text else text


def tensor_repr(tensor: Tensor) -> str:
    """``<tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>``."""
    if tensor._is_symbolic():
        return f"<tf.Tensor '{symbolic_name(tensor)}' shape={tensor.shape} dtype={tensor.dtype.name}>"
    return (
        f"<tf.Tensor: shape={tensor.shape}, dtype={tensor.dtype.name}, "
        f"numpy={value_text(tensor._host())}>"
    )


def tensor_str(tensor: Tensor) -> str:
    """``tf.Tensor([1 2], shape=(2,), dtype=int32)``."""
    if tensor._is_symbolic():
        return _symbolic(tensor)
    text = numpy_text(tensor._host())
    if "\n" in text:
        text = "\n" + text
    return f"tf.Tensor({text}, shape={tensor.shape}, dtype={tensor.dtype.name})"
