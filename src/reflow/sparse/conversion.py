"""From sparse to dense and back, and the order of the indices."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import string
from reflow.core.errors import invalid
from reflow.core.sparse_tensor import SparseTensor, SparseTensorValue, sparse_tensor
from reflow.core.static import static_array
from reflow.core.tensor import Tensor, tensor_from_numpy

__all__ = ["from_dense", "reorder", "retain", "to_dense"]


def as_sparse(sp_input: Any) -> SparseTensor:
    """A SparseTensor argument.

    Raises:
      TypeError: it is none.
    """
    if isinstance(sp_input, SparseTensorValue):
        return SparseTensor.from_value(sp_input)
    if not isinstance(sp_input, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return sp_input


def to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """The whole tensor.

    Args:
      sp_input: a SparseTensor.
      default_value: a scalar for the places that are not stored; zero (or an empty string).
      validate_indices: whether the indices must be in order and each there once.
      name: unused in eager code.

    Returns:
      A tensor of the SparseTensor's dtype and dense shape.

    Raises:
      TypeError: ``sp_input`` is no SparseTensor.
      InvalidArgumentError: an index is out of bounds, out of order or repeated.
    """
    sparse = as_sparse(sp_input)
    shape = tuple(static_array(sparse.dense_shape, "to_dense: dense_shape").tolist())
    if not sparse.indices._is_symbolic():
        check_order(sparse.indices._host(), shape, validate_indices)
    if sparse.dtype is string:
        default = b"" if default_value is None else convert_to_tensor(default_value).numpy()
        whole = np.full(shape, default, object)
        whole[tuple(sparse.indices._host().T)] = sparse.values._host()
        return tensor_from_numpy(whole)
    default = convert_to_tensor(0 if default_value is None else default_value, sparse.dtype)
    background = tf.fill(shape, default)
    return tf.tensor_scatter_nd_update(background, sparse.indices, sparse.values)


def check_order(indices: Any, shape: tuple[int, ...], in_order: bool) -> None:
    """Raises TF's error for places that are out of bounds, or (``in_order``) out of order."""
    outside = ((indices < 0) | (indices >= np.array(shape, np.int64))).any(axis=1)
    plain = "[" + ",".join(map(str, shape)) + "]"
    if not in_order:
        if outside.any():
            raise invalid(
                f"Indices are not valid (out of bounds).  Shape: {plain} [Op:SparseToDense]"
            )
        return
    steps = np.diff(indices, axis=0)
    first = (
        np.take_along_axis(steps, (steps != 0).argmax(axis=1)[:, None], 1)[:, 0]
        if len(steps) and steps.shape[1]
        else np.zeros(len(steps), np.int64)
    )
    wrong = np.concatenate([[False], first <= 0]) if len(indices) else np.zeros(0, bool)
    bad = outside | wrong
    if not bad.any():
        return
    at = int(bad.argmax())
    what = f"indices[{at}] = [{','.join(map(str, indices[at].tolist()))}] is"
    if outside[at]:
        raise invalid(f"{what} out of bounds: need 0 <= index < {plain} [Op:SparseToDense]")
    if first[at - 1] == 0:
        raise invalid(f"{what} repeated [Op:SparseToDense]")
    raise invalid(
        f"{what} out of order. Many sparse ops require sorted indices.\n    Use "
        "`tf.sparse.reorder` to create a correctly ordered copy.\n\n [Op:SparseToDense]"
    )


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a tensor that are not zero.

    Args:
      tensor: a tensor of numbers with at least one axis.
      name: unused in eager code.

    Returns:
      A SparseTensor.

    Raises:
      TypeError: ``tensor`` holds strings or bools.
      InvalidArgumentError: it is a scalar.
    """
    tensor = convert_to_tensor(tensor)
    if not tensor.shape.rank:
        raise invalid("WhereOp : Unhandled input dimensions: 0 [Op:Where]")
    indices = tf.where(tf.not_equal(tensor, tf.constant(0, tensor.dtype)))
    shape = tensor_from_numpy(np.array(tensor.shape.as_list(), np.int64))
    return SparseTensor(indices, tf.gather_nd(tensor, indices), shape)


def reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The same tensor with its indices in order.

    Args:
      sp_input: a SparseTensor.
      name: unused in eager code.

    Raises:
      TypeError: ``sp_input`` is no SparseTensor.
    """
    sparse = as_sparse(sp_input)
    indices = sparse.indices.numpy()
    order = np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))
    if sparse.dtype is string:
        return sparse_tensor(indices[order], sparse.values._host()[order], sparse.dense_shape)
    values = tf.gather(sparse.values, order)
    return SparseTensor(indices[order], values, sparse.dense_shape)


def retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """Some of the stored elements.

    Args:
      sp_input: a SparseTensor.
      to_retain: a bool for each of its values.

    Raises:
      TypeError: ``sp_input`` is no SparseTensor.
      ValueError: there is another number of bools.
    """
    sparse = as_sparse(sp_input)
    chosen = convert_to_tensor(to_retain)
    count = sparse.values.shape[0]
    if chosen.shape.with_rank(1)[0] != count:
        raise ValueError(f"Dimensions {count} and {chosen.shape[0]} are not compatible")
    where = np.flatnonzero(chosen.numpy())
    indices = tensor_from_numpy(sparse.indices._host()[where])
    if sparse.dtype is string:
        values = tensor_from_numpy(sparse.values._host()[where])
    else:
        values = tf.gather(sparse.values, where)
    return SparseTensor(indices, values, sparse.dense_shape)
