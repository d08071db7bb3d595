"""Layers like convolutions whose filters are others at each place."""

from __future__ import annotations

import itertools
import math

import numpy as np

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["LocallyConnected1D", "LocallyConnected2D"]


class LocallyConnected(Layer):
    """What both layers share.

    Args:
      rank: the number of spatial axes.
      filters: how many filters there are at each place, the output's channels.
      kernel_size, strides: an int, or one for each spatial axis.
      padding: ``"valid"``; ``"same"`` with implementations 2 and 3 only.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      implementation: 1 multiplies the window of each place, 2 the inputs with one large matrix that
        is mostly zeros, 3 the same with only those entries that are not. They differ in their
        weights' shapes.
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
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        implementation=1,
        **kwargs,
    ):
        activity_regularizer = tf.keras.regularizers.get(activity_regularizer)
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = filters
        self.kernel_size = windows.normalize_tuple(kernel_size, rank, "kernel_size")
        self.strides = windows.normalize_tuple(strides, rank, "strides")
        self.padding = windows.normalize_padding(padding)
        if self.padding != "valid" and implementation == 1:
            raise ValueError(
                f'Invalid border mode for LocallyConnected{rank}D (only "valid" is supported if '
                f"implementation is 1): {padding}"
            )
        self.data_format = normalize_data_format(data_format)
        self.activation = tf.keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)
        self.implementation = implementation
        self.input_spec = InputSpec(ndim=rank + 2)

    # ---- making the weights

    def build(self, input_shape):
        """Makes the kernel and the bias for inputs of a shape, all of which must be known."""
        dims = tf.TensorShape(input_shape).as_list()
        for axis, size in enumerate(dims[1:], 1):
            if size is None:
                raise ValueError(
                    f"Axis {axis} of input should be fully-defined. Found shape:", tuple(dims)
                )
        outputs = self.compute_output_shape(dims).as_list()
        places = windows.spatial(outputs, self.data_format)
        depth = windows.channels(dims, self.data_format)
        self.kernel = self.add_weight(
            "kernel",
            shape=self._kernel_shape(dims[1:], outputs[1:], places, depth),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=(*places, self.filters),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        axis = 1 if windows.is_first(self.data_format) else -1
        self.input_spec = InputSpec(ndim=len(dims), axes={axis: depth})
        self.built = True

    def _kernel_shape(self, inputs, outputs, places, depth):
        if self.implementation == 1:
            return (math.prod(places), math.prod(self.kernel_size) * depth, self.filters)
        if self.implementation not in (2, 3):
            raise ValueError(f"Unrecognized implementation mode: {self.implementation}.")
        connected = self._connections(inputs, places, depth)
        if self.implementation == 2:
            self._mask = np.zeros((math.prod(inputs), math.prod(outputs)), np.float32)
            self._mask[tuple(connected.T)] = 1
            return (*inputs, *outputs)
        order = np.lexsort(connected.T)  # by output, then by input
        self._connected = connected[order]
        return (len(connected),)

    def _connections(self, inputs, places, depth):
        """The pairs of an input's and an output's number, in the order of memory, that belong
        together: an integer array ``(pairs, 2)``."""
        lengths = windows.spatial([None, *inputs], self.data_format)
        along = []
        for length, count, size, stride in zip(
            lengths, places, self.kernel_size, self.strides, strict=True
        ):
            before = size // 2 if self.padding == "same" else 0
            starts = [place * stride - before for place in range(count)]
            along.append(
                [
                    (at, place)
                    for place, start in enumerate(starts)
                    for at in range(max(start, 0), min(start + size, length))
                ]
            )
        pairs = np.array([list(zip(*one, strict=True)) for one in itertools.product(*along)])
        pairs = pairs.reshape(-1, 2, len(lengths))
        sides = []
        for side, (sizes, count) in enumerate(((lengths, depth), (places, self.filters))):
            number = np.ravel_multi_index(tuple(pairs[:, side].T), sizes)
            channel = np.arange(count)
            if windows.is_first(self.data_format):
                sides.append(channel * math.prod(sizes) + number[:, None])
            else:
                sides.append(number[:, None] * count + channel)
        given, made = np.broadcast_arrays(sides[0][:, :, None], sides[1][:, None, :])
        return np.stack([given.reshape(-1), made.reshape(-1)], axis=1)

    # ---- computing

    def call(self, inputs):
        """Multiplies, adds the bias and applies the activation function."""
        outputs = self._multiplied(inputs)
        if self.use_bias:
            outputs = tf.keras.backend.bias_add(outputs, self.bias, self.data_format)
        return outputs if self.activation is None else self.activation(outputs)

    def _multiplied(self, inputs):
        shape = self.compute_output_shape(inputs.shape).as_list()
        if self.implementation == 1:
            return self._local(inputs, windows.spatial(shape, self.data_format))
        size = math.prod(inputs.shape[1:])
        flat = tf.reshape(inputs, (-1, size))
        if self.implementation == 2:
            matrix = tf.reshape(self.kernel, (size, -1)) * tf.cast(self._mask, self.kernel.dtype)
        else:
            matrix = tf.scatter_nd(self._connected, self.kernel, (size, math.prod(shape[1:])))
        return tf.reshape(tf.matmul(flat, matrix), (-1, *shape[1:]))

    def _local(self, inputs, places):
        raise NotImplementedError(f"{type(self).__name__} must override _local")

    # ---- what is known of it

    def compute_output_shape(self, input_shape):
        """``(batch, *places, filters)``, or the filters second for ``"channels_first"``."""
        dims = tf.TensorShape(input_shape).as_list()
        lengths = windows.spatial(dims, self.data_format)
        places = windows.output_lengths(lengths, self.kernel_size, self.padding, self.strides)
        return windows.shape(dims[0], places, self.filters, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "strides": self.strides,
            "padding": self.padding,
            "data_format": self.data_format,
            "activation": tf.keras.activations.serialize(self.activation),
            "use_bias": self.use_bias,
            "kernel_initializer": tf.keras.initializers.serialize(self.kernel_initializer),
            "bias_initializer": tf.keras.initializers.serialize(self.bias_initializer),
            "kernel_regularizer": tf.keras.regularizers.serialize(self.kernel_regularizer),
            "bias_regularizer": tf.keras.regularizers.serialize(self.bias_regularizer),
            "activity_regularizer": tf.keras.regularizers.serialize(self.activity_regularizer),
            "kernel_constraint": tf.keras.constraints.serialize(self.kernel_constraint),
            "bias_constraint": tf.keras.constraints.serialize(self.bias_constraint),
            "implementation": self.implementation,
        }


class LocallyConnected1D(LocallyConnected):
    """Like a convolution of sequences, with filters of its own at each place.

    Args:
      filters: how many filters there are at each place, the output's channels.
      kernel_size: the filters' length.
      strides: from one window to the next.
      padding: ``"valid"``; ``"same"`` with implementations 2 and 3 only.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      implementation: 1 multiplies the window of each place, 2 the inputs with one large matrix that
        is mostly zeros, 3 the same with only those entries that are not.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``, with a known number of steps; output shape
    ``(batch, places, filters)``; the channels come second for ``"channels_first"``. Weights: kernel
    ``(places, kernel_size * channels, filters)``, or ``(steps, channels, places, filters)`` or a
    vector with implementations 2 and 3; bias ``(places, filters)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
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
        implementation=1,
        **kwargs,
    ):
        super().__init__(
            1, filters, kernel_size, strides, padding, data_format, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, implementation, **kwargs,
        )  # fmt: skip

    def _local(self, inputs, places):
        return tf.keras.backend.local_conv1d(
            inputs, self.kernel, self.kernel_size, self.strides, self.data_format
        )


class LocallyConnected2D(LocallyConnected):
    """Like a convolution of images, with filters of its own at each place.

    Args:
      filters: how many filters there are at each place, the output's channels.
      kernel_size: the filters' height and width; an int for both.
      strides: from one window to the next.
      padding: ``"valid"``; ``"same"`` with implementations 2 and 3 only.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      implementation: 1 multiplies the window of each place, 2 the inputs with one large matrix that
        is mostly zeros, 3 the same with only those entries that are not.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``, of known sizes; output shape
    ``(batch, new rows, new columns, filters)``; the channels come second for ``"channels_first"``.
    Weights: kernel ``(new rows * new columns, height * width * channels, filters)``, or
    ``(rows, columns, channels, new rows, new columns, filters)`` or a vector with implementations
    2 and 3; bias ``(new rows, new columns, filters)``.

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
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        implementation=1,
        **kwargs,
    ):
        super().__init__(
            2, filters, kernel_size, strides, padding, data_format, activation, use_bias,
            kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, implementation, **kwargs,
        )  # fmt: skip

    def _local(self, inputs, places):
        return tf.keras.backend.local_conv2d(
            inputs, self.kernel, self.kernel_size, self.strides, places, self.data_format
        )
