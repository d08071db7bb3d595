"""The one place that owns random state: the global seed, op seeds, and every op's stream.

How TensorFlow 2.1 seeds a random op: the op has two attributes (seed, seed2), made from the
global seed and the op's own ``seed`` argument (``get_seed``). Ops of one type with the same
attributes share a *kernel*, whose generator moves on from call to call. ``set_seed`` drops all
kernels. The pair (0, 0) means that nobody asked for reproducible numbers; those come from NumPy's
fastest generator. (``Dataset.shuffle`` has a stream of its own: ``core/random_streams.py``.)

Drawing functions return NumPy arrays. Their arguments: `shape` (a tuple), `dtype` (NumPy's), and

    pair         the op's (seed, seed2), from ``get_seed``
    shape_dtype  dtype of the op's shape operand; kernels differ by it
    device       the device the user asked for, or None; kernels differ by it
"""

from __future__ import annotations

import math
import os
import random as _python_random
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from reflow.core import philox, random_samplers, random_unseeded
from reflow.core.philox import RESERVED_PER_OUTPUT, PhiloxState
from reflow.core.random_streams import Pair, PhiloxStream, starting_state
from reflow.core.random_unseeded import generator

Array = np.ndarray[Any, Any]

_SEED_LIMIT = 2**31 - 1
_DEFAULT_GLOBAL_SEED = 87654321
"""Takes the global seed's place where only the op has one."""
_FIT_SEED2 = 5
"""``Model.fit`` shuffles in a function graph whose sixth op asks for the seed."""
_KERNELS_KEPT = 1 << 15
"""Kernels beyond this number that were not used for longest start afresh.

Without a seed of its own every op call has a kernel of its own; a program that calls many must not
grow for ever.
"""

GRAPH_OPS = {
    "RandomUniform": 4,
    "RandomUniformInt": 2,
    "RandomStandardNormal": 3,
    "TruncatedNormal": 3,
    "Multinomial": 2,
    "RandomPoissonV2": 2,
    # and those with an axis or a shape, which is a constant of its own:
    **dict.fromkeys(
        (
            "All",
            "Any",
            "ArgMax",
            "ArgMin",
            "BroadcastTo",
            "ConcatV2",
            "Cumsum",
            "ExpandDims",
            "GatherV2",
            "Max",
            "Mean",
            "Min",
            "Pad",
            "Prod",
            "Reshape",
            "ReverseV2",
            "Split",
            "Sum",
            "Tile",
            "Transpose",
        ),
        2,
    ),
    "RandomState": 0,  # of a random op in a loop
    "OneHot": 4,
    "Slice": 3,
    "StridedSlice": 4,
}
"""Ops that TF's graphs hold where Reflow's hold one: constants, and scaling in several steps.

The number of ops before it seeds a random op inside a function. (Bounds, mean and stddev, and the
op that scales by them, are recorded and so counted apart.)
"""

_lock = threading.RLock()
_global_seed: Any = None
_op_seeds: _python_random.Random | None = None
_generation = 0
_kernels: OrderedDict[Hashable, PhiloxState] = OrderedDict()
_threads: int | None = None

# ------------------------------------------------------------------------------------------ seeds


def set_seed(seed: Any) -> None:
    """Set the global seed and start every stream afresh.

    Args:
        seed: an int; also a float, bool, NumPy scalar, 0-d array or scalar tensor. None takes the
            global seed away. What cannot be a seed fails at the first random op, as in TF 2.1.
    """
    global _global_seed, _op_seeds, _generation
    with _lock:
        _global_seed = seed
        _op_seeds = None
        _generation += 1
        _kernels.clear()


def global_seed() -> Any:
    """Return what ``set_seed`` was given, or None."""
    return _global_seed


def generation() -> int:
    """Return how often ``set_seed`` was called: streams of an older generation start afresh."""
    return _generation


def get_seed(op_seed: Any) -> Pair:
    """Return the (seed, seed2) of an eager op with the argument ``seed=op_seed``.

    Without `op_seed`, but with a global seed, this draws from the sequence of op seeds; call it
    exactly once for each op.

    Raises:
        TypeError: the global or the op seed is no number.
    """
    if op_seed is None and _global_seed is not None:
        return _pair(_global_seed, _draw_op_seed())
    return _pair(_global_seed, op_seed)


def graph_seed(op_count: int, op_seed: Any = None) -> Pair:
    """Return the (seed, seed2) of an op inside a function graph.

    Args:
        op_count: number of ops the graph holds when the random op asks for its seed.
        op_seed: the op's own seed argument.
    """
    if op_seed is None and _global_seed is not None:
        return _pair(_global_seed, op_count)
    return _pair(_global_seed, op_seed)


class _GraphOps(threading.local):
    """What a caller knows of TF's graph that Reflow's own count of ops does not show."""

    exact: int | None = None
    more: int = 0


_graph_ops = _GraphOps()


@contextmanager
def graph_ops(*, exact: int | None = None, more: int = 0) -> Iterator[None]:
    """Corrects, in a block, the number of ops that seeds the random ops of a traced function.

    Args:
        exact: the number itself, whatever was counted.
        more: ops that TF's graph holds at this point beyond those counted.
    """
    before = _graph_ops.exact, _graph_ops.more
    _graph_ops.exact, _graph_ops.more = exact, before[1] + more
    try:
        yield
    finally:
        _graph_ops.exact, _graph_ops.more = before


@contextmanager
def inner_graph_ops(more: int) -> Iterator[None]:
    """The same in a block that traces a branch or a loop's body: a graph of its own in TF.

    Args:
        more: ops that it holds beyond those counted.
    """
    with graph_ops(more=more - _graph_ops.more):
        yield


def more_graph_ops() -> int:
    """How many ops TF's graph holds here beyond those counted."""
    return _graph_ops.more


def add_graph_ops(number: int) -> None:
    """Says that TF's graph holds more ops from here on, up to the end of the ``graph_ops`` block.

    Args:
      number: how many; negative where Reflow records more than TF does.
    """
    _graph_ops.more += number


def node_stream(counted_ops: int, op_seed: Any, blocks: int) -> NodeStream:
    """Make the stream of a new random op in a function being traced.

    Args:
        counted_ops: ops that the graph holds when the random op asks for its seed, as counted.
        op_seed: the op's own seed argument.
        blocks: blocks that one call reserves.
    """
    known = _graph_ops.exact
    count = counted_ops + _graph_ops.more if known is None else known
    return NodeStream(graph_seed(count, op_seed), blocks)


def _pair(global_seed: Any, op_seed: Any) -> Pair:
    if global_seed is None:
        if op_seed is None:
            return 0, 0
        global_seed = _DEFAULT_GLOBAL_SEED
    pair = _truncate(global_seed), _truncate(op_seed)
    return (0, _SEED_LIMIT) if pair == (0, 0) else pair


def _truncate(seed: Any) -> int:
    if hasattr(seed, "__array__"):
        seed = _single(seed)
    return int(seed % _SEED_LIMIT)


def _single(seed: Any) -> Any:
    array = np.asarray(seed)
    if array.size != 1:
        raise TypeError("only size-1 arrays can be converted to Python scalars")
    return array.item()


class _OwnSeeds(threading.local):
    """Where this thread's ops draw their seeds instead of from the program's sequence."""

    source: _python_random.Random | None = None


_own = _OwnSeeds()


@contextmanager
def own_op_seeds(number: int) -> Iterator[None]:
    """In a block, op seeds come from a sequence that depends on the global seed and `number` only.

    For functions of a dataset's elements, which run in other threads and leave the program's own
    sequence alone, as in TF.
    """
    before = _own.source
    _own.source = _python_random.Random(f"{_global_seed}/{number}")
    try:
        yield
    finally:
        _own.source = before


def _draw_op_seed() -> int:
    global _op_seeds
    if _own.source is not None:
        return _own.source.randint(0, _SEED_LIMIT)
    with _lock:
        if _op_seeds is None:
            _op_seeds = _python_random.Random(_python_seed(_global_seed))
        return _op_seeds.randint(0, _SEED_LIMIT)


def _python_seed(seed: Any) -> Any:
    """What to give Python's Random for the numbers that Python 3.7 made of `seed`."""
    if isinstance(seed, int):
        return seed
    if isinstance(seed, np.generic):
        return hash(seed) & 0xFFFFFFFFFFFFFFFF
    if hasattr(seed, "__array__"):
        return int(_single(seed))
    return seed


# ---------------------------------------------------------------------------------------- kernels


def reserve(
    op: str, attributes: Hashable, pair: Pair, device: str | None, blocks: int
) -> PhiloxState:
    """Return the state that an eager op draws from, and move its kernel on.

    Args:
        op: TF's op type, such as "RandomUniform".
        attributes: everything else that tells kernels apart.
        pair: the op's (seed, seed2).
        device: the device asked for, or None.
        blocks: how far to move on.
    """
    key = (op, attributes, pair, device)
    with _lock:
        state = _kernels.pop(key, None) or starting_state(pair)
        _kernels[key] = state.skip(blocks)
        if len(_kernels) > _KERNELS_KEPT:
            _kernels.popitem(last=False)
    return state


class NodeStream:
    """The stream of one random op in a compiled function: a node has a generator of its own.

    Args:
        pair: the node's (seed, seed2), from ``graph_seed`` when the function is traced.
        blocks: blocks that one call reserves (256 for every output).

    ``set_seed`` starts the stream afresh from the pair it was traced with.
    """

    def __init__(self, pair: Pair, blocks: int) -> None:
        self.pair = pair
        self.blocks = blocks
        self._place = _Place()

    def follow(self, other: NodeStream) -> None:
        """Shares the other's place: both are one node of a function, traced for two batch sizes."""
        if self.pair == other.pair:
            self._place = other._place

    def advance(self, calls: int = 1) -> tuple[Array, Array]:
        """Return the state for the next call, and move on by `calls` calls.

        Returns:
            The key as uint32 (2,) and the counter as uint32 (4,), lowest words first: run-time
            arguments of the traced functions in ``core/philox_jax.py``.
        """
        place = self._place
        with _lock:
            if place.generation != _generation:
                place.generation = _generation
                place.stream = PhiloxStream(self.pair)
            return philox.state_words(place.stream.reserve(calls * self.blocks))


class _Place:
    """Where a node's stream is."""

    generation = -1
    stream: PhiloxStream


def fit_orders(n: int) -> Iterator[Array]:
    """Yield the order of `n` samples for each epoch of one ``Model.fit`` call.

    Every call starts from the same pair, so that two fits of one program see the same orders.
    Without a global seed the orders differ from run to run.
    """
    stream = PhiloxStream(graph_seed(_FIT_SEED2))
    while True:
        state = stream.reserve(random_samplers.permutation_blocks(n))
        yield random_samplers.permutation(state, n)


# ------------------------------------------------------------------------------- numbers, eagerly


def random_uniform(
    shape: tuple[int, ...],
    dtype: Any,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw floating numbers uniform in [0, 1)."""
    return _fill("RandomUniform", shape, dtype, pair, shape_dtype, device)


def random_standard_normal(
    shape: tuple[int, ...],
    dtype: Any,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw normal numbers of mean 0 and standard deviation 1."""
    return _fill("RandomStandardNormal", shape, dtype, pair, shape_dtype, device)


def truncated_normal(
    shape: tuple[int, ...],
    dtype: Any,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw standard normal numbers smaller than 2 in size."""
    return _fill("TruncatedNormal", shape, dtype, pair, shape_dtype, device)


_FILLS: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "RandomUniform": (philox.uniform, random_unseeded.uniform),
    "RandomStandardNormal": (philox.normal, random_unseeded.normal),
    "TruncatedNormal": (philox.truncated_normal, random_unseeded.truncated_normal),
}


def _fill(
    op: str, shape: tuple[int, ...], dtype: Any, pair: Pair, shape_dtype: str, device: str | None
) -> Array:
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    seeded, unseeded = _FILLS[op]
    if pair == (0, 0):
        return unseeded(count, dtype).reshape(shape)
    state = reserve(op, (dtype.name, shape_dtype), pair, device, RESERVED_PER_OUTPUT * count)
    return seeded(state, count, dtype).reshape(shape)


def random_uniform_int(
    shape: tuple[int, ...],
    low: int,
    high: int,
    dtype: Any,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw int32 or int64 numbers in [low, high)."""
    dtype = np.dtype(dtype)
    count = math.prod(shape)
    if count == 0:
        return np.empty(shape, dtype)
    if pair == (0, 0):
        return generator().integers(low, high, shape, dtype)
    blocks = RESERVED_PER_OUTPUT * count
    state = reserve("RandomUniformInt", (dtype.name, shape_dtype), pair, device, blocks)
    return philox.uniform_int(state, count, low, high, dtype).reshape(shape)


def random_shuffle(
    rows: int, size: int, dtype: str, pair: Pair, *, device: str | None = None
) -> Array:
    """Draw the order in which to put `rows` rows of a tensor of `size` elements of type `dtype`."""
    if rows <= 1 or size <= 1:
        return np.arange(rows)
    if pair == (0, 0):
        return generator().permutation(rows)
    blocks = random_samplers.permutation_blocks(rows)
    return random_samplers.permutation(reserve("RandomShuffle", dtype, pair, device, blocks), rows)


def multinomial(
    logits: Array, samples: int, dtype: Any, pair: Pair, *, device: str | None = None
) -> Array:
    """Draw class numbers (batch, samples) of type `dtype` for `logits` (batch, classes)."""
    dtype = np.dtype(dtype)
    batch = logits.shape[0]
    if pair == (0, 0):
        chosen = random_samplers.choose(logits, generator().random((batch, samples)))
    else:
        blocks = random_samplers.categorical_blocks(batch, samples)
        key = (logits.dtype.name, dtype.name)
        state = reserve("Multinomial", key, pair, device, blocks)
        chosen = random_samplers.categorical(state, logits, samples, intra_op_threads())
    return chosen.astype(dtype)


def random_gamma(
    shape: tuple[int, ...],
    alpha: Array,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw gamma(alpha, 1) numbers of alpha's dtype: shape (*shape, *alpha.shape)."""
    parameters = alpha.astype(np.float64).reshape(-1)
    samples = math.prod(shape)
    if pair == (0, 0):
        valid = np.where(parameters >= 0.0, parameters, 0.0)
        drawn = generator().standard_gamma(valid, (samples, valid.size))
        drawn[:, ~(parameters >= 0.0)] = np.nan
    else:
        blocks = RESERVED_PER_OUTPUT * samples * parameters.size
        state = reserve("RandomGamma", (alpha.dtype.name, shape_dtype), pair, device, blocks)
        drawn = random_samplers.gamma(state, samples, parameters)
    if alpha.dtype == np.float16:
        drawn = drawn.astype(np.float32)  # TF rounds twice
    return drawn.astype(alpha.dtype).reshape(shape + alpha.shape)


def random_poisson(
    shape: tuple[int, ...],
    rate: Array,
    dtype: Any,
    pair: Pair,
    *,
    shape_dtype: str = "int32",
    device: str | None = None,
) -> Array:
    """Draw Poisson numbers of type `dtype`: shape (*shape, *rate.shape)."""
    dtype = np.dtype(dtype)
    parameters = rate.astype(np.float64).reshape(-1)
    samples = math.prod(shape)
    if pair == (0, 0):
        # NumPy draws 64-bit counts; a rate beyond them would raise where the seeded op does not.
        valid = np.isfinite(parameters) & (parameters < 2.0**62)
        rates = np.where(valid, np.maximum(parameters, 0.0), 0.0)
        counts = generator().poisson(rates, (samples, valid.size))
        drawn = np.where(valid, counts.astype(np.float64), np.nan)
    else:
        blocks = RESERVED_PER_OUTPUT * samples * parameters.size
        key = (rate.dtype.name, shape_dtype, dtype.name)
        state = reserve("RandomPoissonV2", key, pair, device, blocks)
        drawn = random_samplers.poisson(state, samples, parameters)
    with np.errstate(invalid="ignore", over="ignore"):
        return drawn.astype(dtype).reshape(shape + rate.shape)


# ---------------------------------------------------------------------------- numbers, statelessly


def stateless_uniform(shape: tuple[int, ...], dtype: Any, seed: Pair) -> Array:
    """Draw floating numbers uniform in [0, 1) that depend on nothing but the two-integer seed."""
    count = math.prod(shape)
    return philox.uniform(philox.stateless_state(seed), count, dtype).reshape(shape)


def stateless_uniform_int(
    shape: tuple[int, ...], low: int, high: int, dtype: Any, seed: Pair
) -> Array:
    """Draw int32 or int64 numbers in [low, high) that depend on nothing but the seed."""
    if math.prod(shape) == 0:
        return np.empty(shape, dtype)
    state = philox.stateless_state(seed)
    return philox.uniform_int(state, math.prod(shape), low, high, dtype).reshape(shape)


def stateless_normal(shape: tuple[int, ...], dtype: Any, seed: Pair) -> Array:
    """Draw standard normal numbers that depend on nothing but the seed."""
    count = math.prod(shape)
    return philox.normal(philox.stateless_state(seed), count, dtype).reshape(shape)


def stateless_truncated_normal(shape: tuple[int, ...], dtype: Any, seed: Pair) -> Array:
    """Draw standard normal numbers smaller than 2 in size that depend on nothing but the seed."""
    count = math.prod(shape)
    return philox.truncated_normal(philox.stateless_state(seed), count, dtype).reshape(shape)


def stateless_multinomial(logits: Array, samples: int, dtype: Any, seed: Pair) -> Array:
    """Draw class numbers (batch, samples) that depend on nothing but logits and the seed."""
    state = philox.stateless_state(seed)
    return random_samplers.categorical(state, logits, samples, intra_op_threads()).astype(dtype)


def intra_op_threads() -> int:
    """Return the size of TensorFlow's thread pool, on which large categorical draws depend."""
    if _threads is not None:
        return _threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_intra_op_threads(count: int) -> None:
    """Set the size of the thread pool; 0 means one thread for each processor."""
    global _threads
    _threads = count or None
