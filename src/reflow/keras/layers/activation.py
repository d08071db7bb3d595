"""Layers that only apply an activation function, or a penalty on what passes."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["Activation", "ActivityRegularization"]


class Activation(Layer):
    """Applies an activation function.

    Args:
      activation: its name, or a function.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.activation = tf.keras.activations.get(activation)

    def call(self, inputs):
        """The function of the inputs."""
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        name = tf.keras.activations.serialize(self.activation)
        return {**super().get_config(), "activation": name}


class ActivityRegularization(Layer):
    """Passes its inputs on, and adds a penalty on them to the losses.

    The penalty is ``(l1 * sum(abs(x)) + l2 * sum(x ** 2)) / batch``.

    Args:
      l1, l2: the factors.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.
    """

    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(activity_regularizer=tf.keras.regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.supports_masking = True
        self.l1 = l1
        self.l2 = l2

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "l1": self.l1, "l2": self.l2}
