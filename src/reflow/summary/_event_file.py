"""Event files: TFRecords of Event messages, as TensorBoard reads them."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from reflow.core.errors import NotFoundError
from reflow.io._atomic import as_tf_error
from reflow.io._protos import message
from reflow.io._records import RecordFile

_numbers = itertools.count()


class EventFile:
    """Writes events to a new file of a folder.

    An event is given as a function that makes its message, which is called when the event is
    written: so a value that is still to be computed need not be there at once.

    Args:
      folder: it is made if there is none.
      max_queue: how many events may wait.
      flush_millis: after how long they are written at the latest, when another one comes.
      suffix: the end of the file's name.

    Raises:
      FailedPreconditionError: a file is where a folder should be.
    """

    def __init__(self, folder: str, max_queue: int, flush_millis: int, suffix: str) -> None:
        try:
            os.makedirs(folder or ".", exist_ok=True)
        except OSError as error:
            raise as_tf_error(error, folder) from error
        now = time.time()
        name = (
            f"events.out.tfevents.{int(now):010d}.{socket.gethostname()}.{os.getpid()}."
            f"{next(_numbers)}{suffix}"
        )
        self.path = os.path.join(folder, name)
        self._records: RecordFile | None = RecordFile(self.path)
        self._max_queue = max_queue
        self._seconds = flush_millis / 1000
        self._written = now
        self._waiting: list[Callable[[], Any]] = []
        self._lock = threading.RLock()
        first = message("Event")(wall_time=now, file_version="brain.Event:2")
        self._records.write(first.SerializeToString())
        self._records.flush()

    def add(self, make: Callable[[], Any]) -> None:
        """Takes an event."""
        with self._lock:
            if self._records is None:
                raise NotFoundError(
                    None, None, f"the summary writer of {self.path} is closed [Op:WriteSummary]"
                )
            self._waiting.append(make)
            late = time.time() - self._written > self._seconds
            if len(self._waiting) > self._max_queue or late:
                self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        with self._lock:
            if self._records is None:
                return
            waiting, self._waiting = self._waiting, []
            for make in waiting:
                self._records.write(make().SerializeToString())
            self._records.flush()
            self._written = time.time()

    def close(self) -> None:
        """Writes what waits and closes the file."""
        with self._lock:
            if self._records is not None:
                try:
                    self.flush()
                finally:
                    self._records.close()
                    self._records = None

    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self._records is None
