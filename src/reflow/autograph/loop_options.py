"""``tf.autograph.experimental.set_loop_options``: what a loop's body says about its loop."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_UNSPECIFIED = object()


class LoopOptions:
    """The options of one compiled loop."""

    def __init__(self) -> None:
        self.maximum_iterations: Any = None


class _State(threading.local):
    def __init__(self) -> None:
        self.loops: list[LoopOptions] = []


_state = _State()


@contextmanager
def loop_options() -> Iterator[LoopOptions]:
    """The options of the loop that is traced inside."""
    options = LoopOptions()
    _state.loops.append(options)
    try:
        yield options
    finally:
        _state.loops.pop()


def set_loop_options(
    parallel_iterations: Any = _UNSPECIFIED,
    back_prop: Any = _UNSPECIFIED,
    swap_memory: Any = _UNSPECIFIED,
    maximum_iterations: Any = _UNSPECIFIED,
) -> None:
    """Sets options of the compiled loop whose body calls this; does nothing elsewhere.

    Args:
      parallel_iterations, back_prop, swap_memory: accepted as TF does; XLA decides.
      maximum_iterations: an upper bound on the number of iterations.
    """
    if _state.loops and maximum_iterations is not _UNSPECIFIED:
        _state.loops[-1].maximum_iterations = maximum_iterations
