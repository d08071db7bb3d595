"""The reverse sweep: from a path of ops to one op that computes gradients.

A *token* names a value on a path: n >= 0 an output slot, n < 0 a leaf, ``("scalar", n)`` a Python
number (and any int at all once :mod:`sweep` has joined several paths).
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from reflow.core import effects
from reflow.core.aval import Aval
from reflow.core.lazy import jax, jnp
from reflow.core.op import Instruction, Primitive
from reflow.core.program import steps

if TYPE_CHECKING:
    from reflow.core.record import Node

Token = int | tuple[str, int]


class Step(NamedTuple):
    """An op on a path."""

    instruction: Instruction
    inputs: tuple[Token, ...]
    outputs: tuple[Token, ...]
    kinds: tuple[Aval, ...]  # of the outputs
    active: tuple[int, ...] = ()  # positions of the inputs that gradients flow to
    custom: Any = None  # the backward function of a custom-gradient op


def steps_of(node: Node, start: int) -> list[Step]:
    """The ops on the path to ``node`` whose output slots are ``start`` or later."""
    found = []
    for place, inputs in steps(node):
        if place.first < start:
            continue
        tokens: list[Token] = []
        for kind, index in inputs:
            tokens.append(
                index if kind == "slot" else -index - 1 if kind == "leaf" else (kind, index)
            )
        outputs = tuple(range(place.first, place.outputs))
        assert place.instruction is not None
        found.append(Step(place.instruction, tuple(tokens), outputs, place.avals))
    return found


def forward_reach(
    path: Iterable[Step], roots: Iterable[Token], is_root: Callable[[Step], bool]
) -> tuple[list[Step], set[Token]]:
    """The ops that gradients can flow through, given what is watched, and what they reach.

    No gradient flows through an op that is not differentiable, but as in TF one may be asked for
    what comes after it: ``y = tf.stop_gradient(x); z = y * y; tape.gradient(z, y)``.
    """
    reached: set[Token] = set(roots)
    found = []
    for step in path:
        if is_root(step):
            reached.update(step.outputs)
            continue
        primitive = step.instruction.primitive
        if not primitive.differentiable and primitive.connections is not None:
            continue  # reading a variable
        active = [i for i, token in enumerate(step.inputs) if token in reached]
        if not active:
            continue
        connected = _float_outputs(step, _outputs_from(step, active))
        if primitive.is_call or not primitive.differentiable:
            reached.update(_float_outputs(step, range(len(step.outputs))))
        else:
            reached.update(connected)
        if primitive.differentiable and connected:
            found.append(step._replace(active=tuple(active)))
    return found, reached


def _float_outputs(step: Step, positions: Iterable[int]) -> list[Token]:
    return [
        step.outputs[j]
        for j in positions
        if step.kinds[j].dtype.is_floating or step.kinds[j].dtype.is_complex
    ]


def _outputs_from(step: Step, inputs: Sequence[int]) -> Sequence[int]:
    """The positions of the outputs that the inputs at some positions are connected to."""
    if not inputs:
        return ()
    connections = step.instruction.primitive.connections
    if connections is None:
        return range(len(step.outputs))
    flows = connections()
    return sorted(frozenset().union(*[flows[i] for i in inputs]))


def _inputs_from(step: Step, outputs: Sequence[int]) -> tuple[int, ...]:
    """The positions of the active inputs that the outputs at some positions are connected to."""
    connections = step.instruction.primitive.connections
    if connections is None:
        return step.active
    flows = connections()
    return tuple([i for i in step.active if not flows[i].isdisjoint(outputs)])


def flow_masks(path: Iterable[Step], start: dict[Token, int]) -> dict[Token, int]:
    """For each token the bit mask of the inputs that gradients reach from it.

    Args:
      path: the ops of a function.
      start: the masks of the function's own inputs: one bit each.
    """
    masks = dict(start)
    for step in path:
        primitive = step.instruction.primitive
        if not primitive.differentiable and primitive.connections is None:
            continue
        flows = None if primitive.connections is None else primitive.connections()
        for j, (out, kind) in enumerate(zip(step.outputs, step.kinds, strict=True)):
            mask = 0
            if kind.dtype.is_floating or kind.dtype.is_complex:
                for i, token in enumerate(step.inputs):
                    if flows is None or j in flows[i]:
                        mask |= masks.get(token, 0)
            if mask:
                masks[out] = mask
    return masks


def jaxpr_connections(closed_jaxpr: Any) -> tuple[frozenset[int], ...]:
    """For each input of a jaxpr, the outputs that depend on it."""
    masks: dict[Any, int] = {v: 1 << i for i, v in enumerate(closed_jaxpr.jaxpr.invars)}
    outputs = _output_masks(closed_jaxpr.jaxpr, masks)
    count = len(closed_jaxpr.jaxpr.invars)
    return tuple(
        [frozenset(j for j, mask in enumerate(outputs) if mask >> i & 1) for i in range(count)]
    )


def _output_masks(jaxpr: Any, masks: dict[Any, int]) -> list[int]:
    def read(atom: Any) -> int:
        return 0 if hasattr(atom, "val") else masks.get(atom, 0)

    for equation in jaxpr.eqns:
        inputs = [read(atom) for atom in equation.invars]
        inner = equation.params.get("jaxpr") if equation.primitive.name in ("jit", "pjit") else None
        if inner is not None:
            outputs = _output_masks(inner.jaxpr, dict(zip(inner.jaxpr.invars, inputs, strict=True)))
        else:
            outputs = [_union(inputs)] * len(equation.outvars)
        masks.update(zip(equation.outvars, outputs, strict=True))
    return [read(atom) for atom in jaxpr.outvars]


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def read_tokens(step: Step) -> list[Token]:
    """The inputs and outputs whose values the op's VJP reads."""
    primitive = step.instruction.primitive
    reads = primitive.reads
    read = [token for i, token in enumerate(step.inputs) if reads is None or i in reads]
    return read + [step.outputs[i] for i in primitive.keeps]


def prune(
    path: Sequence[Step], targets: Iterable[Token], sources: Sequence[Sequence[Token]]
) -> tuple[list[Step], set[Token]]:
    """The ops between targets and sources, and every token that a gradient arrives at."""
    arrived: set[Token] = set(targets)
    kept = []
    for step in reversed(path):
        hit = [j for j, out in enumerate(step.outputs) if out in arrived]
        if hit:
            step = step._replace(active=_inputs_from(step, hit))
            kept.append(step)
            arrived.update(step.inputs[i] for i in step.active)
    kept.reverse()
    useful: set[Token] = {token for group in sources for token in group}
    needed = []
    for step in kept:  # drop what leads to no source
        active = tuple([i for i in step.active if step.inputs[i] in useful])
        outputs = _outputs_from(step, active)
        if outputs:
            useful.update([step.outputs[j] for j in outputs])
            needed.append(step._replace(active=active))
    return needed, arrived


class _Sweep(NamedTuple):
    """The structure of a sweep with its tokens numbered, so that equal ones are equal objects."""

    steps: tuple[tuple[Instruction, tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]
    given: tuple[int, ...]  # values that come as arguments
    targets: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]  # per source, the tokens whose cotangents are added
    kinds: tuple[Aval, ...]
    seeded: bool


_instructions: dict[_Sweep, Instruction] = {}
_LIMIT = 8192


def grad_instruction(
    path: Sequence[Step],
    targets: tuple[Token, ...],
    groups: tuple[tuple[Token, ...], ...],
    kind: Callable[[Token], Aval],
    seeded: bool,
) -> tuple[Instruction, list[Token]]:
    """One multi-output op for a whole reverse sweep, and the tokens it takes as arguments.

    Args:
      path: the ops between targets and sources, with their active inputs.
      targets: where the sweep begins.
      groups: for each source its tokens; their cotangents are added up.
      kind: the Aval of a token.
      seeded: whether the targets' cotangents come as further arguments; else they are ones.
    """
    numbers: dict[Token, int] = {}
    kinds: list[Aval] = []

    def number(token: Token) -> int:
        found = numbers.get(token)
        if found is None:
            found = numbers[token] = len(numbers)
            kinds.append(kind(token))
        return found

    given: dict[Token, int] = {}
    numbered = []
    for step in path:
        for token in read_tokens(step):
            given.setdefault(token, number(token))
        numbered.append(
            (
                step.instruction,
                tuple([number(t) for t in step.inputs]),
                tuple([number(t) for t in step.outputs]),
                step.active,
            )
        )
    sweep = _Sweep(
        tuple(numbered),
        tuple(given.values()),
        tuple([number(t) for t in targets]),
        tuple([tuple([number(t) for t in group]) for group in groups]),
        tuple(kinds),
        seeded,
    )
    instruction = _instructions.get(sweep)
    if instruction is None:
        if len(_instructions) > _LIMIT:
            _instructions.clear()
        instruction = _instructions[sweep] = _make(sweep)
    return instruction, list(given)


def _make(sweep: _Sweep) -> Instruction:
    outputs = tuple([sweep.kinds[group[0]] for group in sweep.groups])
    result = outputs[0] if len(outputs) == 1 else outputs

    def backward(*arguments: Any) -> Any:
        gradients = _run(sweep, arguments)
        return gradients[0] if len(gradients) == 1 else tuple(gradients)

    primitive = Primitive(
        backward, "Gradient", same=(), rule=lambda *avals: result, identity=_identity(sweep)
    )
    primitive.connections = functools.cache(lambda: _connections(sweep, primitive.plain))
    return primitive.plain


def _identity(sweep: _Sweep) -> str:
    """A name for a sweep that another process gives it too; empty if some op of it has none."""
    keys = [instruction.key() for instruction, _, _, _ in sweep.steps]
    if not all(keys):
        return ""
    rest = [step[1:] for step in sweep.steps]
    text = repr((keys, rest, sweep.given, sweep.targets, sweep.groups, sweep.kinds, sweep.seeded))
    return "Gradient:" + hashlib.sha256(text.encode()).hexdigest()


def _connections(sweep: _Sweep, instruction: Instruction) -> tuple[frozenset[int], ...]:
    """A linear op's gradient does not depend on its input: TF says None there, not zero."""
    inputs = [*sweep.given, *(sweep.targets if sweep.seeded else ())]
    closed, _ = instruction.jaxpr(tuple([sweep.kinds[token] for token in inputs]))
    return jaxpr_connections(closed)


def _run(sweep: _Sweep, arguments: Sequence[Any]) -> list[Any]:
    """The sweep itself, on arrays."""
    kinds = sweep.kinds
    values: dict[int, Any] = dict(zip(sweep.given, arguments, strict=False))
    seeds = arguments[len(sweep.given) :]
    cotangents: dict[int, Any] = {}

    def add(token: int, cotangent: Any) -> None:
        have = cotangents.get(token)
        cotangents[token] = cotangent if have is None else have + cotangent

    # What the VJP does not read may be anything of the right shape; XLA drops it.
    def value(token: int) -> Any:
        found = values.get(token)
        return jnp.zeros(kinds[token].shape, kinds[token].np) if found is None else found

    for i, target in enumerate(sweep.targets):
        kind = kinds[target]
        seed = seeds[i] if sweep.seeded else jnp.ones(kind.shape, kind.np)
        # TF's gradient of a complex value is the conjugate of JAX's.
        add(target, jnp.conj(seed) if kind.dtype.is_complex else seed)
    for instruction, inputs, outputs, active in reversed(sweep.steps):
        arriving = [cotangents.get(out) for out in outputs]
        if all(c is None for c in arriving):
            continue
        primals = [value(token) for token in inputs]
        pull_kept = instruction.primitive.pull
        if pull_kept is not None:
            kept = [value(token) for token in outputs]
            pulled = pull_kept(primals, kept, arriving, **instruction.static)
            for position in active:
                if pulled[position] is not None:
                    add(inputs[position], pulled[position])
            continue

        def forward(
            *moving: Any, _i: Any = instruction, _p: Any = primals, _a: Any = active
        ) -> tuple[Any, ...]:
            merged = list(_p)
            for position, value in zip(_a, moving, strict=True):
                merged[position] = value
            result = _i.fn(*merged)
            return tuple(result) if isinstance(result, (tuple, list)) else (result,)

        with effects.muted():
            results, pull = jax.vjp(forward, *[primals[position] for position in active])
        full = tuple(
            [_zero_cotangent(r) if c is None else c for r, c in zip(results, arriving, strict=True)]
        )
        for position, cotangent in zip(active, pull(full), strict=True):
            add(inputs[position], cotangent)
    gradients = []
    for group in sweep.groups:
        total = None
        for token in group:
            part = cotangents.get(token)
            if part is not None:
                total = part if total is None else total + part
        kind = kinds[group[0]]
        if total is None:
            total = jnp.zeros(kind.shape, kind.np)
        gradients.append(jnp.conj(total) if kind.dtype.is_complex else total)
    return gradients


def _zero_cotangent(result: Any) -> Any:
    if jnp.issubdtype(result.dtype, jnp.inexact):
        return jnp.zeros(result.shape, result.dtype)
    import numpy as np

    return np.zeros(result.shape, jax.dtypes.float0)  # integer outputs carry no gradient
