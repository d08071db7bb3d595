"""Signals in overlapping frames, and back."""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.static import static_int
from reflow.core.tensor import Tensor

__all__ = ["frame", "overlap_and_add"]

_NUMBERS = FLOATS | COMPLEXES | INTEGERS


def _frames(samples: int, length: int, step: int, pad_end: bool) -> int:
    """How many frames there are."""
    if pad_end:
        return -(-samples // step)
    return max(0, 1 + (samples - length) // step)


def _frame_rule(
    signal: Aval, padding: Aval, *, length: int, step: int, pad_end: bool, axis: int
) -> Aval:
    frames = _frames(signal.shape[axis], length, step, pad_end)
    return aval((*signal.shape[:axis], frames, length, *signal.shape[axis + 1 :]), signal.dtype)


@op("Frame", types=_NUMBERS, rule=_frame_rule, reads=())
def _frame(signal, padding, *, length, step, pad_end, axis):
    samples = signal.shape[axis]
    frames = _frames(samples, length, step, pad_end)
    missing = max(0, (frames - 1) * step + length - samples)
    if missing:
        shape = (*signal.shape[:axis], missing, *signal.shape[axis + 1 :])
        signal = jnp.concatenate([signal, jnp.broadcast_to(padding, shape)], axis)
    places = jnp.arange(frames)[:, None] * step + jnp.arange(length)
    return jnp.take(signal, places, axis, mode="clip")


def frame(signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None):
    """Cuts a signal into frames that may overlap.

    Args:
      signal: a tensor of numbers ``(..., samples, ...)``.
      frame_length: the length of a frame.
      frame_step: the distance between the beginnings of two frames.
      pad_end: whether frames may reach beyond the end, where ``pad_value`` is taken; otherwise
        what does not fill a frame is left out.
      pad_value: the value beyond the end.
      axis: the signal's axis.
      name: unused in eager code.

    Returns:
      A tensor ``(..., frames, frame_length, ...)``.

    Raises:
      ValueError: if ``signal`` or an argument has the wrong rank.
    """
    signal = convert_to_tensor(signal)
    length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
    axis = scalar(axis, "axis")
    if signal.ndim < 1:
        raise ValueError(f"Shape {signal.shape} must have rank at least 1")
    if not -signal.ndim <= axis < signal.ndim:
        raise IndexError(f"frame: no axis {axis} in a tensor of shape {signal.shape}")
    if step == 0:
        raise invalid("Integer division by zero [Op:FloorDiv] name: frame/floordiv/")
    return _frame(
        signal, pad_value, length=length, step=step, pad_end=bool(pad_end), axis=axis % signal.ndim
    )


def scalar(value: Any, what: str) -> int:
    """An int given as a number or a scalar tensor."""
    tensor = value if isinstance(value, int) else convert_to_tensor(value)
    if isinstance(tensor, Tensor):
        if tensor.ndim:
            raise ValueError(f"Shape {tensor.shape} must have rank 0")
        if not tensor.dtype.is_integer:
            tensor = convert_to_tensor(value, dtype="int32")
    return static_int(tensor, what)


# -------------------------------------------------------------------------------- the way back


def _overlap_rule(frames: Aval, *, step: int) -> Aval:
    *batch, count, length = frames.shape
    return aval((*batch, max(0, (count - 1) * step + length)), frames.dtype)


@op("OverlapAndAdd", types=_NUMBERS, rule=_overlap_rule, reads=())
def _overlap_and_add(frames, *, step):
    # Each frame is cut into parts of one step; parts that begin at the same step are added.
    *batch, count, length = frames.shape
    total = max(0, (count - 1) * step + length)
    if total == 0 or step == 0:
        return jnp.sum(frames, -2) if step == 0 else jnp.zeros((*batch, 0), frames.dtype)
    parts = -(-length // step)
    still = [(0, 0)] * len(batch)
    padded = jnp.pad(frames, [*still, (0, 0), (0, parts * step - length)])
    padded = padded.reshape(*batch, count, parts, step)
    out = 0
    for part in range(parts):
        out += jnp.pad(padded[..., part, :], [*still, (part, parts - 1 - part), (0, 0)])
    return out.reshape(*batch, -1)[..., :total]


def overlap_and_add(signal, frame_step, name=None):
    """Adds overlapping frames up to a signal.

    Args:
      signal: frames of numbers ``(..., frames, frame_length)``.
      frame_step: the distance between the beginnings of two frames.
      name: unused in eager code.

    Returns:
      A tensor ``(..., (frames - 1) * frame_step + frame_length)``.

    Raises:
      ValueError: if ``signal`` or ``frame_step`` has the wrong rank or dtype.
    """
    signal = convert_to_tensor(signal)
    if signal.ndim < 2:
        raise ValueError(f"Shape {signal.shape} must have rank at least 2")
    step = convert_to_tensor(frame_step)
    if step.ndim:
        raise ValueError(f"Shape {step.shape} must have rank 0")
    if not step.dtype.is_integer:
        raise ValueError(f"frame_step must be an integer. Got {step.dtype}")
    return _overlap_and_add(signal, step=static_int(step, "frame_step"))
