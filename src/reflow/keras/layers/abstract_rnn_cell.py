"""The base class of user-written recurrent cells."""

from __future__ import annotations

from reflow.keras.layers.layer import Layer

__all__ = ["AbstractRNNCell"]


class AbstractRNNCell(Layer):
    """A layer that computes one time step, for subclasses.

    They have ``call``, ``state_size`` and ``output_size``.

    Example::

        class Accumulate(tf.keras.layers.AbstractRNNCell):
            state_size = output_size = 3

            def call(self, inputs, states):
                total = states[0] + inputs
                return total, [total]

        outputs = tf.keras.layers.RNN(Accumulate())(tf.ones([2, 5, 3]))
    """

    def call(self, inputs, states):
        """One time step: returns the output and the list of new states."""
        raise NotImplementedError("Abstract method")

    @property
    def state_size(self):
        """The units of the state, or a list of such."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        """The units of the output."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Zero states in the structure of ``state_size``."""
        from reflow.keras.layers.rnn import zero_states

        if inputs is not None:
            batch_size, dtype = inputs.shape[0], inputs.dtype
        return zero_states(self.state_size, batch_size, dtype)
