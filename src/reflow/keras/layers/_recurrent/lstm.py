"""The LSTM recurrence as one op."""

from __future__ import annotations

from functools import partial
from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive
from reflow.keras.layers._recurrent import parts
from reflow.keras.layers._recurrent.elementwise import ACTIVATIONS


def _forward(x, h0, c0, kernel, recurrent, bias, mask, *, activation, recurrent_activation):
    """Gates in the order of the kernel's columns, with s the recurrent activation, f the other.

        z = x[t] @ kernel + h[t-1] @ recurrent + bias
        i, f, k, o = s(zi), s(zf), f(zk), s(zo)
        c[t] = f * c[t-1] + i * k
        h[t] = o * f(c[t])

    Kept for the way back: i, f, k, o; f(c[t]); c[t].
    """
    function, _ = ACTIVATIONS[activation]
    gate, _ = ACTIVATIONS[recurrent_activation]
    projected = parts.project(x, kernel, bias)
    masks = parts.given(mask)
    units = recurrent.shape[0]

    def step(state, row):
        h, c = state
        z, m = row
        z = z + h @ recurrent
        i, f = gate(z[:, :units]), gate(z[:, units : 2 * units])
        k, o = function(z[:, 2 * units : 3 * units]), gate(z[:, 3 * units :])
        new_c = f * c + i * k
        bent = function(new_c)
        h, c = parts.hold(m, o * bent, h), parts.hold(m, new_c, c)
        return (h, c), (h, i, f, k, o, bent, c)

    last, (states, *kept) = lax.scan(step, (h0, c0), (projected, masks), unroll=parts.UNROLL)
    return (states, *last, *kept)


def _backward(inputs, outputs, cotangents, *, activation, recurrent_activation):
    d_states, d_last, d_cell, *d_kept = cotangents
    if any(cotangent is not None for cotangent in d_kept):
        names = {"activation": activation, "recurrent_activation": recurrent_activation}
        return parts.pull_through(partial(_forward, **names), inputs, outputs, cotangents)
    x, h0, c0, kernel, recurrent, _, mask = inputs
    states, _, _, *gates, cells = outputs
    _, slope = ACTIVATIONS[activation]
    _, gate_slope = ACTIVATIONS[recurrent_activation]
    masks = parts.given(mask)
    transposed = recurrent.T

    def step(state, row):
        dh, dc = state
        dy, (i, f, k, o, bent), before, m = row
        if dy is not None:
            dh = dh + dy
        to_cell = dc + dh * o * slope(bent)
        dz = jnp.concatenate(
            [
                to_cell * k * gate_slope(i),
                to_cell * before * gate_slope(f),
                to_cell * i * slope(k),
                dh * bent * gate_slope(o),
            ],
            1,
        )
        if m is None:
            return (dz @ transposed, to_cell * f), dz
        dz = jnp.where(m, dz, 0)
        dh = dz @ transposed + jnp.where(m, 0, dh)
        return (dh, jnp.where(m, to_cell * f, dc)), dz

    start = parts.arrived(d_last, h0), parts.arrived(d_cell, c0)
    rows = (d_states, tuple(gates), parts.steps_before(c0, cells), masks)
    (dh0, dc0), dz = lax.scan(step, start, rows, reverse=True, unroll=parts.UNROLL)
    dx, d_kernel, d_bias = parts.by_weights(x, kernel, dz)
    d_recurrent = parts.by_recurrent(parts.steps_before(h0, states), dz)
    return dx, dh0, dc0, d_kernel, d_recurrent, d_bias, None


lstm: Any = Primitive(
    _forward,
    "MatMul",
    same=(0, 1, 2, 3, 4, 5),
    rule=parts.rule("LSTM", 4, (1,) * 6, 2),
    pull=_backward,
    keeps=(0, 3, 4, 5, 6, 7, 8),
)
"""``lstm(x, h0, c0, kernel, recurrent, bias, mask, activation=, recurrent_activation=)`` returns
the states after every step, the last state, the last cell state, and what is kept."""
