"""``tf.function``: a Python function traced once per kind of arguments into one op.

Tracing records the function's ops into a private segment that is never run; arguments and whatever
the function reads from outside are its leaves. The path, as an op, is then recorded in the caller's
segment like any other, so calls fuse with the code around them and tapes see through them.
Variables that the function read are inputs of that op, those it assigned are outputs.
"""

from __future__ import annotations

import functools
import inspect
import threading
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reflow.core import nest, record
from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import uint32
from reflow.core.errors import UnimplementedError
from reflow.core.lazy import jnp
from reflow.core.op import Instruction, Primitive
from reflow.core.program import tracer
from reflow.core.random import NodeStream
from reflow.core.record import Node, Segment
from reflow.core.tensor import (
    PLACEHOLDER,
    Reference,
    StaticTensor,
    Tensor,
    placeholder,
    tensor_from_numpy,
)
from reflow.core.variable import Variable


_KEY, _COUNTER = aval((2,), uint32), aval((4,), uint32)


class Capture:
    """A function body being traced: which variables and outside tensors it uses."""

    def __init__(
        self,
        outer: Capture | None,
        allow_variables: bool = True,
        nested: bool = False,
        repeats: bool = False,
    ) -> None:
        self.outer = outer
        self.nested = nested  # a branch or loop body of the outer function, not a function itself
        self.repeats = repeats  # a loop body
        self.segment: Segment | None = None
        self.allow_variables = allow_variables
        self.variables: dict[int, Variable] = {}  # in the order of first use
        self.arguments: dict[int, Tensor] = {}  # id(variable) -> its leaf
        self.current: dict[int, Tensor] = {}  # id(variable) -> what it holds at this point
        self.created: list[Variable] = []
        self.checks: list[tuple[Tensor, Callable[[Any], None]]] = []
        self.streams: list[tuple[NodeStream, Tensor, Tensor]] = []  # of its random ops
        self.argument_count = 0

    def read(self, variable: Variable) -> Tensor:
        """What a variable holds at this point of the function."""
        key = id(variable)
        found = self.current.get(key)
        if found is None:
            leaf = placeholder(variable._tensor._aval)
            self.variables[key] = variable
            self.arguments[key] = self.current[key] = found = leaf
        return found

    def write(self, variable: Variable, tensor: Tensor) -> None:
        """An assignment inside the function; the caller's variable changes after the call."""
        self.read(variable)
        self.current[id(variable)] = tensor

    def written(self) -> list[Variable]:
        """The variables that the function assigns."""
        return [
            variable
            for key, variable in self.variables.items()
            if self.current[key] is not self.arguments[key]
        ]

    def new_variable(self, variable: Variable, initial_value: Any) -> Any:
        """A variable made inside a function is made once, outside of it."""
        if not self.allow_variables:
            raise ValueError(
                "tf.function-decorated function tried to create variables on non-first call."
            )
        self.created.append(variable)
        with outside():
            if callable(initial_value):
                initial_value = initial_value()
            tensor = convert_to_tensor(initial_value)
        if tensor._is_symbolic():
            raise ValueError(
                "Tensor-typed variable initializers must either be wrapped in an init_scope or "
                "callable (e.g., `tf.Variable(lambda : tf.truncated_normal([10, 40]))`) when "
                "building functions."
            )
        return tensor

    def op_count(self) -> int:
        """How many ops TF's graph of the function would hold by now; seeds random ops."""
        assert self.segment is not None
        count = self.argument_count + len(self.segment.scalars)
        arguments = {id(t) for t in self.arguments.values()}
        count += sum(1 for t in self.segment.leaves if t._value is not PLACEHOLDER or id(t) in arguments)
        place: Node | None = self.segment.node
        while place is not None and place.parent is not None:
            count += 1
            place = place.parent
        return count

    def stream(self, stream: NodeStream) -> tuple[Tensor, Tensor]:
        """The key and counter of a random op's generator, arguments that each call fills in."""
        if self.repeats:
            raise UnimplementedError(
                None,
                None,
                "random ops inside loops of compiled functions are not in Reflow yet: draw the "
                "numbers before the loop, or write the loop in Python",
            )
        if self.outer is not None and self.nested:
            return self.outer.stream(stream)
        key, counter = placeholder(_KEY), placeholder(_COUNTER)
        self.streams.append((stream, key, counter))
        return key, counter

    def add_check(self, found: Tensor, raiser: Callable[[Any], None]) -> None:
        self.checks.append((found, raiser))


class outside:  # noqa: N801  (reads as a statement)
    """Leaves every function being traced: ``tf.init_scope``."""

    def __enter__(self) -> None:
        self._saved = record.state.segment, record.state.tapes
        base = record.state.base
        if self._saved[0].capture is not None and base is not None:
            record.state.segment, record.state.tapes = base
        else:
            self._saved = None  # type: ignore[assignment]

    def __exit__(self, *exception: Any) -> None:
        if self._saved is not None:
            record.state.base = record.state.segment, record.state.tapes
            record.state.segment, record.state.tapes = self._saved


class Body:
    """A traced function: a path with its leaves, as an instruction for the caller's segment."""

    def __init__(self, capture: Capture, segment: Segment, arguments: Sequence[Tensor]) -> None:
        self.variables = list(capture.variables.values())
        self.written = capture.written()
        self.checks = capture.checks
        self._leaves = list(segment.leaves[: segment.node.leaves])
        self._node: Node = segment.node
        self._segment = segment
        self._arguments = list(arguments)
        self._variable_leaves = [capture.arguments[id(v)] for v in self.variables]
        self.streams = [stream for stream, _, _ in capture.streams]
        self._stream_leaves = [t for _, key, counter in capture.streams for t in (key, counter)]
        known = {id(t) for t in [*self._arguments, *self._variable_leaves, *self._stream_leaves]}
        self.closures = [t for t in self._leaves if id(t) not in known]
        self.results: list[Tensor] = []

    def finish(self, results: Sequence[Tensor], written: Sequence[Tensor]) -> None:
        """Fixes what the function gives back: results, new values of variables, checks."""
        for tensor in [*results, *written]:
            if tensor._segment is not self._segment and id(tensor) not in self._inputs_by_id():
                self.closures.append(tensor)
        self.outputs = [*results, *written, *[found for found, _ in self.checks]]
        self.count = len(results)
        avals = tuple(t._aval for t in self.outputs)
        self.function = self._function()
        primitive = Primitive(self.function, "Function", same=(), rule=lambda *inputs: avals)
        self.instruction: Instruction = primitive.plain

    def _inputs_by_id(self) -> dict[int, int]:
        inputs = [
            *self._arguments, *self._variable_leaves, *self._stream_leaves, *self.closures
        ]  # fmt: skip
        return {id(t): i for i, t in enumerate(inputs)}

    def _function(self) -> Callable[..., tuple[Any, ...]]:
        """``(*arguments, *variables, *streams, *closures) -> outputs``, pure, on arrays."""
        places = self._inputs_by_id()
        slots: list[int] = []
        picks: list[tuple[str, int]] = []
        for tensor in self.outputs:
            if tensor._segment is self._segment:
                picks.append(("computed", len(slots)))
                slots.append(tensor._slot)
            else:
                picks.append(("input", places[id(tensor)]))
        path = tracer(self._node, slots)
        order = [places[id(leaf)] for leaf in self._leaves]
        numbers = np.array(self._segment.scalars[: len(self._node.scalars)], np.float64)

        def function(*inputs: Any) -> tuple[Any, ...]:
            leaves = [inputs[i] for i in order]
            computed = path(*leaves, numbers) if len(numbers) else path(*leaves)
            return tuple(
                [
                    computed[index] if kind == "computed" else jnp.asarray(inputs[index])
                    for kind, index in picks
                ]
            )

        return function

    def inputs(self, arguments: Sequence[Any]) -> list[Any]:
        """The tensors a call passes, read at the time of the call."""
        variables = [v._read_tensor() for v in self.variables]
        capture = record.state.segment.capture
        states: list[Tensor] = []
        for stream in self.streams:
            if capture is None:
                states += map(tensor_from_numpy, stream.advance())
            else:
                states += capture.stream(stream)
        return [*arguments, *variables, *states, *self.closures]

    def call(self, arguments: Sequence[Any]) -> list[Tensor]:
        """Records a call and assigns the variables; returns the results."""
        if not self.outputs:
            return []
        outputs = record.record(self.instruction, self.inputs(arguments))
        after = self.count + len(self.written)
        for variable, tensor in zip(self.written, outputs[self.count : after], strict=True):
            variable._set(tensor)
        for (_, raiser), found in zip(self.checks, outputs[after:], strict=True):
            record.when_run(found, raiser)
        return list(outputs[: self.count])


def trace(
    function: Callable[..., Any],
    arguments: Sequence[Tensor],
    call: Callable[[], Any],
    allow_variables: bool = True,
    nested: bool = False,
    repeats: bool = False,
) -> tuple[Body, Any, Capture]:
    """Traces ``call()``, in which ``arguments`` are placeholders.

    Args:
      nested: this is a branch or loop body of the function being traced.
      repeats: this is a loop body.

    Returns:
      The body, the structure that ``call`` returned (with tensors as leaves), and the capture.
    """
    outer = record.state.segment.capture
    capture = Capture(outer, allow_variables, nested, repeats)
    capture.argument_count = len(arguments)
    with record.capturing(capture) as segment:
        capture.segment = segment
        returned = call()
        results = [_result(function, leaf) for leaf in nest.flatten(returned)]
        tensors = [t for t in results if t is not None]
        written = [capture.current[id(v)] for v in capture.written()]
        body = Body(capture, segment, arguments)
        body.finish(tensors, written)
    structure = nest.pack_sequence_as(returned, results) if nest.is_nested(returned) else (
        results[0] if results else None
    )
    return body, structure, capture


def _result(function: Callable[..., Any], value: Any) -> Tensor | None:
    if value is None:
        return None
    if value.__class__ is Tensor:
        return value  # type: ignore[no-any-return]
    try:
        return convert_to_tensor(value)
    except (TypeError, ValueError):
        name = getattr(function, "__name__", repr(function))
        raise TypeError(
            "To be compatible with tf.contrib.eager.defun, Python functions must return zero or "
            f"more Tensors; in compilation of {name}, found return value of type "
            f"{type(value).__name__}, which is not a Tensor."
        ) from None


_eager_switch = [False]


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Makes every ``tf.function`` run as plain Python, for debugging."""
    _eager_switch[0] = bool(run_eagerly)


class Function:
    """A callable that traces ``python_function`` once per kind of arguments and runs it compiled.

    The kind of a tensor is its shape and dtype; of any other value, the value itself. Python side
    effects (``print``, appending to a list) happen while tracing, not at every call.
    """

    def __init__(
        self,
        python_function: Callable[..., Any],
        input_signature: Any = None,
        autograph: bool = True,
        name: str | None = None,
    ) -> None:
        if input_signature is not None and not isinstance(input_signature, (tuple, list)):
            raise TypeError(
                "input_signature must be either a tuple or a list, "
                f"received {type(input_signature)}"
            )
        self._python_function = python_function
        self._input_signature = None if input_signature is None else tuple(input_signature)
        self._autograph = autograph
        self._name = name or getattr(python_function, "__name__", "function")
        self._signature = _signature_of(python_function)
        self._bodies: dict[Any, tuple[Body, Any]] = {}
        self._methods: weakref.WeakKeyDictionary[Any, Function] = weakref.WeakKeyDictionary()
        self._lock = threading.RLock()
        self._created: list[weakref.ref[Variable]] = []
        self._traced = False
        functools.update_wrapper(self, python_function, updated=())

    # ---- as a method

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        try:
            bound = self._methods.get(instance)
        except TypeError:  # an instance that can't be hashed or referred to weakly
            return functools.partial(self.__call__, instance)
        if bound is None:
            reference = weakref.ref(instance)
            function = self._python_function

            @functools.wraps(function)
            def method(*args: Any, **kwargs: Any) -> Any:
                return function(reference(), *args, **kwargs)

            method.__signature__ = _without_first(self._signature)  # type: ignore[attr-defined]
            bound = Function(method, self._input_signature, self._autograph, self._name)
            self._methods[instance] = bound
        return bound

    @property
    def python_function(self) -> Callable[..., Any]:
        """The Python function itself."""
        return self._python_function

    @property
    def input_signature(self) -> Any:
        return self._input_signature

    def __repr__(self) -> str:
        return f"<reflow.core.function.Function {self._name!r}>"

    # ---- calling

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if _eager_switch[0]:
            return self._python_function(*args, **kwargs)
        bound = self._bind(args, kwargs)
        key, tensors = self._key(bound)
        found = self._bodies.get(key)
        if found is None:
            with self._lock:
                found = self._bodies.get(key)
                if found is None:
                    found = self._bodies[key] = self._trace(bound)
        body, structure = found
        if record.state.segment.capture is None:
            record.enter_step()
        return _unflatten(structure, body.call(tensors))

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """The arguments in the order of the function's parameters, defaults filled in."""
        if self._signature is not None and (kwargs or len(args) != self._plain_count):
            bound = self._signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
        values: tuple[Any, ...] = (args, kwargs) if kwargs else (args, {})
        if self._input_signature is not None:
            values = (self._as_signed(args), kwargs)
        return values

    @functools.cached_property
    def _plain_count(self) -> int:
        """The number of parameters if all are plain positional ones without defaults, else -1."""
        if self._signature is None:
            return -1
        parameters = self._signature.parameters.values()
        simple = all(
            p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty for p in parameters
        )
        return len(parameters) if simple else -1

    def _as_signed(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments as tensors of the input signature."""
        signature = self._input_signature
        assert signature is not None
        if len(args) != len(signature):
            raise ValueError(
                "Structure of Python function inputs does not match input_signature:\n"
                f"  inputs: {args}\n  input_signature: {signature}"
            )
        try:
            flat = nest.flatten(args)
            specs = nest.flatten(signature)
            tensors = [convert_to_tensor(v, s.dtype) for v, s in zip(flat, specs, strict=True)]
        except (TypeError, ValueError):
            raise ValueError(
                "When input_signature is provided, all inputs to the Python function must be "
                f"convertible to tensors:\n  inputs: {args}\n  input_signature: {signature}"
            ) from None
        for tensor, spec in zip(tensors, specs, strict=True):
            if not spec.shape.is_compatible_with(tensor.shape):
                raise ValueError(
                    "Python inputs incompatible with input_signature:\n"
                    f"  inputs: {args}\n  input_signature: {signature}"
                )
        return nest.pack_sequence_as(args, tensors)  # type: ignore[no-any-return]

    def _key(self, bound: tuple[Any, ...]) -> tuple[Any, list[Tensor]]:
        """What decides whether a trace can be used again, and the tensors to pass."""
        tensors: list[Tensor] = []
        key = _kind(bound, tensors)
        return key, tensors

    def _trace(self, bound: tuple[Any, ...]) -> tuple[Body, Any]:
        placeholders: list[Tensor] = []
        inside = _replace(bound, placeholders)
        args, kwargs = inside

        def call() -> Any:
            return self._python_function(*args, **kwargs)

        first = not self._traced
        body, structure, capture = trace(self._python_function, placeholders, call, first)
        self._traced = True
        if capture.created:
            # As TF does: what the first trace created exists now, so trace again without creating.
            self._created = [weakref.ref(v) for v in capture.created]
            body, structure, _ = trace(self._python_function, placeholders, call, False)
        return body, structure

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The trace for arguments (or ``tf.TensorSpec``s) like these."""
        if self._input_signature is not None and not args and not kwargs:
            args = self._input_signature
        return ConcreteFunction(self, args, kwargs)


class ConcreteFunction:
    """One trace of a function: takes tensors of the kinds it was traced for."""

    def __init__(self, function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._function = function
        self._args, self._kwargs = args, kwargs
        specs = [v for v in nest.flatten((args, kwargs)) if _is_spec(v)]
        self._lazy = any(not s.shape.is_fully_defined() for s in specs)
        self.structured_input_signature = (args, kwargs)
        self.name = function._name
        if not self._lazy:
            self._found = self._body()

    def _body(self) -> tuple[Body, Any]:
        function = self._function
        signature = function._signature
        args, kwargs = self._args, self._kwargs
        if signature is not None:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
        concrete = nest.map_structure(
            lambda v: placeholder(aval(tuple(v.shape.as_list()), v.dtype)) if _is_spec(v) else v,
            (args, kwargs),
        )
        key, _ = function._key(concrete)
        with function._lock:
            if key not in function._bodies:
                function._bodies[key] = function._trace(concrete)
        return function._bodies[key]

    @property
    def structured_outputs(self) -> Any:
        """What the function returns, as TensorSpecs in the same structure."""
        from reflow.core.type_spec import TensorSpec

        _, structure = self._found
        return nest.map_structure(
            lambda t: None if t is None else TensorSpec(t.shape, t.dtype), structure
        )

    @property
    def inputs(self) -> list[Any]:
        return [v for v in nest.flatten((self._args, self._kwargs)) if _is_spec(v) or _tensorlike(v)]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(self._found[0].variables)

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        return tuple([v for v in self.variables if v.trainable])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._lazy:
            return self._function(*args, **kwargs)
        body, structure = self._found
        given = [v for v in nest.flatten((args, kwargs)) if _tensorlike(v)]
        expected = [a._aval for a in body._arguments]
        if len(given) != len(expected):
            raise TypeError(
                f"{self.name} expects {len(expected)} tensor arguments, got {len(given)}"
            )
        tensors = []
        for position, (value, kind) in enumerate(zip(given, expected, strict=True)):
            tensor = convert_to_tensor(value, kind.dtype)
            if tensor._aval is not kind:
                raise TypeError(
                    f"{self.name}: argument {position} must be {kind.dtype.name} of shape "
                    f"{kind.shape}, got {tensor.dtype.name} of shape {tensor.shape}"
                )
            tensors.append(tensor)
        return _unflatten(structure, body.call(tensors))


def _is_spec(value: Any) -> bool:
    return not _tensorlike(value) and hasattr(value, "is_compatible_with") and hasattr(
        value, "shape"
    )


def _tensorlike(value: Any) -> bool:
    return isinstance(value, (Tensor, np.ndarray, np.generic)) or hasattr(value, "_read_tensor")


def _kind(value: Any, tensors: list[Tensor]) -> Any:
    """The part of a trace's key that one argument makes; its tensors are appended."""
    cls = value.__class__
    if cls is Tensor:
        tensors.append(value)
        return value._aval
    if isinstance(value, Variable):
        return ("variable", id(value))
    if cls is StaticTensor:
        tensors.append(value._read_tensor())
        return value._aval
    if isinstance(value, (np.ndarray, np.generic)):
        tensor = convert_to_tensor(value)
        tensors.append(tensor)
        return tensor._aval
    if cls is tuple or cls is list:
        return (cls, *[_kind(item, tensors) for item in value])
    if isinstance(value, (tuple, list)):
        return (cls, *[_kind(item, tensors) for item in value])
    if isinstance(value, dict):
        return (dict, *[(k, _kind(value[k], tensors)) for k in nest.sorted_keys(value)])
    if cls is int or cls is float or cls is bool:
        return (cls, value)
    try:
        hash(value)
    except TypeError:
        return Reference(value)
    return value


def _replace(value: Any, placeholders: list[Tensor]) -> Any:
    """The arguments with placeholders for tensors, in the order of :func:`_kind`."""
    if value.__class__ is Tensor or isinstance(value, (StaticTensor, np.ndarray, np.generic)):
        kind = value._aval if isinstance(value, Tensor) else convert_to_tensor(value)._aval
        placeholders.append(placeholder(kind))
        return placeholders[-1]
    if isinstance(value, (tuple, list)):
        return nest.same_type(value, [_replace(item, placeholders) for item in value])
    if isinstance(value, dict):
        made = {k: _replace(value[k], placeholders) for k in nest.sorted_keys(value)}
        return {k: made[k] for k in value}
    return value


def _unflatten(structure: Any, results: list[Tensor]) -> Any:
    if structure is None:
        return None
    if structure.__class__ is Tensor:
        return results[0]
    remaining = iter(results)
    return nest.map_structure(lambda leaf: None if leaf is None else next(remaining), structure)


def _signature_of(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):
        return None


def _without_first(signature: inspect.Signature | None) -> inspect.Signature | None:
    if signature is None:
        return None
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Any = None,
    autograph: bool = True,
    experimental_implements: Any = None,
    experimental_autograph_options: Any = None,
    experimental_relax_shapes: bool = False,
    experimental_compile: bool | None = None,
) -> Any:
    """Compiles a Python function of tensors; a decorator, with or without arguments.

    Args:
      func: the function.
      input_signature: a list of ``tf.TensorSpec``, one per argument; calls are checked against it.
      autograph, experimental_*: accepted; functions are always compiled by XLA here.

    Returns:
      A :class:`Function`, or a decorator if ``func`` is None.

    Raises:
      TypeError: ``input_signature`` is no list or tuple.
    """

    def decorate(inner: Callable[..., Any]) -> Function:
        return Function(inner, input_signature, autograph)

    return decorate if func is None else decorate(func)
