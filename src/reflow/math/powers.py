"""Powers, roots, exponentials and logarithms, elementwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.derivative import custom_jvp, custom_vjp
from reflow.core.dtypes import COMPLEXES, float32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.record import convert_inputs, dtype_of, record
from reflow.core.rules import broadcast, same_shape
from reflow.math._common import HALF_UP, INEXACT, PLAIN, Scoped, constant, gradient_or_zero, spread
from reflow.math.arithmetic import negative

__all__ = [
    "exp",
    "expm1",
    "log",
    "log1p",
    "log_sigmoid",
    "pow",
    "rsqrt",
    "sqrt",
    "xlogy",
]

# --------------------------------------------------------------------------------- x to the y


@custom_jvp
def _power(x, y):
    return lax.pow(x, y)


@_power.defjvp
def _power_jvp(primals, tangents):
    # As TF: y x^(y-1) even where that is 0 times infinity, and log x only where x > 0.
    (x, y), (dx, dy) = primals, tangents
    z = _power(x, y)
    one = constant(1, x)
    usable = (x != 0) if jnp.iscomplexobj(x) else (x > 0)
    log_x = jnp.where(usable, lax.log(jnp.where(usable, x, one)), constant(0, x))
    return z, dx * (y * _power(x, y - one)) + dy * (z * log_x)


def _pow(x, y):
    x, y = spread(x, y)
    return _power(x, y) if jnp.issubdtype(x.dtype, jnp.inexact) else _integer_power(x, y)


def _integer_power(x, y):
    """By repeated squaring; products wrap around as in C."""
    result = jnp.ones_like(x)
    for bit in range(x.dtype.itemsize * 8 - 1):
        result = jnp.where((y >> bit) & 1 == 1, result * x, result)
        x = x * x
    return result


def _negative_exponents(xp, y):
    return xp.where(xp.any(y < 0), 0, -1).reshape(1).astype(np.int64)


_CHECK = Check(
    _negative_exponents,
    lambda found, *avals: "Integers to negative integer powers are not allowed",
    reads=(1,),
)


EXPONENTS = (1, 2, -1, 1.0, 2.0, -1.0, 0.5)
"""Python numbers whose powers have a fast form with the bits of the general one."""


def _static_rule(x, *, exponent):
    if x.dtype.is_integer:
        if exponent.__class__ is float:
            raise _OPERATOR.mismatch(1, x.dtype, float32)
        if exponent < 0:
            raise invalid("Integers to negative integer powers are not allowed")
    return x


def _static_power(x, *, exponent):
    if exponent == 1:
        return x
    if exponent == 2:
        return lax.mul(x, x)
    if exponent == -1:
        return lax.div(jnp.full_like(x, 1), x)
    return _root(x)


@custom_jvp
def _root(x):
    if jnp.iscomplexobj(x):
        return lax.pow(x, constant(0.5, x))
    # pow(-0.0, 0.5) is 0 and pow(-inf, 0.5) is inf, unlike the square root's values.
    return jnp.where((x == 0) | (x == -np.inf), lax.abs(x), lax.sqrt(x))


@_root.defjvp
def _root_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    root = _root(x)
    return root, dx * (constant(0.5, x) / root)


def _make_power(scope: str, forced: bool) -> tuple[Scoped, Callable[[Any, Any], Any]]:
    """The op Pow in a scope, and ``x**y`` as the operator or the function calls it."""
    plain = Scoped(_pow, "Pow", scope, types=PLAIN, rule=broadcast)
    checked = Scoped(_pow, "Pow", scope, types=PLAIN, rule=broadcast, check=_CHECK)
    fixed = Scoped(_static_power, "Pow", scope, types=PLAIN, rule=_static_rule)
    # The keys tell 2 from 2.0: the exponent's type decides whether integers may be raised to it.
    static = {(e.__class__, e): fixed.bind(exponent=e) for e in EXPONENTS}
    instruction = plain.plain

    def power(x: Any, y: Any) -> Any:
        cls = y.__class__
        number = cls is int or cls is float
        if number:
            fast = static.get((cls, y))
            if fast is not None and not (forced and cls is float and _is_integer(x)):
                return record(fast, (x,))
            if cls is float or y >= 0:
                return record(instruction, (x, y), forced)
        if _is_integer(x) or _is_integer(y) or not (number or dtype_of(x) or dtype_of(y)):
            x, y = convert_inputs(plain, (x, y), forced)
            if x.dtype.is_integer:
                return checked(x, y)
        return record(instruction, (x, y), forced)

    return plain, power


def _is_integer(x: Any) -> bool:
    dtype = dtype_of(x)
    return x.__class__ is int if dtype is None else dtype.is_integer


_OPERATOR, power_operator = _make_power("pow", forced=False)
power_reflected = _make_power("pow", forced=True)[1]
_FUNCTION, _power_function = _make_power("Pow", forced=True)


def pow(x, y, name=None):
    """``x`` to the power of ``y``, elementwise with broadcasting.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape. Its derivative by ``y`` is 0 where ``x <= 0``.

    Raises:
      InvalidArgumentError: a negative power of integers, or different dtypes or shapes.
    """
    return _power_function(x, y)


# ------------------------------------------------------------------------------------ roots


# TF's derivatives of these come from the output, and are 0 where the incoming gradient is 0, even
# if the slope is infinite: ``tf.where(x > 0, tf.sqrt(x), 0.0)`` has the gradient 0 at 0, not NaN.


@custom_vjp
def _root_of(x):
    return lax.sqrt(x)


def _root_forward(x):
    y = _root_of(x)
    return y, y


def _root_backward(y, g):
    return (gradient_or_zero(g, g * constant(0.5, y) / y),)


_root_of.defvjp(_root_forward, _root_backward)


@custom_vjp
def inverse_root(x):
    """``1 / sqrt(x)`` of arrays, with TF's derivative."""
    return lax.rsqrt(x)


def _inverse_root_forward(x):
    y = inverse_root(x)
    return y, y


def _inverse_root_backward(y, g):
    return (gradient_or_zero(g, g * (constant(-0.5, y) * y) * (y * y)),)


inverse_root.defvjp(_inverse_root_forward, _inverse_root_backward)


@op("Sqrt", types=INEXACT, rule=same_shape)
def _sqrt(x):
    return _root_of(x)


@op("Rsqrt", types=INEXACT, rule=same_shape)
def _rsqrt(x):
    return inverse_root(x)


_SQRT = _sqrt.plain


def sqrt(x, name=None):
    """The square root, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; NaN for negative numbers. Its derivative at 0 is infinite.
    """
    return record(_SQRT, (x,))


def rsqrt(x, name=None):
    """The reciprocal of the square root, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _rsqrt(x)


# --------------------------------------------------------------- exponentials and logarithms


@op("Exp", types=INEXACT, rule=same_shape)
def _exp(x):
    return lax.exp(x)


@op("Expm1", types=INEXACT, rule=same_shape)
def _expm1(x):
    return lax.expm1(x)


@op("Log", types=INEXACT, rule=same_shape)
def _log(x):
    return lax.log(x)


@op("Log1p", types=INEXACT, rule=same_shape)
def _log1p(x):
    return lax.log1p(x)


def exp(x, name=None):
    """``e^x``, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _exp(x)


def expm1(x, name=None):
    """``e^x - 1``, elementwise, exact for small ``x`` too.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _expm1(x)


def log(x, name=None):
    """The natural logarithm, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; -inf for 0, NaN for negative numbers.
    """
    return _log(x)


def log1p(x, name=None):
    """``log(1 + x)``, elementwise, exact for small ``x`` too.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _log1p(x)


def log_sigmoid(x, name=None):
    """The logarithm of the logistic function: ``-softplus(-x)``, elementwise.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    from reflow.nn.activations import softplus

    return negative(softplus(negative(x)))


@op("Xlogy", types=HALF_UP | COMPLEXES, rule=broadcast)
def _xlogy(x, y):
    return _x_log_y(*spread(x, y))


@custom_jvp
def _x_log_y(x, y):
    zero = jnp.zeros_like(x)
    return jnp.where(x == 0, zero, x * lax.log(y))


@_x_log_y.defjvp
def _x_log_y_jvp(primals, tangents):
    (x, y), (dx, dy) = primals, tangents
    zero = jnp.zeros_like(x)
    by_x = jnp.where(x == 0, zero, lax.log(y))
    by_y = jnp.where(x == 0, zero, x / y)
    return _x_log_y(x, y), dx * by_x + dy * by_y


def xlogy(x, y, name=None):
    """``x log y``, and 0 where ``x`` is 0, elementwise with broadcasting.

    Args:
      x: a tensor of floating or complex type.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape; where ``x`` is 0 both derivatives are 0.
    """
    return _xlogy(x, y)
