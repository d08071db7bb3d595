"""Jacobians: the reverse sweep, batched over unit seeds by ``jax.vmap`` into one program."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from reflow.core import nest, record
from reflow.core.convert import tensor_from_numpy
from reflow.core.lazy import jax
from reflow.core.op import Instruction, Primitive
from reflow.core.tensor import Tensor, _hooks

if TYPE_CHECKING:
    from reflow.core.tape import GradientTape

_LIMIT = 1024


def jacobian(tape: GradientTape, target: Any, sources: Any, unconnected: Any) -> Any:
    """``d target[i...] / d source[j...]``, of shape ``target.shape + source.shape``."""
    shape = target._shape_tuple()
    seeds = np.eye(prod(shape), dtype=target.dtype.np).reshape(prod(shape), *shape)

    def arrange(rows: Tensor | None, source: Any) -> Any:
        full = shape + source._shape_tuple()
        if rows is not None:
            return _hooks["reshape"](rows, full)
        zero = getattr(unconnected, "value", unconnected) == "zero"
        return _hooks["zeros"](full, target.dtype) if zero else None

    flat = nest.flatten(sources)
    rows = _rows(tape, target, flat, seeds)
    arranged = [arrange(row, source) for row, source in zip(rows, flat, strict=True)]
    return nest.pack_sequence_as(sources, arranged)


def batch_jacobian(tape: GradientTape, target: Any, source: Any) -> Any:
    """Row by row: ``[b, i..., j...]`` is ``d target[b, i...] / d source[b, j...]``."""
    shape = target.shape.with_rank_at_least(2).as_list()
    source_shape = source.shape.with_rank_at_least(2).as_list()
    if shape[0] != source_shape[0]:
        raise ValueError(
            f"Need first dimension of target shape ({target.shape}) and source shape "
            f"({source.shape}) to match."
        )
    inner = prod(shape[1:])
    unit = np.eye(inner, dtype=target.dtype.np).reshape(inner, 1, *shape[1:])
    seeds = np.broadcast_to(unit, (inner, *shape)).copy()
    full = shape + source_shape[1:]
    (rows,) = _rows(tape, target, [source], seeds)
    if rows is None:
        return _hooks["zeros"](full, target.dtype)
    order = (1, 0, *range(2, len(source_shape) + 1))
    return _hooks["reshape"](_hooks["transpose"](rows, order), full)


def _rows(tape: GradientTape, target: Any, sources: list[Any], seeds: Any) -> list[Tensor | None]:
    """For each source its gradients from all the seeds, stacked along a new first axis."""
    if tape._has_custom_gradients():  # those are Python functions, which can't be batched
        by_seed = [
            tape._gradient([target], sources, [tensor_from_numpy(seed)], _dense, last=False)
            for seed in seeds
        ]
        tape._finish()
        columns = [list(column) for column in zip(*by_seed, strict=True)]
        return [
            None if any(row is None for row in column) else _hooks["pack"](column)
            for column in columns
        ]
    batched = _Batched(seeds)
    own = batched.seeds if id(target) in tape._watched else None
    rows = tape._gradient([target], sources, [batched.first], batched.record)
    # A source that is the target itself comes back with the very seed.
    return [own if row is batched.first else row for row in rows]


def _dense(instruction: Instruction, values: list[Any]) -> Any:
    """Records a sweep; being another recorder, it gets no IndexedSlices, which can't be packed."""
    return record.record(instruction, values)


class _Batched:
    """Records a gradient instruction mapped over all seeds at once."""

    _made: ClassVar[dict[Instruction, Instruction]] = {}

    def __init__(self, seeds: Any) -> None:
        self.seeds = tensor_from_numpy(seeds)
        self.first = tensor_from_numpy(seeds[0] if len(seeds) else np.zeros(seeds.shape[1:]))

    def record(self, instruction: Instruction, values: list[Any]) -> Any:
        batched = self._made.get(instruction)
        if batched is None:
            if len(self._made) > _LIMIT:
                self._made.clear()

            def rows(*arguments: Any) -> Any:
                *fixed, seeds = arguments
                return jax.vmap(lambda seed: instruction.fn(*fixed, seed))(seeds)

            primitive = Primitive(rows, "Jacobian", same=())
            primitive.connections = instruction.primitive.connections
            batched = self._made[instruction] = primitive.plain
        return record.record(batched, [*values[:-1], self.seeds])
