"""The loops over batches and epochs behind ``fit``, ``evaluate`` and ``predict``."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from reflow.keras.training.sources import Arrays
from reflow.keras.training.steps import FEW_STEPS, Steps
from reflow.keras.training.totals import Totals

_SHORT_BYTES = 16384
_DRAW_SECONDS = 0.05
"""How often the progress bar is drawn at most."""


class Loop:
    """Runs the batches of a source, once per epoch.

    Args:
      model: the model.
      mode: ``"train"``, ``"test"`` or ``"predict"``.
      source: an ``Arrays`` or ``Stream``.
      callbacks: a ``CallbackList``.
      steps: the steps of this mode.
      epochs: how many epochs there will be, to choose how to run.
    """

    def __init__(
        self, model: Any, mode: str, source: Any, callbacks: Any, steps: Steps, epochs: int = 1
    ) -> None:
        self._model = model
        self._mode = mode
        self._source = source
        self._callbacks = callbacks
        self._steps = steps
        self._planned = epochs * (source.steps or FEW_STEPS + 1)
        self._batch_hooks = callbacks.wants_batches(mode)
        self._order: tuple[Any, Any] = (None, None)  # the last one, and as programs take it
        self._drawn = 0.0
        self._step_seconds = _DRAW_SECONDS  # the first step shows how long one takes
        self.outputs: list[list[Any]] = []  # of predictions

    def run_epoch(self, show: Any = None) -> Totals:
        """One pass over the batches.

        Args:
          show: called with the totals when it is time to show progress; None to show none.
        """
        totals = Totals()
        self._drawn = 0.0
        if isinstance(self._source, Arrays):
            self._run_arrays(totals, show)
        else:
            self._run_stream(totals, show)
        return totals

    # ---- arrays

    def _run_arrays(self, totals: Totals, show: Any) -> None:
        source = self._source
        order, rows = source.epoch()
        program = self._program(order is not None or source.shuffle is True)
        if program is None or self._batch_hooks or (source.shuffle is True and order is None):
            for batch_order, first, last in rows:
                if not self._one(source, batch_order, first, last, program, totals, show):
                    return
            return
        device = source.on_device()
        on_device_order = self._for_programs(order)
        full = sum(last - first == source.size for _, first, last in rows)
        done, drawn = 0, 0.0
        limit = _DRAW_SECONDS if show is not None else 1.0
        while done < full:
            # As many batches as fit between two looks at the clock; results do not depend on it.
            count = max(1, min(full - done, program.most, int(limit / self._step_seconds)))
            start = time.perf_counter()
            results = program.run(device, on_device_order, done * source.size, count)
            done += count
            self._collect(results, [source.size] * count, totals, True)
            now = time.perf_counter()
            if show is not None and now - drawn >= _DRAW_SECONDS and done < len(rows):
                show(totals)
                drawn = time.perf_counter()
            self._step_seconds = max((now - start) / count, 1e-6)
        for batch_order, first, last in rows[full:]:
            self._collect_batch(source.rows(batch_order, first, last), last - first, totals)

    def _program(self, ordered: bool) -> Any:
        """The compiled program for full batches; None if steps run one by one."""
        source = self._source
        if source.samples < source.size or self._planned <= FEW_STEPS:
            return None
        if source.on_device() is None:
            return None
        return self._steps.program(source.batch, source.host(), source.size, ordered, self._planned)

    def _one(
        self,
        source: Any,
        order: Any,
        first: int,
        last: int,
        program: Any,
        totals: Totals,
        show: Any,
    ) -> bool:
        """One batch with callbacks around it; False if training is to stop."""
        size = last - first
        logs: dict[str, Any] = {"batch": totals.steps, "size": size}
        self._batch("begin", logs)
        if program is not None and size == source.size:
            device = source.on_device()
            results = program.run(device, self._for_programs(order), first, 1)
            self._collect(results, [size], totals, True)
        else:
            self._collect_batch(source.rows(order, first, last), size, totals)
        return self._end_batch(logs, totals, show)

    def _for_programs(self, order: Any) -> Any:
        """An order of samples as programs take it, made once for all its batches."""
        if order is None:
            return None
        if self._order[0] is not order:
            self._order = order, _as_order(order)
        return self._order[1]

    # ---- streams

    def _run_stream(self, totals: Totals, show: Any) -> None:
        for batch in self._source.batches():
            flat = batch.flat()
            size = int(flat[0].shape[0]) if flat and len(flat[0].shape) else 1
            logs = {"batch": totals.steps, "size": 1}
            self._batch("begin", logs)
            self._collect_batch(batch, size, totals)
            if not self._end_batch({**logs, "size": size}, totals, show):
                return

    # ---- both

    def _batch(self, moment: str, logs: dict[str, Any]) -> None:
        if self._batch_hooks:
            self._callbacks.batch(self._mode, moment, logs["batch"], logs)

    def _collect_batch(self, batch: Any, size: int, totals: Totals) -> None:
        results = self._steps.run(batch, self._planned)
        self._collect(results, [size], totals, False)

    def _collect(self, results: Any, sizes: list[int], totals: Totals, stacked: bool) -> None:
        """Keeps what batches gave: losses, or predictions."""
        if self._mode != "predict":
            totals.add(results[0], sizes)
            return
        totals.add(np.zeros(len(sizes), np.float32), sizes)
        arrays = [np.asarray(r) for r in results]
        if stacked:
            arrays = [a[: len(sizes)].reshape(-1, *a.shape[2:]) for a in arrays]
        self.outputs.append(arrays)

    def _end_batch(self, logs: dict[str, Any], totals: Totals, show: Any) -> bool:
        if self._batch_hooks:
            if self._mode == "predict":
                logs["outputs"] = self.outputs[-1]
            else:
                logs["loss"] = totals.last
                logs.update(self._model._metric_values())
            self._callbacks.batch(self._mode, "end", logs["batch"], logs)
        more = self._source.steps is None or totals.steps < self._source.steps
        if show is not None and more and time.perf_counter() - self._drawn >= _DRAW_SECONDS:
            show(totals)
            self._drawn = time.perf_counter()
        return not (self._mode == "train" and self._model.stop_training)


def _as_order(order: Any) -> Any:
    """An order of samples as a program takes it; a short one costs less to pass than to keep."""
    from reflow.core.batches import to_device

    order = order.astype(np.int32)
    return order if order.nbytes <= _SHORT_BYTES else to_device(order)
