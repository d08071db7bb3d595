"""Tensor bundles: named tensors in a ``.index`` file and ``.data-00000-of-00001``, ... shards.

The index is a sorted table (:mod:`table`) from names to BundleEntryProto: dtype, shape, shard,
offset, size, checksum. The entry of the empty name is the header. A variable that was partitioned
has an entry with slices and no data of its own, and an entry for each slice under an encoded name.

Data files are mapped, and read one tensor at a time, so that memory never holds more than what was
asked for. Nothing that the files say is believed before it is checked.
"""

from __future__ import annotations

import math
import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Self

import numpy as np

from reflow.core.dtypes import DType, as_dtype, string
from reflow.core.errors import DataLossError, NotFoundError, UnimplementedError
from reflow.io._atomic import as_tf_error
from reflow.io._checkpoint.slices import encode_slice
from reflow.io._checkpoint.table import read_table
from reflow.io._crc import crc32c, mask
from reflow.io._protos import message
from reflow.io._varint import read_varint

PENDING = ".new"
_CHUNK = 1 << 22


def data_path(prefix: str, shard: int = 0, shards: int = 1) -> str:
    """The name of a shard."""
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


def index_path(prefix: str) -> str:
    """The name of the file that is the index at present; it may not exist."""
    return current(f"{prefix}.index", prefix)


def current(path: str, prefix: str) -> str:
    """The name that a file which belongs to a bundle has at present."""
    pending = path + PENDING
    if os.path.exists(pending) and not os.path.exists(data_path(prefix) + PENDING):
        return pending
    return path


def exists(prefix: str) -> bool:
    """Whether there is a bundle of this prefix."""
    return os.path.isfile(index_path(prefix))


class _DataFile:
    """A shard, mapped into memory: its pages come when they are read and go after that."""

    def __init__(self, path: str) -> None:
        self.name = path
        with open(path, "rb") as file:
            self.size = os.fstat(file.fileno()).st_size
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self.size else None

    def chunks(self, offset: int, size: int) -> Iterator[np.ndarray[Any, Any]]:
        """The bytes of a place inside the file, in pieces."""
        if self._map is None:
            return
        content = np.frombuffer(self._map, np.uint8)
        for begin in range(offset, offset + size, _CHUNK):
            end = min(begin + _CHUNK, offset + size)
            yield content[begin:end]
            if hasattr(mmap, "MADV_DONTNEED"):
                page = begin // mmap.PAGESIZE * mmap.PAGESIZE
                self._map.madvise(mmap.MADV_DONTNEED, page, end - page)

    def close(self) -> None:
        """Lets go of the file."""
        if self._map is not None:
            with suppress(BufferError):  # somebody still reads; it goes when they are done
                self._map.close()


class BundleReader:
    """Reads the tensors of a bundle.

    Args:
      prefix: the files' common prefix.

    Raises:
      NotFoundError: there is no such bundle.
      DataLossError: its index is damaged.
    """

    def __init__(self, prefix: str) -> None:
        self._files: dict[int, _DataFile] = {}
        self._verified: set[bytes] = set()
        self.prefix = os.fspath(prefix)
        self._path = index_path(self.prefix)
        try:
            with open(self._path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            if os.path.isfile(self.prefix):
                raise DataLossError(
                    None,
                    None,
                    f"Unable to open table file {self.prefix}: Data loss: not an sstable (bad "
                    "magic number): perhaps your file is in a different file format and you need "
                    "to use a different restore operator?",
                ) from None
            raise NotFoundError(
                None,
                None,
                "Unsuccessful TensorSliceReader constructor: Failed to find any matching files "
                f"for {self.prefix}",
            ) from None
        except OSError as error:
            raise as_tf_error(error, self._path) from error
        self._entries = {bytes(key): value for key, value in read_table(data, self._path)}
        if b"" not in self._entries:
            raise self._lost("it has no header")
        header = self._parse("BundleHeaderProto", self._entries.pop(b""), "the header")
        if header.endianness:
            raise UnimplementedError(
                None, None, f"{self._path}: a big-endian checkpoint, which Reflow does not read"
            )
        if header.num_shards < 1:
            raise self._lost(f"it says that there are {header.num_shards} shards")
        self._shards = header.num_shards

    def keys(self) -> list[str]:
        """The tensors' names, sorted; slices of partitioned variables are not among them."""
        names = []
        for key in self._entries:
            if not key.startswith(b"\0"):
                try:
                    names.append(key.decode())
                except UnicodeDecodeError:
                    raise self._lost(f"a name is not UTF-8: {key!r}") from None
        return names

    def __contains__(self, key: str) -> bool:
        return key.encode() in self._entries

    def dtype(self, key: str) -> DType:
        """A tensor's dtype."""
        return self._dtype(self._entry(key.encode()))

    def shape(self, key: str) -> list[int]:
        """A tensor's shape."""
        return self._shape(self._entry(key.encode()))

    def size(self, key: str) -> int:
        """The bytes that a tensor takes in the data files (of its slices: together)."""
        entry = self._entry(key.encode())
        if entry.slices:
            return sum(self._entry(self._slice_key(key.encode(), s)).size for s in entry.slices)
        return entry.size  # type: ignore[no-any-return]

    def read(self, key: str) -> np.ndarray[Any, Any]:
        """A tensor's value, an array of the caller's own.

        Raises:
          NotFoundError: there is no such tensor, or a data file is missing.
          DataLossError: the file is cut off, or its content does not have the stored checksum.
        """
        name = key.encode()
        entry = self._entry(name)
        return self._read_slices(name, entry) if entry.slices else self._read(name, entry)

    def verify(self, key: str) -> None:
        """Checks that a tensor can be read, without keeping it; reading it then is quicker.

        Raises:
          NotFoundError, DataLossError: as ``read`` would.
        """
        name = key.encode()
        entry = self._entry(name)
        if entry.slices:
            for _, part, piece in self._slices(name, entry):
                self._verify(part, piece)
        else:
            self._verify(name, entry)

    def close(self) -> None:
        """Closes the data files."""
        for file in self._files.values():
            file.close()
        self._files = {}

    def __del__(self) -> None:
        # They stay open for values that are asked for late, when the files may be gone.
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # ---- the index

    def _lost(self, what: str) -> DataLossError:
        return DataLossError(None, None, f"Unable to read checkpoint {self._path}: {what}")

    def _parse(self, kind: str, data: bytes, what: str) -> Any:
        from google.protobuf.message import DecodeError

        try:
            return message(kind).FromString(data)
        except DecodeError:
            raise self._lost(f"{what} is no {kind}") from None

    def _entry(self, key: bytes) -> Any:
        found = self._entries.get(key)
        if found is None:
            raise NotFoundError(
                None,
                None,
                f"Key {key.decode(errors='replace')} not found in checkpoint ({self.prefix})",
            )
        return self._parse("BundleEntryProto", found, f"the entry of {key!r}")

    def _dtype(self, entry: Any) -> DType:
        try:
            return as_dtype(entry.dtype)
        except TypeError:
            raise self._lost(f"there is no dtype of number {entry.dtype}") from None

    def _shape(self, entry: Any) -> list[int]:
        sizes = [dim.size for dim in entry.shape.dim]
        if entry.shape.unknown_rank or any(size < 0 for size in sizes):
            raise self._lost(f"a tensor has the shape {sizes}")
        return sizes

    # ---- the data

    def _file(self, shard: int) -> _DataFile:
        if not 0 <= shard < self._shards:
            raise self._lost(f"there is no shard {shard} among {self._shards}")
        file = self._files.get(shard)
        if file is None:
            path = data_path(self.prefix, shard, self._shards)
            try:
                file = self._files[shard] = _DataFile(path)
            except OSError as error:
                raise as_tf_error(error, path) from error
        return file

    def _content(self, name: bytes, entry: Any) -> Iterator[np.ndarray[Any, Any]]:
        """An entry's bytes in pieces."""
        return self._inside(name, entry).chunks(entry.offset, entry.size)

    def _inside(self, name: bytes, entry: Any) -> _DataFile:
        """The data file of an entry, which lies inside of it."""
        file = self._file(entry.shard_id)
        if entry.offset < 0 or entry.size < 0 or entry.offset + entry.size > file.size:
            raise self._cut_off(name, file)
        return file

    def _cut_off(self, name: bytes, file: _DataFile) -> DataLossError:
        return DataLossError(
            None,
            None,
            f"{file.name}: Read less bytes than requested: the file is cut off, or the place of "
            f"{name.decode(errors='replace')} in it is wrong",
        )

    def _check(self, name: bytes, entry: Any, found: int) -> None:
        if entry.crc32c != found:
            raise DataLossError(
                None,
                None,
                f"{self.prefix}: {name.decode(errors='replace')}: Checksum does not match: stored "
                f"{entry.crc32c} vs. calculated on the restored bytes {found}",
            )

    def _plan(self, name: bytes, entry: Any) -> tuple[DType, list[int]]:
        """The dtype and shape of an entry that can be read, as far as the index tells."""
        dtype = self._dtype(entry)
        shape = self._shape(entry)
        if dtype is string:
            return dtype, shape
        if not dtype.is_numpy_compatible:
            raise UnimplementedError(
                None,
                None,
                f"{self.prefix}: {name.decode(errors='replace')} is a {dtype.name} tensor, the "
                "state of an object of TensorFlow's own, such as a dataset's iterator",
            )
        if entry.size != math.prod(shape) * dtype.np.itemsize:
            raise self._lost(
                f"{name.decode(errors='replace')}: {entry.size} bytes for shape {shape} and dtype "
                f"{dtype.name}"
            )
        self._inside(name, entry)  # before memory is taken
        return dtype, shape

    def _verify(self, name: bytes, entry: Any) -> None:
        dtype, shape = self._plan(name, entry)
        if dtype is string:
            self._read_strings(name, entry, shape)
            return
        if name in self._verified:
            return
        crc = 0
        for piece in self._content(name, entry):
            crc = crc32c(piece, crc)
        self._check(name, entry, mask(crc))
        self._verified.add(name)

    def _read(self, name: bytes, entry: Any) -> np.ndarray[Any, Any]:
        dtype, shape = self._plan(name, entry)
        if dtype is string:
            return self._read_strings(name, entry, shape)
        verified = name in self._verified
        array = np.empty(shape, dtype.np)
        flat = array.reshape(-1).view(np.uint8)
        at = crc = 0
        for piece in self._content(name, entry):
            part = flat[at : at + len(piece)]
            part[:] = piece
            at += len(piece)
            if not verified:
                crc = crc32c(part, crc)
        if not verified:
            self._check(name, entry, mask(crc))
        return array

    def _read_strings(self, name: bytes, entry: Any, shape: list[int]) -> np.ndarray[Any, Any]:
        """Strings: their lengths as varints, a checksum of the lengths, then their bytes."""
        count = math.prod(shape)
        if count > entry.size:
            raise self._lost(f"{name.decode(errors='replace')}: {entry.size} bytes for {shape}")
        data = b"".join(piece.tobytes() for piece in self._content(name, entry))
        lengths = []
        at = 0
        try:
            for _ in range(count):
                length, at = read_varint(data, at, len(data))
                lengths.append(length)
        except ValueError as error:
            raise self._lost(f"{name.decode(errors='replace')}: {error}") from None
        if at + 4 + sum(lengths) != len(data):
            raise self._lost(f"{name.decode(errors='replace')}: the strings' lengths are wrong")
        crc = crc_of_lengths(lengths)
        if struct.unpack("<I", data[at : at + 4]) != (mask(crc),):
            raise self._lost(f"{name.decode(errors='replace')}: Checksum of lengths does not match")
        self._check(name, entry, mask(crc32c(data[at:], crc)))
        at += 4
        out = np.empty(count, object)
        for i, length in enumerate(lengths):
            out[i] = data[at : at + length]
            at += length
        return out.reshape(shape)

    def _slice_key(self, name: bytes, extents: Any) -> bytes:
        return encode_slice(
            name, [(e.start, e.length if e.HasField("length") else -1) for e in extents.extent]
        )

    def _slices(self, name: bytes, whole: Any) -> list[tuple[tuple[slice, ...], bytes, Any]]:
        """Place, key and entry of each slice of a partitioned variable."""
        shape = self._shape(whole)
        dtype = self._dtype(whole)
        text = name.decode(errors="replace")
        parts = []
        for extents in whole.slices:
            key = self._slice_key(name, extents)
            if len(extents.extent) != len(shape) or key not in self._entries:
                raise self._lost(f"{text}: a slice is missing")
            entry = self._entry(key)
            place = []
            for extent, size in zip(extents.extent, shape, strict=True):
                start = extent.start if extent.HasField("length") else 0
                length = extent.length if extent.HasField("length") else size
                if start < 0 or length < 0 or start + length > size:
                    raise self._lost(f"{text}: a slice lies outside of the shape {shape}")
                place.append(slice(start, start + length))
            if self._shape(entry) != [s.stop - s.start for s in place]:
                raise self._lost(f"{text}: a slice has another shape than its entry")
            if self._dtype(entry) is not dtype:
                raise self._lost(f"{text}: a slice has another dtype")
            parts.append((tuple(place), key, entry))
        if sum(math.prod(self._shape(entry)) for _, _, entry in parts) != math.prod(shape):
            raise self._lost(f"{text}: its slices do not make the shape {shape}")
        return parts

    def _read_slices(self, name: bytes, whole: Any) -> np.ndarray[Any, Any]:
        """A partitioned variable, put together from its slices."""
        shape, dtype = self._shape(whole), self._dtype(whole)
        parts = self._slices(name, whole)
        pieces = ((place, self._read(key, entry)) for place, key, entry in parts)
        out: np.ndarray[Any, Any] | None = None
        for place, piece in pieces:  # the first is read, and so checked, before memory is taken
            if out is None:
                out = np.zeros(shape, dtype.np)
            out[place] = piece
        return np.zeros(shape, dtype.np) if out is None else out


def crc_of_lengths(lengths: list[int]) -> int:
    """The checksum of strings' lengths, each as 4 bytes (8, if it needs them)."""
    packed = b"".join(struct.pack("<I" if n <= 0xFFFFFFFF else "<Q", n) for n in lengths)
    return crc32c(packed)
