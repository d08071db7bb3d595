"""``save_model`` and ``load_model``: whole models in files, in the formats of TF and Keras."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import reflow as tf
from reflow.core.errors import OpError
from reflow.keras.models import hdf5_models, saved_model_files, weight_files

__all__ = ["load_model", "save_model"]

_NO_HDF5 = (
    "Saving the model to HDF5 format requires the model to be a Functional model or a Sequential "
    "model. It does not work for subclassed models, because such models are defined via the body "
    "of a Python method, which isn't safely serializable. Consider saving to the Tensorflow "
    'SavedModel format (by setting save_format="tf") or using `save_weights`.'
)


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
      model: a model.
      filepath: of an HDF5 file, if it ends in ``.h5``, ``.hdf5`` or ``.keras``, or is an open
        ``h5py.File``; else of a folder in the SavedModel format. TensorFlow reads the variables of
        such a folder as a checkpoint, but not the model, as there are no graphs of ops.
      overwrite: whether what is there is replaced without a question.
      include_optimizer: whether the optimizer's state is saved.
      save_format: ``"tf"`` or ``"h5"``, where the name does not say it; ``"keras_v3"`` for the zip
        file of Keras 3.
      signatures, options: of SavedModels; not supported.

    Raises:
      NotImplementedError: for a model with a ``call`` of its own, in HDF5.
      ValueError: for a model that is not built yet.
      OpError, OSError: if the files cannot be written; the old ones are as they were.
    """
    if _is_open_file(filepath):
        kind = "h5"
    else:
        filepath = os.fspath(filepath)
        kind = _kind(filepath, save_format)
    if kind == "h5" and not model._is_graph_network and not isinstance(model, tf.keras.Sequential):
        raise NotImplementedError(_NO_HDF5)
    if signatures is not None:
        raise NotImplementedError(
            "save_model: signatures are graphs of TensorFlow's ops, which Reflow does not write; "
            "leave `signatures` out"
        )
    exists = not _is_open_file(filepath) and os.path.exists(filepath)
    if not overwrite and exists and not weight_files.may_replace(filepath):
        return
    if kind == "h5":
        model._need_weights()
        hdf5_models.write(model, filepath, include_optimizer)
    elif kind == "keras_v3":
        from reflow.keras.models import keras_v3_files

        keras_v3_files.write(model, filepath, include_optimizer)
    else:
        saved_model_files.write(model, filepath, include_optimizer)


def load_model(filepath, custom_objects=None, compile=True):
    """Loads a model that ``save_model`` saved here, in TF 2.1, or in another version of Keras.

    Files are only read: layers are made from their configs, and code in them, such as that of
    ``Lambda`` layers, runs only if ``REFLOW_LAMBDA_CODE`` says so (``docs/env_vars.md``).

    Args:
      filepath: of an HDF5 file, a SavedModel's folder, or a ``.keras`` file of Keras 3; or an open
        ``h5py.File``.
      custom_objects: the program's own classes and functions by name.
      compile: whether the model is compiled as it was, and goes on with the optimizer's state.

    Raises:
      OSError: if there is no such file.
      DataLossError: if it is damaged.
      ValueError: if it holds no model, or one that can't be made here; the message says why.
    """
    if _is_open_file(filepath):
        return hdf5_models.read(filepath, custom_objects, compile)
    filepath = os.fspath(filepath)
    with errors_of(filepath, custom_objects):
        return _load(filepath, custom_objects, compile)


@contextmanager
def errors_of(filepath: str, custom_objects: Any = None) -> Iterator[None]:
    """Errors of all kinds that damaged files cause name the file; most become ValueErrors.

    A program's own classes may raise what they like, and that is passed on.
    """
    kinds: tuple[type[Exception], ...] = (KeyError, RecursionError, RuntimeError, IndexError)
    if not custom_objects:
        kinds = (*kinds, AttributeError, TypeError, ZeroDivisionError)
    try:
        yield
    except NotImplementedError as error:
        if filepath in str(error):
            raise
        raise NotImplementedError(f"{filepath}: {error}") from error
    except (OSError, ValueError, OpError) as error:
        if filepath in str(error) or (isinstance(error, OSError) and type(error) is not OSError):
            raise
        if isinstance(error, OpError):
            raise error.reworded(f"{filepath}: {error.message}") from error
        kind = OSError if isinstance(error, OSError) else ValueError
        raise kind(f"{filepath}: {error}") from error
    except kinds as error:
        raise ValueError(
            f"{filepath} cannot be loaded, it is damaged or has what Reflow does not know: "
            f"{type(error).__name__}: {error}"
        ) from error


def _load(filepath: str, custom_objects: Any, compile: bool) -> Any:
    if os.path.isfile(filepath):
        from reflow.keras.models import keras_v3_files

        if keras_v3_files.is_keras_v3(filepath):
            return keras_v3_files.read(filepath, custom_objects, compile)
        if weight_files.is_hdf5(filepath):
            with weight_files.opened(filepath) as file:
                return hdf5_models.read(file, custom_objects, compile)
    return saved_model_files.read(filepath, custom_objects, compile)


def _kind(filepath: str, save_format: Any) -> str:
    if save_format == "keras_v3":
        return "keras_v3"
    return "h5" if save_format == "h5" or weight_files.looks_like_hdf5(filepath) else "tf"


def _is_open_file(filepath: Any) -> bool:
    """Whether a path is no path but an open HDF5 file."""
    return hasattr(filepath, "create_group") and hasattr(filepath, "attrs")
