"""Layers around another layer."""

from __future__ import annotations

import copy

import reflow as tf
from reflow.keras.layers.layer import Layer

__all__ = ["Wrapper"]


class Wrapper(Layer):
    """A layer that holds another one; the base of ``TimeDistributed`` and others.

    Args:
      layer: the inner layer, which is called ``layer`` here too.
      **kwargs: as for ``Layer``.

    Raises:
      AssertionError: if it is no layer.
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise AssertionError(
                f"{type(self).__name__}: layer must be a tf.keras.layers.Layer, got {layer!r}"
            )
        super().__init__(**kwargs)
        self.layer = layer

    def build(self, input_shape=None):
        """Builds the inner layer."""
        if not self.layer.built:
            self.layer.build(input_shape)
            self.layer.built = True
        self.built = True

    @property
    def activity_regularizer(self):
        """The inner layer's penalty on its outputs, or None."""
        return getattr(self.layer, "activity_regularizer", None)

    def get_config(self):
        """The arguments, as a dict."""
        inner = {"class_name": type(self.layer).__name__, "config": self.layer.get_config()}
        return {**super().get_config(), "layer": inner}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a layer from the result of ``get_config``."""
        config = copy.deepcopy(config)
        layer = tf.keras.layers.deserialize(config.pop("layer"), custom_objects=custom_objects)
        return cls(layer, **config)
