"""Writers of summaries, and which of them is the default."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from reflow.summary._event_file import EventFile

__all__ = ["SummaryWriter", "create_file_writer", "create_noop_writer"]


class _Default(threading.local):
    def __init__(self) -> None:
        self.writer: SummaryWriter | None = None


_default = _Default()


def default_writer() -> SummaryWriter | None:
    """The thread's default writer, None if there is none."""
    return _default.writer


class SummaryWriter:
    """Base of summary writers: what ``tf.summary.create_file_writer`` returns."""

    def set_as_default(self) -> None:
        """Makes it the default from now on.

        Raises:
          RuntimeError: it is closed.
        """
        self._check_open()
        _default.writer = self

    @contextmanager
    def as_default(self) -> Iterator[SummaryWriter]:
        """A context in which it is the default; at the end what waits is written.

        Raises:
          RuntimeError: it is closed.
        """
        self._check_open()
        before, _default.writer = _default.writer, self
        try:
            yield self
            self.flush()
        finally:
            _default.writer = before

    def init(self) -> None:
        """Nothing: a writer is ready when it is made.

        Raises:
          RuntimeError: it is closed.
        """
        self._check_open()

    def flush(self) -> None:
        """Writes what waits."""

    def close(self) -> None:
        """Writes what waits and ends."""

    def _check_open(self) -> None:
        pass

    def _add(self, make: Any) -> None:
        """Takes an event, as a function that makes its message."""


class _FileWriter(SummaryWriter):
    """Writes to an event file."""

    def __init__(self, file: EventFile) -> None:
        self._file = file
        _open.add(self)
        _flush_at_exit()

    def _add(self, make: Any) -> None:
        self._file.add(make)

    def _check_open(self) -> None:
        if self._file.is_closed():
            raise RuntimeError("SummaryWriter is already closed")

    def flush(self) -> None:
        """Writes what waits."""
        self._file.flush()

    def close(self) -> None:
        """Writes what waits and closes the file."""
        self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


class NoopWriter(SummaryWriter):
    """Writes nothing."""


_open: weakref.WeakSet[_FileWriter] = weakref.WeakSet()


@cache
def _flush_at_exit() -> None:
    atexit.register(lambda: [writer.flush() for writer in list(_open)])


def create_file_writer(
    logdir: Any,
    max_queue: Any = None,
    flush_millis: Any = None,
    filename_suffix: Any = None,
    name: str | None = None,
) -> SummaryWriter:
    """Makes a writer to a new event file.

    Args:
      logdir: the folder, for TensorBoard's ``--logdir``; made if there is none.
      max_queue: how many summaries may wait; 10 by default.
      flush_millis: after how many milliseconds they are written; 120,000 by default.
      filename_suffix: the end of the file's name; ``".v2"`` by default.
      name: unused in eager code.

    Returns:
      A SummaryWriter.

    Raises:
      ValueError: ``logdir`` is None.
      FailedPreconditionError: a file is where a folder should be.

    Example::

        writer = tf.summary.create_file_writer("logs")
        with writer.as_default():
            for step in range(100):
                tf.summary.scalar("loss", loss, step=step)
    """
    if logdir is None:
        raise ValueError("logdir cannot be None")
    if hasattr(logdir, "numpy"):
        logdir = logdir.numpy()
    suffix = ".v2" if filename_suffix is None else filename_suffix
    return _FileWriter(
        EventFile(
            os.fsdecode(logdir),
            10 if max_queue is None else int(max_queue),
            120_000 if flush_millis is None else int(flush_millis),
            suffix.numpy().decode() if hasattr(suffix, "numpy") else suffix,
        )
    )


def create_noop_writer() -> SummaryWriter:
    """Makes a writer that writes nothing."""
    return NoopWriter()
