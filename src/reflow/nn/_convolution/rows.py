"""Rows: the taps of one kernel row side by side, and a sum over the kernel's rows.

    y = sum over i of row_i(x) W_i       dW_i = row_i(x)^T dy

Copies less than columns by the kernel's height, and its products are larger than single taps'.
Two spatial axes.
"""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.nn._convolution.geometry import Geometry, contract, pad, rows_times


def _wide(x: Any, g: Geometry) -> Any:
    """The taps along the width side by side: ``(batch, padded height, output width, taps * c)``."""
    n, height, _, channels = x.shape
    step, dilation, count = g.strides[1], g.dilations[1], g.output[1]
    parts = []
    for j in range(g.kernel[1]):
        first = j * dilation
        last = first + (count - 1) * step + 1
        parts.append(lax.slice(x, (0, 0, first, 0), (n, height, last, channels), (1, 1, step, 1)))
    return jnp.concatenate(parts, axis=-1)


def _row(wide: Any, i: int, g: Geometry) -> Any:
    """The lines of ``_wide`` that row i of the kernel reads."""
    first = i * g.dilations[0]
    last = first + (g.output[0] - 1) * g.strides[0] + 1
    n, _, width, depth = wide.shape
    return lax.slice(wide, (0, first, 0, 0), (n, last, width, depth), (1, g.strides[0], 1, 1))


def forward(x: Any, w: Any, g: Geometry) -> Any:
    wide = _wide(pad(x, g), g)
    matrices = w.reshape(g.kernel[0], -1, w.shape[-1])
    return sum(rows_times(_row(wide, i, g), matrices[i]) for i in range(g.kernel[0]))


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    wide = _wide(pad(x, g), g)
    products = [contract(_row(wide, i, g), dy) for i in range(g.kernel[0])]
    return jnp.stack(products).reshape(*g.kernel, x.shape[-1], dy.shape[-1])


def kernel_gradient_by_image(x: Any, dy: Any, g: Geometry) -> Any:
    """The same, summed image by image in a loop: each image's rows stay in the cache."""

    def step(total: Any, pair: Any) -> Any:
        image, gradient = pair
        wide = _wide(image[None], g)
        parts = [contract(_row(wide, i, g), gradient) for i in range(g.kernel[0])]
        return total + jnp.stack(parts), None

    depth, filters = g.kernel[1] * x.shape[-1], dy.shape[-1]
    start = jnp.zeros((g.kernel[0], depth, filters), x.dtype)
    total, _ = lax.scan(step, start, (pad(x, g), dy))
    return total.reshape(*g.kernel, x.shape[-1], filters)
