"""Rows of a data set in an HDF5 file, read when they are asked for."""

from __future__ import annotations

import collections
import operator
from typing import ClassVar

import numpy as np

__all__ = ["HDF5Matrix"]


class HDF5Matrix:
    """Stands for an array that is in an HDF5 file; needs the package h5py.

    Args:
      datapath: the file.
      dataset: the data set's name in it.
      start: the first row that is used.
      end: the row after the last one that is used; all by default.
      normalizer: a function that is applied to rows when they are read.

    Raises:
      OSError: if there is no such file.
      KeyError: if there is no such data set.
    """

    # The files that are open, by their paths.
    refs: ClassVar[collections.defaultdict] = collections.defaultdict(int)

    def __init__(self, datapath, dataset, start=0, end=None, normalizer=None):
        import h5py

        if datapath not in self.refs:
            self.refs[datapath] = h5py.File(datapath, "r")
        self.data = self.refs[datapath][dataset]
        self.start = start
        self.end = self.data.shape[0] if end is None else end
        self.normalizer = normalizer

    def __len__(self):
        """The number of rows."""
        return self.end - self.start

    def __getitem__(self, key):
        """Reads rows.

        Args:
          key: a number, a slice without a step, or a list or array of increasing numbers.

        Returns:
          A row, or an array of rows.

        Raises:
          IndexError: if there is no such row.
        """
        if isinstance(key, slice):
            where = slice(
                self._row(key.start or 0, may_end=True),
                self._row(len(self) if key.stop is None else key.stop, may_end=True),
            )
        elif isinstance(key, (list, tuple, np.ndarray)):
            where = [self._row(k) for k in key]
        else:
            where = self._row(key)
        rows = self.data[where]
        return rows if self.normalizer is None else self.normalizer(rows)

    def __array__(self, dtype=None, copy=None):
        """All rows."""
        return np.asarray(self[:], dtype)

    def _row(self, key, may_end=False):
        """The number in the file of a row, or of the end of a slice."""
        key = operator.index(key)
        place = key + len(self) if key < 0 else key
        if not 0 <= place < len(self) + may_end:
            raise IndexError(f"HDF5Matrix: there is no row {key}, it has {len(self)}")
        return self.start + place

    @property
    def shape(self):
        """The shape as a tuple."""
        return (len(self), *self.data.shape[1:])

    @property
    def dtype(self):
        """The NumPy type in the file."""
        return self.data.dtype

    @property
    def ndim(self):
        """The number of axes."""
        return self.data.ndim

    @property
    def size(self):
        """The number of elements."""
        return int(np.prod(self.shape))
