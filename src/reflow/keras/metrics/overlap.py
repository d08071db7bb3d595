"""The overlap of predicted and true regions of images."""

from __future__ import annotations

import reflow as tf
from reflow.keras.metrics.base import Metric

__all__ = ["MeanIoU"]


class MeanIoU(Metric):
    """The mean over classes of intersection over union: ``TP / (TP + FP + FN)``.

    Classes that neither labels nor predictions have do not count.

    Args:
      num_classes: how many classes there are.
      name: its name.
      dtype: the type of the result; Keras's ``floatx`` by default.
    """

    def __init__(self, num_classes, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.num_classes = num_classes
        self.total_cm = self.add_weight(
            "total_confusion_matrix",
            shape=(num_classes, num_classes),
            initializer="zeros",
            dtype=tf.float64,
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: class numbers of any shape.
          y_pred: predicted class numbers of the same shape.
          sample_weight: weights of the same shape.

        Raises:
          InvalidArgumentError: if a class number is not in ``[0, num_classes)``, or the shapes of
            labels and predictions differ.
          ValueError: if the weights' shape differs.
        """
        y_true = tf.reshape(tf.cast(y_true, self.dtype), [-1])
        y_pred = tf.reshape(tf.cast(y_pred, self.dtype), [-1])
        if sample_weight is not None:
            sample_weight = tf.convert_to_tensor(sample_weight)
            if sample_weight.ndim > 1:
                sample_weight = tf.reshape(sample_weight, [-1])
            sample_weight = tf.cast(sample_weight, tf.float64)
        return self.total_cm.assign_add(
            tf.math.confusion_matrix(
                y_true, y_pred, self.num_classes, weights=sample_weight, dtype=tf.float64
            )
        )

    def result(self):
        """The mean so far, a scalar; 0 without samples."""
        of_labels = tf.cast(tf.reduce_sum(self.total_cm, axis=1), self.dtype)
        of_predictions = tf.cast(tf.reduce_sum(self.total_cm, axis=0), self.dtype)
        both = tf.cast(tf.linalg.diag_part(self.total_cm), self.dtype)
        union = of_labels + of_predictions - both
        present = tf.reduce_sum(tf.cast(tf.not_equal(union, 0), self.dtype))
        ratios = tf.math.divide_no_nan(both, union)
        return tf.math.divide_no_nan(tf.reduce_sum(ratios), present)

    def reset_states(self):
        """Sets the counts to zero."""
        self.total_cm.assign(tf.zeros_like(self.total_cm))

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {**super().get_config(), "num_classes": self.num_classes}
