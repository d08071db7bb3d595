"""Random numbers that depend on nothing but the arguments."""

from __future__ import annotations

import numpy as np

from reflow._arrays.arguments import no_kernel
from reflow.core import random
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import FLOATS, as_dtype, float32, int32, int64
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.random import _drawing as drawing
from reflow.random import _sampling as sampling
from reflow.random._arguments import (
    check_shape,
    check_stateless_seed,
    number,
    shape_operand,
    stateless_seed,
)
from reflow.random.stateful import check_categorical

__all__ = [
    "stateless_categorical",
    "stateless_normal",
    "stateless_truncated_normal",
    "stateless_uniform",
]


@sized_by("shape")
def stateless_uniform(shape, seed, minval=0, maxval=None, dtype=float32, name=None):
    """Draws numbers uniform in ``[minval, maxval)``, the same for the same arguments.

    Args:
      shape: a vector of ints.
      seed: two ints.
      minval, maxval: the bounds, which broadcast with ``shape`` (for integers: scalars); for
        floating types ``maxval`` is 1 by default.
      dtype: a floating type, int32 or int64.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      ValueError: if ``dtype`` is another type, or an integer range has no ``maxval``.
      InvalidArgumentError: if ``shape`` is no shape, ``seed`` are not two ints, or
        ``minval >= maxval`` for integers.
    """
    dtype = as_dtype(dtype)
    if dtype not in FLOATS and dtype not in (int32, int64):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None:
        if dtype.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
        maxval = 1
    scope = name or "stateless_random_uniform"
    operand, seeds = shape_operand(shape), stateless_seed(seed)
    low, high = number(minval, dtype), number(maxval, dtype)
    op = "StatelessRandomUniformInt" if dtype.is_integer else "StatelessRandomUniform"
    sizes, pair = check_shape(operand, op), check_stateless_seed(seeds, op)
    if dtype.is_integer:
        return drawing.stateless_integers(sizes, low, high, dtype, pair, scope)
    return drawing.stretch(drawing.stateless_fill(op, sizes, dtype, pair), low, high, scope)


@sized_by("shape")
def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype=float32, name=None):
    """Draws normally distributed numbers, the same for the same arguments.

    Args:
      shape: a vector of ints.
      seed: two ints.
      mean: a number or tensor that broadcasts with ``shape``.
      stddev: the standard deviation, likewise.
      dtype: a floating type.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape or ``seed`` are not two ints.
    """
    scope = name or "stateless_random_normal"
    return _normal("StatelessRandomNormal", scope, shape, seed, mean, stddev, dtype)


@sized_by("shape")
def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype=float32, name=None):
    """Draws normal numbers within two standard deviations, the same for the same arguments.

    Args:
      shape: a vector of ints.
      seed: two ints.
      mean: a number or tensor that broadcasts with ``shape``.
      stddev: the standard deviation before truncation, likewise.
      dtype: a floating type.
      name: the scope that messages mention.

    Returns:
      A tensor of ``dtype``.

    Raises:
      InvalidArgumentError: if ``shape`` is no shape or ``seed`` are not two ints.
    """
    scope = name or "stateless_truncated_normal"
    return _normal("StatelessTruncatedNormal", scope, shape, seed, mean, stddev, dtype)


def _normal(op, scope, shape, seed, mean, stddev, dtype):
    dtype = as_dtype(dtype)
    operand, seeds = shape_operand(shape), stateless_seed(seed)
    mean, stddev = number(mean, dtype), number(stddev, dtype)
    if dtype not in FLOATS:
        raise no_kernel(op, dtype, FLOATS)
    sizes, pair = check_shape(operand, op), check_stateless_seed(seeds, op)
    return drawing.scale(drawing.stateless_fill(op, sizes, dtype, pair), stddev, mean, scope)


def stateless_categorical(logits, num_samples, seed, dtype=int64, name=None):
    """Draws class numbers with probabilities ``softmax(logits)``, the same for the same arguments.

    Args:
      logits: a floating tensor of shape ``[batch, classes]``; minus infinity excludes a class.
      num_samples: draws for each row.
      seed: two ints.
      dtype: int32 or int64.
      name: unused in eager code.

    Returns:
      A tensor of shape ``[batch, num_samples]``.

    Raises:
      InvalidArgumentError: if ``logits`` is no matrix or has no classes, ``num_samples`` is
        negative or no scalar, or ``seed`` are not two ints.
    """
    op, dtype = "StatelessMultinomial", as_dtype(dtype)
    logits = convert_to_tensor(logits)
    samples = check_categorical(logits, num_samples, dtype, op)
    pair = check_stateless_seed(stateless_seed(seed), op)
    if isinstance(pair, Tensor) or logits._is_symbolic():
        state = pair if isinstance(pair, Tensor) else tensor_from_numpy(np.array(pair, np.int64))
        threads = random.intra_op_threads()
        return sampling.classes(logits, state, samples=samples, threads=threads, dtype=dtype)
    return tensor_from_numpy(random.stateless_multinomial(logits._host(), samples, dtype.np, pair))
