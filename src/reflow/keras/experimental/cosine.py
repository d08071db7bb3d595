"""Learning rates that fall along a cosine."""

from __future__ import annotations

import math
from typing import Any

import reflow as tf
from reflow.keras.optimizers.schedules.base import LearningRateSchedule

__all__ = ["CosineDecay", "CosineDecayRestarts", "LinearCosineDecay", "NoisyLinearCosineDecay"]


class CosineDecay(LearningRateSchedule):
    """``initial * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)``.

    From ``decay_steps`` on the rate stays at ``initial * alpha``.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps the end is reached.
      alpha: the last learning rate as a fraction of the first.
      name: of the schedule.
    """

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name=None):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial = tf.convert_to_tensor(self.initial_learning_rate)
        steps = tf.cast(self.decay_steps, initial.dtype)
        completed = tf.minimum(tf.cast(step, initial.dtype), steps) / steps
        cosine = 0.5 * (1.0 + tf.cos(math.pi * completed))
        return initial * ((1 - self.alpha) * cosine + self.alpha)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """``CosineDecay`` that starts again whenever it has reached its end.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      first_decay_steps: the length of the first period.
      t_mul: by how much each period is longer than the one before.
      m_mul: by how much the rate at each restart is larger than at the one before.
      alpha: the last learning rate of the first period as a fraction of its first.
      name: of the schedule.
    """

    def __init__(
        self,
        initial_learning_rate,
        first_decay_steps,
        t_mul=2.0,
        m_mul=1.0,
        alpha=0.0,
        name=None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self._t_mul = t_mul
        self._m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial = tf.convert_to_tensor(self.initial_learning_rate)
        dtype = initial.dtype
        t_mul, m_mul = tf.cast(self._t_mul, dtype), tf.cast(self._m_mul, dtype)
        completed = tf.cast(step, dtype) / tf.cast(self.first_decay_steps, dtype)
        # Both lengths of periods, all equal and growing, are computed, so that t_mul may be a
        # tensor; a stand-in for t_mul = 1 keeps the second from dividing by zero.
        equal = tf.equal(t_mul, 1.0)
        growth = tf.where(equal, tf.cast(2.0, dtype), t_mul)
        restart = tf.floor(tf.math.log(1.0 - completed * (1.0 - growth)) / tf.math.log(growth))
        before = (1.0 - growth**restart) / (1.0 - growth)  # length of the periods done
        restarts = tf.where(equal, tf.floor(completed), restart)
        completed = tf.where(
            equal, completed - tf.floor(completed), (completed - before) / growth**restart
        )
        cosine = 0.5 * m_mul**restarts * (1.0 + tf.cos(math.pi * completed))
        return initial * ((1 - self.alpha) * cosine + self.alpha)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self._t_mul,
            "m_mul": self._m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }


class LinearCosineDecay(LearningRateSchedule):
    """``initial * ((alpha + line) * cosine + beta)``, both falling from 1.

    ``line = 1 - step / decay_steps``, ``cosine = (1 + cos(2 pi num_periods step / decay_steps)) /
    2``; from ``decay_steps`` on the rate stays.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps the end is reached.
      num_periods: how many periods the cosine goes through.
      alpha, beta: see the formula.
      name: of the schedule.
    """

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        num_periods=0.5,
        alpha=0.0,
        beta=0.001,
        name=None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.num_periods = num_periods
        self.alpha = alpha
        self.beta = beta
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial, step, line, cosine = _line_and_cosine(self, step)
        alpha, beta = tf.cast(self.alpha, initial.dtype), tf.cast(self.beta, initial.dtype)
        return initial * ((alpha + line) * cosine + beta)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "num_periods": self.num_periods,
            "alpha": self.alpha,
            "beta": self.beta,
            "name": self.name,
        }


class NoisyLinearCosineDecay(LearningRateSchedule):
    """``LinearCosineDecay`` whose line has noise, the less the later.

    The noise is normal, of variance ``initial_variance / (1 + step) ** variance_decay``, and drawn
    anew at each call.

    Args:
      initial_learning_rate: a floating number or scalar, whose type the learning rates have.
      decay_steps: after how many steps the end is reached.
      initial_variance: the noise's variance at step 0.
      variance_decay: how fast it falls.
      num_periods: how many periods the cosine goes through.
      alpha, beta: see ``LinearCosineDecay``.
      name: of the schedule.
    """

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        initial_variance=1.0,
        variance_decay=0.55,
        num_periods=0.5,
        alpha=0.0,
        beta=0.001,
        name=None,
    ):
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.initial_variance = initial_variance
        self.variance_decay = variance_decay
        self.num_periods = num_periods
        self.alpha = alpha
        self.beta = beta
        self.name = name

    def __call__(self, step):
        """Returns the learning rate.

        Args:
          step: the number of steps done.
        """
        initial, step, line, cosine = _line_and_cosine(self, step)
        dtype = initial.dtype
        alpha, beta = tf.cast(self.alpha, dtype), tf.cast(self.beta, dtype)
        variance = tf.cast(self.initial_variance, dtype) / tf.pow(
            1.0 + step, tf.cast(self.variance_decay, dtype)
        )
        noise = tf.random.normal(line.shape, stddev=tf.sqrt(variance), dtype=dtype)
        return initial * ((alpha + line + noise) * cosine + beta)

    def get_config(self):
        """Returns the arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "initial_variance": self.initial_variance,
            "variance_decay": self.variance_decay,
            "num_periods": self.num_periods,
            "alpha": self.alpha,
            "beta": self.beta,
            "name": self.name,
        }


def _line_and_cosine(schedule: Any, step: Any) -> tuple[Any, Any, Any, Any]:
    """The first learning rate, the step, and the two factors of ``LinearCosineDecay``'s formula."""
    initial = tf.convert_to_tensor(schedule.initial_learning_rate)
    steps = tf.cast(schedule.decay_steps, initial.dtype)
    periods = tf.cast(schedule.num_periods, initial.dtype)
    step = tf.minimum(tf.cast(step, initial.dtype), steps)
    line = (steps - step) / steps
    cosine = 0.5 * (1.0 + tf.cos(math.pi * (2.0 * periods * (step / steps))))
    return initial, step, line, cosine
