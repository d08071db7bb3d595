"""What to expect in ``tf.train.Example`` records: the ``tf.io`` feature descriptions."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

__all__ = ["FixedLenFeature", "FixedLenSequenceFeature", "SparseFeature", "VarLenFeature"]


class FixedLenFeature(NamedTuple):
    """A feature with a fixed number of values, parsed to a dense tensor.

    Args:
      shape: its shape.
      dtype: float32, int64 or string.
      default_value: used where the feature is missing; of the shape, or a single value. Without it
        the feature must be there.
    """

    shape: Any
    dtype: Any
    default_value: Any = None


class VarLenFeature(NamedTuple):
    """A feature with any number of values, parsed to a SparseTensor.

    Args:
      dtype: float32, int64 or string.
    """

    dtype: Any


class FixedLenSequenceFeature(NamedTuple):
    """A feature with a variable number of items of one shape, parsed to a dense, padded tensor.

    Args:
      shape: an item's shape.
      dtype: float32, int64 or string.
      allow_missing: whether the feature may be missing (has no items then).
      default_value: what to pad with; zero or the empty string by default.
    """

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


class _SparseFeature(NamedTuple):
    index_key: Any
    value_key: Any
    dtype: Any
    size: Any
    already_sorted: bool = False


class SparseFeature(_SparseFeature):
    """A SparseTensor that is stored as two features, its indices and its values.

    Args:
      index_key: the name of the feature with the indices (int64); a list of them for several axes.
      value_key: the name of the feature with the values.
      dtype: float32, int64 or string.
      size: the size of the axis (a list for several).
      already_sorted: whether the indices are in order.
    """

    __slots__ = ()

    def __new__(
        cls, index_key: Any, value_key: Any, dtype: Any, size: Any, already_sorted: bool = False
    ) -> Self:
        return super().__new__(cls, index_key, value_key, dtype, size, already_sorted)
