"""Tridiagonal matrices: products and linear equations.

Their diagonals are given in one of three forms: ``"compact"``, a tensor ``(..., 3, n)`` of the
upper, main and lower diagonal, of which the upper one's last and the lower one's first element do
not count; ``"sequence"``, the three as separate tensors; or ``"matrix"``, a matrix of which all
else is ignored.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.tensor import Tensor
from reflow.linalg._common import KERNELS

__all__ = ["tridiagonal_matmul", "tridiagonal_solve"]


def _diagonals(diagonals: Any, form: str) -> list[Tensor]:
    """The upper, main and lower diagonal as they are given."""
    if form == "compact":
        diagonals = convert_to_tensor(diagonals)
        if diagonals.ndim < 2:
            raise ValueError(f"Expected diagonals to have rank at least 2, got {diagonals.ndim}")
        if diagonals.shape[-2] != 3:
            raise ValueError(f"Expected 3 diagonals got {diagonals.shape[-2]}")
        return [diagonals[..., i, :] for i in range(3)]
    if form == "sequence":
        if not isinstance(diagonals, (tuple, list)) or len(diagonals) != 3:
            raise ValueError("Expected diagonals to be a sequence of length 3.")
        return [convert_to_tensor(diagonal) for diagonal in diagonals]
    if form == "matrix":
        matrix = convert_to_tensor(diagonals)
        if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2]:
            raise ValueError(
                f"Expected last two dimensions of diagonals to be same, got {matrix.shape}"
            )
        return [tf.linalg.diag_part(matrix, k=offset) for offset in (1, 0, -1)]
    raise ValueError(f"Unrecognized diagonals_format: {form}")


def _full_length(diagonals: list[Tensor]) -> list[Tensor]:
    """The diagonals with one length: a zero added where the outer ones are shorter."""
    upper, main, lower = diagonals
    n = main.shape[-1]
    before = [[0, 0]] * (main.ndim - 1)
    for name, diagonal in (("superdiagonal", upper), ("subdiagonal", lower)):
        if diagonal.shape[-1] not in (n, n - 1):
            raise ValueError(
                f"Expected {name} to be have length {n} or {n - 1}, got {diagonal.shape[-1]}."
            )
    if upper.shape[-1] < n:
        upper = tf.pad(upper, [*before, [0, 1]])
    if lower.shape[-1] < n:
        lower = tf.pad(lower, [*before, [1, 0]])
    return [upper, main, lower]


# --------------------------------------------------------------------------------------- solve


def _find_singular(xp, upper, main, lower):
    """[0] if a determinant is zero, else [-1]."""
    if main.shape[-1] == 0:
        return xp.full((1,), -1, np.int64)
    matrix = _as_matrix(xp, upper, main, lower)
    sign, _ = xp.linalg.slogdet(matrix)
    return xp.where(xp.any(sign == 0), 0, -1).reshape(1).astype(np.int64)


def _as_matrix(xp, upper, main, lower):
    n = main.shape[-1]
    offsets = xp.arange(n) - xp.arange(n)[:, None]
    matrix = xp.where(offsets == 0, main[..., None], 0)
    matrix = xp.where(offsets == 1, upper[..., None], matrix)
    return xp.where(offsets == -1, lower[..., None], matrix)


def _singular_message(found, upper, main, *rest):
    if main.shape[-1] == 1:
        return "The matrix is not invertible: it is a scalar with value zero."
    return "The matrix is not invertible."


@op(
    "TridiagonalSolve",
    types=KERNELS,
    rule=lambda upper, main, lower, rhs: rhs,
    check=Check(_find_singular, _singular_message, reads=(0, 1, 2)),
)
def _tridiagonal_solve(upper, main, lower, rhs):
    lower = lower.at[..., 0].set(0) if lower.shape[-1] else lower
    upper = upper.at[..., -1].set(0) if upper.shape[-1] else upper
    return lax.linalg.tridiagonal_solve(lower, main, upper, rhs)


def tridiagonal_solve(
    diagonals,
    rhs,
    diagonals_format="compact",
    transpose_rhs=False,
    conjugate_rhs=False,
    name=None,
    partial_pivoting=True,
):
    """Solves ``a @ x = rhs`` for tridiagonal matrices ``a`` in linear time.

    Args:
      diagonals: the diagonals in the form that ``diagonals_format`` says.
      rhs: right-hand sides ``(..., n)`` or ``(..., n, k)``.
      diagonals_format: ``"compact"``, ``"sequence"`` or ``"matrix"``.
      transpose_rhs: whether to transpose ``rhs`` first (if it has the axis k).
      conjugate_rhs: whether to conjugate ``rhs`` first.
      name: unused in eager code.
      partial_pivoting: has no effect: rows are exchanged in any case.

    Returns:
      The solutions, shaped like ``rhs`` after the transposition.

    Raises:
      ValueError: if the shapes do not fit.
      InvalidArgumentError: if a matrix is singular.
    """
    upper, main, lower = _full_length(_diagonals(diagonals, diagonals_format))
    rhs = convert_to_tensor(rhs, dtype_hint=main.dtype)
    is_vector = rhs.ndim == main.ndim
    if not is_vector and transpose_rhs:
        rhs = tf.linalg.matrix_transpose(rhs, conjugate=conjugate_rhs)
    elif conjugate_rhs and rhs.dtype in COMPLEXES:
        rhs = tf.math.conj(rhs)
    if is_vector:
        rhs = rhs[..., tf.newaxis]
    _check_system(main, rhs)
    x = _tridiagonal_solve(upper, main, lower, rhs)
    return x[..., 0] if is_vector else x


def _check_system(main: Tensor, rhs: Tensor) -> None:
    if rhs.ndim != main.ndim + 1:
        raise ValueError(
            f"Expected the rank of rhs to be that of a diagonal ({main.ndim}) or one more, got "
            f"rhs of shape {rhs.shape}"
        )
    batch_a, batch_b = tuple(main.shape)[:-1], tuple(rhs.shape)[:-2]
    if batch_a != batch_b:
        raise ValueError(f"Batch shapes {batch_a} and {batch_b} are incompatible")
    if main.shape[-1] != rhs.shape[-2]:
        raise ValueError(
            "Expected number of left-hand sided and right-hand sides to be equal, got "
            f"{main.shape[-1]} and {rhs.shape[-2]}"
        )


# -------------------------------------------------------------------------------------- product


def _matmul_rule(upper: Aval, main: Aval, lower: Aval, rhs: Aval) -> Aval:
    if len(rhs.shape) < 2:
        raise invalid(f"Input must have rank >= 2, but got {len(rhs.shape)}")
    expected = rhs.shape[:-1]
    for name, diagonal in (
        ("superdiagonal", upper),
        ("main diagonal", main),
        ("subdiagonal", lower),
    ):
        if diagonal.shape != expected:
            raise invalid(f"Invalid {name} shape.")
    return rhs


@op("TridiagonalMatMul", types=KERNELS, rule=_matmul_rule)
def _tridiagonal_matmul(upper, main, lower, rhs):
    if rhs.shape[-2] == 0:
        return rhs
    zero = jnp.zeros_like(rhs[..., :1, :])
    below = jnp.concatenate([rhs[..., 1:, :], zero], -2)  # row i holds rhs[i + 1]
    above = jnp.concatenate([zero, rhs[..., :-1, :]], -2)
    # What does not count is set to 0, since it may be NaN.
    upper = upper.at[..., -1].set(0)
    lower = lower.at[..., 0].set(0)
    return upper[..., None] * below + main[..., None] * rhs + lower[..., None] * above


def tridiagonal_matmul(diagonals, rhs, diagonals_format="compact", name=None):
    """The product ``a @ rhs`` of tridiagonal matrices ``a`` and others.

    Args:
      diagonals: the diagonals in the form that ``diagonals_format`` says.
      rhs: matrices ``(..., n, k)``.
      diagonals_format: ``"compact"``, ``"sequence"`` or ``"matrix"``.
      name: unused in eager code.

    Returns:
      A tensor like ``rhs``.

    Raises:
      ValueError: if the diagonals are not given in that form.
      InvalidArgumentError: if the shapes do not fit.
    """
    found = _diagonals(diagonals, diagonals_format)
    if diagonals_format == "matrix":
        found = _full_length(found)
    return _tridiagonal_matmul(*found, rhs)
