"""User functions on elements: traced and compiled where they can be, else run as plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from reflow.core import nest, program, random, record
from reflow.core.aval import aval
from reflow.core.errors import OperatorNotAllowedInGraphError
from reflow.core.function import Function, convert
from reflow.core.tensor import Tensor, placeholder, tensor_from_value
from reflow.core.tracing import trace
from reflow.core.type_spec import TensorSpec
from reflow.data.structure import DatasetSpec, is_composite, is_dataset, normalize, packer, spec_of

_PROBES = (7, 11)
"""Sizes tried for unknown dimensions: what differs between the two results is unknown too."""


def wrap(value: Any) -> Any:
    """A flat value of an element as a tensor (datasets stay as they are)."""
    if isinstance(value, Tensor) or is_dataset(value) or is_composite(value):
        return value
    return tensor_from_value(value if hasattr(value, "flags") else _array(value))


def _array(value: Any) -> Any:
    import numpy as np

    if isinstance(value, bytes):
        array = np.empty((), object)
        array[()] = value
        return array
    return np.asarray(value)


class ElementFunction:
    """A user's function of a dataset's elements.

    Args:
      function: called with the parts of a tuple element as arguments, or with the element.
      spec: the elements' spec.
      what: the method's name, for messages.

    Raises:
      ValueError: ``function`` is not callable.
    """

    def __init__(self, function: Callable[..., Any], spec: Any, what: str) -> None:
        if not callable(function):
            raise ValueError("Argument must be callable")
        self._function = function
        self._spec = spec
        self._what = what
        self._pack = packer(spec)
        self._structure: Any = None
        self._numbers = itertools.count()
        self._compiled: Function | None = Function(self._flat)
        if not all(isinstance(s, TensorSpec) for s in nest.flatten(spec)) or not _is_numeric(spec):
            self._compiled = None

    @cached_property
    def _traced_function(self) -> Callable[..., Any]:
        return convert(self._function)

    def _call(self, flat: Sequence[Any]) -> Any:
        element = self._pack(flat)
        tracing = record.state.segment.capture is not None
        function = self._traced_function if tracing else self._function
        if isinstance(self._spec, tuple) and not hasattr(self._spec, "_fields"):
            return function(*element)
        return function(element)

    def _flat(self, *flat: Any) -> tuple[Any, ...]:
        returned = self._call(flat)
        if returned is None:
            raise TypeError(
                f"Unsupported return value from function passed to Dataset.{self._what}(): None."
            )
        if isinstance(returned, list):  # as TF does for the outermost list
            returned = tuple(returned)
        structure = normalize(returned)
        self._structure = structure
        return tuple(nest.flatten(structure))

    def next_number(self) -> int:
        """The number of the next element, on which its random numbers depend."""
        return next(self._numbers)

    def __call__(self, flat: Sequence[Any], number: int | None = None) -> tuple[Any, ...]:
        """The function's result for an element, as flat tensors.

        Args:
          flat: the element's parts.
          number: what ``next_number`` gave for it, if the elements are not taken in order.
        """
        tensors = [wrap(value) for value in flat]
        if self._compiled is not None:
            try:
                return self._compiled(*tensors)  # type: ignore[no-any-return]
            except OperatorNotAllowedInGraphError:
                self._compiled = None  # it looks at values: run it element by element
        return self._plainly(tensors, self.next_number() if number is None else number)

    def _plainly(self, tensors: Sequence[Any], number: int) -> tuple[Any, ...]:
        """Runs the function as Python, with NumPy: elements may differ in shape."""
        with program.with_numpy(), random.own_op_seeds(number):
            result = self._flat(*tensors)
            record.flush()
        return result

    def output_spec(self) -> Any:
        """The results' spec, found by tracing with unknown dimensions tried at two sizes."""
        flat = nest.flatten(self._spec)
        known = all(not isinstance(s, DatasetSpec) and s.shape.is_fully_defined() for s in flat)
        if self._compiled is not None and all(
            isinstance(s, DatasetSpec) or s.shape.rank is not None for s in flat
        ):
            try:
                first = self._probe(self._compiled, flat, _PROBES[0])
                if known:
                    return first
                return nest.map_structure(
                    _unknown_where_different, first, self._probe(self._compiled, flat, _PROBES[1])
                )
            except OperatorNotAllowedInGraphError:
                self._compiled = None
        return None

    def _probe(self, compiled: Function, flat: Sequence[Any], size: int) -> Any:
        arguments = [
            placeholder(aval(tuple(size if d is None else d for d in s.shape), s.dtype))
            for s in flat
        ]
        if all(s.shape.is_fully_defined() for s in flat):
            # Traced now, as TF does: Python side effects happen once.
            compiled.get_concrete_function(*[TensorSpec(s.shape, s.dtype) for s in flat])
        else:
            trace(self._flat, arguments, lambda: self._flat(*arguments))
        return spec_of(self._structure)


def _is_numeric(spec: Any) -> bool:
    return all(s.dtype.name != "string" for s in nest.flatten(spec))


def _unknown_where_different(first: Any, second: Any) -> Any:
    return TensorSpec(first.shape.most_specific_compatible_shape(second.shape), first.dtype)
