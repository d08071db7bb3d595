"""A loop over time steps for any cell: what ``tf.keras.backend.rnn`` does.

The step is traced once and becomes a scan, in eager code too. A step that can't be traced (it looks
at values, or draws random numbers) runs in a Python loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import reflow as tf
from reflow.core import control, record
from reflow.core.errors import (
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    UnimplementedError,
)

__all__ = ["rnn"]

_UNTRACEABLE = (OperatorNotAllowedInGraphError, UnimplementedError)


def rnn(
    step_function: Callable[..., Any],
    inputs: Any,
    initial_states: Any,
    go_backwards: bool = False,
    mask: Any = None,
    constants: Any = None,
    unroll: bool = False,
    input_length: Any = None,
    time_major: bool = False,
    zero_output_for_mask: bool = False,
) -> tuple[Any, Any, Any]:
    """Runs ``output, states = step_function(input, states)`` over the time axis.

    Args:
      step_function: takes a step's input ``(batch, ...)`` and the states (with the constants at
        their end), returns the output and a list of new states. Both inputs and outputs may be
        structures.
      inputs: ``(batch, time, ...)``, or ``(time, batch, ...)`` if ``time_major``.
      initial_states: a list of tensors, or of structures of them.
      go_backwards: whether to start at the last time step; outputs are in the order of the loop.
      mask: ``(batch, time)`` or ``(batch, time, 1)``; where it is false, states stay as they are
        and the output is the one before (zeros at first).
      constants: a list of tensors that every step gets.
      unroll: whether to run the step in a Python loop.
      input_length: accepted; the length is that of ``inputs``.
      time_major: whether inputs, outputs and the mask have the time first.
      zero_output_for_mask: whether outputs are zeros where the mask is false.

    Returns:
      The last output, all outputs, and the last states.

    Raises:
      ValueError: if an input has no time axis, or the states change their structure.
    """
    flat = [tf.convert_to_tensor(x) for x in tf.nest.flatten(inputs)]
    for x in flat:
        if x.shape.rank < 3:
            raise ValueError(f"Shape {x.shape} must have rank at least 3")
    if not time_major:
        flat = [time_first(x) for x in flat]
    steps = flat[0].shape[0]
    if mask is not None:
        mask = tf.cast(mask, tf.bool)
        if mask.shape.rank == 2:
            mask = tf.expand_dims(mask, -1)
        if not time_major:
            mask = time_first(mask)
        check_mask(mask, steps)
    if steps == 0:
        raise no_steps()
    if go_backwards:
        flat = [tf.reverse(x, [0]) for x in flat]
        mask = None if mask is None else tf.reverse(mask, [0])
    loop = _Loop(step_function, inputs, initial_states, constants, zero_output_for_mask)
    rows = flat if mask is None else [*flat, mask]
    loop.begin([row[0] for row in rows], mask is not None)
    outputs, states = loop.unrolled(rows) if unroll else loop.scanned(rows)
    last = [x[-1] for x in outputs]
    if not time_major:
        outputs = [time_first(x) for x in outputs]
    pack = loop.pack_output
    return pack(last), pack(outputs), tf.nest.pack_sequence_as(initial_states, states)


def time_first(x: Any) -> Any:
    """Swaps the batch axis and the time axis."""
    return tf.transpose(x, [1, 0, *range(2, x.shape.rank)])


def no_steps() -> InvalidArgumentError:
    """The error for a sequence without steps."""
    return InvalidArgumentError(
        None,
        None,
        "slice index 0 of dimension 0 out of bounds: the sequence has no time steps "
        "[Op:StridedSlice]",
    )


def check_mask(mask: Any, steps: int) -> None:
    """Raises TF's error if a time-major mask is too short."""
    length = mask.shape[0]
    if length < steps:
        raise tf.errors.OutOfRangeError(
            None,
            None,
            f"Tried to read from index {length} but array size is: {length} (the mask has "
            f"{length} time steps, the inputs {steps})",
        )


class _Loop:
    """The parts of one call of ``rnn``; tensors are flat lists inside."""

    def __init__(
        self, step: Any, inputs: Any, states: Any, constants: Any, zero_output: bool
    ) -> None:
        self._step = step
        self._inputs = inputs
        self._structure = states
        self._constants = list(constants or [])
        self._zero_output = zero_output
        self._start: list[Any] = [tf.convert_to_tensor(s) for s in tf.nest.flatten(states)]

    def begin(self, row: Sequence[Any], masked: bool) -> None:
        """Calls the step once, as TF does: to see its output, and for what it makes when first run.

        A cell's dropout masks and the weights of layers inside it come from here.
        """
        self._masked = masked
        output, _ = self._call(row, self._start)
        self._output = output
        self._zeros = [tf.zeros_like(x) for x in tf.nest.flatten(output)] if masked else []

    def pack_output(self, flat: Sequence[Any]) -> Any:
        return tf.nest.pack_sequence_as(self._output, list(flat))

    def _call(self, row: Sequence[Any], states: Sequence[Any]) -> tuple[Any, list[Any]]:
        count = len(row) - self._masked
        inputs = tf.nest.pack_sequence_as(self._inputs, list(row[:count]))
        packed = tf.nest.pack_sequence_as(self._structure, list(states))
        output, after = self._step(inputs, (*packed, *self._constants))
        flat = tf.nest.flatten(after)
        if len(flat) != len(states):
            tf.nest.assert_same_structure(self._structure, after)
        return output, [tf.convert_to_tensor(s) for s in flat]

    def _masked_step(
        self, row: Sequence[Any], states: Sequence[Any], before: Sequence[Any]
    ) -> tuple[list[Any], list[Any]]:
        """One step: its outputs and the states after it."""
        output, after = self._call(row, states)
        outputs = [tf.convert_to_tensor(x) for x in tf.nest.flatten(output)]
        if not self._masked:
            return outputs, after
        mask = row[-1]
        instead = self._zeros if self._zero_output else before
        outputs = [_where(mask, new, old) for new, old in zip(outputs, instead, strict=True)]
        return outputs, [_where(mask, new, old) for new, old in zip(after, states, strict=True)]

    def unrolled(self, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """A Python loop."""
        states, before = self._start, self._zeros
        found = []
        for row in zip(*[tf.unstack(x) for x in rows], strict=True):
            before, states = self._masked_step(row, states, before)
            found.append(before)
        return [tf.stack(list(column)) for column in zip(*found, strict=True)], states

    def scanned(self, rows: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """One op; in eager code a Python loop if the step can't be traced."""
        count = len(self._start)

        def step(carried: Any, row: Any) -> tuple[list[Any], list[Any]]:
            outputs, states = self._masked_step(row, carried[:count], carried[count:])
            return [*states, *(outputs if self._masked else [])], outputs

        try:
            # In TF's graph of a step: four numbers of steps, a list for each output, and two ops to
            # take a row of an input.
            more = 4 + 2 * len(rows) + len(tf.nest.flatten(self._output))
            start = [*self._start, *self._zeros]
            carried, outputs = control.scan(step, start, rows, more_ops=more)
        except _UNTRACEABLE:
            if record.state.segment.capture is not None:
                raise
            return self.unrolled(rows)
        return outputs, carried[:count]


def _where(mask: Any, new: Any, old: Any) -> Any:
    """``new`` where a step's mask ``(batch, 1)`` is true."""
    rank = new.shape.rank
    if rank > 2:
        mask = tf.reshape(mask, [*mask.shape, *[1] * (rank - 2)])
    return tf.where(mask, new, old)
