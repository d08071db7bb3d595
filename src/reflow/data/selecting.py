"""take, skip, shard, repeat, shuffle: which elements come, and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from reflow.core.random import get_seed
from reflow.core.random_streams import ShuffleStream, shuffle_elements
from reflow.data import rows as row_orders
from reflow.data.dataset import INFINITE, UNKNOWN, Dataset
from reflow.data.rows import Rows

Flat = Iterator[tuple[Any, ...]]


class Selection(Dataset):
    """A dataset whose elements are elements of another one."""

    def __init__(self, parent: Dataset) -> None:
        self._parent = parent
        self._inputs = (parent,)

    @property
    def element_spec(self) -> Any:
        return self._parent.element_spec

    def _is_rows(self) -> bool:
        return self._parent._is_rows()


class TakeDataset(Selection):
    """The first elements."""

    _kind = "TakeDataset"

    def __init__(self, parent: Dataset, count: int) -> None:
        super().__init__(parent)
        self._count = count

    def _rows(self) -> Rows:
        rows = self._parent._rows()
        return Rows(rows.arrays, row_orders.taken(rows.order, self._count))

    def _flat(self) -> Flat:
        elements = self._parent._flat()
        return elements if self._count < 0 else islice(elements, self._count)

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        if count == INFINITE or self._count < 0:
            return self._count if count == INFINITE else count
        return UNKNOWN if count == UNKNOWN else min(count, self._count)


class SkipDataset(Selection):
    """All but the first elements."""

    _kind = "SkipDataset"

    def __init__(self, parent: Dataset, count: int) -> None:
        super().__init__(parent)
        self._count = count

    def _rows(self) -> Rows:
        rows = self._parent._rows()
        return Rows(rows.arrays, row_orders.skipped(rows.order, self._count))

    def _flat(self) -> Flat:
        elements = self._parent._flat()
        return iter(()) if self._count < 0 else islice(elements, self._count, None)

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        if self._count < 0:
            return 0
        return count if count < 0 else max(count - self._count, 0)


class ShardDataset(Selection):
    """Every n-th element."""

    _kind = "ShardDataset"

    def __init__(self, parent: Dataset, shards: int, index: int) -> None:
        super().__init__(parent)
        self._shards, self._index = shards, index

    def _rows(self) -> Rows:
        rows = self._parent._rows()
        return Rows(rows.arrays, row_orders.sharded(rows.order, self._shards, self._index))

    def _flat(self) -> Flat:
        return islice(self._parent._flat(), self._index, None, self._shards)

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        return count if count < 0 else len(range(self._index, count, self._shards))


class RepeatDataset(Selection):
    """The dataset several times over."""

    _kind = "RepeatDataset"

    def __init__(self, parent: Dataset, count: int) -> None:
        super().__init__(parent)
        self._count = count

    def _rows(self) -> Rows:
        first = self._parent._rows()
        return Rows(first.arrays, self._orders(first.order))

    def _orders(self, order: Iterator[Any]) -> Iterator[Any]:
        def fresh() -> Iterator[Any]:
            return self._parent._rows().order

        return self._again(order, fresh)

    def _flat(self) -> Flat:
        return self._again(self._parent._flat(), self._parent._flat)

    def _again(self, iterator: Iterator[Any], fresh: Any) -> Iterator[Any]:
        """Pass after pass. TF makes the next iterator before it counts, so there is one more."""
        done = 0
        while done != self._count:
            empty = True
            for value in iterator:
                empty = False
                yield value
            done += 1
            iterator = fresh()
            if empty and self._count < 0:
                return

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        if self._count < 0:
            return 0 if count == 0 else INFINITE
        if self._count == 0:
            return 0
        return count if count < 0 else count * self._count


class ShuffleDataset(Selection):
    """Elements drawn at random from a buffer, in TF 2.1's order for the same seed."""

    _kind = "ShuffleDataset"

    def __init__(self, parent: Dataset, size: int, seed: Any, reshuffle: bool | None) -> None:
        super().__init__(parent)
        self._size = size
        self._stream = ShuffleStream(get_seed(seed), reshuffle is not False)

    def _is_rows(self) -> bool:
        return self._parent._is_rows() and self._parent._cardinality() != INFINITE

    def _rows(self) -> Rows:
        words = self._stream.iterator_words()
        rows = self._parent._rows()
        return Rows(
            rows.arrays, row_orders.shuffled(rows.order, words, self._size, self._parent._rows)
        )

    def _flat(self) -> Flat:
        if self._is_rows():
            return self._rows().elements()
        words = self._stream.iterator_words()
        return shuffle_elements(words, self._then_spare(self._parent._flat()), self._size)

    def _then_spare(self, elements: Flat) -> Flat:
        """The input; when it ends TF makes one more iterator of everything upstream."""
        yield from elements
        self._parent._flat()

    def _cardinality(self) -> int:
        return self._parent._cardinality()
