"""``tf.make_tensor_proto`` and ``tf.make_ndarray``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from reflow.core.convert import to_array
from reflow.core.dtypes import as_dtype
from reflow.io._protos import message
from reflow.io._tensor_proto import from_proto, to_proto

__all__ = ["make_ndarray", "make_tensor_proto"]


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """Values as a TensorProto message.

    Args:
      values: a number, string, NumPy array, or nested list of these.
      dtype: the element type; by default it follows from the values.
      shape: the shape; by default that of the values.
      verify_shape: whether the values must have this very shape.
      allow_broadcast: whether a single value may be given for all.

    Returns:
      The message.

    Raises:
      TypeError: the values are not of the dtype.
      ValueError: they do not fit the shape.
    """
    if hasattr(values, "numpy"):
        values = values.numpy()
    array = to_array(values, None if dtype is None else as_dtype(dtype))
    if shape is not None:
        sizes = [int(size) for size in shape]
        if verify_shape and list(array.shape) != sizes:
            raise TypeError(f"Expected Tensor's shape: {tuple(sizes)}, got {array.shape}.")
        if array.size == 1 and math.prod(sizes) != 1 and allow_broadcast:
            array = np.broadcast_to(array.reshape(()), sizes)
        elif array.size != math.prod(sizes):
            raise ValueError(f"cannot reshape array of shape {array.shape} into shape {sizes}")
        array = array.reshape(sizes)
    return to_proto(array)


def make_ndarray(tensor: Any) -> Any:
    """The NumPy array of a TensorProto message.

    Args:
      tensor: the message.

    Returns:
      An array.

    Raises:
      TypeError: its dtype has no NumPy equal.
    """
    if not isinstance(tensor, message("TensorProto")):  # of TensorFlow's own classes
        tensor = message("TensorProto").FromString(tensor.SerializeToString())
    return from_proto(tensor)
