"""Layers that cut off the ends of sequences, and the borders of images and volumes."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["Cropping1D", "Cropping2D", "Cropping3D"]


def _cropped(inputs, pairs, data_format):
    """The middle of each spatial axis."""
    middle = [slice(before, -after if after else None) for before, after in pairs]
    start = [slice(None)] * (2 if windows.is_first(data_format) else 1)
    return inputs[(*start, *middle)]


def _shorter(dims, pairs, data_format):
    """The shape without the borders."""
    places = [
        None if length is None else length - before - after
        for length, (before, after) in zip(windows.spatial(dims, data_format), pairs, strict=True)
    ]
    return windows.shape(dims[0], places, windows.channels(dims, data_format), data_format)


class Cropping1D(Layer):
    """Cuts off the ends of sequences.

    Args:
      cropping: how many steps at each end, an int; or how many at the start and at the end.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, fewer steps, channels)``.

    Raises:
      ValueError: if ``cropping`` is neither an int nor a pair.
    """

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(**kwargs)
        self.cropping = windows.normalize_tuple(cropping, 2, "cropping")
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs):
        """Crops."""
        return _cropped(inputs, [self.cropping], "channels_last")

    def compute_output_shape(self, input_shape):
        """``(batch, fewer steps, channels)``."""
        dims = tf.TensorShape(input_shape).as_list()
        return _shorter(dims, [self.cropping], "channels_last")

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "cropping": self.cropping}


class Cropping(Layer):
    """What the layers of images and volumes share."""

    _rank = 2

    def __init__(self, cropping, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.cropping = windows.normalize_pairs(cropping, self._rank, "cropping")
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def call(self, inputs):
        """Crops."""
        return _cropped(inputs, self.cropping, self.data_format)

    def compute_output_shape(self, input_shape):
        """The same shape with fewer rows and columns."""
        return _shorter(tf.TensorShape(input_shape).as_list(), self.cropping, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "cropping": self.cropping,
            "data_format": self.data_format,
        }


class Cropping2D(Cropping):
    """Cuts off the borders of images.

    Args:
      cropping: how much on each side, an int; or one for rows and one for columns; or pairs
        ``((top, bottom), (left, right))``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, fewer rows, fewer columns, channels)``; the channels come second for
    ``"channels_first"``.

    Raises:
      ValueError: if ``cropping`` has another form.
    """

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(Cropping):
    """Cuts off the borders of volumes.

    Args:
      cropping: how much on each side, an int; or one for each axis; or a pair for each axis.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with smaller
    sizes; the channels come second for ``"channels_first"``.

    Raises:
      ValueError: if ``cropping`` has another form.
    """

    _rank = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)
