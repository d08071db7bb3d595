"""The names under which a checkpoint keeps the slices of a partitioned variable.

They are numbers and strings encoded so that their bytes sort as they do: a zero, the variable's
name, the rank, and for each axis where the slice begins and how long it is (0 and -1: all of it).
"""

from __future__ import annotations

from collections.abc import Sequence


def encode_slice(name: bytes, extents: Sequence[tuple[int, int]]) -> bytes:
    """The key of a slice."""
    numbers = b"".join(_signed(start) + _signed(length) for start, length in extents)
    return _unsigned(0) + _text(name) + _unsigned(len(extents)) + numbers


def _unsigned(value: int) -> bytes:
    """How many bytes, then the bytes, the highest first."""
    body = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([len(body)]) + body


def _text(value: bytes) -> bytes:
    """Zeros and 255s marked, so that 0, 1 can end it."""
    marked = {0x00: b"\x00\xff", 0xFF: b"\xff\x00"}
    return b"".join(marked.get(byte) or bytes([byte]) for byte in value) + b"\x00\x01"


def _signed(value: int) -> bytes:
    """n bytes hold 7n bits with the sign; n ones (zeros, if negative) begin them.

    So 0 is 80 and -1 is 7f, in hexadecimal.
    """
    bits = (value if value >= 0 else ~value).bit_length() + 1
    count = -(-bits // 7)
    # The n leading bits mean the length; they are flipped against the sign that fills them.
    ones = ((1 << count) - 1) << (7 * count)
    return ((value & ((1 << 8 * count) - 1)) ^ ones).to_bytes(count, "big")
