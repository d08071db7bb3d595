"""Files of CIFAR: pickled dicts of pictures and labels."""

from __future__ import annotations

import os

import numpy as np

from reflow.keras.backend.configuration import image_data_format
from reflow.keras.datasets._formats import read_pickle
from reflow.keras.datasets._sources import unusable


def read_batch(folder, name, label_key, classes):
    """Reads one file.

    Args:
      folder: where it is.
      name: its name.
      label_key: the labels' key in the file's dict.
      classes: the number of classes.

    Returns:
      Pictures ``(samples, 3, 32, 32)``, uint8, and labels ``(samples,)``, int64.

    Raises:
      ValueError: if it is not there or holds something else.
    """
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        raise unusable(folder, f"there is no file {name} in it")
    batch = read_pickle(path)
    data, labels = batch.get("data"), batch.get(label_key)
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape[1:] != (3072,):
        raise unusable(path, "it has no pictures of 3 x 32 x 32 bytes under 'data'")
    if not isinstance(labels, list) or len(labels) != len(data):
        raise unusable(path, f"it has no list of {len(data)} labels under {label_key!r}")
    labels = np.array(labels)
    if labels.dtype.kind not in "iu" or not ((labels >= 0) & (labels < classes)).all():
        raise unusable(path, f"labels should be from 0 to {classes - 1}")
    return data.reshape(-1, 3, 32, 32), labels.astype(np.int64)


def arranged(pictures):
    """Pictures with the channels where ``image_data_format()`` wants them."""
    if image_data_format() == "channels_first":
        return pictures
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))
