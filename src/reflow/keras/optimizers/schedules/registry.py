"""Learning rate schedules by name."""

from __future__ import annotations

from typing import Any

from reflow.keras.experimental.cosine import (
    CosineDecay,
    CosineDecayRestarts,
    LinearCosineDecay,
    NoisyLinearCosineDecay,
)
from reflow.keras.optimizers.schedules.base import LearningRateSchedule
from reflow.keras.optimizers.schedules.decays import (
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize", "serialize"]

SCHEDULES: dict[str, Any] = {
    item.__name__: item
    for item in (
        CosineDecay, CosineDecayRestarts, ExponentialDecay, InverseTimeDecay, LearningRateSchedule,
        LinearCosineDecay, NoisyLinearCosineDecay, PiecewiseConstantDecay, PolynomialDecay,
    )
}  # fmt: skip
"""Name -> class."""


def serialize(learning_rate_schedule):
    """Returns a dict with the schedule's ``class_name`` and ``config``.

    Args:
      learning_rate_schedule: a schedule.

    Raises:
      ValueError: if it has no config.
      NotImplementedError: if its class does not override ``get_config``.
    """
    return serialize_keras_object(learning_rate_schedule)


def deserialize(config, custom_objects=None):
    """Makes a schedule from the result of ``serialize``.

    Args:
      config: a dict with ``class_name`` and ``config``.
      custom_objects: the program's own schedules by name.

    Raises:
      ValueError: if there is no such schedule.
    """
    return deserialize_keras_object(config, SCHEDULES, custom_objects, "decay")
