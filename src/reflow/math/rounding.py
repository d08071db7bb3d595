"""Rounding to whole numbers, and the next floating-point number."""

from __future__ import annotations

from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import FLOATS, INTEGERS
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import broadcast, same_shape
from reflow.math._common import PRECISE, spread

__all__ = ["ceil", "floor", "nextafter", "rint", "round"]

_EVEN = 1  # lax.RoundingMethod.TO_NEAREST_EVEN, without importing JAX for it


@op("Ceil", types=FLOATS, rule=same_shape, reads=(), differentiable=False)
def _ceil(x):
    return lax.ceil(x)


@op("Floor", types=FLOATS, rule=same_shape, reads=(), differentiable=False)
def _floor(x):
    return lax.floor(x)


@op("Rint", types=FLOATS, rule=same_shape, reads=(), differentiable=False)
def _rint(x):
    return lax.round(x, lax.RoundingMethod(_EVEN))


@op("Round", types=FLOATS | INTEGERS, rule=same_shape, reads=(), differentiable=False)
def _round(x):
    if jnp.issubdtype(x.dtype, jnp.integer):
        return x
    rounded = lax.round(x, lax.RoundingMethod(_EVEN))
    # What rounds up to zero becomes 0.0 in TF, not -0.0; only -0.0 itself stays.
    return jnp.where((rounded == 0) & (x != 0), jnp.zeros_like(x), rounded)


@op("NextAfter", types=PRECISE, rule=broadcast, reads=())
def _nextafter(x1, x2):
    return _next(*spread(x1, x2))


@custom_jvp
def _next(x, towards):
    return lax.nextafter(x, towards)


@_next.defjvp
def _next_jvp(primals, tangents):
    return _next(*primals), tangents[0]


def ceil(x, name=None):
    """The least whole number that is not less than ``x``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; it has no gradient.
    """
    return _ceil(x)


def floor(x, name=None):
    """The greatest whole number that is not greater than ``x``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; it has no gradient.
    """
    return _floor(x)


def rint(x, name=None):
    """The nearest whole number, halves to the even one, elementwise; keeps the sign of zero.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; it has no gradient.
    """
    return _rint(x)


def round(x, name=None):
    """The nearest whole number, halves to the even one, elementwise: 2.5 gives 2.

    Args:
      x: a tensor of real numbers; integers stay as they are.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; it has no gradient.
    """
    return _round(x)


def nextafter(x1, x2, name=None):
    """The floating-point number next to ``x1`` in the direction of ``x2``.

    Args:
      x1: a tensor of float32 or float64.
      x2: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape. The derivative by ``x1`` is 1, that by ``x2`` 0.
    """
    return _nextafter(x1, x2)
