"""Adamax: Adam with the largest absolute gradient in place of the root of the mean square.

m = beta_1 * m + (1 - beta_1) * gradient
v = max(beta_2 * v, abs(gradient))
variable -= learning_rate / (1 - beta_1 ** step) * m / (v + epsilon)
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.dtypes import FLOATS
from reflow.core.lazy import jnp
from reflow.keras.optimizers._updates import rows_op, takes_duplicates, update_op
from reflow.keras.optimizers.adam import beta_powers
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Adamax"]


@update_op("ResourceApplyAdaMax", tensors=3, grad=8, types=FLOATS)
def _adamax(
    var: Any, m: Any, v: Any, beta_1_power: Any, lr: Any, beta_1: Any, beta_2: Any,
    epsilon: Any, grad: Any,
) -> Any:  # fmt: skip
    m = m + (grad - m) * (1 - beta_1)
    v = jnp.maximum(beta_2 * v, jnp.abs(grad))
    return var - lr / (1 - beta_1_power) * (m / (v + epsilon)), m, v


_adamax_rows = rows_op("ResourceGather", _adamax, inputs=9, tensors=3, grad=8, kernel=False)


class Adamax(Optimizer):
    """Adamax, Adam's variant on the maximum norm.

    A sparse gradient changes its own rows only.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      beta_1: how much of the gradients' mean is kept at a step.
      beta_2: how much of their largest absolute value.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Reference: Kingma and Ba, 2014, section 7.
    """

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, name="Adamax", **kwargs
    ):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("beta_1", beta_1)
        self._set_hyper("beta_2", beta_2)
        self.epsilon = epsilon or tf.keras.backend.epsilon()

    def _create_slots(self, var_list):
        for slot in ("m", "v"):
            for var in var_list:
                self.add_slot(var, slot)

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        beta_1 = self._get_hyper("beta_1", var_dtype)
        beta_2 = self._get_hyper("beta_2", var_dtype)
        beta_1_power, _ = beta_powers(self.iterations._current(), beta_1, beta_2)
        apply_state[var_device, var_dtype].update(
            beta_1_t=beta_1, beta_2_t=beta_2, beta_1_power=beta_1_power
        )

    def _inputs(self, grad, var, apply_state):
        c = self._coefficients(var, apply_state)
        return c["beta_1_power"], c["lr_t"], c["beta_1_t"], c["beta_2_t"], self.epsilon, grad

    def _resource_apply_dense(self, grad, var, apply_state=None):
        self._update(_adamax, var, ("m", "v"), *self._inputs(grad, var, apply_state))

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        inputs = self._inputs(grad, var, apply_state)
        self._update(_adamax_rows, var, ("m", "v"), *inputs, indices)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "beta_1": self._serialize_hyperparameter("beta_1"),
            "beta_2": self._serialize_hyperparameter("beta_2"),
            "epsilon": self.epsilon,
        }
