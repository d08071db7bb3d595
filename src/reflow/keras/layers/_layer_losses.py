"""The part of a layer that adds losses and metrics to those of the model around it."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.tensor import SymbolicTensor
from reflow.keras._engine.call_context import loss_log
from reflow.keras._engine.metric_results import metric_of


class LayerLosses:
    """Losses and metrics of a layer."""

    def _start_losses(self):
        self._call_losses: list[Any] = []  # tensors from add_loss, of the last call
        self._loss_functions: list[Any] = []
        self._metrics: list[Any] = []
        self._activity_regularizer = None

    # ---- losses

    def add_loss(self, losses, inputs=None):
        """Adds to what training minimizes.

        Args:
          losses: a scalar tensor computed in ``call``, or a function without arguments that gives
            one; or a list of them. On a functional model, also a symbolic tensor.
          inputs: what the tensors depend on; not needed.
        """
        for loss in losses if isinstance(losses, (list, tuple)) else [losses]:
            if callable(loss) and not isinstance(loss, (tf.Tensor, tf.Variable)):
                self._loss_functions.append(loss)
            elif isinstance(loss, SymbolicTensor):
                self._add_symbolic_loss(loss)
            elif loss is not None:
                self._call_losses.append(tf.convert_to_tensor(loss))
                loss_log.note(self)

    def _add_symbolic_loss(self, loss):
        raise ValueError(
            f"{self.name}: a symbolic tensor can be added as a loss to a functional model, with "
            "model.add_loss(tensor); inside a layer, compute the loss in `call`"
        )

    def _regularize_activity(self, outputs):
        """Adds the penalty on the outputs, per sample."""
        for output in tf.nest.flatten(outputs):
            penalty = self._activity_regularizer(output)
            self.add_loss(penalty / tf.cast(tf.shape(output)[0], output.dtype))

    @property
    def losses(self):
        """The losses of the last call and the regularization penalties, a list of tensors."""
        found = list(self._call_losses)
        found += [regularizer(variable) for variable, regularizer in self._regularized]
        for function in self._loss_functions:
            loss = function()
            if loss is not None:
                found.append(loss)
        for inner in self._inner_layers():
            found += getattr(inner, "losses", [])
        return found

    # ---- metrics

    def add_metric(self, value, aggregation=None, name=None):
        """Adds a metric to those that training and evaluation report.

        Args:
          value: a tensor computed in ``call``; on a functional model, a symbolic tensor.
          aggregation: ``"mean"`` of all batches' values, or None if ``value`` is what a metric
            object has returned.
          name: what to call it.

        Raises:
          ValueError: if there is no name, or another aggregation.
        """
        if aggregation is not None and aggregation != "mean":
            raise ValueError(
                "We currently support only `mean` sample-wise metric aggregation. You provided "
                f"aggregation=`{aggregation}`"
            )
        from_object = metric_of(value)
        if aggregation is None and from_object is None and not isinstance(value, SymbolicTensor):
            raise ValueError(
                "Using the result of calling a `Metric` object when calling `add_metric` is "
                "required when aggregation is None; pass aggregation='mean' to average a tensor"
            )
        if name is None:
            name = None if from_object is None else from_object.name
            if name is None:
                raise ValueError(
                    "Please provide a name for your metric like "
                    "`self.add_metric(tf.reduce_sum(inputs), name='mean_activation', "
                    "aggregation='mean')`"
                )
        if isinstance(value, SymbolicTensor):
            self._add_symbolic_metric(value, name)
            return
        if from_object is not None:
            if all(metric is not from_object for metric in self._metrics):
                self._metrics.append(from_object)
            return
        metric = next((m for m in self._metrics if m.name == name), None)
        if metric is None:
            with tf.init_scope():
                metric = tf.keras.metrics.Mean(name=name, dtype=value.dtype)
            self._metrics.append(metric)
        metric(value)

    def _add_symbolic_metric(self, value, name):
        raise ValueError(
            f"{self.name}: a symbolic tensor can be added as a metric to a functional model, with "
            "model.add_metric(tensor, ...); inside a layer, compute it in `call`"
        )

    @property
    def metrics(self):
        """The metrics added by the layer and the layers inside it."""
        found = list(self._metrics)
        for inner in self._inner_layers():
            found += (
                getattr(inner, "_metrics", []) if not hasattr(inner, "metrics") else inner.metrics
            )
        return found

    # ---- what TF 1's graphs needed

    def add_update(self, updates, inputs=None):
        """Runs updates given as functions; those given as tensors have run already."""
        for update in updates if isinstance(updates, (list, tuple)) else [updates]:
            if callable(update) and not isinstance(update, (tf.Tensor, tf.Variable)):
                update()

    @property
    def updates(self):
        """Empty: variables are assigned when ``call`` runs."""
        return []

    def get_updates_for(self, inputs):
        """Empty, as ``updates``."""
        return []

    def get_losses_for(self, inputs):
        """The losses that depend on inputs; with None, the regularization penalties."""
        if inputs is None:
            return [regularizer(variable) for variable, regularizer in self._regularized]
        return list(self._call_losses)
