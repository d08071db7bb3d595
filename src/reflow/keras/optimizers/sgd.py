"""Gradient descent, with momentum.

    accumulation = momentum * accumulation - learning_rate * gradient
    variable += accumulation
                                     or, with Nesterov's momentum,
    variable += momentum * accumulation - learning_rate * gradient

Without momentum: ``variable -= learning_rate * gradient``.
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.optimizers._updates import rows_op, sparse_op, takes_duplicates, update_op
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["SGD"]


@update_op("ResourceApplyGradientDescent", tensors=1, grad=2, label="delta")
def _descend(var: Any, lr: Any, grad: Any) -> Any:
    return var - lr * grad


@sparse_op("ResourceScatterAdd", inputs=4, tensors=1, grad=2)
def _descend_rows(var: Any, lr: Any, grad: Any, indices: Any) -> Any:
    return var.at[indices].add(-grad * lr)


@update_op("ResourceApplyKerasMomentum", tensors=2, grad=3)
def _roll(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, *, nesterov: bool) -> Any:
    accum = accum * momentum - grad * lr
    return var + (accum * momentum - grad * lr if nesterov else accum), accum


_roll_rows = rows_op(
    "ResourceSparseApplyKerasMomentum", _roll, inputs=5, tensors=2, grad=3, kernel=False
)


class SGD(Optimizer):
    """Gradient descent, with or without momentum.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      momentum: how much of the last step goes into the next, from 0 to 1.
      nesterov: whether to use Nesterov's momentum.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Raises:
      ValueError: if ``momentum`` is not between 0 and 1.

    Reference: Sutskever et al., 2013, for Nesterov's momentum.
    """

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, name="SGD", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        changes = isinstance(momentum, (tf.Tensor, tf.Variable)) or callable(momentum)
        self._momentum = changes or momentum > 0
        if isinstance(momentum, (int, float)) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._set_hyper("momentum", momentum)
        self.nesterov = nesterov

    def _create_slots(self, var_list):
        if self._momentum:
            for var in var_list:
                self.add_slot(var, "momentum")

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        if self._momentum:
            momentum = self._get_hyper("momentum", var_dtype)
            apply_state[var_device, var_dtype]["momentum"] = momentum

    def _resource_apply_dense(self, grad, var, apply_state=None):
        c = self._coefficients(var, apply_state)
        if self._momentum:
            inputs = c["lr_t"], grad, c["momentum"]
            self._update(_roll, var, ("momentum",), *inputs, nesterov=bool(self.nesterov))
        else:
            self._update(_descend, var, (), c["lr_t"], grad)

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        c = self._coefficients(var, apply_state)
        if self._momentum:
            inputs = c["lr_t"], grad, c["momentum"], indices
            self._update(_roll_rows, var, ("momentum",), *inputs, nesterov=bool(self.nesterov))
        else:
            self._update(_descend_rows, var, (), c["lr_t"], grad, indices)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "momentum": self._serialize_hyperparameter("momentum"),
            "nesterov": self.nesterov,
        }
