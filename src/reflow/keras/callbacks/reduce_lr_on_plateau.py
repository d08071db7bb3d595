"""A smaller learning rate when nothing gets better any more."""

from __future__ import annotations

import numpy as np

from reflow.core.logging import warn
from reflow.keras.callbacks._monitoring import MODES
from reflow.keras.callbacks.callback import Callback

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by a factor when a value has stopped improving.

    Args:
      monitor: the value's name in the logs.
      factor: the factor, less than 1.
      patience: epochs without improvement after which the rate is reduced.
      verbose: whether to say so.
      mode: ``"min"``, ``"max"``, or ``"auto"``: more of an accuracy, less of all else.
      min_delta: a smaller change is no improvement; ``epsilon`` is its old name.
      cooldown: epochs to wait after a reduction.
      min_lr: the least rate.

    Raises:
      ValueError: if ``factor`` is 1 or more.
    """

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0,
        **kwargs,
    ):
        super().__init__()
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        if "epsilon" in kwargs:
            min_delta = kwargs.pop("epsilon")
            warn("`epsilon` argument is deprecated and will be removed, use `min_delta` instead.")
        self.monitor = monitor
        self.factor = factor
        self.min_lr = min_lr
        self.min_delta = min_delta
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.mode = mode
        self._reset()

    def _reset(self):
        """Starts waiting afresh."""
        if self.mode not in MODES:
            warn(
                f"Learning Rate Plateau Reducing mode {self.mode} is unknown, fallback to auto "
                "mode."
            )
            self.mode = "auto"
        less = self.mode == "min" or (self.mode == "auto" and "acc" not in self.monitor)
        if less:
            self.monitor_op = lambda a, b: np.less(a, b - self.min_delta)
            self.best = np.inf
        else:
            self.monitor_op = lambda a, b: np.greater(a, b + self.min_delta)
            self.best = -np.inf
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs=None):
        """Starts waiting afresh."""
        self._reset()

    def in_cooldown(self):
        """Whether it waits after a reduction."""
        return self.cooldown_counter > 0

    def on_epoch_end(self, epoch, logs=None):
        """Looks at an epoch's value, and notes the rate in the logs."""
        logs = logs if logs is not None else {}
        optimizer = self.model.optimizer
        logs["lr"] = np.asarray(optimizer.lr)[()]
        current = logs.get(self.monitor)
        if current is None:
            warn(
                f"Reduce LR on plateau conditioned on metric `{self.monitor}` which is not "
                f"available. Available metrics are: {','.join(logs)}"
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            old = float(optimizer.lr)
            if self.wait >= self.patience and old > self.min_lr:
                new = max(old * self.factor, self.min_lr)
                optimizer.lr = new
                if self.verbose > 0:
                    print(
                        f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to "
                        f"{new}."
                    )
                self.cooldown_counter = self.cooldown
                self.wait = 0
