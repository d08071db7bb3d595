"""``tf.keras.experimental.PeepholeLSTMCell``: an LSTM whose gates see the cell state."""

from __future__ import annotations

from reflow.keras.layers.lstm_cell import LSTMCell

__all__ = ["PeepholeLSTMCell"]


class PeepholeLSTMCell(LSTMCell):
    """One step of an LSTM with peepholes: its gates see the cell state too.

        zi, zf, zk, zo = split(inputs @ kernel + h @ recurrent_kernel + bias)
        new = s(zf + c * pf) * c + s(zi + c * pi) * f(zk)
        h = s(zo + new * po) * f(new)

    Args:
      units: the size of the states and the output.
      activation, recurrent_activation: names or functions, f and s.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values; the
        peepholes' are the kernel's.
      unit_forget_bias: whether the forget gate's bias starts at one.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties on them.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training.
      implementation: 1 to drop anew for each gate, 2 once for all.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, features)``; the output and the states h, c ``(batch, units)``. Besides an
    ``LSTMCell``'s weights there are three peepholes ``(units,)``.
    """

    def __init__(
        self,
        units,
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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        **kwargs,
    ):
        options = dict(locals())
        for name in ("self", "kwargs", "__class__"):
            options.pop(name, None)
        super().__init__(**options, **kwargs)

    def build(self, input_shape):
        """Makes the weights."""
        super().build(input_shape)
        for gate in ("input", "forget", "output"):
            name = f"{gate}_gate_peephole_weights"
            initializer = self.kernel_initializer
            setattr(self, name, self.add_weight(name, shape=(self.units,), initializer=initializer))

    def _next_state(self, parts, c):
        zi, zf, zk, zo = parts
        gate = self.recurrent_activation
        i = gate(zi + c * self.input_gate_peephole_weights)
        f = gate(zf + c * self.forget_gate_peephole_weights)
        c = f * c + i * self.activation(zk)
        return gate(zo + c * self.output_gate_peephole_weights) * self.activation(c), c
