"""``tf.keras.preprocessing.text``: texts as lists of word numbers."""

from __future__ import annotations

import collections
import hashlib
import json
import warnings

import numpy as np

from reflow._namespace import lazy_names

__all__ = ["Tokenizer", "hashing_trick", "one_hot", "text_to_word_sequence", "tokenizer_from_json"]

__getattr__, __dir__ = lazy_names(__name__)

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(text, filters=_FILTERS, lower=True, split=" "):
    """Splits a text into words.

    Args:
      text: a string.
      filters: the characters that separate words, beside ``split``.
      lower: whether to turn the text into lower case.
      split: what separates words.

    Returns:
      A list of words, without empty ones.
    """
    if lower:
        text = text.lower()
    text = text.translate(dict.fromkeys(map(ord, filters), split))
    return [word for word in text.split(split) if word]


def one_hot(text, n, filters=_FILTERS, lower=True, split=" "):
    """Numbers a text's words by ``hash``, so that no dictionary is needed.

    The numbers are the same in another run of the program only if ``PYTHONHASHSEED`` is set.

    Args:
      text: a string.
      n: words get numbers from 1 to ``n - 1``; different ones may share a number.
      filters, lower, split: see ``text_to_word_sequence``.

    Returns:
      A list of integers.
    """
    return hashing_trick(text, n, hash, filters, lower, split)


def hashing_trick(text, n, hash_function=None, filters=_FILTERS, lower=True, split=" "):
    """Numbers a text's words by a hash function, so that no dictionary is needed.

    Args:
      text: a string.
      n: words get numbers from 1 to ``n - 1``; different ones may share a number.
      hash_function: from a word to an integer; ``hash`` by default, ``"md5"`` for one that is the
        same in each run of a program.
      filters, lower, split: see ``text_to_word_sequence``.

    Returns:
      A list of integers.
    """
    if hash_function is None:
        hash_function = hash
    elif hash_function == "md5":
        hash_function = _md5
    words = text_to_word_sequence(text, filters, lower, split)
    return [hash_function(word) % (n - 1) + 1 for word in words]


def _md5(word):
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


def tokenizer_from_json(json_string):
    """Makes the tokenizer that ``Tokenizer.to_json`` described.

    Args:
      json_string: what ``to_json`` returned.

    Returns:
      A ``Tokenizer``.

    Raises:
      ValueError: if it is something else.
    """
    config = json.loads(json_string).get("config")
    if not isinstance(config, dict) or not config.keys() >= set(_COUNTS):
        raise ValueError("tokenizer_from_json: this JSON describes no Tokenizer")
    counts = {name: json.loads(config.pop(name)) for name in _COUNTS}
    tokenizer = Tokenizer(**config)
    tokenizer.word_counts = counts["word_counts"]
    tokenizer.word_docs = counts["word_docs"]
    tokenizer.word_index = counts["word_index"]
    # JSON has only strings as keys.
    tokenizer.index_docs = {int(index): count for index, count in counts["index_docs"].items()}
    tokenizer.index_word = {int(index): word for index, word in counts["index_word"].items()}
    return tokenizer


_COUNTS = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")


class Tokenizer:
    """Numbers words by how frequent they are: 1 is the most frequent; 0 is no word.

    Args:
      num_words: only numbers below it are used; all by default.
      filters: the characters that separate words.
      lower: whether to turn texts into lower case.
      split: what separates words.
      char_level: whether characters rather than words are numbered.
      oov_token: the word that stands for unknown ones, number 1; None leaves them out.
      document_count: the number of texts seen.
      **kwargs: ``nb_words``, the old name of ``num_words``.

    Raises:
      TypeError: if there are other arguments.
    """

    def __init__(
        self,
        num_words=None,
        filters=_FILTERS,
        lower=True,
        split=" ",
        char_level=False,
        oov_token=None,
        document_count=0,
        **kwargs,
    ):
        if "nb_words" in kwargs:
            warnings.warn(
                "The `nb_words` argument in `Tokenizer` has been renamed `num_words`.",
                stacklevel=2,
            )
            num_words = kwargs.pop("nb_words")
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.document_count = document_count
        self.word_counts = collections.OrderedDict()
        self.word_docs = collections.defaultdict(int)
        self.index_docs = collections.defaultdict(int)
        self.word_index = {}
        self.index_word = {}

    def fit_on_texts(self, texts):
        """Learns the words of texts; may be called several times.

        Args:
          texts: strings, or lists of words.
        """
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in dict.fromkeys(words):
                self.word_docs[word] += 1
        by_count = sorted(self.word_counts.items(), key=lambda item: item[1], reverse=True)
        vocabulary = [] if self.oov_token is None else [self.oov_token]
        vocabulary += [word for word, _ in by_count]
        self.word_index = {word: index for index, word in enumerate(vocabulary, start=1)}
        self.index_word = {index: word for word, index in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences):
        """Learns in how many texts word numbers occur, for ``sequences_to_matrix``.

        Args:
          sequences: lists of word numbers.
        """
        self.document_count += len(sequences)
        for sequence in sequences:
            for index in set(sequence):
                self.index_docs[index] += 1

    def texts_to_sequences(self, texts):
        """Turns texts into lists of word numbers.

        Args:
          texts: strings, or lists of words.

        Returns:
          A list of lists of integers.
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts):
        """Yields the list of word numbers of each text; see ``texts_to_sequences``."""
        for text in texts:
            found = [self.word_index.get(word) for word in self._words(text)]
            yield self._known(found, known=lambda index: index)

    def sequences_to_texts(self, sequences):
        """Turns lists of word numbers into texts, words separated by spaces.

        Args:
          sequences: lists of integers.

        Returns:
          A list of strings.
        """
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences):
        """Yields the text of each list of word numbers; see ``sequences_to_texts``."""
        for sequence in sequences:
            found = [index if index in self.index_word else None for index in sequence]
            yield " ".join(self._known(found, known=self.index_word.get))

    def texts_to_matrix(self, texts, mode="binary"):
        """Turns texts into rows with a column for each word; see ``sequences_to_matrix``."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """Turns lists of word numbers into rows with a column for each word.

        Args:
          sequences: lists of word numbers.
          mode: what a row holds of a word that occurs ``c`` times: ``"binary"``: 1; ``"count"``: c;
            ``"freq"``: c divided by the row's number of words; ``"tfidf"``:
            ``(1 + log(c)) * log(1 + texts / (1 + texts with the word))``.

        Returns:
          A float64 array ``(len(sequences), num_words)``.

        Raises:
          ValueError: if the mode is unknown, or nothing says how many words there are.
        """
        columns = self.num_words
        if not columns:
            if not self.word_index:
                raise ValueError(
                    "Specify a dimension (`num_words` argument), or fit on some text data first."
                )
            columns = len(self.word_index) + 1
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        matrix = np.zeros((len(sequences), columns))
        for row, sequence in zip(matrix, sequences, strict=True):
            counts = collections.Counter(index for index in sequence if index < columns)
            for index, count in counts.items():
                if mode == "count":
                    row[index] = count
                elif mode == "freq":
                    row[index] = count / len(sequence)
                elif mode == "binary":
                    row[index] = 1
                elif mode == "tfidf":
                    texts = self.index_docs.get(index, 0)
                    row[index] = (1 + np.log(count)) * np.log(1 + self.document_count / (1 + texts))
                else:
                    raise ValueError("Unknown vectorization mode:", mode)
        return matrix

    def get_config(self):
        """Returns the arguments and what was learnt as a dict; what was learnt as JSON."""
        return {
            "num_words": self.num_words,
            "filters": self.filters,
            "lower": self.lower,
            "split": self.split,
            "char_level": self.char_level,
            "oov_token": self.oov_token,
            "document_count": self.document_count,
            **{name: json.dumps(getattr(self, name)) for name in _COUNTS},
        }

    def to_json(self, **kwargs):
        """Returns the tokenizer as JSON, for ``tokenizer_from_json``.

        Args:
          **kwargs: for ``json.dumps``.
        """
        return json.dumps(
            {"class_name": type(self).__name__, "config": self.get_config()}, **kwargs
        )

    def _words(self, text):
        if not self.char_level and not isinstance(text, list):
            return text_to_word_sequence(text, self.filters, self.lower, self.split)
        if not self.lower:
            return text
        return [word.lower() for word in text] if isinstance(text, list) else text.lower()

    def _known(self, indices, known):
        """Maps word numbers; unknown and too large ones become the unknown word, if any."""
        unknown = self.word_index.get(self.oov_token)
        result = []
        for index in indices:
            if index is not None and not (self.num_words and index >= self.num_words):
                result.append(known(index))
            elif unknown is not None:
                result.append(known(unknown))
        return result
