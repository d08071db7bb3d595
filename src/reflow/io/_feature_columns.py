"""Features of records as columns: what parsing single records, batches and sequences share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, float32, int64, string
from reflow.core.errors import InvalidArgumentError, NeedsEagerError, invalid
from reflow.core.sparse_tensor import SparseTensor, sparse_tensor
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.core.tensor_shape import as_shape
from reflow.io.features import FixedLenSequenceFeature, SparseFeature

OP = "ParseExampleV2"
_KINDS = {"float_list": float32, "int64_list": int64, "bytes_list": string}
_ALLOWED = "float, int64, string"


def records_of(serialized: Any, op: str) -> np.ndarray[Any, Any]:
    tensor = convert_to_tensor(serialized, string if _is_empty(serialized) else None)
    if tensor._is_symbolic():
        raise NeedsEagerError(f"{op} runs on the host, not in compiled code")
    if tensor.dtype is not string:
        raise ValueError(
            f"Tensor conversion requested dtype string for Tensor with dtype {tensor.dtype.name}: "
            f"{tensor!r}"
        )
    return tensor._host()


def _is_empty(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and not value


class Dense:
    """A feature that becomes a dense tensor.

    Raises:
      ValueError: the shape is not known.
      InvalidArgumentError: the dtype is not one that records hold.
    """

    def __init__(self, key: str, feature: Any) -> None:
        self.key = key
        self.dtype = _dtype(feature.dtype, "Tdense")
        self.variable = isinstance(feature, FixedLenSequenceFeature)
        shape = as_shape(feature.shape)
        if shape.rank is None or not shape.is_fully_defined():
            if shape.rank and shape[0] is None and shape[1:].is_fully_defined():
                raise ValueError(
                    f"First dimension of shape for feature {key} unknown. Consider using "
                    "FixedLenSequenceFeature."
                )
            raise ValueError(
                f"All dimensions of shape for feature {key} need to be known but received {shape}."
            )
        self.shape: tuple[int, ...] = tuple(shape.as_list())
        self.size = math.prod(self.shape)
        self.default: np.ndarray[Any, Any] | None = None
        if self.variable:
            padding = b"" if self.dtype is string else 0
            if feature.default_value is not None:
                padding = convert_to_tensor(feature.default_value, self.dtype).numpy()
            self.padding = padding
        elif feature.default_value is not None:
            given = convert_to_tensor(feature.default_value, self.dtype)._host()
            if given.size != self.size:
                raise invalid(
                    f"Input to reshape is a tensor with {given.size} values, but the requested "
                    f"shape has {self.size} [Op:Reshape]"
                )
            self.default = given.reshape(self.shape)


def _dtype(dtype: Any, attribute: str) -> DType:
    found = as_dtype(dtype)
    if found not in (float32, int64, string):
        raise invalid(
            f"Value for attr '{attribute}' of {found.label} is not in the list of allowed values: "
            f"{_ALLOWED} [Op:{OP}]"
        )
    return found


def stored_values(feature: Any, dtype: DType) -> np.ndarray[Any, Any] | None:
    """A stored feature's values; None if it has none, or another type than ``dtype``."""
    kind = feature.WhichOneof("kind")
    if kind is None or _KINDS[kind] is not dtype:
        return None
    stored = getattr(feature, kind).value
    if dtype is string:
        array = np.empty(len(stored), object)
        array[:] = list(stored)
        return array
    return np.array(stored, dtype.np)


def kind_of(feature: Any) -> DType | None:
    kind = feature.WhichOneof("kind")
    return None if kind is None else _KINDS[kind]


def names_of(example_names: Any) -> list[str]:
    if example_names is None:
        return []
    return [n.decode() for n in convert_to_tensor(example_names)._host().reshape(-1)]


def sparse_dtype(feature: Any, key: str) -> DType:
    if not feature.dtype:
        raise ValueError(f"Missing type for feature {key}.")
    return _dtype(feature.dtype, "sparse_types")


def who_is(names: list[str], index: int) -> str:
    return f"Name: {names[index] if index < len(names) else '<unknown>'}"


def _where(names: list[str], key: str, index: int, single: bool) -> str:
    return f"Key: {key}." if single else f"{who_is(names, index)}, Key: {key}, Index: {index}."


def _wrong_type(
    found: DType, wanted: DType, names: list[str], key: str, index: int, single: bool
) -> InvalidArgumentError:
    return invalid(
        f"{_where(names, key, index, single)}  Data types don't match. Data type: {found.label} "
        f"but expected type: {wanted.label} [Op:{OP}]"
    )


def _stored(
    row: Mapping[str, Any], key: str, dtype: DType, names: list[str], index: int, single: bool
) -> np.ndarray[Any, Any] | None:
    """A feature's values in one record; None if it is missing."""
    if key not in row:
        return None
    feature = row[key]
    kind = kind_of(feature)
    if kind is not None and kind is not dtype:
        raise _wrong_type(kind, dtype, names, key, index, single)
    return stored_values(feature, dtype)


def column_of(
    rows: Sequence[Mapping[str, Any]], key: str, dtype: DType, names: list[str], single: bool
) -> list[np.ndarray[Any, Any]]:
    """A feature's values in each record; none where it is missing."""
    nothing = np.zeros(0, dtype.np)
    found = [_stored(row, key, dtype, names, i, single) for i, row in enumerate(rows)]
    return [nothing if values is None else values for values in found] or []


def joined(parts: list[np.ndarray[Any, Any]], dtype: Any) -> np.ndarray[Any, Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def ragged_rows(column: list[np.ndarray[Any, Any]], dtype: DType, single: bool) -> SparseTensor:
    """Rows of different lengths as a SparseTensor; of one record, its row."""
    values = joined(column, dtype.np)
    lengths = [len(part) for part in column]
    places = np.concatenate([np.arange(n) for n in lengths]) if lengths else np.zeros(0, np.int64)
    longest = max(lengths, default=0)
    if single:
        return sparse_tensor(places[:, None], values, [longest])
    batch = np.repeat(np.arange(len(lengths)), lengths)
    return sparse_tensor(np.stack([batch, places], 1), values, [len(lengths), longest])


def sparse_rows(
    rows: Any, key: str, feature: SparseFeature, names: list[str], single: bool
) -> SparseTensor:
    several = isinstance(feature.index_key, (list, tuple))
    keys = list(feature.index_key) if several else [feature.index_key]
    sizes = list(feature.size) if several else [feature.size]
    values = column_of(rows, feature.value_key, sparse_dtype(feature, key), names, single)
    axes = [column_of(rows, index_key, int64, names, single) for index_key in keys]
    for axis in axes:
        for places, stored in zip(axis, values, strict=True):
            if len(places) != len(stored):
                count, other = sum(map(len, axis)), sum(map(len, values))
                raise ValueError(f"Dimensions {count} and {other} are not compatible")
    lengths = [len(part) for part in values]
    columns = [joined(axis, np.int64) for axis in axes]
    shape = sizes
    if not single:
        columns.insert(0, np.repeat(np.arange(len(lengths)), lengths))
        shape = [len(lengths), *sizes]
    indices = np.stack(columns, 1).astype(np.int64)
    stored = joined(values, as_dtype(feature.dtype).np)
    if not feature.already_sorted:
        order = np.lexsort(indices.T[::-1])
        indices, stored = indices[order], stored[order]
    return sparse_tensor(indices, stored, shape)


def fixed_rows(rows: Any, dense: Dense, names: list[str], single: bool) -> Tensor:
    out = np.empty((len(rows), *dense.shape), dense.dtype.np)
    for i, row in enumerate(rows):
        values = _stored(row, dense.key, dense.dtype, names, i, single)
        if values is None:
            if dense.default is None:
                who = "" if single else f"{who_is(names, i)}, "
                raise invalid(
                    f"{who}Feature: {dense.key} (data type: {dense.dtype.label}) is required but "
                    f"could not be found. [Op:{OP}]"
                )
            out[i] = dense.default
            continue
        if len(values) != dense.size:
            if single:
                raise invalid(
                    f"Key: {dense.key}.  Can't parse serialized Example. ({len(values)} values for "
                    f"shape {list(dense.shape)}) [Op:{OP}]"
                )
            raise invalid(
                f"{_where(names, dense.key, i, single)}  Number of {dense.dtype.label} values != "
                f"expected.  Values size: {len(values)} but output shape: "
                f"[{','.join(map(str, dense.shape))}] [Op:{OP}]"
            )
        out[i] = values.reshape(dense.shape) if dense.shape else values[0]
    return tensor_from_numpy(only_row(out) if single else out)


def only_row(out: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The one element of a batch, as an array."""
    return out.reshape(out.shape[1:])


def padded_rows(rows: Any, dense: Dense, names: list[str], single: bool) -> Tensor:
    column = column_of(rows, dense.key, dense.dtype, names, single)
    for i, values in enumerate(column):
        if len(values) % max(dense.size, 1):
            raise invalid(
                f"{_where(names, dense.key, i, single)}  Number of {dense.dtype.label} values is "
                f"not a multiple of stride length. Saw {len(values)} values but output shape is: "
                f"[?,{','.join(map(str, dense.shape))}] [Op:{OP}]"
            )
    counts = [len(values) // max(dense.size, 1) for values in column]
    out = np.full(
        (len(column), max(counts, default=0), *dense.shape), dense.padding, dense.dtype.np
    )
    for i, values in enumerate(column):
        out[i, : counts[i]] = values.reshape(counts[i], *dense.shape)
    return tensor_from_numpy(only_row(out) if single else out)
