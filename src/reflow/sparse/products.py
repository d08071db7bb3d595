"""Products of sparse and dense matrices."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.static import static_array
from reflow.core.tensor import Tensor
from reflow.sparse.conversion import as_sparse

__all__ = ["sparse_dense_matmul"]


@op("SparseTensorDenseMatMul", same=(0, 1), kinds={2: (int64,), 3: (int64,)})
def _product(values: Any, b: Any, row: Any, column: Any, *, rows: int) -> Any:
    terms = values[:, None] * b[column]
    return jnp.zeros((rows, b.shape[1]), b.dtype).at[row].add(terms)


def sparse_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The matrix product of a sparse and a dense matrix.

    Args:
      sp_a: a SparseTensor of rank 2.
      b: a dense matrix.
      adjoint_a, adjoint_b: whether to transpose (and conjugate) it first.
      name: unused in eager code.

    Returns:
      A dense matrix.

    Raises:
      InvalidArgumentError: the inner sizes differ.
    """
    a = as_sparse(sp_a)
    b = convert_to_tensor(b, a.dtype)
    rows, columns = static_array(a.dense_shape, "sparse_dense_matmul: dense_shape").tolist()
    row, column = a.indices[:, 0], a.indices[:, 1]
    values = a.values
    if adjoint_a:
        row, column, rows, columns = column, row, columns, rows
        values = tf.math.conj(values) if a.dtype.is_complex else values
    if adjoint_b:
        b = tf.linalg.adjoint(b)
    if b.shape[0] != columns:
        sizes = ",".join(map(str, b.shape))
        raise invalid(
            "Cannot multiply A and B because inner dimension does not match: "
            f"{columns} vs. {b.shape[0]}.  Did you forget a transpose?  Dimensions of A: "
            f"[{rows}, {columns}).  Dimensions of B: [{sizes}] [Op:SparseTensorDenseMatMul]"
        )
    return _product(values, b, row, column, rows=rows)
