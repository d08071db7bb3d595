"""Products of matrices and of batches of them."""

from __future__ import annotations

import reflow as tf
from reflow.keras.backend.shapes import int_shape, ndim

__all__ = ["batch_dot", "dot"]


def dot(x, y):
    """The sum of products over the last axis of ``x`` and the last but one of ``y``.

    Args:
      x: a tensor ``(..., inner)``.
      y: a tensor ``(..., inner, columns)``.

    Returns:
      A tensor of both shapes without ``inner``; ``x @ y`` for matrices.

    Raises:
      InvalidArgumentError: if the sizes differ, or both are vectors.
    """
    if ndim(x) <= 2 and ndim(y) <= 2:
        return tf.matmul(x, y)
    if ndim(y) < 2:
        raise IndexError(f"dot: y must have at least two axes, got shape {y.shape}")
    return tf.tensordot(x, y, [[ndim(x) - 1], [ndim(y) - 2]])


def batch_dot(x, y, axes=None):
    """The sums of products over one axis of each, sample by sample.

    Args:
      x: a tensor ``(batch, ...)``.
      y: a tensor ``(batch, ...)``.
      axes: the axis of ``x`` and that of ``y``, or an int for both. By default the last of ``x``,
        and the last but one of ``y`` (the last of a matrix).

    Returns:
      A tensor ``(batch, the other axes of x, the other axes of y)``; ``(batch, 1)`` if there are
      none.

    Raises:
      ValueError: if the shapes or axes do not fit.
    """
    x_shape, y_shape = int_shape(x), int_shape(y)
    x_rank, y_rank = len(x_shape), len(y_shape)
    got = f"Received inputs with shapes {x_shape} and {y_shape}."
    if x_rank < 2 or y_rank < 2:
        raise ValueError(f"Cannot do batch_dot on inputs with rank < 2. {got}")
    if None not in (x_shape[0], y_shape[0]) and x_shape[0] != y_shape[0]:
        raise ValueError(f"Cannot do batch_dot on inputs with different batch sizes. {got}")
    if isinstance(axes, int):
        axes = [axes, axes]
    if axes is None:
        axes = [x_rank - 1, y_rank - 1 if y_rank == 2 else y_rank - 2]
    if any(isinstance(axis, (list, tuple)) for axis in axes):
        raise ValueError(
            "Multiple target dimensions are not supported. Expected: None, int, (int, int), "
            f"Provided: {axes}"
        )
    x_axis, y_axis = axes
    x_axis, y_axis = x_axis + (x_axis < 0) * x_rank, y_axis + (y_axis < 0) * y_rank
    if 0 in (x_axis, y_axis):
        raise ValueError(
            "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy "
            "batch dimension to your inputs using K.expand_dims(x, 0)"
        )
    sizes = x_shape[x_axis], y_shape[y_axis]
    if None not in sizes and sizes[0] != sizes[1]:
        raise ValueError(
            f"Cannot do batch_dot on inputs with shapes {x_shape} and {y_shape} with "
            f"axes={[x_axis, y_axis]}. x.shape[{x_axis}] != y.shape[{y_axis}] "
            f"({sizes[0]} != {sizes[1]})."
        )
    letters = "bcdefghijklmnopqrstuvwxyz"
    x_names = list(letters[: x_rank - 1])
    y_names = list(letters[x_rank - 1 : x_rank + y_rank - 2])
    x_names[x_axis - 1] = y_names[y_axis - 1] = "z"
    rest = "".join([name for name in x_names + y_names if name != "z"])
    result = tf.einsum(f"a{''.join(x_names)},a{''.join(y_names)}->a{rest}", x, y)
    return result if rest else tf.expand_dims(result, -1)
