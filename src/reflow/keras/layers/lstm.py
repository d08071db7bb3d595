"""The long short-term memory layer."""

from __future__ import annotations

from reflow.core.logging import warn
from reflow.keras.layers._recurrent.cell import of_cell
from reflow.keras.layers._recurrent.layer import GatedRNN
from reflow.keras.layers._recurrent.lstm import lstm
from reflow.keras.layers.lstm_cell import LSTMCell

__all__ = ["LSTM"]


class LSTM(GatedRNN):
    """A long short-term memory (Hochreiter and Schmidhuber 1997); the formula is ``LSTMCell``'s.

    Args:
      units: the size of the states and the output.
      activation, recurrent_activation: names or functions.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      unit_forget_bias: whether the forget gate's bias starts at one.
      kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: penalties
        on the weights and the outputs.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout: the fraction of inputs to drop in training, at each time step anew; where another
        option keeps TF's fast kernels from being used (``recurrent_dropout``, ``unroll``, other
        activations, no bias), the same ones at every step.
      recurrent_dropout: the fraction of states to drop in training, the same at every step.
      implementation: how to drop, as for ``LSTMCell``.
      return_sequences, return_state, go_backwards, stateful, time_major, unroll: as for ``RNN``.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, time, features)``; output shape ``(batch, units)``, or ``(batch, time,
    units)`` with ``return_sequences``. Weights: as for ``LSTMCell``.
    """

    _mask_count = 4

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
        time_major=False,
        unroll=False,
        **kwargs,
    ):
        if implementation == 0:
            warn(
                "`implementation=0` has been deprecated, and now defaults to `implementation=1`."
                "Please update your layer call."
            )
        cell = LSTMCell(
            units,
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
            implementation=implementation,
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

    def _fused(self, sequence, states, mask):
        cell = self.cell
        weights = cell.kernel, cell.recurrent_kernel, cell._bias_or_zeros()
        outputs = lstm(sequence, *states, *weights, mask, **self._fusion())
        return outputs[:3]

    unit_forget_bias = of_cell("unit_forget_bias")
