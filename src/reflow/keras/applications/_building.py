"""What the networks share: checks of arguments, the picture they start from, their weights."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass

import reflow as tf


@dataclass(frozen=True)
class File:
    """A published file.

    Attributes:
      name: its name in the cache.
      url: where it is fetched from.
      file_hash: its MD5 hash, where TF knows it.
    """

    name: str
    url: str
    file_hash: str | None = None

    @classmethod
    def at(cls, url, file_hash=None):
        """The file that has in the cache the name with which its URL ends."""
        return cls(url.rpartition("/")[2], url, file_hash)


@dataclass(frozen=True)
class Files:
    """The two published files of a network: with its classifier, and without."""

    top: File
    no_top: File

    @classmethod
    def at(cls, url, top_hash, no_top_hash):
        """The files whose URLs begin with ``url`` and end as most do."""
        end = "_weights_tf_dim_ordering_tf_kernels"
        return cls(
            File.at(f"{url}{end}.h5", top_hash), File.at(f"{url}{end}_notop.h5", no_top_hash)
        )

    def choose(self, include_top):
        """The file for a network with its classifier or without."""
        return self.top if include_top else self.no_top


def channel_axis():
    """The axis of a batch of pictures that holds the channels."""
    return 1 if tf.keras.backend.image_data_format() == "channels_first" else 3


def check_weights(weights, include_top, classes):
    """Raises a ValueError for weights that are none, or that fit no such classifier."""
    if not (weights in ("imagenet", None) or os.path.exists(weights)):
        raise ValueError(
            "The `weights` argument should be either `None` (random initialization), `imagenet` "
            "(pre-training on ImageNet), or the path to the weights file to be loaded."
            f" Received weights={weights!r}; there is no such file"
        )
    if weights == "imagenet" and include_top and classes != 1000:
        raise ValueError(
            'If using `weights` as `"imagenet"` with `include_top` as true, `classes` should be '
            f"1000; received classes={classes}"
        )


def checked_shape(input_shape, default_size, min_size, weights, needs_size):
    """The shape of one picture.

    Args:
      input_shape: what the user gave, None for the default.
      default_size: height and width of the pictures that the published weights were found with.
      min_size: the least height and width that the network can halve as often as it does.
      weights: as the user gave it.
      needs_size: whether height and width must be known: they are where there is a classifier.

    Returns:
      A tuple; height and width may be None.

    Raises:
      ValueError: if it does not fit.
    """
    default = with_channels(default_size, default_size, 3)
    if input_shape is None:
        return default if needs_size else with_channels(None, None, 3)
    input_shape = tuple(input_shape)
    if weights == "imagenet" and needs_size and input_shape != default:
        raise ValueError(
            "When setting `include_top=True` and loading `imagenet` weights, `input_shape` should "
            f"be {default}. Received input_shape={input_shape}"
        )
    if len(input_shape) != 3:
        raise ValueError(
            f"`input_shape` must be a tuple of three integers. Received input_shape={input_shape}"
        )
    channels = input_shape[channel_axis() - 1]
    if weights == "imagenet" and channels != 3:
        raise ValueError(f"The input must have 3 channels; got `input_shape={input_shape}`")
    if channels not in (1, 3):
        warnings.warn(
            "This model usually expects 1 or 3 input channels. However, it was passed an "
            f"input_shape with {channels} input channels.",
            stacklevel=4,
        )
    if any(size is not None and size < min_size for size in height_and_width(input_shape)):
        raise ValueError(
            f"Input size must be at least {min_size}x{min_size}; got `input_shape={input_shape}`"
        )
    if needs_size and None in input_shape:
        raise ValueError(
            "If `include_top` is True, you should specify a static `input_shape`. "
            f"Got `input_shape={input_shape}`"
        )
    return input_shape


def with_channels(height, width, channels):
    """The shape of a picture, in Keras's order of axes."""
    if channel_axis() == 1:
        return (channels, height, width)
    return (height, width, channels)


def height_and_width(shape):
    """Those of a picture's shape, or of a batch's without its first axis."""
    return tuple(shape[1:]) if channel_axis() == 1 else tuple(shape[:-1])


def image_input(input_tensor, shape):
    """The symbolic tensor that a network starts from: a new input, or the one that is given."""
    if input_tensor is None:
        return tf.keras.Input(shape)
    if not tf.keras.backend.is_keras_tensor(input_tensor):
        return tf.keras.Input(tensor=input_tensor, shape=shape)
    return input_tensor


def pooled(x, pooling, average_name=None, maximum_name=None):
    """The features of a network without its classifier.

    Args:
      x: a batch of feature maps.
      pooling: ``"avg"`` or ``"max"`` over all positions; anything else leaves the maps.
      average_name, maximum_name: the layers' names.
    """
    if pooling == "avg":
        return tf.keras.layers.GlobalAveragePooling2D(name=average_name)(x)
    if pooling == "max":
        return tf.keras.layers.GlobalMaxPooling2D(name=maximum_name)(x)
    return x


def weights_file(weights, published):
    """Where the weights are: the path that was given, or the published file's; None for no file.

    Raises:
      OSError: if the published file cannot be fetched; the message says what to do.
    """
    return fetched(published) if weights == "imagenet" else weights


def fetched(file):
    """Makes sure that a file of weights is in the cache; returns its path.

    Raises:
      OSError: if it cannot be fetched; the message says what to do.
    """
    try:
        return fetch(file)
    except OSError as error:
        raise OSError(f"{error}, or give its path as `weights`") from error


def fetch(file):
    """Makes sure that a published file is in the cache; returns its path."""
    return tf.keras.utils.get_file(
        file.name, file.url, cache_subdir="models", file_hash=file.file_hash
    )


def finished(name, inputs, outputs, input_tensor, weights):
    """The model between two symbolic tensors, with its weights.

    Args:
      name: the model's.
      inputs, outputs: where the network starts and ends.
      input_tensor: what the user gave; the model starts at what that is computed from.
      weights: the path of a file of weights, or None.
    """
    if input_tensor is not None:
        inputs = tf.keras.utils.get_source_inputs(input_tensor)
    model = tf.keras.Model(inputs, outputs, name=name)
    if weights is not None:
        model.load_weights(weights)
    return model


def halving_padding(x, size):
    """The zeros around maps so that a convolution with strides of 2 sees all of them evenly.

    As many on both sides where height or width is odd, one less in front where it is even.

    Args:
      x: a batch of feature maps.
      size: of the convolution's kernel.

    Returns:
      For height and width each, how many rows or columns go before and after.
    """
    half = size // 2
    sizes = height_and_width(x.shape[1:])
    return tuple((half if n is not None and n % 2 else half - 1, half) for n in sizes)


def published_size(input_shape, sizes):
    """The height of square pictures that is one of ``sizes``, 224 for all other shapes."""
    if input_shape is not None and len(input_shape) == 3:
        height, width = height_and_width(input_shape)
        if height == width and height in sizes:
            return height
    return 224


def warn_of_size(shape, size, sizes):
    """Warns where the published weights were found with pictures of another size."""
    if height_and_width(shape) != (size, size):
        warnings.warn(
            "`input_shape` is undefined or non-square, or `rows` is not in "
            f"{list(sizes)}. Weights for input shape ({size}, {size}) will be loaded as the "
            "default.",
            stacklevel=3,
        )
