"""Determinants and their logarithms."""

from __future__ import annotations

from typing import NamedTuple

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.tensor import Tensor
from reflow.linalg._common import KERNELS, require_square

__all__ = ["det", "logdet", "slogdet"]


def _det_rule(x: Aval) -> Aval:
    require_square(x)
    return aval(x.shape[:-2], x.dtype)


@op("MatrixDeterminant", types=KERNELS, rule=_det_rule, reads=(0,))
def _det(x):
    return jnp.linalg.det(x)


def det(input, name=None):
    """The determinant of square matrices.

    Args:
      input: matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      A tensor ``(...)`` of the same dtype.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return _det(input)


class LogMatrixDeterminant(NamedTuple):
    """What ``tf.linalg.slogdet`` returns: the determinant is sign * exp(log_abs_determinant)."""

    sign: Tensor
    log_abs_determinant: Tensor


def _slogdet_rule(x: Aval) -> tuple[Aval, Aval]:
    out = _det_rule(x)
    return out, out


@op("LogMatrixDeterminant", types=KERNELS, rule=_slogdet_rule, reads=(0,))
def _slogdet(x):
    sign, logarithm = jnp.linalg.slogdet(x)
    return lax.stop_gradient(sign), logarithm.astype(x.dtype)


def slogdet(input, name=None):
    """The sign of the determinant and the logarithm of its absolute value.

    Args:
      input: matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      ``(sign, log_abs_determinant)``, each ``(...)`` of the same dtype; no gradient flows through
      the sign.

    Raises:
      InvalidArgumentError: if the matrices are not square.
    """
    return LogMatrixDeterminant(*_slogdet(input))


def logdet(matrix, name=None):
    """The logarithm of the determinant of positive definite matrices.

    Args:
      matrix: Hermitian positive definite matrices ``(..., n, n)``.
      name: unused in eager code.

    Returns:
      A real tensor ``(...)``.

    Raises:
      InvalidArgumentError: if a matrix is not positive definite.
    """
    factor = tf.linalg.cholesky(matrix)
    diagonal = tf.math.real(tf.linalg.diag_part(factor))
    return 2.0 * tf.reduce_sum(tf.math.log(diagonal), [-1])
