"""Models in the ``.keras`` files of Keras 3: a zip of configs in JSON and weights in HDF5.

metadata.json       the version of Keras and the date
config.json         the model and how it was compiled
model.weights.h5    /layers/<class>_<n>/.../vars/<k>, and /optimizer/vars/<k>
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.errors import DataLossError
from reflow.core.logging import warn
from reflow.io._atomic import replacing
from reflow.keras._engine.config import Encoder, described
from reflow.keras._engine.names import snake_case
from reflow.keras.layers.layer import Layer
from reflow.keras.models import optimizer_state, training_config, weight_files
from reflow.keras.models.hdf5_checks import check_heaps
from reflow.keras.models.keras3_config import in_keras2, in_keras3

_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_LARGEST_CONFIG = 1 << 26  # bytes


def is_keras_v3(filepath: str) -> bool:
    """Whether a file is a zip."""
    with open(filepath, "rb") as file:
        return file.read(4) == b"PK\x03\x04"


# ------------------------------------------------------------------------------------ writing


def write(model: Any, filepath: str, include_optimizer: bool) -> None:
    """Writes a model; an older file is replaced whole or not at all."""
    model._need_weights()
    about = described(model)
    config = in_keras3({key: about[key] for key in ("class_name", "config")})
    compiled = include_optimizer and model.optimizer is not None and model._compiled is not None
    if compiled:
        training = training_config.describe(model)
        config["compile_config"] = {
            "optimizer": in_keras3(training["optimizer_config"]),
            "loss": in_keras3(training["loss"]),
            "loss_weights": training["loss_weights"],
            "metrics": in_keras3(training["metrics"]),
            "weighted_metrics": in_keras3(training["weighted_metrics"]),
        }
    now = dt.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    metadata = {"keras_version": "3.0.0", "date_saved": now, "written_by": "reflow"}
    with replacing(filepath) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        archive.writestr(_METADATA, json.dumps(metadata))
        archive.writestr(_CONFIG, json.dumps(config, cls=Encoder))
        weights = temporary + ".weights"  # on the disk, so that they are not in memory twice
        try:
            _write_weights(weights, model, compiled)
            archive.write(weights, _WEIGHTS)
        finally:
            with suppress(OSError):
                os.remove(weights)


def _write_weights(path: str, model: Any, with_optimizer: bool) -> None:
    with weight_files.created(path) as file:
        _write_variables(file, model)
        if with_optimizer:
            values = optimizer_state.in_keras3(model.optimizer)
            _write_vars(file.create_group("optimizer"), snake_case(model.optimizer._name), values)


def _write_variables(group: Any, layer: Any) -> None:
    parts = list(_parts(layer))
    inner = {id(v) for _, part in parts for v in part.weights}
    own = [v for v in layer.weights if id(v) not in inner]
    _write_vars(group, layer.name, own)
    for path, part in parts:
        _write_variables(group.create_group(path), part)


def _write_vars(group: Any, name: str, values: list[Any]) -> None:
    group = group.create_group("vars")
    group.attrs["name"] = name
    for place, value in enumerate(values):
        array = value._host() if hasattr(value, "_host") else np.asarray(value)
        group.create_dataset(str(place), data=array)


def _parts(layer: Any) -> Iterator[tuple[str, Any]]:
    """The layers inside a layer, with the groups that hold their variables."""
    if isinstance(layer, tf.keras.Model):
        counts: dict[str, int] = {}
        for inner in layer.layers:
            name = snake_case(type(inner).__name__)
            number = counts.get(name, 0)
            counts[name] = number + 1
            yield f"layers/{name}_{number}" if number else f"layers/{name}", inner
        return
    for name, value in layer._trackable_children():
        if isinstance(value, Layer):
            yield name, value
        elif isinstance(value, (list, tuple)):
            for place, item in enumerate(value):
                if isinstance(item, Layer):
                    yield f"{name}/{place}", item


# ------------------------------------------------------------------------------------ reading


def read(filepath: str, custom_objects: Any, compile: bool) -> Any:
    """Makes the model that a file holds.

    Raises:
      DataLossError: if it is damaged.
      ValueError: if it has what TF 2.1's Keras does not have.
    """
    try:
        with zipfile.ZipFile(filepath) as archive:
            config = _json(archive, _CONFIG, filepath)
            described = in_keras2(
                {k: v for k, v in config.items() if k in ("module", "class_name", "config")}
            )
            with _weights(archive, filepath) as content:
                model = tf.keras.models.model_from_config(described, custom_objects=custom_objects)
                with weight_files.h5py().File(content, "r") as file:
                    _give(file, model, config, filepath, custom_objects, compile)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise DataLossError(None, None, f"{filepath}: a damaged .keras file ({error})") from None
    return model


def _give(
    file: Any, model: Any, config: Any, filepath: str, custom_objects: Any, compile: bool
) -> None:
    """Gives a model its weights, compiles it, and gives the optimizer its state."""
    weight_files.give(list(_pairs(file, model, filepath)))
    training = config.get("compile_config")
    if not compile:
        return
    if not training:
        warn(
            "No training configuration found in save file: the model was *not* compiled. "
            "Compile it manually."
        )
        return
    training = {in_training.get(k, k): in_keras2(v) for k, v in training.items()}
    training_config.compile_as(model, training, custom_objects)
    if "optimizer" in file and "vars" in file["optimizer"]:
        optimizer_state.from_keras3(model, _vars(file["optimizer"]))


in_training = {"optimizer": "optimizer_config"}


def _json(archive: zipfile.ZipFile, name: str, filepath: str) -> dict[str, Any]:
    try:
        found = json.loads(_member(archive, name, filepath, _LARGEST_CONFIG))
    except (ValueError, RecursionError) as error:
        raise DataLossError(None, None, f"{filepath}: {name} is damaged ({error})") from None
    if not isinstance(found, dict) or "class_name" not in found:
        raise DataLossError(None, None, f"{filepath}: {name} describes no model")
    return found


def _member(archive: zipfile.ZipFile, name: str, filepath: str, limit: int) -> bytes:
    """A file in the zip, if it is not larger than it may be."""
    info = _info(archive, name, filepath, limit)
    with archive.open(info) as file:
        return file.read(limit + 1)


def _info(archive: zipfile.ZipFile, name: str, filepath: str, limit: int) -> zipfile.ZipInfo:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise ValueError(f"{filepath}: a zip file without {name}, no .keras file") from None
    if info.file_size > limit:
        raise ValueError(f"{filepath}: {name} says that it has {info.file_size} bytes")
    return info


@contextmanager
def _weights(archive: zipfile.ZipFile, filepath: str) -> Iterator[Any]:
    """The HDF5 file in the zip, checked, on the disk: HDF5 goes back and forth in it."""
    info = _info(archive, _WEIGHTS, filepath, os.path.getsize(filepath) * 8 + (1 << 26))
    with tempfile.TemporaryFile() as content:
        with archive.open(info) as file:  # which checks the checksum at the end
            shutil.copyfileobj(file, content, 1 << 20)
        content.flush()
        check_heaps(content, f"{filepath}: {_WEIGHTS}")
        content.seek(0)
        yield content


def _vars(group: Any) -> list[Any]:
    names = sorted((n for n in group["vars"] if n.isdigit()), key=int)
    return [weight_files.dataset(group["vars"], name) for name in names]


def _pairs(group: Any, layer: Any, filepath: str) -> Iterator[tuple[Any, Any]]:
    """Variables with their data, all shapes checked."""
    parts = list(_parts(layer))
    inner = {id(v) for _, part in parts for v in part.weights}
    own = [v for v in layer.weights if id(v) not in inner]
    saved = _vars(group) if "vars" in group else []
    if len(saved) < len(own):
        raise ValueError(
            f"{filepath}: layer {layer.name!r} has {len(own)} variables, the file {len(saved)}"
        )
    for variable, data in zip(own, saved, strict=False):
        if tuple(variable.shape) != tuple(data.shape):
            raise ValueError(
                f"{filepath}: {variable.name} has shape {tuple(variable.shape)}, the saved one "
                f"{tuple(data.shape)}"
            )
        yield variable, data
    for path, part in parts:
        if path in group:
            yield from _pairs(group[path], part, filepath)
        elif part.weights:
            raise ValueError(f"{filepath}: there are no weights of layer {part.name!r} ({path})")
