"""What a layer's call needs to know of the calls around it."""

from __future__ import annotations

import threading
from typing import Any


class CallContext(threading.local):
    """The layers whose ``call`` is running in this thread.

    Attributes:
      layer: the innermost of them, or None.
      training: the ``training`` argument of the innermost call that knows it.
      depth: how many there are.
      counts_ops: whether a training step is traced, whose random ops are seeded by the number of
        ops in TF's graph of it: see ``graph_ops.py``.
      dynamic_batch: whether TF would not know the batch size then.
    """

    def __init__(self) -> None:
        self.layer: Any = None
        self.training: Any = None
        self.depth = 0
        self.counts_ops = False
        self.dynamic_batch = False


context = CallContext()


class LossLog:
    """Which layers hold tensors from ``add_loss``, so that the next step can drop them quickly."""

    def __init__(self) -> None:
        self.layers: list[Any] = []

    def note(self, layer: Any) -> None:
        """Says that a layer has such tensors now."""
        self.layers.append(layer)

    def clear_below(self, root: Any) -> None:
        """Drops the tensors of ``root`` and the layers inside it: a new call makes new ones."""
        if not self.layers:
            return
        inside = {id(layer) for layer in root._flatten_layers()}
        for layer in self.layers:
            if id(layer) in inside:
                layer._call_losses = []
        self.layers = [layer for layer in self.layers if layer._call_losses]


loss_log = LossLog()
