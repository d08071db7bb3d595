"""The ``tensorflow`` logger, with TF's form of messages: ``WARNING:tensorflow:...``."""

from __future__ import annotations

import logging
import sys
import threading

_lock = threading.Lock()
_logger: logging.Logger | None = None


class _Stderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to whatever ``sys.stderr`` is at the time of the message."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> object:  # type: ignore[override]
        return sys.stderr


def get_logger() -> logging.Logger:
    """The logger that warnings go to; ``tf.get_logger()``."""
    global _logger
    with _lock:
        if _logger is None:
            _logger = logging.getLogger("tensorflow")
            if not _logger.handlers:
                handler = _Stderr()
                handler.setFormatter(logging.Formatter(logging.BASIC_FORMAT))
                _logger.addHandler(handler)
                _logger.propagate = False
        return _logger


def warn(message: str) -> None:
    """Logs a warning."""
    get_logger().warning(message)
