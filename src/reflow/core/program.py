"""Programs: a path of the trie, compiled by XLA (or interpreted while it is rare) and run.

A program's outputs are the slots that somebody still wants, a bit mask. Three tiers, chosen by
counts and sizes only, never by the clock, so that a seeded program is reproducible:

1. interpreted with NumPy, for code that runs once or a few times on small data;
2. compiled cheaply (no optimisation), which costs an eighth of
3. compiled in full, once it has proved hot.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reflow.core import profile
from reflow.core.aval import Aval
from reflow.core.errors import InternalError
from reflow.core.lazy import jax

if TYPE_CHECKING:
    from reflow.core.record import Node

INTERPRETED_RUNS = 12
"""Runs before a small program is compiled."""
INTERPRETED_SIZE = 200_000
"""Elements above which a program is compiled at once."""
HOT_WORK = 200_000_000
"""Elements that a cheaply compiled program has handled when it is compiled in full."""
UNSTABLE_MASKS = 4
"""Compilations of one path after which one program computes every slot."""


class Program:
    """A compiled path with a fixed set of outputs."""

    __slots__ = ("function", "hot", "mask", "runs", "slots", "trace", "uses")

    def __init__(self, node: Node, mask: int) -> None:
        self.mask = mask
        self.slots = [slot for slot in range(node.outputs) if mask >> slot & 1]
        self.trace = tracer(node, self.slots)
        self.runs = 0
        self.hot = max(HOT_WORK // (node.size + 1), 50)
        self.uses = 0  # times it served a smaller mask
        self.function: Any = jax.jit(self.trace, compiler_options=_cheap_options())


def run(
    node: Node, mask: int, numbers: Sequence[float | int], leaves: list[Any]
) -> dict[int, Any]:
    """Runs the path to ``node``; returns slot -> value for at least the slots in ``mask``."""
    scalars = numbers[: len(node.scalars)]
    found = node.programs.get(mask) if node.programs else None
    if found is None or (found.mask != mask and found.uses > 200 and len(node.programs) < 32):
        if found is None:
            if node.runs < INTERPRETED_RUNS and node.size <= INTERPRETED_SIZE:
                node.runs += 1
                values = _interpret(node, leaves, scalars)
                if values is not None:
                    profile.counters.interpreted += 1
                    return dict(enumerate(values))
                node.runs = INTERPRETED_RUNS
            found = _serving(node, mask)
        if found is None or found.uses > 200:
            found = _new_program(node, mask)
        node.programs[mask] = found
    arguments = leaves
    if scalars:
        arguments = [*leaves, np.array(scalars, np.float64)]
    found.runs += 1
    profile.counters.runs += 1
    if found.runs == 1:
        start = time.perf_counter()
        results = found.function(*arguments)
        profile.compiled(time.perf_counter() - start, node.outputs)
    else:
        if found.runs == found.hot and _cheap_options() is not None:
            _tier_up(found)
        results = found.function(*arguments)
    if found.mask != mask:
        found.uses += 1
    return dict(zip(found.slots, results, strict=True))


def _serving(node: Node, mask: int) -> Program | None:
    """A program that computes at least the wanted slots."""
    for candidate in node.programs.values():
        if candidate.mask & mask == mask:
            return candidate  # type: ignore[no-any-return]
    return None


def _new_program(node: Node, mask: int) -> Program:
    """Compiles; where the wanted slots keep changing, for all slots that were ever wanted."""
    if node.compiled >= UNSTABLE_MASKS:
        mask = (1 << node.outputs) - 1
    elif node.compiled >= 2:
        for other in node.programs.values():
            mask |= other.mask
    node.compiled += 1
    return Program(node, mask)


def _tier_up(program: Program) -> None:
    trace = program.trace

    def in_full(*arguments: Any) -> Any:
        return trace(*arguments)

    program.function = jax.jit(in_full)
    profile.counters.tier_ups += 1


_options: list[Any] = []


def _cheap_options() -> dict[str, Any] | None:
    """XLA options that compile fast; None where they are unknown or the device is no CPU."""
    if not _options:
        _options.append(_probe_options())
    return _options[0]  # type: ignore[no-any-return]


def _probe_options() -> dict[str, Any] | None:
    if jax.default_backend() != "cpu":
        return None
    options: dict[str, Any] = {"xla_backend_optimization_level": 0}
    if tuple(map(int, jax.__version__.split(".")[:2])) < (0, 11):
        options |= {"xla_cpu_use_fusion_emitters": False, "xla_cpu_parallel_codegen_split_count": 1}
    return options


# ---- from a path to a function


def path(node: Node) -> list[Node]:
    """The nodes from the root's child to ``node``."""
    nodes = []
    place: Node | None = node
    while place is not None and place.parent is not None:
        nodes.append(place)
        place = place.parent
    nodes.reverse()
    return nodes


def steps(node: Node) -> list[tuple[Node, list[tuple[str, int]]]]:
    """The path with each input resolved: ``("slot", n)``, ``("leaf", n)`` or ``("scalar", n)``."""
    resolved = []
    leaves = scalars = 0
    for place in path(node):
        inputs: list[tuple[str, int]] = []
        for reference in place.key[1:]:
            if reference.__class__ is int:
                inputs.append(
                    ("slot", reference) if reference >= 0 else ("leaf", -reference - 1)
                )
            elif reference.__class__ is Aval:
                inputs.append(("leaf", leaves))
                leaves += 1
            elif reference.__class__ is not type:
                inputs.append(("scalar", reference.index))
            else:
                inputs.append(("scalar", scalars))
                scalars += 1
        resolved.append((place, inputs))
    return resolved


def tracer(node: Node, slots: Sequence[int]) -> Callable[..., list[Any]]:
    """The path as a function ``(*leaves[, packed scalars]) -> values of the slots``."""
    resolved = steps(node)
    count, numbers = node.leaves, node.scalars

    def program(*arguments: Any) -> list[Any]:
        leaves = arguments[:count]
        packed = arguments[count] if numbers else None
        values = [packed[i].astype(dtype.np) for i, (_, dtype) in enumerate(numbers)]
        return _evaluate(resolved, slots, leaves, values)

    return program


def _evaluate(
    resolved: Sequence[Any], slots: Sequence[int], leaves: Sequence[Any], scalars: Sequence[Any]
) -> list[Any]:
    computed: list[Any] = []
    sources = {"slot": computed, "leaf": leaves, "scalar": scalars}
    for place, inputs in resolved:
        result = place.instruction.fn(*[sources[kind][index] for kind, index in inputs])
        results = (result,) if place.single else result
        for value, expected in zip(results, place.avals, strict=True):
            if value.shape != expected.shape or value.dtype != expected.np:
                raise InternalError(
                    None,
                    None,
                    f"{place.instruction!r} was said to give {expected} but gives "
                    f"{value.dtype}{list(value.shape)}: its rule is wrong",
                )
            computed.append(value)
    return [computed[slot] for slot in slots]


def _interpret(
    node: Node, leaves: list[Any], scalars: Sequence[float | int]
) -> list[Any] | None:
    """Runs the path op by op with NumPy; None if some op can't be."""
    plan = []
    for place, inputs in steps(node):
        avals = tuple(_input_aval(node, place, kind, index, leaves) for kind, index in inputs)
        closed, _ = place.instruction.jaxpr(avals)
        function = _evaluator(place.instruction, avals, closed)
        if function is None:
            return None
        plan.append((function, inputs))
    computed: list[Any] = []
    numbers = [
        np.asarray(value, dtype.np)
        for value, (_, dtype) in zip(scalars, node.scalars, strict=True)
    ]
    sources = {
        "slot": computed,
        "leaf": [np.asarray(leaf) for leaf in leaves],
        "scalar": numbers,
    }
    for function, inputs in plan:
        computed += function([sources[kind][index] for kind, index in inputs])
    return computed


def _input_aval(node: Node, place: Node, kind: str, index: int, leaves: list[Any]) -> Aval:
    from reflow.core.aval import aval, of_value

    if kind == "leaf":
        return of_value(leaves[index])
    if kind == "scalar":
        return aval((), node.scalars[index][1])
    source: Node | None = place
    while source is not None and source.first > index:
        source = source.parent
    assert source is not None
    return source.avals[index - source.first]


def compute(
    instruction: Any, avals: tuple[Aval, ...], closed: Any, tensors: Sequence[Any]
) -> list[np.ndarray[Any, Any]]:
    """One op on host values, now."""
    function = _evaluator(instruction, avals, closed)
    values = [tensor._value for tensor in tensors]
    if function is None:
        results = jax.jit(instruction.fn)(*values)
        results = results if isinstance(results, (tuple, list)) else (results,)
        return [np.asarray(r) for r in results]
    return function(values)  # type: ignore[no-any-return]


_evaluators: dict[Any, Any] = {}


def _evaluator(instruction: Any, avals: tuple[Aval, ...], closed: Any) -> Any:
    key = (instruction, avals)
    if key not in _evaluators:
        if len(_evaluators) > 4096:
            _evaluators.clear()
        from reflow.core.interpret import evaluator  # not needed by programs that are compiled at once

        _evaluators[key] = evaluator(closed)
    return _evaluators[key]
