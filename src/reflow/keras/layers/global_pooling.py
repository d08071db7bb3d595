"""Layers that take the maximum or the average over all places."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = [
    "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
    "GlobalAvgPool1D", "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool1D",
    "GlobalMaxPool2D", "GlobalMaxPool3D", "GlobalMaxPooling1D", "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
]  # fmt: skip


class GlobalPooling(Layer):
    """What all layers that pool over all places share.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Output shape ``(batch, channels)``.
    """

    _rank = 2

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _places(self):
        """The spatial axes."""
        start = 2 if windows.is_first(self.data_format) else 1
        return list(range(start, start + self._rank))

    def compute_output_shape(self, input_shape):
        """``(batch, channels)``."""
        dims = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([dims[0], windows.channels(dims, self.data_format)])

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "data_format": self.data_format}


class GlobalAverage(GlobalPooling):
    """The average over all places."""

    def call(self, inputs):
        """Averages."""
        return tf.reduce_mean(inputs, axis=self._places())


class GlobalMax(GlobalPooling):
    """The maximum over all places."""

    def call(self, inputs):
        """Takes the maximum."""
        return tf.reduce_max(inputs, axis=self._places())


class GlobalAveragePooling1D(GlobalPooling):
    """The average of all steps of sequences, or of those that a mask lets through.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``, the channels second for ``"channels_first"``; output
    shape ``(batch, channels)``. Where a mask lets no step through, the result is NaN, as in TF.
    """

    _rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        """Averages the steps for which the mask is true."""
        axis = self._places()[0]
        if mask is None:
            return tf.reduce_mean(inputs, axis=axis)
        weights = tf.expand_dims(tf.cast(mask, inputs.dtype), 3 - axis)
        total = tf.reduce_sum(inputs * weights, axis=axis)
        return total / tf.reduce_sum(weights, axis=axis)

    def compute_mask(self, inputs, mask=None):
        """There are no steps left to be masked."""


class GlobalMaxPooling1D(GlobalMax):
    """The maximum of all steps of sequences.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``, the channels second for ``"channels_first"``; output
    shape ``(batch, channels)``.
    """

    _rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format, **kwargs)


class GlobalAveragePooling2D(GlobalAverage):
    """The average of each channel of images.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``, the channels second for
    ``"channels_first"``; output shape ``(batch, channels)``.
    """


class GlobalMaxPooling2D(GlobalMax):
    """The maximum of each channel of images.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``, the channels second for
    ``"channels_first"``; output shape ``(batch, channels)``.
    """


class GlobalAveragePooling3D(GlobalAverage):
    """The average of each channel of volumes.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``, the channels second for
    ``"channels_first"``; output shape ``(batch, channels)``.
    """

    _rank = 3


class GlobalMaxPooling3D(GlobalMax):
    """The maximum of each channel of volumes.

    Args:
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``, the channels second for
    ``"channels_first"``; output shape ``(batch, channels)``.
    """

    _rank = 3


GlobalAvgPool1D, GlobalMaxPool1D = GlobalAveragePooling1D, GlobalMaxPooling1D
GlobalAvgPool2D, GlobalMaxPool2D = GlobalAveragePooling2D, GlobalMaxPooling2D
GlobalAvgPool3D, GlobalMaxPool3D = GlobalAveragePooling3D, GlobalMaxPooling3D
