"""``tf.summary.trace_on`` and its kin: there is no graph to record here."""

from __future__ import annotations

from typing import Any

from reflow.core.logging import warn

__all__ = ["trace_export", "trace_off", "trace_on"]

_state: dict[str, bool] = {"on": False}


def trace_on(graph: bool = True, profiler: bool = False) -> None:
    """Warns that nothing is recorded: functions have no TensorFlow graph here.

    Args:
      graph, profiler: what TF would record. ``reflow run --profile`` tells where the time goes.
    """
    warn(
        "tf.summary.trace_on: Reflow has no TensorFlow graphs, so none will be written; "
        "`reflow run --profile` tells where the time goes"
    )
    _state["on"] = True


def trace_export(name: Any, step: Any = None, profiler_outdir: Any = None) -> None:
    """Ends what ``trace_on`` began; nothing is written.

    Args:
      name, step, profiler_outdir: unused.

    Raises:
      ValueError: ``trace_on`` was not called.
    """
    if not _state["on"]:
        raise ValueError("Must enable trace before export.")
    trace_off()


def trace_off() -> None:
    """Ends what ``trace_on`` began."""
    _state["on"] = False
