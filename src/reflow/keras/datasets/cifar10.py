"""``tf.keras.datasets.cifar10``: small colour pictures of ten classes."""

from __future__ import annotations

import numpy as np

from reflow._namespace import lazy_names
from reflow.keras.datasets._cifar import arranged, read_batch
from reflow.keras.datasets._sources import Folder

__all__ = ["load_data"]

__getattr__, __dir__ = lazy_names(__name__)

SOURCES = (
    Folder(
        "cifar-10-batches-py",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    ),
)


def load_data():
    """Returns CIFAR-10: 50,000 pictures to learn from and 10,000 to test with.

    The classes: 0 airplane, 1 automobile, 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship,
    9 truck.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: pictures ``(samples, 32, 32, 3)``, or
      ``(samples, 3, 32, 32)`` if ``image_data_format()`` is ``"channels_first"``, and classes
      ``(samples, 1)``, all uint8.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if a file holds something else.
    """
    folder = SOURCES[0].fetch()
    names = [f"data_batch_{i}" for i in range(1, 6)]
    pictures, labels = zip(*[read_batch(folder, n, "labels", 10) for n in names], strict=True)
    x_train, y_train = np.concatenate(pictures), np.concatenate(labels)
    x_test, y_test = read_batch(folder, "test_batch", "labels", 10)
    y_train, y_test = [y.reshape(-1, 1).astype(np.uint8) for y in (y_train, y_test)]
    return (arranged(x_train), y_train), (arranged(x_test), y_test)
