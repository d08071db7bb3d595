"""``fit``, ``evaluate`` and ``predict``: data in, loops around steps, callbacks and text out."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

import reflow as tf
from reflow.keras.callbacks._callback_list import CallbackList
from reflow.keras.callbacks.history import History
from reflow.keras.callbacks.progbar_logger import ProgbarLogger
from reflow.keras.training.loop import Loop
from reflow.keras.training.sources import Arrays, from_stream, is_stream, unpack
from reflow.keras.training.standardize import Batch, standardize
from reflow.keras.training.totals import Totals
from reflow.keras.utils.progress_bar import Progbar

FIT_OPS = 9
"""Ops that TF's graph of a ``fit`` step holds before the model's; they seed its random ops."""


class Data(NamedTuple):
    """The data arguments of a call."""

    x: Any
    y: Any
    sample_weight: Any
    batch_size: Any
    steps: Any
    class_weight: Any


class Validation(NamedTuple):
    """The validation arguments of ``fit``."""

    split: float
    data: Any
    steps: Any
    freq: Any


class Reading(NamedTuple):
    """How a ``Sequence`` or generator is read ahead."""

    max_queue_size: int
    workers: int
    use_multiprocessing: bool


def _hidden_casts(model: Any, x: Any) -> int:
    """Inputs that TF's graph casts to the model's type, and Reflow before the step."""
    floatx = tf.keras.backend.floatx()
    arrays = [a for a in tf.nest.flatten(x) if hasattr(a, "dtype")]
    kinds = [tf.as_dtype(a.dtype) for a in arrays]
    if not (model._is_graph_network or isinstance(model, tf.keras.Sequential)):
        return sum(kind.name != floatx and kind.is_floating for kind in kinds)
    if len(arrays) != len(model.inputs):
        return 0
    return sum(
        kind.name != floatx and (kind.is_floating or kind is wanted.dtype)
        for kind, wanted in zip(kinds, model.inputs, strict=True)
    )


def fit(
    model: Any,
    data: Data,
    validation: Validation,
    reading: Reading,
    epochs: int,
    initial_epoch: int,
    verbose: int,
    callbacks: Any,
    shuffle: Any,
) -> History:
    """Trains; see ``Model.fit``."""
    if not isinstance(epochs, (int, np.integer)):
        raise TypeError(f"fit: epochs must be an integer, got {epochs!r}")
    source, split = _training_source(model, data, validation, reading, shuffle)
    held_out = _validation_source(model, data, validation, reading, split)
    if verbose:
        sys.stdout.write(_announcement(source, held_out) + "\n")
    params = {
        "batch_size": getattr(source, "size", None),
        "epochs": epochs,
        "steps": source.steps,
        "samples": source.samples or source.steps,
        "verbose": verbose,
        "do_validation": held_out is not None,
        "metrics": _reported(model, held_out is not None),
    }
    bar = _bar(model, source, verbose)
    model.history = History()
    given = [*(callbacks or [])]
    everyone = CallbackList([*given, model.history, *([bar] if bar else [])], model, params)
    steps = model._steps_for("train", FIT_OPS)
    steps.first_op = FIT_OPS + _hidden_casts(model, data.x)
    steps.dynamic_batch = source.samples is None or source.samples % source.size != 0
    loop = Loop(model, "train", source, everyone, steps, epochs)
    checking = None
    if held_out is not None:
        checking = Loop(
            model, "test", held_out, everyone, model._steps_for("test", FIT_OPS), epochs
        )
    model.stop_training = False
    try:
        everyone.loop("train", "begin")
        for epoch in range(initial_epoch, epochs):
            model.reset_metrics()
            everyone.epoch("begin", epoch, {})
            totals = loop.run_epoch(_shower(bar, model))
            if epoch == initial_epoch:  # the first epoch's trace may have added some
                model.__dict__["_loop_metrics"] = model.metrics
            logs = {"loss": totals.mean(), **model._metric_values()}
            if totals.steps == 0:
                logs = {}
            elif bar:
                _finish_bar(bar, model, totals)
                params["steps"] = params["steps"] or totals.steps
            due = checking is not None and _is_time(validation.freq, epoch)
            if due and logs and not model.stop_training:
                logs.update(_validate(model, checking, everyone, params))
            everyone.epoch("end", epoch, logs)
            if totals.steps == 0:
                raise ValueError("Empty training data.")
            if model.stop_training:
                break
    finally:  # also after an error or Ctrl-C, so that callbacks close their files
        everyone.loop("train", "end")
        model.__dict__.pop("_loop_metrics", None)
        for one in (source, held_out):
            if one is not None and hasattr(one, "close"):
                one.close()
    return model.history


def _training_source(
    model: Any, data: Data, validation: Validation, reading: Reading, shuffle: Any
) -> tuple[Any, Batch | None]:
    """Where batches come from, and the samples that ``validation_split`` keeps back."""
    if is_stream(data.x):
        _refuse_for_streams(data, validation)
        source = from_stream(
            model, data.x, data.steps, shuffle=shuffle, class_weight=data.class_weight,
            **reading._asdict(),
        )  # fmt: skip
        _prepare_for_stream(model, source)
        return source, None
    batch = model._standardized(data.x, data.y, data.sample_weight, data.class_weight)
    _need_targets(model, batch, "fit")
    _need_samples(batch)
    split = None
    if validation.split and validation.data is None:
        batch, split = _split(batch, validation.split)
    size = _batch_size(data, batch)
    return Arrays(batch, size, data.steps, shuffle), split


def _prepare_for_stream(model: Any, source: Any) -> None:
    """Builds a model that does not know its inputs yet, from a first batch.

    As in TF, that batch comes from an iterator of its own where there can be several.
    """
    model._prepare(None if model.inputs else source.peek())


def _need_samples(batch: Batch) -> None:
    arrays = batch.flat()
    if not arrays or arrays[0].shape[0] == 0:
        raise ValueError("Expected input data to be non-empty: there are no samples")


def _batch_size(data: Data, batch: Batch) -> int:
    """Samples per batch: as given, or such that there are as many batches as wanted, or 32."""
    if data.batch_size is not None:
        size = int(data.batch_size)
        if size <= 0:
            raise ZeroDivisionError(f"batch_size must be positive, got {data.batch_size}")
        samples = int(batch.flat()[0].shape[0])
        if data.steps and size * data.steps > samples and -(-samples // size) < data.steps:
            raise ValueError(
                f"Number of samples {samples} is less than samples required for specified "
                f"batch_size {size} and steps {data.steps}"
            )
        return size
    samples = int(batch.flat()[0].shape[0])
    if not data.steps:
        return 32
    if samples % data.steps:
        raise ValueError(
            f"The number of samples {samples} is not divisible by steps {data.steps}. Please "
            "change the number of steps to a value that can consume all the samples"
        )
    return samples // data.steps


def _refuse_for_streams(data: Data, validation: Validation | None) -> None:
    x = data.x
    kind = "dataset" if isinstance(x, tf.data.Dataset) else "generator or Sequence"
    kind = "`keras.utils.Sequence`" if isinstance(x, tf.keras.utils.Sequence) else kind
    if data.y is not None:
        raise ValueError(f"`y` argument is not supported when using {kind} as input.")
    if data.sample_weight is not None:
        raise ValueError(f"`sample_weight` argument is not supported when using {kind} as input.")
    if data.batch_size is not None:
        raise ValueError(
            "The `batch_size` argument must not be specified for the given input type. Received "
            f"input: {x}, batch_size: {data.batch_size}"
        )
    if validation is not None and validation.split:
        raise ValueError(
            f"`validation_split` argument is not supported when data is a {kind}. Received: x={x}, "
            f"validation_split={validation.split}"
        )


def _split(batch: Batch, part: float) -> tuple[Batch, Batch]:
    """The first samples to train on, and the last ones to validate with."""
    flat = batch.flat()
    samples = int(flat[0].shape[0])
    at = int(samples * (1.0 - part))
    if at in (0, samples):
        raise ValueError(
            f"validation_split={part} leaves no samples to "
            f"{'train on' if at == 0 else 'validate with'}: there are {samples}"
        )
    return batch.repacked([a[:at] for a in flat]), batch.repacked([a[at:] for a in flat])


def _validation_source(
    model: Any, data: Data, validation: Validation, reading: Reading, split: Batch | None
) -> Any:
    if split is not None:
        return Arrays(split, _batch_size(data, split) if data.batch_size else 32, None, False)
    if validation.data is None:
        return None
    if is_stream(validation.data):
        return from_stream(
            model, validation.data, validation.steps, argument="validation_steps", shuffle=False,
            **reading._asdict(),
        )  # fmt: skip
    given = validation.data
    if not isinstance(given, (tuple, list)) or len(given) not in (2, 3):
        raise ValueError(
            "When passing a `validation_data` argument, it must contain either 2 items (x_val, "
            "y_val), or 3 items (x_val, y_val, val_sample_weights), or alternatively it could be a "
            f"dataset or a dataset or a dataset iterator. However we received "
            f"`validation_data={given}`"
        )
    batch = standardize(model, *unpack(tuple(given)))
    asked = Data(None, None, None, data.batch_size, validation.steps, None)
    return Arrays(batch, _batch_size(asked, batch), validation.steps, False)


def _announcement(source: Any, held_out: Any) -> str:
    """The line that TF 2.1 prints before the first epoch."""

    def amount(one: Any, verb: str) -> str:
        if one.samples is not None:
            return f"{verb} on {one.samples} samples"
        return f"{verb} for {one.steps} steps" if one.steps is not None else ""

    line = amount(source, "Train")
    if held_out is not None and (more := amount(held_out, "validate")):
        line = f"{line}, {more}" if line else more
    return line


def _reported(model: Any, validated: bool) -> list[str]:
    names = list(model.metrics_names)
    return [*names, *[f"val_{name}" for name in names]] if validated else names


def _bar(model: Any, source: Any, verbose: int) -> ProgbarLogger | None:
    if not verbose:
        return None
    mode = "steps" if source.samples is None else "samples"
    return ProgbarLogger(mode, stateful_metrics=[*model.metrics_names[1:]])


def _shower(bar: Any, model: Any) -> Any:
    """What draws the progress bar during an epoch."""
    if bar is None or bar.verbose != 1:
        return None

    def show(totals: Totals) -> None:
        _set_bar(bar.progbar, model, totals.for_bar(bar.use_steps))
        bar.seen = totals.steps if bar.use_steps else totals.seen
        bar.progbar.update(bar.seen)

    return show


def _set_bar(progbar: Progbar, model: Any, loss: tuple[float, int]) -> None:
    """Gives a bar the values that it would have gathered batch by batch."""
    progbar.update_values("loss", *loss)
    for name, value in model._metric_values().items():
        progbar.update_values(name, value, 1)


def _finish_bar(bar: ProgbarLogger, model: Any, totals: Totals) -> None:
    """Brings a bar to where TF's is when an epoch ends: its last batch is not shown yet."""
    if bar.target is None:  # now it is known how many there are
        bar.target = bar.progbar.target = totals.steps
    last = 1 if bar.use_steps else totals.last_size
    bar.seen = totals.steps if bar.use_steps else totals.seen
    loss = totals.for_bar(bar.use_steps, without_last=True)
    if loss[1]:
        _set_bar(bar.progbar, model, loss)
    bar.progbar.jump_to(bar.seen - last)
    bar.log_values = [("loss", totals.last)]


def _is_time(freq: Any, epoch: int) -> bool:
    """Whether to validate after an epoch."""
    if isinstance(freq, (list, tuple, set)):
        return epoch + 1 in freq
    if not isinstance(freq, int):
        raise ValueError("`validation_freq` should be an Integer or a list of epochs.")
    return (epoch + 1) % freq == 0


def _validate(model: Any, loop: Loop, callbacks: CallbackList, params: Any) -> dict[str, Any]:
    params["verbose"] = 0  # as in TF 2.1, where the validation's own loop sets it
    model.reset_metrics()
    callbacks.loop("test", "begin")
    totals = loop.run_epoch()
    callbacks.loop("test", "end")
    return {
        "val_loss": totals.mean(),
        **{f"val_{name}": value for name, value in model._metric_values().items()},
    }


# ---------------------------------------------------------------------- evaluation and prediction


def _source(model: Any, data: Data, reading: Reading, what: str) -> Any:
    if is_stream(data.x):
        _refuse_for_streams(data, None)
        source = from_stream(
            model, data.x, data.steps, argument="steps", shuffle=False, **reading._asdict()
        )
        _prepare_for_stream(model, source)
        return source
    batch = model._standardized(data.x, data.y, data.sample_weight)
    if what == "evaluate":
        _need_targets(model, batch, what)
    _need_samples(batch)
    return Arrays(batch, _batch_size(data, batch), data.steps, False)


def _need_targets(model: Any, batch: Batch, what: str) -> None:
    for name, target, loss in zip(
        model._objective.names, batch.y, model._objective.losses, strict=True
    ):
        if loss is not None and target is None:
            raise ValueError(f"{what}: no targets (y) for output {name}, which has a loss")


def _loop_callbacks(model: Any, callbacks: Any, source: Any, verbose: int) -> CallbackList:
    params = {
        "batch_size": getattr(source, "size", None),
        "epochs": 1,
        "steps": source.steps,
        "samples": source.samples or source.steps,
        "verbose": verbose,
        "do_validation": False,
        "metrics": list(model.metrics_names) if model._objective is not None else [],
    }
    return CallbackList([*(callbacks or [])], model, params)


def evaluate(model: Any, data: Data, reading: Reading, verbose: int, callbacks: Any) -> Any:
    """Evaluates; see ``Model.evaluate``."""
    source = _source(model, data, reading, "evaluate")
    everyone = _loop_callbacks(model, callbacks, source, verbose)
    loop = Loop(model, "test", source, everyone, model._steps_for("test", FIT_OPS))
    model.reset_metrics()
    bar = _plain_bar(source, verbose, model.metrics_names[1:])
    try:
        everyone.loop("test", "begin")
        totals = loop.run_epoch(_plain_shower(bar, model))
        everyone.loop("test", "end")
    finally:
        getattr(source, "close", lambda: None)()
    metrics = model._metric_values()
    if bar is not None:
        by_step = source.samples is None
        _set_bar(bar, model, totals.for_bar(by_step))
        bar.target = bar.target or totals.steps
        bar.update(totals.steps if by_step else totals.seen)
    results = [totals.mean(), *metrics.values()]
    return results[0] if len(results) == 1 else results


def predict(model: Any, data: Data, reading: Reading, verbose: int, callbacks: Any) -> Any:
    """Predicts; see ``Model.predict``."""
    source = _source(model, data, reading, "predict")
    everyone = _loop_callbacks(model, callbacks, source, verbose)
    loop = Loop(model, "predict", source, everyone, model._steps_for("predict", FIT_OPS))
    bar = _plain_bar(source, verbose, ())
    by_step = source.samples is None
    show = None
    if bar is not None:

        def show(totals: Totals) -> None:
            bar.update(totals.steps if by_step else totals.seen)

    try:
        everyone.loop("predict", "begin")
        totals = loop.run_epoch(show)
        everyone.loop("predict", "end")
    finally:
        getattr(source, "close", lambda: None)()
    if bar is not None:
        bar.target = bar.target or totals.steps
        bar.update(totals.steps if by_step else totals.seen)
    outputs = [np.concatenate(parts) for parts in zip(*loop.outputs, strict=True)]
    return outputs[0] if len(outputs) == 1 else outputs


def _plain_bar(source: Any, verbose: int, stateful: Any) -> Progbar | None:
    if not verbose:
        return None
    by_step = source.samples is None
    return Progbar(
        source.steps if by_step else source.samples,
        verbose=verbose,
        stateful_metrics=stateful,
        unit_name="step" if by_step else "sample",
    )


def _plain_shower(bar: Any, model: Any) -> Any:
    if bar is None or bar.verbose != 1:
        return None
    by_step = bar.unit_name == "step"

    def show(totals: Totals) -> None:
        _set_bar(bar, model, totals.for_bar(by_step))
        bar.update(totals.steps if by_step else totals.seen)

    return show
