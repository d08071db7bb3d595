"""``tf.keras.datasets.cifar100``: small colour pictures of a hundred classes."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras.datasets._cifar import arranged, read_batch
from reflow.keras.datasets._sources import Folder

__all__ = ["load_data"]

__getattr__, __dir__ = lazy_names(__name__)

SOURCES = (
    Folder(
        "cifar-100-python",
        "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
    ),
)


def load_data(label_mode="fine"):
    """Returns CIFAR-100: 50,000 pictures to learn from and 10,000 to test with.

    Args:
      label_mode: ``"fine"`` for the 100 classes, ``"coarse"`` for their 20 groups.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: pictures ``(samples, 32, 32, 3)``, uint8, or
      ``(samples, 3, 32, 32)`` if ``image_data_format()`` is ``"channels_first"``, and classes
      ``(samples, 1)``, int64.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if ``label_mode`` is another, or a file holds something else.
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError('`label_mode` must be one of `"fine"`, `"coarse"`.')
    folder = SOURCES[0].fetch()
    key, classes = f"{label_mode}_labels", 100 if label_mode == "fine" else 20
    x_train, y_train = read_batch(folder, "train", key, classes)
    x_test, y_test = read_batch(folder, "test", key, classes)
    return (arranged(x_train), y_train.reshape(-1, 1)), (arranged(x_test), y_test.reshape(-1, 1))
