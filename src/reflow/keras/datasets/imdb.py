"""``tf.keras.datasets.imdb``: reviews of films, good and bad."""

from __future__ import annotations

import numpy as np

from reflow._namespace import lazy_names
from reflow.keras.datasets._formats import read_json, read_npz
from reflow.keras.datasets._sources import Source
from reflow.keras.datasets._texts import as_array, check_texts, number_of_words, numbered, shuffled

__all__ = ["get_word_index", "load_data"]

__getattr__, __dir__ = lazy_names(__name__)

_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
SOURCES = (
    Source(
        "imdb.npz",
        _URL + "imdb.npz",
        "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    ),
    Source(
        "imdb_word_index.json", _URL + "imdb_word_index.json", "bfafd718b763782e994055a2d397834f"
    ),
)


def load_data(
    path="imdb.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
    **kwargs,
):
    """Returns film reviews: 25,000 to learn from and 25,000 to test with.

    Words are numbers, 1 for the most frequent one in ``get_word_index()``; here ``index_from`` is
    added, which leaves 0 for padding.

    Args:
      path: the file's name in the cache, or an absolute path. A file that is there is used as it
        is; otherwise the original is fetched.
      num_words: numbers from here on become ``oov_char``; those of the rarest word by default.
      skip_top: numbers below it become ``oov_char``.
      maxlen: reviews of this length and longer are left out; those that remain are then all in the
        first of the two parts unless they are more than it had, as in TF.
      seed: of the order of the reviews; ``np.random`` is seeded with it.
      start_char: put before each review, None for nothing.
      oov_char: what stands for words that are left out; None for nothing.
      index_from: what is added to word numbers.
      **kwargs: ``nb_words``, the old name of ``num_words``.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: arrays of lists of integers, and 1 for a good and 0
      for a bad review, int64.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      TypeError: if there are other arguments.
      ValueError: if no review is short enough, or the file holds something else.
    """
    num_words = number_of_words(num_words, kwargs)
    path = SOURCES[0].fetch(path)
    x_train, y_train, x_test, y_test = read_npz(path, ["x_train", "y_train", "x_test", "y_test"])
    check_texts(path, x_train, y_train)
    check_texts(path, x_test, y_test)
    np.random.seed(seed)  # for what the program draws afterwards, too
    x_train, y_train = shuffled(x_train, y_train)
    x_test, y_test = shuffled(x_test, y_test)
    texts, labels = numbered(
        np.concatenate([x_train, x_test]),
        np.concatenate([y_train, y_test]),
        num_words,
        skip_top,
        maxlen,
        start_char,
        oov_char,
        index_from,
    )
    cut = len(x_train)
    return (
        (as_array(texts[:cut]), np.array(labels[:cut])),
        (as_array(texts[cut:]), np.array(labels[cut:])),
    )


def get_word_index(path="imdb_word_index.json"):
    """Returns the number of each word, 1 for the most frequent one, as a dict.

    Args:
      path: the file's name in the cache, or an absolute path.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if the file holds something else.
    """
    return read_json(SOURCES[1].fetch(path))
