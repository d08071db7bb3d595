"""Stopping when the loss is no number any more."""

from __future__ import annotations

import numpy as np

from reflow.keras.callbacks.callback import Callback

__all__ = ["TerminateOnNaN"]


class TerminateOnNaN(Callback):
    """Stops training when a batch's loss is nan or infinite."""

    def on_batch_end(self, batch, logs=None):
        """Looks at the batch's loss."""
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True
