"""Saving a model while it is trained."""

from __future__ import annotations

import os
import re

import numpy as np

import reflow as tf
from reflow.core.errors import OpError
from reflow.core.logging import warn
from reflow.io import _checkpoint
from reflow.io._checkpoint.bundle import PENDING
from reflow.keras.callbacks._monitoring import better
from reflow.keras.callbacks.callback import Callback
from reflow.keras.models.saved_model_files import is_saved_model, variables_prefix

__all__ = ["ModelCheckpoint"]


class ModelCheckpoint(Callback):
    """Saves the model, or its weights, every epoch or every so many samples.

    Args:
      filepath: where to; ``{epoch}`` and the logs' names are filled in, as in
        ``"weights.{epoch:02d}-{val_loss:.2f}.hdf5"``. Weights go to an HDF5 file if it ends in
        ``.h5``, ``.hdf5`` or ``.keras``, else to a TF checkpoint.
      monitor: the name of the value that says which model is best.
      verbose: whether to say what is saved.
      save_best_only: whether only a model that is better than all before is saved.
      save_weights_only: whether to save the weights alone.
      mode: ``"min"``, ``"max"``, or ``"auto"``: more of an accuracy, less of all else.
      save_freq: ``"epoch"``, or a number of samples.
      **kwargs: ``load_weights_on_restart``: whether training begins with the weights of the latest
        file; ``period``: save every so many epochs (deprecated).

    Raises:
      ValueError: if ``save_freq`` is something else.
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        save_freq="epoch",
        **kwargs,
    ):
        super().__init__()
        self.monitor = monitor
        self.verbose = verbose
        self.filepath = os.fspath(filepath)
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.epochs_since_last_save = 0
        self._samples_seen_since_last_saving = 0
        self._current_epoch = 0
        self.load_weights_on_restart = kwargs.pop("load_weights_on_restart", False)
        if self.load_weights_on_restart:
            warn(
                "`load_weights_on_restart` argument is deprecated. Please use "
                "`model.load_weights()` for loading weights before the start of `model.fit()`."
            )
        self.period = kwargs.pop("period", 1)
        if self.period != 1:
            warn(
                "`period` argument is deprecated. Please use `save_freq` to specify the frequency "
                "in number of samples seen."
            )
        if kwargs:  # TF 2.1 takes any
            warn(f"ModelCheckpoint does not know the arguments {sorted(kwargs)}, which do nothing.")
        self.monitor_op, self.best = better(mode, monitor, "ModelCheckpoint")
        if self.save_freq != "epoch" and not isinstance(self.save_freq, int):
            raise ValueError(f"Unrecognized save_freq: {self.save_freq}")

    def _wants_batches(self, mode):
        return mode == "train" and isinstance(self.save_freq, int)

    def set_model(self, model):
        """Gives the callback the model."""
        self.model = model
        described = model._is_graph_network or isinstance(model, tf.keras.Sequential)
        if not described:  # as in TF: a model with a call of its own can't be saved whole
            self.save_weights_only = True

    def on_train_begin(self, logs=None):
        """Loads the latest weights, if asked for."""
        if self.load_weights_on_restart:
            path = self._get_most_recently_modified_file_matching_pattern(self.filepath)
            if path is not None:
                try:
                    self.model.load_weights(_weights_in(path))
                except (OSError, ValueError, OpError) as error:
                    raise ValueError(f"Error loading file from {path}. Reason: {error}") from error

    def on_batch_end(self, batch, logs=None):
        """Saves after a number of samples."""
        logs = logs or {}
        if isinstance(self.save_freq, int):
            self._samples_seen_since_last_saving += logs.get("size", 1)
            if self._samples_seen_since_last_saving >= self.save_freq:
                self._save_model(epoch=self._current_epoch, logs=logs)
                self._samples_seen_since_last_saving = 0

    def on_epoch_begin(self, epoch, logs=None):
        """Notes the epoch."""
        self._current_epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        """Saves after an epoch."""
        self.epochs_since_last_save += 1
        if self.save_freq == "epoch":
            self._save_model(epoch=epoch, logs=logs)

    def _save_model(self, epoch, logs):
        logs = logs or {}
        if not isinstance(self.save_freq, int) and self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        filepath = self._get_file_path(epoch, logs)
        if not self.save_best_only:
            if self.verbose > 0:
                print(f"\nEpoch {epoch + 1:05d}: saving model to {filepath}")
            self._write(filepath)
            return
        current = logs.get(self.monitor)
        if current is None:
            warn(f"Can save best model only with {self.monitor} available, skipping.")
        elif self.monitor_op(current, self.best):
            if self.verbose > 0:
                print(
                    f"\nEpoch {epoch + 1:05d}: {self.monitor} improved from {self.best:0.5f} to "
                    f"{current:0.5f}, saving model to {filepath}"
                )
            self.best = current
            self._write(filepath)
        elif self.verbose > 0:
            print(f"\nEpoch {epoch + 1:05d}: {self.monitor} did not improve from {self.best:0.5f}")

    def _write(self, filepath):
        if self.save_weights_only:
            self.model.save_weights(filepath, overwrite=True)
        else:
            self.model.save(filepath, overwrite=True)

    def _get_file_path(self, epoch, logs):
        """The path with the epoch and the logs' values filled in.

        Raises:
          KeyError: if it names a value that the logs do not have.
        """
        values = {
            key: np.asarray(value).item() for key, value in logs.items() if np.ndim(value) == 0
        }
        values.pop("epoch", None)
        try:
            return self.filepath.format(epoch=epoch + 1, **values)
        except KeyError as error:
            raise KeyError(
                f'Failed to format this callback filepath: "{self.filepath}". Reason: {error}'
            ) from None

    def _get_most_recently_modified_file_matching_pattern(self, pattern):
        """The latest file whose name the pattern could have given; the largest name of several."""
        folder, name = os.path.split(pattern)
        folder = folder or "."
        expression = re.compile("^" + re.sub(r"\\\{.*?\\\}", ".*", re.escape(name)) + "$")
        if not os.path.isdir(folder):
            return None
        found = {}
        for entry in sorted(os.listdir(folder)):
            stem = entry.removesuffix(PENDING).removesuffix(".index")
            path = os.path.join(folder, stem)
            if expression.match(stem) and not _PART.search(entry) and _is_whole(path):
                found[path] = os.path.getmtime(os.path.join(folder, entry))
        return max(found, key=lambda path: (found[path], path), default=None)


_PART = re.compile(r"\.data-\d+-of-\d+$|\.tmp\d+@")  # of a checkpoint; not whole


def _is_whole(path):
    """Whether there is a file, a checkpoint or a SavedModel, completely written."""
    return os.path.isfile(path) or _checkpoint.exists(path) or is_saved_model(path)


def _weights_in(path):
    """What ``load_weights`` takes: of a SavedModel, the checkpoint that it has."""
    return variables_prefix(path) if is_saved_model(path) else path
