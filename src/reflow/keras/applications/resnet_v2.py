"""``tf.keras.applications.resnet_v2``: residual networks that normalize before each convolution.

He, Zhang, Ren, Sun: Identity Mappings in Deep Residual Networks (2016).
"""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras import layers
from reflow.keras.applications import imagenet_utils
from reflow.keras.applications._building import (
    Files,
    channel_axis,
    check_weights,
    checked_shape,
    finished,
    image_input,
    pooled,
    weights_file,
)
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_EPSILON = 1.001e-5  # of batch normalization, as the published weights were found

# How many blocks each of the four stacks has.
_DEPTHS = {"ResNet50V2": (3, 4, 6, 3), "ResNet101V2": (3, 4, 23, 3), "ResNet152V2": (3, 8, 36, 3)}

_URL = "https://github.com/keras-team/keras-applications/releases/download/resnet/"
_FILES = {
    "ResNet50V2": Files.at(
        _URL + "resnet50v2",
        "3ef43a0b657b3be2300d5770ece849e0",
        "fac2f116257151a9d068a22e544a4917",
    ),
    "ResNet101V2": Files.at(
        _URL + "resnet101v2",
        "6343647c601c52e1368623803854d971",
        "c0ed64b8031c3730f411d2eb4eea35b5",
    ),
    "ResNet152V2": Files.at(
        _URL + "resnet152v2",
        "a49b44d1979771252814e80f8ec446f9",
        "ed17cf2e0169df9d443503ef94b23b33",
    ),
}


def ResNet50V2(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network of the second kind with 50 layers.

    Args:
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default; at least 32 x 32.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    return _resnet("ResNet50V2", include_top, weights, input_tensor, input_shape, pooling, classes)


def ResNet101V2(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network of the second kind with 101 layers.

    Args:
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default; at least 32 x 32.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    return _resnet("ResNet101V2", include_top, weights, input_tensor, input_shape, pooling, classes)


def ResNet152V2(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network of the second kind with 152 layers.

    Args:
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default; at least 32 x 32.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    return _resnet("ResNet152V2", include_top, weights, input_tensor, input_shape, pooling, classes)


def _resnet(name, include_top, weights, input_tensor, input_shape, pooling, classes):
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 224, 32, weights, include_top)
    weights = weights_file(weights, _FILES[name].choose(include_top))
    inputs = image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stack, depth in enumerate(_DEPTHS[name], start=2):
        filters = 64 * 2 ** (stack - 2)
        for i in range(1, depth + 1):
            strides = 2 if i == depth and stack < 5 else 1  # the last block halves, but not at last
            x = _block(x, filters, strides, i == 1, f"conv{stack}_block{i}")
    x = _activated(x, "post")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="probs")(x)
    else:
        x = pooled(x, pooling, "avg_pool", "max_pool")
    return finished(name.lower(), inputs, x, input_tensor, weights)


def _block(x, filters, strides, projects, name):
    """A bottleneck whose shortcut has nothing on it: the identity of figure 1b.

    Args:
      x: feature maps.
      filters: of the first two convolutions; the last has four times as many.
      strides: of the 3 x 3 convolution.
      projects: whether the input must be given the output's channels by a convolution.
      name: what the layers' names begin with.
    """
    before = _activated(x, name + "_preact")
    if projects:
        shortcut = layers.Conv2D(4 * filters, 1, strides=strides, name=name + "_0_conv")(before)
    else:
        shortcut = layers.MaxPooling2D(1, strides=strides)(x) if strides > 1 else x
    x = layers.Conv2D(filters, 1, use_bias=False, name=name + "_1_conv")(before)
    x = _activated(x, name + "_1")
    x = layers.ZeroPadding2D(1, name=name + "_2_pad")(x)
    x = layers.Conv2D(filters, 3, strides=strides, use_bias=False, name=name + "_2_conv")(x)
    x = _activated(x, name + "_2")
    x = layers.Conv2D(4 * filters, 1, name=name + "_3_conv")(x)
    return layers.Add(name=name + "_out")([shortcut, x])


def _activated(x, name):
    """Batch normalization and a rectifier."""
    x = layers.BatchNormalization(axis=channel_axis(), epsilon=_EPSILON, name=name + "_bn")(x)
    return layers.Activation("relu", name=name + "_relu")(x)


def preprocess_input(x):
    """Scales pictures as ResNetV2 wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
