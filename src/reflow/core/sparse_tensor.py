"""``tf.SparseTensor``: a tensor of mostly zeros, as the places and values of the others."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, float32, int64
from reflow.core.tensor import Tensor, _hooks, tensor_from_numpy
from reflow.core.tensor_shape import TensorShape, as_shape
from reflow.core.type_spec import TensorSpec, TypeSpec

__all__ = ["SparseTensor", "SparseTensorSpec"]

SparseTensorValue = namedtuple("SparseTensorValue", ["indices", "values", "dense_shape"])  # noqa: PYI024 - TF's is no typed one


class SparseTensor:
    """A tensor of which only some elements are stored.

    Most functions want the indices in order (row by row); ``tf.sparse.reorder`` brings them there.

    Args:
      indices: int64 of shape ``[n, rank]``, the places.
      values: of shape ``[n]``, what stands there.
      dense_shape: int64 of shape ``[rank]``.

    Raises:
      ValueError: these shapes do not fit together.
    """

    __slots__ = ("__weakref__", "_dense_shape", "_indices", "_values")
    _is_tensor_like = True

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        self._indices = convert_to_tensor(indices, int64)
        self._values = convert_to_tensor(values)
        self._dense_shape = convert_to_tensor(dense_shape, int64)
        indices_shape = self._indices.shape.with_rank(2)
        count = self._values.shape.with_rank(1)[0]
        rank = self._dense_shape.shape.with_rank(1)[0]
        for known, other in ((indices_shape[0], count), (indices_shape[1], rank)):
            if known != other:
                raise ValueError(f"Dimensions {known} and {other} are not compatible")

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """A SparseTensor of another one, or of a tuple with its parts by name.

        Raises:
          TypeError: it is neither.
        """
        value = sparse_tensor_value
        if not isinstance(value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {value}.")
        return cls(value.indices, value.values, value.dense_shape)

    @property
    def indices(self) -> Tensor:
        """The places, ``[n, rank]``."""
        return self._indices

    @property
    def values(self) -> Tensor:
        """What stands there, ``[n]``."""
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        """The whole tensor's shape as a vector."""
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """The whole tensor's shape as a TensorShape."""
        if self._dense_shape._is_symbolic():
            return TensorShape([None] * self._dense_shape.shape[0])
        return TensorShape(self._dense_shape._host().tolist())

    def get_shape(self) -> TensorShape:
        """The same as ``shape``."""
        return self.shape

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self._values.dtype

    @property
    def op(self) -> Any:
        return self._values.op

    @property
    def graph(self) -> Any:
        return self._values.graph

    def consumers(self) -> list[Any]:
        """Nothing: eager code has no graph."""
        return []

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        raise AttributeError("Tensor.graph is meaningless when eager execution is enabled.")

    def _with_values(self, values: Any) -> SparseTensor:
        """Other values in the same places."""
        return SparseTensor(self._indices, values, self._dense_shape)

    def _beside(self, other: Any) -> Any:
        """What of ``other``, which broadcasts to this shape, stands at the stored places."""
        other = convert_to_tensor(other, self.dtype)
        if not other.shape.rank:
            return other
        whole = _hooks["broadcast_to"](other, self._dense_shape)
        return _hooks["gather_nd"](whole, self._indices)

    def __mul__(self, other: Any) -> SparseTensor:
        return self._with_values(self._values * self._beside(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> SparseTensor:
        return self._with_values(self._values / self._beside(other))

    __div__ = __truediv__

    def __str__(self) -> str:
        parts = (self._indices, self._values, self._dense_shape)
        indices, values, dense_shape = map(str, parts)
        return f"SparseTensor(indices={indices}, values={values}, dense_shape={dense_shape})"

    @property
    def _type_spec(self) -> SparseTensorSpec:
        return SparseTensorSpec(self.shape, self.dtype)


# A dense tensor on the left leaves the product to __rmul__.
SparseTensor.__array_priority__ = 100  # type: ignore[attr-defined]


class SparseTensorSpec(TypeSpec):
    """The kind of a SparseTensor.

    Args:
      shape: the whole tensor's shape.
      dtype: the type of the values.
    """

    __slots__ = ("_dtype", "_shape")

    def __init__(self, shape: Any = None, dtype: Any = float32) -> None:
        self._shape = as_shape(shape)
        self._dtype = as_dtype(dtype)

    @property
    def value_type(self) -> type:
        """SparseTensor."""
        return SparseTensor

    @property
    def shape(self) -> TensorShape:
        """The whole tensor's shape."""
        return self._shape

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self._dtype

    @classmethod
    def from_value(cls, value: Any) -> SparseTensorSpec:
        """The kind of a SparseTensor.

        Raises:
          TypeError: it is none.
        """
        if isinstance(value, SparseTensorValue):
            value = SparseTensor.from_value(value)
        if not isinstance(value, SparseTensor):
            raise TypeError("Expected SparseTensor or SparseTensorValue")
        return cls(value.shape, value.dtype)

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype

    @property
    def _component_specs(self) -> tuple[TensorSpec, ...]:
        rank = self._shape.rank
        return (
            TensorSpec([None, rank], int64),
            TensorSpec([None], self._dtype),
            TensorSpec([rank], int64),
        )

    def _to_components(self, value: SparseTensor) -> tuple[Any, ...]:
        return value.indices, value.values, value.dense_shape

    def _from_components(self, components: Any) -> SparseTensor:
        return SparseTensor(*components)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SparseTensorSpec)
            and self._shape._dims == other._shape._dims
            and self._dtype is other._dtype
        )

    def __hash__(self) -> int:
        return hash((str(self._shape), self._dtype))

    def _unbatch(self) -> SparseTensorSpec:
        """The kind of one of the rows."""
        return SparseTensorSpec(self._shape[1:], self._dtype)

    @staticmethod
    def _rows(value: SparseTensor) -> list[SparseTensor]:
        """The rows of a SparseTensor."""
        indices, values = value.indices._host(), value.values._host()
        count, *rest = value.dense_shape._host().tolist()
        found = []
        for row in range(count):
            inside = indices[:, 0] == row
            found.append(sparse_tensor(indices[inside, 1:], values[inside], rest))
        return found

    def _batch(self, size: int | None) -> SparseTensorSpec:
        """The kind of ``size`` such tensors, stacked."""
        return SparseTensorSpec(TensorShape([size]).concatenate(self._shape), self._dtype)

    @staticmethod
    def _stack(values: list[SparseTensor]) -> SparseTensor:
        """SparseTensors stacked; the result is as large as the largest in each axis."""
        indices = [value.indices._host() for value in values]
        rows = np.repeat(np.arange(len(values)), [len(part) for part in indices])
        places = np.concatenate([rows[:, None], np.concatenate(indices)], axis=1)
        shape = np.max([value.dense_shape._host() for value in values], axis=0)
        stored = np.concatenate([value.values._host() for value in values])
        whole = np.concatenate([[len(values)], shape]).astype(np.int64)
        return sparse_tensor(places, stored, whole)


def sparse_tensor(indices: Any, values: Any, dense_shape: Any) -> SparseTensor:
    """A SparseTensor of NumPy arrays that nobody will write to any more."""
    parts = (np.asarray(indices, np.int64), values, np.asarray(dense_shape, np.int64))
    return SparseTensor(*[tensor_from_numpy(part) for part in parts])
