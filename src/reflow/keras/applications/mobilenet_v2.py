"""``tf.keras.applications.mobilenet_v2``: thin maps between wide blocks.

Sandler, Howard, Zhu, Zhmoginov, Chen: MobileNetV2: Inverted Residuals and Linear Bottlenecks
(2018).
"""

from __future__ import annotations

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras import layers
from reflow.keras.applications import imagenet_utils
from reflow.keras.applications._building import (
    File,
    channel_axis,
    check_weights,
    checked_shape,
    fetched,
    finished,
    halving_padding,
    height_and_width,
    image_input,
    pooled,
    published_size,
    warn_of_size,
)
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

# Expansion t, channels c, repetitions n, strides s: table 2 of the paper.
_BLOCKS = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
)  # fmt: skip

_URL = "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
_ALPHAS = (0.35, 0.50, 0.75, 1.0, 1.3, 1.4)
_SIZES = (96, 128, 160, 192, 224)  # of the pictures that there are published weights for


def MobileNetV2(
    input_shape=None,
    alpha=1.0,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """Makes the second MobileNet.

    Args:
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default; at least 32 x 32. There
        are published weights for squares of 96, 128, 160, 192 and 224.
      alpha: how many filters there are of those in the paper: its width multiplier. There are
        published weights for 0.35, 0.5, 0.75, 1, 1.3 and 1.4.
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    check_weights(weights, include_top, classes)
    if input_tensor is not None:
        _check_tensor(input_tensor, input_shape)
    size = published_size(input_shape, _SIZES)
    shape = checked_shape(input_shape, size, 32, weights, include_top)
    rows, _ = height_and_width(shape)
    if weights == "imagenet":
        if alpha not in _ALPHAS:
            raise ValueError(
                "If imagenet weights are being loaded, alpha can be one of `0.35`, `0.50`, `0.75`, "
                f"`1.0`, `1.3` or `1.4` only; received alpha={alpha}"
            )
        warn_of_size(shape, size, _SIZES)
        weights = fetched(_file(alpha, size, include_top))
        rows = size  # in the name, as in TF
    inputs = image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(halving_padding(inputs, 3), name="Conv1_pad")(inputs)
    filters = _divisible(32 * alpha)
    x = layers.Conv2D(filters, 3, strides=2, use_bias=False, name="Conv1")(x)
    x = _normalized(x, "bn_Conv1")
    x = layers.ReLU(6.0, name="Conv1_relu")(x)
    i = 0
    for expansion, channels, repetitions, first_strides in _BLOCKS:
        for repetition in range(repetitions):
            strides = first_strides if repetition == 0 else 1
            x = _block(x, expansion, _divisible(channels * alpha), strides, i)
            i += 1
    last = _divisible(1280 * alpha) if alpha > 1 else 1280
    x = layers.Conv2D(last, 1, use_bias=False, name="Conv_1")(x)
    x = _normalized(x, "Conv_1_bn")
    x = layers.ReLU(6.0, name="out_relu")(x)
    if include_top:
        x = layers.GlobalAveragePooling2D()(x)
        x = layers.Dense(classes, activation="softmax", name="Logits")(x)
    else:
        x = pooled(x, pooling)
    return finished(f"mobilenetv2_{alpha:0.2f}_{rows}", inputs, x, input_tensor, weights)


def _block(x, expansion, filters, strides, i):
    """An inverted residual: 1 x 1 widens, depthwise 3 x 3, 1 x 1 narrows with no rectifier.

    Args:
      x: feature maps.
      expansion: how many times wider the block is than its input.
      filters: how many channels come out.
      strides: of the depthwise convolution.
      i: the number in the layers' names; the block 0 has none, and does not widen.
    """
    before = x
    channels = x.shape[channel_axis()]
    name = f"block_{i}" if i else "expanded_conv"
    if i:
        wide = expansion * channels
        x = layers.Conv2D(wide, 1, padding="same", use_bias=False, name=name + "_expand")(x)
        x = _normalized(x, name + "_expand_BN")
        x = layers.ReLU(6.0, name=name + "_expand_relu")(x)
    if strides == 2:
        x = layers.ZeroPadding2D(halving_padding(x, 3), name=name + "_pad")(x)
    x = layers.DepthwiseConv2D(
        3,
        strides=strides,
        padding="same" if strides == 1 else "valid",
        use_bias=False,
        name=name + "_depthwise",
    )(x)
    x = _normalized(x, name + "_depthwise_BN")
    x = layers.ReLU(6.0, name=name + "_depthwise_relu")(x)
    x = layers.Conv2D(filters, 1, padding="same", use_bias=False, name=name + "_project")(x)
    x = _normalized(x, name + "_project_BN")
    if strides == 1 and channels == filters:
        x = layers.Add(name=name + "_add")([before, x])
    return x


def _normalized(x, name):
    return layers.BatchNormalization(axis=channel_axis(), momentum=0.999, name=name)(x)


def _divisible(filters, divisor=8):
    """The nearest multiple of 8, which machines like, but not less than 9 tenths of it."""
    nearest = max(divisor, int(filters + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * filters else nearest


def _file(alpha, size, include_top):
    ending = "" if include_top else "_no_top"
    name = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{size}{ending}.h5"
    return File.at(_URL + name)


def _check_tensor(tensor, input_shape):
    """Raises a ValueError for what is no tensor, or has another shape than the one given."""
    if not tf.is_tensor(tensor):
        raise ValueError(
            f"input_tensor: {tensor} is type: {type(tensor)} which is not a valid type"
        )
    if input_shape is None:
        return
    if not tf.keras.backend.is_keras_tensor(tensor):
        raise ValueError(f"input_tensor specified: {tensor} is not a keras tensor")
    if height_and_width(tensor.shape[1:]) != height_and_width(input_shape):
        raise ValueError(
            f"input_shape: {input_shape} and input_tensor: {tensor} do not meet the same shape "
            "requirements"
        )


def preprocess_input(x):
    """Scales pictures as MobileNetV2 wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
