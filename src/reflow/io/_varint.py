"""Variable-length integers: seven bits a byte, the lowest first, the high bit set on all but the
last.
"""

from __future__ import annotations

from typing import Any


def read_varint(data: Any, at: int, end: int) -> tuple[int, int]:
    """The number at ``data[at]``, and where what follows it begins.

    Raises:
      ValueError: if it does not end before ``end`` or has more than 64 bits.
    """
    value = 0
    for shift in range(0, 70, 7):
        if at >= end:
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> 64:
                break
            return value, at
    raise ValueError("a length is cut off or too long")


def varint(value: int) -> bytes:
    """``value``, not negative, as a varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
