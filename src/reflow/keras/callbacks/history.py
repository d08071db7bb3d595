"""The record of losses and metrics that ``fit`` returns."""

from __future__ import annotations

from reflow.keras.callbacks.callback import Callback

__all__ = ["History"]


class History(Callback):
    """Notes the logs of each epoch.

    Attributes:
      history: name -> the list of its values, one per epoch.
      epoch: the list of the epochs' numbers.
    """

    def __init__(self):
        super().__init__()
        self.history = {}

    def on_train_begin(self, logs=None):
        """Starts the list of epochs afresh."""
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        """Notes an epoch's values."""
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
