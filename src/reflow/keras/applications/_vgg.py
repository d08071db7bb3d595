"""VGG: only 3 x 3 convolutions; each block halves the picture and has twice as many filters.

Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition (2014).
"""

from __future__ import annotations

from reflow.keras import layers
from reflow.keras.applications._building import (
    check_weights,
    checked_shape,
    finished,
    image_input,
    pooled,
    weights_file,
)

_FILTERS = (64, 128, 256, 512, 512)


def vgg(name, depths, files, include_top, weights, input_tensor, input_shape, pooling, classes):
    """Makes a VGG.

    Args:
      name: the model's.
      depths: how many convolutions each of the five blocks has.
      files: the published weights.
      include_top, weights, input_tensor, input_shape, pooling, classes: as the user gave them.
    """
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 224, 32, weights, include_top)
    weights = weights_file(weights, files.choose(include_top))
    x = inputs = image_input(input_tensor, shape)
    for block, (depth, filters) in enumerate(zip(depths, _FILTERS, strict=True), start=1):
        x = _block(x, depth, filters, f"block{block}")
    if include_top:
        x = layers.Flatten(name="flatten")(x)
        x = layers.Dense(4096, activation="relu", name="fc1")(x)
        x = layers.Dense(4096, activation="relu", name="fc2")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = pooled(x, pooling)
    return finished(name, inputs, x, input_tensor, weights)


def _block(x, depth, filters, name):
    for i in range(1, depth + 1):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_conv{i}")(x)
    return layers.MaxPooling2D(2, strides=2, name=f"{name}_pool")(x)
