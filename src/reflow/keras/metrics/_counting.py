"""Counting true and false positives and negatives at thresholds: what several metrics share."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.metrics.reduction import expand_weights
from reflow.nn.losses import fit_weights

BELOW_ALL = -1e10
"""A threshold that all scores exceed but those that were not among the best k."""


def threshold_list(thresholds: Any, default: float) -> list[float]:
    """Thresholds as a list of floats.

    Raises:
      ValueError: if one is not in [0, 1].
    """
    if thresholds is None:
        return [default]
    given = thresholds if isinstance(thresholds, (list, tuple)) else [thresholds]
    wrong = [t for t in given if t is None or not 0 <= t <= 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Invalid values: {wrong}")
    return [float(t) for t in given]


def count(
    variables: dict[str, Any],
    y_true: Any,
    y_pred: Any,
    thresholds: list[float],
    *,
    top_k: int | None = None,
    class_id: int | None = None,
    sample_weight: Any = None,
    multi_label: bool = False,
    label_weights: Any = None,
) -> None:
    """Adds a batch's weights to variables: of all elements, or per label.

    Args:
      variables: ``"true_positives"``, ``"false_positives"``, ``"true_negatives"`` or
        ``"false_negatives"`` -> a variable ``(thresholds,)``; with ``multi_label`` ``(thresholds,
        labels)``.
      y_true: labels; what is not 0 is positive.
      y_pred: probabilities of the same shape; what exceeds a threshold is predicted positive.
      thresholds: a list of floats.
      top_k: only so many of the best scores along the last axis count as predicted.
      class_id: only this place of the last axis counts.
      sample_weight: weights that broadcast with ``y_pred``.
      multi_label: whether to count each label, along the last of two axes, by itself.
      label_weights: weights ``(labels,)``, where labels are not counted by themselves.

    Raises:
      InvalidArgumentError: if a probability is not in [0, 1].
      ValueError: if shapes do not fit.
    """
    dtype = next(iter(variables.values())).dtype
    y_true, y_pred = tf.cast(y_true, dtype), tf.cast(y_pred, dtype)
    tf.debugging.assert_greater_equal(
        y_pred, tf.cast(0.0, dtype), message="predictions must be >= 0"
    )
    tf.debugging.assert_less_equal(y_pred, tf.cast(1.0, dtype), message="predictions must be <= 1")
    y_pred.shape.assert_is_compatible_with(y_true.shape)
    weights = None
    if sample_weight is not None:
        weights = expand_weights(y_pred, tf.cast(sample_weight, dtype))
        weights = tf.broadcast_to(fit_weights(y_pred, weights)[1], y_pred.shape)
    if label_weights is not None and not multi_label:
        per_label = tf.broadcast_to(tf.cast(label_weights, dtype), y_pred.shape)
        weights = per_label if weights is None else weights * per_label
    if top_k is not None:
        y_pred = _best(y_pred, top_k)
    if class_id is not None:
        y_true, y_pred = y_true[..., class_id], y_pred[..., class_id]
        weights = None if weights is None else weights[..., class_id]

    def rows(x: Any) -> Any:
        """One row of elements, or of samples with their labels, to go with every threshold."""
        return x[tf.newaxis] if multi_label else tf.reshape(x, [1, -1])

    levels = tf.reshape(tf.constant(thresholds, dtype), [-1] + [1] * (2 if multi_label else 1))
    predicted = rows(y_pred) > levels
    actual = rows(tf.cast(y_true, tf.bool))
    if weights is not None:
        weights = rows(weights)
    for name, variable in variables.items():
        positive = name.endswith("positives")
        chosen = predicted if positive else tf.logical_not(predicted)
        is_label = actual if positive == name.startswith("true") else tf.logical_not(actual)
        counted = tf.cast(chosen & is_label, dtype)
        if weights is not None:
            counted *= weights
        variable.assign_add(tf.reduce_sum(counted, axis=1))


def _best(scores: Any, k: int) -> Any:
    """The scores that are among the best ``k`` of the last axis; the others far below."""
    best = tf.reduce_sum(tf.one_hot(tf.math.top_k(scores, k).indices, scores.shape[-1]), axis=-2)
    best = tf.cast(best, scores.dtype)
    return scores * best + BELOW_ALL * (1 - best)
