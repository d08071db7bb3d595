"""Sums, products and what is made of them, elementwise."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import COMPLEXES, INTEGERS, int8, int16, int32, int64
from reflow.core.errors import NotFoundError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.record import record
from reflow.core.rules import broadcast, real_part, same_shape, text
from reflow.core.tensor_shape import TensorShape
from reflow.math._common import (
    COMMON,
    COMMON_16,
    HALF_UP,
    INEXACT,
    PLAIN,
    PLAIN_REAL,
    on_strings,
    scoped,
    spread,
)

__all__ = [
    "abs",
    "accumulate_n",
    "add",
    "add_n",
    "maximum",
    "minimum",
    "multiply",
    "multiply_no_nan",
    "negative",
    "scalar_mul",
    "sign",
    "square",
    "squared_difference",
    "subtract",
]

# ------------------------------------------------------------------------------- sums, products


@op("Add", types=COMMON, rule=broadcast, reads=())
def _add(x, y):
    return lax.add(*spread(x, y))


@op("Sub", types=COMMON_16, rule=broadcast, reads=())
def _subtract(x, y):
    return lax.sub(*spread(x, y))


@op("Mul", types=COMMON_16, rule=broadcast)
def _multiply(x, y):
    return lax.mul(*spread(x, y))


@op("Neg", types=PLAIN, rule=same_shape, reads=())
def _negative(x):
    return lax.neg(x)


@op("Square", types=PLAIN, rule=same_shape)
def _square(x):
    return lax.mul(x, x)


@op("SquaredDifference", types=PLAIN, rule=broadcast)
def _squared_difference(x, y):
    difference = lax.sub(*spread(x, y))
    if jnp.iscomplexobj(difference):
        return lax.conj(difference) * difference
    return lax.mul(difference, difference)


_ADD, _SUBTRACT, _MULTIPLY = _add.plain, _subtract.plain, _multiply.plain
_SQUARE = _square.plain


def add(x, y, name=None):
    """The sum ``x + y``, elementwise with broadcasting; strings are joined.

    Args:
      x: a tensor of numbers or strings.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.

    Raises:
      InvalidArgumentError: the dtypes differ or the shapes can't be broadcast.
    """
    try:
        return record(_ADD, (x, y))
    except NotFoundError as error:
        return on_strings(error, _add, np.add, (x, y))


def subtract(x, y, name=None):
    """The difference ``x - y``, elementwise with broadcasting.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return record(_SUBTRACT, (x, y))


def multiply(x, y, name=None):
    """The product ``x * y``, elementwise with broadcasting.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.

    Raises:
      InvalidArgumentError: the dtypes differ or the shapes can't be broadcast.
    """
    return record(_MULTIPLY, (x, y))


def scalar_mul(scalar, x, name=None):
    """The product of a scalar and a tensor (or IndexedSlices).

    Args:
      scalar: a tensor of shape ``()``, of the dtype of ``x``.
      x: a tensor of numbers or an IndexedSlices.
      name: unused in eager code.

    Returns:
      A tensor (or IndexedSlices) like ``x``.

    Raises:
      ValueError: if ``scalar`` is no scalar.
    """
    factor = convert_to_tensor(scalar, dtype=x.dtype)
    if factor._aval.shape:
        raise ValueError(f"Only scalar multiply works, got shape {factor.shape}")
    if hasattr(x, "indices"):
        return type(x)(multiply(factor, x.values), x.indices, x.dense_shape)
    return multiply(factor, x)


def negative(x, name=None):
    """``-x``, elementwise.

    Args:
      x: a tensor of numbers.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return _negative(x)


def square(x, name=None):
    """``x * x``, elementwise.

    Args:
      x: a tensor of numbers.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.
    """
    return record(_SQUARE, (x,))


def squared_difference(x, y, name=None):
    """``(x - y)^2``, elementwise with broadcasting; for complex numbers ``conj(x - y) (x - y)``.

    Args:
      x: a tensor of numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _squared_difference(x, y)


@scoped("MulNoNan", "multiply_no_nan", types=HALF_UP | COMPLEXES, rule=broadcast)
def _multiply_no_nan(x, y):
    x, y = spread(x, y)
    return _product_or_zero(x, y)


@custom_jvp
def _product_or_zero(x, y):
    return jnp.where(y == 0, jnp.zeros_like(x), x * y)


@_product_or_zero.defjvp
def _product_or_zero_jvp(primals, tangents):
    # The derivatives keep the guard: x' is taken where y is zero and y' where x is.
    (x, y), (dx, dy) = primals, tangents
    return _product_or_zero(x, y), _product_or_zero(dx, y) + _product_or_zero(dy, x)


def multiply_no_nan(x, y, name=None):
    """The product ``x * y``, and 0 where ``y`` is 0, even if ``x`` is infinite or NaN.

    Args:
      x: a tensor of floating or complex type.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape.
    """
    return _multiply_no_nan(x, y)


# -------------------------------------------------------------------------------- many summands


def _sum_rule(first, *others):
    for i, other in enumerate(others, 1):
        if other.shape != first.shape:
            raise invalid(
                f"Inputs to operation AddN of type AddN must have the same size and shape.  "
                f"Input 0: {text(first.shape)} != input {i}: {text(other.shape)}"
            )
    return first


@op("AddN", types=INEXACT | INTEGERS, rule=_sum_rule, reads=())
def _add_n(first, *others):
    total = first
    for other in others:
        total = lax.add(total, other)
    return total


def add_n(inputs, name=None):
    """The sum of all tensors of a list; they must agree in shape and dtype.

    Args:
      inputs: a list of tensors (or IndexedSlices, which are made dense).
      name: unused in eager code.

    Returns:
      A tensor like the inputs.

    Raises:
      ValueError: if the list is empty.
      InvalidArgumentError: if shapes or dtypes differ.
    """
    tensors = _summands(
        inputs,
        "inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape",
    )
    return tensors[0] if len(tensors) == 1 else _add_n(*tensors)


def accumulate_n(inputs, shape=None, tensor_dtype=None, name=None):
    """The sum of all tensors of a list, as ``add_n``, with their shape and dtype checked.

    Args:
      inputs: a list of tensors of the same shape and dtype.
      shape: the shape expected.
      tensor_dtype: the dtype expected.
      name: unused in eager code.

    Returns:
      A tensor like the inputs.

    Raises:
      ValueError: if the inputs are empty, or not of the shape and dtype expected.
    """
    wanted = "inputs must be a list of at least one Tensor with the same dtype and shape"
    tensors = _summands(inputs, wanted)
    first = tensors[0]
    if any(t.dtype is not first.dtype for t in tensors):
        raise ValueError(wanted)
    expected = TensorShape(shape)
    for t in tensors:
        if not expected.is_compatible_with(t.shape):
            raise ValueError(f"Shapes {expected} and {t.shape} are not compatible")
        expected = t.shape
    if tensor_dtype is not None and tensor_dtype != first.dtype:
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {first.dtype}")
    return tensors[0] if len(tensors) == 1 else _add_n(*tensors)


def _summands(inputs: Any, wanted: str) -> list[Any]:
    if inputs is None or not isinstance(inputs, (list, tuple)):
        if isinstance(inputs, (int, float)):
            raise TypeError(f"{type(inputs).__name__!r} object is not iterable; {wanted}")
        raise ValueError(wanted)
    if not inputs:
        raise ValueError(wanted)
    return [convert_to_tensor(t) for t in inputs]


# ------------------------------------------------------------------------- size and sign, choice


@op("Abs", types=INEXACT | {int8, int16, int32, int64}, rule=real_part)
def _abs(x):
    return lax.abs(x) if jnp.iscomplexobj(x) else _magnitude(x)


@custom_jvp
def _magnitude(x):
    return lax.abs(x)


@_magnitude.defjvp
def _magnitude_jvp(primals, tangents):
    return _magnitude(*primals), tangents[0] * _sign_of(*primals)  # 0 at 0


@custom_jvp
def _sign_of(x):
    if jnp.iscomplexobj(x):
        return lax.sign(x)
    # Not lax.sign: TF says that NaN has the sign 0, and so has -0.0.
    return (x > 0).astype(x.dtype) - (x < 0).astype(x.dtype)


@_sign_of.defjvp
def _sign_of_jvp(primals, tangents):
    return _sign_of(*primals), jnp.zeros_like(tangents[0])


@op("Sign", types=PLAIN, rule=same_shape)
def _sign(x):
    return _sign_of(x)


@op("Maximum", types=PLAIN_REAL, rule=broadcast)
def _maximum(x, y):
    # Not lax.max: a tie, and whatever can't be compared, is TF's x, value and derivative.
    x, y = spread(x, y)
    return lax.select(x < y, y, x)


@op("Minimum", types=PLAIN_REAL, rule=broadcast)
def _minimum(x, y):
    x, y = spread(x, y)
    return lax.select(y < x, y, x)


def abs(x, name=None):
    """``|x|``, elementwise; for complex numbers their modulus, of real type.

    Args:
      x: a tensor of numbers, or anything that can be converted to one.
      name: unused in eager code.

    Returns:
      A tensor of the shape of ``x``; the derivative at 0 is 0.
    """
    return _abs(x)


def sign(x, name=None):
    """-1, 0 or 1 by the sign of each element; ``x / |x|`` for complex numbers.

    Args:
      x: a tensor of numbers.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; 0 for NaN. Its derivative is zero everywhere.
    """
    return _sign(x)


def maximum(x, y, name=None):
    """The greater of ``x`` and ``y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape. Where ``x == y`` the derivative goes to ``x``; where one is
      NaN the result is ``x``.
    """
    return _maximum(x, y)


def minimum(x, y, name=None):
    """The lesser of ``x`` and ``y``, elementwise with broadcasting.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape. Where ``x == y`` the derivative goes to ``x``; where one is
      NaN the result is ``x``.
    """
    return _minimum(x, y)
