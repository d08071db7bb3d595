"""Convolution layers in one, two and three dimensions."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "Convolution3D"]


class Conv(Layer):
    """A convolution with a kernel, perhaps a bias and an activation function.

    Args:
      rank: the number of spatial axes.
      filters: how many filters, the output's channels.
      kernel_size, strides, dilation_rate: an int, or one for each spatial axis.
      padding: ``"valid"``, ``"same"``, or for sequences ``"causal"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      trainable, name, **kwargs: as for ``Layer``.

    Raises:
      ValueError: if an argument has another form.
    """

    _causal = False  # whether padding may be "causal"

    def __init__(
        self,
        rank,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        activity_regularizer = tf.keras.regularizers.get(activity_regularizer)
        super().__init__(
            trainable=trainable, name=name, activity_regularizer=activity_regularizer, **kwargs
        )
        self.rank = rank
        self.filters = filters
        self.kernel_size = windows.normalize_tuple(kernel_size, rank, "kernel_size")
        self.strides = windows.normalize_tuple(strides, rank, "strides")
        self.padding = windows.normalize_padding(padding)
        if self.padding == "causal" and not self._causal:
            raise ValueError("Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.")
        self.data_format = normalize_data_format(data_format)
        self.dilation_rate = windows.normalize_tuple(dilation_rate, rank, "dilation_rate")
        self.activation = tf.keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = tf.keras.initializers.get(kernel_initializer)
        self.bias_initializer = tf.keras.initializers.get(bias_initializer)
        self.kernel_regularizer = tf.keras.regularizers.get(kernel_regularizer)
        self.bias_regularizer = tf.keras.regularizers.get(bias_regularizer)
        self.kernel_constraint = tf.keras.constraints.get(kernel_constraint)
        self.bias_constraint = tf.keras.constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=rank + 2)

    # ---- making the weights

    def build(self, input_shape):
        """Makes the kernel and the bias for inputs of a shape."""
        for name in ("strides", "dilation_rate"):
            if min(getattr(self, name)) < 1:
                raise ValueError(f"all values of {name} must be positive")
        depth = self._input_depth(input_shape)
        self.kernel = self.add_weight(
            "kernel",
            shape=self._kernel_shape(depth),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self._build_bias(self.filters)
        self.built = True

    def _kernel_shape(self, depth):
        return (*self.kernel_size, depth, self.filters)

    def _input_depth(self, input_shape, where=""):
        """The number of channels, which the inputs must have from now on."""
        shape = tf.TensorShape(input_shape)
        depth = windows.channels(shape.as_list(), self.data_format)
        if depth is None:
            raise ValueError(
                f"The channel dimension of the inputs{where} should be defined. Found `None`."
            )
        axis = 1 if windows.is_first(self.data_format) else -1
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: depth})
        return depth

    def _build_bias(self, size):
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=(size,),
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )

    # ---- computing

    def call(self, inputs):
        """Convolves, adds the bias and applies the activation function."""
        self._check_channels(inputs)
        if self.padding == "causal":
            inputs = self._padded_before(inputs)
        self._check_fit(inputs, self.kernel, f"Conv{max(self.rank, 2)}D")
        outputs = tf.nn.convolution(
            inputs,
            self.kernel,
            strides=list(self.strides),
            padding=self._op_padding(),
            data_format=windows.op_format(self.data_format, self.rank),
            dilations=list(self.dilation_rate),
        )
        return self._finished(outputs)

    def _check_channels(self, inputs):
        if not inputs.dtype.is_floating:
            raise ValueError(
                f"Incompatible type conversion requested to type '{inputs.dtype.name}' for "
                f"variable of type '{self._compute_dtype}'"
            )
        depth, expected = windows.channels(inputs.shape, self.data_format), self.kernel.shape[-2]
        if depth != expected:
            raise ValueError(
                "number of input channels does not match corresponding dimension of filter, "
                f"{depth} != {expected}"
            )

    def _padded_before(self, inputs):
        """A sequence with zeros before it, so that no output sees what comes after."""
        zeros = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        pairs = [[0, 0], [0, 0], [0, 0]]
        pairs[2 if windows.is_first(self.data_format) else 1] = [zeros, 0]
        return tf.pad(inputs, pairs)

    def _op_padding(self):
        return "SAME" if self.padding == "same" else "VALID"

    def _check_fit(self, inputs, kernel, op):
        padding = "same" if self.padding == "same" else "valid"
        label = f"'{self.name}/{op}' (op: '{op}')"
        windows.check_fit(
            inputs, self.kernel_size, self.dilation_rate, padding, self.data_format, label, kernel
        )

    def _finished(self, outputs):
        """Adds the bias and applies the activation function."""
        if self.use_bias:
            outputs = tf.keras.backend.bias_add(outputs, self.bias, self.data_format)
        return outputs if self.activation is None else self.activation(outputs)

    # ---- what is known of it

    def compute_output_shape(self, input_shape):
        """``(batch, *places, filters)``, or the filters second for ``"channels_first"``."""
        dims = tf.TensorShape(input_shape).as_list()
        places = windows.output_lengths(
            windows.spatial(dims, self.data_format),
            self.kernel_size,
            self.padding,
            self.strides,
            self.dilation_rate,
        )
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
            "dilation_rate": self.dilation_rate,
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


class Conv1D(Conv):
    """Convolution of sequences.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the filters' length.
      strides: from one window to the next; not with a dilation.
      padding: ``"valid"``; ``"same"``, with zeros on both sides so that stride 1 keeps the length;
        or ``"causal"``, with zeros before the sequence only.
      data_format: ``"channels_last"`` or ``"channels_first"``.
      dilation_rate: the distance between the taps of a filter.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, new steps, filters)``; the
    channels come second for ``"channels_first"``. Weights: kernel
    ``(kernel_size, channels, filters)``, bias ``(filters,)``.

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
        data_format="channels_last",
        dilation_rate=1,
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
            1, filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


class Conv2D(Conv):
    """Convolution of images.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the filters' height and width; an int for both.
      strides: from one window to the next; not with a dilation.
      padding: ``"valid"``, or ``"same"``, with zeros around so that stride 1 keeps the size.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distances between the taps of a filter.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, filters)``; the channels come second for ``"channels_first"``.
    Weights: kernel ``(height, width, channels, filters)``, bias ``(filters,)``.

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
            2, filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


class Conv3D(Conv):
    """Convolution of volumes.

    Args:
      filters: how many filters, the output's channels.
      kernel_size: the filters' depth, height and width; an int for all three.
      strides: from one window to the next; not with a dilation.
      padding: ``"valid"``, or ``"same"``, with zeros around so that stride 1 keeps the size.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distances between the taps of a filter.
      activation: a name or function; none by default.
      use_bias: whether to add a bias.
      kernel_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, bias_regularizer, activity_regularizer: penalties on the weights and the
        outputs.
      kernel_constraint, bias_constraint: applied to the weights after each update.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with new sizes
    and the filters in place of the channels, which come second for ``"channels_first"``. Weights:
    kernel ``(depth, height, width, channels, filters)``, bias ``(filters,)``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1, 1),
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
            3, filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
            use_bias, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
            activity_regularizer, kernel_constraint, bias_constraint, **kwargs,
        )  # fmt: skip


Convolution1D = Conv1D
Convolution2D = Conv2D
Convolution3D = Conv3D
