"""RMSprop: steps along the gradient, each element divided by the root of its mean square.

    rms = rho * rms + (1 - rho) * gradient ** 2
    variable -= learning_rate * gradient / (sqrt(rms) + epsilon)

With momentum, where epsilon stands under the root:

    momentum_slot = momentum * momentum_slot + learning_rate * gradient / sqrt(rms + epsilon)
    variable -= momentum_slot

Centered, the mean square is that of the deviation: ``rms - mg ** 2`` with ``mg`` the mean gradient.
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.lazy import jnp
from reflow.keras.optimizers._updates import (
    broadcasting_op,
    dense_gradient,
    rows_op,
    takes_duplicates,
    update_op,
)
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["RMSprop"]


@broadcasting_op("AddV2", tensors=2, grad=5)
def _rms(var: Any, rms: Any, lr: Any, rho: Any, epsilon: Any, grad: Any) -> Any:
    rms = rho * rms + (1 - rho) * (grad * grad)
    return var - lr * grad / (jnp.sqrt(rms) + epsilon), rms


@broadcasting_op("AddV2", tensors=3, grad=6)
def _rms_centered(var: Any, rms: Any, mg: Any, lr: Any, rho: Any, epsilon: Any, grad: Any) -> Any:
    rms = rho * rms + (1 - rho) * (grad * grad)
    mg = rho * mg + (1 - rho) * grad
    return var - lr * grad / (jnp.sqrt(rms - mg * mg) + epsilon), rms, mg


@update_op("ResourceApplyRMSProp", tensors=3, grad=7)
def _momentum(
    var: Any, rms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> Any:
    rms = rms + (grad * grad - rms) * (1 - rho)
    mom = mom * momentum + grad * lr / jnp.sqrt(rms + epsilon)
    return var - mom, rms, mom


@update_op("ResourceApplyCenteredRMSProp", tensors=4, grad=8)
def _momentum_centered(
    var: Any, mg: Any, rms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any,
    grad: Any,
) -> Any:  # fmt: skip
    rms = rms + (grad * grad - rms) * (1 - rho)
    mg = mg + (grad - mg) * (1 - rho)
    mom = mom * momentum + grad * lr / jnp.sqrt(rms - mg * mg + epsilon)
    return var - mom, mg, rms, mom


_momentum_rows = rows_op("ResourceSparseApplyRMSProp", _momentum, inputs=8, tensors=3, grad=7)
_momentum_centered_rows = rows_op(
    "ResourceSparseApplyCenteredRMSProp", _momentum_centered, inputs=9, tensors=4, grad=8
)


class RMSprop(Optimizer):
    """RMSprop, plain, with momentum, or centered.

    With momentum a sparse gradient changes its own rows only.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      rho: how much of the mean square is kept at a step.
      momentum: how much of the last step goes into the next, from 0 to 1.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0.
      centered: whether to use the gradients' variance instead of their mean square.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Raises:
      ValueError: if ``momentum`` is not between 0 and 1.

    Reference: Tieleman and Hinton, 2012, lecture 6.5.
    """

    def __init__(
        self,
        learning_rate=0.001,
        rho=0.9,
        momentum=0.0,
        epsilon=1e-07,
        centered=False,
        name="RMSprop",
        **kwargs,
    ):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("rho", rho)
        changes = isinstance(momentum, (tf.Tensor, tf.Variable)) or callable(momentum)
        self._momentum = changes or momentum > 0
        if isinstance(momentum, (int, float)) and not 0 <= momentum <= 1:
            raise ValueError("`momentum` must be between [0, 1].")
        self._set_hyper("momentum", momentum)
        self.epsilon = epsilon or tf.keras.backend.epsilon()
        self.centered = centered

    def _create_slots(self, var_list):
        for slot, used in (("rms", True), ("momentum", self._momentum), ("mg", self.centered)):
            for var in var_list if used else ():
                self.add_slot(var, slot)

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        apply_state[var_device, var_dtype].update(
            rho=self._get_hyper("rho", var_dtype), momentum=self._get_hyper("momentum", var_dtype)
        )

    def _resource_apply_dense(self, grad, var, apply_state=None):
        c = self._coefficients(var, apply_state)
        if self._momentum:
            inputs = c["lr_t"], c["rho"], c["momentum"], self.epsilon, grad
            update = _momentum_centered if self.centered else _momentum
        else:
            inputs = c["lr_t"], c["rho"], self.epsilon, grad
            update = _rms_centered if self.centered else _rms
        self._update(update, var, self._used_slots(), *inputs)

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        if not self._momentum:
            # Rows without a gradient stay where they are, but their means decay.
            grad = dense_gradient(var._current(), grad, indices)
            RMSprop._resource_apply_dense(self, grad, var, apply_state)
            return
        c = self._coefficients(var, apply_state)
        inputs = c["lr_t"], c["rho"], c["momentum"], self.epsilon, grad, indices
        update = _momentum_centered_rows if self.centered else _momentum_rows
        self._update(update, var, self._used_slots(), *inputs)

    def _used_slots(self):
        """The slots in the order of the ops' inputs."""
        if self._momentum:
            return ("mg", "rms", "momentum") if self.centered else ("rms", "momentum")
        return ("rms", "mg") if self.centered else ("rms",)

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
            "momentum": self._serialize_hyperparameter("momentum"),
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
