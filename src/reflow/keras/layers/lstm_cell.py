"""The cell of the LSTM layer."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers._recurrent.cell import KernelCell

__all__ = ["LSTMCell"]


class LSTMCell(KernelCell):
    """One step of a long short-term memory, with s the recurrent activation, f the other.

        zi, zf, zk, zo = split(inputs @ kernel + h @ recurrent_kernel + bias)
        c = s(zf) * c + s(zi) * f(zk)
        h = s(zo) * f(c)

    Args:
      units: the size of the states and the output.
      activation, recurrent_activation: names or functions.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      unit_forget_bias: whether the forget gate's bias starts at one.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties on them.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training.
      implementation: 1 to drop anew for each gate, 2 once for all.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, features)``; the output and the states h, c ``(batch, units)``. Weights:
    kernel ``(features, 4 * units)``, recurrent_kernel ``(units, 4 * units)``, bias ``(4 *
    units,)``.
    """

    _gates = 4

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
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
        implementation=2,
        **kwargs,
    ):
        options = dict(locals())
        super().__init__(**kwargs)
        self.unit_forget_bias = unit_forget_bias
        self._start_cell(options)

    @property
    def state_size(self):
        """The units of h and c."""
        return [self.units, self.units]

    def _first_bias(self):
        if not self.unit_forget_bias:
            return self.bias_initializer
        units, initializer = self.units, self.bias_initializer

        def ones_for_the_forget_gate(shape, dtype=None):
            ones = tf.ones((units,), dtype)
            parts = [
                initializer((units,), dtype=dtype),
                ones,
                initializer((units * 2,), dtype=dtype),
            ]
            return tf.concat(parts, 0)

        return ones_for_the_forget_gate

    def call(self, inputs, states, training=None):
        """One time step; returns the output and the list of states."""
        h, c = states[0], states[1]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=4)
        if self.implementation == 1:
            parts = self._by_gate(inputs, h, masks, state_masks)
        else:
            x = inputs if masks is None else inputs * masks[0]
            before = h if state_masks is None else h * state_masks[0]
            z = tf.matmul(x, self.kernel) + tf.matmul(before, self.recurrent_kernel)
            if self.bias is not None:
                z = tf.nn.bias_add(z, self.bias)
            parts = tf.split(z, 4, axis=1)
        h, c = self._next_state(parts, c)
        return h, [h, c]

    def _next_state(self, parts, c):
        """The states h and c, from the sums before the activations."""
        zi, zf, zk, zo = parts
        gate = self.recurrent_activation
        c = gate(zf) * c + gate(zi) * self.activation(zk)
        return gate(zo) * self.activation(c), c

    def _by_gate(self, inputs, h, masks, state_masks):
        """The sums before the activations, with the inputs dropped anew for each gate."""
        kernels = tf.split(self.kernel, 4, axis=1)
        recurrent = tf.split(self.recurrent_kernel, 4, axis=1)
        biases = [None] * 4 if self.bias is None else tf.split(self.bias, 4)
        sums = []
        for gate in range(4):
            x = inputs if masks is None else inputs * masks[gate]
            before = h if state_masks is None else h * state_masks[gate]
            z = tf.matmul(x, kernels[gate])
            z = z if biases[gate] is None else tf.nn.bias_add(z, biases[gate])
            sums.append(z + tf.matmul(before, recurrent[gate]))
        return sums
