"""Structures of dataset elements: tuples, namedtuples and dictionaries; a list is a tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reflow.core import nest
from reflow.core.convert import convert_to_tensor
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape
from reflow.core.type_spec import TensorSpec


def normalize(element: Any) -> Any:
    """An element with its leaves as tensors; lists become tensors too."""
    if isinstance(element, tuple):
        return nest.same_type(element, [normalize(part) for part in element])
    if isinstance(element, Mapping):
        return {key: normalize(element[key]) for key in element}
    if is_dataset(element) or isinstance(element, Tensor) or is_composite(element):
        return element
    return convert_to_tensor(element)


def is_dataset(value: Any) -> bool:
    """Whether ``value`` is a dataset."""
    from reflow.data.dataset import Dataset

    return isinstance(value, Dataset)


def is_composite(value: Any) -> bool:
    """Whether a leaf consists of several tensors, as a SparseTensor does."""
    return hasattr(type(value), "_type_spec")


def spec_of(element: Any) -> Any:
    """The TensorSpecs of an element with tensors as leaves."""
    return nest.map_structure(
        lambda leaf: (
            DatasetSpec(leaf.element_spec)
            if is_dataset(leaf)
            else leaf._type_spec
            if is_composite(leaf)
            else TensorSpec(leaf.shape, leaf.dtype)
        ),
        element,
    )


class DatasetSpec:
    """The kind of a dataset that is an element of another one.

    Args:
      element_spec: the inner dataset's ``element_spec``.
      dataset_shape: the shape of the outer value, a scalar.
    """

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self._element_spec = element_spec
        self._dataset_shape = TensorShape(dataset_shape)

    @property
    def value_type(self) -> type:
        from reflow.data.dataset import Dataset

        return Dataset

    @staticmethod
    def from_value(value: Any) -> DatasetSpec:
        return DatasetSpec(value.element_spec)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """Whether a dataset or spec has elements of the same kind."""
        spec = getattr(spec_or_value, "_element_spec", None) or spec_or_value.element_spec
        return compatible(self._element_spec, spec)

    def most_specific_compatible_type(self, other: Any) -> DatasetSpec:
        """The narrowest spec that holds for both."""
        return DatasetSpec(common_spec(self._element_spec, other._element_spec))

    def __repr__(self) -> str:
        return f"DatasetSpec({self._element_spec!r}, {self._dataset_shape!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DatasetSpec) and self._element_spec == other._element_spec

    def __hash__(self) -> int:
        return hash(str(self))


def compatible(first: Any, second: Any) -> bool:
    """Whether two specs have the same structure, dtypes and compatible shapes."""
    a, b = nest.flatten(first), nest.flatten(second)
    return same_structure(first, second) and all(
        x.dtype == y.dtype and x.shape.is_compatible_with(y.shape)
        for x, y in zip(a, b, strict=True)
    )


def same_structure(first: Any, second: Any) -> bool:
    """Whether two specs have the same tuples, dictionaries and leaves."""
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(same_structure, first, second))
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return set(first) == set(second) and all(same_structure(first[k], second[k]) for k in first)
    return not nest.is_nested(first) and not nest.is_nested(second)


def common_spec(first: Any, second: Any) -> Any:
    """The specs with the shapes that hold for both."""

    def common(a: Any, b: Any) -> TensorSpec:
        return TensorSpec(a.shape.most_specific_compatible_shape(b.shape), a.dtype)

    return nest.map_structure(common, first, second)


def map_specs(function: Callable[[Any], Any], spec: Any) -> Any:
    """``function`` on each TensorSpec (a DatasetSpec stays as it is)."""
    return nest.map_structure(lambda s: s if isinstance(s, DatasetSpec) else function(s), spec)


def packer(spec: Any) -> Callable[[Sequence[Any]], Any]:
    """A function that gives flat values the structure of ``spec``, fast for the common shapes."""
    if not nest.is_nested(spec):
        return lambda flat: flat[0]
    if type(spec) is tuple and not any(nest.is_nested(part) for part in spec):
        return tuple
    return lambda flat: nest.pack_sequence_as(spec, list(flat))


def describe(spec: Any) -> tuple[str, str]:
    """The shapes and types of a spec as a dataset prints them."""
    return _text(spec, lambda s: str(s.shape)), _text(spec, lambda s: repr(s.dtype))


def _text(spec: Any, leaf: Callable[[Any], str]) -> str:
    if isinstance(spec, DatasetSpec):
        return repr(spec)
    if isinstance(spec, Mapping):
        return "{" + ", ".join(f"{k}: {_text(spec[k], leaf)}" for k in nest.sorted_keys(spec)) + "}"
    if isinstance(spec, tuple):
        inner = ", ".join(_text(part, leaf) for part in spec)
        if hasattr(spec, "_fields"):
            inner = ", ".join(
                f"{k}={_text(v, leaf)}" for k, v in zip(spec._fields, spec, strict=True)
            )
            return f"{type(spec).__name__}({inner})"
        return f"({inner},)" if len(spec) == 1 else f"({inner})"
    return leaf(spec)


def chunks(values: Iterator[int], size: int) -> Iterator[list[int]]:
    """Lists of up to ``size`` values."""
    while True:
        part = [value for _, value in zip(range(size), values, strict=False)]
        if not part:
            return
        yield part
