"""Fields of CSV records (RFC 4180), and their values."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, float32, float64, int32, int64, string
from reflow.core.errors import invalid

ALLOWED = (float32, float64, int32, int64, string)
_INTEGER = re.compile(rb"\s*-?[0-9]+\s*")
_REAL = re.compile(
    rb"\s*[-+]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?|inf|nan)\s*", re.IGNORECASE
)
QUOTED_END = "Quoted field has to end with quote followed by delim or end"


class UnclosedError(ValueError):
    """A record ends in the middle of a quoted field."""


def split(record: bytes, delimiter: bytes, quotes: bool, most: int = 1 << 62) -> list[bytes]:
    """The fields of one record, quotes taken off; what follows the first ``most`` is not read.

    Raises:
      UnclosedError: it ends in a quoted field.
      ValueError: it is no CSV.
    """
    if not record:
        return []
    if not quotes:
        return record.split(delimiter)
    if b'"' not in record:
        fields = [field.lstrip(b"\r\n") for field in record.split(delimiter)][:most]
        if any(b"\n" in field or b"\r" in field for field in fields):
            raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
        return fields
    fields = []
    at, end = 0, len(record)
    while True:
        while at < end and record[at] in b"\r\n":
            at += 1
        if record[at : at + 1] == b'"':
            field, at = _quoted(record, at + 1)
            if at < end and record[at : at + 1] != delimiter:
                raise ValueError("Quote inside a string has to be escaped by another quote")
        else:
            stop = record.find(delimiter, at)
            stop = end if stop < 0 else stop
            field, at = record[at:stop], stop
            if any(byte in field for byte in b'"\r\n'):
                raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
        fields.append(field)
        if at >= end or len(fields) == most:
            return fields
        at += 1


def _quoted(record: bytes, at: int) -> tuple[bytes, int]:
    """A quoted field from behind its quote, and the place behind its last one."""
    parts = []
    while True:
        stop = record.find(b'"', at)
        if stop < 0:
            raise UnclosedError(QUOTED_END)
        parts.append(record[at:stop])
        at = stop + 1
        if record[at : at + 1] != b'"':
            return b'"'.join(parts), at
        at += 1


class Column:
    """How a field becomes a value.

    Args:
      default: a dtype, for a field that must be there; or a tensor, empty if it must be, else with
        what stands for an empty field.
      place: its number, for messages.
    """

    def __init__(self, default: Any, place: int, op: str) -> None:
        self.place = place
        self.default: Any = None
        if isinstance(default, DType):
            self.dtype = default
        else:
            empty = isinstance(default, (list, tuple)) and not default
            tensor = convert_to_tensor(default, float32 if empty else None)
            self.dtype = tensor.dtype
            values = tensor._host().reshape(-1)
            if len(values) > 1:
                raise invalid(
                    f"There should only be 1 default per field but field {place} has "
                    f"{len(values)} [Op:{op}]"
                )
            self.default = values[0] if len(values) else None
        if self.dtype not in ALLOWED:
            raise invalid(
                f"Value for attr 'OUT_TYPE' of {self.dtype.label} is not in the list of allowed "
                f"values: float, double, int32, int64, string [Op:{op}]"
            )
        self._parse = parser(self.dtype)

    def value(self, field: bytes, na_value: bytes, where: str, end: str = "") -> Any:
        """The value of a field; ``where`` names the record in messages."""
        if not field or field == na_value:
            if self.default is None:
                raise invalid(f"Field {self.place} is required but missing in record{where}!{end}")
            return self.default
        found = self._parse(field)
        if found is None:
            raise invalid(
                f"Field {self.place} in record{where} is not a valid {self.dtype.label}: "
                f"{field.decode(errors='replace')}{end}"
            )
        return found


def parser(dtype: Any) -> Callable[[bytes], Any]:
    """A function that reads a value of a dtype, or returns None if a field is none."""
    dtype = as_dtype(dtype)
    if dtype is string:
        return lambda field: field
    kind = dtype.np.type
    if dtype in (int32, int64):
        limits = np.iinfo(kind)

        def integer(field: bytes) -> Any:
            if len(field) > 100 or not _INTEGER.fullmatch(field):
                return None
            number = int(field)
            return kind(number) if limits.min <= number <= limits.max else None

        return integer

    def real(field: bytes) -> Any:
        if not _REAL.fullmatch(field):
            return None
        with np.errstate(all="ignore"):
            return kind(float(field))

    return real


def delimiter_of(field_delim: Any, op: str) -> bytes:
    """The delimiter as a byte."""
    value = field_delim.encode() if isinstance(field_delim, str) else bytes(field_delim)
    if len(value) != 1:
        raise invalid(f"field_delim should be only 1 char [Op:{op}]")
    return value


def check_selection(select_cols: Sequence[int] | None, count: int) -> list[int] | None:
    """The selected columns' numbers.

    Raises:
      ValueError: they are not in order, or not as many as there are defaults.
    """
    if select_cols is None:
        return None
    chosen = [int(n) for n in select_cols]
    if any(b <= a for a, b in itertools.pairwise(chosen)):
        raise ValueError("select_cols is not strictly increasing.")
    if chosen and chosen[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if len(chosen) != count:
        raise ValueError("Length of select_cols and record_defaults do not match.")
    return chosen
