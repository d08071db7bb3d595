"""prefetch, cache, options: the same elements, kept or made ahead."""

from __future__ import annotations

import os
import queue
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow.core import record
from reflow.core.errors import DataLossError
from reflow.core.tensor import Tensor
from reflow.data.dataset import Dataset, host
from reflow.data.options import Options
from reflow.data.rows import Rows
from reflow.data.selecting import Selection
from reflow.io._atomic import replacing
from reflow.io._npz import read_array

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
        texts = [k for k, v in arrays.items() if v.dtype == object]
        if texts:
            raise NotImplementedError(
                "cache(filename): string elements can't be kept in a file by Reflow; use cache() "
                "without a file name"
            )
        with replacing(self._path + ".npz") as temporary, open(temporary, "wb") as file:
            np.savez(file, count=np.int64(len(kept)), **arrays)  # type: ignore[arg-type]

    def _cardinality(self) -> int:
        return self._parent._cardinality()


def _load(path: str) -> Flat:
    """The elements in a file.

    Raises:
      DataLossError: it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
            width = sum(1 for name in names if name.startswith("0_"))
            count = int(read_array(archive, "count"))
            if count * width != len(names) - 1:
                raise ValueError(f"it has {len(names) - 1} arrays for {count} elements")
            for i in range(count):
                yield tuple([read_array(archive, f"{i}_{j}") for j in range(width)])
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError,
        TypeError, ValueError,
    ) as error:  # fmt: skip
        raise DataLossError(None, None, f"{path}: the cache is damaged ({error})") from error


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
