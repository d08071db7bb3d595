"""TF's checkpoints: what Keras, ``tf.train`` and others save and restore with.

    save(prefix, root)           writes the variables that the object ``root`` leads to
    save(prefix, {name: value})  writes named tensors, without an object graph
    restore(prefix, root)        gives them back; returns a status (``assert_consumed()``, ...)
    BundleReader(prefix)         reads tensors by key, one at a time
    write_state(folder, ...)     the text file ``checkpoint`` (:mod:`state`)

An object takes part as :mod:`reflow.core.trackable` says: it lists its children by TF's names, in
TF's order, in ``_trackable_children()``, and calls ``restore_child`` when it gets a new one. A
Keras model's are ``layer-0``, ``layer_with_weights-0``, ... before its attributes; its optimizer is
a child too.

Files are byte for byte TF's where the objects are. Writing replaces old files whole or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from reflow.io._checkpoint.bundle import BundleReader, exists
from reflow.io._checkpoint.bundle_writing import write_bundle
from reflow.io._checkpoint.graph import GRAPH_KEY, ObjectGraph
from reflow.io._checkpoint.restoring import restore_objects
from reflow.io._checkpoint.state import read_state, write_state

__all__ = [
    "BundleReader",
    "exists",
    "read_state",
    "restore",
    "save",
    "write_objects",
    "write_state",
]


def save(prefix: str, root_or_tensors: Any) -> str:
    """Writes a checkpoint.

    Args:
      prefix: the common prefix of its files; folders are made.
      root_or_tensors: a trackable object, or a dictionary of tensors (arrays, tensors, variables)
        by name.

    Returns:
      ``prefix``.

    Raises:
      OpError: if the files cannot be written; the old ones are as they were.
    """
    prefix = os.fspath(prefix)
    if isinstance(root_or_tensors, Mapping):
        write_bundle(prefix, root_or_tensors)
    else:
        write_objects(prefix, ObjectGraph(root_or_tensors))
    return prefix


def write_objects(prefix: str, graph: ObjectGraph, beside: tuple[str, bytes] | None = None) -> None:
    """Writes the values of a graph of objects, and the graph, and a file that belongs to them."""
    tensors = {key: value for _, _, _, key, value in graph.values()}
    # Last, as TF has it: its bytes end the data file.
    write_bundle(prefix, tensors | {GRAPH_KEY: graph.proto().SerializeToString()}, beside)


def restore(prefix: str, root: Any) -> Any:
    """Restores a checkpoint to the variables that ``root`` leads to, now or when they are made.

    Args:
      prefix: the common prefix of its files.
      root: the object that stands where the saved root stood.

    Returns:
      A status object with ``assert_consumed``, ``assert_existing_objects_matched``,
      ``expect_partial``.

    Raises:
      NotFoundError: there is no such checkpoint.
      DataLossError: a file is damaged.
      ValueError, InvalidArgumentError: a variable has another shape or dtype.
    """
    return restore_objects(BundleReader(prefix), root)
