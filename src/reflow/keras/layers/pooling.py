"""Layers that take the maximum or the average of windows."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import windows
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = [
    "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "AvgPool1D", "AvgPool2D",
    "AvgPool3D", "MaxPool1D", "MaxPool2D", "MaxPool3D", "MaxPooling1D", "MaxPooling2D",
    "MaxPooling3D",
]  # fmt: skip


class Pooling(Layer):
    """What all pooling layers share.

    Args:
      pool_size: the windows' size: an int, or one for each spatial axis.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Raises:
      ValueError: if an argument has another form.
    """

    _rank = 2
    _mode = "max"

    def __init__(self, pool_size, strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(**kwargs)
        rank = self._rank
        strides = pool_size if strides is None else strides
        self.pool_size = windows.normalize_tuple(pool_size, rank, "pool_size")
        self.strides = windows.normalize_tuple(strides, rank, "strides")
        self.padding = windows.normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=rank + 2)

    def call(self, inputs):
        """Pools."""
        op = ("MaxPool" if self._mode == "max" else "AvgPool") + "3D" * (self._rank == 3)
        label, ones = f"'{self.name}/{op}' (op: '{op}')", (1,) * self._rank
        windows.check_fit(inputs, self.pool_size, ones, self.padding, self.data_format, label)
        return self._pooled(inputs)

    def _pooled(self, inputs):
        run = tf.nn.max_pool if self._mode == "max" else tf.nn.avg_pool
        return run(
            inputs,
            windows.full(self.pool_size, self.data_format),
            windows.full(self.strides, self.data_format),
            self.padding.upper(),
            windows.op_format(self.data_format, self._rank),
        )

    def compute_output_shape(self, input_shape):
        """``(batch, *places, channels)``, or the channels second for ``"channels_first"``."""
        dims = tf.TensorShape(input_shape).as_list()
        lengths = windows.spatial(dims, self.data_format)
        places = windows.output_lengths(lengths, self.pool_size, self.padding, self.strides)
        depth = windows.channels(dims, self.data_format)
        return windows.shape(dims[0], places, depth, self.data_format)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "padding": self.padding,
            "strides": self.strides,
            "data_format": self.data_format,
        }


class Pooling1D(Pooling):
    """Pooling of sequences, which are images of width 1."""

    _rank = 1

    def _pooled(self, inputs):
        axis = 3 if windows.is_first(self.data_format) else 2
        outputs = tf.keras.backend.pool2d(
            tf.expand_dims(inputs, axis),
            (*self.pool_size, 1),
            (*self.strides, 1),
            self.padding,
            self.data_format,
            self._mode,
        )
        return tf.squeeze(outputs, [axis])

    def get_config(self):
        """The arguments, as a dict."""
        config = super().get_config()
        order = ("strides", "pool_size", "padding", "data_format")
        last = {name: config.pop(name) for name in order}
        return {**config, **last}


class MaxPooling1D(Pooling1D):
    """The maximum of each window of sequences.

    Args:
      pool_size: the windows' length.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, windows, channels)``; the
    channels come second for ``"channels_first"``.
    """

    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format="channels_last", **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class AveragePooling1D(Pooling1D):
    """The average of each window of sequences.

    Args:
      pool_size: the windows' length.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``; padding does not count for the average.
      data_format: ``"channels_last"`` or ``"channels_first"``.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, channels)``; output shape ``(batch, windows, channels)``; the
    channels come second for ``"channels_first"``.
    """

    _mode = "avg"

    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format="channels_last", **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class MaxPooling2D(Pooling):
    """The maximum of each window of images.

    Args:
      pool_size: the windows' height and width; an int for both.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, channels)``; the channels come second for
    ``"channels_first"``.
    """

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class AveragePooling2D(Pooling):
    """The average of each window of images.

    Args:
      pool_size: the windows' height and width; an int for both.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``; padding does not count for the average.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, rows, columns, channels)``; output shape
    ``(batch, new rows, new columns, channels)``; the channels come second for
    ``"channels_first"``.
    """

    _mode = "avg"

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class MaxPooling3D(Pooling):
    """The maximum of each window of volumes.

    Args:
      pool_size: the windows' depth, height and width; an int for all three.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with new sizes;
    the channels come second for ``"channels_first"``.
    """

    _rank = 3

    def __init__(
        self, pool_size=(2, 2, 2), strides=None, padding="valid", data_format=None, **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


class AveragePooling3D(Pooling):
    """The average of each window of volumes.

    Args:
      pool_size: the windows' depth, height and width; an int for all three.
      strides: from one window to the next; None for ``pool_size``.
      padding: ``"valid"`` or ``"same"``; padding does not count for the average.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's own by default.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, depth, rows, columns, channels)``; output shape the same with new sizes;
    the channels come second for ``"channels_first"``.
    """

    _rank, _mode = 3, "avg"

    def __init__(
        self, pool_size=(2, 2, 2), strides=None, padding="valid", data_format=None, **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)


AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
