"""Reductions along axes, and cumulative sums and products."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.backend.configuration import floatx

__all__ = [
    "all", "any", "argmax", "argmin", "cumprod", "cumsum", "max", "mean", "min", "prod", "std",
    "sum", "var",
]  # fmt: skip


def _numbers(x: Any) -> Any:
    """Truth values as 0 and 1, so that they have a mean."""
    x = tf.convert_to_tensor(x)
    return tf.cast(x, floatx()) if x.dtype is tf.bool else x


def all(x, axis=None, keepdims=False):
    """Whether all elements along an axis are true, that is, not 0.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.

    Returns:
      A boolean tensor.
    """
    return tf.reduce_all(tf.cast(x, tf.bool), axis, keepdims)


def any(x, axis=None, keepdims=False):
    """Whether any element along an axis is true, that is, not 0.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.

    Returns:
      A boolean tensor.
    """
    return tf.reduce_any(tf.cast(x, tf.bool), axis, keepdims)


def argmax(x, axis=-1):
    """The place of the largest element along an axis, int64."""
    return tf.argmax(x, axis)


def argmin(x, axis=-1):
    """The place of the smallest element along an axis, int64."""
    return tf.argmin(x, axis)


def cumprod(x, axis=0):
    """The products of the first elements along an axis; a tensor like ``x``."""
    return tf.math.cumprod(x, axis=axis)


def cumsum(x, axis=0):
    """The sums of the first elements along an axis; a tensor like ``x``."""
    return tf.cumsum(x, axis=axis)


def max(x, axis=None, keepdims=False):
    """The largest element along an axis.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.reduce_max(x, axis, keepdims)


def mean(x, axis=None, keepdims=False):
    """The mean along an axis; truth values count as 0 and 1.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.reduce_mean(_numbers(x), axis, keepdims)


def min(x, axis=None, keepdims=False):
    """The smallest element along an axis.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.reduce_min(x, axis, keepdims)


def prod(x, axis=None, keepdims=False):
    """The product along an axis.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.reduce_prod(x, axis, keepdims)


def std(x, axis=None, keepdims=False):
    """The standard deviation along an axis: the root of the mean square distance from the mean.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.math.reduce_std(_numbers(x), axis, keepdims)


def sum(x, axis=None, keepdims=False):
    """The sum along an axis.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.reduce_sum(x, axis, keepdims)


def var(x, axis=None, keepdims=False):
    """The variance along an axis: the mean square distance from the mean.

    Args:
      x: a tensor.
      axis: an int or a list of them; all axes by default.
      keepdims: whether reduced axes stay, with size 1.
    """
    return tf.math.reduce_variance(_numbers(x), axis, keepdims)
