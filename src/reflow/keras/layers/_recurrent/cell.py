"""What the simple, LSTM and GRU cells have in common: kernels, a bias, and their options."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.layers._recurrent.dropout_masks import DropoutMasks
from reflow.keras.layers.layer import Layer


class KernelCell(DropoutMasks, Layer):
    """A cell with a kernel for the inputs, one for the state, and a bias.

    Attributes:
      _gates: the kernels' columns by the number of units.
    """

    _gates = 1

    def _start_cell(self, options: dict[str, Any]) -> None:
        """Takes the constructor's arguments by name."""
        get = options.get
        self.units = get("units")
        self.activation = tf.keras.activations.get(get("activation"))
        if "recurrent_activation" in options:
            self.recurrent_activation = tf.keras.activations.get(get("recurrent_activation"))
        self.use_bias = get("use_bias")
        for part in ("kernel", "recurrent", "bias"):
            initializer = tf.keras.initializers.get(get(f"{part}_initializer"))
            setattr(self, f"{part}_initializer", initializer)
            regularizer = tf.keras.regularizers.get(get(f"{part}_regularizer"))
            setattr(self, f"{part}_regularizer", regularizer)
            constraint = tf.keras.constraints.get(get(f"{part}_constraint"))
            setattr(self, f"{part}_constraint", constraint)
        self._start_masks(get("dropout"), get("recurrent_dropout"))
        if "implementation" in options:
            # As in TF, states are dropped anew for each gate, whatever was asked for.
            self.implementation = 1 if self.recurrent_dropout else get("implementation")

    def build(self, input_shape):
        """Makes the kernels and the bias for inputs ``(batch, features)``."""
        features = tf.TensorShape(input_shape).as_list()[-1]
        if features is None:
            raise TypeError(
                f"{self.name}: the last dimension of the inputs must be known to make the kernel, "
                f"got shape {tuple(input_shape)}"
            )
        columns = self._gates * self.units
        self.kernel = self.add_weight(
            "kernel",
            shape=(features, columns),
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel",
            shape=(self.units, columns),
            initializer=self.recurrent_initializer,
            regularizer=self.recurrent_regularizer,
            constraint=self.recurrent_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=self._bias_shape(),
                initializer=self._first_bias(),
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
        self.built = True

    def _bias_shape(self):
        return (self._gates * self.units,)

    def _first_bias(self):
        return self.bias_initializer

    def _bias_or_zeros(self):
        """The bias; zeros if there is none."""
        if self.bias is not None:
            return self.bias
        return tf.zeros(self._bias_shape(), self._compute_dtype)

    @property
    def output_size(self):
        """The units of the output."""
        return self.units

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Zeros, for the batch size and type of inputs or for those given."""
        from reflow.keras.layers.rnn import zero_states

        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return zero_states(self.state_size, batch_size, dtype)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), **cell_config(self)}


_ORDER = (
    "units", "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate",
    "activation", "recurrent_activation", "use_bias", "kernel_initializer",
    "recurrent_initializer", "bias_initializer", "unit_forget_bias", "kernel_regularizer",
    "recurrent_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
    "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout", "implementation",
    "reset_after",
)  # fmt: skip


def cell_config(owner: Any) -> dict[str, Any]:
    """The arguments of a cell, or of the layer around one."""
    config = {}
    for name in _ORDER:
        if not hasattr(type(owner), name) and name not in owner.__dict__:
            continue
        if name == "activity_regularizer" and isinstance(owner, DropoutMasks):
            continue
        value = getattr(owner, name)
        if name.endswith("activation"):
            value = tf.keras.activations.serialize(value)
        elif name.endswith("initializer"):
            value = tf.keras.initializers.serialize(value)
        elif name.endswith("regularizer"):
            value = tf.keras.regularizers.serialize(value)
        elif name.endswith("constraint"):
            value = tf.keras.constraints.serialize(value)
        config[name] = value
    return config


def of_cell(name: str) -> property:
    """A property of a layer that is its cell's."""
    return property(lambda layer: getattr(layer.cell, name), doc=f"The cell's ``{name}``.")
