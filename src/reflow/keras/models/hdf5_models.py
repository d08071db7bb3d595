"""Whole models in HDF5 files, in TF 2.1's layout.

attributes keras_version, backend, model_config, training_config
/model_weights         a group for each layer (:mod:`weight_files`)
/optimizer_weights     the optimizer's variables, in order
"""

from __future__ import annotations

import json
from typing import Any

import reflow as tf
from reflow.core.logging import warn
from reflow.io._atomic import replacing
from reflow.keras._engine.config import Encoder, described
from reflow.keras.models import optimizer_state, training_config, weight_files
from reflow.keras.models.hdf5_checks import text_attribute
from reflow.keras.models.keras3_config import in_keras2


def write(model: Any, target: Any, include_optimizer: bool) -> None:
    """Writes a model to a file, or into an open one."""
    if not isinstance(target, str):
        _write(model, target, include_optimizer)
        return
    with replacing(target) as temporary, weight_files.created(temporary) as file:
        _write(model, file, include_optimizer)


def _write(model: Any, file: Any, include_optimizer: bool) -> None:
    about = described(model)
    config = {key: about[key] for key in ("class_name", "config")}
    config = json.dumps(config, cls=Encoder).encode()
    file.attrs["keras_version"] = about["keras_version"]
    file.attrs["backend"] = about["backend"]
    file.attrs["model_config"] = config
    weight_files.write_layers(file.create_group("model_weights"), model.layers)
    if not include_optimizer or model.optimizer is None or model._compiled is None:
        return
    training = json.dumps(training_config.describe(model), cls=Encoder)
    file.attrs["training_config"] = training.encode()
    weights = model.optimizer.weights
    if weights:
        group = file.create_group("optimizer_weights")
        weight_files.write_names(group, "weight_names", [w.name for w in weights])
        for weight in weights:
            group.create_dataset(weight.name, data=weight._host())


def read(file: Any, custom_objects: Any, compile: bool) -> Any:
    """Makes the model that an open file holds.

    Raises:
      ValueError: if it holds none, or a damaged one.
    """
    if "model_config" not in file.attrs:
        raise ValueError(
            f"No model found in config file. ({file.filename}: it has weights only; make the "
            "model, then call its load_weights)"
        )
    config = in_keras2(_parsed(file, "model_config"))
    model = tf.keras.models.model_from_config(config, custom_objects=custom_objects)
    if "model_weights" not in file:
        raise ValueError(f"{file.filename}: there is no group model_weights")
    weight_files.load_layers(file["model_weights"], model.layers)
    if not compile:
        return model
    if "training_config" not in file.attrs:
        warn(
            "No training configuration found in save file: the model was *not* compiled. Compile "
            "it manually."
        )
        return model
    training = in_keras2(_parsed(file, "training_config"))
    training_config.compile_as(model, training, custom_objects)
    if "optimizer_weights" in file:
        _restore_optimizer(model, file["optimizer_weights"])
    return model


def _parsed(file: Any, name: str) -> dict[str, Any]:
    """A JSON attribute."""
    value = text_attribute(file, name)
    try:
        text = value.decode() if isinstance(value, bytes) else str(value)
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file.filename}: {name} is damaged: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{file.filename}: {name} is no dictionary")
    return found


def _restore_optimizer(model: Any, group: Any) -> None:
    if not model._is_graph_network:
        warn(
            "Sequential models without an `input_shape` passed to the first layer cannot reload "
            "their optimizer state. As a result, your model isstarting with a freshly initialized "
            "optimizer."
        )
        return
    names = weight_files.read_names(group, "weight_names")
    values = [weight_files.dataset(group, name) for name in names]
    optimizer_state.restore(model, names, values)
