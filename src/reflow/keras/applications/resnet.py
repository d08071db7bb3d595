"""``tf.keras.applications.resnet``: networks whose blocks learn a difference from their input.

He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (2015).
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

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_EPSILON = 1.001e-5  # of batch normalization, as the published weights were found

# How many blocks each of the four stacks has: table 1 of the paper.
_DEPTHS = {"ResNet50": (3, 4, 6, 3), "ResNet101": (3, 4, 23, 3), "ResNet152": (3, 8, 36, 3)}

_URL = "https://github.com/keras-team/keras-applications/releases/download/resnet/"
_FILES = {
    "ResNet50": Files.at(
        _URL + "resnet50",
        "2cb95161c43110f7111970584f804107",
        "4d473c1dd8becc155b73f8504c6f6626",
    ),
    "ResNet101": Files.at(
        _URL + "resnet101",
        "f1aeb4b969a6efcfb50fad2f0c20cfc5",
        "88cf7a10940856eca736dc7b7e228a21",
    ),
    "ResNet152": Files.at(
        _URL + "resnet152",
        "100835be76be38e30d865e96f2aaae62",
        "ee4c566cf9a93f14d82f913c2dc6dd0c",
    ),
}


def ResNet50(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network with 50 layers.

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
    return _resnet("ResNet50", include_top, weights, input_tensor, input_shape, pooling, classes)


def ResNet101(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network with 101 layers.

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
    return _resnet("ResNet101", include_top, weights, input_tensor, input_shape, pooling, classes)


def ResNet152(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a residual network with 152 layers.

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
    return _resnet("ResNet152", include_top, weights, input_tensor, input_shape, pooling, classes)


def _resnet(name, include_top, weights, input_tensor, input_shape, pooling, classes):
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 224, 32, weights, include_top)
    weights = weights_file(weights, _FILES[name].choose(include_top))
    inputs = image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(3, name="conv1_pad")(inputs)
    x = layers.Conv2D(64, 7, strides=2, name="conv1_conv")(x)
    x = _normalized(x, "conv1_bn")
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(1, name="pool1_pad")(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1_pool")(x)
    for stack, depth in enumerate(_DEPTHS[name], start=2):
        filters = 64 * 2 ** (stack - 2)
        for i in range(1, depth + 1):
            strides = 2 if i == 1 and stack > 2 else 1  # pool1 halved the first stack's input
            x = _block(x, filters, strides, i == 1, f"conv{stack}_block{i}")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="probs")(x)
    else:
        x = pooled(x, pooling, "avg_pool", "max_pool")
    return finished(name.lower(), inputs, x, input_tensor, weights)


def _block(x, filters, strides, projects, name):
    """The bottleneck of figure 5: 1 x 1, 3 x 3 and 1 x 1 convolutions, plus the input.

    Args:
      x: feature maps.
      filters: of the first two convolutions; the last has four times as many.
      strides: of the first one.
      projects: whether the input must be given the output's shape by a convolution.
      name: what the layers' names begin with.
    """
    shortcut = x
    if projects:
        shortcut = layers.Conv2D(4 * filters, 1, strides=strides, name=name + "_0_conv")(x)
        shortcut = _normalized(shortcut, name + "_0_bn")
    x = layers.Conv2D(filters, 1, strides=strides, name=name + "_1_conv")(x)
    x = _normalized(x, name + "_1_bn")
    x = layers.Activation("relu", name=name + "_1_relu")(x)
    x = layers.Conv2D(filters, 3, padding="same", name=name + "_2_conv")(x)
    x = _normalized(x, name + "_2_bn")
    x = layers.Activation("relu", name=name + "_2_relu")(x)
    x = layers.Conv2D(4 * filters, 1, name=name + "_3_conv")(x)
    x = _normalized(x, name + "_3_bn")
    x = layers.Add(name=name + "_add")([shortcut, x])
    return layers.Activation("relu", name=name + "_out")(x)


def _normalized(x, name):
    return layers.BatchNormalization(axis=channel_axis(), epsilon=_EPSILON, name=name)(x)


def preprocess_input(x):
    """Scales pictures as ResNet wants them: blue first, less the mean of ImageNet's pictures.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="caffe")
