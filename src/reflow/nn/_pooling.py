"""Pooling, one axis at a time: the maximum or the sum of the windows along an axis.

The maximum over a box is the maximum along one axis of the maxima along the others, and of several
equal ones the first in row order is found by keeping the first of each axis, the last axis first.
That costs ``height + width`` comparisons a window instead of ``height * width``, and XLA's own
``reduce_window`` and ``select_and_scatter`` are slower still on the CPU.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from reflow.core.derivative import custom_vjp
from reflow.core.lazy import jnp, lax
from reflow.nn._convolution.geometry import window


class Windows(NamedTuple):
    """Windows along one axis.

    Attributes:
      axis: the axis.
      size: the input's size there.
      kernel: a window's size.
      stride: from one window to the next.
      before, after: how much is padded.
      count: how many windows there are.
    """

    axis: int
    size: int
    kernel: int
    stride: int
    before: int
    after: int
    count: int

    @property
    def tiled(self) -> bool:
        """Whether the windows are the input, cut into pieces (with a rest that is not read)."""
        return self.kernel == self.stride and not self.before and not self.after


def along(axis: int, size: int, kernel: int, stride: int, padding: Any) -> Windows:
    """The windows of a padding: see ``geometry.window``."""
    before, after, count = window(size, kernel, stride, 1, padding)
    return Windows(axis, size, kernel, stride, before, after, count)


def _padded(x: Any, w: Windows, value: Any) -> Any:
    if not w.before and not w.after:
        return x
    config = [(0, 0, 0)] * x.ndim
    config[w.axis] = (w.before, w.after, 0)
    return lax.pad(x, jnp.asarray(value, x.dtype), config)


def _tap(padded: Any, t: int, w: Windows) -> Any:
    """The t-th element of every window."""
    if not w.count:
        return lax.slice_in_dim(padded, 0, 0, 1, w.axis)
    return lax.slice_in_dim(padded, t, t + (w.count - 1) * w.stride + 1, w.stride, w.axis)


def _by_phase(tap_values: Any, w: Windows, dtype: Any, shape: Any) -> Any:
    """The sum, for each position of the input, of what the windows send there.

    Positions a stride apart are a *phase*: they are reached by the same taps of the windows, so a
    phase is a sum of arrays of windows shifted by whole windows. The phases are then interleaved.

    Args:
      tap_values: ``tap_values(t)``: what each window sends to its t-th element.
      w: the windows.
      dtype: the result's dtype.
      shape: the input's shape.
    """
    length = -(-(w.before + w.size) // w.stride)  # of a phase, in windows
    phases = []
    for r in range(w.stride):
        total = None
        for lag, t in enumerate(range(r, w.kernel, w.stride)):
            # Position q of the phase is tap t of window q - lag.
            values = tap_values(t)
            config = [(0, 0, 0)] * values.ndim
            config[w.axis] = (lag, length - lag - w.count, 0)
            shifted = lax.pad(values, jnp.zeros((), values.dtype), config)
            total = shifted if total is None else total + shifted
        if total is None:  # between windows
            between = (*shape[: w.axis], length, *shape[w.axis + 1 :])
            total = jnp.zeros(between, dtype)
        phases.append(total)
    whole = jnp.stack(phases, axis=w.axis + 1) if w.stride > 1 else phases[0]
    whole = whole.reshape(*shape[: w.axis], length * w.stride, *shape[w.axis + 1 :])
    return lax.slice_in_dim(whole, w.before, w.before + w.size, axis=w.axis)


# --------------------------------------------------------------------------------------- maximum


def lowest(dtype: Any) -> Any:
    """The least finite number of this dtype, from which TF starts: NaN and -inf never win."""
    info = jnp.iinfo if jnp.issubdtype(dtype, jnp.integer) else jnp.finfo
    return jnp.asarray(info(dtype).min, dtype)


def first_maximum(x: Any, w: Windows) -> tuple[Any, Any]:
    """The maximum of each window, and the first place in the window that has it."""
    padded = _padded(x, w, lowest(x.dtype))
    first = _tap(padded, 0, w)
    best = jnp.where(first > lowest(x.dtype), first, lowest(x.dtype))
    index = jnp.zeros(best.shape, jnp.int8 if w.kernel <= 127 else jnp.int32)
    for t in range(1, w.kernel):
        candidate = _tap(padded, t, w)
        better = candidate > best
        best = jnp.where(better, candidate, best)
        index = jnp.where(better, jnp.asarray(t, index.dtype), index)
    return best, index


def _maximum(x: Any, w: Windows) -> Any:
    return first_maximum(x, w)[0]


def _maximum_forward(x: Any, w: Windows) -> Any:
    return first_maximum(x, w)


def _maximum_backward(w: Windows, index: Any, dy: Any) -> Any:
    shape = (*dy.shape[: w.axis], w.size, *dy.shape[w.axis + 1 :])

    def sent(t: int) -> Any:
        return jnp.where(index == t, dy, jnp.zeros((), dy.dtype))

    return (_by_phase(sent, w, dy.dtype, shape),)


maximum = custom_vjp(_maximum, static=(1,))
"""``maximum(x, windows)``; the gradient goes to the first of equal elements, as in TF."""
maximum.defvjp(_maximum_forward, _maximum_backward)


# ------------------------------------------------------------------------------------------- sum


def _total(x: Any, w: Windows) -> Any:
    if w.tiled and w.count:
        whole = lax.slice_in_dim(x, 0, w.count * w.kernel, axis=w.axis)
        pieces = (*x.shape[: w.axis], w.count, w.kernel, *x.shape[w.axis + 1 :])
        return whole.reshape(pieces).sum(w.axis + 1)
    padded = _padded(x, w, 0)
    return sum(_tap(padded, t, w) for t in range(1, w.kernel)) + _tap(padded, 0, w)


def _total_backward(w: Windows, kept: Any, dy: Any) -> Any:
    shape = (*dy.shape[: w.axis], w.size, *dy.shape[w.axis + 1 :])
    return (_by_phase(lambda t: dy, w, dy.dtype, shape),)


total = custom_vjp(_total, static=(1,))
"""``total(x, windows)``: the sum of each window."""
total.defvjp(lambda x, w: (total(x, w), ()), _total_backward)


def counts(w: Windows) -> np.ndarray[Any, Any]:
    """How many elements of each window are no padding."""
    starts = np.arange(w.count) * w.stride - w.before
    return np.minimum(starts + w.kernel, w.size) - np.maximum(starts, 0)
