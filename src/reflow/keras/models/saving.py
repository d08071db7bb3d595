"""Whole models in HDF5 files: config, weights, compile arguments, and the optimizer's state."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.logging import warn
from reflow.io._atomic import replacing
from reflow.keras._engine.config import Encoder, described
from reflow.keras.models import weight_files

__all__ = ["load_model", "save_model"]


def save_model(
    model,
    filepath,
    overwrite=True,
    include_optimizer=True,
    save_format=None,
    signatures=None,
    options=None,
):
    """Saves a model: its config, weights, how it was compiled, and the optimizer's state.

    Args:
      model: a ``Sequential`` or functional model.
      filepath: of an HDF5 file; it ends in ``.h5``, ``.hdf5`` or ``.keras``.
      overwrite: whether an existing file is replaced without a question.
      include_optimizer: whether the optimizer's state is saved.
      save_format: ``"h5"``.
      signatures, options: of SavedModels.

    Raises:
      NotImplementedError: for the SavedModel format, or a model with a ``call`` of its own.
    """
    filepath = os.fspath(filepath)
    kind = save_format or ("h5" if weight_files.looks_like_hdf5(filepath) else "tf")
    if kind not in ("h5", "hdf5", "keras"):
        raise NotImplementedError(
            f"save_model({filepath!r}): the SavedModel format is not in Reflow yet; save to a file "
            "that ends in .h5, or save the weights with model.save_weights(path)"
        )
    if not model._is_graph_network and not isinstance(model, tf.keras.Sequential):
        raise NotImplementedError(
            "Saving the model to HDF5 format requires the model to be a Functional model or a "
            "Sequential model. It does not work for subclassed models, because such models are "
            "defined via the body of a Python method, which isn't safely serializable. Consider "
            "using `save_weights`."
        )
    model._weights_exist()
    if not overwrite and os.path.exists(filepath) and not weight_files.may_replace(filepath):
        return
    h5py = weight_files.h5py()
    with replacing(filepath) as temporary, h5py.File(temporary, "w") as file:
        for name, value in described(model).items():
            name = "model_config" if name == "config" else name
            if name == "class_name":
                continue
            if name == "model_config":
                value = {"class_name": type(model).__name__, "config": value}
            file.attrs[name] = (
                json.dumps(value, cls=Encoder).encode()
                if isinstance(value, dict)
                else value.encode()
            )
        weight_files.write_layers(file.create_group("model_weights"), model.layers)
        if include_optimizer and model._compiled is not None:
            file.attrs["training_config"] = json.dumps(_training(model), cls=Encoder).encode()
            weights = model.optimizer.weights
            if weights:
                group = file.create_group("optimizer_weights")
                weight_files.write_names(group, "weight_names", [w.name for w in weights])
                for weight in weights:
                    group.create_dataset(weight.name, data=np.asarray(weight.numpy()))


def _training(model: Any) -> dict[str, Any]:
    """How a model was compiled, as plain values."""
    said = model._compiled
    return {
        "optimizer_config": tf.keras.optimizers.serialize(model.optimizer),
        "loss": _plain(said["loss"]),
        "metrics": _plain(said["metrics"]),
        "weighted_metrics": _plain(said["weighted_metrics"]),
        "sample_weight_mode": model.sample_weight_mode,
        "loss_weights": said["loss_weights"],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str):
        return value
    return tf.keras.utils.serialize_keras_object(value)


def load_model(filepath, custom_objects=None, compile=True):
    """Loads a model that ``save_model`` saved, or TF 2.1 or an older Keras 2 did.

    Args:
      filepath: of an HDF5 file.
      custom_objects: the program's own classes and functions by name.
      compile: whether the model is compiled as it was.

    Raises:
      OSError: if there is no such file.
      ValueError: if it holds no model.
      NotImplementedError: for a SavedModel.
    """
    filepath = os.fspath(filepath)
    if os.path.isdir(filepath):
        raise NotImplementedError(
            f"load_model({filepath!r}): SavedModels cannot be loaded yet; their variables "
            "can, with tf.train.load_checkpoint(folder + '/variables/variables')"
        )
    if not os.path.exists(filepath):
        raise OSError(f"SavedModel file does not exist at: {filepath}")
    with weight_files.h5py().File(filepath, "r") as file:
        if "model_config" not in file.attrs:
            raise ValueError(f"No model found in config file: {filepath}")
        config = json.loads(_text(file.attrs["model_config"]))
        model = tf.keras.models.model_from_config(config, custom_objects=custom_objects)
        weight_files.load_layers(file["model_weights"], model.layers)
        if not compile:
            return model
        if "training_config" not in file.attrs:
            warn(
                "No training configuration found in the save file: the model was *not* compiled. "
                "Compile it manually."
            )
            return model
        training = json.loads(_text(file.attrs["training_config"]))
        _compile(model, training, custom_objects)
        if "optimizer_weights" in file:
            _restore_optimizer(model, file["optimizer_weights"])
    return model


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _compile(model: Any, training: dict[str, Any], custom_objects: Any) -> None:
    with tf.keras.utils.custom_object_scope(custom_objects or {}):
        model.compile(
            optimizer=tf.keras.optimizers.deserialize(
                training["optimizer_config"], custom_objects=custom_objects
            ),
            loss=_objects(training["loss"], tf.keras.losses.deserialize),
            metrics=_objects(training["metrics"], tf.keras.metrics.deserialize),
            loss_weights=training.get("loss_weights"),
            sample_weight_mode=training.get("sample_weight_mode"),
            weighted_metrics=_objects(
                training.get("weighted_metrics"), tf.keras.metrics.deserialize
            ),
        )


def _objects(value: Any, make: Any) -> Any:
    """Plain values with the objects that they describe in their places."""
    if isinstance(value, dict) and set(value) == {"class_name", "config"}:
        return make(value)
    if isinstance(value, dict):
        return {key: _objects(item, make) for key, item in value.items()}
    return [_objects(item, make) for item in value] if isinstance(value, list) else value


def _restore_optimizer(model: Any, group: Any) -> None:
    names = weight_files.read_names(group, "weight_names")
    arrays = [np.asarray(group[name]) for name in names]
    model.optimizer._make_ready(model.trainable_weights)
    try:
        model.optimizer.set_weights(arrays)
    except ValueError:
        warn(
            "Error in loading the saved optimizer state. As a result, your model is starting with "
            "a freshly initialized optimizer."
        )
