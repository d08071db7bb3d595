"""``tf.function``'s single traces, as ``get_concrete_function`` gives them."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING, Any, NoReturn

from reflow.core import nest
from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import InvalidArgumentError
from reflow.core.loop_streams import StreamState
from reflow.core.signatures import Named, is_tensor, named_arguments, unique
from reflow.core.tensor import Tensor, placeholder
from reflow.core.tensor_shape import TensorShape
from reflow.core.tracing import Body
from reflow.core.type_spec import TensorSpec
from reflow.core.variable import Variable

if TYPE_CHECKING:
    from reflow.core.function import Function

_numbers = itertools.count()
_STAND_INS = (2, 3, 1, 4)
"""Sizes tried for unknown dimensions: what differs between two traces is unknown too."""


class ConcreteFunction:
    """One trace of a function: takes tensors of the kinds it was traced for.

    Where a spec leaves dimensions open, there is one trace per shape, made when it is first needed.

    Attributes:
      name: as TF names it, bytes.
      structured_input_signature: ``(args, kwargs)`` with TensorSpecs for tensors.
    """

    def __init__(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._function = function
        self._args, self._kwargs = args, kwargs
        self.name = f"__inference_{function._name}_{next(_numbers)}".encode()
        self._named = list(named_arguments(args, kwargs, function._signature))
        self._inputs = [item for item in self._named if _is_input(item.value)]
        self._kinds = [_spec(item) for item in self._inputs]
        self._names = unique([_base(item) for item in self._inputs])
        specs = iter([_described(item) for item in self._named])
        self.structured_input_signature = nest.map_structure(lambda _: next(specs), (args, kwargs))
        self._is_open = any(not spec.shape.is_fully_defined() for spec in self._kinds)
        if not self._is_open:
            _ = self._trace

    @property
    def _trace(self) -> tuple[Body, Any]:
        return self._traces[0]

    @functools.cached_property
    def _traces(self) -> list[tuple[Body, Any]]:
        """The trace; where dimensions are open, traces for two sizes that the function can take."""
        if not self._is_open:
            return [self._traced(0)]
        found: list[tuple[Body, Any]] = []
        for size in _STAND_INS:
            try:
                found.append(self._traced(size))
            except (InvalidArgumentError, ValueError):
                if size == _STAND_INS[-1] and not found:
                    raise
            if len(found) == 2:
                break
        return found

    def _traced(self, size: int) -> tuple[Body, Any]:
        """The trace, with ``size`` for dimensions that the specs leave open."""

        def stand_in(value: Any) -> Any:
            if not isinstance(value, TensorSpec):
                return value
            if value.shape.rank is None:
                raise ValueError(
                    f"{self._function._name}: outputs of a function whose argument has unknown "
                    "rank are known only after a call"
                )
            shape = tuple([size if n is None else n for n in value.shape.as_list()])
            return placeholder(aval(shape, value.dtype))

        args, kwargs = nest.map_structure(stand_in, (self._args, self._kwargs))
        return self._function._body_for(args, kwargs)

    # ---- what is known of it

    @functools.cached_property
    def outputs(self) -> list[Tensor]:
        """The results, without their structure, as tensors without a value."""
        return [t for t in nest.flatten(self._trace[1], True) if t is not None]

    @property
    def structured_outputs(self) -> Any:
        """The results in their structure, as tensors without a value."""
        return self._trace[1]

    @functools.cached_property
    def output_shapes(self) -> Any:
        """The results' shapes, in their structure."""
        body, structure = self._trace
        shapes = [t.shape for t in body.outputs[: body.count]]
        for other, _ in self._traces[1:]:
            others = [t.shape for t in other.outputs[: other.count]]
            shapes = [_common(a, b) for a, b in zip(shapes, others, strict=True)]
        remaining = iter(shapes)
        if structure is None:
            return TensorShape(None)
        return nest.map_structure(lambda t: None if t is None else next(remaining), structure)

    @property
    def output_dtypes(self) -> Any:
        """The results' dtypes, in their structure."""
        return nest.map_structure(lambda t: None if t is None else t.dtype, self._trace[1])

    @property
    def inputs(self) -> list[Any]:
        """What the trace takes, as tensors without a value: arguments, then captured ones."""
        body = self._trace[0]
        return [*body._arguments, *body._variable_leaves, *body.closures]

    @property
    def captured_inputs(self) -> list[Any]:
        """The variables and tensors from outside that the function reads."""
        body = self._trace[0]
        return [*self.variables, *body.closures]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that the function uses."""
        return tuple([v for v in self._trace[0].variables if not isinstance(v, StreamState)])

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        return tuple([v for v in self.variables if v.trainable])

    @property
    def graph(self) -> NoReturn:
        raise AttributeError("a concrete function of Reflow has no graph: it is compiled by XLA")

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.name.decode()}>"

    # ---- calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tensors = self._tensors(self._by_position(nest.flatten(args), kwargs))
        if not self._is_open:
            body, structure = self._trace
            return body.results_of(structure, tensors)
        remaining = iter(tensors)

        def fill(value: Any) -> Any:
            return next(remaining) if _is_input(value) else value

        leaves = [fill(item.value) for item in self._named]
        filled = iter(leaves)
        in_place = nest.map_structure(lambda _: next(filled), (self._args, self._kwargs))
        return self._function(*in_place[0], **in_place[1])

    def _by_position(self, given: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        names = self._names
        if len(given) > len(names):
            raise TypeError(
                f"Expected at most {len(names)} positional arguments (and the rest keywords, of "
                f"{names}), got {tuple(given)}. When calling a concrete function, positional "
                "arguments may not be bound to Tensors within nested structures."
            )
        values = dict(zip(names, given, strict=False))
        got = [*values, *kwargs]
        missing = [name for name in names if name not in got]
        if missing or len(got) > len(names) or not set(got) <= set(names):
            rest = f"Missing: {missing}." if missing else f"Expected {len(names)} arguments."
            raise TypeError(f"Expected argument names {names} but got values for {got}. {rest}")
        values |= kwargs
        return [values[name] for name in names]

    def _tensors(self, values: list[Any]) -> list[Tensor]:
        tensors = []
        for position, (value, spec) in enumerate(zip(values, self._kinds, strict=True)):
            if not (is_tensor(value) or hasattr(value, "_read_tensor")):
                raise ValueError(
                    "All inputs to `ConcreteFunction`s must be Tensors; on invocation of "
                    f"{self._function._name}, the {position}-th input ({value}) was not a Tensor."
                )
            tensor = convert_to_tensor(value)
            if tensor.dtype is not spec.dtype or not spec.shape.is_compatible_with(tensor.shape):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"cannot compute {self.name.decode()} as input #{position}(zero-based) was "
                    f"expected to be a {spec.dtype.label} tensor of shape {spec.shape} but is a "
                    f"{tensor.dtype.label} tensor of shape {tensor.shape} "
                    f"[Op:{self.name.decode()}]",
                )
            tensors.append(tensor)
        return tensors


def _is_input(value: Any) -> bool:
    return is_tensor(value) or isinstance(value, TensorSpec)


def _spec(item: Named) -> TensorSpec:
    value = item.value
    if isinstance(value, TensorSpec):
        return TensorSpec(value.shape, value.dtype, value.name or item.path)
    tensor = convert_to_tensor(value)
    return TensorSpec(tensor.shape, tensor.dtype, item.path)


def _described(item: Named) -> Any:
    return _spec(item) if _is_input(item.value) else item.value


def _base(item: Named) -> str:
    return (
        getattr(item.value, "name", None) or item.base if not is_tensor(item.value) else item.base
    )


def _common(first: TensorShape, second: TensorShape) -> TensorShape:
    if first.rank != second.rank:
        return TensorShape(None)
    return TensorShape(
        [a if a == b else None for a, b in zip(first.as_list(), second.as_list(), strict=True)]
    )
