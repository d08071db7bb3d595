"""Cross entropies: of yes/no labels, of one-hot labels, and of class numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.keras.backend import crossentropy as K  # noqa: N812
from reflow.keras.losses.base import LossFunctionWrapper
from reflow.keras.losses.regression import as_tensors

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
]


def _smooth(y_true: Any, label_smoothing: Any, count: Callable[[], Any]) -> Any:
    """Labels moved towards ``1 / count()``; smoothing by the number 0 leaves them as they are."""
    if not tf.is_tensor(label_smoothing) and not label_smoothing:
        return y_true
    amount = tf.cast(label_smoothing, y_true.dtype)
    return y_true * (1.0 - amount) + amount / count()


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """The mean of ``-y_true * log(p) - (1 - y_true) * log(1 - p)`` along the last axis.

    Args:
      y_true: labels between 0 and 1, cast to ``y_pred``'s type.
      y_pred: the probabilities ``p``, which are clipped to ``[epsilon(), 1 - epsilon()]``.
      from_logits: whether ``y_pred`` has logits, ``p = sigmoid(y_pred)``, instead.
      label_smoothing: how far labels are moved towards 0.5: 0 not at all, 1 all the way.

    Returns:
      A tensor without the last axis, of ``y_pred``'s type.

    Raises:
      ValueError: if the shapes of labels and logits differ.
      InvalidArgumentError: if those of labels and probabilities do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    y_true = _smooth(y_true, label_smoothing, lambda: 2.0)
    return tf.reduce_mean(K.binary_crossentropy(y_true, y_pred, from_logits), axis=-1)


class BinaryCrossentropy(LossFunctionWrapper):
    """Loss from ``binary_crossentropy``.

    Args:
      from_logits: whether predictions are logits instead of probabilities.
      label_smoothing: how far labels are moved towards 0.5: 0 not at all, 1 all the way.
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(
        self, from_logits=False, label_smoothing=0, reduction="auto", name="binary_crossentropy"
    ):
        super().__init__(
            binary_crossentropy,
            reduction=reduction,
            name=name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )
        self.from_logits = from_logits


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0):
    """Cross entropy ``-sum(y_true * log(p))`` along the last axis.

    Args:
      y_true: one-hot labels or probabilities ``(..., classes)``, cast to ``y_pred``'s type.
      y_pred: the probabilities ``p`` ``(..., classes)``; they are divided by their sum and clipped
        to ``[epsilon(), 1 - epsilon()]``.
      from_logits: whether ``y_pred`` has logits, ``p = softmax(y_pred)``, instead.
      label_smoothing: how far labels are moved towards equal probabilities. As in TF 2.1 axis 1 has
        the classes here, so labels of rank 1 can't be smoothed.

    Returns:
      A tensor ``(...)`` of ``y_pred``'s type.

    Raises:
      InvalidArgumentError: if the shapes do not broadcast.
    """
    y_true, y_pred = as_tensors(y_true, y_pred)
    y_true = _smooth(y_true, label_smoothing, lambda: tf.cast(tf.shape(y_true)[1], y_true.dtype))
    return K.categorical_crossentropy(y_true, y_pred, from_logits)


class CategoricalCrossentropy(LossFunctionWrapper):
    """Loss from ``categorical_crossentropy``.

    Args:
      from_logits: whether predictions are logits instead of probabilities.
      label_smoothing: how far labels are moved towards equal probabilities, 0 to 1.
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0,
        reduction="auto",
        name="categorical_crossentropy",
    ):
        super().__init__(
            categorical_crossentropy,
            reduction=reduction,
            name=name,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, axis=-1):
    """Cross entropy ``-log(p[y_true])`` of class numbers.

    Args:
      y_true: class numbers, cast to int64: ``y_pred``'s shape without the classes, or any shape
        with as many elements, such as ``(batch, 1)``.
      y_pred: the probabilities ``p`` ``(..., classes)``; they are clipped to ``[epsilon(),
        1 - epsilon()]`` and divided by their sum.
      from_logits: whether ``y_pred`` has logits, ``p = softmax(y_pred)``, instead.
      axis: where ``y_pred`` has its classes.

    Returns:
      A tensor of ``y_pred``'s type, and of its shape without the classes.

    Raises:
      ValueError: if the number of labels does not fit or ``y_pred`` is a scalar.
      InvalidArgumentError: if a label is not in ``[0, classes)``.
    """
    return K.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """Loss from ``sparse_categorical_crossentropy``.

    Args:
      from_logits: whether predictions are logits instead of probabilities.
      reduction: how the samples' losses become one number, see ``Reduction``.
      name: of the loss.
    """

    def __init__(self, from_logits=False, reduction="auto", name="sparse_categorical_crossentropy"):
        super().__init__(
            sparse_categorical_crossentropy,
            reduction=reduction,
            name=name,
            from_logits=from_logits,
        )
