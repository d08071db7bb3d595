"""A learning rate for each epoch."""

from __future__ import annotations

import numpy as np

import reflow as tf
from reflow.keras.callbacks.callback import Callback

__all__ = ["LearningRateScheduler"]


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
      schedule: a function of the epoch's number (from 0), or of it and the present rate, that
        returns the rate.
      verbose: whether to say so.
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the epoch's rate.

        Raises:
          ValueError: if the optimizer has no rate, or the schedule returns no floating number.
        """
        optimizer = self.model.optimizer
        if not hasattr(optimizer, "lr"):
            raise ValueError('Optimizer must have a "lr" attribute.')
        try:
            rate = self.schedule(epoch, float(optimizer.lr))
        except TypeError:  # a schedule of the epoch alone
            rate = self.schedule(epoch)
        if not isinstance(rate, (tf.Tensor, float, np.floating)):
            raise ValueError('The output of the "schedule" function should be float.')
        if isinstance(rate, tf.Tensor) and not rate.dtype.is_floating:
            raise ValueError("The dtype of Tensor should be float")
        optimizer.lr = rate
        if self.verbose > 0:
            print(
                f"\nEpoch {epoch + 1:05d}: LearningRateScheduler reducing learning rate to "
                f"{float(rate):g}."
                if isinstance(rate, tf.Tensor)
                else f"\nEpoch {epoch + 1:05d}: LearningRateScheduler reducing learning rate to "
                f"{rate}."
            )

    def on_epoch_end(self, epoch, logs=None):
        """Notes the rate in the logs."""
        if logs is not None:
            logs["lr"] = np.asarray(self.model.optimizer.lr)[()]
