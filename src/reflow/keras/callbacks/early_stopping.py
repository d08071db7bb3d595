"""Stopping when nothing gets better any more."""

from __future__ import annotations

import numpy as np

from reflow.core.logging import warn
from reflow.keras.callbacks._monitoring import MODES
from reflow.keras.callbacks.callback import Callback

__all__ = ["EarlyStopping"]


class EarlyStopping(Callback):
    """Stops training when a value has stopped improving.

    Args:
      monitor: the value's name in the logs.
      min_delta: a smaller change is no improvement.
      patience: epochs without improvement after which training stops.
      verbose: whether to say so.
      mode: ``"min"``, ``"max"``, or ``"auto"``: more of an accuracy, less of all else.
      baseline: the value that the first epochs must improve on.
      restore_best_weights: whether the model gets the weights of the best epoch back.
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
    ):
        super().__init__()
        self.monitor = monitor
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.min_delta = abs(min_delta)
        self.wait = 0
        self.stopped_epoch = 0
        self.restore_best_weights = restore_best_weights
        self.best_weights = None
        if mode not in MODES:
            warn(f"EarlyStopping mode {mode} is unknown, fallback to auto mode.")
            mode = "auto"
        more = mode == "max" or (mode == "auto" and "acc" in monitor)
        self.monitor_op = np.greater if more else np.less
        self.min_delta *= 1 if more else -1

    def on_train_begin(self, logs=None):
        """Starts waiting afresh."""
        self.wait = 0
        self.stopped_epoch = 0
        worst = np.inf if self.monitor_op is np.less else -np.inf
        self.best = worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch, logs=None):
        """Looks at an epoch's value."""
        current = self.get_monitor_value(logs)
        if current is None:
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self.best = current
            self.wait = 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights and self.best_weights is not None:
                if self.verbose > 0:
                    print("Restoring model weights from the end of the best epoch.")
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        """Says when it stopped training."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")

    def get_monitor_value(self, logs):
        """The watched value; warns if the logs do not have it."""
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            warn(
                f"Early stopping conditioned on metric `{self.monitor}` which is not available. "
                f"Available metrics are: {','.join(logs)}"
            )
        return value
