"""Transposes of matrices and of batches of matrices."""

from __future__ import annotations

import reflow as tf
from reflow.core.convert import convert_to_tensor

__all__ = ["adjoint", "matrix_transpose"]


def matrix_transpose(a, name="matrix_transpose", conjugate=False):
    """Swaps the last two axes.

    Args:
      a: a tensor ``(..., rows, columns)``.
      name: unused in eager code.
      conjugate: whether to conjugate complex elements too.

    Returns:
      A tensor ``(..., columns, rows)``.

    Raises:
      ValueError: if ``a`` is no matrix.
    """
    a = convert_to_tensor(a)
    rank = a.ndim
    if rank < 2:
        raise ValueError(
            f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {a.shape}"
        )
    return tf.transpose(a, [*range(rank - 2), rank - 1, rank - 2], conjugate=conjugate)


def adjoint(matrix, name=None):
    """The conjugate transpose: ``matrix_transpose(matrix, conjugate=True)``.

    Args:
      matrix: a tensor ``(..., rows, columns)``.
      name: unused in eager code.

    Returns:
      A tensor ``(..., columns, rows)``.

    Raises:
      ValueError: if it is no matrix.
    """
    return matrix_transpose(matrix, conjugate=True)
