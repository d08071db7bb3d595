"""``tf.IndexedSlices``: some rows of a larger tensor, such as an embedding's gradient."""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor, register_converter
from reflow.core.dtypes import DType, as_dtype, float32, int64
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.static import static_array
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape, as_shape
from reflow.core.type_spec import TensorSpec, TypeSpec

__all__ = ["IndexedSlices", "IndexedSlicesSpec"]


class IndexedSlices:
    """The rows ``values[i]`` that stand at ``indices[i]`` of a larger tensor, zero elsewhere.

    Rows of one index add up. ``tf.convert_to_tensor`` makes the larger tensor.

    Args:
      values: a tensor of shape ``[n, ...]``.
      indices: a vector of n integers.
      dense_shape: the shape of the larger tensor, a vector of integers, if it is known.
    """

    __slots__ = ("_dense_shape", "_indices", "_values")
    _is_tensor_like = True

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Any:
        """The rows."""
        return self._values

    @property
    def indices(self) -> Any:
        """Where they stand."""
        return self._indices

    @property
    def dense_shape(self) -> Any:
        """The larger tensor's shape as a vector, or None."""
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """The larger tensor's shape as a TensorShape."""
        if self._dense_shape is None:
            return TensorShape(None)
        return TensorShape(static_array(self._dense_shape, "dense_shape").tolist())

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._values.dtype  # type: ignore[no-any-return]

    @property
    def device(self) -> str:
        return self._values.device  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return self._values.name  # type: ignore[no-any-return]

    @property
    def op(self) -> Any:
        return self._values.op

    @property
    def graph(self) -> Any:
        return self._values.graph

    def consumers(self) -> Any:
        return self._values.consumers()

    def _with_values(self, values: Any) -> IndexedSlices:
        """Other rows in the same places."""
        return IndexedSlices(values, self._indices, self._dense_shape)

    def __neg__(self) -> IndexedSlices:
        return self._with_values(-self._values)

    def __str__(self) -> str:
        shape = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{shape})"

    @property
    def _type_spec(self) -> IndexedSlicesSpec:
        places = as_shape(self._indices.shape)
        if self._dense_shape is None:
            rows = places.with_rank(1)[:1]
            shape = TensorShape([None]).concatenate(as_shape(self._values.shape)[rows.rank :])
            return IndexedSlicesSpec(shape, self.dtype, self._indices.dtype, None, places)
        return IndexedSlicesSpec(
            self.shape, self.dtype, self._indices.dtype, self._dense_shape.dtype, places
        )


class IndexedSlicesSpec(TypeSpec):
    """The kind of an IndexedSlices.

    Args:
      shape: the larger tensor's shape.
      dtype: the type of the values.
      indices_dtype: the type of the indices.
      dense_shape_dtype: the type of ``dense_shape``, None if there is none.
      indices_shape: the shape of the indices.
    """

    __slots__ = ("_dense_shape_dtype", "_dtype", "_indices_dtype", "_indices_shape", "_shape")

    def __init__(
        self,
        shape: Any = None,
        dtype: Any = float32,
        indices_dtype: Any = int64,
        dense_shape_dtype: Any = None,
        indices_shape: Any = None,
    ) -> None:
        self._shape = as_shape(shape)
        self._dtype = as_dtype(dtype)
        self._indices_dtype = as_dtype(indices_dtype)
        self._dense_shape_dtype = None if dense_shape_dtype is None else as_dtype(dense_shape_dtype)
        known = TensorShape([None]) if indices_shape is None else as_shape(indices_shape)
        self._indices_shape = known.with_rank(1)

    @property
    def value_type(self) -> type:
        """IndexedSlices."""
        return IndexedSlices

    def _serialize(self) -> tuple[Any, ...]:
        return (
            self._shape, self._dtype, self._indices_dtype, self._dense_shape_dtype,
            self._indices_shape,
        )  # fmt: skip

    @property
    def _component_specs(self) -> tuple[TensorSpec, ...]:
        rest = as_shape(self._shape[1:]) if self._shape.rank is not None else TensorShape(None)
        specs = [
            TensorSpec(self._indices_shape.concatenate(rest), self._dtype),
            TensorSpec(self._indices_shape, self._indices_dtype),
        ]
        if self._dense_shape_dtype is not None:
            specs.append(TensorSpec([self._shape.rank], self._dense_shape_dtype))
        return tuple(specs)

    def _to_components(self, value: IndexedSlices) -> tuple[Any, ...]:
        if value.dense_shape is None:
            return (value.values, value.indices)
        return (value.values, value.indices, value.dense_shape)

    def _from_components(self, components: Any) -> IndexedSlices:
        return IndexedSlices(*components)


# ---- to the larger tensor


def _dense_rule(values: Aval, indices: Aval, *, shape: tuple[int, ...]) -> Aval:
    return aval(shape, values.dtype)


@op("UnsortedSegmentSum", same=(0,), rule=_dense_rule, reads=(1,))
def _dense(values: Any, indices: Any, *, shape: tuple[int, ...]) -> Any:
    # Rows outside are left out, as TF's kernel does; to JAX -1 would mean the last row.
    places = jnp.where(indices < 0, shape[0], indices)
    return jnp.zeros(shape, values.dtype).at[places].add(values, mode="drop")


def _to_tensor(
    value: IndexedSlices, dtype: Any = None, name: str | None = None, as_ref: bool = False
) -> Tensor:
    """What ``tf.convert_to_tensor`` makes of an IndexedSlices."""
    if dtype is not None and value.dtype is not as_dtype(dtype):
        raise ValueError(
            f"Tensor conversion requested dtype {as_dtype(dtype).name} for IndexedSlices with "
            f"dtype {value.dtype.name}"
        )
    if value.dense_shape is None:
        raise ValueError(
            f"Tensor conversion requested for IndexedSlices without dense_shape: {value}"
        )
    shape = tuple(static_array(value.dense_shape, "dense_shape").tolist())
    values, indices = convert_to_tensor(value.values), convert_to_tensor(value.indices)
    return _dense(values, indices, shape=shape)  # type: ignore[no-any-return]


register_converter(IndexedSlices, _to_tensor)
