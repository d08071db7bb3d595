"""How tensors print: TF 2.1's forms, to the character."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from reflow.core.tensor import Tensor


def symbolic_name(tensor: Tensor) -> str:
    """A name for a tensor of a function that is being traced, as TF's graph would have it.

    Arguments have the parameter's name, results that of the op, numbered from the second one on.
    """
    from reflow.core import record

    segment = tensor._segment
    if segment is None:
        capture = record.state.segment.capture
        while capture is not None and id(tensor) not in capture.names:
            capture = capture.outer
        return f"{'Placeholder' if capture is None else capture.names[id(tensor)]}:0"
    names: list[str] = []
    output = 0
    node: Any = segment.node
    while node.parent is not None:
        if node.first <= tensor._slot:
            if not names:
                output = tensor._slot - node.first
            primitive = node.instruction.primitive
            names.append(getattr(primitive, "scope", None) or primitive.name)
        node = node.parent
    earlier = [name.casefold() for name in names[1:]].count(names[0].casefold())
    return f"{names[0]}_{earlier}:{output}" if earlier else f"{names[0]}:{output}"


def _symbolic(tensor: Tensor) -> str:
    return f'Tensor("{symbolic_name(tensor)}", shape={tensor.shape}, dtype={tensor.dtype.name})'


def float_text(value: Any) -> str:
    """A floating scalar as the NumPy of TF 2.1's days wrote it: positional from 1e-4 to 1e16."""
    size = abs(float(value))
    if size == 0 or 1e-4 <= size < 1e16:
        return np.format_float_positional(value, unique=True, trim="0")
    if not np.isfinite(value):
        return str(value)
    return np.format_float_scientific(value, unique=True, trim="-", exp_digits=2)


def numpy_text(host: np.ndarray[Any, Any], is_repr: bool = False) -> str:
    """An array as its tensor prints it."""
    if host.ndim:
        if not is_repr:
            return str(host)
        with np.printoptions(legacy="2.1"):  # later versions add the shape of long arrays
            return repr(host)
    value = host[()]
    if isinstance(value, bytes):
        return repr(value)
    return float_text(value) if isinstance(value, np.floating) else str(value)


def value_text(host: np.ndarray[Any, Any]) -> str:
    """The ``numpy=...`` part: arrays of several lines start on a line of their own."""
    text = numpy_text(host, is_repr=True)
    return "\n" + text if "\n" in text else text


def tensor_repr(tensor: Tensor) -> str:
    """``<tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>``."""
    if tensor._is_symbolic():
        return (
            f"<tf.Tensor '{symbolic_name(tensor)}' shape={tensor.shape} dtype={tensor.dtype.name}>"
        )
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
