"""Metrics of predicted numbers and vectors that are no mean of a loss."""

from __future__ import annotations

import reflow as tf
from reflow.keras.losses.base import drop_last
from reflow.keras.metrics.reduction import Mean, MeanMetricWrapper, alike

__all__ = ["CosineSimilarity", "MeanRelativeError", "RootMeanSquaredError"]


class RootMeanSquaredError(Mean):
    """The root of the mean of the squared errors.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: targets.
          y_pred: predictions; a last dimension of size 1 that one of both lacks is dropped.
          sample_weight: weights of the squared errors, see ``Mean``.
        """
        y_true, y_pred = alike(y_true, y_pred, self.dtype)
        return super().update_state(tf.math.squared_difference(y_pred, y_true), sample_weight)

    def result(self):
        """The root of the mean so far, a scalar."""
        return tf.sqrt(tf.math.divide_no_nan(self.total, self.count))


class MeanRelativeError(Mean):
    """The mean of the errors' sizes divided by given numbers; what is divided by 0 counts as 0.

    Args:
      normalizer: the numbers, a tensor that broadcasts with the predictions.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, normalizer, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.normalizer = tf.cast(normalizer, self.dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: targets.
          y_pred: predictions; a last dimension of size 1 that one of both lacks is dropped.
          sample_weight: weights of the relative errors, see ``Mean``.

        Raises:
          ValueError: if the shapes of both differ.
          InvalidArgumentError: if they do not broadcast with the normalizer's.
        """
        y_true, y_pred = alike(y_true, y_pred, self.dtype)
        y_pred = drop_last(y_pred, self.normalizer)
        y_pred.shape.assert_is_compatible_with(y_true.shape)
        errors = tf.math.divide_no_nan(tf.abs(y_true - y_pred), drop_last(self.normalizer, y_pred))
        return super().update_state(errors, sample_weight)

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {**super().get_config(), "normalizer": self.normalizer.numpy()}


def cosine_proximity(y_true, y_pred, axis=-1):
    """The cosine of the angle between vectors: the sum of products of unit vectors.

    Args:
      y_true: targets, with vectors along ``axis``.
      y_pred: predictions of the same type, and of the same shape or one that broadcasts with it.
      axis: of the vectors.

    Returns:
      A tensor of the same shape without the axis.
    """
    unit_true = tf.math.l2_normalize(y_true, axis=axis)
    unit_pred = tf.math.l2_normalize(y_pred, axis=axis)
    return tf.reduce_sum(unit_true * unit_pred, axis=axis)


class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angles between targets and predictions: 1 if they point one way.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      axis: of the vectors.
    """

    def __init__(self, name="cosine_similarity", dtype=None, axis=-1):
        super().__init__(cosine_proximity, name, dtype=dtype, axis=axis)
