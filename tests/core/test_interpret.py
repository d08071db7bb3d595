"""The NumPy tier against XLA: one table of expressions, each row a battery of arguments.

A row is (expression, list of argument tuples, largest distance in units in the last place); 0 means
equal. Shapes and dtypes are always exact.
"""

from __future__ import annotations

import importlib
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from reflow.core.interpret import evaluator
from reflow.core.interpret_primitives import POINTWISE_SIZE, PRIMITIVES, numpy_function
from reflow.core.lazy import jax, jnp, lax

BF16 = ml_dtypes.bfloat16
NAN, INF = float("nan"), float("inf")
SPECIAL = np.float32([0.0, -0.0, 1.0, -1.0, NAN, INF, -INF])
_random = np.random.RandomState(20)


def normal(*shape, dtype=np.float32):
    return (2 * _random.standard_normal(shape)).astype(dtype)


def positive(*shape, dtype=np.float32):
    return np.exp(normal(*shape)).astype(dtype)


def unit(*shape, dtype=np.float32):
    return _random.uniform(-1, 1, shape).astype(dtype)


def integers(*shape, low=-9, high=10, dtype=np.int32):
    return _random.randint(low, high, shape).astype(dtype)


def flags(*shape):
    return _random.randint(0, 2, shape).astype(bool)


def i32(*values):
    return np.int32(values)


def extremes(dtype):
    limits = np.iinfo(dtype)
    return np.array([limits.min, limits.min + 1, 0, 1, 5, limits.max - 1, limits.max], dtype)


def unary(x):
    """One operand: values and special ones, a scalar, nothing."""
    return [(np.concatenate([SPECIAL.astype(x.dtype), x]),), (x[0],), (x[:0].reshape(0, 2),)]


def binary(x, y):
    """Two operands: every pair of special values, values, scalars, nothing."""
    return [tuple(np.meshgrid(SPECIAL, SPECIAL)), (x, y), (x[0], y[0]), (x[:0], y[:0])]


def pairs(dtype):
    return [tuple(np.meshgrid(extremes(dtype), extremes(dtype))), (dtype(7), dtype(2))]


def of_types(make, *shape, types=(np.float64, np.float16, BF16)):
    return [(make(*shape, dtype=dtype),) for dtype in types]


def as_type(dtype):
    return lambda x: lax.convert_element_type(x, dtype)


FLOAT_TO_INT = np.float64(
    [0.0, -0.5, 0.99, -1.5, 127.9, 128, -128.9, 255.5, 3e4, -4e4, 3e9, -3e9, 1e19, -1e19, 1e30,
     NAN, INF, -INF]
)  # fmt: skip
CASTS = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]

ELEMENTWISE = {
    "abs": (lambda x: lax.abs(x), [*unary(normal(30)), (extremes(np.int8),)], 0),
    "abs complex": (lambda x: lax.abs(x), [(np.complex64([3 + 4j, 0, -1j]),)], 4),
    "acos": (lambda x: lax.acos(x), [*unary(unit(50)), *of_types(unit, 20)], 4),
    "acosh": (lambda x: lax.acosh(x), unary(1 + positive(50)), 4),
    "asin": (lambda x: lax.asin(x), [*unary(unit(50)), *of_types(unit, 20)], 4),
    "asinh": (lambda x: lax.asinh(x), unary(normal(50)), 4),
    "atan": (lambda x: lax.atan(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "atan2": (lambda x, y: lax.atan2(x, y), binary(normal(50), normal(50)), 4),
    "atanh": (lambda x: lax.atanh(x), unary(unit(50)), 4),
    "cbrt": (lambda x: lax.cbrt(x), unary(normal(50)), 4),
    "ceil": (lambda x: lax.ceil(x), [*unary(normal(50)), *of_types(normal, 20)], 0),
    "cos": (lambda x: lax.cos(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "cosh": (lambda x: lax.cosh(x), unary(normal(50)), 4),
    "erf": (lambda x: lax.erf(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "erfc": (lambda x: lax.erfc(x), unary(unit(50)), 8),
    "exp": (lambda x: lax.exp(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "exp overflow": (lambda x: lax.exp(x), [(np.float32([88.8, 89, -104, -200]),)], 4),
    "exp2": (lambda x: lax.exp2(x), unary(unit(50)), 4),
    "expm1": (lambda x: lax.expm1(x), [*unary(normal(50)), *unary(1e-3 * unit(50))], 4),
    "floor": (lambda x: lax.floor(x), [*unary(normal(50)), *of_types(normal, 20)], 0),
    "is_finite": (lambda x: lax.is_finite(x), [*unary(normal(5)), *of_types(normal, 5)], 0),
    "lgamma": (  # XLA's is less accurate
        lambda x: lax.lgamma(x),
        [(3 + positive(50),), (np.float32([0, -0.0, -1, -2, NAN, INF, -INF]),), (np.float32(9),)],
        64,
    ),
    "log": (lambda x: lax.log(x), [*unary(positive(50)), *of_types(positive, 20)], 4),
    "log2": (lambda x: jnp.log2(x), unary(positive(50)), 4),
    "log1p": (lambda x: lax.log1p(x), [*unary(positive(50)), *unary(1e-3 * unit(50))], 4),
    "logistic": (lambda x: lax.logistic(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "neg": (lambda x: lax.neg(x), [*unary(normal(50)), (extremes(np.int32),)], 0),
    "round even": (
        lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN),
        [*unary(normal(50)), (np.arange(-4, 4, 0.5).astype(np.float32),)],
        0,
    ),
    "round away": (
        lambda x: lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO),
        [
            *unary(normal(50)),
            (np.arange(-4, 4, 0.5).astype(np.float32),),
            (np.float32([0.49999997, -0.49999997, 8388609, 4194304.5]),),
            (np.arange(-4, 4, 0.5).astype(BF16),),
        ],
        0,
    ),
    "rsqrt": (lambda x: lax.rsqrt(x), [*unary(positive(50)), *of_types(positive, 20)], 4),
    "sign": (lambda x: lax.sign(x), [*unary(normal(9)), *of_types(normal, 9)], 0),
    "sign integer": (lambda x: lax.sign(x), [(extremes(np.int32),), (extremes(np.uint8),)], 0),
    "sin": (lambda x: lax.sin(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "sinh": (lambda x: lax.sinh(x), unary(normal(50)), 4),
    "sqrt": (lambda x: lax.sqrt(x), [*unary(positive(50)), *of_types(positive, 20)], 1),
    "square": (lambda x: lax.square(x), [*unary(normal(50)), (integers(9),)], 0),
    "tan": (lambda x: lax.tan(x), unary(unit(50)), 4),
    "tanh": (lambda x: lax.tanh(x), [*unary(normal(50)), *of_types(normal, 20)], 4),
    "tanh gradient": (lambda x: jax.grad(jnp.tanh)(x), [(np.float32(0.3),)], 4),
    "add": (
        lambda x, y: lax.add(x, y),
        [*binary(normal(30), normal(30)), (normal(4, dtype=BF16), normal(4, dtype=BF16))],
        0,
    ),
    "add wraps": (lambda x, y: lax.add(x, y), [*pairs(np.int8), *pairs(np.int32)], 0),
    "sub": (lambda x, y: lax.sub(x, y), [*binary(normal(30), normal(30)), *pairs(np.uint8)], 0),
    "mul": (lambda x, y: lax.mul(x, y), [*binary(normal(30), normal(30)), *pairs(np.int32)], 0),
    "div": (lambda x, y: lax.div(x, y), binary(normal(30), normal(30)), 0),
    "div half": (
        lambda x, y: lax.div(x, y),
        [(positive(9, dtype=d), positive(9, dtype=d)) for d in (np.float16, BF16)],
        1,
    ),
    "max": (lambda x, y: lax.max(x, y), [*binary(normal(30), normal(30)), *pairs(np.int8)], 0),
    "min": (lambda x, y: lax.min(x, y), [*binary(normal(30), normal(30)), *pairs(np.uint16)], 0),
    "max flags": (lambda x, y: lax.max(x, y), [(flags(9), flags(9))], 0),
    "nextafter": (lambda x, y: lax.nextafter(x, y), binary(normal(30), normal(30)), 0),
    "pow": (lambda x, y: lax.pow(x, y), binary(positive(30), normal(30)), 4),
    "pow negative": (lambda x, y: lax.pow(x, y), [(-positive(9), np.float32(range(9)))], 4),
    "pow integer": (lambda x, y: lax.pow(x, y), [(normal(19), integers(19))], 4),
    "rem": (lambda x, y: lax.rem(x, y), binary(normal(30), normal(30)), 0),
    "clamp": (
        lambda low, x, high: lax.clamp(low, x, high),
        [
            (np.float32(-1), SPECIAL * 3, np.float32(1)),
            (np.float32(1), SPECIAL, np.float32(-1)),
            (np.float32(NAN), SPECIAL, np.float32(1)),
            (integers(9), integers(9), integers(9)),
        ],
        0,
    ),
    "floor_divide": (
        lambda x, y: jnp.floor_divide(x, y),
        [(integers(30), integers(30, low=1)), (positive(20), positive(20))],
        0,
    ),
    "mod": (
        lambda x, y: jnp.mod(x, y),
        [(integers(30), integers(30)), (normal(20), normal(20))],
        0,
    ),
    "integer power": (lambda x, y: jnp.power(x, y), [(integers(30), integers(30, low=0))], 0),
    "logaddexp": (lambda x, y: jnp.logaddexp(x, y), binary(normal(30), normal(30)), 4),
}
ELEMENTWISE |= {
    f"integer_pow {y}": (
        lambda x, y=y: lax.integer_pow(x, y),
        [*unary(normal(20)), *([(integers(20),)] if y >= 0 else [])],
        1,
    )
    for y in (-3, -1, 0, 1, 2, 3, 7)
}

INTEGERS = {
    "div integer": (
        lambda x, y: lax.div(x, y),
        [*pairs(np.int32), *pairs(np.int8), *pairs(np.uint8), *pairs(np.int64), (i32(), i32())],
        0,
    ),
    "rem integer": (
        lambda x, y: lax.rem(x, y),
        [*pairs(np.int32), *pairs(np.int8), *pairs(np.uint8), *pairs(np.int64)],
        0,
    ),
    "clz": (
        lambda x: lax.clz(x),
        [(extremes(d),) for d in (np.int8, np.uint16, np.int32, np.uint64)] + [(np.int32(3),)],
        0,
    ),
    "population_count": (
        lambda x: lax.population_count(x),
        [(extremes(d),) for d in (np.int8, np.uint16, np.int32, np.int64)] + [(np.int32(3),)],
        0,
    ),
    "bitwise": (
        lambda x, y: [x & y, x | y, x ^ y, ~x],
        [*pairs(np.int32), *pairs(np.uint8), (flags(9), flags(9)), (np.True_, np.False_)],
        0,
    ),
    "shifts": (
        lambda x, y: [
            lax.shift_left(x, y),
            lax.shift_right_logical(x, y),
            lax.shift_right_arithmetic(x, y),
        ],
        [
            tuple(np.meshgrid(extremes(d), np.array([0, 1, 7, 8, 31, 32, 64, 77, -1]).astype(d)))
            for d in (np.int8, np.int32, np.uint32, np.int64)
        ]
        + [(np.int32(-5), np.int32(1))],
        0,
    ),
}
COMPARISONS = {
    name: (
        lambda x, y, name=name: getattr(lax, name)(x, y),
        [*binary(normal(9), normal(9)), *pairs(np.int32), (flags(9), flags(9))],
        0,
    )
    for name in ("eq", "ne", "lt", "le", "gt", "ge")
}

COMPLEX = {
    "parts": (
        lambda x, y: [f(lax.complex(x, y)) for f in (jnp.array, lax.real, lax.imag, lax.conj)],
        [*binary(normal(9), normal(9)), (np.float64(1), np.float64(2))],
        0,
    ),
    "conj real": (lambda x: lax.conj(x), unary(normal(5)), 0),
    "arithmetic": (
        lambda x, y: [x + y, x - y, x * y, x / y, x == y],
        [
            (np.complex64([1 + 2j, -3j]), np.complex64([2 - 1j, 4])),
            (np.complex128(1 + 2j), np.complex128(2 - 1j)),
        ],
        8,
    ),
    "functions": (
        lambda z: [jnp.exp(z), jnp.sqrt(z), jnp.log(z), jnp.tanh(z), lax.integer_pow(z, 3)],
        [(np.complex128([0.5 + 0.25j, -1 + 2j]),), (np.complex64([0.5 + 0.25j, 1 + 2j]),)],
        32,
    ),
    "cast": (
        lambda z: lax.convert_element_type(z, np.complex128),
        [(np.complex64([0, 1j, NAN, complex(0, NAN)]),)],
        0,
    ),
    "to real": (  # jax warns of what is asked for
        lambda z: [
            lax.convert_element_type_p.bind(
                z, new_dtype=np.dtype(d), weak_type=False, sharding=None
            )
            for d in (np.float32, np.int32, bool)
        ],
        [(np.complex64([0, 1j, 2 + 1j, -1.5]),)],
        0,
    ),
    "sums": (
        lambda z: [jnp.sum(z), jnp.cumsum(z), z @ z],
        [(np.complex64([1 + 2j, -3j, 4]),)],
        4,
    ),
}

CONVERSIONS = {
    f"to {name}": (
        as_type(name),
        [
            (FLOAT_TO_INT,),
            (FLOAT_TO_INT.astype(np.float32),),
            (FLOAT_TO_INT.clip(-6e4, 6e4).astype(np.float16),),
            (FLOAT_TO_INT.astype(BF16),),
            (extremes(np.int64),),
            (extremes(np.uint32),),
            (np.float32(NAN),),
            (flags(5),),
        ],
        0,
    )
    for name in (*CASTS, "bool")
} | {
    f"to {name}": (
        as_type(name),
        [
            (SPECIAL,),
            (normal(9, dtype=np.float64),),
            (normal(9, dtype=BF16),),
            (integers(9),),
            (extremes(np.int16),),
            (flags(5),),
            (np.int32(3),),
        ],
        0,
    )
    for name in ("float16", "bfloat16", "float32", "float64", "complex64")
}
CONVERSIONS |= {
    f"bits {name}": (
        lambda x, name=name: lax.bitcast_convert_type(x, name),
        [(x,), (x.T,), (x[0, 0],), (x[:0],)],
        0,
    )
    for name, x in {
        "uint32": normal(2, 3),
        "float32": integers(2, 3),
        "uint8": normal(2, 3),
        "int16": normal(2, 3, dtype=np.float64),
        "float16": integers(2, 3, dtype=np.int16),
    }.items()
}
CONVERSIONS["bits wider"] = (
    lambda x: lax.bitcast_convert_type(x, jnp.int32),
    [(integers(3, 4, dtype=np.uint8),), (integers(4, dtype=np.uint8),)],
    0,
)


def over(name, *axes):
    return lambda x: getattr(lax, name)(x, axes)


def reductions(name, make, ulps, types):
    shape = (3, 5, 4)
    rows = {
        f"{name} {axes}": (over(name, *axes), [(make(*shape, dtype=d),) for d in types], ulps)
        for axes in ((), (0,), (1, 2), (0, 1, 2))
    }
    rows[f"{name} empty"] = (over(name, 1), [(make(2, 0, 3, dtype=d),) for d in types], ulps)
    rows[f"{name} vector"] = (over(name, 0), [(make(1, dtype=d),) for d in types], ulps)
    return rows


def signed(*shape, dtype):
    return normal(*shape).astype(dtype)


def powers(*shape, dtype):
    return (2.0 ** _random.randint(-1, 2, shape)).astype(dtype)


def any_flags(*shape, dtype):
    return flags(*shape) if dtype is bool else integers(*shape, dtype=dtype)


SPECIAL_ROWS = np.float32([[1, NAN, 2], [INF, 1, -INF], [-INF, -INF, -INF], [0, -0.0, 0]])
REDUCTIONS = {
    **reductions("reduce_sum", integers, 0, (np.int32, np.int8, np.uint8, np.int64, np.float32)),
    **reductions("reduce_prod", powers, 0, (np.int32, np.float32, np.float64, BF16)),
    **reductions("reduce_max", signed, 0, (np.float32, np.int8, np.int32, np.float16, BF16)),
    **reductions("reduce_min", signed, 0, (np.float32, np.int64, np.float64, BF16)),
    **reductions("reduce_and", any_flags, 0, (bool, np.int32, np.uint8)),
    **reductions("reduce_or", any_flags, 0, (bool, np.int32, np.uint8)),
    **reductions("reduce_xor", any_flags, 0, (bool, np.int32)),
    "sum float": (lambda x: jnp.sum(x), [(positive(1000),), (positive(30, 30),)], 16),
    "sum half": (
        lambda x: [jnp.sum(x), jnp.sum(x, 0)],
        [(positive(30, 30, dtype=np.float16),), (positive(30, 30, dtype=BF16),)],
        1,
    ),
    "special": (
        lambda x: [
            f(x, axis) for f in (jnp.max, jnp.min, jnp.sum, jnp.prod) for axis in (None, 0, 1)
        ],
        [(SPECIAL_ROWS,)],
        0,
    ),
    "flags": (lambda x: [jnp.any(x), jnp.all(x, 0), jnp.max(x), jnp.min(x)], [(flags(3, 3),)], 0),
    "moments": (lambda x: [jnp.mean(x, 1), jnp.var(x), jnp.std(x, 0)], [(normal(9, 9),)], 32),
    "arg": (
        lambda x: [f(x, axis) for f in (jnp.argmax, jnp.argmin) for axis in (None, 0, 1)],
        [(SPECIAL_ROWS,), (SPECIAL_ROWS.astype(BF16),), (integers(4, 5),), (flags(3, 3),)],
        0,
    ),
    "arg int32": (lambda x: lax.argmax(x, 1, np.int32), [(integers(4, 5),)], 0),
    "cumsum": (
        lambda x: [lax.cumsum(x, 0), lax.cumsum(x, 1, reverse=True)],
        [(integers(4, 5),), (integers(4, 5, dtype=np.float32),), (integers(3, 0),)],
        0,
    ),
    "cumprod": (
        lambda x: [lax.cumprod(x, 0), lax.cumprod(x, 1, reverse=True)],
        [(integers(4, 5),), (powers(4, 5, dtype=np.float32),), (powers(4, 5, dtype=BF16),)],
        0,
    ),
    "cummax": (
        lambda x: [f(x, 0, reverse=reverse) for f in (lax.cummax, lax.cummin)
                   for reverse in (False, True)],
        [(SPECIAL_ROWS,), (integers(4, 5),), (normal(4, 5, dtype=BF16),)],
        0,
    ),
    "cumlogsumexp": (
        lambda x: [lax.cumlogsumexp(x, 0), lax.cumlogsumexp(x, 1, reverse=True)],
        [(normal(4, 5),), (SPECIAL_ROWS,)],
        8,
    ),
    "softmax": (lambda x: [jax.nn.softmax(x), jax.nn.logsumexp(x)], [(normal(9, 9),)], 8),
}  # fmt: skip


def dot(x_sum, y_sum, x_batch=(), y_batch=(), preferred=None):
    numbers = ((x_sum, y_sum), (x_batch, y_batch))
    return lambda x, y: lax.dot_general(x, y, numbers, preferred_element_type=preferred)


def whole(*shape, dtype=np.float32):
    """Integers as floats: their products sum exactly, in any order."""
    return integers(*shape).astype(dtype)


PRODUCTS = {
    "dot matrix": (
        dot([1], [0]),
        [
            (whole(3, 4), whole(4, 5)),
            (integers(3, 4), integers(4, 5)),
            (whole(3, 0), whole(0, 5)),
            (whole(0, 4), whole(4, 5)),
            (whole(3, 4, dtype=np.float64), whole(4, 5, dtype=np.float64)),
            (whole(3, 4, dtype=BF16), whole(4, 5, dtype=BF16)),
            (whole(3, 4, dtype=np.float16), whole(4, 5, dtype=np.float16)),
            (np.float32([[1, NAN], [INF, 0]]), np.float32([[1, 2], [0, INF]])),
        ],
        0,
    ),
    "dot left": (dot([0], [0]), [(whole(4, 3), whole(4, 5)), (integers(4, 3), integers(4, 5))], 0),
    "dot right": (dot([1], [1]), [(whole(3, 4), whole(5, 4))], 0),
    "dot vectors": (dot([0], [0]), [(whole(4), whole(4)), (integers(4), integers(4))], 0),
    "dot vector matrix": (dot([0], [0]), [(whole(4), whole(4, 3))], 0),
    "dot outer": (dot([], []), [(whole(4), whole(3, 2)), (whole(3), whole())], 0),
    "dot all": (dot([0, 1], [1, 0]), [(whole(4, 3), whole(3, 4))], 0),
    "dot tensors": (dot([2, 0], [0, 1]), [(whole(2, 3, 4), whole(4, 2, 5))], 0),
    "dot batch": (dot([2], [1], [0], [0]), [(whole(2, 3, 4), whole(2, 4, 5))], 0),
    "dot batch last": (dot([0], [1], [2], [0]), [(whole(4, 3, 2), whole(2, 4, 5))], 0),
    "dot batches": (
        dot([3], [2], [0, 1], [1, 0]),
        [(whole(2, 3, 5, 4), whole(3, 2, 4, 6)), (whole(2, 0, 5, 4), whole(0, 2, 4, 6))],
        0,
    ),
    "dot rows": (dot([1], [1], [0], [0]), [(whole(3, 4), whole(3, 4))], 0),
    "dot wider": (
        dot([1], [0], preferred=np.int32),
        [(integers(3, 4, dtype=np.int8), integers(4, 5, dtype=np.int8))],
        0,
    ),
    "dot wider float": (
        dot([1], [0], preferred=np.float32),
        [(whole(3, 4, dtype=BF16), whole(4, 5, dtype=BF16))],
        0,
    ),
    "dot wraps": (
        dot([1], [0]),
        [(integers(3, 9, low=99, high=120, dtype=np.int8),) * 1
         + (integers(9, 3, low=99, high=120, dtype=np.int8),)],
        0,
    ),
    "matmul": (lambda x, y: x @ y, [(positive(30, 40), positive(40, 20))], 16),
    "einsum": (
        lambda x, y: jnp.einsum("abc,dcb->ad", x, y),
        [(whole(2, 3, 4), whole(5, 4, 3))],
        0,
    ),
    "tensordot": (lambda x, y: jnp.tensordot(x, y, 2), [(whole(2, 3, 4), whole(3, 4, 5))], 0),
}  # fmt: skip


def padded(*config):
    return lambda x: lax.pad(x, np.array(7, x.dtype), config)


EMPTY = np.zeros((0, 3), np.float32)
STRUCTURE = {
    "reshape": (lambda x: x.reshape(4, -1), [(normal(2, 6),), (normal(6, 2).T,), (EMPTY.T,)], 0),
    "reshape scalar": (lambda x: [x.reshape(()), x.reshape(1, 1)], [(normal(1),)], 0),
    "transpose": (lambda x: jnp.transpose(x, (2, 0, 1)), [(normal(2, 3, 4),)], 0),
    "squeeze": (lambda x: jnp.squeeze(x, (0, 2)), [(normal(1, 3, 1),), (normal(1, 1, 1),)], 0),
    "expand_dims": (lambda x: jnp.expand_dims(x, (0, -1)), [(normal(3),), (normal(),)], 0),
    "broadcast_to": (lambda x: jnp.broadcast_to(x, (2, 3)), [(normal(3),), (normal(2, 1),),
                                                             (normal(),), (flags(3),)], 0),
    "broadcast empty": (lambda x: jnp.broadcast_to(x, (2, 0)), [(normal(),), (normal(2, 1),)], 0),
    "iota": (
        lambda: [lax.iota(d, 4) for d in (np.int32, np.uint8, np.float32, BF16, np.complex64)]
        + [lax.broadcasted_iota(np.int32, (2, 3), 1), lax.broadcasted_iota(np.int32, (2, 0), 0)],
        [()],
        0,
    ),
    "full": (lambda: [jnp.zeros((2, 3)), jnp.ones(3, np.int32), jnp.eye(3)], [()], 0),
    "rev": (lambda x: [lax.rev(x, (0,)), x[::-1, ::-1]], [(normal(2, 3),), (EMPTY,)], 0),
    "concatenate": (
        lambda x, y: [jnp.concatenate([x, y], axis) for axis in (0, 1)],
        [(normal(2, 2), normal(2, 2)), (integers(3, 3), integers(3, 3))],
        0,
    ),
    "concatenate empty": (lambda x, y: jnp.concatenate([x, y]), [(normal(2, 3), EMPTY)], 0),
    "stack": (lambda x, y: [jnp.stack([x, y], a) for a in (0, 1)], [(normal(3), normal(3))], 0),
    "unstack": (lambda x: jnp.unstack(x, axis=1), [(normal(2, 3),)], 0),
    "tile": (lambda x: jnp.tile(x, (2, 3)), [(normal(2, 3),), (normal(2, 1),), (EMPTY,)], 0),
    "repeat": (lambda x: jnp.repeat(x, 2, 0), [(normal(2, 3),)], 0),
    "roll": (lambda x: jnp.roll(x, 1, 1), [(normal(2, 3),)], 0),
    "split": (lambda x: jnp.split(x, [1, 4], 1), [(normal(2, 6),)], 0),
    "split unequal": (lambda x: lax.split(x, (2, 0, 4), 1), [(normal(2, 6),)], 0),
    "slice": (
        lambda x: [x[1], x[1:, ::2], x[:, 1:1], x[None, ..., -1], lax.slice(x, (0, 1), (2, 3))],
        [(normal(3, 5),), (integers(3, 5),)],
        0,
    ),
    "dynamic_slice": (
        lambda x, i, j: lax.dynamic_slice(x, (i, j), (2, 3)),
        [(normal(4, 5), np.int32(i), np.int32(j)) for i, j in ((1, 1), (3, 9), (-1, -9))],
        0,
    ),
    "dynamic_update_slice": (
        lambda x, y, i, j: lax.dynamic_update_slice(x, y, (i, j)),
        [(normal(4, 5), normal(2, 3), np.int32(i), np.int32(j)) for i, j in ((1, 1), (3, 9))],
        0,
    ),
    "pad": (padded((1, 2, 0), (0, 1, 0)), [(normal(2, 3),), (integers(2, 3),), (EMPTY,)], 0),
    "pad interior": (padded((1, 2, 2), (0, 1, 1)), [(normal(2, 3),), (EMPTY,)], 0),
    "pad negative": (padded((-1, 2, 0), (1, -2, 0)), [(normal(3, 4),)], 0),
    "pad both": (padded((-1, -1, 1), (-2, 3, 2)), [(normal(3, 4),), (normal(2, 2),)], 0),
    "pad away": (padded((-5, 5, 0), (9, -9, 0)), [(normal(3, 4),)], 0),
    "jnp.pad": (lambda x: jnp.pad(x, ((1, 2), (0, 1)), mode="reflect"), [(normal(3, 4),)], 0),
    "triangle": (lambda x: [jnp.tril(x), jnp.triu(x, 1), jnp.trace(x)], [(whole(3, 4),)], 0),
    "where": (
        lambda p, x, y: jnp.where(p, x, y),
        [
            (flags(2, 3), normal(2, 3), normal(2, 3)),
            (flags(2, 1), normal(2, 3), normal(3)),
            (np.True_, normal(3), normal(3)),
            (np.False_, np.float32(1), np.float32(2)),
            (flags(3), normal(3, dtype=BF16), normal(3, dtype=BF16)),
        ],
        0,
    ),
    "select scalar": (
        lambda p, x, y: lax.select_n(p, x, y),
        [(np.True_, normal(3), normal(3)), (np.False_, normal(3), normal(3))],
        0,
    ),
    "select two": (
        lambda i, x, y: lax.select_n(i, x, y),
        [(i32(0, 1, 1), normal(3), normal(3)), (np.int32(1), normal(3), normal(3))],
        0,
    ),
    "select three": (
        lambda i, x, y, z: lax.select_n(i, x, y, z),
        [
            (i32(-1, 0, 1, 2, 3, 9), normal(6), normal(6), normal(6)),
            (np.int32(2), normal(6), normal(6), normal(6)),
        ],
        0,
    ),
    "one_hot": (lambda i: jax.nn.one_hot(i, 4), [(i32(0, 3, 4, -1),), (np.int32(2),)], 0),
    "identities": (
        lambda x: [jnp.array(x), lax.stop_gradient(x), *lax.optimization_barrier((x, x + 1)),
                   importlib.import_module("jax.ad_checkpoint").checkpoint_name(x, "x")],
        [(normal(2, 3),), (normal(),)],
        0,
    ),
}  # fmt: skip

INDEXING = {
    "take": (
        lambda x, i: [jnp.take(x, i, axis=0), jnp.take(x, i, axis=1), jnp.take(x, i)],
        [
            (normal(3, 4), i32(0, 2, -1, 1)),
            (normal(3, 4), i32(3, -4, 9, -9)),  # out of bounds: nan
            (integers(3, 4), integers(2, 3, low=-5, high=5)),
            (integers(3, 4, dtype=np.uint8), i32(3)),
            (flags(3, 4), i32(5, 0)),
            (normal(3, 4), np.int32(1)),
            (normal(3, 4), i32()),
            (normal(3, 4), np.array([1, 200], np.uint8)),
        ],
        0,
    ),
    "take clip": (
        lambda x, i: jnp.take(x, i, axis=1, mode="clip"),
        [(normal(3, 4), i32(3, -4, 9, -9))],
        0,
    ),
    "take fill": (
        lambda x, i: x.at[i].get(mode="fill", fill_value=5),
        [(normal(3, 4), i32(2, 3)), (integers(3, 4), i32(2, 3))],
        0,
    ),
    "index": (
        lambda x, i: [x[i], x[:, i], x[i, i], x[i[:, None], i], x[..., i, None], x[i, 1:]],
        [(normal(3, 4), i32(0, 2, -1)), (normal(3, 3, 2), i32(0, 2, -1))],
        0,
    ),
    "index scalar": (
        lambda x, i: [x[i], x[0, i], x[:, i], x[i, i]],
        [(normal(3, 4), np.int32(2)), (normal(3, 4), np.int32(-1)), (normal(3, 4), np.int32(9))],
        0,
    ),
    "index promised": (
        lambda x, i: x.at[i].get(mode="promise_in_bounds"),
        [(normal(3, 4), i32(0, 2)), (normal(3, 4), i32(7, -9))],
        0,
    ),
    "index windows": (
        lambda x, i: jax.vmap(lambda j: lax.dynamic_slice(x, (j, 2 * j), (2, 2)))(i),
        [(normal(4, 4), i32(0, 1, 9))],
        0,
    ),
    "take_along_axis": (
        lambda x, i: jnp.take_along_axis(x, i, axis=1),
        [(normal(3, 4), integers(3, 2, low=0, high=4)), (normal(2, 4), i32([1, 9], [-1, 2]))],
        0,
    ),
    "index batch": (
        lambda x, i: [jax.vmap(lambda x, i: x[i])(x, i), jax.vmap(lambda i: x[:, i])(i)],
        [(normal(3, 4, 2), i32([1, 2], [0, 3], [3, 3]))],
        0,
    ),
    "diagonal": (lambda x: [jnp.diagonal(x), jnp.diag(x)], [(normal(3, 4),)], 0),
    "set": (
        lambda x, i, y: [x.at[i].set(y), x.at[:, 1].set(3), x.at[0].set(y[0])],
        [(normal(3, 4), i32(0, 2), normal(2, 4)), (normal(3, 4), i32(0, 5), normal(2, 4))],
        0,
    ),
    "scatter add": (
        lambda x, i, y: x.at[i].add(y),
        [
            (whole(3, 4), i32(0, 2, 0), whole(3, 4)),
            (integers(3, 4), i32(0, -1, 7), integers(3, 4)),
            (whole(3, 4, dtype=BF16), i32(0, 2, 0), whole(3, 4, dtype=BF16)),
            (whole(3, 4), np.int32(1), whole(4)),
        ],
        0,
    ),
    "scatter others": (
        lambda x, i, y: [
            x.at[i].multiply(y), x.at[i].min(y), x.at[i].max(y), x.at[i].subtract(y),
            x.at[i].add(y, mode="clip"), x.at[:, i].add(y.T),
        ],
        [(whole(4, 4), i32(0, 2, 0), whole(3, 4)), (integers(4, 4), i32(3, 9, 3), integers(3, 4))],
        0,
    ),
    "take gradient": (
        lambda x, i: jax.grad(lambda x: jnp.sum(jnp.take(x, i, axis=0) ** 2))(x),
        [(whole(3, 4), i32(0, 2, 0))],
        0,
    ),
    "take_along_axis gradient": (
        lambda x, i: jax.grad(lambda x: jnp.sum(jnp.take_along_axis(x, i, axis=1) ** 2))(x),
        [(whole(3, 4), integers(3, 2, low=0, high=4))],
        0,
    ),
}  # fmt: skip

TIES = np.float32([[3, NAN, 1, -0.0, 3, 0.0, -INF, NAN], [0.0, -0.0, 1, 1, INF, 1, -1, 0.0]])
ORDER = {
    "sort": (
        lambda x: [jnp.sort(x, 1), jnp.sort(x, 0), jnp.argsort(x), jnp.sort(x, descending=True)],
        [(TIES,), (TIES.astype(BF16),), (TIES.astype(np.float16),), (integers(3, 9),),
         (flags(2, 5),), (integers(3, 9, dtype=np.uint8),), (EMPTY,)],
        0,
    ),
    "sort by key": (
        lambda x, y: lax.sort((x, y), dimension=0, num_keys=1),
        [(integers(20, low=0, high=4), normal(20)), (TIES[0], integers(8))],
        0,
    ),
    "sort by keys": (
        lambda x, y, z: lax.sort((x, y, z), num_keys=2),
        [(integers(20, low=0, high=4), integers(20, low=0, high=3), normal(20))],
        0,
    ),
    "sort unstable": (lambda x: lax.sort(x, is_stable=False), [(normal(3, 9),)], 0),
    "top_k": (
        lambda x: [lax.top_k(x, 3), lax.top_k(x, 0)],
        [(TIES,), (TIES.astype(BF16),), (integers(3, 9),), (integers(9, dtype=np.uint8),)],
        0,
    ),
    "median": (lambda x: jnp.median(x), [(whole(9),)], 0),
}  # fmt: skip


def network(weights, x, labels):
    """A dense layer's loss: gradients, calls within calls, custom gradients, rematerialization."""

    def loss(weights):
        hidden = jax.checkpoint(jax.jit(lambda w: jax.nn.relu(x @ w)))(weights)
        return -jnp.mean(jnp.sum(jax.nn.log_softmax(hidden) * labels, -1))

    return jax.value_and_grad(loss)(weights)


CALLS = {
    "network": (network, [(normal(5, 4), normal(6, 5), np.eye(6, 4, dtype=np.float32))], 64),
    "activations": (
        lambda x: [f(x) for f in (jax.nn.relu, jax.nn.relu6, jax.nn.silu, jax.nn.elu)],
        [(normal(3, 4),), (SPECIAL,)],
        8,
    ),
    "gelu": (lambda x: [jax.nn.gelu(x), jax.nn.gelu(x, approximate=False)], [(unit(9),)], 64),
    "gelu gradient": (
        lambda x: jax.grad(lambda x: jnp.sum(jax.nn.gelu(x, approximate=False)))(x),
        [(unit(9),)],
        64,
    ),
    "constants": (lambda x: x + jnp.arange(3) + np.float64([1, 2, 3]), [(normal(3),)], 0),
    "outputs": (lambda x, y: [y, 3.0, x, np.int32([1, 2]), y], [(normal(3), integers(2))], 0),
    "nested": (
        lambda x: jax.jit(lambda x, y: jax.jit(jnp.multiply)(x, y) + y)(x, jnp.flip(x)),
        [(normal(3),)],
        0,
    ),
    "custom gradient": (lambda x: custom()(x), [(normal(3),)], 0),
}


def custom():
    function = jax.custom_vjp(lambda x: x * 2)
    function.defvjp(lambda x: (x * 2, None), lambda _, g: (g * 3,))
    return lambda x: [function(x), jax.grad(lambda x: function(x)[0])(x)]


ROWS = {
    name: row
    for table in (
        ELEMENTWISE, INTEGERS, COMPARISONS, COMPLEX, CONVERSIONS, REDUCTIONS, PRODUCTS, STRUCTURE,
        INDEXING, ORDER, CALLS,
    )
    for name, row in table.items()
}  # fmt: skip


def interpret(function: Any, *arguments: Any) -> list[np.ndarray]:
    run = evaluator(jax.make_jaxpr(function)(*arguments))
    assert run is not None, "not supported"
    return run(arguments)


def distance(x: np.ndarray, y: np.ndarray) -> int:
    """The largest distance in units in the last place; XLA's denormals are zero."""
    if x.dtype.kind == "c":
        return max(distance(x.real, y.real), distance(x.imag, y.imag))
    tiny = ml_dtypes.finfo(x.dtype).tiny
    places = []
    for values in (x, y):
        normal_values = np.where(np.abs(values) < tiny, np.zeros_like(values), values)
        bits = normal_values.view(f"i{x.dtype.itemsize}").astype(object)
        places.append(np.where(bits < 0, -(bits & np.iinfo(f"i{x.dtype.itemsize}").max), bits))
    return int(np.max(np.abs(places[0] - places[1]), initial=0))


def same(actual: np.ndarray, expected: np.ndarray, ulps: int) -> None:
    assert type(actual) is np.ndarray
    assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
    assert actual.flags.c_contiguous
    if ulps == 0 or actual.dtype.kind in "biu":
        if actual.dtype == BF16:  # whose nan's NumPy does not take for equal
            actual, expected = actual.astype(np.float32), expected.astype(np.float32)
        np.testing.assert_array_equal(actual, expected)
    else:
        known = ~np.isnan(expected)
        np.testing.assert_array_equal(np.isnan(actual), ~known)
        with np.errstate(all="ignore"):
            assert distance(actual[known], expected[known]) <= ulps, (actual, expected)


@pytest.mark.parametrize("name", ROWS)
def test_as_xla(name):
    function, battery, ulps = ROWS[name]
    compiled = jax.jit(
        lambda battery: [function(*arguments) for arguments in battery],
        compiler_options={"xla_backend_optimization_level": 0},  # compiles faster
    )
    for arguments, result in zip(battery, compiled(battery), strict=True):
        before = [np.array(argument) for argument in arguments]
        expected = [np.asarray(leaf) for leaf in jax.tree.leaves(result)]
        actual = interpret(function, *arguments)
        assert len(actual) == len(expected)
        for x, y in zip(actual, expected, strict=True):
            same(x, y, ulps)
        for x, y in zip(arguments, before, strict=True):
            assert np.asarray(x).tobytes() == y.tobytes()  # arguments are never written to


def primitives(jaxpr: Any) -> set[str]:
    names = set()
    for equation in getattr(jaxpr, "jaxpr", jaxpr).eqns:
        names.add(equation.primitive.name)
        for value in equation.params.values():
            if hasattr(value, "eqns"):
                names |= primitives(value)
    return names


def test_every_primitive_has_a_row():
    used = set()
    for function, battery, _ in ROWS.values():
        used |= primitives(jax.make_jaxpr(function)(*battery[0]))
    known = vars(importlib.import_module("jax.lax")).values()
    names = {p.name for p in known if hasattr(p, "multiple_results")}
    assert not (PRIMITIVES.keys() & names) - used, "write rows for these"
    unknown = PRIMITIVES.keys() - names - used
    assert unknown <= {"log2", "one_minus_square", "polynomial"}, "only newer versions have these"


# Each is something that NumPy could do, but not as XLA does it, or not fast enough.
LEFT_TO_XLA = {
    "while": lambda x: lax.while_loop(lambda x: x[0] < 9, lambda x: x + 1, x),
    "scan": lambda x: lax.scan(lambda c, y: (c + y, c), x[0], x),
    "cond": lambda x: lax.cond(x[0] > 0, jnp.sin, jnp.cos, x),
    "random": lambda x: x + jax.random.uniform(jax.random.key(0), x.shape, x.dtype),
    "convolution": lambda x: jnp.convolve(x, x),
    "reduce_window": lambda x: lax.reduce_window(x, x.dtype.type(0), lax.add, (2,), (1,), "SAME"),
    "reduce": lambda x: lax.reduce(x, x.dtype.type(0), lambda a, b: a + b * b, (0,)),
    "cholesky": lambda x: jnp.linalg.cholesky(x[:, None] * x),
    "digamma": lambda x: lax.digamma(x),
    "print": lambda x: [jax.debug.print("{}", x), x + 1][1],
    "float8": lambda x: x.astype(jnp.float8_e4m3fn),
    "apply": lambda x: x.at[1].apply(jnp.sin),
    "large erf": lambda x: lax.erf(jnp.broadcast_to(x[0], (POINTWISE_SIZE + 1,))),
    "complex sort": lambda x: jnp.sort(lax.complex(x, x)),
    "complex atan2": lambda x: lax.atan2(lax.complex(x, x), lax.complex(x, x)),
    "within a call": lambda x: jax.jit(lambda x: jnp.sin(lax.digamma(x)))(x),
}


@pytest.mark.parametrize("name", LEFT_TO_XLA)
def test_left_to_xla(name):
    assert evaluator(jax.make_jaxpr(LEFT_TO_XLA[name])(np.float32([1, 2, 3]))) is None


def test_dead_code_is_dropped():
    def function(x):
        lax.digamma(x)
        return x + 1

    same(*interpret(function, np.float32(1)), np.asarray(np.float32(2)), 0)


def test_an_unknown_parameter_is_not_ignored():
    """A newer JAX may give a primitive a parameter that changes its meaning."""
    aval = jax.ShapeDtypeStruct((3,), np.float32)
    operands, results = [aval], [jax.ShapeDtypeStruct((), np.float32)]
    arguments = ("reduce_sum", {"axes": (0,), "mystery": None}, operands, results)
    assert numpy_function(*arguments)(np.float32([1, 2, 3])) == 6
    arguments[1]["mystery"] = "Kahan"
    assert numpy_function(*arguments) is None
    assert numpy_function("reduce_sum", {}, operands, results) is None


def test_runs_do_not_share_results():
    run = evaluator(jax.make_jaxpr(lambda x: [x + jnp.arange(3), x.at[0].set(9)])(np.zeros(3)))
    first = run([np.zeros(3)])
    second = run([np.ones(3)])
    np.testing.assert_array_equal(first, [[0, 1, 2], [9, 0, 0]])
    np.testing.assert_array_equal(second, [[1, 2, 3], [9, 1, 1]])


def test_denormals_survive():
    """XLA flushes them to zero; the difference is documented, and this is where it would show."""
    tiny = np.float32(1e-40)
    assert interpret(lambda x: x * 0.5, tiny)[0] == tiny / 2
    assert jax.jit(lambda x: x * np.float32(0.5))(tiny) == 0
