"""``tf.keras.datasets.boston_housing``: prices of houses in 1970."""

from __future__ import annotations

import numpy as np

from reflow._namespace import lazy_names
from reflow.keras.datasets._formats import check_samples, read_npz
from reflow.keras.datasets._sources import Source

__all__ = ["load_data"]

__getattr__, __dir__ = lazy_names(__name__)

SOURCES = (
    Source(
        "boston_housing.npz",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/boston_housing.npz",
        "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    ),
)


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """Returns the Boston housing prices: 506 districts with 13 attributes.

    One attribute is computed from the share of Black residents; the set is here because programs of
    its time use it, not because its assumptions hold.

    Args:
      path: the file's name in the cache, or an absolute path. A file that is there is used as it
        is; otherwise the original is fetched.
      test_split: the share of the samples that is kept for testing, from 0 to below 1.
      seed: of the order of the samples; ``np.random`` is seeded with it.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: attributes ``(samples, 13)`` and the median price in
      thousands of dollars ``(samples,)``, all float64.

    Raises:
      AssertionError: if ``test_split`` is out of range.
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if the file holds something else.
    """
    if not 0 <= test_split < 1:
        raise AssertionError(f"test_split must be at least 0 and less than 1, not {test_split}")
    path = SOURCES[0].fetch(path)
    x, y = read_npz(path, ["x", "y"])
    check_samples(path, x, y, (13,))
    np.random.seed(seed)  # for what the program draws afterwards, too
    order = np.arange(len(x))
    np.random.shuffle(order)
    x, y = x[order], y[order]
    cut = int(len(x) * (1 - test_split))
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])
