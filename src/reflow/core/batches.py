"""A traced function run over the batches of arrays: one compiled program for many calls.

The arrays lie on the device once. A program takes rows of them by an order, calls the function,
and keeps its variables, for several batches in a row without coming back to Python. What a batch
gives is stacked. Variables are read when a program starts and assigned when it ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reflow.core import profile, record
from reflow.core.lazy import jax, jnp, lax
from reflow.core.program import HOT_WORK, cheap_options, cheaply
from reflow.core.tensor import tensor_from_value
from reflow.core.tracing import Body

_NO_LOOPS = frozenset(
    """conv_general_dilated reduce_window reduce_window_max reduce_window_sum reduce_window_min
    select_and_scatter_add select_and_gather_add while scan sort cholesky lu qr eigh svd fft
    triangular_solve""".split()
)
"""XLA's CPU compiler runs these several times slower inside loops, or they are loops themselves."""

_LOOPS = frozenset(("while", "scan"))


class BatchProgram:
    """A traced function of one batch, to be run on many.

    Args:
      body: the function; its arguments are the batch's parts.
      batch: rows per batch; None if the arrays are one batch.
      most: the largest number of batches in one run.
      ordered: whether rows are taken by an order (else they are taken as they lie).
      cheap: whether to compile fast rather than well, until the program has proved hot.
    """

    def __init__(
        self, body: Body, batch: int | None, most: int, *, ordered: bool, cheap: bool
    ) -> None:
        self._body = body
        self._batch = batch
        self._ordered = ordered
        self._runs = 0
        found = self._primitives()
        on_cpu = jax.default_backend() == "cpu"
        self.most = 1 if on_cpu and found & _NO_LOOPS else most
        # A loop runs its body many times, whatever the number of elements says.
        self._cheap = cheap and not found & _LOOPS and cheap_options() is not None
        self._work = 0  # elements handled so far
        self._function = self._looped() if self.most > 1 else self._single()
        self._program = (
            jax.jit(cheaply(self._function), compiler_options=cheap_options())
            if self._cheap
            else jax.jit(self._function)
        )

    def _primitives(self) -> set[str]:
        """The names of all JAX primitives in the function."""
        kinds = [jax.ShapeDtypeStruct(a.shape, a.np) for a in self._body.inputs_avals()]
        return _primitives_in(jax.make_jaxpr(self._body.function)(*kinds).jaxpr)

    def _rows(self, data: Any, order: Any, first: Any) -> Any:
        """One batch: rows ``first`` to ``first + batch``, of the order or of the arrays."""
        if self._batch is None:
            return data
        if not self._ordered:
            return [lax.dynamic_slice_in_dim(part, first, self._batch) for part in data]
        rows = lax.dynamic_slice_in_dim(order, first, self._batch)
        return [part.at[rows].get(mode="promise_in_bounds") for part in data]

    def _step(self) -> Callable[..., Any]:
        """``step(variables, arguments, streams, closures) -> (results, variables)``."""
        body = self._body
        places = [next(i for i, v in enumerate(body.variables) if v is w) for w in body.written]
        after = body.count + len(body.written)

        def step(variables: Any, arguments: Any, streams: Any, closures: Any) -> Any:
            outputs = body.function(*arguments, *variables, *streams, *closures)
            variables = list(variables)
            for place, value in zip(places, outputs[body.count : after], strict=True):
                variables[place] = value
            return [*outputs[: body.count], *outputs[after:]], variables

        return step

    def _single(self) -> Callable[..., Any]:
        step = self._step()

        def program(
            variables: Any,
            closures: Any,
            data: Any,
            order: Any,
            first: Any,
            count: Any,
            states: Any,
        ) -> Any:
            streams = [state[0] for state in states]
            results, variables = step(variables, self._rows(data, order, first), streams, closures)
            return [jnp.asarray(r)[None] for r in results], variables

        return program

    def _looped(self) -> Callable[..., Any]:
        step, batch, most = self._step(), self._batch, self.most

        def program(
            variables: Any,
            closures: Any,
            data: Any,
            order: Any,
            first: Any,
            count: Any,
            states: Any,
        ) -> Any:
            def once(i: Any, carried: Any) -> Any:
                variables, stacks = carried
                streams = [lax.dynamic_index_in_dim(s, i, keepdims=False) for s in states]
                rows = self._rows(data, order, first + i * batch)
                results, variables = step(variables, rows, streams, closures)
                stacks = [
                    lax.dynamic_update_index_in_dim(stack, jnp.asarray(r), i, 0)
                    for stack, r in zip(stacks, results, strict=True)
                ]
                return variables, stacks

            kinds, _ = jax.eval_shape(
                lambda: step(
                    variables, self._rows(data, order, first), [s[0] for s in states], closures
                )
            )
            stacks = [jnp.zeros((most, *k.shape), k.dtype) for k in kinds]
            variables, stacks = lax.fori_loop(0, count, once, (list(variables), stacks))
            return stacks, variables

        return program

    def run(self, data: Sequence[Any], order: Any, first: int, count: int) -> list[Any]:
        """Runs the function on ``count`` batches from row ``first`` on, and assigns its variables.

        Args:
          data: the arrays, on the device.
          order: the order of their rows, an int32 array on the device, or None.
          first: where to start.
          count: how many batches, at most ``most``.

        Returns:
          For each result of the function an array whose first axis is the batches'.

        Raises:
          Whatever a check of the function finds wrong in a batch; the variables are then left as
          they were.
        """
        body = self._body
        if first == 0:  # between passes, so that the clock's share in `count` changes no result
            self._tier_up()
        self._work += body.size * count
        variables = [device_array(v._current()) for v in body.variables]
        closures = [device_array(t) for t in body.closures]
        states = []
        for stream in body.streams:
            drawn = [stream.advance() for _ in range(count)]
            for part in zip(*drawn, strict=True):
                stacked = np.stack(part)
                if count < self.most:
                    padding = np.zeros((self.most - count, *stacked.shape[1:]), stacked.dtype)
                    stacked = np.concatenate([stacked, padding])
                states.append(stacked)
        self._runs += 1
        start = time.perf_counter() if self._runs == 1 else 0.0
        stacks, after = self._program(
            variables, closures, data, order, np.int32(first), np.int32(count), states
        )
        if self._runs == 1:
            profile.compiled(time.perf_counter() - start, 1)
        profile.counters.runs += 1
        for found, (_, raiser) in zip(stacks[body.count :], body.checks, strict=True):
            host = np.asarray(found)[:count].reshape(count, -1)
            if host.size and (bad := host[:, 0] >= 0).any():
                raiser(np.asarray(found)[int(bad.argmax())])
        written = {id(v) for v in body.written}
        for variable, value in zip(body.variables, after, strict=True):
            if id(variable) in written:
                variable._set(tensor_from_value(value))
        return list(stacks[: body.count])

    def _tier_up(self) -> None:
        """Compiles in full what was compiled cheaply, once it has done much work."""
        if self._cheap and self._work >= HOT_WORK:
            self._cheap = False
            self._program = jax.jit(self._function)
            profile.counters.tier_ups += 1


def to_device(array: Any) -> Any:
    """A copy of an array on the device; later writes to the array do not reach it."""
    return jnp.array(array, copy=True)


def device_array(tensor: Any) -> Any:
    """A tensor's value for a compiled program."""
    if tensor._value is None:
        record.realize(tensor)
    value = tensor._value
    if value.__class__ is np.ndarray and value.nbytes > 4096:
        value = tensor._value = jnp.asarray(value)
    return value


def _primitives_in(jaxpr: Any) -> set[str]:
    """The names of the primitives in a jaxpr and those inside it."""
    found: set[str] = set()
    for equation in jaxpr.eqns:
        found.add(equation.primitive.name)
        for value in equation.params.values():
            for inner in value if isinstance(value, (list, tuple)) else [value]:
                inner = getattr(inner, "jaxpr", inner)
                if hasattr(inner, "eqns"):
                    found |= _primitives_in(inner)
    return found
