"""Versions: Reflow's own, and the TensorFlow release whose programming model it follows.

``tf.version`` reports the followed release, so that programs which look at it behave as they did.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

REFLOW_VERSION = "0.1.0"

VERSION = "2.1.0"
GIT_VERSION = "v2.1.0-rc2-17-ge5bf8de"
COMPILER_VERSION = "7.3.1 20180303"
GRAPH_DEF_VERSION = 175
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0

__all__ = [
    "COMPILER_VERSION",
    "GIT_VERSION",
    "GRAPH_DEF_VERSION",
    "GRAPH_DEF_VERSION_MIN_CONSUMER",
    "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "VERSION",
]

__getattr__, __dir__ = lazy_names(__name__)
