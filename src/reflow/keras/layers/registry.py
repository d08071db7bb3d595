"""Layers by name, for configs."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

import reflow as tf
from reflow.keras.layers.layer import Layer
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["deserialize", "serialize"]

FILES = (
    "abstract_rnn_cell",
    "activation",
    "advanced_activations",
    "attention",
    "batch_normalization",
    "bidirectional",
    "convolution",
    "cropping",
    "dense",
    "depthwise_convolution",
    "dropout",
    "embedding",
    "global_pooling",
    "gru",
    "gru_cell",
    "input",
    "joining",
    "lambda_layer",
    "layer",
    "layer_normalization",
    "locally_connected",
    "lstm",
    "lstm_cell",
    "masking",
    "merging",
    "noise",
    "padding",
    "pooling",
    "reshaping",
    "rnn",
    "separable_convolution",
    "simple_rnn",
    "simple_rnn_cell",
    "stacked_rnn_cells",
    "time_distributed",
    "transposed_convolution",
    "up_sampling",
    "wrapper",
)
"""The files of layers: what they export can be named in configs."""

LAYERS: dict[str, Any] = {}
"""Name -> class."""

for _file in FILES:
    _module = importlib.import_module(f"reflow.keras.layers.{_file}")
    for _name in _module.__all__:
        if inspect.isclass(getattr(_module, _name)):
            LAYERS[_name] = getattr(_module, _name)

# Names of classes in files that older versions of TF have written.
LAYERS["BatchNormalizationV1"] = LAYERS["BatchNormalizationV2"] = LAYERS["BatchNormalization"]


def _known() -> dict[str, Any]:
    """The layers, and the models, which are layers too."""
    models = {name: getattr(tf.keras, name, None) for name in ("Model", "Sequential")}
    return {**LAYERS, **{name: cls for name, cls in models.items() if cls is not None}}


def serialize(layer):
    """Returns a dict with a layer's ``class_name`` and ``config``, without its weights.

    Args:
      layer: a layer.

    Raises:
      ValueError: if it is none.
    """
    return serialize_keras_object(layer)


def deserialize(config, custom_objects=None):
    """Makes a layer from the result of ``serialize``.

    Args:
      config: a dict with ``class_name`` and ``config``.
      custom_objects: the program's own classes and functions by name.

    Returns:
      A layer with new weights.

    Raises:
      ValueError: if there is no such layer.
      TypeError: if ``config`` is no dict.
    """
    if not isinstance(config, dict):
        raise TypeError(f"a layer's config is a dict with class_name and config, got {config!r}")
    return deserialize_keras_object(config, _known(), custom_objects, "layer")


def is_builtin(layer: Layer) -> bool:
    """Whether a layer's class is one of Keras's own."""
    return LAYERS.get(type(layer).__name__) is type(layer)
