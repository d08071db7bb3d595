"""The part of a layer that describes models: calls on symbolic tensors become nodes of a graph."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core import name_scopes
from reflow.core.tensor import SymbolicTensor
from reflow.keras._engine.call_context import context
from reflow.keras._engine.node import Node, shapes
from reflow.keras._engine.symbolic import Kind, infer, keras_tensor
from reflow.keras.layers.input_spec import check_inputs


class LayerGraph:
    """Calls of a layer on symbolic tensors."""

    def _start_graph(self):
        self._inbound_nodes: list[Any] = []
        self._outbound_nodes: list[Any] = []

    def _describe(self, inputs, args, kwargs):
        """A call on symbolic tensors: builds the layer and makes a node with symbolic outputs."""
        inputs = tf.nest.map_structure(_described, inputs)
        name_scopes.enter(self._name)
        try:
            if not self.built:
                self._build_for(inputs)
            else:
                check_inputs(self.input_spec, inputs, self._name)
            kinds = self._output_kinds(inputs, args, kwargs)
        finally:
            name_scopes.leave()
        count = 0

        def tensor(kind):
            nonlocal count
            if kind is None:
                return None
            label = f"{self._name}/Identity{f'_{count}' if count else ''}:0"
            count += 1
            return keras_tensor(kind.dims, kind.dtype, label)

        outputs = tf.nest.map_structure(tensor, kinds)
        Node(self, inputs, args, kwargs, outputs)
        return outputs

    def _output_kinds(self, inputs, args, kwargs):
        """Shapes and types of the outputs, in their structure."""
        if self.dynamic:
            shape = tf.nest.map_structure(lambda x: x.shape, inputs)
            dtype = tf.nest.flatten(inputs)[0].dtype
            return tf.nest.map_structure(
                lambda s: Kind(tuple(s.as_list()), dtype), self.compute_output_shape(shape)
            )
        saved = context.layer, context.training, context.depth
        context.layer, context.depth = self, context.depth + 1
        try:
            return infer(self._call_described, (inputs, *args), kwargs)
        finally:
            context.layer, context.training, context.depth = saved
            for layer in self._flatten_layers():
                layer._call_losses = []

    def _call_described(self, inputs, *args, **kwargs):
        """``call`` on placeholders, as for predictions unless something else is asked for."""
        inputs = self._cast_inputs(inputs)
        if context.training is None:
            context.training = False
        kwargs = self._filled_in(inputs, args, kwargs)
        return self._traceable_call()(inputs, *args, **kwargs)

    def compute_output_shape(self, input_shape):
        """The shape of the outputs for inputs of a shape, found by describing a call.

        Args:
          input_shape: a shape, None where a size is unknown, or a structure of shapes.

        Returns:
          A ``TensorShape``, or a structure of them.

        Raises:
          NotImplementedError: for a dynamic layer, which must say it itself.
        """
        if self._dynamic:
            raise NotImplementedError(
                f"{type(self).__name__} is dynamic: override compute_output_shape"
            )
        inputs = _per_shape(
            lambda shape: keras_tensor(tuple(tf.TensorShape(shape).as_list()), self.dtype, "x:0"),
            input_shape,
        )
        name_scopes.enter(self._name)
        try:
            if not self.built:
                self._build_for(inputs)
            kinds = self._output_kinds(inputs, (), {})
        finally:
            name_scopes.leave()
        return tf.nest.map_structure(lambda kind: tf.TensorShape(kind.dims), kinds)

    def compute_output_signature(self, input_signature):
        """The ``TensorSpec`` of the outputs for inputs of a spec."""
        shape = self.compute_output_shape(
            tf.nest.map_structure(lambda spec: spec.shape, input_signature)
        )
        return tf.nest.map_structure(lambda s: tf.TensorSpec(s, self._compute_dtype), shape)

    # ---- asking for the nodes

    @property
    def inbound_nodes(self):
        """The calls of the layer on symbolic tensors."""
        return self._inbound_nodes

    @property
    def outbound_nodes(self):
        """The calls of other layers on its outputs."""
        return self._outbound_nodes

    def _node(self, index, what):
        if not self._inbound_nodes:
            raise RuntimeError(f"The layer has never been called and thus has no defined {what}.")
        if not 0 <= index < len(self._inbound_nodes):
            raise ValueError(
                f"Asked to get {what} at node {index}, but the layer has only "
                f"{len(self._inbound_nodes)} inbound nodes."
            )
        return self._inbound_nodes[index]

    def get_input_at(self, node_index):
        """The symbolic input of one of its calls."""
        return self._node(node_index, "input").input_tensors

    def get_output_at(self, node_index):
        """The symbolic output of one of its calls."""
        return self._node(node_index, "output").output_tensors

    def get_input_shape_at(self, node_index):
        """The input's shape of one of its calls."""
        return shapes(self._node(node_index, "input shape").input_tensors)

    def get_output_shape_at(self, node_index):
        """The output's shape of one of its calls."""
        return shapes(self._node(node_index, "output shape").output_tensors)

    def get_input_mask_at(self, node_index):
        """Masks are computed when a model runs; there is none in its description."""
        self._node(node_index, "input mask")

    get_output_mask_at = get_input_mask_at
    input_mask = property(lambda self: self.get_input_mask_at(0))
    output_mask = property(lambda self: self.get_output_mask_at(0))

    @property
    def input(self):
        """The symbolic input of the first call.

        Raises:
          AttributeError: if the layer was never called.
        """
        if not self._inbound_nodes:
            raise AttributeError(f"Layer {self.name} is not connected, no input to return.")
        return self._inbound_nodes[0].input_tensors

    @property
    def output(self):
        """The symbolic output of the first call.

        Raises:
          AttributeError: if the layer was never called.
        """
        if not self._inbound_nodes:
            raise AttributeError(f"Layer {self.name} has no inbound nodes.")
        return self._inbound_nodes[0].output_tensors

    @property
    def input_shape(self):
        """The input's shape, if all calls had the same."""
        return self._only_shape("input", [node.input_shapes for node in self._inbound_nodes])

    @property
    def output_shape(self):
        """The output's shape, if all calls had the same."""
        return self._only_shape("output", [node.output_shapes for node in self._inbound_nodes])

    def _only_shape(self, what, found):
        if not found:
            raise AttributeError(
                f"The layer has never been called and thus has no defined {what} shape."
            )
        if any(shape != found[0] for shape in found):
            raise AttributeError(
                f'The layer "{self.name}" has multiple inbound nodes, with different {what} '
                f'shapes. Hence the notion of "{what} shape" is ill-defined for the layer. Use '
                f"`get_{what}_shape_at(node_index)` instead."
            )
        return found[0]


def _described(x: Any) -> Any:
    """An input beside symbolic ones: itself, or as a tensor."""
    return x if isinstance(x, SymbolicTensor) or x is None else tf.convert_to_tensor(x)


def _per_shape(function: Any, shape: Any) -> Any:
    """Applies a function to each shape of a structure; a tuple of sizes is one shape."""
    if isinstance(shape, dict):
        return {key: _per_shape(function, item) for key, item in shape.items()}
    if isinstance(shape, (list, tuple)) and any(
        isinstance(item, (list, tuple, tf.TensorShape)) for item in shape
    ):
        return [_per_shape(function, item) for item in shape]
    return function(shape)
