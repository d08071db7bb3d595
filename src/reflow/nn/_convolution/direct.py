"""XLA's own convolution, for every shape, and the same with channels first.

y[n, p, f] = sum over taps t and channels c of x[n, stride p + dilation t, c] w[t, c, f]
"""

from __future__ import annotations

from typing import Any

from reflow.core.lazy import jax, lax
from reflow.nn._convolution.geometry import Geometry, unpad

LETTERS = "DHW"


def _numbers(rank: int) -> tuple[str, str, str]:
    spatial = LETTERS[-rank:]
    return f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"


def forward(x: Any, w: Any, g: Geometry) -> Any:
    return lax.conv_general_dilated(
        x,
        w,
        g.strides,
        g.pads,
        rhs_dilation=g.dilations,
        dimension_numbers=_numbers(g.rank),
        feature_group_count=g.groups,
    )


def input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    reaches = [(k - 1) * d for k, d in zip(g.kernel, g.dilations, strict=True)]
    if any(max(pads) > reach for pads, reach in zip(g.pads, reaches, strict=True)):
        # Transposed, more zeros than the kernel reaches are a negative padding; where that meets a
        # positive one, XLA's CPU compiler (JAX 0.10) gives wrong results.
        padded = tuple([size + sum(pads) for size, pads in zip(g.input, g.pads, strict=True)])
        plain = g._replace(input=padded, pads=((0, 0),) * g.rank)
        return unpad(input_gradient(dy, w, plain), g)
    channels = w.shape[-2] * g.groups
    like = jax.ShapeDtypeStruct((dy.shape[0], *g.input, channels), dy.dtype)
    return jax.linear_transpose(lambda x: forward(x, w, g), like)(dy)[0]


def kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    like = jax.ShapeDtypeStruct((*g.kernel, x.shape[-1] // g.groups, dy.shape[-1]), x.dtype)
    return jax.linear_transpose(lambda w: forward(x, w, g), like)(dy)[0]


# ---- channels first: another kernel of XLA's, which is faster for few channels


def _first(x: Any) -> Any:
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))


def _last(x: Any) -> Any:
    return x.transpose(0, *range(2, x.ndim), 1)


def _forward_first(x: Any, w: Any, g: Geometry) -> Any:
    spatial = LETTERS[-g.rank :]
    return lax.conv_general_dilated(
        x,
        w,
        g.strides,
        g.pads,
        rhs_dilation=g.dilations,
        dimension_numbers=(f"NC{spatial}", f"OI{spatial}", f"NC{spatial}"),
        feature_group_count=g.groups,
    )


def forward_channels_first(x: Any, w: Any, g: Geometry) -> Any:
    filters_first = w.transpose(g.rank + 1, g.rank, *range(g.rank))
    return _last(_forward_first(_first(x), filters_first, g))


def kernel_gradient_channels_first(x: Any, dy: Any, g: Geometry) -> Any:
    like = jax.ShapeDtypeStruct((dy.shape[-1], x.shape[-1] // g.groups, *g.kernel), x.dtype)
    moved = _first(x)
    transposed = jax.linear_transpose(lambda w: _forward_first(moved, w, g), like)
    return transposed(_first(dy))[0].transpose(*range(2, g.rank + 2), 1, 0)
