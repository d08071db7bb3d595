"""``tf.keras.datasets.fashion_mnist``: pictures of clothing."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.keras.datasets._formats import check_samples, read_idx
from reflow.keras.datasets._sources import Source

__all__ = ["load_data"]

__getattr__, __dir__ = lazy_names(__name__)

SOURCES = tuple(
    Source(
        f"fashion-mnist/{name}",
        f"https://storage.googleapis.com/tensorflow/tf-keras-datasets/{name}",
    )
    for name in (
        "train-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz",
    )
)


def load_data():
    """Returns Fashion-MNIST: 60,000 pictures to learn from and 10,000 to test with.

    The classes: 0 T-shirt/top, 1 trouser, 2 pullover, 3 dress, 4 coat, 5 sandal, 6 shirt,
    7 sneaker, 8 bag, 9 ankle boot.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: grey images ``(samples, 28, 28)`` and the classes
      ``(samples,)``, all uint8.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if a file holds something else.
    """
    paths = [source.fetch() for source in SOURCES]
    y_train, x_train, y_test, x_test = [read_idx(path) for path in paths]
    check_samples(paths[1], x_train, y_train, (28, 28))
    check_samples(paths[3], x_test, y_test, (28, 28))
    return (x_train, y_train), (x_test, y_test)
