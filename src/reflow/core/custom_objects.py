"""The user's own classes and functions by name, for configs that mention them.

``tf.keras.utils.get_custom_objects`` gives out ``OBJECTS`` itself; custom object scopes and
``register_keras_serializable`` fill it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OBJECTS: dict[str, Any] = {}
"""Name -> class or function."""
REGISTERED_NAMES: dict[Any, str] = {}
"""Class or function -> the name it was registered with."""


def find(name: str, custom_objects: Mapping[str, Any] | None, known: Mapping[str, Any]) -> Any:
    """Returns what a name stands for, or None: custom objects first, then `known` ones."""
    for objects in (custom_objects or {}, OBJECTS, known):
        if name in objects:
            return objects[name]
    return None


def registered_name(item: Any) -> str:
    """The name of a class or function in configs."""
    return REGISTERED_NAMES.get(item) or str(item.__name__)
