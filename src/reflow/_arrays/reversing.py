"""Changing the order along axes: ``reverse`` and ``roll``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import integers, no_kernel
from reflow._arrays.moving import moves
from reflow.core.aval import Aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import Tensor

__all__ = ["reverse", "roll"]


def _reverse_rule(x: Aval, *, axis: tuple[int, ...]) -> Aval:
    rank = len(x.shape)
    seen = set()
    for i, a in enumerate(axis):
        if not -rank <= a < rank:
            raise invalid(f"'axis'[{i}] = {a} is out of valid range [0, {rank - 1}")
        if a % rank in seen:
            raise invalid(f"axis {a % rank} specified more than once.")
        seen.add(a % rank)
    return x


@moves("ReverseV2", numpy=lambda x, *, axis: np.flip(x, axis), rule=_reverse_rule, reads=())
def _reverse(x: Any, *, axis: tuple[int, ...]) -> Any:
    return lax.rev(x, [a % x.ndim for a in axis])


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """Reverses the order of the elements along the given axes, a vector of ints.

    Raises:
      InvalidArgumentError: if an axis is out of range or given twice.
    """
    axes = integers(axis, "axis", "ReverseV2")
    if axes.ndim != 1:
        raise invalid(f"'dims' must be 1-dimension, not {axes.ndim} [Op:ReverseV2]")
    return _reverse(tensor, axis=tuple(axes.tolist()))  # type: ignore[no-any-return]


def _roll_rule(x: Aval, *, shift: tuple[int, ...], axis: tuple[int, ...]) -> Aval:
    rank = len(x.shape)
    if rank == 0:
        raise invalid("input must be 1-D or higher")
    if len(shift) != len(axis):
        raise invalid("shift and axis must have the same size")
    for a in axis:
        if not -rank <= a < rank:
            raise invalid(f"axis {a + rank if a < 0 else a} is out of range")
    return x


@moves("Roll", numpy=lambda x, *, shift, axis: np.roll(x, shift, axis), rule=_roll_rule, reads=())
def _roll(x: Any, *, shift: tuple[int, ...], axis: tuple[int, ...]) -> Any:
    return jnp.roll(x, shift, axis)


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """Moves the elements along axes; what leaves at one end comes in at the other.

    Args:
      input: a tensor of rank 1 at least.
      shift: by how much, an int or a vector of ints.
      axis: along which axis, an int or a vector as long as ``shift``.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if there is no such axis, or the lengths differ.
    """
    shifts = _scalar_or_vector(shift, "shift")
    axes = _scalar_or_vector(axis, "axis")
    return _roll(input, shift=shifts, axis=axes)  # type: ignore[no-any-return]


def _scalar_or_vector(value: Any, what: str) -> tuple[int, ...]:
    tensor = convert_to_tensor(value)
    if not tensor.dtype.is_integer:
        raise no_kernel("Roll", tensor.dtype, (int32, int64))
    array = static_array(tensor, what)
    if array.ndim > 1:
        shape = text(array.shape)
        raise invalid(f"{what} must be a scalar or a 1-D vector. Found: {shape} [Op:Roll]")
    return tuple(array.reshape(-1).tolist())
