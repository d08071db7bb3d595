"""Convolutions with Keras's names for paddings and data formats."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras.backend.shapes import format_of

__all__ = ["conv1d", "conv2d", "conv2d_transpose", "conv3d", "depthwise_conv2d", "separable_conv2d"]


def op_padding(padding: Any) -> str:
    """The ops' name of a padding.

    Raises:
      ValueError: if there is no such padding.
    """
    if padding not in ("same", "valid"):
        raise ValueError(f"Invalid padding: {padding}")
    return str(padding.upper())


def pair(value: Any, name: str) -> tuple[int, ...]:
    """An argument that is a tuple of two ints.

    Raises:
      TypeError: if it has no length.
      ValueError: if it has another one.
    """
    if len(value) != 2:
        raise ValueError(f"`{name}` must be a tuple of 2 integers.")
    return tuple(value)


def _convolution(
    x: Any, kernel: Any, strides: Any, padding: Any, data_format: Any, rates: Any, rank: int
) -> Any:
    return tf.nn.convolution(
        x,
        kernel,
        strides=strides,
        padding=op_padding(padding),
        data_format=windows.op_format(format_of(data_format), rank),
        dilations=rates,
    )


def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution of sequences.

    Args:
      x: a tensor ``(batch, steps, channels)``; for ``"channels_first"`` the channels come second.
      kernel: a tensor ``(length, channels, filters)``.
      strides: from one window to the next.
      padding: ``"valid"``, ``"same"``, or ``"causal"``, with zeros before the sequence only.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: the distance between the taps of a filter.

    Returns:
      A tensor ``(batch, new steps, filters)``; for ``"channels_first"`` the filters come second.

    Raises:
      ValueError: if there is no such padding or data format.
    """
    if padding == "causal":
        zeros = dilation_rate * (int(kernel.shape[0]) - 1)
        time = [[zeros, 0]]
        first = windows.is_first(format_of(data_format))
        x = tf.pad(x, [[0, 0], [0, 0], *time] if first else [[0, 0], *time, [0, 0]])
        padding = "valid"
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate, 1)


def conv2d(x, kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """Convolution of images.

    Args:
      x: a tensor ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      kernel: a tensor ``(height, width, channels, filters)``.
      strides: pair of ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: pair of ints: the distances between the taps of a filter.

    Returns:
      A tensor ``(batch, new rows, new columns, filters)``; for ``"channels_first"`` the filters
      come second.

    Raises:
      ValueError: if there is no such padding or data format.
    """
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate, 2)


def conv3d(
    x, kernel, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1)
):
    """Convolution of volumes.

    Args:
      x: a tensor ``(batch, depth, rows, columns, channels)``; for ``"channels_first"`` the channels
        come second.
      kernel: a tensor ``(depth, height, width, channels, filters)``.
      strides: three ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: three ints: the distances between the taps of a filter.

    Returns:
      A tensor like ``x`` with new sizes and the filters in place of the channels.

    Raises:
      ValueError: if there is no such padding or data format.
    """
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate, 3)


def conv2d_transpose(
    x,
    kernel,
    output_shape,
    strides=(1, 1),
    padding="valid",
    data_format=None,
    dilation_rate=(1, 1),
):
    """Transposed convolution of images, sometimes called deconvolution.

    Args:
      x: a tensor ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      kernel: a tensor ``(height, width, filters, channels)``.
      output_shape: the output's shape; None for the batch stands for that of ``x``.
      strides: pair of ints: by how much the output is larger; without effect with a dilation.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: pair of equal ints: the distance between the taps of a filter.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      ValueError: if there is no such padding or data format.
      AssertionError: if the dilations differ.
    """
    format = format_of(data_format)
    if isinstance(output_shape, (tuple, list)):
        batch = x.shape[0] if output_shape[0] is None else output_shape[0]
        output_shape = (batch, *output_shape[1:])
    if tuple(dilation_rate) == (1, 1):
        return tf.nn.conv2d_transpose(
            x,
            kernel,
            output_shape,
            windows.full(strides, format),
            op_padding(padding),
            windows.op_format(format, 2),
        )
    if dilation_rate[0] != dilation_rate[1]:
        raise AssertionError(
            f"conv2d_transpose: dilation_rate must be the same for both axes, got {dilation_rate}"
        )
    first = windows.is_first(format)
    if first:
        x = tf.transpose(x, (0, 2, 3, 1))
        output_shape = [output_shape[axis] for axis in (0, 2, 3, 1)]
    y = tf.nn.atrous_conv2d_transpose(
        x, kernel, output_shape, dilation_rate[0], op_padding(padding)
    )
    return tf.transpose(y, (0, 3, 1, 2)) if first else y


def depthwise_conv2d(
    x,
    depthwise_kernel,
    strides=(1, 1),
    padding="valid",
    data_format=None,
    dilation_rate=(1, 1),
):
    """Convolution of each channel of images with filters of its own.

    Args:
      x: a tensor ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      depthwise_kernel: a tensor ``(height, width, channels, m)``.
      strides: pair of equal ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: pair of ints: the distances between the taps of a filter.

    Returns:
      A tensor ``(batch, new rows, new columns, channels * m)``; for ``"channels_first"`` the
      channels come second.

    Raises:
      ValueError: if there is no such padding or data format.
    """
    format = format_of(data_format)
    return tf.nn.depthwise_conv2d(
        x,
        depthwise_kernel,
        windows.full(strides, format),
        op_padding(padding),
        windows.op_format(format, 2),
        dilation_rate,
    )


def separable_conv2d(
    x,
    depthwise_kernel,
    pointwise_kernel,
    strides=(1, 1),
    padding="valid",
    data_format=None,
    dilation_rate=(1, 1),
):
    """A depthwise convolution, then one with filters of size 1 x 1.

    Args:
      x: a tensor ``(batch, rows, columns, channels)``; for ``"channels_first"`` the channels come
        second.
      depthwise_kernel: a tensor ``(height, width, channels, m)``.
      pointwise_kernel: a tensor ``(1, 1, channels * m, filters)``.
      strides: pair of equal ints: from one window to the next.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      dilation_rate: pair of ints: the distances between the taps of a depthwise filter.

    Returns:
      A tensor ``(batch, new rows, new columns, filters)``; for ``"channels_first"`` the filters
      come second.

    Raises:
      ValueError: if there is no such padding or data format, or ``strides`` is no pair.
    """
    format = format_of(data_format)
    return tf.nn.separable_conv2d(
        x,
        depthwise_kernel,
        pointwise_kernel,
        windows.full(pair(strides, "strides"), format),
        op_padding(padding),
        windows.op_format(format, 2),
        dilation_rate,
    )
