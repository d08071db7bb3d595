"""Decompositions: Cholesky, QR, SVD, LU and eigenvalues.

Where a factor is unique only up to a sign or phase (singular vectors, eigenvectors), LAPACK's
choice may differ from TF's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype, complex64, complex128, float32, int32, int64
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.tensor import Tensor
from reflow.linalg._common import (
    KERNELS,
    adjoint,
    is_square,
    not_invertible,
    require_rank,
    require_square,
    square,
)

__all__ = ["cholesky", "eig", "eigh", "eigvals", "eigvalsh", "lu", "qr", "svd"]


# ------------------------------------------------------------------------------------ Cholesky


def _lower_half(x):
    """The Hermitian matrix that the lower triangle of ``x`` stands for."""
    strict = jnp.tril(x, -1)
    return jnp.tril(x) + adjoint(strict)


def _find_indefinite(xp, x):
    """[0] if the decomposition of a matrix without NaN fails, else [-1]."""
    if x.size == 0 or not is_square(x):
        return xp.full((1,), -1, np.int64)
    known = ~xp.any(xp.isnan(xp.tril(x)), (-2, -1))
    if xp is np:
        try:
            np.linalg.cholesky(x[known])
        except np.linalg.LinAlgError:
            return np.array([0])
        return np.array([-1])
    factor = lax.linalg.cholesky(x, symmetrize_input=False)
    failed = known & xp.any(xp.isnan(factor), (-2, -1))
    return xp.where(xp.any(failed), 0, -1).reshape(1).astype(np.int64)


def _cholesky_message(*_, **__):
    return "Cholesky decomposition was not successful. The input might not be valid."


@op(
    "Cholesky",
    types=KERNELS,
    rule=square,
    reads=(0,),
    check=Check(_find_indefinite, _cholesky_message, reads=(0,)),
)
def _cholesky(x):
    # The lower triangle counts, yet the gradient is symmetric, as TF has it.
    symmetric = (x + adjoint(x)) / 2
    symmetric += lax.stop_gradient(_lower_half(x) - symmetric)
    return jnp.tril(lax.linalg.cholesky(symmetric, symmetrize_input=False))


def cholesky(input, name=None):
    """The lower triangular ``l`` with ``l @ adjoint(l) = input``.

    Args:
      input: positive definite matrices ``(..., n, n)``, of which the lower triangle is read.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if a matrix is not positive definite.
    """
    return _cholesky(input)


# ------------------------------------------------------------------------------------------ QR


class Qr(NamedTuple):
    """What ``tf.linalg.qr`` returns: ``q`` with orthonormal columns and ``r``, upper triangular."""

    q: Tensor
    r: Tensor


def _qr_rule(x: Aval, *, full: bool) -> tuple[Aval, Aval]:
    require_rank(x)
    rows, columns = x.shape[-2:]
    inner = rows if full else min(rows, columns)
    batch = x.shape[:-2]
    return aval((*batch, rows, inner), x.dtype), aval((*batch, inner, columns), x.dtype)


@op("Qr", types=KERNELS, rule=_qr_rule, reads=(0,))
def _qr(x, *, full):
    q, r = jnp.linalg.qr(x, mode="complete" if full else "reduced")
    return q, r


def qr(input, full_matrices=False, name=None):
    """The QR decomposition ``q @ r = input``.

    Args:
      input: matrices ``(..., m, n)``.
      full_matrices: whether ``q`` is ``(m, m)`` instead of ``(m, min(m, n))``.
      name: unused in eager code.

    Returns:
      ``(q, r)``: ``q`` with orthonormal columns, ``r`` upper triangular.
    """
    return Qr(*_qr(input, full=bool(full_matrices)))


# ----------------------------------------------------------------------------------------- SVD


def _svd_rule(x: Aval, *, full: bool, vectors: bool):
    require_rank(x)
    rows, columns = x.shape[-2:]
    batch, inner = x.shape[:-2], min(rows, columns)
    s = aval((*batch, inner), x.dtype.real_dtype)
    if not vectors:
        return s
    u = aval((*batch, rows, rows if full else inner), x.dtype)
    v = aval((*batch, columns, columns if full else inner), x.dtype)
    return s, u, v


@op("Svd", types=KERNELS, rule=_svd_rule, reads=(0,))
def _svd(x, *, full, vectors):
    if not vectors:
        return jnp.linalg.svd(x, compute_uv=False)
    u, s, vh = jnp.linalg.svd(x, full_matrices=full)
    return s, u, adjoint(vh)


def svd(tensor, full_matrices=False, compute_uv=True, name=None):
    """The singular value decomposition ``u @ diag(s) @ adjoint(v) = tensor``.

    Args:
      tensor: matrices ``(..., m, n)``.
      full_matrices: whether ``u`` and ``v`` are square, instead of having min(m, n) columns.
      compute_uv: whether the singular vectors are wanted.
      name: unused in eager code.

    Returns:
      ``(s, u, v)``, the singular values in falling order; only ``s`` without ``compute_uv``. As in
      TF, and unlike in NumPy, ``v`` is not conjugated and transposed.
    """
    return _svd(tensor, full=bool(full_matrices), vectors=bool(compute_uv))


# ---------------------------------------------------------------------------------- eigenvalues


def _eigh_rule(x: Aval, *, vectors: bool):
    require_square(x)
    values = aval(x.shape[:-1], x.dtype)
    return (values, x) if vectors else values


@op("SelfAdjointEigV2", types=KERNELS, rule=_eigh_rule, reads=(0,))
def _eigh(x, *, vectors):
    # Only the lower triangle is read; the gradient is that of its elements.
    v, w = lax.linalg.eigh(_lower_half(x), symmetrize_input=False)
    w = w.astype(x.dtype)
    return (w, v) if vectors else w


def eigh(tensor, name=None):
    """Eigenvalues and eigenvectors of symmetric (Hermitian) matrices.

    Args:
      tensor: matrices ``(..., n, n)``, of which the lower triangle is read.
      name: unused in eager code.

    Returns:
      ``(e, v)``: the eigenvalues in rising order, of ``tensor``'s dtype, and the eigenvectors as
      columns.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _eigh(tensor, vectors=True)


def eigvalsh(tensor, name=None):
    """Eigenvalues of symmetric (Hermitian) matrices.

    Args:
      tensor: matrices ``(..., n, n)``, of which the lower triangle is read.
      name: unused in eager code.

    Returns:
      The eigenvalues ``(..., n)`` in rising order, of ``tensor``'s dtype.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _eigh(tensor, vectors=False)


def _eig_rule(x: Aval, *, vectors: bool):
    require_square(x)
    dtype = complex64 if x.dtype in (float32, complex64) else complex128
    values = aval(x.shape[:-1], dtype)
    return (values, aval(x.shape, dtype)) if vectors else values


@op("Eig", types=KERNELS, rule=_eig_rule, reads=(0,))
def _eig(x, *, vectors):
    if not vectors:
        w = jnp.linalg.eigvals(x)
        return jnp.take_along_axis(w, jnp.lexsort((w.imag, w.real), -1), -1)
    w, v = jnp.linalg.eig(x)
    order = jnp.lexsort((w.imag, w.real), -1)
    return jnp.take_along_axis(w, order, -1), jnp.take_along_axis(v, order[..., None, :], -1)


def eig(tensor, name=None):
    """Eigenvalues and eigenvectors of square matrices; on the CPU only.

    Args:
      tensor: matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      ``(e, v)``: the complex eigenvalues, by rising real part, and the eigenvectors as columns of
      length 1.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _eig(tensor, vectors=True)


def eigvals(tensor, name=None):
    """Eigenvalues of square matrices; on the CPU only.

    Args:
      tensor: matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      The complex eigenvalues ``(..., n)``, by rising real part.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _eig(tensor, vectors=False)


# ------------------------------------------------------------------------------------------ LU


class Lu(NamedTuple):
    """What ``tf.linalg.lu`` returns: both factors in one matrix, and the permutation of rows."""

    lu: Tensor
    p: Tensor


def _lu_rule(x: Aval, *, index_type):
    require_rank(x, None)
    require_square(x)
    return x, aval(x.shape[:-1], index_type)


@op(
    "Lu",
    types=KERNELS,
    rule=_lu_rule,
    reads=(0,),
    check=not_invertible("Input is not invertible."),
)
def _lu(x, *, index_type):
    factors, _, permutation = lax.linalg.lu(x)
    return factors, permutation.astype(index_type.np)


def lu(input, output_idx_type=int32, name=None):
    """The LU decomposition with partial pivoting: ``l @ u = input`` with its rows permuted.

    Args:
      input: matrices ``(..., n, n)``.
      output_idx_type: ``tf.int32`` or ``tf.int64``, the permutation's dtype.
      name: unused in eager code.

    Returns:
      ``(lu, p)``: ``u`` in the upper triangle of ``lu``, ``l`` below it (its diagonal is 1), and
      the permutation: row i of ``l @ u`` is row ``p[i]`` of ``input``.

    Raises:
      InvalidArgumentError: if a matrix is singular.
    """
    index_type = as_dtype(output_idx_type)
    if index_type not in (int32, int64):
        raise TypeError(f"output_idx_type must be tf.int32 or tf.int64, got {index_type!r}")
    return Lu(*_lu(convert_to_tensor(input), index_type=index_type))
