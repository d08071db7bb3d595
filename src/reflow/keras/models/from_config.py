"""Models from their configs: as dicts, JSON and YAML."""

from __future__ import annotations

import json

import reflow as tf

__all__ = ["model_from_config", "model_from_json", "model_from_yaml"]


def model_from_config(config, custom_objects=None):
    """Makes a model, with new weights, from a dict with ``class_name`` and ``config``.

    Args:
      config: the dict.
      custom_objects: the program's own classes and functions by name.

    Raises:
      TypeError: if it is a list, such as the layers' configs of a ``Sequential``.
    """
    if isinstance(config, list):
        raise TypeError(
            "`model_from_config` expects a dictionary, not a list. Maybe you meant to use "
            "`Sequential.from_config(config)`?"
        )
    return tf.keras.layers.deserialize(config, custom_objects=custom_objects)


def model_from_json(json_string, custom_objects=None):
    """Makes a model, with new weights, from the result of ``to_json``.

    Args:
      json_string: the text.
      custom_objects: the program's own classes and functions by name.
    """
    return model_from_config(json.loads(json_string), custom_objects)


def model_from_yaml(yaml_string, custom_objects=None):
    """Makes a model, with new weights, from the result of ``to_yaml``.

    Args:
      yaml_string: the text; only plain values are read, never Python objects.
      custom_objects: the program's own classes and functions by name.

    Raises:
      ImportError: if PyYAML is not installed.
    """
    try:
        import yaml
    except ImportError:
        raise ImportError("model_from_yaml needs PyYAML: pip install pyyaml") from None
    return model_from_config(yaml.safe_load(yaml_string), custom_objects)
