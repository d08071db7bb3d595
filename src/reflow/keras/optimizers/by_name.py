"""Optimizers by name: ``get``, ``serialize``, ``deserialize``."""

from __future__ import annotations

import difflib
from typing import Any

import reflow as tf
from reflow.core import custom_objects as custom
from reflow.keras.optimizers.adadelta import Adadelta
from reflow.keras.optimizers.adagrad import Adagrad
from reflow.keras.optimizers.adam import Adam
from reflow.keras.optimizers.adamax import Adamax
from reflow.keras.optimizers.ftrl import Ftrl
from reflow.keras.optimizers.nadam import Nadam
from reflow.keras.optimizers.optimizer import Optimizer
from reflow.keras.optimizers.rmsprop import RMSprop
from reflow.keras.optimizers.sgd import SGD
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize", "get", "serialize"]

_BY_NAME: dict[str, Any] = {
    "adadelta": Adadelta,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamax": Adamax,
    "ftrl": Ftrl,
    "nadam": Nadam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


def serialize(optimizer):
    """Describes an optimizer, without its state.

    Returns:
      A dict with ``class_name`` and ``config``.

    Raises:
      ValueError: if it is no optimizer.
    """
    return serialize_keras_object(optimizer)


def deserialize(config, custom_objects=None):
    """Makes the optimizer that ``serialize`` described.

    Args:
      config: a dict with ``class_name`` (of Keras's own optimizers in upper or lower case) and
        ``config``.
      custom_objects: names of the user's own optimizers.

    Raises:
      ValueError: if there is no such optimizer.
    """
    name = config["class_name"]
    if name in ("LossScaleOptimizer", "loss_scale_optimizer"):
        kind = tf.keras.mixed_precision.experimental.LossScaleOptimizer
        return kind.from_config(config["config"], custom_objects)
    if name.lower() in _BY_NAME:
        config = {**config, "class_name": name.lower()}
    elif custom.find(name, custom_objects, {}) is None:
        raise ValueError(f"Unknown optimizer: {name}{_suggestion(name)}")
    return deserialize_keras_object(config, _BY_NAME, custom_objects, "optimizer")


def get(identifier):
    """Returns an optimizer by name, config or itself.

    Args:
      identifier: a name such as ``"adam"``, a dict with ``class_name`` and ``config``, or an
        optimizer.

    Raises:
      ValueError: if there is no such optimizer.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    raise ValueError("Could not interpret optimizer identifier:", identifier)


def _suggestion(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), _BY_NAME, 1)
    return f". Did you mean {_BY_NAME[close[0]].__name__!r}?" if close else ""
