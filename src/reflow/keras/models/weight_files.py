"""``Model.save_weights`` and ``load_weights``: TF checkpoints and Keras HDF5 files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.logging import warn
from reflow.io import _checkpoint
from reflow.io._atomic import replacing
from reflow.keras.models.hdf5_checks import check_heaps, text_attribute
from reflow.keras.models.older_files import converted

_HDF5_ENDINGS = (".h5", ".keras", ".hdf5")
_HEADER_LIMIT = 64512  # bytes: HDF5 keeps attributes in a header of 64 KB


class WeightFiles:
    """The part of a model that saves its weights and loads them."""

    def save_weights(self, filepath, overwrite=True, save_format=None):
        """Saves the values of all variables.

        Args:
          filepath: of an HDF5 file, if it ends in ``.h5``, ``.hdf5`` or ``.keras``; else the
            prefix of a TF checkpoint, which has the optimizer's state too.
          overwrite: whether an existing HDF5 file is replaced without a question.
          save_format: ``"tf"`` or ``"h5"``.

        Raises:
          ValueError: if the model has no weights yet, or another format.
        """
        filepath = os.fspath(filepath)
        self._need_weights()
        kind = _format(filepath, save_format)
        target = filepath if kind == "h5" else filepath + ".index"
        if not overwrite and os.path.exists(target) and not may_replace(target):
            return
        if kind == "h5":
            _save_hdf5(filepath, self.layers)
            return
        _checkpoint.save(filepath, self)
        _checkpoint.write_state(os.path.dirname(filepath), filepath)

    def load_weights(self, filepath, by_name=False, skip_mismatch=False):
        """Loads what ``save_weights`` saved.

        Args:
          filepath: the same.
          by_name: for HDF5: whether layers are matched by their names instead of their order.
          skip_mismatch: with ``by_name``: whether layers whose shapes differ are left out.

        Returns:
          For a checkpoint a status with ``assert_consumed()`` and kin: values of variables that are
          not made yet are given to them when they are. None for HDF5.

        Raises:
          ValueError: if the file does not fit the model, whose weights are then as they were.
        """
        filepath = os.fspath(filepath)
        if skip_mismatch and not by_name:
            raise ValueError(
                "When calling model.load_weights, skip_mismatch can only be set to True when "
                "by_name is True."
            )
        if not _checkpoint.exists(filepath) and is_hdf5(filepath):
            self._need_weights()
            _load_hdf5(filepath, self.layers, by_name, skip_mismatch)
            return None
        if by_name:
            raise NotImplementedError(
                "Weights may only be loaded based on topology into Models when loading "
                "TensorFlow-formatted weights (got by_name=True to load_weights)."
            )
        if os.path.isfile(filepath) and not _checkpoint.exists(filepath):
            raise OSError(
                f"{filepath}: Unable to open file (file signature not found): it is no HDF5 file, "
                "and there is no checkpoint of this prefix"
            )
        status = _checkpoint.restore(filepath, self)
        if hasattr(status, "_restore"):
            status.assert_nontrivial_match()
        return status

    def _need_weights(self):
        """Raises a ValueError if this is a ``Sequential`` that is not built, or holds one."""
        for layer in self._flatten_layers():
            if isinstance(layer, WeightFiles):
                layer._weights_exist()
                if isinstance(layer, tf.keras.Sequential) and not layer.built:
                    raise ValueError(layer._no_weights_yet())


def _format(filepath: str, save_format: Any) -> str:
    if save_format is None:
        return "h5" if filepath.endswith(_HDF5_ENDINGS) else "tf"
    name = str(save_format).lower().strip()
    if name in ("tensorflow", "tf"):
        if filepath.endswith(_HDF5_ENDINGS):
            raise ValueError(
                f'save_weights got save_format="tf"/"tensorflow", but the filepath ("{filepath}") '
                'looks like an HDF5 file. Omit the ".h5"/".keras" when saving in TensorFlow '
                "format."
            )
        return "tf"
    if name in ("hdf5", "h5", "keras"):
        return "h5"
    raise ValueError(f'Unknown format "{save_format}". Was expecting one of {{"tf", "h5"}}.')


def may_replace(filepath: str) -> bool:
    """Asks whether a file may be replaced."""
    answer = input(f"[WARNING] {filepath} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")  # noqa: T201 - the other half of a talk
    return answer == "y"


def h5py() -> Any:
    """The module, or an error that says how to get it."""
    try:
        import h5py as module
    except ImportError:
        raise ImportError("HDF5 files need h5py: pip install 'reflow[files]'") from None
    return module


@contextmanager
def opened(filepath: str) -> Iterator[Any]:
    """An HDF5 file, open for reading."""
    if os.path.isfile(filepath):
        with open(filepath, "rb") as content:
            check_heaps(content, filepath)
    try:
        file = h5py().File(filepath, "r")
    except OSError as error:
        if filepath in str(error):
            raise
        raise OSError(f"{filepath}: {error}") from error
    with file:
        yield file


@contextmanager
def created(path: str) -> Iterator[Any]:
    """A new HDF5 file, open for writing."""
    try:
        with h5py().File(path, "w") as file:
            yield file
    except RuntimeError as error:  # as h5py calls what the system says when the file is closed
        if "errno" not in str(error):
            raise
        raise OSError(f"{path} cannot be written: {error}") from error


def looks_like_hdf5(filepath: str) -> bool:
    """Whether a file's name is that of an HDF5 file."""
    return filepath.endswith(_HDF5_ENDINGS)


def is_hdf5(filepath: str) -> bool:
    """Whether a file is an HDF5 file by its name or its first bytes."""
    if looks_like_hdf5(filepath):
        return True
    return os.path.isfile(filepath) and bool(h5py().is_hdf5(filepath))


# ------------------------------------------------------------------------------------- HDF5


def _saved_weights(layer: Any) -> list[Any]:
    """A layer's weights in Keras's order for files: trainable ones first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _save_hdf5(filepath: str, layers: Any) -> None:
    with replacing(filepath) as temporary, created(temporary) as file:
        write_layers(file, layers)


def write_layers(group: Any, layers: Any) -> None:
    """Writes layers in TF 2.1's layout: a group each, with the names of its weights in order."""
    write_names(group, "layer_names", [layer.name for layer in layers])
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = tf.keras.__version__.encode()
    for layer in layers:
        own = group.create_group(layer.name)
        weights = _saved_weights(layer)
        write_names(own, "weight_names", [w.name for w in weights])
        for weight in weights:
            own.create_dataset(weight.name, data=weight._host())


def write_names(group: Any, name: str, names: list[str]) -> None:
    """Writes a list of names as an attribute, in several parts if it is long."""
    encoded = [n.encode() for n in names]
    array = np.asarray(encoded) if encoded else np.asarray([], "S1")
    if array.nbytes <= _HEADER_LIMIT:
        group.attrs[name] = array if encoded else np.asarray(encoded, np.float64)
        return
    parts = 1
    while any(part.nbytes > _HEADER_LIMIT for part in np.array_split(array, parts)):
        parts += 1
    for number, part in enumerate(np.array_split(array, parts)):
        group.attrs[f"{name}{number}"] = part


def read_names(group: Any, name: str) -> list[str]:
    """Reads what ``write_names`` wrote."""
    found: list[Any] = []
    if name in group.attrs:
        found = list(text_attribute(group, name))
    else:
        number = 0
        while f"{name}{number}" in group.attrs:
            found += list(text_attribute(group, f"{name}{number}"))
            number += 1
    return [n.decode() if isinstance(n, bytes) else str(n) for n in found]


def _load_hdf5(filepath: str, layers: Any, by_name: bool, skip_mismatch: bool) -> None:
    with opened(filepath) as file:
        load_layers(file.get("model_weights", file), layers, by_name, skip_mismatch)


def load_layers(
    group: Any, layers: Any, by_name: bool = False, skip_mismatch: bool = False
) -> None:
    """Loads the weights of layers from a group; all are checked before any is changed."""
    places = _by_name(group, layers) if by_name else _by_order(group, layers)
    pairs: list[tuple[Any, Any]] = []
    for layer, name, place in places:
        pairs += _layer_values(group[name], layer, name, place, by_name, skip_mismatch)
    give(pairs)


def give(pairs: list[tuple[Any, Any]]) -> None:
    """Gives variables the values of data sets or arrays of their shapes.

    First all are checked, then each is read, so that no more than one is in memory, and a damaged
    file changes nothing.
    """
    for _, data in pairs:
        _check_content(data)
    for variable, data in pairs:
        array = np.asarray(data)
        own = array.astype(variable.dtype.np, copy=isinstance(data, np.ndarray))
        variable._take(np.ascontiguousarray(own).reshape(own.shape))


def _check_content(data: Any) -> None:
    """Raises an error if a data set cannot be read."""
    if isinstance(data, np.ndarray):
        return
    offset = data.id.get_offset()
    if offset is None:  # in chunks, perhaps compressed: there is no other way
        try:
            np.asarray(data)
        except (OSError, RuntimeError) as error:
            raise OSError(f"{data.file.filename}: {data.name}: {error}") from error
        return
    path = data.file.filename
    if isinstance(path, str) and os.path.isfile(path):
        length = os.path.getsize(path)
    else:
        length = data.file.id.get_filesize()
    if offset + data.id.get_storage_size() > length:
        raise ValueError(f"{data.file.filename}: {data.name} lies outside of the file")


def _by_order(group: Any, layers: Any) -> list[tuple[Any, str, int]]:
    mine = [layer for layer in layers if _saved_weights(layer)]
    names = [n for n in read_names(group, "layer_names") if read_names(group[n], "weight_names")]
    if len(mine) != len(names):
        raise ValueError(
            f"You are trying to load a weight file containing {len(names)} layers into a model "
            f"with {len(mine)} layers."
        )
    return [(layer, name, k) for k, (layer, name) in enumerate(zip(mine, names, strict=True))]


def _by_name(group: Any, layers: Any) -> list[tuple[Any, str, int]]:
    return [
        (layer, name, k)
        for k, name in enumerate(read_names(group, "layer_names"))
        for layer in layers
        if layer.name == name
    ]


def _layer_values(
    group: Any, layer: Any, name: str, place: int, by_name: bool, skip_mismatch: bool
) -> list[tuple[Any, Any]]:
    """Pairs of variable and data set of one layer, checked."""
    variables = _saved_weights(layer)
    found = [dataset(group, n) for n in read_names(group, "weight_names")]
    found = converted(layer, found)
    if len(found) != len(variables):
        if skip_mismatch:
            warn(
                f"Skipping loading of weights for layer {layer.name} due to mismatch in number of "
                f"weights ({len(variables)} vs {len(found)})."
            )
            return []
        if by_name:
            raise ValueError(
                f'Layer #{place} (named "{layer.name}") expects {len(variables)} weight(s), but '
                f"the saved weights have {len(found)} element(s)."
            )
        raise ValueError(
            f'Layer #{place} (named "{layer.name}" in the current model) was found to correspond '
            f"to layer {name} in the save file. However the new layer {layer.name} expects "
            f"{len(variables)} weights, but the saved weights have {len(found)} elements."
        )
    pairs = []
    for variable, data in zip(variables, found, strict=True):
        shape = tuple(variable.shape)
        if shape == tuple(data.shape):
            pairs.append((variable, data))
        elif skip_mismatch:
            warn(
                f"Skipping loading of weights for layer {layer.name} due to mismatch in shape "
                f"({shape} vs {tuple(data.shape)})."
            )
        else:
            raise ValueError(
                f'Layer #{place} (named "{layer.name}"), weight {variable.name} has shape {shape}, '
                f"but the saved weight has shape {tuple(data.shape)}."
            )
    return pairs


def dataset(group: Any, name: str) -> Any:
    """A data set of numbers, not read yet; only what lies in the file itself."""
    module = h5py()
    try:
        link = group.get(name, getlink=True)
        data = group[name]
    except (KeyError, RuntimeError, ValueError) as error:
        raise ValueError(f"{group.file.filename}: {group.name}/{name} is missing") from error
    outside = isinstance(link, module.ExternalLink) or not isinstance(data, module.Dataset)
    if outside or data.external or data.is_virtual or data.file.filename != group.file.filename:
        raise ValueError(
            f"{group.file.filename}: {group.name}/{name} is no data set of this file's own"
        )
    if data.dtype.kind not in "biufcV":
        raise ValueError(
            f"{group.file.filename}: {group.name}/{name} holds {data.dtype}, not numbers"
        )
    return data
