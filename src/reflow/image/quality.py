"""How alike two images are: ``psnr``, ``ssim``, ``ssim_multiscale``."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import float32
from reflow.core.errors import InvalidArgumentError
from reflow.core.tensor import Tensor
from reflow.image.colors import convert_image_dtype

__all__ = ["psnr", "ssim", "ssim_multiscale"]


def _pair(first: Any, second: Any) -> tuple[Tensor, Tensor]:
    """Two images or batches of one shape (leading axes may broadcast).

    Raises:
      ValueError: if the rank is less than 3 or the shapes differ.
    """
    a, b = convert_to_tensor(first), convert_to_tensor(second)
    for tensor in (a, b):
        if len(tensor._aval.shape) < 3:
            raise ValueError(f"Shape {tensor.shape} must have rank at least 3")
    left, right = a._aval.shape, b._aval.shape
    if left[-3:] != right[-3:]:
        raise ValueError(f"Shapes {a.shape} and {b.shape} are incompatible")
    for m, n in zip(left[-4::-1], right[-4::-1], strict=False):
        if m != n and 1 not in (m, n):
            raise ValueError(f"Two images are not compatible: {a.shape} and {b.shape}")
    return a, b


def _in_floats(image: Tensor, max_val: Any) -> tuple[Tensor, Tensor]:
    """An image as float32, and ``max_val`` on that scale."""
    limit = tf.cast(max_val, image.dtype)
    return convert_image_dtype(image, float32), convert_image_dtype(limit, float32)


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """Peak signal-to-noise ratio in decibels: ``20 log10(max_val) - 10 log10(mean((a - b)^2))``.

    Args:
      a, b: real tensors of shape ``[..., height, width, channels]``.
      max_val: the difference between the largest and the smallest value possible.
      name: unused in eager code.

    Returns:
      A float32 tensor of the leading axes' shape.

    Raises:
      ValueError: if the shapes do not fit.
    """
    left, right = convert_to_tensor(a), convert_to_tensor(b)
    limit = convert_image_dtype(tf.cast(max_val, left.dtype), float32)
    left, right = convert_image_dtype(left, float32), convert_image_dtype(right, float32)
    error = tf.reduce_mean(tf.math.squared_difference(left, right), [-3, -2, -1])
    _pair(left, right)
    ten = tf.constant(10.0)
    return 20 * tf.math.log(limit) / tf.math.log(ten) - np.float32(10 / np.log(10)) * tf.math.log(  # type: ignore[no-any-return]
        error
    )


def gaussian_window(size: int, sigma: float) -> np.ndarray[Any, Any]:
    """Weights ``exp(-x^2 / (2 sigma^2))`` around the middle, divided by their sum; float32."""
    x = np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)
    weights = np.exp(-0.5 * np.square(x) / np.float32(sigma) ** 2)
    return (weights / weights.sum()).astype(np.float32)


def _windowed(x: Tensor, window: np.ndarray[Any, Any]) -> Tensor:
    """Weighted means over all windows inside, along height and width."""
    size = len(window)
    for axis in (-3, -2):
        length = x._aval.shape[axis] - size + 1
        parts = []
        for i, weight in enumerate(window):
            key = [slice(None)] * len(x._aval.shape)
            key[axis] = slice(i, i + length)
            parts.append(x[tuple(key)] * weight)
        x = tf.add_n(parts)
    return x


def _ssim_per_channel(
    a: Tensor, b: Tensor, limit: Tensor, size: int, sigma: float, k1: float, k2: float
) -> tuple[Tensor, Tensor]:
    """The mean of ``luminance * contrast`` and of ``contrast`` alone, (..., channels).

    With mean m, variance v, covariance c over a window, and c1 = (k1 max)^2, c2 = (k2 max)^2:
    luminance = ``(2 m_a m_b + c1) / (m_a^2 + m_b^2 + c1)``,
    contrast = ``(2 c + c2) / (v_a + v_b + c2)``.
    """
    shape = a._aval.shape
    if shape[-3] < size or shape[-2] < size:
        raise InvalidArgumentError(
            None,
            None,
            f"ssim: the images' height and width must be at least filter_size. Summarized data: "
            f"{', '.join(map(str, shape[-3:]))}, {size}",
        )
    c1, c2 = (k1 * limit) ** 2, (k2 * limit) ** 2
    window = gaussian_window(size, sigma)
    mean_a, mean_b = _windowed(a, window), _windowed(b, window)
    product = mean_a * mean_b * 2.0
    squares = tf.square(mean_a) + tf.square(mean_b)
    luminance = (product + c1) / (squares + c1)
    product_of = _windowed(a * b, window) * 2.0
    squares_of = _windowed(tf.square(a) + tf.square(b), window)
    contrast = (product_of - product + c2) / (squares_of - squares + c2)
    axes = [-3, -2]
    return tf.reduce_mean(luminance * contrast, axes), tf.reduce_mean(contrast, axes)


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Structural similarity: 1 for equal images.

    Args:
      img1, img2: real tensors of shape ``[..., height, width, channels]``.
      max_val: the difference between the largest and the smallest value possible.
      filter_size: the window's side; the images must not be smaller.
      filter_sigma: the width of the Gaussian in it.
      k1, k2: small constants for stability.

    Returns:
      A float32 tensor of the leading axes' shape: the mean over all windows and channels.

    Raises:
      ValueError: if the shapes do not fit.
      InvalidArgumentError: if the images are smaller than the window.
    """
    first, second = _pair(img1, img2)
    a, limit = _in_floats(first, max_val)
    b = convert_image_dtype(second, float32)
    both, _ = _ssim_per_channel(a, b, limit, filter_size, filter_sigma, k1, k2)
    return tf.reduce_mean(both, [-1])  # type: ignore[no-any-return]


_POWERS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def _halved(x: Tensor) -> Tensor:
    """Means over 2 x 2 pixels; an odd last row or column is repeated."""
    height, width = x._aval.shape[-3:-1]
    if height % 2 or width % 2:
        paddings = [[0, 0]] * (len(x._aval.shape) - 3) + [[0, height % 2], [0, width % 2], [0, 0]]
        x = tf.pad(x, paddings, "SYMMETRIC")
    shape = x._aval.shape
    split = [*shape[:-3], shape[-3] // 2, 2, shape[-2] // 2, 2, shape[-1]]
    return tf.reduce_mean(tf.reshape(x, split), [-4, -2])  # type: ignore[no-any-return]


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Any = _POWERS,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Structural similarity at several sizes, each half the one before.

    ``prod(contrast_i ^ power_i) * ssim_last ^ power_last``, with negative values taken for 0.

    Args:
      img1, img2: real tensors of shape ``[..., height, width, channels]``.
      max_val: the difference between the largest and the smallest value possible.
      power_factors: a power for each size.
      filter_size: the window's side; the smallest images must not be smaller.
      filter_sigma: the width of the Gaussian in it.
      k1, k2: small constants for stability.

    Returns:
      A float32 tensor of the leading axes' shape.

    Raises:
      ValueError: if the shapes do not fit.
      InvalidArgumentError: if the images become smaller than the window.
    """
    first, second = _pair(img1, img2)
    a, limit = _in_floats(first, max_val)
    b = convert_image_dtype(second, float32)
    factors = []
    both = None
    for number in range(len(power_factors)):
        if number:
            a, b = _halved(a), _halved(b)
        both, contrast = _ssim_per_channel(a, b, limit, filter_size, filter_sigma, k1, k2)
        factors.append(tf.nn.relu(contrast))
    factors[-1] = tf.nn.relu(both)
    powers = tf.constant(list(power_factors), float32)
    product = tf.reduce_prod(tf.pow(tf.stack(factors, axis=-1), powers), [-1])
    return tf.reduce_mean(product, [-1])  # type: ignore[no-any-return]
