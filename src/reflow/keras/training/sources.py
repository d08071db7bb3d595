"""Where batches come from: arrays, datasets, generators, sequences."""

from __future__ import annotations

import itertools
import math
import random as python_random
from collections.abc import Iterator
from typing import Any

import numpy as np

import reflow as tf
from reflow.core import random
from reflow.core.logging import warn
from reflow.keras.training.standardize import Batch, standardize, standardize_inputs

DEVICE_BYTES = 2 << 30
"""Arrays up to this size together are copied to the device once."""


class Arrays:
    """All samples in memory.

    Args:
      batch: the samples.
      size: samples per batch.
      steps: batches per epoch; all by default.
      shuffle: whether each epoch has another order; ``"batch"`` keeps batches together.
    """

    samples: int

    def __init__(self, batch: Batch, size: int, steps: int | None, shuffle: Any) -> None:
        self.batch = batch
        self.size = size
        arrays = batch.flat()
        self.samples = int(arrays[0].shape[0]) if arrays else 0
        self.steps = steps or math.ceil(self.samples / size)
        self.shuffle = shuffle
        self.orders = random.fit_orders(self.samples) if shuffle is True else None
        self._endless = self._rows() if steps else None
        self._device: Any = None
        self._host: Any = None

    def _order(self) -> Any:
        """The order of the samples in the next epoch; None for their own."""
        if self.orders is not None:
            return next(self.orders)
        if self.shuffle == "batch":
            starts = np.random.permutation(math.ceil(self.samples / self.size)) * self.size
            parts = [np.arange(s, min(s + self.size, self.samples)) for s in starts]
            return np.concatenate(parts)
        return None

    def _rows(self) -> Iterator[tuple[Any, int, int]]:
        """Batches without end, as ``(order, first, last)``."""
        while True:
            order = self._order()
            for first in range(0, self.samples, self.size):
                yield order, first, min(first + self.size, self.samples)

    def epoch(self) -> tuple[Any, list[tuple[Any, int, int]]]:
        """The batches of the next epoch, and their order if all have the same one."""
        if self._endless is not None:
            rows = list(itertools.islice(self._endless, self.steps))
            return None, rows
        order = self._order()
        bounds = range(0, self.samples, self.size)
        return order, [(order, i, min(i + self.size, self.samples)) for i in bounds]

    def on_device(self) -> list[Any] | None:
        """The arrays on the device; None if they are too large."""
        if self._device is None:
            from reflow.core.batches import to_device

            arrays = self.host()
            if sum(a.nbytes for a in arrays) > DEVICE_BYTES or any(
                a.dtype.kind not in "fiub" for a in arrays
            ):
                return None
            self._device = [to_device(a) for a in arrays]
        return self._device

    def host(self) -> list[Any]:
        """The arrays on the host."""
        if self._host is None:
            self._host = [np.asarray(a) for a in self.batch.flat()]
        return self._host

    def rows(self, order: Any, first: int, last: int) -> Batch:
        """One batch."""
        rows = slice(first, last) if order is None else order[first:last]
        return self.batch.repacked([tf.convert_to_tensor(a[rows]) for a in self.host()])


class Stream:
    """Batches that come one after the other.

    Args:
      model: standardizes them.
      start: a function that starts a new pass, an iterator of ``x`` or ``(x, y[, weights])``.
      steps: batches per epoch; None if it is not known.
      restart: whether each epoch is a new pass.
      class_weight: class -> factor.
      broadcasts: whether targets may have size 1 where outputs have more.
      close: called when the loop is done.
    """

    samples = None

    def __init__(
        self,
        model: Any,
        start: Any,
        steps: int | None,
        *,
        restart: bool,
        class_weight: Any = None,
        close: Any = None,
        broadcasts: bool = False,
    ) -> None:
        self._model = model
        self._start = start
        self.steps = steps
        self._restart = restart
        self._broadcasts = broadcasts
        self._class_weight = class_weight
        self.close = close or (lambda: None)
        self._current: Any = None
        self.epochs = 1  # how many there are to be
        self.exhausted = False  # whether an epoch found no more batches
        self.check: Any = None  # called with each batch

    def peek(self) -> Any:
        """The inputs of a first batch, to build a model from.

        Where passes can be started anew it is not missed later; else the next epoch gets it again.

        Raises:
          ValueError: if there is none.
        """
        passing = iter(self._start())
        try:
            first = next(passing)
        except StopIteration:
            raise ValueError("Empty training data.") from None
        if not self._restart:
            self._current = itertools.chain([first], passing)
        else:
            self.close()
        return standardize_inputs(self._model, unpack(first)[0])

    def batches(self) -> Iterator[Batch]:
        """The batches of the next epoch."""
        if self._current is None or self._restart:
            self._current = iter(self._start())
        count = 0
        while self.steps is None or count < self.steps:
            try:
                element = next(self._current)
            except StopIteration:
                self._ended(count)
                return
            yield self._standard(element)
            count += 1

    def _ended(self, count: int) -> None:
        if self.steps is None:
            self.steps = count
            return
        self.exhausted = not self._restart
        warn(
            "Your input ran out of data; interrupting training. Make sure that your dataset or "
            "generator can generate at least `steps_per_epoch * epochs` batches (in this case, "
            f"{self.steps * self.epochs} batches). You may need to use the repeat() function when "
            "building your dataset."
        )

    def _standard(self, element: Any) -> Batch:
        x, y, weights = unpack(element)
        batch = standardize(
            self._model, x, y, weights, self._class_weight, exact=not self._broadcasts
        )
        if self.check is not None:
            self.check(batch)
        return batch


def unpack(element: Any) -> tuple[Any, Any, Any]:
    """Inputs, targets and weights of what a dataset or generator gives.

    Raises:
      ValueError: if it has more parts.
    """
    if not isinstance(element, tuple):
        return element, None, None
    if len(element) > 3:
        raise ValueError(
            "Output of generator should be a tuple `(x, y, sample_weight)` or `(x, y)`. Found: "
            f"{str(element)[:200]}"
        )
    return (*element, None, None)[:3]


def is_stream(x: Any) -> bool:
    """Whether ``x`` gives batches by itself."""
    return isinstance(x, (tf.data.Dataset, tf.keras.utils.Sequence)) or hasattr(x, "__next__")


def from_stream(
    model: Any,
    x: Any,
    steps: int | None,
    *,
    argument: str = "steps_per_epoch",
    shuffle: Any = True,
    class_weight: Any = None,
    workers: int = 1,
    use_multiprocessing: bool = False,
    max_queue_size: int = 10,
) -> Stream:
    """The batches of a dataset, sequence, generator or iterator."""
    if isinstance(x, tf.data.Dataset):
        count = int(tf.data.experimental.cardinality(x))
        if count == -1 and steps is None:
            raise ValueError(
                "When passing an infinitely repeating dataset, you must specify the "
                f"`{argument}` argument."
            )
        known = None if count < 0 else count
        restart = steps is None or known == steps
        return Stream(
            model,
            lambda: iter(x),
            known if steps is None else steps,
            restart=restart,
            class_weight=class_weight,
            broadcasts=True,  # as in TF 2.1, which does not look at a dataset's shapes
        )
    if isinstance(x, tf.keras.utils.Sequence):
        steps = steps or len(x)
        x[0]  # TF looks at it too; a sequence that draws random numbers goes on from there
        if workers > 1 or (workers > 0 and use_multiprocessing):
            enqueuer = tf.keras.utils.OrderedEnqueuer(
                x, use_multiprocessing=use_multiprocessing, shuffle=bool(shuffle)
            )
            return _enqueued(model, enqueuer, steps, class_weight, workers, max_queue_size)
        return Stream(
            model, lambda: _items(x, bool(shuffle)), steps, restart=True, class_weight=class_weight
        )
    if workers > 0 and use_multiprocessing:
        enqueuer = tf.keras.utils.GeneratorEnqueuer(x, use_multiprocessing=True)
        return _enqueued(model, enqueuer, steps, class_weight, workers, max_queue_size)
    return Stream(model, lambda: x, steps, restart=False, class_weight=class_weight)


def _items(sequence: Any, shuffle: bool) -> Iterator[Any]:
    """The batches of a ``Sequence``, in another order each time if asked for.

    As in TF 2.1, ``on_epoch_end`` is called only where several workers read the sequence.
    """
    order = list(range(len(sequence)))
    if shuffle:
        python_random.shuffle(order)
    for index in order:
        yield sequence[index]


def _enqueued(
    model: Any, enqueuer: Any, steps: Any, class_weight: Any, workers: int, size: int
) -> Stream:
    """Batches that workers prepare ahead."""

    def start() -> Iterator[Any]:
        enqueuer.start(workers=max(workers, 1), max_queue_size=size)
        return enqueuer.get()

    return Stream(
        model, start, steps, restart=False, class_weight=class_weight, close=enqueuer.stop
    )
