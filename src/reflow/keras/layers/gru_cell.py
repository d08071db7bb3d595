"""The cell of the GRU layer."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers._recurrent.cell import KernelCell

__all__ = ["GRUCell"]


class GRUCell(KernelCell):
    """One step of a gated recurrent unit, with s the recurrent activation, f the other.

        z = s(inputs @ kernel_z + h @ recurrent_kernel_z + bias_z)
        r = s(inputs @ kernel_r + h @ recurrent_kernel_r + bias_r)
        k = f(inputs @ kernel_k + bias_k + r * (h @ recurrent_kernel_k + recurrent_bias_k))
        h = z * h + (1 - z) * k

    Without ``reset_after``, ``k = f(inputs @ kernel_k + bias_k + (r * h) @ recurrent_kernel_k)``.

    Args:
      units: the size of the state and the output.
      activation, recurrent_activation: names or functions.
      use_bias: whether to add a bias.
      kernel_initializer, recurrent_initializer, bias_initializer: of the weights' first values.
      kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties on them.
      kernel_constraint, recurrent_constraint, bias_constraint: applied after each update.
      dropout, recurrent_dropout: the fractions of inputs and states to drop in training.
      implementation: 1 to drop anew for each gate, 2 once for all.
      reset_after: whether the reset gate is applied after the product with the recurrent kernel.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, features)``; output and state ``(batch, units)``. Weights: kernel
    ``(features, 3 * units)``, recurrent_kernel ``(units, 3 * units)``, bias ``(2, 3 * units)``
    (for inputs and state), or ``(3 * units,)`` without ``reset_after``.
    """

    _gates = 3

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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=2,
        reset_after=True,
        **kwargs,
    ):
        options = dict(locals())
        super().__init__(**kwargs)
        self._start_cell(options)
        self.reset_after = reset_after

    @property
    def state_size(self):
        """The units of the state."""
        return self.units

    def _bias_shape(self):
        columns = 3 * self.units
        return (2, columns) if self.reset_after else (columns,)

    def call(self, inputs, states, training=None):
        """One time step; returns the output and the list of states."""
        h = states[0]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=3)
        state_masks = self.get_recurrent_dropout_mask_for_cell(h, training, count=3)
        by_gate = self.implementation == 1
        bias = self._bias_or_zeros()
        bias, recurrent_bias = tf.unstack(bias) if self.reset_after else (bias, None)
        xs = _products(inputs, self.kernel, masks, by_gate)
        xz, xr, xk = [x + b for x, b in zip(xs, tf.split(bias, 3), strict=True)]
        states = _dropped(h, state_masks, by_gate)
        kernels = tf.split(self.recurrent_kernel, 3, axis=1)
        hz, hr = tf.matmul(states[0], kernels[0]), tf.matmul(states[1], kernels[1])
        gate = self.recurrent_activation
        if self.reset_after:
            bz, br, bk = tf.split(recurrent_bias, 3)
            z, r = gate(xz + (hz + bz)), gate(xr + (hr + br))
            hk = r * (tf.matmul(states[2], kernels[2]) + bk)
        else:
            z, r = gate(xz + hz), gate(xr + hr)
            hk = tf.matmul(r * states[2], kernels[2])
        k = self.activation(xk + hk)
        h = z * h + (1 - z) * k
        return h, [h]


def _dropped(x, masks, by_gate):
    """``x`` for each gate: with a mask of its own, or the first for all."""
    if masks is None:
        return [x] * 3
    return [x * mask for mask in masks] if by_gate else [x * masks[0]] * 3


def _products(x, kernel, masks, by_gate):
    """``x`` times the kernel of each gate."""
    if not by_gate or masks is None:
        return tf.split(tf.matmul(_dropped(x, masks, False)[0], kernel), 3, axis=1)
    kernels = tf.split(kernel, 3, axis=1)
    return [tf.matmul(a, b) for a, b in zip(_dropped(x, masks, True), kernels, strict=True)]
