"""What the files of this package share: dtypes, shape rules and tests for singular matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import Aval
from reflow.core.dtypes import as_dtype, complex64, complex128, float32, float64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check

KERNELS = frozenset((float32, float64, complex64, complex128))
"""The dtypes that decompositions and solvers take."""


def require_rank(x: Aval, position: int | None = 0) -> None:
    """Raises TF's error for what is no matrix and no batch of matrices."""
    if len(x.shape) < 2:
        which = "" if position is None else f" {position}"
        raise invalid(f"Input tensor{which} must have rank >= 2, got {len(x.shape)}")


def require_square(x: Aval, message: str = "Input matrix must be square.") -> None:
    """Raises TF's error for what is no square matrix and no batch of them."""
    require_rank(x)
    if x.shape[-1] != x.shape[-2]:
        raise invalid(message)


def square(x: Aval, **_: Any) -> Aval:
    """The output is a square matrix like the input."""
    require_square(x)
    return x


def solution(matrix: Aval, rhs: Aval, **_: Any) -> Aval:
    """What a solver gives for square matrices and right-hand sides of the same batch shape."""
    require_rank(matrix)
    if len(matrix.shape) != len(rhs.shape):
        raise invalid("All input tensors must have the same rank.")
    if matrix.shape[:-2] != rhs.shape[:-2]:
        raise invalid("All input tensors must have the same outer dimensions.")
    require_square(matrix, "First input (lhs) must be a square matrix.")
    if matrix.shape[-2] != rhs.shape[-2]:
        raise invalid("Input matrix and rhs are incompatible.")
    return rhs


def adjoint(x: Any) -> Any:
    """The conjugate transpose of an array of matrices."""
    return jnp.conj(jnp.swapaxes(x, -1, -2))


def is_square(x: Any) -> bool:
    """Whether an array holds square matrices of a dtype that kernels take; rules tell the rest."""
    return x.ndim >= 2 and x.shape[-1] == x.shape[-2] and as_dtype(x.dtype) in KERNELS


def not_invertible(message: str) -> Check:
    """A check that the matrices of input 0 have no zero pivot, as TF's LU kernels make it."""

    def find(xp: Any, x: Any, *rest: Any, **static: Any) -> Any:
        if x.size == 0 or not is_square(x):
            return xp.full((1,), -1, np.int64)
        with np.errstate(all="ignore"):
            sign, logarithm = xp.linalg.slogdet(x)
        regular = xp.all((xp.abs(sign) > 0) & ~xp.isnan(logarithm))
        return xp.where(regular, -1, 0).reshape(1).astype(np.int64)

    return Check(find, lambda *_, **__: message, reads=(0,))
