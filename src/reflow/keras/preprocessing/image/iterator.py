"""The base of what gives batches of pictures: the order of the samples."""

from __future__ import annotations

import math
import threading

import numpy as np

from reflow.keras.utils.data_sequence import Sequence

__all__ = ["Iterator"]


class Iterator(Sequence):
    """Batches of samples in order, or in a new random order every epoch.

    It can be read by number, as a ``Sequence``, or as an endless iterator. Subclasses have
    ``_get_batches_of_transformed_samples(index_array)``.

    Args:
      n: the number of samples.
      batch_size: samples in a batch; the last one of an epoch may have fewer.
      shuffle: whether the order is random.
      seed: an int; batch k then sets NumPy's seed to ``seed + k`` before it is made.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")

    def __init__(self, n, batch_size, shuffle, seed):
        self.n = n
        self.batch_size = batch_size
        self.seed = seed
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array = None
        self.index_generator = self._flow_index()

    def _set_index_array(self):
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def __getitem__(self, idx):
        """Returns batch ``idx`` of the epoch.

        Raises:
          ValueError: if there is no such batch.
        """
        if idx >= len(self):
            raise ValueError(
                f"Asked to retrieve element {idx}, but the Sequence has length {len(self)}"
            )
        self._seed_batch()
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        start = self.batch_size * idx
        return self._get_batches_of_transformed_samples(
            self.index_array[start : start + self.batch_size]
        )

    def _seed_batch(self):
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)

    def __len__(self):
        """Returns the number of batches in an epoch."""
        return math.ceil(self.n / self.batch_size)

    def on_epoch_end(self):
        """Puts the samples into a new order."""
        self._set_index_array()

    def reset(self):
        """Starts the endless iteration at the beginning of an epoch."""
        self.batch_index = 0

    def _flow_index(self):
        """Yields the samples' numbers, batch after batch, without end."""
        self.reset()
        while True:
            self._seed_batch()
            if self.batch_index == 0:
                self._set_index_array()
            start = self.batch_index * self.batch_size % self.n if self.n else 0
            more = self.n > start + self.batch_size
            self.batch_index = self.batch_index + 1 if more else 0
            self.total_batches_seen += 1
            yield self.index_array[start : start + self.batch_size]

    def __iter__(self):
        return self

    def __next__(self, *args, **kwargs):
        return self.next(*args, **kwargs)

    def next(self):
        """Returns the next batch of the endless iteration."""
        with self.lock:
            index_array = next(self.index_generator)
        # Batches may be made by several threads at once; only their order needs the lock.
        return self._get_batches_of_transformed_samples(index_array)

    def _get_batches_of_transformed_samples(self, index_array):
        """Returns the batch of the samples with these numbers."""
        raise NotImplementedError
