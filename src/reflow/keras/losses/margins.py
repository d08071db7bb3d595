"""Losses that ask for a margin: hinge, its square, and its form for many classes."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.losses.base import LossFunctionWrapper
from reflow.keras.losses.regression import as_tensors

__all__ = [
    "CategoricalHinge", "Hinge", "SquaredHinge", "categorical_hinge", "hinge", "squared_hinge",
]  # fmt: skip


def _signs(y_true: Any) -> Any:
    """Labels -1 and 1; 0 becomes -1 if all labels are 0 or 1, others stay as they are."""
    is_binary = tf.reduce_all((y_true == 0.0) | (y_true == 1.0))
    return tf.where(is_binary, 2.0 * y_true - 1.0, y_true)


def hinge(y_true, y_pred):
    """The mean of ``max(1 - y_true * y_pred, 0)`` along the last axis.

    Args:
      y_true: labels -1 or 1, or all 0 or 1; cast to ``y_pred``'s type.
      y_pred: scores of the same shape, or one that broadcasts with it.

    Returns:
      A tensor without the last axis, of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    return tf.reduce_mean(tf.maximum(1.0 - _signs(y_true) * y_pred, 0.0), axis=-1)


class Hinge(LossFunctionWrapper):
    """Loss from ``hinge``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="hinge"):
        super().__init__(hinge, reduction=reduction, name=name)


def squared_hinge(y_true, y_pred):
    """The mean of ``max(1 - y_true * y_pred, 0) ** 2`` along the last axis.

    Args:
      y_true: labels -1 or 1, or all 0 or 1; cast to ``y_pred``'s type.
      y_pred: scores of the same shape, or one that broadcasts with it.

    Returns:
      A tensor without the last axis, of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    return tf.reduce_mean(tf.square(tf.maximum(1.0 - _signs(y_true) * y_pred, 0.0)), axis=-1)


class SquaredHinge(LossFunctionWrapper):
    """Loss from ``squared_hinge``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="squared_hinge"):
        super().__init__(squared_hinge, reduction=reduction, name=name)


def categorical_hinge(y_true, y_pred):
    """How far the best wrong class's score comes to within 1 of the right one's, at least 0.

    ``max(0, neg - pos + 1)``, ``pos = sum(y_true * y_pred)``, ``neg = max((1 - y_true) * y_pred)``.

    Args:
      y_true: one-hot labels ``(..., classes)``, cast to ``y_pred``'s type.
      y_pred: scores of the same shape, or one that broadcasts with it.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    right = tf.reduce_sum(y_true * y_pred, axis=-1)
    wrong = tf.reduce_max((1.0 - y_true) * y_pred, axis=-1)
    return tf.maximum(0.0, wrong - right + 1.0)


class CategoricalHinge(LossFunctionWrapper):
    """Loss from ``categorical_hinge``.

    Args:
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, reduction="auto", name="categorical_hinge"):
        super().__init__(categorical_hinge, reduction=reduction, name=name)
