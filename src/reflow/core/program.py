"""Programs: a path of the trie, compiled by XLA (or interpreted while it is rare) and run.

A program's outputs are the slots that somebody still wants, a bit mask. Three tiers, chosen by
counts and sizes only, never by the clock, so that a seeded program is reproducible:

1. interpreted with NumPy, for small data or code that runs once: as long as that costs less than
   compiling would;
2. compiled cheaply (no optimisation), which costs an eighth of
3. compiled in full, once it has proved hot.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from reflow.core import lazy, profile
from reflow.core.aval import Aval, aval
from reflow.core.errors import InternalError
from reflow.core.lazy import jax, jnp
from reflow.core.recipe import Linked

if TYPE_CHECKING:
    from reflow.core.record import Node
    from reflow.core.tensor import Tensor

GENERATED_RUNS = 30
"""Interpreted runs after which a path's list of NumPy calls becomes Python code."""
INTERPRETED_RUNS = 3000
"""Runs after which any path is compiled."""
INTERPRETED_WORK = 12_000_000
"""Elements that NumPy has handled for a path when it is compiled."""
INTERPRETED_SIZE = 200_000
"""Elements above which a path is compiled at once."""
HOST_BYTES = 4096
"""Bytes up to which a leaf stays a NumPy array, which is then cheaper to pass than to convert."""
HOT_WORK = 200_000_000
"""Elements that a cheaply compiled program has handled when it is compiled in full."""
UNSTABLE_MASKS = 4
"""Compilations of one path after which one program computes every slot."""
MASKS_KEPT = 64
"""Masks of one path for which the program that serves them is remembered."""


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
        self.function: Any = jax.jit(cheaply(self.trace), compiler_options=cheap_options())


def run(
    node: Node, mask: int, numbers: Sequence[float | int], tensors: Sequence[Tensor]
) -> dict[int, Any]:
    """Runs the path to ``node``; returns slot -> value for at least the slots in ``mask``."""
    scalars = numbers[: len(node.scalars)]
    leaves = tensors[: node.leaves]
    if node.runs < node.patience or lazy.forked or (_tier.numpy and node.patience >= 0):
        node.runs += 1
        values = _interpret(node, mask, leaves, scalars)
        if values is not None:
            profile.counters.interpreted += 1
            return values
        _check_process()
        node.patience = -1
    found = node.programs.get(mask) if node.programs else None
    if found is None:
        found = _serving(node, mask) or _new_program(node, mask)
        if len(node.programs) < MASKS_KEPT:
            node.programs[mask] = found
    elif found.mask != mask and found.uses > 200 and node.compiled < UNSTABLE_MASKS:
        found = node.programs[mask] = _new_program(node, mask)
    arguments = [_ready(leaf) for leaf in leaves]
    if scalars:
        arguments.append(np.array(scalars, np.float64))
    found.runs += 1
    profile.counters.runs += 1
    if found.runs == 1:
        start = time.perf_counter()
        results = found.function(*arguments)
        profile.compiled(time.perf_counter() - start, node.outputs)
    else:
        if found.runs == found.hot and cheap_options() is not None:
            _tier_up(found)
        results = found.function(*arguments)
    if found.mask != mask:
        found.uses += 1
    return dict(zip(found.slots, results, strict=True))


class _Tier(threading.local):
    """Whether this thread's paths are to be interpreted."""

    numpy = False


_tier = _Tier()


@contextmanager
def with_numpy() -> Iterator[None]:
    """In a block, paths are interpreted however large they are and often they run.

    For code whose shapes are ever new, such as pictures' from files: XLA would compile each.
    """
    before = _tier.numpy
    _tier.numpy = True
    try:
        yield
    finally:
        _tier.numpy = before


def is_with_numpy() -> bool:
    """Whether this thread is in such a block."""
    return _tier.numpy


def _check_process() -> None:
    if lazy.forked:
        raise RuntimeError(
            "tensors of this size or kind cannot be computed in a forked process, such as a worker "
            "with use_multiprocessing=True: compute them with NumPy there, or use threads"
        )


def patience(size: int) -> int:
    """How often a path that handles ``size`` elements is interpreted before it is compiled.

    As many times as cost about what one compilation does, so that neither is ever far wrong.
    """
    return 0 if size > INTERPRETED_SIZE else min(INTERPRETED_WORK // (size + 1), INTERPRETED_RUNS)


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


_tracing = threading.local()


def cheaply(trace: Callable[..., Any]) -> Callable[..., Any]:
    """A function to be compiled with ``cheap_options``: ops can tell while it is traced."""
    if cheap_options() is None:
        return trace

    def traced(*arguments: Any, **named: Any) -> Any:
        outer, _tracing.cheaply = compiles_cheaply(), True
        try:
            return trace(*arguments, **named)
        finally:
            _tracing.cheaply = outer

    return traced


def compiles_cheaply() -> bool:
    """Whether what is being traced will be compiled without optimisation.

    Code made of many small steps is slow then; calls of XLA's library routines are not.
    """
    return getattr(_tracing, "cheaply", False)


_options: list[Any] = []


def cheap_options() -> dict[str, Any] | None:
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
                inputs.append(("slot", reference) if reference >= 0 else ("leaf", -reference - 1))
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
        packed: Any = arguments[count] if numbers else None
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


def _link(node: Node, leaves: Sequence[Tensor]) -> Linked | None:
    """The path as one list of NumPy calls; None if it can't be."""
    resolved = steps(node)
    kinds: list[Aval] = [kind for place, _ in resolved for kind in place.avals]
    linked = Linked(node.leaves, [dtype.np.type for _, dtype in node.scalars])
    for place, inputs in resolved:
        avals, slots = [], []
        for source, index in inputs:
            if source == "slot":
                avals.append(kinds[index])
                slots.append(linked.computed[index])
            elif source == "leaf":
                avals.append(leaves[index]._aval)
                slots.append(index)
            else:
                avals.append(aval((), node.scalars[index][1]))
                slots.append(node.leaves + index)
        assert place.instruction is not None
        recipe = place.instruction.recipe(tuple(avals))
        if recipe is None:
            return None
        linked.add(recipe, slots)
    return linked


def _interpret(
    node: Node, mask: int, leaves: Sequence[Tensor], scalars: Sequence[float | int]
) -> dict[int, Any] | None:
    """Runs the path with NumPy; None if some op can't be."""
    found = node.linked.get(mask)
    if found is None:
        slots = [slot for slot in range(node.outputs) if mask >> slot & 1]
        linked = _link(node, leaves)
        if linked is None:
            return None
        found = node.linked[mask] = [slots, linked.runner(slots), 0]
    slots, run, runs = found
    found[2] = runs + 1
    if runs == GENERATED_RUNS and (linked := _link(node, leaves)) is not None:
        run = found[1] = linked.generated(slots)
    values = [v if (v := leaf._value).__class__ is np.ndarray else np.asarray(v) for leaf in leaves]
    return dict(zip(slots, run(values, scalars), strict=True))


def compute(instruction: Any, tensors: Sequence[Tensor]) -> list[np.ndarray[Any, Any]]:
    """One op on host values, now."""
    values = [tensor._value for tensor in tensors]
    recipe = instruction.recipe(tuple([tensor._aval for tensor in tensors]))
    if recipe is None:
        _check_process()
        results = jax.jit(instruction.fn)(*values)
        results = results if isinstance(results, (tuple, list)) else (results,)
        return [np.asarray(r) for r in results]
    linked = Linked(len(values), ())
    linked.add(recipe, range(len(values)))
    return linked.runner(range(len(recipe.outputs)))(values, ())


def _ready(leaf: Tensor) -> Any:
    """A leaf's value for XLA: a large host array goes to the device once, not at every run."""
    value = leaf._value
    if value.__class__ is np.ndarray and value.nbytes > HOST_BYTES and value.dtype.kind != "O":
        value = leaf._value = jnp.asarray(value)
    return value
