"""Finding the layers and variables that an object holds in its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reflow.core.variable import Variable


def is_holder(value: Any) -> bool:
    """Whether a value may hold layers or variables: it has some of its own, or is a container."""
    return isinstance(value, (list, tuple, dict)) or is_weighted(value)


def is_weighted(value: Any) -> bool:
    """Whether an object has weights as layers do."""
    cls = type(value)
    return hasattr(cls, "trainable_weights") and hasattr(cls, "non_trainable_weights")


def weighted_in(value: Any) -> Iterator[Any]:
    """The objects with weights in a value, looking into lists, tuples and dicts."""
    if isinstance(value, Mapping):
        for item in _by_key(value):
            yield from weighted_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from weighted_in(item)
    elif is_weighted(value):
        yield value


def variables_in(value: Any) -> Iterator[Variable]:
    """The variables in a value, looking into lists, tuples and dicts."""
    if isinstance(value, Variable):
        yield value
    elif isinstance(value, Mapping):
        for item in _by_key(value):
            yield from variables_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from variables_in(item)


def _by_key(mapping: Mapping[Any, Any]) -> list[Any]:
    """A dict's values in the order of its keys, as TF walks through it."""
    return [value for _, value in sorted(mapping.items(), key=lambda item: str(item[0]))]


class Held:
    """What a list, tuple or dict holds, as one thing with weights, which it is in TF too."""

    def __init__(self, container: Any) -> None:
        self._layers = list(weighted_in(container))
        self._variables = list(variables_in(container))

    @property
    def trainable_weights(self) -> list[Variable]:
        """Of its layers, then its own."""
        found = [v for layer in self._layers for v in layer.trainable_weights]
        return [*found, *[v for v in self._variables if v.trainable]]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Of its layers, then its own."""
        found = [v for layer in self._layers for v in layer.non_trainable_weights]
        return [*found, *[v for v in self._variables if not v.trainable]]

    @property
    def weights(self) -> list[Variable]:
        """The trainable ones first."""
        return [*self.trainable_weights, *self.non_trainable_weights]


def unique(items: Any) -> list[Any]:
    """The items, each once, in the order of first appearance."""
    return list({id(item): item for item in items}.values())
