"""``tf.keras.applications.densenet``: networks where every layer sees all earlier ones.

Huang, Liu, van der Maaten, Weinberger: Densely Connected Convolutional Networks (2016).
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

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_GROWTH = 32  # channels that each layer adds: k in the paper
_EPSILON = 1.001e-5  # of batch normalization, as the published weights were found

# How many layers each of the four dense blocks has: table 1 of the paper.
_DEPTHS = {
    "DenseNet121": (6, 12, 24, 16),
    "DenseNet169": (6, 12, 32, 32),
    "DenseNet201": (6, 12, 48, 32),
}

_URL = "https://github.com/keras-team/keras-applications/releases/download/densenet/"
_FILES = {
    "DenseNet121": Files.at(
        _URL + "densenet121",
        "9d60b8095a5708f2dcce2bca79d332c7",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    "DenseNet169": Files.at(
        _URL + "densenet169",
        "d699b8f76981ab1b30698df4c175e90b",
        "b8c4d4c20dd625c148057b9ff1c1176b",
    ),
    "DenseNet201": Files.at(
        _URL + "densenet201",
        "1ceb130c1ea1b78c3bf6114dbdfd8807",
        "c13680b51ded0fb44dff2d8f86ac8bb1",
    ),
}


def DenseNet121(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a dense network with 121 layers.

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
    return _densenet(
        "DenseNet121", include_top, weights, input_tensor, input_shape, pooling, classes
    )


def DenseNet169(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a dense network with 169 layers.

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
    return _densenet(
        "DenseNet169", include_top, weights, input_tensor, input_shape, pooling, classes
    )


def DenseNet201(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a dense network with 201 layers.

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
    return _densenet(
        "DenseNet201", include_top, weights, input_tensor, input_shape, pooling, classes
    )


def _densenet(name, include_top, weights, input_tensor, input_shape, pooling, classes):
    check_weights(weights, include_top, classes)
    shape = checked_shape(input_shape, 224, 32, weights, include_top)
    weights = weights_file(weights, _FILES[name].choose(include_top))
    inputs = image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(3)(inputs)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1/conv")(x)
    x = _activated(x, "conv1/bn", "conv1/relu")
    x = layers.ZeroPadding2D(1)(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for block, depth in enumerate(_DEPTHS[name], start=2):
        for i in range(1, depth + 1):
            x = _dense_layer(x, f"conv{block}_block{i}")
        if block < 5:
            x = _transition(x, f"pool{block}")
    x = _activated(x, "bn", "relu")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="fc1000")(x)
    else:
        x = pooled(x, pooling, "avg_pool", "max_pool")
    return finished(name.lower(), inputs, x, input_tensor, weights)


def _dense_layer(x, name):
    """Adds channels to those that are there, computed from all of them (DenseNet-B)."""
    new = _activated(x, name + "_0_bn", name + "_0_relu")
    new = layers.Conv2D(4 * _GROWTH, 1, use_bias=False, name=name + "_1_conv")(new)
    new = _activated(new, name + "_1_bn", name + "_1_relu")
    new = layers.Conv2D(_GROWTH, 3, padding="same", use_bias=False, name=name + "_2_conv")(new)
    return layers.Concatenate(axis=channel_axis(), name=name + "_concat")([x, new])


def _transition(x, name):
    """Halves the picture and the number of channels (DenseNet-C)."""
    x = _activated(x, name + "_bn", name + "_relu")
    channels = x.shape[channel_axis()] // 2
    x = layers.Conv2D(channels, 1, use_bias=False, name=name + "_conv")(x)
    return layers.AveragePooling2D(2, strides=2, name=name + "_pool")(x)


def _activated(x, normalization, rectifier):
    """Batch normalization and a rectifier, with these names."""
    x = layers.BatchNormalization(axis=channel_axis(), epsilon=_EPSILON, name=normalization)(x)
    return layers.Activation("relu", name=rectifier)(x)


def preprocess_input(x, data_format=None):
    """Scales pictures as DenseNet wants them: less the mean, by the standard deviation.

    Args:
      x, data_format: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode="torch")
