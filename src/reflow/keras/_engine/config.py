"""Functional models as dictionaries and back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

import reflow as tf
from reflow.keras._engine.symbolic import KerasTensor
from reflow.keras._engine.topology import _sources


def functional_config(model: Any) -> dict[str, Any]:
    """The config of a functional model: its layers with the tensors that each call takes."""
    inside = {id(node) for node in model._topology.nodes}
    places: dict[str, int] = {}  # "layer/node" -> the node's number among those of the model
    for layer in model._graph_layers:
        kept = 0
        for index, node in enumerate(layer._inbound_nodes):
            if id(node) in inside:
                places[f"{layer.name}/{index}"] = kept
                kept += 1

    def place(x: KerasTensor) -> list[Any]:
        layer, index, position = x._keras_history
        return [layer.name, places.get(f"{layer.name}/{index}", 0), position]

    layers = []
    for layer in model._graph_layers:
        calls = []
        for node in layer._inbound_nodes:
            if id(node) not in inside or not _sources(node):
                continue
            keywords = tf.nest.map_structure(lambda x: _argument(x, place), dict(node.arguments))
            inputs = tf.nest.flatten(node.input_tensors)
            if any(not isinstance(x, KerasTensor) for x in inputs) or node.args:
                raise NotImplementedError(
                    f"{layer.name}: a call with arguments other than symbolic tensors and keywords "
                    "has no config"
                )
            calls.append([[*place(x), dict(keywords)] for x in inputs])
        layers.append(
            {
                "class_name": tf.keras.utils.serialize_keras_object(layer)["class_name"],
                "config": layer.get_config(),
                "name": layer.name,
                "inbound_nodes": calls,
            }
        )
    return {
        "name": model.name,
        "layers": layers,
        "input_layers": _places(model._nested_inputs, place),
        "output_layers": _places(model._nested_outputs, place),
    }


def _places(structure: Any, place: Any) -> Any:
    if isinstance(structure, dict):
        return {key: place(x) for key, x in structure.items()}
    return [place(x) for x in tf.nest.flatten(structure)]


def _argument(x: Any, place: Any) -> Any:
    return ["_KERAS_TENSOR", *place(x)] if isinstance(x, KerasTensor) else _plain(x)


def _plain(x: Any) -> Any:
    if isinstance(x, (tf.Tensor, tf.Variable)):
        return x.numpy().tolist()
    return x.tolist() if isinstance(x, (np.ndarray, np.generic)) else x


def functional_from_config(config: Any, custom_objects: Any) -> tuple[Any, Any, dict[str, Any]]:
    """Makes the layers of a functional model and calls them.

    Returns:
      Its symbolic inputs, its outputs, and the layers by name.

    Raises:
      ValueError: if a call takes a tensor that no call gives.
    """
    layers: dict[str, Any] = {}
    waiting: list[tuple[Any, Any]] = []
    for entry in config["layers"]:
        layer = tf.keras.layers.deserialize(entry, custom_objects=custom_objects)
        layers[entry["name"]] = layer
        waiting += [(layer, call) for call in entry["inbound_nodes"]]

    def tensor(reference: Any) -> Any:
        name, index, position = reference[:3]
        layer = layers[name]
        if len(layer._inbound_nodes) <= index:
            return None
        return tf.nest.flatten(layer._inbound_nodes[index].output_tensors)[position]

    while waiting:
        later = [item for item in waiting if not _call(*item, tensor)]
        if len(later) == len(waiting):
            names = sorted({layer.name for layer, _ in later})
            raise ValueError(
                f"The config of {config.get('name')} has calls without inputs: {names}"
            )
        waiting = later
    inputs = _structure(config["input_layers"], tensor)
    return inputs, _structure(config["output_layers"], tensor), layers


def _structure(references: Any, tensor: Any) -> Any:
    if isinstance(references, dict):
        return {key: tensor(item) for key, item in references.items()}
    if references and isinstance(references[0], str):
        return tensor(references)
    found = [tensor(item) for item in references]
    return found[0] if len(found) == 1 else found


def _call(layer: Any, call: Any, tensor: Any) -> bool:
    """Calls a layer as a config says; False if an input does not exist yet."""
    inputs = [tensor(reference) for reference in call]
    keywords = dict(call[0][3]) if call and len(call[0]) > 3 else {}
    for key, value in keywords.items():
        if isinstance(value, list) and value[:1] == ["_KERAS_TENSOR"]:
            keywords[key] = tensor(value[1:])
            inputs.append(keywords[key])
    if any(x is None for x in inputs):
        return False
    given = inputs[: len(call)]
    layer(given[0] if len(given) == 1 else given, **keywords)
    return True


class Encoder(json.JSONEncoder):
    """NumPy's numbers and arrays, shapes and types as plain values."""

    def default(self, o: Any) -> Any:
        if isinstance(o, (np.generic, np.ndarray)):
            return o.tolist()
        if isinstance(o, tf.TensorShape):
            return o.as_list()
        if isinstance(o, tf.DType):
            return o.name
        if callable(o) and hasattr(o, "__name__"):
            return o.__name__
        return super().default(o)


def described(model: Any) -> dict[str, Any]:
    """A model's class and config, with the versions, as files have them."""
    return {
        "class_name": type(model).__name__,
        "config": model.get_config(),
        "keras_version": tf.keras.__version__,
        "backend": "tensorflow",
    }


def model_json(model: Any, options: Any) -> str:
    """A model's class and config as JSON."""
    return json.dumps(described(model), cls=Encoder, **options)


def model_yaml(model: Any, options: Any) -> str:
    """A model's class and config as YAML."""
    try:
        import yaml
    except ImportError:
        raise ImportError("Model.to_yaml needs PyYAML: pip install pyyaml") from None
    plain = json.loads(json.dumps(described(model), cls=Encoder))
    return yaml.dump(plain, **options)
