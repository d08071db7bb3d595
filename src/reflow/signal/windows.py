"""Window functions."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.dtypes import as_dtype, float32
from reflow.core.tensor import Tensor
from reflow.signal.framing import scalar

__all__ = ["hamming_window", "hann_window"]


def hann_window(window_length, periodic=True, dtype=float32, name=None):
    """The Hann window ``0.5 - 0.5 * cos(2 * pi * n / N)``.

    Args:
      window_length: the number of samples.
      periodic: whether the window is meant for a periodic signal (``N`` is the length) or is
        symmetric (one less). As in TF 2.1, windows of odd length are symmetric in any case.
      dtype: a floating dtype.
      name: unused in eager code.

    Returns:
      A vector.

    Raises:
      ValueError: if ``dtype`` is not floating or the length is no scalar.
    """
    return _raised_cosine(window_length, periodic, dtype, 0.5, 0.5)


def hamming_window(window_length, periodic=True, dtype=float32, name=None):
    """The Hamming window ``0.54 - 0.46 * cos(2 * pi * n / N)``.

    Args:
      window_length: the number of samples.
      periodic: whether the window is meant for a periodic signal (``N`` is the length) or is
        symmetric (one less). As in TF 2.1, windows of odd length are symmetric in any case.
      dtype: a floating dtype.
      name: unused in eager code.

    Returns:
      A vector.

    Raises:
      ValueError: if ``dtype`` is not floating or the length is no scalar.
    """
    return _raised_cosine(window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(length: Any, periodic: Any, dtype: Any, a: float, b: float) -> Tensor:
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {dtype}")
    length = scalar(length, "window_length")
    if length == 1:
        return tf.ones([1], dtype)
    period = length - 1 + int(bool(periodic) and length % 2 == 0)
    kind = dtype.np.type
    angle = kind(2 * np.pi) * np.arange(length).astype(kind) / kind(period)
    return tf.constant(kind(a) - kind(b) * np.cos(angle), dtype)
