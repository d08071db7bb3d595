"""JAX, imported when it is first needed.

Importing JAX costs more than everything else a short script does, so modules write
``from reflow.core.lazy import jnp`` and touch its attributes only inside function bodies.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from types import ModuleType
from typing import Any

import numpy as np

from reflow.core import allocation


class LazyModule:
    """Stands for a module until one of its attributes is read."""

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, attribute: str) -> Any:
        configure()
        value = getattr(_load(self.__dict__["_name"]), attribute)
        self.__dict__[attribute] = value
        return value

    def __repr__(self) -> str:
        return f"<lazy module {self.__dict__['_name']!r}>"


def _load(name: str) -> ModuleType:
    return importlib.import_module(name)


_lock = threading.Lock()
_configured = False
forked = False
"""Whether this process was forked from one that had JAX: XLA's threads are not here, and a compiled
program would wait for them forever."""


def _note_fork() -> None:
    global forked
    forked = "jax" in sys.modules


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)


def configure() -> None:
    """Imports JAX once, with the settings that TF 2.1's semantics and our speed need."""
    global _configured
    if _configured:
        return
    with _lock:
        if _configured:
            return
        # Importing JAX draws from NumPy's global stream, which seeded programs count on.
        state = np.random.get_state()
        import jax as _jax

        np.random.set_state(state)
        # TF has 64-bit types; we cast by TF's rules and never rely on JAX's promotion.
        _jax.config.update("jax_enable_x64", True)
        # Call and readback of a small program take a third of the time.
        _jax.config.update("jax_cpu_enable_async_dispatch", os.environ.get("REFLOW_ASYNC") == "1")
        directory = cache_directory()
        if directory is not None:
            _jax.config.update("jax_compilation_cache_dir", directory)
            _jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
            _jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        allocation.keep_freed_memory()
        _configured = True


def is_loaded() -> bool:
    """Whether JAX has been imported and configured already."""
    return _configured


def cache_directory() -> str | None:
    """Where compiled programs are kept between runs; ``REFLOW_CACHE_DIR=`` (empty) turns it off."""
    chosen = os.environ.get("REFLOW_CACHE_DIR")
    if chosen is not None:
        return chosen or None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "reflow", "programs")


jax: Any = LazyModule("jax")
jnp: Any = LazyModule("jax.numpy")
lax: Any = LazyModule("jax.lax")
