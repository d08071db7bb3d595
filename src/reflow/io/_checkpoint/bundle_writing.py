"""Writing tensor bundles (:mod:`bundle` says what they are).

Both files are written under names that end in ``.new``; then the data is renamed and, last, the
index. If the process dies between the two, the new index is complete and its data is in place:
``index_path`` sees that and takes it. So there is always one whole bundle, old or new. A file that
belongs to the bundle, as a SavedModel's description does, changes with it in the same way.

While the data is written its file is locked, so that what a dead process left can be told and goes
when another bundle is written into the folder.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from reflow.core.dtypes import as_dtype, string
from reflow.io._atomic import as_tf_error, sync, sync_folder
from reflow.io._checkpoint.bundle import PENDING, crc_of_lengths, current, data_path
from reflow.io._checkpoint.table import write_table
from reflow.io._crc import crc32c, mask
from reflow.io._protos import message
from reflow.io._varint import varint

try:
    import fcntl as _fcntl
except ImportError:  # not on Windows
    _fcntl = None  # type: ignore[assignment]


def write_bundle(
    prefix: str,
    tensors: Mapping[str, Any] | Iterable[tuple[str, Any]],
    beside: tuple[str, bytes] | None = None,
) -> None:
    """Writes a bundle of one shard, replacing an old one whole.

    Args:
      prefix: the files' common prefix; folders are made.
      tensors: values by name: arrays, anything with ``numpy()``, or functions that return one.
        They are asked for one at a time, so that only one is in memory, and lie in the data file in
        this order.
      beside: path and content of a file that changes with the bundle.

    Raises:
      OpError: if the files cannot be written; the old ones are as they were.
    """
    items = tensors.items() if isinstance(tensors, Mapping) else tensors
    encoded = [(name.encode(), value) for name, value in items]
    data, index = data_path(prefix), f"{prefix}.index"
    followers = [index] if beside is None else [index, beside[0]]
    try:
        os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
        for path in followers:  # an earlier process died before it could do this
            if current(path, prefix) != path:
                os.replace(path + PENDING, path)
        try:
            with open(data + PENDING, "wb") as file:
                _lock(file)
                entries = _write_data(file, encoded)
                sync(file)
                _write(index + PENDING, write_table(entries))
                if beside is not None:
                    _write(beside[0] + PENDING, beside[1])
                os.replace(data + PENDING, data)
        except BaseException:
            # The data last: without it, the others would be taken for finished ones.
            for path in [*reversed(followers), data]:
                with suppress(OSError):
                    os.remove(path + PENDING)
            raise
        for path in followers:
            os.replace(path + PENDING, path)
            sync_folder(path)
    except OSError as error:
        raise as_tf_error(error, prefix) from error
    _tidy(os.path.dirname(prefix) or ".")


def _write(path: str, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        sync(file)


def _lock(file: Any) -> bool:
    """Locks a file until it is closed; False where the file system has no locks.

    Raises:
      BlockingIOError: another process has it.
    """
    if _fcntl is None:
        return False
    try:
        _fcntl.flock(file, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def _tidy(folder: str) -> None:
    """Removes what dead processes left of other bundles in a folder, if locks tell them."""
    ending = data_path("") + PENDING
    with suppress(OSError):
        for entry in os.listdir(folder):
            if entry.endswith(ending):
                with suppress(OSError), open(os.path.join(folder, entry), "rb") as file:
                    if not _lock(file):
                        return
                    prefix = os.path.join(folder, entry.removesuffix(ending))
                    with suppress(FileNotFoundError):
                        os.remove(f"{prefix}.index{PENDING}")
                    os.remove(file.name)


def _write_data(file: Any, tensors: list[tuple[bytes, Any]]) -> list[tuple[bytes, bytes]]:
    """Writes the values one after another; returns the index."""
    header = message("BundleHeaderProto")(num_shards=1)
    header.version.producer = 1
    entries = [(b"", header.SerializeToString())]
    offset = 0
    for name, value in tensors:
        array = _as_array(value)
        dtype = as_dtype(array.dtype)
        entry = message("BundleEntryProto")(dtype=int(dtype), offset=offset)
        entry.shape.SetInParent()
        for size in array.shape:
            entry.shape.dim.add(size=size)
        if dtype is string:
            entry.size, entry.crc32c = _write_strings(file, array)
        else:
            flat = array.reshape(-1).view(np.uint8)
            file.write(flat)
            entry.size, entry.crc32c = len(flat), mask(crc32c(flat))
        offset += entry.size
        entries.append((name, entry.SerializeToString()))
    return sorted(entries)


def _as_array(value: Any) -> np.ndarray[Any, Any]:
    if callable(value):
        value = value()
    if hasattr(value, "_host"):
        value = value._host()
    elif hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, (str, bytes)):
        array = np.empty((), object)
        array[()] = value
        return array
    array = np.asarray(value, order="C")
    if array.dtype.kind in {"U", "S"}:
        array = array.astype(object)
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _write_strings(file: Any, array: np.ndarray[Any, Any]) -> tuple[int, int]:
    texts = [s.encode() if isinstance(s, str) else bytes(s) for s in array.reshape(-1)]
    lengths = [len(text) for text in texts]
    crc = crc_of_lengths(lengths)
    head = b"".join(map(varint, lengths))
    checksum = struct.pack("<I", mask(crc))
    file.write(head + checksum)
    crc = crc32c(checksum, crc)
    for text in texts:
        file.write(text)
        crc = crc32c(text, crc)
    return len(head) + 4 + sum(lengths), mask(crc)
