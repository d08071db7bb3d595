"""Metrics that look at all thresholds: the area under a curve, and points on one."""

from __future__ import annotations

import reflow as tf
from reflow.keras.backend.configuration import epsilon
from reflow.keras.metrics._counting import count
from reflow.keras.metrics.base import Metric

__all__ = [
    "AUC", "PrecisionAtRecall", "SensitivityAtSpecificity", "SpecificityAtSensitivity",
]  # fmt: skip

_KINDS = ("true_positives", "true_negatives", "false_positives", "false_negatives")


class _Counts(Metric):
    """A metric that keeps the weights of the four kinds of decisions at many thresholds."""

    def _make_counts(self, shape):
        for kind in _KINDS:
            setattr(self, kind, self.add_weight(kind, shape=shape, initializer="zeros"))

    def _counts(self):
        return {kind: getattr(self, kind) for kind in _KINDS}

    def reset_states(self):
        """Sets the weights to zero."""
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))


def _inner_thresholds(number):
    """Evenly spaced thresholds between 0 and 1, which are not among them."""
    return [(i + 1) / (number - 1) for i in range(number - 2)]


class _AtValue(_Counts):
    """A ratio at the threshold where another ratio is nearest to a value.

    Subclasses name the value, and both ratios: of the counts whose kinds come first to the sum.
    """

    _value_name = ""
    _found: tuple[str, str] = ("", "")
    _wanted: tuple[str, str] = ("", "")

    def __init__(self, value, num_thresholds=200, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        if not 0 <= value <= 1:
            raise ValueError(f"`{self._value_name}` must be in the range [0, 1].")
        if num_thresholds <= 0:
            raise ValueError("`num_thresholds` must be > 0.")
        setattr(self, self._value_name, value)
        self.value = value
        self.num_thresholds = num_thresholds
        self.thresholds = (
            [0.5] if num_thresholds == 1 else [0.0, *_inner_thresholds(num_thresholds), 1.0]
        )
        self._make_counts((num_thresholds,))

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
        count(self._counts(), y_true, y_pred, self.thresholds, sample_weight=sample_weight)

    def result(self):
        """The ratio so far, a scalar."""

        def ratio(part, rest):
            part, rest = getattr(self, part), getattr(self, rest)
            return tf.math.divide_no_nan(part, part + rest)

        nearest = tf.argmin(tf.abs(ratio(*self._wanted) - self.value))
        return tf.gather(ratio(*self._found), nearest)

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            self._value_name: self.value,
        }


class SensitivityAtSpecificity(_AtValue):
    """Sensitivity ``TP / (TP + FN)`` where specificity ``TN / (TN + FP)`` is nearest to a value.

    Args:
      specificity: the value, in [0, 1].
      num_thresholds: how many thresholds between 0 and 1 to try.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if the value is not in [0, 1], or there is no threshold.
    """

    _value_name = "specificity"
    _wanted = ("true_negatives", "false_positives")
    _found = ("true_positives", "false_negatives")

    def __init__(self, specificity, num_thresholds=200, name=None, dtype=None):
        super().__init__(specificity, num_thresholds, name=name, dtype=dtype)


class SpecificityAtSensitivity(_AtValue):
    """Specificity ``TN / (TN + FP)`` where sensitivity ``TP / (TP + FN)`` is nearest to a value.

    Args:
      sensitivity: the value, in [0, 1].
      num_thresholds: how many thresholds between 0 and 1 to try.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if the value is not in [0, 1], or there is no threshold.
    """

    _value_name = "sensitivity"
    _wanted = ("true_positives", "false_negatives")
    _found = ("true_negatives", "false_positives")

    def __init__(self, sensitivity, num_thresholds=200, name=None, dtype=None):
        super().__init__(sensitivity, num_thresholds, name=name, dtype=dtype)


class PrecisionAtRecall(_AtValue):
    """Precision ``TP / (TP + FP)`` where recall ``TP / (TP + FN)`` is nearest to a value.

    Args:
      recall: the value, in [0, 1].
      num_thresholds: how many thresholds between 0 and 1 to try.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.

    Raises:
      ValueError: if the value is not in [0, 1], or there is no threshold.
    """

    _value_name = "recall"
    _wanted = ("true_positives", "false_negatives")
    _found = ("true_positives", "false_positives")

    def __init__(self, recall, num_thresholds=200, name=None, dtype=None):
        super().__init__(recall, num_thresholds, name=name, dtype=dtype)


class AUC(_Counts):
    """The area under the ROC curve (true over false positive rate) or the precision-recall curve.

    The curve is known at the thresholds only.

    Args:
      num_thresholds: how many thresholds there are, with one below 0 and one above 1.
      curve: ``"ROC"`` or ``"PR"``.
      summation_method: the height of the curve between two thresholds: ``"interpolation"``,
        the smaller of both for ``"minoring"``, or the larger for ``"majoring"``.
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      thresholds: those between 0 and 1 themselves, instead of evenly spaced ones.
      multi_label: whether to take the area of each label, along the last of two axes, by itself,
        and then their mean (as in TF 2.1 their sum, for ``"PR"`` with ``"interpolation"``).
      label_weights: weights of the labels.

    Raises:
      ValueError: if there is no such curve or method, or fewer than two thresholds.
    """

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        label_weights=None,
    ):
        if curve not in ("ROC", "roc", "PR", "pr"):
            raise ValueError(f'Invalid AUC curve value "{curve}".')
        methods = ("interpolation", "majoring", "minoring")
        if summation_method not in (*methods, *map(str.capitalize, methods)):
            raise ValueError(f'Invalid AUC summation method value "{summation_method}".')
        super().__init__(name=name, dtype=dtype)
        if thresholds is None:
            if num_thresholds <= 1:
                raise ValueError("`num_thresholds` must be > 1.")
            inner = _inner_thresholds(num_thresholds)
        else:
            inner = sorted(thresholds)
        # The outermost ones count everything, and nothing, as predicted.
        self.thresholds = [0.0 - epsilon(), *inner, 1.0 + epsilon()]
        self.num_thresholds = len(self.thresholds)
        self.curve = curve.upper()
        self.summation_method = summation_method.lower()
        self.multi_label = multi_label
        self.label_weights = None
        if label_weights is not None:
            self.label_weights = tf.constant(label_weights, self.dtype)
            tf.debugging.assert_non_negative(
                self.label_weights, message="All values of `label_weights` must be non-negative."
            )
        self._labels = None  # how many there are, once known
        if not multi_label:
            self._make_counts((self.num_thresholds,))

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: labels; what is not 0 is positive. ``(batch, labels)`` for ``multi_label``.
          y_pred: probabilities of the same shape.
          sample_weight: weights that broadcast with ``y_pred``, or one per sample.

        Raises:
          InvalidArgumentError: if a probability is not in [0, 1].
          ValueError: if the shapes do not fit, or the labels are not as many as before.
        """
        y_true, y_pred = tf.cast(y_true, self.dtype), tf.cast(y_pred, self.dtype)
        if self.multi_label:
            if y_true.ndim != 2:
                raise ValueError(
                    "`y_true` must have rank=2 when `multi_label` is True. Found rank "
                    f"{y_true.ndim}."
                )
            if self._labels is None:
                self._labels = y_true.shape[1]
                self._make_counts((self.num_thresholds, self._labels))
        self._check_labels(y_true)
        count(
            self._counts(),
            y_true,
            y_pred,
            self.thresholds,
            sample_weight=sample_weight,
            multi_label=self.multi_label,
            label_weights=self.label_weights,
        )

    def _check_labels(self, y_true):
        """Raises if the labels are not as many as their weights, or as before."""
        weights = self.label_weights
        if weights is not None and (
            y_true.ndim != 2 or weights.ndim > 1 or weights.shape[-1:] not in ([], y_true.shape[1:])
        ):
            raise ValueError(
                "Number of labels is not consistent: AUC has label_weights of shape "
                f"{weights.shape}, y_true has shape {y_true.shape}; it needs (batch, labels)"
            )
        if self.multi_label and y_true.shape[1] != self._labels:
            raise ValueError(
                f"Number of labels is not consistent: AUC has seen {self._labels} labels before, "
                f"y_true has shape {y_true.shape}"
            )

    def result(self):
        """The area so far, a scalar."""
        if self.multi_label and self._labels is None:
            raise ValueError("AUC with multi_label has no result before the first update_state")
        tp, tn, fp, fn = (getattr(self, kind) for kind in _KINDS)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return tf.reduce_sum(_pr_areas(tp, fp, fn))  # of all labels: as in TF 2.1, no mean
        recall = tf.math.divide_no_nan(tp, tp + fn)
        if self.curve == "ROC":
            x, y = tf.math.divide_no_nan(fp, fp + tn), recall
        else:
            x, y = recall, tf.math.divide_no_nan(tp, tp + fp)
        if self.summation_method == "interpolation":
            heights = (y[:-1] + y[1:]) / 2.0
        elif self.summation_method == "minoring":
            heights = tf.minimum(y[:-1], y[1:])
        else:
            heights = tf.maximum(y[:-1], y[1:])
        return self._mean_of_labels((x[:-1] - x[1:]) * heights)

    def _mean_of_labels(self, areas):
        """The sum of areas between thresholds; with ``multi_label`` the labels' mean of it."""
        if not self.multi_label:
            return tf.reduce_sum(areas)
        by_label = tf.reduce_sum(areas, axis=0)
        if self.label_weights is None:
            return tf.reduce_mean(by_label)
        return tf.math.divide_no_nan(
            tf.reduce_sum(by_label * self.label_weights), tf.reduce_sum(self.label_weights)
        )

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        weights = self.label_weights
        return {
            **super().get_config(),
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "thresholds": self.thresholds[1:-1],
            "multi_label": self.multi_label,
            "label_weights": None if weights is None else weights.numpy(),
        }


def _pr_areas(tp, fp, fn):
    """Areas under the precision-recall curve between thresholds, precision interpolated.

    Between two thresholds TP grows linearly with P = TP + FP: TP = slope * P + start. Precision
    TP / P integrated over recall TP / (TP + FN) is slope * (dTP + start * log(P1 / P0)), divided by
    the number of positive labels (Davis and Goadrich, 2006).
    """
    p = tp + fp
    d_tp, d_p = tp[:-1] - tp[1:], p[:-1] - p[1:]
    slope = tf.math.divide_no_nan(d_tp, tf.maximum(d_p, 0.0))
    start = tp[1:] - slope * p[1:]
    growth = tf.where(
        (p[:-1] > 0) & (p[1:] > 0),
        tf.math.divide_no_nan(p[:-1], tf.maximum(p[1:], 0.0)),
        tf.ones_like(p[1:]),
    )
    return tf.math.divide_no_nan(
        slope * (d_tp + start * tf.math.log(growth)), tf.maximum(tp[1:] + fn[1:], 0.0)
    )
