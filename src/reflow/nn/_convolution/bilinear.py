"""Convolution and its two adjoints, each the derivative of the others.

Convolution is linear in input and kernel, so that ``<convolve(x, w), dy>`` is linear in x, w and
dy. Its derivatives with respect to x and w are ``input_gradient(dy, w)`` and
``kernel_gradient(x, dy)``, and those three are closed under differentiation: gradients of any order
stay in the formulations that ``choice`` has for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.derivative import custom_vjp
from reflow.core.lazy import jnp
from reflow.nn._convolution import choice, depthwise
from reflow.nn._convolution.geometry import Geometry


def _computed(pick: Callable[..., Any], a: Any, b: Any, channels: int, g: Geometry) -> Any:
    """The chosen formulation of the two arrays; halves are computed in float32."""
    dtype = a.dtype
    if dtype in (jnp.float16, jnp.bfloat16):
        a, b = a.astype(jnp.float32), b.astype(jnp.float32)
    return pick(a, b, channels, g)(a, b, g).astype(dtype)


def _convolve(x: Any, w: Any, g: Geometry) -> Any:
    """``(batch, *input, channels)`` and ``(*kernel, channels / groups, filters)``."""
    return _computed(choice.forward, x, w, x.shape[-1], g)


def _input_gradient(dy: Any, w: Any, g: Geometry) -> Any:
    """``(batch, *output, filters)`` and the kernel: ``(batch, *input, channels)``."""
    return _computed(choice.input_gradient, dy, w, w.shape[-2] * g.groups, g)


def _kernel_gradient(x: Any, dy: Any, g: Geometry) -> Any:
    """Input and ``(batch, *output, filters)``: ``(*kernel, channels / groups, filters)``."""
    return _computed(choice.kernel_gradient, x, dy, x.shape[-1], g)


def _linked(convolve: Any, input_gradient: Any, kernel_gradient: Any) -> tuple[Any, Any, Any]:
    """Three functions of two arrays and a geometry, each given the others as its derivatives."""
    y = custom_vjp(convolve, static=(2,))
    dx = custom_vjp(input_gradient, static=(2,))
    dw = custom_vjp(kernel_gradient, static=(2,))
    y.defvjp(
        lambda x, w, g: (y(x, w, g), (x, w)),
        lambda g, kept, cotangent: (dx(cotangent, kept[1], g), dw(kept[0], cotangent, g)),
    )
    dx.defvjp(
        lambda dy, w, g: (dx(dy, w, g), (dy, w)),
        lambda g, kept, cotangent: (y(cotangent, kept[1], g), dw(cotangent, kept[0], g)),
    )
    dw.defvjp(
        lambda x, dy, g: (dw(x, dy, g), (x, dy)),
        lambda g, kept, cotangent: (dx(kept[1], cotangent, g), y(kept[0], cotangent, g)),
    )
    return y, dx, dw


convolve, input_gradient, kernel_gradient = _linked(_convolve, _input_gradient, _kernel_gradient)

depthwise_by_taps = _linked(depthwise.forward, depthwise.input_gradient, depthwise.kernel_gradient)[
    0
]
"""Of ``(batch, *input, channels)`` and ``(*kernel, channels, m)``; the result has an axis m too."""
