"""Gradients of gathered rows: IndexedSlices, as TF gives them.

A source that nothing reads but gathers of its rows (an embedding) has a gradient that is zero
almost everywhere, so the tape stops at the gathers' outputs and hands their cotangents out with the
indices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from reflow.core.aval import Aval
from reflow.core.backprop import Step, Token
from reflow.core.convert import tensor_from_numpy
from reflow.core.tensor import Tensor, _hooks

Kind = Callable[[Token], Aval]


class RowSource(NamedTuple):
    """A source read by gathers of rows only: for each gather its output and its indices."""

    kind: Aval
    gathers: tuple[tuple[Token, Token], ...]


def row_source(
    path: Sequence[Step], group: Collection[Token], targets: Collection[Token], kind: Kind
) -> RowSource | None:
    """What is known of a source (given by its tokens) if all its readers gather rows of it."""
    if not group or any(token in targets for token in group):
        return None
    gathers = []
    for step in path:
        for position in step.active:
            if step.inputs[position] in group:
                rows = step.instruction.primitive.rows
                if position or rows is None:
                    return None
                avals = [kind(token) for token in step.inputs]
                if not rows(*avals, **step.instruction.static):
                    return None
                gathers.append((step.outputs[0], step.inputs[1]))
    return RowSource(kind(next(iter(group))), tuple(gathers)) if gathers else None


def without(path: Sequence[Step], sources: Collection[Token]) -> list[Step]:
    """The path with no gradient flowing to ``sources``."""
    kept = []
    for step in path:
        active = tuple([i for i in step.active if step.inputs[i] not in sources])
        if active:
            kept.append(step._replace(active=active))
    return kept


def slices(source: RowSource, rows: Sequence[Tensor], indices: Sequence[Any]) -> Any:
    """The gradient as IndexedSlices, from each gather's cotangent and indices."""
    from reflow.core.indexed_slices import IndexedSlices

    reshape, concat = _hooks["reshape"], _hooks["concat"]
    shape = source.kind.shape
    values = [reshape(row, (-1, *shape[1:])) for row in rows]
    flat = [reshape(index, (-1,)) for index in indices]
    dense_shape = tensor_from_numpy(np.array(shape, np.int32))
    if len(values) == 1:
        return IndexedSlices(values[0], flat[0], dense_shape)
    return IndexedSlices(concat(values, 0), concat(flat, 0), dense_shape)
