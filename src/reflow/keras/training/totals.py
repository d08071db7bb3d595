"""The losses of an epoch so far; they stay on the device until somebody looks."""

from __future__ import annotations

from typing import Any

import numpy as np


class Totals:
    """Collects the losses of batches.

    Attributes:
      seen: samples so far.
      steps: batches so far.
    """

    def __init__(self) -> None:
        self.seen = 0
        self.steps = 0
        self._unread: list[tuple[Any, list[int]]] = []
        self._by_sample = 0.0  # the sum of loss * size
        self._by_step = 0.0
        self._last: Any = np.float32(0)
        self._last_size = 0

    def add(self, losses: Any, sizes: list[int]) -> None:
        """Adds the losses of batches.

        Args:
          losses: a tensor or array with the loss of each, or longer.
          sizes: the number of samples of each.
        """
        self._unread.append((losses, sizes))
        self.seen += sum(sizes)
        self.steps += len(sizes)

    def _read(self) -> None:
        for losses, sizes in self._unread:
            values = np.atleast_1d(np.asarray(losses))
            for value, size in zip(values, sizes, strict=False):
                self._by_sample += float(value) * size
                self._by_step += float(value)
                self._last, self._last_size = value, size
        self._unread = []

    @property
    def last(self) -> Any:
        """The last batch's loss."""
        self._read()
        return self._last

    @property
    def last_size(self) -> int:
        """The last batch's size."""
        self._read()
        return self._last_size

    def mean(self) -> Any:
        """The mean loss of the samples, a float64."""
        self._read()
        return np.float64(self._by_sample / self.seen) if self.seen else np.float64("nan")

    def for_bar(self, by_step: bool, *, without_last: bool = False) -> tuple[float, int]:
        """The sum that a progress bar averages, and the number it is divided by."""
        self._read()
        if by_step:
            total, count = self._by_step, self.steps
            return (total - float(self._last), count - 1) if without_last else (total, count)
        total, count = self._by_sample, self.seen
        if without_last:
            return total - float(self._last) * self._last_size, count - self._last_size
        return total, count
