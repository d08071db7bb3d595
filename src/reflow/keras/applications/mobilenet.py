"""``tf.keras.applications.mobilenet``: a network with few multiplications.

Howard et al.: MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications
(2017).
"""

from __future__ import annotations

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
    height_and_width,
    image_input,
    pooled,
    published_size,
    warn_of_size,
    with_channels,
)
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

# Filters and strides of the thirteen depthwise separable convolutions: table 1 of the paper.
_BLOCKS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1),
    (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip

_URL = "https://github.com/fchollet/deep-learning-models/releases/download/v0.6/"
_ALPHAS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}  # and how files name them
_SIZES = (128, 160, 192, 224)  # of the pictures that there are published weights for


def MobileNet(
    input_shape=None,
    alpha=1.0,
    depth_multiplier=1,
    dropout=1e-3,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """Makes the first MobileNet.

    Args:
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default; at least 32 x 32. There
        are published weights for squares of 128, 160, 192 and 224.
      alpha: how many filters there are of those in the paper: its width multiplier. There are
        published weights for 0.25, 0.5, 0.75 and 1.
      depth_multiplier: how many filters each channel has in the depthwise convolutions.
      dropout: the probability that a feature is left out before the classifier.
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
    size = published_size(input_shape, _SIZES)
    shape = checked_shape(input_shape, size, 32, weights, include_top)
    rows, _ = height_and_width(shape)
    if weights == "imagenet":
        _check_published(alpha, depth_multiplier)
        warn_of_size(shape, size, _SIZES)
        weights = fetched(_file(alpha, size, include_top))
        rows = size  # in the name, as in TF
    inputs = image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="conv1_pad")(inputs)
    x = layers.Conv2D(int(32 * alpha), 3, strides=2, use_bias=False, name="conv1")(x)
    x = _rectified(x, "conv1")
    for i, (filters, strides) in enumerate(_BLOCKS, start=1):
        x = _block(x, int(filters * alpha), depth_multiplier, strides, i)
    if include_top:
        x = layers.GlobalAveragePooling2D()(x)
        one_position = with_channels(1, 1, int(1024 * alpha))
        x = layers.Reshape(one_position, name="reshape_1")(x)
        x = layers.Dropout(dropout, name="dropout")(x)
        x = layers.Conv2D(classes, 1, padding="same", name="conv_preds")(x)
        x = layers.Reshape((classes,), name="reshape_2")(x)
        x = layers.Activation("softmax", name="act_softmax")(x)
    else:
        x = pooled(x, pooling)
    return finished(f"mobilenet_{alpha:0.2f}_{rows}", inputs, x, input_tensor, weights)


def _block(x, filters, depth_multiplier, strides, i):
    """A depthwise separable convolution: one filter for each channel, then 1 x 1 convolutions.

    Args:
      x: feature maps.
      filters: of the 1 x 1 convolution.
      depth_multiplier: as the user gave it.
      strides: of the depthwise convolution.
      i: the number in the layers' names.
    """
    if strides == 2:
        x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{i}")(x)
    x = layers.DepthwiseConv2D(
        3,
        strides=strides,
        padding="same" if strides == 1 else "valid",
        depth_multiplier=depth_multiplier,
        use_bias=False,
        name=f"conv_dw_{i}",
    )(x)
    x = _rectified(x, f"conv_dw_{i}")
    x = layers.Conv2D(filters, 1, padding="same", use_bias=False, name=f"conv_pw_{i}")(x)
    return _rectified(x, f"conv_pw_{i}")


def _rectified(x, name):
    """Batch normalization, and a rectifier that ends at 6."""
    x = layers.BatchNormalization(axis=channel_axis(), name=name + "_bn")(x)
    return layers.ReLU(6.0, name=name + "_relu")(x)


def _check_published(alpha, depth_multiplier):
    if depth_multiplier != 1:
        raise ValueError(
            "If imagenet weights are being loaded, depth multiplier must be 1; received "
            f"depth_multiplier={depth_multiplier}"
        )
    if alpha not in _ALPHAS:
        raise ValueError(
            "If imagenet weights are being loaded, alpha can be one of `0.25`, `0.50`, `0.75` or "
            f"`1.0` only; received alpha={alpha}"
        )


def _file(alpha, size, include_top):
    ending = "" if include_top else "_no_top"
    return File.at(f"{_URL}mobilenet_{_ALPHAS[alpha]}_{size}_tf{ending}.h5")


def preprocess_input(x):
    """Scales pictures as MobileNet wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
