"""Layers that put zeros around sequences, images and volumes."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"]


def _longer(dims, pairs, data_format):
    """The shape with zeros around."""
    places = [
        None if length is None else length + before + after
        for length, (before, after) in zip(windows.spatial(dims, data_format), pairs, strict=True)
    ]
    return windows.shape(dims[0], places, windows.channels(dims, data_format), data_format)


class ZeroPadding1D(Layer):
    """Puts zeros before and after sequences.

    Args:
      padding: how many, an int; or how many before and how many after.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, more steps, channels)``.

    Raises:
      ValueError: if ``padding`` is neither an int nor a pair.
    """

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        self.padding = windows.normalize_tuple(padding, 2, "padding")
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs):
        """Pads."""
        return tf.keras.backend.temporal_padding(inputs, self.padding)

    def compute_output_shape(self, input_shape):
        """``(batch, more steps, channels)``."""
        dims = tf.TensorShape(input_shape).as_list()
        return _longer(dims, [self.padding], "channels_last")

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "padding": self.padding}


class ZeroPadding(Layer):
    """What the layers of images and volumes share."""

    _rank = 2

    def __init__(self, padding, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.padding = windows.normalize_pairs(padding, self._rank, "padding")
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def compute_output_shape(self, input_shape):
        """The same shape with more rows and columns."""
        return _longer(tf.TensorShape(input_shape).as_list(), self.padding, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "padding": self.padding,
            "data_format": self.data_format,
        }


class ZeroPadding2D(ZeroPadding):
    """Puts zeros around images.

    Args:
      padding: how many on each side, an int; or one for rows and one for columns; or pairs
        ``((top, bottom), (left, right))``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, more rows, more columns, channels)``; the channels come second for
    ``"channels_first"``.

    Raises:
      ValueError: if ``padding`` has another form.
    """

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)

    def call(self, inputs):
        """Pads."""
        return tf.keras.backend.spatial_2d_padding(inputs, self.padding, self.data_format)


class ZeroPadding3D(ZeroPadding):
    """Puts zeros around volumes.

    Args:
      padding: how many on each side, an int; or one for each axis; or a pair for each axis.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with larger
    sizes; the channels come second for ``"channels_first"``.

    Raises:
      ValueError: if ``padding`` has another form.
    """

    _rank = 3

    def __init__(self, padding=(1, 1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)

    def call(self, inputs):
        """Pads."""
        return tf.keras.backend.spatial_3d_padding(inputs, self.padding, self.data_format)
