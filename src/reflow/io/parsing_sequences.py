"""``tf.io.parse_sequence_example`` and its single form: records of steps become tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.dtypes import DType
from reflow.core.errors import invalid
from reflow.core.sparse_tensor import SparseTensor, sparse_tensor
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.io._feature_columns import (
    Dense,
    column_of,
    fixed_rows,
    joined,
    kind_of,
    names_of,
    only_row,
    ragged_rows,
    records_of,
    sparse_dtype,
    stored_values,
    who_is,
)
from reflow.io._protos import message
from reflow.io.features import FixedLenFeature, FixedLenSequenceFeature, VarLenFeature

__all__ = ["parse_sequence_example", "parse_single_sequence_example"]

_SEQUENCE_OP = "ParseSequenceExampleV2"


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
    record = records_of(serialized, _SEQUENCE_OP)
    if record.ndim:
        raise ValueError("Input serialized must be a scalar")
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    names = names_of(None if example_name is None else [example_name])
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
    records = records_of(serialized, _SEQUENCE_OP)
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    names = names_of(example_names)
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
            dtype = sparse_dtype(feature, key)
            sparse[key] = ragged_rows(column_of(maps, key, dtype, names, single), dtype, single)
        elif isinstance(feature, FixedLenFeature):
            dense[key] = fixed_rows(maps, Dense(key, feature), names, single)
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
            dtype = sparse_dtype(feature, key)
            steps = [
                [_step(f, key, dtype, names, i) for f in (m[key].feature if key in m else ())]
                for i, m in enumerate(maps)
            ]
            sparse[key] = _ragged_steps(steps, dtype, single)
        elif isinstance(feature, FixedLenSequenceFeature):
            column = _dense_steps(maps, Dense(key, feature), feature, names)
            counts = np.array([len(part) for part in column], np.int64)
            lengths[key] = tensor_from_numpy(only_row(counts) if single else counts)
            dense[key] = _padded(column, single)
        else:
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
    return sparse | dense, lengths


def _step(feature: Any, key: str, dtype: DType, names: list[str], i: int) -> Any:
    kind = kind_of(feature)
    if kind is not None and kind is not dtype:
        raise invalid(
            f"{who_is(names, i)}, Key: {key}.  Data types don't match. Expected type: "
            f"{dtype.label}, Actual type: {kind.label} [Op:{_SEQUENCE_OP}]"
        )
    values = stored_values(feature, dtype)
    return np.zeros(0, dtype.np) if values is None else values


def _dense_steps(
    maps: Any, dense: Dense, feature: FixedLenSequenceFeature, names: list[str]
) -> list[np.ndarray[Any, Any]]:
    column = []
    for i, stored in enumerate(maps):
        if dense.key not in stored and not feature.allow_missing:
            raise invalid(
                f"{who_is(names, i)}, Feature list '{dense.key}' is required but could not be "
                "found.  Did you mean to include it in feature_list_dense_missing_assumed_empty or "
                f"feature_list_dense_defaults? [Op:{_SEQUENCE_OP}]"
            )
        steps = stored[dense.key].feature if dense.key in stored else ()
        out = np.empty((len(steps), *dense.shape), dense.dtype.np)
        for place, step in enumerate(steps):
            values = _step(step, dense.key, dense.dtype, names, i)
            if len(values) != dense.size:
                raise invalid(
                    f"{who_is(names, i)}, Key: {dense.key}, Index: {place}.  Number of values != "
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
    return tensor_from_numpy(only_row(out) if single else out)


def _ragged_steps(steps: list[list[Any]], dtype: DType, single: bool) -> SparseTensor:
    places = [
        (i, step, place)
        for i, row in enumerate(steps)
        for step, values in enumerate(row)
        for place in range(len(values))
    ]
    indices = np.array(places, np.int64).reshape(-1, 3)
    values = joined([values for row in steps for values in row], dtype.np)
    shape = [
        len(steps),
        max((len(row) for row in steps), default=0),
        max((len(values) for row in steps for values in row), default=0),
    ]
    if single:
        return sparse_tensor(indices[:, 1:], values, shape[1:])
    return sparse_tensor(indices, values, shape)
