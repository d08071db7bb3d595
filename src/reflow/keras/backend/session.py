"""What Keras keeps across models: numbers in names, the learning phase; starting afresh."""

from __future__ import annotations

from reflow.keras._engine import names
from reflow.keras.backend import learning

__all__ = ["clear_session", "get_uid", "manual_variable_initialization", "reset_uids"]


def clear_session():
    """Starts afresh: layers are numbered from the start, and the learning phase is not set.

    Models and variables that the program holds stay as they are.
    """
    names.reset_uids()
    learning.reset()


def get_uid(prefix=""):
    """Returns the next number for names with a prefix, from 1.

    Args:
      prefix: the name's first part.
    """
    return names.uid(prefix)


def reset_uids():
    """Starts the numbers in names afresh."""
    names.reset_uids()


def manual_variable_initialization(value):
    """Accepted for TF 1's sake: variables have their values when they are made.

    Args:
      value: unused.
    """
