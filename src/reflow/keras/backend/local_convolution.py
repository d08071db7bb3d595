"""Convolutions whose kernel is another one at each place."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.backend.shapes import format_of

__all__ = ["local_conv1d", "local_conv2d"]


def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):
    """A one-dimensional convolution with a kernel of its own at each place.

    Args:
      inputs: ``(batch, steps, channels)``; for ``"channels_first"`` ``(batch, channels, steps)``.
      kernel: ``(places, kernel_size * channels, filters)``.
      kernel_size, strides: tuples of one int.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.

    Returns:
      A tensor ``(batch, places, filters)``; for ``"channels_first"`` ``(batch, filters, places)``.

    Raises:
      ValueError: if there is no such data format.
    """
    return _local(inputs, kernel, kernel_size, strides, (kernel.shape[0],), data_format)


def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """A two-dimensional convolution with a kernel of its own at each place.

    Args:
      inputs: ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      kernel: ``(places, kernel rows * kernel columns * channels, filters)``.
      kernel_size, strides: pairs of ints.
      output_shape: how many places there are along the rows and the columns.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.

    Returns:
      A tensor ``(batch, *output_shape, filters)``; for ``"channels_first"`` the filters come
      second.

    Raises:
      ValueError: if there is no such data format.
    """
    return _local(inputs, kernel, kernel_size, strides, tuple(output_shape), data_format)


def _local(
    inputs: Any, kernel: Any, window: Any, strides: Any, places: tuple[int, ...], data_format: Any
) -> Any:
    """Gathers the windows of all places, and multiplies each with its own matrix."""
    first = format_of(data_format) == "channels_first"
    rank = len(places)
    patches = inputs
    for i in range(rank):  # the axis of places, then that of the window's elements
        axis = (2 if first else 1) + 2 * i
        indices = [[p * strides[i] + k for k in range(window[i])] for p in range(places[i])]
        patches = tf.gather(patches, indices, axis=axis)
    start = 2 if first else 1
    place_axes = [start + 2 * i for i in range(rank)]
    window_axes = [axis + 1 for axis in place_axes]
    channel_axis = 1 if first else 1 + 2 * rank
    inner = [channel_axis, *window_axes] if first else [*window_axes, channel_axis]
    patches = tf.transpose(patches, [*place_axes, 0, *inner])
    count, elements, filters = kernel.shape.as_list()
    patches = tf.reshape(patches, [count, -1, elements])
    found = tf.reshape(tf.matmul(patches, kernel), [*places, -1, filters])
    order = [rank, rank + 1, *range(rank)] if first else [rank, *range(rank), rank + 1]
    return tf.transpose(found, order)
