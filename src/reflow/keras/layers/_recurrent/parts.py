"""What the fused recurrences share: the products over all time steps, masks, and their rules.

All of them take ``x`` time-major, ``(steps, batch, features)``, and a ``mask`` of shape
``(steps, batch, 1)`` or, for none, ``(0, 0, 0)``: where it is false, a step leaves the state as it
was. What they return begins with the states after every step and the last states; the rest is what
the way back reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.errors import InvalidArgumentError
from reflow.core.lazy import jax, jnp

# Iterations of a loop that are compiled as one: saves part of the loop's own cost.
UNROLL = 2


def project(x: Any, kernel: Any, bias: Any) -> Any:
    """``x @ kernel + bias`` for all steps, as one product of matrices."""
    steps, batch, features = x.shape
    flat = jnp.reshape(x, (steps * batch, features)) @ kernel + bias
    return jnp.reshape(flat, (steps, batch, kernel.shape[1]))


def hold(mask: Any, new: Any, old: Any) -> Any:
    """The new state where the mask is true (everywhere if there is none)."""
    return new if mask is None else jnp.where(mask, new, old)


def steps_before(first: Any, states: Any) -> Any:
    """The states before each step, given those after."""
    return jnp.concatenate([first[None], states[:-1]], 0)


def by_weights(x: Any, kernel: Any, dz: Any) -> tuple[Any, Any, Any]:
    """Cotangents of ``x``, ``kernel`` and bias, given that of ``project``."""
    flat_x, flat_dz = _flat(x), _flat(dz)
    return jnp.reshape(flat_dz @ kernel.T, x.shape), flat_x.T @ flat_dz, jnp.sum(flat_dz, 0)


def by_recurrent(before: Any, dz: Any) -> Any:
    """The cotangent of the recurrent kernel that multiplied the states before each step."""
    return _flat(before).T @ _flat(dz)


def _flat(x: Any) -> Any:
    return jnp.reshape(x, (x.shape[0] * x.shape[1], *x.shape[2:]))


def given(mask: Any) -> Any:
    """The mask, or None for the empty array that stands for none."""
    return None if mask.size == 0 else mask


def arrived(cotangent: Any, like: Any) -> Any:
    """A cotangent, zeros if nothing arrived."""
    return jnp.zeros_like(like) if cotangent is None else cotangent


def pull_through(
    fn: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]
) -> Sequence[Any]:
    """The VJP by JAX, for gradients of gradients, where cotangents of kept values arrive too."""
    full = [arrived(c, y) for c, y in zip(cotangents, outputs, strict=True)]
    mask = inputs[-1]
    _, pull = jax.vjp(lambda *moving: fn(*moving, mask), *inputs[:-1])
    return (*pull(tuple(full)), None)


def rule(name: str, gates: int, kept: Sequence[int], states: int) -> Callable[..., Any]:
    """The shape rule of a recurrence.

    Args:
      name: the op's name, for messages.
      gates: the kernel's columns by the number of units.
      kept: the columns, by the number of units, of what is kept for the way back.
      states: the number of states.
    """

    def infer(x: Aval, *rest: Aval, **static: Any) -> tuple[Aval, ...]:
        initial, (kernel, recurrent) = rest[:states], rest[states : states + 2]
        steps, batch, features = x.shape
        units = recurrent.shape[0]
        if kernel.shape != (features, gates * units):
            raise InvalidArgumentError(
                None,
                None,
                f"{name}: Matrix size-incompatible: In[0]: [{batch},{features}], In[1]: "
                f"{list(kernel.shape)}",
            )
        for state in initial:
            if state.shape != (batch, units):
                raise InvalidArgumentError(
                    None,
                    None,
                    f"{name}: Incompatible shapes: the inputs have batch size {batch} and the "
                    f"layer {units} units, but a state has shape {list(state.shape)}",
                )
        sequence = aval((steps, batch, units), x.dtype)
        last = aval((batch, units), x.dtype)
        more = [aval((steps, batch, columns * units), x.dtype) for columns in kept]
        return (sequence, *[last] * states, *more)

    return infer
