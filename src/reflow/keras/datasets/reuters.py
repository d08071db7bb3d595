"""``tf.keras.datasets.reuters``: news of 1987 and their topics."""

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
        "reuters.npz",
        _URL + "reuters.npz",
        "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
    ),
    Source(
        "reuters_word_index.json",
        _URL + "reuters_word_index.json",
        "4d44cc38712099c9e383dc6e5f11a921",
    ),
)


def load_data(
    path="reuters.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    test_split=0.2,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
    **kwargs,
):
    """Returns 11,228 news with their topics, 46 of them.

    Words are numbers, 1 for the most frequent one in ``get_word_index()``; here ``index_from`` is
    added, which leaves 0 for padding.

    Args:
      path: the file's name in the cache, or an absolute path. A file that is there is used as it
        is; otherwise the original is fetched.
      num_words: numbers from here on become ``oov_char``; those of the rarest word by default.
      skip_top: numbers below it become ``oov_char``.
      maxlen: news of this length and longer are left out.
      test_split: the share of the news that is kept for testing.
      seed: of the order of the news; ``np.random`` is seeded with it.
      start_char: put before each text, None for nothing.
      oov_char: what stands for words that are left out; None for nothing.
      index_from: what is added to word numbers.
      **kwargs: ``nb_words``, the old name of ``num_words``.

    Returns:
      ``(x_train, y_train), (x_test, y_test)``: arrays of lists of integers, and the topics
      from 0 to 45, int64.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      TypeError: if there are other arguments.
      ValueError: if no text is short enough, or the file holds something else.
    """
    num_words = number_of_words(num_words, kwargs)
    path = SOURCES[0].fetch(path)
    x, y = read_npz(path, ["x", "y"])
    check_texts(path, x, y)
    np.random.seed(seed)  # for what the program draws afterwards, too
    x, y = shuffled(x, y)
    texts, labels = numbered(x, y, num_words, skip_top, maxlen, start_char, oov_char, index_from)
    cut = int(len(texts) * (1 - test_split))
    return (
        (as_array(texts[:cut]), np.array(labels[:cut])),
        (as_array(texts[cut:]), np.array(labels[cut:])),
    )


def get_word_index(path="reuters_word_index.json"):
    """Returns the number of each word, 1 for the most frequent one, as a dict.

    Args:
      path: the file's name in the cache, or an absolute path.

    Raises:
      OSError: if it cannot be fetched; the message says where to put it by hand.
      ValueError: if the file holds something else.
    """
    return read_json(SOURCES[1].fetch(path))
