"""Keras's settings: the floating type of weights, the fuzz of divisions, the order of axes."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf

__all__ = [
    "backend", "cast_to_floatx", "epsilon", "floatx", "image_data_format", "set_epsilon",
    "set_floatx", "set_image_data_format",
]  # fmt: skip

_settings: dict[str, Any] = {
    "epsilon": 1e-7,
    "floatx": "float32",
    "image_data_format": "channels_last",
}


def backend():
    """Returns what Keras computes with, in TF 2.1's words: ``"tensorflow"``."""
    return "tensorflow"


def epsilon():
    """Returns the small number that keeps Keras from dividing by zero; 1e-7 unless set."""
    return _settings["epsilon"]


def set_epsilon(value):
    """Sets the small number that ``epsilon`` returns.

    Args:
      value: a float.
    """
    _settings["epsilon"] = float(value)


def floatx():
    """Returns the name of the floating type that weights have by default: ``"float32"``."""
    return _settings["floatx"]


def set_floatx(value):
    """Sets the floating type that weights have by default.

    Args:
      value: ``"float16"``, ``"float32"`` or ``"float64"``.

    Raises:
      ValueError: if it is another name.
    """
    if value not in ("float16", "float32", "float64"):
        raise ValueError(
            f"Unknown floatx type: {value}; it must be 'float16', 'float32' or 'float64'"
        )
    _settings["floatx"] = str(value)


def default_policy():
    """The type, or mixed-precision policy, of layers that are given none."""
    return _settings.get("policy") or floatx()


def set_default_policy(policy):
    """Sets it; None goes back to ``floatx``."""
    _settings["policy"] = policy


def image_data_format():
    """Returns where images have their channels: ``"channels_last"`` or ``"channels_first"``."""
    return _settings["image_data_format"]


def set_image_data_format(data_format):
    """Sets where images have their channels by default.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``.

    Raises:
      ValueError: if it is another name.
    """
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(
            f"Unknown data_format: {data_format}; it must be 'channels_last' or 'channels_first'"
        )
    _settings["image_data_format"] = str(data_format)


def cast_to_floatx(x):
    """Casts to Keras's default floating type.

    Args:
      x: a tensor, a variable, or anything NumPy makes an array of.

    Returns:
      A tensor for a tensor or variable, else a NumPy array.
    """
    return tf.cast(x, floatx()) if tf.is_tensor(x) else np.asarray(x, floatx())
