"""Metrics by name."""

from __future__ import annotations

from typing import Any

from reflow.keras.losses import registry as losses
from reflow.keras.metrics import accuracy, confusion, curves, overlap, reduction, regression
from reflow.keras.metrics import losses as of_losses
from reflow.keras.metrics.base import Metric
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize", "get", "serialize"]

METRICS: dict[str, Any] = {
    name: getattr(module, name)
    for module in (accuracy, confusion, curves, of_losses, overlap, reduction, regression)
    for name in module.__all__
}
"""Name -> function or class."""

METRICS |= {
    name: losses.LOSSES[name]
    for name in (
        "binary_crossentropy", "categorical_crossentropy", "categorical_hinge", "hinge",
        "kullback_leibler_divergence", "logcosh", "mean_absolute_error",
        "mean_absolute_percentage_error", "mean_squared_error", "mean_squared_logarithmic_error",
        "poisson", "sparse_categorical_crossentropy", "squared_hinge",
        *("bce", "mae", "mape", "mse", "msle", "BCE", "MAE", "MAPE", "MSE", "MSLE"),
    )
}  # fmt: skip
METRICS |= {
    "ACC": accuracy.accuracy,
    "Metric": Metric,
    "MeanMetricWrapper": reduction.MeanMetricWrapper,
    "acc": accuracy.accuracy,
    "accuracy": accuracy.accuracy,
    "cosine_proximity": regression.cosine_proximity,
    "cosine_similarity": regression.cosine_proximity,
}


def get(identifier):
    """Returns a metric by name, config or itself.

    Args:
      identifier: a name such as ``"mse"`` (which gives the function) or ``"MeanSquaredError"``
        (an instance of the class), a dict with ``class_name`` and ``config``, or a callable.

    Returns:
      A function or a ``Metric``.

    Raises:
      ValueError: if there is no such metric.
    """
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ValueError(f"Could not interpret metric function identifier: {identifier}")


def serialize(metric):
    """Returns a function's name, or a dict with a metric's ``class_name`` and ``config``.

    Args:
      metric: a function or a ``Metric``.

    Raises:
      ValueError: if it is neither.
    """
    return serialize_keras_object(metric)


def deserialize(config, custom_objects=None):
    """Makes a metric from the result of ``serialize``.

    Args:
      config: a name, or a dict with ``class_name`` and ``config``.
      custom_objects: the program's own metrics by name.

    Raises:
      ValueError: if there is no such metric.
    """
    return deserialize_keras_object(config, METRICS, custom_objects, "metric function")
