"""The C library's allocator, told to keep what a training step frees for the next step.

XLA asks for a step's buffers anew each time. By default glibc gives large ones back to the system
when they are freed, and each page of the next is mapped and zeroed again: 20,000 page faults in a
step of a small Inception, a quarter of its time.
"""

from __future__ import annotations

import ctypes
import os
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # mallopt's names for its parameters
_CHOSEN_ELSEWHERE = {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"}


def keep_freed_memory() -> None:
    """Freed memory stays in the process, up to 1 GiB. Does nothing where there is no glibc.

    Whoever set glibc's own variables keeps their choice.
    """
    if not sys.platform.startswith("linux") or not _CHOSEN_ELSEWHERE.isdisjoint(os.environ):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    for size in 1 << 30, 1 << 25:  # older versions take no more than 32 MiB
        if mallopt(_MMAP_THRESHOLD, size):
            break
    mallopt(_TRIM_THRESHOLD, 1 << 30)
    # XLA's threads allocate too, and the arenas of further threads cannot hold large blocks.
    mallopt(_ARENA_MAX, 1)
