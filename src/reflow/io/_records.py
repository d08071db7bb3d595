"""TFRecord files: records of bytes, one after another, each with its length and checksums.

    uint64 length   uint32 masked CRC of the length   the bytes   uint32 masked CRC of the bytes

The whole file may be compressed, as GZIP or ZLIB. Event files are such files too.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from reflow.core.errors import DataLossError, FailedPreconditionError
from reflow.io._atomic import as_tf_error
from reflow.io._crc import masked_crc32c

CHUNK = 1 << 18
_WINDOW_BITS = {"GZIP": 31, "ZLIB": 15}


def read_records(path: str, compression: str = "", buffer_size: int = 0) -> Iterator[bytes]:
    """The records of a file.

    Args:
      path: the file's name.
      compression: ``""``, ``"GZIP"`` or ``"ZLIB"``; others mean none, as in TF.
      buffer_size: how many bytes to read at a time; 0 leaves it to us.

    Raises:
      NotFoundError: there is no such file.
      DataLossError: it is damaged or cut off; the message has the place.
    """
    try:
        file: Any = open(path, "rb", buffering=max(buffer_size, CHUNK))  # noqa: SIM115 - below
    except OSError as error:
        raise as_tf_error(error, path) from error
    with file:
        if compression in _WINDOW_BITS:
            file = _Inflated(file, _WINDOW_BITS[compression], path)
        at = 0
        while True:
            head = file.read(12)
            if not head:
                return
            if len(head) < 12:
                raise _damaged(path, "truncated", at)
            length, stored = struct.unpack("<QI", head)
            if masked_crc32c(head[:8]) != stored:
                raise _damaged(path, "corrupted", at)
            data = _exactly(file, length + 4)
            if data is None:
                raise _damaged(path, "truncated", at)
            record = data[:-4]
            if masked_crc32c(record) != struct.unpack("<I", data[-4:])[0]:
                raise _damaged(path, "corrupted", at + 12)
            yield record
            at += length + 16


def _exactly(file: Any, count: int) -> bytes | None:
    """So many bytes, taken in parts, so that a forged length takes no memory; None if cut off."""
    if count <= CHUNK:
        data: bytes = file.read(count)
        return data if len(data) == count else None
    parts = []
    while count:
        part = file.read(min(count, CHUNK))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _damaged(path: str, how: str, at: int) -> DataLossError:
    return DataLossError(None, None, f"{how} record at {at} of {path}")


def inflated(file: Any, compression: str, path: str) -> Any:
    """What is in an open compressed file: ``read(n)`` gives decompressed bytes."""
    return _Inflated(file, _WINDOW_BITS[compression], path)


class _Inflated:
    """The decompressed content of a file."""

    def __init__(self, file: Any, window_bits: int, path: str) -> None:
        self._file = file
        self._path = path
        self._window_bits = window_bits
        self._inflate = zlib.decompressobj(window_bits)
        self._ready = b""
        self._waiting = b""  # compressed bytes

    def read(self, count: int) -> bytes:
        while len(self._ready) < count:
            more = self._more()
            if not more:
                break
            self._ready += more
        out, self._ready = self._ready[:count], self._ready[count:]
        return out

    def _more(self) -> bytes:
        """Some decompressed bytes, none at the end."""
        while True:
            if self._inflate.eof:  # files may be joined
                self._waiting = self._inflate.unused_data
                self._inflate = zlib.decompressobj(self._window_bits)
            data = self._waiting or self._file.read(CHUNK)
            if not data:
                return b""
            try:
                made = self._inflate.decompress(data, CHUNK)
            except zlib.error as error:
                raise DataLossError(
                    None, None, f"{self._path}: inflate() failed: {error}"
                ) from None
            self._waiting = self._inflate.unconsumed_tail
            if made:
                return made


class RecordFile:
    """Writes a file of records.

    Args:
      path: its name; an old file is replaced.
      compression: ``""``, ``"GZIP"`` or ``"ZLIB"``.
      level, memory_level, strategy, window_bits: zlib's, where they are not None.

    Raises:
      NotFoundError: its folder does not exist.
    """

    def __init__(
        self,
        path: str,
        compression: str = "",
        level: int | None = None,
        memory_level: int | None = None,
        strategy: int | None = None,
        window_bits: int | None = None,
    ) -> None:
        self._path = path
        try:
            self._file: Any = open(path, "wb")  # noqa: SIM115 - closed by close()
        except OSError as error:
            raise as_tf_error(error, path) from error
        self._deflate: Any = None
        if compression:
            bits = _WINDOW_BITS[compression]
            if window_bits is not None:
                bits = window_bits + 16 if compression == "GZIP" else window_bits
            self._deflate = zlib.compressobj(
                zlib.Z_DEFAULT_COMPRESSION if level is None else level,
                zlib.DEFLATED,
                bits,
                zlib.DEF_MEM_LEVEL if memory_level is None else memory_level,
                zlib.Z_DEFAULT_STRATEGY if strategy is None else strategy,
            )

    def write(self, record: bytes) -> None:
        """Writes a record."""
        if self._file is None:
            raise FailedPreconditionError(None, None, "Writer not initialized or previously closed")
        length = struct.pack("<Q", len(record))
        head = length + struct.pack("<I", masked_crc32c(length))
        self._put(head + record + struct.pack("<I", masked_crc32c(record)))

    def _put(self, data: bytes) -> None:
        try:
            self._file.write(data if self._deflate is None else self._deflate.compress(data))
        except OSError as error:
            raise as_tf_error(error, self._path) from error

    def flush(self) -> None:
        """Gives what was written to the operating system."""
        if self._file is None:
            raise FailedPreconditionError(None, None, "Writer not initialized or previously closed")
        try:
            if self._deflate is not None:
                self._file.write(self._deflate.flush(zlib.Z_SYNC_FLUSH))
            self._file.flush()
        except OSError as error:
            raise as_tf_error(error, self._path) from error

    def close(self) -> None:
        """Finishes the file."""
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            with file:
                if self._deflate is not None:
                    file.write(self._deflate.flush())
        except OSError as error:
            raise as_tf_error(error, self._path) from error

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()
