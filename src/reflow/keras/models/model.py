"""``tf.keras.Model``: layers that are trained, evaluated and used together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.errors import NeedsEagerError, OperatorNotAllowedInGraphError
from reflow.core.logging import warn
from reflow.keras._engine.symbolic import infer, keras_tensor
from reflow.keras.models.ends import AddLoss, AddMetric
from reflow.keras.models.network import Network
from reflow.keras.training import fitting
from reflow.keras.training.objective import Objective
from reflow.keras.training.standardize import Batch, standardize, standardize_inputs
from reflow.keras.training.steps import Steps

__all__ = ["Model"]

_NOT_COMPILED = (
    "You must compile your model before training/testing. Use `model.compile(optimizer, loss)`."
)


class Model(Network):
    """A network that can be trained.

    ``Model(inputs, outputs)`` is described by the symbolic tensors of ``tf.keras.Input`` and of
    layers called on them. A subclass makes its layers in ``__init__`` and runs them in ``call``.

    Args:
      inputs, outputs: symbolic tensors, or lists or dicts of them.
      name: the model's name.
    """

    def _start(self, trainable, name, dtype, dynamic):
        super()._start(trainable, name, dtype, dynamic)
        self._stateful = False
        self._compiled: dict[str, Any] | None = None
        self._objective: Objective | None = None
        self._steps: dict[str, Steps] = {}
        self._trained: list[Any] | None = None
        self._trainable_as_compiled: list[tuple[Any, bool]] | None = None
        self._run_eagerly: bool | None = None
        self.stop_training = False
        self.optimizer = None
        self.history = None
        self.loss = None

    # ---- compile

    def compile(
        self,
        optimizer="rmsprop",
        loss=None,
        metrics=None,
        loss_weights=None,
        sample_weight_mode=None,
        weighted_metrics=None,
        target_tensors=None,
        distribute=None,
        **kwargs,
    ):
        """Says how the model is trained.

        Args:
          optimizer: a name or an optimizer.
          loss: a name, function or ``Loss``; for several outputs also a list, or a dict by names.
          metrics: a list of names, functions or ``Metric`` objects; for several outputs also a list
            of lists, or a dict by names. ``"accuracy"`` means the one that fits the output.
          loss_weights: factors of the outputs' losses, a list or dict.
          sample_weight_mode: ``"temporal"`` for weights of time steps; they are recognized anyway.
          weighted_metrics: metrics that weights of samples apply to.
          target_tensors, distribute: TF 1's; not supported.
          **kwargs: ``run_eagerly``, whether steps run as plain Python.

        Raises:
          ValueError: if a name is not known or nothing is left to minimize.
        """
        self._run_eagerly = kwargs.pop("run_eagerly", None)
        kwargs.pop("experimental_run_tf_function", None)
        if kwargs:
            raise TypeError(f"Invalid keyword argument(s) in `compile`: {set(kwargs)}")
        for name, value in (("target_tensors", target_tensors), ("distribute", distribute)):
            if value is not None:
                raise ValueError(f"compile() takes no argument {name} here: pass the data to fit()")
        self._compiled = None
        self.optimizer = self._scaled(tf.keras.optimizers.get(optimizer))
        self.loss = loss
        self.loss_weights = loss_weights
        self.sample_weight_mode = sample_weight_mode
        self._steps = {}
        self._trained = self._trainable_as_compiled = None
        self._objective = None
        if loss is None and self.built and not self._has_losses():
            raise ValueError("The model cannot be compiled because it has no loss to optimize.")
        said = {
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "weighted_metrics": weighted_metrics,
        }
        names = self.output_names
        if names is None and not isinstance(loss, (list, tuple, dict)):
            names = None if isinstance(metrics, dict) else ["output_1"]
        if names is not None:
            self._objective = Objective(**said, names=names)
            if self._is_graph_network:
                self._objective.prepare([o._dims for o in self.outputs])
        self._compiled = said
        if self.inputs:
            self._trained_variables()

    def _scaled(self, optimizer):
        """The optimizer; under a policy with a loss scale, one that scales the loss."""
        scale = getattr(self._dtype_policy, "loss_scale", None)
        kind = tf.keras.mixed_precision.experimental.LossScaleOptimizer if scale else None
        if kind is None or isinstance(optimizer, kind):
            return optimizer
        return kind(optimizer, scale)

    def _make_objective(self, names):
        self._objective = Objective(**self._compiled, names=names)

    @property
    def run_eagerly(self):
        """Whether steps run as plain Python, value by value."""
        if self._run_eagerly:
            return True
        return self.dynamic

    @run_eagerly.setter
    def run_eagerly(self, value):
        self._run_eagerly = value
        self._steps = {}

    @property
    def metrics(self):
        """The metrics that training reports, besides the loss."""
        own = self._objective.metrics() if self._objective is not None else []
        return [*own, *super().metrics]

    @property
    def metrics_names(self):
        """The names of what ``evaluate`` returns: the loss and the metrics."""
        own = self._objective.metric_names() if self._objective is not None else ["loss"]
        return [*own, *[m.name for m in super().metrics]]

    def reset_metrics(self):
        """Resets the state of all metrics."""
        for metric in self._metrics_now():
            metric.reset_states()

    def _metric_values(self):
        """Name -> value of each metric, NumPy scalars."""
        results = [(m.name, m.result()) for m in self._metrics_now()]
        return {name: result.numpy() for name, result in results}

    def _metrics_now(self):
        """The same as ``metrics``; while a loop runs, found once."""
        found = self.__dict__.get("_loop_metrics")
        return self.metrics if found is None else found

    def _has_losses(self):
        """Whether layers add losses."""
        own = any(isinstance(layer, AddLoss) for layer in self._flatten_layers())
        return own or bool(self.losses)

    def _trained_variables(self):
        """The variables that training changes: those of ``compile``, or of when it began."""
        if self._trained is None:
            self._trained = self.trainable_weights
            self._trainable_as_compiled = [
                (layer, layer._trainable)
                for layer in self._flatten_layers()
                if hasattr(layer, "_trainable")
            ]
        return self._trained

    @contextmanager
    def _as_compiled(self):
        """In this block ``trainable`` of all layers is what it was at ``compile``, as in TF."""
        self._trained_variables()
        now = [(layer, layer._trainable) for layer, _ in self._trainable_as_compiled]
        for layer, value in self._trainable_as_compiled:
            layer._trainable = value
        try:
            yield
        finally:
            for layer, value in now:
                layer._trainable = value

    def _check_trained(self):
        """Warns, once, of a ``trainable`` that was set after ``compile``."""
        if self._trained is None or "discrepancy" in _warned:
            return
        if len(self.trainable_weights) != len(self._trained):
            _warned.add("discrepancy")
            warn(
                "Discrepancy between trainable weights and collected trainable weights, did you "
                "set `model.trainable` without calling `model.compile` after ?"
            )

    def _drop_call_losses(self):
        for layer in self._flatten_layers():
            layer._call_losses = []

    # ---- losses and metrics of a described model

    def _add_symbolic_loss(self, loss):
        self._add_end(AddLoss(), loss)

    def _add_symbolic_metric(self, value, name):
        self._add_end(AddMetric(name), value)

    def _add_end(self, layer, tensor):
        """Runs a layer that gives no output of the model, whenever the model runs."""
        if not self._is_graph_network:
            raise ValueError(
                f"{self.name}: symbolic tensors can be added to functional models only; in a "
                "subclass, compute the loss or metric in `call`"
            )
        self._ends = [*self._ends, layer(tensor)]
        self._plan_layers()

    # ---- getting ready

    def _need_compiled(self):
        if self._compiled is None:
            raise RuntimeError(_NOT_COMPILED)

    def _standardized(self, x, y=None, sample_weight=None, class_weight=None):
        """Data in one form; a model that does not know its inputs yet is built for them first."""
        if not self.inputs:
            x = standardize_inputs(self, x)
        self._prepare(x)
        return standardize(self, x, y, sample_weight, class_weight)

    def _prepare(self, x=None):
        """Builds the model, if need be for such inputs, and makes the metrics for its outputs."""
        if not self.inputs:
            self._build_on(x)
        objective = self._objective
        if self._compiled is not None:
            names = self.output_names
            if objective is None or (names is not None and objective.names != names):
                self._make_objective(names)
                objective = self._objective
            objective.prepare([self._output_dims(i) for i in range(len(objective.names))])

    def _output_dims(self, index):
        outputs = self.outputs
        return outputs[index]._dims if outputs else (None, None)

    def _build_on(self, x):
        """Describes a call of a model whose inputs were not known, which builds its layers."""
        described = tf.nest.map_structure(
            lambda a: keras_tensor((None, *a.shape[1:]), _dtype_name(a), "input_1:0"), x
        )
        keywords = {"training": False} if self._traits.takes_training else {}
        try:
            with tf.name_scope(self.name):
                kinds = infer(self._call_traced, (described,), keywords)
        except (NeedsEagerError, OperatorNotAllowedInGraphError):
            first = tf.nest.map_structure(lambda a: tf.convert_to_tensor(a[:1]), x)
            kinds = None
            outputs = self(first)
        self.built = True
        self._drop_call_losses()
        if kinds is not None:
            flat = [
                keras_tensor(kind.dims, kind.dtype, f"{self.name}/Identity:0")
                for kind in tf.nest.flatten(kinds)
            ]
        else:
            flat = [
                keras_tensor((None, *o.shape[1:]), o.dtype, f"{self.name}/Identity:0")
                for o in tf.nest.flatten(outputs)
            ]
        self.__dict__["inputs"] = tf.nest.flatten(described)
        self.__dict__["outputs"] = flat
        self.input_names = [f"input_{i + 1}" for i in range(len(self.inputs))]
        self.output_names = [f"output_{i + 1}" for i in range(len(flat))]

    def _steps_for(self, mode, first_op):
        key = f"{mode}/{first_op}"
        if mode == "train":
            with tf.init_scope():
                self.optimizer._make_ready(self._trained_variables())
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = Steps(self, mode, first_op)
        return found

    # ---- loops

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_freq=1,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        **kwargs,
    ):
        """Trains the model for a number of epochs.

        Args:
          x: inputs: an array or tensor, a list of them, a dict by names; or a ``tf.data.Dataset``,
            generator or ``Sequence`` of ``(x, y)`` or ``(x, y, sample_weight)`` batches.
          y: targets, for arrays.
          batch_size: samples per update of the weights; 32 by default.
          epochs: the number of the last epoch.
          verbose: 0 prints nothing, 1 a progress bar, 2 a line per epoch.
          callbacks: a list of callbacks.
          validation_split: the part of the samples, from the end, that is not trained on.
          validation_data: ``(x, y)`` or ``(x, y, sample_weight)``, or a dataset or generator.
          shuffle: whether samples come in another order each epoch; ``"batch"`` keeps the batches.
          class_weight: class -> factor of its samples' losses.
          sample_weight: factors of the samples' losses.
          initial_epoch: the epoch to begin with.
          steps_per_epoch, validation_steps: batches per epoch; by default all there are.
          validation_freq: validate every so many epochs, or a list of their numbers, from 1.
          max_queue_size, workers, use_multiprocessing: how a ``Sequence`` is read ahead.

        Returns:
          A ``History``: its ``history`` is a dict of the losses and metrics by epoch.

        Raises:
          RuntimeError: if the model is not compiled.
          ValueError: if the data do not fit the model.
        """
        if "nb_epoch" in kwargs:
            epochs = kwargs.pop("nb_epoch")
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self._need_compiled()
        data = fitting.Data(x, y, sample_weight, batch_size, steps_per_epoch, class_weight)
        validation = fitting.Validation(
            validation_split, validation_data, validation_steps, validation_freq
        )
        reading = fitting.Reading(max_queue_size, workers, use_multiprocessing)
        return fitting.fit(
            self, data, validation, reading, epochs, initial_epoch, verbose, callbacks, shuffle
        )

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose=1,
        sample_weight=None,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """Computes the loss and the metrics.

        Args:
          x, y, sample_weight, batch_size: as for ``fit``.
          verbose: 0 prints nothing, 1 a progress bar, 2 a line.
          steps: how many batches; all by default.
          callbacks, max_queue_size, workers, use_multiprocessing: as for ``fit``.

        Returns:
          The loss; a list of the loss and the metrics if there are any (``metrics_names``).
        """
        self._need_compiled()
        data = fitting.Data(x, y, sample_weight, batch_size, steps, None)
        reading = fitting.Reading(max_queue_size, workers, use_multiprocessing)
        return fitting.evaluate(self, data, reading, verbose, callbacks)

    def predict(
        self,
        x,
        batch_size=None,
        verbose=0,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """Computes the outputs.

        Args:
          x: inputs, as for ``fit``.
          batch_size: samples per batch; 32 by default.
          verbose: 0 or 1.
          steps: how many batches; all by default.
          callbacks, max_queue_size, workers, use_multiprocessing: as for ``fit``.

        Returns:
          A NumPy array, or a list of them for several outputs.
        """
        data = fitting.Data(x, None, None, batch_size, steps, None)
        reading = fitting.Reading(max_queue_size, workers, use_multiprocessing)
        return fitting.predict(self, data, reading, verbose, callbacks)

    # ---- single batches

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, reset_metrics=True):
        """One update of the weights.

        Args:
          x, y, sample_weight, class_weight: one batch, as for ``fit``.
          reset_metrics: whether the metrics returned are this batch's alone.

        Returns:
          The loss; a list of the loss and the metrics if there are any.
        """
        return self._on_batch("train", x, y, sample_weight, class_weight, reset_metrics)

    def test_on_batch(self, x, y=None, sample_weight=None, reset_metrics=True):
        """The loss and metrics of one batch."""
        return self._on_batch("test", x, y, sample_weight, None, reset_metrics)

    def _on_batch(self, mode, x, y, sample_weight, class_weight, reset_metrics):
        self._need_compiled()
        batch = self._standardized(x, y, sample_weight, class_weight)
        # TF's graph has its arguments first.
        first_op = len(Batch(batch.x, batch.y, []).flat()) + fitting.hidden_casts(self, x)
        (loss,) = self._steps_for(mode, first_op).run(batch)
        values = [np.asarray(loss)[()], *self._metric_values().values()]
        if reset_metrics:
            self.reset_metrics()
        return values[0] if len(values) == 1 else values

    def predict_on_batch(self, x):
        """The outputs of one batch, tensors as in TF 2.1."""
        batch = self._standardized(x)
        outputs = self._steps_for("predict", 2).run(batch)
        outputs = [tf.convert_to_tensor(o) for o in outputs]
        return outputs[0] if len(outputs) == 1 else outputs

    # ---- names of Keras 2

    def fit_generator(
        self,
        generator,
        steps_per_epoch=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_data=None,
        validation_steps=None,
        validation_freq=1,
        class_weight=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        shuffle=True,
        initial_epoch=0,
    ):
        """The same as ``fit`` on a generator."""
        _deprecated("Model.fit_generator", "Model.fit")
        return self.fit(
            generator,
            steps_per_epoch=steps_per_epoch,
            epochs=epochs,
            verbose=verbose,
            callbacks=callbacks,
            validation_data=validation_data,
            validation_steps=validation_steps,
            validation_freq=validation_freq,
            class_weight=class_weight,
            max_queue_size=max_queue_size,
            workers=workers,
            use_multiprocessing=use_multiprocessing,
            shuffle=shuffle,
            initial_epoch=initial_epoch,
        )

    def evaluate_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """The same as ``evaluate`` on a generator."""
        _deprecated("Model.evaluate_generator", "Model.evaluate")
        return self.evaluate(
            generator,
            steps=steps,
            callbacks=callbacks,
            max_queue_size=max_queue_size,
            workers=workers,
            use_multiprocessing=use_multiprocessing,
            verbose=verbose,
        )

    def predict_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """The same as ``predict`` on a generator."""
        _deprecated("Model.predict_generator", "Model.predict")
        return self.predict(
            generator,
            steps=steps,
            callbacks=callbacks,
            max_queue_size=max_queue_size,
            workers=workers,
            use_multiprocessing=use_multiprocessing,
            verbose=verbose,
        )


_warned: set[str] = set()


def _deprecated(old: str, new: str) -> None:
    warn(f"{old} (from keras) is deprecated. Please use {new}, which supports generators.")


def _dtype_name(a: Any) -> str:
    return a.dtype.name
