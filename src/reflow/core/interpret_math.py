"""Primitives that compute, with NumPy: elementwise, conversions, order, reductions, products.

Arguments and parameters are named and defined as in ``jax.lax``; only what NumPy does not do alike
stands here, the rest is NumPy's own (see the table in ``interpret_primitives``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeAlias

import ml_dtypes
import numpy as np

Array: TypeAlias = Any
"""A NumPy array, or the NumPy scalar that ufuncs return for 0-d arrays."""
Function = Callable[..., Any]

HALVES = frozenset((np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)))


def in_float32(function: Function) -> Function:
    """Computes half-precision operands in float32 and rounds the result once, as XLA does."""

    @wraps(function)
    def rounded_once(*operands: Array, **params: Any) -> Array:
        dtype = operands[0].dtype
        if dtype not in HALVES:
            return function(*operands, **params)
        wide = [x.astype(np.float32) if x.dtype in HALVES else x for x in operands]
        return function(*wide, **params).astype(dtype)

    return rounded_once


def precisely(function: Function) -> Function:
    """Computes float32 (and half precision) in float64 and rounds the result once.

    NumPy's own float32 exp, tanh and the like are off by a unit in the last place in more cases
    than XLA's and TF's, and published output shows it.
    """

    @wraps(function)
    def rounded_once(*operands: Array) -> Array:
        dtype = operands[0].dtype
        if dtype.kind == "c" or dtype.itemsize > 4:
            return function(*operands)
        return function(*[x.astype(np.float64) for x in operands]).astype(dtype)

    return rounded_once


def identity(x: Array) -> Array:
    """The operand itself: values are never written to, so a copy is not needed."""
    return x


def identities(*operands: Array) -> Sequence[Array]:
    """The operands themselves."""
    return operands


# ---- elementwise: real and complex functions


def sign(x: Array) -> Array:
    """-1, 0 or 1; of floats, -0.0 and nan stay as they are."""
    if x.dtype.kind in "iu":
        return np.sign(x)
    return np.copysign(np.sign(x), x)


@precisely
def logistic(x: Array) -> Array:
    """``1 / (1 + exp(-x))``."""
    return np.reciprocal(1 + np.exp(-x))


@precisely
def rsqrt(x: Array) -> Array:
    """``1 / sqrt(x)``."""
    return np.reciprocal(np.sqrt(x))


@in_float32
def one_minus_square(x: Array) -> Array:
    """``1 - x^2``, accurate near ``|x| = 1``."""
    return (1 + x) * (1 - x)


@in_float32
def polynomial(x: Array, *coefficients: Array) -> Array:
    """``a_0 + a_1 x + a_2 x^2 + ...`` by Horner's rule; ``coefficients`` are ``a_0, a_1, ...``."""
    *lower, highest = coefficients
    result = np.broadcast_to(highest, x.shape)
    for coefficient in reversed(lower):
        result = result * x + coefficient
    return result


@in_float32
def integer_pow(x: Array, *, y: int) -> Array:
    """``x^y`` by repeated squaring, in XLA's order of multiplications."""
    result = None
    exponent = abs(y)
    while exponent > 0:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        if exponent > 0:
            x = x * x
    if result is None:
        return np.ones_like(x)
    return np.reciprocal(result) if y < 0 else result


def power(x: Array, y: Array) -> Array:
    """``x^y`` in the dtype of ``x``; NumPy would compute float32 to the power int32 in float64."""
    return np.power(x, y.astype(x.dtype))


def round_to_integer(x: Array, *, rounding_method: int) -> Array:
    """The nearest integer: ties to even (method 1) or away from zero (method 0)."""
    if int(rounding_method) == 1:
        return np.rint(x)
    whole = np.trunc(x)
    # Not floor(x + 0.5): that sum rounds up just below a half.
    return whole + np.copysign((np.abs(x - whole) >= 0.5).astype(x.dtype), x)


def clamp(low: Array, x: Array, high: Array) -> Array:
    """``x`` within bounds, which are of its shape or scalars."""
    return np.minimum(np.maximum(x, low), high)


def pointwise(function: Callable[[float], float]) -> Function:
    """A function of Python floats as one of arrays; slow, so for small arrays only."""

    def mapped(x: Array) -> Array:
        values = [function(value) for value in np.asarray(x, np.float64).ravel().tolist()]
        return np.array(values, np.float64).reshape(x.shape).astype(x.dtype)

    return mapped


def log_gamma(x: float) -> float:
    """``log |gamma(x)|``."""
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):  # a pole, or a result beyond the range
        return math.inf


def make_complex(real: Array, imaginary: Array) -> Array:
    """A complex array of two parts. (Their sum, with ``1j``, would make nan of infinite parts.)"""
    dtype = np.result_type(real.dtype, np.complex64)
    result = np.empty(np.broadcast_shapes(real.shape, imaginary.shape), dtype)
    result.real, result.imag = real, imaginary
    return result


def real_part(x: Array) -> Array:
    """The real part, a view."""
    return x.real


def imaginary_part(x: Array) -> Array:
    """The imaginary part, a view."""
    return x.imag


def conjugate(x: Array) -> Array:
    """The complex conjugate, complex also of real operands."""
    return np.conjugate(x).astype(np.result_type(x.dtype, np.complex64))


# ---- elementwise: integers and bits


def divide(x: Array, y: Array) -> Array:
    """The quotient; of integers truncated, with all bits set where the divisor is zero."""
    if x.dtype.kind not in "iu":
        return np.divide(x, y)
    quotient = np.floor_divide(x, y)
    inexact = np.multiply(quotient, y) != x
    truncated = quotient + (inexact & ((x < 0) != (y < 0)))
    return np.where(y == 0, np.invert(np.zeros((), x.dtype)), truncated)


def remainder(x: Array, y: Array) -> Array:
    """The remainder, signed as the dividend; of integers, the dividend where ``y`` is zero."""
    if x.dtype.kind not in "iu":
        return np.fmod(x, y)
    return np.where(y == 0, x, np.fmod(x, y))


def _signed(x: Array) -> Array:
    return x.view(f"i{x.dtype.itemsize}")


def _unsigned(x: Array) -> Array:
    return x.view(f"u{x.dtype.itemsize}")


def shift_right_arithmetic(x: Array, y: Array) -> Array:
    """Shifts copies of the highest bit in, also where ``x`` is unsigned."""
    return np.right_shift(_signed(x), _signed(y)).view(x.dtype)


def shift_right_logical(x: Array, y: Array) -> Array:
    """Shifts zeros in, also where ``x`` is negative."""
    return np.right_shift(_unsigned(x), _unsigned(y)).view(x.dtype)


def population_count(x: Array) -> Array:
    """How many bits are set."""
    return np.bitwise_count(_unsigned(x)).astype(x.dtype)


def count_leading_zeros(x: Array) -> Array:
    """How many bits above the highest one that is set."""
    bits = 8 * x.dtype.itemsize
    filled = _unsigned(x)  # with ones, from the highest one downwards
    shift = 1
    while shift < bits:
        filled = filled | np.right_shift(filled, filled.dtype.type(shift))
        shift *= 2
    return (bits - np.bitwise_count(filled)).astype(x.dtype)


# ---- conversions


def convert_element_type(x: Array, *, new_dtype: Any) -> Array:
    """Casts as XLA does: a float's nearest integer towards zero, a complex number's real part."""
    dtype = np.dtype(new_dtype)
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real
    if dtype.kind in "iu" and x.dtype.kind not in "biu":
        return _float_to_integer(x, dtype)
    return x.astype(dtype, copy=False)


def _float_to_integer(x: Array, dtype: np.dtype[Any]) -> Array:
    """Truncates; what is out of range becomes the nearest integer of the type, nan becomes 0."""
    wide = np.asarray(x, np.float64)  # exact: there are no larger floats
    limits = np.iinfo(dtype)
    result = wide.astype(dtype)
    result[wide >= float(limits.max + 1)] = limits.max
    result[wide < limits.min] = limits.min
    result[np.isnan(wide)] = 0
    return result


def bitcast_convert_type(x: Array, *, new_dtype: Any) -> Array:
    """The same bits; a narrower type adds a last dimension for the parts, a wider takes it away."""
    dtype = np.dtype(new_dtype)
    if dtype.itemsize < x.dtype.itemsize:
        x = x.reshape((*x.shape, 1))
    cast = np.asarray(x, order="C").view(dtype)
    return cast[..., 0] if dtype.itemsize > x.dtype.itemsize else cast


# ---- selection and order


def select_n(which: Array, *cases: Array) -> Array:
    """Elementwise ``cases[which]``; a ``which`` out of range means the first or last case."""
    result = cases[0]
    for number, case in enumerate(cases[1:], start=1):
        result = np.where(which if which.dtype.kind == "b" else which >= number, case, result)
    return result


def _comparable(x: Array) -> Array:
    """NumPy's own types know how to order nan; every bfloat16 is a float32."""
    return x.astype(np.float32) if x.dtype.kind == "V" else x


def sort(*operands: Array, dimension: int, num_keys: int) -> Sequence[Array]:
    """Sorts all operands by the first ``num_keys``, nan last; always stable."""
    keys = [_comparable(x) for x in operands[:num_keys]]
    order = np.lexsort(keys[::-1], axis=dimension)  # lexsort's last key is the first to decide
    return [np.take_along_axis(x, order, dimension) for x in operands]


def top_k(x: Array, *, k: int, axis: int) -> Sequence[Array]:
    """The largest elements in falling order, and their indices; among equals the lowest index."""
    # Sorting backwards puts the largest first and, among equals, the lowest index.
    backwards = np.flip(_total_order(x), axis)
    order = np.flip(np.argsort(backwards, axis=axis, kind="stable"), axis)
    order = x.shape[axis] - 1 - np.take(order, np.arange(k), axis)
    return np.take_along_axis(x, order, axis), order.astype(np.int32)


def _total_order(x: Array) -> Array:
    """Integers ordered as XLA orders floats: -nan < -inf < ... < -0.0 < 0.0 < ... < inf < nan."""
    if x.dtype.kind in "biu":
        return x
    bits = _signed(x)
    # Larger bits mean a larger magnitude: turn the order round where the sign bit is set.
    return np.where(bits < 0, bits ^ np.iinfo(bits.dtype).max, bits)


def arg_extremum(find: Callable[..., Array]) -> Function:
    """The first index of the extreme element, or of nan, along the only axis."""

    def index(x: Array, *, axes: Sequence[int], index_dtype: Any) -> Array:
        return find(_comparable(x), axis=axes[0]).astype(index_dtype)

    return index


# ---- reductions and products


def reduction(function: np.ufunc) -> Function:
    """Joins the elements along axes with ``function``, in their own dtype."""

    @in_float32
    def reduced(x: Array, *, axes: Sequence[int]) -> Array:
        return function.reduce(x, axis=tuple(axes), dtype=x.dtype)

    return reduced


def extremum(function: np.ufunc, *, sign: int) -> Function:
    """The largest (``sign`` -1) or smallest (``sign`` 1) element; ``sign`` infinity if none."""

    @in_float32
    def reduced(x: Array, *, axes: Sequence[int]) -> Array:
        if x.size > 0:
            return function.reduce(x, axis=tuple(axes))
        shape = [size for axis, size in enumerate(x.shape) if axis not in axes]
        return np.full(shape, _bound(x.dtype, sign), x.dtype)

    return reduced


def _bound(dtype: np.dtype[Any], sign: int) -> Any:
    if dtype.kind == "b":
        return sign > 0
    if dtype.kind in "iu":
        return np.iinfo(dtype).max if sign > 0 else np.iinfo(dtype).min
    return sign * np.inf


def cumulative(function: np.ufunc) -> Function:
    """Joins each element along an axis with all before it (``reverse``: after it)."""

    @in_float32
    def accumulated(x: Array, *, axis: int, reverse: bool) -> Array:
        if reverse:
            return np.flip(function.accumulate(np.flip(x, axis), axis=axis, dtype=x.dtype), axis)
        return function.accumulate(x, axis=axis, dtype=x.dtype)

    return accumulated


def dot_general(
    x: Array, y: Array, *, dimension_numbers: Any, preferred_element_type: Any = None
) -> Array:
    """Sums products over pairs of dimensions; the result is (batch, rest of x, rest of y)."""
    (x_sum, y_sum), (x_batch, y_batch) = dimension_numbers
    dtype = x.dtype if preferred_element_type is None else np.dtype(preferred_element_type)
    wide = np.dtype(np.float32) if dtype in HALVES else dtype
    x, y = x.astype(wide, copy=False), y.astype(wide, copy=False)
    if x.ndim == y.ndim == 2 and len(x_sum) == 1 and not x_batch:
        product = (x if x_sum[0] == 1 else x.T) @ (y if y_sum[0] == 0 else y.T)
        return product.astype(dtype, copy=False)
    x_rest = [axis for axis in range(x.ndim) if axis not in (*x_sum, *x_batch)]
    y_rest = [axis for axis in range(y.ndim) if axis not in (*y_sum, *y_batch)]
    batch = [x.shape[axis] for axis in x_batch]
    rows = [x.shape[axis] for axis in x_rest]
    columns = [y.shape[axis] for axis in y_rest]
    depth = math.prod(x.shape[axis] for axis in x_sum)
    left = x.transpose(*x_batch, *x_rest, *x_sum).reshape(*batch, math.prod(rows), depth)
    right = y.transpose(*y_batch, *y_sum, *y_rest).reshape(*batch, depth, math.prod(columns))
    return (left @ right).reshape([*batch, *rows, *columns]).astype(dtype, copy=False)
