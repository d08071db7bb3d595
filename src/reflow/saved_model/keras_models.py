"""``tf.saved_model.save`` and ``load`` for Keras models.

A SavedModel of another object holds its functions only as graphs of TensorFlow's ops, which Reflow
neither writes nor runs; that is refused with what to do instead.
"""

from __future__ import annotations

import os
from typing import Any

import reflow as tf
from reflow.core import trackable
from reflow.saved_model.constants import (
    DEFAULT_SERVING_SIGNATURE_DEF_KEY,
    SAVED_MODEL_FILENAME_PB,
    SAVED_MODEL_FILENAME_PBTXT,
)

__all__ = ["SaveOptions", "contains_saved_model", "load", "save"]


class SaveOptions:
    """Options of ``save``; they have no effect here.

    Args:
      namespace_whitelist: of TensorFlow's op namespaces.
      save_debug_info: whether a graph's debug information is saved.
    """

    __slots__ = ("namespace_whitelist", "save_debug_info")

    def __init__(self, namespace_whitelist=None, save_debug_info=False):
        self.namespace_whitelist = list(namespace_whitelist or [])
        self.save_debug_info = save_debug_info


def contains_saved_model(export_dir):
    """Whether a folder holds a SavedModel.

    Args:
      export_dir: the folder.
    """
    names = (SAVED_MODEL_FILENAME_PB, SAVED_MODEL_FILENAME_PBTXT)
    return any(os.path.isfile(os.path.join(os.fspath(export_dir), name)) for name in names)


def save(obj, export_dir, signatures=None, options=None):
    """Saves a Keras model into a folder; the same as ``model.save(export_dir)``.

    Args:
      obj: the model.
      export_dir: the folder.
      signatures: functions to serve; not supported.
      options: without effect.

    Raises:
      ValueError: ``obj`` holds no variables.
      NotImplementedError: it is no Keras model, or there are signatures.
    """
    if not trackable.is_trackable(obj):
        raise ValueError(f"Expected a Trackable object for export, got {obj}.")
    if not isinstance(obj, tf.keras.Model):
        raise NotImplementedError(
            f"tf.saved_model.save: {type(obj).__name__} is no Keras model, and its functions could "
            "be saved only as graphs of TensorFlow's ops, which Reflow does not write. Save its "
            "variables: tf.train.Checkpoint(root=obj).save(path)"
        )
    tf.keras.models.save_model(obj, os.fspath(export_dir), save_format="tf", signatures=signatures)


def load(export_dir, tags=None):
    """Loads a Keras model from a folder.

    Args:
      export_dir: the folder.
      tags: accepted for TF's sake.

    Returns:
      The model. ``signatures["serving_default"]`` calls it with named tensors, and returns its
      outputs by name.

    Raises:
      OSError: if there is no SavedModel.
      ValueError: if it holds something else than a Keras model.
    """
    model = tf.keras.models.load_model(os.fspath(export_dir), compile=False)
    model.__dict__["signatures"] = {DEFAULT_SERVING_SIGNATURE_DEF_KEY: _Serving(model)}
    return model


class _Serving:
    """A model as a function of named tensors that returns a dictionary."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def structured_outputs(self) -> dict[str, Any]:
        """Names and specs of the outputs."""
        return {
            name: tf.TensorSpec(list(x._dims), x.dtype, name)
            for name, x in zip(self._model.output_names, self._model.outputs, strict=True)
        }

    def __call__(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        names = self._model.input_names
        if len(args) > 1:
            raise TypeError(
                f"Expected at most 1 positional arguments (and the rest keywords, of {names}), got "
                f"{args}."
            )
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        if sorted(given) != sorted(names):
            missing = [name for name in names if name not in given]
            raise TypeError(
                f"Expected argument names {names} but got values for {list(given)}. Missing: "
                f"{missing}."
            )
        inputs = [given[name] for name in names]
        outputs = self._model(inputs[0] if len(inputs) == 1 else inputs, training=False)
        return dict(zip(self._model.output_names, tf.nest.flatten(outputs), strict=True))
