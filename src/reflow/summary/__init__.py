"""``tf.summary``: what TensorBoard shows, written to event files."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.summary.kinds import audio, histogram, image, scalar, text
from reflow.summary.traces import trace_export, trace_off, trace_on
from reflow.summary.writers import SummaryWriter, create_file_writer, create_noop_writer
from reflow.summary.writing import flush, record_if, write

__all__ = [
    "SummaryWriter", "audio", "create_file_writer", "create_noop_writer", "flush", "histogram",
    "image", "record_if", "scalar", "text", "trace_export", "trace_off", "trace_on", "write",
]  # fmt: skip

__getattr__, __dir__ = lazy_names(__name__)
