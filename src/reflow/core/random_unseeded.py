"""Random numbers that nobody asked to reproduce, from NumPy's fastest generator."""

from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_lock = threading.Lock()
_generator: np.random.Generator | None = None


def generator() -> np.random.Generator:
    """Return this process's generator, which the operating system has seeded."""
    global _generator
    if _generator is None:
        with _lock:
            if _generator is None:
                _generator = np.random.Generator(np.random.SFC64())
    return _generator


def _forget() -> None:
    global _generator
    _generator = None


if hasattr(os, "register_at_fork"):  # a forked worker must not repeat its parent's numbers
    os.register_at_fork(after_in_child=_forget)


def uniform(count: int, dtype: np.dtype[Any]) -> Array:
    """Draw `count` numbers uniform in [0, 1)."""
    if dtype in (np.float32, np.float64):
        return generator().random(count, dtype=dtype)
    # Rounding a float32 could give 1.0, so draw the few values a half has with equal steps.
    steps = 1024 if dtype == np.float16 else 128
    return (generator().integers(0, steps, count, np.uint16) / np.float32(steps)).astype(dtype)


def normal(count: int, dtype: np.dtype[Any]) -> Array:
    """Draw `count` standard normal numbers."""
    if dtype == np.float64:
        return generator().standard_normal(count)
    drawn: Array = generator().standard_normal(count, dtype=np.float32)
    return drawn.astype(dtype, copy=False)


def truncated_normal(count: int, dtype: np.dtype[Any]) -> Array:
    """Draw `count` standard normal numbers smaller than 2 in size."""
    out = normal(count, dtype)
    while (large := np.flatnonzero(np.abs(out) >= 2)).size:
        out[large] = normal(large.size, dtype)
    return out
