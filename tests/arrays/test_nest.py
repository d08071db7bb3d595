"""tf.nest where the golden rows cannot go: attrs, and the laws that its functions obey."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

import reflow as tf


class Point(NamedTuple):
    """A namedtuple to nest things in."""

    x: Any
    y: Any


class Field(NamedTuple):
    """What the attrs library keeps of a field."""

    name: str


class Attrs:
    """What the attrs library makes: fields listed in ``__attrs_attrs__``."""

    __attrs_attrs__ = (Field("b"), Field("a"))

    def __init__(self, b: object, a: object) -> None:
        self.b, self.a = b, a


LEAVES = st.integers() | st.text(max_size=2) | st.none()
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.builds(Point, inner, inner),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
        st.dictionaries(st.integers(), inner, max_size=3).map(OrderedDict),
    ),
    max_leaves=8,
)


@given(STRUCTURES)
def test_pack_undoes_flatten(structure: object) -> None:
    packed = tf.nest.pack_sequence_as(structure, tf.nest.flatten(structure))
    assert packed == structure
    assert type(packed) is type(structure)


@given(STRUCTURES)
def test_map_keeps_the_structure(structure: object) -> None:
    marked = tf.nest.map_structure(lambda leaf: (leaf,) * 0, structure)
    tf.nest.assert_same_structure(structure, structure)
    assert len(tf.nest.flatten(marked)) == 0
    doubled = tf.nest.map_structure(lambda a, b: repr(a) + repr(b), structure, structure)
    tf.nest.assert_same_structure(structure, doubled)


def test_attrs_keep_the_order_of_their_fields() -> None:
    value = Attrs(1, [2, 3])
    assert tf.nest.flatten(value) == [1, 2, 3]
    packed = tf.nest.pack_sequence_as(value, [4, 5, 6])
    assert (packed.b, packed.a) == (4, [5, 6])


def test_composites_are_taken_apart_and_put_together() -> None:
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    assert tf.nest.flatten(slices) == [slices]
    assert len(tf.nest.flatten([slices], expand_composites=True)) == 2
    doubled = tf.nest.map_structure(lambda t: t + t, slices, expand_composites=True)
    assert isinstance(doubled, tf.IndexedSlices)
    assert doubled.values.numpy().tolist() == [2.0]
