"""The reverse sweep in its rarer forms: over several spans, and through custom gradients.

A tape has several spans when its segment was run in the middle (somebody printed a value inside the
``with``) or when recording was stopped for a while. Their tokens are joined by the identity of the
tensors that link them. Custom gradients are Python functions on tensors, so the sweep is cut there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reflow.core import record
from reflow.core.aval import Aval
from reflow.core.backprop import Step, Token, forward_reach, grad_instruction, prune, steps_of
from reflow.core.convert import convert_to_tensor
from reflow.core.op import Primitive
from reflow.core.row_gradients import row_source, slices, without
from reflow.core.tensor import Tensor, _hooks

if TYPE_CHECKING:
    from reflow.core.tape import GradientTape, Span


_SAME = Primitive(lambda x: x, "Identity", rule=lambda x: x, reads=()).plain


class _Joined:
    """Several spans as one path: every value has one number, whatever span it was seen in."""

    def __init__(self, tape: GradientTape, spans: Sequence[Span]) -> None:
        self.numbers: dict[Any, int] = {}
        self.places: list[tuple[Any, Any]] = []  # number -> (span, token) or (None, tensor)
        self.segments = {id(span.segment) for span in spans}
        self.steps: list[Step] = []
        self.roots: set[int] = set()
        watched = [(tape._watched[i], position) for i, position in tape._late.items()]
        self.late = {self._key(tensor): position for tensor, position in watched}
        self.before: dict[int, int] = {}  # tensors watched late: number -> that of before
        self.position = 0
        for self.position, span in enumerate(spans):
            for tensor, position in watched:
                if position == self.position:
                    self._join_halves(tensor)
            customs: dict[Any, Any] = span.segment.customs
            for step in steps_of(span.node, span.start):
                first = step.outputs[0] if step.outputs else None
                self.steps.append(
                    step._replace(
                        inputs=tuple([self.number(span, t) for t in step.inputs]),
                        outputs=tuple([self.number(span, t) for t in step.outputs]),
                        custom=customs.get(first),
                    )
                )
            self.roots.update(self.number(span, t) for t in tape._roots(span))
        for tensor, position in watched:
            if position > self.position:  # nothing was recorded any more
                self._join_halves(tensor)

    def number(self, span: Span, token: Token) -> int:
        segment = span.segment
        key: Any
        if token.__class__ is tuple:
            key = (id(segment), token)
        elif token < 0:  # type: ignore[operator]
            key = self._key(segment.leaves[-token - 1])  # type: ignore[operator]
        elif segment.kept is None:
            key = (id(segment), token)
        else:
            key = next((id(t) for t in segment.live if t._slot == token), (id(segment), token))
        if self.late.get(key, 0) > self.position:  # before it was watched
            key = ("before", key)
        return self._number(key, (span, token))

    def _join_halves(self, tensor: Tensor) -> None:
        """Where a tensor is watched late: what it is from here on comes from what it was before.

        So gradients flow on to where it was computed from. What used it before counts only where
        the tape has it for another reason.
        """
        key = self._key(tensor)
        place = (None, tensor)
        before, after = self._number(("before", key), place), self._number(key, place)
        self.before[after] = before
        self.steps.append(Step(_SAME, (before,), (after,), (tensor._aval,)))

    def of_source(self, tensor: Tensor, reached: set[Token]) -> list[int]:
        number = self.of_tensor(tensor)
        before = self.before.get(number)
        if before is None:
            return [number]
        return [before] if before in reached else [number, before]

    def with_early_uses(self, path: Sequence[Step], reached: set[Token]) -> list[Step]:
        """The path with gradients to tensors that were watched only after an op had used them."""
        early = {number for number in self.before.values() if number not in reached}
        if not early:
            return list(path)
        return [
            step._replace(
                active=tuple(
                    [i for i, t in enumerate(step.inputs) if i in step.active or t in early]
                )
            )
            for step in path
        ]

    def of_tensor(self, tensor: Tensor) -> int:
        return self._number(self._key(tensor), (None, tensor))

    def _key(self, tensor: Tensor) -> Any:
        segment = tensor._segment
        if segment is not None and id(segment) in self.segments:
            return (id(segment), tensor._slot)
        return id(tensor)

    def _number(self, key: Any, place: tuple[Any, Any]) -> int:
        found = self.numbers.get(key)
        if found is None:
            found = self.numbers[key] = len(self.places)
            self.places.append(place)
        return found

    def kind(self, number: Token) -> Aval:
        from reflow.core.tape import token_aval

        span, token = self.places[number]  # type: ignore[index]
        return token._aval if span is None else token_aval(span, token)  # type: ignore[no-any-return]

    def value(self, number: Token) -> Any:
        span, token = self.places[number]  # type: ignore[index]
        return token if span is None else span.value(token)


def sweep_spans(
    tape: GradientTape,
    spans: Sequence[Span],
    targets: list[Tensor],
    sources: list[Any],
    seeds: list[Tensor] | None,
    recorder: Any,
) -> list[Tensor | None]:
    """Gradients of ``targets`` by ``sources`` over all the spans of a tape."""
    joined = _Joined(tape, spans)
    path, reached = forward_reach(joined.steps, joined.roots, tape._watches)
    ends = [joined.of_tensor(t) for t in targets]
    groups = [
        [
            n
            for t in tape._source_tensors(s)
            for n in joined.of_source(t, reached)
            if n in reached or n in joined.before.values()
        ]
        for s in sources
    ]
    path = joined.with_early_uses(path, reached)
    path, arrived = prune(path, [n for n in ends if n in reached], groups)
    groups = [[n for n in group if n in arrived] for group in groups]
    row_sources = {}
    if recorder is record.record:
        for index, group in enumerate(groups):
            found = row_source(path, group, ends, joined.kind)
            if found is not None:
                row_sources[index] = found
                path = without(path, group)
    cotangents: dict[int, Tensor] = {}
    for i, (end, target) in enumerate(zip(ends, targets, strict=True)):
        if end in reached:
            seed = _hooks["ones_like"](target) if seeds is None else seeds[i]
            _add(cotangents, end, seed)
    wanted = {n for group in groups for n in group}
    wanted |= {n for found in row_sources.values() for n, _ in found.gathers}  # type: ignore[misc]
    for chunk in reversed(_chunks(path)):
        if chunk[0].custom is not None:
            _custom(chunk[0], joined, cotangents)
        else:
            _plain(chunk, joined, cotangents, wanted, recorder)
    results: list[Any] = []
    for index, group in enumerate(groups):
        if index in row_sources:
            found = row_sources[index]
            rows = [cotangents[n] for n, _ in found.gathers]  # type: ignore[index]
            indices = [convert_to_tensor(joined.value(n)) for _, n in found.gathers]
            results.append(slices(found, rows, indices))
            continue
        parts = [cotangents[n] for n in group if n in cotangents]
        total = parts[0] if parts else None
        for part in parts[1:]:
            total = _hooks["add"](total, part)
        results.append(total)
    return results


def _add(cotangents: dict[int, Tensor], number: int, cotangent: Tensor) -> None:
    have = cotangents.get(number)
    cotangents[number] = cotangent if have is None else _hooks["add"](have, cotangent)


def _chunks(path: Sequence[Step]) -> list[list[Step]]:
    """The path cut at custom-gradient ops, each of which is a chunk of its own."""
    chunks: list[list[Step]] = []
    for step in path:
        if step.custom is not None or not chunks or chunks[-1][0].custom is not None:
            chunks.append([step])
        else:
            chunks[-1].append(step)
    return chunks


def _plain(
    chunk: list[Step],
    joined: _Joined,
    cotangents: dict[int, Tensor],
    wanted: set[int],
    recorder: Any,
) -> None:
    made = {out for step in chunk for out in step.outputs}
    ends = tuple([n for n in made if n in cotangents])
    if not ends:
        return
    into = dict.fromkeys(step.inputs[i] for step in chunk for i in step.active)
    outer = [n for n in into if n not in made or n in wanted]
    groups: tuple[tuple[Token, ...], ...] = tuple([(n,) for n in outer])
    instruction, inputs = grad_instruction(chunk, ends, groups, joined.kind, True)
    values = [joined.value(n) for n in inputs] + [cotangents[n] for n in ends]
    outputs = recorder(instruction, values)
    for number, gradient in zip(
        outer, (outputs,) if isinstance(outputs, Tensor) else outputs, strict=True
    ):
        # The sweep starts from what a wanted output had already, so its result replaces that.
        if number in made and number in cotangents:
            cotangents[number] = gradient  # type: ignore[index]
        else:
            _add(cotangents, number, gradient)  # type: ignore[arg-type]


def _custom(step: Step, joined: _Joined, cotangents: dict[int, Tensor]) -> None:
    if not any(out in cotangents for out in step.outputs):
        return
    arriving = []
    for out, kind in zip(step.outputs, step.kinds, strict=True):
        given = cotangents.get(out)  # type: ignore[arg-type]
        arriving.append(_hooks["zeros"](kind.shape, kind.dtype) if given is None else given)
    gradients = step.custom(*arriving)
    for position, gradient in enumerate(gradients):
        if gradient is not None and position in step.active:
            _add(cotangents, step.inputs[position], gradient)  # type: ignore[arg-type]
