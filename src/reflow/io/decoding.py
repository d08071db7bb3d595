"""Strings that hold numbers, compressed data or base64."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.dtypes import as_dtype, string
from reflow.core.errors import DataLossError, NotFoundError, invalid
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.io.tensors import host_value, strings

__all__ = ["decode_base64", "decode_compressed", "decode_raw", "encode_base64"]

_RAW = frozenset(
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 complex64 complex128 bool".split()
)


def decode_raw(
    input_bytes: Any,
    out_type: Any,
    little_endian: bool = True,
    fixed_length: int | None = None,
    name: str | None = None,
) -> Tensor:
    """The bytes of strings as numbers.

    Args:
      input_bytes: strings of one length.
      out_type: the numbers' dtype.
      little_endian: whether their lowest byte comes first.
      fixed_length: cut longer strings to so many bytes, and fill up shorter ones with zeros.
      name: unused in eager code.

    Returns:
      A tensor with one more axis than ``input_bytes``.

    Raises:
      InvalidArgumentError: the lengths differ, or are no multiple of a number's size.
      NotFoundError: there are no such numbers in strings.
    """
    op = "DecodeRaw" if fixed_length is None else "DecodePaddedRaw"
    texts = host_value(input_bytes, op, string)
    dtype = as_dtype(out_type)
    if dtype.name not in _RAW:
        raise NotFoundError(
            None,
            None,
            f"Could not find valid device for node.\nNode:{{{{node {op}}}}}\nNo kernel of op {op} "
            f"gives {dtype.name}; it gives: {', '.join(sorted(_RAW))} [Op:{op}]",
        )
    flat = list(texts.reshape(-1))
    size = dtype.np.itemsize
    if fixed_length is not None:
        if fixed_length <= 0 or fixed_length % size:
            raise invalid(
                f"fixed_length ({fixed_length}) must be a multiple of the size of out_type "
                f"({size}) [Op:{op}]"
            )
        flat = [text[:fixed_length].ljust(fixed_length, b"\0") for text in flat]
    length = len(flat[0]) if flat else 0
    for place, text in enumerate(flat):
        if len(text) != length:
            raise invalid(
                "DecodeRaw requires input strings to all be the same size, but element "
                f"{place} has size {length} != {len(text)} [Op:{op}]"  # in TF's order
            )
    if length % size:
        raise invalid(
            f"Input to DecodeRaw has length {length} that is not a multiple of {size}, the size of "
            f"{dtype.label} [Op:{op}]"
        )
    stored = np.frombuffer(b"".join(flat), dtype.np.newbyteorder("<" if little_endian else ">"))
    numbers = stored.astype(dtype.np)  # a copy: frombuffer's cannot be written to
    return tensor_from_numpy(numbers.reshape(*texts.shape, length // size))


def _each(value: Any, op: str, function: Callable[[bytes], bytes]) -> Tensor:
    texts = host_value(value, op, string)
    return strings([function(text) for text in texts.reshape(-1)], texts.shape)


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Decompresses strings.

    Args:
      bytes: strings.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` for none.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: there is no such compression.
      DataLossError: a string is no compressed data.
    """
    bits = {"": None, "ZLIB": 15, "GZIP": 31}
    if compression_type not in bits:
        raise invalid("Only ZLIB, GZIP or NONE are supported compressions [Op:DecodeCompressed]")

    def decompress(text: Any) -> Any:
        window = bits[compression_type]
        if window is None:
            return text
        try:
            return zlib.decompress(text, window)
        except zlib.error as error:
            raise DataLossError(
                None, None, f"inflate() failed: {error} [Op:DecodeCompressed]"
            ) from None

    return _each(bytes, "DecodeCompressed", decompress)


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Strings in the web-safe base64 code.

    Args:
      input: strings.
      pad: whether to fill up with ``=`` to a multiple of 4 characters.
      name: unused in eager code.
    """

    def encode(text: Any) -> Any:
        coded = base64.urlsafe_b64encode(text)
        return coded if pad else coded.rstrip(b"=")

    return _each(input, "EncodeBase64", encode)


def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """Strings back from the web-safe base64 code, padded or not.

    Args:
      input: strings.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: a string is not in this code.
    """

    def decode(text: Any) -> Any:
        plain = text.rstrip(b"=")
        try:
            return base64.b64decode(plain + b"=" * (-len(plain) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise invalid("Invalid character found in base64. [Op:DecodeBase64]") from None

    return _each(input, "DecodeBase64", decode)
