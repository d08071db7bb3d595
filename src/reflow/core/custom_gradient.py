"""``tf.custom_gradient``: a function that brings its own backward pass."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

from reflow.core import nest, record
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.lazy import jax, jnp
from reflow.core.op import Instruction, Primitive
from reflow.core.paths import shared
from reflow.core.tape import GradientTape
from reflow.core.tensor import Tensor, placeholder
from reflow.core.tracing import trace
from reflow.core.variable import Variable


def custom_gradient(f: Callable[..., Any] | None = None) -> Any:
    """Decorates a function that returns its result and the function that computes gradients.

    Args:
      f: ``f(*x)`` returns ``(y, grad_fn)``; ``grad_fn(*dy)`` returns one gradient per ``x``. If
        ``f`` reads trainable variables, ``grad_fn(*dy, variables)`` returns a pair: those gradients
        and a list with one per variable.

    Returns:
      A function that returns ``y``.

    Raises:
      TypeError: ``f`` reads variables and ``grad_fn`` takes no ``variables``.
    """
    if f is None:
        return custom_gradient

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        inputs = [convert_to_tensor(x) for x in nest.flatten(args)]
        arguments = nest.pack_sequence_as(args, inputs)
        returned, backward, variables = _forward(f, arguments, kwargs)
        results = [convert_to_tensor(y) for y in nest.flatten(returned)]
        capture = record.state.segment.capture
        if not record.state.segment.tapes and capture is None:
            return nest.pack_sequence_as(returned, results)
        call = functools.partial(_gradients, backward, variables, len(inputs))
        sources = [*inputs, *[v._read_kept() for v in variables]]
        attach = _attach if capture is None else _attach_traced
        return nest.pack_sequence_as(returned, attach(sources, results, call))

    return decorated


def _forward(f: Callable[..., Any], arguments: Any, kwargs: Any) -> tuple[Any, Any, list[Variable]]:
    """Runs ``f`` unseen by the open tapes; finds the variables that it reads."""
    paused = list(record.state.segment.tapes)
    for tape in paused:
        tape._stop()
    try:
        with GradientTape() as spy:
            returned, backward = f(*arguments, **kwargs)
    finally:
        for tape in paused:
            tape._start()
    variables = list(spy.watched_variables())
    if variables:
        specification = inspect.getfullargspec(backward)
        names = [*specification.args, *specification.kwonlyargs]
        if "variables" not in names and not specification.varkw:
            raise TypeError(
                "If using @custom_gradient with a function that uses variables, then grad_fn must "
                "accept a keyword argument 'variables'."
            )
    return returned, backward, variables


def _gradients(
    backward: Callable[..., Any], variables: list[Variable], count: int, *arriving: Tensor
) -> list[Tensor | None]:
    """Calls the user's backward function; one gradient per input and variable."""
    if variables:
        inner, outer = backward(*arriving, variables=variables)
        by_variable = nest.flatten(outer)
        if len(by_variable) != len(variables):
            raise ValueError(
                "Must return gradient for each variable from @custom_gradient grad_fn."
            )
    else:
        inner, by_variable = backward(*arriving), []
    by_input = nest.flatten(inner)
    if len(by_input) != count:
        raise ValueError(
            f"custom_gradient function expected to return {count} gradients but returned "
            f"{len(by_input)} instead."
        )
    return [None if g is None else convert_to_tensor(g) for g in [*by_input, *by_variable]]


# ---- in eager code: the sweep stops at the op and calls the Python function


def _results_rule(*avals: Aval, results: int) -> tuple[Aval, ...]:
    return avals[len(avals) - results :]


def _pass_results(*arrays: Any, results: int) -> tuple[Any, ...]:
    return arrays[len(arrays) - results :]


_marker = Primitive(_pass_results, "IdentityN", same=(), rule=_results_rule, reads=())


def _attach(
    sources: Sequence[Tensor], results: Sequence[Tensor], call: Callable[..., Any]
) -> Sequence[Tensor]:
    outputs = record.record(_marker.bind(results=len(results)), [*sources, *results])
    segment = outputs[0]._segment
    if segment is not None:
        segment.customs[outputs[0]._slot] = call
    return outputs  # type: ignore[no-any-return]


# ---- in a traced function: the backward pass is traced too, and becomes the op's VJP


def _attach_traced(
    sources: Sequence[Tensor], results: Sequence[Tensor], call: Callable[..., Any]
) -> Sequence[Tensor]:
    arriving = [placeholder(t._aval) for t in results]
    body, gradients, _ = trace(call, arriving, lambda: call(*arriving), nested=True)
    captured = [*[v._read_kept() for v in body.variables], *body.closures]
    has_gradient = tuple([g is not None for g in nest.flatten(gradients)])
    kinds = tuple([t._aval for t in results])
    function, rest = body.function, len(captured)
    key = ("IdentityN", body.key, has_gradient, kinds, rest)
    instruction = shared(key, lambda: _with_backward(function, has_gradient, kinds, rest))
    return record.record(instruction, [*sources, *results, *captured])  # type: ignore[no-any-return]


def _with_backward(
    function: Callable[..., tuple[Any, ...]],
    has_gradient: tuple[bool, ...],
    kinds: tuple[Aval, ...],
    rest: int,
) -> Instruction:
    """An op that hands on results, and whose VJP is a traced backward function.

    Args:
      function: takes the cotangents and what it captured.
      has_gradient: for each source, whether ``function`` gives a gradient.
      kinds: of the results, which come after the sources.
      rest: the number of captured values, which come last.
    """
    moving, fixed = len(has_gradient), len(kinds)

    @jax.custom_vjp
    def op(*arrays: Any) -> tuple[Any, ...]:
        return tuple(arrays[moving : moving + fixed])

    def forward(*arrays: Any) -> Any:
        return op(*arrays), arrays

    def backward(arrays: Any, cotangents: Any) -> tuple[Any, ...]:
        computed = iter(function(*cotangents, *arrays[moving + fixed :]))
        by_source = [
            next(computed) if given else jnp.zeros_like(array)
            for array, given in zip(arrays, has_gradient, strict=False)
        ]
        return (*by_source, *[_no_gradient(array) for array in arrays[moving:]])

    op.defvjp(forward, backward)
    primitive = Primitive(op, "IdentityN", same=(), rule=lambda *inputs: kinds)
    every, none = frozenset(range(fixed)), frozenset[int]()
    connected = [every if given else none for given in has_gradient]
    primitive.connections = lambda: [*connected, *[none] * (fixed + rest)]
    return primitive.plain


def _no_gradient(array: Any) -> Any:
    if jnp.issubdtype(array.dtype, jnp.inexact):
        return jnp.zeros_like(array)
    import numpy as np

    return np.zeros(array.shape, jax.dtypes.float0)


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """``f`` with the gradient of the identity: what arrives is handed on unchanged."""

    @custom_gradient
    def with_identity_gradient(*args: Any, **kwargs: Any) -> Any:
        def backward(*arriving: Any, **ignored: Any) -> Any:
            variables = ignored.get("variables")
            if variables is None:
                return arriving if len(arriving) > 1 else arriving[0]
            return arriving, [None] * len(variables)

        return f(*args, **kwargs), backward

    return with_identity_gradient  # type: ignore[no-any-return]


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """``f``; its values are recomputed in the backward pass instead of being kept.

    A tape keeps nothing here unless its code is run in the middle, so there is nothing to do.
    """
    return f
