"""Nested structures: lists, tuples, namedtuples, dictionaries (in the order of their keys), attrs.

Everything else is a leaf. With ``expand_composites`` the values that consist of several tensors
(IndexedSlices, SparseTensor, RaggedTensor) are taken apart too: they have a ``_type_spec`` with
``_to_components(value)`` and ``_from_components(components)``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, MappingView, Sequence
from typing import Any

# What a type is to us, found out once per type.
LEAF, SEQUENCE, MAPPING, VIEW, ATTRS = range(5)
_kinds: dict[type, int] = {list: SEQUENCE, tuple: SEQUENCE, dict: MAPPING, str: LEAF, bytes: LEAF}


def _kind(value: Any) -> int:
    cls = value.__class__
    found = _kinds.get(cls)
    if found is None:
        found = _kinds[cls] = _kind_of_type(cls)
    return found


def _kind_of_type(cls: type) -> int:
    if issubclass(cls, Mapping):
        return MAPPING
    if issubclass(cls, MappingView):
        return VIEW
    if issubclass(cls, Sequence) and not issubclass(cls, (str, bytes)):
        return SEQUENCE
    return ATTRS if hasattr(cls, "__attrs_attrs__") else LEAF


def _is_composite(value: Any) -> bool:
    return hasattr(value.__class__, "_type_spec")


def is_nested(seq: Any) -> bool:
    """Whether ``seq`` is a container that the functions here look into."""
    return _kind(seq) != LEAF


def _is_node(value: Any, expand_composites: bool) -> bool:
    return _kind(value) != LEAF or (expand_composites and _is_composite(value))


def _children(structure: Any, kind: int) -> Any:
    """What is directly inside a container, in order."""
    if kind == SEQUENCE:
        return structure
    if kind == MAPPING:
        return [structure[key] for key in sorted_keys(structure)]
    if kind == VIEW:
        return list(structure)
    if kind == ATTRS:
        return [getattr(structure, field.name) for field in type(structure).__attrs_attrs__]
    return structure._type_spec._to_components(structure)


def sorted_keys(mapping: Mapping[Any, Any]) -> list[Any]:
    """A dictionary's keys in the order in which its values are flattened."""
    return sorted(mapping)


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves of a nested structure, in order.

    Args:
      structure: a nested structure, or a single value: that gives a list of one.
      expand_composites: whether values that consist of several tensors are taken apart.
    """
    found: list[Any] = []
    _flatten(structure, expand_composites, found)
    return found


def _flatten(structure: Any, expand: bool, found: list[Any]) -> None:
    kind = _kind(structure)
    if kind == LEAF and not (expand and _is_composite(structure)):
        found.append(structure)
    else:
        for child in _children(structure, kind):
            _flatten(child, expand, found)


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """Puts leaves into a nested structure; the inverse of ``flatten``.

    Args:
      structure: a nested structure; its leaves do not matter.
      flat_sequence: as many leaves, in order.
      expand_composites: whether values that consist of several tensors are put together again.

    Returns:
      A structure like ``structure`` with the leaves of ``flat_sequence``.

    Raises:
      ValueError: if the number of leaves differs.
      TypeError: if ``flat_sequence`` is no sequence.
    """
    if not is_nested(flat_sequence):
        raise TypeError(
            f"Attempted to pack value:\n  {flat_sequence}\ninto a sequence, but found "
            f"incompatible type `{type(flat_sequence)}` instead."
        )
    if not _is_node(structure, expand_composites):
        if len(flat_sequence) != 1:
            raise ValueError(
                f"The target structure is of type `{type(structure)}`\n  {structure}\nHowever the "
                f"input structure is a sequence ({type(flat_sequence)}) of length "
                f"{len(flat_sequence)}.\n  {flat_sequence}\nnest cannot guarantee that it is safe "
                "to map one to the other."
            )
        return flat_sequence[0]
    count = len(flatten(structure, expand_composites))
    if count != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat_sequence)} elements.  Structure: {structure}, flat_sequence: "
            f"{flat_sequence}."
        )
    leaves = (flat_sequence[i] for i in range(count))
    return _pack(structure, leaves, expand_composites)


def _pack(structure: Any, leaves: Iterator[Any], expand: bool) -> Any:
    kind = _kind(structure)
    if kind == LEAF and not (expand and _is_composite(structure)):
        return next(leaves)
    packed = [_pack(child, leaves, expand) for child in _children(structure, kind)]
    return same_type(structure, packed)


def same_type(structure: Any, items: list[Any]) -> Any:
    """A container like ``structure`` with ``items`` (in flattening order) inside."""
    kind = _kind(structure)
    cls = type(structure)
    if kind == SEQUENCE:
        if hasattr(cls, "_fields"):
            return cls(*items)
        return items if cls is list or cls is range else cls(items)
    if kind == MAPPING:
        by_key = dict(zip(sorted_keys(structure), items, strict=True))
        ordered = {key: by_key[key] for key in structure}
        if cls is dict:
            return ordered
        if isinstance(structure, defaultdict):
            return cls(structure.default_factory, ordered)
        return cls(ordered)
    if kind == ATTRS:
        return cls(*items)
    return items if kind == VIEW else structure._type_spec._from_components(items)


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """Applies a function to the leaves of nested structures.

    Args:
      func: a function of as many arguments as there are structures.
      *structure: nested structures of one shape.
      **kwargs: ``check_types`` (default True): their containers must be of the same types too;
        ``expand_composites`` (default False): as in ``flatten``.

    Returns:
      A structure like the first with what ``func`` returned.

    Raises:
      TypeError: if ``func`` cannot be called, or containers differ in type.
      ValueError: if the structures differ in shape, or another keyword is given.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = kwargs.pop("check_types", True)
    expand = kwargs.pop("expand_composites", False)
    if kwargs:
        unknown = "`, `".join(kwargs)
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{unknown}`"
        )
    first = structure[0]
    if len(structure) == 1:
        if not _is_node(first, expand):
            return func(first)
        return _map(func, first, expand)
    for other in structure[1:]:
        assert_same_structure(first, other, check_types, expand)
    flat = [flatten(s, expand) for s in structure]
    results = [func(*leaves) for leaves in zip(*flat, strict=True)]
    return pack_sequence_as(first, results, expand)


def _map(func: Callable[[Any], Any], structure: Any, expand: bool) -> Any:
    kind = _kind(structure)
    if kind == LEAF and not (expand and _is_composite(structure)):
        return func(structure)
    return same_type(structure, [_map(func, c, expand) for c in _children(structure, kind)])


# ---- comparing


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """Raises unless two nested structures have the same shape.

    Args:
      nest1: a nested structure.
      nest2: a nested structure.
      check_types: whether containers must be of the same type (dictionaries only of the same keys).
      expand_composites: as in ``flatten``.

    Raises:
      ValueError: if containers differ in length or nesting.
      TypeError: if their types differ.
    """
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except (ValueError, TypeError) as error:
        raise type(error)(
            "The two structures don't have the same nested structure.\n\n"
            f"First structure: {_describe(nest1)}\n\nSecond structure: {_describe(nest2)}\n\n"
            f"More specifically: {error}\n"
            f"Entire first structure:\n{_dotted(nest1)}\nEntire second structure:\n{_dotted(nest2)}"
        ) from None


def _compare(first: Any, second: Any, check_types: bool, expand: bool) -> None:
    one, two = _is_node(first, expand), _is_node(second, expand)
    if one != two:
        nested, leaf = (first, second) if one else (second, first)
        raise ValueError(
            f'Substructure "{_describe(nested)}" is a sequence, while substructure '
            f'"{_describe(leaf)}" is not'
        )
    if not one:
        return
    if check_types:
        _compare_types(first, second)
    missing = object()
    children = iter(_children(second, _kind(second)))
    for child in _children(first, _kind(first)):
        other = next(children, missing)
        if other is missing:
            raise _lengths(first, second)
        _compare(child, other, check_types, expand)
    if next(children, missing) is not missing:
        raise _lengths(first, second)


def _lengths(first: Any, second: Any) -> ValueError:
    return ValueError(
        "The two structures don't have the same number of elements. First structure: "
        f"{_describe(first)}. Second structure: {_describe(second)}"
    )


def _compare_types(first: Any, second: Any) -> None:
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        if set(first) != set(second):
            raise ValueError(
                "The two dictionaries don't have the same set of keys. First structure has keys "
                f"{_describe(list(first))}, while second structure has keys "
                f"{_describe(list(second))}"
            )
    elif not _same_class(type(first), type(second)):
        # TF says "namedtuples" of all sequences.
        raise TypeError(
            "The two namedtuples don't have the same sequence type. First structure "
            f"{_describe(first)} has type {type(first).__name__}, while second structure "
            f"{_describe(second)} has type {type(second).__name__}"
        )


def _same_class(first: type, second: type) -> bool:
    if first is second:
        return True
    fields = getattr(first, "_fields", None)
    if fields is not None and fields == getattr(second, "_fields", None):
        return first.__name__ == second.__name__
    # A list may stand for a subclass of list (Keras's tracked lists), not a tuple for a namedtuple.
    return list in (first, second) and issubclass(first, list) and issubclass(second, list)


def _describe(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


class _Dot:
    def __repr__(self) -> str:
        return "."


def _dotted(structure: Any) -> str:
    return str(_map(lambda leaf: _Dot(), structure, False))
