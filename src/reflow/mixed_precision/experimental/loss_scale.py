"""Scales of losses: float16 gradients below 6e-8 are 0, so losses are scaled up for them.

The gradients of a scaled loss are divided by the scale again before they are applied.
"""

from __future__ import annotations

import abc
from typing import Any

import reflow as tf

__all__ = ["DynamicLossScale", "FixedLossScale", "LossScale"]


class LossScale(abc.ABC):
    """Base of loss scales: calling one gives the scale, a float32 scalar."""

    def __init__(self):
        self._weights: dict[str, Any] = {}

    def _add_weight(self, name, initial_value, dtype=None):
        """Makes a variable of the scale's own."""
        variable = tf.Variable(initial_value, trainable=False, dtype=dtype, name=name)
        self._weights[name] = variable
        return variable

    def _trackable_children(self):
        return list(self._weights.items())

    @abc.abstractmethod
    def __call__(self):
        """The present scale, a float32 scalar."""

    @abc.abstractmethod
    def update(self, grads):
        """Takes note of gradients.

        Args:
          grads: a list of gradients of the loss, not scaled any more.

        Returns:
          A pair: the assignment of the scale's state, or None; and whether the gradients should be
          applied, a bool or a bool tensor.
        """

    @abc.abstractmethod
    def get_config(self):
        """The arguments that make an equal scale, as a dict."""

    @classmethod
    def from_config(cls, config):
        """Makes a scale from the result of ``get_config``."""
        return cls(**config)


class FixedLossScale(LossScale):
    """A scale that never changes.

    Args:
      loss_scale_value: the scale, at least 1.

    Raises:
      ValueError: if it is no number or less than 1.
    """

    def __init__(self, loss_scale_value):
        super().__init__()
        if not isinstance(loss_scale_value, (int, float)):
            raise ValueError("loss_scale_value must be a Python int or float.")
        if loss_scale_value < 1:
            raise ValueError("loss_scale_value must be at least 1.")
        self._loss_scale_value = float(loss_scale_value)

    def __call__(self):
        """The scale, a float32 scalar."""
        return tf.convert_to_tensor(self._loss_scale_value)

    def update(self, grads):
        """Nothing to note: ``(None, True)``."""
        return None, True

    def __repr__(self):
        return f"FixedLossScale({self._loss_scale_value})"

    def get_config(self):
        """The scale, as a dict."""
        return {"loss_scale_value": self._loss_scale_value}


class DynamicLossScale(LossScale):
    """A scale that finds its value: it falls when gradients overflow, and rises after good steps.

    Args:
      initial_loss_scale: the scale to begin with.
      increment_period: after so many steps with finite gradients it is multiplied.
      multiplier: by this; after a step with others it is divided by it, down to 1 at least.
    """

    def __init__(self, initial_loss_scale=2**15, increment_period=2000, multiplier=2.0):
        super().__init__()
        self._initial_loss_scale = float(initial_loss_scale)
        self._increment_period = int(increment_period)
        self._multiplier = float(multiplier)
        self._current_loss_scale = self._add_weight(
            "current_loss_scale", self._initial_loss_scale, tf.float32
        )
        self._num_good_steps = self._add_weight("good_steps", 0, tf.int64)

    initial_loss_scale = property(lambda self: self._initial_loss_scale)
    increment_period = property(lambda self: self._increment_period)
    multiplier = property(lambda self: self._multiplier)

    def __call__(self):
        """The present scale, a float32 scalar."""
        return tf.convert_to_tensor(self._current_loss_scale)

    def update(self, grads):
        """Raises or lowers the scale.

        Args:
          grads: a list of gradients; None among them are left out.

        Returns:
          A pair: the last assignment, and a bool tensor, whether all gradients are finite.
        """
        parts = [g for g in tf.nest.flatten(grads, expand_composites=True) if g is not None]
        finite = tf.constant(True)
        for part in parts:
            finite = tf.logical_and(finite, tf.reduce_all(tf.math.is_finite(part)))
        scale = tf.convert_to_tensor(self._current_loss_scale)
        good = tf.convert_to_tensor(self._num_good_steps) + 1
        rises = tf.logical_and(finite, good >= self._increment_period)
        higher = scale * self._multiplier
        higher = tf.where(tf.math.is_finite(higher), higher, scale)
        lower = tf.maximum(scale / self._multiplier, 1.0)
        self._current_loss_scale.assign(tf.where(rises, higher, tf.where(finite, scale, lower)))
        stays = tf.logical_and(finite, tf.logical_not(rises))
        return self._num_good_steps.assign(tf.where(stays, good, tf.zeros_like(good))), finite

    def __repr__(self):
        return (
            f"DynamicLossScale(current_loss_scale={self._current_loss_scale.numpy()}, "
            f"num_good_steps={self._num_good_steps.numpy()}, "
            f"initial_loss_scale={self._initial_loss_scale}, "
            f"increment_period={self._increment_period}, multiplier={self._multiplier})"
        )

    def get_config(self):
        """The arguments, as a dict."""
        return {
            "initial_loss_scale": self._initial_loss_scale,
            "increment_period": self._increment_period,
            "multiplier": self._multiplier,
        }


def scale_of(identifier: Any) -> Any:
    """A loss scale by number, name (``"dynamic"``), config, or itself; None stays None.

    Raises:
      ValueError: if it is something else.
    """
    if identifier is None or isinstance(identifier, LossScale):
        return identifier
    if isinstance(identifier, (int, float)):
        return FixedLossScale(identifier)
    if identifier == "dynamic":
        return DynamicLossScale()
    if isinstance(identifier, dict):
        known = {"FixedLossScale": FixedLossScale, "DynamicLossScale": DynamicLossScale}
        if identifier.get("class_name") in known:
            return known[identifier["class_name"]].from_config(identifier["config"])
    raise ValueError(f"Could not interpret loss scale identifier: {identifier}")


def described(scale: Any) -> Any:
    """A scale as a dict of its class and config; None stays None."""
    if scale is None:
        return None
    return {"class_name": type(scale).__name__, "config": scale.get_config()}
