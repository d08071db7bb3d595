"""Differences between neighbouring pixels: gradients, Sobel's operator, total variation."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.tensor import Tensor

__all__ = ["image_gradients", "sobel_edges", "total_variation"]


def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """The differences to the next row and to the next column; 0 in the last.

    Args:
      image: a tensor of shape ``[batch, height, width, channels]``.

    Returns:
      ``(dy, dx)``, each of the image's shape.

    Raises:
      ValueError: if the rank is wrong.
    """
    x = convert_to_tensor(image)
    if len(x._aval.shape) != 4:
        raise ValueError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {x.shape}."
        )
    dy, dx = x[:, 1:] - x[:, :-1], x[:, :, 1:] - x[:, :, :-1]
    below, beside = [[0, 0], [0, 1], [0, 0], [0, 0]], [[0, 0], [0, 0], [0, 1], [0, 0]]
    return tf.pad(dy, below), tf.pad(dx, beside)


_SOBEL = np.array(
    [
        [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    ],
    np.float32,
)


def sobel_edges(image: Any) -> Tensor:
    """Sobel's operator: smoothed differences along height and width.

    The kernels are ``[[-1, -2, -1], [0, 0, 0], [1, 2, 1]]`` and its transpose; beyond the edges
    the image is mirrored.

    Args:
      image: float32 of shape ``[batch, height, width, channels]``.

    Returns:
      A tensor of shape ``[batch, height, width, channels, 2]`` with dy and dx last.

    Raises:
      ValueError: if the rank is wrong.
    """
    x = convert_to_tensor(image)
    if len(x._aval.shape) != 4:
        raise ValueError(f"sobel_edges expects a 4-D image, got shape {x.shape}")
    _, height, width, _ = x._aval.shape
    padded = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    both = []
    for kernel in _SOBEL:
        parts = [
            padded[:, i : i + height, j : j + width] * float(kernel[i, j])
            for i, j in np.argwhere(kernel).tolist()
        ]
        both.append(tf.add_n(parts))
    return tf.stack(both, axis=-1)  # type: ignore[no-any-return]


def total_variation(images: Any, name: str | None = None) -> Tensor:
    """The sum of the absolute differences of neighbouring pixels: a measure of noise.

    Args:
      images: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      name: unused in eager code.

    Returns:
      A scalar, or a vector with one sum for each image.

    Raises:
      ValueError: if the rank is wrong.
    """
    x = convert_to_tensor(images)
    rank = len(x._aval.shape)
    if rank not in (3, 4):
        raise ValueError("'images' must be either 3 or 4-dimensional.")
    axes = None if rank == 3 else [1, 2, 3]
    rows = x[..., 1:, :, :] - x[..., :-1, :, :]
    columns = x[..., 1:, :] - x[..., :-1, :]
    return tf.reduce_sum(tf.abs(rows), axis=axes) + tf.reduce_sum(tf.abs(columns), axis=axes)  # type: ignore[no-any-return]
