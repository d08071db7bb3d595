"""A while loop through which gradients flow backwards, for any number of iterations.

XLA has no arrays of unknown length, so the values before each iteration can't all be kept. The
reverse pass runs the loop again, keeps the value before every ``stride``-th iteration, and computes
those between from the nearest one kept (checkpointing).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core.lazy import jax, jnp, lax

KEPT_BYTES = 1 << 26
"""Memory for the values that are kept, which decides how many there are."""
KEPT_AT_MOST = 1024

Step = Callable[[Any, Any], Any]


def while_loop(condition: Step, body: Step, constants: Any, start: Any) -> Any:
    """``while condition(constants, value): value = body(constants, value)``, differentiable.

    Args:
      condition: returns a boolean scalar.
      body: returns a structure like ``start``, with the same shapes and dtypes.
      constants: a structure of arrays; gradients flow to it as well.
      start: a structure of arrays, the first of which counts the iterations from 0.
    """

    @jax.custom_vjp
    def run(constants: Any, start: Any) -> Any:
        return lax.while_loop(
            lambda value: condition(constants, value), lambda value: body(constants, value), start
        )

    def forward(constants: Any, start: Any) -> Any:
        end = run(constants, start)
        return end, (constants, start, jax.tree.leaves(end)[0])

    def backward(kept: Any, cotangent: Any) -> Any:
        constants, start, iterations = kept
        return _pull_back(body, constants, start, iterations, cotangent)

    run.defvjp(forward, backward)
    return run(constants, start)


def _pull_back(body: Step, constants: Any, start: Any, iterations: Any, cotangent: Any) -> Any:
    size = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(start))
    slots = max(16, min(KEPT_AT_MOST, KEPT_BYTES // max(size, 1)))
    stride = jnp.maximum((iterations + slots - 1) // slots, 1)

    def advance(value: Any, first: Any, last: Any) -> Any:
        return lax.fori_loop(first, last, lambda _, v: body(constants, v), value)

    def keep(slot: Any, state: Any) -> Any:
        value, buffers = state
        buffers = jax.tree.map(lambda b, v: b.at[slot].set(v), buffers, value)
        first = slot * stride
        return advance(value, first, jnp.minimum(first + stride, iterations)), buffers

    empty = jax.tree.map(lambda v: jnp.zeros((slots, *v.shape), v.dtype), start)
    count = (iterations + stride - 1) // stride
    _, buffers = lax.fori_loop(0, count, keep, (start, empty))

    def back(i: Any, state: Any) -> Any:
        place = iterations - 1 - i
        slot = place // stride
        value = advance(jax.tree.map(lambda b: b[slot], buffers), slot * stride, place)
        to_value, to_constants = state
        return _pull_step(body, constants, value, to_value, to_constants)

    zeros = jax.tree.map(jnp.zeros_like, _floats(constants))
    arriving = [c for c, v in zip(jax.tree.leaves(cotangent), jax.tree.leaves(start), strict=True)
                if _is_float(v)]  # fmt: skip
    to_start, to_constants = lax.fori_loop(0, iterations, back, (arriving, zeros))
    return _with_integers(constants, to_constants), _with_integers(start, to_start)


def _pull_step(
    body: Step, constants: Any, value: Any, to_value: list[Any], to_constants: list[Any]
) -> tuple[list[Any], list[Any]]:
    """One iteration backwards, on the floating-point leaves only."""

    def step(float_constants: list[Any], float_value: list[Any]) -> list[Any]:
        after = body(_merge(constants, float_constants), _merge(value, float_value))
        return _floats(after)

    _, pull = jax.vjp(step, _floats(constants), _floats(value))
    more, to_value = pull(to_value)
    return to_value, [a + b for a, b in zip(to_constants, more, strict=True)]


def _is_float(leaf: Any) -> bool:
    return bool(jnp.issubdtype(jnp.result_type(leaf), jnp.inexact))


def _floats(tree: Any) -> list[Any]:
    return [leaf for leaf in jax.tree.leaves(tree) if _is_float(leaf)]


def _merge(tree: Any, floats: list[Any]) -> Any:
    """``tree`` with its floating-point leaves replaced."""
    remaining = iter(floats)
    return jax.tree.map(lambda leaf: next(remaining) if _is_float(leaf) else leaf, tree)


def _with_integers(tree: Any, floats: list[Any]) -> Any:
    """Cotangents of a whole tree: integers have none."""
    import numpy as np

    remaining = iter(floats)

    def cotangent(leaf: Any) -> Any:
        if _is_float(leaf):
            return next(remaining)
        return np.zeros(jnp.shape(leaf), jax.dtypes.float0)

    return jax.tree.map(cotangent, tree)
