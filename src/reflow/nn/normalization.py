"""Statistics and normalization: ``tf.nn.moments``, ``batch_normalization``, ``l2_normalize``."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

import reflow as tf
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    COMPLEXES,
    FLOATS,
    bfloat16,
    float16,
    float32,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
)
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import text

__all__ = [
    "batch_norm_with_global_normalization",
    "batch_normalization",
    "bias_add",
    "l2_normalize",
    "local_response_normalization",
    "moments",
    "normalize_moments",
    "sufficient_statistics",
    "weighted_moments",
]

HALVES = (float16, bfloat16)


# ---------------------------------------------------------------------------------- statistics


def moments(x, axes, shift=None, keepdims=False, name=None):
    """The mean and the variance over some axes.

    Halves are computed in float32. The variance is that of the population: it divides by n.

    Args:
      x: a tensor of numbers.
      axes: the axes to reduce: an int, a list, or None for all.
      shift: not used, as in TF 2.1.
      keepdims: whether reduced axes stay, with size 1.
      name: unused in eager code.

    Returns:
      ``(mean, variance)`` of ``x``'s dtype.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    x = convert_to_tensor(x)
    y = tf.cast(x, float32) if x.dtype in HALVES else x
    mean = tf.reduce_mean(y, axes, keepdims=True)
    # The gradient through this mean is zero, so it need not be computed.
    squares = tf.math.squared_difference(y, tf.stop_gradient(mean))
    variance = tf.reduce_mean(squares, axes, keepdims=True)
    return _finish(mean, x, axes, keepdims), _finish(variance, x, axes, keepdims)


def _finish(statistic: Any, x: Any, axes: Any, keepdims: bool) -> Any:
    """Drops the reduced axes if asked to, and casts back."""
    if not keepdims:
        statistic = tf.squeeze(statistic, axes)
    return tf.cast(statistic, x.dtype) if x.dtype in HALVES else statistic


def weighted_moments(x, axes, frequency_weights, keepdims=False, name=None):
    """The mean and the variance over some axes, with weights.

    Args:
      x: a tensor of numbers; halves are computed in float32.
      axes: the axes to reduce: an int, a list, or None for all.
      frequency_weights: non-negative weights that broadcast with ``x``.
      keepdims: whether reduced axes stay, with size 1.
      name: unused in eager code.

    Returns:
      ``(mean, variance)`` of ``x``'s dtype.

    Raises:
      InvalidArgumentError: if there is no such axis or the shapes do not fit.
    """
    x = convert_to_tensor(x)
    weights = convert_to_tensor(frequency_weights)
    halves = x.dtype in HALVES
    y = tf.cast(x, float32) if halves else x
    if weights.dtype is not y.dtype:
        weights = tf.cast(weights, y.dtype)
    # Ones make the sum of the weights count every element that they are broadcast to.
    total = tf.reduce_sum(weights + tf.zeros_like(y), axes, keepdims=True)
    mean = tf.math.divide(tf.reduce_sum(weights * y, axes, keepdims=True), total)
    squares = tf.math.squared_difference(y, tf.stop_gradient(mean))
    variance = tf.math.divide(tf.reduce_sum(weights * squares, axes, keepdims=True), total)
    return _finish(mean, x, axes, keepdims), _finish(variance, x, axes, keepdims)


def sufficient_statistics(x, axes, shift=None, keepdims=False, name=None):
    """What mean and variance can be computed from: count, sum and sum of squares.

    Args:
      x: a tensor of numbers.
      axes: a list of axes to reduce.
      shift: a value near the mean that is subtracted first, for accuracy; or None.
      keepdims: whether reduced axes stay, with size 1.
      name: unused in eager code.

    Returns:
      ``(count, sum, sum of squares, shift)``; ``shift`` is None if none was given.
    """
    x = convert_to_tensor(x)
    sizes = [x.shape[axis] for axis in list(dict.fromkeys(axes))]
    count = tf.constant(math.prod(sizes), x.dtype)
    if shift is None:
        shifted, squares = x, tf.math.square(x)
    else:
        shift = convert_to_tensor(shift, x.dtype)
        shifted, squares = x - shift, tf.math.squared_difference(x, shift)
    mean_ss = tf.reduce_sum(shifted, axes, keepdims=keepdims)
    variance_ss = tf.reduce_sum(squares, axes, keepdims=keepdims)
    return count, mean_ss, variance_ss, shift


def normalize_moments(counts, mean_ss, variance_ss, shift, name=None):
    """The mean and the variance from what ``sufficient_statistics`` gave.

    Args:
      counts: the number of elements.
      mean_ss: the sum of the (shifted) elements.
      variance_ss: the sum of their squares.
      shift: what was subtracted, or None.
      name: unused in eager code.

    Returns:
      ``(mean, variance)``.
    """
    divisor = tf.math.reciprocal(counts)
    shifted_mean = tf.multiply(mean_ss, divisor)
    mean = shifted_mean if shift is None else shifted_mean + shift
    variance = tf.subtract(tf.multiply(variance_ss, divisor), tf.square(shifted_mean))
    return mean, variance


# ------------------------------------------------------------------------------- normalization


def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    """``scale * (x - mean) / sqrt(variance + variance_epsilon) + offset``.

    Args:
      x: a floating tensor.
      mean: the mean to subtract; like the following it broadcasts with ``x``.
      variance: the variance to divide by.
      offset: what is added at the end, or None.
      scale: what the normalized values are multiplied by, or None.
      variance_epsilon: a small number that keeps the divisor from 0.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    x = convert_to_tensor(x)
    factor = tf.math.rsqrt(convert_to_tensor(variance) + variance_epsilon)
    if scale is not None:
        factor = factor * scale
    # Written as x * factor + (offset - mean * factor), so that x is read once.
    shift = -mean * factor if offset is None else offset - mean * factor
    return x * tf.cast(factor, x.dtype) + tf.cast(shift, x.dtype)


def batch_norm_with_global_normalization(
    input, mean, variance, beta, gamma, variance_epsilon, scale_after_normalization, name=None
):
    """Batch normalization as TF's oldest programs call it; see ``batch_normalization``.

    Args:
      input: a floating tensor.
      mean: the mean to subtract.
      variance: the variance to divide by.
      beta: the offset.
      gamma: the scale, used only if ``scale_after_normalization``.
      variance_epsilon: a small number that keeps the divisor from 0.
      scale_after_normalization: whether to multiply by ``gamma``.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.
    """
    scale = gamma if scale_after_normalization else None
    return batch_normalization(input, mean, variance, beta, scale, variance_epsilon)


def l2_normalize(x, axis=None, epsilon=1e-12, name=None):
    """``x / sqrt(max(sum(x ** 2, axis), epsilon))``: vectors of length 1.

    Args:
      x: a floating tensor.
      axis: the axis or axes along which vectors lie; None takes all of ``x`` as one vector.
      epsilon: the least square of a length, which keeps the divisor from 0.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    x = convert_to_tensor(x)
    square_sum = tf.reduce_sum(tf.square(x), axis, keepdims=True)
    return tf.multiply(x, tf.math.rsqrt(tf.maximum(square_sum, epsilon)))


# --------------------------------------------------------------------------- across channels


def _lrn_rule(x: Aval, **_: Any) -> Aval:
    if len(x.shape) != 4:
        raise invalid("in must be 4-dimensional")
    return x


@op("LRN", types=(bfloat16, float16, float32), rule=_lrn_rule)
def _lrn(x, *, radius, bias, alpha, beta):
    # A sum of shifted copies: the windows are a few channels wide.
    channels = x.shape[-1]
    around = jnp.pad(jnp.square(x), [(0, 0)] * 3 + [(radius, radius)])
    sums = sum(around[..., i : i + channels] for i in range(2 * radius + 1))
    return (x / (bias + alpha * sums) ** beta).astype(x.dtype)


def local_response_normalization(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None):
    """Divides by ``(bias + alpha * s) ** beta``, where s sums the squares of nearby channels.

    Args:
      input: a tensor ``(batch, height, width, channels)`` of float32 or a half.
      depth_radius: how many channels to either side count as near.
      bias: a number that keeps the divisor from 0.
      alpha: the sum's weight.
      beta: the exponent.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if ``input`` has another rank or ``depth_radius`` is negative.
      TypeError: if an argument is no number.
    """
    for argument, value in (("bias", bias), ("alpha", alpha), ("beta", beta)):
        if not isinstance(value, Real):
            raise TypeError(f"Expected float for argument '{argument}' not {value!r}.")
    radius = int(depth_radius)
    if radius < 0:
        raise invalid(f"depth_radius = {radius} larger than int max [Op:LRN]")
    x = convert_to_tensor(input, dtype_hint=float32)
    return _lrn(x, radius=radius, bias=float(bias), alpha=float(alpha), beta=float(beta))


# ---------------------------------------------------------------------------------------- bias


def _bias_add_rule(value: Aval, bias: Aval, *, channels_first: bool) -> Aval:
    rank = len(value.shape)
    if rank < 2:
        raise invalid(f"Input tensor must be at least 2D: {text(value.shape)}")
    if len(bias.shape) != 1:
        raise invalid(f"Biases must be 1D: {text(bias.shape)}")
    if channels_first and rank == 2:
        raise invalid(f"Only ranks up to 5 supported: {text(value.shape)}")
    axis = 1 if channels_first else rank - 1
    if value.shape[axis] != bias.shape[0]:
        raise invalid(
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{text(bias.shape)} vs. {text(value.shape)}"
        )
    return value


_BIAS_TYPES = FLOATS | COMPLEXES | {int8, int16, int32, int64, uint8, uint16, uint32, uint64}


@op("BiasAdd", types=_BIAS_TYPES, rule=_bias_add_rule, reads=())
def _bias_add(value, bias, *, channels_first):
    axis = 1 if channels_first else value.ndim - 1
    return value + lax.broadcast_in_dim(bias, value.shape, (axis,))


def bias_add(value, bias, data_format=None, name=None):
    """Adds a vector to every position: ``value + bias`` along the channels' axis.

    Args:
      value: a tensor of numbers, of rank 2 or more.
      bias: a vector with one element per channel.
      data_format: ``"N...C"`` (channels last, the default) or ``"NC..."``.
      name: unused in eager code.

    Returns:
      A tensor like ``value``.

    Raises:
      ValueError: if ``data_format`` is neither.
      InvalidArgumentError: if the shapes do not fit.
    """
    channels_first = False
    if data_format is not None:
        channels_first = data_format.startswith("NC")
        if not channels_first and not (data_format[:1] == "N" and data_format[-1:] == "C"):
            raise ValueError("data_format must be of the form `N...C` or `NC...`")
    return _bias_add(value, bias, channels_first=channels_first)
