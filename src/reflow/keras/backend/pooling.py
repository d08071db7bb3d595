"""Pooling with Keras's names for paddings and data formats."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.backend.convolution import op_padding, pair
from reflow.keras.backend.shapes import format_of

__all__ = ["pool2d", "pool3d"]


def _pool(
    x: Any, size: Any, strides: Any, padding: Any, data_format: Any, mode: Any, rank: int
) -> Any:
    format, padding = format_of(data_format), op_padding(padding)
    if mode not in ("max", "avg"):
        raise ValueError(f"Invalid pooling mode: {mode}")
    run = tf.nn.max_pool if mode == "max" else tf.nn.avg_pool
    return run(
        x,
        windows.full(size, format),
        windows.full(strides, format),
        padding,
        windows.op_format(format, rank),
    )


def pool2d(x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"):
    """The maximum or the average of each window of images.

    Args:
      x: a tensor ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      pool_size: pair of ints: the windows' size.
      strides: pair of ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      pool_mode: ``"max"`` or ``"avg"``.

    Returns:
      A tensor with an element for each window.

    Raises:
      ValueError: if there is no such mode, padding or data format, or sizes are no pairs.
    """
    size, strides = pair(pool_size, "pool_size"), pair(strides, "strides")
    return _pool(x, size, strides, padding, data_format, pool_mode, 2)


def pool3d(x, pool_size, strides=(1, 1, 1), padding="valid", data_format=None, pool_mode="max"):
    """The maximum or the average of each window of volumes.

    Args:
      x: a tensor ``(batch, depth, rows, columns, channels)``; for ``"channels_first"`` the channels
        come second.
      pool_size: three ints: the windows' size.
      strides: three ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      pool_mode: ``"max"`` or ``"avg"``.

    Returns:
      A tensor with an element for each window.

    Raises:
      ValueError: if there is no such mode, padding or data format, or sizes have another length.
    """
    return _pool(x, pool_size, strides, padding, data_format, pool_mode, 3)
