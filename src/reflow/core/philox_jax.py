"""The rules of ``core/philox.py`` as traceable JAX functions, for use inside compiled functions.

Bit for bit the same numbers. The state is a run-time argument: `key` is uint32 (2,), `counter`
uint32 (4,), lowest words first (``philox.state_words`` makes them); shape and dtype are static.

Every output computes its own block, though neighbours share one: XLA then fuses the whole draw,
with whatever reads it, into one vectorised loop. That is several times faster, and quicker to
compile, than drawing blocks first and interleaving their words.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core import libm32, random_samplers
from reflow.core.lazy import jax, jnp, lax
from reflow.core.philox import (
    KEY_STEPS,
    MULTIPLIERS,
    RESERVED_PER_OUTPUT,
    ROUNDS,
    PhiloxState,
)
from reflow.core.random_samplers import categorical_ranges

Array = Any


def skip(counter: Array, blocks: Any) -> Array:
    """Return the counter `blocks` (a number or a uint64 scalar, below 2**64) later."""
    c0, c1, c2, c3 = _advance(counter, jnp.asarray(blocks, jnp.uint64))
    return jnp.stack([c0, c1, c2, c3])


def stateless_state(seed: Array) -> tuple[Array, Array]:
    """Return key and counter of a stateless op with the integer `seed` (2,)."""
    low, high = halves(seed[0].astype(jnp.int64)), halves(seed[1].astype(jnp.int64))
    key = [jnp.uint32(0x3EC8F720), jnp.uint32(0x02461E29)]
    m0, m1, m2, m3 = _rounds(key, (*low, *high))
    zero = jnp.zeros_like(m0)
    return jnp.stack([m0, m1]), jnp.stack([zero, zero, m2, m3])


def halves(x: Array) -> tuple[Array, Array]:
    """Low and high 32 bits of 64-bit integers."""
    bits = x.astype(jnp.uint64)
    return bits.astype(jnp.uint32), (bits >> jnp.uint64(32)).astype(jnp.uint32)


def join(low: Array, high: Array) -> Array:
    """64-bit integers from their halves."""
    return low.astype(jnp.uint64) | (high.astype(jnp.uint64) << jnp.uint64(32))


def _advance(counter: Array, offsets: Array) -> tuple[Array, Array, Array, Array]:
    base = join(counter[0], counter[1])
    low = base + offsets
    high = join(counter[2], counter[3]) + (low < base).astype(jnp.uint64)
    return *halves(low), *halves(high)


def _rounds(key: Any, counter: Any) -> tuple[Array, Array, Array, Array]:
    k0, k1 = key[0], key[1]
    c0, c1, c2, c3 = counter
    for _ in range(ROUNDS):
        low_p, high_p = halves(c0.astype(jnp.uint64) * jnp.uint64(MULTIPLIERS[0]))
        low_q, high_q = halves(c2.astype(jnp.uint64) * jnp.uint64(MULTIPLIERS[1]))
        c0, c1, c2, c3 = high_q ^ c1 ^ k0, low_q, high_p ^ c3 ^ k1, low_p
        k0, k1 = k0 + jnp.uint32(KEY_STEPS[0]), k1 + jnp.uint32(KEY_STEPS[1])
    return c0, c1, c2, c3


def _blocks(key: Array, counter: Array, offsets: Array) -> tuple[Array, Array, Array, Array]:
    """The four words of the blocks at uint64 `offsets`, each of that shape."""
    return _rounds(key, _advance(counter, offsets))


def _index(shape: tuple[int, ...]) -> Array:
    return lax.iota(jnp.uint64, math.prod(shape)).reshape(shape)


def _words(key: Array, counter: Array, index: Array) -> Array:
    """Word number `index` of the stream."""
    w0, w1, w2, w3 = _blocks(key, counter, index >> jnp.uint64(2))
    odd = (index & jnp.uint64(1)) != 0
    return jnp.where((index & jnp.uint64(2)) != 0, jnp.where(odd, w3, w2), jnp.where(odd, w1, w0))


def _pairs(key: Array, counter: Array, index: Array) -> tuple[Array, Array]:
    """Words 2 * `index` and 2 * `index` + 1 of the stream."""
    w0, w1, w2, w3 = _blocks(key, counter, index >> jnp.uint64(1))
    odd = (index & jnp.uint64(1)) != 0
    return jnp.where(odd, w2, w0), jnp.where(odd, w3, w1)


def uniform(key: Array, counter: Array, shape: tuple[int, ...], dtype: Any) -> Array:
    """Draw numbers uniform in [0, 1).

    Args:
        key: uint32 (2,).
        counter: uint32 (4,).
        shape: the result's shape.
        dtype: float16, bfloat16, float32 or float64.

    Returns:
        Array of `shape` and `dtype`.
    """
    dtype = np.dtype(dtype)
    index = _index(shape)
    if dtype == np.float64:
        return _unit64(*_pairs(key, counter, index))
    words = _words(key, counter, index)
    if dtype == np.float32:
        return _unit32(words)
    mantissa, one = (0x3FF, 0x3C00) if dtype == np.float16 else (0x7F, 0x3F80)
    bits = (words & jnp.uint32(mantissa) | jnp.uint32(one)).astype(jnp.uint16)
    return lax.bitcast_convert_type(bits, dtype) - jnp.ones((), dtype)


def _unit32(words: Array) -> Array:
    bits = words & jnp.uint32(0x7FFFFF) | jnp.uint32(0x3F800000)
    return lax.bitcast_convert_type(bits, jnp.float32) - jnp.float32(1)


def _unit64(first: Array, second: Array) -> Array:
    bits = join(second, first & jnp.uint32(0xFFFFF) | jnp.uint32(0x3FF00000))
    return lax.bitcast_convert_type(bits, jnp.float64) - jnp.float64(1)


def uniform_full_int(key: Array, counter: Array, shape: tuple[int, ...], dtype: Any) -> Array:
    """Draw integers over the whole range of int32, uint32, int64 or uint64."""
    index = _index(shape)
    if np.dtype(dtype).itemsize == 4:
        return _words(key, counter, index).astype(dtype)
    return join(*_pairs(key, counter, index)).astype(dtype)


def uniform_int(
    key: Array, counter: Array, shape: tuple[int, ...], low: Any, high: Any, dtype: Any
) -> Array:
    """Draw integers in [low, high), slightly biased; low and high may be traced scalars.

    Args:
        key: uint32 (2,).
        counter: uint32 (4,).
        shape: the result's shape.
        low: smallest value, of type `dtype`.
        high: one above the largest value; the caller has checked low < high.
        dtype: int32 or int64.

    Returns:
        Array of `shape` and `dtype`.
    """
    dtype = np.dtype(dtype)
    index = _index(shape)
    if dtype == np.int32:
        bits = _words(key, counter, index)
    else:
        bits = join(*_pairs(key, counter, index))
    low, high = (jnp.asarray(x, dtype).astype(bits.dtype) for x in (low, high))
    return (low + bits % (high - low)).astype(dtype)


def normal(key: Array, counter: Array, shape: tuple[int, ...], dtype: Any) -> Array:
    """Draw standard normal numbers by Box-Muller.

    Args:
        key: uint32 (2,).
        counter: uint32 (4,).
        shape: the result's shape.
        dtype: float16, bfloat16, float32 or float64.

    Returns:
        Array of `shape` and `dtype`.
    """
    index = _index(shape)
    cosine = (index & jnp.uint64(1)) != 0
    pair = index >> jnp.uint64(1)
    if np.dtype(dtype) == np.float64:
        w0, w1, w2, w3 = _blocks(key, counter, pair)
        return _box_muller64(_unit64(w0, w1), _unit64(w2, w3), cosine)
    return _box_muller32(*_pairs(key, counter, pair), cosine).astype(dtype)


def _box_muller32(word0: Array, word1: Array, cosine: Array) -> Array:
    u1 = jnp.maximum(_unit32(word0), jnp.float32(libm32.SMALLEST_UNIFORM))
    radius = jnp.sqrt(jnp.float32(-2) * logf(u1))
    angle = (libm32.TWO_PI * _unit32(word1).astype(jnp.float64)).astype(jnp.float32)
    return sinf(angle, cosine) * radius


def _box_muller64(u1: Array, u2: Array, cosine: Array) -> Array:
    radius = jnp.sqrt(-2.0 * jnp.log(jnp.maximum(u1, 1e-7)))
    angle = libm32.TWO_PI * u2
    return jnp.where(cosine, jnp.cos(angle), jnp.sin(angle)) * radius


def logf(x: Array) -> Array:
    """Natural logarithm of float32 numbers in [1e-7, 1), as ``libm32.logf``."""
    index = lax.bitcast_convert_type(x, jnp.int32) - jnp.int32(libm32.LOG_ORIGIN)
    index = (index >> jnp.int32(19)) + jnp.int32(libm32.LOG_SHIFT)
    scale, offset = (
        jnp.asarray(table).at[index].get(mode="promise_in_bounds")
        for table in (libm32.LOG_SCALE, libm32.LOG_OFFSET)
    )
    a0, a1, a2 = libm32.LOG_A
    r = x.astype(jnp.float64) * scale - 1.0
    r2 = r * r
    return ((a0 * r2 + (a1 * r + a2)) * r2 + (offset + r)).astype(jnp.float32)


def sinf(x: Array, cosine: Array) -> Array:
    """Sine, or cosine where `cosine`, of float32 numbers in [0, 2 pi), as ``libm32.sincosf``."""
    x = x.astype(jnp.float64)
    n = ((x * libm32.QUADRANTS).astype(jnp.int32) + jnp.int32(1 << 23)) >> jnp.int32(24)
    x = x - n.astype(jnp.float64) * libm32.HALF_PI
    s1, s2, s3 = libm32.SIN_S
    c1, c2, c3, c4 = libm32.COS_C
    x2 = x * x
    x3 = x2 * x
    x4 = x2 * x2
    sin = (x + x3 * s1) + (x3 * x2) * (s2 + x2 * s3)
    cos = ((1.0 + x2 * c1) + x4 * c2) + (x4 * x2) * (c3 + x2 * c4)
    # The cosine is the sine a quadrant further on.
    n = n + cosine.astype(jnp.int32)
    value = jnp.where((n & jnp.int32(1)) != 0, cos, sin)
    return jnp.where((n & jnp.int32(2)) != 0, -value, value).astype(jnp.float32)


def truncated_normal(key: Array, counter: Array, shape: tuple[int, ...], dtype: Any) -> Array:
    """Draw standard normal numbers with |z| < 2; groups of outputs have blocks of their own.

    Args:
        key: uint32 (2,).
        counter: uint32 (4,).
        shape: the result's shape.
        dtype: float16, bfloat16, float32 or float64.

    Returns:
        Array of `shape` and `dtype`.
    """
    double = np.dtype(dtype) == np.float64
    width = 2 if double else 4
    groups = -(-math.prod(shape) // width)
    first = lax.iota(jnp.uint64, groups) * jnp.uint64(RESERVED_PER_OUTPUT * width // 4)

    def incomplete(carry: Any) -> Array:
        return (carry[1] < width).any()

    def add_block(carry: Any) -> Any:
        kept, found, block = carry
        words = _blocks(key, counter, first + block)
        for z in _candidates64(*words) if double else _candidates32(*words):
            accepted = jnp.abs(z) < 2.0
            kept = [jnp.where(accepted & (found == i), z, old) for i, old in enumerate(kept)]
            found = found + accepted.astype(jnp.int32)
        return kept, found, block + jnp.uint64(1)

    kept = [jnp.zeros(groups, jnp.float64 if double else jnp.float32)] * width
    start = (kept, jnp.zeros(groups, jnp.int32), jnp.uint64(0))
    kept, _, _ = lax.while_loop(incomplete, add_block, start)
    return jnp.stack(kept, axis=1).reshape(-1)[: math.prod(shape)].reshape(shape).astype(dtype)


def _candidates32(w0: Array, w1: Array, w2: Array, w3: Array) -> list[Array]:
    pairs = (w0, w1), (w2, w3)
    return [_box_muller32(*pair, jnp.bool_(cosine)) for pair in pairs for cosine in (False, True)]


def _candidates64(w0: Array, w1: Array, w2: Array, w3: Array) -> list[Array]:
    uniforms = _unit64(w0, w1), _unit64(w2, w3)
    return [_box_muller64(*uniforms, jnp.bool_(cosine)) for cosine in (False, True)]


def multiply_add(x: Array, factor: Any, term: Any) -> Array:
    """Return x * factor + term with the product rounded first, as TF's two ops do.

    XLA:CPU fuses a product and a sum into one instruction with a single rounding, which changes
    the last bit of a third of the results. A choice between the two keeps them apart (a barrier,
    a cast or a bit cast does not).

    Args:
        x: floating array.
        factor: array or scalar of x's dtype.
        term: array or scalar of x's dtype.
    """
    product = x * factor
    return jnp.where(jnp.isnan(product), jnp.asarray(jnp.nan, product.dtype), product) + term


def permutation(key: Array, counter: Array, n: int) -> Array:
    """Draw the order in which shuffling puts n rows: int32 (n,); a loop of swaps."""
    if n <= 1:
        return jnp.zeros(n, jnp.int32)
    words = _words(key, counter, _index((n,)))
    places = lax.iota(jnp.int32, n)
    targets = places + (words % (jnp.uint32(n) - places.astype(jnp.uint32))).astype(jnp.int32)

    def swap(i: Array, order: Array) -> Array:
        j = targets[i]
        return order.at[i].set(order[j]).at[j].set(order[i])

    order: Array = lax.fori_loop(0, n - 1, swap, places)
    return order


def categorical(key: Array, counter: Array, logits: Array, samples: int, threads: int) -> Array:
    """Draw class numbers with probabilities softmax(logits).

    Args:
        key: uint32 (2,).
        counter: uint32 (4,).
        logits: floating array (batch, classes); what is not finite has probability 0.
        samples: draws per row.
        threads: size of TensorFlow's thread pool, on which large batches depend.

    Returns:
        int64 array (batch, samples).
    """
    batch, classes = logits.shape
    starts = np.array(categorical_ranges(batch, classes, samples, threads))
    rows = np.arange(batch)
    start = starts[np.searchsorted(starts, rows, side="right") - 1]
    # A block is two doubles. A range begins at a block of its own and goes on row after row.
    first = 2 * (start * (samples + 3) // 4) + (rows - start) * samples
    index = jnp.asarray(first, jnp.uint64)[:, None] + lax.iota(jnp.uint64, samples)
    uniforms = _unit64(*_pairs(key, counter, index))
    exact = logits.astype(jnp.float64)
    finite = jnp.isfinite(exact)
    top = jnp.where(finite, exact, np.finfo(np.float64).min).max(axis=1, keepdims=True)
    cumulative = jnp.cumsum(jnp.where(finite, jnp.exp(exact - top), 0.0), axis=1)
    points = uniforms * cumulative[:, -1:]

    def choose(row: Array, values: Array) -> Array:
        return jnp.searchsorted(row, values, side="right").astype(jnp.int64)

    chosen: Array = jax.vmap(choose)(cumulative, points)
    return chosen


def gamma(key: Array, counter: Array, shape: tuple[int, ...], alpha: Array) -> Array:
    """Draw gamma(alpha, 1) numbers, shape (*shape, *alpha.shape); the host computes them."""
    return _on_host(random_samplers.gamma, key, counter, shape, alpha)


def poisson(key: Array, counter: Array, shape: tuple[int, ...], rate: Array) -> Array:
    """Draw Poisson numbers, float64 (*shape, *rate.shape); the host computes them."""
    return _on_host(random_samplers.poisson, key, counter, shape, rate)


def _on_host(
    sampler: Callable[..., Any],
    key: Array,
    counter: Array,
    shape: tuple[int, ...],
    parameters: Array,
) -> Array:
    """Rejection sampling has no fixed shapes, so it is left to NumPy: float64 comes back."""
    result = jax.ShapeDtypeStruct(shape + parameters.shape, np.float64)

    def draw(key: Any, counter: Any, parameters: Any) -> Any:
        words = [int(word) for word in [*np.asarray(key), *np.asarray(counter)]]
        low_first = sum(word << 32 * i for i, word in enumerate(words))
        state = PhiloxState(low_first & (1 << 64) - 1, low_first >> 64)
        drawn = sampler(state, math.prod(shape), np.asarray(parameters).reshape(-1))
        return drawn.reshape(result.shape)

    exact = parameters.astype(jnp.float64)
    return jax.pure_callback(draw, result, key, counter, exact, vmap_method="sequential")
