"""Assertions about dtypes and Python types."""

from __future__ import annotations

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    QUANTIZED,
    as_dtype,
    complex64,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
)
from reflow.core.tensor import Tensor

__all__ = [
    "assert_integer",
    "assert_proper_iterable",
    "assert_same_float_dtype",
    "assert_type",
    "is_numeric_tensor",
]

NUMERIC = frozenset((float32, float64, int8, int16, int32, int64, uint8, complex64)) | QUANTIZED


def assert_type(tensor, tf_type, message=None, name=None):
    """Asserts that a tensor has a given dtype.

    Args:
      tensor: a tensor.
      tf_type: the dtype.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      TypeError: if it has another one.
    """
    if convert_to_tensor(tensor).dtype != tf_type:
        raise TypeError(f"{message or ''} tensor must be of type {tf_type}")


def assert_integer(x, message=None, name=None):
    """Asserts that a tensor has an integer dtype.

    Args:
      x: a tensor.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      TypeError: if it has another dtype.
    """
    x = convert_to_tensor(x)
    if not x.dtype.is_integer:
        raise TypeError(
            f'{message or ""}  Expected "x" to be integer type.  Found: tensor of dtype {x.dtype}'
        )


def assert_same_float_dtype(tensors=None, dtype=None):
    """Asserts that tensors share one floating dtype.

    Args:
      tensors: a list of tensors; None entries are left out.
      dtype: the dtype that they should have; by default the first one's.

    Returns:
      The dtype; float32 if nothing tells it.

    Raises:
      ValueError: if two differ, or it is not floating.
    """
    expected = None if dtype is None else as_dtype(dtype)
    first = None
    for tensor in tensors or []:
        if tensor is None:
            continue
        found = tensor.dtype
        if expected is None:
            expected, first = found, tensor
        elif found != expected:
            beside = "" if first is None else f" as {first}"
            raise ValueError(
                f"{tensor}, type={found}, must be of the same type ({expected}){beside}."
            )
    expected = expected or float32
    if not expected.is_floating:
        raise ValueError(f"Expected floating point type, got {expected}.")
    return expected


def assert_proper_iterable(values):
    """Asserts that a value is a collection, and not something that only can be iterated over.

    Args:
      values: anything.

    Raises:
      TypeError: if it is no iterable, or it is a tensor, an array or a string.
    """
    if isinstance(values, (Tensor, np.ndarray, bytes, str)):
        raise TypeError(
            f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}'
        )
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def is_numeric_tensor(tensor):
    """Whether a value is a tensor of one of the dtypes that TF 2.1 counts as numeric.

    Args:
      tensor: anything.

    Returns:
      A bool; False for variables, arrays and numbers, and for halves, which TF 2.1 leaves out.
    """
    return isinstance(tensor, Tensor) and tensor.dtype in NUMERIC
