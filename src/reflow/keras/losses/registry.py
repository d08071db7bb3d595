"""Losses by name."""

from __future__ import annotations

from typing import Any

from reflow.keras.losses.base import Loss
from reflow.keras.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from reflow.keras.losses.margins import (
    CategoricalHinge,
    Hinge,
    SquaredHinge,
    categorical_hinge,
    hinge,
    squared_hinge,
)
from reflow.keras.losses.probability import (
    KLDivergence,
    Poisson,
    kullback_leibler_divergence,
    poisson,
)
from reflow.keras.losses.regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    cosine_similarity,
    huber_loss,
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize", "get", "serialize"]

LOSSES: dict[str, Any] = {
    item.__name__: item
    for item in (
        BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, CosineSimilarity, Hinge,
        Huber, KLDivergence, LogCosh, Loss, MeanAbsoluteError, MeanAbsolutePercentageError,
        MeanSquaredError, MeanSquaredLogarithmicError, Poisson, SparseCategoricalCrossentropy,
        SquaredHinge, binary_crossentropy, categorical_crossentropy, categorical_hinge,
        cosine_similarity, hinge, huber_loss, kullback_leibler_divergence, logcosh,
        mean_absolute_error, mean_absolute_percentage_error, mean_squared_error,
        mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy, squared_hinge,
    )
}  # fmt: skip
"""Name -> function or class."""

for _short, _function in {
    "bce": binary_crossentropy,
    "kld": kullback_leibler_divergence,
    "mae": mean_absolute_error,
    "mape": mean_absolute_percentage_error,
    "mse": mean_squared_error,
    "msle": mean_squared_logarithmic_error,
}.items():
    LOSSES[_short] = LOSSES[_short.upper()] = _function


def get(identifier):
    """Returns a loss by name, config or itself.

    Args:
      identifier: a name such as ``"mse"`` (which gives the function) or ``"MeanSquaredError"``
        (an instance of the class), a dict with ``class_name`` and ``config``, a callable, or None.

    Returns:
      A function or a ``Loss``, or None for None.

    Raises:
      ValueError: if there is no such loss.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    raise ValueError("Could not interpret loss function identifier:", identifier)


def serialize(loss):
    """Returns a function's name, or a dict with a loss's ``class_name`` and ``config``.

    Args:
      loss: a function or a ``Loss``.

    Raises:
      ValueError: if it is neither.
    """
    return serialize_keras_object(loss)


def deserialize(name, custom_objects=None):
    """Makes a loss from the result of ``serialize``.

    Args:
      name: a name, or a dict with ``class_name`` and ``config``.
      custom_objects: the program's own losses by name.

    Raises:
      ValueError: if there is no such loss.
    """
    return deserialize_keras_object(name, LOSSES, custom_objects, "loss function")
