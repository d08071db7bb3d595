"""Jacobians: the reverse sweep, batched over unit seeds by ``jax.vmap`` into one program."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from reflow.core import nest, record
from reflow.core.convert import tensor_from_numpy
from reflow.core.lazy import jax
from reflow.core.op import Instruction, Primitive
from reflow.core.tensor import Tensor, _hooks

if TYPE_CHECKING:
    from reflow.core.tape import GradientTape


def jacobian(tape: GradientTape, target: Any, sources: Any, unconnected: Any) -> Any:
    """``d target[i...] / d source[j...]``, of shape ``target.shape + source.shape``."""
    shape = target._shape_tuple()
    seeds = np.eye(prod(shape), dtype=target.dtype.np).reshape(prod(shape), *shape)

    def arrange(rows: Tensor, source: Any) -> Any:
        return _hooks["reshape"](rows, shape + source._shape_tuple())

    return _rows(tape, target, sources, unconnected, seeds, arrange)


def batch_jacobian(tape: GradientTape, target: Any, source: Any, unconnected: Any) -> Any:
    """Row by row: ``[b, i..., j...]`` is ``d target[b, i...] / d source[b, j...]``."""
    shape, source_shape = target._shape_tuple(), source._shape_tuple()
    if not shape or not source_shape or shape[0] != source_shape[0]:
        raise ValueError(
            f"Need first dimension of target shape ({target.shape}) and source shape "
            f"({source.shape}) to match."
        )
    inner = prod(shape[1:])
    unit = np.eye(inner, dtype=target.dtype.np).reshape(inner, 1, *shape[1:])
    seeds = np.broadcast_to(unit, (inner, *shape)).copy()

    def arrange(rows: Tensor, source: Any) -> Any:
        order = (1, 0, *range(2, len(source_shape) + 1))
        return _hooks["reshape"](
            _hooks["transpose"](rows, order), shape + source_shape[1:]
        )

    return _rows(tape, target, source, unconnected, seeds, arrange)


def _rows(
    tape: GradientTape, target: Any, sources: Any, unconnected: Any, seeds: Any, arrange: Any
) -> Any:
    """One gradient per seed, stacked along a new first axis, then arranged."""
    flat = nest.flatten(sources)
    batched = _Batched(seeds)
    results = tape._gradient([target], flat, [batched.first], batched.record)
    arranged = []
    for result, source in zip(results, flat, strict=True):
        if result is not None:
            arranged.append(arrange(result, source))
        elif getattr(unconnected, "value", unconnected) == "zero":
            shape = target._shape_tuple() + source._shape_tuple()
            arranged.append(_hooks["zeros"](shape, target.dtype))
        else:
            arranged.append(None)
    return nest.pack_sequence_as(sources, arranged)


class _Batched:
    """Records a gradient instruction mapped over all seeds at once."""

    _made: dict[Instruction, Instruction] = {}  # noqa: RUF012

    def __init__(self, seeds: Any) -> None:
        self.seeds = tensor_from_numpy(seeds)
        self.first = tensor_from_numpy(seeds[0]) if len(seeds) else _hooks["zeros"](seeds.shape[1:])

    def record(self, instruction: Instruction, values: list[Any]) -> Any:
        batched = self._made.get(instruction)
        if batched is None:

            def rows(*arguments: Any) -> Any:
                *fixed, seeds = arguments
                return jax.vmap(lambda seed: instruction.fn(*fixed, seed))(seeds)

            batched = self._made[instruction] = Primitive(rows, "Jacobian", same=()).plain
        return record.record(batched, [*values[:-1], self.seeds])
