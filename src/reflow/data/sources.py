"""Datasets from tensors, numbers, generators and file names."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from reflow.core import nest
from reflow.core.convert import convert_to_tensor, to_array
from reflow.core.dtypes import as_dtype, int64, string
from reflow.core.errors import (
    InvalidArgumentError,
    OpError,
    ResourceExhaustedError,
    UnimplementedError,
    UnknownError,
)
from reflow.core.tensor_shape import as_shape, unknown_shape
from reflow.core.type_spec import TensorSpec
from reflow.data.dataset import UNKNOWN, Dataset, flat_values
from reflow.data.rows import Rows
from reflow.data.structure import is_composite, normalize, spec_of


class TensorDataset(Dataset):
    """One element."""

    _kind = "TensorDataset"

    def __init__(self, element: Any) -> None:
        self._element = normalize(element)
        self._spec = spec_of(self._element)

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        return iter([flat_values(self._element)])

    def _cardinality(self) -> int:
        return 1


class TensorSliceDataset(Dataset):
    """Slices of arrays along the first axis."""

    _kind = "TensorSliceDataset"

    def __init__(self, tensors: Any) -> None:
        structure = normalize(tensors)
        flat = nest.flatten(structure)
        if not flat:
            raise ValueError("from_tensor_slices needs at least one tensor")
        for tensor in flat:
            if not tensor._shape_tuple():
                raise ValueError(f"Value {tensor} has insufficient rank for batching.")
        sizes = [tensor._shape_tuple()[0] for tensor in flat]
        for size in sizes[1:]:
            if size != sizes[0]:
                raise ValueError(f"Dimensions {sizes[0]} and {size} are not compatible")
        self.size = sizes[0]
        self.arrays = [tensor._host() for tensor in flat]
        self._spec = nest.map_structure(lambda t: TensorSpec(t.shape[1:], t.dtype), structure)

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _is_rows(self) -> bool:
        return True

    def _rows(self) -> Rows:
        return Rows(self.arrays, iter([range(self.size)] if self.size else []))

    def _cardinality(self) -> int:
        return self.size


class CompositeSliceDataset(Dataset):
    """Slices of tensors some of which consist of several, as a SparseTensor does."""

    _kind = "TensorSliceDataset"

    def __init__(self, structure: Any) -> None:
        self._spec = nest.map_structure(_row_spec, structure)
        columns = [_rows_of(leaf) for leaf in nest.flatten(structure)]
        for column in columns[1:]:
            if len(column) != len(columns[0]):
                raise ValueError(
                    f"Dimensions {len(columns[0])} and {len(column)} are not compatible"
                )
        self._elements = list(zip(*columns, strict=True))

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._elements)

    def _cardinality(self) -> int:
        return len(self._elements)


def _row_spec(leaf: Any) -> Any:
    if is_composite(leaf):
        return leaf._type_spec._unbatch()
    return TensorSpec(leaf.shape[1:], leaf.dtype)


def _rows_of(leaf: Any) -> Any:
    return type(leaf._type_spec)._rows(leaf) if is_composite(leaf) else leaf._host()


class RangeDataset(Dataset):
    """The numbers of a range."""

    _kind = "RangeDataset"

    def __init__(self, *args: Any) -> None:
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid arguments to RangeDataset: {args}")
        numbers = [int(to_array(_tensor_value(a), int64)) for a in args]
        if len(numbers) == 3 and numbers[2] == 0:
            raise InvalidArgumentError(
                None, None, "step must be a non-zero integer. [Op:RangeDataset]"
            )
        self._range = range(*numbers)

    @property
    def element_spec(self) -> Any:
        return TensorSpec([], int64)

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        return ((np.int64(n),) for n in self._range)

    def _is_rows(self) -> bool:
        return len(self._range) <= 1 << 22  # enumerate's range is never made an array

    def _rows(self) -> Rows:
        values = np.arange(self._range.start, self._range.stop, self._range.step, dtype=np.int64)
        return Rows([values], iter([range(len(values))] if len(values) else []))

    def _cardinality(self) -> int:
        return len(self._range)


def _tensor_value(value: Any) -> Any:
    return value.numpy() if hasattr(value, "numpy") else value


class GeneratorDataset(Dataset):
    """What a Python generator yields."""

    _kind = "FlatMapDataset"

    def __init__(self, generator: Callable[..., Any], types: Any, shapes: Any, args: Any) -> None:
        if not callable(generator):
            raise TypeError("`generator` must be callable.")
        self._generator = generator
        self._args = () if args is None else tuple(convert_to_tensor(a).numpy() for a in args)
        structure = nest.map_structure(as_dtype, _tuples(types))
        flat_types = nest.flatten(structure)
        flat_shapes = (
            [unknown_shape() for _ in flat_types]
            if shapes is None
            else [as_shape(s) for s in _flat_shapes(structure, shapes)]
        )
        specs = [TensorSpec(s, t) for s, t in zip(flat_shapes, flat_types, strict=True)]
        self._spec = nest.pack_sequence_as(structure, specs)
        self._specs = specs

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _is_costly(self) -> bool:
        return True

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        produced = self._generator(*self._args)
        if not hasattr(produced, "__iter__"):
            raise TypeError(
                "`generator` must return an object that supports the `iter()` protocol."
            )
        return self._checked(iter(produced))

    def _checked(self, values: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
        single = not nest.is_nested(self._spec)
        for value in _raising_as_tf(values):
            parts = [value] if single else self._parts(value)
            yield tuple([self._array(p, s) for p, s in zip(parts, self._specs, strict=True)])

    def _parts(self, value: Any) -> list[Any]:
        """The leaves of what was yielded; lists at the places of leaves are values."""
        found: list[Any] = []

        def walk(spec: Any, part: Any) -> bool:
            if not nest.is_nested(spec):
                found.append(part)
                return True
            if isinstance(spec, tuple):
                return (
                    isinstance(part, (tuple, list))
                    and len(part) == len(spec)
                    and all(walk(s, p) for s, p in zip(spec, part, strict=True))
                )
            return (
                isinstance(part, dict)
                and set(part) == set(spec)
                and all(walk(spec[k], part[k]) for k in nest.sorted_keys(spec))
            )

        if not walk(self._spec, value):
            types = nest.map_structure(lambda s: s.dtype, self._spec)
            raise InvalidArgumentError(
                None,
                None,
                "TypeError: `generator` yielded an element that did not match the expected "
                f"structure. The expected structure was {types}, but the yielded element was "
                f"{value}.",
            )
        return found

    def _array(self, value: Any, spec: Any) -> Any:
        try:
            array = to_array(_tensor_value(value), spec.dtype)
        except (TypeError, ValueError):
            raise InvalidArgumentError(
                None,
                None,
                "TypeError: `generator` yielded an element that could not be converted to the "
                f"expected type. The expected type was {spec.dtype.name}, but the yielded element "
                f"was {value}.",
            ) from None
        if not spec.shape.is_compatible_with(array.shape):
            raise InvalidArgumentError(
                None,
                None,
                f"ValueError: `generator` yielded an element of shape {array.shape} where an "
                f"element of shape {spec.shape} was expected.",
            )
        return array

    def _cardinality(self) -> int:
        return UNKNOWN


_PYTHON_ERRORS: tuple[tuple[type[Exception], type[OpError]], ...] = (
    (TypeError, InvalidArgumentError),
    (ValueError, InvalidArgumentError),
    (MemoryError, ResourceExhaustedError),
    (NotImplementedError, UnimplementedError),
)


def _raising_as_tf(values: Iterator[Any]) -> Iterator[Any]:
    """The values; an error of the user's generator becomes the one that TF makes of it."""
    while True:
        try:
            value = next(values)
        except StopIteration:
            return
        except OpError:
            raise
        except Exception as error:
            kind = next((k for base, k in _PYTHON_ERRORS if isinstance(error, base)), UnknownError)
            raise kind(None, None, f"{type(error).__name__}: {error}") from error
        yield value


def _tuples(types: Any) -> Any:
    """Lists of dtypes count as tuples."""
    if isinstance(types, list):
        return tuple(_tuples(t) for t in types)
    return types


def _flat_shapes(structure: Any, shapes: Any) -> list[Any]:
    """The shapes at the places of the structure's leaves."""
    if not nest.is_nested(structure):
        return [shapes]
    if isinstance(structure, tuple):
        return [s for t, part in zip(structure, shapes, strict=True) for s in _flat_shapes(t, part)]
    return [
        s for key in nest.sorted_keys(structure) for s in _flat_shapes(structure[key], shapes[key])
    ]


def list_files(pattern: Any, shuffle: bool | None, seed: int | None) -> Dataset:
    """The files that match ``pattern``, sorted, then shuffled unless ``shuffle`` is False."""
    patterns = np.atleast_1d(to_array(_tensor_value(pattern), string))
    names = sorted({name for p in patterns for name in glob.glob(p.decode())})
    if not names:
        listed = ", ".join(p.decode() for p in patterns)
        raise InvalidArgumentError(None, None, f"No files matched pattern: {listed}")
    dataset = Dataset.from_tensor_slices(names)
    return dataset if shuffle is False else dataset.shuffle(len(names), seed=seed)
