"""``tf.data.experimental``: further transformations, most of them for ``dataset.apply``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from reflow._namespace import lazy_names
from reflow.core import nest
from reflow.core.dtypes import as_dtype, int32, int64, string
from reflow.core.errors import OpError, invalid
from reflow.core.tensor import Tensor
from reflow.core.type_spec import TensorSpec
from reflow.data.buffering import settle
from reflow.data.csv_files import CsvDataset, make_csv_dataset
from reflow.data.dataset import INFINITE, UNKNOWN, Dataset, host
from reflow.data.functions import ElementFunction, wrap
from reflow.data.parsing import parse_example_dataset
from reflow.data.records import RecordWriter as TFRecordWriter
from reflow.data.selecting import Selection
from reflow.data.structure import compatible, normalize, packer, spec_of

__all__ = [
    "AUTOTUNE",
    "INFINITE_CARDINALITY",
    "UNKNOWN_CARDINALITY",
    "Counter",
    "CsvDataset",
    "TFRecordWriter",
    "bucket_by_sequence_length",
    "cardinality",
    "choose_from_datasets",
    "copy_to_device",
    "enumerate_dataset",
    "get_single_element",
    "get_structure",
    "group_by_window",
    "ignore_errors",
    "make_csv_dataset",
    "map_and_batch",
    "parallel_interleave",
    "parse_example_dataset",
    "prefetch_to_device",
    "scan",
    "shuffle_and_repeat",
    "take_while",
    "unbatch",
    "unique",
]  # fmt: skip

AUTOTUNE = -1
INFINITE_CARDINALITY = INFINITE
UNKNOWN_CARDINALITY = UNKNOWN

Flat = Iterator[tuple[Any, ...]]
Transformation = Callable[[Dataset], Dataset]


def cardinality(dataset: Dataset) -> Tensor:
    """The number of elements: int64, INFINITE_CARDINALITY or UNKNOWN_CARDINALITY."""
    result: Tensor = wrap(np.int64(dataset._cardinality()))
    return result


def get_structure(dataset_or_iterator: Any) -> Any:
    """The ``element_spec`` of a dataset or iterator.

    Raises:
      TypeError: it is neither.
    """
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            "`dataset_or_iterator` must be a Dataset or Iterator object, but got "
            f"{type(dataset_or_iterator)}."
        ) from None


def get_single_element(dataset: Dataset) -> Any:
    """The only element of a dataset.

    Raises:
      InvalidArgumentError: it has none or several.
    """
    elements = list(itertools.islice(iter(dataset), 2))
    if not elements:
        raise invalid("Dataset was empty. [Op:DatasetToSingleElement]")
    if len(elements) > 1:
        raise invalid("Dataset had more than one element. [Op:DatasetToSingleElement]")
    return elements[0]


class _Counter(Dataset):
    _kind = "_ScanDataset"

    def __init__(self, start: int, step: int, dtype: Any) -> None:
        self._start, self._step, self._dtype = start, step, as_dtype(dtype)

    @property
    def element_spec(self) -> Any:
        return TensorSpec([], self._dtype)

    def _flat(self) -> Flat:
        make = self._dtype.np.type
        return ((make(n),) for n in itertools.count(self._start, self._step))

    def _cardinality(self) -> int:
        return INFINITE


def Counter(start: Any = 0, step: Any = 1, dtype: Any = int64) -> Dataset:  # noqa: N802
    """The numbers ``start``, ``start + step``, ... without end."""
    return _Counter(int(start), int(step), dtype)


def enumerate_dataset(start: Any = 0) -> Transformation:
    """``dataset.enumerate(start)`` for ``apply``."""
    return lambda dataset: dataset.enumerate(start)


def unbatch() -> Transformation:
    """``dataset.unbatch()`` for ``apply``."""
    return lambda dataset: dataset.unbatch()


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: Any = None) -> Transformation:
    """``dataset.shuffle(buffer_size, seed).repeat(count)`` for ``apply``."""
    return lambda dataset: dataset.shuffle(buffer_size, seed).repeat(count)


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: Any,
    num_parallel_batches: Any = None,
    drop_remainder: Any = False,
    num_parallel_calls: Any = None,
) -> Transformation:
    """``dataset.map(map_func, num_parallel_calls).batch(batch_size)`` for ``apply``.

    Raises:
      ValueError: both numbers of parallel calls are given.
    """
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError(
            "The `num_parallel_batches` and `num_parallel_calls` arguments are mutually exclusive."
        )
    return lambda dataset: dataset.map(map_func, num_parallel_calls).batch(
        batch_size, drop_remainder
    )


def parallel_interleave(
    map_func: Callable[..., Any],
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: Any = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Transformation:
    """``dataset.interleave(...)`` for ``apply``; always in the deterministic order."""
    return lambda dataset: dataset.interleave(map_func, cycle_length, block_length, cycle_length)


def prefetch_to_device(device: Any, buffer_size: Any = None) -> Transformation:
    """``dataset.prefetch(buffer_size)``; values move to the device when they are used."""
    return lambda dataset: dataset.prefetch(AUTOTUNE if buffer_size is None else buffer_size)


def copy_to_device(target_device: Any, source_device: Any = "/cpu:0") -> Transformation:
    """The same elements; values move to the device when they are used."""
    return lambda dataset: dataset.prefetch(1)


class _TakeWhile(Selection):
    _kind = "_TakeWhileDataset"

    def __init__(self, parent: Dataset, predicate: Callable[..., Any]) -> None:
        super().__init__(parent)
        self._function = ElementFunction(predicate, parent.element_spec, "take_while")

    def _is_rows(self) -> bool:
        return False

    def _flat(self) -> Flat:
        return itertools.takewhile(lambda flat: bool(self._function(flat)[0]), self._parent._flat())


def take_while(predicate: Callable[..., Any]) -> Transformation:
    """The elements before the first that ``predicate`` does not accept."""
    return lambda dataset: _TakeWhile(dataset, predicate)


class _Unique(Selection):
    _kind = "_UniqueDataset"

    def __init__(self, parent: Dataset) -> None:
        super().__init__(parent)
        spec = parent.element_spec
        if nest.is_nested(spec) or spec.dtype not in (int32, int64, string) or spec.shape.rank != 0:
            raise TypeError(
                "`tf.data.experimental.unique()` only supports inputs with a single `tf.int32`, "
                "`tf.int64`, or `tf.string` component."
            )

    def _is_rows(self) -> bool:
        return False

    def _flat(self) -> Flat:
        return self._fresh(self._parent._flat())

    def _fresh(self, elements: Flat) -> Flat:
        seen = set()
        for flat in elements:
            value = host(flat[0]).item()
            if value not in seen:
                seen.add(value)
                yield flat


def unique() -> Transformation:
    """Each value once, in the order of its first appearance (scalars of int or string)."""
    return _Unique


class _Scan(Dataset):
    _kind = "_ScanDataset"

    def __init__(self, parent: Dataset, state: Any, function: Callable[..., Any]) -> None:
        if not callable(function):
            raise ValueError("Argument must be callable")
        self._parent = parent
        self._inputs = (parent,)
        self._state = normalize(state)
        self._function = function
        self._pack = packer(parent.element_spec)
        self._spec: Any = None

    @property
    def element_spec(self) -> Any:
        if self._spec is None:
            flat = next(self._parent._flat(), None)
            if flat is None:
                raise ValueError("scan: the dataset is empty, so what scan_func returns is unknown")
            self._spec = spec_of(self._step(self._state, flat)[1])
        return self._spec

    def _step(self, state: Any, flat: Sequence[Any]) -> tuple[Any, Any]:
        returned = self._function(state, self._pack([wrap(v) for v in flat]))
        if not isinstance(returned, tuple) or len(returned) != 2:
            raise TypeError("The scan function must return a pair comprising the new state and the "
                            "output value.")  # fmt: skip
        return normalize(returned[0]), normalize(returned[1])

    def _flat(self) -> Flat:
        return self._steps(self._parent._flat())

    def _steps(self, elements: Flat) -> Flat:
        state = self._state
        for flat in elements:
            state, output = self._step(state, flat)
            yield tuple(nest.flatten(output))

    def _cardinality(self) -> int:
        return self._parent._cardinality()


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Transformation:
    """Elements ``output`` of ``state, output = scan_func(state, element)``."""
    return lambda dataset: _Scan(dataset, initial_state, scan_func)


class _Directed(Dataset):
    _kind = "_DirectedInterleaveDataset"

    def __init__(self, choice: Dataset, datasets: Sequence[Dataset]) -> None:
        self._choice = choice
        self._datasets = tuple(datasets)
        self._inputs = (choice, *datasets)
        first = datasets[0].element_spec
        for other in datasets[1:]:
            if not compatible(first, other.element_spec):
                raise TypeError(
                    f"Datasets to choose from have different types {first} and {other.element_spec}"
                )

    @property
    def element_spec(self) -> Any:
        return self._datasets[0].element_spec

    def _flat(self) -> Flat:
        iterators = [d._flat() for d in self._datasets]
        return self._chosen(self._choice._flat(), iterators)

    @staticmethod
    def _chosen(choices: Flat, iterators: list[Flat]) -> Flat:
        ended: set[int] = set()
        for flat in choices:
            index = int(host(flat[0]))
            if not 0 <= index < len(iterators):
                raise invalid(
                    f"choose_from_datasets: index {index} is not in [0, {len(iterators)})"
                )
            value = None if index in ended else next(iterators[index], None)
            if value is None:
                ended.add(index)
                if len(ended) == len(iterators):
                    return
            else:
                yield value


def choose_from_datasets(datasets: Sequence[Dataset], choice_dataset: Dataset) -> Dataset:
    """The next element of the dataset whose number ``choice_dataset`` gives, time after time.

    Raises:
      TypeError: the choices are no int64 scalars, or the datasets differ in type.
    """
    spec = choice_dataset.element_spec
    if nest.is_nested(spec) or spec.dtype is not int64 or spec.shape.rank != 0:
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    return _Directed(choice_dataset, datasets)


class _IgnoreErrors(Selection):
    _kind = "_IgnoreErrorsDataset"

    def _is_rows(self) -> bool:
        return False

    def _flat(self) -> Flat:
        elements = self._parent._flat()
        while True:
            try:
                flat = next(elements)
                settle(flat)  # errors that depend on values come when the ops run
            except StopIteration:
                return
            except OpError:
                continue
            yield flat


def ignore_errors() -> Transformation:
    """The elements that can be made; where making one raises an ``OpError`` it is dropped."""
    return _IgnoreErrors


class _GroupByWindow(Dataset):
    _kind = "_GroupByWindowDataset"

    def __init__(self, parent: Dataset, key: Any, reduce: Any, size_of: Any) -> None:
        self._parent = parent
        self._inputs = (parent,)
        self._key = ElementFunction(key, parent.element_spec, "group_by_window")
        self._reduce, self._size_of = reduce, size_of

    def _is_costly(self) -> bool:
        return True

    @property
    def element_spec(self) -> Any:
        empty = _Window([], self._parent.element_spec)
        return self._reduce(wrap(np.int64(0)), empty).element_spec

    def _flat(self) -> Flat:
        return self._groups(self._parent._flat())

    def _groups(self, elements: Flat) -> Flat:
        groups: dict[int, list[tuple[Any, ...]]] = {}
        for flat in elements:
            key = int(self._key(flat)[0])
            group = groups.setdefault(key, [])
            group.append(flat)
            size = int(self._size_of(wrap(np.int64(key))))
            if size <= 0:
                raise invalid(
                    f"Window size must be greater than zero, but got {size}. "
                    "[Op:GroupByWindowDataset]"
                )
            if len(group) >= size:
                yield from self._reduced(key, groups.pop(key))
        for key in sorted(groups):
            yield from self._reduced(key, groups[key])

    def _reduced(self, key: int, group: list[tuple[Any, ...]]) -> Flat:
        window = _Window(group, self._parent.element_spec)
        made: Dataset = self._reduce(wrap(np.int64(key)), window)
        return made._flat()


class _Window(Dataset):
    _kind = "_VariantDataset"

    def __init__(self, elements: list[tuple[Any, ...]], spec: Any) -> None:
        self._elements, self._spec = elements, spec

    @property
    def element_spec(self) -> Any:
        return self._spec

    def _flat(self) -> Flat:
        return iter(self._elements)

    def _cardinality(self) -> int:
        return len(self._elements)


def group_by_window(
    key_func: Callable[..., Any],
    reduce_func: Callable[[Any, Dataset], Dataset],
    window_size: Any = None,
    window_size_func: Callable[[Any], Any] | None = None,
) -> Transformation:
    """Collects elements by key; ``reduce_func(key, window)`` makes a dataset of each full window.

    Raises:
      ValueError: not exactly one of ``window_size`` and ``window_size_func`` is given.
    """
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either window_size or window_size_func, not both or neither.")
    size_of = window_size_func if window_size is None else lambda key: window_size
    return lambda dataset: _GroupByWindow(dataset, key_func, reduce_func, size_of)


def bucket_by_sequence_length(
    element_length_func: Callable[..., Any],
    bucket_boundaries: Sequence[int],
    bucket_batch_sizes: Sequence[int],
    padded_shapes: Any = None,
    padding_values: Any = None,
    pad_to_bucket_boundary: bool = False,
    no_padding: bool = False,
    drop_remainder: bool = False,
) -> Transformation:
    """Batches elements of similar length together, padded to the longest of the batch.

    Args:
      element_length_func: the length of an element, an int32 scalar.
      bucket_boundaries: upper lengths of the buckets, increasing.
      bucket_batch_sizes: batch size of each bucket, one more than there are boundaries.
      padded_shapes, padding_values: as for ``padded_batch``; the elements' shapes by default.
      pad_to_bucket_boundary: pad to the bucket's upper length minus one instead.
      no_padding: the elements of a batch have one shape already.
      drop_remainder: drop smaller batches at the end.

    Raises:
      ValueError: the numbers of boundaries and batch sizes do not fit.
    """
    if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
        raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
    boundaries = np.asarray(bucket_boundaries)

    def bucket(*element: Any) -> Any:
        length = element_length_func(*element)
        from reflow._arrays.casting import cast
        from reflow.math import reduce_sum

        return reduce_sum(cast(length >= boundaries.astype(np.int32), int64))

    def batch(key: Any, window: Dataset) -> Dataset:
        place = int(key)
        size = bucket_batch_sizes[place]
        if no_padding:
            return window.batch(size, drop_remainder)
        shapes = padded_shapes
        if shapes is None:
            shapes = nest.map_structure(lambda s: s.shape, window.element_spec)
        if pad_to_bucket_boundary:
            if place == len(boundaries):
                raise invalid(
                    "When pad_to_bucket_boundary=True, elements must have length < "
                    "max(bucket_boundaries)."
                )
            limit = int(boundaries[place]) - 1
            shapes = nest.map_structure(lambda s: [limit if d is None else d for d in s], shapes)
        return window.padded_batch(size, shapes, padding_values, drop_remainder)

    return group_by_window(bucket, batch, window_size_func=lambda key: bucket_batch_sizes[int(key)])


__getattr__, __dir__ = lazy_names(__name__)
