"""One call of a layer in the description of a model."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras._engine.symbolic import KerasTensor


class Node:
    """Connects the symbolic tensors that a layer was called on with those it returned.

    Args:
      layer: the layer.
      inputs: its first argument.
      args, kwargs: the further arguments.
      outputs: what the call returned.

    The node is appended to ``layer._inbound_nodes``; each output's ``_keras_history`` points to it.
    """

    def __init__(self, layer: Any, inputs: Any, args: Any, kwargs: Any, outputs: Any) -> None:
        self.outbound_layer = layer
        self.input_tensors = inputs
        self.args = args
        self.arguments = kwargs
        self.output_tensors = outputs
        index = len(layer._inbound_nodes)
        layer._inbound_nodes.append(self)
        for position, tensor in enumerate(tf.nest.flatten(outputs)):
            if isinstance(tensor, KerasTensor):
                tensor._keras_history = layer, index, position
        for parent in self.parents():
            parent.outbound_layer._outbound_nodes.append(self)

    @classmethod
    def of_model(cls, model: Any, inputs: Any, outputs: Any) -> None:
        """A model's first node: its own description, whose tensors keep their history."""
        node = cls.__new__(cls)
        node.outbound_layer = model
        node.input_tensors, node.args, node.arguments = inputs, (), {}
        node.output_tensors = outputs
        model._inbound_nodes.append(node)

    def all_inputs(self) -> list[KerasTensor]:
        """The symbolic tensors among all arguments."""
        found = tf.nest.flatten((self.input_tensors, self.args, self.arguments))
        return [x for x in found if isinstance(x, KerasTensor)]

    def parents(self) -> list[Node]:
        """The nodes that these tensors come from."""
        return [node_of(x) for x in self.all_inputs()]

    @property
    def inbound_layers(self) -> Any:
        """The layers that the first argument's tensors come from, in its structure.

        An input's node comes from nowhere: an empty list.
        """
        if self.input_tensors is self.output_tensors:
            return []
        return tf.nest.map_structure(lambda x: x._keras_history[0], self.input_tensors)

    @property
    def input_shapes(self) -> Any:
        """The shapes of the first argument, in its structure."""
        return shapes(self.input_tensors)

    @property
    def output_shapes(self) -> Any:
        """The shapes of the outputs, in their structure."""
        return shapes(self.output_tensors)


def shapes(tensors: Any) -> Any:
    """The shapes of tensors, as tuples, in their structure."""
    return tf.nest.map_structure(lambda x: tuple(x.shape.as_list()), tensors)


def node_of(tensor: KerasTensor) -> Node:
    """The node that a symbolic tensor comes from."""
    layer, index, _ = tensor._keras_history
    return layer._inbound_nodes[index]
