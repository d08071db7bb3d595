"""``tf.keras.applications.inception_resnet_v2``: Inception blocks that learn a difference.

Szegedy, Ioffe, Vanhoucke, Alemi: Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning (2016).
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
from reflow.keras.applications._inception import convolution, side_by_side, stem
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_FILES = Files.at(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.7/inception_resnet_v2",
    "e693bd0210a403b3192acc6073ad2e96",
    "d19885ff4a710c122648d3b5c3b684e4",
)


def InceptionResNetV2(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes the second Inception network with shortcuts.

    Args:
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      input_shape: the shape of a picture, ``(299, 299, 3)`` by default; at least 75 x 75.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 299, 75, weights, include_top)
    weights = weights_file(weights, _FILES.choose(include_top))
    inputs = image_input(input_tensor, shape)
    x = _mixed_35(stem(inputs), "mixed_5b")
    for i in range(1, 11):
        x = _block_35(x, f"block35_{i}")
    x = _reduced_to_17(x, "mixed_6a")
    for i in range(1, 21):
        x = _block_17(x, f"block17_{i}")
    x = _reduced_to_8(x, "mixed_7a")
    for i in range(1, 10):
        x = _block_8(x, f"block8_{i}")
    x = _block_8(x, "block8_10", scale=1.0, activation=None)
    x = convolution(x, 1536, 1, name="conv_7b")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = pooled(x, pooling)
    return finished("inception_resnet_v2", inputs, x, input_tensor, weights)


def _mixed_35(x, name):
    """What Inception V3 does with 5 x 5 and two 3 x 3 convolutions, on maps of 35 x 35."""
    one = convolution(x, 96, 1)
    five = convolution(x, 48, 1)
    five = convolution(five, 64, 5)
    three = convolution(x, 64, 1)
    three = convolution(three, 96, 3)
    three = convolution(three, 96, 3)
    pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    pool = convolution(pool, 64, 1)
    return side_by_side([one, five, three, pool], name)


def _block_35(x, name):
    """Inception-ResNet-A, on maps of 35 x 35."""
    one = convolution(x, 32, 1)
    three = convolution(x, 32, 1)
    three = convolution(three, 32, 3)
    double = convolution(x, 32, 1)
    double = convolution(double, 48, 3)
    double = convolution(double, 64, 3)
    return _added(x, [one, three, double], 0.17, name)


def _reduced_to_17(x, name):
    """Reduction-A: halves the maps."""
    three = convolution(x, 384, 3, strides=2, padding="valid")
    double = convolution(x, 256, 1)
    double = convolution(double, 256, 3)
    double = convolution(double, 384, 3, strides=2, padding="valid")
    pool = layers.MaxPooling2D(3, strides=2)(x)
    return side_by_side([three, double, pool], name)


def _block_17(x, name):
    """Inception-ResNet-B, on maps of 17 x 17."""
    one = convolution(x, 192, 1)
    seven = convolution(x, 128, 1)
    seven = convolution(seven, 160, (1, 7))
    seven = convolution(seven, 192, (7, 1))
    return _added(x, [one, seven], 0.1, name)


def _reduced_to_8(x, name):
    """Reduction-B: halves the maps again."""
    three = convolution(x, 256, 1)
    three = convolution(three, 384, 3, strides=2, padding="valid")
    other = convolution(x, 256, 1)
    other = convolution(other, 288, 3, strides=2, padding="valid")
    double = convolution(x, 256, 1)
    double = convolution(double, 288, 3)
    double = convolution(double, 320, 3, strides=2, padding="valid")
    pool = layers.MaxPooling2D(3, strides=2)(x)
    return side_by_side([three, other, double, pool], name)


def _block_8(x, name, scale=0.2, activation="relu"):
    """Inception-ResNet-C, on maps of 8 x 8."""
    one = convolution(x, 192, 1)
    three = convolution(x, 192, 1)
    three = convolution(three, 224, (1, 3))
    three = convolution(three, 256, (3, 1))
    return _added(x, [one, three], scale, name, activation)


def _added(x, branches, scale, name, activation="relu"):
    """The input plus a small part of what the branches found: section 3.3 tells why it is small.

    Args:
      x: feature maps.
      branches: what was computed from them.
      scale: how much of it is added.
      name: what the layers' names begin with.
      activation: of the sum.
    """
    found = side_by_side(branches, name + "_mixed")
    channels = x.shape[channel_axis()]
    found = layers.Conv2D(channels, 1, padding="same", name=name + "_conv")(found)
    shape = tuple(x.shape[1:])
    x = layers.Lambda(_scaled_sum, shape, arguments={"scale": scale}, name=name)([x, found])
    return x if activation is None else layers.Activation(activation, name=name + "_ac")(x)


def _scaled_sum(inputs, scale):
    return inputs[0] + inputs[1] * scale


def preprocess_input(x):
    """Scales pictures as Inception wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
