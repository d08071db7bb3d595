"""Nested structures: lists, tuples, namedtuples and dictionaries (in the order of their keys)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def is_nested(structure: Any) -> bool:
    """Whether ``structure`` is a container that the functions here look into."""
    return isinstance(structure, (list, tuple, Mapping))


def flatten(structure: Any) -> list[Any]:
    """The leaves, in order; a single value is a list of one."""
    found: list[Any] = []
    _flatten(structure, found)
    return found


def _flatten(structure: Any, found: list[Any]) -> None:
    if isinstance(structure, (list, tuple)):
        for item in structure:
            _flatten(item, found)
    elif isinstance(structure, Mapping):
        for key in sorted_keys(structure):
            _flatten(structure[key], found)
    else:
        found.append(structure)


def sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    """A dictionary's keys in the order in which its values are flattened.

    Raises:
      TypeError: if they cannot be ordered.
    """
    try:
        return sorted(mapping)
    except TypeError:
        raise TypeError("nest only supports dicts with sortable keys.") from None


def pack_sequence_as(structure: Any, flat_sequence: list[Any]) -> Any:
    """The leaves of ``flat_sequence`` in the shape of ``structure``.

    Raises:
      ValueError: if their numbers differ.
    """
    if not is_nested(structure):
        if len(flat_sequence) != 1:
            raise ValueError(
                f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)} > 1"
            )
        return flat_sequence[0]
    count = len(flatten(structure))
    if count != len(flat_sequence):
        raise ValueError(
            "Could not pack sequence. Structure had %d elements, but flat_sequence had %d elements."
            "  Structure: %s, flat_sequence: %s."
            % (count, len(flat_sequence), structure, flat_sequence)
        )
    return _pack(structure, iter(flat_sequence))


def _pack(structure: Any, leaves: Any) -> Any:
    if isinstance(structure, Mapping):
        packed = {key: _pack(structure[key], leaves) for key in sorted_keys(structure)}
        ordered = {key: packed[key] for key in structure}
        return ordered if type(structure) is dict else type(structure)(ordered)  # type: ignore[call-arg]
    if isinstance(structure, (list, tuple)):
        items = [_pack(item, leaves) for item in structure]
        return same_type(structure, items)
    return next(leaves)


def same_type(sequence: Any, items: list[Any]) -> Any:
    """``items`` as a sequence of the type of ``sequence`` (namedtuples included)."""
    if hasattr(sequence, "_fields"):
        return type(sequence)(*items)
    return type(sequence)(items)


def map_structure(func: Callable[..., Any], *structures: Any) -> Any:
    """Applies ``func`` to the leaves; the result has the shape of the first structure."""
    flat = [flatten(structure) for structure in structures]
    return pack_sequence_as(structures[0], [func(*leaves) for leaves in zip(*flat, strict=True)])
