"""``tf.io.parse_example`` and ``parse_single_example``: records become dictionaries of tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reflow.core.errors import invalid
from reflow.core.tensor import tensor_from_numpy
from reflow.io._feature_columns import (
    OP,
    Dense,
    column_of,
    fixed_rows,
    names_of,
    padded_rows,
    ragged_rows,
    records_of,
    sparse_dtype,
    sparse_rows,
    who_is,
)
from reflow.io._protos import message
from reflow.io.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
)

__all__ = ["parse_example", "parse_single_example"]


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
    records = records_of(serialized, OP)
    if records.ndim > 1:
        sizes = ",".join(map(str, records.shape))
        raise invalid(
            f"Expected serialized to be a scalar or vector, got shape: [{sizes}] [Op:{OP}]"
        )
    if not features:
        raise ValueError("Missing features.")
    names = names_of(example_names)
    single = records.ndim == 0
    rows = [_example(record, i, names, single) for i, record in enumerate(records.reshape(-1))]
    sparse: dict[str, Any] = {}
    dense: dict[str, Any] = {}
    for key, feature in sorted(features.items()):
        if isinstance(feature, VarLenFeature):
            dtype = sparse_dtype(feature, key)
            sparse[key] = ragged_rows(column_of(rows, key, dtype, names, single), dtype, single)
        elif isinstance(feature, SparseFeature):
            sparse[key] = sparse_rows(rows, key, feature, names, single)
        elif isinstance(feature, FixedLenFeature):
            dense[key] = fixed_rows(rows, Dense(key, feature), names, single)
        elif isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be True."
                )
            dense[key] = padded_rows(rows, Dense(key, feature), names, single)
        else:
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
    return sparse | dense


def _example(record: bytes, index: int, names: list[str], single: bool) -> Mapping[str, Any]:
    from google.protobuf.message import DecodeError

    try:
        return message("Example").FromString(record).features.feature  # type: ignore[no-any-return]
    except DecodeError:
        where = "" if single else f"{who_is(names, index)}, Key: , Index: {index}.  "
        raise invalid(
            f"{where}Could not parse example input, value: {record!r} [Op:{OP}]"
        ) from None


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
    records = records_of(serialized, OP)
    if records.ndim:
        raise ValueError("Input serialized must be a scalar")
    return _parse(tensor_from_numpy(records), features, example_names)
