"""``tf.io.parse_example`` and its kin: records become dictionaries of tensors."""

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
from reflow.io._protos import message
from reflow.io.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
)

__all__ = [
    "parse_example", "parse_sequence_example", "parse_single_example",
    "parse_single_sequence_example",
]  # fmt: skip

_KINDS = {"float_list": float32, "int64_list": int64, "bytes_list": string}
_ALLOWED = "float, int64, string"
_OP, _SEQUENCE_OP = "ParseExampleV2", "ParseSequenceExampleV2"


# ---- arguments


def _records(serialized: Any, op: str) -> np.ndarray[Any, Any]:
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


class _Dense:
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
            f"{_ALLOWED} [Op:{_OP}]"
        )
    return found


def _values(feature: Any, dtype: DType) -> np.ndarray[Any, Any] | None:
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


def _kind_of(feature: Any) -> DType | None:
    kind = feature.WhichOneof("kind")
    return None if kind is None else _KINDS[kind]


# ---- parse_example


def parse_example(
    serialized: Any, features: Any, example_names: Any = None, name: str | None = None
) -> dict[str, Any]:
    """Parses a batch of ``tf.train.Example`` records.

    Args:
      serialized: a vector of strings (a scalar is parsed alone).
      features: what to expect, by the features' names: ``FixedLenFeature``, ``VarLenFeature``,
        ``FixedLenSequenceFeature`` or ``SparseFeature``.
      example_names: a vector of names, for error messages.
      name: unused in eager code.

    Returns:
      A dictionary of tensors ``[batch, ...]`` and SparseTensors by the features' names.

    Raises:
      ValueError: a description is wrong.
      InvalidArgumentError: a record does not have what is expected, or is damaged.
    """
    return _parse(serialized, features, example_names)


def _parse(serialized: Any, features: Any, example_names: Any) -> dict[str, Any]:
    records = _records(serialized, _OP)
    if records.ndim > 1:
        sizes = ",".join(map(str, records.shape))
        raise invalid(
            f"Expected serialized to be a scalar or vector, got shape: [{sizes}] [Op:{_OP}]"
        )
    if not features:
        raise ValueError("Missing features.")
    names = _names(example_names)
    single = records.ndim == 0
    rows = [_example(record, i, names, single) for i, record in enumerate(records.reshape(-1))]
    sparse: dict[str, Any] = {}
    dense: dict[str, Any] = {}
    for key, feature in sorted(features.items()):
        if isinstance(feature, VarLenFeature):
            dtype = _sparse_dtype(feature, key)
            sparse[key] = _ragged_rows(_column(rows, key, dtype, names, single), dtype, single)
        elif isinstance(feature, SparseFeature):
            sparse[key] = _sparse_feature(rows, key, feature, names, single)
        elif isinstance(feature, FixedLenFeature):
            dense[key] = _fixed(rows, _Dense(key, feature), names, single)
        elif isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be True."
                )
            dense[key] = _sequence(rows, _Dense(key, feature), names, single)
        else:
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
    return sparse | dense


def _names(example_names: Any) -> list[str]:
    if example_names is None:
        return []
    return [n.decode() for n in convert_to_tensor(example_names)._host().reshape(-1)]


def _sparse_dtype(feature: Any, key: str) -> DType:
    if not feature.dtype:
        raise ValueError(f"Missing type for feature {key}.")
    return _dtype(feature.dtype, "sparse_types")


def _example(record: bytes, index: int, names: list[str], single: bool) -> Mapping[str, Any]:
    from google.protobuf.message import DecodeError

    try:
        return message("Example").FromString(record).features.feature  # type: ignore[no-any-return]
    except DecodeError:
        where = "" if single else f"{_who(names, index)}, Key: , Index: {index}.  "
        raise invalid(
            f"{where}Could not parse example input, value: {record!r} [Op:{_OP}]"
        ) from None


def _who(names: list[str], index: int) -> str:
    return f"Name: {names[index] if index < len(names) else '<unknown>'}"


def _where(names: list[str], key: str, index: int, single: bool) -> str:
    return f"Key: {key}." if single else f"{_who(names, index)}, Key: {key}, Index: {index}."


def _wrong_type(
    found: DType, wanted: DType, names: list[str], key: str, index: int, single: bool
) -> InvalidArgumentError:
    return invalid(
        f"{_where(names, key, index, single)}  Data types don't match. Data type: {found.label} "
        f"but expected type: {wanted.label} [Op:{_OP}]"
    )


def _stored(
    row: Mapping[str, Any], key: str, dtype: DType, names: list[str], index: int, single: bool
) -> np.ndarray[Any, Any] | None:
    """A feature's values in one record; None if it is missing."""
    if key not in row:
        return None
    feature = row[key]
    kind = _kind_of(feature)
    if kind is not None and kind is not dtype:
        raise _wrong_type(kind, dtype, names, key, index, single)
    return _values(feature, dtype)


def _column(
    rows: Sequence[Mapping[str, Any]], key: str, dtype: DType, names: list[str], single: bool
) -> list[np.ndarray[Any, Any]]:
    """A feature's values in each record; none where it is missing."""
    nothing = np.zeros(0, dtype.np)
    found = [_stored(row, key, dtype, names, i, single) for i, row in enumerate(rows)]
    return [nothing if values is None else values for values in found] or []


def _joined(parts: list[np.ndarray[Any, Any]], dtype: Any) -> np.ndarray[Any, Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype)


def _ragged_rows(column: list[np.ndarray[Any, Any]], dtype: DType, single: bool) -> SparseTensor:
    """Rows of different lengths as a SparseTensor; of one record, its row."""
    values = _joined(column, dtype.np)
    lengths = [len(part) for part in column]
    places = np.concatenate([np.arange(n) for n in lengths]) if lengths else np.zeros(0, np.int64)
    longest = max(lengths, default=0)
    if single:
        return sparse_tensor(places[:, None], values, [longest])
    batch = np.repeat(np.arange(len(lengths)), lengths)
    return sparse_tensor(np.stack([batch, places], 1), values, [len(lengths), longest])


def _sparse_feature(
    rows: Any, key: str, feature: SparseFeature, names: list[str], single: bool
) -> SparseTensor:
    several = isinstance(feature.index_key, (list, tuple))
    keys = list(feature.index_key) if several else [feature.index_key]
    sizes = list(feature.size) if several else [feature.size]
    values = _column(rows, feature.value_key, _sparse_dtype(feature, key), names, single)
    axes = [_column(rows, index_key, int64, names, single) for index_key in keys]
    for axis in axes:
        for places, stored in zip(axis, values, strict=True):
            if len(places) != len(stored):
                count, other = sum(map(len, axis)), sum(map(len, values))
                raise ValueError(f"Dimensions {count} and {other} are not compatible")
    lengths = [len(part) for part in values]
    columns = [_joined(axis, np.int64) for axis in axes]
    shape = sizes
    if not single:
        columns.insert(0, np.repeat(np.arange(len(lengths)), lengths))
        shape = [len(lengths), *sizes]
    indices = np.stack(columns, 1).astype(np.int64)
    stored = _joined(values, as_dtype(feature.dtype).np)
    if not feature.already_sorted:
        order = np.lexsort(indices.T[::-1])
        indices, stored = indices[order], stored[order]
    return sparse_tensor(indices, stored, shape)


def _fixed(rows: Any, dense: _Dense, names: list[str], single: bool) -> Tensor:
    out = np.empty((len(rows), *dense.shape), dense.dtype.np)
    for i, row in enumerate(rows):
        values = _stored(row, dense.key, dense.dtype, names, i, single)
        if values is None:
            if dense.default is None:
                who = "" if single else f"{_who(names, i)}, "
                raise invalid(
                    f"{who}Feature: {dense.key} (data type: {dense.dtype.label}) is required but "
                    f"could not be found. [Op:{_OP}]"
                )
            out[i] = dense.default
            continue
        if len(values) != dense.size:
            if single:
                raise invalid(
                    f"Key: {dense.key}.  Can't parse serialized Example. ({len(values)} values for "
                    f"shape {list(dense.shape)}) [Op:{_OP}]"
                )
            raise invalid(
                f"{_where(names, dense.key, i, single)}  Number of {dense.dtype.label} values != "
                f"expected.  Values size: {len(values)} but output shape: "
                f"[{','.join(map(str, dense.shape))}] [Op:{_OP}]"
            )
        out[i] = values.reshape(dense.shape) if dense.shape else values[0]
    return tensor_from_numpy(_only(out) if single else out)


def _only(out: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The one element of a batch, as an array."""
    return out.reshape(out.shape[1:])


def _sequence(rows: Any, dense: _Dense, names: list[str], single: bool) -> Tensor:
    column = _column(rows, dense.key, dense.dtype, names, single)
    for i, values in enumerate(column):
        if len(values) % max(dense.size, 1):
            raise invalid(
                f"{_where(names, dense.key, i, single)}  Number of {dense.dtype.label} values is "
                f"not a multiple of stride length. Saw {len(values)} values but output shape is: "
                f"[?,{','.join(map(str, dense.shape))}] [Op:{_OP}]"
            )
    counts = [len(values) // max(dense.size, 1) for values in column]
    out = np.full(
        (len(column), max(counts, default=0), *dense.shape), dense.padding, dense.dtype.np
    )
    for i, values in enumerate(column):
        out[i, : counts[i]] = values.reshape(counts[i], *dense.shape)
    return tensor_from_numpy(_only(out) if single else out)


def parse_single_example(
    serialized: Any, features: Any, example_names: Any = None, name: str | None = None
) -> dict[str, Any]:
    """Parses one ``tf.train.Example`` record.

    Args:
      serialized: a string scalar.
      features: what to expect, by the features' names; see ``tf.io.parse_example``.
      example_names: a name, for error messages.
      name: unused in eager code.

    Returns:
      A dictionary of tensors and SparseTensors by the features' names.

    Raises:
      ValueError: a description is wrong, or ``serialized`` is no scalar.
      InvalidArgumentError: the record does not have what is expected, or is damaged.
    """
    if not features:
        raise ValueError("Missing features.")
    records = _records(serialized, _OP)
    if records.ndim:
        raise ValueError("Input serialized must be a scalar")
    return _parse(tensor_from_numpy(records), features, example_names)


# ---- sequences


def parse_single_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parses one ``tf.train.SequenceExample`` record.

    Args:
      serialized: a string scalar.
      context_features: what to expect of the whole: ``FixedLenFeature`` or ``VarLenFeature`` by
        name.
      sequence_features: what to expect of each step: ``FixedLenSequenceFeature`` or
        ``VarLenFeature`` by name.
      example_name: a name, for error messages.
      name: unused in eager code.

    Returns:
      Two dictionaries of tensors and SparseTensors; a sequence's first axis are its steps.

    Raises:
      ValueError: a description is wrong.
      InvalidArgumentError: the record does not have what is expected, or is damaged.
    """
    record = _records(serialized, _SEQUENCE_OP)
    if record.ndim:
        raise ValueError("Input serialized must be a scalar")
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    names = _names(None if example_name is None else [example_name])
    rows = [_sequence_example(record.item(), names, 0)]
    context = _context(rows, context_features or {}, names, single=True)
    lists, _ = _lists(rows, sequence_features or {}, names, single=True)
    return context, lists


def parse_sequence_example(
    serialized: Any,
    context_features: Any = None,
    sequence_features: Any = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Parses a batch of ``tf.train.SequenceExample`` records.

    Args:
      serialized: a vector of strings.
      context_features, sequence_features: see ``tf.io.parse_single_sequence_example``.
      example_names: a vector of names, for error messages.
      name: unused in eager code.

    Returns:
      The context, the sequences (padded to the longest), and the sequences' lengths.

    Raises:
      ValueError: a description is wrong.
      InvalidArgumentError: a record does not have what is expected, or is damaged.
    """
    records = _records(serialized, _SEQUENCE_OP)
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    names = _names(example_names)
    rows = [_sequence_example(r, names, i) for i, r in enumerate(records.reshape(-1))]
    single = records.ndim == 0
    context = _context(rows, context_features or {}, names, single)
    lists, lengths = _lists(rows, sequence_features or {}, names, single)
    return context, lists, lengths


def _sequence_example(record: bytes, names: list[str], index: int) -> Any:
    from google.protobuf.message import DecodeError

    try:
        return message("SequenceExample").FromString(record)
    except DecodeError:
        who = names[index] if index < len(names) else "<unknown>"
        raise invalid(
            f"Invalid protocol message input, example id: {who} [Op:{_SEQUENCE_OP}]"
        ) from None


def _context(rows: Any, features: Any, names: list[str], single: bool) -> dict[str, Any]:
    maps = [row.context.feature for row in rows]
    sparse: dict[str, Any] = {}
    dense: dict[str, Any] = {}
    for key, feature in sorted(features.items()):
        if isinstance(feature, VarLenFeature):
            dtype = _sparse_dtype(feature, key)
            sparse[key] = _ragged_rows(_column(maps, key, dtype, names, single), dtype, single)
        elif isinstance(feature, FixedLenFeature):
            dense[key] = _fixed(maps, _Dense(key, feature), names, single)
        else:
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
    return sparse | dense


def _lists(
    rows: Any, features: Any, names: list[str], single: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    sparse: dict[str, Any] = {}
    dense: dict[str, Any] = {}
    lengths: dict[str, Any] = {}
    maps = [row.feature_lists.feature_list for row in rows]
    for key, feature in sorted(features.items()):
        if isinstance(feature, VarLenFeature):
            dtype = _sparse_dtype(feature, key)
            steps = [
                [_step(f, key, dtype, names, i) for f in (m[key].feature if key in m else ())]
                for i, m in enumerate(maps)
            ]
            sparse[key] = _ragged_steps(steps, dtype, single)
        elif isinstance(feature, FixedLenSequenceFeature):
            column = _dense_steps(maps, _Dense(key, feature), feature, names)
            counts = np.array([len(part) for part in column], np.int64)
            lengths[key] = tensor_from_numpy(_only(counts) if single else counts)
            dense[key] = _padded(column, single)
        else:
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
    return sparse | dense, lengths


def _step(feature: Any, key: str, dtype: DType, names: list[str], i: int) -> Any:
    kind = _kind_of(feature)
    if kind is not None and kind is not dtype:
        raise invalid(
            f"{_who(names, i)}, Key: {key}.  Data types don't match. Expected type: {dtype.label}, "
            f"Actual type: {kind.label} [Op:{_SEQUENCE_OP}]"
        )
    values = _values(feature, dtype)
    return np.zeros(0, dtype.np) if values is None else values


def _dense_steps(
    maps: Any, dense: _Dense, feature: FixedLenSequenceFeature, names: list[str]
) -> list[np.ndarray[Any, Any]]:
    column = []
    for i, stored in enumerate(maps):
        if dense.key not in stored and not feature.allow_missing:
            raise invalid(
                f"{_who(names, i)}, Feature list '{dense.key}' is required but could not be found. "
                " Did you mean to include it in feature_list_dense_missing_assumed_empty or "
                f"feature_list_dense_defaults? [Op:{_SEQUENCE_OP}]"
            )
        steps = stored[dense.key].feature if dense.key in stored else ()
        out = np.empty((len(steps), *dense.shape), dense.dtype.np)
        for place, step in enumerate(steps):
            values = _step(step, dense.key, dense.dtype, names, i)
            if len(values) != dense.size:
                raise invalid(
                    f"{_who(names, i)}, Key: {dense.key}, Index: {place}.  Number of values != "
                    f"expected.  values size: {len(values)} but output shape: "
                    f"[{','.join(map(str, dense.shape))}] [Op:{_SEQUENCE_OP}]"
                )
            out[place] = values.reshape(dense.shape) if dense.shape else values[0]
        column.append(out)
    return column


def _padded(column: list[np.ndarray[Any, Any]], single: bool) -> Tensor:
    longest = max((len(part) for part in column), default=0)
    kind = column[0] if column else np.zeros((0,), np.float32)
    fill = b"" if kind.dtype == object else 0
    out = np.full((len(column), longest, *kind.shape[1:]), fill, kind.dtype)
    for i, part in enumerate(column):
        out[i, : len(part)] = part
    return tensor_from_numpy(_only(out) if single else out)


def _ragged_steps(steps: list[list[Any]], dtype: DType, single: bool) -> SparseTensor:
    places = [
        (i, step, place)
        for i, row in enumerate(steps)
        for step, values in enumerate(row)
        for place in range(len(values))
    ]
    indices = np.array(places, np.int64).reshape(-1, 3)
    values = _joined([values for row in steps for values in row], dtype.np)
    shape = [
        len(steps),
        max((len(row) for row in steps), default=0),
        max((len(values) for row in steps for values in row), default=0),
    ]
    if single:
        return sparse_tensor(indices[:, 1:], values, shape[1:])
    return sparse_tensor(indices, values, shape)
