"""``tf.function``: a Python function traced once per kind of arguments into one op.

Tracing records the function's ops into a private segment that is never run; arguments and whatever
the function reads from outside are its leaves. The path, as an op, is then recorded in the caller's
segment like any other, so calls fuse with the code around them and tapes see through them.
Variables that the function read are inputs of that op, those it assigned are outputs.
"""

from __future__ import annotations

import functools
import importlib
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core import nest, record
from reflow.core.concrete import ConcreteFunction
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import NeedsEagerError
from reflow.core.logging import warn
from reflow.core.signatures import (
    check_signature,
    fit_signature,
    is_dead,
    is_tensor,
    kind_of,
    named_arguments,
    positional_names,
    signature_of,
    unique,
    with_placeholders,
    without_first,
)
from reflow.core.tensor import Tensor
from reflow.core.tracing import Body, Capture, trace
from reflow.core.variable import Variable

_NOT_TWICE = "tf.function-decorated function tried to create variables on non-first call."
_NOT_AGAIN = "Creating variables on a non-first call to a function decorated with tf.function."

_eager_switch = [False]


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Makes every ``tf.function`` run as plain Python, for debugging."""
    _eager_switch[0] = bool(run_eagerly)


def _as_tensor(value: Any) -> Any:
    if isinstance(value, (bool, int, float, complex, str, bytes, np.ndarray, np.generic, Variable)):
        return convert_to_tensor(value)
    return value


def convert(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function whose ``if``, ``while`` and ``for`` on tensors can be traced (AutoGraph)."""
    # AutoGraph is written on the public ops, so it is above the core.
    conversion = importlib.import_module("reflow.autograph.conversion")
    converted: Callable[..., Any] = conversion.converted(function)
    return converted


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
        self._python_function = python_function
        self._input_signature = check_signature(input_signature)
        self._autograph = autograph
        self._name = name or getattr(python_function, "__name__", "function")
        self._signature = signature_of(python_function)
        self._parameters = positional_names(self._signature)
        self._method: tuple[Callable[..., Any], weakref.ref[Any]] | None = None
        self._needs_eager = False  # uses something that only works value by value
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

            method.__signature__ = without_first(self._signature)  # type: ignore[attr-defined]
            bound = Function(method, self._input_signature, self._autograph, self._name)
            bound._method = function, reference
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
        if _eager_switch[0] or self._needs_eager:
            return self._as_python(args, kwargs)
        bound = self._bind(args, kwargs)
        tensors: list[Tensor] = []
        key = kind_of(bound, tensors)
        found = self._bodies.get(key)
        if found is None:
            try:
                found = self._add_body(key, bound, tensors)
            except NeedsEagerError as error:
                return self._run_as_python(error, args, kwargs)
        body, structure = found
        if record.state.segment.capture is None:
            record.enter_step()
        return body.results_of(structure, tensors)

    def _run_as_python(self, error: Exception, args: Any, kwargs: Any) -> Any:
        """Gives up compiling: this call and all later ones run the Python function itself."""
        result = self._as_python(args, kwargs)
        self._needs_eager = True
        warn(f"{self._name} is not compiled: {error}")
        return result

    def _as_python(self, args: Any, kwargs: Any) -> Any:
        """What the Python function returns, numbers as tensors, as compiled code would."""
        returned = self._python_function(*args, **kwargs)
        if _eager_switch[0]:
            return returned
        return nest.map_structure(_as_tensor, returned, expand_composites=True)

    def _bind(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments in the order of the function's parameters, defaults filled in."""
        if self._input_signature is not None:
            return fit_signature(self._input_signature, self._parameters, args, kwargs), {}
        if self._signature is not None and (kwargs or len(args) != self._plain_count):
            try:
                bound = self._signature.bind(*args, **kwargs)
            except TypeError as error:
                raise TypeError(f"{self._name}(): {error}") from None
            bound.apply_defaults()
            return bound.args, bound.kwargs
        return args, kwargs

    @functools.cached_property
    def _plain_count(self) -> int:
        """The number of parameters if all are plain positional ones without defaults, else -1."""
        if self._signature is None:
            return -1
        parameters = self._signature.parameters.values()
        simple = all(p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty for p in parameters)
        return len(parameters) if simple else -1

    def _body_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Body, Any]:
        """The trace for arguments like these."""
        if self._input_signature is None:
            args, kwargs = self._bind(args, kwargs)
        key = kind_of((args, kwargs), [])
        return self._bodies.get(key) or self._add_body(key, (args, kwargs), None)

    def _add_body(self, key: Any, bound: Any, values: list[Tensor] | None) -> tuple[Body, Any]:
        with self._lock:
            found = self._bodies.get(key)
            if found is None:
                for other in [other for other in self._bodies if is_dead(other)]:
                    del self._bodies[other]
                found = self._bodies[key] = self._trace(bound, values)
        return found

    def _trace(self, bound: Any, values: list[Tensor] | None) -> tuple[Body, Any]:
        if any(getattr(leaf, "_is_read_outside", False) for leaf in nest.flatten(bound)):
            raise NeedsEagerError("it reads a dataset, which compiled code can't")
        placeholders: list[Tensor] = []
        args, kwargs = with_placeholders(bound, placeholders)
        named = named_arguments(args, kwargs, self._signature)
        names = unique([item.base for item in named if is_tensor(item.value)])

        to_trace = self._converted() if self._autograph else self._python_function

        def call() -> Any:
            return to_trace(*args, **kwargs)

        def traced(refusal: str | None) -> tuple[Body, Any, Capture]:
            function = self._python_function
            return trace(
                function, placeholders, call, refusal,
                names=names, values=values, autograph=self._autograph,
            )  # fmt: skip

        body, structure, capture = traced(_NOT_AGAIN if self._traced else None)
        self._traced = True
        if capture.created:
            # As TF does: what the first trace created exists now, so trace again without creating.
            self._created = [weakref.ref(v) for v in capture.created]
            body, structure, _ = traced(_NOT_TWICE)
        return body, structure

    def _converted(self) -> Callable[..., Any]:
        """The Python function with its control flow converted."""
        if self._method is None:
            return convert(self._python_function)
        function, reference = self._method
        return functools.partial(convert(function), reference())

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """The trace for arguments (or ``tf.TensorSpec``s) like these."""
        if self._input_signature is not None and not args and not kwargs:
            args = self._input_signature
        args, kwargs = self._bind_specs(args, kwargs)
        return ConcreteFunction(self, args, kwargs)

    def _bind_specs(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if self._signature is None or self._input_signature is not None:
            return args, kwargs
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.args, bound.kwargs


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
      autograph: convert ``if``, ``while``, ``for``, ``and``, ``or`` and ``not`` on tensors.
      experimental_*: accepted; functions are always compiled by XLA here.

    Returns:
      A :class:`Function`, or a decorator if ``func`` is None.

    Raises:
      TypeError: ``input_signature`` is no list or tuple, or ``func`` is not callable.
    """

    def decorate(inner: Callable[..., Any]) -> Function:
        if not callable(inner):
            raise TypeError(f"unsupported callable: tf.function takes a function, got {inner!r}")
        return Function(inner, input_signature, autograph)

    return decorate if func is None else decorate(func)
