"""What ``compile`` says: the losses, metrics and weights of a model's outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.core.logging import warn
from reflow.keras.losses.base import Loss, LossFunctionWrapper
from reflow.keras.losses.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from reflow.keras.metrics.reduction import MeanMetricWrapper


class Objective:
    """The losses and metrics of a model with named outputs.

    Args:
      loss, metrics, loss_weights, weighted_metrics: as for ``Model.compile``.
      names: the names of the outputs.

    Attributes:
      losses: for each output a ``Loss`` or None.
      metrics: all metrics, in the order in which they are reported.

    Raises:
      ValueError: if something is given for an output that does not exist, or a name is not known.
    """

    def __init__(
        self, loss: Any, metrics: Any, loss_weights: Any, weighted_metrics: Any, names: list[str]
    ) -> None:
        self.names = names
        self.losses = [_as_loss(item) for item in _per_output(loss, names, "loss")]
        self._loss_names = [None if x is None else x.name for x in self.losses]
        self._weights = _loss_weights(loss_weights, names)
        count = len(names)
        self.loss_metrics: list[Any] = [None] * count
        if count > 1:
            self.loss_metrics = [
                None if found is None else tf.keras.metrics.Mean(name=f"{name}_loss")
                for name, found in zip(names, self.losses, strict=True)
            ]
        self._taken: set[str] = {m.name for m in self.loss_metrics if m is not None} | {"loss"}
        self.plain = [self._named(items, i) for i, items in enumerate(_lists(metrics, names))]
        self.weighted = [
            self._named(items, i) for i, items in enumerate(_lists(weighted_metrics, names))
        ]

    def _named(self, items: Sequence[Any], output: int) -> list[_Metric]:
        found = []
        for item in items:
            name = base = _metric_name(item)
            if len(self.names) > 1:
                name = base = f"{self.names[output]}_{base}"
            number = 1
            while name in self._taken:
                name = f"{base}_{number}"
                number += 1
            self._taken.add(name)
            found.append(_Metric(item, name))
        return found

    # ---- what is reported

    def metric_names(self) -> list[str]:
        """``loss``, the outputs' losses if there are several outputs, and the metrics."""
        losses = [m.name for m in self.loss_metrics if m is not None]
        own = [m.name for i in range(len(self.names)) for m in [*self.plain[i], *self.weighted[i]]]
        return ["loss", *losses, *own]

    def metrics(self) -> list[Any]:
        """The metric objects made so far, in the order of the names."""
        own = [
            m.object
            for i in range(len(self.names))
            for m in [*self.plain[i], *self.weighted[i]]
            if m.object is not None
        ]
        return [*[m for m in self.loss_metrics if m is not None], *own]

    def prepare(self, outputs: Sequence[Any]) -> None:
        """Makes the metric objects, which depend on the outputs' shapes.

        Args:
          outputs: the shape of each output.
        """
        for i, shape in enumerate(outputs):
            for metric in [*self.plain[i], *self.weighted[i]]:
                metric.prepare(shape, self.losses[i])

    # ---- computing

    def total(self, targets: Sequence[Any], outputs: Sequence[Any], weights: Sequence[Any]) -> Any:
        """The weighted sum of the outputs' losses, and the losses themselves.

        Args:
          targets, outputs: tensors, one for each output (targets may be None).
          weights: of the samples, a tensor or None for each output.
        """
        total, each = None, []
        for i, loss in enumerate(self.losses):
            if loss is None:
                each.append(None)
                continue
            weight = _with_mask(weights[i], outputs[i])
            value = loss(targets[i], outputs[i], sample_weight=weight)
            if len(value.shape):
                value = tf.reduce_mean(value)
            each.append(value)
            factor = self._weights[i]
            value = value if factor is None or factor == 1.0 else value * factor
            total = value if total is None else total + value
        return total, each

    def update(
        self,
        targets: Sequence[Any],
        outputs: Sequence[Any],
        weights: Sequence[Any],
        losses: Sequence[Any],
    ) -> None:
        """Updates the metrics by one batch."""
        for metric, loss in zip(self.loss_metrics, losses, strict=True):
            if metric is not None:
                metric.update_state(loss)
        for i, output in enumerate(outputs):
            if targets[i] is None:
                continue
            for metric in self.plain[i]:
                metric.update(targets[i], output, _with_mask(None, output))
            for metric in self.weighted[i]:
                metric.update(targets[i], output, _with_mask(weights[i], output))

    def check_shapes(
        self, targets: Sequence[Any], outputs: Sequence[Any], exact: bool = True
    ) -> None:
        """Raises a ValueError if targets have shapes that a loss would broadcast by accident.

        Args:
          targets, outputs: shapes as tuples, None where a size or a target is unknown.
          exact: whether size 1 does not fit a larger one.
        """
        for target, output, loss in zip(targets, outputs, self.losses, strict=True):
            if loss is None or target is None or output is None:
                continue
            function = getattr(loss, "fn", None)
            if function is categorical_crossentropy and target[-1] == 1:
                raise ValueError(
                    f"You are passing a target array of shape {target} while using as loss "
                    "`categorical_crossentropy`. `categorical_crossentropy` expects targets to be "
                    "binary matrices (1s and 0s) of shape (samples, classes). If your targets are "
                    "integer classes, you can convert them to the expected format via:\n```\nfrom "
                    "keras.utils import to_categorical\ny_binary = to_categorical(y_int)\n```\n\n"
                    "Alternatively, you can use the loss function "
                    "`sparse_categorical_crossentropy` instead, which does expect integer targets."
                )
            same = function in _SAME_SHAPE or function is binary_crossentropy
            if same or (function is categorical_crossentropy):
                for a, b in zip(target[1:], output[1:], strict=False):
                    if b is not None and a != b and (exact or a != 1):
                        raise ValueError(
                            f"A target array with shape {target} was passed for an output of shape "
                            f"{output} while using as loss `{loss.name}`. This loss expects "
                            "targets to have the same shape as the output."
                        )


_SAME_SHAPE = (tf.keras.losses.mean_squared_error,)


class _Metric:
    """A metric as the user gave it, and the object made of it once the output's shape is known."""

    def __init__(self, given: Any, name: str) -> None:
        self._given = given
        self.name = name
        self.object = given if isinstance(given, tf.keras.metrics.Metric) else None
        if self.object is None and given not in _BY_SHAPE:
            self.prepare(None, None)
        elif self.object is not None:
            self.object._name = name

    def prepare(self, shape: Any, loss: Any) -> None:
        if self.object is not None:
            return
        found = self._given
        if isinstance(found, str) and found in _BY_SHAPE:
            found = _by_shape(found, shape, loss)
        elif not callable(found) or isinstance(found, str):
            found = tf.keras.metrics.get(found)
        if isinstance(found, tf.keras.metrics.Metric):
            self.object = found
            self.object._name = self.name
        else:
            function = found.call if isinstance(found, Loss) else found
            self.object = MeanMetricWrapper(function, name=self.name)

    def update(self, target: Any, output: Any, weight: Any) -> None:
        self.object.update_state(target, output, sample_weight=weight)


_BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def _by_shape(name: str, shape: Any, loss: Any) -> Any:
    """What 'accuracy' and 'crossentropy' mean for an output of a shape with a loss."""
    function = getattr(loss, "fn", None)
    if shape[-1] == 1 or function is binary_crossentropy:
        kind = "binary"
    elif function is sparse_categorical_crossentropy:
        kind = "sparse_categorical"
    else:
        kind = "categorical"
    what = "accuracy" if name in ("accuracy", "acc") else "crossentropy"
    return getattr(tf.keras.metrics, f"{kind}_{what}")


def _as_loss(loss: Any) -> Any:
    if loss is None or isinstance(loss, Loss):
        return loss
    function = tf.keras.losses.get(loss)
    if isinstance(function, Loss):
        return function
    return LossFunctionWrapper(function, name=getattr(function, "__name__", "loss"))


def _metric_name(metric: Any) -> str:
    if isinstance(metric, str):
        return metric
    found = tf.keras.metrics.get(metric)
    return found.name if hasattr(found, "name") else found.__name__


def _with_mask(weight: Any, output: Any) -> Any:
    """Weights of samples, zero for the time steps that an output's mask leaves out."""
    mask = getattr(output, "_keras_mask", None)
    if mask is None:
        return weight
    mask = tf.cast(mask, output.dtype)
    if weight is None:
        return mask
    weight = tf.cast(weight, output.dtype)
    while len(weight.shape) < len(mask.shape):
        weight = tf.expand_dims(weight, -1)
    return weight * mask


def _per_output(given: Any, names: list[str], what: str) -> list[Any]:
    """A loss for each output: from one for all, a list, or a dict by names."""
    if isinstance(given, dict):
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in {what} dictionary: {unknown}. Only expected following keys: "
                f"{names}"
            )
        missing = [name for name in names if name not in given]
        if missing:
            warn(
                f"Output {missing[0]} missing from {what} dictionary. We assume this was done on "
                f"purpose. The fit and evaluate APIs will not be expecting any data to be passed "
                f"to {missing[0]}."
            )
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise ValueError(
                f"When passing a list as {what}, it should have one entry per model output. The "
                f"model has {len(names)} outputs, but you passed {what}={given}"
            )
        return list(given)
    return [given] * len(names)


def _loss_weights(given: Any, names: list[str]) -> list[Any]:
    if given is None:
        return [None] * len(names)
    if isinstance(given, dict):
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in loss_weights dictionary: {unknown}. Only expected following "
                f"keys: {names}"
            )
        return [given.get(name, 1.0) for name in names]
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise ValueError(
                "When passing a list as loss_weights, it should have one entry per model output. "
                f"The model has {len(names)} outputs, but you passed loss_weights={given}"
            )
        return list(given)
    raise TypeError(
        f"Could not interpret loss_weights argument: {given} - expected a list of dicts."
    )


def _lists(given: Any, names: list[str]) -> list[list[Any]]:
    """The metrics of each output: from a list for all, a list of lists, or a dict by names."""
    if not given:
        return [[] for _ in names]
    if isinstance(given, dict):
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ValueError(
                f"Unknown entries in metrics dictionary: {unknown}. Only expected following keys: "
                f"{names}"
            )
        return [_as_list(given.get(name)) for name in names]
    if not isinstance(given, (list, tuple)):
        raise TypeError(
            "Type of `metrics` argument not understood. Expected a list or dictionary, found: "
            f"{given}"
        )
    if any(isinstance(item, (list, tuple)) for item in given):
        if len(given) != len(names):
            raise ValueError(
                f"When passing a list of lists as `metrics`, it should have one entry per model "
                f"output. The model has {len(names)} outputs, but you passed metrics={given}"
            )
        return [_as_list(item) for item in given]
    # One list for all: each output has objects of its own.
    return [
        [
            type(m).from_config(m.get_config())
            if i and isinstance(m, tf.keras.metrics.Metric)
            else m
            for m in given
        ]
        for i in range(len(names))
    ]


def _as_list(item: Any) -> list[Any]:
    if item is None:
        return []
    return list(item) if isinstance(item, (list, tuple)) else [item]
