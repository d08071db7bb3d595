"""Reductions made of others: variance, deviation, norms, log-sum-exp, counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor, tensor_from_numpy
from reflow.core.dtypes import FLOATS, as_dtype, bool_, float32, int64, string
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import reduced_shape, reduction, reduction_axes
from reflow.math._common import COMMON, COMMON_16, PLAIN, constant
from reflow.math.arithmetic import _maximum
from reflow.math.powers import inverse_root, sqrt
from reflow.math.reductions import Instructions, keep, mean_over, reduce, static_axis, total

__all__ = [
    "count_nonzero",
    "l2_normalize",
    "reduce_euclidean_norm",
    "reduce_logsumexp",
    "reduce_std",
    "reduce_variance",
    "zero_fraction",
]

# ---------------------------------------------------------------------------- variance, deviation


@op("Mean", types=PLAIN, rule=reduction)
def _variance(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    difference = x - lax.expand_dims(mean_over(x, axes), axes)
    return keep(mean_over(difference * difference, axes), axes, keepdims)


_VARIANCE = Instructions(_variance)


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """The variance over axes: the mean of the squared distances from the mean.

    Args:
      input_tensor: a tensor of numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype.
    """
    return reduce(_VARIANCE, input_tensor, axis, keepdims)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    """The standard deviation over axes: the root of the variance.

    Args:
      input_tensor: a tensor of floating or complex type.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype. Where all elements are equal the gradient is NaN.
    """
    return sqrt(reduce(_VARIANCE, input_tensor, axis, keepdims))


# ------------------------------------------------------------------------------ norms, log-sum-exp


@op("EuclideanNorm", types=COMMON_16, rule=reduction)
def _euclidean_norm(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    if jnp.iscomplexobj(x):
        norm = lax.sqrt(total(x * lax.conj(x), axes))
    elif jnp.issubdtype(x.dtype, jnp.integer):
        norm = jnp.sqrt(total(x * x, axes).astype(np.float64)).astype(x.dtype)
    else:
        norm = lax.sqrt(total(x * x, axes))
    return keep(norm, axes, keepdims)


@op("Max", types=FLOATS, rule=reduction)
def _logsumexp(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    greatest = lax.reduce(x, constant(-np.inf, x), lax.max, axes)
    finite = lax.is_finite(greatest)
    shift = lax.stop_gradient(jnp.where(finite, greatest, jnp.zeros_like(greatest)))
    summed = total(lax.exp(x - lax.expand_dims(shift, axes)), axes)
    return keep(lax.log(summed) + shift, axes, keepdims)


_EUCLIDEAN_NORM, _LOGSUMEXP = Instructions(_euclidean_norm), Instructions(_logsumexp)


def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False, name=None):
    """The Euclidean norm over axes: ``sqrt(sum(|x|^2))``.

    Args:
      input_tensor: a tensor of numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype. Its gradient at zero is NaN.
    """
    return reduce(_EUCLIDEAN_NORM, input_tensor, axis, keepdims)


def reduce_logsumexp(input_tensor, axis=None, keepdims=False, name=None):
    """``log(sum(exp(x)))`` over axes, without overflow.

    Args:
      input_tensor: a tensor of floating type.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype.
    """
    return reduce(_LOGSUMEXP, input_tensor, axis, keepdims)


def _normalized_rule(x, epsilon, *, axis):
    reduction_axes(len(x.shape), axis)
    return x


@op("Sum", types=FLOATS, rule=_normalized_rule)
def _l2_normalize(x, epsilon, *, axis):
    axes = reduction_axes(x.ndim, axis)
    squares = lax.expand_dims(total(x * x, axes), axes)
    return x * inverse_root(_maximum.fn(squares, epsilon))


def l2_normalize(x, axis=None, epsilon=1e-12, name=None):
    """Scales ``x`` to length 1: ``x / sqrt(max(sum(x^2), epsilon))``.

    Args:
      x: a tensor of floating type.
      axis: the axis or axes over which the squares are summed; all by default.
      epsilon: a lower bound of the sum of squares.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _l2_normalize(x, epsilon, axis=static_axis(_l2_normalize, axis))


# ----------------------------------------------------------------------------------------- counts


def _count_rule(x, *, axis, keepdims, dtype):
    return aval(reduced_shape(x.shape, axis, keepdims), dtype)


@op("Sum", types=COMMON | {bool_}, rule=_count_rule, reads=(), differentiable=False)
def _count(x, *, axis, keepdims, dtype):
    axes = reduction_axes(x.ndim, axis)
    return keep(total((x != constant(0, x)).astype(dtype.np), axes), axes, keepdims)


def _fraction_rule(x):
    return aval((), float32)


@op("ZeroFraction", types=COMMON | {bool_}, rule=_fraction_rule, reads=(), differentiable=False)
def _zero_fraction(x):
    zeros = total((x == constant(0, x)).astype(np.int64), tuple(range(x.ndim)))
    return zeros.astype(np.float32) / np.float32(x.size)


def count_nonzero(input, axis=None, keepdims=None, dtype=int64, name=None):
    """The number of elements that are not zero (for strings: not empty) over axes.

    Args:
      input: a tensor of numbers, bools or strings.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      dtype: the dtype of the result.
      name: unused in eager code.

    Returns:
      A tensor of ``dtype``.
    """
    x = _strings_as_bools(convert_to_tensor(input))
    axis = static_axis(_count, axis)
    return _count(x, axis=axis, keepdims=bool(keepdims), dtype=as_dtype(dtype))


def zero_fraction(value, name=None):
    """The fraction of elements that are zero.

    Args:
      value: a tensor of numbers, bools or strings (whose zero is the empty string).
      name: unused in eager code.

    Returns:
      A float32 scalar; NaN if there are no elements.
    """
    return _zero_fraction(_strings_as_bools(convert_to_tensor(value)))


def _strings_as_bools(x: Any) -> Any:
    if x.dtype is not string:
        return x
    return tensor_from_numpy(np.asarray(x._host() != b"", bool).reshape(x._aval.shape))
