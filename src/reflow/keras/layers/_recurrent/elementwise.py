"""The activations that the fused recurrences know, with their derivatives by their own output.

A step's activations are kept for the way back, so a derivative that needs the output alone costs
no second evaluation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.lazy import jax, jnp, lax

Function = Callable[[Any], Any]


def _hard_sigmoid(x: Any) -> Any:
    return jnp.clip(x * jnp.asarray(0.2, x.dtype) + jnp.asarray(0.5, x.dtype), 0, 1)


def _tanh(x: Any) -> Any:
    return jnp.tanh(x)


def _sigmoid(x: Any) -> Any:
    return jax.nn.sigmoid(x)


def _one(y: Any) -> Any:
    return jnp.ones_like(y)


def _relu(x: Any) -> Any:
    return lax.max(x, jnp.zeros_like(x))


ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "tanh": (_tanh, lambda y: 1 - y * y),
    "sigmoid": (_sigmoid, lambda y: y * (1 - y)),
    "relu": (_relu, lambda y: (y > 0).astype(y.dtype)),
    "linear": (lambda x: x, _one),
    "hard_sigmoid": (
        _hard_sigmoid,
        lambda y: ((y > 0) & (y < 1)).astype(y.dtype) * jnp.asarray(0.2, y.dtype),
    ),
}
"""Name -> the function, and its derivative as a function of its result."""


def name_of(activation: Any) -> str | None:
    """The name of an activation function if it is one of these, else None."""
    from reflow.keras import activations

    if activation is None:
        return "linear"
    for name in ACTIVATIONS:
        if activation is getattr(activations, name):
            return name
    return None
