"""``tf.keras.applications.xception``: depthwise separable convolutions throughout.

Chollet: Xception: Deep Learning with Depthwise Separable Convolutions (2016). Figure 5 shows the
blocks by the numbers they have here.
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

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_FILES = Files.at(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.4/xception",
    "0a58e3b7378bc2990ea3b43d5981f1f6",
    "b0042744bf5b25fce3cb969f33bebb97",
)


def Xception(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes the extreme Inception network.

    Args:
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      input_shape: the shape of a picture, ``(299, 299, 3)`` by default; at least 71 x 71.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 299, 71, weights, include_top)
    weights = weights_file(weights, _FILES.choose(include_top))
    inputs = image_input(input_tensor, shape)
    x = _convolution(inputs, 32, strides=2, name="block1_conv1")
    x = _convolution(x, 64, strides=1, name="block1_conv2")
    x = _reduction(x, (128, 128), "block2", rectified=False)
    x = _reduction(x, (256, 256), "block3")
    x = _reduction(x, (728, 728), "block4")
    for i in range(5, 13):
        x = _middle(x, f"block{i}")
    x = _reduction(x, (728, 1024), "block13")
    for i, filters in enumerate((1536, 2048), start=1):
        x = _separable(x, filters, f"block14_sepconv{i}")
        x = _rectified(x, f"block14_sepconv{i}")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = pooled(x, pooling)
    return finished("xception", inputs, x, input_tensor, weights)


def _convolution(x, filters, strides, name):
    """A plain 3 x 3 convolution, batch normalization and a rectifier."""
    x = layers.Conv2D(filters, 3, strides=strides, use_bias=False, name=name)(x)
    x = layers.BatchNormalization(axis=channel_axis(), name=name + "_bn")(x)
    return _rectified(x, name)


def _reduction(x, filters, name, rectified=True):
    """Two separable convolutions and pooling, plus the input as a 1 x 1 convolution sees it.

    Args:
      x: feature maps.
      filters: of the two.
      name: what the layers' names begin with.
      rectified: whether there is a rectifier before the first one, too.
    """
    shortcut = layers.Conv2D(filters[1], 1, strides=2, padding="same", use_bias=False)(x)
    shortcut = layers.BatchNormalization(axis=channel_axis())(shortcut)
    if rectified:
        x = _rectified(x, name + "_sepconv1")
    x = _separable(x, filters[0], name + "_sepconv1")
    x = _rectified(x, name + "_sepconv2")
    x = _separable(x, filters[1], name + "_sepconv2")
    x = layers.MaxPooling2D(3, strides=2, padding="same", name=name + "_pool")(x)
    return layers.Add()([x, shortcut])


def _middle(x, name):
    """Three separable convolutions, plus the input."""
    shortcut = x
    for i in (1, 2, 3):
        x = _rectified(x, f"{name}_sepconv{i}")
        x = _separable(x, 728, f"{name}_sepconv{i}")
    return layers.Add()([x, shortcut])


def _separable(x, filters, name):
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return layers.BatchNormalization(axis=channel_axis(), name=name + "_bn")(x)


def _rectified(x, name):
    return layers.Activation("relu", name=name + "_act")(x)


def preprocess_input(x):
    """Scales pictures as Xception wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
