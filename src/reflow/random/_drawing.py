"""Numbers of a shape: uniform, normal, truncated normal, integers; and scaling them.

Eager code draws NumPy arrays from the op's kernel (``core/random.py``). In a function being traced
each op has a generator of its own, whose state is an argument of every call; XLA then draws
(``core/philox_jax.py``), the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from reflow.core import philox_jax, random, record
from reflow.core.aval import Aval, aval
from reflow.core.device import current_device, requested
from reflow.core.dtypes import FLOATS, DType
from reflow.core.errors import InvalidArgumentError, ResourceExhaustedError
from reflow.core.op import Primitive, op
from reflow.core.philox import RESERVED_PER_OUTPUT
from reflow.core.rules import broadcast_all, broadcast_shapes, text
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.random._arguments import Array, Number, check_range, check_shape, invalid_op

Shape = tuple[int, ...]
Seed = tuple[int, int] | Tensor

# ------------------------------------------------------------------------------------ the streams


def traced() -> bool:
    """Whether a function is being traced, where ops have generators of their own."""
    return record.state.segment.capture is not None


def requested_device() -> str | None:
    """The device that the program asked for, or None; kernels differ by it."""
    return requested().to_string() or None


def node_state(seed: Any, new_ops: int, blocks: int) -> tuple[Tensor, Tensor]:
    """Key and counter of a new op's generator in the function being traced.

    Args:
      seed: the op's seed argument.
      new_ops: ops that TF's graph gains before this op asks for its seed.
      blocks: blocks that one call reserves.
    """
    capture = record.state.segment.capture
    return capture.stream(random.node_stream(capture.op_count() + new_ops, seed, blocks))  # type: ignore[no-any-return]


def constants(*numbers: Number) -> int:
    """How many of an op's arguments become constants (or captures) of TF's graph."""
    return sum(1 for number in numbers if not number.tensor._is_symbolic())


@contextmanager
def memory_for(shape: Shape, dtype: DType, op: str) -> Iterator[None]:
    """Turns running out of memory into TF's error."""
    try:
        if math.prod(shape) * dtype.size >= 2**63:
            raise MemoryError
        yield
    except MemoryError:
        raise ResourceExhaustedError(
            None,
            None,
            f"OOM when allocating tensor with shape{text(shape)} and type {dtype.label} on "
            f"{current_device()} by allocator cpu [Op:{op}]",
        ) from None


# -------------------------------------------------------- uniform, normal, truncated normal numbers


def _of_shape(*inputs: Aval, shape: Shape, dtype: DType) -> Aval:
    return aval(shape, dtype)


def _generator_op(name: str, draw: Callable[..., Any]) -> Primitive:
    """An op that draws from (key, counter), or from a stateless seed."""

    def fn(*state: Any, shape: Shape, dtype: DType) -> Any:
        key_counter = state if len(state) == 2 else philox_jax.stateless_state(*state)
        return draw(*key_counter, shape, dtype.np)

    return Primitive(fn, name, same=(), rule=_of_shape, reads=(), differentiable=False)


_FILLS: dict[str, tuple[Callable[..., Array], Primitive]] = {
    "RandomUniform": (
        random.random_uniform,
        _generator_op("RandomUniform", philox_jax.uniform),
    ),
    "RandomStandardNormal": (
        random.random_standard_normal,
        _generator_op("RandomStandardNormal", philox_jax.normal),
    ),
    "TruncatedNormal": (
        random.truncated_normal,
        _generator_op("TruncatedNormal", philox_jax.truncated_normal),
    ),
}
_STATELESS_FILLS: dict[str, tuple[Callable[..., Array], Primitive]] = {
    "StatelessRandomUniform": (
        random.stateless_uniform,
        _generator_op("StatelessRandomUniform", philox_jax.uniform),
    ),
    "StatelessRandomNormal": (
        random.stateless_normal,
        _generator_op("StatelessRandomNormal", philox_jax.normal),
    ),
    "StatelessTruncatedNormal": (
        random.stateless_truncated_normal,
        _generator_op("StatelessTruncatedNormal", philox_jax.truncated_normal),
    ),
}


def fill(
    op: str, operand: Array, dtype: DType, seed: Any, numbers: tuple[Number, Number]
) -> Array | Tensor:
    """Draws numbers: a NumPy array, or a tensor in a function being traced.

    `numbers` are what it will be scaled by: in TF's graph they come before it.
    """
    eager, primitive = _FILLS[op]
    if traced():
        shape = check_shape(operand, op)
        state = node_state(seed, 1 + constants(*numbers), RESERVED_PER_OUTPUT * math.prod(shape))
        return primitive(*state, shape=shape, dtype=dtype)  # type: ignore[no-any-return]
    pair = random.get_seed(seed)
    shape = check_shape(operand, op)
    options = {"shape_dtype": operand.dtype.name, "device": requested_device()}
    with memory_for(shape, dtype, op):
        return eager(shape, dtype.np, pair, **options)


def stateless_fill(op: str, shape: Shape, dtype: DType, seed: Seed) -> Array | Tensor:
    """Draws numbers that depend on the seed only: a NumPy array, or a tensor for a tensor."""
    eager, primitive = _STATELESS_FILLS[op]
    if isinstance(seed, Tensor):
        return primitive(seed, shape=shape, dtype=dtype)  # type: ignore[no-any-return]
    with memory_for(shape, dtype, op):
        return eager(shape, dtype.np, seed)


# --------------------------------------------------------------------------------------- integers


@op("RandomUniformInt", same=(), rule=_of_shape, reads=(), differentiable=False)
def _integers(*inputs: Any, shape: Shape, dtype: DType) -> Any:
    *state, low, high = inputs
    key_counter = state if len(state) == 2 else philox_jax.stateless_state(*state)
    return philox_jax.uniform_int(*key_counter, shape, low, high, dtype.np)


def integers(
    operand: Array, low: Number, high: Number, dtype: DType, seed: Any, scope: str
) -> Tensor:
    """Draws integers in [low, high)."""
    op = "RandomUniformInt"
    if traced():
        shape = check_shape(operand, op)
        check_range(low, high, op, scope)
        state = node_state(seed, 1 + constants(low, high), RESERVED_PER_OUTPUT * math.prod(shape))
        return _integers(*state, low.tensor, high.tensor, shape=shape, dtype=dtype)  # type: ignore[no-any-return]
    pair = random.get_seed(seed)
    shape = check_shape(operand, op)
    if math.prod(shape) == 0:
        return tensor_from_numpy(np.empty(shape, dtype.np))
    check_range(low, high, op, scope)
    bounds = int(low.tensor._host()), int(high.tensor._host())
    options = {"shape_dtype": operand.dtype.name, "device": requested_device()}
    with memory_for(shape, dtype, op):
        drawn = random.random_uniform_int(shape, *bounds, dtype.np, pair, **options)
    return tensor_from_numpy(drawn)


def stateless_integers(
    shape: Shape, low: Number, high: Number, dtype: DType, seed: Seed, scope: str
) -> Tensor:
    """Draws integers in [low, high) that depend on the seed only."""
    op = "StatelessRandomUniformInt"
    if math.prod(shape):
        check_range(low, high, op, scope)
    if isinstance(seed, Tensor):
        return _integers(seed, low.tensor, high.tensor, shape=shape, dtype=dtype)  # type: ignore[no-any-return]
    bounds = int(low.tensor._host()), int(high.tensor._host())
    with memory_for(shape, dtype, op):
        return tensor_from_numpy(random.stateless_uniform_int(shape, *bounds, dtype.np, seed))


# ---------------------------------------------------------------------------------------- scaling


@op("Add", types=FLOATS, rule=broadcast_all)
def _scaled(z: Any, factor: Any, term: Any) -> Any:
    return philox_jax.multiply_add(z, factor, term)


@op("Add", types=FLOATS, rule=broadcast_all)
def _ranged(u: Any, low: Any, high: Any) -> Any:
    return philox_jax.multiply_add(u, high - low, low)


def scale(z: Array | Tensor, factor: Number, term: Number, scope: str) -> Tensor:
    """Returns z * factor + term, rounded after each step; `scope` is for messages.

    Raises:
      InvalidArgumentError: the shapes do not broadcast.
    """
    product = _broadcast(z.shape, factor.tensor.shape, "Mul", f"{scope}/mul")
    _broadcast(product, term.tensor.shape, "Add", scope)
    if isinstance(z, Tensor) or factor.host is None or term.host is None:
        return _scaled(_as_tensor(z), factor.tensor, term.tensor)  # type: ignore[no-any-return]
    return tensor_from_numpy(_multiply_add(z, factor.host, term.host))


def stretch(u: Array | Tensor, low: Number, high: Number, scope: str) -> Tensor:
    """Returns u * (high - low) + low, rounded after each step; `scope` is for messages.

    Raises:
      InvalidArgumentError: the shapes do not broadcast.
    """
    span = _broadcast(high.tensor.shape, low.tensor.shape, "Sub", f"{scope}/sub")
    product = _broadcast(u.shape, span, "Mul", f"{scope}/mul")
    _broadcast(product, low.tensor.shape, "Add", scope)
    if isinstance(u, Tensor) or low.host is None or high.host is None:
        return _ranged(_as_tensor(u), low.tensor, high.tensor)  # type: ignore[no-any-return]
    with np.errstate(all="ignore"):
        return tensor_from_numpy(_multiply_add(u, np.asarray(high.host - low.host), low.host))


def _multiply_add(z: Array, factor: Array, term: Array) -> Array:
    """z * factor + term; `z` is overwritten where the result has its shape."""
    with np.errstate(all="ignore"):
        product = np.multiply(z, factor, out=_place(z, factor))
        return np.add(product, term, out=_place(product, term))


def _place(array: Array, other: Array) -> Array | None:
    """Where a result may go: over `array`, unless `other` broadcasts it to a larger shape."""
    fits = broadcast_shapes(array.shape, other.shape) == array.shape
    return array if fits and isinstance(array, np.ndarray) else None


def _broadcast(x: Any, y: Any, op: str, scope: str) -> Shape:
    x, y = tuple(x), tuple(y)
    try:
        return broadcast_shapes(x, y)
    except InvalidArgumentError as error:
        raise invalid_op(error.message, op, scope) from None


def _as_tensor(value: Array | Tensor) -> Tensor:
    return value if isinstance(value, Tensor) else tensor_from_numpy(value)
