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
from reflow.core.backprop import Token, flow_masks, steps_of
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import uint32
from reflow.core.errors import UnimplementedError
from reflow.core.lazy import jnp
from reflow.core.op import Instruction, Primitive
from reflow.core.program import run, steps, tracer
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
from reflow.core.variable import Variable, read_assigned


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
