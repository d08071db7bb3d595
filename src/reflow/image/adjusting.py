"""Brightness, contrast, hue, saturation, gamma, quality: fixed and random adjustments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import float16, float32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor
from reflow.image._arguments import at_least_3d, image_tensor
from reflow.image.colors import convert_image_dtype, hue_and_range, pure_color

__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_jpeg_quality",
    "adjust_saturation",
    "per_image_standardization",
    "random_brightness",
    "random_contrast",
    "random_hue",
    "random_jpeg_quality",
    "random_saturation",
]

_HALF_OR_FLOAT = frozenset((float16, float32))


def _in_floats(image: Any, adjust: Callable[[Tensor], Tensor]) -> Tensor:
    """Adjusts float16 and float32 images as they are, others as float32 in [0, 1]."""
    tensor = image_tensor(image)
    if tensor.dtype in _HALF_OR_FLOAT:
        return adjust(tensor)
    adjusted = adjust(convert_image_dtype(tensor, float32))
    return convert_image_dtype(adjusted, tensor.dtype, saturate=True)


# ------------------------------------------------------------------------------------------ the ops


def _with_area(x: Aval, factor: Aval, **_: Any) -> Aval:
    if len(x.shape) < 3:
        raise invalid(f"input must be at least 3-D, got shape{text(x.shape)}")
    if factor.shape:
        raise invalid(f"contrast_factor must be scalar: {text(factor.shape)}")
    return x


def _with_colors(x: Aval, amount: Aval, **_: Any) -> Aval:
    if len(x.shape) < 3:
        raise invalid(f"input must be at least 3-D, got shape{text(x.shape)}")
    if amount.shape:
        raise invalid(f"delta must be scalar: {text(amount.shape)}")
    if x.shape[-1] != 3:
        raise invalid(f"input must have 3 channels but instead has {x.shape[-1]} channels.")
    return x


@op("AdjustContrastv2", types=_HALF_OR_FLOAT, same=(0,), kinds={1: (float32,)}, rule=_with_area)
def _adjust_contrast(x: Any, factor: Any) -> Any:
    wide = x.astype(jnp.float32)
    mean = jnp.mean(wide, axis=(-3, -2), keepdims=True)
    return ((wide - mean) * factor + mean).astype(x.dtype)


@op("AdjustHue", types=_HALF_OR_FLOAT, same=(0,), kinds={1: (float32,)}, rule=_with_colors)
def _adjust_hue(x: Any, delta: Any) -> Any:
    hue, value, extent = hue_and_range(x.astype(jnp.float32))
    turned = hue + delta
    turned = turned - jnp.floor(turned)
    color = pure_color(turned)
    return ((value - extent)[..., None] + extent[..., None] * color).astype(x.dtype)


@op("AdjustSaturation", types=_HALF_OR_FLOAT, same=(0,), kinds={1: (float32,)}, rule=_with_colors)
def _adjust_saturation(x: Any, scale: Any) -> Any:
    hue, value, extent = hue_and_range(x.astype(jnp.float32))
    saturation = jnp.where(value > 0, extent / jnp.where(value > 0, value, 1), 0)
    saturation = jnp.clip(saturation * scale, 0, 1)[..., None]
    return ((1 - saturation * (1 - pure_color(hue))) * value[..., None]).astype(x.dtype)


# ------------------------------------------------------------------------------------------- fixed


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Adds ``delta`` to images, which are in [0, 1] (or are converted to it and back).

    Args:
      image: a real tensor.
      delta: a number or a scalar tensor, usually in (-1, 1).
    """
    return _in_floats(image, lambda x: x + tf.cast(delta, x.dtype))


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Moves pixels away from the mean of their channel: ``(x - mean) * factor + mean``.

    Args:
      images: a real tensor of rank 3 at least: ``[..., height, width, channels]``.
      contrast_factor: a number or a scalar tensor.

    Raises:
      InvalidArgumentError: if the rank is less than 3.
    """
    return _in_floats(images, lambda x: _adjust_contrast(x, convert_to_tensor(contrast_factor)))


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """``gain * x ** gamma`` for images in [0, 1] (or converted to it and back).

    Args:
      image: a real tensor.
      gamma: a non-negative number or scalar tensor.
      gain: a number or scalar tensor.

    Raises:
      ValueError: if ``gamma`` is a negative number.
      InvalidArgumentError: if it is a negative tensor.
    """
    message = "Gamma should be a non-negative real number."
    if isinstance(gamma, Tensor):
        tf.debugging.assert_greater_equal(gamma, tf.zeros([], gamma.dtype), message=message)
    elif gamma < 0:
        raise ValueError(message)
    return _in_floats(image, lambda x: gain * x**gamma)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Turns the hue of RGB images around the colour circle.

    Args:
      image: a real tensor of rank 3 at least whose last axis has three channels.
      delta: what to add to the hue, in turns: usually in [-1, 1].
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if there are not three channels.
    """
    return _in_floats(image, lambda x: _adjust_hue(x, convert_to_tensor(delta)))


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Multiplies the saturation of RGB images; it stays in [0, 1].

    Args:
      image: a real tensor of rank 3 at least whose last axis has three channels.
      saturation_factor: a number or a scalar tensor.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if there are not three channels.
    """
    return _in_floats(image, lambda x: _adjust_saturation(x, convert_to_tensor(saturation_factor)))


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Tensor:
    """Encodes an image as JPEG and decodes it, for the artefacts.

    Args:
      image: a real tensor of shape ``[height, width, 1 or 3]``.
      jpeg_quality: an int in [0, 100], or a scalar int32 tensor.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if the quality is out of range.
      NeedsEagerError: inside a function being traced.
    """
    from reflow.image.codecs import decode_jpeg, encode_for_quality

    tensor = image_tensor(image)
    encoded = encode_for_quality(convert_image_dtype(tensor, tf.uint8), jpeg_quality)
    return convert_image_dtype(decode_jpeg(encoded), tensor.dtype)


def per_image_standardization(image: Any) -> Tensor:
    """``(x - mean) / max(stddev, 1 / sqrt(n))`` over the n elements of each image.

    Args:
      image: a real tensor of rank 3 at least; all of the last three axes belong to one image.
        Types other than float16 and float32 are converted, and the result back, by
        ``convert_image_dtype``.

    Raises:
      ValueError: if the rank is less than 3.
    """
    return _in_floats(at_least_3d(image), _standardized)


def _standardized(x: Tensor) -> Tensor:
    axes = [-1, -2, -3]
    shape = x._aval.shape
    count = tf.cast(shape[-1] * shape[-2] * shape[-3], x.dtype)
    mean = tf.reduce_mean(x, axis=axes, keepdims=True)
    stddev = tf.math.reduce_std(x, axis=axes, keepdims=True)
    return (x - mean) / tf.maximum(stddev, tf.math.rsqrt(count))  # type: ignore[no-any-return]


# ------------------------------------------------------------------------------------------ random


def _bounds(lower: float, upper: float) -> None:
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")


def random_brightness(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Adds a number drawn from ``[-max_delta, max_delta)``; see ``adjust_brightness``.

    Args:
      image: a real tensor.
      max_delta: a non-negative number.
      seed: an int that, with the global seed, determines the number.

    Raises:
      ValueError: if ``max_delta`` is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, tf.random.uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Changes the contrast by a factor drawn from ``[lower, upper)``; see ``adjust_contrast``.

    Args:
      image: a real tensor of rank 3 at least.
      lower, upper: the bounds of the factor.
      seed: an int that, with the global seed, determines the factor.

    Raises:
      ValueError: if ``upper <= lower`` or ``lower < 0``.
    """
    _bounds(lower, upper)
    return adjust_contrast(image, tf.random.uniform([], lower, upper, seed=seed))


def random_hue(image: Any, max_delta: float, seed: Any = None) -> Tensor:
    """Turns the hue by a part of the circle from ``[-max_delta, max_delta)``; see ``adjust_hue``.

    Args:
      image: a real tensor of rank 3 at least whose last axis has three channels.
      max_delta: a number in [0, 0.5].
      seed: an int that, with the global seed, determines the turn.

    Raises:
      ValueError: if ``max_delta`` is out of range.
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, tf.random.uniform([], -max_delta, max_delta, seed=seed))


def random_saturation(image: Any, lower: float, upper: float, seed: Any = None) -> Tensor:
    """Multiplies the saturation by a factor from ``[lower, upper)``; see ``adjust_saturation``.

    Args:
      image: a real tensor of rank 3 at least whose last axis has three channels.
      lower, upper: the bounds of the factor.
      seed: an int that, with the global seed, determines the factor.

    Raises:
      ValueError: if ``upper <= lower`` or ``lower < 0``.
    """
    _bounds(lower, upper)
    return adjust_saturation(image, tf.random.uniform([], lower, upper, seed=seed))


def random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: Any = None
) -> Tensor:
    """Encodes an image as JPEG of random quality and decodes it; see ``adjust_jpeg_quality``.

    Args:
      image: a real tensor of shape ``[height, width, 1 or 3]``.
      min_jpeg_quality, max_jpeg_quality: the quality is drawn from ``[min, max)``.
      seed: an int that, with the global seed, determines the quality.

    Raises:
      ValueError: if the bounds are out of [0, 100] or in the wrong order.
    """
    if not (0 <= min_jpeg_quality <= 100 and 0 <= max_jpeg_quality <= 100):
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = tf.random.uniform([], min_jpeg_quality, max_jpeg_quality, dtype=tf.int32, seed=seed)
    return adjust_jpeg_quality(image, quality)
