"""Depthwise convolution on the CPU: a sum over the taps of elementwise products.

    y[n, p, c, m] = sum over t of x[n, stride p + dilation t, c] w[t, c, m]

XLA makes one loop of it, which is many times faster than its grouped convolution. The adjoints have
the same form; they take one of a channel's own filters (of which there are m, often 1) after the
other, because XLA does not vectorize a sum over so short a last axis. Arrays are
``(batch, *spatial, channels, m)``.
"""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.nn._convolution.geometry import Geometry, pad, tap, taps


def forward(x: Any, w: Any, g: Geometry) -> Any:
    padded = pad(x, g)
    return sum(tap(padded, at, g)[..., None] * w[at] for at in taps(g))


def input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    config = [(0, 0, 0)]
    for size, kernel, count, stride, dilation, (before, _) in zip(
        g.input, g.kernel, g.output, g.strides, g.dilations, g.pads, strict=True
    ):
        reach = (kernel - 1) * dilation
        length = (count - 1) * stride + 1 if count else 0
        first = reach - before
        config.append((first, size + reach - first - length, stride - 1))
    spread = lax.pad(dy, jnp.zeros((), dy.dtype), [*config, (0, 0, 0), (0, 0, 0)])
    dx = 0
    for at in taps(g):
        starts = [(k - 1 - t) * d for k, t, d in zip(g.kernel, at, g.dilations, strict=True)]
        ends = [start + size for start, size in zip(starts, g.input, strict=True)]
        for j in range(dy.shape[-1]):
            seen = lax.slice(spread[..., j], (0, *starts, 0), (dy.shape[0], *ends, dy.shape[-2]))
            dx = dx + seen * w[at][:, j]
    return dx


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    padded = pad(x, g)
    axes = tuple(range(g.rank + 1))
    filters = []
    for j in range(dy.shape[-1]):
        products = [(tap(padded, at, g) * dy[..., j]).sum(axes) for at in taps(g)]
        filters.append(jnp.stack(products).reshape(*g.kernel, dy.shape[-2]))
    return jnp.stack(filters, axis=-1)
