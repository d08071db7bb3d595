"""Keras models in SavedModel folders: described by Keras's metadata, not by TensorFlow's graphs.

    folder/saved_model.pb      the object graph: the model, its layers, variables, their metadata
    folder/variables/          a checkpoint of the same object graph
    folder/assets/             empty

A SavedModel of TensorFlow's also has graphs of ops, which are not looked at: layers are made from
their configs. What has no config, a class of the program's own, must be given.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any

import reflow as tf
from reflow.core.errors import DataLossError
from reflow.core.logging import warn
from reflow.core.variable import Variable
from reflow.io._atomic import as_tf_error
from reflow.io._checkpoint import BundleReader, write_objects
from reflow.io._checkpoint.bundle import current
from reflow.io._checkpoint.graph import ObjectGraph
from reflow.io._checkpoint.restoring import restore_objects
from reflow.io._protos import message
from reflow.keras._engine.config import Encoder, described
from reflow.keras.layers.input import InputLayer
from reflow.keras.layers.layer import Layer
from reflow.keras.models import training_config

FILE = "saved_model.pb"


def variables_prefix(folder: str) -> str:
    """The prefix of the checkpoint in a SavedModel."""
    return os.path.join(folder, "variables", "variables")


# ------------------------------------------------------------------------------------ writing


def write(model: Any, folder: str, include_optimizer: bool) -> None:
    """Writes a model; an older one is replaced whole or not at all.

    Raises:
      ValueError: if the model is not built.
      OpError: if a file cannot be written.
    """
    if not model.built:
        raise ValueError(
            f"Model {model} cannot be saved because the input shapes have not been set. Usually, "
            "input shapes are automatically determined from calling .fit() or .predict(). To "
            "manually set the shapes, call model._set_inputs(inputs)."
        )
    optimizer = model.optimizer
    if not include_optimizer:
        model.__dict__["optimizer"] = None
    try:
        graph = ObjectGraph(model)
        saved = _saved_model(model, graph)
    finally:
        model.__dict__["optimizer"] = optimizer
    path = os.path.join(folder, FILE)
    try:
        os.makedirs(os.path.join(folder, "assets"), exist_ok=True)
        description = saved.SerializeToString(deterministic=True)
        write_objects(variables_prefix(folder), graph, (path, description))
    except OSError as error:
        raise as_tf_error(error, path) from error


def _saved_model(model: Any, graph: ObjectGraph) -> Any:
    saved = message("SavedModel")(saved_model_schema_version=1)
    meta = saved.meta_graphs.add()
    meta.meta_info_def.tags.append("serve")
    meta.meta_info_def.tensorflow_version = tf.__version__
    meta.meta_info_def.stripped_default_attrs = True
    nodes = meta.object_graph_def.nodes
    for value, children, slots in zip(graph.objects, graph.children, graph.slots, strict=True):
        node = nodes.add()
        for name, number in children:
            node.children.add(local_name=name, node_id=number)
        for original, name, slot in slots:
            node.slot_variables.add(
                original_variable_node_id=original, slot_name=name, slot_variable_node_id=slot
            )
        if isinstance(value, Variable):
            _describe_variable(node.variable, value)
        else:
            identifier, metadata = _described(value)
            node.user_object.identifier = identifier
            node.user_object.version.producer = node.user_object.version.min_consumer = 1
            if metadata is not None:
                if value is model and model.optimizer is not None and model._compiled is not None:
                    metadata["training_config"] = training_config.describe(model)
                node.user_object.metadata = json.dumps(metadata, cls=Encoder)
    return saved


def _describe_variable(saved: Any, variable: Variable) -> None:
    saved.dtype = int(variable.dtype)
    for size in variable.shape.as_list():
        saved.shape.dim.add(size=-1 if size is None else size)
    saved.trainable = variable.trainable
    saved.synchronization = variable.synchronization.value
    saved.aggregation = variable.aggregation.value
    saved.name = variable._shared_name


def _described(value: Any) -> tuple[str, dict[str, Any] | None]:
    """What an object is, and what Keras says of it."""
    if isinstance(value, InputLayer):
        config = value.get_config()
        kept = ("dtype", "sparse", "ragged", "batch_input_shape")
        return "_tf_keras_input_layer", {
            "class_name": type(value).__name__,
            "name": value.name,
            **{key: config.get(key) for key in kept},
            "config": config,
        }
    if isinstance(value, Layer):
        return _identifier(value), _metadata(value)
    if isinstance(value, tf.keras.optimizers.Optimizer):
        return "optimizer", None
    if isinstance(value, (list, tuple)):
        return "trackable_list_wrapper", None
    if isinstance(value, dict):
        return "trackable_dict_wrapper", None
    return "_generic_user_object", None


def _identifier(layer: Layer) -> str:
    if isinstance(layer, tf.keras.Sequential):
        return "_tf_keras_sequential"
    if isinstance(layer, tf.keras.Model):
        return "_tf_keras_model"
    return "_tf_keras_rnn_layer" if isinstance(layer, tf.keras.layers.RNN) else "_tf_keras_layer"


def _metadata(layer: Any) -> dict[str, Any]:
    found = {
        "class_name": type(layer).__name__,
        "name": layer.name,
        "trainable": layer.trainable,
        "expects_training_arg": layer._traits.takes_training,
        "dtype": layer.dtype,
        "batch_input_shape": getattr(layer, "_batch_input_shape", None),
    }
    with suppress(NotImplementedError):  # a class of the program's own must be given to load it
        found["config"] = layer.get_config()
    if isinstance(layer, tf.keras.Model):
        found["is_graph_network"] = layer._is_graph_network
        versions = described(layer) if "config" in found else {}
        found["keras_version"] = versions.get("keras_version", tf.keras.__version__)
        found["backend"] = "tensorflow"
        found["model_config"] = {
            key: found[key] for key in ("class_name", "config") if key in found
        }
    return found


# ------------------------------------------------------------------------------------ reading


def is_saved_model(folder: str) -> bool:
    """Whether a folder holds a SavedModel."""
    return os.path.isfile(current(os.path.join(folder, FILE), variables_prefix(folder)))


def read(folder: str, custom_objects: Any, compile: bool) -> Any:
    """Makes the model that a SavedModel describes, with its variables.

    Raises:
      OSError: if there is no SavedModel.
      DataLossError: if it is damaged.
      ValueError: if it is no Keras model, or one that only TensorFlow's graphs describe.
    """
    metadata = _root_metadata(folder)
    model = _made(metadata, custom_objects, folder)
    training = metadata.get("training_config")
    if compile and training:
        training_config.compile_as(model, training, custom_objects)
    elif compile:
        warn(
            "No training configuration found in save file: the model was *not* compiled. Compile "
            "it manually."
        )
    status = restore_objects(BundleReader(variables_prefix(folder)), model)
    status.expect_partial()
    _need_all(model, status, folder)
    return model


def _root_metadata(folder: str) -> dict[str, Any]:
    from google.protobuf.message import DecodeError

    path = current(os.path.join(folder, FILE), variables_prefix(folder))
    if not os.path.isfile(path):
        if os.path.isfile(path + "txt"):
            raise ValueError(f"{path}txt: SavedModels in text form are not read; save it binary")
        raise OSError(f"SavedModel file does not exist at: {folder}/{{{FILE}txt|{FILE}}}")
    try:
        with open(path, "rb") as file:
            saved = message("SavedModel").FromString(file.read())
        nodes = saved.meta_graphs[0].object_graph_def.nodes
    except OSError as error:
        raise as_tf_error(error, path) from error
    except (DecodeError, IndexError) as error:
        raise DataLossError(None, None, f"{path}: this is no SavedModel ({error})") from None
    if not nodes:
        raise ValueError(
            f"{path}: a SavedModel without an object graph, such as TensorFlow 1 or an Estimator "
            "writes: only its graph of ops says what it computes, and Reflow does not run those"
        )
    kind = nodes[0].user_object.identifier
    if not kind.startswith("_tf_keras_"):
        raise ValueError(
            f"{path}: this is no Keras model but a tf.Module ({kind or 'without a name'}): only "
            "its graph of ops says what it computes, and Reflow does not run those. Its variables "
            f"can be read: tf.train.load_checkpoint({variables_prefix(folder)!r})"
        )
    if not nodes[0].user_object.metadata:
        raise ValueError(
            f"{path}: it has no Keras metadata. TensorFlow 2.4 and later keep them in a file of "
            "their own (keras_metadata.pb), which Reflow does not read: save the model as .h5"
        )
    try:
        metadata = json.loads(nodes[0].user_object.metadata)
    except (ValueError, RecursionError) as error:
        raise DataLossError(None, None, f"{path}: damaged Keras metadata ({error})") from None
    if not isinstance(metadata, dict):
        raise DataLossError(None, None, f"{path}: the Keras metadata are no dictionary")
    return metadata


def _made(metadata: dict[str, Any], custom_objects: Any, folder: str) -> Any:
    """The model without its values."""
    config = metadata.get("model_config") or {}
    name = config.get("class_name") or metadata.get("class_name")
    if "config" in config:
        try:
            return tf.keras.models.model_from_config(config, custom_objects=custom_objects)
        except ValueError as error:
            if not str(error).startswith("Unknown "):
                raise
            raise ValueError(
                f"{error}. {folder} describes it by a graph of TensorFlow's ops, which Reflow does "
                "not run: pass the class or function to load_model, as custom_objects={name: it}"
            ) from error
    known = {**tf.keras.utils.get_custom_objects(), **(custom_objects or {})}
    if name not in known:
        raise ValueError(
            f"{folder} holds a model of the class {name!r}, which has no config: its call() is "
            "there only as a graph of TensorFlow's ops, and Reflow does not run those. Pass the "
            f"class: load_model({folder!r}, custom_objects={{{name!r}: {name}}})"
        )
    try:
        return known[name]()
    except TypeError as error:
        raise ValueError(
            f"{folder}: {name} has no get_config() that was saved, and can't be made without "
            f"arguments ({error}). Make the model yourself, then "
            f"model.load_weights({variables_prefix(folder)!r})"
        ) from error


def _need_all(model: Any, status: Any, folder: str) -> None:
    """Raises a ValueError if a variable of the model is not in the file."""
    try:
        variables = model.weights
    except ValueError:
        return  # not built: they get their values when they are made
    bound = {id(value) for value in status._restore.objects.values()}
    missing = [variable.name for variable in variables if id(variable) not in bound]
    if missing:
        raise ValueError(f"{folder}: it has no values for {', '.join(missing)}")
