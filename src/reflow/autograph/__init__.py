"""``tf.autograph``: Python control flow on tensors inside ``tf.function``.

A function is rewritten before it is traced: ``if``, ``while`` and ``for`` become calls that decide,
by the kind of the condition, between Python and a compiled op.

    conversion.py    which functions are rewritten, and how the parts below work together
    source.py        a function's syntax tree
    jumps.py         break, continue, return
    liveness.py      which variables are read later (names.py: bound and read names)
    statements.py    if, while, for
    expressions.py   calls, and, or, not, a if c else b
    runtime.py       what rewritten code calls: branches.py, loops.py, logic.py, python_builtins.py
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow._namespace import lazy_names


def trace(*args: Any) -> None:
    """Prints its arguments while a function is traced, so once per trace rather than per call.

    Args:
      *args: what to print, tensors among them.
    """
    print(*args)  # noqa: T201  printing is its purpose


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """How much AutoGraph says about its work.

    Args:
      level: 0 for nothing, up to 10; from 1 on, converted functions are logged.
      alsologtostdout: print it, too.
    """
    from reflow.autograph import conversion

    conversion.set_verbosity(level, alsologtostdout)


def to_graph(
    entity: Callable[..., Any],
    recursive: bool = True,
    experimental_optional_features: Any = None,
) -> Callable[..., Any]:
    """The converted form of a function, for use inside functions being traced.

    Args:
      entity: a function, lambda or method.
      recursive: whether functions that it calls are converted too.
      experimental_optional_features: with ``ASSERT_STATEMENTS`` or ``ALL``,
        ``assert`` is converted.

    Returns:
      A function of the same arguments (a method's takes ``self`` as the first).

    Raises:
      NotImplementedError: ``entity`` is something else.
    """
    from reflow.autograph.conversion import to_graph

    return to_graph(entity, recursive, experimental_optional_features)


def to_code(
    entity: Callable[..., Any],
    recursive: bool = True,
    experimental_optional_features: Any = None,
) -> str:
    """The source of the converted form of a function.

    Args:
      entity, recursive, experimental_optional_features: as for :func:`to_graph`.

    Returns:
      Python code.

    Raises:
      NotImplementedError: ``entity`` is no function.
    """
    from reflow.autograph.conversion import to_code

    return to_code(entity, recursive, experimental_optional_features)


__all__ = ["set_verbosity", "to_code", "to_graph", "trace"]

__getattr__, __dir__ = lazy_names(__name__)
