"""Helpers for NumPy arrays of labels and samples."""

from __future__ import annotations

import numpy as np

__all__ = ["normalize", "to_categorical"]


def to_categorical(y, num_classes=None, dtype="float32"):
    """Turns class numbers into one-hot rows.

    Args:
      y: class numbers, an array of any shape; a last dimension of size 1 is dropped.
      num_classes: the length of a row; the largest class number plus 1 by default.
      dtype: the NumPy type of the result.

    Returns:
      An array of shape ``y.shape + (num_classes,)``.

    Raises:
      IndexError: if a class number is ``num_classes`` or larger.
    """
    y = np.array(y, dtype=int)
    shape = y.shape[:-1] if y.ndim > 1 and y.shape[-1] == 1 else y.shape
    y = y.ravel()
    if not num_classes:
        num_classes = np.max(y) + 1
    rows = np.zeros((y.size, num_classes), dtype)
    rows[np.arange(y.size), y] = 1
    return rows.reshape((*shape, num_classes))


def normalize(x, axis=-1, order=2):
    """Divides an array by its norms along an axis; zeros stay zeros.

    Args:
      x: an array.
      axis: along which the norms are taken.
      order: of the norm: 2 for the square root of the squares' sum, 1, ``np.inf``, ...

    Returns:
      An array of ``x``'s shape; a vector becomes a matrix with one row.
    """
    norms = np.atleast_1d(np.linalg.norm(x, order, axis))
    norms[norms == 0] = 1
    return x / np.expand_dims(norms, axis)
