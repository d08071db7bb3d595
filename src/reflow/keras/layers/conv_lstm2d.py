"""The convolutional LSTM layer."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.layers._recurrent.cell import cell_config, of_cell
from reflow.keras.layers._recurrent.conv_lstm_cell import ConvLSTM2DCell
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.rnn import RNN

__all__ = ["ConvLSTM2D"]

_NO_BATCH_SIZE = (
    "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input "
    "tensors: \n- If using a Sequential model, specify the batch size by passing a "
    "`batch_input_shape` argument to your first layer.\n- If using the functional API, specify the "
    "time dimension by passing a `batch_shape` argument to your Input layer.\nThe same thing goes "
    "for the number of rows and columns."
)


class ConvLSTM2D(RNN):
    """A convolutional LSTM (Shi et al. 2015): its products with the kernels are convolutions.

        zi, zf, zk, zo = split(conv(x, kernel) + bias + conv(h, recurrent_kernel))
        c = s(zf) * c + s(zi) * f(zk)
        h = s(zo) * f(c)

    with s the recurrent activation, f the other.

    Args:
      filters: the number of channels of the state and the output.
      kernel_size, strides, dilation_rate: an int, or one for rows and one for columns; the
        convolution of states has the kernel's size only.
      padding: ``"valid"`` or ``"same"``, of the convolution of inputs.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      activation, recurrent_activation: names or functions.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      unit_forget_bias: whether the forget gate's bias starts at one.
      kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: penalties
        on the weights and the outputs.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      return_sequences, go_backwards, stateful: as for ``RNN``.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training.
      **kwargs: ``return_state``, as for ``RNN``; the others as for ``Layer``.

    Input shape ``(batch, time, rows, columns, channels)``; output shape ``(batch, new rows, new
    columns, filters)``, or with the time after the batch if ``return_sequences``. Weights: kernel
    ``(*kernel_size, channels, 4 * filters)``, recurrent_kernel ``(*kernel_size, filters, 4 *
    filters)``, bias ``(4 * filters,)``.

    Raises:
      TypeError: if ``unroll`` is asked for.
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
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        return_sequences=False,
        go_backwards=False,
        stateful=False,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        if kwargs.get("unroll"):
            raise TypeError("Unrolling isn't possible with convolutional RNNs.")
        cell = ConvLSTM2DCell(
            filters,
            kernel_size,
            strides=strides,
            padding=padding,
            data_format=data_format,
            dilation_rate=dilation_rate,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            dtype=kwargs.get("dtype"),
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            go_backwards=go_backwards,
            stateful=stateful,
            **kwargs,
        )
        self.activity_regularizer = tf.keras.regularizers.get(activity_regularizer)
        self.input_spec = [InputSpec(ndim=5)]

    def call(self, inputs, mask=None, training=None, initial_state=None):
        """Runs the sequence.

        Args:
          inputs: ``(batch, time, rows, columns, channels)``.
          mask: ``(batch, time)``; where it is false, a step leaves everything as it was.
          training: whether dropout drops anything.
          initial_state: a list of two tensors like the output; by default zeros, or what was kept.
        """
        return super().call(inputs, mask, training, initial_state)

    # ---- shapes and states

    def _image_shape(self, sequence):
        sizes = tf.TensorShape(sequence).as_list()
        return (sizes[0], *sizes[2:])

    def get_initial_state(self, inputs):
        """Two zero states for inputs, a list."""
        cell = self.cell
        images = tf.zeros_like(inputs[:, 0])
        depth = windows.channels(images.shape, cell.data_format)
        kernel = tf.zeros((*cell.kernel_size, depth, cell.filters), images.dtype)
        return [tf.zeros_like(cell.input_conv(images, kernel))] * 2

    def _zero_states(self, batch):
        """The first states of a stateful layer."""
        spec = tf.nest.flatten(self.input_spec)[0]
        shape = self.cell.state_shape(self._image_shape(spec.shape))
        if not shape.is_fully_defined():
            raise ValueError(_NO_BATCH_SIZE)
        return [tf.zeros(shape, self._compute_dtype)] * 2

    def reset_states(self, states=None):
        """Sets the states of a stateful layer, as in ``RNN``."""
        spec = tf.nest.flatten(self.input_spec)[0]
        if self.stateful and (spec.shape is None or spec.shape[0] is None):
            raise ValueError(_NO_BATCH_SIZE)
        super().reset_states(states)

    def _make_state_spec(self, sizes):
        places = (None, None)
        return [
            InputSpec(shape=tuple(windows.shape(None, places, size, self.data_format).as_list()))
            for size in sizes
        ]

    def _states_fit(self, sizes):
        depths = [windows.channels(spec.shape, self.data_format) for spec in self.state_spec]
        return depths == list(sizes)

    def compute_output_shape(self, input_shape):
        """The shape of the outputs, and of the states with ``return_state``."""
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        sequence = tf.TensorShape(input_shape).as_list()
        state = self.cell.state_shape(self._image_shape(sequence))
        output = state
        if self.return_sequences:
            output = tf.TensorShape([state[0], sequence[1], *state.as_list()[1:]])
        return [output, state, state] if self.return_state else output

    # ---- configs

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        del config["cell"]
        return {**config, **cell_config(self)}

    @classmethod
    def from_config(cls, config):
        """Makes a layer from the result of ``get_config``."""
        return cls(**config)

    filters = of_cell("filters")
    kernel_size = of_cell("kernel_size")
    strides = of_cell("strides")
    padding = of_cell("padding")
    data_format = of_cell("data_format")
    dilation_rate = of_cell("dilation_rate")
    activation = of_cell("activation")
    recurrent_activation = of_cell("recurrent_activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    unit_forget_bias = of_cell("unit_forget_bias")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")
