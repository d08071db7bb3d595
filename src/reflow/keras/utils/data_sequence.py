"""Batches by number: what ``fit`` reads and workers prepare."""

from __future__ import annotations

__all__ = ["Sequence"]


class Sequence:
    """The base of a data set that gives its batches by number.

    A subclass has ``__getitem__(index)``, which returns a batch such as ``(x, y)``, and
    ``__len__()``, the number of batches in an epoch. Workers may ask for several batches at once
    and in any order; every batch is read once in an epoch.

        class Squares(tf.keras.utils.Sequence):
            def __len__(self):
                return 10

            def __getitem__(self, index):
                x = np.arange(32 * index, 32 * (index + 1), dtype="float32")
                return x, x**2
    """

    def __getitem__(self, index):
        """Returns batch number ``index``, complete."""
        raise NotImplementedError(f"{type(self).__name__} needs a method __getitem__(self, index)")

    def __len__(self):
        """Returns the number of batches in an epoch."""
        raise NotImplementedError(f"{type(self).__name__} needs a method __len__(self)")

    def on_epoch_end(self):
        """Called after each epoch, when all of its batches were taken."""

    def __iter__(self):
        """Yields the batches of an epoch."""
        for index in range(len(self)):
            yield self[index]
