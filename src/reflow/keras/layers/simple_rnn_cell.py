"""The cell of the simple recurrent layer."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers._recurrent.cell import KernelCell

__all__ = ["SimpleRNNCell"]


class SimpleRNNCell(KernelCell):
    """``h = activation(inputs @ kernel + states[0] @ recurrent_kernel + bias)``.

    Args:
      units: the size of the state and the output.
      activation: a name or function.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties on them.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, features)``; output and state ``(batch, units)``. Weights: kernel
    ``(features, units)``, recurrent_kernel ``(units, units)``, bias ``(units,)``.
    """

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
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
        options = dict(locals())
        super().__init__(**kwargs)
        self._start_cell(options)

    @property
    def state_size(self):
        """The units of the state."""
        return self.units

    def call(self, inputs, states, training=None):
        """One time step; returns the output and the list of states."""
        before = states[0]
        mask = self.get_dropout_mask_for_cell(inputs, training)
        state_mask = self.get_recurrent_dropout_mask_for_cell(before, training)
        h = tf.matmul(inputs if mask is None else inputs * mask, self.kernel)
        if self.bias is not None:
            h = tf.nn.bias_add(h, self.bias)
        before = before if state_mask is None else before * state_mask
        output = h + tf.matmul(before, self.recurrent_kernel)
        if self.activation is not None:
            output = self.activation(output)
        return output, [output]
