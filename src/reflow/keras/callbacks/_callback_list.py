"""The callbacks of one call of ``fit`` or its kin."""

from __future__ import annotations

from typing import Any

from reflow.keras.callbacks.callback import wants_batches


class CallbackList:
    """Passes the moments of a loop on to callbacks, in their order.

    Args:
      callbacks: a list.
      model: the model they are given.
      params: the parameters they are given.
    """

    def __init__(self, callbacks: list[Any], model: Any, params: dict[str, Any]) -> None:
        self.callbacks = callbacks
        self.params = params
        for callback in callbacks:
            callback.set_params(params)
            callback.set_model(model)

    def wants_batches(self, mode: str) -> bool:
        """Whether one of them does something at every batch."""
        return any(wants_batches(callback, mode) for callback in self.callbacks)

    def epoch(self, moment: str, epoch: int, logs: dict[str, Any]) -> None:
        """Calls ``on_epoch_begin`` or ``on_epoch_end``."""
        for callback in self.callbacks:
            getattr(callback, f"on_epoch_{moment}")(epoch, logs)

    def batch(self, mode: str, moment: str, batch: int, logs: dict[str, Any]) -> None:
        """Calls ``on_train_batch_begin`` and its kin."""
        for callback in self.callbacks:
            getattr(callback, f"on_{mode}_batch_{moment}")(batch, logs)

    def loop(self, mode: str, moment: str) -> None:
        """Calls ``on_train_begin`` and its kin."""
        for callback in self.callbacks:
            getattr(callback, f"on_{mode}_{moment}")(None)
