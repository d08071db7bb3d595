"""``tf.compat.v1.train``: reading event files and checkpoints as TensorFlow 1's programs do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from reflow.io._protos import message
from reflow.io._records import read_records

__all__ = ["NewCheckpointReader", "summary_iterator"]


def summary_iterator(path: Any) -> Iterator[Any]:
    """The Event messages of an event file.

    Args:
      path: the file's name.

    Yields:
      Messages with ``wall_time``, ``step`` and ``summary``.

    Raises:
      NotFoundError: there is no such file.
      DataLossError: it is damaged.
    """
    for record in read_records(os.fspath(path)):
        yield message("Event").FromString(record)


def NewCheckpointReader(filepattern: Any) -> Any:  # noqa: N802 - TF's name
    """A reader of a checkpoint's tensors; see ``tf.train.load_checkpoint``.

    Args:
      filepattern: the checkpoint's prefix.

    Raises:
      NotFoundError: there is no such checkpoint.
    """
    from reflow.train.reading import CheckpointReader

    return CheckpointReader(os.fspath(filepattern))


def __getattr__(name: str) -> Any:
    import reflow as tf

    if name.startswith("__"):
        raise AttributeError(name)
    if name in ("Saver", "Optimizer", "MonitoredSession") or name.endswith("Optimizer"):
        use = "tf.train.Checkpoint" if name == "Saver" else "tf.keras.optimizers"
        raise AttributeError(f"Reflow has no tf.compat.v1.train.{name}; use {use} instead")
    return getattr(tf.train, name)
