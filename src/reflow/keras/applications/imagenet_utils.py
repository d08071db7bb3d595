"""``tf.keras.applications.imagenet_utils``: pictures as networks want them, classes by name."""

from __future__ import annotations

import json

import numpy as np

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras.applications._building import File, fetch

__all__ = ["decode_predictions", "preprocess_input"]

__getattr__, __dir__ = lazy_names(__name__)

# Of the pictures of ImageNet, in the order red, green, blue.
_MEAN_255 = (123.68, 116.779, 103.939)
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)

_CLASS_INDEX = File.at(
    "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
    "c2c37ea517e94d9795004a39431a14cb",
)
_classes: dict[str, list[list[str]]] = {}  # by the path of the file


def preprocess_input(x, data_format=None, mode="caffe"):
    """Scales pictures as a network's authors did.

    An array of floats is changed in place, as in TF; give a copy to keep it.

    Args:
      x: a picture or a batch of pictures with values from 0 to 255, red first: an array or a
        tensor. Arrays of integers become float32.
      data_format: ``"channels_first"`` or ``"channels_last"``, Keras's setting by default.
      mode: ``"caffe"``: blue first, less the mean of ImageNet's pictures; ``"tf"``: from -1 to 1;
        ``"torch"``: from 0 to 1, then less the mean and by the standard deviation.

    Returns:
      The same, scaled.

    Raises:
      ValueError: if there is no such ``data_format``.
    """
    if data_format is None:
        data_format = tf.keras.backend.image_data_format()
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(f"Unknown data_format {data_format}")
    axis = -1 if data_format == "channels_last" else -3
    if isinstance(x, np.ndarray):
        return _scaled_array(x, axis, mode)
    return _scaled_tensor(x, axis, data_format, mode)


def _scaled_array(x, axis, mode):
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(tf.keras.backend.floatx())
    if mode == "tf":
        x /= 127.5
        x -= 1.0
        return x
    if mode == "torch":
        x /= 255.0
        channels = np.moveaxis(x, axis, -1)  # a view
        for i, (mean, deviation) in enumerate(zip(_MEAN, _DEVIATION, strict=True)):
            channels[..., i] -= mean
            channels[..., i] /= deviation
        return x
    x = np.flip(x, axis)
    channels = np.moveaxis(x, axis, -1)
    for i, mean in enumerate(reversed(_MEAN_255)):
        channels[..., i] -= mean
    return x


def _scaled_tensor(x, axis, data_format, mode):
    if mode == "tf":
        return x / 127.5 - 1.0
    if mode == "torch":
        x = _shifted(x / 255.0, _MEAN, data_format)
        deviation = tf.constant(_DEVIATION, x.dtype)
        return x / (deviation if axis == -1 else tf.reshape(deviation, [3, 1, 1]))
    x = tf.reverse(x, [axis])
    return _shifted(x, _MEAN_255[::-1], data_format)


def _shifted(x, means, data_format):
    """A tensor less one number for each channel."""
    negative = tf.cast(tf.constant([-mean for mean in means]), x.dtype)
    return x + (negative if data_format == "channels_last" else tf.reshape(negative, [3, 1, 1]))


def decode_predictions(preds, top=5):
    """Names the most probable of ImageNet's 1,000 classes.

    Args:
      preds: an array ``(samples, 1000)``, what a network with its classifier predicts.
      top: how many classes.

    Returns:
      A list for each sample, of tuples ``(WordNet's number, name, score)``, the best first.

    Raises:
      OSError: if the names cannot be fetched; the message says where to put them by hand.
      ValueError: if the shape is another.
    """
    if len(preds.shape) != 2 or preds.shape[1] != 1000:
        raise ValueError(
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape "
            f"(samples, 1000)). Found array with shape: {preds.shape}"
        )
    classes = _class_names()
    return [
        [(*classes[i], row[i]) for i in np.argsort(row)[-top:][::-1]] for row in np.asarray(preds)
    ]


def _class_names():
    """WordNet's number and the name of each class."""
    path = fetch(_CLASS_INDEX)
    if path not in _classes:
        try:
            with open(path, encoding="utf-8") as file:
                index = json.load(file)
            names = [tuple(index[str(i)]) for i in range(1000)]
            if not all(len(pair) == 2 for pair in names):
                raise ValueError("not every class has a number and a name")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path} is not ImageNet's list of classes ({error!r}); move it away to fetch it"
            ) from error
        _classes[path] = names
    return _classes[path]
