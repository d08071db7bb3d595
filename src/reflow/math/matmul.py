"""The product of matrices and of batches of matrices."""

from __future__ import annotations

from reflow.core.convert import convert_to_tensor
from reflow.core.lazy import jnp, lax
from reflow.core.record import record
from reflow.core.rules import matrix_product
from reflow.core.tensor import Tensor
from reflow.math._common import PLAIN, Scoped

__all__ = ["matmul"]


def _product(a, b, *, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False):
    if adjoint_a and jnp.iscomplexobj(a):
        a = lax.conj(a)
    if adjoint_b and jnp.iscomplexobj(b):
        b = lax.conj(b)
    batch = jnp.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a = jnp.broadcast_to(a, batch + a.shape[-2:])
    b = jnp.broadcast_to(b, batch + b.shape[-2:])
    rank = len(batch)
    axis_a = rank if transpose_a or adjoint_a else rank + 1
    axis_b = rank + 1 if transpose_b or adjoint_b else rank
    axes = tuple(range(rank))
    return lax.dot_general(a, b, (((axis_a,), (axis_b,)), (axes, axes)))


def _rule(a, b, *, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False):
    return matrix_product(
        a, b, transpose_a=transpose_a or adjoint_a, transpose_b=transpose_b or adjoint_b
    )


class MatrixProduct(Scoped):
    """TF runs matrices and batches by two ops, whose names its messages tell."""

    def name_error(self, error):
        text = error.message
        if "[Op:" not in text and ("mismatch In[1]" in text or "ndims" in text or "batch" in text):
            error = type(error)(None, None, f"{text} [Op:BatchMatMulV2]")
        return super().name_error(error)


_matmul = MatrixProduct(_product, "MatMul", "MatMul", types=PLAIN, rule=_rule)
matmul_operator = MatrixProduct(_product, "MatMul", "matmul", types=PLAIN, rule=_rule)
_PLAIN = _matmul.plain


def matmul(
    a,
    b,
    transpose_a=False,
    transpose_b=False,
    adjoint_a=False,
    adjoint_b=False,
    a_is_sparse=False,
    b_is_sparse=False,
    name=None,
):
    """The matrix product ``a @ b``.

    Args:
      a: a tensor of shape ``(..., n, k)``, or ``(..., k, n)`` if it is to be transposed.
      b: a tensor of the same dtype, of shape ``(..., k, m)``; leading axes are broadcast.
      transpose_a: whether to transpose ``a``.
      transpose_b: whether to transpose ``b``.
      adjoint_a: whether to transpose and conjugate ``a``.
      adjoint_b: whether to transpose and conjugate ``b``.
      a_is_sparse: a hint that is not used.
      b_is_sparse: a hint that is not used.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(..., n, m)``.

    Raises:
      ValueError: a matrix is to be both transposed and adjoint.
      InvalidArgumentError: the shapes don't fit or the dtypes differ.
    """
    # Converted one by one: numbers in b do not take the dtype of a.
    if a.__class__ is not Tensor:
        a = convert_to_tensor(a)
    if b.__class__ is not Tensor:
        b = convert_to_tensor(b)
    if not (transpose_a or transpose_b or adjoint_a or adjoint_b):
        return record(_PLAIN, (a, b))
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    if transpose_b and adjoint_b:
        raise ValueError("Only one of transpose_b and adjoint_b can be True.")
    return _matmul(
        a,
        b,
        transpose_a=bool(transpose_a),
        transpose_b=bool(transpose_b),
        adjoint_a=bool(adjoint_a),
        adjoint_b=bool(adjoint_b),
    )
