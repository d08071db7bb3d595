"""Objects as dictionaries for JSON and back, and the names of a program's own classes."""

from __future__ import annotations

import inspect
from typing import Any

from reflow.core import custom_objects as custom

__all__ = [
    "CustomObjectScope",
    "custom_object_scope",
    "deserialize_keras_object",
    "get_custom_objects",
    "register_keras_serializable",
    "serialize_keras_object",
]

# Marks, in a config, an object that was serialized along with the one the config belongs to.
_NESTED = "__passive_serialization__"


# -------------------------------------------------------------------------------------- names


def get_custom_objects():
    """Returns the dict of custom objects by name; what is put into it is known everywhere."""
    return custom.OBJECTS


class CustomObjectScope:
    """Makes custom objects known within a ``with`` block.

    Names that the block adds to or takes from ``get_custom_objects()`` are undone at its end.

    Args:
      *args: dicts of classes and functions by name.
    """

    def __init__(self, *args):
        self.custom_objects = args
        self.backup = None

    def __enter__(self):
        """Adds the names."""
        self.backup = dict(custom.OBJECTS)
        for objects in self.custom_objects:
            custom.OBJECTS.update(objects)
        return self

    def __exit__(self, *args):
        """Restores the names there were before."""
        custom.OBJECTS.clear()
        custom.OBJECTS.update(self.backup)


def custom_object_scope(*args):
    """Makes custom objects known within a ``with`` block: a ``CustomObjectScope``.

    Args:
      *args: dicts of classes and functions by name.
    """
    return CustomObjectScope(*args)


def register_keras_serializable(package="Custom", name=None):
    """Decorates a class or function of the program so that configs can name it.

    Its name in configs is ``package>name``; it is then found without a custom object scope.

    Args:
      package: the part of the name in front.
      name: the other part; the class's own name by default.

    Returns:
      A decorator that returns its argument.

    Raises:
      ValueError: when decorating, if a class has no ``get_config``, if the name is taken, or if the
        object has a name already.
    """

    def decorate(item):
        full_name = f"{package}>{name if name is not None else item.__name__}"
        if inspect.isclass(item) and not hasattr(item, "get_config"):
            raise ValueError(
                "Cannot register a class that does not have a get_config() method. "
                f"Class {item.__name__} needs one."
            )
        if full_name in custom.OBJECTS:
            raise ValueError(
                f"{full_name} has already been registered to {custom.OBJECTS[full_name]}"
            )
        if item in custom.REGISTERED_NAMES:
            raise ValueError(
                f"{item} has already been registered to {custom.REGISTERED_NAMES[item]}"
            )
        custom.OBJECTS[full_name] = item
        custom.REGISTERED_NAMES[item] = full_name
        return item

    return decorate


# ------------------------------------------------------------------------------- there and back


def serialize_keras_object(instance):
    """Describes an object by plain values.

    Args:
      instance: an object with ``get_config``, a function, or None.

    Returns:
      ``{"class_name": ..., "config": ...}``, the function's name, or None.

    Raises:
      ValueError: if it is neither.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        config = {key: _serialize_item(item) for key, item in instance.get_config().items()}
        return {"class_name": custom.registered_name(type(instance)), "config": config}
    if hasattr(instance, "__name__"):
        return custom.registered_name(instance)
    raise ValueError("Cannot serialize", instance)


def _serialize_item(item: Any) -> Any:
    """What a config keeps of one of its items: objects and functions become plain values."""
    if isinstance(item, str):
        return item
    try:
        serialized = serialize_keras_object(item)
    except ValueError:
        return item
    if isinstance(serialized, dict) and not isinstance(item, dict):
        serialized[_NESTED] = True
    return serialized


def deserialize_keras_object(
    identifier, module_objects=None, custom_objects=None, printable_module_name="object"
):
    """Makes the object that ``serialize_keras_object`` described.

    Args:
      identifier: a dict with ``class_name`` and ``config``, a name, or None. The name of a class
        gives an instance made without arguments, that of a function the function.
      module_objects: a dict of the classes and functions that may be named.
      custom_objects: a dict of more of them, which come first.
      printable_module_name: what error messages call such an object.

    Returns:
      The object, or None for None.

    Raises:
      ValueError: if the name is not known or the identifier is none.
    """
    what = printable_module_name
    known = module_objects or {}
    if identifier is None:
        return None
    if isinstance(identifier, str):
        found = custom.find(identifier, custom_objects, known)
        if found is None:
            raise ValueError(f"Unknown {what}:{identifier}")
        return found() if inspect.isclass(found) else found
    if not isinstance(identifier, dict):
        raise ValueError(f"Could not interpret serialized {what}: {identifier}")
    if "class_name" not in identifier or "config" not in identifier:
        raise ValueError(f"Improper config format: {identifier}")
    found = custom.find(identifier["class_name"], custom_objects, known)
    if found is None:
        raise ValueError(f"Unknown {what}: {identifier['class_name']}")
    config = _deserialize_items(identifier["config"], known, custom_objects, what)
    return _make(found, config, custom_objects or {})


def _deserialize_items(config: Any, known: Any, custom_objects: Any, what: str) -> Any:
    """A config in which nested objects and registered functions are objects again."""
    items = dict(config)
    for key, item in config.items():
        if isinstance(item, dict) and _NESTED in item:
            items[key] = deserialize_keras_object(item, known, custom_objects, "config_item")
        elif isinstance(item, str) and key != "name":
            found = custom.find(item, custom_objects, {})
            if inspect.isfunction(found):
                items[key] = found
    return items


def _make(found: Any, config: dict[str, Any], custom_objects: dict[str, Any]) -> Any:
    """Calls a class's ``from_config``, or what has none with the config as its arguments."""
    if not hasattr(found, "from_config"):
        with CustomObjectScope(custom_objects):
            return found(**config)
    if "custom_objects" in inspect.signature(found.from_config).parameters:
        return found.from_config(config, custom_objects={**custom.OBJECTS, **custom_objects})
    with CustomObjectScope(custom_objects):
        return found.from_config(config)
