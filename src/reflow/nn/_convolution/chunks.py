"""A formulation applied to a few images at a time, so that what it spreads out stays in the cache.

y = [f(x_1, w), f(x_2, w), ...]       dw = f(x_1, dy_1) + f(x_2, dy_2) + ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.lazy import jnp, lax
from reflow.nn._convolution.geometry import Geometry

Formulation = Callable[[Any, Any, Geometry], Any]


def images(batch: int, wanted: float) -> int:
    """The largest divisor of the batch that is at most ``wanted``, but 1 at least."""
    return max(n for n in range(1, batch + 1) if batch % n == 0 and (n <= wanted or n == 1))


def _chunks(x: Any, size: int) -> Any:
    return x.reshape(-1, size, *x.shape[1:])


def over_images(f: Formulation, size: int) -> Formulation:
    """``f`` of (images, kernel), ``size`` images at a time."""

    def mapped(x: Any, w: Any, g: Geometry) -> Any:
        if size >= x.shape[0]:
            return f(x, w, g)
        y = lax.map(lambda chunk: f(chunk, w, g), _chunks(x, size))
        return y.reshape(-1, *y.shape[2:])

    return mapped


def summed(f: Formulation, size: int) -> Formulation:
    """``f`` of (images, images), summed over chunks of ``size`` images."""

    def total(x: Any, dy: Any, g: Geometry) -> Any:
        if size >= x.shape[0]:
            return f(x, dy, g)
        start = jnp.zeros((*g.kernel, x.shape[-1], dy.shape[-1]), x.dtype)
        pairs = (_chunks(x, size), _chunks(dy, size))
        return lax.scan(lambda so_far, pair: (so_far + f(*pair, g), None), start, pairs)[0]

    return total
