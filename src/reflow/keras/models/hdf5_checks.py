"""Checks of HDF5 files before the HDF5 library reads what is in them.

Of what can be wrong with a file, the library reports almost all. But it may search forever through
a damaged global heap, where strings of variable length are, as in Keras 3's files, and crash on
text of an unknown kind.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any

_MOST_NAMES = 1 << 20
_MOST_OBJECTS = 1 << 20  # in all heaps: their headers may be forged to lie in each other
_PIECE = 1 << 22
# Signature, version 1, three zeros: not to be found in weights by chance.
_HEAP = b"GCOL\x01\x00\x00\x00"


def check_heaps(file: Any, path: str) -> None:
    """Raises a ValueError if an open file has a damaged global heap; ``path`` is its name."""
    length = os.fstat(file.fileno()).st_size
    left = _MOST_OBJECTS
    for start in _places_of(file, _HEAP):
        found = _objects(file, start, length, left)
        if found is None:
            raise ValueError(f"{path}: the HDF5 file is damaged (global heap at {start})")
        left -= found


def _places_of(file: Any, wanted: bytes) -> Iterator[int]:
    """Where bytes stand in a file, which is read piece by piece."""
    begin = 0
    while piece := _read(file, begin, _PIECE):
        at = piece.find(wanted)
        while at >= 0:
            yield begin + at
            at = piece.find(wanted, at + 1)
        if len(piece) < _PIECE:
            return
        begin += _PIECE - len(wanted) + 1


def _objects(file: Any, start: int, length: int, most: int) -> int | None:
    """How many objects a heap has, if they fill it one after the other and are not too many."""
    head = _read(file, start, 16)
    if len(head) < 16:
        return None
    (size,) = struct.unpack_from("<Q", head, 8)
    if size < 4096 or start + size > length:
        return None
    at, count = 16, 0
    while at + 16 <= size:
        index, _, reserved, used = struct.unpack("<HHIQ", _read(file, start + at, 16))
        if index == 0:  # free space, to the end
            return count if used == size - at else None
        at += 16 + (used + 7) // 8 * 8
        count += 1
        if reserved or at > size or count > most:
            return None
    return count


def _read(file: Any, at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


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
