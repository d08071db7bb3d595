"""How often predictions are right: of values, yes/no labels, classes, and the best k classes."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.backend.configuration import floatx
from reflow.keras.metrics.reduction import MeanMetricWrapper

__all__ = [
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]


def _hits(hit: Any) -> Any:
    """Truth values as 0 and 1."""
    return tf.cast(hit, floatx())


def accuracy(y_true, y_pred):
    """1 where ``y_true == y_pred``, else 0.

    Args:
      y_true: targets.
      y_pred: predictions of the same shape, cast to ``y_true``'s type.

    Returns:
      A tensor of ``floatx``, of the same shape.

    Raises:
      ValueError: if the shapes differ.
    """
    y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
    y_pred.shape.assert_is_compatible_with(y_true.shape)
    return _hits(tf.equal(y_true, tf.cast(y_pred, y_true.dtype)))


class Accuracy(MeanMetricWrapper):
    """How often predictions equal the targets.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype=dtype)


def binary_accuracy(y_true, y_pred, threshold=0.5):
    """How often ``y_true == (y_pred > threshold)`` along the last axis.

    Args:
      y_true: labels 0 or 1 ``(..., labels)``, of ``y_pred``'s type.
      y_pred: probabilities of the same shape, or one that broadcasts with it.
      threshold: the largest probability of a 0.

    Returns:
      A tensor ``(...)`` of ``floatx``.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast, or the types differ.
    """
    y_pred = tf.convert_to_tensor(y_pred)
    positive = tf.cast(y_pred > tf.cast(threshold, y_pred.dtype), y_pred.dtype)
    return tf.reduce_mean(_hits(tf.equal(y_true, positive)), axis=-1)


class BinaryAccuracy(MeanMetricWrapper):
    """How often probabilities lie on the labels' side of a threshold.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      threshold: the largest probability of a 0.
    """

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(binary_accuracy, name, dtype=dtype, threshold=threshold)


def categorical_accuracy(y_true, y_pred):
    """1 where the largest of ``y_true`` and the largest of ``y_pred`` are in one place, else 0.

    Args:
      y_true: one-hot labels ``(..., classes)``.
      y_pred: scores ``(..., classes)``.

    Returns:
      A tensor ``(...)`` of ``floatx``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    return _hits(tf.equal(tf.argmax(y_true, axis=-1), tf.argmax(y_pred, axis=-1)))


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the class with the highest score is that of the one-hot labels.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype=dtype)


def sparse_categorical_accuracy(y_true, y_pred):
    """1 where ``y_true`` is the place of the largest of ``y_pred``, else 0.

    Args:
      y_true: class numbers: ``y_pred``'s shape without the classes, or with a last dimension of
        size 1 instead.
      y_pred: scores ``(..., classes)``.

    Returns:
      A tensor ``(...)`` of ``floatx``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
    if y_true.ndim == y_pred.ndim:
        y_true = tf.squeeze(y_true, [-1])
    return _hits(tf.equal(y_true, tf.cast(tf.argmax(y_pred, axis=-1), y_true.dtype)))


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the class with the highest score is that of the class numbers.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype=dtype)


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the largest of ``y_true`` is at one of the ``k`` best places of ``y_pred``, else 0.

    Args:
      y_true: one-hot labels ``(batch, classes)``.
      y_pred: scores ``(batch, classes)``.
      k: how many places count.

    Returns:
      A tensor ``(batch,)`` of ``floatx``.

    Raises:
      InvalidArgumentError: if the scores are not of rank 2, or the shapes do not fit.
    """
    return _hits(tf.math.in_top_k(tf.argmax(y_true, axis=-1), tf.cast(y_pred, tf.float32), k))


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of the one-hot labels is among the ``k`` with the highest scores.

    Args:
      k: how many classes count.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(top_k_categorical_accuracy, name, dtype=dtype, k=k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where ``y_true`` is one of the ``k`` best places of ``y_pred``, else 0.

    Args:
      y_true: class numbers ``(batch,)`` or ``(batch, 1)``.
      y_pred: scores ``(batch, classes)``.
      k: how many places count.

    Returns:
      A tensor ``(batch,)`` of ``floatx``.

    Raises:
      InvalidArgumentError: if the scores are not of rank 2, or the shapes do not fit.
    """
    y_true, y_pred = tf.convert_to_tensor(y_true), tf.convert_to_tensor(y_pred)
    if y_true.ndim > 1 and y_true.ndim == y_pred.ndim:
        y_true = tf.squeeze(y_true, [-1])
    return _hits(tf.math.in_top_k(tf.cast(y_true, tf.int32), tf.cast(y_pred, tf.float32), k))


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class of the class numbers is among the ``k`` with the highest scores.

    Args:
      k: how many classes count.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, k=5, name="sparse_top_k_categorical_accuracy", dtype=None):
        super().__init__(sparse_top_k_categorical_accuracy, name, dtype=dtype, k=k)
