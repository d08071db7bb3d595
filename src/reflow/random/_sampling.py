"""Random ops that read a tensor, as ops for functions being traced and for open tapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core import philox_jax
from reflow.core.aval import Aval, aval
from reflow.core.dtypes import FLOATS, DType
from reflow.core.lazy import jax, jnp, lax
from reflow.core.op import op

Shape = tuple[int, ...]


def _like_rows(value: Aval, *state: Aval) -> Aval:
    return value


@op("RandomShuffle", same=(), rule=_like_rows)
def in_order(value: Any, order: Any) -> Any:
    """The rows of `value` in the given order."""
    return jnp.take(value, order, axis=0)


@op("RandomShuffle", same=(), rule=_like_rows)
def shuffled(value: Any, key: Any, counter: Any) -> Any:
    """The rows of `value` in an order drawn from (key, counter)."""
    return jnp.take(value, philox_jax.permutation(key, counter, value.shape[0]), axis=0)


def _of_samples(logits: Aval, *state: Aval, samples: int, threads: int, dtype: DType) -> Aval:
    return aval((logits.shape[0], samples), dtype)


@op("Multinomial", same=(), rule=_of_samples, reads=(), differentiable=False)
def classes(logits: Any, *state: Any, samples: int, threads: int, dtype: DType) -> Any:
    """Class numbers (batch, samples) drawn from (key, counter) or a stateless seed."""
    key_counter = state if len(state) == 2 else philox_jax.stateless_state(*state)
    return philox_jax.categorical(*key_counter, logits, samples, threads).astype(dtype.np)


def _of_parameters(
    key: Aval, counter: Aval, parameters: Aval, *, shape: Shape, dtype: DType
) -> Aval:
    return aval(shape + parameters.shape, dtype)


@op("RandomGamma", same=(), rule=_of_parameters, reads=(), differentiable=False)
def gamma_numbers(key: Any, counter: Any, alpha: Any, *, shape: Shape, dtype: DType) -> Any:
    """Gamma(alpha, 1) numbers drawn from (key, counter)."""
    drawn = philox_jax.gamma(key, counter, shape, alpha)
    if dtype.np == np.float16:
        drawn = drawn.astype(jnp.float32)  # TF rounds twice
    return drawn.astype(dtype.np)


@op("RandomPoissonV2", same=(), rule=_of_parameters, reads=(), differentiable=False)
def poisson_numbers(key: Any, counter: Any, rate: Any, *, shape: Shape, dtype: DType) -> Any:
    """Poisson numbers drawn from (key, counter)."""
    return philox_jax.poisson(key, counter, shape, rate).astype(dtype.np)


@op("RandomGamma", types=FLOATS, rule=lambda alpha, drawn: drawn)
def following(alpha: Any, drawn: Any) -> Any:
    """Gamma numbers `drawn`, as a function of `alpha` for gradients.

    With the distribution function F held fixed, d drawn / d alpha = -(dF/d alpha) / (dF/d drawn).
    """

    @jax.custom_vjp
    def identity(alpha: Any, drawn: Any) -> Any:
        return drawn

    def forward(alpha: Any, drawn: Any) -> Any:
        return drawn, (alpha, drawn)

    def backward(read: Any, gradient: Any) -> Any:
        alpha, drawn = read
        wide = jnp.float64 if drawn.dtype == jnp.float64 else jnp.float32
        slope = lax.random_gamma_grad(
            jnp.broadcast_to(alpha, drawn.shape).astype(wide), drawn.astype(wide)
        )
        samples = tuple(range(drawn.ndim - alpha.ndim))
        of_alpha = (gradient.astype(wide) * slope).sum(axis=samples)
        return of_alpha.astype(alpha.dtype), jnp.zeros_like(drawn)

    identity.defvjp(forward, backward)
    return identity(alpha, drawn)
