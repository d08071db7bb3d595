"""``tf.config.optimizer``: switches of TF's graph optimizer, kept and given back."""

from __future__ import annotations

from typing import Any

from reflow._namespace import lazy_names

__all__ = ["get_experimental_options", "get_jit", "set_experimental_options", "set_jit"]

_SWITCHES = frozenset(
    (
        "arithmetic_optimization",
        "auto_mixed_precision",
        "constant_folding",
        "debug_stripper",
        "dependency_optimization",
        "disable_meta_optimizer",
        "disable_model_pruning",
        "function_optimization",
        "implementation_selector",
        "layout_optimizer",
        "loop_optimization",
        "min_graph_nodes",
        "pin_to_host_optimization",
        "remapping",
        "scoped_allocator_optimization",
        "shape_optimization",
    )
)
_options: dict[str, Any] = {"disable_model_pruning": False, "disable_meta_optimizer": False}
_jit = [False]


def get_jit():
    """Whether compilation with XLA was asked for.

    Returns:
      A bool; False unless it was set. Reflow compiles with XLA in any case.
    """
    return _jit[0]


def set_jit(enabled):
    """Asks for compilation with XLA, which Reflow does in any case.

    Args:
      enabled: whether to compile.
    """
    _jit[0] = enabled


def get_experimental_options():
    """The optimizer's switches that were set.

    Returns:
      A dictionary from name to value.
    """
    return dict(_options)


def set_experimental_options(options):
    """Notes switches of TF's graph optimizer; XLA has its own and does not look at them.

    Args:
      options: a dictionary from name to value; names that TF does not have are ignored, as in TF.
    """
    _options.update((name, value) for name, value in dict(options).items() if name in _SWITCHES)


__getattr__, __dir__ = lazy_names(__name__)
