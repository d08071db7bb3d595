"""The layer that applies another one to every time step."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer
from reflow.keras.layers.wrapper import Wrapper

__all__ = ["TimeDistributed"]


class TimeDistributed(Wrapper):
    """Applies a layer to every time step, with the same weights.

    Args:
      layer: the layer.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, steps, ...)``; output shape ``(batch, steps, ...)``, where the rest is
    what the layer makes of it. The steps are put into the batch for the inner layer.

    Raises:
      ValueError: if ``layer`` is none.
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `TimeDistributed` layer with a `Layer` instance. You passed: "
                f"{layer}"
            )
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Builds the inner layer for one step's shape."""
        sizes = tf.TensorShape(input_shape).as_list()
        if len(sizes) < 3:
            raise ValueError(
                "`TimeDistributed` Layer should be passed an `input_shape ` with at least 3 "
                f"dimensions, received: {sizes}"
            )
        self.input_spec = InputSpec(shape=[None, None, *sizes[2:]])
        super().build(tf.TensorShape([sizes[0], *sizes[2:]]))

    def compute_output_shape(self, input_shape):
        """``(batch, steps, ...)``."""
        batch, steps, *sizes = tf.TensorShape(input_shape).as_list()
        inner = self.layer.compute_output_shape(tf.TensorShape([batch, *sizes]))
        batch, *sizes = tf.TensorShape(inner).as_list()
        return tf.TensorShape([batch, steps, *sizes])

    def call(self, inputs, training=None, mask=None):
        """Applies the layer to all steps at once."""
        kwargs = {}
        if self.layer._traits.takes_training:
            kwargs["training"] = training
        batch, steps, *sizes = inputs.shape.as_list()
        if mask is not None and self.layer._traits.takes_mask:
            kwargs["mask"] = tf.reshape(mask, [batch * steps, *mask.shape.as_list()[2:]])
        outputs = self.layer(tf.reshape(inputs, [batch * steps, *sizes]), **kwargs)
        return tf.reshape(outputs, [batch, steps, *outputs.shape.as_list()[1:]])

    def compute_mask(self, inputs, mask=None):
        """The mask of the steps."""
        return mask
