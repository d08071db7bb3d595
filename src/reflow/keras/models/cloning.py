"""``clone_model``: the same layers with new weights."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine.symbolic import KerasTensor
from reflow.keras.layers.input import InputLayer

__all__ = ["clone_model"]


def clone_model(model, input_tensors=None, clone_function=None):
    """Makes a model of the same layers, with new weights.

    Args:
      model: a ``Sequential`` or functional model.
      input_tensors: symbolic tensors to build the new model on; new inputs by default.
      clone_function: called with each layer, to make the new one; by default the layer is made anew
        from its config.

    Returns:
      The new model.

    Raises:
      ValueError: for a model with a ``call`` of its own, or another number of inputs.
    """
    clone = clone_function or _from_config
    if isinstance(model, tf.keras.Sequential):
        return _clone_sequential(model, input_tensors, clone)
    if not getattr(model, "_is_graph_network", False):
        raise ValueError(
            "Expected `model` argument to be a functional `Model` instance, but got a subclass "
            f"model instead: {model!r}"
        )
    return _clone_functional(model, input_tensors, clone)


def _from_config(layer):
    return type(layer).from_config(layer.get_config())


def _clone_sequential(model, input_tensors, clone):
    copies = [clone(layer) for layer in model.layers]
    if input_tensors is None:
        new = tf.keras.Sequential(name=model.name)
        if model._is_graph_network:
            start = model.inputs[0]._keras_history[0]
            new.add(InputLayer.from_config(start.get_config()))
        for layer in copies:
            new.add(layer)
        return new
    tensors = tf.nest.flatten(input_tensors)
    if len(tensors) != 1:
        raise ValueError("To clone a `Sequential` model, we expect at most one tensor.")
    new = tf.keras.Sequential(name=model.name)
    new.add(_as_input(tensors[0], "sequential_input")._keras_history[0])
    for layer in copies:
        new.add(layer)
    return new


def _as_input(tensor, name):
    """A symbolic tensor itself; for an array, an input of its shape."""
    if isinstance(tensor, KerasTensor):
        return tensor
    tensor = tf.convert_to_tensor(tensor)
    return tf.keras.Input(batch_shape=tuple(tensor.shape), dtype=tensor.dtype.name, name=name)


def _clone_functional(model, input_tensors, clone):
    if input_tensors is None:
        starts = [InputLayer.from_config(x._keras_history[0].get_config()) for x in model.inputs]
        inputs = [start.output for start in starts]
    else:
        given = tf.nest.flatten(input_tensors)
        if len(given) != len(model.inputs):
            raise ValueError(
                f"clone_model: the model has {len(model.inputs)} inputs, got {len(given)} tensors"
            )
        inputs = [
            _as_input(tensor, f"input_wrapper_for_{name}")
            for tensor, name in zip(given, model.input_names, strict=True)
        ]
    tensors = {id(old): new for old, new in zip(model.inputs, inputs, strict=True)}
    copies = {}

    def replaced(x):
        return tensors[id(x)] if isinstance(x, KerasTensor) else x

    for node in model._topology.nodes:
        layer = node.outbound_layer
        outputs = tf.nest.flatten(node.output_tensors)
        if all(id(x) in tensors for x in outputs):
            continue
        if id(layer) not in copies:
            copies[id(layer)] = clone(layer)
        given, args, kwargs = tf.nest.map_structure(
            replaced, (node.input_tensors, node.args, node.arguments)
        )
        made = copies[id(layer)](given, *args, **kwargs)
        tensors.update(
            (id(old), new) for old, new in zip(outputs, tf.nest.flatten(made), strict=True)
        )
    outputs = tf.nest.map_structure(replaced, model._nested_outputs)
    structure = model._nested_inputs
    if not isinstance(structure, KerasTensor):
        inputs = tf.nest.pack_sequence_as(structure, inputs)
    return tf.keras.Model(inputs, outputs, name=model.name)
