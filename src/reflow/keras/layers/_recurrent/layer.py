"""What the SimpleRNN, LSTM and GRU layers have in common: the whole sequence runs as one op."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.tensor import tensor_from_numpy
from reflow.keras.backend import learning
from reflow.keras.backend.recurrence import check_mask, no_steps, time_first
from reflow.keras.layers._recurrent.cell import cell_config, of_cell
from reflow.keras.layers._recurrent.elementwise import name_of
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.rnn import RNN

_NO_MASK = tensor_from_numpy(np.zeros((0, 0, 0), np.bool_))


class KernelRNN(RNN):
    """A recurrent layer whose cell is one of ours."""

    def _start_layer(self, cell, options, activity_regularizer, kwargs):
        """Takes a cell and the options of ``RNN``."""
        super().__init__(cell, **options, **kwargs)
        self.activity_regularizer = tf.keras.regularizers.get(activity_regularizer)
        self.input_spec = [InputSpec(ndim=3)]

    def call(self, inputs, mask=None, training=None, initial_state=None):
        """Runs the sequence.

        Args:
          inputs: ``(batch, time, features)``.
          mask: ``(batch, time)``; where it is false, a step leaves everything as it was.
          training: whether dropout drops anything.
          initial_state: a list of tensors ``(batch, units)``; by default zeros, or what was kept.
        """
        return super().call(inputs, mask, training, initial_state)

    # ---- as one op

    def _dropout_as_one(self):
        """Whether inputs are dropped at each time step anew: TF's fast kernels do that."""
        return False

    def _run(self, inputs, initial_state, constants, mask, training):
        cell = self.cell
        if training is None:
            training = learning.learning_phase()
        dropping = training and cell.dropout > 0
        as_one = self._dropout_as_one()
        by_gate = dropping and not as_one and getattr(cell, "implementation", 2) == 1
        if self._fusion() is None or by_gate or (training and cell.recurrent_dropout > 0):
            return super()._run(inputs, initial_state, constants, mask, training)
        sequence = inputs if self.time_major else time_first(inputs)
        if sequence.shape[0] == 0:
            raise no_steps()
        if dropping:
            sequence = self._dropped(inputs, sequence, as_one, training)
        if mask is not None:
            mask = self._time_major(mask)
            check_mask(mask, sequence.shape[0])
        if self.go_backwards:
            sequence = tf.reverse(sequence, [0])
            mask = None if mask is None else tf.reverse(mask, [0])
        states, *last = self._fused(sequence, initial_state, _NO_MASK if mask is None else mask)
        outputs = self._outputs(states, last[0], initial_state, mask, as_one)
        return outputs, last

    def _dropped(self, inputs, sequence, as_one, training):
        """The time-major sequence with inputs dropped."""
        count = self._mask_count
        if not as_one:
            masks = self.cell.get_dropout_mask_for_cell(sequence[0], training, count)
            return sequence * (masks if count == 1 else masks[0])
        masks = self.cell.get_dropout_mask_for_cell(inputs, training, count)
        dropped = inputs * masks[0]
        return dropped if self.time_major else time_first(dropped)

    def _time_major(self, mask):
        """The mask as ``(time, batch, 1)``."""
        mask = tf.cast(mask, tf.bool)
        if mask.shape.rank == 2:
            mask = tf.expand_dims(mask, -1)
        return mask if self.time_major else time_first(mask)

    def _outputs(self, states, last, initial_state, mask, as_one):
        """The layer's output from the states; masked steps repeat the output before, or zeros."""
        zeros = self.zero_output_for_mask and not as_one
        if mask is not None and (zeros or self._starts_elsewhere(initial_state)):
            seen = mask if zeros else tf.cast(tf.cumsum(tf.cast(mask, tf.int32), 0), tf.bool)
            states = tf.where(seen, states, tf.zeros_like(states))
            last = states[-1]
        if not self.return_sequences:
            return last
        return states if self.time_major else time_first(states)

    def _starts_elsewhere(self, initial_state):
        """Whether the first states may be other than zeros, which outputs start from."""
        return initial_state is not self._zeros

    def get_initial_state(self, inputs):
        """Zero states for inputs, a list."""
        self.__dict__["_zeros"] = states = super().get_initial_state(inputs)
        return states

    def _starting_point(self, inputs, initial_state, constants):
        self.__dict__["_zeros"] = None
        found = super()._starting_point(inputs, initial_state, constants)
        zeros = self.__dict__["_zeros"]
        if zeros is not None:
            self.__dict__["_zeros"] = found[1]
        return found

    _zeros: Any = None
    _mask_count = 1

    def _fusion(self):
        """The static arguments of the op, or None if the activations need the cell's own code."""
        own = name_of(self.cell.activation)
        return None if own is None else {"activation": own}

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        del config["cell"]
        return {**config, **cell_config(self)}

    @classmethod
    def from_config(cls, config):
        """Makes a layer from the result of ``get_config``."""
        if config.get("implementation") == 0:
            config = {**config, "implementation": 1}
        return cls(**config)

    units = of_cell("units")
    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")


class GatedRNN(KernelRNN):
    """An LSTM or GRU layer."""

    def _dropout_as_one(self):
        # As TF's layers do where their fused kernels can take the options, on any device.
        cell = self.cell
        return (
            name_of(cell.activation) == "tanh"
            and name_of(cell.recurrent_activation) == "sigmoid"
            and cell.recurrent_dropout == 0
            and not self.unroll
            and cell.use_bias
        )

    def _fusion(self):
        names = name_of(self.cell.activation), name_of(self.cell.recurrent_activation)
        if None in names:
            return None
        return {"activation": names[0], "recurrent_activation": names[1]}

    def get_dropout_mask_for_cell(self, inputs, training, count=1):
        """The cell's masks for the inputs."""
        return self.cell.get_dropout_mask_for_cell(inputs, training, count)

    def get_recurrent_dropout_mask_for_cell(self, inputs, training, count=1):
        """The cell's masks for the states."""
        return self.cell.get_recurrent_dropout_mask_for_cell(inputs, training, count)

    def reset_dropout_mask(self):
        """Forgets the cell's masks for the inputs."""
        self.cell.reset_dropout_mask()

    def reset_recurrent_dropout_mask(self):
        """Forgets the cell's masks for the states."""
        self.cell.reset_recurrent_dropout_mask()

    recurrent_activation = of_cell("recurrent_activation")
    implementation = of_cell("implementation")
