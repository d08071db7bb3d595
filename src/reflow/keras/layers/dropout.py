"""Dropout, of single elements and of whole feature maps."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine.training_switch import choose
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"]


class Dropout(Layer):
    """In training, sets elements to 0 at random and scales the rest up; else passes all on.

    Args:
      rate: the probability of an element to become 0; the rest is divided by ``1 - rate``.
      noise_shape: the shape of the random choices, None where it is the inputs'; where it is 1, a
        choice holds for the whole axis.
      seed: an int that, with the global seed, determines the choices.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.

    Raises:
      ValueError: when called in training, if ``rate`` is not in ``[0, 1)`` or the inputs are no
        floating tensor.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed
        self.supports_masking = True

    def _get_noise_shape(self, inputs):
        """The shape of the choices for these inputs; None stands for the inputs' own."""
        if self.noise_shape is None:
            return None
        sizes = inputs.shape.as_list()
        given = self.noise_shape
        return [sizes[axis] if size is None else size for axis, size in enumerate(given)]

    def call(self, inputs, training=None):
        """Drops elements, if this is training."""

        def drop():
            shape = self._get_noise_shape(inputs)
            return tf.nn.dropout(inputs, self.rate, noise_shape=shape, seed=self.seed)

        return choose(training, drop, lambda: tf.convert_to_tensor(inputs))

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "rate": self.rate,
            "noise_shape": self.noise_shape,
            "seed": self.seed,
        }


class SpatialDropout1D(Dropout):
    """Drops whole feature maps of sequences: a choice holds for all steps of a channel.

    Args:
      rate: the probability of a feature map to become 0.
      **kwargs: as for ``Layer``.

    Input and output shape ``(batch, steps, channels)``.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _get_noise_shape(self, inputs):
        batch, _, channels = inputs.shape.as_list()
        return [batch, 1, channels]


class _SpatialDropout(Dropout):
    """Drops whole feature maps of images or volumes."""

    _ndim = 4

    def __init__(self, rate, data_format=None, **kwargs):
        super().__init__(rate, **kwargs)
        if data_format is None:
            data_format = tf.keras.backend.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError('data_format must be in {"channels_last", "channels_first"}')
        self.data_format = data_format
        self.input_spec = InputSpec(ndim=self._ndim)

    def _get_noise_shape(self, inputs):
        sizes = inputs.shape.as_list()
        ones = [1] * (self._ndim - 2)
        if self.data_format == "channels_first":
            return [sizes[0], sizes[1], *ones]
        return [sizes[0], *ones, sizes[-1]]


class SpatialDropout2D(_SpatialDropout):
    """Drops whole feature maps of images: a choice holds for all pixels of a channel.

    Args:
      rate: the probability of a feature map to become 0.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's setting by default.
      **kwargs: as for ``Layer``.

    Input and output shape ``(batch, rows, columns, channels)``.

    Raises:
      ValueError: if ``data_format`` is neither.
    """


class SpatialDropout3D(_SpatialDropout):
    """Drops whole feature maps of volumes: a choice holds for all voxels of a channel.

    Args:
      rate: the probability of a feature map to become 0.
      data_format: ``"channels_last"`` or ``"channels_first"``; Keras's setting by default.
      **kwargs: as for ``Layer``.

    Input and output shape ``(batch, depth, rows, columns, channels)``.

    Raises:
      ValueError: if ``data_format`` is neither.
    """

    _ndim = 5
