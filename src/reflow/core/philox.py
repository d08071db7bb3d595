"""Philox 4x32-10 and TensorFlow 2.1's rules from random words to values, in NumPy.

A generator is a pair (64-bit key, 128-bit counter). One *block* is four 32-bit words, made by ten
rounds of mixing the counter with the key; then the counter goes up by one. Everything here is a
pure function of that state: the caller (``core/random.py``) keeps the state and advances it by
the number of blocks an op *reserves*, which is more than the op looks at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from reflow.core import libm32

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

Array = np.ndarray[Any, Any]
Candidates = Callable[["PhiloxState", Array, int], Array]

_MASK32 = (1 << 32) - 1
_MASK64 = (1 << 64) - 1
_MASK128 = (1 << 128) - 1
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
_CHUNK = 4096
"""Blocks worked on at a time, so that the scratch arrays stay in the cache."""

RESERVED_PER_OUTPUT = 256
"""Blocks that uniform, normal, gamma and Poisson ops reserve for every output."""


class PhiloxState(NamedTuple):
    """A generator's state: `key` (64 bits) and `counter` (128 bits), as Python ints."""

    key: int
    counter: int

    def skip(self, blocks: int) -> PhiloxState:
        """Return the state after `blocks` more blocks."""
        return PhiloxState(self.key, (self.counter + blocks) & _MASK128)


def stateful_state(seed: int, seed2: int) -> PhiloxState:
    """Start of the stream that a stateful op with attributes (seed, seed2) draws from."""
    return PhiloxState(seed & _MASK64, (seed2 & _MASK64) << 64)


def stateless_state(seed: tuple[int, int]) -> PhiloxState:
    """State of a stateless op with the two-integer `seed`: one block scrambles it."""
    scrambler = PhiloxState(0x02461E293EC8F720, (seed[0] & _MASK64) | ((seed[1] & _MASK64) << 64))
    m0, m1, m2, m3 = block(scrambler)
    return PhiloxState(m0 | m1 << 32, m2 << 64 | m3 << 96)


def state_words(state: PhiloxState) -> tuple[Array, Array]:
    """Return a state as arrays: key uint32 (2,) and counter uint32 (4,), lowest words first."""
    key = np.frombuffer(state.key.to_bytes(8, "little"), np.uint32)
    counter = np.frombuffer(state.counter.to_bytes(16, "little"), np.uint32)
    return key, counter


def block(state: PhiloxState) -> tuple[int, int, int, int]:
    """Return the four words of one block, without NumPy (cheaper for a single block)."""
    k0, k1 = state.key & _MASK32, state.key >> 32
    counter = state.counter
    c0, c1 = counter & _MASK32, (counter >> 32) & _MASK32
    c2, c3 = (counter >> 64) & _MASK32, counter >> 96
    for _ in range(ROUNDS):
        p, q = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (q >> 32) ^ c1 ^ k0, q & _MASK32, (p >> 32) ^ c3 ^ k1, p & _MASK32
        k0, k1 = (k0 + KEY_STEPS[0]) & _MASK32, (k1 + KEY_STEPS[1]) & _MASK32
    return c0, c1, c2, c3


def words_at(state: PhiloxState, offsets: Array, out: Array | None = None) -> Array:
    """Return the blocks `offsets` places after `state`.

    Args:
        state: the generator's state.
        offsets: uint64 array of shape (n,), below 2**63.
        out: uint32 array of shape (n, 4) to write to.

    Returns:
        uint32 array of shape (n, 4): a block's words, in order.
    """
    n = offsets.size
    if out is None:
        out = np.empty((n, 4), np.uint32)
    if n <= 2:
        for row, offset in zip(out, offsets.tolist(), strict=True):
            row[:] = block(state.skip(offset))
        return out
    base_low, base_high = state.counter & _MASK64, state.counter >> 64
    low = offsets + np.uint64(base_low)
    high: Any = np.uint64(base_high)
    if base_low >> 63:  # only here can adding an offset carry into the upper half
        high = high + (low < np.uint64(base_low)).astype(np.uint64)
    mask, half = np.uint64(_MASK32), np.uint64(32)
    # Rows of `even` are c0 and c2 of all blocks, rows of `odd` c1 and c3.
    even = np.empty((2, n), np.uint64)
    odd = np.empty((2, n), np.uint64)
    product = np.empty((2, n), np.uint64)
    np.bitwise_and(low, mask, out=even[0])
    np.right_shift(low, half, out=odd[0])
    even[1] = high & mask
    odd[1] = high >> half
    multipliers = np.array(MULTIPLIERS, np.uint64)[:, None]
    crossed = product[::-1]  # c0 is made from c2's product and c2 from c0's
    for round_key in _key_schedule(state.key):
        np.multiply(even, multipliers, out=product)
        np.right_shift(crossed, half, out=even)
        even ^= odd
        even ^= round_key
        np.bitwise_and(crossed, mask, out=odd)
    out[:, 0::2] = even.T
    out[:, 1::2] = odd.T
    return out


def _key_schedule(key: int) -> list[Array]:
    k0, k1 = key & _MASK32, key >> 32
    return [
        np.array(
            [[(k0 + i * KEY_STEPS[0]) & _MASK32], [(k1 + i * KEY_STEPS[1]) & _MASK32]], np.uint64
        )
        for i in range(ROUNDS)
    ]


def words(state: PhiloxState, count: int) -> Array:
    """Return the next `count` words as a uint32 array of shape (count,)."""
    out = np.empty((-(-count // 4), 4), np.uint32)
    for _ in _chunks(state, out):
        pass
    return out.reshape(-1)[:count]


def _chunks(state: PhiloxState, out: Array, stride: int = 1) -> Iterator[tuple[int, Array]]:
    """Fill `out`, uint32 (blocks, 4), chunk by chunk; yield (first block, filled rows)."""
    for start in range(0, len(out), _CHUNK):
        rows = out[start : start + _CHUNK]
        offsets = np.arange(start, start + len(rows), dtype=np.uint64)
        if stride != 1:
            offsets *= np.uint64(stride)
        yield start, words_at(state, offsets, rows)


def uniform(state: PhiloxState, count: int, dtype: DTypeLike) -> Array:
    """Return `count` numbers uniform in [0, 1).

    The low bits of a word become the mantissa of a number in [1, 2), minus 1.

    Args:
        state: the generator's state.
        count: number of values.
        dtype: float16, bfloat16 and float32 (a word each) or float64 (two words).

    Returns:
        Array of shape (count,) and type `dtype`.
    """
    dtype = np.dtype(dtype)
    if dtype == np.float64:
        return _uniform64(state, count)
    if dtype == np.float32:
        bits = np.empty((-(-count // 4), 4), np.uint32)
        for _, rows in _chunks(state, bits):
            _mantissa_to_unit(rows, np.float32, 0x7FFFFF, 0x3F800000)
        return bits.view(np.float32).reshape(-1)[:count]
    bits = words(state, count).astype(np.uint16)
    if dtype == np.float16:
        return _mantissa_to_unit(bits, dtype, 0x3FF, 0x3C00)
    if dtype.name == "bfloat16":
        return _mantissa_to_unit(bits, dtype, 0x7F, 0x3F80)
    raise TypeError(f"uniform: dtype must be a floating type, got {dtype}")


def _mantissa_to_unit(bits: Array, dtype: DTypeLike, mantissa: int, one: int) -> Array:
    bits &= bits.dtype.type(mantissa)
    bits |= bits.dtype.type(one)
    values = bits.view(dtype)
    values -= values.dtype.type(1)
    return values


def _uniform64(state: PhiloxState, count: int) -> Array:
    bits = np.empty((-(-count // 2), 4), np.uint32)
    for _, rows in _chunks(state, bits):
        unit64(rows)
    return bits.view(np.float64).reshape(-1)[:count]


def unit64(rows: Array) -> Array:
    """Turn blocks (n, 4) into float64 uniforms (n, 2) in place; a pair's first word is the high."""
    pairs = rows.view(np.uint64)
    low_word_high = pairs << np.uint64(32)
    pairs >>= np.uint64(32)
    pairs |= low_word_high
    return _mantissa_to_unit(pairs, np.float64, (1 << 52) - 1, 0x3FF << 52)


def uniform_int(state: PhiloxState, count: int, low: int, high: int, dtype: DTypeLike) -> Array:
    """Return `count` integers in [low, high): low + word mod (high - low), slightly biased.

    Args:
        state: the generator's state.
        count: number of values.
        low: smallest value.
        high: one above the largest value; the caller has checked low < high.
        dtype: int32 (a word each) or int64 (two words, the first is the low part).

    Returns:
        Array of shape (count,) and type `dtype`.
    """
    bits = uniform_full_int(state, count, dtype)
    unsigned: Any = bits.view(np.uint32 if bits.itemsize == 4 else np.uint64)
    span = unsigned.dtype.type(high - low)
    # NumPy divides by a scalar with SIMD but takes remainders one by one.
    unsigned -= unsigned // span * span
    unsigned += unsigned.dtype.type(low & (_MASK32 if bits.itemsize == 4 else _MASK64))
    return bits


def uniform_full_int(state: PhiloxState, count: int, dtype: DTypeLike) -> Array:
    """Return `count` integers over the whole range of `dtype`: int32, uint32, int64, uint64."""
    dtype = np.dtype(dtype)
    return words(state, count * dtype.itemsize // 4).view(dtype)


def normal(state: PhiloxState, count: int, dtype: DTypeLike) -> Array:
    """Return `count` standard normal numbers by Box-Muller.

    r = sqrt(-2 log u1), angle = 2 pi u2; the outputs are sin(angle) r, then cos(angle) r.
    float16 and bfloat16 are float32 numbers rounded.

    Args:
        state: the generator's state.
        count: number of values.
        dtype: float16, bfloat16, float32 (four values a block) or float64 (two).

    Returns:
        Array of shape (count,) and type `dtype`.
    """
    dtype = np.dtype(dtype)
    if dtype == np.float64:
        return _box_muller64(_uniform64(state, count + count % 2))[:count]
    out = np.empty((-(-count // 4), 4), np.float32)
    for start, rows in _chunks(state, out.view(np.uint32)):
        out[start : start + len(rows)] = _box_muller32(rows)
    return out.reshape(-1)[:count].astype(dtype, copy=False)


def _box_muller32(rows: Array) -> Array:
    """Normals from blocks: uint32 (n, 4) to float32 (n, 4)."""
    mantissas = rows.reshape(-1, 2) & np.uint32(0x7FFFFF)
    u1 = mantissas[:, 0].astype(np.float64)
    u1 *= 2.0**-23
    np.maximum(u1, libm32.SMALLEST_UNIFORM, out=u1)
    radius = libm32.logf(u1)
    radius *= np.float32(-2)
    np.sqrt(radius, out=radius)
    # The uniform number is a multiple of 2**-23, so scaling the constant instead is exact.
    angle = (mantissas[:, 1] * (libm32.TWO_PI * 2.0**-23)).astype(np.float32)
    sine, cosine = libm32.sincosf(angle.astype(np.float64))
    out = np.empty((len(u1), 2), np.float32)
    np.multiply(sine, radius, out=out[:, 0])
    np.multiply(cosine, radius, out=out[:, 1])
    return out.reshape(-1, 4)


def _box_muller64(uniforms: Array) -> Array:
    """Normals from float64 uniforms, pair by pair; sizes are equal and even.

    The C library's functions through `math`: NumPy's own log and sin round otherwise.
    """
    u1 = np.maximum(uniforms[0::2], 1e-7)
    angle = libm32.TWO_PI * uniforms[1::2]
    radius = np.sqrt(-2.0 * map64(math.log, u1))
    out = np.empty(uniforms.size)
    np.multiply(map64(math.sin, angle), radius, out=out[0::2])
    np.multiply(map64(math.cos, angle), radius, out=out[1::2])
    return out


def normal64(rows: Array) -> Array:
    """Turn blocks (n, 4) into float64 normals (n, 2); `rows` is overwritten."""
    return _box_muller64(unit64(rows).reshape(-1)).reshape(-1, 2)


def map64(function: Callable[[float], float], values: Array) -> Array:
    """Apply a function of `math` to a float64 array of shape (n,)."""
    return np.fromiter(map(function, values.tolist()), np.float64, values.size)


def truncated_normal(state: PhiloxState, count: int, dtype: DTypeLike) -> Array:
    """Return `count` standard normal numbers with |z| < 2.

    Outputs come in groups (four, float64: two), each with its own stretch of blocks (256, float64:
    128). A group keeps the first normals of its stretch that are small enough.

    Args:
        state: the generator's state.
        count: number of values.
        dtype: float16, bfloat16, float32 or float64.

    Returns:
        Array of shape (count,) and type `dtype`.
    """
    dtype = np.dtype(dtype)
    width, stretch = (2, 128) if dtype == np.float64 else (4, 256)
    groups = -(-count // width)
    candidates = _candidates64 if dtype == np.float64 else _candidates32
    out = np.empty((groups, width), np.float64 if dtype == np.float64 else np.float32)
    for start in range(0, groups, _CHUNK):
        stop = min(start + _CHUNK, groups)
        first = np.arange(start, stop, dtype=np.uint64) * np.uint64(stretch)
        values = candidates(state, first, 1)
        _refill(values, first, state, candidates)
        out[start:stop] = values
    return out.reshape(-1)[:count].astype(dtype, copy=False)


def _refill(values: Array, first: Array, state: PhiloxState, candidates: Candidates) -> None:
    """Redo, with ever more blocks, the groups that hold a value too large."""
    width = values.shape[1]
    pending = np.flatnonzero((np.abs(values) >= 2.0).any(axis=1))
    blocks = 2
    while pending.size:
        pool = candidates(state, first[pending], blocks)
        rejected = np.abs(pool) >= 2.0
        chosen = np.argsort(rejected, axis=1, kind="stable")[:, :width]
        full = (~rejected).sum(axis=1) >= width
        values[pending[full]] = np.take_along_axis(pool, chosen, axis=1)[full]
        pending = pending[~full]
        blocks *= 2


def _group_words(state: PhiloxState, first: Array, blocks: int) -> Array:
    offsets = first[:, None] + np.arange(blocks, dtype=np.uint64)
    return words_at(state, offsets.reshape(-1))


def _candidates32(state: PhiloxState, first: Array, blocks: int) -> Array:
    return _box_muller32(_group_words(state, first, blocks)).reshape(len(first), -1)


def _candidates64(state: PhiloxState, first: Array, blocks: int) -> Array:
    return normal64(_group_words(state, first, blocks)).reshape(len(first), -1)
