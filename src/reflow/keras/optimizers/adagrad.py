"""Adagrad: each element's steps shrink with the sum of its squared gradients.

accumulator += gradient ** 2
variable -= learning_rate * gradient / (sqrt(accumulator) + epsilon)
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.lazy import jnp
from reflow.keras.optimizers._updates import rows_op, takes_duplicates, update_op
from reflow.keras.optimizers.optimizer import Optimizer

__all__ = ["Adagrad"]


@update_op("ResourceApplyAdagradV2", tensors=2, grad=4)
def _adagrad(var: Any, accum: Any, lr: Any, epsilon: Any, grad: Any) -> Any:
    accum = accum + grad * grad
    return var - grad * lr / (jnp.sqrt(accum) + epsilon), accum


_adagrad_rows = rows_op("ResourceSparseApplyAdagradV2", _adagrad, inputs=5, tensors=2, grad=4)


class Adagrad(Optimizer):
    """Adagrad.

    A sparse gradient changes its own rows only.

    Args:
      learning_rate: a float, variable, schedule or function of no arguments.
      initial_accumulator_value: what the sums of squares start from, not negative.
      epsilon: a small number against division by zero; ``tf.keras.backend.epsilon()`` if it is None
        or 0.
      name: the optimizer's name.
      **kwargs: ``clipnorm``, ``clipvalue``, ``decay``, ``lr``; see ``Optimizer``.

    Raises:
      ValueError: if ``initial_accumulator_value`` is negative.

    Reference: Duchi et al., 2011.
    """

    def __init__(
        self,
        learning_rate=0.001,
        initial_accumulator_value=0.1,
        epsilon=1e-07,
        name="Adagrad",
        **kwargs,
    ):
        if initial_accumulator_value < 0.0:
            raise ValueError(
                f"initial_accumulator_value must be non-negative: {initial_accumulator_value}"
            )
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)
        self._initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon or tf.keras.backend.epsilon()

    def _create_slots(self, var_list):
        start = tf.initializers.Constant(self._initial_accumulator_value)
        for var in var_list:
            self.add_slot(var, "accumulator", start)

    def _inputs(self, grad, var, apply_state):
        return self._coefficients(var, apply_state)["lr_t"], self.epsilon, grad

    def _resource_apply_dense(self, grad, var, apply_state=None):
        self._update(_adagrad, var, ("accumulator",), *self._inputs(grad, var, apply_state))

    @takes_duplicates
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        inputs = self._inputs(grad, var, apply_state)
        self._update(_adagrad_rows, var, ("accumulator",), *inputs, indices)

    def set_weights(self, weights):
        """Sets the values of ``weights``, also from older Keras's list, without ``iterations``."""
        if len(self.weights) == len(weights) + 1:
            weights = [0, *weights]
        super().set_weights(weights)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes an optimizer from the result of ``get_config``; see ``Optimizer.from_config``.

        Where the config lacks ``initial_accumulator_value``, as older Keras's does, it is 0.
        """
        config.setdefault("initial_accumulator_value", 0.0)
        return super().from_config(config, custom_objects)

    def get_config(self):
        """The arguments that make an equal optimizer, as a dict."""
        return super().get_config() | {
            "learning_rate": self._serialize_hyperparameter("learning_rate"),
            "decay": self._serialize_hyperparameter("decay"),
            "initial_accumulator_value": self._initial_accumulator_value,
            "epsilon": self.epsilon,
        }
