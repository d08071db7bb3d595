"""``tf.data.Dataset``: a pull pipeline of small transformations.

A dataset knows its ``element_spec`` and makes iterators over *flat* elements: tuples of NumPy
values or tensors. Making an iterator makes those upstream at once, as in TF: each ``shuffle`` takes
its words at that moment. Datasets that only choose rows of arrays also offer ``_rows``
(:mod:`rows`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from reflow.core import nest, record
from reflow.core.errors import (
    DataLossError,
    FailedPreconditionError,
    InvalidArgumentError,
    NeedsEagerError,
    invalid,
)
from reflow.core.static import static_int
from reflow.core.tensor import Tensor
from reflow.data.functions import wrap
from reflow.data.options import Options
from reflow.data.rows import Rows
from reflow.data.structure import describe, is_composite, is_dataset, normalize, packer

INFINITE = -1
UNKNOWN = -2


class Dataset:
    """A sequence of elements, each a tensor or a structure of tensors.

    Made by the class methods (``from_tensor_slices``, ``range``, ...); transformed by methods that
    return new datasets; iterated with ``for``.

    Example::

        numbers = tf.data.Dataset.range(10).batch(4)
        for batch in numbers:
            print(batch)
    """

    _kind = "Dataset"
    _is_read_outside = True  # functions with datasets as arguments run as Python
    _inputs: tuple[Dataset, ...] = ()

    def __init__(self, variant_tensor: Any) -> None:
        raise TypeError(
            "tf.data.Dataset is made by its methods, such as Dataset.from_tensor_slices(...)"
        )

    # ---- what a transformation must say

    @property
    def element_spec(self) -> Any:
        """The elements' kind: a structure of ``tf.TensorSpec``."""
        raise NotImplementedError

    def _flat(self) -> Iterator[tuple[Any, ...]]:
        """A new iterator over flat elements; makes the upstream iterators at once."""
        return self._rows().elements()

    def _is_rows(self) -> bool:
        """Whether the dataset only chooses rows of arrays, so that ``_rows`` may be called."""
        return False

    def _rows(self) -> Rows:
        """A new iterator over rows of arrays."""
        raise NotImplementedError(type(self).__name__)

    def _cardinality(self) -> int:
        """The number of elements, INFINITE or UNKNOWN."""
        return UNKNOWN

    def _is_costly(self) -> bool:
        """Whether making an element takes real work, so that prefetching it pays."""
        return any(parent._is_costly() for parent in self._inputs)

    # ---- iteration

    def __iter__(self) -> DatasetIterator:
        _refuse_tracing()
        return DatasetIterator(self)

    def as_numpy_iterator(self) -> Iterator[Any]:
        """An iterator over the elements with NumPy values as leaves.

        Raises:
          TypeError: the elements are no tensors.
        """
        pack = packer(self.element_spec)
        return (pack([_numpy(value) for value in flat]) for flat in self._flat())

    def __repr__(self) -> str:
        shapes, types = describe(self.element_spec)
        return f"<{self._kind} shapes: {shapes}, types: {types}>"

    def __bool__(self) -> bool:
        return True

    def options(self) -> Options:
        """The options set by ``with_options`` on this dataset and those it is made from."""
        options = Options()
        for parent in self._inputs:
            options = options.merge(parent.options())
        return options

    # ---- sources

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        """A dataset of one element."""
        from reflow.data.sources import TensorDataset

        return TensorDataset(tensors)

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        """A dataset whose elements are the slices of ``tensors`` along their first axis.

        Args:
          tensors: a tensor, array or list of shape ``(n, ...)``, or a tuple or dictionary of them.

        Raises:
          ValueError: a scalar is among them, or their first sizes differ.
        """
        from reflow.data.sources import CompositeSliceDataset, TensorSliceDataset

        structure = normalize(tensors)
        if any(map(is_composite, nest.flatten(structure))):
            return CompositeSliceDataset(structure)
        return TensorSliceDataset(structure)

    @staticmethod
    def from_generator(
        generator: Callable[..., Any],
        output_types: Any,
        output_shapes: Any = None,
        args: Any = None,
    ) -> Dataset:
        """A dataset of what ``generator(*args)`` yields.

        Args:
          generator: a callable that returns an object with ``__iter__``.
          output_types: the elements' dtypes, in their structure.
          output_shapes: their shapes, in the same structure; unknown by default.
          args: tensors to call ``generator`` with, as NumPy values.

        Raises:
          TypeError: ``generator`` is not callable.
        """
        from reflow.data.sources import GeneratorDataset

        return GeneratorDataset(generator, output_types, output_shapes, args)

    @staticmethod
    def range(*args: Any) -> Dataset:
        """The int64 numbers of Python's ``range(*args)``."""
        from reflow.data.sources import RangeDataset

        return RangeDataset(*args)

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        """Elements made of one element of each of ``datasets``, until the shortest ends.

        Raises:
          TypeError: ``datasets`` is no tuple, dictionary or dataset.
        """
        from reflow.data.combining import ZipDataset

        return ZipDataset(datasets)

    @staticmethod
    def list_files(
        file_pattern: Any, shuffle: bool | None = None, seed: int | None = None
    ) -> Dataset:
        """The names of the files that match a glob pattern (or several), shuffled by default.

        Raises:
          InvalidArgumentError: no file matches.
        """
        from reflow.data.sources import list_files

        return list_files(file_pattern, shuffle, seed)

    # ---- transformations

    def concatenate(self, dataset: Dataset) -> Dataset:
        """This dataset's elements, then those of ``dataset``.

        Raises:
          TypeError: their elements' types differ.
        """
        from reflow.data.combining import ConcatenateDataset

        return ConcatenateDataset(self, dataset)

    def prefetch(self, buffer_size: Any) -> Dataset:
        """Makes elements ahead of their use, in a thread of its own where that pays."""
        from reflow.data.buffering import PrefetchDataset

        return PrefetchDataset(self, static_int(buffer_size, "prefetch: buffer_size"))

    def repeat(self, count: Any = None) -> Dataset:
        """Goes through the dataset ``count`` times, or without end (None or -1)."""
        from reflow.data.selecting import RepeatDataset

        return RepeatDataset(self, -1 if count is None else static_int(count, "repeat: count"))

    def enumerate(self, start: Any = 0) -> Dataset:
        """Pairs ``(number, element)``; the numbers are int64 and begin at ``start``."""
        largest = np.iinfo(np.int64).max
        return Dataset.zip((Dataset.range(start, largest), self))

    def shuffle(
        self, buffer_size: Any, seed: Any = None, reshuffle_each_iteration: bool | None = None
    ) -> Dataset:
        """Draws each element at random from a buffer of the next ``buffer_size`` elements.

        Args:
          buffer_size: the size of the buffer; a full shuffle needs the size of the dataset.
          seed: the op seed; see ``tf.random.set_seed``.
          reshuffle_each_iteration: whether each pass has another order (the default).

        Raises:
          InvalidArgumentError: ``buffer_size`` is not positive.
        """
        from reflow.data.selecting import ShuffleDataset

        size = static_int(buffer_size, "shuffle: buffer_size")
        if size <= 0:
            raise invalid("buffer_size must be greater than zero. [Op:ShuffleDatasetV2]")
        return ShuffleDataset(self, size, seed, reshuffle_each_iteration)

    def cache(self, filename: str = "") -> Dataset:
        """Keeps the elements of the first pass for the later ones: in memory, or in a file."""
        from reflow.data.buffering import CacheDataset

        return CacheDataset(self, filename)

    def take(self, count: Any) -> Dataset:
        """The first ``count`` elements (all, if it is -1)."""
        from reflow.data.selecting import TakeDataset

        return TakeDataset(self, static_int(count, "take: count"))

    def skip(self, count: Any) -> Dataset:
        """All but the first ``count`` elements (none, if it is -1)."""
        from reflow.data.selecting import SkipDataset

        return SkipDataset(self, static_int(count, "skip: count"))

    def shard(self, num_shards: Any, index: Any) -> Dataset:
        """Every ``num_shards``-th element, beginning with number ``index``.

        Raises:
          InvalidArgumentError: ``index`` is not in ``[0, num_shards)``.
        """
        from reflow.data.selecting import ShardDataset

        shards, place = static_int(num_shards, "shard"), static_int(index, "shard")
        if shards < 1:
            raise InvalidArgumentError(
                None,
                None,
                f"Number of shards must be greater than zero (currently num_shards = {shards}).",
            )
        if not 0 <= place < shards:
            raise InvalidArgumentError(
                None,
                None,
                f"Index must be between 0 and {shards - 1} (currently index = {place}).",
            )
        return ShardDataset(self, shards, place)

    def batch(self, batch_size: Any, drop_remainder: Any = False) -> Dataset:
        """Stacks ``batch_size`` consecutive elements along a new first axis.

        Args:
          batch_size: the number of elements in a batch.
          drop_remainder: whether a last, smaller batch is dropped.

        Raises:
          InvalidArgumentError: ``batch_size`` is not positive, or shapes differ within a batch.
        """
        from reflow.data.batching import BatchDataset

        size = _int64(batch_size)
        if size <= 0:
            raise invalid("Batch size must be greater than zero. [Op:BatchDatasetV2]")
        return BatchDataset(self, size, bool(drop_remainder))

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any,
        padding_values: Any = None,
        drop_remainder: Any = False,
    ) -> Dataset:
        """Like ``batch`` for elements of different sizes, which are padded at their ends.

        Args:
          batch_size: the number of elements in a batch.
          padded_shapes: the shape to pad each component to, in the elements' structure; an unknown
            dimension is padded to the longest of the batch.
          padding_values: what to pad with; zeros or empty strings by default.
          drop_remainder: whether a last, smaller batch is dropped.

        Raises:
          InvalidArgumentError: an element is larger than the padded shape.
        """
        from reflow.data.batching import PaddedBatchDataset

        size = _int64(batch_size)
        if size <= 0:
            raise invalid("Batch size must be greater than zero. [Op:PaddedBatchDatasetV2]")
        return PaddedBatchDataset(self, size, padded_shapes, padding_values, bool(drop_remainder))

    def unbatch(self) -> Dataset:
        """Splits each element along its first axis."""
        from reflow.data.batching import UnbatchDataset

        return UnbatchDataset(self)

    def window(
        self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: bool = False
    ) -> Dataset:
        """Groups elements into datasets of ``size`` elements.

        Args:
          size: elements in a window.
          shift: how far the next window begins after this one; ``size`` by default.
          stride: take every ``stride``-th element.
          drop_remainder: whether smaller windows at the end are dropped.

        Raises:
          InvalidArgumentError: a number is not positive.
        """
        from reflow.data.batching import WindowDataset

        step = size if shift is None else shift
        return WindowDataset(self, _int64(size), _int64(step), _int64(stride), bool(drop_remainder))

    def map(self, map_func: Callable[..., Any], num_parallel_calls: Any = None) -> Dataset:
        """Applies ``map_func`` to each element, in order; with several calls at a time if asked.

        The function is traced and compiled where it can be, so Python side effects happen once.

        Args:
          map_func: takes the parts of an element, returns a tensor or structure of tensors.
          num_parallel_calls: how many elements to work on at once (or ``AUTOTUNE``).

        Raises:
          ValueError: ``map_func`` is not callable.
          TypeError: it returns something that is no tensor.
        """
        from reflow.data.mapping import MapDataset

        calls = None if num_parallel_calls is None else static_int(num_parallel_calls, "map")
        return MapDataset(self, map_func, calls)

    def filter(self, predicate: Callable[..., Any]) -> Dataset:
        """The elements for which ``predicate`` returns True.

        Raises:
          ValueError: ``predicate`` does not return a boolean scalar.
        """
        from reflow.data.mapping import FilterDataset

        return FilterDataset(self, predicate)

    def flat_map(self, map_func: Callable[..., Any]) -> Dataset:
        """The elements of ``map_func(element)``, a dataset, for one element after another.

        Raises:
          TypeError: ``map_func`` returns no dataset.
        """
        from reflow.data.mapping import FlatMapDataset

        return FlatMapDataset(self, map_func)

    def interleave(
        self,
        map_func: Callable[..., Any],
        cycle_length: Any = -1,
        block_length: Any = 1,
        num_parallel_calls: Any = None,
    ) -> Dataset:
        """Takes ``block_length`` elements in turn from ``cycle_length`` of ``map_func``'s datasets.

        Raises:
          TypeError: ``map_func`` returns no dataset.
        """
        from reflow.data.mapping import InterleaveDataset

        calls = None if num_parallel_calls is None else static_int(num_parallel_calls, "interleave")
        return InterleaveDataset(
            self, map_func, static_int(cycle_length, "interleave"),
            static_int(block_length, "interleave"), calls,
        )  # fmt: skip

    def apply(self, transformation_func: Callable[[Dataset], Dataset]) -> Dataset:
        """``transformation_func(self)``, for transformations that are functions.

        Raises:
          TypeError: it returns no dataset.
        """
        result = transformation_func(self)
        if not is_dataset(result):
            raise TypeError(
                f"`transformation_func` must return a Dataset. Got {type(result).__name__}."
            )
        return result

    def with_options(self, options: Options) -> Dataset:
        """The same elements, with options."""
        from reflow.data.buffering import OptionsDataset

        return OptionsDataset(self, options)

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
        """Folds the dataset: ``state = reduce_func(state, element)`` for each element.

        Args:
          initial_state: a tensor or structure of tensors.
          reduce_func: takes the state and an element, returns the new state.

        Returns:
          The last state.

        Raises:
          TypeError: the state changes its structure or dtypes.
        """
        from reflow.data.mapping import reduce_dataset

        return reduce_dataset(self, initial_state, reduce_func)


class DatasetIterator:
    """An iterator over a dataset's elements, as tensors."""

    _is_read_outside = True

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._elements = dataset._flat()
        self._pack = packer(dataset.element_spec)
        self._taken = 0

    @property
    def element_spec(self) -> Any:
        return self._dataset.element_spec

    def __iter__(self) -> DatasetIterator:
        return self

    def __next__(self) -> Any:
        _refuse_tracing()
        flat = next(self._elements)
        self._taken += 1
        return self._pack([v if v.__class__ is Tensor else wrap(v) for v in flat])

    next = __next__

    def get_next(self) -> Any:
        """The next element.

        Raises:
          OutOfRangeError: there is none.
        """
        try:
            return self.__next__()
        except StopIteration:
            from reflow.core.errors import OutOfRangeError

            raise OutOfRangeError(None, None, "End of sequence [Op:IteratorGetNextSync]") from None

    # ---- checkpoints keep how many elements were taken

    def _checkpoint_values(self) -> dict[str, Any]:
        if _is_shuffled(self._dataset):
            raise FailedPreconditionError(
                None,
                None,
                "an iterator over a shuffled dataset cannot be saved: it depends on a random seed "
                "generator resource [Op:SerializeIterator]",
            )
        return {"ITERATOR": str(self._taken).encode()}

    def _restore_checkpoint_value(self, attribute: str, array: Any) -> None:
        if not re.fullmatch(rb"\d{1,18}", array.item()):
            raise DataLossError(None, None, "an iterator's state is damaged, or not Reflow's")
        self._elements, self._taken = self._dataset._flat(), int(array.item())
        for _ in zip(range(self._taken), self._elements, strict=False):
            pass


def _is_shuffled(dataset: Dataset) -> bool:
    from reflow.data.selecting import ShuffleDataset

    return isinstance(dataset, ShuffleDataset) or any(map(_is_shuffled, dataset._inputs))


def _refuse_tracing() -> None:
    """Elements are made outside of compiled code: a function that reads them runs as Python."""
    if record.state.segment.capture is not None:
        raise NeedsEagerError("it iterates over a dataset")


def _numpy(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.numpy()
    if is_dataset(value):
        return value.as_numpy_iterator()
    return (
        value.copy()
        if isinstance(value, np.ndarray) and value.ndim
        else (value[()] if isinstance(value, np.ndarray) else value)
    )


def _int64(value: Any) -> int:
    if isinstance(value, float):
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype int64")
    return static_int(value, "Dataset")


def flat_values(element: Any) -> tuple[Any, ...]:
    """An element's leaves."""
    return tuple(nest.flatten(element))


def host(value: Any) -> np.ndarray[Any, Any]:
    """A flat value as a NumPy array."""
    if isinstance(value, bytes):  # NumPy's own strings would lose zeros at the end
        array = np.empty((), object)
        array[()] = value
        return array
    return value._host() if isinstance(value, Tensor) else np.asarray(value)
