"""Arguments of ops that slide windows over images: sizes, paddings and data formats."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from reflow.core import random
from reflow.core.errors import UnimplementedError, invalid
from reflow.core.tensor import Tensor

Sizes = tuple[int, ...]

EXACT = "REFLOW_EXACT"


def exact() -> bool:
    """Whether results must round like direct convolution.

    ``REFLOW_EXACT`` says so if it is set. If not, a program that seeds its random numbers wants to
    be reproduced to the last digits that can be had, one that does not wants to be fast.
    """
    chosen = os.environ.get(EXACT, "")
    return chosen != "0" if chosen else random.global_seed() is not None


def sizes(value: Any, rank: int, name: str, channels_first: bool = False) -> Sizes:
    """A size per axis of the input, from one for all spatial axes, for each, or for all axes.

    Args:
      value: an int, a list of 1, ``rank`` or ``rank + 2`` ints, or None for ones.
      rank: the number of spatial axes.
      name: the argument's name, for messages.
      channels_first: whether the channels stand before the spatial axes.

    Raises:
      ValueError: another length.
      TypeError: if it holds no numbers.
    """
    if value is None:
        value = [1]
    elif isinstance(value, Tensor) or hasattr(value, "_read_tensor") or np.ndim(value) == 0:
        value = np.asarray(value).reshape(-1).tolist()
    values = [_int(v, name) for v in value]
    if len(values) == rank + 2:
        return tuple(values)
    if len(values) not in (1, rank):
        raise ValueError(
            f"{name} should be of length 1, {rank} or {rank + 2} but was {len(values)}"
        )
    spatial = values * rank if len(values) == 1 else values
    return (1, 1, *spatial) if channels_first else (1, *spatial, 1)


def full_sizes(value: Any, count: int, name: str, op: str) -> Sizes:
    """A list of at least ``count`` ints, as TF's plain ops take them.

    Args:
      value: the argument.
      count: the input's rank.
      name: TF's name of the attribute, for messages.
      op: the op's names in messages: "conv3d Conv3D".

    Raises:
      TypeError: if it is no list.
      InvalidArgumentError: if it is too short.
    """
    function, primitive = op.split()
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"Expected list for '{name}' argument to '{function}' Op, not {value!r}.")
    values = tuple([_int(v, name) for v in value])
    if len(values) < count:
        raise invalid(
            f"Length for attr '{name}' of {len(values)} must be at least minimum {count} "
            f"[Op:{primitive}]"
        )
    return values


def _int(value: Any, name: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise TypeError(f"Expected int for argument '{name}' not {value!r}.") from None


def one_of(value: Any, allowed: Sequence[str], name: str, op: str) -> str:
    """An argument that is one of a few strings.

    Raises:
      TypeError: if it is no string.
      InvalidArgumentError: if it is another one.
    """
    if isinstance(value, bytes):
        value = value.decode()
    if not isinstance(value, str):
        raise TypeError(f"Expected string for argument '{name}' not {value!r}.")
    if value not in allowed:
        listed = ", ".join(f'"{a}"' for a in allowed)
        raise invalid(
            f"Value for attr '{name}' of \"{value}\" is not in the list of allowed values: "
            f"{listed} [Op:{op}]"
        )
    return value


def same_or_valid(padding: Any, op: str) -> str:
    """A padding argument of an op that takes no explicit paddings."""
    return one_of(padding, ("SAME", "VALID"), "padding", op)


def spatial(values: Sequence[int], channels_first: bool) -> Sizes:
    """The entries of the spatial axes, of a list with one for each axis."""
    return tuple(values[2:]) if channels_first else tuple(values[1:-1])


def outer(values: Sequence[int], channels_first: bool) -> Sizes:
    """The entries of the batch and the channel axis."""
    return (values[0], values[1]) if channels_first else (values[0], values[-1])


def shape_of(batch: int, places: Sizes, channels: int, channels_first: bool) -> Sizes:
    """The shape with these sizes."""
    return (batch, channels, *places) if channels_first else (batch, *places, channels)


def to_last(x: Any) -> Any:
    """An array with its channels moved from axis 1 to the end."""
    return x.transpose(0, *range(2, x.ndim), 1)


def to_first(x: Any) -> Any:
    """An array with its channels moved from the end to axis 1."""
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))


def unimplemented(message: str) -> UnimplementedError:
    """TF's error for what it does not do."""
    return UnimplementedError(None, None, message)
