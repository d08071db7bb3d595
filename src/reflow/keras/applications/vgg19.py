"""``tf.keras.applications.vgg19``: the network with 19 layers that have weights."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras.applications import imagenet_utils
from reflow.keras.applications._building import Files
from reflow.keras.applications._vgg import vgg
from reflow.keras.applications.imagenet_utils import decode_predictions

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

_FILES = Files.at(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/vgg19",
    "cbe5617147190e668d6c5d5026f83318",
    "253f8cb515780f3b799900260a226db6",
)


def VGG19(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
):
    """Makes a VGG with 19 layers.

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
    return vgg(
        "vgg19",
        (2, 2, 4, 4, 4),
        _FILES,
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
    )


def preprocess_input(x, data_format=None, mode="caffe"):
    """Scales pictures as VGG wants them: blue first, less the mean of ImageNet's pictures.

    Args:
      x, data_format, mode: as for ``imagenet_utils.preprocess_input``.
    """
    return imagenet_utils.preprocess_input(x, data_format, mode)
