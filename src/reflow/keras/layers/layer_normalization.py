"""Normalization of each sample by itself."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["LayerNormalization"]


class LayerNormalization(Layer):
    """``gamma * (x - mean) / sqrt(variance + epsilon) + beta``, with each sample's statistics.

    Args:
      axis: the axis or axes over which mean and variance are taken; the last one by default.
      epsilon: a small number that keeps the divisor from 0.
      center: whether to add ``beta``.
      scale: whether to multiply by ``gamma``.
      beta_initializer, gamma_initializer: of the weights' first values.
      beta_regularizer, gamma_regularizer: penalties on the weights.
      beta_constraint, gamma_constraint: applied to the weights after each update.
      trainable: whether training changes the weights.
      name: the layer's name.
      **kwargs: as for ``Layer``.

    Input and output have the same shape. Weights: gamma and beta, of the normalized axes' sizes.

    Raises:
      ValueError: if ``axis`` is neither an int nor a list or tuple of them.
    """

    def __init__(
        self,
        axis=-1,
        epsilon=0.001,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        super().__init__(name=name, trainable=trainable, **kwargs)
        if isinstance(axis, (list, tuple)):
            self.axis = axis[:]
        elif isinstance(axis, int):
            self.axis = axis
        else:
            raise ValueError(
                "Expected an int or a list/tuple of ints for the argument 'axis', but received "
                f"instead: {axis}"
            )
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = tf.keras.initializers.get(beta_initializer)
        self.gamma_initializer = tf.keras.initializers.get(gamma_initializer)
        self.beta_regularizer = tf.keras.regularizers.get(beta_regularizer)
        self.gamma_regularizer = tf.keras.regularizers.get(gamma_regularizer)
        self.beta_constraint = tf.keras.constraints.get(beta_constraint)
        self.gamma_constraint = tf.keras.constraints.get(gamma_constraint)
        self.supports_masking = True

    def build(self, input_shape):
        """Makes gamma and beta for inputs of a shape."""
        sizes = tf.TensorShape(input_shape).as_list()
        rank = len(sizes)
        given = [self.axis] if isinstance(self.axis, int) else self.axis
        axes = [axis + rank if axis < 0 else axis for axis in given]
        for axis in axes:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(set(axes)) != len(axes):
            raise ValueError(f"Duplicate axis: {tuple(axes)}")
        self.axis = axes
        shape = [sizes[axis] for axis in axes]
        if None in shape:
            raise ValueError(
                f"LayerNormalization {self.name!r}: the normalized axes {axes} of the inputs must "
                f"have known sizes, got input shape {tuple(sizes)}"
            )
        self.gamma = self.beta = None
        if self.scale:
            self.gamma = self.add_weight(
                "gamma",
                shape=shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
            )
        if self.center:
            self.beta = self.add_weight(
                "beta",
                shape=shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
            )
        # A vector for the last axis broadcasts as it is.
        self._broadcast_shape = None
        if axes != [rank - 1]:
            self._broadcast_shape = [sizes[i] if i in axes else 1 for i in range(rank)]
        self.built = True

    def call(self, inputs):
        """Normalizes.

        Raises:
          TypeError: if the inputs are not of a floating type.
        """
        if not inputs.dtype.is_floating:
            raise TypeError(
                f"LayerNormalization {self.name!r}: Cannot convert 1.0 to EagerTensor of dtype "
                f"{inputs.dtype.name}; the inputs must be floating"
            )
        mean, variance = tf.nn.moments(inputs, self.axis, keepdims=True)
        gamma, beta = self._broadcast(self.gamma), self._broadcast(self.beta)
        return tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, self.epsilon)

    def _broadcast(self, weight):
        if weight is None or self._broadcast_shape is None:
            return weight
        return tf.reshape(weight, self._broadcast_shape)

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": tf.keras.initializers.serialize(self.beta_initializer),
            "gamma_initializer": tf.keras.initializers.serialize(self.gamma_initializer),
            "beta_regularizer": tf.keras.regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": tf.keras.regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": tf.keras.constraints.serialize(self.beta_constraint),
            "gamma_constraint": tf.keras.constraints.serialize(self.gamma_constraint),
        }
