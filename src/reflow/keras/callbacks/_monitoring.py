"""Watching one of the logs' values for improvement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.logging import warn

MODES = ("auto", "min", "max")


def better(mode: str, monitor: str, callback: str) -> tuple[Callable[..., Any], float]:
    """Whether less or more of a value is better.

    Args:
      mode: ``"min"``, ``"max"``, or ``"auto"``: more of an accuracy, less of all else.
      monitor: the value's name.
      callback: the callback's name, for the warning about an unknown mode.

    Returns:
      ``np.less`` or ``np.greater``, and the worst value there is.
    """
    if mode not in MODES:
        warn(f"{callback} mode {mode} is unknown, fallback to auto mode.")
        mode = "auto"
    grows = "acc" in monitor or monitor.startswith("fmeasure")
    if mode == "max" or (mode == "auto" and grows):
        return np.greater, -np.inf
    return np.less, np.inf
