"""The layer that convolves each channel of images with filters of its own."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.layers.convolution import Conv2D

__all__ = ["DepthwiseConv2D"]


class DepthwiseConv2D(Conv2D):
    """Convolution of each channel of images with filters of its own.

    Args:
      kernel_size: the filters' height and width; an int for both.
      strides: from one window to the next; the same for both axes.
      padding: ``"valid"``, or ``"same"``, with zeros around so that stride 1 keeps the size.
      depth_multiplier: how many filters each channel has.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      depthwise_initializer, bias_initializer: of the weights' first values.
      depthwise_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and
        the outputs.
      depthwise_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``; and ``dilation_rate``, the distances between a filter's taps.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, channels * depth_multiplier)``; the channels come second for
    ``"channels_first"``. Weights: depthwise_kernel ``(height, width, channels, depth_multiplier)``,
    bias ``(channels * depth_multiplier,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            filters=None,
            kernel_size=kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            activation=activation,
            use_bias=use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = tf.keras.initializers.get(depthwise_initializer)
        self.depthwise_regularizer = tf.keras.regularizers.get(depthwise_regularizer)
        self.depthwise_constraint = tf.keras.constraints.get(depthwise_constraint)

    def build(self, input_shape):
        """Makes the filters and the bias for inputs of a shape."""
        depth = self._input_depth(input_shape, " to `DepthwiseConv2D`")
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            shape=(*self.kernel_size, depth, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self._build_bias(depth * self.depth_multiplier)
        self.built = True

    def call(self, inputs):
        """Convolves, adds the bias and applies the activation function."""
        self._check_fit(inputs, self.depthwise_kernel, "DepthwiseConv2dNative")
        outputs = tf.keras.backend.depthwise_conv2d(
            inputs, self.depthwise_kernel, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        )  # fmt: skip
        return self._finished(outputs)

    def compute_output_shape(self, input_shape):
        """``(batch, *places, channels * depth_multiplier)``, or the channels second."""
        dims = tf.TensorShape(input_shape).as_list()
        places = windows.spatial(super().compute_output_shape(dims).as_list(), self.data_format)
        depth = windows.channels(dims, self.data_format)
        filters = None if depth is None else depth * self.depth_multiplier
        return windows.shape(dims[0], places, filters, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        for name in ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
            del config[name]
        config["depth_multiplier"] = self.depth_multiplier
        config["depthwise_initializer"] = tf.keras.initializers.serialize(
            self.depthwise_initializer
        )
        config["depthwise_regularizer"] = tf.keras.regularizers.serialize(
            self.depthwise_regularizer
        )
        config["depthwise_constraint"] = tf.keras.constraints.serialize(self.depthwise_constraint)
        return config
