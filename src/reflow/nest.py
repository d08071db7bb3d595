"""tf.nest: nested structures of lists, tuples, namedtuples, dictionaries and attrs."""

from __future__ import annotations

from reflow._namespace import lazy_names
from reflow.core.nest import (
    assert_same_structure,
    flatten,
    is_nested,
    map_structure,
    pack_sequence_as,
)

__all__ = [
    "assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as",
]  # fmt: skip

__getattr__, __dir__ = lazy_names(__name__)
