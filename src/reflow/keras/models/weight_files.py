"""``Model.save_weights`` and ``load_weights``: TF checkpoints and Keras HDF5 files."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

import reflow as tf
from reflow.io import _checkpoint
from reflow.io._atomic import replacing

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
        self._weights_exist()
        if _format(filepath, save_format) == "h5":
            if not self.weights and not self.built:
                raise ValueError(
                    f"Unable to save weights of {self.name}: it has not created its variables yet"
                )
            if not overwrite and os.path.exists(filepath) and not may_replace(filepath):
                return
            _save_hdf5(filepath, self.layers)
            return
        folder = os.path.dirname(filepath)
        _checkpoint.save(filepath, self)
        _checkpoint.write_state(folder, filepath)

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
          ValueError: if the file does not fit the model.
        """
        filepath = os.fspath(filepath)
        if skip_mismatch and not by_name:
            raise ValueError(
                "When calling model.load_weights, skip_mismatch can only be set to True when "
                "by_name is True."
            )
        if not _checkpoint.exists(filepath) and _is_hdf5(filepath):
            _need_built(self)
            _load_hdf5(filepath, self.layers, by_name, skip_mismatch)
            return None
        if by_name:
            raise NotImplementedError(
                "Weights may only be loaded based on topology into Models when loading "
                "TensorFlow-formatted weights (got by_name=True to load_weights)."
            )
        return _checkpoint.restore(filepath, self)


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


def _need_built(model: Any) -> None:
    if not model.built:
        raise ValueError(
            "Unable to load weights saved in HDF5 format into a subclassed Model which has not "
            "created its variables yet. Call the Model first, then load the weights."
        )


def may_replace(filepath: str) -> bool:
    """Asks whether a file may be replaced."""
    answer = input(f"[WARNING] {filepath} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input('Enter "y" (overwrite) or "n" (cancel).').strip().lower()
    return answer == "y"


def h5py() -> Any:
    """The module, or an error that says how to get it."""
    try:
        import h5py as module
    except ImportError:
        raise ImportError("HDF5 files need h5py: pip install 'reflow[files]'") from None
    return module


def looks_like_hdf5(filepath: str) -> bool:
    """Whether a file's name is that of an HDF5 file."""
    return filepath.endswith(_HDF5_ENDINGS)


def _is_hdf5(filepath: str) -> bool:
    if looks_like_hdf5(filepath):
        return True
    return os.path.isfile(filepath) and bool(h5py().is_hdf5(filepath))


# ------------------------------------------------------------------------------------- HDF5


def _saved_weights(layer: Any) -> list[Any]:
    """A layer's weights in Keras's order for files: trainable ones first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _save_hdf5(filepath: str, layers: Any) -> None:
    module = h5py()
    with replacing(filepath) as temporary, module.File(temporary, "w") as file:
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
            own.create_dataset(weight.name, data=np.asarray(weight.numpy()))


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
        found = list(group.attrs[name])
    else:
        number = 0
        while f"{name}{number}" in group.attrs:
            found += list(group.attrs[f"{name}{number}"])
            number += 1
    return [n.decode() if isinstance(n, bytes) else str(n) for n in found]


def _load_hdf5(filepath: str, layers: Any, by_name: bool, skip_mismatch: bool) -> None:
    module = h5py()
    with module.File(filepath, "r") as file:
        load_layers(file.get("model_weights", file), layers, by_name, skip_mismatch)


def load_layers(
    group: Any, layers: Any, by_name: bool = False, skip_mismatch: bool = False
) -> None:
    """Loads the weights of layers from a group; all are checked before any is changed."""
    pairs = _by_name(group, layers) if by_name else _by_order(group, layers)
    values: list[tuple[Any, Any]] = []
    for layer, name in pairs:
        values += _layer_values(group[name], layer, name, skip_mismatch)
    for variable, array in values:
        variable.assign(array.astype(variable.dtype.as_numpy_dtype))


def _by_order(group: Any, layers: Any) -> list[tuple[Any, str]]:
    mine = [layer for layer in layers if _saved_weights(layer)]
    names = [n for n in read_names(group, "layer_names") if read_names(group[n], "weight_names")]
    if len(mine) != len(names):
        raise ValueError(
            f"You are trying to load a weight file containing {len(names)} layers into a model "
            f"with {len(mine)} layers."
        )
    return list(zip(mine, names, strict=True))


def _by_name(group: Any, layers: Any) -> list[tuple[Any, str]]:
    named = {layer.name: layer for layer in layers}
    return [(named[n], n) for n in read_names(group, "layer_names") if n in named]


def _layer_values(group: Any, layer: Any, name: str, skip_mismatch: bool) -> list[tuple[Any, Any]]:
    """Pairs of variable and array of one layer, checked."""
    variables = _saved_weights(layer)
    arrays = [np.asarray(group[n]) for n in read_names(group, "weight_names")]
    if len(arrays) != len(variables):
        if skip_mismatch:
            return []
        raise ValueError(
            f'Layer "{layer.name}" (named "{name}" in the weight file) expects {len(variables)} '
            f"weights, but the saved weights have {len(arrays)} elements."
        )
    found = []
    for variable, array in zip(variables, arrays, strict=True):
        if tuple(variable.shape) != array.shape:
            if skip_mismatch:
                continue
            raise ValueError(
                f'Layer "{layer.name}" (named "{name}" in the weight file): weight '
                f"{variable.name} has shape {tuple(variable.shape)}, but the saved weight has "
                f"shape {array.shape}."
            )
        found.append((variable, array))
    return found
