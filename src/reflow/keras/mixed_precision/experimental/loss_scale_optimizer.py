"""``LossScaleOptimizer``: an optimizer around another one, for losses that are scaled up."""

from __future__ import annotations

import reflow as tf
from reflow.core.variable import VariableAggregation, VariableSynchronization
from reflow.keras.optimizers.optimizer import Optimizer
from reflow.mixed_precision.experimental.loss_scale import described, scale_of

__all__ = ["LossScaleOptimizer"]


class LossScaleOptimizer(Optimizer):
    """Scales losses up, and gradients down again; leaves out steps whose gradients overflow.

    ``minimize`` and ``Model.fit`` do it all. A loop of one's own::

        with tf.GradientTape() as tape:
            loss = ...
            scaled = optimizer.get_scaled_loss(loss)
        grads = optimizer.get_unscaled_gradients(tape.gradient(scaled, variables))
        optimizer.apply_gradients(zip(grads, variables))

    Args:
      optimizer: the optimizer that makes the steps.
      loss_scale: a ``LossScale``, a number, or ``"dynamic"``.

    Raises:
      ValueError: if ``optimizer`` is none, clips gradients, or ``loss_scale`` is no scale.
    """

    def __init__(self, optimizer, loss_scale):
        if not isinstance(optimizer, Optimizer):
            raise ValueError(
                f'"optimizer" must be an instance of OptimizerV2, but got: {optimizer}'
            )
        for option in ("clipnorm", "clipvalue"):
            if option in optimizer.__dict__:
                raise ValueError(
                    f"LossScaleOptimizer does not support wrapping optimizers with a {option}. "
                    f"Optimizer {optimizer} has {option} {optimizer.__dict__[option]}"
                )
        scale = scale_of(loss_scale)
        if scale is None:
            raise ValueError("loss_scale cannot be None.")
        self.__dict__.update(_optimizer=optimizer, _loss_scale=scale)

    # ---- scaling

    @property
    def loss_scale(self):
        """The ``LossScale``."""
        return self._loss_scale

    def get_scaled_loss(self, loss):
        """The loss, or the function that computes it, times the scale."""
        if callable(loss):
            return lambda: self.get_scaled_loss(loss())
        return loss * tf.cast(self._loss_scale(), loss.dtype)

    def get_unscaled_gradients(self, grads):
        """The gradients, a list with Nones perhaps, divided by the scale."""
        inverse = 1.0 / self._loss_scale()
        return [None if g is None else _times(g, inverse) for g in grads]

    # ---- steps

    def _compute_gradients(self, loss, var_list, grad_loss=None):
        pairs = self._optimizer._compute_gradients(self.get_scaled_loss(loss), var_list, grad_loss)
        grads = self.get_unscaled_gradients([grad for grad, _ in pairs])
        return list(zip(grads, [var for _, var in pairs], strict=True))

    def get_gradients(self, loss, params):
        """The gradients of a loss, inside a ``tf.function``."""
        grads = self._optimizer.get_gradients(self.get_scaled_loss(loss), params)
        return self.get_unscaled_gradients(grads)

    def apply_gradients(self, grads_and_vars, name=None):
        """Changes variables by one step, if the loss's scale finds the gradients good.

        Args:
          grads_and_vars: pairs of a gradient (not scaled any more) and a variable.
          name: unused in eager code.
        """
        pairs = list(grads_and_vars)
        _, good = self._loss_scale.update([grad for grad, _ in pairs])
        self._make_ready([var for _, var in pairs])
        if good is True:
            self._optimizer.apply_gradients(pairs, name=name)
            return

        def step():
            self._optimizer.apply_gradients(pairs, name=name)
            return tf.constant(True)

        tf.cond(good, step, lambda: tf.constant(False))

    def _make_ready(self, variables):
        self._optimizer._make_ready(variables)

    # ---- what belongs to the optimizer inside

    def __getattr__(self, name):
        if name in ("_optimizer", "_loss_scale"):
            raise AttributeError(name)
        return getattr(self._optimizer, name)

    def __setattr__(self, name, value):
        if name in ("lr", "learning_rate", "iterations") or name in self._optimizer._hyper:
            setattr(self._optimizer, name, value)
        else:
            object.__setattr__(self, name, value)

    iterations = property(lambda self: self._optimizer.iterations)
    weights = property(lambda self: self._optimizer.weights)
    learning_rate = property(lambda self: self._optimizer.learning_rate)
    lr = property(lambda self: self._optimizer.lr)

    def variables(self):
        """The variables of the optimizer inside."""
        return self._optimizer.variables()

    def get_weights(self):
        """Their values."""
        return self._optimizer.get_weights()

    def set_weights(self, weights):
        """Sets their values."""
        return self._optimizer.set_weights(weights)

    def get_slot_names(self):
        """The names of its slots."""
        return self._optimizer.get_slot_names()

    def get_slot(self, var, slot_name):
        """A variable's slot of a name."""
        return self._optimizer.get_slot(var, slot_name)

    def add_slot(self, var, slot_name, initializer="zeros"):
        """Makes a slot."""
        return self._optimizer.add_slot(var, slot_name, initializer)

    def add_weight(
        self,
        name,
        shape,
        dtype=None,
        initializer="zeros",
        trainable=None,
        synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE,
    ):
        """Makes a variable of the optimizer inside."""
        return self._optimizer.add_weight(
            name, shape, dtype, initializer, trainable, synchronization, aggregation
        )

    def _slots_of(self, var):
        return self._optimizer._slots_of(var)

    def _restored_slot(self, var, slot_name):
        return self._optimizer._restored_slot(var, slot_name)

    def _trackable_children(self):
        return [("base_optimizer", self._optimizer), ("loss_scale", self._loss_scale)]

    # ---- configs

    def get_config(self):
        """The optimizer and the scale, as a dict."""
        return {
            "optimizer": tf.keras.optimizers.serialize(self._optimizer),
            "loss_scale": described(self._loss_scale),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes an optimizer from the result of ``get_config``."""
        inner = tf.keras.optimizers.deserialize(dict(config["optimizer"]), custom_objects)
        return cls(inner, config["loss_scale"])


def _times(grad, factor):
    if isinstance(grad, tf.IndexedSlices):
        values = grad.values * tf.cast(factor, grad.values.dtype)
        return tf.IndexedSlices(values, grad.indices, grad.dense_shape)
    return grad * tf.cast(factor, grad.dtype)
