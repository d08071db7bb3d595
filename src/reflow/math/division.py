"""Division and its remainders, elementwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp, custom_vjp
from reflow.core.dtypes import (
    COMPLEXES,
    FLOATS,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from reflow.core.errors import InternalError
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, Primitive, op
from reflow.core.record import convert_inputs, dtype_of, record
from reflow.core.rules import broadcast, broadcast_shapes, same_shape
from reflow.math._common import (
    COMMON_16,
    HALF_UP,
    INEXACT,
    PLAIN_REAL,
    Scoped,
    constant,
    gradient_or_zero,
    spread,
)

__all__ = [
    "divide",
    "divide_no_nan",
    "floordiv",
    "floormod",
    "realdiv",
    "reciprocal",
    "reciprocal_no_nan",
    "truediv",
    "truncatediv",
    "truncatemod",
    "xdivy",
]

# ------------------------------------------------------------------------------- true division

_QUOTIENTS = {
    int8: float32,
    int16: float32,
    int32: float64,
    int64: float64,
    uint8: float32,
    uint16: float32,
} | {dtype: dtype for dtype in INEXACT}
"""The dtype of a quotient, by the dtype of the numbers divided."""


class _TrueDivision(Scoped):
    """Division that casts integers first, as Python's ``/``; TF checks its types in Python."""

    def check_types(self, avals: Any) -> None:
        x, y = [a.dtype for a in avals]
        if x is not y:
            raise TypeError(f"x and y must have the same dtype, got {x!r} != {y!r}")
        if x not in _QUOTIENTS:
            raise TypeError(f"Invalid dtype {x!r} in __truediv__.")


def _quotient_rule(x, y):
    return aval(broadcast_shapes(x.shape, y.shape), _QUOTIENTS[x.dtype])


def _quotient(x, y):
    if jnp.issubdtype(x.dtype, jnp.integer):
        wide = np.float64 if x.dtype.itemsize > 2 else np.float32
        x, y = x.astype(wide), y.astype(wide)
    return lax.div(*spread(x, y))


truediv_operator = _TrueDivision(_quotient, "RealDiv", "truediv", rule=_quotient_rule)
_DIVIDE = truediv_operator.plain


def truediv(x, y, name=None):
    """``x / y``, elementwise with broadcasting; integers are made floating first.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype. (A Python number has its own: ``tf.truediv(1.0, 2)`` fails,
        ``tf.constant(1.0) / 2`` does not.)
      name: unused in eager code.

    Returns:
      A tensor of the common shape: float64 for int32 and int64, float32 for shorter integers,
      else of the inputs' dtype.

    Raises:
      TypeError: if the dtypes differ.
    """
    return record(_DIVIDE, (convert_to_tensor(x), convert_to_tensor(y)))


def divide(x, y, name=None):
    """``x / y`` by Python's own operator.

    Args:
      x: a tensor, or whatever ``/`` divides.
      y: a tensor or number.
      name: unused in eager code.

    Returns:
      A tensor, if one of the arguments is one.
    """
    return x / y


@op("RealDiv", types=COMMON_16, rule=broadcast)
def _realdiv(x, y):
    return lax.div(*spread(x, y))


def realdiv(x, y, name=None):
    """``x / y`` without any cast: integers are divided as integers.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape and the same dtype.
    """
    return _realdiv(x, y)


@op("DivNoNan", types=HALF_UP | COMPLEXES, rule=broadcast)
def _divide_no_nan(x, y):
    return _quotient_or_zero(*spread(x, y))


@custom_jvp
def _quotient_or_zero(x, y):
    safe = y != 0
    return jnp.where(safe, x / jnp.where(safe, y, constant(1, y)), constant(0, x))


@_quotient_or_zero.defjvp
def _quotient_or_zero_jvp(primals, tangents):
    (x, y), (dx, dy) = primals, tangents
    q = _quotient_or_zero(x, y)
    return q, _quotient_or_zero(dx, y) - dy * _quotient_or_zero(q, y)


def divide_no_nan(x, y, name=None):
    """``x / y``, and 0 where ``y`` is 0, elementwise with broadcasting.

    Args:
      x: a tensor of floating or complex type.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape; where ``y`` is 0 both derivatives are 0.
    """
    return _divide_no_nan(x, y)


@op("Xdivy", types=HALF_UP | COMPLEXES, rule=broadcast)
def _xdivy(x, y):
    return _x_over_y(*spread(x, y))


@custom_jvp
def _x_over_y(x, y):
    return jnp.where(x == 0, jnp.zeros_like(x), x / y)


@_x_over_y.defjvp
def _x_over_y_jvp(primals, tangents):
    (x, y), (dx, dy) = primals, tangents
    zero = jnp.zeros_like(x)
    by_x = jnp.where(x == 0, zero, constant(1, y) / y)
    by_y = jnp.where(x == 0, zero, -x / (y * y))
    return _x_over_y(x, y), dx * by_x + dy * by_y


def xdivy(x, y, name=None):
    """``x / y``, and 0 where ``x`` is 0, elementwise with broadcasting.

    Args:
      x: a tensor of floating or complex type.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape; where ``x`` is 0 both derivatives are 0.
    """
    return _xdivy(x, y)


@op("Reciprocal", types=INEXACT, rule=same_shape)
def _reciprocal(x):
    return _inverse(x)


@custom_vjp
def _inverse(x):
    return lax.div(jnp.full_like(x, 1), x)


def _inverse_forward(x):
    y = _inverse(x)
    return y, y


def _inverse_backward(y, g):
    return (gradient_or_zero(g, -g * y * y),)


_inverse.defvjp(_inverse_forward, _inverse_backward)


def reciprocal(x, name=None):
    """``1 / x``, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _reciprocal(x)


def reciprocal_no_nan(x, name=None):
    """``1 / x``, and 0 where ``x`` is 0, elementwise.

    Args:
      x: a tensor of floating or complex type.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    x = convert_to_tensor(x)
    return divide_no_nan(convert_to_tensor(1, x.dtype), x)


# ------------------------------------------------------------------ whole numbers and remainders


def _is_integral(x):
    return jnp.issubdtype(x.dtype, jnp.integer)


def _floor_quotient(x, y):
    x, y = spread(x, y)
    if not _is_integral(x):
        return lax.floor(lax.div(x, y))
    quotient = lax.div(x, y)
    inexact = (lax.rem(x, y) != 0) & ((x < 0) != (y < 0))
    return jnp.where(inexact, quotient - constant(1, x), quotient)


@custom_jvp
def _floor_remainder(x, y):
    remainder = lax.rem(x, y)
    across = (remainder != 0) & ((remainder < 0) != (y < 0))
    return jnp.where(across, remainder + y, remainder)


@_floor_remainder.defjvp
def _floor_remainder_jvp(primals, tangents):
    (x, y), (dx, dy) = primals, tangents
    if _is_integral(x):
        return _floor_remainder(x, y), dx
    return _floor_remainder(x, y), dx - dy * lax.floor(lax.div(x, y))


def _mod(x, y):
    return _floor_remainder(*spread(x, y))


def _truncated_quotient(x, y):
    # On floating types TF's "truncated" division is plain division.
    return lax.div(*spread(x, y))


def _truncated_remainder(x, y):
    return lax.rem(*spread(x, y))


def _find_zero(xp, y):
    return xp.where(xp.any(y == 0), 0, -1).reshape(1).astype(np.int64)


_BY_ZERO = Check(_find_zero, lambda found, *avals: "Integer division by zero", reads=(1,))
_BY_ZERO_INTERNAL = Check(
    _find_zero,
    lambda found, *avals: (
        "Unexpected error in binary operator (only integer div and mod should have errors)"
    ),
    reads=(1,),
    error=InternalError,
)


class Division:
    """A division that integers must not do by zero; floating numbers need no check.

    Args:
      make: makes the op; called with ``check=`` for the checked form.
      forced: whether a Python number must fit the tensor's dtype, as for functions.
    """

    def __init__(self, make: Any, check: Check, forced: bool = True) -> None:
        self.plain: Primitive = make()
        self._checked: Primitive = make(check=check)
        self._instruction = self.plain.plain
        self._forced = forced

    def __call__(self, x: Any, y: Any) -> Any:
        cls = y.__class__
        if cls is float or (cls is int and y != 0):
            return record(self._instruction, (x, y), self._forced)
        dtype = dtype_of(x) or dtype_of(y)
        if dtype is None or dtype.is_integer:
            x, y = convert_inputs(self.plain, (x, y), self._forced)
            if x.dtype.is_integer and x.dtype is y.dtype:
                return self._checked(x, y)
        return record(self._instruction, (x, y), self._forced)

    @property
    def method(self) -> Any:
        """The same as a plain function, which a class can have as a method."""

        def divide(x: Any, y: Any) -> Any:
            return self(x, y)

        return divide


_KINDS = FLOATS | {int8, int16, int32, int64, uint8, uint16}


def _floordiv_op(**rules):
    return Scoped(
        _floor_quotient, "FloorDiv", "floordiv", types=_KINDS, rule=broadcast, reads=(),
        differentiable=False, **rules,
    )  # fmt: skip


def _operator_mod_op(**rules):
    return Scoped(_mod, "FloorMod", "mod", types=PLAIN_REAL, rule=broadcast, **rules)


def _mod_op(**rules):
    return Primitive(_mod, "FloorMod", types=PLAIN_REAL, rule=broadcast, **rules)


def _truncatediv_op(**rules):
    return Primitive(
        _truncated_quotient, "TruncateDiv", types=COMMON_16, rule=broadcast, reads=(),
        differentiable=False, **rules,
    )  # fmt: skip


def _truncatemod_op(**rules):
    return Primitive(_truncated_remainder, "TruncateMod", types=PLAIN_REAL, rule=broadcast, **rules)


floordiv_operator = Division(_floordiv_op, _BY_ZERO, forced=False)
mod_operator = Division(_operator_mod_op, _BY_ZERO, forced=False)
mod_reflected = Division(_operator_mod_op, _BY_ZERO)
floordiv_reflected = _floordiv = Division(_floordiv_op, _BY_ZERO)
_floormod = Division(_mod_op, _BY_ZERO)
_truncatediv = Division(_truncatediv_op, _BY_ZERO_INTERNAL)
_truncatemod = Division(_truncatemod_op, _BY_ZERO_INTERNAL)


def floordiv(x, y, name=None):
    """``floor(x / y)``, elementwise with broadcasting: Python's ``//``.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape and the same dtype; it has no gradient.

    Raises:
      InvalidArgumentError: if integers are divided by zero.
    """
    return _floordiv(x, y)


def floormod(x, y, name=None):
    """``x - floor(x / y) y``, elementwise with broadcasting: Python's ``%``, signed like ``y``.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape and the same dtype.

    Raises:
      InvalidArgumentError: if integers are divided by zero.
    """
    return _floormod(x, y)


def truncatediv(x, y, name=None):
    """The quotient rounded towards zero, as C divides integers; floating types divide exactly.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape and the same dtype; it has no gradient.

    Raises:
      InternalError: if integers are divided by zero.
    """
    return _truncatediv(x, y)


def truncatemod(x, y, name=None):
    """What ``truncatediv`` leaves: signed like ``x``, as C's ``%``.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape and the same dtype.

    Raises:
      InternalError: if integers are divided by zero.
    """
    return _truncatemod(x, y)
