"""Restoring: objects get the values of a checkpoint, now or when they are made."""

from __future__ import annotations

from collections import deque
from typing import Any

from reflow.core import trackable
from reflow.core.errors import DataLossError, InvalidArgumentError
from reflow.core.logging import warn
from reflow.core.tracing import outside
from reflow.core.variable import Variable
from reflow.io._checkpoint.bundle import BundleReader
from reflow.io._checkpoint.graph import GRAPH_KEY, ObjectGraph, values_of
from reflow.io._protos import message

_NOT_ALL_USED = (
    "A checkpoint was restored (e.g. tf.train.Checkpoint.restore or tf.keras.Model.load_weights) "
    "but not all checkpointed values were used. See above for specific issues. Use "
    "expect_partial() on the load status object, e.g. "
    "tf.train.Checkpoint.restore(...).expect_partial(), to silence these warnings, or use "
    "assert_consumed() to make the check explicit. See "
    "https://www.tensorflow.org/guide/checkpoint#loading_mechanics for details."
)


class Restore:
    """One checkpoint being restored to a graph of objects.

    What is there at first is checked as a whole before any of it gets its value, so that a
    checkpoint that is damaged or does not fit changes nothing.
    """

    def __init__(self, reader: BundleReader, root: Any) -> None:
        self.reader = reader
        self.nodes = _read_graph(reader)
        self.objects: dict[int, Any] = {}  # by their numbers in the checkpoint
        self._restored: dict[int, Any] = {}  # by id; an object may stand for several numbers
        self._slots: dict[int, list[Any]] = {}  # slots that wait for the variable of this number
        self._reminder = _Reminder(self.nodes, self.objects)
        self._collected: list[tuple[Any, str, str]] | None = []  # values to give, at first
        self._failed = False
        try:
            self.match(0, root)
            collected, self._collected = self._collected, None
            for value, _, key in collected:
                check_value(value, reader, key)
        except BaseException:
            self._failed = True
            self._reminder.silent = True
            raise
        for value, name, key in collected:
            give_value(value, reader, name, key)

    def match(self, number: int, value: Any) -> None:
        """Restores object ``number`` to ``value``, and with it all that it holds."""
        if self._failed:
            return
        queue = deque([(number, value)])
        while queue:
            number, value = queue.popleft()
            value = trackable.same(value)
            known = self.objects.get(number)
            if known is not None:
                if known is not value:
                    warn(
                        "Inconsistent references when loading the checkpoint into this object "
                        "graph. Either the Trackable object references in the Python program have "
                        "changed in an incompatible way, or the checkpoint was generated in an "
                        f"incompatible program.\n\nTwo checkpoint references resolved to different "
                        f"objects ({known} and {value})."
                    )
                continue
            self.objects[number] = value
            if id(value) not in self._restored:
                self._restored[id(value)] = value
                self._give_values(number, value)
            queue.extend(self._known_children(number, value))
            if hasattr(type(value), "_slots_of"):
                for slot in self.nodes[number].slot_variables:
                    waiting = self._slots.setdefault(slot.original_variable_node_id, [])
                    waiting.append((value, slot))
                    self._restore_slots(slot.original_variable_node_id)
            self._restore_slots(number)

    def _give_values(self, number: int, value: Any) -> None:
        for stored in self.nodes[number].attributes:
            if self._collected is not None:
                self._collected.append((value, stored.name, stored.checkpoint_key))
            else:
                check_value(value, self.reader, stored.checkpoint_key)
                give_value(value, self.reader, stored.name, stored.checkpoint_key)

    def _known_children(self, number: int, value: Any) -> list[tuple[int, Any]]:
        """The children that are there; the others are waited for."""
        present = dict(trackable.children(value))
        found = []
        for reference in self.nodes[number].children:
            name, child_number = reference.local_name, reference.node_id
            child = present.get(name)
            if child is not None:
                child = self._telling(child_number, value, name, child)
                found.append((child_number, child))
            else:
                trackable.wait_for_child(
                    value, name, lambda new, n=child_number: self.match(n, new)
                )
        return found

    def _telling(self, number: int, parent: Any, name: str, child: Any) -> Any:
        """A list that lacks items of the checkpoint's is replaced by one that tells of new ones."""
        wanted = {reference.local_name for reference in self.nodes[number].children}
        if isinstance(parent, tuple) or type(child) not in (list, dict):
            return child
        if wanted - dict(trackable.children(child)).keys():
            wrapped = trackable.telling(child)
            if isinstance(parent, list):
                list.__setitem__(parent, int(name), wrapped)
            elif isinstance(parent, dict):
                dict.__setitem__(parent, name, wrapped)
            elif vars(parent).get(name) is child:
                vars(parent)[name] = wrapped
            else:
                return child
            return wrapped
        return child

    def _restore_slots(self, number: int) -> None:
        """Makes and restores a variable's slots, of those optimizers that are there, if it is."""
        variable = self.objects.get(number)
        if variable is None:
            return
        for optimizer, reference in self._slots.pop(number, ()):
            stored = self.nodes[reference.slot_variable_node_id].attributes
            if stored:
                with outside():
                    slot = _make_slot(optimizer, variable, reference.slot_name)
                self.match(reference.slot_variable_node_id, slot)

    # ---- what the status asks

    def path(self, number: int) -> str:
        """How an object is reached, as messages say it."""
        return self._reminder.paths()[number]

    def unresolved(self) -> list[int]:
        """The objects with values that no object here stands for."""
        return self._reminder.unresolved()

    def expect_partial(self) -> None:
        """Says nothing, at the end, of values that were not used."""
        self._reminder.silent = True


def _make_slot(optimizer: Any, variable: Any, name: str) -> Any:
    """A slot, which is made now if it is not there."""
    make = getattr(optimizer, "_restored_slot", optimizer.add_slot)
    return make(variable, name)


class _Reminder:
    """Warns, when the restoring is over, of values that were not used."""

    def __init__(self, nodes: Any, objects: dict[int, Any]) -> None:
        self.nodes = nodes
        self.objects = objects
        self.silent = False

    def unresolved(self) -> list[int]:
        return [n for n, node in enumerate(self.nodes) if node.attributes and n not in self.objects]

    def paths(self) -> dict[int, str]:
        paths = {0: "(root)"}
        queue = deque([0])
        while queue:
            number = queue.popleft()
            for child in self.nodes[number].children:
                if child.node_id not in paths:
                    paths[child.node_id] = f"{paths[number]}.{child.local_name}"
                    queue.append(child.node_id)
        for number in list(paths):
            for slot in self.nodes[number].slot_variables:
                original = paths.get(slot.original_variable_node_id, "?")
                text = f"{paths[number]}'s state '{slot.slot_name}' for {original}"
                paths.setdefault(slot.slot_variable_node_id, text)
        return {n: paths.get(n, f"(object {n})") for n in range(len(self.nodes))}

    def __del__(self) -> None:
        if self.silent:
            return
        unresolved = self.unresolved()
        if unresolved:
            paths = self.paths()
            for number in unresolved:
                warn(f"Unresolved object in checkpoint: {paths[number]}")
            warn(_NOT_ALL_USED)


def _read_graph(reader: BundleReader) -> Any:
    """The stored object graph, with its references checked."""
    from google.protobuf.message import DecodeError

    stored = reader.read(GRAPH_KEY)
    try:
        graph = message("TrackableObjectGraph").FromString(stored.item())
    except (DecodeError, ValueError, TypeError):
        raise DataLossError(None, None, f"{reader.prefix}: {GRAPH_KEY} is damaged") from None
    count = len(graph.nodes)
    for node in graph.nodes:
        numbers = [child.node_id for child in node.children]
        for slot in node.slot_variables:
            numbers += [slot.original_variable_node_id, slot.slot_variable_node_id]
        if any(not 0 <= number < count for number in numbers):
            raise DataLossError(
                None, None, f"{reader.prefix}: {GRAPH_KEY} refers to an object that is not there"
            )
    if not count:
        raise DataLossError(None, None, f"{reader.prefix}: {GRAPH_KEY} is empty")
    return graph.nodes


def check_value(value: Any, reader: BundleReader, key: str) -> None:
    """Checks that a stored value can be read, and fits if it is for a variable.

    Raises:
      InvalidArgumentError: the variable has another dtype.
      ValueError: it has another shape.
      DataLossError: the value is damaged.
    """
    if isinstance(value, Variable):
        dtype = reader.dtype(key)
        if dtype is not value.dtype:
            raise InvalidArgumentError(
                None,
                None,
                f"tensor_name = {key}; expected dtype {value.dtype.label} does not equal original "
                f"dtype {dtype.label} [Op:RestoreV2] (restoring {value.name} from {reader.prefix})",
            )
        shape = tuple(reader.shape(key))
        if not value.shape.is_compatible_with(shape):
            raise ValueError(
                f"Shapes {value.shape} and {shape} are incompatible: {value.name} has the shape "
                f"{value.shape}, {key} in {reader.prefix} has {shape}"
            )
    reader.verify(key)


def give_value(value: Any, reader: BundleReader, name: str, key: str) -> None:
    """Gives a variable, or an attribute of another object, a stored value, which was checked."""
    if isinstance(value, Variable):
        with outside():
            value._take(reader.read(key))
    elif hasattr(type(value), "_restore_checkpoint_value"):
        value._restore_checkpoint_value(name, reader.read(key))


# ---- what restore() returns


class CheckpointLoadStatus:
    """Tells whether everything in a checkpoint, or in the program, found its counterpart."""

    def __init__(self, restore: Restore, root: Any) -> None:
        self._restore = restore
        self._root = root

    def assert_consumed(self) -> CheckpointLoadStatus:
        """Checks that all values of the checkpoint, and all variables here, were matched.

        Raises:
          AssertionError: if not.
        """
        restore = self._restore
        for number in restore.unresolved():
            raise AssertionError(
                f"Unresolved object in checkpoint {restore.path(number)}: {restore.nodes[number]}"
            )
        return self._assert_bound()

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """Checks that all variables here got a value; the checkpoint may have more.

        Raises:
          AssertionError: if not.
        """
        return self._assert_bound()

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """Checks that something besides the root was matched.

        Raises:
          AssertionError: if not.
        """
        if any(number for number in self._restore.objects):
            return self
        missing = [v for v in ObjectGraph(self._root).objects if trackable.has_values(v)]
        if not trackable.children(self._root) or not missing:
            raise AssertionError(
                f"Nothing to load. No dependencies have been added to {self._root} yet."
            )
        raise AssertionError(
            "Nothing except the root object matched a checkpointed value. Typically this means "
            "that the checkpoint does not match the Python program. The following objects have no "
            f"matching checkpointed value: {missing}"
        )

    def _assert_bound(self) -> CheckpointLoadStatus:
        bound = {id(value) for value in self._restore.objects.values()}
        unbound = [
            value
            for value in ObjectGraph(self._root).objects
            if trackable.has_values(value) and id(value) not in bound
        ]
        if unbound:
            raise AssertionError(
                "Some Python objects were not bound to checkpointed values, likely due to changes "
                f"in the Python program: {unbound}"
            )
        return self

    def expect_partial(self) -> CheckpointLoadStatus:
        """Silences the warnings about values that were not used."""
        self._restore.expect_partial()
        return self

    def initialize_or_restore(self, session: Any = None) -> None:
        """Nothing: eager values are restored at once."""

    run_restore_ops = initialize_or_restore


class InitializationOnlyStatus:
    """What ``restore(None)`` returns: there is no checkpoint."""

    def assert_consumed(self) -> Any:
        """Raises AssertionError."""
        raise AssertionError("No checkpoint specified (save_path=None); nothing is being restored.")

    assert_existing_objects_matched = assert_consumed
    assert_nontrivial_match = assert_consumed

    def run_restore_ops(self, session: Any = None) -> None:
        """Raises AssertionError."""
        raise AssertionError(
            "No checkpoint specified, so no restore ops are available (save_path=None to "
            "Saver.restore)."
        )

    def expect_partial(self) -> InitializationOnlyStatus:
        """Returns itself."""
        return self

    def initialize_or_restore(self, session: Any = None) -> None:
        """Nothing: eager variables are initialized when they are made."""


class NameBasedSaverStatus:
    """What restoring a checkpoint of TensorFlow 1's ``Saver`` returns: matched by names."""

    def __init__(self, reader: BundleReader, root: Any) -> None:
        self._reader = reader
        self._root = root
        found = [
            (value, name)
            for value in ObjectGraph(root).objects
            for _, name, _ in values_of(value)
            if isinstance(value, Variable) and name in reader
        ]
        for value, name in found:
            check_value(value, reader, name)
        for value, name in found:
            give_value(value, reader, "", name)

    def assert_consumed(self) -> NameBasedSaverStatus:
        """Checks that all variables here got a value.

        Raises:
          AssertionError: if not.
        """
        rows = ""
        for value in ObjectGraph(self._root).objects:
            missing = [name for _, name, _ in values_of(value) if name not in self._reader]
            if missing:
                rows += f"\n    {value}: {missing}"
        if rows:
            raise AssertionError(f"Some objects had attributes which were not restored:{rows}")
        return self

    assert_existing_objects_matched = assert_consumed
    assert_nontrivial_match = assert_consumed

    def expect_partial(self) -> NameBasedSaverStatus:
        """Returns itself."""
        return self

    def initialize_or_restore(self, session: Any = None) -> None:
        """Nothing: values are restored at once."""

    run_restore_ops = initialize_or_restore


def restore_objects(reader: BundleReader, root: Any) -> Any:
    """Restores a checkpoint to the objects that ``root`` leads to; returns the status."""
    if GRAPH_KEY in reader:
        return CheckpointLoadStatus(Restore(reader, root), root)
    return NameBasedSaverStatus(reader, root)
