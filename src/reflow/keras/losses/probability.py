"""Losses between distributions that are no cross entropies: Kullback-Leibler and Poisson."""

from __future__ import annotations

import reflow as tf
from reflow.keras.backend.configuration import epsilon
from reflow.keras.losses.base import LossFunctionWrapper
from reflow.keras.losses.regression import as_tensors

__all__ = ["KLDivergence", "Poisson", "kullback_leibler_divergence", "poisson"]


def kullback_leibler_divergence(y_true, y_pred):
    """The divergence ``sum(y_true * log(y_true / y_pred))`` along the last axis.

    Both are clipped to ``[epsilon(), 1]`` first.

    Args:
      y_true: probabilities ``(..., classes)``, cast to ``y_pred``'s type.
      y_pred: probabilities of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    y_true = tf.clip_by_value(y_true, epsilon(), 1.0)
    y_pred = tf.clip_by_value(y_pred, epsilon(), 1.0)
    return tf.reduce_sum(y_true * tf.math.log(y_true / y_pred), axis=-1)


class KLDivergence(LossFunctionWrapper):
    """Loss from ``kullback_leibler_divergence``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="kullback_leibler_divergence"):
        super().__init__(kullback_leibler_divergence, reduction=reduction, name=name)


def poisson(y_true, y_pred):
    """The mean of ``y_pred - y_true * log(y_pred + epsilon())`` along the last axis.

    Args:
      y_true: counts ``(..., values)``, cast to ``y_pred``'s type.
      y_pred: expected counts of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    return tf.reduce_mean(y_pred - y_true * tf.math.log(y_pred + epsilon()), axis=-1)


class Poisson(LossFunctionWrapper):
    """Loss from ``poisson``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="poisson"):
        super().__init__(poisson, reduction=reduction, name=name)
