"""Sequences of numbers: order, permutations, polynomials by their coefficients."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, bool_, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.rules import same_shape
from reflow.math._common import COMMON, Scoped
from reflow.math.arithmetic import _add, _multiply

__all__ = ["invert_permutation", "is_non_decreasing", "is_strictly_increasing", "polyval"]

# ------------------------------------------------------------------------------------------ order

_ORDERED = ("uint8", "int8", "int16", "int32", "int64", "float32", "float64", "complex64")


def _scalar_bool(x, **_):
    return aval((), bool_)


@op("LessEqual", types=COMMON - COMPLEXES, rule=_scalar_bool, reads=(), differentiable=False)
def _ascends(x, *, strictly):
    flat = x.reshape(-1)
    before, after = flat[:-1], flat[1:]
    return jnp.all(before < after if strictly else before <= after)


def _ordered(x: Any) -> Any:
    x = convert_to_tensor(x)
    if x.dtype.name not in _ORDERED:
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    return x


def is_non_decreasing(x, name=None):
    """Whether no element of ``x``, row by row, is less than the one before it.

    Args:
      x: a tensor of real numbers.
      name: unused in eager code.

    Returns:
      A bool scalar; True for fewer than two elements.

    Raises:
      TypeError: if ``x`` is not numeric.
    """
    return _ascends(_ordered(x), strictly=False)


def is_strictly_increasing(x, name=None):
    """Whether each element of ``x``, row by row, is greater than the one before it.

    Args:
      x: a tensor of real numbers.
      name: unused in eager code.

    Returns:
      A bool scalar; True for fewer than two elements.

    Raises:
      TypeError: if ``x`` is not numeric.
    """
    return _ascends(_ordered(x), strictly=True)


# ----------------------------------------------------------------------------------- permutations


def _vector_rule(x):
    if len(x.shape) != 1:
        raise invalid("invert_permutation expects a 1D vector.")
    return same_shape(x)


def _find_fault(xp, x):
    """``[1, number]`` for a number out of range, ``[2, number]`` for a repeated one, else -1."""
    if x.ndim != 1 or not x.size:
        return np.array([-1, 0])
    outside = (x < 0) | (x >= x.size)
    ordered = xp.sort(x)
    repeated = xp.concatenate([xp.zeros(1, bool), ordered[1:] == ordered[:-1]])
    kind = xp.where(xp.any(outside), 1, xp.where(xp.any(repeated), 2, -1))
    number = xp.where(kind == 1, x[xp.argmax(outside)], ordered[xp.argmax(repeated)])
    return xp.stack([kind.astype(np.int64), number.astype(np.int64)])


def _fault_message(found, x):
    if found[0] == 1:
        return f"{int(found[1])} is not between 0 and {x.size}"
    return f"{int(found[1])} is duplicated in the input."


@op(
    "InvertPermutation",
    types={int32, int64},
    rule=_vector_rule,
    reads=(),
    differentiable=False,
    check=Check(_find_fault, _fault_message, reads=(0,)),
)
def _invert_permutation(x):
    return jnp.zeros_like(x).at[x].set(lax.iota(x.dtype, x.shape[0]))


def invert_permutation(x, name=None):
    """The inverse of a permutation: ``y[x[i]] == i``.

    Args:
      x: a vector of int32 or int64 that holds each of 0 to n-1 once.
      name: unused in eager code.

    Returns:
      A vector like ``x``.

    Raises:
      InvalidArgumentError: if ``x`` is no permutation.
    """
    tensor = convert_to_tensor(x) if not _is_empty(x) else convert_to_tensor(x, int32)
    return _invert_permutation(tensor)


def _is_empty(x: Any) -> bool:
    return isinstance(x, (list, tuple)) and not x


# ------------------------------------------------------------------------------------ polynomials

_times = Scoped(_multiply.fn, "Mul", "polyval/mul", types=_multiply.types, rule=_multiply.rule)
_plus = Scoped(_add.fn, "AddV2", "polyval/add", types=_add.types, rule=_add.rule, reads=())


def polyval(coeffs, x, name=None):
    """The value of a polynomial: ``(...(c[0] x + c[1]) x + ...) + c[n-1]``, by Horner's rule.

    Args:
      coeffs: a list of tensors, the coefficient of the highest power first.
      x: a tensor of the same dtype.
      name: unused in eager code.

    Returns:
      A tensor of the common shape of all; 0 like ``x`` if there are no coefficients.
    """
    x = convert_to_tensor(x)
    if len(coeffs) < 1:
        from reflow._arrays.creation import zeros_like

        return zeros_like(x)
    coeffs = [convert_to_tensor(c) for c in coeffs]
    value = coeffs[0]
    for c in coeffs[1:]:
        value = _plus(c, _times(value, x))
    return value
