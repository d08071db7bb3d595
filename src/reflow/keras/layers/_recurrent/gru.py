"""The GRU recurrence as one op, in its two forms."""

from __future__ import annotations

from functools import partial
from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive
from reflow.keras.layers._recurrent import parts
from reflow.keras.layers._recurrent.elementwise import ACTIVATIONS


def _forward(
    x, h0, kernel, recurrent, bias, recurrent_bias, mask, *, activation, recurrent_activation, after
):
    """Gates in the order of the kernel's columns, with s the recurrent activation, f the other.

        z, r = s(xz + hz), s(xr + hr)   where x* = x[t] @ kernel + bias, h* = h[t-1] @ recurrent
        k = f(xk + r * hk)              if the reset gate is applied after the product,
        k = f(xk + (r * h[t-1]) @ recurrent_k)                              or before it
        h[t] = z * h[t-1] + (1 - z) * k

    Applied after, the product has a bias of its own, ``recurrent_bias``. Kept for the way back:
    z, r, k and hk.
    """
    function, _ = ACTIVATIONS[activation]
    gate, _ = ACTIVATIONS[recurrent_activation]
    projected = parts.project(x, kernel, bias)
    masks = parts.given(mask)
    units = recurrent.shape[0]
    gates, candidate = recurrent[:, : 2 * units], recurrent[:, 2 * units :]

    def step(h, row):
        xs, m = row
        if after:
            hs = h @ recurrent + recurrent_bias
        else:
            hs = h @ gates
        z = gate(xs[:, :units] + hs[:, :units])
        r = gate(xs[:, units : 2 * units] + hs[:, units : 2 * units])
        if after:
            hk = hs[:, 2 * units :]
            k = function(xs[:, 2 * units :] + r * hk)
        else:
            hk = r * h
            k = function(xs[:, 2 * units :] + hk @ candidate)
        h = parts.hold(m, z * h + (1 - z) * k, h)
        return h, (h, z, r, k, hk)

    last, (states, *kept) = lax.scan(step, h0, (projected, masks), unroll=parts.UNROLL)
    return (states, last, *kept)


def _backward(inputs, outputs, cotangents, *, activation, recurrent_activation, after):
    d_states, d_last, *d_kept = cotangents
    if any(cotangent is not None for cotangent in d_kept):
        fn = partial(
            _forward, activation=activation, recurrent_activation=recurrent_activation, after=after
        )
        return parts.pull_through(fn, inputs, outputs, cotangents)
    x, h0, kernel, recurrent, _, _, mask = inputs
    states, _, *gates = outputs
    _, slope = ACTIVATIONS[activation]
    _, gate_slope = ACTIVATIONS[recurrent_activation]
    masks = parts.given(mask)
    units = recurrent.shape[0]
    transposed = recurrent.T
    to_gates, to_candidate = transposed[: 2 * units], transposed[2 * units :]

    def step(dh, row):
        dy, (z, r, k, hk), before, m = row
        if dy is not None:
            dh = dh + dy
        da = dh if m is None else jnp.where(m, dh, 0)
        dz = da * (before - k) * gate_slope(z)
        dk = da * (1 - z) * slope(k)
        if after:
            dr = dk * hk * gate_slope(r)
            to_h = jnp.concatenate([dz, dr, dk * r], 1)
            d_before = to_h @ transposed
        else:
            d_reset = dk @ to_candidate
            dr = d_reset * before * gate_slope(r)
            to_h = jnp.concatenate([dz, dr], 1)
            d_before = to_h @ to_gates + d_reset * r
        held = dh * z if m is None else jnp.where(m, dh * z, dh)
        return d_before + held, (jnp.concatenate([dz, dr, dk], 1), to_h)

    before = parts.steps_before(h0, states)
    rows = (d_states, tuple(gates), before, masks)
    start = parts.arrived(d_last, h0)
    dh0, (dz, to_h) = lax.scan(step, start, rows, reverse=True, unroll=parts.UNROLL)
    dx, d_kernel, d_bias = parts.by_weights(x, kernel, dz)
    d_recurrent = parts.by_recurrent(before, to_h)
    if after:
        d_recurrent_bias = jnp.sum(to_h, (0, 1))
    else:
        by_candidate = parts.by_recurrent(gates[3], dz[:, :, 2 * units :])
        d_recurrent = jnp.concatenate([d_recurrent, by_candidate], 1)
        d_recurrent_bias = None
    return dx, dh0, d_kernel, d_recurrent, d_bias, d_recurrent_bias, None


gru: Any = Primitive(
    _forward,
    "MatMul",
    same=(0, 1, 2, 3, 4, 5),
    rule=parts.rule("GRU", 3, (1,) * 4, 1),
    pull=_backward,
    keeps=(0, 2, 3, 4, 5),
)
"""``gru(x, h0, kernel, recurrent, bias, recurrent_bias, mask, activation=, recurrent_activation=,
after=)`` returns the states after every step, the last state, and what is kept."""
