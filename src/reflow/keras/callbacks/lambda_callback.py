"""Callbacks made of functions."""

from __future__ import annotations

from reflow.keras.callbacks.callback import Callback

__all__ = ["LambdaCallback"]


class LambdaCallback(Callback):
    """Calls functions at moments of training.

    Args:
      on_epoch_begin, on_epoch_end: called with ``(epoch, logs)``.
      on_batch_begin, on_batch_end: called with ``(batch, logs)``.
      on_train_begin, on_train_end: called with ``(logs)``.
      **kwargs: further methods of ``Callback`` by name.
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_batch_begin=None,
        on_batch_end=None,
        on_train_begin=None,
        on_train_end=None,
        **kwargs,
    ):
        super().__init__()
        self.__dict__.update(kwargs)
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
        }
        self.__dict__.update({name: function for name, function in given.items() if function})
