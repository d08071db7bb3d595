"""Functions of each element, and comparisons."""

from __future__ import annotations

import math

import reflow as tf

__all__ = [
    "abs", "clip", "cos", "equal", "exp", "greater", "greater_equal", "less", "less_equal", "log",
    "maximum", "minimum", "not_equal", "pow", "round", "sign", "sin", "sqrt", "square",
]  # fmt: skip


def abs(x):
    """``abs(x)`` of each element of a tensor."""
    return tf.abs(x)


def clip(x, min_value, max_value):
    """The elements, kept in an interval.

    Args:
      x: a tensor.
      min_value: a number or tensor; None for no lower bound.
      max_value: a number or tensor; None for no upper bound. The lower bound, if it is a smaller
        number than that.

    Returns:
      A tensor like ``x``.
    """
    numbers = (int, float)
    if isinstance(min_value, numbers) and isinstance(max_value, numbers) and max_value < min_value:
        max_value = min_value
    if min_value is None:
        min_value = -math.inf
    if max_value is None:
        max_value = math.inf
    return tf.clip_by_value(x, min_value, max_value)


def cos(x):
    """``cos(x)`` of each element of a tensor."""
    return tf.cos(x)


def equal(x, y):
    """Whether ``x == y``, element by element; a boolean tensor."""
    return tf.equal(x, y)


def exp(x):
    """``exp(x)`` of each element of a tensor."""
    return tf.exp(x)


def greater(x, y):
    """Whether ``x > y``, element by element; a boolean tensor."""
    return tf.greater(x, y)


def greater_equal(x, y):
    """Whether ``x >= y``, element by element; a boolean tensor."""
    return tf.greater_equal(x, y)


def less(x, y):
    """Whether ``x < y``, element by element; a boolean tensor."""
    return tf.less(x, y)


def less_equal(x, y):
    """Whether ``x <= y``, element by element; a boolean tensor."""
    return tf.less_equal(x, y)


def log(x):
    """The natural logarithm of each element of a tensor."""
    return tf.math.log(x)


def maximum(x, y):
    """The larger of ``x`` and ``y``, element by element."""
    return tf.maximum(x, y)


def minimum(x, y):
    """The smaller of ``x`` and ``y``, element by element."""
    return tf.minimum(x, y)


def not_equal(x, y):
    """Whether ``x != y``, element by element; a boolean tensor."""
    return tf.not_equal(x, y)


def pow(x, a):
    """``x ** a`` of each element of a tensor.

    Args:
      x: a tensor.
      a: an int, or a number or tensor of ``x``'s type.
    """
    return tf.pow(x, a)


def round(x):
    """The nearest whole number to each element; halves go to the even one."""
    return tf.round(x)


def sign(x):
    """-1, 0 or 1: the sign of each element of a tensor."""
    return tf.sign(x)


def sin(x):
    """``sin(x)`` of each element of a tensor."""
    return tf.sin(x)


def sqrt(x):
    """The square root of each element of a floating tensor; 0 for negative ones."""
    x = tf.convert_to_tensor(x)
    return tf.sqrt(tf.clip_by_value(x, tf.constant(0.0, x.dtype), tf.constant(math.inf, x.dtype)))


def square(x):
    """``x ** 2`` of each element of a tensor."""
    return tf.square(x)
