"""Names that layers get when the program gives none: ``dense``, ``dense_1``, ``input_1``."""

from __future__ import annotations

import re
from collections import defaultdict

_uids: dict[str, int] = defaultdict(int)


def uid(prefix: str = "") -> int:
    """The next number for names with a prefix, from 1."""
    _uids[prefix] += 1
    return _uids[prefix]


def reset_uids() -> None:
    """Starts all numbers afresh, as ``tf.keras.backend.clear_session`` does."""
    _uids.clear()


def snake_case(name: str) -> str:
    """``Conv2DTranspose`` becomes ``conv2d_transpose``; ``_`` in front, ``private``."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    snake = re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
    return "private" + snake if snake.startswith("_") else snake


def unique_name(name: str, *, first_bare: bool = True) -> str:
    """A name that no layer has yet.

    Args:
      name: its first part, in snake case.
      first_bare: whether the first one has no number (``dense``) or 1 (``input_1``).
    """
    number = uid(name)
    if first_bare:
        return f"{name}_{number - 1}" if number > 1 else name
    return f"{name}_{number}"
