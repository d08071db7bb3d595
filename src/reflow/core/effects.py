"""What ops do besides computing: printing from compiled code.

Differentiating an op runs its function once more to find the derivatives; what it prints must not
appear twice, so :mod:`backprop` mutes it there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _State(threading.local):
    def __init__(self) -> None:
        self.muted = 0


_state = _State()


def are_muted() -> bool:
    """Whether ops being traced must leave out their effects."""
    return _state.muted > 0


@contextmanager
def muted() -> Iterator[None]:
    """Ops traced inside leave out their effects."""
    _state.muted += 1
    try:
        yield
    finally:
        _state.muted -= 1
