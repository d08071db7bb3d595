"""Brightness and colours of pictures, fixed and random."""

from __future__ import annotations

import numpy as np

from reflow.keras.preprocessing.image.conversion import array_to_img, img_to_array

__all__ = [
    "apply_brightness_shift",
    "apply_channel_shift",
    "random_brightness",
    "random_channel_shift",
]


def apply_channel_shift(x, intensity, channel_axis=0):
    """Adds a number to all channels; each stays between the picture's smallest and largest value.

    Args:
      x: an array of rank 3.
      intensity: what to add.
      channel_axis: which axis has the channels.
    """
    return np.clip(x + intensity, np.min(x), np.max(x))


def random_channel_shift(x, intensity_range, channel_axis=0):
    """Adds a number drawn from ``[-intensity_range, intensity_range)`` to all channels.

    Args:
      x: an array of rank 3.
      intensity_range: the largest number.
      channel_axis: which axis has the channels.
    """
    intensity = np.random.uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis=channel_axis)


def apply_brightness_shift(x, brightness):
    """Multiplies the brightness of a picture, on the scale that ``array_to_img`` gives it.

    Args:
      x: an array of rank 3.
      brightness: the factor: 0 is black, 1 leaves it.

    Returns:
      An array of whole numbers in [0, 255].
    """
    from PIL import ImageEnhance

    enhancer = ImageEnhance.Brightness(array_to_img(x))
    return img_to_array(enhancer.enhance(brightness))


def random_brightness(x, brightness_range):
    """Multiplies the brightness by a factor drawn from a range.

    Args:
      x: an array of rank 3.
      brightness_range: the smallest and the largest factor.

    Raises:
      ValueError: if ``brightness_range`` is no pair.
    """
    if len(brightness_range) != 2:
        raise ValueError(
            f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}"
        )
    return apply_brightness_shift(x, np.random.uniform(brightness_range[0], brightness_range[1]))
