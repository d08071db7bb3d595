"""FTRL-Proximal ("follow the regularized leader"), for sparse linear models.

sigma = ((accumulator + gradient ** 2) ** -power - accumulator ** -power) / learning_rate
accumulator += gradient ** 2
linear += gradient + 2 * l2_shrinkage * variable - sigma * variable
quadratic = accumulator ** -power / learning_rate + 2 * l2
variable = (sign(linear) * l1 - linear) / quadratic  if abs(linear) > l1  else  0
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.dtypes import FLOATS
from reflow.core.lazy import jnp
from reflow.keras.optimizers._updates import rows_op, takes_duplicates, update_op
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Ftrl"]


@update_op("ResourceApplyFtrl", tensors=3, grad=3, types=FLOATS)
def _ftrl(
    var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any
) -> Any:
    return _ftrl_v2.fn(var, accum, linear, grad, lr, l1, l2, jnp.zeros_like(l2), lr_power)


@update_op("ResourceApplyFtrlV2", tensors=3, grad=3, types=FLOATS)
def _ftrl_v2(
    var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, shrinkage: Any,
    lr_power: Any,
) -> Any:  # fmt: skip
    def root(x: Any) -> Any:
        return jnp.where(lr_power == -0.5, jnp.sqrt(x), jnp.power(x, -lr_power))

    after = accum + grad * grad
    sigma = (root(after) - root(accum)) / lr
    linear = linear + (grad + 2 * shrinkage * var) - sigma * var
    quadratic = root(after) / lr + 2 * l2
    moved = (jnp.sign(linear) * l1 - linear) / quadratic
    return jnp.where(jnp.abs(linear) > l1, moved, jnp.zeros_like(moved)), after, linear


_ftrl_rows = rows_op("ResourceSparseApplyFtrl", _ftrl, inputs=8, tensors=3, grad=3)
_ftrl_v2_rows = rows_op("ResourceSparseApplyFtrlV2", _ftrl_v2, inputs=9, tensors=3, grad=3)


class Ftrl(Optimizer):
    """FTRL-Proximal, with L1 and L2 regularization and shrinkage.

    The variable is computed anew from its slots: its starting value has little effect. A sparse
    gradient changes its own rows only.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      learning_rate_power: how the rate falls with the sum of squared gradients; not positive.
      initial_accumulator_value: what these sums start from, not negative.
      l1_regularization_strength: not negative.
      l2_regularization_strength: not negative.
      name: the optimizer's name.
      l2_shrinkage_regularization_strength: an L2 penalty of the size, not negative.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Raises:
      ValueError: if a number has the wrong sign.

    Reference: McMahan et al., 2013, "Ad Click Prediction".
    """

    def __init__(
        self,
        learning_rate=0.001,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        name="Ftrl",
        l2_shrinkage_regularization_strength=0.0,
        **kwargs,
    ):
        super().__init__(name, **kwargs)
        _check("initial_accumulator_value", initial_accumulator_value, 1)
        _check("learning_rate_power", learning_rate_power, -1)
        _check("l1_regularization_strength", l1_regularization_strength, 1)
        _check("l2_regularization_strength", l2_regularization_strength, 1)
        _check("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength, 1)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._set_hyper("learning_rate_power", learning_rate_power)
        self._set_hyper("l1_regularization_strength", l1_regularization_strength)
        self._set_hyper("l2_regularization_strength", l2_regularization_strength)
        self._initial_accumulator_value = initial_accumulator_value
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength

    def _create_slots(self, var_list):
        start = tf.initializers.Constant(self._initial_accumulator_value)
        for var in var_list:
            self.add_slot(var, "accumulator", start)
            self.add_slot(var, "linear")

    def _prepare_local(self, var_device, var_dtype, apply_state):
        super()._prepare_local(var_device, var_dtype, apply_state)
        apply_state[var_device, var_dtype].update(
            power=self._get_hyper("learning_rate_power", var_dtype),
            l1=self._get_hyper("l1_regularization_strength", var_dtype),
            l2=self._get_hyper("l2_regularization_strength", var_dtype),
        )

    def _resource_apply_dense(self, grad, var, apply_state=None):
        c = self._coefficients(var, apply_state)
        inputs = grad, c["lr_t"], c["l1"], c["l2"]
        shrinkage = self._l2_shrinkage_regularization_strength
        if shrinkage > 0:
            self._update(_ftrl_v2, var, _SLOTS, *inputs, shrinkage, c["power"])
        else:
            self._update(_ftrl, var, _SLOTS, *inputs, c["power"])

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        c = self._coefficients(var, apply_state)
        inputs = grad, c["lr_t"], c["l1"], c["l2"]
        shrinkage = self._l2_shrinkage_regularization_strength
        if shrinkage > 0:
            self._update(_ftrl_v2_rows, var, _SLOTS, *inputs, shrinkage, c["power"], indices)
        else:
            self._update(_ftrl_rows, var, _SLOTS, *inputs, c["power"], indices)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "initial_accumulator_value": self._initial_accumulator_value,
            "learning_rate_power": self._serialize_hyperparameter("learning_rate_power"),
            "l1_regularization_strength": self._serialize_hyperparameter(
                "l1_regularization_strength"
            ),
            "l2_regularization_strength": self._serialize_hyperparameter(
                "l2_regularization_strength"
            ),
            "l2_shrinkage_regularization_strength": self._l2_shrinkage_regularization_strength,
        }


_SLOTS = ("accumulator", "linear")


def _check(name: str, value: float, sign: int) -> None:
    """Raises if a number has the wrong sign."""
    if value * sign < 0:
        needed = "positive or zero" if sign > 0 else "negative or zero"
        raise ValueError(f"{name} {value:f} needs to be {needed}")
