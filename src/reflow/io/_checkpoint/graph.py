"""The object graph of a checkpoint: which objects there are, and the keys of their values.

Objects are numbered breadth first from the root, after them the optimizers' slots. A value's key is
the shortest path to its object and the attribute: ``model/kernel/.ATTRIBUTES/VARIABLE_VALUE``, for
a slot ``<variable>/.OPTIMIZER_SLOT/<optimizer>/m/.ATTRIBUTES/VARIABLE_VALUE``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reflow.core import trackable
from reflow.core.variable import Variable
from reflow.io._protos import message

GRAPH_KEY = "_CHECKPOINTABLE_OBJECT_GRAPH"
VARIABLE_VALUE = "VARIABLE_VALUE"


class ObjectGraph:
    """The objects that a root leads to.

    Attributes:
      objects: all of them, by number.
      names: their paths, as keys have them.
      children: of each, pairs of name and number.
      slots: of each, triples of variable's number, slot's name, slot's number.
    """

    def __init__(self, root: Any) -> None:
        self.objects: list[Any] = []
        self.names: list[str] = []
        self.children: list[list[tuple[str, int]]] = []
        self._numbers: dict[int, int] = {}
        self._add(trackable.same(root), "")
        for number, value in enumerate(self.objects):  # it grows on the way
            for name, child in trackable.children(value):
                if id(child) not in self._numbers:
                    path = f"{self.names[number]}/{_escaped(name)}"
                    self._add(child, path.removeprefix("/"))
                self.children[number].append((name, self._numbers[id(child)]))
        self.slots: list[list[tuple[int, str, int]]] = [[] for _ in self.objects]
        variables = [n for n, v in enumerate(self.objects) if isinstance(v, Variable)]
        for number, value in enumerate(list(self.objects)):
            if hasattr(type(value), "_slots_of"):
                self._add_slots(number, value, variables)

    def _add(self, value: Any, path: str) -> int:
        number = self._numbers[id(value)] = len(self.objects)
        self.objects.append(value)
        self.names.append(path)
        self.children.append([])
        return number

    def _add_slots(self, optimizer: int, value: Any, variables: list[int]) -> None:
        for name in value.get_slot_names():
            for original in variables:
                slot = value._slots_of(self.objects[original]).get(name)
                if slot is None:
                    continue
                path = (
                    f"{self.names[original]}/.OPTIMIZER_SLOT/{self.names[optimizer]}/"
                    f"{_escaped(name)}"
                )
                number = self._add(slot, path)
                self.slots.append([])
                self.slots[optimizer].append((original, name, number))

    def values(self) -> Iterator[tuple[int, str, str, str, Any]]:
        """For each value: its object's number, attribute, full name, key, and the value itself."""
        for number, value in enumerate(self.objects):
            for attribute, full_name, stored in values_of(value):
                name = self.names[number]
                key = f"{name}/.ATTRIBUTES/{attribute}" if name else f".ATTRIBUTES/{attribute}"
                yield number, attribute, full_name, key, stored

    def proto(self) -> Any:
        """The graph as checkpoints store it."""
        graph = message("TrackableObjectGraph")()
        for children, slots in zip(self.children, self.slots, strict=True):
            node = graph.nodes.add()
            for name, number in children:
                node.children.add(local_name=name, node_id=number)
            for original, name, slot in slots:
                node.slot_variables.add(
                    original_variable_node_id=original, slot_name=name, slot_variable_node_id=slot
                )
        for number, attribute, full_name, key, _ in self.values():
            graph.nodes[number].attributes.add(
                name=attribute, full_name=full_name, checkpoint_key=key
            )
        return graph


def values_of(value: Any) -> Iterator[tuple[str, str, Any]]:
    """An object's own values: attribute, full name, and what to store."""
    if isinstance(value, Variable):
        yield VARIABLE_VALUE, value._shared_name, value
    elif hasattr(type(value), "_checkpoint_values"):
        for attribute, stored in value._checkpoint_values().items():
            yield attribute, "", stored


def _escaped(name: str) -> str:
    return name.replace(".", "..").replace("/", ".S")
