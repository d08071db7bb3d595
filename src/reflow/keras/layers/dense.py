"""The densely connected layer."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["Dense"]


class Dense(Layer):
    """``activation(inputs @ kernel + bias)``.

    Args:
      units: the size of the outputs' last axis.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, ..., features)``; output shape ``(batch, ..., units)``. Weights: kernel
    ``(features, units)``, bias ``(units,)``.
    """

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            activity_regularizer=tf.keras.regularizers.get(activity_regularizer), **kwargs
        )
        self.units = units if isinstance(units, int) else int(units)
        self.activation = tf.keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)
        self.supports_masking = True
        self.input_spec = InputSpec(min_ndim=2)

    def build(self, input_shape):
        """Makes the kernel and the bias for inputs of a shape."""
        if not tf.as_dtype(self.dtype).is_floating:
            raise TypeError(
                f"Unable to build `Dense` layer with non-floating point dtype {self.dtype}"
            )
        features = tf.TensorShape(input_shape).as_list()[-1]
        if features is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: features})
        self.kernel = self.add_weight(
            "kernel",
            shape=(features, self.units),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=(self.units,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def call(self, inputs):
        """Computes ``activation(inputs @ kernel + bias)``; other types are cast to the layer's."""
        if len(inputs.shape) > 2:
            outputs = tf.tensordot(inputs, self.kernel, [[len(inputs.shape) - 1], [0]])
        else:
            outputs = tf.matmul(tf.cast(inputs, self._compute_dtype), self.kernel)
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        """``(batch, ..., units)``."""
        return tf.TensorShape([*tf.TensorShape(input_shape).as_list()[:-1], self.units])

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "units": self.units,
            "activation": tf.keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": tf.keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": tf.keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": tf.keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": tf.keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": tf.keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": tf.keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": tf.keras.constraints.serialize(self.bias_constraint),
        }
