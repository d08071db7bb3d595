"""Random numbers from generators that move on from call to call."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reflow._arrays.arguments import no_kernel
from reflow.core import random, record
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import (
    FLOATS,
    DType,
    as_dtype,
    float16,
    float32,
    float64,
    int32,
    int64,
)
from reflow.core.errors import InvalidArgumentError
from reflow.core.philox import RESERVED_PER_OUTPUT
from reflow.core.random_samplers import categorical_blocks, permutation_blocks
from reflow.core.rules import broadcast_shapes, text
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.random import _drawing as drawing
from reflow.random import _sampling as sampling
from reflow.random._arguments import (
    Array,
    check_shape,
    check_sizes,
    invalid_op,
    number,
    shape_operand,
)

__all__ = [
    "categorical",
    "gamma",
    "normal",
    "poisson",
    "set_seed",
    "shuffle",
    "truncated_normal",
    "uniform",
]

_GAMMA_TYPES = frozenset((float16, float32, float64))
_POISSON_TYPES = _GAMMA_TYPES | {int32, int64}


def set_seed(seed):
    """Sets the global seed and starts all random streams afresh.

    Two programs that set the same seed and call the same random ops in the same order get the
    same numbers, those of TensorFlow 2.1. An op's own ``seed`` argument adds to the global one.

    Args:
      seed: an int.
    """
    random.set_seed(seed)


@sized_by("shape")
def uniform(shape, minval=0, maxval=None, dtype=float32, seed=None, name=None):
    """Draws numbers uniform in ``[minval, maxval)``.

    Integers come from a remainder, so where the size of the range is no power of two a few values
    are slightly more frequent.

    Args:
      shape: a vector of ints.
      minval, maxval: the bounds, which broadcast with ``shape`` (for integers: scalars); for
        floating types ``maxval`` is 1 by default.
      dtype: a floating type, int32 or int64.
      seed: an int that, with the global seed, determines the numbers.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      ValueError: if ``dtype`` is another type, or an integer range has no ``maxval``.
      InvalidArgumentError: if ``shape`` is no shape, or ``minval >= maxval`` for integers.
    """
    dtype = as_dtype(dtype)
    if dtype not in FLOATS and dtype not in (int32, int64):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    scope = name or "random_uniform"
    operand = shape_operand(shape)
    low, high = number(minval, dtype), number(maxval, dtype)
    if dtype.is_integer:
        return drawing.integers(operand, low, high, dtype, seed, scope)
    drawn = drawing.fill("RandomUniform", operand, dtype, seed, (low, high))
    return drawing.stretch(drawn, low, high, scope)


@sized_by("shape")
def normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None):
    """Draws normally distributed numbers.

    Args:
      shape: a vector of ints.
      mean: a number or tensor that broadcasts with ``shape``.
      stddev: the standard deviation, likewise.
      dtype: a floating type.
      seed: an int that, with the global seed, determines the numbers.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape, or does not broadcast with the others.
    """
    return _normal(
        "RandomStandardNormal", name or "random_normal", shape, mean, stddev, dtype, seed
    )


@sized_by("shape")
def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None):
    """Draws normal numbers, again and again until they are within two standard deviations.

    Args:
      shape: a vector of ints.
      mean: a number or tensor that broadcasts with ``shape``.
      stddev: the standard deviation before truncation, likewise.
      dtype: a floating type.
      seed: an int that, with the global seed, determines the numbers.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape, or does not broadcast with the others.
    """
    return _normal("TruncatedNormal", name or "truncated_normal", shape, mean, stddev, dtype, seed)


def _normal(op, scope, shape, mean, stddev, dtype, seed):
    dtype = _floating(dtype)
    operand = shape_operand(shape)
    mean, stddev = number(mean, dtype), number(stddev, dtype)
    if dtype not in FLOATS:
        raise no_kernel(op, dtype, FLOATS)
    drawn = drawing.fill(op, operand, dtype, seed, (mean, stddev))
    return drawing.scale(drawn, stddev, mean, scope)


def _floating(dtype: Any) -> DType:
    if dtype is None:
        raise TypeError("Expected DataType for argument 'dtype' not None.")
    return as_dtype(dtype)


def shuffle(value, seed=None, name=None):
    """Puts the rows of a tensor (its first axis) into random order.

    Unlike in TensorFlow, gradients flow through it.

    Args:
      value: a tensor.
      seed: an int that, with the global seed, determines the order.
      name: unused in eager code.

    Returns:
      A tensor like ``value``.
    """
    traced = drawing.traced()
    pair = (0, 0) if traced else random.get_seed(seed)
    tensor = convert_to_tensor(value)
    kind = tensor._aval
    rows = kind.shape[0] if kind.shape else 1
    if rows <= 1 or kind.size <= 1:
        return tensor
    if traced:
        state = drawing.node_state(seed, 0, permutation_blocks(rows))
        return sampling.shuffled(tensor, *state)
    device = drawing.requested_device()
    order = random.random_shuffle(rows, kind.size, kind.dtype.name, pair, device=device)
    host = record.host_value(tensor)
    given = value is tensor or hasattr(value, "_read_tensor")
    if host is not None and not (given and record.state.segment.tapes):
        return tensor_from_numpy(host[order])
    return sampling.in_order(tensor, tensor_from_numpy(order.astype(np.int32)))


def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """Draws class numbers with probabilities ``softmax(logits)``.

    Args:
      logits: a floating tensor of shape ``[batch, classes]``; minus infinity excludes a class.
      num_samples: draws for each row.
      dtype: int32 or int64, the default.
      seed: an int that, with the global seed, determines the draws.
      name: unused in eager code.

    Returns:
      A tensor of shape ``[batch, num_samples]``.

    Raises:
      InvalidArgumentError: if ``logits`` is no matrix or has no classes, or ``num_samples`` is
        negative or no scalar.
    """
    dtype = int64 if dtype is None else as_dtype(dtype)
    given, logits = logits, convert_to_tensor(logits)
    if drawing.traced():
        samples = check_categorical(logits, num_samples, dtype, "Multinomial")
        blocks = categorical_blocks(logits._aval.shape[0], samples)
        state = drawing.node_state(seed, int(logits is not given), blocks)
        threads = random.intra_op_threads()
        return sampling.classes(logits, *state, samples=samples, threads=threads, dtype=dtype)
    pair = random.get_seed(seed)
    samples = check_categorical(logits, num_samples, dtype, "Multinomial")
    device = drawing.requested_device()
    drawn = random.multinomial(logits._host(), samples, dtype.np, pair, device=device)
    return tensor_from_numpy(drawn)


def check_categorical(logits: Tensor, num_samples: Any, dtype: DType, op: str) -> int:
    """Checks the arguments of a categorical op; returns the number of samples."""
    samples = convert_to_tensor(num_samples, None if isinstance(num_samples, Tensor) else int32)
    if samples.dtype is not int32:
        raise InvalidArgumentError(
            None,
            None,
            f"cannot compute {op} as input #1(zero-based) was expected to be a int32 tensor but "
            f"is a {samples.dtype.label} tensor [Op:{op}]",
        )
    if logits.dtype.is_integer and op == "Multinomial":
        raise invalid_op(f"logits must be of a floating type, got {logits.dtype.name}", op)
    if logits.dtype not in FLOATS:
        raise no_kernel(op, logits.dtype, FLOATS)
    if dtype not in (int32, int64):
        raise no_kernel(op, dtype, (int32, int64))
    shape = logits._aval.shape
    if len(shape) != 2:
        raise invalid_op(f"logits should be a matrix, got shape {text(shape)}", op)
    if samples._aval.shape:
        got = text(samples._aval.shape)
        raise invalid_op(f"num_samples should be a scalar, got shape {got}", op)
    count = int(samples)
    if count < 0:
        raise invalid_op(f"num_samples should be nonnegative, got {count}", op)
    if shape[1] == 0:
        raise invalid_op(f"num_classes should be positive, got {shape[1]}", op)
    return count


def gamma(shape, alpha, beta=None, dtype=float32, seed=None, name=None):
    """Draws from gamma distributions: ``shape`` numbers for each pair of ``alpha`` and ``beta``.

    Args:
      shape: a vector of ints.
      alpha: shape parameters, a number or tensor.
      beta: inverse scale parameters that broadcast with ``alpha``; 1 by default.
      dtype: float16, float32 or float64.
      seed: an int that, with the global seed, determines the numbers.
      name: unused in eager code.

    Returns:
      A tensor of shape ``shape + broadcast(alpha, beta).shape``, nowhere below the smallest
      normal number of ``dtype``. Gradients flow to ``alpha`` and ``beta``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape, or the parameters do not broadcast.
      ValueError: if ``dtype`` is another type.
    """
    op, dtype = "RandomGamma", as_dtype(dtype)
    operand = shape_operand(shape, int32)
    alpha, beta = number(alpha, dtype), number(1 if beta is None else beta, dtype)
    if dtype not in _GAMMA_TYPES:
        raise ValueError(f"data type {dtype.as_numpy_dtype!r} not inexact")
    try:
        common = broadcast_shapes(alpha.tensor._aval.shape, beta.tensor._aval.shape)
    except InvalidArgumentError as error:
        raise invalid_op(error.message, "BroadcastArgs") from None
    tiny = np.finfo(dtype.np).tiny
    if drawing.traced():
        sizes = _sizes(operand, op)
        blocks = RESERVED_PER_OUTPUT * math.prod(sizes) * math.prod(common)
        state = drawing.node_state(seed, 5 + drawing.constants(alpha, beta), blocks)
        parameters = _broadcast(alpha.tensor, common)
        drawn = sampling.gamma_numbers(*state, parameters, shape=sizes, dtype=dtype)
        drawn = sampling.following(parameters, drawn)
    else:
        pair = random.get_seed(seed)
        sizes = _sizes(operand, op)
        known = np.broadcast_to(alpha.tensor._host(), common)
        device = drawing.requested_device()
        drawn = random.random_gamma(sizes, known, pair, device=device)
        if alpha.host is not None and beta.host is not None:
            with np.errstate(all="ignore"):
                return tensor_from_numpy(np.fmax(tiny, drawn / beta.host))
        drawn = tensor_from_numpy(drawn)
        if alpha.host is None:
            drawn = sampling.following(_broadcast(alpha.tensor, common), drawn)
    return _maximum(tiny, drawn / beta.tensor)


def _broadcast(tensor: Tensor, shape: tuple[int, ...]) -> Any:
    import reflow as tf

    return tf.broadcast_to(tensor, shape) if tensor._aval.shape != shape else tensor


def _maximum(low: Any, tensor: Any) -> Any:
    import reflow as tf

    return tf.maximum(low, tensor)


def _sizes(operand: Array, op: str) -> tuple[int, ...]:
    """A shape that gamma's kernel complains of in words of its own."""
    if operand.ndim != 1:
        values = str(operand.tolist())
        values = values[1:-1] if operand.ndim else values
        raise invalid_op(
            "shape must be a vector of {int32,int64}, got shape: Tensor<type: int32 shape: "
            f"{text(operand.shape)} values: {values}>",
            op,
        )
    return check_sizes(operand, op)


def poisson(shape, lam, dtype=float32, seed=None, name=None):
    """Draws from Poisson distributions: ``shape`` numbers for each rate.

    Args:
      shape: a vector of ints.
      lam: the rates, a number or tensor of a floating type, int32 or int64.
      dtype: float16, float32, float64, int32 or int64.
      seed: an int that, with the global seed, determines the numbers.
      name: unused in eager code.

    Returns:
      A tensor of shape ``shape + lam.shape``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape.
      NotFoundError: if a type is another one.
    """
    op, dtype = "RandomPoissonV2", as_dtype(dtype)
    operand = shape_operand(shape, int32)
    traced = drawing.traced()
    pair = (0, 0) if traced else random.get_seed(seed)
    rate = convert_to_tensor(lam)
    for kind in (rate.dtype, dtype):
        if kind not in _POISSON_TYPES:
            raise no_kernel(op, kind, _POISSON_TYPES)
    sizes = check_shape(operand, op)
    if traced:
        blocks = RESERVED_PER_OUTPUT * math.prod(sizes) * rate._aval.size
        state = drawing.node_state(seed, 1, blocks)
        return sampling.poisson_numbers(*state, rate, shape=sizes, dtype=dtype)
    device = drawing.requested_device()
    drawn = random.random_poisson(sizes, rate._host(), dtype.np, pair, device=device)
    return tensor_from_numpy(drawn)
