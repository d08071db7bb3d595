"""Adadelta: RMSprop whose rate is the root of the mean square of its own past steps.

accum_grad = rho * accum_grad + (1 - rho) * gradient ** 2
step = sqrt(accum_var + epsilon) / sqrt(accum_grad + epsilon) * gradient
variable -= learning_rate * step
accum_var = rho * accum_var + (1 - rho) * step ** 2
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.lazy import jnp
from reflow.keras.optimizers._updates import rows_op, takes_duplicates, update_op
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Adadelta"]


@update_op("ResourceApplyAdadelta", tensors=3, grad=6)
def _adadelta(
    var: Any, accum: Any, accum_update: Any, lr: Any, rho: Any, epsilon: Any, grad: Any
) -> Any:
    accum = accum * rho + grad * grad * (1 - rho)
    step = jnp.sqrt(accum_update + epsilon) * (1 / jnp.sqrt(accum + epsilon)) * grad
    return var - step * lr, accum, accum_update * rho + step * step * (1 - rho)


_adadelta_rows = rows_op("ResourceSparseApplyAdadelta", _adadelta, inputs=7, tensors=3, grad=6)


class Adadelta(Optimizer):
    """Adadelta.

    A sparse gradient changes its own rows only. The paper's rate is 1, not the default of 0.001.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      rho: how much of the means is kept at a step.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Reference: Zeiler, 2012.
    """

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-07, name="Adadelta", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("rho", rho)
        self.epsilon = epsilon or tf.keras.backend.epsilon()

    def _create_slots(self, var_list):
        for slot in ("accum_grad", "accum_var"):
            for var in var_list:
                self.add_slot(var, slot)

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        apply_state[var_device, var_dtype]["rho"] = self._get_hyper("rho", var_dtype)

    def _inputs(self, grad, var, apply_state):
        c = self._coefficients(var, apply_state)
        return c["lr_t"], c["rho"], self.epsilon, grad

    def _resource_apply_dense(self, grad, var, apply_state=None):
        inputs = self._inputs(grad, var, apply_state)
        self._update(_adadelta, var, ("accum_grad", "accum_var"), *inputs)

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        inputs = self._inputs(grad, var, apply_state)
        self._update(_adadelta_rows, var, ("accum_grad", "accum_var"), *inputs, indices)

    def set_weights(self, weights):
        """Sets the values of ``weights``, also from older Keras's list, without ``iterations``."""
        if len(self.weights) == len(weights) + 1:
            weights = [0, *weights]
        super().set_weights(weights)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "rho": self._serialize_hyperparameter("rho"),
            "epsilon": self.epsilon,
        }
