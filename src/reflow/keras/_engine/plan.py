"""A functional model as a list of calls: which layer, on which of the values so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.keras._engine.symbolic import KerasTensor
from reflow.keras._engine.topology import Topology, _sources


class Plan:
    """Runs the layers of a functional model.

    Args:
      topology: the model's nodes.
      inputs: its symbolic inputs, a flat list.
      outputs: its symbolic outputs, in their structure.
    """

    def __init__(self, topology: Topology, inputs: Sequence[KerasTensor], outputs: Any) -> None:
        places: dict[int, int] = {id(x): i for i, x in enumerate(inputs)}
        self.calls: list[_Call] = []
        for node in topology.nodes:
            produced = [
                x for x in tf.nest.flatten(node.output_tensors) if isinstance(x, KerasTensor)
            ]
            if all(id(x) in places for x in produced) or not _sources(node):
                continue
            call = _Call(node, places)
            for x in produced:
                places.setdefault(id(x), len(places))
            call.targets = [places[id(x)] for x in produced]
            self.calls.append(call)
        self.size = len(places)
        self._outputs = outputs
        self._picks = [places[id(x)] for x in tf.nest.flatten(outputs)]

    def run(self, inputs: Sequence[Any]) -> Any:
        """The outputs for input tensors, in the structure of the symbolic ones."""
        values: list[Any] = [None] * self.size
        values[: len(inputs)] = inputs
        for call in self.calls:
            call.run(values)
        if isinstance(self._outputs, KerasTensor):
            return values[self._picks[0]]
        return tf.nest.pack_sequence_as(self._outputs, [values[i] for i in self._picks])


class _Call:
    """One call of a layer."""

    targets: list[int]

    def __init__(self, node: Any, places: dict[int, int]) -> None:
        self.layer = node.outbound_layer
        self._arguments = node.input_tensors, node.args, node.arguments
        self._places = places
        simple = isinstance(node.input_tensors, KerasTensor) and not node.args
        self._source = places[id(node.input_tensors)] if simple and not node.arguments else None

    def run(self, values: list[Any]) -> None:
        """Calls the layer on the values so far, and adds its outputs to them."""
        if self._source is not None:
            outputs = self.layer(values[self._source])
        else:
            inputs, args, kwargs = tf.nest.map_structure(
                lambda x: values[self._places[id(x)]] if isinstance(x, KerasTensor) else x,
                self._arguments,
            )
            outputs = self.layer(inputs, *args, **kwargs)
        if len(self.targets) == 1 and not isinstance(outputs, (list, tuple, dict)):
            values[self.targets[0]] = outputs
            return
        flat = [x for x in tf.nest.flatten(outputs) if x is not None]
        for place, value in zip(self.targets, flat, strict=True):
            values[place] = value
