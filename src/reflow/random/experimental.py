"""``tf.random.experimental``: generators as objects, whose state is a variable."""

from __future__ import annotations

import math
import secrets
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow._namespace import lazy_names
from reflow.core import philox, philox_jax
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    FLOATS,
    DType,
    as_dtype,
    float32,
    int32,
    int64,
    uint32,
    uint64,
)
from reflow.core.errors import NotFoundError, UnimplementedError
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.philox import RESERVED_PER_OUTPUT, PhiloxState
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.core.variable import Variable
from reflow.random import _drawing as drawing
from reflow.random._arguments import (
    Array,
    check_range,
    check_shape,
    invalid_op,
    number,
    shape_operand,
)

__all__ = [
    "Generator",
    "create_rng_state",
    "get_global_generator",
    "set_global_generator",
]

_PHILOX, _THREEFRY = 1, 2
_STATE_SIZES = {_PHILOX: 3, _THREEFRY: 2}
_INTEGERS = frozenset((int32, int64))
_FULL_INTEGERS = _INTEGERS | {uint32, uint64}
_MASK64 = (1 << 64) - 1

_lock = threading.RLock()
_global_generator: Any = None


def create_rng_state(seed, algorithm):
    """Makes the state of a generator from a seed.

    Args:
      seed: an int, cut into 64-bit pieces, lowest first; or a list of such pieces, which fill the
        state from its end. A small int is therefore where the counter starts, and neighbouring
        seeds give overlapping numbers.
      algorithm: 1 for Philox (2, ThreeFry, has a state, but no op draws from it).

    Returns:
      An int64 NumPy array: counter (2) and key for Philox.

    Raises:
      ValueError: if there is no such algorithm.
    """
    size = _state_size(algorithm)
    if isinstance(seed, str) or not hasattr(seed, "__iter__"):
        pieces = _pieces(seed, size)
    else:
        given = [int(piece) for piece in seed][:size]
        pieces = [0] * (size - len(given)) + given
    return np.array([piece & _MASK64 for piece in pieces], np.uint64).view(np.int64)


def _pieces(seed: Any, size: int) -> list[int]:
    if isinstance(seed, str):
        raise TypeError("'>' not supported between instances of 'str' and 'int'")
    if not isinstance(seed, (int, np.integer)):
        raise TypeError(f"{type(seed).__name__!r} object is not iterable")
    return [int(seed) >> 64 * place for place in range(size)]


def _state_size(algorithm: Any) -> int:
    if isinstance(algorithm, int) and algorithm in _STATE_SIZES:
        return _STATE_SIZES[algorithm]
    raise ValueError(f"Unsupported algorithm id: {algorithm}")


# ------------------------------------------------------------------ drawing from a state variable


def _to_philox(state: Any) -> tuple[Any, Any]:
    """Key and counter words of an int64 state (counter, counter, key)."""
    low, high, key = (philox_jax.halves(piece) for piece in state)
    return jnp.stack(key), jnp.stack([*low, *high])


def _skipped(state: Any, blocks: int) -> Any:
    _, counter = _to_philox(state)
    moved = philox_jax.skip(counter, blocks)
    low, high = philox_jax.join(moved[0], moved[1]), philox_jax.join(moved[2], moved[3])
    return jnp.stack([low.astype(jnp.int64), high.astype(jnp.int64), state[2]])


def _drawn_and_state(
    state: Aval, *bounds: Aval, kind: str, shape: tuple[int, ...], dtype: DType
) -> Any:
    return aval(shape, dtype), state


@op("StatefulRandom", same=(), rule=_drawn_and_state, reads=(), differentiable=False)
def _draw_traced(state: Any, *bounds: Any, kind: str, shape: tuple[int, ...], dtype: DType) -> Any:
    values = getattr(philox_jax, kind)(*_to_philox(state), shape, *bounds, dtype.np)
    return values, _skipped(state, RESERVED_PER_OUTPUT * math.prod(shape))


def _from_array(state: Array) -> PhiloxState:
    low, high, key = state.view(np.uint64).tolist()
    return PhiloxState(key, low | high << 64)


def _to_array(state: PhiloxState) -> Array:
    pieces = state.counter & _MASK64, state.counter >> 64, state.key
    return np.array(pieces, np.uint64).view(np.int64)


class Generator:
    """A random generator whose state is a ``tf.Variable`` of its own.

    Make one with ``from_seed``, ``from_state``, ``from_key_counter`` or
    ``from_non_deterministic_state``. Every op moves the state on by 256 blocks per number.

    Args:
      copy_from: a generator to copy; give nothing else then.
      state: the state to start from; a variable is used itself.
      alg: the algorithm, 1 for Philox.

    Raises:
      AssertionError: if the arguments are not one of these two combinations.
      ValueError: if there is no such algorithm, or the state is not as long as it needs.
    """

    def __init__(self, copy_from=None, state=None, alg=None):
        if copy_from is not None:
            if state is not None or alg is not None:
                raise AssertionError("Generator: give copy_from alone, or state and alg")
            self._state = Variable(copy_from.state, dtype=int64, trainable=False)
            self._algorithm = copy_from.algorithm
            return
        if state is None or alg is None:
            raise AssertionError("Generator: give both state and alg, or copy_from")
        _check_length(state, _state_size(alg))
        if isinstance(state, Variable):
            self._state = state
        else:
            state = convert_to_tensor(state, int64)
            self._state = Variable(state, dtype=int64, trainable=False)
        self._algorithm = alg

    @classmethod
    def from_state(cls, state, alg):
        """Makes a generator from a state: a vector of int64, or a variable to use."""
        return cls(state=state, alg=alg)

    @classmethod
    def from_seed(cls, seed, alg=None):
        """Makes a generator from a seed; see ``create_rng_state``."""
        alg = _PHILOX if alg is None else alg
        return cls(state=create_rng_state(seed, alg), alg=alg)

    @classmethod
    def from_non_deterministic_state(cls, alg=None):
        """Makes a generator that starts anywhere."""
        alg = _PHILOX if alg is None else alg
        size = _state_size(alg)
        state = np.frombuffer(secrets.token_bytes(8 * size), np.int64)
        return cls(state=state, alg=alg)

    @classmethod
    def from_key_counter(cls, key, counter, alg):
        """Makes a generator from a key (an int) and a counter (two ints, low and high)."""
        return cls(state=_from_key_counter(key, counter, alg), alg=alg)

    @property
    def state(self):
        """The variable that holds the state."""
        return self._state

    @property
    def algorithm(self):
        """The algorithm's number."""
        return self._algorithm

    @property
    def key(self):
        """The key, a scalar tensor: the last element of the state."""
        return convert_to_tensor(self._state)[-1]

    def reset(self, state):
        """Sets the state."""
        _check_length(state, _state_size(self._algorithm))
        self._state.assign(convert_to_tensor(state, int64))

    def reset_from_seed(self, seed):
        """Sets the state from a seed; see ``create_rng_state``."""
        self.reset(create_rng_state(seed, self._algorithm))

    def reset_from_key_counter(self, key, counter):
        """Sets the state from a key (an int) and a counter (two ints)."""
        self.reset(_from_key_counter(key, counter, self._algorithm))

    def skip(self, delta):
        """Moves the state as if ``delta`` numbers had been drawn.

        Args:
          delta: an int; negative ones step back (the lower 64 bits of the counter alone).
        """
        delta = convert_to_tensor(delta, None if isinstance(delta, Tensor) else int64)
        if delta.dtype is not int64:
            raise invalid_op(
                "cannot compute RngSkip as input #2(zero-based) was expected to be a int64 tensor "
                f"but is a {delta.dtype.label} tensor",
                "RngSkip",
            )
        self._check_algorithm("RngSkip")
        with _lock:
            state = _from_array(self._state._host())
            self._state.assign(_to_array(_skip(state, int(delta))))

    def _check_algorithm(self, op: str) -> None:
        if self._algorithm != _PHILOX:
            raise invalid_op(f"Unsupported algorithm id: {self._algorithm}", op)

    # ---- numbers

    def normal(self, shape, mean=0.0, stddev=1.0, dtype=float32, name=None):
        """Draws normally distributed numbers; arguments as those of ``tf.random.normal``."""
        scope = name or "stateful_normal"
        return self._normal("StatefulStandardNormalV2", "normal", shape, mean, stddev, dtype, scope)

    def truncated_normal(self, shape, mean=0.0, stddev=1.0, dtype=float32, name=None):
        """Draws truncated normal numbers; arguments as those of ``tf.random.truncated_normal``."""
        scope, kind = name or "truncated_normal", "truncated_normal"
        return self._normal("StatefulTruncatedNormal", kind, shape, mean, stddev, dtype, scope)

    def _normal(self, op, kind, shape, mean, stddev, dtype, scope):
        dtype = as_dtype(dtype)
        operand = shape_operand(shape)
        mean, stddev = number(mean, dtype), number(stddev, dtype)
        drawn = self._draw(op, kind, operand, dtype, FLOATS)
        return drawing.scale(drawn, stddev, mean, scope)

    def uniform(self, shape, minval=0, maxval=None, dtype=float32, name=None):
        """Draws numbers uniform in ``[minval, maxval)``; arguments as ``tf.random.uniform``'s."""
        dtype = as_dtype(dtype)
        if maxval is None:
            if dtype.is_integer:
                raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
            maxval = 1
        scope = name or "stateful_uniform"
        operand = shape_operand(shape)
        low, high = number(minval, dtype), number(maxval, dtype)
        if not dtype.is_integer:
            drawn = self._draw("StatefulUniform", "uniform", operand, dtype, FLOATS)
            return drawing.stretch(drawn, low, high, scope)
        op = "StatefulUniformInt"
        if operand.size == 0 or operand.all():
            check_range(low, high, op, scope)
        return _tensor(self._draw(op, "uniform_int", operand, dtype, _INTEGERS, low, high))

    def uniform_full_int(self, shape, dtype=uint64, name=None):
        """Draws integers over the whole range of int32, uint32, int64 or uint64.

        Args:
          shape: a vector of ints.
          dtype: the type.
          name: the scope that messages mention.

        Returns:
          A tensor of ``dtype``.
        """
        operand, op = shape_operand(shape), "StatefulUniformFullInt"
        return _tensor(self._draw(op, "uniform_full_int", operand, as_dtype(dtype), _FULL_INTEGERS))

    def binomial(self, shape, counts, probs, dtype=int32, name=None):
        """Draws from binomial distributions: not in Reflow yet."""
        raise UnimplementedError(
            None,
            None,
            "Generator.binomial is not in Reflow yet; count how often uniform(...) < probs, or "
            "use numpy.random.Generator.binomial",
        )

    def make_seeds(self, count=1):
        """Draws seeds for stateless ops: int64 of shape ``[2, count]``; the second row is 0."""
        drawn = self._draw("StatefulUniformFullInt", "uniform_full_int", shape_operand([count]),
                           int64, _FULL_INTEGERS)  # fmt: skip
        if isinstance(drawn, Tensor):
            import reflow as tf

            return tf.stack([drawn, tf.zeros_like(drawn)])
        return tensor_from_numpy(np.stack([drawn, np.zeros_like(drawn)]))

    def split(self, count=1):
        """Makes ``count`` generators with drawn keys, which are independent of each other."""
        keys = self.make_seeds(count)[0]
        zero = [0, 0]
        return [type(self).from_key_counter(key, zero, self._algorithm) for key in keys]

    def _draw(
        self,
        op: str,
        kind: str,
        operand: Array,
        dtype: DType,
        types: frozenset[DType],
        *bounds: Any,
    ) -> Array | Tensor:
        """Draws numbers and moves the state on."""
        shape = _shape(operand, op)
        if dtype not in types:
            raise _no_kernel(op, dtype, types)
        self._check_algorithm(op)
        if drawing.traced():
            state = convert_to_tensor(self._state)
            tensors = [bound.tensor for bound in bounds]
            drawn, after = _draw_traced(state, *tensors, kind=kind, shape=shape, dtype=dtype)
            self._state.assign(after)
            return drawn  # type: ignore[no-any-return]
        draw: Callable[..., Array] = getattr(philox, kind)
        count = math.prod(shape)
        with _lock:
            state = _from_array(self._state._host())
            self._state.assign(_to_array(state.skip(RESERVED_PER_OUTPUT * count)))
        known = [int(bound.tensor._host()) for bound in bounds]
        with drawing.memory_for(shape, dtype, op):
            return draw(state, count, *known, dtype.np).reshape(shape)


def _skip(state: PhiloxState, delta: int) -> PhiloxState:
    """The state 256 * delta blocks later; the product is taken as 64 bits without a sign."""
    blocks = RESERVED_PER_OUTPUT * delta & _MASK64
    low = state.counter & _MASK64
    if blocks >> 32 == 0xFFFFFFFF and (low & 0xFFFFFFFF) + (blocks & 0xFFFFFFFF) >> 32:
        # Small steps back: TF loses the carry, so the upper half stays as it is.
        counter = state.counter - low + (low + blocks & _MASK64)
        return PhiloxState(state.key, counter)
    return state.skip(blocks)


def _shape(operand: Array, op: str) -> tuple[int, ...]:
    if operand.dtype not in (np.int32, np.int64):
        raise invalid_op("shape must be a vector of {int32,int64}.", op)
    return check_shape(operand, op)


def _no_kernel(op: str, dtype: DType, types: frozenset[DType]) -> NotFoundError:
    names = ", ".join(sorted(known.name for known in types))
    return NotFoundError(
        None,
        None,
        f"No registered '{op}' OpKernel for 'CPU' devices compatible with node {{{{node {op}}}}}: "
        f"it draws {names}, not {dtype.name} [Op:{op}]",
    )


def _tensor(drawn: Array | Tensor) -> Tensor:
    return drawn if isinstance(drawn, Tensor) else tensor_from_numpy(drawn)


def _check_length(state: Any, size: int) -> None:
    shape = tuple(state.shape) if hasattr(state, "shape") else np.shape(state)
    if shape != (size,):
        shown = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
        raise ValueError(f"Shapes {shown} and [{size}] are incompatible")


def _from_key_counter(key: Any, counter: Any, alg: Any) -> Any:
    size = _state_size(alg)
    _check_length(counter, size - 1)
    if np.shape(key) != ():
        raise ValueError(f"Shapes {tuple(np.shape(key))} and [] are incompatible")
    import reflow as tf

    key, counter = convert_to_tensor(key, int64), convert_to_tensor(counter, int64)
    return tf.concat([counter, tf.reshape(key, [1])], 0)


def get_global_generator():
    """Returns the process's generator, which starts anywhere unless one was set."""
    global _global_generator
    with _lock:
        if _global_generator is None:
            _global_generator = Generator.from_non_deterministic_state()
        return _global_generator


def set_global_generator(generator):
    """Replaces the process's generator; functions traced before keep the old one."""
    global _global_generator
    _global_generator = generator


__getattr__, __dir__ = lazy_names(__name__)
