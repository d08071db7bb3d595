"""The progress bar of ``fit`` as a callback."""

from __future__ import annotations

from reflow.keras.callbacks.callback import Callback
from reflow.keras.utils.progress_bar import Progbar

__all__ = ["ProgbarLogger"]


class ProgbarLogger(Callback):
    """Prints the progress of each epoch.

    Args:
      count_mode: whether the bar counts ``"samples"`` or ``"steps"``.
      stateful_metrics: names of metrics that are shown as they are; others are averaged.

    Raises:
      ValueError: if there is no such mode.
    """

    def __init__(self, count_mode="samples", stateful_metrics=None):
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ValueError(f"Unknown `count_mode`: {count_mode}")
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or ())
        self.seen = 0
        self.progbar = None

    def _wants_batches(self, mode):
        return False  # the loop tells it of progress by itself

    def on_train_begin(self, logs=None):
        """Notes how to print."""
        self.verbose = self.params["verbose"]
        self.epochs = self.params["epochs"]

    def on_epoch_begin(self, epoch, logs=None):
        """Prints the epoch's number, and starts a new bar."""
        self.seen = 0
        if self.verbose and self.epochs > 1:
            print(f"Epoch {epoch + 1}/{self.epochs}")
        self._start_bar(self.params["steps"] if self.use_steps else self.params["samples"])

    def _start_bar(self, target):
        self.target = target
        self.log_values = []
        if self.verbose:
            self.progbar = Progbar(
                target=target,
                verbose=self.verbose,
                stateful_metrics=self.stateful_metrics,
                unit_name="step" if self.use_steps else "sample",
            )

    def on_batch_begin(self, batch, logs=None):
        """Forgets the values of the batch before."""
        if self.seen < (self.target or self.seen + 1):
            self.log_values = []

    def on_batch_end(self, batch, logs=None):
        """Shows the progress."""
        logs = logs or {}
        size = logs.get("size", 0) * logs.get("num_steps", 1)
        self.seen += logs.get("num_steps", 1) if self.use_steps else size
        self.log_values += [(k, logs[k]) for k in self.params["metrics"] if k in logs]
        # The end of the epoch is shown with the validation's values.
        if self.verbose and (self.target is None or self.seen < self.target):
            self.progbar.update(self.seen, self.log_values)

    def on_epoch_end(self, epoch, logs=None):
        """Shows the epoch's values."""
        logs = logs or {}
        self.log_values += [(k, logs[k]) for k in self.params["metrics"] if k in logs]
        if self.verbose:
            self.progbar.update(self.seen, self.log_values)
