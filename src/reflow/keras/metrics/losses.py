"""Losses as metrics: their means over samples, errors, margins, divergences and cross entropies."""

from __future__ import annotations

from reflow.keras.losses.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from reflow.keras.losses.margins import categorical_hinge, hinge, squared_hinge
from reflow.keras.losses.probability import kullback_leibler_divergence, poisson
from reflow.keras.losses.regression import (
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from reflow.keras.metrics.reduction import MeanMetricWrapper

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalHinge",
    "Hinge",
    "KLDivergence",
    "LogCoshError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
]


class MeanSquaredError(MeanMetricWrapper):
    """The mean of the squared errors.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(mean_squared_error, name, dtype=dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """The mean of the errors' sizes.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(mean_absolute_error, name, dtype=dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean of the errors' sizes in percent of the targets.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean_absolute_percentage_error", dtype=None):
        super().__init__(mean_absolute_percentage_error, name, dtype=dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean of the squared errors of ``log(1 + value)``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean_squared_logarithmic_error", dtype=None):
        super().__init__(mean_squared_logarithmic_error, name, dtype=dtype)


class LogCoshError(MeanMetricWrapper):
    """The mean of ``log(cosh(error))``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="logcosh", dtype=None):
        super().__init__(logcosh, name, dtype=dtype)


class Hinge(MeanMetricWrapper):
    """The mean of ``max(1 - y_true * y_pred, 0)``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="hinge", dtype=None):
        super().__init__(hinge, name, dtype=dtype)


class SquaredHinge(MeanMetricWrapper):
    """The mean of ``max(1 - y_true * y_pred, 0) ** 2``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="squared_hinge", dtype=None):
        super().__init__(squared_hinge, name, dtype=dtype)


class CategoricalHinge(MeanMetricWrapper):
    """The mean of how far the best wrong class comes within 1 of the right one.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="categorical_hinge", dtype=None):
        super().__init__(categorical_hinge, name, dtype=dtype)


class KLDivergence(MeanMetricWrapper):
    """The mean of ``sum(y_true * log(y_true / y_pred))``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="kullback_leibler_divergence", dtype=None):
        super().__init__(kullback_leibler_divergence, name, dtype=dtype)


class Poisson(MeanMetricWrapper):
    """The mean of ``y_pred - y_true * log(y_pred)``.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="poisson", dtype=None):
        super().__init__(poisson, name, dtype=dtype)


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean of the cross entropies of yes/no labels and their probabilities.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      from_logits: whether predictions are logits instead of probabilities.
      label_smoothing: how far labels are moved towards 0.5: 0 not at all, 1 all the way.
    """

    def __init__(
        self, name="binary_crossentropy", dtype=None, from_logits=False, label_smoothing=0
    ):
        super().__init__(
            binary_crossentropy,
            name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean of the cross entropies of one-hot labels and probabilities.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      from_logits: whether predictions are logits instead of probabilities.
      label_smoothing: how far labels are moved towards equal probabilities, 0 to 1.
    """

    def __init__(
        self, name="categorical_crossentropy", dtype=None, from_logits=False, label_smoothing=0
    ):
        super().__init__(
            categorical_crossentropy,
            name,
            dtype=dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean of the cross entropies of class numbers and probabilities.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      from_logits: whether predictions are logits instead of probabilities.
      axis: where predictions have their classes.
    """

    def __init__(
        self, name="sparse_categorical_crossentropy", dtype=None, from_logits=False, axis=-1
    ):
        super().__init__(
            sparse_categorical_crossentropy,
            name,
            dtype=dtype,
            from_logits=from_logits,
            axis=axis,
        )
