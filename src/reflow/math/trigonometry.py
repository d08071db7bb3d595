"""Trigonometric and hyperbolic functions and their inverses, elementwise."""

from __future__ import annotations

from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import FLOATS
from reflow.core.lazy import lax
from reflow.core.op import op
from reflow.core.rules import broadcast, same_shape
from reflow.math._common import INEXACT, spread

__all__ = [
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cos",
    "cosh",
    "sin",
    "sinh",
    "tan",
    "tanh",
]


@op("Sin", types=INEXACT, rule=same_shape)
def _sin(x):
    return lax.sin(x)


@op("Cos", types=INEXACT, rule=same_shape)
def _cos(x):
    return lax.cos(x)


@op("Tan", types=INEXACT, rule=same_shape)
def _tan(x):
    return lax.tan(x)


@op("Asin", types=FLOATS, rule=same_shape)
def _asin(x):
    return lax.asin(x)


@op("Acos", types=FLOATS, rule=same_shape)
def _acos(x):
    return lax.acos(x)


@op("Atan", types=FLOATS, rule=same_shape)
def _atan(x):
    return lax.atan(x)


@op("Sinh", types=INEXACT, rule=same_shape)
def _sinh(x):
    return lax.sinh(x)


@op("Cosh", types=INEXACT, rule=same_shape)
def _cosh(x):
    return lax.cosh(x)


@op("Tanh", types=INEXACT, rule=same_shape)
def _tanh(x):
    return lax.tanh(x)


@op("Asinh", types=INEXACT, rule=same_shape)
def _asinh(x):
    return lax.asinh(x)


@op("Acosh", types=INEXACT, rule=same_shape)
def _acosh(x):
    return _inverse_cosh(x)


@custom_jvp
def _inverse_cosh(x):
    return lax.acosh(x)


@_inverse_cosh.defjvp
def _inverse_cosh_jvp(primals, tangents):
    y = _inverse_cosh(*primals)
    return y, tangents[0] / lax.sinh(y)


@op("Atanh", types=INEXACT, rule=same_shape)
def _atanh(x):
    return lax.atanh(x)


@op("Atan2", types=FLOATS, rule=broadcast)
def _atan2(y, x):
    return lax.atan2(*spread(y, x))


def sin(x, name=None):
    """The sine, elementwise.

    Args:
      x: a tensor of floating or complex type: angles in radians.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _sin(x)


def cos(x, name=None):
    """The cosine, elementwise.

    Args:
      x: a tensor of floating or complex type: angles in radians.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _cos(x)


def tan(x, name=None):
    """The tangent, elementwise.

    Args:
      x: a tensor of floating or complex type: angles in radians.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _tan(x)


def asin(x, name=None):
    """The inverse sine, elementwise.

    Args:
      x: a tensor of floating type: numbers from -1 to 1; others give NaN.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _asin(x)


def acos(x, name=None):
    """The inverse cosine, elementwise.

    Args:
      x: a tensor of floating type: numbers from -1 to 1; others give NaN.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _acos(x)


def atan(x, name=None):
    """The inverse tangent, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _atan(x)


def sinh(x, name=None):
    """The hyperbolic sine, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _sinh(x)


def cosh(x, name=None):
    """The hyperbolic cosine, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _cosh(x)


def tanh(x, name=None):
    """The hyperbolic tangent, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _tanh(x)


def asinh(x, name=None):
    """The inverse hyperbolic sine, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _asinh(x)


def acosh(x, name=None):
    """The inverse hyperbolic cosine, elementwise.

    Args:
      x: a tensor of floating or complex type: numbers of at least 1; real ones below give NaN.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _acosh(x)


def atanh(x, name=None):
    """The inverse hyperbolic tangent, elementwise.

    Args:
      x: a tensor of floating or complex type: numbers from -1 to 1; real ones outside give NaN.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _atanh(x)


def atan2(y, x, name=None):
    """The angle of the point ``(x, y)``, in radians from -pi to pi, elementwise with broadcasting.

    Args:
      y: a tensor of floating type.
      x: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _atan2(y, x)
