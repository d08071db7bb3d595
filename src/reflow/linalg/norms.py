"""Norms of vectors and matrices, and scaling by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor

__all__ = ["global_norm", "norm", "normalize"]

_EUCLIDEAN = ("fro", "euclidean", 2)
_MATRIX_NORMS = ("euclidean", "fro", 1, 2, math.inf)


def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None):
    """The norm of vectors or matrices.

    Args:
      tensor: a floating or complex tensor.
      ord: ``"euclidean"``, ``math.inf`` or a positive number p for the p-norm of vectors;
        ``"euclidean"``, ``"fro"``, 1, 2 (the largest singular value) or ``math.inf`` for matrices.
      axis: an int for vectors along this axis, two ints for matrices in these axes; None takes
        all of ``tensor`` as one vector.
      keepdims: whether reduced axes stay, with size 1.
      name: unused in eager code.

    Returns:
      A tensor of ``tensor``'s dtype (real, where absolute values are taken).

    Raises:
      ValueError: if ``ord`` or ``axis`` is none of these.
    """
    is_matrix = isinstance(axis, (list, tuple))
    if is_matrix:
        axis = tuple(axis)
        if len(axis) != 2 or axis[0] == axis[1]:
            raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
    _check_order(ord, is_matrix)
    tensor = convert_to_tensor(tensor)
    if ord in _EUCLIDEAN:
        if is_matrix and ord == 2:
            result = _spectral_norm(tensor, axis)
        else:
            squares = tf.multiply(tensor, tf.math.conj(tensor))
            result = tf.sqrt(tf.reduce_sum(squares, axis, keepdims=True))
    elif ord in (1, math.inf):
        result = tf.abs(tensor)
        if not is_matrix:
            reduce = tf.reduce_sum if ord == 1 else tf.reduce_max
            result = reduce(result, axis, keepdims=True)
        else:
            summed, other = axis if ord == 1 else (axis[1], axis[0])
            sums = tf.reduce_sum(result, summed, keepdims=True)
            result = tf.reduce_max(sums, other, keepdims=True)
    else:
        powers = tf.pow(tf.abs(tensor), ord)
        result = tf.pow(tf.reduce_sum(powers, axis, keepdims=True), 1.0 / ord)
    return result if keepdims else tf.squeeze(result, axis)


def _check_order(ord: Any, is_matrix: bool) -> None:
    if is_matrix:
        if ord not in _MATRIX_NORMS:
            raise ValueError(
                f"'ord' must be a supported matrix norm in {list(_MATRIX_NORMS)}, got {ord}"
            )
    elif ord != "euclidean" and (isinstance(ord, str) or not ord > 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")


def _spectral_norm(tensor: Any, axis: tuple[int, int]) -> Any:
    """The largest singular value of the matrices in two axes, which stay with size 1."""
    rank = tensor.ndim
    matrix_axes = [a % rank for a in axis]
    others = [a for a in range(rank) if a not in matrix_axes]
    values = tf.linalg.svd(tf.transpose(tensor, [*others, *matrix_axes]), compute_uv=False)
    largest = tf.reduce_max(values, -1)
    for a in sorted(matrix_axes):
        largest = tf.expand_dims(largest, a)
    return largest


def normalize(tensor, ord="euclidean", axis=None, name=None):
    """Divides by the norm.

    Args:
      tensor: a floating or complex tensor.
      ord: the norm, as for ``tf.norm``.
      axis: where the vectors or matrices lie, as for ``tf.norm``.
      name: unused in eager code.

    Returns:
      ``(tensor / norm, norm)``, the norm with its reduced axes kept.
    """
    tensor = convert_to_tensor(tensor)
    length = norm(tensor, ord, axis, keepdims=True)
    return tensor / tf.cast(length, tensor.dtype), length


def global_norm(t_list, name=None):
    """The Euclidean norm of all elements of several tensors: ``sqrt(sum(sum(t ** 2)))``.

    Args:
      t_list: a list of floating tensors; None entries are left out.
      name: unused in eager code.

    Returns:
      A scalar.

    Raises:
      TypeError: if ``t_list`` is no sequence.
    """
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    halves = [tf.nn.l2_loss(getattr(t, "values", t)) for t in t_list if t is not None]
    if not halves:
        return tf.constant(0.0)
    return tf.sqrt(tf.reduce_sum(tf.stack(halves)) * 2.0)
