"""What Inception V3 and Inception-ResNet V2 share: their convolutions and the stem."""

from __future__ import annotations

from reflow.keras import layers
from reflow.keras.applications._building import channel_axis


def convolution(x, filters, size, strides=1, padding="same", name=None):
    """A convolution, batch normalization and a rectifier.

    Args:
      x: feature maps.
      filters: how many channels come out.
      size: of the kernel: one integer, or height and width.
      strides, padding: as for ``Conv2D``.
      name: of the convolution; those of the other layers begin with it.
    """
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(
        axis=channel_axis(), scale=False, name=None if name is None else name + "_bn"
    )(x)
    return layers.Activation("relu", name=None if name is None else name + "_ac")(x)


def stem(x):
    """The first layers, which make of a picture maps of an eighth of its height and width."""
    x = convolution(x, 32, 3, strides=2, padding="valid")
    x = convolution(x, 32, 3, padding="valid")
    x = convolution(x, 64, 3)
    x = layers.MaxPooling2D(3, strides=2)(x)
    x = convolution(x, 80, 1, padding="valid")
    x = convolution(x, 192, 3, padding="valid")
    return layers.MaxPooling2D(3, strides=2)(x)


def side_by_side(branches, name=None):
    """Puts the channels of several maps behind each other."""
    return layers.Concatenate(axis=channel_axis(), name=name)(branches)
