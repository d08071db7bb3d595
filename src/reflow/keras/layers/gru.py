"""The gated recurrent unit layer."""

from __future__ import annotations

import reflow as tf
from reflow.core.logging import warn
from reflow.keras.layers._recurrent.cell import of_cell
from reflow.keras.layers._recurrent.gru import gru
from reflow.keras.layers._recurrent.layer import GatedRNN
from reflow.keras.layers.gru_cell import GRUCell

__all__ = ["GRU"]


class GRU(GatedRNN):
    """Gated recurrent units (Cho et al. 2014); the formula is ``GRUCell``'s.

    Args:
      units: the size of the state and the output.
      activation, recurrent_activation: names or functions.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: penalties
        on the weights and the outputs.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training, as for
        ``LSTM``.
      implementation: how to drop, as for ``GRUCell``.
      return_sequences, return_state, go_backwards, stateful, unroll, time_major: as for ``RNN``.
      reset_after: whether the reset gate is applied after the product with the recurrent kernel.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, time, features)``; output shape ``(batch, units)``, or ``(batch, time,
    units)`` with ``return_sequences``. Weights: as for ``GRUCell``.
    """

    _mask_count = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=2,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        time_major=False,
        reset_after=True,
        **kwargs,
    ):
        if implementation == 0:
            warn(
                "`implementation=0` has been deprecated, and now defaults to `implementation=1`."
                "Please update your layer call."
            )
        cell = GRUCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            implementation=implementation,
            reset_after=reset_after,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
        )
        options = {
            "return_sequences": return_sequences,
            "return_state": return_state,
            "go_backwards": go_backwards,
            "stateful": stateful,
            "time_major": time_major,
            "unroll": unroll,
        }
        self._start_layer(cell, options, activity_regularizer, kwargs)

    def _dropout_as_one(self):
        return super()._dropout_as_one() and self.cell.reset_after

    def _fused(self, sequence, states, mask):
        cell = self.cell
        bias = cell._bias_or_zeros()
        after = cell.reset_after
        bias, recurrent_bias = tf.unstack(bias) if after else (bias, tf.zeros_like(bias))
        weights = cell.kernel, cell.recurrent_kernel, bias, recurrent_bias
        outputs = gru(sequence, *states, *weights, mask, after=after, **self._fusion())
        return outputs[:2]

    reset_after = of_cell("reset_after")
