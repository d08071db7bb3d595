"""Ops that move elements without computing with them, and so work on strings too.

JAX has no strings: where an input holds them, the op's NumPy twin runs at once on the host.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.aval import Aval
from reflow.core.dtypes import string
from reflow.core.errors import OpError
from reflow.core.op import Instruction, Primitive
from reflow.core.tensor import StaticTensor, tensor_from_value


class _HasStrings(Exception):  # noqa: N818 - a signal, not an error
    """Raised on the first sight of string inputs, so that other calls pay nothing for the test."""


class MovingOp(Primitive):
    """A primitive with a NumPy twin for strings."""

    def __init__(
        self, fn: Callable[..., Any], name: str, *, numpy: Callable[..., Any], **rules: Any
    ) -> None:
        super().__init__(fn, name, **rules)
        self.numpy = numpy

    def check_types(self, avals: tuple[Aval, ...]) -> None:
        super().check_types(avals)
        if any(avals[i].dtype is string for i in self.group(len(avals)) if i < len(avals)):
            raise _HasStrings

    def __call__(self, *inputs: Any, **static: Any) -> Any:
        instruction = self.bind(**static) if static else self.plain
        return self.run(instruction, *inputs)

    def run(self, instruction: Instruction, *inputs: Any) -> Any:
        """The same for an instruction that the caller has kept."""
        try:
            if self.check is not None:
                inputs = self._checked(instruction, inputs, instruction.static)
            return record.record(instruction, inputs)
        except _HasStrings:
            return self._on_host(inputs, instruction.static)

    def _checked(
        self, instruction: Instruction, inputs: tuple[Any, ...], static: dict[str, Any]
    ) -> tuple[Any, ...]:
        """The inputs, with errors of shapes raised before those of values."""
        tensors = tuple(record.convert_inputs(self, inputs))
        instruction.infer(tuple([x._aval for x in tensors]))
        tensors = self.check.apply(self, tensors, static)  # type: ignore[union-attr]
        static_inputs = all(x.__class__ is StaticTensor for x in inputs)
        return inputs if static_inputs else tuple(tensors)

    def _on_host(self, inputs: tuple[Any, ...], static: dict[str, Any]) -> Any:
        tensors = record.convert_inputs(self, inputs)
        if self.rule is not None:
            try:
                self.rule(*[t._aval for t in tensors], **static)
            except OpError as error:
                raise self.name_error(error) from None
        if self.check is not None:
            self.check.apply(self, tuple(tensors), static)
        result = self.numpy(*[t._host() for t in tensors], **static)
        if isinstance(result, (tuple, list)):
            return tuple([tensor_from_value(as_array(part)) for part in result])
        return tensor_from_value(as_array(result))


def as_array(value: Any) -> np.ndarray[Any, Any]:
    """An array, also of a single element that indexing took out of its array."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, bytes):
        array = np.empty((), object)
        array[()] = value
        return array
    return np.asarray(value)


def moves(name: str, *, numpy: Callable[..., Any], **rules: Any) -> Callable[..., MovingOp]:
    """Makes a pure function a :class:`MovingOp`; ``numpy`` does the same on NumPy arrays."""

    def decorate(fn: Callable[..., Any]) -> MovingOp:
        return MovingOp(fn, name, numpy=numpy, **rules)

    return decorate
