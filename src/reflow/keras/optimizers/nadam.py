"""Nadam: Adam with Nesterov's momentum, which is warmed up.

momentum(t) = beta_1 * (1 - 0.5 * 0.96 ** (decay * t))
schedule = momentum(1) * ... * momentum(step)
g' = gradient / (1 - schedule)
m = beta_1 * m + (1 - beta_1) * gradient;     m' = m / (1 - schedule * momentum(step + 1))
v = beta_2 * v + (1 - beta_2) * gradient ** 2;  v' = v / (1 - beta_2 ** step)
mean = (1 - momentum(step)) * g' + momentum(step + 1) * m'
variable -= learning_rate * mean / (sqrt(v') + epsilon)
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.variable import VariableAggregation
from reflow.keras.optimizers._hyperparameters import is_schedule
from reflow.keras.optimizers._updates import (
    broadcasting_op,
    power,
    sparse_op,
    sum_duplicates,
    takes_duplicates,
)
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Nadam"]


def _warm_up_rule(iterations: Aval, *numbers: Aval) -> tuple[Aval, ...]:
    return (numbers[0],) * 5


@op("Pow", same=(1, 2, 3, 4), rule=_warm_up_rule, reads=(), differentiable=False)
def _warm_up(iterations: Any, schedule: Any, beta_1: Any, beta_2: Any, decay: Any) -> Any:
    """A step's numbers: its momentum and the next, the schedule at both, the power of beta_2."""
    step = (iterations + 1).astype(beta_1.dtype)
    base = jnp.asarray(0.96, jnp.float32).astype(beta_1.dtype)  # rounded so in float64 too, as TF
    now = beta_1 * (1 - 0.5 * power(base, decay * step))
    then = beta_1 * (1 - 0.5 * power(base, decay * (step + 1)))
    return now, then, schedule * now, schedule * now * then, power(beta_2, step)


@broadcasting_op("AddV2", tensors=3, grad=11)
def _nadam(
    var: Any, m: Any, v: Any, lr: Any, beta_1: Any, beta_2: Any, epsilon: Any,
    now: Any, then: Any, schedule: Any, schedule_then: Any, grad: Any, beta_2_power: Any,
) -> Any:  # fmt: skip
    m = beta_1 * m + (1 - beta_1) * grad
    v = beta_2 * v + (1 - beta_2) * (grad * grad)
    mean = (1 - now) * (grad / (1 - schedule)) + then * (m / (1 - schedule_then))
    return var - lr * mean / (jnp.sqrt(v / (1 - beta_2_power)) + epsilon), m, v


@sparse_op("ResourceScatterAdd", inputs=14, tensors=3, grad=11)
def _nadam_rows(*given: Any) -> Any:
    *inputs, indices = given
    var, grad = inputs[0], inputs[11]
    inputs[11] = jnp.zeros_like(var).at[indices].add(grad)
    after, m, v = _nadam.fn(*inputs)
    _, places = sum_duplicates(grad, indices, var.shape[0])
    return var.at[places].set(after.at[places].get(mode="clip"), mode="drop"), m, v


class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

    A sparse gradient changes its own rows of the variable only, but all rows of the slots.

    Args:
      learning_rate: a float, variable or function of no arguments.
      beta_1: how much of the gradients' mean is kept at a step.
      beta_2: how much of the mean of their squares.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``lr``; see ``Optimizer``. And ``schedule_decay``, the
        pace of the warm-up, 0.004 by default. As in TF 2.1 the config calls it ``decay``, but a
        ``decay`` given here is ignored.

    Raises:
      ValueError: if ``learning_rate`` is a schedule.

    Reference: Dozat, 2015, "Incorporating Nesterov Momentum into Adam".
    """

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, name="Nadam", **kwargs
    ):
        kwargs["decay"] = kwargs.pop("schedule_decay", 0.004)
        learning_rate = kwargs.get("lr", learning_rate)
        if is_schedule(learning_rate):
            raise ValueError(
                "The Nadam optimizer does not support tf.keras.optimizers.LearningRateSchedules as "
                "the learning rate."
            )
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", learning_rate)
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("beta_1", beta_1)
        self._set_hyper("beta_2", beta_2)
        self.epsilon = epsilon or tf.keras.backend.epsilon()
        self._m_cache = None  # the schedule: the product of the momenta so far

    def _create_slots(self, var_list):
        if self._m_cache is None:
            self._m_cache = self.add_weight(
                "momentum_cache",
                shape=[],
                dtype=var_list[0].dtype.base_dtype,
                initializer="ones",
                trainable=False,
                aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            )
            self._weights.append(self._m_cache)
        for slot in ("m", "v"):
            for var in var_list:
                self.add_slot(var, slot)

    def _prepare(self, var_list):
        self._m_cache_read = self._m_cache._current()
        return super()._prepare(var_list)

    def _prepare_local(self, var_device, var_dtype, apply_state):
        beta_1 = self._get_hyper("beta_1", var_dtype)
        beta_2 = self._get_hyper("beta_2", var_dtype)
        schedule = tf.cast(self._m_cache_read, var_dtype)
        numbers = _warm_up(
            self.iterations._current(), schedule, beta_1, beta_2, self._initial_decay
        )
        if self._m_cache.dtype is var_dtype:
            self._m_cache._set(numbers[2])
        apply_state[var_device, var_dtype] = {
            "lr_t": self._get_hyper("learning_rate", var_dtype),
            "beta_1_t": beta_1,
            "beta_2_t": beta_2,
            "numbers": numbers,
        }

    def _inputs(self, grad, var, apply_state):
        c = self._coefficients(var, apply_state)
        *numbers, beta_2_power = c["numbers"]
        rates = c["lr_t"], c["beta_1_t"], c["beta_2_t"], self.epsilon
        return *rates, *numbers, grad, beta_2_power

    def _resource_apply_dense(self, grad, var, apply_state=None):
        self._update(_nadam, var, ("m", "v"), *self._inputs(grad, var, apply_state))

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        inputs = self._inputs(grad, var, apply_state)
        self._update(_nadam_rows, var, ("m", "v"), *inputs, indices)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict, but for the warm-up's pace."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "beta_1": self._serialize_hyperparameter("beta_1"),
            "beta_2": self._serialize_hyperparameter("beta_2"),
            "epsilon": self.epsilon,
        }
