"""What the data sets of texts share: texts as lists of word numbers, 1 the most frequent word."""

from __future__ import annotations

import numpy as np

from reflow.core import logging
from reflow.keras.datasets._sources import unusable


def number_of_words(num_words, others):
    """The argument ``num_words``, which programs may still call ``nb_words``.

    Args:
      num_words: the argument.
      others: the dict of further keyword arguments.

    Returns:
      ``num_words``.

    Raises:
      TypeError: if there are other arguments.
    """
    if "nb_words" in others:
        logging.warn("The `nb_words` argument in `load_data` has been renamed `num_words`.")
        num_words = others.pop("nb_words")
    if others:
        raise TypeError(f"Unrecognized keyword arguments: {others}")
    return num_words


def check_texts(path, x, y):
    """Checks that arrays are lists of word numbers and their labels; raises ValueError."""
    if x.shape != y.shape or x.ndim != 1 or y.dtype.kind not in "iu":
        raise unusable(path, f"texts {x.shape} have labels {y.dtype} {y.shape}")
    if x.dtype != object or not all(isinstance(text, list) for text in x):
        raise unusable(path, f"texts should be lists of word numbers, not {x.dtype}")


def shuffled(x, y):
    """Both in one random order, from ``np.random``."""
    order = np.arange(len(x))
    np.random.shuffle(order)
    return x[order], y[order]


def numbered(texts, labels, num_words, skip_top, maxlen, start_char, oov_char, index_from):
    """Moves word numbers up, leaves out long texts, and replaces rare and frequent words.

    Args:
      texts: lists of word numbers.
      labels: as many numbers.
      num_words: numbers from here on are replaced; None: that of the rarest word.
      skip_top: numbers below are replaced.
      maxlen: texts of this length and longer are left out, None for none.
      start_char: put before each text, None for nothing.
      oov_char: what words are replaced with; None removes them.
      index_from: what is added to word numbers.

    Returns:
      Lists of word numbers, and their labels.

    Raises:
      ValueError: if no text is left.
    """
    if start_char is not None:
        texts = [[start_char, *[word + index_from for word in text]] for text in texts]
    elif index_from:
        texts = [[word + index_from for word in text] for text in texts]
    if maxlen:
        kept = [i for i, text in enumerate(texts) if len(text) < maxlen]
        texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
        if not texts:
            raise ValueError(
                f"After filtering for sequences shorter than maxlen={maxlen}, no sequence was "
                "kept. Increase maxlen."
            )
    if not num_words:
        num_words = max(max(text) for text in texts)
    if oov_char is None:
        texts = [[word for word in text if skip_top <= word < num_words] for text in texts]
    else:
        texts = [
            [word if skip_top <= word < num_words else oov_char for word in text] for text in texts
        ]
    return texts, labels


def as_array(texts):
    """Lists as an array of lists, or as a matrix if all have one length, as NumPy did in 2020."""
    if len({len(text) for text in texts}) <= 1:
        return np.array(texts)
    array = np.empty(len(texts), object)
    array[:] = texts
    return array
