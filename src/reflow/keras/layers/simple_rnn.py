"""The simple recurrent layer."""

from __future__ import annotations

from reflow.core.logging import warn
from reflow.keras.layers._recurrent.layer import KernelRNN
from reflow.keras.layers._recurrent.simple import simple_rnn
from reflow.keras.layers.simple_rnn_cell import SimpleRNNCell

__all__ = ["SimpleRNN"]


class SimpleRNN(KernelRNN):
    """``h[t] = activation(inputs[t] @ kernel + h[t-1] @ recurrent_kernel + bias)``.

    Args:
      units: the size of the state and the output.
      activation: a name or function.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, recurrent_regularizer, bias_regularizer, activity_regularizer: penalties
        on the weights and the outputs.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training; the same
        ones at every time step.
      return_sequences, return_state, go_backwards, stateful, unroll: as for ``RNN``.
      **kwargs: ``time_major`` and what ``Layer`` takes.

    Input shape ``(batch, time, features)``; output shape ``(batch, units)``, or ``(batch, time,
    units)`` with ``return_sequences``. Weights: as for ``SimpleRNNCell``.
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
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        if "implementation" in kwargs:
            kwargs.pop("implementation")
            warn(
                "The `implementation` argument in `SimpleRNN` has been deprecated. Please remove "
                "it from your layer call."
            )
        cell = SimpleRNNCell(
            units,
            activation=activation,
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
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
        )
        options = {
            "return_sequences": return_sequences,
            "return_state": return_state,
            "go_backwards": go_backwards,
            "stateful": stateful,
            "unroll": unroll,
        }
        self._start_layer(cell, options, activity_regularizer, kwargs)

    def _fused(self, sequence, states, mask):
        cell = self.cell
        bias = cell._bias_or_zeros()
        weights = cell.kernel, cell.recurrent_kernel, bias
        return simple_rnn(sequence, *states, *weights, mask, **self._fusion())
