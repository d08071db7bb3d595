"""Pictures as files, as Pillow images and as arrays."""

from __future__ import annotations

import io
import warnings

import numpy as np

from reflow.keras.backend.configuration import floatx, image_data_format

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img"]

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")
"""The names of Pillow's resampling filters."""


def load_img(path, grayscale=False, color_mode="rgb", target_size=None, interpolation="nearest"):
    """Reads a picture from a file.

    Args:
      path: the file.
      grayscale: deprecated, use ``color_mode="grayscale"``.
      color_mode: ``"grayscale"``, ``"rgb"`` or ``"rgba"``.
      target_size: ``(height, width)`` to resize to; the picture's own by default.
      interpolation: ``"nearest"``, ``"bilinear"``, ``"bicubic"``, ``"hamming"``, ``"box"`` or
        ``"lanczos"``.

    Returns:
      A Pillow image.

    Raises:
      ValueError: if ``color_mode`` or ``interpolation`` is another name.
      OSError: if the file is not there or no picture.
    """
    from PIL import Image

    if grayscale:
        warnings.warn('grayscale is deprecated. Please use color_mode = "grayscale"', stacklevel=2)
        color_mode = "grayscale"
    with open(path, "rb") as file:
        image = Image.open(io.BytesIO(file.read()))
    mode = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}.get(color_mode)
    if mode is None:
        raise ValueError('color_mode must be "grayscale", "rgb", or "rgba"')
    if image.mode != mode:
        image = image.convert(mode)
    if target_size is not None:
        size = (target_size[1], target_size[0])
        if image.size != size:
            if interpolation not in INTERPOLATIONS:
                raise ValueError(
                    f"Invalid interpolation method {interpolation} specified. Supported methods "
                    f"are {', '.join(INTERPOLATIONS)}"
                )
            image = image.resize(size, getattr(Image.Resampling, interpolation.upper()))
    return image


def img_to_array(img, data_format=None, dtype=None):
    """The pixels of a Pillow image, or of an array of rank 2 or 3.

    Args:
      img: the image.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      dtype: the NumPy type; ``floatx`` by default.

    Returns:
      An array of rank 3.

    Raises:
      ValueError: if ``data_format`` is another name or the rank is wrong.
    """
    data_format = image_data_format() if data_format is None else data_format
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Unknown data_format: {data_format}")
    x = np.array(img, dtype=dtype or floatx())
    if x.ndim == 3:
        return x.transpose(2, 0, 1) if data_format == "channels_first" else x
    if x.ndim == 2:
        return x[None] if data_format == "channels_first" else x[:, :, None]
    raise ValueError(f"Unsupported image shape: {x.shape}")


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """A Pillow image of an array.

    Args:
      x: an array of rank 3 with 1 (gray), 3 (RGB) or 4 (RGBA) channels.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      scale: whether to shift and scale the values to [0, 255], the smallest to 0.
      dtype: the type to compute in; ``floatx`` by default.

    Raises:
      ValueError: if the rank, ``data_format`` or the number of channels is wrong.
    """
    from PIL import Image

    data_format = image_data_format() if data_format is None else data_format
    x = np.asarray(x, dtype=dtype or floatx())
    if x.ndim != 3:
        raise ValueError(
            f"Expected image array to have rank 3 (single image). Got array with shape: {x.shape}"
        )
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Invalid data_format: {data_format}")
    if data_format == "channels_first":
        x = x.transpose(1, 2, 0)
    if scale:
        x = x - np.min(x)
        largest = np.max(x)
        if largest != 0:
            x /= largest
        x *= 255
    if x.shape[2] in (3, 4):
        return Image.fromarray(np.ascontiguousarray(x.astype("uint8")))
    if x.shape[2] == 1:
        # More than a byte holds: 32-bit integers.
        kind = "int32" if np.max(x) > 255 else "uint8"
        return Image.fromarray(np.ascontiguousarray(x[:, :, 0].astype(kind)))
    raise ValueError(f"Unsupported channel number: {x.shape[2]}")


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Writes an array as a picture.

    Args:
      path: the file, or an open one.
      x: an array of rank 3.
      data_format: ``"channels_last"`` or ``"channels_first"``; the backend's by default.
      file_format: such as ``"png"``; by default what the file's name says.
      scale: whether to shift and scale the values to [0, 255].
      **kwargs: options for Pillow's ``save``.
    """
    image = array_to_img(x, data_format=data_format, scale=scale)
    if image.mode == "RGBA" and file_format in ("jpg", "jpeg"):
        warnings.warn(
            "The JPG format does not support RGBA images, converting to RGB.", stacklevel=2
        )
        image = image.convert("RGB")
    image.save(path, format=file_format, **kwargs)
