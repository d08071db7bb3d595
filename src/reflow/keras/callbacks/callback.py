"""``tf.keras.callbacks.Callback``: the moments of training that one can do something at."""

from __future__ import annotations

__all__ = ["Callback"]


class Callback:
    """Does something at moments of training, evaluation and prediction.

    Override the methods for the moments of interest. ``logs`` is a dict: at the end of a batch its
    number, size, loss and metrics; at the end of an epoch the epoch's loss and metrics.

    Attributes:
      model: the model.
      params: a dict with ``epochs``, ``steps``, ``samples``, ``batch_size``, ``verbose``,
        ``do_validation`` and ``metrics``.
    """

    def __init__(self):
        self.validation_data = None
        self.model = None

    def set_params(self, params):
        """Gives the callback the parameters of the call."""
        self.params = params

    def set_model(self, model):
        """Gives the callback the model."""
        self.model = model

    def on_epoch_begin(self, epoch, logs=None):
        """Called before epoch number ``epoch``, from 0."""

    def on_epoch_end(self, epoch, logs=None):
        """Called after an epoch and its validation."""

    def on_batch_begin(self, batch, logs=None):
        """The same as ``on_train_batch_begin``, which calls it."""

    def on_batch_end(self, batch, logs=None):
        """The same as ``on_train_batch_end``, which calls it."""

    def on_train_batch_begin(self, batch, logs=None):
        """Called before batch number ``batch`` of an epoch, from 0."""
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        """Called after a batch."""
        self.on_batch_end(batch, logs=logs)

    def on_test_batch_begin(self, batch, logs=None):
        """Called before a batch of an evaluation, or of a validation in ``fit``."""

    def on_test_batch_end(self, batch, logs=None):
        """Called after a batch of an evaluation, or of a validation in ``fit``."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Called before a batch of a prediction."""

    def on_predict_batch_end(self, batch, logs=None):
        """Called after a batch of a prediction."""

    def on_train_begin(self, logs=None):
        """Called when training begins."""

    def on_train_end(self, logs=None):
        """Called when training ends."""

    def on_test_begin(self, logs=None):
        """Called when an evaluation begins."""

    def on_test_end(self, logs=None):
        """Called when an evaluation ends."""

    def on_predict_begin(self, logs=None):
        """Called when a prediction begins."""

    def on_predict_end(self, logs=None):
        """Called when a prediction ends."""


_BATCH_HOOKS = {
    "train": (
        "on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end",
    ),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}  # fmt: skip


def wants_batches(callback, mode):
    """Whether a callback does something at every batch, so that the loop must stop there.

    One of ours that only sometimes does has a method ``_wants_batches(mode)``.
    """
    own = getattr(callback, "_wants_batches", None)
    if own is not None:
        return own(mode)
    for hook in _BATCH_HOOKS[mode]:
        method = getattr(callback, hook, None)
        if method is not None and getattr(method, "__func__", None) is not getattr(Callback, hook):
            return True
    return False
