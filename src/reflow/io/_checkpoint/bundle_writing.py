"""Writing tensor bundles (:mod:`bundle` says what they are).

Both files are written under names that end in ``.new``; then the data is renamed and, last, the
index. If the process dies between the two, the new index is complete and its data is in place:
``index_path`` sees that and takes it. So there is always one whole bundle, old or new.
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
from reflow.io._checkpoint.bundle import PENDING, crc_of_lengths, data_path, index_path
from reflow.io._checkpoint.table import write_table
from reflow.io._crc import crc32c, mask
from reflow.io._protos import message
from reflow.io._varint import varint


def write_bundle(prefix: str, tensors: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
    """Writes a bundle of one shard, replacing an old one whole.

    Args:
      prefix: the files' common prefix; folders are made.
      tensors: values by name: arrays, anything with ``numpy()``, or functions that return one.
        They are asked for one at a time, so that only one is in memory, and lie in the data file in
        this order.

    Raises:
      OpError: if the files cannot be written; the old ones are as they were.
    """
    items = tensors.items() if isinstance(tensors, Mapping) else tensors
    encoded = [(name.encode(), value) for name, value in items]
    data, index = data_path(prefix), f"{prefix}.index"
    temporary = data + PENDING, index + PENDING
    try:
        os.makedirs(os.path.dirname(prefix) or ".", exist_ok=True)
        if index_path(prefix) != index:  # an earlier process died before it could do this
            os.replace(temporary[1], index)
        try:
            with open(temporary[0], "wb") as file:
                entries = _write_data(file, encoded)
                sync(file)
            with open(temporary[1], "wb") as file:
                file.write(write_table(entries))
                sync(file)
        except BaseException:
            # The index first: alone, it would be taken for a finished one.
            for path in reversed(temporary):
                with suppress(OSError):
                    os.remove(path)
            raise
        os.replace(temporary[0], data)
        os.replace(temporary[1], index)
        sync_folder(index)
    except OSError as error:
        raise as_tf_error(error, prefix) from error


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
