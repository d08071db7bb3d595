"""Which checkpoints a folder has: the latest, all, the newest to come; and a manager of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from reflow.core.tensor import Tensor
from reflow.core.variable import Variable
from reflow.io._checkpoint import state as states
from reflow.io._checkpoint.bundle import data_path
from reflow.train.checkpoint import Checkpoint

__all__ = [
    "CheckpointManager", "checkpoints_iterator", "get_checkpoint_state", "latest_checkpoint",
]  # fmt: skip


def latest_checkpoint(checkpoint_dir: Any, latest_filename: str | None = None) -> str | None:
    """The prefix of the latest checkpoint in a folder.

    Args:
      checkpoint_dir: the folder.
      latest_filename: the state file's name, ``checkpoint`` by default.

    Returns:
      The prefix, or None if there is none.
    """
    return states.latest(os.fspath(checkpoint_dir), latest_filename)


def get_checkpoint_state(checkpoint_dir: Any, latest_filename: str | None = None) -> Any:
    """What a folder's state file says.

    Args:
      checkpoint_dir: the folder.
      latest_filename: the file's name, ``checkpoint`` by default.

    Returns:
      A message with ``model_checkpoint_path`` and ``all_model_checkpoint_paths``; None if there is
      no such file.
    """
    if isinstance(checkpoint_dir, (Tensor, Variable)):
        checkpoint_dir = checkpoint_dir.numpy().decode()
    return states.read_state(os.fspath(checkpoint_dir), latest_filename)


def checkpoints_iterator(
    checkpoint_dir: Any,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """Yields checkpoints of a folder as they appear; those that came in between are skipped.

    Args:
      checkpoint_dir: the folder.
      min_interval_secs: the least time between two.
      timeout: how long to wait for a new one; without end by default.
      timeout_fn: called after a timeout; the iterator ends if it returns True, or is None.
    """
    checkpoint = None
    while True:
        new = _wait_for_new_checkpoint(checkpoint_dir, checkpoint, timeout)
        if new is None:
            if timeout_fn is None or timeout_fn():
                return
            continue
        start = time.time()
        checkpoint = new
        yield checkpoint
        rest = start + min_interval_secs - time.time()
        if rest > 0:
            time.sleep(rest)


def _wait_for_new_checkpoint(
    folder: Any, last: str | None, timeout: float | None, pause: float = 1
) -> str | None:
    stop = None if timeout is None else time.time() + timeout
    while True:
        path = latest_checkpoint(folder)
        if path is not None and path != last:
            return path
        if stop is not None and time.time() + pause > stop:
            return None
        time.sleep(pause)


class CheckpointManager:
    """Saves checkpoints under increasing numbers and deletes the oldest.

    Args:
      checkpoint: a ``tf.train.Checkpoint``.
      directory: the folder. What its ``checkpoint`` file lists is managed too.
      max_to_keep: how many to keep; None keeps all.
      keep_checkpoint_every_n_hours: of those to be deleted, keep one each so many hours.
      checkpoint_name: the files' name before the number.

    Raises:
      ValueError: ``max_to_keep`` is not positive.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        directory: Any,
        max_to_keep: int | None,
        keep_checkpoint_every_n_hours: float | None = None,
        checkpoint_name: str = "ckpt",
    ) -> None:
        if max_to_keep is not None and max_to_keep <= 0:
            raise ValueError(
                "Expected a positive integer or `None` for `max_to_max_to_keep`, got "
                f"{max_to_keep}."
            )
        self._checkpoint = checkpoint
        self._directory = os.fspath(directory)
        self._max_to_keep = max_to_keep
        self._keep_every_n_hours = keep_checkpoint_every_n_hours
        self._prefix = os.path.join(self._directory, checkpoint_name)
        self._latest: str | None = None
        self._kept: dict[str, float] = {}  # prefixes and when they were written, the oldest first
        self._last_preserved = time.time() - 1  # so that one written at once is not before it
        state = get_checkpoint_state(self._directory)
        if state is not None:
            self._take_over(state)

    def _take_over(self, state: Any) -> None:
        """Manages what an earlier run left."""
        stamps = list(state.all_model_checkpoint_timestamps)
        paths = list(state.all_model_checkpoint_paths)
        if len(stamps) != len(paths):
            stamps = [time.time()] * len(paths)
        if state.last_preserved_timestamp:
            self._last_preserved = state.last_preserved_timestamp
        self._latest = state.model_checkpoint_path
        for path, stamp in zip(paths, stamps, strict=True):
            self._kept[path] = stamp

    @property
    def latest_checkpoint(self) -> str | None:
        """The prefix of the latest checkpoint, None if there is none yet."""
        return self._latest

    @property
    def checkpoints(self) -> list[str]:
        """The prefixes of the checkpoints that are managed, the oldest first."""
        return list(self._kept)

    def save(self, checkpoint_number: Any = None) -> str:
        """Saves a checkpoint and deletes the oldest, if there are too many.

        Args:
          checkpoint_number: its number; by default, how often the checkpoint was saved.

        Returns:
          Its prefix.

        Raises:
          OpError: if a file cannot be written.
        """
        counter = self._checkpoint.save_counter
        counter.assign_add(1)
        number = int(counter if checkpoint_number is None else checkpoint_number)
        path = self._checkpoint.write(f"{self._prefix}-{number}")
        self._kept.pop(path, None)
        self._kept[path] = time.time()
        self._latest = path
        # The state file names nothing that is deleted already, whenever the process dies.
        self._write_state()
        if self._sweep():
            self._write_state()
        return path

    def _write_state(self) -> None:
        states.write_state(
            self._directory,
            self._latest or "",
            list(self._kept),
            list(self._kept.values()),
            self._last_preserved,
        )

    def _sweep(self) -> bool:
        """Deletes, or lets go of, what is too much; returns whether there was any."""
        swept = False
        while self._max_to_keep is not None and len(self._kept) > self._max_to_keep:
            path = next(path for path in self._kept if path != self._latest)
            stamp = self._kept.pop(path)
            swept = True
            hours = self._keep_every_n_hours
            if hours is not None and stamp - hours * 3600 > self._last_preserved:
                self._last_preserved = stamp
                continue
            for name in (f"{path}.index", data_path(path)):
                with suppress(OSError):
                    os.remove(name)
        return swept
