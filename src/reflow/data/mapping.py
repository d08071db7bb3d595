"""map, filter, flat_map, interleave, reduce: user functions on elements."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any

from reflow.core import nest
from reflow.core.dtypes import bool_
from reflow.core.sparse_tensor import SparseTensorSpec
from reflow.core.type_spec import TensorSpec
from reflow.data.buffering import settle
from reflow.data.dataset import UNKNOWN, Dataset, host
from reflow.data.functions import ElementFunction, wrap
from reflow.data.selecting import Selection
from reflow.data.structure import is_dataset, map_specs, normalize, packer, spec_of

Flat = Iterator[tuple[Any, ...]]


class _Mapped(Dataset):
    """A dataset made by a function of the parent's elements."""

    def __init__(self, parent: Dataset, function: Callable[..., Any], what: str) -> None:
        self._parent = parent
        self._inputs = (parent,)
        self._function = ElementFunction(function, parent.element_spec, what)

    def _is_costly(self) -> bool:
        return True


def _loosened(spec: Any, unknown: set[int]) -> Any:
    """What one result tells of all: not a SparseTensor's size, nor that of an unknown batch."""
    if isinstance(spec, SparseTensorSpec):
        return (
            spec
            if spec.shape.rank is None
            else SparseTensorSpec([None] * spec.shape.rank, spec.dtype)
        )
    if spec.shape.rank and spec.shape[0] in unknown:
        return TensorSpec([None, *spec.shape.as_list()[1:]], spec.dtype)
    return spec


def _varying(flat: tuple[Any, ...], spec: Any) -> set[int]:
    """The sizes of an element's first axes that its spec does not know."""
    return {
        len(host(value))
        for value, part in zip(flat, nest.flatten(spec), strict=True)
        if isinstance(part, TensorSpec) and part.shape.rank and part.shape[0] is None
    }


class MapDataset(_Mapped):
    """A function of each element."""

    _kind = "MapDataset"

    def __init__(self, parent: Dataset, function: Callable[..., Any], calls: int | None) -> None:
        super().__init__(parent, function, "map")
        self._calls = calls
        if calls is not None:
            self._kind = "ParallelMapDataset"
        self._spec = self._function.output_spec()

    @property
    def element_spec(self) -> Any:
        if self._spec is None:  # the function cannot be traced: its first result tells
            flat = next(self._parent._flat(), None)
            if flat is None:
                raise ValueError("map: the dataset is empty, so what map_func returns is unknown")
            self._function(flat)
            unknown = _varying(flat, self._parent.element_spec)
            made = spec_of(self._function._structure)
            self._spec = map_specs(lambda spec: _loosened(spec, unknown), made)
        return self._spec

    def _flat(self) -> Flat:
        elements = self._parent._flat()
        if self._calls is None or self._calls == 1:
            return map(self._function, elements)
        return self._parallel(elements)

    def _parallel(self, elements: Flat) -> Flat:
        """Several calls at a time in threads; the results keep the elements' order."""
        workers = self._calls if self._calls and self._calls > 0 else os.cpu_count() or 1

        def work(flat: tuple[Any, ...], number: int) -> tuple[Any, ...]:
            result = self._function(flat, number)
            settle(result)
            return result

        def submit(flat: tuple[Any, ...]) -> Future[tuple[Any, ...]]:
            return pool.submit(work, flat, self._function.next_number())

        with ThreadPoolExecutor(min(workers, 64), "reflow-map") as pool:
            waiting = deque(submit(flat) for flat in islice(elements, workers))
            while waiting:
                result = waiting.popleft().result()
                for flat in islice(elements, 1):
                    waiting.append(submit(flat))
                yield result

    def _cardinality(self) -> int:
        return self._parent._cardinality()


class FilterDataset(Selection):
    """The elements that a predicate accepts."""

    _kind = "FilterDataset"

    def __init__(self, parent: Dataset, predicate: Callable[..., Any]) -> None:
        super().__init__(parent)
        self._function = ElementFunction(predicate, parent.element_spec, "filter")
        spec = self._function.output_spec()
        if spec is not None:
            self._check(spec)

    @staticmethod
    def _check(spec: Any) -> None:
        if nest.is_nested(spec) or spec.dtype is not bool_ or spec.shape.rank not in (0, None):
            raise ValueError(
                "`predicate` return type must be convertible to a scalar boolean tensor. "
                f"Was {spec!r}."
            )

    def _is_rows(self) -> bool:
        return False

    def _is_costly(self) -> bool:
        return True

    def _flat(self) -> Flat:
        return (flat for flat in self._parent._flat() if bool(self._function(flat)[0]))

    def _cardinality(self) -> int:
        return UNKNOWN


class _Inner(_Mapped):
    """A function that makes a dataset of each element."""

    def __init__(self, parent: Dataset, function: Callable[..., Any], what: str) -> None:
        super().__init__(parent, function, what)
        self._pack = packer(parent.element_spec)
        self._user = function
        self._spec: Any = None

    def _dataset(self, flat: tuple[Any, ...]) -> Dataset:
        """The dataset for an element."""
        element = self._pack([wrap(value) for value in flat])
        spread = isinstance(self._parent.element_spec, tuple)
        made = self._user(*element) if spread else self._user(element)
        if not is_dataset(made):
            raise TypeError(
                f"`map_func` must return a `Dataset` object. Got {type(normalize(made))}"
            )
        return made  # type: ignore[no-any-return]

    @property
    def element_spec(self) -> Any:
        if self._spec is None:
            flat = next(self._parent._flat(), None)
            if flat is None:
                raise ValueError(
                    "flat_map: the dataset is empty, so what map_func returns is unknown"
                )
            self._spec = self._dataset(flat).element_spec
        return self._spec


class FlatMapDataset(_Inner):
    """The elements of one dataset after another."""

    _kind = "FlatMapDataset"

    def __init__(self, parent: Dataset, function: Callable[..., Any]) -> None:
        super().__init__(parent, function, "flat_map")
        self._check_now()

    def _check_now(self) -> None:
        """Raises at once, as TF does, if the function makes no dataset."""
        if self._parent._cardinality() > 0 and not self._parent._is_costly():
            _ = self.element_spec

    def _flat(self) -> Flat:
        elements = self._parent._flat()
        return (value for flat in elements for value in self._dataset(flat)._flat())


class InterleaveDataset(_Inner):
    """Blocks of elements from several datasets in turn."""

    _kind = "InterleaveDataset"

    def __init__(
        self,
        parent: Dataset,
        function: Callable[..., Any],
        cycle_length: int,
        block_length: int,
        calls: int | None,
    ) -> None:
        super().__init__(parent, function, "interleave")
        if cycle_length == -1:
            cycle_length = os.cpu_count() or 1
        if cycle_length < 1 or block_length < 1:
            raise ValueError("interleave: cycle_length and block_length must be greater than zero")
        self._cycle, self._block = cycle_length, block_length
        if calls is not None:
            self._kind = "ParallelInterleaveDataset"
        FlatMapDataset._check_now(self)  # type: ignore[arg-type]

    def _flat(self) -> Flat:
        return self._turns(self._parent._flat())

    def _turns(self, elements: Flat) -> Flat:
        """TF's order: a slot whose dataset has ended is filled when its turn comes again."""
        slots: list[Flat | None] = [None] * self._cycle
        place = taken = 0
        ended = False
        open_slots = 0
        while True:
            current = slots[place]
            if current is not None:
                value = next(current, None)
                if value is not None:
                    yield value
                    taken += 1
                    if taken == self._block:
                        place, taken = (place + 1) % self._cycle, 0
                    continue
                slots[place] = None
                open_slots -= 1
                place, taken = (place + 1) % self._cycle, 0
            elif not ended:
                flat = next(elements, None)
                if flat is None:
                    ended = True
                    if not open_slots:
                        return
                else:
                    slots[place] = self._dataset(flat)._flat()
                    open_slots += 1
                    taken = 0
            elif open_slots:
                place, taken = (place + 1) % self._cycle, 0
            if ended and not open_slots:
                return


def reduce_dataset(dataset: Dataset, initial_state: Any, function: Callable[..., Any]) -> Any:
    """``state = function(state, element)`` for every element; returns the last state."""
    state = normalize(initial_state)
    dtypes = [t.dtype for t in nest.flatten(state)]
    pack = packer(dataset.element_spec)
    for flat in dataset._flat():
        after = normalize(function(state, pack([wrap(value) for value in flat])))
        found = nest.flatten(after)
        if len(found) != len(dtypes):
            raise TypeError(
                "The element structure for the new state must match the initial state. Expected "
                f"{len(dtypes)} components, got {len(found)}"
            )
        for tensor, dtype in zip(found, dtypes, strict=True):
            if tensor.dtype is not dtype:
                raise TypeError(
                    f"The element types for the new state must match the initial state. Expected "
                    f"{dtype!r}; got {tensor.dtype!r}."
                )
        state = after
    return state
