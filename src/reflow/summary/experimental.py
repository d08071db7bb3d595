"""``tf.summary.experimental``: the default step, scopes of tags, ready-made summaries."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.summary.writing import get_step, set_step, summary_scope, write_raw_pb

__all__ = ["get_step", "set_step", "summary_scope", "write_raw_pb"]

__getattr__, __dir__ = lazy_names(__name__)
