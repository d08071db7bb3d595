"""Columns: all taps of a window side by side, so that convolution is one product of matrices.

    Y = columns(x) W       dx = scatter(dY W^T)       dW = columns(x)^T dY

with the kernel as a matrix ``(taps * channels, filters)`` and ``scatter`` adding up what overlaps.
"""

from __future__ import annotations

from math import prod
from typing import Any

from reflow.core.lazy import jnp
from reflow.nn._convolution.geometry import (
    Geometry,
    contract,
    pad,
    rows_times,
    tap,
    taps,
    unpad,
    untap,
)


def columns(x: Any, g: Geometry) -> Any:
    """``(batch, *output, taps * channels)``."""
    padded = pad(x, g)
    return jnp.concatenate([tap(padded, at, g) for at in taps(g)], axis=-1)


def forward(x: Any, w: Any, g: Geometry) -> Any:
    return rows_times(columns(x, g), w.reshape(-1, w.shape[-1]))


def input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    filters, channels = w.shape[-1], w.shape[-2]
    spread = rows_times(dy, w.reshape(-1, filters).T)
    spread = spread.reshape(*dy.shape[:-1], prod(g.kernel), channels)
    total = sum(untap(spread[..., i, :], at, g) for i, at in enumerate(taps(g)))
    return unpad(total, g)


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    return contract(columns(x, g), dy).reshape(*g.kernel, x.shape[-1], dy.shape[-1])
