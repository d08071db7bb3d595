"""CRC32C checksums, masked as TF's file formats store them.

A checksum of data that itself contains checksums is weak, so they are rotated by 15 bits and moved
by a constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_DELTA = 0xA282EAD8
_CHUNK = 1 << 30  # the library counts in 32 bits


def crc32c(data: Any, start: int = 0) -> int:
    """The CRC32C of bytes or of an array's bytes, after data whose CRC is ``start``."""
    import google_crc32c

    if isinstance(data, bytes):
        return google_crc32c.extend(start, data)  # type: ignore[no-any-return]
    flat = np.frombuffer(data, np.uint8) if not isinstance(data, np.ndarray) else data
    for begin in range(0, len(flat), _CHUNK):
        part = flat[begin : begin + _CHUNK]
        # Compiled, it takes the array as it is; in Python it needs bytes.
        part = part if google_crc32c.implementation == "c" else part.tobytes()
        start = google_crc32c.extend(start, part)
    return start


def mask(crc: int) -> int:
    """The form in which a checksum is stored."""
    return (((crc >> 15) | (crc << 17)) + _DELTA) & 0xFFFFFFFF


def masked_crc32c(data: Any) -> int:
    """The stored checksum of ``data``."""
    return mask(crc32c(data))
