"""``tf.summary.write``, and what decides where, when and under which step and tag it writes."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import reflow as tf
from reflow.core import name_scopes, record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int64
from reflow.core.errors import NeedsEagerError
from reflow.core.tensor import Tensor
from reflow.core.variable import Variable
from reflow.io._protos import message
from reflow.io._tensor_proto import to_proto
from reflow.summary.writers import NoopWriter, default_writer

__all__ = ["flush", "get_step", "record_if", "set_step", "summary_scope", "write", "write_raw_pb"]


class _State(threading.local):
    def __init__(self) -> None:
        self.step: Any = None
        self.condition: Any = True


_state = _State()


def get_step() -> Any:
    """The default step, None if there is none."""
    return _state.step


def set_step(step: Any) -> None:
    """Sets the default step.

    Args:
      step: an int64 value, or a variable whose value at the time of a summary is meant; None for
        no default.
    """
    _state.step = step


@contextmanager
def record_if(condition: Any) -> Iterator[None]:
    """A context in which summaries are written only if a condition holds.

    Args:
      condition: True, False, a bool tensor, or a function that returns one.
    """
    before, _state.condition = _state.condition, condition
    try:
        yield
    finally:
        _state.condition = before


def is_recording() -> bool:
    """Whether a summary would be written now.

    Raises:
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    if isinstance(default_writer(), NoopWriter | None):
        return False
    if record.state.segment.capture is not None:
        raise NeedsEagerError("tf.summary writes from Python, not from compiled code")
    condition = _state.condition
    return bool(condition() if callable(condition) else condition)


@contextmanager
def summary_scope(
    name: Any, default_name: str = "summary", values: Any = None
) -> Iterator[tuple[str, str]]:
    """A context for a summary of one's own, with its tag.

    Args:
      name: its name; the name scopes around it come before it.
      default_name: its name if ``name`` is empty.
      values: unused in eager code.

    Yields:
      The tag, and the name scope that the context opens.
    """
    name = name or default_name
    tag = name_scopes.current() + name
    # Tags may have any characters, scopes not.
    clean = re.sub(r"[^A-Za-z0-9.\\\-/_]", "", name)
    clean = re.sub(r"^[^A-Za-z0-9.]+", "", clean) or default_name
    with tf.name_scope(clean) as scope:
        yield tag, scope


def write(
    tag: Any, tensor: Any, step: Any = None, metadata: Any = None, name: str | None = None
) -> Tensor:
    """Writes a tensor as a summary of one's own kind.

    Args:
      tag: the summary's name in TensorBoard.
      tensor: the tensor, or a function that makes it (called only if it is written).
      step: the step; by default that of ``tf.summary.experimental.set_step``.
      metadata: a SummaryMetadata message, or its bytes.
      name: unused in eager code.

    Returns:
      A bool tensor: whether it was written; False if there is no default writer.

    Raises:
      ValueError: there is a default writer, but no step.
    """
    if not is_recording():
        return convert_to_tensor(False)
    value = convert_to_tensor(tensor() if callable(tensor) else tensor)
    return write_later(_text(tag), value._host, step, metadata)


def _text(tag: Any) -> str:
    tag = tag.numpy() if hasattr(tag, "numpy") else tag
    return tag.decode() if isinstance(tag, bytes) else tag


def write_later(tag: str, value: Callable[[], Any], step: Any, metadata: Any) -> Tensor:
    """Writes what ``value()`` returns, an array, when the writer comes to it."""
    at = _step(step)
    now = time.time()
    data = (
        metadata
        if metadata is None or isinstance(metadata, bytes)
        else (metadata.SerializeToString())
    )

    def make() -> Any:
        event = message("Event")(wall_time=now, step=at())
        entry = event.summary.value.add(tag=tag)
        entry.tensor.CopyFrom(to_proto(value(), packed=True))
        if data is not None:
            entry.metadata.MergeFromString(data)
        return event

    writer = default_writer()
    if writer is None:
        return convert_to_tensor(False)
    writer._add(make)
    return convert_to_tensor(True)


def _step(step: Any) -> Callable[[], int]:
    """The step, to be looked at when it has been computed."""
    step = _state.step if step is None else step
    if step is None:
        raise ValueError("No step set via 'step' argument or tf.summary.experimental.set_step()")
    if isinstance(step, Variable):
        step = step._current()
    if isinstance(step, np.integer):
        step = int(step)
    tensor = convert_to_tensor(step, int64)
    return lambda: int(tensor)


def write_raw_pb(tensor: Any, step: Any = None, name: str | None = None) -> Tensor:
    """Writes a ready-made Summary message.

    Args:
      tensor: the message's bytes.
      step: the step; by default that of ``set_step``.
      name: unused in eager code.

    Returns:
      A bool tensor: whether it was written.

    Raises:
      ValueError: there is a default writer, but no step.
    """
    if not is_recording():
        return convert_to_tensor(False)
    at = _step(step)
    now = time.time()
    data = convert_to_tensor(tensor).numpy()

    def make() -> Any:
        event = message("Event")(wall_time=now, step=at())
        event.summary.MergeFromString(data)
        return event

    writer = default_writer()
    if writer is not None:
        writer._add(make)
    return convert_to_tensor(True)


def flush(writer: Any = None, name: str | None = None) -> None:
    """Writes what waits in a writer, the default one if none is given."""
    writer = writer if writer is not None else default_writer()
    if writer is not None:
        writer.flush()
