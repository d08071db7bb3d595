"""Learning rates that shrink: exponentially, in steps, as a polynomial, as a reciprocal."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import reflow as tf
from reflow.keras.optimizers.schedules.base import LearningRateSchedule

__all__ = ["ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay", "PolynomialDecay"]


class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps the rate has been multiplied by ``decay_rate`` once.
      decay_rate: the factor.
      staircase: whether the exponent is rounded down, so that the rate falls in jumps.
      name: of the schedule.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial = tf.convert_to_tensor(self.initial_learning_rate)
        rate = tf.cast(self.decay_rate, initial.dtype)
        exponent = tf.cast(step, initial.dtype) / tf.cast(self.decay_steps, initial.dtype)
        if self.staircase:
            exponent = tf.floor(exponent)
        return initial * tf.pow(rate, exponent)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }


class PiecewiseConstantDecay(LearningRateSchedule):
    """A learning rate for each span of steps.

    It is ``values[0]`` up to and including step ``boundaries[0]``, ``values[1]`` up to and
    including ``boundaries[1]``, and so on, ``values[-1]`` after the last boundary.

    Args:
      boundaries: numbers of steps, in ascending order.
      values: learning rates, one more than boundaries.
      name: of the schedule.

    Raises:
      ValueError: if the lengths do not fit.
    """

    def __init__(self, boundaries, values, name=None):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values; got "
                f"{len(boundaries)} boundaries and {len(values)} values"
            )
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.

        Raises:
          InvalidArgumentError: if the boundaries descend.
        """
        _check_ascending(self.boundaries)
        step = tf.convert_to_tensor(step)
        values = [tf.convert_to_tensor(value) for value in self.values]
        dtype = next((v.dtype for v in values if v.dtype.is_floating), values[0].dtype)
        rate = tf.cast(values[-1], dtype)
        for boundary, value in zip(reversed(self.boundaries), reversed(values[:-1]), strict=True):
            rate = tf.where(step <= tf.cast(boundary, step.dtype), tf.cast(value, dtype), rate)
        return rate

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {"boundaries": self.boundaries, "values": self.values, "name": self.name}


def _check_ascending(boundaries: Any) -> None:
    """Raises an InvalidArgumentError if numbers descend; tensors among them are not looked at."""
    if any(tf.is_tensor(boundary) for boundary in boundaries):
        return
    if any(before > after for before, after in pairwise(boundaries)):
        raise tf.errors.InvalidArgumentError(
            None, None, f"PiecewiseConstantDecay: boundaries must ascend, got {boundaries}"
        )


class PolynomialDecay(LearningRateSchedule):
    """``(initial - end) * (1 - step / decay_steps) ** power + end``, then ``end``.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps ``end_learning_rate`` is reached.
      end_learning_rate: the last learning rate.
      power: of the polynomial; 1 is a line.
      cycle: whether to start again, from a lower rate, whenever the end is reached: ``decay_steps``
        is multiplied by as much as makes it no less than ``step``.
      name: of the schedule.
    """

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        end_learning_rate=0.0001,
        power=1.0,
        cycle=False,
        name=None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial = tf.convert_to_tensor(self.initial_learning_rate)
        end = tf.cast(self.end_learning_rate, initial.dtype)
        power = tf.cast(self.power, initial.dtype)
        step = tf.cast(step, initial.dtype)
        steps = tf.cast(self.decay_steps, initial.dtype)
        if self.cycle:
            rounds = tf.math.ceil(step / steps)
            steps *= tf.where(tf.equal(step, 0), tf.ones_like(rounds), rounds)
        else:
            step = tf.minimum(step, steps)
        return (initial - end) * tf.pow(1 - step / steps, power) + end

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }


class InverseTimeDecay(LearningRateSchedule):
    """``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps ``decay_rate`` has been added to the divisor once.
      decay_rate: how fast the divisor grows.
      staircase: whether ``step / decay_steps`` is rounded down, so that the rate falls in jumps.
      name: of the schedule.
    """

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial = tf.convert_to_tensor(self.initial_learning_rate)
        rate = tf.cast(self.decay_rate, initial.dtype)
        time = tf.cast(step, initial.dtype) / tf.cast(self.decay_steps, initial.dtype)
        if self.staircase:
            time = tf.floor(time)
        return initial / (1 + rate * time)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }
