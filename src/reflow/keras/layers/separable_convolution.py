"""Separable convolution: each channel by itself, then all channels of each place."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.layers.convolution import Conv

__all__ = [
    "SeparableConv1D", "SeparableConv2D", "SeparableConvolution1D", "SeparableConvolution2D",
]  # fmt: skip


class SeparableConv(Conv):
    """A depthwise convolution, then one with filters of size 1 (a pointwise one).

    Args:
      rank: the number of spatial axes.
      filters: how many filters, the output's channels.
      kernel_size, strides, padding, data_format, dilation_rate: of the depthwise convolution.
      depth_multiplier: how many depthwise filters each channel has.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      depthwise_initializer, pointwise_initializer, bias_initializer: of the weights' first values.
      depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer:
        penalties on the weights and the outputs.
      depthwise_constraint, pointwise_constraint, bias_constraint: applied to the weights after
        each update.
      **kwargs: as for ``Layer``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        rank,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            rank,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = tf.keras.initializers.get(depthwise_initializer)
        self.pointwise_initializer = tf.keras.initializers.get(pointwise_initializer)
        self.depthwise_regularizer = tf.keras.regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = tf.keras.regularizers.get(pointwise_regularizer)
        self.depthwise_constraint = tf.keras.constraints.get(depthwise_constraint)
        self.pointwise_constraint = tf.keras.constraints.get(pointwise_constraint)

    def build(self, input_shape):
        """Makes both kernels and the bias for inputs of a shape."""
        depth = self._input_depth(input_shape)
        self.depthwise_kernel = self.add_weight(
            "depthwise_kernel",
            shape=(*self.kernel_size, depth, self.depth_multiplier),
            initializer=self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
        )
        self.pointwise_kernel = self.add_weight(
            "pointwise_kernel",
            shape=(*(1,) * self.rank, self.depth_multiplier * depth, self.filters),
            initializer=self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
        )
        self._build_bias(self.filters)
        self.built = True

    def call(self, inputs):
        """Convolves twice, adds the bias and applies the activation function."""
        if self.padding == "causal":
            inputs = self._padded_before(inputs)
        self._check_fit(inputs, self.depthwise_kernel, "DepthwiseConv2dNative")
        return self._finished(self._separable(inputs))

    def _separable(self, inputs):
        raise NotImplementedError(f"{type(self).__name__} must override _separable")

    def get_config(self):
        """The arguments, as a dict."""
        initializers, regularizers = tf.keras.initializers, tf.keras.regularizers
        constraints = tf.keras.constraints
        return {
            **super().get_config(),
            "depth_multiplier": self.depth_multiplier,
            "depthwise_initializer": initializers.serialize(self.depthwise_initializer),
            "pointwise_initializer": initializers.serialize(self.pointwise_initializer),
            "depthwise_regularizer": regularizers.serialize(self.depthwise_regularizer),
            "pointwise_regularizer": regularizers.serialize(self.pointwise_regularizer),
            "depthwise_constraint": constraints.serialize(self.depthwise_constraint),
            "pointwise_constraint": constraints.serialize(self.pointwise_constraint),
        }


class SeparableConv1D(SeparableConv):
    """Separable convolution of sequences: each channel by itself, then all channels of each place.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the depthwise filters' length.
      strides: from one window to the next.
      padding: ``"valid"``, ``"same"``, or ``"causal"``, with zeros before the sequence only.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distance between the taps of a depthwise filter.
      depth_multiplier: how many depthwise filters each channel has.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      depthwise_initializer, pointwise_initializer, bias_initializer: of the weights' first values.
      depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer:
        penalties on the weights and the outputs.
      depthwise_constraint, pointwise_constraint, bias_constraint: applied to the weights after
        each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, new steps, filters)``; the
    channels come second for ``"channels_first"``. Weights: depthwise_kernel
    ``(kernel_size, channels, depth_multiplier)``, pointwise_kernel
    ``(1, channels * depth_multiplier, filters)``, bias ``(filters,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    _causal = True

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            1, filters, kernel_size, strides, padding, data_format, dilation_rate,
            depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer,
            activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip

    def _separable(self, inputs):
        # A sequence is an image of height 1.
        axis = 2 if windows.is_first(self.data_format) else 1
        outputs = tf.nn.separable_conv2d(
            tf.expand_dims(inputs, axis),
            tf.expand_dims(self.depthwise_kernel, 0),
            tf.expand_dims(self.pointwise_kernel, 0),
            windows.full(self.strides * 2, self.data_format),
            self._op_padding(),
            windows.op_format(self.data_format, 2),
            [1, *self.dilation_rate],
        )
        return tf.squeeze(outputs, [axis])


class SeparableConv2D(SeparableConv):
    """Separable convolution of images: each channel by itself, then all channels of each place.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the depthwise filters' height and width; an int for both.
      strides: from one window to the next; the same for both axes.
      padding: ``"valid"``, or ``"same"``, with zeros around so that stride 1 keeps the size.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distances between the taps of a depthwise filter.
      depth_multiplier: how many depthwise filters each channel has.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      depthwise_initializer, pointwise_initializer, bias_initializer: of the weights' first values.
      depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer:
        penalties on the weights and the outputs.
      depthwise_constraint, pointwise_constraint, bias_constraint: applied to the weights after
        each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, filters)``; the channels come second for ``"channels_first"``.
    Weights: depthwise_kernel ``(height, width, channels, depth_multiplier)``, pointwise_kernel
    ``(1, 1, channels * depth_multiplier, filters)``, bias ``(filters,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            2, filters, kernel_size, strides, padding, data_format, dilation_rate,
            depth_multiplier, activation, use_bias, depthwise_initializer, pointwise_initializer,
            bias_initializer, depthwise_regularizer, pointwise_regularizer, bias_regularizer,
            activity_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint,
            **kwargs,
        )  # fmt: skip

    def _separable(self, inputs):
        return tf.nn.separable_conv2d(
            inputs,
            self.depthwise_kernel,
            self.pointwise_kernel,
            windows.full(self.strides, self.data_format),
            self._op_padding(),
            windows.op_format(self.data_format, 2),
            list(self.dilation_rate),
        )


SeparableConvolution1D = SeparableConv1D
SeparableConvolution2D = SeparableConv2D
