"""Choosing between what a layer does in training and otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.keras.backend import learning


def choose(training: Any, in_training: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """Calls one of two functions.

    Args:
      training: a truth value, a scalar tensor, or None for the learning phase.
      in_training: called if it is true.
      otherwise: called if it is not.

    Returns:
      What the function returns.
    """
    if training is None:
        training = learning.learning_phase()
    if training.__class__ is not bool and tf.is_tensor(training):
        return tf.cond(tf.cast(training, tf.bool), in_training, otherwise)
    return in_training() if training else otherwise()
