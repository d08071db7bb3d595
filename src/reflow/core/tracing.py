"""Tracing: a Python function's ops, recorded into a private segment, become one op.

The segment is never run. Arguments and whatever the function reads from outside are its leaves; the
path from them to the results is the function. Variables that it read are inputs of the op, those
it assigned are outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reflow.core import nest, record
from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import uint32
from reflow.core.errors import NeedsEagerError
from reflow.core.loop_streams import StreamState, advance
from reflow.core.op import Instruction
from reflow.core.paths import COMPUTED, INPUT, Path, shared
from reflow.core.program import run, steps
from reflow.core.random import GRAPH_OPS, NodeStream
from reflow.core.record import Node, Segment
from reflow.core.tensor import (
    Tensor,
    leak_error,
    placeholder,
    tensor_from_numpy,
    tensor_from_value,
)
from reflow.core.variable import Variable, read_assigned

_KEY, _COUNTER = aval((2,), uint32), aval((4,), uint32)


class Capture:
    """A function body being traced: which variables and outside tensors it uses."""

    def __init__(
        self,
        outer: Capture | None,
        refusal: str | None = None,
        nested: bool = False,
        repeats: bool = False,
    ) -> None:
        self.outer = outer
        self.nested = nested  # a branch or loop body of the outer function, not a function itself
        self.repeats = repeats  # a loop body
        self.autograph: bool = nested and outer is not None and outer.autograph  # converted
        self.prints = False  # uses tf.print
        self.segment: Segment | None = None
        self.refusal = refusal  # why it may not create variables, if so
        self.variables: dict[int, Variable] = {}  # in the order of first use
        self.arguments: dict[int, Tensor] = {}  # id(variable) -> its leaf
        self.current: dict[int, Tensor] = {}  # id(variable) -> what it holds at this point
        self.readings: dict[int, tuple[Tensor, Tensor]] = {}  # of assigned ones, see reading()
        self.created: list[Variable] = []
        self.checks: list[tuple[Tensor, Callable[[Any], None]]] = []
        self.streams: list[tuple[NodeStream, Tensor, Tensor]] = []  # of its random ops
        self.argument_count = 0
        self.inputs: Sequence[Tensor] = ()  # the arguments' placeholders
        self.names: dict[int, str] = {}  # id(argument's placeholder) -> name, for printing
        self.values: dict[int, Tensor] = {}  # id(argument's placeholder) -> what a call passed

    def read(self, variable: Variable) -> Tensor:
        """What a variable holds at this point of the function."""
        key = id(variable)
        found = self.current.get(key)
        if found is None:
            leaf = placeholder(variable._tensor._aval)
            self.variables[key] = variable
            self.arguments[key] = self.current[key] = found = leaf
        return found

    def reading(self, variable: Variable) -> Tensor:
        """The same for an op that gradients may flow through: they end at the variable."""
        key = id(variable)
        current = self.read(variable)
        argument = self.arguments[key]
        if current is argument:
            return current
        seen = self.readings.get(key)
        if seen is None or seen[0] is not current:
            seen = self.readings[key] = current, read_assigned(current, argument)
        return seen[1]

    def write(self, variable: Variable, tensor: Tensor) -> None:
        """An assignment inside the function; the caller's variable changes after the call."""
        self.read(variable)
        self.current[id(variable)] = tensor

    def written(self) -> list[Variable]:
        """The variables that the function assigns."""
        return [
            variable
            for key, variable in self.variables.items()
            if self.current[key] is not self.arguments[key]
        ]

    def new_variable(self, variable: Variable, initial_value: Any) -> Any:
        """A variable made inside a function is made once, outside of it."""
        function = self
        while function.nested and function.outer is not None:
            function = function.outer
        if function.refusal is not None:
            raise ValueError(function.refusal)
        function.created.append(variable)
        if initial_value.__class__ is Tensor and initial_value._is_symbolic():
            return self._lifted(initial_value)
        with outside():
            return initial_value() if callable(initial_value) else initial_value

    def _lifted(self, tensor: Tensor) -> np.ndarray[Any, Any]:
        """The value of a tensor of this function: if need be, for the arguments of this call."""
        segment = self.segment
        assert segment is not None
        streams = {id(t): (s, i) for s, *state in self.streams for i, t in enumerate(state)}
        known = dict(self.values)
        known |= {id(leaf): self.variables[key]._tensor for key, leaf in self.arguments.items()}
        if id(tensor) in known:
            return self._value_outside(known[id(tensor)])._value  # type: ignore[no-any-return]
        if tensor._segment is not segment:
            raise _needs_arguments()
        wanted: set[int] = {tensor._slot}
        used: set[int] = set()
        for place, inputs in reversed(steps(segment.node)):
            if not wanted.isdisjoint(range(place.first, place.outputs)):
                wanted.update(index for kind, index in inputs if kind == "slot")
                used.update(index for kind, index in inputs if kind == "leaf")
        leaves: list[Tensor] = []
        states: dict[int, Any] = {}
        for index, leaf in enumerate(segment.leaves):
            if index not in used:
                leaves.append(tensor_from_numpy(np.zeros(leaf._aval.shape, leaf._aval.np)))
            elif id(leaf) in streams:
                stream, part = streams[id(leaf)]
                if id(stream) not in states:
                    states[id(stream)] = stream.advance()
                leaves.append(tensor_from_numpy(states[id(stream)][part]))
            else:
                leaves.append(self._value_outside(known.get(id(leaf), leaf)))
        tensors = [tensor_from_value(leaf) for leaf in leaves]
        values = run(segment.node, 1 << tensor._slot, segment.scalars, tensors)
        return np.asarray(values[tensor._slot])

    @staticmethod
    def _value_outside(tensor: Tensor) -> Tensor:
        """A tensor from outside, with its value."""
        if tensor._is_symbolic():
            raise _needs_arguments()
        with outside():
            tensor._array()
        return tensor

    def op_count(self) -> int:
        """How many ops TF's graph of the function would hold by now; seeds random ops."""
        assert self.segment is not None
        count = self.argument_count + len(self.segment.scalars)
        # Arguments are counted already; states of random ops are not in TF's graph.
        known = {id(t) for t in self.inputs}
        known.update(id(t) for _, *state in self.streams for t in state)
        known.update(
            id(leaf)
            for key, leaf in self.arguments.items()
            if isinstance(self.variables[key], StreamState)
        )
        count += sum(1 for t in self.segment.leaves if id(t) not in known)
        place: Node | None = self.segment.node
        while place is not None and place.parent is not None:
            if place.instruction is not None:
                count += GRAPH_OPS.get(place.instruction.primitive.name, 1)
            place = place.parent
        return count

    def stream(self, stream: NodeStream) -> tuple[Tensor, Tensor]:
        """The key and counter of a random op's generator, arguments that each call fills in."""
        if self._in_loop():
            with outside():
                state = StreamState(stream.pair)
            key, counter, after = advance(self.read(state), blocks=stream.blocks)
            self.write(state, after)
            return key, counter
        if self.outer is not None and self.nested:
            return self.outer.stream(stream)
        key, counter = placeholder(_KEY), placeholder(_COUNTER)
        self.streams.append((stream, key, counter))
        return key, counter

    def _in_loop(self) -> bool:
        """Whether this is part of a compiled loop's body.

        Raises:
          NeedsEagerError: it is one that eager code runs, whose random numbers are eager code's.
        """
        place, repeats = self, self.repeats
        while place.nested and place.outer is not None:
            place = place.outer
            repeats = repeats or place.repeats
        if repeats and place.nested:
            raise NeedsEagerError("it draws random numbers in a loop of eager code")
        return repeats

    def add_check(self, found: Tensor, raiser: Callable[[Any], None]) -> None:
        self.checks.append((found, raiser))


def _needs_arguments() -> ValueError:
    return ValueError(
        "Tensor-typed variable initializers must either be wrapped in an init_scope or callable "
        "(e.g., `tf.Variable(lambda : tf.truncated_normal([10, 40]))`) when building functions. "
        "(This one depends on what a function around it computes.)"
    )


class outside:  # noqa: N801  (reads as a statement)
    """Leaves every function being traced: ``tf.init_scope``."""

    def __enter__(self) -> None:
        self._saved = record.state.segment, record.state.tapes
        base = record.state.base
        if self._saved[0].capture is not None and base is not None:
            record.state.segment, record.state.tapes = base
        else:
            self._saved = None  # type: ignore[assignment]

    def __exit__(self, *exception: object) -> None:
        if self._saved is not None:
            record.state.base = record.state.segment, record.state.tapes
            record.state.segment, record.state.tapes = self._saved


class Body:
    """A traced function: a path with its leaves, as an instruction for the caller's segment."""

    def __init__(self, capture: Capture, segment: Segment, arguments: Sequence[Tensor]) -> None:
        self.variables = list(capture.variables.values())
        self.written = capture.written()
        self.checks = capture.checks
        self.prints = capture.prints
        self._leaves = list(segment.leaves[: segment.node.leaves])
        self._node: Node = segment.node
        self._segment = segment
        self._arguments = list(arguments)
        self._variable_leaves = [capture.arguments[id(v)] for v in self.variables]
        self.streams = [stream for stream, _, _ in capture.streams]
        self._stream_leaves = [t for _, key, counter in capture.streams for t in (key, counter)]
        known = {id(t) for t in [*self._arguments, *self._variable_leaves, *self._stream_leaves]}
        self.closures = [t for t in self._leaves if id(t) not in known]
        self.results: list[Tensor] = []

    def finish(self, results: Sequence[Tensor], written: Sequence[Tensor]) -> None:
        """Fixes what the function gives back: results, new values of variables, checks."""
        for tensor in [*results, *written]:
            if tensor._segment is not self._segment and id(tensor) not in self._inputs_by_id():
                self.closures.append(tensor)
        self.outputs = [*results, *written, *[found for found, _ in self.checks]]
        self.count = len(results)
        self.size = self._node.size  # elements handled by a call
        places = self._inputs_by_id()
        picks = [
            (COMPUTED, t._slot) if t._segment is self._segment else (INPUT, places[id(t)])
            for t in self.outputs
        ]
        order = [places[id(leaf)] for leaf in self._leaves]
        kinds = tuple([t._aval for t in self.outputs])
        numbers = self._segment.scalars
        path = Path(self._node, len(places), order, picks, kinds, numbers, self.count)
        self.key = path.key
        self.instruction: Instruction = shared(self.key, path.instruction)

    @property
    def function(self) -> Callable[..., tuple[Any, ...]]:
        """``(*arguments, *variables, *streams, *closures) -> outputs``, pure, on arrays."""
        return self.instruction.primitive.fn

    def _inputs_by_id(self) -> dict[int, int]:
        inputs = [
            *self._arguments, *self._variable_leaves, *self._stream_leaves, *self.closures
        ]  # fmt: skip
        return {id(t): i for i, t in enumerate(inputs)}

    def inputs_avals(self) -> list[Any]:
        """The kinds of all inputs of ``function``."""
        states = [kind for _ in self.streams for kind in (_KEY, _COUNTER)]
        given = [t._aval for t in self._arguments]
        held = [t._aval for t in self._variable_leaves]
        return [*given, *held, *states, *[t._aval for t in self.closures]]

    def inputs(self, arguments: Sequence[Any]) -> list[Any]:
        """The tensors a call passes, read at the time of the call."""
        variables = [v._read_kept() for v in self.variables]
        capture = record.state.segment.capture
        states: list[Tensor] = []
        for stream in self.streams:
            if capture is None:
                states += map(tensor_from_numpy, stream.advance())
            else:
                states += capture.stream(stream)
        return [*arguments, *variables, *states, *self.closures]

    def call(self, arguments: Sequence[Any]) -> list[Tensor]:
        """Records a call and assigns the variables; returns the results."""
        if not self.outputs:
            return []
        outputs = record.record(self.instruction, self.inputs(arguments))
        after = self.count + len(self.written)
        for variable, tensor in zip(self.written, outputs[self.count : after], strict=True):
            variable._set(tensor)
        for (_, raiser), found in zip(self.checks, outputs[after:], strict=True):
            record.when_run(found, raiser)
        if self.prints:
            self._print_now()
        return list(outputs[: self.count])

    def results_of(self, structure: Any, arguments: Sequence[Any]) -> Any:
        """The same, in the structure that the Python function returned."""
        results = self.call(arguments)
        if structure.__class__ is Tensor:
            return results[0]
        remaining = iter(results)
        leaves = nest.flatten(structure, True)
        filled = [None if leaf is None else next(remaining) for leaf in leaves]
        return nest.pack_sequence_as(structure, filled, True)

    def _print_now(self) -> None:
        """What a function prints comes when it is called, before the caller's next line."""
        capture = record.state.segment.capture
        if capture is None:
            record.flush()
        else:
            capture.prints = True


def trace(
    function: Callable[..., Any],
    arguments: Sequence[Tensor],
    call: Callable[[], Any],
    refusal: str | None = None,
    nested: bool = False,
    repeats: bool = False,
    names: Sequence[str] | None = None,
    values: Sequence[Tensor] | None = None,
    autograph: bool = False,
) -> tuple[Body, Any, Capture]:
    """Traces ``call()``, in which ``arguments`` are placeholders.

    Args:
      names: the arguments' names.
      values: the arguments of the call that makes the trace; variables may be made from them.
      refusal: if not None, what the error says if variables are created inside.
      nested: this is a branch or loop body of the function being traced.
      repeats: this is a loop body.
      autograph: Python's control flow in it is converted.

    Returns:
      The body, the structure that ``call`` returned (with tensors as leaves), and the capture.
    """
    outer = record.state.segment.capture
    capture = Capture(outer, refusal, nested, repeats)
    capture.argument_count = len(arguments)
    capture.inputs = arguments
    capture.autograph = capture.autograph or autograph
    if names is not None:
        capture.names = {id(t): n for t, n in zip(arguments, names, strict=True)}
    if values is not None:
        capture.values = {id(t): v for t, v in zip(arguments, values, strict=True)}
    with record.capturing(capture) as segment:
        capture.segment = segment
        returned = call()
        results = [_result(function, leaf) for leaf in nest.flatten(returned, True)]
        tensors = [t for t in results if t is not None]
        written = [capture.current[id(v)] for v in capture.written()]
        body = Body(capture, segment, arguments)
        body.finish(tensors, written)
        if outer is None:
            _check_leaks(body.closures)
    if nested and outer is not None and capture.prints:
        outer.prints = True
    return body, nest.pack_sequence_as(returned, results, True), capture


def _check_leaks(closures: Sequence[Tensor]) -> None:
    """What an outermost function reads from outside has a value, or is a branch's or loop's own."""
    for tensor in closures:
        if tensor._is_symbolic():
            raise leak_error(tensor)


def _result(function: Callable[..., Any], value: Any) -> Tensor | None:
    if value is None:
        return None
    if value.__class__ is Tensor:
        return value  # type: ignore[no-any-return]
    try:
        return convert_to_tensor(value)
    except (TypeError, ValueError):
        name = getattr(function, "__name__", repr(function))
        raise TypeError(
            "To be compatible with tf.contrib.eager.defun, Python functions must return zero or "
            f"more Tensors; in compilation of {name}, found return value of type "
            f"{type(value).__name__}, which is not a Tensor."
        ) from None
