"""One step of training, evaluation or prediction, as Python and compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core import record
from reflow.core.aval import aval
from reflow.core.batches import BatchProgram, device_array
from reflow.core.dtypes import as_dtype
from reflow.core.errors import NeedsEagerError
from reflow.core.logging import warn
from reflow.core.program import HOT_WORK, INTERPRETED_SIZE
from reflow.core.tensor import Tensor, placeholder
from reflow.core.tracing import Body, trace
from reflow.keras._engine import graph_ops
from reflow.keras._engine.call_context import context
from reflow.keras.training.standardize import Batch

MOST_BATCHES = 32
"""Batches that one compiled program runs at most before it comes back to Python."""

FEW_STEPS = 100
"""Steps of a small model up to which interpreting them costs less than compiling."""


def train_step(model: Any, batch: Batch) -> list[Any]:
    """Computes gradients and losses of a batch, and updates weights and metrics.

    Returns:
      The total loss.
    """
    with tf.GradientTape() as tape:
        outputs = _outputs(model, batch.x, training=True)
        total, losses = _losses(model, batch, outputs)
        minimized = total
        scale = getattr(model.optimizer, "get_scaled_loss", None)
        if scale is not None:
            minimized = scale(total)
    variables = model._trained_variables()
    grads = tape.gradient(minimized, variables)
    if scale is not None:
        grads = model.optimizer.get_unscaled_gradients(grads)
    model.optimizer.apply_gradients(zip(grads, variables, strict=True))
    model._objective.update(batch.y, outputs, batch.weights, losses)
    return [total]


def test_step(model: Any, batch: Batch) -> list[Any]:
    """Computes the losses of a batch, and updates metrics; returns the total loss."""
    outputs = _outputs(model, batch.x, training=False)
    total, losses = _losses(model, batch, outputs)
    model._objective.update(batch.y, outputs, batch.weights, losses)
    return [total]


def predict_step(model: Any, batch: Batch) -> list[Any]:
    """The outputs of a batch."""
    return _outputs(model, batch.x, training=False)


def _losses(model: Any, batch: Batch, outputs: list[Any]) -> tuple[Any, list[Any]]:
    """The total loss with all penalties, and the losses of the outputs."""
    total, losses = model._objective.total(batch.y, outputs, batch.weights)
    for penalty in model.losses:
        total = penalty if total is None else total + tf.cast(penalty, total.dtype)
    return total, losses


def _outputs(model: Any, x: Any, training: bool) -> list[Any]:
    """The model's outputs as a list."""
    keywords = {"training": training} if model._traits.takes_training else {}
    saved, context.training = context.training, training
    try:
        outputs = model(x, **keywords)
    finally:
        context.training = saved
    return tf.nest.flatten(outputs)


def _train_as_compiled(model: Any, batch: Batch) -> list[Any]:
    with model._as_compiled():
        return train_step(model, batch)


_FUNCTIONS = {"train": _train_as_compiled, "test": test_step, "predict": predict_step}


class Steps:
    """The steps of one mode of a model, compiled once for each kind of batch.

    Args:
      model: a compiled model.
      mode: ``"train"``, ``"test"`` or ``"predict"``.
      first_op: how many ops TF's graph of the step holds before the model's first one.

    Attributes:
      first_op: the same.
      dynamic_batch: whether TF would not know the batch size in its graph.
    """

    def __init__(self, model: Any, mode: str, first_op: int) -> None:
        self._model = model
        self._function = _FUNCTIONS[mode]
        self.first_op = first_op
        self.dynamic_batch = False
        self._bodies: dict[Any, Body] = {}
        self._programs: dict[Any, BatchProgram] = {}
        self._streams: list[Any] = []
        self._as_python = model.run_eagerly

    # ---- one batch

    def run(self, batch: Batch, planned: int = 1) -> list[Any]:
        """Runs one step; returns its results.

        Args:
          batch: the batch.
          planned: how many steps there will be, to choose how to run them.
        """
        tensors = [_tensor(a) for a in batch.flat()]
        batch = batch.repacked(tensors)
        body = self.body(batch, tensors)
        record.enter_step()
        if body is None:
            return self._function(self._model, batch)
        if body.size <= INTERPRETED_SIZE and planned <= FEW_STEPS:
            return body.call(tensors)
        results = self._whole(body, planned).run([device_array(t) for t in tensors], None, 0, 1)
        return [np.asarray(r)[0] for r in results]

    def body(self, batch: Batch, tensors: list[Any]) -> Body | None:
        """The step traced for such a batch; None if it must run as Python."""
        if self._as_python:
            return None
        key = _kinds(batch, tensors)
        found = self._bodies.get(key)
        if found is None:
            try:
                found = self._bodies[key] = self._trace(batch, [t._aval for t in tensors])
            except NeedsEagerError as error:
                warn(f"{self._model.name} is not compiled: {error}")
                self._as_python = True
                return None
        return found

    def _whole(self, body: Body, planned: int) -> BatchProgram:
        """The step compiled for one batch as it comes."""
        found = self._programs.get(id(body))
        if found is None:
            found = self._programs[id(body)] = BatchProgram(
                body, None, 1, ordered=False, cheap=_is_light(body, planned)
            )
        return found

    def _body_for(self, batch: Batch, arrays: list[Any], size: int) -> Body | None:
        kinds = [aval((size, *a.shape[1:]), as_dtype(a.dtype)) for a in arrays]
        stand_ins = [placeholder(kind) for kind in kinds]
        return self.body(batch.repacked(stand_ins), stand_ins)

    def _trace(self, batch: Batch, kinds: list[Any]) -> Body:
        arguments = [placeholder(kind) for kind in kinds]
        given = batch.repacked(arguments)

        def call() -> list[Any]:
            try:
                with graph_ops.counting(self.first_op, self.dynamic_batch):
                    return self._function(self._model, given)
            finally:
                self._model._drop_call_losses()

        body, _, capture = trace(self._function, arguments, call)
        if capture.created:  # as in tf.function: what the first trace made exists now
            body, _, _ = trace(self._function, arguments, call)
        for stream, earlier in zip(body.streams, self._streams, strict=False):
            stream.follow(earlier)
        self._streams = self._streams or body.streams
        return body

    # ---- many batches

    def program(
        self, batch: Batch, arrays: list[Any], size: int, ordered: bool, planned: int
    ) -> Any:
        """The step compiled for batches of ``size`` rows of arrays; None if it can't be.

        Args:
          batch: all samples.
          arrays: their flat list, on the device.
          size: rows per batch.
          ordered: whether the rows come in an order of their own.
          planned: how many steps there will be.
        """
        body = self._body_for(batch, arrays, size)
        if body is None:
            return None
        key = id(body), ordered
        found = self._programs.get(key)
        if found is None:
            found = self._programs[key] = BatchProgram(
                body, size, MOST_BATCHES, ordered=ordered, cheap=_is_light(body, planned)
            )
        return found


def _is_light(body: Body, planned: int) -> bool:
    """Whether all steps together are so little work that a cheap compilation serves best."""
    return body.size * planned < HOT_WORK


def _tensor(a: Any) -> Tensor:
    return a if a.__class__ is Tensor else tf.convert_to_tensor(a)


def _kinds(batch: Batch, tensors: list[Any]) -> Any:
    return tuple([t._aval for t in tensors]), _structure(batch)


def _structure(batch: Batch) -> Any:
    """Which parts of a batch there are."""
    present = tuple([a is not None for a in tf.nest.flatten(list(batch))])
    keys = tuple(batch.x) if isinstance(batch.x, dict) else type(batch.x).__name__
    return present, keys if isinstance(batch.x, (dict, list, tuple)) else None
