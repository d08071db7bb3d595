"""Sorted tables: the format of a checkpoint's ``.index`` file.

    block ... block  block of meta-information (empty)  block of the index  footer

A block has entries sorted by key, each without the bytes that it shares with the key before; every
16th key ("restart") is whole. After a block come its compression (always 0, none) and a checksum.
The index has for each block a key not before the block's last, and the block's place. The footer
tells the places of the last two blocks and ends with a magic number.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from reflow.core.errors import DataLossError, UnimplementedError
from reflow.io._crc import crc32c, mask
from reflow.io._varint import read_varint, varint

_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_TRAILER = 5
_RESTART_INTERVAL = 16
_BLOCK_SIZE = 256 * 1024
_LONGEST_KEY = 1 << 16  # so that a forged file cannot make much of little


def _lost(name: str, what: str) -> DataLossError:
    return DataLossError(
        None,
        None,
        f"Unable to read file ({name}). Perhaps the file is corrupt or was produced by a newer "
        f"version of TensorFlow with format changes ({what})",
    )


def read_table(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """The entries of a table.

    Args:
      data: the whole file.
      name: the file's name, for messages.

    Raises:
      DataLossError: if it is damaged.
      UnimplementedError: if a block is compressed, which checkpoints' are not.
    """
    if len(data) < _FOOTER:
        raise DataLossError(None, None, f"{name}: file is too short to be an sstable")
    footer = data[-_FOOTER:]
    if struct.unpack("<Q", footer[-8:]) != (_MAGIC,):
        raise DataLossError(None, None, f"{name}: not an sstable (bad magic number)")
    try:
        at = 0
        places = []
        for _ in range(4):
            number, at = read_varint(footer, at, _FOOTER - 8)
            places.append(number)
    except ValueError as error:
        raise _lost(name, f"the footer: {error}") from None
    last: bytes | None = None
    for _, place in _entries(_block(data, places[2], places[3], name), name):
        try:
            offset, at = read_varint(place, 0, len(place))
            size, at = read_varint(place, at, len(place))
        except ValueError as error:
            raise _lost(name, f"the index: {error}") from None
        for key, value in _entries(_block(data, offset, size, name), name):
            if last is not None and key <= last:
                raise _lost(name, "keys are not in order")
            last = key
            yield key, value


def _block(data: bytes, offset: int, size: int, name: str) -> bytes:
    """The content of a block, checked."""
    if offset + size + _TRAILER > len(data) - _FOOTER:
        raise _lost(name, "a block lies outside of the file")
    end = offset + size
    kind, stored = struct.unpack("<BI", data[end : end + _TRAILER])
    if mask(crc32c(data[offset : end + 1])) != stored:
        raise _lost(name, "block checksum mismatch")
    if kind:
        raise UnimplementedError(
            None, None, f"{name}: its blocks are compressed, which Reflow does not read"
        )
    return data[offset:end]


def _entries(block: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """The entries of a block."""
    if len(block) < 4:
        raise _lost(name, "a block is too short")
    (restarts,) = struct.unpack("<I", block[-4:])
    end = len(block) - 4 - 4 * restarts
    if end < 0:
        raise _lost(name, "a block is too short for its restarts")
    key = b""
    at = 0
    while at < end:
        try:
            shared, at = read_varint(block, at, end)
            fresh, at = read_varint(block, at, end)
            length, at = read_varint(block, at, end)
        except ValueError as error:
            raise _lost(name, f"an entry: {error}") from None
        too_long = at + fresh + length > end or shared + fresh > _LONGEST_KEY
        if shared > len(key) or too_long:
            raise _lost(name, "an entry is longer than its block")
        key = key[:shared] + block[at : at + fresh]
        at += fresh
        yield key, block[at : at + length]
        at += length


class _Block:
    """A block in the making."""

    def __init__(self, interval: int) -> None:
        self.interval = interval
        self.content = bytearray()
        self.restarts = [0]
        self.count = 0
        self.last = b""

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self.count == self.interval:
            self.restarts.append(len(self.content))
            self.count = 0
        else:
            shared = _common_prefix(self.last, key)
        self.content += varint(shared) + varint(len(key) - shared) + varint(len(value))
        self.content += key[shared:] + value
        self.last = key
        self.count += 1

    def finish(self) -> bytes:
        """The block with its restarts and trailer."""
        restarts = struct.pack(f"<{len(self.restarts) + 1}I", *self.restarts, len(self.restarts))
        content = bytes(self.content) + restarts + b"\0"
        return content + struct.pack("<I", mask(crc32c(content)))


def _common_prefix(a: bytes, b: bytes) -> int:
    length = min(len(a), len(b))
    for i in range(length):
        if a[i] != b[i]:
            return i
    return length


def write_table(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A table with these entries, whose keys must be in order."""
    out = bytearray()
    index = _Block(1)
    block = _Block(_RESTART_INTERVAL)
    waiting: bytes | None = None  # the place of the block before, not in the index yet

    def close() -> bytes:
        finished = block.finish()
        place = varint(len(out)) + varint(len(finished) - _TRAILER)
        out.extend(finished)
        return place

    for key, value in entries:
        if waiting is not None:
            index.add(_between(block.last, key), waiting)
            waiting = None
            block = _Block(_RESTART_INTERVAL)
        block.add(key, value)
        if len(block.content) + 4 * len(block.restarts) + 4 >= _BLOCK_SIZE:
            waiting = close()
    if waiting is None and block.content:
        waiting = close()
    if waiting is not None:
        index.add(_after(block.last), waiting)
    meta = _Block(_RESTART_INTERVAL).finish()
    footer = varint(len(out)) + varint(len(meta) - _TRAILER)
    out += meta
    finished = index.finish()
    footer += varint(len(out)) + varint(len(finished) - _TRAILER)
    out += finished
    return bytes(out) + footer.ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC)


def _between(last: bytes, following: bytes) -> bytes:
    """A short key that is not before ``last`` and before ``following``."""
    shared = _common_prefix(last, following)
    if shared < min(len(last), len(following)) and last[shared] + 1 < following[shared]:
        return last[:shared] + bytes([last[shared] + 1])
    return last


def _after(last: bytes) -> bytes:
    """A short key that is not before ``last``."""
    for i, byte in enumerate(last):
        if byte != 0xFF:
            return last[:i] + bytes([byte + 1])
    return last
