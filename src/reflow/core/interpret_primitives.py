"""What each JAX primitive means in NumPy: one table.

A primitive's function takes its operands as arguments and its parameters as keywords, both named
and defined as in ``jax.lax``. Results have XLA's dtypes and XLA's integer semantics; values of
floating-point functions are NumPy's, within a few units in the last place of XLA's.
To add one, write a row (a condition too, if some cases only can be done) and rows in its test.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np

from reflow.core import interpret_indexing as indexing
from reflow.core import interpret_math as maths

Function = Callable[..., Any]

SUPPORTED = maths.HALVES | frozenset(map(np.dtype, "?bhilqBHILQfdFD"))
"""The dtypes of values; the primitives' functions know of no others."""

IGNORED = frozenset((
    "accuracy", "algorithm", "indices_are_sorted", "input_dtype", "is_stable", "name",
    "out_sharding", "precision", "sharding", "unique_indices", "unroll", "update_consts",
    "update_jaxpr", "weak_type",
))  # fmt: skip
"""Parameters that ask for speed, placement or accuracy, or repeat what the name or dtypes say."""

POINTWISE_SIZE = 4096
"""Elements up to which a function of Python's ``math`` is called for each one."""


def numpy_function(
    primitive: str, params: Mapping[str, Any], operands: Sequence[Any], results: Sequence[Any]
) -> Function | None:
    """The function from operands to the result (to a sequence, for several) of one equation.

    Args:
      primitive: the primitive's name.
      params: its parameters.
      operands, results: the abstract values (shape, dtype) of its operands and results.

    Returns:
      A function of arrays; None if the primitive, a parameter or a dtype is not supported.
    """
    function = PRIMITIVES.get(primitive)
    condition = CONDITIONS.get(primitive)
    if (
        function is None
        or any(getattr(aval, "dtype", None) not in SUPPORTED for aval in (*operands, *results))
        or (condition is not None and not condition(operands, params))
    ):
        return None
    if isinstance(function, np.ufunc) and not _has_loop(function, operands, results[0]):
        return None
    required, accepted = _keywords(function)
    # A parameter we do not know matters unless it is unset: JAX's versions add some.
    unknown = params.keys() - accepted - IGNORED
    if not required <= params.keys() or any(params[name] is not None for name in unknown):
        return None
    known = {name: params[name] for name in accepted if name in params}
    return partial(function, **known) if known else function


def _has_loop(function: np.ufunc, operands: Sequence[Any], result: Any) -> bool:
    """Whether NumPy has this function for these dtypes, and with this dtype of result."""
    try:
        resolved = function.resolve_dtypes((*(aval.dtype for aval in operands), None))
    except TypeError:
        return False
    return bool(resolved[-1] == result.dtype)


@cache
def _keywords(function: Function) -> tuple[frozenset[str], frozenset[str]]:
    """The names of a function's required and of all its keyword-only parameters."""
    if isinstance(function, np.ufunc):
        return frozenset(), frozenset()
    keywords = [
        parameter
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]
    required = frozenset(p.name for p in keywords if p.default is p.empty)
    return required, frozenset(p.name for p in keywords)


PRIMITIVES: dict[str, Function] = {
    # elementwise, one operand
    "abs": np.abs,
    "acos": maths.precisely(np.arccos),
    "acosh": maths.precisely(np.arccosh),
    "asin": maths.precisely(np.arcsin),
    "asinh": maths.precisely(np.arcsinh),
    "atan": maths.precisely(np.arctan),
    "atanh": maths.precisely(np.arctanh),
    "cbrt": maths.precisely(np.cbrt),
    "ceil": np.ceil,
    "clz": maths.count_leading_zeros,
    "conj": maths.conjugate,
    "cos": maths.precisely(np.cos),
    "cosh": maths.precisely(np.cosh),
    "erf": maths.pointwise(math.erf),
    "erfc": maths.pointwise(math.erfc),
    "exp": maths.precisely(np.exp),
    "exp2": maths.precisely(np.exp2),
    "expm1": maths.precisely(np.expm1),
    "floor": np.floor,
    "imag": maths.imaginary_part,
    "integer_pow": maths.integer_pow,
    "is_finite": np.isfinite,
    "lgamma": maths.pointwise(maths.log_gamma),
    "log": maths.precisely(np.log),
    "log1p": maths.precisely(np.log1p),
    "log2": maths.precisely(np.log2),
    "logistic": maths.logistic,
    "neg": np.negative,
    "not": np.invert,
    "one_minus_square": maths.one_minus_square,
    "polynomial": maths.polynomial,
    "population_count": maths.population_count,
    "real": maths.real_part,
    "round": maths.round_to_integer,
    "rsqrt": maths.rsqrt,
    "sign": maths.sign,
    "sin": maths.precisely(np.sin),
    "sinh": maths.precisely(np.sinh),
    "sqrt": np.sqrt,
    "square": np.square,
    "tan": maths.precisely(np.tan),
    "tanh": maths.precisely(np.tanh),
    # elementwise, more operands
    "add": np.add,
    "add_any": np.add,
    "and": np.bitwise_and,
    "atan2": maths.precisely(np.arctan2),
    "clamp": maths.clamp,
    "complex": maths.make_complex,
    "div": maths.divide,
    "eq": np.equal,
    "ge": np.greater_equal,
    "gt": np.greater,
    "le": np.less_equal,
    "lt": np.less,
    "max": np.maximum,
    "min": np.minimum,
    "mul": np.multiply,
    "ne": np.not_equal,
    "nextafter": np.nextafter,
    "or": np.bitwise_or,
    "pow": maths.power,
    "rem": maths.remainder,
    "select_n": maths.select_n,
    "shift_left": np.left_shift,
    "shift_right_arithmetic": maths.shift_right_arithmetic,
    "shift_right_logical": maths.shift_right_logical,
    "sub": np.subtract,
    "xor": np.bitwise_xor,
    # the same values, in another type or none
    "bitcast_convert_type": maths.bitcast_convert_type,
    "convert_element_type": maths.convert_element_type,
    "copy": maths.identity,
    "name": maths.identity,
    "optimization_barrier": maths.identities,
    "stop_gradient": maths.identity,
    # reductions
    "argmax": maths.arg_extremum(np.argmax),
    "argmin": maths.arg_extremum(np.argmin),
    "cumlogsumexp": maths.cumulative(np.logaddexp),
    "cummax": maths.cumulative(np.maximum),
    "cummin": maths.cumulative(np.minimum),
    "cumprod": maths.cumulative(np.multiply),
    "cumsum": maths.cumulative(np.add),
    "dot_general": maths.dot_general,
    "reduce_and": maths.reduction(np.bitwise_and),
    "reduce_max": maths.extremum(np.maximum, sign=-1),
    "reduce_min": maths.extremum(np.minimum, sign=1),
    "reduce_or": maths.reduction(np.bitwise_or),
    "reduce_prod": maths.reduction(np.multiply),
    "reduce_sum": maths.reduction(np.add),
    "reduce_xor": maths.reduction(np.bitwise_xor),
    # order
    "sort": maths.sort,
    "top_k": maths.top_k,
    # structure
    "broadcast_in_dim": indexing.broadcast_in_dim,
    "concatenate": indexing.concatenate,
    "dynamic_slice": indexing.dynamic_slice,
    "dynamic_update_slice": indexing.dynamic_update_slice,
    "gather": indexing.gather,
    "iota": indexing.iota,
    "pad": indexing.pad,
    "reshape": indexing.reshape,
    "rev": indexing.rev,
    "scatter": indexing.scatter(indexing.assign),
    "scatter-add": maths.in_float32(indexing.scatter(np.add.at)),
    "scatter-max": maths.in_float32(indexing.scatter(np.maximum.at)),
    "scatter-min": maths.in_float32(indexing.scatter(np.minimum.at)),
    "scatter-mul": maths.in_float32(indexing.scatter(np.multiply.at)),
    "scatter-sub": maths.in_float32(indexing.scatter(np.subtract.at)),
    "slice": indexing.strided_slice,
    "split": indexing.split,
    "squeeze": indexing.squeeze,
    "stack": indexing.stack,
    "tile": indexing.tile,
    "transpose": indexing.transpose,
    "unstack": indexing.unstack,
}


# ---- what NumPy does in some cases only

Condition = Callable[[Sequence[Any], Mapping[str, Any]], bool]


def _all_real(operands: Sequence[Any], params: Mapping[str, Any]) -> bool:
    """NumPy and XLA differ about infinite signs, and about order, of complex numbers."""
    return not any(aval.dtype.kind == "c" for aval in operands)


def _small(operands: Sequence[Any], params: Mapping[str, Any]) -> bool:
    return bool(operands[0].size <= POINTWISE_SIZE)


def _indices_fit(operands: Sequence[Any], params: Mapping[str, Any]) -> bool:
    """Some dimension is indexed, by numbers that fit in int64."""
    indices = operands[1]
    if indices.dtype == np.uint64 or indices.shape[-1] == 0:
        return False
    return params["mode"].name in {"CLIP", "FILL_OR_DROP", "PROMISE_IN_BOUNDS"}


def _plain_scatter(operands: Sequence[Any], params: Mapping[str, Any]) -> bool:
    """Elements are replaced, not computed from the old ones by a function (``at[].apply``)."""
    return _indices_fit(operands, params) and params.get("update_jaxpr") is None


CONDITIONS: dict[str, Condition] = {
    "argmax": _all_real,
    "argmin": _all_real,
    "atan2": _all_real,
    "cbrt": _all_real,
    "cumlogsumexp": _all_real,
    "cummax": _all_real,
    "cummin": _all_real,
    "erf": _small,
    "erfc": _small,
    "gather": _indices_fit,
    "lgamma": _small,
    "max": _all_real,
    "min": _all_real,
    "reduce_max": _all_real,
    "reduce_min": _all_real,
    "scatter": _plain_scatter,
    "scatter-add": _indices_fit,
    "scatter-max": _indices_fit,
    "scatter-min": _indices_fit,
    "scatter-mul": _indices_fit,
    "scatter-sub": _indices_fit,
    "sign": _all_real,
    "sort": _all_real,
    "top_k": _all_real,
}
