"""``tf.GradientTape``: it records nothing per op, since the trie path is the record already.

A tape remembers *spans*: stretches of segments that were recorded while it was open.
``gradient()`` walks a span's path once, plans the reverse sweep and turns it into one op (its body
calls ``jax.vjp`` op by op), which is recorded like any other. Plans are kept on the trie node, so
in a loop the call costs a lookup. Since the sweep is an op, gradients of gradients need nothing
more.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any, Self
from weakref import ref

import numpy as np

from reflow.core import nest, record
from reflow.core.aval import Aval
from reflow.core.backprop import (
    Step,
    Token,
    forward_reach,
    grad_instruction,
    prune,
    read_tokens,
    steps_of,
)
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype
from reflow.core.logging import warn
from reflow.core.record import Node, ScalarRef, Segment
from reflow.core.row_gradients import RowSource, row_source, slices, without
from reflow.core.tensor import Tensor, _hooks, tensor_from_value
from reflow.core.variable import READ_TRAINABLE, Variable


class UnconnectedGradients(Enum):
    """What ``gradient()`` gives for a source that the target does not depend on."""

    NONE = "none"
    ZERO = "zero"


class Span:
    """A stretch of a segment that a tape was open for: output slots ``start`` and later."""

    __slots__ = ("__weakref__", "end", "segment", "start", "tape")

    def __init__(self, tape: GradientTape, segment: Segment) -> None:
        self.tape = ref(tape)
        self.segment = segment
        self.start = segment.node.outputs
        self.end: Node | None = None  # None while the tape is open
        segment.spans.append(ref(self))

    @property
    def node(self) -> Node:
        """The path's end."""
        return self.segment.node if self.end is None else self.end

    def close(self) -> None:
        self.end = self.segment.node

    def is_empty(self) -> bool:
        return self.node.outputs <= self.start

    def needed(self) -> int:
        """The slots whose values some VJP may read, as a bit mask; asked when a segment runs."""
        tape = self.tape()
        if tape is None or self.is_empty():
            return 0
        roots = tape._roots(self)
        if tape._spans and tape._spans[0] is not self:
            # Values of earlier spans may be any of the leaves and of the slots before this one.
            roots = (*roots, *range(-self.node.leaves, self.start))
        key = ("needed", self.start, roots, tape._watches_variables)
        node = self.node
        mask: int | None = node.plans.get(key)
        if mask is None:
            mask = 0
            assert node is not None
            path, _ = forward_reach(steps_of(node, self.start), roots, tape._watches)
            for step in path:
                for token in read_tokens(step):
                    if token.__class__ is int and token >= 0:  # type: ignore[operator]
                        mask |= 1 << token  # type: ignore[operator]
            node.plans[key] = mask
        return mask

    def token(self, tensor: Tensor) -> Token | None:
        """The slot or leaf by which the span knows a tensor, or None."""
        segment = self.segment
        slot = tensor._slot if tensor._segment is segment else segment.slot_of.get(id(tensor))
        if slot is None:
            return segment.leaf_index.get(id(tensor))
        return slot if slot < self.node.outputs else None

    def value(self, token: Token) -> Any:
        """An op input that stands for a token: a tensor or, in the running segment, a slot."""
        segment = self.segment
        if token.__class__ is tuple:
            index = token[1]  # type: ignore[index]
            if segment.kept is None and segment is record.state.segment:
                return ScalarRef.at(index)
            return convert_to_tensor(segment.scalars[index], segment.node.scalars[index][1])
        if token < 0:  # type: ignore[operator]
            return segment.leaves[-token - 1]  # type: ignore[operator]
        if segment.kept is None:
            return _handle(segment, token)  # type: ignore[arg-type]
        for tensor in segment.live:
            if tensor._slot == token:
                return tensor
        return tensor_from_value(segment.kept[token])  # type: ignore[index]

    def tensor(self, token: Token) -> Tensor:
        """A tensor for a token (a number becomes one)."""
        value = self.value(token)
        return value if isinstance(value, Tensor) else convert_to_tensor(value)


class Read:
    """A variable as a tape saw it: the tensors that ops read it through."""

    __slots__ = ("tensor", "tensors", "variable", "version")

    def __init__(self, variable: Variable) -> None:
        self.variable = variable
        self.version: Tensor | None = None  # what the variable held at the last reading
        self.tensor: Tensor | None = None  # the reading
        self.tensors: list[Tensor] = []


class GradientTape:
    """Records operations for automatic differentiation.

    Args:
      persistent: whether ``gradient()`` may be called more than once.
      watch_accessed_variables: whether trainable variables are watched as soon as they are read.

    Example::

        x = tf.constant(3.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        tape.gradient(y, x)  # 6.0
    """

    _blocked: frozenset[Token] = frozenset()  # values that no gradient passes (tf.gradients)

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watches_variables = watch_accessed_variables
        self._recording = False
        self._used = True  # nothing recorded yet: gradient() refuses, as in TF
        self._watched_before: list[Variable] = []  # what a used tape had watched
        self._clear()

    def _clear(self) -> None:
        self._spans: list[Span] = []
        self._open: Span | None = None
        self.reads: dict[int, Read] = {}
        self._watched: dict[int, Tensor] = {}
        self._explicit: dict[int, Variable] = {}
        self._late: dict[int, int] = {}  # tensors watched after use -> the span they count from

    # ---- recording

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._recording:
            self._stop()

    def _start(self) -> None:
        if self._recording:
            raise ValueError(
                "Tape is still recording, This can happen if you try to re-enter an "
                "already-active tape."
            )
        record.enter_step()
        segment = record.state.segment
        self._recording, self._used = True, False
        self._open = Span(self, segment)
        segment.tapes.append(self)

    def _stop(self) -> None:
        if not self._recording:
            raise ValueError("Tape is not recording.")
        record.state.segment.tapes.remove(self)
        self._recording = False
        self._close()

    def _close(self) -> None:
        span, self._open = self._open, None
        if span is not None:
            span.close()
            if not span.is_empty():
                self._spans.append(span)

    def _move(self, old: Segment, new: Segment) -> None:
        """The thread goes on in a new segment while the tape is open."""
        self._close()
        self._open = Span(self, new)

    def note_read(self, variable: Variable, version: Tensor, tensor: Tensor) -> None:
        """An op is about to read ``variable`` through ``tensor``."""
        read = self.reads.get(id(variable))
        if read is None:
            read = self.reads[id(variable)] = Read(variable)
        read.version, read.tensor = version, tensor
        read.tensors.append(tensor)

    def watch(self, tensor: Any) -> None:
        """Makes gradients with respect to ``tensor`` (one, or a nested structure) available.

        Raises:
          ValueError: if something else than a tensor or variable is passed.
          AttributeError: if the tape has not been entered yet.
        """
        if self._open is None and not self._spans and self._used:
            raise AttributeError("the tape watches only after `with tape:`; enter it first")
        for item in nest.flatten(tensor):
            read = getattr(item, "_read_tensor", None)
            if item.__class__ is not Tensor and read is None:
                raise ValueError(f"Passed in object of type {type(item)}, not tf.Tensor")
            if not item.dtype.is_floating and not item.dtype.is_complex:
                warn(
                    "The dtype of the watched tensor must be floating "
                    f"(e.g. tf.float32), got {item.dtype!r}"
                )
            if isinstance(item, Variable):
                variable = getattr(item, "_parent", item)
                if not (self._watches_variables and variable.trainable):
                    self.reads.pop(id(variable), None)  # what was read before does not count
                self._explicit[id(variable)] = variable
            else:
                plain = item if item.__class__ is Tensor else read()  # type: ignore[misc]
                if id(plain) not in self._watched:
                    self._watched[id(plain)] = plain
                    if self._recording:  # what was recorded before does not count
                        self._note_watch(plain)

    def _note_watch(self, tensor: Tensor) -> None:
        """Notes it if the tensor has been used already; what is recorded from here on counts."""
        span = self._open
        if span is not None and not span.is_empty() and span.token(tensor) is not None:
            self._close()
            self._open = Span(self, record.state.segment)
        if any(span.token(tensor) is not None for span in self._spans):
            self._late[id(tensor)] = len(self._spans)

    def _watches(self, step: Step) -> bool:
        """Whether an op is a reading of a variable that this tape watches by itself."""
        return self._watches_variables and step.instruction is READ_TRAINABLE

    def _roots(self, span: Span) -> tuple[Token, ...]:
        """The tokens of what is watched explicitly, in a span."""
        roots = []
        if self._watched:
            position = self._spans.index(span) if span in self._spans else len(self._spans)
            for key, tensor in self._watched.items():
                token = span.token(tensor)
                if token is not None and self._late.get(key, 0) <= position:
                    roots.append(token)
        if self._explicit:
            for key in self._explicit:
                read = self.reads.get(key)
                for tensor in read.tensors if read is not None else ():
                    token = span.token(tensor)
                    if token is not None:
                        roots.append(token)
        return tuple(roots)

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Ops inside are not recorded.

        Raises:
          ValueError: if the tape is not recording.
        """
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forgets everything recorded and watched so far.

        Raises:
          ValueError: if the tape is not recording.
        """
        self._stop()
        self._clear()
        self._start()

    def watched_variables(self) -> tuple[Variable, ...]:
        """The variables the tape watches, in the order in which they were created."""
        if self._used:
            return tuple(self._watched_before)
        found = dict(self._explicit)
        if self._watches_variables:
            reads = self.reads.values()
            found |= {id(r.variable): r.variable for r in reads if r.variable.trainable}
        return tuple(sorted(found.values(), key=lambda variable: variable._number))

    # ---- gradients

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
    ) -> Any:
        """The gradient of ``target`` (summed, if there are several) by each of ``sources``.

        Args:
          target: a tensor or nested structure of tensors.
          sources: a tensor or variable, or a nested structure of them.
          output_gradients: gradients to start from, one per target; ones by default.
          unconnected_gradients: ``"none"`` or ``"zero"`` for sources that the target does not
            depend on.

        Returns:
          The structure of ``sources`` with a tensor (or None) for each.

        Raises:
          RuntimeError: called a second time on a non-persistent tape.
          ValueError: unknown ``unconnected_gradients``.
        """
        if self._used:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        if unconnected_gradients.__class__ is not UnconnectedGradients:
            try:
                unconnected_gradients = UnconnectedGradients(unconnected_gradients)
            except ValueError:
                raise ValueError(
                    f"Unknown value for unconnected_gradients: {unconnected_gradients!r}"
                ) from None
        targets = [target] if target.__class__ is Tensor else nest.flatten(target)
        single = sources.__class__ is Tensor or isinstance(sources, Variable)
        flat = [sources] if single else nest.flatten(sources)
        seeds = None
        if output_gradients is not None:
            seeds = _seeds(targets, nest.flatten(output_gradients))
        result = self._gradient(targets, flat, seeds, record.record)
        if unconnected_gradients is UnconnectedGradients.ZERO:
            zeros_like = _hooks["zeros_like"]
            result = [zeros_like(s) if g is None else g for g, s in zip(result, flat, strict=True)]
        return result[0] if single else nest.pack_sequence_as(sources, result)

    def _gradient(
        self,
        targets: list[Any],
        sources: list[Any],
        seeds: list[Tensor] | None,
        recorder: Any,
        last: bool = True,
    ) -> list[Tensor | None]:
        """``gradient()`` on flat lists.

        Args:
          recorder: records the sweep's op.
          last: whether a tape that is not persistent is used up by this.
        """
        if self._used:
            raise RuntimeError(
                "GradientTape.gradient can only be called once on non-persistent tapes."
            )
        for items, what in ((targets, "target"), (sources, "source")):
            for tensor in items:
                if isinstance(tensor, np.ndarray):
                    raise TypeError(f"unhashable type: 'numpy.ndarray' (a {what} must be a tensor)")
                dtype = as_dtype(tensor) if tensor is None else tensor.dtype
                if not (dtype.is_floating or dtype.is_complex):
                    warn(
                        f"The dtype of the {what} tensor must be floating (e.g. tf.float32) when "
                        f"calling GradientTape.gradient, got {dtype!r}"
                    )
        targets = [t if t.__class__ is Tensor else self._target(t) for t in targets]
        recording = self._recording
        if recording:  # the sweep itself is not for this tape, unless it is persistent
            if self._persistent:
                self._close()
                self._open = Span(self, record.state.segment)
            else:
                self._stop()
        if len(self._spans) == 1 and not (self._late or self._spans[0].segment.customs):
            result = self._sweep_span(self._spans[0], targets, sources, seeds, recorder)
        else:
            from reflow.core.sweep import sweep_spans

            result = sweep_spans(self, self._spans, targets, sources, seeds, recorder)
        if any(gradient is None for gradient in result):
            result = [
                _own_gradient(source, targets, seeds) if gradient is None else gradient
                for gradient, source in zip(result, sources, strict=True)
            ]
        if last:
            self._finish()
        return result

    def _finish(self) -> None:
        if not self._persistent:
            self._watched_before = list(self.watched_variables())
            self._used = True
            self._clear()

    def _has_custom_gradients(self) -> bool:
        spans = self._spans if self._open is None else [*self._spans, self._open]
        return any(span.segment.customs for span in spans)

    def _target(self, value: Any) -> Tensor:
        """A target that is no plain tensor: a variable counts as its last reading."""
        if isinstance(value, Variable):
            read = self.reads.get(id(getattr(value, "_parent", value)))
            if read is not None and read.tensor is not None:
                return read.tensor
            if not self._recording:
                with self:
                    return value._read_tensor()
        return convert_to_tensor(value)

    def _source_tensors(self, source: Any) -> list[Tensor]:
        if isinstance(source, Variable):
            read = self.reads.get(id(getattr(source, "_parent", source)))
            return [] if read is None else read.tensors
        if source.__class__ is Tensor:
            return [source]
        return [source._read_tensor()]

    def _sweep_span(
        self,
        span: Span,
        targets: list[Tensor],
        sources: list[Any],
        seeds: list[Tensor] | None,
        recorder: Any,
    ) -> list[Tensor | None]:
        """The common case: all was recorded in one stretch, so the plan is kept on its node."""
        target_tokens = tuple([span.token(t) for t in targets])
        source_tokens = tuple(
            [tuple([span.token(t) for t in self._source_tensors(s)]) for s in sources]
        )
        key = (
            span.start, target_tokens, source_tokens, self._roots(span), seeds is None,
            self._watches_variables, self._blocked, recorder is record.record,
        )  # fmt: skip
        node = span.node
        plan = node.plans.get(key)
        if plan is None:
            rows = recorder is record.record
            plan = self._plan(span, target_tokens, source_tokens, seeds is not None, rows)
            node.plans[key] = plan
        instruction, inputs, places, row_sources = plan
        if instruction is None:
            return [None] * len(sources)
        values = [span.value(token) for token in inputs]
        if seeds is not None:
            values += [s for s, t in zip(seeds, target_tokens, strict=True) if t is not None]
        outputs = recorder(instruction, values)
        if outputs.__class__ is Tensor:
            outputs = (outputs,)
        results: list[Any] = [None if place is None else outputs[place] for place in places]
        for index, (source, first) in row_sources.items():
            count = len(source.gathers)
            indices = [span.tensor(token) for _, token in source.gathers]
            results[index] = slices(source, outputs[first : first + count], indices)
        return results

    def _plan(
        self,
        span: Span,
        targets: tuple[Token | None, ...],
        sources: tuple[tuple[Token | None, ...], ...],
        seeded: bool,
        rows: bool,
    ) -> tuple[Any, list[Token], list[int | None], dict[int, tuple[RowSource, int]]]:
        """How to compute gradients: worked out once for a path.

        Args:
          rows: whether gathered sources get IndexedSlices.

        Returns:
          The sweep's instruction, the tokens it reads, each source's place in its output, and for
          gathered sources what is known of them and where their rows begin in the output.
        """
        path = steps_of(span.node, span.start)
        if self._blocked:
            path = [step for step in path if self._blocked.isdisjoint(step.outputs)]
        path, reached = forward_reach(path, self._roots(span), self._watches)
        wanted = tuple(
            [tuple([t for t in group if t is not None and t in reached]) for group in sources]
        )
        ends = tuple([t for t in targets if t is not None])
        kept, connected = prune(path, [t for t in ends if t in reached], wanted)
        groups = [tuple([t for t in group if t in connected]) for group in wanted]
        if not any(groups):
            return None, [], [None] * len(sources), {}

        def kind(token: Token) -> Aval:
            return token_aval(span, token)

        places: list[int | None] = []
        asked: list[tuple[Token, ...]] = []
        row_sources: dict[int, tuple[RowSource, int]] = {}
        for index, group in enumerate(groups):
            found = row_source(kept, group, ends, kind) if rows else None
            places.append(len(asked) if group and found is None else None)
            if found is not None:
                row_sources[index] = (found, len(asked))
                asked += [(output,) for output, _ in found.gathers]
                kept = without(kept, group)
            elif group:
                asked.append(group)
        instruction, inputs = grad_instruction(kept, ends, tuple(asked), kind, seeded)
        return instruction, inputs, places, row_sources

    # ---- Jacobians

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """The Jacobian of a tensor: shape ``target.shape + source.shape`` for each source.

        Raises:
          RuntimeError: called a second time on a non-persistent tape.
        """
        from reflow.core.jacobian import jacobian

        return jacobian(self, target, sources, unconnected_gradients)

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
        parallel_iterations: Any = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """The Jacobian of each row of ``target`` by the same row of ``source``.

        Args:
          target: a tensor of shape ``[b, y1, ..., yn]``, whose row i depends on source row i only.
          source: a tensor of shape ``[b, x1, ..., xm]``.

        Returns:
          A tensor of shape ``[b, y1, ..., yn, x1, ..., xm]``; zeros if there is no connection.

        Raises:
          ValueError: the first dimensions differ, or there are fewer than two.
        """
        from reflow.core.jacobian import batch_jacobian

        return batch_jacobian(self, target, source)


def _seeds(targets: list[Any], given: list[Any]) -> list[Tensor]:
    """The gradients to start from, each of its target's dtype and shape."""
    if len(given) < len(targets):
        raise ValueError(
            f"output_gradients must hold one gradient per target: there are {len(targets)} "
            f"targets and {len(given)} gradients"
        )
    seeds = []
    for target, value in zip(targets, given, strict=False):  # as in TF, what is too much is unread
        kind = target.dtype
        seed = _hooks["zeros_like"](target) if value is None else convert_to_tensor(value, kind)
        if seed._shape_tuple() != target._shape_tuple():
            seed = _hooks["multiply"](seed, _hooks["ones_like"](target))
        seeds.append(seed)
    return seeds


def _own_gradient(source: Any, targets: list[Tensor], seeds: list[Tensor] | None) -> Tensor | None:
    """The gradient by a source that is a target itself, though the tape does not know it."""
    total: Tensor | None = None
    for i, target in enumerate(targets):
        if target is source:
            seed = _hooks["ones_like"](target) if seeds is None else seeds[i]
            total = seed if total is None else _hooks["add"](total, seed)
    return total


def token_aval(span: Span, token: Token) -> Aval:
    """What is known of a token's value."""
    node: Node | None = span.node
    assert node is not None
    if token.__class__ is tuple:
        from reflow.core.aval import aval

        return aval((), node.scalars[token[1]][1])  # type: ignore[index]
    if token < 0:  # type: ignore[operator]
        return span.segment.leaves[-token - 1]._aval  # type: ignore[operator]
    while node is not None and node.first > token:  # type: ignore[operator]
        node = node.parent
    assert node is not None
    return node.avals[token - node.first]  # type: ignore[operator]


def _handle(segment: Segment, slot: int) -> Tensor:
    """A handle on an output slot whose own handle may be gone already."""
    tensor = segment.outputs[slot]()
    if tensor is None:
        tensor = Tensor.__new__(Tensor)
        tensor._value = None
        tensor._segment = segment
        tensor._slot = slot
        tensor._aval = record.slot_aval(segment, slot)
        segment.outputs[slot] = ref(tensor)
    return tensor
