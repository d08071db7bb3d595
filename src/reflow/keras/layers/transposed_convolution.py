"""Transposed convolution layers, which lead from small images to large ones."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.layers.convolution import Conv, Conv2D, Conv3D

__all__ = [
    "Conv2DTranspose", "Conv3DTranspose", "Convolution2DTranspose", "Convolution3DTranspose",
]  # fmt: skip


class Transposed(Conv):
    """What the transposed convolutions share."""

    def _check_output_padding(self, output_padding):
        self.output_padding = output_padding
        if output_padding is None:
            return
        self.output_padding = windows.normalize_tuple(output_padding, self.rank, "output_padding")
        for stride, more in zip(self.strides, self.output_padding, strict=True):
            if more >= stride:
                raise ValueError(
                    f"Stride {self.strides} must be greater than output padding "
                    f"{self.output_padding}"
                )

    def _kernel_shape(self, depth):
        return (*self.kernel_size, self.filters, depth)

    def call(self, inputs):
        """Convolves, adds the bias and applies the activation function."""
        shape = self.compute_output_shape(inputs.shape).as_list()
        return self._finished(self._transposed(inputs, shape))

    def compute_output_shape(self, input_shape):
        """``(batch, *new sizes, filters)``, or the filters second for ``"channels_first"``."""
        dims = tf.TensorShape(input_shape).as_list()
        places = [
            windows.transposed_length(length, size, self.padding, stride, rate, more)
            for length, size, stride, rate, more in zip(
                windows.spatial(dims, self.data_format),
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                self.output_padding or (None,) * self.rank,
                strict=True,
            )
        ]
        return windows.shape(dims[0], places, self.filters, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "output_padding": self.output_padding}


class Conv2DTranspose(Transposed, Conv2D):
    """Transposed convolution of images, sometimes called deconvolution.

    It leads back from the shape that a convolution gives to the shape of the convolution's inputs.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the filters' height and width; an int for both.
      strides: by how much the output is larger.
      padding: ``"valid"`` or ``"same"``: that of the convolution.
      output_padding: what to add to the smallest output, less than the stride; an int, or one for
        each axis. By default, such that every window is whole.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distance between the taps of a filter; the same for both axes.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, filters)``; the channels come second for ``"channels_first"``.
    Weights: kernel ``(height, width, filters, channels)``, bias ``(filters,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=(1, 1),
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
            filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
        self._check_output_padding(output_padding)

    def _transposed(self, inputs, shape):
        return tf.keras.backend.conv2d_transpose(
            inputs, self.kernel, shape, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        )  # fmt: skip


class Conv3DTranspose(Transposed, Conv3D):
    """Transposed convolution of volumes, sometimes called deconvolution.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the filters' depth, height and width; an int for all three.
      strides: by how much the output is larger.
      padding: ``"valid"`` or ``"same"``: that of the convolution.
      output_padding: what to add to the smallest output, less than the stride; an int, or one for
        each axis. By default, such that every window is whole.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with new sizes
    and the filters in place of the channels, which come second for ``"channels_first"``. Weights:
    kernel ``(depth, height, width, filters, channels)``, bias ``(filters,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1, 1),
        padding="valid",
        output_padding=None,
        data_format=None,
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
            filters, kernel_size, strides, padding, data_format, (1, 1, 1), activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip
        self._check_output_padding(output_padding)

    def _input_depth(self, input_shape, where=""):
        dims = tf.TensorShape(input_shape).as_list()
        if windows.channels(dims, self.data_format) is None:
            raise ValueError(
                "The channel dimension of the inputs should be defined, found None: "
                + str(tuple(dims))
            )
        return super()._input_depth(input_shape)

    def _transposed(self, inputs, shape):
        return tf.nn.conv3d_transpose(
            inputs,
            self.kernel,
            shape,
            windows.full(self.strides, self.data_format),
            self._op_padding(),
            windows.op_format(self.data_format, 3),
        )

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        del config["dilation_rate"]
        return config


Convolution2DTranspose = Conv2DTranspose
Convolution3DTranspose = Conv3DTranspose
