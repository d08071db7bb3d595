"""The layer that marks time steps to be skipped."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["Masking"]


class Masking(Layer):
    """Masks time steps whose features all have one value, and sets them to 0.

    Args:
      mask_value: the value.
      **kwargs: as for ``Layer``.

    Input and output have the same shape ``(batch, steps, features)``; the mask, which layers that
    understand masks go by, is ``(batch, steps)``, False at steps to skip.
    """

    _masks_by_itself = True

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.mask_value = mask_value

    def compute_mask(self, inputs, mask=None):
        """Where any feature has another value."""
        return tf.reduce_any(tf.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        """Sets masked steps to 0."""
        mask = self.compute_mask(inputs)
        outputs = inputs * tf.cast(tf.expand_dims(mask, -1), inputs.dtype)
        outputs._keras_mask = mask
        return outputs

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "mask_value": self.mask_value}
