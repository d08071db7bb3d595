"""``tf.print``: prints tensors as TF's kernels write them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pprint import pformat
from typing import Any

import numpy as np

from reflow.core import effects, nest, record
from reflow.core.aval import aval
from reflow.core.dtypes import int32
from reflow.core.lazy import jax, jnp
from reflow.core.op import op
from reflow.core.tensor import Tensor

__all__ = ["print"]

# ---- numbers and arrays


def _float_text(value: Any, digits: int, exact: int) -> str:
    """The shorter form if it reads back as the same number."""
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        return repr(number)
    text = f"{number:.{digits}g}"
    kind = type(value)
    return text if kind(float(text)) == value else f"{number:.{exact}g}"


def _string_text(value: bytes) -> str:
    """Escapes as in C: octal for what is not ASCII."""
    escapes = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 39: "\\'", 92: "\\\\"}
    parts = [escapes.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in value]
    return '"' + "".join(parts) + '"'


def _element_writer(dtype: np.dtype[Any]) -> Callable[[Any], str]:
    if dtype.kind == "b":
        return lambda value: str(int(value))
    if dtype.kind in "iu":
        return str
    if dtype == np.float64:
        return lambda value: _float_text(value, 15, 17)
    if dtype.kind == "f":
        return lambda value: _float_text(np.float32(value), 6, 9)
    if dtype.kind == "O":
        return _string_text
    return lambda value: "?"  # TF has no text for complex numbers and bfloat16


def array_text(array: np.ndarray[Any, Any], summarize: int) -> str:
    """An array as TF prints it, with ``summarize`` elements at both ends of every axis."""
    write = _element_writer(array.dtype)
    if array.ndim == 0:
        text = write(array[()])
        return "[?]" if text == "?" else text
    if summarize < 0:
        summarize = max(array.shape)
    elif not array.size:
        summarize = 0  # TF's kernel has nothing to show then, but marks what it left out
    return _axis_text(array, 0, summarize, write)


def _axis_text(part: Any, axis: int, ends: int, write: Callable[[Any], str]) -> str:
    """The text of one axis; ``part`` is what is left of the array below ``axis`` outer ones."""
    deeper = part.ndim - 1
    space = "\n" * deeper + " " * (axis + 1) if deeper else " "
    count = len(part)

    def item(i: int) -> str:
        return _axis_text(part[i], axis + 1, ends, write) if deeper else write(part[i])

    head = [item(i) for i in range(min(ends, count))]
    if 2 * ends >= count:
        return "[" + space.join([*head, *(item(i) for i in range(len(head), count))]) + "]"
    tail = [item(i) for i in range(count - ends, count)]
    gap = space + "..."
    return "[" + space.join(head) + gap + "".join(space + text for text in tail) + "]"


# ---- the text around the tensors

_PLACEHOLDER = "{}"


class _Shown:
    """A NumPy scalar inside a printed structure: its number only, as in TF 2.1's days."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return str(self.value)


def _leaf(value: Any) -> Any:
    """Variables as their tensors, NumPy scalars as their numbers."""
    if hasattr(value, "_read_tensor"):
        return value._read_tensor()
    return _Shown(value) if isinstance(value, np.generic) else value


def _pieces(value: Any) -> tuple[list[str], list[Tensor]]:
    """One argument's text, cut where its tensors go, and these."""
    if isinstance(value, str):
        return [value], []
    if type(value).__name__ == "SparseTensor":
        tensors = [value.indices, value.values, value.dense_shape]
        return ["'SparseTensor(indices=", ", values=", ", shape=", ")'"], tensors
    leaves = [_leaf(leaf) for leaf in nest.flatten(value)]
    tensors = [leaf for leaf in leaves if isinstance(leaf, Tensor)]
    if not nest.is_nested(value):
        return (["", ""], tensors) if tensors else ([pformat(leaves[0])], [])
    shown = [_PLACEHOLDER if isinstance(leaf, Tensor) else leaf for leaf in leaves]
    text = pformat(nest.pack_sequence_as(value, shown))
    return text.split(repr(_PLACEHOLDER)) if tensors else [text], tensors


class _Message:
    """What one ``tf.print`` writes, given the arrays of its tensors."""

    def __init__(
        self, inputs: Any, separator: str, end: str, summarize: int, write: Callable[[str], None]
    ) -> None:
        self.parts = [""]
        self.tensors: list[Tensor] = []
        for i, value in enumerate(inputs):
            pieces, tensors = _pieces(value)
            self.parts[-1] += separator * (i > 0) + pieces[0]
            self.parts += pieces[1:]
            self.tensors += tensors
        self.end = end
        self.summarize = summarize
        self.write = write

    def __call__(self, *arrays: Any) -> None:
        hosts = [np.asarray(array) for array in arrays]
        if self.parts == ["", ""] and hosts[0].ndim == 0 and hosts[0].dtype.kind == "O":
            text = hosts[0].item().decode("utf-8", "replace")  # a lone string is not quoted
        else:
            texts = [array_text(host, self.summarize) for host in hosts]
            text = self.parts[0] + "".join(map("".join, zip(texts, self.parts[1:], strict=True)))
        self.write(text + self.end)


# ---- where it goes


def _to_stream(name: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        stream = getattr(sys, name)
        stream.write(text)
        stream.flush()

    return write


def _to_file(path: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)

    return write


_LOGGING = ("info", "warning", "error")


def _writer(stream: Any) -> Callable[[str], None]:
    if stream is sys.stdout:
        return _to_stream("stdout")
    if stream is sys.stderr:
        return _to_stream("stderr")
    if isinstance(stream, str) and stream.startswith("file://"):
        return _to_file(stream.removeprefix("file://"))
    if callable(stream) and getattr(stream, "__name__", "") in _LOGGING:
        return lambda text: stream(text.removesuffix("\n"))
    raise ValueError(
        f"Unsupported output stream, logging level, or file.{stream}. Supported streams are "
        "sys.stdout, sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. File needs "
        "to be in the form of 'file://<filepath>'."
    )


# ---- tf.print


@op(
    "PrintV2",
    same=(),
    rule=lambda *tensors, message: aval((), int32),
    reads=(),
    differentiable=False,
)
def _print_later(*arrays: Any, message: _Message) -> Any:
    if not effects.are_muted():
        jax.debug.callback(message, *arrays, ordered=True)
    return jnp.zeros((), jnp.int32)


def _nothing(found: Any) -> None:
    """Something to do with the output of a print, so that it is computed."""


def print(*inputs: Any, **kwargs: Any) -> None:
    """Prints tensors and other values, by default to stderr.

    Inside a traced function it prints whenever the compiled function runs.

    Args:
      *inputs: strings, tensors, nested structures of them, or any other values.
      **kwargs: ``output_stream``: ``sys.stderr`` (the default), ``sys.stdout``, "file://" and a
        path to append to, or ``tf.compat.v1.logging.info``, ``warning`` or ``error``;
        ``summarize``: how many elements to show at both ends of each axis (3; -1 for all);
        ``sep``: what goes between the inputs (a space); ``end``: what goes behind (a newline);
        ``name``: unused.

    Raises:
      ValueError: another keyword or output stream.
    """
    write = _writer(kwargs.pop("output_stream", sys.stderr))
    kwargs.pop("name", None)
    summarize = kwargs.pop("summarize", 3)
    separator, end = kwargs.pop("sep", " "), kwargs.pop("end", "\n")
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    message = _Message(inputs, separator, end, 3 if summarize is None else int(summarize), write)
    capture = record.state.segment.capture
    if capture is None:
        message(*[tensor._host() for tensor in message.tensors])
        return
    capture.prints = True
    capture.add_check(_print_later(*message.tensors, message=message), _nothing)
