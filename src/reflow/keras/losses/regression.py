"""Losses of predicted numbers: squared, absolute and relative errors, Huber, cosine."""

from __future__ import annotations

import math
from typing import Any

import reflow as tf
from reflow.keras.backend.configuration import epsilon, floatx
from reflow.keras.losses.base import LossFunctionWrapper

__all__ = [
    "CosineSimilarity",
    "Huber",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "cosine_similarity",
    "logcosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
]


def as_tensors(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Both as tensors of the type of ``y_pred``."""
    y_pred = tf.convert_to_tensor(y_pred)
    return tf.cast(y_true, y_pred.dtype), y_pred


def mean_squared_error(y_true, y_pred):
    """The mean of ``(y_pred - y_true) ** 2`` along the last axis.

    Args:
      y_true: targets ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: predictions of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    return tf.reduce_mean(tf.math.squared_difference(y_pred, y_true), axis=-1)


class MeanSquaredError(LossFunctionWrapper):
    """Loss from ``mean_squared_error``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="mean_squared_error"):
        super().__init__(mean_squared_error, reduction=reduction, name=name)


def mean_absolute_error(y_true, y_pred):
    """The mean of ``abs(y_pred - y_true)`` along the last axis.

    Args:
      y_true: targets ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: predictions of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    return tf.reduce_mean(tf.abs(y_pred - y_true), axis=-1)


class MeanAbsoluteError(LossFunctionWrapper):
    """Loss from ``mean_absolute_error``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="mean_absolute_error"):
        super().__init__(mean_absolute_error, reduction=reduction, name=name)


def mean_absolute_percentage_error(y_true, y_pred):
    """100 times the mean of ``abs((y_true - y_pred) / y_true)`` along the last axis.

    The divisor is at least ``epsilon()`` in size.

    Args:
      y_true: targets ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: predictions of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    size = tf.clip_by_value(tf.abs(y_true), epsilon(), math.inf)
    return 100.0 * tf.reduce_mean(tf.abs((y_true - y_pred) / size), axis=-1)


class MeanAbsolutePercentageError(LossFunctionWrapper):
    """Loss from ``mean_absolute_percentage_error``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="mean_absolute_percentage_error"):
        super().__init__(mean_absolute_percentage_error, reduction=reduction, name=name)


def mean_squared_logarithmic_error(y_true, y_pred):
    """The mean of ``(log(y_true + 1) - log(y_pred + 1)) ** 2`` along the last axis.

    Targets and predictions below ``epsilon()`` count as ``epsilon()``.

    Args:
      y_true: targets ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: predictions of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    log_pred = tf.math.log(tf.clip_by_value(y_pred, epsilon(), math.inf) + 1.0)
    log_true = tf.math.log(tf.clip_by_value(y_true, epsilon(), math.inf) + 1.0)
    return tf.reduce_mean(tf.math.squared_difference(log_pred, log_true), axis=-1)


class MeanSquaredLogarithmicError(LossFunctionWrapper):
    """Loss from ``mean_squared_logarithmic_error``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="mean_squared_logarithmic_error"):
        super().__init__(mean_squared_logarithmic_error, reduction=reduction, name=name)


def huber_loss(y_true, y_pred, delta=1.0):
    """Half the squared error where it is at most ``delta``, and linear in it beyond.

    Unlike the other losses it keeps the last axis, as TF 2.1's does.

    Args:
      y_true: targets, cast to ``floatx()``.
      y_pred: predictions, cast to ``floatx()``.
      delta: the error at which the parabola turns into a line.

    Returns:
      The loss of each element, of type ``floatx()``.
    """
    y_true, y_pred = tf.cast(y_true, floatx()), tf.cast(y_pred, floatx())
    delta = tf.cast(delta, floatx())
    error = tf.abs(y_pred - y_true)
    quadratic = tf.minimum(error, delta)
    linear = error - quadratic
    return 0.5 * (quadratic * quadratic) + delta * linear


class Huber(LossFunctionWrapper):
    """Half the squared error where it is at most ``delta``, and linear in it beyond.

    Args:
      delta: the error at which the parabola turns into a line.
      reduction: how the elements' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, delta=1.0, reduction="auto", name="huber_loss"):
        super().__init__(huber_loss, reduction=reduction, name=name, delta=delta)


def logcosh(y_true, y_pred):
    """The mean of ``log(cosh(y_pred - y_true))`` along the last axis.

    Close to half the squared error where that is small, to the absolute error where it is large.

    Args:
      y_true: targets ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: predictions of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    error = y_pred - y_true
    # cosh itself would overflow: log(cosh(x)) = x + log(1 + exp(-2 x)) - log(2).
    return tf.reduce_mean(error + tf.nn.softplus(-2.0 * error) - math.log(2.0), axis=-1)


class LogCosh(LossFunctionWrapper):
    """Loss from ``logcosh``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="logcosh"):
        super().__init__(logcosh, reduction=reduction, name=name)


def cosine_similarity(y_true, y_pred, axis=-1):
    """The cosine of the angle between targets and predictions, negated: -1 for equal directions.

    Args:
      y_true: vectors of ``y_pred``'s floating type.
      y_pred: vectors of the same shape, or one that broadcasts with it.
      axis: along which the vectors lie.

    Returns:
      A tensor without ``axis``; 0 where a vector is 0.

    Raises:
      InvalidArgumentError: if types differ or shapes do not broadcast.
    """
    y_true = tf.math.l2_normalize(y_true, axis=axis)
    y_pred = tf.math.l2_normalize(y_pred, axis=axis)
    return -tf.reduce_sum(y_true * y_pred, axis=axis)


class CosineSimilarity(LossFunctionWrapper):
    """Loss from ``cosine_similarity``.

    Args:
      axis: along which the vectors lie.
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, axis=-1, reduction="auto", name="cosine_similarity"):
        super().__init__(cosine_similarity, reduction=reduction, name=name, axis=axis)
