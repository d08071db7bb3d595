"""``tf.keras.datasets.mnist``: handwritten digits."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras.datasets._formats import check_samples, read_npz
from reflow.keras.datasets._sources import Source

__all__ = ["load_data"]

__getattr__, __dir__ = lazy_names(__name__)

SOURCES = (
    Source(
        "mnist.npz",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
)


def load_data(path="mnist.npz"):
    """Returns the MNIST digits: 60,000 to learn from and 10,000 to test with.

    Args:
      path: the file's name in the cache, or an absolute path. A file that is there is used as it
        is; otherwise the original is fetched.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: grey images ``(samples, 28, 28)``, 0 is white paper,
      and the digits ``(samples,)``, all uint8.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if the file holds something else.
    """
    path = SOURCES[0].fetch(path)
    x_train, y_train, x_test, y_test = read_npz(path, ["x_train", "y_train", "x_test", "y_test"])
    check_samples(path, x_train, y_train, (28, 28))
    check_samples(path, x_test, y_test, (28, 28))
    return (x_train, y_train), (x_test, y_test)
