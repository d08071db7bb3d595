"""``tf.compat.v1.logging``: TF's logger under its old names."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from reflow._namespace import lazy_names
from reflow.core.logging import get_logger

DEBUG = 10
INFO = 20
WARN = 30
ERROR = 40
FATAL = 50

_LEVELS = {"DEBUG": DEBUG, "INFO": INFO, "WARN": WARN, "ERROR": ERROR, "FATAL": FATAL}
_calls: Counter[tuple[str, int]] = Counter()


def set_verbosity(v: int | str) -> None:
    """Shows messages from level ``v`` on: a constant of this module, or its name."""
    get_logger().setLevel(_LEVELS.get(v, v) if isinstance(v, str) else v)


def get_verbosity() -> int:
    """The level from which on messages are shown."""
    return get_logger().getEffectiveLevel()


def log(level: int, msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` at a level."""
    get_logger().log(level, msg, *args, **kwargs)


def vlog(level: int, msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` at a level."""
    get_logger().log(level, msg, *args, **kwargs)


def debug(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` for whoever debugs."""
    get_logger().debug(msg, *args, **kwargs)


def info(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` as information."""
    get_logger().info(msg, *args, **kwargs)


def warning(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` as a warning."""
    get_logger().warning(msg, *args, **kwargs)


def warn(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` as a warning."""
    get_logger().warning(msg, *args, **kwargs)


def error(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` as an error."""
    get_logger().error(msg, *args, **kwargs)


def fatal(msg: str, *args: Any, **kwargs: Any) -> None:
    """Logs ``msg % args`` as the worst kind of error."""
    get_logger().critical(msg, *args, **kwargs)


def log_if(level: int, msg: str, condition: Any, *args: Any) -> None:
    """Logs if the condition holds."""
    if condition:
        log(level, msg, *args)


def log_first_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Logs the first ``n`` times that this line of the program is reached."""
    log_if(level, msg, _count() < n, *args)


def log_every_n(level: int, msg: str, n: int, *args: Any) -> None:
    """Logs the first time and every ``n``-th time after it that this line is reached."""
    log_if(level, msg, not _count() % n, *args)


def _count() -> int:
    """How often the caller's caller was here before."""
    frame = sys._getframe(2)
    place = (frame.f_code.co_filename, frame.f_lineno)
    _calls[place] += 1
    return _calls[place] - 1


__getattr__, __dir__ = lazy_names(__name__)
