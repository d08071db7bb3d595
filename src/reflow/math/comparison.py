"""Comparison, logic, and tests of floating-point numbers, elementwise."""

from __future__ import annotations

import numpy as np

from reflow.core.aval import aval
from reflow.core.dtypes import FLOATS, INTEGERS, bool_
from reflow.core.errors import InvalidArgumentError, NotFoundError
from reflow.core.lazy import jnp, lax
from reflow.core.op import Primitive, op
from reflow.core.record import record
from reflow.core.rules import broadcast_shapes, comparison, predicate, same_shape
from reflow.math._common import COMMON, bools, on_strings, scoped, spread

__all__ = [
    "equal",
    "greater",
    "greater_equal",
    "is_finite",
    "is_inf",
    "is_nan",
    "less",
    "less_equal",
    "logical_and",
    "logical_not",
    "logical_or",
    "logical_xor",
    "not_equal",
]

_ORDERED = FLOATS | INTEGERS
_EQUAL_TYPES = COMMON | {bool_}

# ---------------------------------------------------------------------------------- equality


def _compare_equal(x, y):
    return lax.eq(*spread(x, y))


def _compare_not_equal(x, y):
    return lax.ne(*spread(x, y))


def _equality(name, fn, rule):
    return Primitive(fn, name, types=_EQUAL_TYPES, rule=rule, reads=(), differentiable=False)


def _lenient(x, y):
    """Shapes that can't be broadcast make ``==`` False as a whole, instead of an error."""
    try:
        return aval(broadcast_shapes(x.shape, y.shape), bool_)
    except InvalidArgumentError:
        return aval((), bool_)


def _operator_equal(x, y):
    return _compare_equal(x, y) if _broadcastable(x, y) else jnp.zeros((), bool)


def _operator_not_equal(x, y):
    return _compare_not_equal(x, y) if _broadcastable(x, y) else jnp.ones((), bool)


def _broadcastable(x, y):
    try:
        broadcast_shapes(x.shape, y.shape)
    except InvalidArgumentError:
        return False
    return True


_equal = _equality("Equal", _compare_equal, comparison)
_not_equal = _equality("NotEqual", _compare_not_equal, comparison)
_EQUAL, _NOT_EQUAL = _equal.plain, _not_equal.plain
_LENIENT_EQUAL = _equality("Equal", _operator_equal, _lenient).plain
_LENIENT_NOT_EQUAL = _equality("NotEqual", _operator_not_equal, _lenient).plain


def equal_operator(x, y):
    """``x == y``: False for None and, as a scalar, for shapes that can't be broadcast."""
    if y is None:
        return False
    try:
        return record(_LENIENT_EQUAL, (x, y))
    except NotFoundError as error:
        return on_strings(error, _equal, np.equal, (x, y), misfit=False)


def not_equal_operator(x, y):
    """``x != y``: True for None and, as a scalar, for shapes that can't be broadcast."""
    if y is None:
        return True
    try:
        return record(_LENIENT_NOT_EQUAL, (x, y))
    except NotFoundError as error:
        return on_strings(error, _not_equal, np.not_equal, (x, y), misfit=True)


def equal(x, y, name=None):
    """Whether ``x == y``, elementwise with broadcasting.

    Args:
      x: a tensor of numbers, bools or strings.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.

    Raises:
      InvalidArgumentError: the dtypes differ or the shapes can't be broadcast.
    """
    try:
        return record(_EQUAL, (x, y))
    except NotFoundError as error:
        return on_strings(error, _equal, np.equal, (x, y))


def not_equal(x, y, name=None):
    """Whether ``x != y``, elementwise with broadcasting.

    Args:
      x: a tensor of numbers, bools or strings.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.

    Raises:
      InvalidArgumentError: the dtypes differ or the shapes can't be broadcast.
    """
    try:
        return record(_NOT_EQUAL, (x, y))
    except NotFoundError as error:
        return on_strings(error, _not_equal, np.not_equal, (x, y))


# ------------------------------------------------------------------------------------- order


@op("Less", types=_ORDERED, rule=comparison, reads=(), differentiable=False)
def _less(x, y):
    return lax.lt(*spread(x, y))


@op("LessEqual", types=_ORDERED, rule=comparison, reads=(), differentiable=False)
def _less_equal(x, y):
    return lax.le(*spread(x, y))


@op("Greater", types=_ORDERED, rule=comparison, reads=(), differentiable=False)
def _greater(x, y):
    return lax.gt(*spread(x, y))


@op("GreaterEqual", types=_ORDERED, rule=comparison, reads=(), differentiable=False)
def _greater_equal(x, y):
    return lax.ge(*spread(x, y))


def less(x, y, name=None):
    """Whether ``x < y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _less(x, y)


def less_equal(x, y, name=None):
    """Whether ``x <= y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _less_equal(x, y)


def greater(x, y, name=None):
    """Whether ``x > y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _greater(x, y)


def greater_equal(x, y, name=None):
    """Whether ``x >= y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _greater_equal(x, y)


def _as_operator(primitive):
    instruction = primitive.plain

    def operator(x, y):
        return record(instruction, (x, y))

    return operator


less_operator, less_equal_operator = _as_operator(_less), _as_operator(_less_equal)
greater_operator, greater_equal_operator = _as_operator(_greater), _as_operator(_greater_equal)

# ------------------------------------------------------------------------------------- logic

_LOGIC = {"types": {bool_}, "rule": comparison, "reads": (), "differentiable": False}


def _both(x, y):
    return lax.bitwise_and(*spread(x, y))


def _either(x, y):
    return lax.bitwise_or(*spread(x, y))


_and = op("LogicalAnd", **_LOGIC)(_both)
_or = op("LogicalOr", **_LOGIC)(_either)
and_operator = scoped("LogicalAnd", "and", **_LOGIC)(_both)
or_operator = scoped("LogicalOr", "or", **_LOGIC)(_either)


@op("LogicalNot", types={bool_}, rule=same_shape, reads=(), differentiable=False)
def _not(x):
    return lax.bitwise_not(x)


def logical_and(x, y, name=None):
    """``x and y``, elementwise with broadcasting.

    Args:
      x: a bool tensor.
      y: a bool tensor.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _and(bools(x), bools(y))


def logical_or(x, y, name=None):
    """``x or y``, elementwise with broadcasting.

    Args:
      x: a bool tensor.
      y: a bool tensor.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    return _or(bools(x), bools(y))


def logical_xor(x, y, name="LogicalXor"):
    """Whether exactly one of ``x`` and ``y`` is True, elementwise with broadcasting.

    Args:
      x: a bool tensor.
      y: a bool tensor.
      name: unused in eager code.

    Returns:
      A bool tensor of the common shape.
    """
    # As TF composes it, which its messages show.
    return logical_and(logical_or(x, y), logical_not(logical_and(x, y)))


def logical_not(x, name=None):
    """``not x``, elementwise.

    Args:
      x: a bool tensor.
      name: unused in eager code.

    Returns:
      A bool tensor like ``x``.
    """
    return _not(bools(x))


# ------------------------------------------------------------- floating-point classification


@op("IsNan", types=FLOATS, rule=predicate, reads=(), differentiable=False)
def _is_nan(x):
    return lax.ne(x, x)


@op("IsInf", types=FLOATS, rule=predicate, reads=(), differentiable=False)
def _is_inf(x):
    return lax.abs(x) == np.inf


@op("IsFinite", types=FLOATS, rule=predicate, reads=(), differentiable=False)
def _is_finite(x):
    return lax.is_finite(x)


def is_nan(x, name=None):
    """Whether each element is NaN.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A bool tensor of the shape of ``x``.
    """
    return _is_nan(x)


def is_inf(x, name=None):
    """Whether each element is infinite.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A bool tensor of the shape of ``x``.
    """
    return _is_inf(x)


def is_finite(x, name=None):
    """Whether each element is finite: neither infinite nor NaN.

    Args:
      x: a tensor of floating type.
      name: unused in eager code.

    Returns:
      A bool tensor of the shape of ``x``.
    """
    return _is_finite(x)
