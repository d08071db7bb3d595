"""batch, padded_batch, unbatch, window: elements put together and taken apart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from reflow.core import nest
from reflow.core.errors import InvalidArgumentError, invalid
from reflow.core.tensor import Tensor, tensor_from_value
from reflow.core.tensor_shape import TensorShape, as_shape
from reflow.core.type_spec import TensorSpec
from reflow.data.dataset import Dataset, host
from reflow.data.sources import TensorSliceDataset
from reflow.data.structure import DatasetSpec, is_composite, is_dataset, map_specs

Flat = Iterator[tuple[Any, ...]]

KEPT_BYTES = 1 << 25
"""Batches of plain slices are kept as tensors up to this size: later passes make nothing anew."""


class _Grouping(Dataset):
    """Elements of the parent, several at a time."""

    def __init__(self, parent: Dataset, size: int, drop_remainder: bool) -> None:
        self._parent = parent
        self._inputs = (parent,)
        self._size = size
        self._drop = drop_remainder

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        if count < 0:
            return count
        return count // self._size if self._drop else -(-count // self._size)

    def _groups(self) -> Iterator[list[tuple[Any, ...]]]:
        group: list[tuple[Any, ...]] = []
        for flat in self._parent._flat():
            group.append(flat)
            if len(group) == self._size:
                yield group
                group = []
        if group and not self._drop:
            yield group


class BatchDataset(_Grouping):
    """Consecutive elements, stacked."""

    _kind = "BatchDataset"

    def __init__(self, parent: Dataset, size: int, drop_remainder: bool) -> None:
        super().__init__(parent, size, drop_remainder)
        known = size if drop_remainder else None

        def batched(spec: Any) -> Any:
            if not isinstance(spec, TensorSpec):
                return spec._batch(known)
            return TensorSpec(TensorShape([known]).concatenate(spec.shape), spec.dtype)

        self._spec = map_specs(batched, parent.element_spec)
        self._kept: list[tuple[Tensor, ...]] | None = None

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        parent = self._parent
        if isinstance(parent, TensorSliceDataset):
            if sum(array.nbytes for array in parent.arrays) <= KEPT_BYTES:
                return iter(self._kept_batches())
            return parent._rows().batches(self._size, self._drop)
        if parent._is_rows():
            return parent._rows().batches(self._size, self._drop)
        return self._stacked()

    def _kept_batches(self) -> list[tuple[Tensor, ...]]:
        if self._kept is None:
            batches = self._parent._rows().batches(self._size, self._drop)
            self._kept = [tuple([tensor_from_value(a) for a in flat]) for flat in batches]
        return self._kept

    def _stacked(self) -> Flat:
        for group in self._groups():
            yield tuple([_stack(column) for column in zip(*group, strict=True)])


def _stack(column: Sequence[Any]) -> Any:
    if is_dataset(column[0]):
        raise TypeError("batch: elements that are datasets cannot be batched; use flat_map")
    if is_composite(column[0]):
        return type(column[0]._type_spec)._stack(column)
    arrays = [host(value) for value in column]
    first = arrays[0].shape
    for array in arrays:
        if array.shape != first:
            raise invalid(
                "Cannot batch tensors with different shapes in component 0. First element had "
                f"shape {_plain(first)} and element {_index(arrays, array)} had shape "
                f"{_plain(array.shape)}. [Op:IteratorGetNextSync]"
            )
    stacked = np.empty((len(arrays), *first), arrays[0].dtype)
    for place, array in enumerate(arrays):
        stacked[place] = array if array.ndim else array[()]
    return stacked


def _plain(shape: tuple[int, ...]) -> str:
    return "[" + ",".join(map(str, shape)) + "]"


def _index(arrays: Sequence[Any], wanted: Any) -> int:
    return next(i for i, array in enumerate(arrays) if array is wanted)


class PaddedBatchDataset(_Grouping):
    """Consecutive elements, padded to one size and stacked."""

    _kind = "PaddedBatchDataset"

    def __init__(
        self, parent: Dataset, size: int, shapes: Any, values: Any, drop_remainder: bool
    ) -> None:
        super().__init__(parent, size, drop_remainder)
        specs = nest.flatten(parent.element_spec)
        self._shapes = [as_shape(s) for s in _shapes_like(parent.element_spec, shapes)]
        for shape, spec in zip(self._shapes, specs, strict=True):
            if spec.shape.rank is not None and shape.rank != spec.shape.rank:
                raise ValueError(
                    f"The padded shape {shape} is not compatible with the corresponding input "
                    f"component shape {spec.shape}."
                )
        self._values = self._padding(parent.element_spec, specs, values)
        known = size if drop_remainder else None
        batched = [
            TensorSpec(TensorShape([known]).concatenate(shape), spec.dtype)
            for shape, spec in zip(self._shapes, specs, strict=True)
        ]
        self._spec = nest.pack_sequence_as(parent.element_spec, batched)

    @staticmethod
    def _padding(structure: Any, specs: Sequence[Any], values: Any) -> list[Any]:
        if values is None:
            return [b"" if s.dtype.name == "string" else 0 for s in specs]
        given = nest.flatten(values) if nest.is_nested(values) else [values] * len(specs)
        found = []
        for value, spec in zip(given, specs, strict=True):
            value = value.numpy() if hasattr(value, "numpy") else value
            found.append(value.encode() if isinstance(value, str) else spec.dtype.np.type(value))
        return found

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        for group in self._groups():
            columns = zip(*group, strict=True)
            yield tuple(
                [
                    self._pad([host(v) for v in column], shape, value)
                    for column, shape, value in zip(
                        columns, self._shapes, self._values, strict=True
                    )
                ]
            )

    @staticmethod
    def _pad(arrays: list[np.ndarray[Any, Any]], shape: TensorShape, value: Any) -> Any:
        sizes = [
            max(array.shape[axis] for array in arrays) if wanted is None else wanted
            for axis, wanted in enumerate(shape.as_list())
        ]
        padded = np.full((len(arrays), *sizes), value, arrays[0].dtype)
        for place, array in enumerate(arrays):
            for axis, size in enumerate(sizes):
                if array.shape[axis] > size:
                    raise invalid(
                        "Attempted to pad to a smaller size than the input element: component of "
                        f"shape {_plain(array.shape)}, padded shape {_plain(tuple(sizes))}. "
                        "[Op:IteratorGetNextSync]"
                    )
            padded[(place, *[slice(n) for n in array.shape])] = array if array.ndim else array[()]
        return padded


def _shapes_like(spec: Any, shapes: Any) -> list[Any]:
    """The padded shapes at the places of the spec's leaves."""
    if isinstance(spec, tuple):
        return [s for part, own in zip(spec, shapes, strict=True) for s in _shapes_like(part, own)]
    if isinstance(spec, dict):
        return [s for k in nest.sorted_keys(spec) for s in _shapes_like(spec[k], shapes[k])]
    return [shapes]


class UnbatchDataset(Dataset):
    """The slices of each element along its first axis."""

    _kind = "_UnbatchDataset"

    def __init__(self, parent: Dataset) -> None:
        self._parent = parent
        self._inputs = (parent,)
        for spec in nest.flatten(parent.element_spec):
            if spec.shape.rank == 0:
                raise ValueError(f"unbatch: {spec!r} has insufficient rank for batching.")
        self._spec = map_specs(
            lambda s: TensorSpec(s.shape[1:] if s.shape.rank is not None else None, s.dtype),
            parent.element_spec,
        )

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        return self._slices(self._parent._flat())

    def _slices(self, elements: Flat) -> Flat:
        for flat in elements:
            arrays = [host(value) for value in flat]
            sizes = {len(array) for array in arrays}
            if len(sizes) > 1:
                raise invalid(
                    "Input components must have the same batch size, got "
                    f"{sorted(sizes)} [Op:IteratorGetNextSync]"
                )
            yield from zip(*arrays, strict=True)


class WindowDataset(Dataset):
    """Datasets of neighbouring elements."""

    _kind = "WindowDataset"

    def __init__(self, parent: Dataset, size: int, shift: int, stride: int, drop: bool) -> None:
        for name, number in (
            ("Window size", size),
            ("Window shift", shift),
            ("Window stride", stride),
        ):
            if number <= 0:
                raise InvalidArgumentError(
                    None, None, f"{name} must be greater than zero. [Op:WindowDataset]"
                )
        self._parent = parent
        self._inputs = (parent,)
        self._size, self._shift, self._stride, self._drop = size, shift, stride, drop

    @property
    def element_spec(self) -> Any:
        return nest.map_structure(DatasetSpec, self._parent.element_spec)

    def _flat(self) -> Flat:
        return self._windows(self._parent._flat())

    def _windows(self, elements: Flat) -> Flat:
        reach = (self._size - 1) * self._stride + 1
        held: deque[tuple[Any, ...]] = deque()
        ended = False
        skip = 0  # elements between windows when the shift is longer than a window
        while True:
            while not ended and len(held) < reach:
                flat = next(elements, None)
                if flat is None:
                    ended = True
                elif skip:
                    skip -= 1
                else:
                    held.append(flat)
            if not held or (self._drop and len(held) < reach):
                return
            chosen = list(held)[:: self._stride][: self._size]
            yield self._datasets(chosen)
            for _ in range(min(self._shift, len(held))):
                held.popleft()
            skip = max(self._shift - reach, 0) if not ended else 0

    def _datasets(self, chosen: list[tuple[Any, ...]]) -> tuple[Any, ...]:
        specs = nest.flatten(self._parent.element_spec)
        columns = zip(*chosen, strict=True)
        return tuple(
            [
                ElementsDataset(list(column), spec)
                for column, spec in zip(columns, specs, strict=True)
            ]
        )

    def _cardinality(self) -> int:
        count = self._parent._cardinality()
        if count < 0:
            return count
        reach = (self._size - 1) * self._stride + 1
        if self._drop:
            return max((count - reach) // self._shift + 1, 0) if count >= reach else 0
        return -(-count // self._shift)


class ElementsDataset(Dataset):
    """Values held in memory: one window of one component."""

    _kind = "_VariantDataset"

    def __init__(self, values: list[Any], spec: Any) -> None:
        self._values, self._spec = values, spec

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        return ((value,) for value in self._values)

    def _cardinality(self) -> int:
        return len(self._values)
