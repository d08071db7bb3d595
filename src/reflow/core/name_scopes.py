"""The stack behind ``tf.name_scope``: prefixes of variables' names, one stack per thread."""

from __future__ import annotations

import threading
from typing import Any

from reflow.core import record


class _Stack(threading.local):
    def __init__(self) -> None:
        self.prefixes = [""]
        self.used: list[tuple[Any, dict[str, int]]] = []


_stack = _Stack()


def current() -> str:
    """The prefix for names made now: empty, or with a "/" at its end."""
    return _stack.prefixes[-1]


def enter(name: str, capture: Any = None) -> str:
    """Opens a scope; returns its prefix.

    Args:
      name: its name; one that ends in "/" replaces the scopes around it, "" leaves them all.
      capture: the function being traced, if any: there, scopes of one name are numbered.
    """
    if not name:
        prefix = ""
    elif name.endswith("/"):
        prefix = name
    else:
        prefix = current() + name
        prefix = (prefix if capture is None else _numbered(prefix, capture)) + "/"
    _stack.prefixes.append(prefix)
    return prefix


def _numbered(prefix: str, capture: Any) -> str:
    counts: dict[str, int] = capture.__dict__.setdefault("scope_counts", {})
    count = counts.get(prefix, 0)
    counts[prefix] = count + 1
    return f"{prefix}_{count}" if count else prefix


def leave() -> None:
    """Closes the innermost scope."""
    _stack.prefixes.pop()


class name_scope:  # noqa: N801 - TF's name
    """A context that puts ``name/`` before the names of variables made inside.

    Args:
      name: the scope's name; one that ends in "/" replaces the scopes around it.

    Raises:
      ValueError: if ``name`` is no string.
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise ValueError("name for name_scope must be a string.")
        self._name = name

    @property
    def name(self) -> str:
        """The scope's own name."""
        return self._name

    def __enter__(self) -> str:
        return enter(self._name, record.state.segment.capture)

    def __exit__(self, *exception: object) -> None:
        leave()
