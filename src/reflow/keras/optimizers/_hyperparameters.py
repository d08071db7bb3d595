"""An optimizer's hyper-parameters: numbers, functions or schedules, read and set as attributes.

A number becomes a variable when it is first looked at or used, so that it can change without
anything being compiled anew, inside a ``tf.function`` too.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.variable import Variable, VariableAggregation

_ALIASES = {"lr": "learning_rate"}


def is_schedule(value: Any) -> bool:
    """Whether a value is a learning rate schedule: called with the step, described by a config."""
    return callable(value) and hasattr(value, "get_config")


class Hyperparameters:
    """The part of an optimizer that keeps its hyper-parameters.

    ``opt.learning_rate`` (and ``opt.lr``) gives the variable; assigning a number sets it.
    """

    _hyper: dict[str, Any]
    _hypers_created: bool
    _initial_decay: float
    iterations: Any

    def __getattr__(self, name):
        key = _ALIASES.get(name, name)
        if name != "_hyper" and key in self._hyper:
            return self._get_hyper(key)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name, value):
        key = _ALIASES.get(name, name)
        if key in self.__dict__.get("_hyper", ()):
            self._set_hyper(key, value)
        else:
            super().__setattr__(name, value)

    def _set_hyper(self, name, value):
        """Sets a hyper-parameter; where it is a variable already, that variable's value."""
        old = self._hyper.get(name)
        if not isinstance(old, Variable) or is_schedule(value):
            self._hyper[name] = value
        elif isinstance(value, (tf.Tensor, Variable)):
            old.assign(tf.cast(value, old.dtype))
        else:
            old.assign(np.asarray(value, old.dtype.as_numpy_dtype))

    def _get_hyper(self, name, dtype=None):
        """A hyper-parameter's variable or value, the latter cast to ``dtype`` if that is given.

        A schedule is returned as it is, a function's result in its place.
        """
        if not self._hypers_created:
            self._create_hypers()
        value = self._hyper[name]
        if is_schedule(value):
            return value
        if callable(value):
            value = value()
        if dtype is None:
            return value
        if value.__class__ is Variable:
            value = value._current()  # no reading that a tape would have to note
        return tf.cast(value, dtype)

    def _create_hypers(self):
        """Turns numbers into variables."""
        with tf.init_scope():
            for name, value in sorted(self._hyper.items()):
                if not (isinstance(value, (tf.Tensor, Variable)) or callable(value)):
                    self._hyper[name] = self.add_weight(
                        name,
                        shape=[],
                        initializer=value,
                        trainable=False,
                        aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
                    )
        self._hypers_created = True

    def _decayed_lr(self, var_dtype):
        """The learning rate of this step: ``rate / (1 + decay * iterations)``."""
        rate = self._get_hyper("learning_rate", var_dtype)
        if is_schedule(rate):
            step = tf.cast(self.iterations, var_dtype)
            rate = tf.cast(rate(step), var_dtype)
        if self._initial_decay > 0.0:
            step = tf.cast(self.iterations, var_dtype)
            rate = rate / (1.0 + self._get_hyper("decay", var_dtype) * step)
        return rate

    def _serialize_hyperparameter(self, hyperparameter_name):
        """A hyper-parameter as a config has it: a number, or a schedule's dict."""
        value = self._hyper[hyperparameter_name]
        if is_schedule(value):
            return tf.keras.utils.serialize_keras_object(value)
        if callable(value):
            return value()
        if isinstance(value, (tf.Tensor, Variable)):
            return value.numpy()
        return value
