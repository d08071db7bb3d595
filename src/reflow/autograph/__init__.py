"""``tf.autograph``: Python control flow on tensors inside ``tf.function``.

A function is traced as Python runs it; ``if`` and ``while`` on tensors are not converted yet, and
raise TF's error for functions that AutoGraph does not convert.
"""

from __future__ import annotations

from typing import Any

from reflow._namespace import lazy_names


def trace(*args: Any) -> None:
    """Prints its arguments while a function is traced, so once per trace rather than per call.

    Args:
      *args: what to print, tensors among them.
    """
    print(*args)  # noqa: T201  printing is its purpose


__all__ = ["trace"]

__getattr__, __dir__ = lazy_names(__name__)
