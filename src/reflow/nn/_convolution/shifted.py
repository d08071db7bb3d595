"""A sum over the taps of one product of matrices each; nothing is copied side by side.

y = sum over t of x[shifted by t] w[t]       dw[t] = x[shifted by t]^T dy
"""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jnp
from reflow.nn._convolution.geometry import Geometry, contract, pad, rows_times, tap, taps


def forward(x: Any, w: Any, g: Geometry) -> Any:
    padded = pad(x, g)
    return sum(rows_times(tap(padded, at, g), w[at]) for at in taps(g))


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    padded = pad(x, g)
    products = [contract(tap(padded, at, g), dy) for at in taps(g)]
    return jnp.stack(products).reshape(*g.kernel, x.shape[-1], dy.shape[-1])
