"""Shuffling, categorical, gamma and Poisson numbers by TensorFlow 2.1's algorithms.

Like ``core/philox.py``: pure functions of a generator's state, in NumPy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow.core import philox
from reflow.core.philox import PhiloxState

Array = np.ndarray[Any, Any]

# ---------------------------------------------------------------------------------- permutations


def permutation(state: PhiloxState, n: int) -> Array:
    """Return the order in which shuffling puts n rows: int64 array of shape (n,).

    Step i = 0..n-2 swaps place i with place i + (word mod (n - i)).
    """
    return buffer_order(philox.words(state, max(n - 1, 0)), n, n)


def permutation_blocks(n: int) -> int:
    """Blocks that shuffling n rows reserves."""
    return -(-(n - 1) // 4) if n > 1 else 0


def buffer_order(words: Array, n: int, buffer_size: int) -> Array:
    """Return the order in which a shuffle buffer lets n elements through.

    The buffer holds the `buffer_size` oldest elements that are not out yet. Output t swaps the
    t-th element with a random one of these; on an endless line of places that is a walk of
    swaps, and with a buffer for everything it is the shuffling of ``permutation``.

    Args:
        words: uint32 array, one word for every output (the last output needs none).
        n: number of elements.
        buffer_size: places in the buffer, at least 1.

    Returns:
        int64 array of shape (n,): the input positions in output order.
    """
    held = np.minimum(np.arange(n, 0, -1), min(buffer_size, n)).astype(np.uint32)
    targets = np.arange(n)
    steps = min(n, len(words))
    targets[:steps] += words[:steps] % held[:steps]
    return _swap_walk(targets)


def _swap_walk(targets: Array) -> Array:
    """Order after swapping place i with place targets[i] >= i, for i = 0, 1, ..., n-1.

    Without a loop: swap i takes what lies at its target, and leaves there what lay at place i.
    The latter came, if ever, with the last earlier swap that had place i as its target. Following
    these references (each round doubles the distance) tells what lies at place i when its turn
    comes; and swap i takes what the previous swap with the same target left there, if there was
    one, else what was there from the start.
    """
    n = len(targets)
    places = np.arange(n)
    moving = targets != places
    # Sorted by target, then by step.
    keys = np.sort((targets[moving] << 32) | places[moving])
    target, step = keys >> 32, keys & 0xFFFFFFFF
    again = target[1:] == target[:-1]
    at_turn = places
    last = np.append(~again, True)[: len(keys)]
    at_turn[target[last]] = step[last]
    while not np.array_equal(further := at_turn[at_turn], at_turn):
        at_turn = further
    order = at_turn.copy()
    order[step] = target
    order[step[1:][again]] = at_turn[step[:-1][again]]
    return order


# ----------------------------------------------------------------------------------- categorical


def categorical_blocks(batch: int, samples: int) -> int:
    """Blocks that drawing `samples` from each of `batch` rows reserves."""
    return philox.RESERVED_PER_OUTPUT * batch * 2 * (4 * -(-samples // 4))


def categorical(state: PhiloxState, logits: Array, samples: int, threads: int) -> Array:
    """Draw class numbers with probabilities softmax(logits).

    Rows are cut into ranges as TensorFlow cuts them for its threads; every range starts from a
    generator of its own, so that large batches depend on `threads` as they do there.

    Args:
        state: the generator's state.
        logits: floating array (batch, classes); what is not finite has probability 0.
        samples: draws per row.
        threads: size of TensorFlow's thread pool.

    Returns:
        int64 array (batch, samples).
    """
    batch, classes = logits.shape
    uniforms = np.empty((batch, samples))
    starts = categorical_ranges(batch, classes, samples, threads)
    for start, stop in zip(starts, [*starts[1:], batch], strict=True):
        own = state.skip(start * (samples + 3) // 4)
        drawn = philox.uniform(own, (stop - start) * samples, np.float64)
        uniforms[start:stop] = drawn.reshape(-1, samples)
    return choose(logits, uniforms)


def choose(logits: Array, uniforms: Array) -> Array:
    """Pick classes of `logits` (batch, classes) by float64 `uniforms` (batch, samples)."""
    exact = logits.astype(np.float64)
    finite = np.isfinite(exact)
    top = np.where(finite, exact, np.finfo(np.float64).min).max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", over="ignore"):
        cumulative = np.cumsum(np.where(finite, np.exp(exact - top), 0.0), axis=1)
    points = uniforms * cumulative[:, -1:]
    chosen = np.empty(points.shape, np.int64)
    if points.shape[1] <= points.shape[0]:
        for sample in range(points.shape[1]):
            chosen[:, sample] = (cumulative <= points[:, sample, None]).sum(axis=1)
    else:
        for row in range(points.shape[0]):
            chosen[row] = np.searchsorted(cumulative[row], points[row], side="right")
    return chosen


def categorical_ranges(batch: int, classes: int, samples: int, threads: int) -> list[int]:
    """First rows of the ranges that a categorical draw is cut into."""
    return work_ranges(batch, int(50 * (samples * math.log2(classes) + classes)), threads)


def work_ranges(rows: int, cost: int, threads: int) -> list[int]:
    """First rows of the ranges that TensorFlow cuts `rows` rows of `cost` cycles into."""
    enough_work = int((rows * cost - 100_000) / 100_000 + 0.9) >= 2
    if rows <= 1 or threads == 1 or not enough_work:
        return [0]
    size = min(rows, max(-(-rows // (4 * threads)), int(40_000 / cost)))
    limit = min(rows, 2 * size)
    ranges = -(-rows // size)

    def efficiency(ranges: int) -> float:
        return ranges / (-(-ranges // threads) * threads)

    best = efficiency(ranges)
    while best < 1.0 and ranges > 1:
        wider = -(-rows // (ranges - 1))
        if wider > limit:
            break
        ranges = -(-rows // wider)
        if efficiency(ranges) + 0.01 >= best:
            size = wider
            best = max(best, efficiency(ranges))
    return list(range(0, rows, size))


# ----------------------------------------------------------------------- rejection, lane by lane


class _Lanes:
    """A generator of its own for every output, 256 blocks apart.

    Uniforms and normals come in pairs from one block, the second used first; both kinds take
    their blocks from the same generator as they run out.
    """

    def __init__(self, state: PhiloxState, outputs: Array) -> None:
        self._state = state
        self._next = outputs.astype(np.uint64) * np.uint64(philox.RESERVED_PER_OUTPUT)
        self._uniforms = np.empty((outputs.size, 2))
        self._normals = np.empty((outputs.size, 2))
        self._uniforms_left = np.zeros(outputs.size, np.intp)
        self._normals_left = np.zeros(outputs.size, np.intp)

    def uniform(self, lanes: Array) -> Array:
        """The next uniform number of each of `lanes`."""
        return self._take(lanes, self._uniforms, self._uniforms_left, philox.unit64)

    def normal(self, lanes: Array) -> Array:
        """The next normal number of each of `lanes`."""
        return self._take(lanes, self._normals, self._normals_left, philox.normal64)

    def _take(self, lanes: Array, values: Array, left: Array, make: Any) -> Array:
        empty = lanes[left[lanes] == 0]
        if empty.size:
            values[empty] = make(philox.words_at(self._state, self._next[empty]))
            self._next[empty] += np.uint64(1)
            left[empty] = 2
        left[lanes] -= 1
        return values[lanes, left[lanes]]


def _outputs(parameters: int, samples: int) -> Iterator[tuple[slice, Array]]:
    """Cut a result (samples, parameters) into runs of rows; yield them with their skip indices."""
    rows = max(1, 65536 // max(parameters, 1))
    for start in range(0, samples, rows):
        stop = min(start + rows, samples)
        index = np.arange(start, stop)[:, None] + np.arange(parameters) * samples
        yield slice(start, stop), index.reshape(-1)


def gamma(state: PhiloxState, samples: int, alpha: Array) -> Array:
    """Draw gamma(alpha, 1) numbers by the method of Marsaglia and Tsang (2000).

    Args:
        state: the generator's state.
        samples: draws per alpha.
        alpha: float64 array (n,); NaN comes out where it is negative or NaN.

    Returns:
        float64 array (samples, n).
    """
    out = np.empty((samples, alpha.size))
    for rows, index in _outputs(alpha.size, samples):
        lanes = _Lanes(state, index)
        shape = np.broadcast_to(alpha, (rows.stop - rows.start, alpha.size)).reshape(-1)
        out[rows] = _gamma_lanes(lanes, shape).reshape(-1, alpha.size)
    return out


def _gamma_lanes(lanes: _Lanes, alpha: Array) -> Array:
    out = np.full(alpha.size, np.nan)
    unit = np.flatnonzero(alpha == 1.0)
    out[unit] = -philox.map64(math.log, 1.0 - lanes.uniform(unit))
    small = alpha < 1.0
    d = np.where(small, alpha + 2.0 / 3, alpha - 1.0 / 3)
    pending = np.flatnonzero((alpha >= 0.0) & (alpha != 1.0))
    c = np.zeros(alpha.size)
    c[pending] = (1.0 / 3) / np.sqrt(d[pending])
    while pending.size:
        x = lanes.normal(pending)
        v = 1.0 + c[pending] * x
        positive = np.flatnonzero(v > 0.0)
        tried, x, v = pending[positive], x[positive], v[positive]
        v = v * v * v
        u = lanes.uniform(tried)
        with np.errstate(divide="ignore", invalid="ignore"):
            slow = np.log(u) < 0.5 * x * x + d[tried] * (1.0 - v + np.log(v))
        accepted = (u < 1.0 - 0.0331 * (x * x) * (x * x)) | slow
        out[tried[accepted]] = d[tried[accepted]] * v[accepted]
        pending = np.delete(pending, positive[accepted])
    boosted = np.flatnonzero(small & (alpha >= 0.0))
    if boosted.size:
        with np.errstate(divide="ignore"):
            powers = (1.0 / alpha[boosted]).tolist()
        uniforms = lanes.uniform(boosted).tolist()
        out[boosted] *= np.fromiter(map(math.pow, uniforms, powers), np.float64, boosted.size)
    return out


def poisson(state: PhiloxState, samples: int, rate: Array) -> Array:
    """Draw Poisson numbers: products of uniforms below rate 10, Hoermann's PTRS (1993) above.

    Args:
        state: the generator's state.
        samples: draws per rate.
        rate: float64 array (n,); 0 comes out where it is negative, NaN where it is not finite.

    Returns:
        float64 array (samples, n) of whole numbers.
    """
    out = np.empty((samples, rate.size))
    for rows, index in _outputs(rate.size, samples):
        lanes = _Lanes(state, index)
        rates = np.broadcast_to(rate, (rows.stop - rows.start, rate.size)).reshape(-1)
        result = np.full(rates.size, np.nan)
        _small_poisson(lanes, rates, result)
        _large_poisson(lanes, rates, result)
        out[rows] = result.reshape(-1, rate.size)
    return out


def _small_poisson(lanes: _Lanes, rate: Array, out: Array) -> None:
    pending = np.flatnonzero((rate > -np.inf) & (rate < 10.0))
    limit = philox.map64(math.exp, -np.maximum(rate[pending], 0.0))
    product = np.ones(pending.size)
    count = 0.0
    while pending.size:
        product *= lanes.uniform(pending)
        going = product > limit
        out[pending[~going]] = count
        pending, limit, product = pending[going], limit[going], product[going]
        count += 1.0


def _large_poisson(lanes: _Lanes, rate: Array, out: Array) -> None:
    pending = np.flatnonzero((rate >= 10.0) & np.isfinite(rate))
    while pending.size:
        r = rate[pending]
        b = 0.931 + 2.53 * np.sqrt(r)
        a = -0.059 + 0.02483 * b
        inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
        u = lanes.uniform(pending) - 0.5
        v = lanes.uniform(pending)
        us = 0.5 - np.abs(u)
        k = np.floor((2.0 * a / us + b) * u + r + 0.43)
        accepted = (us >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2.0))
        unsure = np.flatnonzero(~accepted & (k >= 0.0) & ~((us < 0.013) & (v > us)))
        with np.errstate(divide="ignore"):
            likelihood = np.log(v * inverse_alpha / (a / (us * us) + b))[unsure]
        log_factorial = philox.map64(math.lgamma, k[unsure] + 1.0)
        bound = -r[unsure] + k[unsure] * np.log(r[unsure]) - log_factorial
        accepted[unsure] = likelihood <= bound
        out[pending[accepted]] = k[accepted]
        pending = pending[~accepted]
