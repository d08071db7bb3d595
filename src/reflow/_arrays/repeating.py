"""Repeating elements: ``tile`` and ``repeat``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_vector
from reflow._arrays.gathering import gather
from reflow._arrays.moving import moves
from reflow._arrays.shape import reshape
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.static import static_array
from reflow.core.tensor import Tensor

__all__ = ["repeat", "tile"]


def _tile_rule(x: Aval, *, multiples: tuple[int, ...]) -> Aval:
    if len(multiples) != len(x.shape):
        raise invalid(
            f"Expected multiples argument to be a vector of length {len(x.shape)} but got length "
            f"{len(multiples)}"
        )
    for i, count in enumerate(multiples):
        if count < 0:
            raise invalid(f"Expected multiples[{i}] >= 0, but got {count}")
    return aval(tuple([n * m for n, m in zip(x.shape, multiples, strict=True)]), x.dtype)


@moves("Tile", numpy=lambda x, *, multiples: np.tile(x, multiples), rule=_tile_rule, reads=())
def _tile(x: Any, *, multiples: tuple[int, ...]) -> Any:
    return jnp.tile(x, multiples)


@sized_by("multiples")
def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """Repeats a tensor ``multiples[i]`` times along axis i.

    Raises:
      InvalidArgumentError: if there is not one count, 0 or more, for each axis.
    """
    counts = int_vector(
        multiples, "multiples", "Tile", "Expected multiples to be 1-D, but got shape {}"
    )
    return _tile(input, multiples=counts)  # type: ignore[no-any-return]


@sized_by("repeats")
def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    """Repeats the elements of a tensor.

    Args:
      input: a tensor.
      repeats: how often: an int, or a vector with a count for each position along ``axis``.
      axis: the axis to repeat along; None flattens the input first.
      name: unused in eager code.

    Returns:
      A tensor of the input's shape but for ``axis``.

    Raises:
      TypeError: if ``repeats`` are no integers.
      ValueError: if there are as many counts as do not fit the axis, or there is no such axis.
    """
    counts = convert_to_tensor(repeats)
    if not counts.dtype.is_integer:
        raise TypeError(f"repeats must be an integer tensor; dtype={counts.dtype}")
    if len(counts.shape) > 1:
        raise ValueError(f"Shape {counts.shape} must have rank at most 1")
    tensor = convert_to_tensor(input)
    if axis is None:
        tensor, axis = reshape(tensor, [-1]), 0
    rank = len(tensor._aval.shape)
    if rank == 0 and axis in (0, -1):
        tensor, rank = reshape(tensor, [-1]), 1
    if not -rank <= axis < rank:
        raise ValueError(f"axis={axis} out of bounds: expected {-rank}<=axis<{rank}")
    axis %= rank
    length = tensor._aval.shape[axis]
    times = static_array(counts, "repeats")
    if times.ndim and len(times) != length:
        raise ValueError(f"Dimensions {length} and {len(times)} are not compatible")
    if times.size and times.min() < 0:
        raise invalid(f"Expected multiples[{axis + 1}] >= 0, but got {times.min()} [Op:Tile]")
    rows = np.repeat(np.arange(length), times)
    return gather(tensor, rows, axis=axis)
