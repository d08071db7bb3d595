"""``tf.keras.applications.inception_v3``: several kernel sizes side by side.

Szegedy, Vanhoucke, Ioffe, Shlens, Wojna: Rethinking the Inception Architecture for Computer Vision
(2015).
"""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras import layers
from reflow.keras.applications import imagenet_utils
from reflow.keras.applications._building import (
    Files,
    check_weights,
    checked_shape,
    finished,
    image_input,
    pooled,
    weights_file,
)
from reflow.keras.applications._inception import convolution, side_by_side, stem
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_FILES = Files.at(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.5/inception_v3",
    "9a0d58056eeedaa3f26cb7ebd46da564",
    "bcbd6486424b2319ff4ef7d526e38f63",
)


def InceptionV3(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes the third Inception network.

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
    x = stem(inputs)
    x = _mixed_35(x, 32, "mixed0")
    x = _mixed_35(x, 64, "mixed1")
    x = _mixed_35(x, 64, "mixed2")
    x = _reduced_to_17(x, "mixed3")
    x = _mixed_17(x, 128, "mixed4")
    x = _mixed_17(x, 160, "mixed5")
    x = _mixed_17(x, 160, "mixed6")
    x = _mixed_17(x, 192, "mixed7")
    x = _reduced_to_8(x, "mixed8")
    x = _mixed_8(x, "mixed9_0", "mixed9")
    x = _mixed_8(x, "mixed9_1", "mixed10")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = pooled(x, pooling)
    return finished("inception_v3", inputs, x, input_tensor, weights)


def _mixed_35(x, pool_filters, name):
    """Figure 5, on maps of 35 x 35: 1 x 1, 5 x 5, two 3 x 3 convolutions, and pooling."""
    one = convolution(x, 64, 1)
    five = convolution(x, 48, 1)
    five = convolution(five, 64, 5)
    three = convolution(x, 64, 1)
    three = convolution(three, 96, 3)
    three = convolution(three, 96, 3)
    pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    pool = convolution(pool, pool_filters, 1)
    return side_by_side([one, five, three, pool], name)


def _reduced_to_17(x, name):
    """Figure 10: halves the maps by convolutions and by pooling at once."""
    three = convolution(x, 384, 3, strides=2, padding="valid")
    double = convolution(x, 64, 1)
    double = convolution(double, 96, 3)
    double = convolution(double, 96, 3, strides=2, padding="valid")
    pool = layers.MaxPooling2D(3, strides=2)(x)
    return side_by_side([three, double, pool], name)


def _mixed_17(x, filters, name):
    """Figure 6, on maps of 17 x 17: 7 x 7 convolutions, each as a row and a column.

    Args:
      x: feature maps.
      filters: of the convolutions between.
      name: of the last layer.
    """
    one = convolution(x, 192, 1)
    seven = convolution(x, filters, 1)
    seven = convolution(seven, filters, (1, 7))
    seven = convolution(seven, 192, (7, 1))
    double = convolution(x, filters, 1)
    double = convolution(double, filters, (7, 1))
    double = convolution(double, filters, (1, 7))
    double = convolution(double, filters, (7, 1))
    double = convolution(double, 192, (1, 7))
    pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    pool = convolution(pool, 192, 1)
    return side_by_side([one, seven, double, pool], name)


def _reduced_to_8(x, name):
    """Halves the maps again."""
    three = convolution(x, 192, 1)
    three = convolution(three, 320, 3, strides=2, padding="valid")
    seven = convolution(x, 192, 1)
    seven = convolution(seven, 192, (1, 7))
    seven = convolution(seven, 192, (7, 1))
    seven = convolution(seven, 192, 3, strides=2, padding="valid")
    pool = layers.MaxPooling2D(3, strides=2)(x)
    return side_by_side([three, seven, pool], name)


def _mixed_8(x, inner_name, name):
    """Figure 7, on maps of 8 x 8: a row and a column side by side."""
    one = convolution(x, 320, 1)
    three = convolution(x, 384, 1)
    three = side_by_side(
        [convolution(three, 384, (1, 3)), convolution(three, 384, (3, 1))], inner_name
    )
    double = convolution(x, 448, 1)
    double = convolution(double, 384, 3)
    double = side_by_side([convolution(double, 384, (1, 3)), convolution(double, 384, (3, 1))])
    pool = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    pool = convolution(pool, 192, 1)
    return side_by_side([one, three, double, pool], name)


def preprocess_input(x):
    """Scales pictures as Inception wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
