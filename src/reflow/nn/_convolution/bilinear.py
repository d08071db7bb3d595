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
from reflow.nn._convolution import choice
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


convolve = custom_vjp(_convolve, static=(2,))
input_gradient = custom_vjp(_input_gradient, static=(2,))
kernel_gradient = custom_vjp(_kernel_gradient, static=(2,))

convolve.defvjp(
    lambda x, w, g: (convolve(x, w, g), (x, w)),
    lambda g, kept, dy: (input_gradient(dy, kept[1], g), kernel_gradient(kept[0], dy, g)),
)
input_gradient.defvjp(
    lambda dy, w, g: (input_gradient(dy, w, g), (dy, w)),
    lambda g, kept, x: (convolve(x, kept[1], g), kernel_gradient(x, kept[0], g)),
)
kernel_gradient.defvjp(
    lambda x, dy, g: (kernel_gradient(x, dy, g), (x, dy)),
    lambda g, kept, w: (input_gradient(kept[1], w, g), convolve(kept[0], w, g)),
)
