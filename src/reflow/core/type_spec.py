"""``tf.TensorSpec``: the kind of a tensor, its shape possibly partly known."""

from __future__ import annotations

from typing import Any

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, as_dtype, float32
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape

__all__ = ["TensorSpec", "TypeSpec"]


class TypeSpec:
    """The kind of a value that functions and datasets take or return.

    A subclass tells by ``_serialize`` what it was made from; specs are equal if that is.
    """

    __slots__ = ()

    @property
    def value_type(self) -> Any:
        """The Python type of the values."""
        raise NotImplementedError(f"{type(self).__name__}.value_type")

    def _serialize(self) -> tuple[Any, ...]:
        raise NotImplementedError(f"{type(self).__name__}._serialize")

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a value (or spec) is of this kind."""
        other = spec_or_value
        if not isinstance(other, TypeSpec):
            other = getattr(other, "_type_spec", None)
        return type(self) is type(other) and all(
            map(_fits, self._serialize(), other._serialize())  # type: ignore[union-attr]
        )

    def most_specific_compatible_type(self, other: Any) -> TypeSpec:
        """The narrowest kind that both are of.

        Raises:
          ValueError: if there is none.
        """
        if type(self) is not type(other):
            raise ValueError(f"No TypeSpec is compatible with both {self} and {other}")
        common = map(_common, self._serialize(), other._serialize())
        return type(self)(*common)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self._serialize()!r}"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._serialize() == other._serialize()  # type: ignore[attr-defined]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((type(self), str(self._serialize())))

    def __reduce__(self) -> Any:
        return type(self), self._serialize()


def _fits(mine: Any, other: Any) -> bool:
    return mine.is_compatible_with(other) if isinstance(mine, TensorShape) else mine == other


def _common(mine: Any, other: Any) -> Any:
    if isinstance(mine, TensorShape):
        return mine.most_specific_compatible_shape(other)
    if mine != other:
        raise ValueError(f"Types are not compatible: {mine!r} vs {other!r}")
    return mine


class TensorSpec(TypeSpec):
    """The shape and dtype of a tensor.

    Args:
      shape: a shape; None stands for unknown sizes, or as a whole for unknown rank.
      dtype: the element type.
      name: an optional name.
    """

    __slots__ = ("_dtype", "_name", "_shape")

    def __init__(self, shape: Any, dtype: Any = float32, name: str | None = None) -> None:
        self._shape = TensorShape(shape)
        self._dtype = as_dtype(dtype)
        self._name = name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """A copy of ``spec``, with another name if one is given."""
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """The kind of a tensor.

        Raises:
          ValueError: ``tensor`` is no tensor.
        """
        if not isinstance(tensor, Tensor) and not hasattr(tensor, "_read_tensor"):
            raise ValueError("`tensor` should be a tf.Tensor")
        return cls(tensor.shape, tensor.dtype, name)

    @property
    def shape(self) -> TensorShape:
        return self._shape

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def name(self) -> str | None:
        return self._name

    @property
    def value_type(self) -> type:
        return Tensor

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """Whether a tensor, value or spec has this dtype and a shape that fits."""
        other = spec_or_tensor
        if not isinstance(other, (TensorSpec, Tensor)) and not hasattr(other, "_read_tensor"):
            try:
                other = convert_to_tensor(other, self._dtype)
            except (TypeError, ValueError):
                return False
        return self._dtype.is_compatible_with(other.dtype) and self._shape.is_compatible_with(
            other.shape
        )

    def most_specific_compatible_type(self, other: Any) -> TensorSpec:
        """The narrowest spec that holds for both.

        Raises:
          ValueError: the dtypes differ.
        """
        if not isinstance(other, TensorSpec) or self._dtype is not other._dtype:
            raise ValueError(f"Types are not compatible: {self!r} vs {other!r}")
        return TensorSpec(self._shape.most_specific_compatible_shape(other._shape), self._dtype)

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"

    def _serialize(self) -> tuple[Any, ...]:
        return self._shape, self._dtype, self._name

    def __hash__(self) -> int:
        return hash((self._shape, self._dtype))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TensorSpec)
            and self._shape._dims == other._shape._dims
            and self._dtype is other._dtype
            and self._name == other._name
        )
