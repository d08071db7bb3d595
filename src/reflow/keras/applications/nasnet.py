"""``tf.keras.applications.nasnet``: cells that a search found.

Zoph, Vasudevan, Shlens, Le: Learning Transferable Architectures for Scalable Image Recognition
(2017). Figure 4 shows the two cells; their parts are numbered here as there, from the left.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras import layers
from reflow.keras.applications import imagenet_utils
from reflow.keras.applications._building import (
    File,
    Files,
    check_weights,
    checked_shape,
    finished,
    halving_padding,
    image_input,
    pooled,
    weights_file,
)
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)


@dataclass(frozen=True)
class _Size:
    """What distinguishes the two networks.

    Attributes:
      picture: height and width that the published weights were found with.
      filters: of the first normal cells; each reduction doubles them.
      repetitions: how many normal cells follow each other: N in the paper.
      stem_filters: of the first convolution.
      skips_reduction: whether the cell behind a reduction sees, instead of its input, what came
        one cell earlier.
      files: the published weights.
    """

    picture: int
    filters: int
    repetitions: int
    stem_filters: int
    skips_reduction: bool
    files: Files


_URL = "https://github.com/titu1994/Keras-NASNet/releases/download/v1.2/"
_MOBILE = _Size(
    picture=224,
    filters=44,
    repetitions=4,
    stem_filters=32,
    skips_reduction=False,
    files=Files(
        File("nasnet_mobile.h5", _URL + "NASNet-mobile.h5", "020fb642bf7360b370c678b08e0adf61"),
        File(
            "nasnet_mobile_no_top.h5",
            _URL + "NASNet-mobile-no-top.h5",
            "1ed92395b5b598bdda52abe5c0dbfd63",
        ),
    ),
)
_LARGE = _Size(
    picture=331,
    filters=168,
    repetitions=6,
    stem_filters=96,
    skips_reduction=True,
    files=Files(
        File("nasnet_large.h5", _URL + "NASNet-large.h5", "11577c9a518f0070763c2b964a382f17"),
        File(
            "nasnet_large_no_top.h5",
            _URL + "NASNet-large-no-top.h5",
            "d81d89dc07e6e56530c4e77faddd61b5",
        ),
    ),
)


def NASNetMobile(
    input_shape=None,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """Makes the small network, NASNet-A (4 @ 1056).

    Args:
      input_shape: the shape of a picture, ``(224, 224, 3)`` by default, the only one with the
        published weights; at least 32 x 32.
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``. It takes pictures with the channels last, whatever Keras's setting.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    return _nasnet(_MOBILE, input_shape, include_top, weights, input_tensor, pooling, classes)


def NASNetLarge(
    input_shape=None,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """Makes the large network, NASNet-A (6 @ 4032).

    Args:
      input_shape: the shape of a picture, ``(331, 331, 3)`` by default, the only one with the
        published weights; at least 32 x 32.
      include_top: whether the classifier is included; without it come feature maps.
      weights: ``"imagenet"`` for the published ones, None for random ones, or the path of a file.
      input_tensor: what ``tf.keras.Input`` or a layer returned, to start from; else a new input.
      pooling: without the classifier: ``"avg"`` or ``"max"`` over all positions, or None.
      classes: how many, 1,000 with the published weights.

    Returns:
      A ``tf.keras.Model``. It takes pictures with the channels last, whatever Keras's setting.

    Raises:
      OSError: if the published weights cannot be fetched; the message says what to do.
      ValueError: if arguments do not fit each other.
    """
    return _nasnet(_LARGE, input_shape, include_top, weights, input_tensor, pooling, classes)


def _nasnet(size, input_shape, include_top, weights, input_tensor, pooling, classes):
    check_weights(weights, include_top, classes)
    with _channels_last():
        shape = checked_shape(input_shape, size.picture, 32, weights, needs_size=True)
        weights = weights_file(weights, size.files.choose(include_top))
        inputs = image_input(input_tensor, shape)
        x = _features(inputs, size)
        if include_top:
            x = layers.GlobalAveragePooling2D()(x)
            x = layers.Dense(classes, activation="softmax", name="predictions")(x)
        else:
            x = pooled(x, pooling)
        return finished("NASNet", inputs, x, input_tensor, weights)


def _features(x, size):
    """The whole network but its classifier."""
    x = layers.Conv2D(
        size.stem_filters,
        3,
        strides=2,
        use_bias=False,
        kernel_initializer="he_normal",
        name="stem_conv1",
    )(x)
    x = _normalized(x, "stem_bn1")
    x, earlier = _reduction_cell(x, None, size.filters // 4, "stem_1"), x
    x, earlier = _reduction_cell(x, earlier, size.filters // 2, "stem_2"), x
    for stage in range(3):
        filters = size.filters * 2**stage
        number = stage * size.repetitions
        if stage:
            reduced = _reduction_cell(x, earlier, filters, f"reduce_{number}")
            x, earlier = reduced, earlier if size.skips_reduction else x
            number += 1
        for i in range(size.repetitions):
            x, earlier = _normal_cell(x, earlier, filters, str(number + i)), x
    return layers.Activation("relu")(x)


def _normal_cell(x, earlier, filters, name):
    """A cell whose maps keep their size.

    Args:
      x: what the last cell computed: h_i in figure 4.
      earlier: what the cell before it computed: h_(i-1).
      filters: of each part; six times as many channels come out.
      name: what the layers' names end with.
    """
    earlier = _adjusted(earlier, x, filters, name)
    x = _squeezed(x, filters, f"normal_{{}}_1_{name}")
    parts = [
        [
            _separable(x, filters, 5, 1, f"normal_left1_{name}"),
            _separable(earlier, filters, 3, 1, f"normal_right1_{name}"),
        ],
        [
            _separable(earlier, filters, 5, 1, f"normal_left2_{name}"),
            _separable(earlier, filters, 3, 1, f"normal_right2_{name}"),
        ],
        [_average(x, f"normal_left3_{name}"), earlier],
        [_average(earlier, f"normal_left4_{name}"), _average(earlier, f"normal_right4_{name}")],
        [_separable(x, filters, 3, 1, f"normal_left5_{name}"), x],
    ]
    sums = [
        layers.Add(name=f"normal_add_{i}_{name}")(part) for i, part in enumerate(parts, start=1)
    ]
    return layers.Concatenate(name=f"normal_concat_{name}")([earlier, *sums])


def _reduction_cell(x, earlier, filters, name):
    """A cell that halves its maps.

    Args:
      x, earlier: as for ``_normal_cell``; ``earlier`` may be None.
      filters: of each part; four times as many channels come out.
      name: what the layers' names end with.
    """
    earlier = _adjusted(earlier, x, filters, name)
    x = _squeezed(x, filters, f"reduction_{{}}_1_{name}")
    padded = layers.ZeroPadding2D(halving_padding(x, 3), name=f"reduction_pad_1_{name}")(x)
    sum1 = layers.Add(name=f"reduction_add_1_{name}")(
        [
            _separable(x, filters, 5, 2, f"reduction_left1_{name}"),
            _separable(earlier, filters, 7, 2, f"reduction_right1_{name}"),
        ]
    )
    sum2 = layers.Add(name=f"reduction_add_2_{name}")(
        [
            layers.MaxPooling2D(3, strides=2, name=f"reduction_left2_{name}")(padded),
            _separable(earlier, filters, 7, 2, f"reduction_right2_{name}"),
        ]
    )
    sum3 = layers.Add(name=f"reduction_add3_{name}")(
        [
            layers.AveragePooling2D(3, strides=2, name=f"reduction_left3_{name}")(padded),
            _separable(earlier, filters, 5, 2, f"reduction_right3_{name}"),
        ]
    )
    sum4 = layers.Add()([sum2, _average(sum1, f"reduction_left4_{name}")])
    sum5 = layers.Add(name=f"reduction_add4_{name}")(
        [
            _separable(sum1, filters, 3, 1, f"reduction_left4_{name}"),
            layers.MaxPooling2D(3, strides=2, name=f"reduction_right5_{name}")(padded),
        ]
    )
    return layers.Concatenate(name=f"reduction_concat_{name}")([sum2, sum3, sum4, sum5])


def _adjusted(earlier, x, filters, name):
    """Makes an earlier cell's maps as large as the last one's, with ``filters`` channels."""
    if earlier is None:
        return x
    if earlier.shape[1] != x.shape[1]:
        # Two halves, of even and of odd positions, so that nothing is lost: "factorized reduction".
        earlier = layers.Activation("relu", name=f"adjust_relu_1_{name}")(earlier)
        even = _every_other(earlier, filters // 2, 1, name)
        shifted = layers.ZeroPadding2D(((0, 1), (0, 1)))(earlier)
        shifted = layers.Cropping2D(((1, 0), (1, 0)))(shifted)
        odd = _every_other(shifted, filters // 2, 2, name)
        earlier = layers.Concatenate()([even, odd])
        return _normalized(earlier, f"adjust_bn_{name}")
    if earlier.shape[-1] != filters:
        earlier = layers.Activation("relu")(earlier)
        earlier = _one_by_one(earlier, filters, f"adjust_conv_projection_{name}")
        return _normalized(earlier, f"adjust_bn_{name}")
    return earlier


def _every_other(x, filters, i, name):
    x = layers.AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_{i}_{name}")(x)
    return _one_by_one(x, filters, f"adjust_conv_{i}_{name}")


def _squeezed(x, filters, names):
    """A rectifier, a 1 x 1 convolution and batch normalization; ``names`` have a gap for which."""
    x = layers.Activation("relu")(x)
    x = _one_by_one(x, filters, names.format("conv"))
    return _normalized(x, names.format("bn"))


def _separable(x, filters, size, strides, name):
    """Twice a rectifier, a separable convolution and batch normalization.

    Args:
      x: feature maps.
      filters, size: of both convolutions.
      strides: of the first one.
      name: what the layers' names end with.
    """
    for i in (1, 2):
        x = layers.Activation("relu")(x)
        halves = strides == 2 and i == 1
        if halves:
            padding = halving_padding(x, size)
            x = layers.ZeroPadding2D(padding, name=f"separable_conv_1_pad_{name}")(x)
        x = layers.SeparableConv2D(
            filters,
            size,
            strides=2 if halves else 1,
            padding="valid" if halves else "same",
            use_bias=False,
            kernel_initializer="he_normal",
            name=f"separable_conv_{i}_{name}",
        )(x)
        x = _normalized(x, f"separable_conv_{i}_bn_{name}")
    return x


def _average(x, name):
    return layers.AveragePooling2D(3, strides=1, padding="same", name=name)(x)


def _one_by_one(x, filters, name):
    return layers.Conv2D(
        filters, 1, padding="same", use_bias=False, kernel_initializer="he_normal", name=name
    )(x)


def _normalized(x, name):
    return layers.BatchNormalization(momentum=0.9997, name=name)(x)


@contextmanager
def _channels_last():
    """Builds with the channels last, as the published weights were found; warns if that is new."""
    backend = tf.keras.backend
    before = backend.image_data_format()
    if before != "channels_last":
        warnings.warn(
            "The NASNet family of models is only available for the input data format "
            '"channels_last" (width, height, channels). However your settings specify the default '
            'data format "channels_first" (channels, width, height). You should set '
            '`image_data_format="channels_last"` in your Keras config located at '
            "~/.keras/keras.json. The model being returned right now will expect inputs to follow "
            'the "channels_last" data format.',
            stacklevel=5,
        )
    backend.set_image_data_format("channels_last")
    try:
        yield
    finally:
        backend.set_image_data_format(before)


def preprocess_input(x):
    """Scales pictures as NASNet wants them: values from -1 to 1.

    Args:
      x: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, mode="tf")
