"""PNG with 16 bits per sample, which Pillow reads and writes for gray images only.

A PNG file is a signature and chunks (length, type, data, CRC). The pixels are in IDAT chunks: rows,
each with a filter byte, compressed with zlib.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
_COLOR_TYPES = {count: kind for kind, count in _CHANNELS.items()}
_LARGEST = 2**28
"""Samples beyond which a file is taken for hostile."""


def bit_depth(data: bytes) -> int:
    """Bits per sample of a PNG file; 0 if its header is cut off."""
    return data[24] if len(data) > 24 else 0


def read(data: bytes) -> Array:
    """The samples of a PNG file with 16 bits, (height, width, channels) of uint16.

    Raises:
      ValueError: if the file is damaged, interlaced, or too large.
    """
    header, packed = _chunks(data)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 16 or kind not in _CHANNELS or interlaced:
        raise ValueError("only plain PNG files with 16 bits are read here")
    channels = _CHANNELS[kind]
    if not 0 < width * height * channels <= _LARGEST:
        raise ValueError(f"size {width} x {height} is not plausible")
    stride = width * channels * 2
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(packed, height * (stride + 1))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(raw) != height * (stride + 1):
        raise ValueError("the pixels are cut off")
    rows = np.frombuffer(raw, np.uint8).reshape(height, stride + 1)
    plain = _unfiltered(rows, channels * 2)
    return plain.view(">u2").astype(np.uint16).reshape(height, width, channels)


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """The header's data, and the joined data of the IDAT chunks."""
    header, packed = b"", []
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if len(body) != length or at + 12 + length > len(data):
            raise ValueError("a chunk is cut off")
        (crc,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(kind + body) != crc:
            raise ValueError(f"chunk {kind!r} has a wrong CRC")
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed.append(body)
        elif kind == b"IEND":
            break
        at += 12 + length
    return header, b"".join(packed)


def _unfiltered(rows: Array, step: int) -> Array:
    """Undoes PNG's filters: each byte was stored as its difference from a prediction."""
    plain = np.zeros((len(rows), rows.shape[1] - 1), np.uint8)
    above = np.zeros(rows.shape[1] - 1, np.uint8)
    for i, row in enumerate(rows):
        kind, values = int(row[0]), row[1:]
        if kind == 0:
            plain[i] = values
        elif kind == 1:
            lanes = values.reshape(-1, step)
            plain[i] = np.cumsum(lanes, axis=0, dtype=np.uint8).reshape(-1)
        elif kind == 2:
            plain[i] = values + above
        elif kind in (3, 4):
            plain[i] = _predicted(values, above, step, kind)
        else:
            raise ValueError(f"there is no filter {kind}")
        above = plain[i]
    return plain


def _predicted(values: Array, above: Array, step: int, kind: int) -> list[int]:
    """A row stored with the average or the Paeth filter."""
    out = [0] * step + [0] * len(values)
    up = [0] * step + above.tolist()
    for i, value in enumerate(values.tolist(), step):
        left, over, corner = out[i - step], up[i], up[i - step]
        if kind == 3:
            guess = (left + over) >> 1
        else:
            estimate = left + over - corner
            distances = abs(estimate - left), abs(estimate - over), abs(estimate - corner)
            guess = (left, over, corner)[distances.index(min(distances))]
        out[i] = (value + guess) & 0xFF
    return out[step:]


def write(array: Array, compression: int = -1) -> bytes:
    """A PNG file of (height, width, channels) of uint16."""
    height, width, channels = array.shape
    raw = np.ascontiguousarray(array, ">u2").view(np.uint8).reshape(height, -1)
    filtered = raw.copy()  # each row as its difference from the one above, which compresses well
    filtered[1:] -= raw[:-1]
    kinds = np.full((height, 1), 2, np.uint8)
    packed = zlib.compress(np.concatenate([kinds, filtered], axis=1).tobytes(), compression)
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOR_TYPES[channels], 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
