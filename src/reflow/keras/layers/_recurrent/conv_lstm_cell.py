"""The cell of the ConvLSTM2D layer."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers._recurrent.cell import cell_config
from reflow.keras.layers._recurrent.dropout_masks import DropoutMasks
from reflow.keras.layers.layer import Layer


class ConvLSTM2DCell(DropoutMasks, Layer):
    """One step of a convolutional LSTM, with s the recurrent activation, f the other.

        zi, zf, zk, zo = split(conv(inputs, kernel) + bias + conv(h, recurrent_kernel))
        c = s(zf) * c + s(zi) * f(zk)
        h = s(zo) * f(c)

    The arguments are ``ConvLSTM2D``'s. Weights: kernel ``(*kernel_size, channels, 4 * filters)``,
    recurrent_kernel ``(*kernel_size, filters, 4 * filters)``, bias ``(4 * filters,)``.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = windows.normalize_tuple(kernel_size, 2, "kernel_size")
        self.strides = windows.normalize_tuple(strides, 2, "strides")
        self.padding = windows.normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = windows.normalize_tuple(dilation_rate, 2, "dilation_rate")
        self.activation = tf.keras.activations.get(activation)
        self.recurrent_activation = tf.keras.activations.get(recurrent_activation)
        self.use_bias = use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = tf.keras.initializers.get(recurrent_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.unit_forget_bias = unit_forget_bias
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = tf.keras.regularizers.get(recurrent_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.recurrent_constraint = tf.keras.constraints.get(recurrent_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)
        self._start_masks(dropout, recurrent_dropout)
        self.state_size = (self.filters, self.filters)

    def build(self, input_shape):
        """Makes the kernels and the bias for images of a shape."""
        depth = windows.channels(tf.TensorShape(input_shape).as_list(), self.data_format)
        if depth is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.kernel = self.add_weight(
            "kernel",
            shape=(*self.kernel_size, depth, 4 * self.filters),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel",
            shape=(*self.kernel_size, self.filters, 4 * self.filters),
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=(4 * self.filters,),
                initializer=self._first_bias,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def _first_bias(self, shape, dtype=None):
        filters, initializer = self.filters, self.bias_initializer
        if not self.unit_forget_bias:
            return initializer(shape, dtype=dtype)
        parts = [
            initializer((filters,), dtype=dtype),
            tf.ones((filters,), dtype),
            initializer((2 * filters,), dtype=dtype),
        ]
        return tf.concat(parts, 0)

    # ---- computing

    def call(self, inputs, states, training=None):
        """One time step; returns the output and the list of states."""
        h, c = states[0], states[1]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=4)
        x = self._by_gate(inputs, self.kernel, masks, self.input_conv)
        if self.bias is not None:
            x = tf.nn.bias_add(x, self.bias, data_format=windows.op_format(self.data_format, 2))
        z = x + self._by_gate(h, self.recurrent_kernel, state_masks, self.recurrent_conv)
        zi, zf, zk, zo = tf.split(z, 4, axis=1 if windows.is_first(self.data_format) else 3)
        gate = self.recurrent_activation
        c = gate(zf) * c + gate(zi) * self.activation(zk)
        h = gate(zo) * self.activation(c)
        return h, [h, c]

    def _by_gate(self, images, kernel, masks, convolve):
        """The convolution for all gates, whose inputs are dropped apart if there are masks."""
        if masks is None:
            return convolve(images, kernel)
        kernels = tf.split(kernel, 4, axis=3)
        parts = [convolve(images * mask, one) for mask, one in zip(masks, kernels, strict=True)]
        return tf.concat(parts, 1 if windows.is_first(self.data_format) else 3)

    def input_conv(self, x: Any, kernel: Any) -> Any:
        """The convolution of inputs."""
        return tf.keras.backend.conv2d(
            x,
            kernel,
            strides=self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )

    def recurrent_conv(self, x: Any, kernel: Any) -> Any:
        """The convolution of states, whose size it keeps."""
        return tf.keras.backend.conv2d(x, kernel, padding="same", data_format=self.data_format)

    def state_shape(self, images: Any) -> tf.TensorShape:
        """The states' shape for inputs ``(batch, ...)`` of a shape."""
        batch, *sizes = tf.TensorShape(images).as_list()
        places = windows.output_lengths(
            windows.spatial([batch, *sizes], self.data_format),
            self.kernel_size,
            self.padding,
            self.strides,
            self.dilation_rate,
        )
        return windows.shape(batch, places, self.filters, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), **cell_config(self)}
