"""``tf.keras.preprocessing.sequence``: lists of numbers as arrays, pairs and time windows."""

from __future__ import annotations

import json
import random

import numpy as np

from reflow._namespace import lazy_names
from reflow.keras.utils.data_sequence import Sequence

__all__ = ["TimeseriesGenerator", "make_sampling_table", "pad_sequences", "skipgrams"]

__getattr__, __dir__ = lazy_names(__name__)

# Euler's constant, to as many digits as Keras has it.
_GAMMA = 0.577


def pad_sequences(
    sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0
):
    """Makes sequences equally long: cuts long ones, fills short ones up.

    Args:
      sequences: a list of sequences; their elements may be arrays of one shape.
      maxlen: the length of all; that of the longest by default.
      dtype: the NumPy type of the result; ``object`` for strings of any length.
      padding: ``"pre"`` or ``"post"``: where short sequences are filled up.
      truncating: ``"pre"`` or ``"post"``: where long sequences are cut.
      value: what they are filled up with.

    Returns:
      An array ``(len(sequences), maxlen, ...)``.

    Raises:
      ValueError: if the sequences are none, their elements differ in shape, or an argument is
        none of the above.
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for sequence in sequences:
        if not hasattr(sequence, "__len__"):
            raise ValueError(
                f"`sequences` must be a list of iterables. Found non-iterable: {sequence}"
            )
    if maxlen is None:
        maxlen = max((len(sequence) for sequence in sequences), default=0)
    filled = [sequence for sequence in sequences if len(sequence)]
    shape = np.asarray(filled[0]).shape[1:] if filled else ()
    if isinstance(value, str) and np.dtype(dtype).kind not in "OU":
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )
    result = np.empty((len(sequences), maxlen, *shape), dtype)
    result[...] = _cast(value, dtype)
    for position, sequence in enumerate(sequences):
        if not len(sequence):
            continue
        if truncating == "pre":
            kept = sequence[-maxlen:]
        elif truncating == "post":
            kept = sequence[:maxlen]
        else:
            raise ValueError(f'Truncating type "{truncating}" not understood')
        kept = _cast(kept, dtype)
        if kept.shape[1:] != shape:
            raise ValueError(
                f"Shape of sample {kept.shape[1:]} of sequence at position {position} is "
                f"different from expected shape {shape}"
            )
        if padding == "post":
            result[position, : len(kept)] = kept
        elif padding == "pre":
            result[position, -len(kept) :] = kept
        else:
            raise ValueError(f'Padding type "{padding}" not understood')
    return result


def _cast(values, dtype):
    """An array of a type; integers too large for it wrap around, as they did in NumPy 1."""
    try:
        return np.asarray(values, dtype)
    except OverflowError:
        return np.asarray(values).astype(dtype)


def make_sampling_table(size, sampling_factor=1e-05):
    """The probability with which ``skipgrams`` should keep the word of each rank.

    Words are assumed to follow Zipf's law: rank ``k`` has frequency about
    ``1 / (k (log k + gamma) + 1/2 - 1 / (12 k))``, and is kept with probability
    ``min(1, sqrt(sampling_factor / frequency))``.

    Args:
      size: the number of ranks; rank 0 stands for no word.
      sampling_factor: the larger, the more frequent words are kept.

    Returns:
      A float64 array ``(size,)``.
    """
    rank = np.arange(size)
    rank[0] = 1
    inverse_frequency = rank * (np.log(rank) + _GAMMA) + 0.5 - 1.0 / (12.0 * rank)
    ratio = sampling_factor * inverse_frequency
    return np.minimum(1.0, ratio / np.sqrt(ratio))


def skipgrams(
    sequence,
    vocabulary_size,
    window_size=4,
    negative_samples=1.0,
    shuffle=True,
    categorical=False,
    sampling_table=None,
    seed=None,
):
    """Pairs of words for word2vec: of neighbours (label 1) and of random words (label 0).

    Args:
      sequence: a list of word numbers; 0 is no word.
      vocabulary_size: the largest word number plus 1.
      window_size: how far apart neighbours are at most.
      negative_samples: the number of random pairs for each pair of neighbours.
      shuffle: whether the pairs are shuffled.
      categorical: whether labels are ``[0, 1]`` and ``[1, 0]`` rather than 1 and 0.
      sampling_table: the probability of each word to be used, see ``make_sampling_table``.
      seed: of the shuffling, which seeds Python's ``random``; drawn from it by default.

    Returns:
      The list of pairs ``[word, other]`` and the list of their labels.
    """
    yes, no = ([0, 1], [1, 0]) if categorical else (1, 0)
    couples = []
    for i, word in enumerate(sequence):
        if not word:
            continue
        if sampling_table is not None and sampling_table[word] < random.random():
            continue
        first = max(0, i - window_size)
        for j, other in enumerate(sequence[first : i + window_size + 1], start=first):
            if j != i and other:
                couples.append([word, other])
    labels = [yes] * len(couples)
    if negative_samples > 0:
        count = int(len(couples) * negative_samples)
        words = [word for word, _ in couples]
        random.shuffle(words)
        couples += [
            [words[i % len(words)], random.randint(1, vocabulary_size - 1)] for i in range(count)
        ]
        labels += [no] * count
    if shuffle:
        if seed is None:
            seed = random.randint(0, 10**7)
        for shuffled in (couples, labels):
            random.seed(seed)
            random.shuffle(shuffled)
    return couples, labels


class TimeseriesGenerator(Sequence):
    """Batches of windows of a series, each with the target that follows it.

    Sample ``i`` is ``data[i - length : i : sampling_rate]`` and its target is ``targets[i]``.

    Args:
      data: a list or array ``(steps, ...)``, oldest first.
      targets: a list or array of the same length.
      length: of a window, in steps of the series.
      sampling_rate: a window keeps one of so many steps.
      stride: the steps between one window's start and the next one's.
      start_index: the first step that is used.
      end_index: the last step that is used; the series' last by default.
      shuffle: whether windows are drawn at random, from ``np.random``.
      reverse: whether the newest step of a window comes first.
      batch_size: the number of windows in a batch; the last may have fewer.

    Raises:
      ValueError: if ``data`` and ``targets`` differ in length, or no window fits.
    """

    def __init__(
        self,
        data,
        targets,
        length,
        sampling_rate=1,
        stride=1,
        start_index=0,
        end_index=None,
        shuffle=False,
        reverse=False,
        batch_size=128,
    ):
        if len(data) != len(targets):
            raise ValueError(
                "Data and targets have to be of same length. "
                f"Data length is {len(data)} while target length is {len(targets)}"
            )
        self.data = data
        self.targets = targets
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise ValueError(
                f"`start_index+length={self.start_index} > end_index={self.end_index}` is "
                "disallowed, as no part of the sequence would be left to be used as current step."
            )

    def __len__(self):
        """The number of batches."""
        step = self.batch_size * self.stride
        return (self.end_index - self.start_index + step) // step

    def __getitem__(self, index):
        """Returns batch number ``index``: samples ``(batch, steps, ...)`` and targets."""
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, size=self.batch_size)
        else:
            step = self.batch_size * self.stride
            first = self.start_index + step * index
            rows = np.arange(first, min(first + step, self.end_index + 1), self.stride)
        samples = np.array(
            [self.data[row - self.length : row : self.sampling_rate] for row in rows]
        )
        targets = np.array([self.targets[row] for row in rows])
        return (samples[:, ::-1] if self.reverse else samples), targets

    def get_config(self):
        """Returns the arguments as a dict; the data and targets as JSON.

        ``start_index`` is that of the first target.

        Raises:
          TypeError: if JSON cannot express the data or targets.
        """
        return {
            "data": _as_json("Data", self.data),
            "targets": _as_json("Targets", self.targets),
            "length": self.length,
            "sampling_rate": self.sampling_rate,
            "stride": self.stride,
            "start_index": self.start_index,
            "end_index": self.end_index,
            "shuffle": self.shuffle,
            "reverse": self.reverse,
            "batch_size": self.batch_size,
        }

    def to_json(self, **kwargs):
        """Returns the class's name and the config as JSON.

        Args:
          **kwargs: for ``json.dumps``.
        """
        return json.dumps(
            {"class_name": type(self).__name__, "config": self.get_config()}, **kwargs
        )


def _as_json(what, values):
    values = values.tolist() if isinstance(values, (np.ndarray, np.generic)) else values
    try:
        return json.dumps(values)
    except TypeError as error:
        raise TypeError(f"{what} not JSON Serializable:", values) from error
