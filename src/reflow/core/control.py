"""Control flow inside traced functions: branches, loops and scans as single ops.

Each branch or loop body is traced like a function (:mod:`function`); what it reads from outside
becomes inputs of the op, and variables that it assigns become outputs (carried by loops).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow.core import nest
from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.tracing import Body, trace
from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive
from reflow.core.tensor import Tensor, placeholder
from reflow.core.variable import Variable


class _Shared:
    """The outside inputs of several bodies, brought to one list: variables, then closures."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        variables: dict[int, Variable] = {}
        closures: dict[int, Tensor] = {}
        written: dict[int, Variable] = {}
        for body in bodies:
            variables.update({id(v): v for v in body.variables})
            written.update({id(v): v for v in body.written})
            closures.update({id(t): t for t in body.closures})
        self.variables = list(variables.values())
        self.written = list(written.values())
        self.closures = list(closures.values())
        self._positions = {id(v): i for i, v in enumerate(self.variables)}
        self._closure_positions = {id(t): i for i, t in enumerate(self.closures)}

    def inputs(self) -> list[Tensor]:
        return [*[v._read_tensor() for v in self.variables], *self.closures]

    def runner(self, body: Body) -> Callable[..., tuple[list[Any], list[Any]]]:
        """``run(arguments, variables, closures) -> (results, variables after)`` on arrays."""
        picks = [self._positions[id(v)] for v in body.variables]
        closure_picks = [self._closure_positions[id(t)] for t in body.closures]
        places = [self._positions[id(v)] for v in body.written]

        def run(
            arguments: Sequence[Any], variables: Sequence[Any], closures: Sequence[Any]
        ) -> tuple[list[Any], list[Any]]:
            outputs = body.function(
                *arguments, *[variables[i] for i in picks], *[closures[i] for i in closure_picks]
            )
            after = list(variables)
            for place, value in zip(places, outputs[body.count :], strict=False):
                after[place] = value
            return list(outputs[: body.count]), after

        return run

    def assign(self, outputs: Sequence[Tensor]) -> None:
        """Hands the new values of assigned variables to the function around."""
        for variable, value in zip(self.written, outputs, strict=True):
            variable._set(value)

    def new_values(self, variables: Sequence[Any]) -> list[Any]:
        return [variables[self._positions[id(v)]] for v in self.written]


def branch(index: Any, functions: Sequence[Callable[[], Any]], name: str) -> Any:
    """Runs the function that ``index`` (a scalar; clamped to the last) chooses.

    Raises:
      TypeError: the functions return different structures, dtypes or shapes.
    """
    traced = [trace(f, [], f, nested=True) for f in functions]
    bodies = [body for body, _, _ in traced]
    structures = [structure for _, structure, _ in traced]
    kinds = [[t._aval for t in nest.flatten(s) if t is not None] for s in structures]
    if any(k != kinds[0] for k in kinds[1:]):
        raise TypeError(
            f"{name}: all branches must return the same structure, dtypes and shapes inside a "
            f"compiled function, got {kinds}"
        )
    shared = _Shared(bodies)
    runs = [shared.runner(body) for body in bodies]
    variable_count = len(shared.variables)

    def op(chosen: Any, *inputs: Any) -> tuple[Any, ...]:
        variables, closures = inputs[:variable_count], inputs[variable_count:]

        def branch_of(run: Any) -> Callable[..., tuple[Any, ...]]:
            def one(variables: Any, closures: Any) -> tuple[Any, ...]:
                results, after = run([], variables, closures)
                return (*results, *shared.new_values(after))

            return one

        outputs: tuple[Any, ...] = lax.switch(
            jnp.asarray(chosen, jnp.int32), [branch_of(r) for r in runs], variables, closures
        )
        return outputs

    outputs = Primitive(op, name, same=())(index, *shared.inputs())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    count = bodies[0].count
    shared.assign(outputs[count:])
    remaining = iter(outputs[:count])
    structure = structures[0]
    if structure is None or isinstance(structure, Tensor):
        return None if structure is None else next(remaining)
    return nest.map_structure(lambda t: None if t is None else next(remaining), structure)


def loop(
    condition: Callable[..., Any],
    body: Callable[..., Any],
    variables: Sequence[Tensor],
    maximum: Any,
) -> list[Tensor]:
    """``while condition(*variables): variables = body(*variables)`` as one op."""
    arguments = [placeholder(t._aval) for t in variables]
    test, _, _ = trace(
        condition, arguments, lambda: condition(*arguments), nested=True, repeats=True
    )
    step, _, _ = trace(body, arguments, lambda: body(*arguments), nested=True, repeats=True)
    kinds = [t._aval for t in step.outputs[: step.count]]
    if kinds != [t._aval for t in variables]:
        raise ValueError(
            "while_loop: inside a compiled function the loop variables must keep their dtypes and "
            f"shapes; they enter as {[t._aval for t in variables]} and come back as {kinds}"
        )
    shared = _Shared([test, step])
    run_test, run_step = shared.runner(test), shared.runner(step)
    count, variable_count = len(variables), len(shared.variables)
    bounded = maximum is not None

    def op(*inputs: Any) -> tuple[Any, ...]:
        limit, *inputs = inputs if bounded else (None, *inputs)  # type: ignore[assignment]
        carried = list(inputs[:count])
        state = list(inputs[count : count + variable_count])
        closures = inputs[count + variable_count :]

        def go_on(value: Any) -> Any:
            done, carried, state = value
            more = jnp.reshape(run_test(carried, state, closures)[0][0], ())
            return jnp.logical_and(more, done < limit) if bounded else more

        def once(value: Any) -> Any:
            done, carried, state = value
            carried, state = run_step(carried, state, closures)
            return done + 1, carried, state

        start = (jnp.zeros((), jnp.int64), carried, state)
        _, carried, state = lax.while_loop(go_on, once, start)
        return (*carried, *shared.new_values(state))

    first = [convert_to_tensor(maximum)] if bounded else []
    outputs = Primitive(op, "While", same=())(*first, *variables, *shared.inputs())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    shared.assign(outputs[count:])
    return list(outputs[:count])


def scan(
    function: Callable[..., tuple[list[Tensor], list[Tensor]]],
    carried: Sequence[Tensor],
    elements: Sequence[Tensor],
    reverse: bool = False,
) -> tuple[list[Tensor], list[Tensor]]:
    """Runs ``carried, outputs = function(carried, element)`` over the first axis, as one op.

    Returns:
      What is carried at the end, and the outputs stacked.
    """
    counts = len(carried), len(elements)
    arguments = [placeholder(t._aval) for t in carried]
    arguments += [placeholder(aval(t._aval.shape[1:], t._aval.dtype)) for t in elements]

    def call() -> list[Tensor]:
        after, outputs = function(arguments[: counts[0]], arguments[counts[0] :])
        return [*after, *outputs]

    step, _, _ = trace(call, arguments, call, nested=True, repeats=True)
    shared = _Shared([step])
    run = shared.runner(step)
    variable_count = len(shared.variables)

    def op(*inputs: Any) -> tuple[Any, ...]:
        start = list(inputs[: counts[0]])
        sequences = list(inputs[counts[0] : sum(counts)])
        state = list(inputs[sum(counts) : sum(counts) + variable_count])
        closures = inputs[sum(counts) + variable_count :]

        def once(value: Any, row: Any) -> Any:
            carried, state = value
            results, state = run([*carried, *row], state, closures)
            return (results[: counts[0]], state), results[counts[0] :]

        (after, state), outputs = lax.scan(once, (start, state), sequences, reverse=reverse)
        return (*after, *outputs, *shared.new_values(state))

    outputs = Primitive(op, "Scan", same=())(*carried, *elements, *shared.inputs())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    shared.assign(outputs[step.count :])
    return list(outputs[: counts[0]]), list(outputs[counts[0] : step.count])


__all__ = ["branch", "loop", "scan"]
