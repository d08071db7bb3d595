"""``tf.data.experimental.CsvDataset`` and ``make_csv_dataset``."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from reflow.core.dtypes import DType, float32, float64, int32, int64, string
from reflow.core.errors import invalid
from reflow.core.static import static_int
from reflow.core.type_spec import TensorSpec
from reflow.data.dataset import Dataset, host
from reflow.data.records import _names, _text
from reflow.io._csv import Column, UnclosedError, check_selection, delimiter_of, parser, split
from reflow.io._lines import read_lines
from reflow.io.gfile.folders import glob

__all__ = ["CsvDataset", "make_csv_dataset"]

_OP = "CSVDataset"


class CsvDataset(Dataset):
    """The records of CSV files as tuples of scalars.

    Args:
      filenames: a file's name, a list of them, or a dataset of them.
      record_defaults: for each column a dtype, where a field must be there, or a default in a list
        or tensor, which gives the dtype too: float32, float64, int32, int64 or string.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      buffer_size: how many bytes to read at a time.
      header: whether to leave out each file's first line.
      field_delim: the character between fields.
      use_quote_delim: whether ``"`` begins and ends a field.
      na_value: another text that means an empty field.
      select_cols: the numbers of the columns to take, increasing; all by default.

    Raises:
      ValueError: ``select_cols`` are not in order, or not as many as the defaults.
      InvalidArgumentError: when it is iterated: a record does not have these columns.
      NotFoundError: when it is iterated: a file does not exist.
    """

    _kind = "CsvDatasetV2"

    def __init__(
        self,
        filenames: Any,
        record_defaults: Any,
        compression_type: str | None = None,
        buffer_size: Any = None,
        header: bool = False,
        field_delim: str = ",",
        use_quote_delim: bool = True,
        na_value: str = "",
        select_cols: Sequence[int] | None = None,
    ) -> None:
        self._names = _names(filenames)
        self._inputs = (self._names,)
        self._columns = [Column(d, n, _OP) for n, d in enumerate(record_defaults)]
        self._chosen = check_selection(select_cols, len(self._columns))
        self._compression = _text(compression_type)
        self._buffer = 0 if buffer_size is None else static_int(buffer_size, "buffer_size")
        self._header = bool(header)
        self._delimiter = delimiter_of(field_delim, _OP)
        self._quotes = bool(use_quote_delim)
        self._na = na_value.encode()

    @property
    def element_spec(self) -> Any:
        return tuple([TensorSpec([], column.dtype) for column in self._columns])

    def _is_costly(self) -> bool:
        return True

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        return _Rows(self)

    def _row(self, fields: list[bytes]) -> tuple[Any, ...]:
        wanted = len(self._columns)
        if self._chosen is not None:
            fields = [fields[n] for n in self._chosen if n < len(fields)]
        pairs = zip(self._columns, fields, strict=False)
        row = tuple([column.value(field, self._na, "") for column, field in pairs])
        if len(fields) > wanted:
            raise invalid(f"Expect {wanted} fields but have more in record")
        if len(fields) < wanted:
            raise invalid(f"Expect {wanted} fields but have {len(fields)} in record")
        return row

    def _records(self) -> Iterator[list[bytes] | str]:
        """The fields of the files' records, or what is wrong with one."""
        for (name,) in self._names._flat():
            for file in np.ravel(host(name)):
                path = os.fsdecode(file)
                lines = read_lines(path, self._compression, self._buffer)
                if self._header and next(lines, None) is None:
                    yield "Can't read header of file"
                yield from records(lines, self._delimiter, self._quotes)


class _Rows:
    """An iterator that goes on after an error, as ``ignore_errors`` wants it."""

    def __init__(self, dataset: CsvDataset) -> None:
        self._dataset = dataset
        self._records = dataset._records()

    def __iter__(self) -> _Rows:
        return self

    def __next__(self) -> tuple[Any, ...]:
        found = next(self._records)
        if isinstance(found, str):
            raise invalid(found)
        return self._dataset._row(found)


def records(lines: Iterator[bytes], delimiter: bytes, quotes: bool) -> Iterator[list[bytes] | str]:
    """The fields of the records in lines, or what is wrong with one."""
    for line in lines:
        text, marks = line, line.count(b'"')
        while True:
            if marks % 2 == 0 or text is line or not quotes:  # else a quoted field goes on
                try:
                    for part in _ended(text, quotes):
                        yield split(part, delimiter, quotes) or [b""]
                    break
                except UnclosedError:
                    pass
                except ValueError as error:
                    yield str(error).replace("quotes/CRLFs", "quotes")
                    break
            more = next(lines, None)
            if more is None:
                yield "Reached end of file without closing quoted field in record"
                return
            text, marks = text + more, marks + more.count(b'"')


def _ended(text: bytes, quotes: bool) -> list[bytes]:
    """A line without its end; several, where carriage returns alone end lines."""
    text = text.removesuffix(b"\n").removesuffix(b"\r")
    return text.split(b"\r") if b"\r" in text and b'"' not in text else [text]


_KINDS = (int32, int64, float32, float64, string)
_ZEROS: dict[DType, Any] = {int32: 0, int64: 0, float32: 0.0, float64: 0.0, string: ""}


def make_csv_dataset(
    file_pattern: Any,
    batch_size: Any,
    column_names: Sequence[str] | None = None,
    column_defaults: Any = None,
    label_name: str | None = None,
    select_columns: Any = None,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    na_value: str = "",
    header: bool = True,
    num_epochs: Any = None,
    shuffle: bool = True,
    shuffle_buffer_size: int = 10000,
    shuffle_seed: int | None = None,
    prefetch_buffer_size: Any = None,
    num_parallel_reads: Any = None,
    sloppy: bool = False,
    num_rows_for_inference: int | None = 100,
    compression_type: str | None = None,
    ignore_errors: bool = False,
) -> Dataset:
    """Batches of CSV files' columns, as dictionaries by the columns' names.

    Args:
      file_pattern: files, or patterns of their names.
      batch_size: rows per batch.
      column_names: the columns' names; by default the files' first lines have them.
      column_defaults: for each column (each selected one) a dtype or a default; by default they
        follow from the first rows.
      label_name: a column that is not in the dictionary, but beside it: ``(dictionary, label)``.
      select_columns: names or numbers of the columns to take; all by default.
      field_delim, use_quote_delim, na_value: see ``CsvDataset``.
      header: whether each file's first line is left out.
      num_epochs: how often to go through the files; None: for ever.
      shuffle: whether to shuffle files and rows.
      shuffle_buffer_size, shuffle_seed: of the shuffling.
      prefetch_buffer_size: batches made ahead, one by default.
      num_parallel_reads: from how many files to take rows in turn.
      sloppy: without effect; the order is always the same.
      num_rows_for_inference: how many rows of each file to look at for the dtypes; None: all.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      ignore_errors: whether rows that cannot be read are left out.

    Raises:
      ValueError: there are no such files or columns.
    """
    files = _files(file_pattern)
    delimiter, na = delimiter_of(field_delim, _OP), na_value.encode()
    compression = _text(compression_type)

    def rows(file: str) -> Iterator[list[bytes] | str]:
        return records(read_lines(file, compression), delimiter, use_quote_delim)

    if column_names is None:
        if not header:
            raise ValueError("Cannot infer column names without a header line.")
        column_names = _header_names(files, rows)
    names = list(column_names)
    if len(set(names)) != len(names):
        raise ValueError("Cannot have duplicate column names.")
    chosen = None if select_columns is None else _numbers(select_columns, names)
    if column_defaults is None:
        defaults = _inferred(files, rows, header, num_rows_for_inference, na, chosen, len(names))
    else:
        defaults = [d if isinstance(d, DType) else _in_list(d) for d in column_defaults]
    if chosen is not None:
        names = [names[n] for n in chosen]
    if label_name is not None and label_name not in names:
        raise ValueError("`label_name` provided must be one of the columns.")

    def read(file: Any) -> Dataset:
        found: Any = CsvDataset(
            file, defaults, compression_type, None, header, field_delim, use_quote_delim, na_value,
            chosen,
        )  # fmt: skip
        if ignore_errors:
            from reflow.data import experimental

            found = found.apply(experimental.ignore_errors())
        return found  # type: ignore[no-any-return]

    def named(*columns: Any) -> Any:
        features = OrderedDict(zip(names, columns, strict=False))
        if label_name is None:
            return features
        label = features.pop(label_name)
        return features, label

    dataset = Dataset.from_tensor_slices(files)
    if shuffle:
        dataset = dataset.shuffle(len(files), shuffle_seed)
    dataset = dataset.interleave(read, cycle_length=num_parallel_reads or 1)
    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    if num_epochs != 1:
        dataset = dataset.repeat(num_epochs)
    dataset = dataset.batch(batch_size, drop_remainder=num_epochs is None).map(named)
    return dataset.prefetch(1 if prefetch_buffer_size is None else prefetch_buffer_size)


def _in_list(default: Any) -> Any:
    return [default] if isinstance(default, (int, float, str, bytes)) else default


def _files(file_pattern: Any) -> list[str]:
    patterns = file_pattern if isinstance(file_pattern, (list, tuple)) else [file_pattern]
    found: list[str] = []
    for pattern in patterns:
        matching = glob(pattern)
        if not matching:
            raise ValueError(f"No files match {pattern}.")
        found += matching
    return sorted(found)


def _first(found: list[bytes] | str | None, file: str) -> list[str]:
    if not isinstance(found, list):
        raise ValueError(f"{file}: there is no header line ({found or 'the file is empty'})")
    return [field.decode() for field in found]


def _header_names(files: list[str], rows: Any) -> list[str]:
    names = _first(next(rows(files[0]), None), files[0])
    for file in files[1:]:
        if _first(next(rows(file), None), file) != names:
            raise ValueError(
                "All input CSV files should have the same column names in the header row."
            )
    return names


def _numbers(select_columns: Any, names: list[str]) -> list[int]:
    """The numbers of selected columns, in the files' order."""
    numbers = []
    for column in select_columns:
        if isinstance(column, (int, np.integer)) and 0 <= column < len(names):
            numbers.append(int(column))
        elif column in names:
            numbers.append(names.index(column))
        else:
            raise ValueError(
                f"Value '{column}' specified in select_columns not a valid column index or name."
            )
    if len(set(numbers)) != len(numbers):
        raise ValueError("select_columns contains duplicate columns")
    return sorted(numbers)


def _inferred(
    files: list[str],
    rows: Any,
    header: bool,
    most: int | None,
    na: bytes,
    chosen: list[int] | None,
    width: int,
) -> list[Any]:
    """Defaults of the narrowest dtypes that can hold the first rows of all files."""
    places = list(range(width)) if chosen is None else chosen
    kinds = [-1] * len(places)  # of which nothing is known: text
    for file in files:
        for number, row in enumerate(rows(file)):
            if number == 0 and header:
                continue
            if most is not None and number >= most + header:
                break
            if not isinstance(row, list) or len(row) != width:
                raise ValueError(
                    f"{file}: Problem inferring types: CSV row has different number of fields than "
                    "expected."
                )
            for i, place in enumerate(places):
                kinds[i] = _wide_enough(row[place], kinds[i], na)
    return [_with_zero(_KINDS[kind]) for kind in kinds]


def _with_zero(dtype: DType) -> Any:
    return np.array([_ZEROS[dtype]], dtype.np)


def _wide_enough(field: bytes, kind: int, na: bytes) -> int:
    if not field or field == na:
        return kind
    kind = max(kind, 0)
    while _KINDS[kind] is not string:
        value = parser(_KINDS[kind])(field)
        if value is not None and (_KINDS[kind] is not float32 or np.isfinite(value)):
            break
        kind += 1
    return kind
