"""``tf.Module``: an object that finds the variables and modules it holds."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from reflow.core import nest
from reflow.core.name_scopes import name_scope
from reflow.core.trackable import Tracker
from reflow.core.variable import Variable


class Module(Tracker):
    """A container of variables, and of other modules.

    Attributes that are variables or modules, or lists, tuples and dictionaries with some inside,
    belong to the module. They are found by looking, when somebody asks, in the order of the
    attributes' names; what a module holds itself comes before what its submodules hold.

    Args:
      name: a valid Python identifier; by default the class's name in snake case.

    Raises:
      ValueError: the name is no identifier.
    """

    _TF_MODULE_IGNORED_PROPERTIES: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, name: str | None = None) -> None:
        if name is None:
            name = camel_to_snake(type(self).__name__)
        elif not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise ValueError(
                f"{name!r} is not a valid module name. Module names must be valid Python "
                "identifiers (e.g. a valid class name)."
            )
        self._name = name
        with name_scope(name) as prefix:
            self._name_scope = name_scope(prefix)

    @property
    def name(self) -> str:
        """The module's name."""
        return self._name

    @property
    def name_scope(self) -> name_scope:
        """A context that puts the module's name before the names of variables made inside."""
        return self._name_scope

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All variables of the module and its submodules, each once."""
        return tuple(self._flatten(predicate=lambda value: isinstance(value, Variable)))

    @property
    def trainable_variables(self) -> tuple[Variable, ...]:
        """Those of them that are trainable."""
        return tuple(
            self._flatten(predicate=lambda value: isinstance(value, Variable) and value.trainable)
        )

    @property
    def submodules(self) -> tuple[Module, ...]:
        """All modules inside this one, and inside those."""
        return tuple(self._flatten(predicate=lambda value: isinstance(value, Module)))

    def _flatten(
        self,
        recursive: bool = True,
        predicate: Callable[[Any], bool] | None = None,
        attribute_traversal_key: Callable[[str], Any] | None = None,
        with_path: bool = False,
    ) -> Iterator[Any]:
        """The values in attributes that ``predicate`` accepts.

        Args:
          recursive: whether to look into submodules.
          predicate: all values by default.
          attribute_traversal_key: the order in which attributes are looked at, as for ``sorted``.
          with_path: yield pairs of the path (attribute names, indices, keys) and the value.
        """
        options = recursive, predicate or (lambda value: True), attribute_traversal_key
        for path, value in _walk(self, (), {id(self)}, *options):
            yield (path, value) if with_path else value

    @classmethod
    def with_name_scope(cls, method: Callable[..., Any]) -> Callable[..., Any]:
        """Decorates a method of a module: what it creates is named within the module's scope."""

        @functools.wraps(method)
        def method_with_name_scope(self: Module, *args: Any, **kwargs: Any) -> Any:
            with self.name_scope:
                return method(self, *args, **kwargs)

        return method_with_name_scope


def _walk(
    module: Module,
    prefix: tuple[Any, ...],
    seen: set[int],
    recursive: bool,
    predicate: Callable[[Any], bool],
    order: Callable[[str], Any] | None,
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    inside = []
    for key in sorted(vars(module), key=order):
        if key in module._TF_MODULE_IGNORED_PROPERTIES:
            continue
        for path, value in _leaves(vars(module)[key], (*prefix, key)):
            if id(value) in seen:
                continue
            if predicate(value):
                seen.add(id(value))
                yield path, value
            if recursive and isinstance(value, Module):
                seen.add(id(value))
                inside.append((path, value))
    for path, submodule in inside:
        yield from _walk(submodule, path, seen, recursive, predicate, order)


def _leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """The leaves of a nested structure with the paths to them."""
    if isinstance(value, Mapping):
        for key in nest.sorted_keys(value):
            yield from _leaves(value[key], (*path, key))
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _leaves(item, (*path, i))
    else:
        yield path, value


def camel_to_snake(name: str) -> str:
    """``HTTPNet2D`` becomes ``http_net2_d``."""
    words = re.sub(r"([a-z0-9])([A-Z])|(?<!^)([A-Z])(?=[a-z])", _split_word, name)
    return words.lower()


def _split_word(match: re.Match[str]) -> str:
    before, first, other = match.groups()
    return f"{before}_{first}" if before else f"_{other}"
