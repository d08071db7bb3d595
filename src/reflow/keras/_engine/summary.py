"""``Model.summary``: a table of the layers, in TF 2.1's form to the character."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.keras.layers._layer_weights import count_scalars


def print_summary(model: Any, line_length: Any, positions: Any, print_fn: Any) -> None:
    """Prints the table of a model's layers.

    Args:
      line_length: the width; 65 for a chain of layers, else 98 by default.
      positions: where columns end: parts of the width if the last is at most 1, else columns.
      print_fn: called with each line; ``print`` by default.
    """
    show = print_fn or print
    chain = is_chain(model)
    if chain:
        width, ends = line_length or 65, positions or [0.45, 0.85, 1.0]
        titles = ["Layer (type)", "Output Shape", "Param #"]
    else:
        width, ends = line_length or 98, positions or [0.33, 0.55, 0.67, 1.0]
        titles = ["Layer (type)", "Output Shape", "Param #", "Connected to"]
    if ends[-1] <= 1:
        ends = [int(width * end) for end in ends]

    def row(fields: list[Any]) -> None:
        line = ""
        for i, field in enumerate(fields):
            if i > 0:
                line = line[:-1] + " "
            line = (line + str(field))[: ends[i]]
            line += " " * (ends[i] - len(line))
        show(line)

    show(f'Model: "{model.name}"')
    show("_" * width)
    row(titles)
    show("=" * width)
    layers = model.layers
    nodes = None if chain else {id(n) for n in model._topology.nodes}
    for i, layer in enumerate(layers):
        fields = [f"{layer.name} ({type(layer).__name__})", _output_shape(layer), _count(layer)]
        if chain:
            row(fields)
        else:
            sources = _connections(layer, nodes)
            row([*fields, sources[0] if sources else ""])
            for source in sources[1:]:
                row(["", "", "", source])
        show(("=" if i == len(layers) - 1 else "_") * width)
    collected = getattr(model, "_trained", None)  # since compile()
    if collected is not None:
        model._check_trained()
    trainable = count_scalars(model.trainable_weights if collected is None else collected)
    fixed = count_scalars(model.non_trainable_weights)
    show(f"Total params: {trainable + fixed:,}")
    show(f"Trainable params: {trainable:,}")
    show(f"Non-trainable params: {fixed:,}")
    show("_" * width)


def is_chain(model: Any) -> bool:
    """Whether each layer just follows the one before, so that no connections need be shown."""
    if not model._is_graph_network or isinstance(model, tf.keras.Sequential):
        return True
    levels = model._topology.by_depth
    for nodes in levels.values():
        if len(nodes) > 1 or len(tf.nest.flatten(nodes[0].inbound_layers)) > 1:
            return False
    inside = {id(node) for nodes in levels.values() for node in nodes}
    return all(
        sum(id(node) in inside for node in layer._inbound_nodes) <= 1 for layer in model.layers
    )


def _output_shape(layer: Any) -> Any:
    try:
        shape = layer.output_shape
    except AttributeError:
        return "multiple"
    except RuntimeError:
        return "?"
    produced = layer._inbound_nodes[0].output_tensors if layer._inbound_nodes else None
    wrapped = type(layer).__name__ == "TensorFlowOpLayer"
    return [shape] if wrapped and not isinstance(produced, (list, tuple)) else shape


def _count(layer: Any) -> Any:
    """The number of parameters; a built model's layers that are not built were never used."""
    if not layer.built and not layer.weights:
        return "0 (unused)"
    return layer.count_params() if layer.built else count_scalars(layer.weights)


def _connections(layer: Any, nodes: Any) -> list[str]:
    found = []
    for node in layer._inbound_nodes:
        if id(node) in nodes:
            for x in node.all_inputs():
                source, index, position = x._keras_history
                if source is not layer:
                    found.append(f"{source.name}[{index}][{position}]")
    return found
