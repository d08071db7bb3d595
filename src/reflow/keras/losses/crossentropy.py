"""Cross entropies: of yes/no labels, of one-hot labels, and of class numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.core import record
from reflow.keras.backend.configuration import epsilon
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


def _clip(probabilities: Any) -> Any:
    """Probabilities away from 0 and 1, so that their logarithms are finite."""
    return tf.clip_by_value(probabilities, epsilon(), 1.0 - epsilon())


def _logits_of(probabilities: Any, op: str) -> Any:
    """The logits that an op made probabilities of, in a function being traced; None if it did not.

    As TF 2.1 does in functions, so in ``fit``: computing with the logits is more exact.
    """
    found = record.producer(probabilities)
    if (
        found is None
        or found[0] != op
        or found[1].get("axis", -1)
        not in (
            -1,
            len(probabilities.shape) - 1,
        )
    ):
        return None
    return found[2][0]


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
    if not from_logits and (logits := _logits_of(y_pred, "Sigmoid")) is not None:
        from_logits, y_pred = True, logits
    if from_logits:
        losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=y_true, logits=y_pred)
    else:
        p = _clip(y_pred)
        # Once more epsilon: TF adds it even though p is clipped, and the last digits show it.
        yes = y_true * tf.math.log(p + epsilon())
        no = (1.0 - y_true) * tf.math.log(1.0 - p + epsilon())
        losses = -(yes + no)
    return tf.reduce_mean(losses, axis=-1)


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
    if not from_logits and (logits := _logits_of(y_pred, "Softmax")) is not None:
        from_logits, y_pred = True, logits
    if from_logits:
        return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)
    p = _clip(y_pred / tf.reduce_sum(y_pred, axis=-1, keepdims=True))
    return -tf.reduce_sum(y_true * tf.math.log(p), axis=-1)


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
    y_pred = tf.convert_to_tensor(y_pred)
    rank = len(y_pred.shape)
    if rank == 0:
        raise ValueError(
            "sparse_categorical_crossentropy: y_pred needs an axis of classes, got a scalar"
        )
    if not from_logits and (known := _logits_of(y_pred, "Softmax")) is not None:
        from_logits, y_pred = True, known
    # The softmax of logarithms divides by the sum.
    logits = y_pred if from_logits else tf.math.log(_clip(y_pred))
    axis %= rank
    if axis != rank - 1:
        logits = tf.transpose(logits, [i for i in range(rank) if i != axis] + [axis])
    labels = tf.cast(y_true, tf.int64)
    if len(labels.shape) == rank - 1:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.reshape(labels, [-1]), logits=tf.reshape(logits, [-1, logits.shape[-1]])
    )
    return tf.reshape(losses, logits.shape[:-1]) if rank >= 3 else losses


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
