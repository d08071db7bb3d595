"""zip and concatenate: several datasets as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reflow.core import nest
from reflow.data.dataset import INFINITE, UNKNOWN, Dataset
from reflow.data.structure import common_spec, is_dataset, same_structure

Flat = Iterator[tuple[Any, ...]]


class ZipDataset(Dataset):
    """One element of each dataset, as a structure of elements."""

    _kind = "ZipDataset"

    def __init__(self, datasets: Any) -> None:
        for part in nest.flatten(datasets):
            if not is_dataset(part) or isinstance(datasets, list):
                raise TypeError(
                    "The argument to `Dataset.zip()` must be a nested structure of `Dataset` "
                    "objects. Nested structures do not support Python lists; please use a tuple "
                    "instead."
                )
        self._inputs = tuple(nest.flatten(datasets))
        self._spec = nest.pack_sequence_as(datasets, [d.element_spec for d in self._inputs])

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        iterators = [d._flat() for d in self._inputs]
        return (
            tuple([value for flat in parts for value in flat])
            for parts in zip(*iterators, strict=False)
        )

    def _cardinality(self) -> int:
        counts = [d._cardinality() for d in self._inputs]
        finite = [c for c in counts if c != INFINITE]
        if not finite:
            return INFINITE
        return UNKNOWN if UNKNOWN in finite else min(finite)


class ConcatenateDataset(Dataset):
    """One dataset after the other."""

    _kind = "ConcatenateDataset"

    def __init__(self, first: Dataset, second: Dataset) -> None:
        if not is_dataset(second):
            raise TypeError(f"concatenate: dataset must be a tf.data.Dataset, got {type(second)}")
        self._inputs = (first, second)
        types = [nest.map_structure(lambda s: s.dtype, d.element_spec) for d in self._inputs]
        if not same_structure(first.element_spec, second.element_spec) or types[0] != types[1]:
            raise TypeError(
                f"Two datasets to concatenate have different types {_types(types[0])} and "
                f"{_types(types[1])}"
            )
        self._spec = common_spec(first.element_spec, second.element_spec)

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        for dataset in self._inputs:
            yield from dataset._flat()

    def _cardinality(self) -> int:
        counts = [d._cardinality() for d in self._inputs]
        if INFINITE in counts:
            return INFINITE
        return UNKNOWN if UNKNOWN in counts else sum(counts)


def _types(types: Any) -> str:
    return str(types)
