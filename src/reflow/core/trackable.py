"""What checkpoints follow: objects that hold variables, and each other, under names.

An object takes part by two methods, both optional:

    _trackable_children()        pairs (name, object), in the order and with the names TF gives them
    _checkpoint_values()         its own values: {attribute: ...}, for what is no variable; then
    _restore_checkpoint_value(attribute, array)    gives one of them back

A ``tf.Module`` has its attributes as children (:func:`attribute_children`), a list "0", "1", ..., a
dictionary its keys. An optimizer also has ``_slots_of(variable)`` (a dictionary of variables by
name), ``get_slot_names()`` and ``add_slot(variable, name)``, which makes a slot if it is not there.

A checkpoint may be restored before the objects in it are made. Then whoever gets a new child later
says so, and the child gets its value:

    restore_child(parent, "kernel", variable)

``Tracker.__setattr__`` does it for attributes; what makes its children otherwise calls it by hand.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from reflow.core.variable import UnreadVariable, Variable

WAITING = "_waiting_restores"
"""The attribute in which an object keeps what is to be restored to children that it does not have:
``{name: [restore(child) functions]}``."""


def same(value: Any) -> Any:
    """The object that ``value`` stands for: what an assignment returned is its variable."""
    return value._parent if value.__class__ is UnreadVariable else value


def is_trackable(value: Any) -> bool:
    """Whether a checkpoint follows ``value`` where it is an attribute or an item."""
    kind = type(value)
    if isinstance(value, (Variable, ListWrapper, DictWrapper)) or kind in _CONTAINERS:
        return True
    if isinstance(value, tuple):
        return any(map(is_trackable, value))
    return hasattr(kind, "_trackable_children") or hasattr(kind, "_checkpoint_values")


def children(value: Any) -> list[tuple[str, Any]]:
    """The named objects that a trackable object holds.

    Raises:
      ValueError: a dictionary has a trackable value under a key that is no string.
    """
    method = getattr(type(value), "_trackable_children", None)
    if method is not None:
        return [(name, same(child)) for name, child in method(value)]
    return [(name, same(child)) for name, child in _items(value) if is_trackable(child)]


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, tuple):
        yield from zip(getattr(value, "_fields", ()), value, strict=False)
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield str(index), item
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, str):
                yield key, item
            elif is_trackable(item):
                raise ValueError(
                    f"Unable to save the object {value} (a dictionary that is an attribute). It "
                    f"contains a non-string key ({key!r}) which maps to a trackable object or "
                    "mutable data structure; use strings as keys."
                )


def attribute_children(value: Any, ignored: Iterable[str] = ()) -> list[tuple[str, Any]]:
    """The trackable ones among an object's attributes, in the order of their making."""
    return [
        (name, item)
        for name, item in vars(value).items()
        if is_trackable(item) and name not in ignored and name != WAITING
    ]


def has_values(value: Any) -> bool:
    """Whether the object itself, not its children, has values to store."""
    return isinstance(value, Variable) or hasattr(type(value), "_checkpoint_values")


# ---- restoring to what is made later


def wait_for_child(parent: Any, name: str, restore: Callable[[Any], None]) -> None:
    """Calls ``restore(child)`` as soon as ``parent`` gets a child of this name, if it can tell."""
    if not isinstance(parent, (Variable, tuple)) and hasattr(parent, "__dict__"):
        vars(parent).setdefault(WAITING, {}).setdefault(name, []).append(restore)


def restore_child(parent: Any, name: str, child: Any) -> Any:
    """Gives a new child the values that were restored before it was made.

    Returns:
      The child, or, if it is a list or dictionary that is to get more items, one that tells of it.
    """
    waiting = vars(parent).get(WAITING)
    if not waiting or name not in waiting or not is_trackable(child):
        return child
    child = telling(same(child))
    for restore in waiting.pop(name):
        restore(child)
    return child


def telling(value: Any) -> Any:
    """A list or dictionary as one that tells when it gets items; other objects unchanged."""
    if type(value) is list:
        return ListWrapper(value)
    return DictWrapper(value) if type(value) in _CONTAINERS else value


class ListWrapper(list):  # type: ignore[type-arg]
    """A list whose later items get what was restored for them."""

    def _tell(self, first: int) -> None:
        for index in range(first, len(self)):
            super().__setitem__(index, restore_child(self, str(index), self[index]))

    def append(self, value: Any) -> None:
        super().append(value)
        self._tell(len(self) - 1)

    def extend(self, values: Any) -> None:
        first = len(self)
        super().extend(values)
        self._tell(first)

    def __iadd__(self, values: Any) -> Self:  # type: ignore[misc, override]
        self.extend(values)
        return self

    def __repr__(self) -> str:
        return f"ListWrapper({super().__repr__()})"

    def __reduce__(self) -> Any:
        return list, (list(self),)


class DictWrapper(collections.OrderedDict):  # type: ignore[type-arg]
    """A dictionary whose later values get what was restored for them."""

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        if isinstance(key, str) and WAITING in vars(self):
            super().__setitem__(key, restore_child(self, key, value))

    def __repr__(self) -> str:
        return f"DictWrapper({dict(self)!r})"

    __str__ = __repr__

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


_CONTAINERS = (list, dict, collections.OrderedDict)


class Tracker:
    """Base of objects whose attributes are their children, such as ``tf.Module``."""

    def _trackable_children(self) -> list[tuple[str, Any]]:
        return attribute_children(self)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if WAITING in self.__dict__:
            object.__setattr__(self, name, restore_child(self, name, value))
