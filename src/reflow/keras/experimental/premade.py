"""``LinearModel`` and ``WideDeepModel`` of ``tf.keras.experimental``: small models ready made."""

from __future__ import annotations

import reflow as tf
from reflow.keras.models.model import Model

__all__ = ["LinearModel", "WideDeepModel"]


class LinearModel(Model):
    """A linear model: the sum of a dense layer for each input, a bias, and an activation function.

    Args:
      units: the size of the output.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer: penalties on them.
      **kwargs: as for ``Model``.

    Input: a tensor ``(batch, features)``, or a list of them; output ``(batch, units)``.
    """

    def __init__(
        self,
        units=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.activation = tf.keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.dense_layers = []
        self.bias = None

    def call(self, inputs):
        """The sum over the inputs, with bias and activation.

        Raises:
          ValueError: if there are more or fewer inputs than at first.
        """
        parts = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if not self.dense_layers:
            self.dense_layers = [self._dense() for _ in parts]
            if self.use_bias:
                self.bias = self.add_weight(
                    "bias",
                    shape=(self.units,),
                    initializer=self.bias_initializer,
                    regularizer=self.bias_regularizer,
                )
        if len(parts) != len(self.dense_layers):
            raise ValueError(
                f"Expected {len(self.dense_layers)} inputs, but got {len(parts)} inputs"
            )
        result = None
        for layer, x in zip(self.dense_layers, parts, strict=True):
            product = layer(x)
            result = product if result is None else result + product
        if self.bias is not None:
            result = tf.nn.bias_add(result, self.bias)
        return result if self.activation is None else self.activation(result)

    def _dense(self):
        return tf.keras.layers.Dense(
            self.units,
            use_bias=False,
            kernel_initializer=self.kernel_initializer,
            kernel_regularizer=self.kernel_regularizer,
        )

    def get_config(self):
        """The arguments, as a dict."""
        keras = tf.keras
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": keras.regularizers.serialize(self.bias_regularizer),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a model from the result of ``get_config``."""
        config = dict(config)
        for name in ("dtype", "trainable"):
            config.pop(name, None)
        return cls(**config)


class WideDeepModel(Model):
    """The mean of a linear model and a deep one.

    Args:
      linear_model: a model, usually a ``LinearModel``.
      dnn_model: a model.
      activation: a name or function for the mean; none by default.
      **kwargs: as for ``Model``.

    Input: what both models take, or a pair of what each takes.
    """

    def __init__(self, linear_model, dnn_model, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.linear_model = linear_model
        self.dnn_model = dnn_model
        self.activation = tf.keras.activations.get(activation)

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        metrics=None,
        loss_weights=None,
        sample_weight_mode=None,
        weighted_metrics=None,
        target_tensors=None,
        distribute=None,
        **kwargs,
    ):
        """As ``Model.compile``, with one optimizer for all.

        Raises:
          NotImplementedError: if there is a list of two, one for each model.
        """
        if isinstance(optimizer, (list, tuple)):
            if len(optimizer) != 1:
                raise NotImplementedError(
                    "WideDeepModel.compile: an optimizer for each of the two models is not in "
                    "Reflow: give one for both, or write the training loop with tf.GradientTape"
                )
            optimizer = optimizer[0]
        super().compile(
            optimizer, loss, metrics, loss_weights, sample_weight_mode, weighted_metrics,
            target_tensors, distribute, **kwargs,
        )  # fmt: skip

    def call(self, inputs):
        """The mean of both models' outputs."""
        pair = isinstance(inputs, (list, tuple)) and len(inputs) == 2
        wide, deep = inputs if pair else (inputs, inputs)
        result = 0.5 * (self.linear_model(wide) + self.dnn_model(deep))
        return result if self.activation is None else self.activation(result)

    def get_config(self):
        """The models and the activation, as a dict."""
        described = tf.keras.utils.serialize_keras_object
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": self.dtype,
            "linear_model": described(self.linear_model),
            "dnn_model": described(self.dnn_model),
            "activation": tf.keras.activations.serialize(self.activation),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a model from the result of ``get_config``."""

        def made(described):
            known = {"LinearModel": LinearModel, **(custom_objects or {})}
            return tf.keras.layers.deserialize(described, custom_objects=known)

        linear, deep = made(config["linear_model"]), made(config["dnn_model"])
        return cls(linear, deep, activation=config.get("activation"), name=config.get("name"))
