"""Cross entropies of each element or row; ``keras/losses`` takes their means."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core import record
from reflow.keras.backend.configuration import epsilon

__all__ = ["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"]


def _clip(probabilities: Any) -> Any:
    """Probabilities away from 0 and 1, so that their logarithms are finite."""
    return tf.clip_by_value(probabilities, epsilon(), 1.0 - epsilon())


def _logits_of(probabilities: Any, op: str, axis: int = -1) -> Any:
    """The logits that an op made probabilities of, in a function being traced; None if it did not.

    As TF 2.1 does in functions, so in ``fit``: computing with the logits is more exact.
    """
    found = record.producer(probabilities)
    if found is None or found[0] != op:
        return None
    rank = len(probabilities.shape)
    if rank and (found[1].get("axis", -1) - axis) % rank:
        return None
    return found[2][0]


def binary_crossentropy(target, output, from_logits=False):
    """``-target * log(p) - (1 - target) * log(1 - p)`` of each element.

    Args:
      target: labels between 0 and 1, of ``output``'s type.
      output: the probabilities ``p``, which are clipped to ``[epsilon(), 1 - epsilon()]``.
      from_logits: whether ``output`` has logits, ``p = sigmoid(output)``, instead.

    Returns:
      A tensor of ``output``'s shape.
    """
    output = tf.convert_to_tensor(output)
    if not from_logits and (logits := _logits_of(output, "Sigmoid")) is not None:
        from_logits, output = True, logits
    if from_logits:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=output)
    p = _clip(output)
    # Once more epsilon: TF adds it even though p is clipped, and the last digits show it.
    yes = target * tf.math.log(p + epsilon())
    no = (1.0 - target) * tf.math.log(1.0 - p + epsilon())
    return -(yes + no)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """``-sum(target * log(p))`` along the axis of the classes.

    Args:
      target: one-hot labels or probabilities, of ``output``'s type.
      output: the probabilities ``p``; they are divided by their sum and clipped to ``[epsilon(),
        1 - epsilon()]``.
      from_logits: whether ``output`` has logits, ``p = softmax(output)``, instead.
      axis: where the classes are.

    Returns:
      A tensor of ``output``'s shape without the classes.
    """
    output = tf.convert_to_tensor(output)
    if not from_logits and (logits := _logits_of(output, "Softmax", axis)) is not None:
        from_logits, output = True, logits
    if from_logits:
        return tf.nn.softmax_cross_entropy_with_logits(labels=target, logits=output, axis=axis)
    p = _clip(output / tf.reduce_sum(output, axis=axis, keepdims=True))
    return -tf.reduce_sum(target * tf.math.log(p), axis=axis)


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """``-log(p[target])`` of class numbers.

    Args:
      target: class numbers, cast to int64: ``output``'s shape without the classes, or any shape
        with as many elements, such as ``(batch, 1)``.
      output: the probabilities ``p``; they are clipped to ``[epsilon(), 1 - epsilon()]`` and
        divided by their sum.
      from_logits: whether ``output`` has logits, ``p = softmax(output)``, instead.
      axis: where the classes are.

    Returns:
      A tensor of ``output``'s shape without the classes.

    Raises:
      ValueError: if the number of labels does not fit or ``output`` is a scalar.
      InvalidArgumentError: if a label is not in ``[0, classes)``.
    """
    output = tf.convert_to_tensor(output)
    rank = len(output.shape)
    if rank == 0:
        raise ValueError(
            "sparse_categorical_crossentropy: y_pred needs an axis of classes, got a scalar"
        )
    if not from_logits and (known := _logits_of(output, "Softmax", axis)) is not None:
        from_logits, output = True, known
    # The softmax of logarithms divides by the sum.
    logits = output if from_logits else tf.math.log(_clip(output))
    axis %= rank
    if axis != rank - 1:
        logits = tf.transpose(logits, [i for i in range(rank) if i != axis] + [axis])
    labels = tf.convert_to_tensor(target)
    if labels.dtype not in (tf.int32, tf.int64):
        labels = tf.cast(labels, tf.int64)
    if len(labels.shape) == rank - 1:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    labels, logits_2d = tf.reshape(labels, [-1]), tf.reshape(logits, [-1, logits.shape[-1]])
    if record.state.segment.capture is not None and labels.shape[0] != logits_2d.shape[0]:
        raise tf.errors.InvalidArgumentError(
            None,
            None,
            "logits and labels must have the same first dimension, got logits shape "
            f"{logits_2d.shape.as_list()} and labels shape {labels.shape.as_list()}: the labels of "
            "sparse_categorical_crossentropy are class numbers, one for each row of the output; "
            "for one-hot rows there is categorical_crossentropy",
        )
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits_2d)
    return tf.reshape(losses, logits.shape[:-1]) if rank >= 3 else losses
