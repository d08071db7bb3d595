"""The simple recurrence as one op."""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive
from reflow.keras.layers._recurrent import parts
from reflow.keras.layers._recurrent.elementwise import ACTIVATIONS


def _forward(x, h0, kernel, recurrent, bias, mask, *, activation):
    """``h[t] = f(x[t] @ kernel + h[t-1] @ recurrent + bias)``."""
    function, _ = ACTIVATIONS[activation]
    projected = parts.project(x, kernel, bias)
    masks = parts.given(mask)

    def step(h, row):
        z, m = row
        h = parts.hold(m, function(z + h @ recurrent), h)
        return h, h

    last, states = lax.scan(step, h0, (projected, masks), unroll=parts.UNROLL)
    return states, last


def _backward(inputs, outputs, cotangents, *, activation):
    x, h0, kernel, recurrent, _, mask = inputs
    states, _ = outputs
    d_states, d_last = cotangents
    _, derivative = ACTIVATIONS[activation]
    masks = parts.given(mask)
    transposed = recurrent.T

    def step(dh, row):
        dy, slope, m = row
        if dy is not None:
            dh = dh + dy
        dz = dh * slope
        if m is None:
            return dz @ transposed, dz
        dz = jnp.where(m, dz, 0)
        return dz @ transposed + jnp.where(m, 0, dh), dz

    rows = (d_states, derivative(states), masks)
    start = parts.arrived(d_last, h0)
    dh0, dz = lax.scan(step, start, rows, reverse=True, unroll=parts.UNROLL)
    dx, d_kernel, d_bias = parts.by_weights(x, kernel, dz)
    d_recurrent = parts.by_recurrent(parts.steps_before(h0, states), dz)
    return dx, dh0, d_kernel, d_recurrent, d_bias, None


simple_rnn: Any = Primitive(
    _forward,
    "MatMul",
    same=(0, 1, 2, 3, 4),
    rule=parts.rule("SimpleRNN", 1, (), 1),
    pull=_backward,
    keeps=(0,),
)
"""``simple_rnn(x, h0, kernel, recurrent, bias, mask, activation=) -> states, last``."""
