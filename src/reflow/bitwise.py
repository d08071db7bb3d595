"""``tf.bitwise``: operations on the bits of integers, elementwise."""

from __future__ import annotations

import numpy as np

from reflow._namespace import lazy_names
from reflow.core.dtypes import INTEGERS
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import broadcast, same_shape
from reflow.math._common import spread

__all__ = [
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "invert",
    "left_shift",
    "right_shift",
]


@op("BitwiseAnd", types=INTEGERS, rule=broadcast, reads=(), differentiable=False)
def _and(x, y):
    return lax.bitwise_and(*spread(x, y))


@op("BitwiseOr", types=INTEGERS, rule=broadcast, reads=(), differentiable=False)
def _or(x, y):
    return lax.bitwise_or(*spread(x, y))


@op("BitwiseXor", types=INTEGERS, rule=broadcast, reads=(), differentiable=False)
def _xor(x, y):
    return lax.bitwise_xor(*spread(x, y))


@op("Invert", types=INTEGERS, rule=same_shape, reads=(), differentiable=False)
def _invert(x):
    return lax.bitwise_not(x)


def _within(y):
    """Shifts by less than nothing or more than there are bits are cut off, as TF cuts them."""
    most = y.dtype.itemsize * 8 - 1
    return jnp.clip(y, np.array(0, y.dtype), np.array(most, y.dtype))


@op("LeftShift", types=INTEGERS, rule=broadcast, reads=(), differentiable=False)
def _left_shift(x, y):
    return lax.shift_left(*spread(x, _within(y)))


@op("RightShift", types=INTEGERS, rule=broadcast, reads=(), differentiable=False)
def _right_shift(x, y):
    signed = jnp.issubdtype(x.dtype, jnp.signedinteger)
    shift = lax.shift_right_arithmetic if signed else lax.shift_right_logical
    return shift(*spread(x, _within(y)))


def bitwise_and(x, y, name=None):
    """The bits that are set in both ``x`` and ``y``, elementwise with broadcasting.

    Args:
      x: a tensor of integers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _and(x, y)


def bitwise_or(x, y, name=None):
    """The bits that are set in ``x`` or ``y``, elementwise with broadcasting.

    Args:
      x: a tensor of integers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _or(x, y)


def bitwise_xor(x, y, name=None):
    """The bits in which ``x`` and ``y`` differ, elementwise with broadcasting.

    Args:
      x: a tensor of integers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _xor(x, y)


def invert(x, name=None):
    """Flips all bits, elementwise: ``-x - 1`` for signed integers.

    Args:
      x: a tensor of integers.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _invert(x)


def left_shift(x, y, name=None):
    """Shifts the bits of ``x`` left by ``y`` places, elementwise with broadcasting.

    Args:
      x: a tensor of integers.
      y: a tensor of the same dtype; negative shifts count as 0, too large ones as the number of
        bits less one.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _left_shift(x, y)


def right_shift(x, y, name=None):
    """Shifts the bits of ``x`` right by ``y`` places, keeping the sign, elementwise.

    Args:
      x: a tensor of integers.
      y: a tensor of the same dtype; negative shifts count as 0, too large ones as the number of
        bits less one.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _right_shift(x, y)


__getattr__, __dir__ = lazy_names(__name__)
