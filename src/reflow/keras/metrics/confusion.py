"""Counts of right and wrong decisions about yes/no labels, precision and recall."""

from __future__ import annotations

import reflow as tf
from reflow.keras.metrics._counting import BELOW_ALL, count, threshold_list
from reflow.keras.metrics.base import Metric

__all__ = [
    "FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives",
]  # fmt: skip


def per_threshold(values, thresholds):
    """The values ``(thresholds,)``; of a single threshold a scalar."""
    return values[0] if len(thresholds) == 1 else values


class _Count(Metric):
    """The weight of samples of a kind, which subclasses name."""

    _kind = ""

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.thresholds = threshold_list(thresholds, 0.5)
        self.accumulator = self.add_weight(
            "accumulator", shape=(len(self.thresholds),), initializer="zeros"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: labels; what is not 0 is positive.
          y_pred: probabilities of the same shape.
          sample_weight: weights that broadcast with ``y_pred``, or one per sample.

        Raises:
          InvalidArgumentError: if a probability is not in [0, 1].
          ValueError: if the shapes do not fit.
        """
        count(
            {self._kind: self.accumulator},
            y_true,
            y_pred,
            self.thresholds,
            sample_weight=sample_weight,
        )

    def result(self):
        """The weight so far: a scalar, or for several thresholds a vector."""
        return per_threshold(tf.convert_to_tensor(self.accumulator), self.thresholds)

    def reset_states(self):
        """Sets the weights to zero."""
        self.accumulator.assign(tf.zeros_like(self.accumulator))

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {**super().get_config(), "thresholds": self.init_thresholds}


class TruePositives(_Count):
    """The number (or weight) of positive labels that were predicted.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _kind = "true_positives"


class TrueNegatives(_Count):
    """The number (or weight) of negative labels that were not predicted.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _kind = "true_negatives"


class FalsePositives(_Count):
    """The number (or weight) of negative labels that were predicted.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _kind = "false_positives"


class FalseNegatives(_Count):
    """The number (or weight) of positive labels that were not predicted.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _kind = "false_negatives"


class _Ratio(Metric):
    """The weight of the true positives divided by theirs and that of another kind."""

    _other = ""

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        self.thresholds = threshold_list(thresholds, 0.5 if top_k is None else BELOW_ALL)
        shape = (len(self.thresholds),)
        self.true_positives = self.add_weight("true_positives", shape=shape, initializer="zeros")
        setattr(self, self._other, self.add_weight(self._other, shape=shape, initializer="zeros"))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: labels; what is not 0 is positive.
          y_pred: probabilities of the same shape.
          sample_weight: weights that broadcast with ``y_pred``, or one per sample.

        Raises:
          InvalidArgumentError: if a probability is not in [0, 1].
          ValueError: if the shapes do not fit.
        """
        count(
            {"true_positives": self.true_positives, self._other: getattr(self, self._other)},
            y_true,
            y_pred,
            self.thresholds,
            top_k=self.top_k,
            class_id=self.class_id,
            sample_weight=sample_weight,
        )

    def result(self):
        """The ratio so far: a scalar, or for several thresholds a vector; 0 where it is 0 / 0."""
        whole = self.true_positives + getattr(self, self._other)
        ratio = tf.math.divide_no_nan(self.true_positives, whole)
        return per_threshold(ratio, self.thresholds)

    def reset_states(self):
        """Sets the weights to zero."""
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {
            **super().get_config(),
            "thresholds": self.init_thresholds,
            "top_k": self.top_k,
            "class_id": self.class_id,
        }


class Precision(_Ratio):
    """How many of the predicted labels are right: ``TP / (TP + FP)``.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      top_k: if given, only so many of the best probabilities of a sample count as predicted, and
        without ``thresholds`` all of these.
      class_id: if given, only this place of the last axis counts.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _other = "false_positives"


class Recall(_Ratio):
    """How many of the labels were predicted: ``TP / (TP + FN)``.

    Args:
      thresholds: what probabilities must exceed to count as predicted: 0.5 by default; a list gives
        a vector of results.
      top_k: if given, only so many of the best probabilities of a sample count as predicted, and
        without ``thresholds`` all of these.
      class_id: if given, only this place of the last axis counts.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if a threshold is not in [0, 1].
    """

    _other = "false_negatives"
