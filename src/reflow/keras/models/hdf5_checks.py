"""Checks of HDF5 files before the HDF5 library reads what is in them.

Of what can be wrong with a file, the library reports almost all. But it may search forever through
a damaged global heap, where strings of variable length are, as in Keras 3's files, and crash on
text of an unknown kind.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from typing import Any

_MOST_NAMES = 1 << 20
# Signature, version 1, three zeros: not to be found in weights by chance.
_HEAP = b"GCOL\x01\x00\x00\x00"


def check_heaps(file: Any, path: str) -> None:
    """Raises a ValueError if an open file has a damaged global heap; ``path`` is its name."""
    if not os.fstat(file.fileno()).st_size:
        return
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(_HEAP)
        while at >= 0:
            if not _is_whole(data, at):
                raise ValueError(f"{path}: the HDF5 file is damaged (global heap at {at})")
            at = data.find(_HEAP, at + len(_HEAP))


def _is_whole(data: mmap.mmap, start: int) -> bool:
    """Whether the objects of a heap fill it one after the other."""
    if start + 16 > len(data):
        return False
    (size,) = struct.unpack_from("<Q", data, start + 8)
    if size < 4096 or start + size > len(data):
        return False
    return all(_objects(data, start, size))


def _objects(data: mmap.mmap, start: int, size: int) -> Iterator[bool]:
    at = 16
    while at + 16 <= size:
        index, _, reserved, length = struct.unpack_from("<HHIQ", data, start + at)
        if index == 0:  # free space, to the end
            yield length == size - at
            return
        length = 16 + (length + 7) // 8 * 8
        yield reserved == 0 and at + length <= size
        if at + length > size:
            return
        at += length


def text_attribute(holder: Any, name: str) -> Any:
    """An attribute that is text or a list of texts, as the library gives it; ``[]`` if empty.

    Raises:
      ValueError: if it is something else. The library would crash on some of what it can be.
    """
    import h5py

    where = f"{holder.file.filename}: attribute {name} of {holder.name}"
    try:
        attribute = holder.attrs.get_id(name)
        kind = attribute.get_type()
        shape = attribute.shape
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ValueError(f"{where} is damaged ({error})") from error
    if shape == (0,):
        return []
    if not isinstance(kind, h5py.h5t.TypeStringID):
        raise ValueError(f"{where} is no text")
    encoding, padding = kind.get_cset(), kind.get_strpad()
    if encoding not in (h5py.h5t.CSET_ASCII, h5py.h5t.CSET_UTF8) or not 0 <= padding <= 2:
        raise ValueError(f"{where} is damaged: text of an unknown kind")
    if len(shape) > 1 or (shape and shape[0] > _MOST_NAMES):
        raise ValueError(f"{where} is damaged: {shape} texts")
    return holder.attrs[name]
