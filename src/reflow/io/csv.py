"""``tf.io.decode_csv``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from reflow.core.dtypes import string
from reflow.core.errors import invalid
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.io._csv import Column, check_selection, delimiter_of, split
from reflow.io.tensors import host_value

__all__ = ["decode_csv"]

_OP = "DecodeCSV"


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: Any = ",",
    use_quote_delim: bool = True,
    na_value: Any = "",
    select_cols: Sequence[int] | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """The fields of CSV records as columns.

    Args:
      records: strings of any shape, each one record (RFC 4180, without its line's end).
      record_defaults: for each column what stands for an empty field, which gives the column's
        dtype too: float32, float64, int32, int64 or string. Empty, the field must be there.
      field_delim: the character between fields.
      use_quote_delim: whether ``"`` begins and ends a field.
      na_value: another text that means an empty field.
      select_cols: the numbers of the columns to decode, increasing; all by default.
      name: unused in eager code.

    Returns:
      A list of tensors of the shape of ``records``.

    Raises:
      ValueError: ``select_cols`` are not in order, or not as many as the defaults.
      InvalidArgumentError: a record has other columns, or a field is no value of its dtype.
    """
    defaults = list(record_defaults)
    chosen = check_selection(select_cols, len(defaults))
    texts = host_value(records, _OP, string)
    columns = [Column(default, place, _OP) for place, default in enumerate(defaults)]
    delimiter = delimiter_of(field_delim, _OP)
    na = na_value.encode() if isinstance(na_value, str) else bytes(na_value)
    out = [np.empty(texts.size, column.dtype.np) for column in columns]
    end = f" [Op:{_OP}]"
    most = chosen[-1] + 1 if chosen else 1 << 62
    for row, text in enumerate(texts.reshape(-1)):
        try:
            fields = split(text, delimiter, use_quote_delim, most)
        except ValueError as error:
            raise invalid(f"{error}{end}") from None
        if chosen is not None:
            fields = [fields[n] for n in chosen if n < len(fields)]
        if len(fields) != len(columns):
            raise invalid(
                f"Expect {len(columns)} fields but have {len(fields)} in record {row}{end}"
            )
        for array, column, field in zip(out, columns, fields, strict=True):
            array[row] = column.value(field, na, f" {row}", end)
    return [tensor_from_numpy(array.reshape(texts.shape)) for array in out]
