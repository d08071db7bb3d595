"""Tensors as strings: ``tf.io.serialize_tensor`` and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype, string
from reflow.core.errors import NeedsEagerError, UnimplementedError, invalid
from reflow.core.sparse_tensor import SparseTensor, SparseTensorSpec, sparse_tensor
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.io._protos import message
from reflow.io._tensor_proto import from_proto, to_proto

__all__ = [
    "deserialize_many_sparse", "parse_tensor", "serialize_many_sparse", "serialize_sparse",
    "serialize_tensor",
]  # fmt: skip


def host_value(value: Any, op: str, dtype: Any = None) -> np.ndarray[Any, Any]:
    """An argument of an op that runs on the host.

    Raises:
      NeedsEagerError: in a function being traced, which then runs as plain Python.
    """
    tensor = convert_to_tensor(value, dtype)
    if tensor._is_symbolic():
        raise NeedsEagerError(f"{op} runs on the host, not in compiled code")
    return tensor._host()


def strings(texts: Any, shape: tuple[int, ...] = ()) -> Tensor:
    """A string tensor of bytes objects."""
    array = np.empty(len(texts), object)
    array[:] = texts
    return tensor_from_numpy(array.reshape(shape))


def serialize_tensor(tensor: Any, name: str | None = None) -> Tensor:
    """A tensor as a string (a TensorProto).

    Args:
      tensor: any tensor.
      name: unused in eager code.

    Returns:
      A string scalar, which ``tf.io.parse_tensor`` reads.
    """
    array = host_value(tensor, "SerializeTensor")
    return strings([to_proto(array, packed=True).SerializeToString()])


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Tensor:
    """The tensor that ``tf.io.serialize_tensor`` made a string of.

    Args:
      serialized: a string scalar.
      out_type: the tensor's dtype.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: the string is no tensor, or one of another dtype.
    """
    from google.protobuf.message import DecodeError

    text = host_value(serialized, "ParseTensor", string)
    if text.ndim:
        sizes = ",".join(map(str, text.shape))
        raise invalid(
            f"Expected `serialized` to be a scalar, got shape: [{sizes}] [Op:ParseTensor]"
        )
    wanted = as_dtype(out_type)
    try:
        array = from_proto(message("TensorProto").FromString(text.item()))
    except (DecodeError, ValueError, TypeError, UnimplementedError):
        shown = text.item().decode(errors="replace")
        raise invalid(
            f"Could not parse `serialized` as TensorProto: '{shown}' [Op:ParseTensor]"
        ) from None
    found = as_dtype(array.dtype)
    if found is not wanted:
        raise invalid(
            f"Type mismatch between parsed tensor ({found.label}) and dtype ({wanted.label}) "
            "[Op:ParseTensor]"
        )
    return tensor_from_numpy(array)


def _parts(sp_input: Any) -> tuple[np.ndarray[Any, Any], ...]:
    if not isinstance(sp_input, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    values = (sp_input.indices, sp_input.values, sp_input.dense_shape)
    return tuple(host_value(value, "SerializeSparse") for value in values)


def _bytes(array: Any) -> bytes:
    return to_proto(array, packed=True).SerializeToString()  # type: ignore[no-any-return]


def _need_strings(out_type: Any) -> None:
    if as_dtype(out_type) is not string:
        raise NotImplementedError(
            "serialize_sparse: only strings (out_type=tf.string), no variants"
        )


def serialize_sparse(sp_input: Any, out_type: Any = string, name: str | None = None) -> Tensor:
    """A SparseTensor as three strings: indices, values, dense shape.

    Args:
      sp_input: a SparseTensor.
      out_type: ``tf.string``.
      name: unused in eager code.
    """
    _need_strings(out_type)
    return strings([_bytes(part) for part in _parts(sp_input)], (3,))


def serialize_many_sparse(sp_input: Any, out_type: Any = string, name: str | None = None) -> Tensor:
    """The rows of a SparseTensor, each as three strings.

    Args:
      sp_input: a SparseTensor of rank 2 or more; its first axis is the batch.
      out_type: ``tf.string``.
      name: unused in eager code.

    Returns:
      A string tensor ``[batch, 3]``.
    """
    _need_strings(out_type)
    indices, values, shape = _parts(sp_input)
    if len(shape) < 2:
        raise invalid(f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}")
    texts: list[bytes] = []
    for row in range(int(shape[0])):
        inside = indices[:, 0] == row
        texts += map(_bytes, (indices[inside, 1:], values[inside], shape[1:]))
    return strings(texts, (int(shape[0]), 3))


def deserialize_many_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> SparseTensor:
    """The SparseTensor whose rows ``tf.io.serialize_many_sparse`` made strings of.

    Args:
      serialized_sparse: strings ``[batch, 3]``.
      dtype: the values' dtype.
      rank: the rows' rank; unused.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: a string is no tensor of the right dtype.
    """
    rows = host_value(serialized_sparse, "DeserializeManySparse", string)
    if rows.ndim != 2 or rows.shape[1] != 3:
        raise invalid(f"Serialized sparse should have 3 columns but has shape {rows.shape}")
    kinds = ("int64", dtype, "int64")
    values = [
        SparseTensor(*[parse_tensor(t, kind) for t, kind in zip(row, kinds, strict=True)])
        for row in rows
    ]
    if not values:
        return sparse_tensor(np.zeros((0, 1)), np.zeros(0, as_dtype(dtype).np), [0])
    return SparseTensorSpec._stack(values)
