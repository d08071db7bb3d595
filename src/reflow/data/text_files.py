"""``tf.data.TextLineDataset`` and ``FixedLengthRecordDataset``: parts of files as elements."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow.core.dtypes import string
from reflow.core.errors import DataLossError, invalid
from reflow.core.static import static_int
from reflow.core.type_spec import TensorSpec
from reflow.data.dataset import Dataset, host
from reflow.data.records import _names, _text
from reflow.io._lines import opened, read_lines

__all__ = ["FixedLengthRecordDataset", "TextLineDataset"]


class _OfFiles(Dataset):
    """Strings from files, one file after another or from several in turn."""

    _names: Dataset
    _parallel: int | None

    @property
    def element_spec(self) -> Any:
        return TensorSpec([], string)

    def _is_costly(self) -> bool:
        return True

    def _of_names(self, names: Any) -> Dataset:
        """The same of other files, one after another."""
        raise NotImplementedError

    def _of_file(self, path: str) -> Iterator[bytes]:
        raise NotImplementedError

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        if self._parallel is None:
            return self._one_by_one()
        return self._names.interleave(self._of_names, cycle_length=self._parallel)._flat()

    def _one_by_one(self) -> Iterator[tuple[Any, ...]]:
        for (name,) in self._names._flat():
            for file in np.ravel(host(name)):
                for text in self._of_file(os.fsdecode(file)):
                    yield (text,)


class TextLineDataset(_OfFiles):
    """The lines of one or more text files, as string scalars without their ends.

    Args:
      filenames: a file's name, a list of them, or a dataset of them.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      buffer_size: how many bytes to read at a time.
      num_parallel_reads: from how many files to take lines in turn; one after another by default.

    Raises:
      TypeError: the names are no strings.
      NotFoundError: when it is iterated: a file does not exist.
      DataLossError: when it is iterated: a compressed file is damaged.
    """

    _kind = "TextLineDatasetV2"

    def __init__(
        self,
        filenames: Any,
        compression_type: str | None = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._names = _names(filenames)
        self._inputs = (self._names,)
        self._compression = _text(compression_type)
        self._buffer = 0 if buffer_size is None else static_int(buffer_size, "buffer_size")
        self._parallel = _count(num_parallel_reads)

    def _of_names(self, names: Any) -> Dataset:
        return TextLineDataset(names, self._compression, self._buffer or None)

    def _of_file(self, path: str) -> Iterator[bytes]:
        for line in read_lines(path, self._compression, self._buffer):
            yield line.removesuffix(b"\n").replace(b"\r", b"")


class FixedLengthRecordDataset(_OfFiles):
    """The records of files whose records all have the same length, as string scalars.

    Args:
      filenames: a file's name, a list of them, or a dataset of them.
      record_bytes: the length of a record.
      header_bytes, footer_bytes: how many bytes to leave out at the beginning and the end.
      buffer_size: how many bytes to read at a time.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      num_parallel_reads: from how many files to take records in turn; one after another by default.

    Raises:
      InvalidArgumentError: when it is iterated: a file does not consist of whole records.
      NotFoundError: when it is iterated: a file does not exist.
    """

    _kind = "FixedLengthRecordDatasetV2"

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: str | None = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._names = _names(filenames)
        self._inputs = (self._names,)
        self._size = static_int(record_bytes, "record_bytes")
        self._header = static_int(header_bytes or 0, "header_bytes")
        self._footer = static_int(footer_bytes or 0, "footer_bytes")
        self._buffer = 0 if buffer_size is None else static_int(buffer_size, "buffer_size")
        self._compression = _text(compression_type)
        self._parallel = _count(num_parallel_reads)

    def _of_names(self, names: Any) -> Dataset:
        return FixedLengthRecordDataset(
            names, self._size, self._header, self._footer, self._buffer or None, self._compression
        )

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        if self._size <= 0:
            raise invalid("`record_bytes` must be > 0")
        return super()._flat()

    def _of_file(self, path: str) -> Iterator[bytes]:
        with opened(path, self._compression, self._buffer) as file:
            if not self._compression:
                self._check(path, os.fstat(file.fileno()).st_size)
            size = len(file.read(self._header))
            waiting = b""  # the footer is known only at the end
            while chunk := file.read(self._size):
                size += len(chunk)
                waiting += chunk
                if len(waiting) >= self._size + self._footer:
                    yield waiting[: self._size]
                    waiting = waiting[self._size :]
            if self._compression:
                self._check(path, size)

    def _check(self, path: str, length: int) -> None:
        body = length - self._header - self._footer
        if body < 0 or body % self._size:
            says = (
                f"Excluding the header ({self._header} bytes) and footer ({self._footer} bytes), "
                f'input file "{path}" has body length {body} bytes, which is not an exact multiple '
                f"of the record length ({self._size} bytes)."
            )
            raise DataLossError(None, None, says) if self._compression else invalid(says)


def _count(num_parallel_reads: Any) -> int | None:
    return None if num_parallel_reads is None else static_int(num_parallel_reads, "parallel")
