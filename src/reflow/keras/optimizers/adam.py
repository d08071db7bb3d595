"""Adam: steps along the gradient's mean, each element scaled by the root of its mean square.

    m = beta_1 * m + (1 - beta_1) * gradient
    v = beta_2 * v + (1 - beta_2) * gradient ** 2
    rate = learning_rate * sqrt(1 - beta_2 ** step) / (1 - beta_1 ** step)
    variable -= rate * m / (sqrt(v) + epsilon)

With ``amsgrad`` the last line has ``vhat = max(vhat, v)`` instead of ``v``.
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.keras.optimizers._updates import (
    TYPES,
    dense_gradient,
    power,
    takes_duplicates,
    update_op,
)
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Adam"]


def powers_rule(iterations: Aval, *betas: Aval) -> tuple[Aval, ...]:
    return tuple([aval((), beta.dtype) for beta in betas])


@op("Pow", types=TYPES, same=(1, 2), rule=powers_rule, reads=(), differentiable=False)
def beta_powers(iterations: Any, beta_1: Any, beta_2: Any) -> tuple[Any, Any]:
    """What the betas' powers are in the step that follows so many iterations."""
    step = iterations + 1
    return power(beta_1, step), power(beta_2, step)


def _moments(m: Any, v: Any, beta_1: Any, beta_2: Any, grad: Any) -> tuple[Any, Any]:
    return m + (grad - m) * (1 - beta_1), v + (grad * grad - v) * (1 - beta_2)


@update_op("ResourceApplyAdam", tensors=3, grad=9)
def _adam(
    var: Any, m: Any, v: Any, beta_1_power: Any, beta_2_power: Any, lr: Any,
    beta_1: Any, beta_2: Any, epsilon: Any, grad: Any,
) -> Any:  # fmt: skip
    rate = lr * jnp.sqrt(1 - beta_2_power) / (1 - beta_1_power)
    m, v = _moments(m, v, beta_1, beta_2, grad)
    return var - m * rate / (jnp.sqrt(v) + epsilon), m, v


@update_op("ResourceApplyAdamWithAmsgrad", tensors=4, grad=10)
def _amsgrad(
    var: Any, m: Any, v: Any, vhat: Any, beta_1_power: Any, beta_2_power: Any, lr: Any,
    beta_1: Any, beta_2: Any, epsilon: Any, grad: Any,
) -> Any:  # fmt: skip
    rate = lr * jnp.sqrt(1 - beta_2_power) / (1 - beta_1_power)
    m, v = _moments(m, v, beta_1, beta_2, grad)
    vhat = jnp.maximum(vhat, v)
    return var - m * rate / (jnp.sqrt(vhat) + epsilon), m, v, vhat


class Adam(Optimizer):
    """Adam, and with ``amsgrad`` the variant of that name.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      beta_1: how much of the gradients' mean is kept at a step.
      beta_2: how much of the mean of their squares.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0. (It is "epsilon hat" of the paper.)
      amsgrad: whether to use AMSGrad.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    References: Kingma and Ba, 2014; Reddi et al., 2018, for AMSGrad.
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-07,
        amsgrad=False,
        name="Adam",
        **kwargs,
    ):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("beta_1", beta_1)
        self._set_hyper("beta_2", beta_2)
        self.epsilon = epsilon or tf.keras.backend.epsilon()
        self.amsgrad = amsgrad

    def _create_slots(self, var_list):
        for slot in ("m", "v", "vhat") if self.amsgrad else ("m", "v"):
            for var in var_list:
                self.add_slot(var, slot)

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        beta_1 = self._get_hyper("beta_1", var_dtype)
        beta_2 = self._get_hyper("beta_2", var_dtype)
        powers = beta_powers(self.iterations._current(), beta_1, beta_2)
        apply_state[var_device, var_dtype].update(
            beta_1_t=beta_1, beta_2_t=beta_2, beta_1_power=powers[0], beta_2_power=powers[1]
        )

    def _resource_apply_dense(self, grad, var, apply_state=None):
        c = self._coefficients(var, apply_state)
        inputs = (
            c["beta_1_power"], c["beta_2_power"], c["lr_t"], c["beta_1_t"], c["beta_2_t"],
            self.epsilon, grad,
        )  # fmt: skip
        if self.amsgrad:
            self._update(_amsgrad, var, ("m", "v", "vhat"), *inputs)
        else:
            self._update(_adam, var, ("m", "v"), *inputs)

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        # All rows move on, as their means do, whether they have a gradient or not.
        grad = dense_gradient(var._current(), grad, indices)
        Adam._resource_apply_dense(self, grad, var, apply_state)

    def set_weights(self, weights):
        """Sets the values of ``weights``, also from older Keras's list, which has spare slots."""
        count = (len(self.weights) - 1) // 2
        if len(weights) == 3 * count + 1:
            weights = weights[: len(self.weights)]
        super().set_weights(weights)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "beta_1": self._serialize_hyperparameter("beta_1"),
            "beta_2": self._serialize_hyperparameter("beta_2"),
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }
