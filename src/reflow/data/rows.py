"""Rows: datasets that are a selection of rows of arrays, in some order.

``from_tensor_slices(...).shuffle(...).repeat(...).batch(...)`` never touches single elements: each
step passes on *index chunks* (a range or an integer array) and ``batch`` cuts rows out of the
arrays, without copying where the rows are consecutive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from reflow.core.random_streams import WordStream, shuffle_elements, shuffle_order

Chunk = Any  # a range with step 1, or an int64 array


class Rows:
    """Arrays of equal length and an iterator over chunks of row numbers."""

    def __init__(self, arrays: Sequence[np.ndarray[Any, Any]], order: Iterator[Chunk]) -> None:
        self.arrays = arrays
        self.order = order

    def elements(self) -> Iterator[tuple[Any, ...]]:
        """The rows, one by one."""
        arrays = self.arrays
        for chunk in self.order:
            for row in chunk if isinstance(chunk, range) else chunk.tolist():
                yield tuple([array[row] for array in arrays])

    def batches(self, size: int, drop_remainder: bool) -> Iterator[tuple[Any, ...]]:
        """Consecutive rows, ``size`` at a time."""
        for chunk in self._groups(size):
            if len(chunk) < size and drop_remainder:
                return
            if isinstance(chunk, range):
                yield tuple([array[chunk.start : chunk.stop] for array in self.arrays])
            else:
                yield tuple([array[chunk] for array in self.arrays])

    def _groups(self, size: int) -> Iterator[Chunk]:
        left: list[Chunk] = []
        held = 0
        for chunk in self.order:
            start = 0
            if held:
                start = min(size - held, len(chunk))
                left.append(chunk[:start])
                held += start
                if held < size:
                    continue
                yield _joined(left)
                left, held = [], 0
            for begin in range(start, len(chunk), size):
                part = chunk[begin : begin + size]
                if len(part) == size:
                    yield part
                else:
                    left, held = [part], len(part)
        if held:
            yield _joined(left)


def _joined(parts: list[Chunk]) -> Chunk:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.asarray(part, np.int64) for part in parts])


def taken(order: Iterator[Chunk], count: int) -> Iterator[Chunk]:
    """The first ``count`` row numbers (all, if negative)."""
    for chunk in order:
        if 0 <= count <= len(chunk):
            if count:
                yield chunk[:count]
            return
        yield chunk
        if count > 0:
            count -= len(chunk)


def skipped(order: Iterator[Chunk], count: int) -> Iterator[Chunk]:
    """What comes after the first ``count`` row numbers (nothing, if negative)."""
    if count < 0:
        return
    for chunk in order:
        if count >= len(chunk):
            count -= len(chunk)
            continue
        yield chunk[count:]
        count = 0


def sharded(order: Iterator[Chunk], shards: int, index: int) -> Iterator[Chunk]:
    """Every ``shards``-th row number, from number ``index`` on."""
    offset = index
    for chunk in order:
        part = np.asarray(chunk, np.int64)[offset::shards]
        offset = (offset - len(chunk)) % shards
        if len(part):
            yield part


def shuffled(
    order: Iterator[Chunk], words: WordStream, buffer_size: int, spare: Any
) -> Iterator[Chunk]:
    """The row numbers through a shuffle buffer; ``spare()`` is called when the input has ended."""
    first = next(order, None)
    if first is None:
        spare()
        return
    second = next(order, None)
    if second is None:  # all is known: the whole walk at once
        spare()
        yield np.asarray(first, np.int64)[shuffle_order(words, len(first), buffer_size)]
        return
    numbers = _numbers(chain([first, second], order), spare)
    walk = shuffle_elements(words, numbers, buffer_size)
    while True:
        part = [row for _, row in zip(range(256), walk, strict=False)]
        if not part:
            return
        yield np.array(part, np.int64)


def _numbers(order: Iterator[Chunk], spare: Any) -> Iterator[int]:
    for chunk in order:
        yield from chunk if isinstance(chunk, range) else chunk.tolist()
    spare()
