"""prefetch, cache, options: the same elements, kept or made ahead."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.tensor import Tensor
from reflow.data.dataset import Dataset, host
from reflow.data.options import Options
from reflow.data.rows import Rows
from reflow.data.selecting import Selection

Flat = Iterator[tuple[Any, ...]]


class PrefetchDataset(Selection):
    """Elements made ahead, in a thread, if making them takes work."""

    _kind = "PrefetchDataset"

    def __init__(self, parent: Dataset, size: int) -> None:
        super().__init__(parent)
        self._size = size

    def _rows(self) -> Rows:
        return self._parent._rows()

    def _flat(self) -> Flat:
        if not self._is_costly():
            return self._parent._flat()
        return iter(_Ahead(self._parent._flat(), 2 if self._size < 0 else max(self._size, 1)))

    def _cardinality(self) -> int:
        return self._parent._cardinality()


_END = object()


class _Ahead:
    """Runs an iterator in a thread that stays up to ``size`` elements ahead."""

    def __init__(self, elements: Flat, size: int) -> None:
        self._queue: queue.Queue[Any] = queue.Queue(size)
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=_produce, args=(elements, self._queue, self._stopped), daemon=True
        )
        self._thread.start()

    def __iter__(self) -> Flat:
        try:
            while True:
                item = self._queue.get()
                if item is _END:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._stopped.set()


def _produce(elements: Flat, out: queue.Queue[Any], stopped: threading.Event) -> None:
    def put(item: Any) -> bool:
        while not stopped.is_set():
            try:
                out.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    try:
        for flat in elements:
            settle(flat)
            if not put(flat):
                return
    except BaseException as error:  # noqa: BLE001  (handed to the consumer, which raises it)
        put(error)
        return
    put(_END)


def settle(flat: tuple[Any, ...]) -> None:
    """Runs what this thread has recorded, so that another thread finds values."""
    if any(isinstance(v, Tensor) and v._value is None for v in flat):
        record.flush()


class CacheDataset(Selection):
    """Elements kept after the first full pass."""

    _kind = "CacheDataset"

    def __init__(self, parent: Dataset, filename: Any) -> None:
        super().__init__(parent)
        name = filename.numpy() if hasattr(filename, "numpy") else filename
        self._path = name.decode() if isinstance(name, bytes) else name
        self._memory: list[tuple[Any, ...]] | None = None

    def _is_rows(self) -> bool:
        return False

    def _is_costly(self) -> bool:
        return self._memory is None and self._parent._is_costly()

    def _flat(self) -> Flat:
        if self._path:
            if os.path.exists(self._path + ".npz"):
                return _load(self._path + ".npz")
            return self._save(self._parent._flat())
        if self._memory is not None:
            return iter(self._memory)
        return self._remember(self._parent._flat())

    def _remember(self, elements: Flat) -> Flat:
        kept = []
        for flat in elements:
            kept.append(flat)
            yield flat
        self._memory = kept

    def _save(self, elements: Flat) -> Flat:
        kept = []
        for flat in elements:
            kept.append([host(v) for v in flat])
            yield flat
        arrays = {f"{i}_{j}": v for i, flat in enumerate(kept) for j, v in enumerate(flat)}
        temporary = f"{self._path}.{os.getpid()}.tmp.npz"
        texts = [k for k, v in arrays.items() if v.dtype == object]
        if texts:
            raise NotImplementedError(
                "cache(filename): string elements can't be kept in a file by Reflow; use cache() "
                "without a file name"
            )
        np.savez(temporary, count=np.int64(len(kept)), **arrays)  # type: ignore[arg-type]
        os.replace(temporary, self._path + ".npz")

    def _cardinality(self) -> int:
        return self._parent._cardinality()


def _load(path: str) -> Flat:
    with np.load(path, allow_pickle=False) as stored:
        width = sum(1 for name in stored.files if name.startswith("0_"))
        for i in range(int(stored["count"])):
            yield tuple([stored[f"{i}_{j}"] for j in range(width)])


class OptionsDataset(Selection):
    """The same elements with options."""

    _kind = "_OptionsDataset"

    def __init__(self, parent: Dataset, options: Options) -> None:
        super().__init__(parent)
        self._own = options

    def options(self) -> Options:
        return self._parent.options().merge(self._own)

    def _rows(self) -> Rows:
        return self._parent._rows()

    def _flat(self) -> Flat:
        return self._parent._flat()

    def _cardinality(self) -> int:
        return self._parent._cardinality()
