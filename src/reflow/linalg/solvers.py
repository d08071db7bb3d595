"""Inverses and solutions of linear equations."""

from __future__ import annotations

from functools import partial

import numpy as np

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp, custom_vjp
from reflow.core.dtypes import FLOATS, float32, int32, int64
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.rules import broadcast_shapes, matrix_product
from reflow.core.tensor import Tensor
from reflow.linalg._common import (
    KERNELS,
    adjoint,
    not_invertible,
    solution,
    square,
)

__all__ = [
    "cholesky_solve",
    "inv",
    "lstsq",
    "lu_matrix_inverse",
    "lu_reconstruct",
    "lu_solve",
    "matrix_rank",
    "pinv",
    "solve",
    "triangular_solve",
]

INDICES = frozenset((int32, int64))


# ------------------------------------------------------------------------------ square matrices


@custom_jvp
def _inverse(x):
    return jnp.linalg.inv(x)


@_inverse.defjvp
def _inverse_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    y = _inverse(x)
    return y, -y @ dx @ y


@op(
    "MatrixInverse",
    types=KERNELS,
    rule=square,
    reads=(0,),
    check=not_invertible("Input is not invertible."),
)
def _inv(x, *, adjoint_input):
    return _inverse(adjoint(x) if adjoint_input else x)


def inv(input, adjoint=False, name=None):
    """The inverse of square matrices.

    Args:
      input: matrices ``(..., n, n)``.
      adjoint: whether to invert the conjugate transpose instead.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if a matrix is singular or not square.
    """
    return _inv(input, adjoint_input=bool(adjoint))


@op(
    "MatrixSolve",
    types=KERNELS,
    rule=solution,
    check=not_invertible("Input matrix is not invertible."),
)
def _solve(matrix, rhs, *, adjoint_matrix):
    if rhs.size == 0:
        return rhs
    return jnp.linalg.solve(adjoint(matrix) if adjoint_matrix else matrix, rhs)


def solve(matrix, rhs, adjoint=False, name=None):
    """Solves ``matrix @ x = rhs``.

    Args:
      matrix: square matrices ``(..., n, n)``.
      rhs: right-hand sides ``(..., n, k)``.
      adjoint: whether to take the conjugate transpose of ``matrix``.
      name: unused in eager code.

    Returns:
      The solutions ``(..., n, k)``.

    Raises:
      InvalidArgumentError: if a matrix is singular or the shapes do not fit.
    """
    return _solve(matrix, rhs, adjoint_matrix=bool(adjoint))


def _find_zero_on_diagonal(xp, x, **_):
    zero = xp.any(xp.diagonal(x, 0, -2, -1) == 0)
    return xp.where(zero, 0, -1).reshape(1).astype(np.int64)


@op(
    "MatrixTriangularSolve",
    types=KERNELS,
    rule=solution,
    check=Check(
        _find_zero_on_diagonal,
        lambda *_, **__: "Input matrix is not invertible.",
        reads=(0,),
    ),
)
def _triangular_solve(matrix, rhs, *, lower, adjoint_matrix):
    return lax.linalg.triangular_solve(
        matrix,
        rhs,
        left_side=True,
        lower=lower,
        transpose_a=adjoint_matrix,
        conjugate_a=adjoint_matrix,
    )


def triangular_solve(matrix, rhs, lower=True, adjoint=False, name=None):
    """Solves ``matrix @ x = rhs`` for triangular matrices by substitution.

    Args:
      matrix: square matrices ``(..., n, n)``, of which one triangle is read.
      rhs: right-hand sides ``(..., n, k)``.
      lower: whether it is the lower triangle.
      adjoint: whether to take the conjugate transpose of ``matrix``.
      name: unused in eager code.

    Returns:
      The solutions ``(..., n, k)``.

    Raises:
      InvalidArgumentError: if a diagonal holds a zero or the shapes do not fit.
    """
    return _triangular_solve(matrix, rhs, lower=bool(lower), adjoint_matrix=bool(adjoint))


def cholesky_solve(chol, rhs, name=None):
    """Solves ``chol @ adjoint(chol) @ x = rhs``, given a Cholesky factor.

    Args:
      chol: lower triangular matrices ``(..., n, n)``, as ``tf.linalg.cholesky`` gives them.
      rhs: right-hand sides ``(..., n, k)``.
      name: unused in eager code.

    Returns:
      The solutions ``(..., n, k)``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    chol = convert_to_tensor(chol)
    return triangular_solve(chol, triangular_solve(chol, rhs), adjoint=True)


# ------------------------------------------------------------------------------------ LU factors


def _unpack(factors):
    eye = jnp.eye(factors.shape[-1], dtype=factors.dtype)
    return jnp.tril(factors, -1) + eye, jnp.triu(factors)


@op("LuReconstruct", types=KERNELS, same=(0,), kinds={1: INDICES}, rule=lambda x, p: x)
def _lu_reconstruct(factors, permutation):
    lower, upper = _unpack(factors)
    rows = jnp.argsort(permutation, -1)[..., None]
    return jnp.take_along_axis(lower @ upper, rows, -2)


def lu_reconstruct(lower_upper, perm, validate_args=False, name=None):
    """The matrices whose LU decomposition is given.

    Args:
      lower_upper: both factors ``(..., n, n)``, as ``tf.linalg.lu`` gives them.
      perm: the permutation of rows ``(..., n)``.
      validate_args: has no effect: shapes are checked in any case.
      name: unused in eager code.

    Returns:
      A tensor like ``lower_upper``.

    Raises:
      ValueError: if the shapes do not fit.
    """
    factors, permutation = _lu_arguments(lower_upper, perm)
    return _lu_reconstruct(factors, permutation)


def _lu_solve_rule(factors: Aval, permutation: Aval, rhs: Aval) -> Aval:
    batch = broadcast_shapes(factors.shape[:-2], rhs.shape[:-2])
    return aval((*batch, *rhs.shape[-2:]), rhs.dtype)


@op("LuSolve", types=KERNELS, same=(0, 2), kinds={1: INDICES}, rule=_lu_solve_rule)
def _lu_solve(factors, permutation, rhs):
    batch = jnp.broadcast_shapes(factors.shape[:-2], rhs.shape[:-2])
    factors = jnp.broadcast_to(factors, batch + factors.shape[-2:])
    rhs = jnp.broadcast_to(rhs, batch + rhs.shape[-2:])
    rows = jnp.broadcast_to(permutation, batch + permutation.shape[-1:])[..., None]
    substitute = partial(lax.linalg.triangular_solve, factors, left_side=True)
    x = substitute(jnp.take_along_axis(rhs, rows, -2), lower=True, unit_diagonal=True)
    return substitute(x, lower=False)


def lu_solve(lower_upper, perm, rhs, validate_args=False, name=None):
    """Solves ``a @ x = rhs``, given the LU decomposition of ``a``.

    Args:
      lower_upper: both factors ``(..., n, n)``, as ``tf.linalg.lu`` gives them.
      perm: the permutation of rows ``(..., n)``.
      rhs: right-hand sides ``(..., n, k)``, whose batch shape broadcasts with the factors'.
      validate_args: has no effect: shapes are checked in any case.
      name: unused in eager code.

    Returns:
      The solutions ``(..., n, k)``.

    Raises:
      ValueError: if the shapes do not fit.
    """
    factors, permutation = _lu_arguments(lower_upper, perm)
    rhs = convert_to_tensor(rhs, dtype_hint=factors.dtype)
    if rhs.ndim < 2:
        raise ValueError("Input `rhs` must have at least 2 dimensions.")
    if factors.shape[-1] != rhs.shape[-2]:
        raise ValueError("`lower_upper.shape[-1]` must equal `rhs.shape[-1]`.")
    return _lu_solve(factors, permutation, rhs)


def lu_matrix_inverse(lower_upper, perm, validate_args=False, name=None):
    """The inverse of ``a``, given its LU decomposition.

    Args:
      lower_upper: both factors ``(..., n, n)``, as ``tf.linalg.lu`` gives them.
      perm: the permutation of rows ``(..., n)``.
      validate_args: has no effect: shapes are checked in any case.
      name: unused in eager code.

    Returns:
      A tensor like ``lower_upper``.

    Raises:
      ValueError: if the shapes do not fit.
    """
    factors, permutation = _lu_arguments(lower_upper, perm)
    eye = tf.eye(factors.shape[-1], dtype=factors.dtype)
    return _lu_solve(factors, permutation, eye)


def _lu_arguments(lower_upper, perm) -> tuple[Tensor, Tensor]:
    factors = convert_to_tensor(lower_upper, dtype_hint=float32)
    permutation = convert_to_tensor(perm, dtype_hint=int32)
    if factors.ndim < 2:
        raise ValueError("Input `lower_upper` must have at least 2 dimensions.")
    if factors.shape[-1] != factors.shape[-2]:
        raise ValueError("`lower_upper` must be square.")
    if tuple(permutation.shape) != tuple(factors.shape)[:-1]:
        raise ValueError(
            f"`perm` must have the shape {factors.shape[:-1]} of `lower_upper` without its last "
            f"axis, got {permutation.shape}"
        )
    return factors, permutation


# ---------------------------------------------------------------------------- rectangular matrices


def matrix_rank(a, tol=None, validate_args=False, name=None):
    """The number of singular values above ``tol``.

    Args:
      a: matrices ``(..., m, n)``.
      tol: the threshold, which broadcasts with the singular values; by default the dtype's epsilon
        times ``max(m, n)`` times the largest singular value.
      validate_args: has no effect: shapes are checked in any case.
      name: unused in eager code.

    Returns:
      An int32 tensor ``(...)``.

    Raises:
      ValueError: if ``a`` is no matrix.
    """
    a = convert_to_tensor(a, dtype_hint=float32)
    _check_matrix(a)
    values = tf.linalg.svd(a, compute_uv=False)
    if tol is None:
        relative = np.finfo(a.dtype.np).eps * max(a.shape[-2:])
        tol = relative * tf.reduce_max(values, -1, keepdims=True)
    return tf.reduce_sum(tf.cast(values > tol, int32), -1)


def pinv(a, rcond=None, validate_args=False, name=None):
    """The Moore-Penrose pseudo-inverse, by singular values.

    Args:
      a: real matrices ``(..., m, n)``.
      rcond: singular values up to this times the largest count as 0; by default the dtype's
        epsilon times ``10 * max(m, n)``.
      validate_args: has no effect: shapes are checked in any case.
      name: unused in eager code.

    Returns:
      A tensor ``(..., n, m)``.

    Raises:
      TypeError: if ``a`` is no floating tensor.
      ValueError: if it is no matrix.
    """
    a = convert_to_tensor(a)
    if a.dtype not in FLOATS:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    _check_matrix(a)
    if rcond is None:
        rcond = 10.0 * max(a.shape[-2:]) * np.finfo(a.dtype.np).eps
    rcond = convert_to_tensor(rcond, dtype=a.dtype)
    s, u, v = tf.linalg.svd(a)
    cutoff = rcond * tf.reduce_max(s, -1)
    large = s > cutoff[..., tf.newaxis]
    s = tf.where(large, s, np.array(np.inf, s.dtype.np))
    return tf.matmul(v / s[..., tf.newaxis, :], u, adjoint_b=True)


def _check_matrix(a: Tensor) -> None:
    if a.ndim < 2:
        raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {a.ndim}).")


def lstsq(matrix, rhs, l2_regularizer=0.0, fast=True, name=None):
    """Solves ``matrix @ x = rhs`` in the least-squares sense.

    Args:
      matrix: matrices ``(..., m, n)``.
      rhs: right-hand sides ``(..., m, k)``.
      l2_regularizer: the weight of ``sum(abs(x) ** 2)`` in what is minimized; used if ``fast``.
      fast: whether to solve the normal equations by Cholesky's method, which needs a matrix of full
        rank; otherwise the solution of least norm is found by singular values, without gradient.
      name: unused in eager code.

    Returns:
      The solutions ``(..., n, k)``.

    Raises:
      InvalidArgumentError: if the shapes do not fit, or if the matrix has not full rank and
        ``fast``.
    """
    matrix = convert_to_tensor(matrix)
    rhs = convert_to_tensor(rhs, dtype_hint=matrix.dtype)
    if not fast:
        return _lstsq(matrix, rhs)
    tall = matrix.shape[-2] >= matrix.shape[-1]
    if tall:
        gramian = tf.matmul(matrix, matrix, adjoint_a=True)
        right = tf.matmul(matrix, rhs, adjoint_a=True)
    else:
        gramian, right = tf.matmul(matrix, matrix, adjoint_b=True), rhs
    if l2_regularizer != 0:
        weight = tf.cast(l2_regularizer, matrix.dtype.real_dtype)
        eye = tf.eye(gramian.shape[-1], dtype=matrix.dtype)
        gramian += tf.cast(weight, matrix.dtype) * eye
    x = cholesky_solve(tf.linalg.cholesky(gramian), right)
    return x if tall else tf.matmul(matrix, x, adjoint_a=True)


@custom_vjp
def _least_norm(matrix, rhs):
    u, s, vh = jnp.linalg.svd(matrix, full_matrices=False)
    smallest = jnp.finfo(s.dtype).eps * max(matrix.shape[-2:]) * jnp.max(s, -1, keepdims=True)
    inverse = jnp.where(s > smallest, 1 / s, 0)[..., None]
    return adjoint(vh) @ (inverse * (adjoint(u) @ rhs))


def _no_gradient(kept, g):
    raise ValueError("Gradient not defined for fast=False")


_least_norm.defvjp(lambda matrix, rhs: (_least_norm(matrix, rhs), ()), _no_gradient)


def _lstsq_rule(matrix: Aval, rhs: Aval) -> Aval:
    return matrix_product(matrix, rhs, transpose_a=True)


@op("MatrixSolveLs", types=KERNELS, rule=_lstsq_rule)
def _lstsq(matrix, rhs):
    return _least_norm(matrix, rhs)
