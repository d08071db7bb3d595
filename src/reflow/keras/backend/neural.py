"""Activations, biases and normalization."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.backend.shapes import format_of, int_shape, ndim

__all__ = [
    "batch_normalization", "bias_add", "elu", "hard_sigmoid", "in_top_k", "l2_normalize",
    "normalize_batch_in_training", "relu", "sigmoid", "softmax", "softplus", "softsign", "tanh",
]  # fmt: skip

# ---------------------------------------------------------------------------------- activations


def elu(x, alpha=1.0):
    """``x`` where it is positive, else ``alpha * (exp(x) - 1)``."""
    negative = tf.nn.elu(x)
    return negative if alpha == 1 else tf.where(x > 0, negative, alpha * negative)


def hard_sigmoid(x):
    """``0.2 * x + 0.5``, kept in [0, 1]."""
    return tf.keras.activations.hard_sigmoid(x)


def relu(x, alpha=0.0, max_value=None, threshold=0):
    """``x`` where it is at least a threshold, else ``alpha * (x - threshold)``.

    Args:
      x: a tensor.
      alpha: the slope below the threshold.
      max_value: the largest result; none by default.
      threshold: a number.
    """
    return tf.keras.activations.relu(x, alpha, max_value, threshold)


def sigmoid(x):
    """``1 / (1 + exp(-x))`` of each element."""
    return tf.nn.sigmoid(x)


def softmax(x, axis=-1):
    """``exp(x)`` divided by its sum along an axis."""
    return tf.nn.softmax(x, axis=axis)


def softplus(x):
    """``log(exp(x) + 1)`` of each element."""
    return tf.nn.softplus(x)


def softsign(x):
    """``x / (abs(x) + 1)`` of each element."""
    return tf.nn.softsign(x)


def tanh(x):
    """The hyperbolic tangent of each element."""
    return tf.nn.tanh(x)


def l2_normalize(x, axis=None):
    """A tensor divided by its Euclidean norm along an axis; all axes by default."""
    return tf.math.l2_normalize(x, axis=axis)


def in_top_k(predictions, targets, k):
    """Whether class numbers are among the ``k`` with the highest scores.

    Args:
      predictions: scores ``(batch, classes)``.
      targets: class numbers ``(batch,)``.
      k: an int.

    Returns:
      A boolean tensor ``(batch,)``.
    """
    return tf.math.in_top_k(targets, predictions, k)


# ---------------------------------------------------------------------------------------- biases


def bias_add(x, bias, data_format=None):
    """Adds a bias to each sample.

    Args:
      x: a tensor ``(batch, ..., channels)``.
      bias: ``(channels,)``, or one number for each element of a sample, with the channels last.
      data_format: ``"channels_last"``, or ``"channels_first"`` for ``(batch, channels, ...)``;
        Keras's own by default.

    Raises:
      ValueError: if the bias has another rank, or there is no such data format.
    """
    first = format_of(data_format) == "channels_first"
    sizes, rank = list(int_shape(bias)), ndim(x)
    if len(sizes) not in (1, rank - 1):
        raise ValueError(
            f"Unexpected bias dimensions {len(sizes)}, expect to be 1 or {rank} dimensions"
        )
    if len(sizes) == 1:
        if not first or rank < 3:
            return tf.nn.bias_add(x, bias)
        return x + tf.reshape(bias, [1, sizes[0]] + [1] * (rank - 2))
    return x + tf.reshape(bias, [1, sizes[-1], *sizes[:-1]] if first else [1, *sizes])


# --------------------------------------------------------------------------------- normalization


def normalize_batch_in_training(x, gamma, beta, reduction_axes, epsilon=1e-3):
    """A batch with mean 0 and variance 1, scaled and shifted.

    Args:
      x: a tensor.
      gamma: the scale; None for 1.
      beta: the shift; None for 0.
      reduction_axes: the axes along which mean and variance are taken, a list.
      epsilon: what is added to the variance.

    Returns:
      The batch, its mean and its variance (as in TF 2.1 that of images with the channels last is
      ``n / (n - 1)`` times the one that was used).
    """
    axes = sorted(reduction_axes)
    mean, variance = tf.nn.moments(x, axes)
    if ndim(x) == 4 and axes == [0, 1, 2]:
        count = tf.cast(tf.size(x) / x.shape[-1], x.dtype)
        normal = tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
        return normal, mean, variance * (count / (count - 1.0))
    if axes == list(range(ndim(x)))[:-1]:
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon), mean, variance
    sizes = [1 if axis in axes else size for axis, size in enumerate(int_shape(x))]
    parts = [_shaped(part, sizes) for part in (mean, variance, beta, gamma)]
    return tf.nn.batch_normalization(x, *parts, epsilon), mean, variance


def _shaped(part: Any, sizes: Any) -> Any:
    return None if part is None else tf.reshape(part, sizes)


def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    """``gamma * (x - mean) / sqrt(var + epsilon) + beta``.

    Args:
      x: a tensor.
      mean, var: tensors that broadcast with it.
      beta: the shift; None for 0.
      gamma: the scale; None for 1.
      axis: unused; TF 2.1 uses it to choose a faster way of computing the same.
      epsilon: what is added to the variance.
    """
    return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)
