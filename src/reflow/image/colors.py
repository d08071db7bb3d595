"""Conversions between colour spaces, and of the type of an image's elements."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, as_dtype, float32
from reflow.core.errors import FailedPreconditionError, invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = [
    "convert_image_dtype",
    "grayscale_to_rgb",
    "hsv_to_rgb",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "rgb_to_yiq",
    "rgb_to_yuv",
    "yiq_to_rgb",
    "yuv_to_rgb",
]

# -------------------------------------------------------------------------- hue, saturation, value


def _three_channels(x: Aval, **_: Any) -> Aval:
    if not x.shape:
        raise invalid(f"input must be at least 1D{text(x.shape)}")
    if x.shape[-1] != 3:
        raise FailedPreconditionError(
            None,
            None,
            f"input must have 3 channels but input only has {x.shape[-1]} channels.",
        )
    return x


def hue_and_range(rgb: Any) -> tuple[Any, Any, Any]:
    """The hue in [0, 1), the largest component, and its distance to the smallest."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    value = jnp.max(rgb, axis=-1)
    extent = value - jnp.min(rgb, axis=-1)
    gray = extent <= 0
    sixth = 1 / (6 * jnp.where(gray, jnp.ones_like(extent), extent))
    hue = jnp.where(
        red == value,
        sixth * (green - blue),
        jnp.where(
            green == value, sixth * (blue - red) + 2.0 / 6.0, sixth * (red - green) + 4.0 / 6.0
        ),
    )
    hue = jnp.where(gray, jnp.zeros_like(hue), hue)
    return jnp.where(hue < 0, hue + 1, hue), value, extent


def pure_color(hue: Any) -> Any:
    """Red, green and blue in [0, 1] of a fully saturated hue: trapezoids around 0, 1/3 and 2/3."""
    six = 6 * hue
    red = jnp.abs(six - 3) - 1
    green = 2 - jnp.abs(six - 2)
    blue = 2 - jnp.abs(six - 4)
    return jnp.clip(jnp.stack([red, green, blue], axis=-1), 0, 1)


@op("RGBToHSV", types=FLOATS, rule=_three_channels)
def _rgb_to_hsv(rgb: Any) -> Any:
    hue, value, extent = hue_and_range(rgb)
    saturation = jnp.where(value > 0, extent / jnp.where(value > 0, value, 1), 0)
    return jnp.stack([hue, saturation, value], axis=-1)


@op("HSVToRGB", types=FLOATS, rule=_three_channels)
def _hsv_to_rgb(hsv: Any) -> Any:
    color = pure_color(hsv[..., 0])
    return (1 - hsv[..., 1:2] * (1 - color)) * hsv[..., 2:3]


def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Red, green, blue to hue, saturation, value.

    The value is the largest component, the saturation ``(largest - smallest) / largest``, the hue
    the place on the colour circle in [0, 1).

    Args:
      images: a floating tensor whose last axis has three channels.
      name: unused in eager code.

    Raises:
      FailedPreconditionError: if there are not three channels.
    """
    return _rgb_to_hsv(images)  # type: ignore[no-any-return]


def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Hue, saturation, value to red, green, blue.

    Args:
      images: a floating tensor whose last axis has three channels.
      name: unused in eager code.

    Raises:
      FailedPreconditionError: if there are not three channels.
    """
    return _hsv_to_rgb(images)  # type: ignore[no-any-return]


# --------------------------------------------------------------------------------- linear mixtures

_GRAY = [0.2989, 0.587, 0.114]

_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
_FROM_YIQ = [
    [1, 1, 1],
    [0.95598634, -0.27201283, -1.10674021],
    [0.6208248, -0.64720424, 1.70423049],
]

_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
_FROM_YUV = [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]


def _mixed(images: Any, matrix: Any) -> Tensor:
    tensor = convert_to_tensor(images)
    return tf.tensordot(tensor, convert_to_tensor(matrix, tensor.dtype), axes=[[-1], [0]])  # type: ignore[no-any-return]


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """The brightness ``0.2989 red + 0.587 green + 0.114 blue``, as one channel.

    Args:
      images: a real tensor whose last axis has three channels.
      name: unused in eager code.

    Returns:
      A tensor of the same type whose last axis has size 1.
    """
    tensor = convert_to_tensor(images)
    floats = convert_image_dtype(tensor, float32)
    gray = tf.tensordot(floats, tf.constant(_GRAY), axes=[[-1], [-1]])
    return convert_image_dtype(tf.expand_dims(gray, -1), tensor.dtype)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Repeats a single channel three times.

    Args:
      images: a tensor whose last axis has size 1.
      name: unused in eager code.

    Raises:
      ValueError: if the last axis has another size.
    """
    tensor = convert_to_tensor(images)
    shape = tensor._aval.shape
    if len(shape) < 2:
        raise ValueError("A grayscale image must be at least two-dimensional.")
    if shape[-1] != 1:
        raise ValueError("Last dimension of a grayscale image should be size 1.")
    return tf.tile(tensor, [1] * (len(shape) - 1) + [3])  # type: ignore[no-any-return]


def rgb_to_yiq(images: Any) -> Tensor:
    """Red, green, blue to the NTSC colour space.

    Args:
      images: a floating tensor whose last axis has three channels.
    """
    return _mixed(images, _YIQ)


def yiq_to_rgb(images: Any) -> Tensor:
    """The NTSC colour space to red, green, blue.

    Args:
      images: a floating tensor whose last axis has three channels.
    """
    return _mixed(images, _FROM_YIQ)


def rgb_to_yuv(images: Any) -> Tensor:
    """Red, green, blue to the PAL colour space.

    Args:
      images: a floating tensor whose last axis has three channels.
    """
    return _mixed(images, _YUV)


def yuv_to_rgb(images: Any) -> Tensor:
    """The PAL colour space to red, green, blue.

    Args:
      images: a floating tensor whose last axis has three channels.
    """
    return _mixed(images, _FROM_YUV)


# -------------------------------------------------------------------------------- types of elements


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Tensor:
    """Converts images to another type, scaling values: floats are in [0, 1], ints in [0, max].

    From an integer type to floats: ``x / max``. From floats to an integer type:
    ``x * (max + 1/2)``, truncated. Between integer types: divided or multiplied by the ratio of
    their ranges.

    Args:
      image: a real tensor.
      dtype: a floating or integer type.
      saturate: whether what is out of range becomes the smallest or largest value, instead of
        overflowing.
      name: unused in eager code.

    Raises:
      AttributeError: for another ``dtype``.
    """
    tensor = convert_to_tensor(image)
    kind = as_dtype(dtype)
    if not kind.is_floating and not kind.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    given = tensor.dtype
    if given is kind:
        return tensor
    cast = tf.saturate_cast if saturate else tf.cast
    if given.is_integer and kind.is_integer:
        if given.max > kind.max:
            return cast(tensor // ((given.max + 1) // (kind.max + 1)), kind)  # type: ignore[no-any-return]
        return cast(tensor, kind) * ((kind.max + 1) // (given.max + 1))  # type: ignore[no-any-return]
    if given.is_floating and kind.is_floating:
        return tf.cast(tensor, kind)  # type: ignore[no-any-return]
    if given.is_integer:
        return tf.multiply(tf.cast(tensor, kind), 1.0 / given.max)  # type: ignore[no-any-return]
    return cast(tf.multiply(tensor, kind.max + 0.5), kind)  # type: ignore[no-any-return]
