"""Layers that enlarge sequences, images and volumes by whole factors."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["UpSampling1D", "UpSampling2D", "UpSampling3D"]


def _larger(dims, factors, data_format):
    """The shape that has ``factors`` times the sizes."""
    places = [
        None if length is None else length * factor
        for length, factor in zip(windows.spatial(dims, data_format), factors, strict=True)
    ]
    return windows.shape(dims[0], places, windows.channels(dims, data_format), data_format)


class UpSampling1D(Layer):
    """Repeats each step of sequences.

    Args:
      size: how often, an int.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, size * steps, channels)``.
    """

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = int(size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs):
        """Repeats."""
        return tf.keras.backend.repeat_elements(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape):
        """``(batch, size * steps, channels)``."""
        return _larger(tf.TensorShape(input_shape).as_list(), [self.size], "channels_last")

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "size": self.size}


class UpSampling2D(Layer):
    """Enlarges images.

    Args:
      size: the factors of rows and columns; an int for both.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      interpolation: ``"nearest"`` repeats rows and columns, ``"bilinear"`` interpolates.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, more rows, more columns, channels)``; the channels come second for
    ``"channels_first"``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.size = windows.normalize_tuple(size, 2, "size")
        if interpolation not in ("nearest", "bilinear"):
            raise ValueError(
                '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'
            )
        self.interpolation = interpolation
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs):
        """Enlarges."""
        return tf.keras.backend.resize_images(
            inputs, *self.size, self.data_format, interpolation=self.interpolation
        )

    def compute_output_shape(self, input_shape):
        """``(batch, more rows, more columns, channels)``, or the channels second."""
        return _larger(tf.TensorShape(input_shape).as_list(), self.size, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "size": self.size,
            "data_format": self.data_format,
            "interpolation": self.interpolation,
        }


class UpSampling3D(Layer):
    """Enlarges volumes by repeating their elements.

    Args:
      size: the factors of the three axes; an int for all.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with larger
    sizes; the channels come second for ``"channels_first"``.

    Raises:
      ValueError: if an argument has another form.
    """

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.size = windows.normalize_tuple(size, 3, "size")
        self.input_spec = InputSpec(ndim=5)

    def call(self, inputs):
        """Enlarges."""
        return tf.keras.backend.resize_volumes(inputs, *self.size, self.data_format)

    def compute_output_shape(self, input_shape):
        """The shape with larger sizes."""
        return _larger(tf.TensorShape(input_shape).as_list(), self.size, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "size": self.size, "data_format": self.data_format}
