"""Several outputs along the width from one row of columns, for inputs of few channels.

``tile`` windows that lie side by side share most of their inputs. Their joint inputs, a row of
``(tile - 1) * stride + kernel`` positions, times a banded (Toeplitz) matrix that has the kernel
once for each of the windows, give all ``tile * filters`` outputs: a larger product than columns
with 3 channels have, bought with multiplications by the band's zeros. Two spatial axes, no
dilation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.lazy import jnp
from reflow.nn._convolution.geometry import Geometry, contract, pad, rows_times


def _length(tile: int, g: Geometry) -> int:
    return (tile - 1) * g.strides[1] + g.kernel[1]


def _columns(x: Any, tile: int, g: Geometry) -> Any:
    """``(batch, output height, tiles, kernel height * length * channels)``."""
    n, (height, width) = x.shape[0], g.output
    stride, length = g.strides[1], _length(tile, g)
    count = -(-width // tile)
    x = pad(x, g)
    missing = (count - 1) * tile * stride + length - x.shape[2]
    if missing > 0:
        x = jnp.pad(x, ((0, 0), (0, 0), (0, missing), (0, 0)))
    starts = [i * tile * stride for i in range(count)]
    tiles = jnp.stack([x[:, :, start : start + length] for start in starts], axis=2)
    tiles = tiles.reshape(n, x.shape[1], count, -1)
    step = g.strides[0]
    return jnp.concatenate(
        [tiles[:, i : i + step * (height - 1) + 1 : step] for i in range(g.kernel[0])], axis=-1
    )


def _band(tile: int, g: Geometry, dtype: Any) -> Any:
    """``band[a, j, b]`` is 1 where position a of a row is tap j of window b."""
    band = np.zeros((_length(tile, g), g.kernel[1], tile), dtype)
    for b in range(tile):
        for j in range(g.kernel[1]):
            band[b * g.strides[1] + j, j, b] = 1
    return band


def forward(x: Any, w: Any, g: Geometry, tile: int) -> Any:
    filters = w.shape[-1]
    band = _band(tile, g, w.dtype)
    matrix = jnp.einsum("ajb,ijcf->iacbf", band, w).reshape(-1, tile * filters)
    y = rows_times(_columns(x, tile, g), matrix)
    y = y.reshape(x.shape[0], g.output[0], -1, filters)
    return y[:, :, : g.output[1]]


def kernel_gradient(x: Any, dy: Any, g: Geometry, tile: int) -> Any:
    columns = _columns(x, tile, g)
    filters, count = dy.shape[-1], columns.shape[2]
    missing = count * tile - g.output[1]
    if missing:
        dy = jnp.pad(dy, ((0, 0), (0, 0), (0, missing), (0, 0)))
    gradients = dy.reshape(*dy.shape[:2], count, tile * filters)
    products = contract(columns, gradients)
    products = products.reshape(g.kernel[0], _length(tile, g), x.shape[-1], tile, filters)
    step, width = g.strides[1], g.kernel[1]
    return sum(products[:, b * step : b * step + width, :, b] for b in range(tile))
