"""An optimizer's variables in files: in TF 2.1's order, and in that of Keras 3.

TF 2.1: the step count; then each slot of all variables in turn. Keras 3: the step count, the
learning rate; then for each variable its slots.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.logging import warn
from reflow.keras.models import weight_files

# Those whose slots mean the same in both, in the same order.
_ALIKE = ("Adagrad", "Adam", "RMSprop", "SGD")
_FRESH = (
    "Error in loading the saved optimizer state. As a result, your model is starting with a "
    "freshly initialized optimizer."
)


def restore(model: Any, names: list[str], values: list[Any]) -> None:
    """Gives a compiled model's optimizer its state, or warns that it does not fit."""
    if any(name.endswith("/learning_rate") for name in names):
        from_keras3(model, values)
    else:
        _set(model, values)


def from_keras3(model: Any, values: list[Any]) -> None:
    """The same for values in Keras 3's order."""
    slots = _slot_count(model)
    if slots is None or len(values) != 2 + slots * len(model.trainable_weights):
        warn(_FRESH)
        return
    _set(model, [values[0], *[v for k in range(slots) for v in values[2 + k :: slots]]])


def in_keras3(optimizer: Any) -> list[Any]:
    """An optimizer's values in Keras 3's order, variables and arrays."""
    steps, *slots = optimizer.weights or [tf.constant(0, tf.int64)]
    rate = optimizer._get_hyper("learning_rate")
    rate = rate(tf.cast(steps, tf.float32)) if callable(rate) else rate
    count = len(optimizer.get_slot_names()) or 1
    length = len(slots) // count
    return [
        steps,
        np.asarray(rate, np.float32),
        *[v for k in range(length) for v in slots[k::length]],
    ]


def _slot_count(model: Any) -> int | None:
    """How many slots each variable has, if Keras 3 has the same; makes them."""
    optimizer = model.optimizer
    optimizer._make_ready(model.trainable_weights)
    if type(optimizer).__name__ not in _ALIKE:
        return None
    return len(optimizer.get_slot_names())


def _set(model: Any, values: list[Any]) -> None:
    """Sets the optimizer's variables to arrays or data sets, if their shapes fit."""
    optimizer = model.optimizer
    optimizer._make_ready(model.trainable_weights)
    own = [tuple(weight.shape) for weight in optimizer.weights]
    if own != [tuple(value.shape) for value in values]:
        warn(_FRESH)
        return
    weight_files.give(list(zip(optimizer.weights, values, strict=True)))
