"""The learning phase: whether layers compute as in training, where nothing else says so."""

from __future__ import annotations

from contextlib import contextmanager

__all__ = ["learning_phase", "learning_phase_scope", "set_learning_phase"]

_phase: list[int | None] = [None]


def is_set() -> bool:
    """Whether the program has set the phase."""
    return _phase[0] is not None


def learning_phase():
    """Returns 1 in training, 0 (as unless set) otherwise."""
    return _phase[0] or 0


def set_learning_phase(value):
    """Sets the phase for all layers that are not told otherwise.

    Args:
      value: 0 or 1.

    Raises:
      ValueError: if it is something else.
    """
    if value not in (0, 1):
        raise ValueError("Expected learning phase to be 0 or 1.")
    _phase[0] = int(value)


@contextmanager
def learning_phase_scope(value):
    """The phase within a ``with`` block."""
    before = _phase[0]
    set_learning_phase(value)
    try:
        yield
    finally:
        _phase[0] = before


def reset() -> None:
    """Forgets the phase, as ``clear_session`` does."""
    _phase[0] = None
