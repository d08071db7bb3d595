"""``tf.data.TFRecordDataset``: the records of files as elements."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow.core.convert import to_array
from reflow.core.dtypes import of_array, string
from reflow.core.static import static_int
from reflow.core.tensor_shape import TensorShape
from reflow.core.type_spec import TensorSpec
from reflow.data.dataset import Dataset, host
from reflow.data.structure import is_dataset
from reflow.io._records import RecordFile, read_records
from reflow.io.tf_record import TFRecordOptions

__all__ = ["TFRecordDataset"]


class TFRecordDataset(Dataset):
    """The records of one or more TFRecord files, as string scalars.

    Args:
      filenames: a file's name, a list of them, or a dataset of them.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
      buffer_size: how many bytes to read at a time.
      num_parallel_reads: from how many files to take records in turn; one after another by default.

    Raises:
      TypeError: the names are no strings.
      NotFoundError: when it is iterated: a file does not exist.
      DataLossError: when it is iterated: a file is damaged or cut off.
    """

    _kind = "TFRecordDatasetV2"

    def __init__(
        self,
        filenames: Any,
        compression_type: str | None = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        self._names = _names(filenames)
        self._inputs = (self._names,)
        self._compression = _text(compression_type)
        self._buffer = 0 if buffer_size is None else static_int(buffer_size, "buffer_size")
        self._parallel = (
            None if num_parallel_reads is None else static_int(num_parallel_reads, "parallel")
        )

    @property
    def element_spec(self) -> Any:
        return TensorSpec([], string)

    def _is_costly(self) -> bool:
        return True

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        if self._parallel is None:
            return self._one_by_one(self._names._flat())
        in_turn = self._names.interleave(
            lambda name: TFRecordDataset(name, self._compression, self._buffer or None),
            cycle_length=self._parallel,
        )
        return in_turn._flat()

    def _one_by_one(self, names: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for (name,) in names:
            for file in np.ravel(host(name)):
                path = file.decode() if isinstance(file, bytes) else str(file)
                for record in read_records(path, self._compression, self._buffer):
                    yield (record,)


def _text(value: Any) -> str:
    if value is None:
        return ""
    value = value.numpy() if hasattr(value, "numpy") else value
    return value.decode() if isinstance(value, bytes) else value


def _names(filenames: Any) -> Dataset:
    """File names as a dataset of strings."""
    if is_dataset(filenames):
        spec = filenames.element_spec
        if not isinstance(spec, TensorSpec) or spec.dtype is not string:
            raise TypeError("`filenames` must be a `tf.data.Dataset` of `tf.string` elements.")
        if not spec.shape.is_compatible_with(TensorShape([])):
            raise ValueError(
                "`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements."
            )
        return filenames  # type: ignore[no-any-return]
    if isinstance(filenames, os.PathLike):
        filenames = os.fspath(filenames)
    elif isinstance(filenames, (list, tuple)):
        filenames = [os.fspath(n) if isinstance(n, os.PathLike) else n for n in filenames]
    value = filenames.numpy() if hasattr(filenames, "numpy") else filenames
    array = to_array(value, string if isinstance(value, list) and not value else None)
    if array.dtype != object:
        raise TypeError(
            f"`filenames` must be a `tf.Tensor` of dtype `tf.string` dtype. Got {of_array(array)}"
        )
    return Dataset.from_tensor_slices(array.reshape(-1))


class RecordWriter:
    """Writes a dataset of strings to a TFRecord file.

    Args:
      filename: the file's name.
      compression_type: ``"GZIP"``, ``"ZLIB"``, or ``""`` or None for none.
    """

    def __init__(self, filename: Any, compression_type: str | None = None) -> None:
        self._path = os.fspath(_text(filename))
        self._compression = TFRecordOptions.get_compression_type_string(_text(compression_type))

    def write(self, dataset: Any) -> None:
        """Writes all elements.

        Args:
          dataset: a dataset of string scalars.

        Raises:
          TypeError: it is another one.
        """
        if not is_dataset(dataset):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        spec = dataset.element_spec
        scalar = isinstance(spec, TensorSpec) and spec.shape.is_compatible_with(TensorShape([]))
        if not scalar or spec.dtype is not string:
            kinds = (spec.shape, spec.dtype) if isinstance(spec, TensorSpec) else (spec, "")
            raise TypeError(
                "`dataset` must produce scalar `DT_STRING` tensors whereas it produces shape "
                f"{kinds[0]} and types {kinds[1]}"
            )
        file = RecordFile(self._path, self._compression)
        try:
            for (value,) in dataset._flat():
                file.write(host(value).item())
        finally:
            file.close()


RecordWriter.__name__ = RecordWriter.__qualname__ = "TFRecordWriter"
