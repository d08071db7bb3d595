"""Moving blocks between the batch axis and the axes behind it; reversing parts of sequences."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow._arrays.arguments import no_kernel
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import NUMBERS, bool_, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, op
from reflow.core.rules import text
from reflow.core.static import static_array, static_int
from reflow.core.tensor import Tensor, static_tensor

__all__ = [
    "batch_to_space", "required_space_to_batch_paddings", "reverse_sequence", "space_to_batch",
    "space_to_batch_nd",
]  # fmt: skip

_ELEMENTS = NUMBERS | {bool_}
Pairs = tuple[tuple[int, int], ...]


def _blocks(
    x: Aval, block: tuple[int, ...], pairs: np.ndarray[Any, Any], what: str
) -> tuple[int, ...]:
    """Checks block sizes and paddings (or crops); returns the sizes of the block axes."""
    count = len(block)
    if pairs.shape != (count, 2):
        raise invalid(f"{what} should have shape [{count}, 2] instead of {text(pairs.shape)}")
    if len(x.shape) < count + 1:
        raise invalid(f"input rank should be >= {count + 1} instead of {len(x.shape)}")
    if prod(block) <= 0:
        raise invalid(f"Product of block sizes must be positive, got {prod(block)}")
    if (pairs < 0).any():
        raise invalid(f"{what.capitalize()} must be non-negative")
    return x.shape[1 : count + 1]


def _to_batch_rule(x: Aval, *, block: tuple[int, ...], paddings: Any) -> Aval:
    sizes = _blocks(x, block, np.array(paddings).reshape(-1, 2), "paddings")
    outer = []
    for i, (n, b, (before, after)) in enumerate(zip(sizes, block, paddings, strict=True)):
        padded = n + before + after
        if padded % b:
            raise invalid(f"padded_shape[{i}]={padded} is not divisible by block_shape[{i}]={b}")
        outer.append(padded // b)
    rest = x.shape[1 + len(block) :]
    return aval((x.shape[0] * prod(block), *outer, *rest), x.dtype)


@op("SpaceToBatchND", types=_ELEMENTS, rule=_to_batch_rule, reads=())
def _space_to_batch(x: Any, *, block: tuple[int, ...], paddings: Pairs) -> Any:
    out = _to_batch_rule(aval_of(x), block=block, paddings=paddings).shape
    count = len(block)
    rest = x.ndim - count - 1
    x = jnp.pad(x, [(0, 0), *paddings, *[(0, 0)] * rest])
    split = [n for outer, b in zip(out[1:], block, strict=False) for n in (outer, b)]
    x = x.reshape(x.shape[0], *split, *x.shape[count + 1 :])
    # batch, outer 1, inner 1, outer 2, ... -> inner axes, batch, outer axes, rest
    inner = [2 + 2 * i for i in range(count)]
    outer = [1 + 2 * i for i in range(count)]
    x = x.transpose(*inner, 0, *outer, *range(1 + 2 * count, 1 + 2 * count + rest))
    return x.reshape(out)


def aval_of(x: Any) -> Aval:
    """The shape of an array, for a rule; the dtype does not matter there."""
    return aval(x.shape, int32)


def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Tensor:
    """Cuts axes into blocks and moves the positions within the blocks to the batch axis.

    Args:
      input: a tensor ``[batch, ...]``.
      block_shape: k block sizes, for the axes 1 to k.
      paddings: k pairs: zeros to add before and after; the padded sizes must be whole blocks.
      name: unused in eager code.

    Returns:
      A tensor with ``prod(block_shape)`` times the batch and axes shorter by the block sizes.

    Raises:
      InvalidArgumentError: if the blocks do not fit.
    """
    block = static_array(block_shape, "block_shape")
    if block.ndim != 1:
        raise invalid(f"block_shape rank should be 1 instead of {block.ndim} [Op:SpaceToBatchND]")
    pairs = static_array(paddings, "paddings")
    if pairs.shape != (len(block), 2):
        raise invalid(
            f"paddings should have shape [{len(block)}, 2] instead of {text(pairs.shape)} "
            "[Op:SpaceToBatchND]"
        )
    return _space_to_batch(  # type: ignore[no-any-return]
        input, block=tuple(block.tolist()), paddings=tuple(map(tuple, pairs.tolist()))
    )


def space_to_batch(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Tensor:
    """The same as ``tf.space_to_batch_nd``."""
    return space_to_batch_nd(input, block_shape, paddings, name)


def _to_space_rule(x: Aval, *, block: tuple[int, ...], crops: Any) -> Aval:
    sizes = _blocks(x, block, np.array(crops).reshape(-1, 2), "crops")
    if x.shape[0] % prod(block):
        raise invalid(
            f"Input batch dimension ({x.shape[0]}) is not divisible by product of block sizes "
            f"({prod(block)})"
        )
    outer = []
    for i, (n, b, (before, after)) in enumerate(zip(sizes, block, crops, strict=True)):
        left = n * b - before - after
        if left < 0:
            raise invalid(f"cropped_shape[{i}]={left} must be non-negative")
        outer.append(left)
    return aval((x.shape[0] // prod(block), *outer, *x.shape[1 + len(block) :]), x.dtype)


@op("BatchToSpaceND", types=_ELEMENTS, rule=_to_space_rule, reads=())
def _batch_to_space(x: Any, *, block: tuple[int, ...], crops: Pairs) -> Any:
    count = len(block)
    sizes = x.shape[1 : count + 1]
    batch = x.shape[0] // prod(block)
    rest = x.shape[count + 1 :]
    x = x.reshape(*block, batch, *sizes, *rest)
    # inner axes, batch, outer axes, rest -> batch, outer 1, inner 1, outer 2, ...
    pairs = [n for i in range(count) for n in (count + 1 + i, i)]
    x = x.transpose(count, *pairs, *range(2 * count + 1, 2 * count + 1 + len(rest)))
    x = x.reshape(batch, *[n * b for n, b in zip(sizes, block, strict=True)], *rest)
    for axis, (before, after) in enumerate(crops, 1):
        x = x[(slice(None),) * axis + (slice(before, x.shape[axis] - after),)]
    return x


def batch_to_space(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """The inverse of ``tf.space_to_batch``: moves positions back from the batch axis.

    Args:
      input: a tensor ``[batch, ...]``.
      block_shape: k block sizes, for the axes 1 to k; an int stands for two equal ones.
      crops: k pairs: how much to cut off before and after.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if the batch is no multiple of the blocks, or the crops do not fit.
    """
    block = static_array(block_shape, "block_shape")
    if block.ndim == 0:
        block = np.array([block, block])
    pairs = static_array(crops, "crops")
    if pairs.shape != (len(block), 2):
        raise invalid(
            f"crops should have shape [{len(block)}, 2] instead of {text(pairs.shape)} "
            "[Op:BatchToSpaceND]"
        )
    return _batch_to_space(  # type: ignore[no-any-return]
        input, block=tuple(block.tolist()), crops=tuple(map(tuple, pairs.tolist()))
    )


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The paddings that make sizes whole blocks, and the crops that undo what was added.

    Args:
      input_shape: n sizes.
      block_shape: n block sizes.
      base_paddings: n pairs of paddings to be made at least; zeros by default.
      name: unused in eager code.

    Returns:
      Two int32 matrices ``[n, 2]``: paddings and crops.

    Raises:
      ValueError: if the shapes of the arguments do not fit.
    """
    sizes, block = (
        static_array(input_shape, "input_shape"),
        static_array(block_shape, "block_shape"),
    )
    if block.ndim != 1:
        raise ValueError(f"Shape {block.shape} must have rank 1")
    if sizes.shape != block.shape:
        raise ValueError(f"Shapes {sizes.shape} and {list(block.shape)} are incompatible")
    base = (
        np.zeros((len(block), 2), np.int64)
        if base_paddings is None
        else static_array(base_paddings, "base_paddings")
    )
    if base.shape != (len(block), 2):
        raise ValueError(f"Shapes {base.shape} and {[len(block), 2]} are incompatible")
    extra = -(sizes + base.sum(axis=1)) % block
    paddings = np.stack([base[:, 0], base[:, 1] + extra], axis=1)
    crops = np.stack([np.zeros_like(extra), extra], axis=1)
    return static_tensor(paddings.astype(np.int32)), static_tensor(crops.astype(np.int32))


# ---- reverse_sequence


def _reverse_rule(x: Aval, lengths: Aval, *, seq_axis: int, batch_axis: int) -> Aval:
    rank = len(x.shape)
    if len(lengths.shape) != 1:
        raise invalid(f"seq_lens input must be 1-dim, not {len(lengths.shape)}")
    if seq_axis == batch_axis:
        raise invalid(f"batch_dim == seq_dim == {seq_axis}")
    if not 0 <= seq_axis < rank:
        raise invalid(f"seq_dim must be < input.dims()( {seq_axis} vs. {rank})")
    if not 0 <= batch_axis < rank:
        raise invalid(f"batch_dim must be < input.dims()( {batch_axis} vs. {rank})")
    if lengths.shape[0] != x.shape[batch_axis]:
        raise invalid(
            f"len(seq_lens) != input.dims({batch_axis}), ({lengths.shape[0]} vs. "
            f"{x.shape[batch_axis]})"
        )
    return x


def _find_bad_length(xp: Any, x: Any, lengths: Any, *, seq_axis: int, batch_axis: int) -> Any:
    wide = lengths.astype(xp.int64)
    bad = (wide < 0) | (wide > x.shape[seq_axis])
    where = xp.argmax(bad) if lengths.size else xp.int64(0)
    length = wide[where] if lengths.size else xp.int64(0)
    return xp.stack([xp.where(bad.any(), where, -1), length])


def _say_bad_length(found: Any, x: Aval, lengths: Aval, *, seq_axis: int, batch_axis: int) -> str:
    if found[1] < 0:
        return f"seq_lens({int(found[0])}) < 0"
    return f"seq_lens({int(found[0])}) > input.dims({seq_axis})"


@op(
    "ReverseSequence",
    same=(0,),
    types=_ELEMENTS,
    kinds={1: {int32, int64}},
    rule=_reverse_rule,
    reads=(1,),
    check=Check(_find_bad_length, _say_bad_length, reads=(0, 1)),
)
def _reverse_sequence(x: Any, lengths: Any, *, seq_axis: int, batch_axis: int) -> Any:
    def along(values: Any, axis: int) -> Any:
        shape = [1] * x.ndim
        shape[axis] = -1
        return values.reshape(shape)

    place = along(jnp.arange(x.shape[seq_axis], dtype=lengths.dtype), seq_axis)
    length = along(lengths, batch_axis)
    source = jnp.where(place < length, length - 1 - place, place)
    return jnp.take_along_axis(x, source, seq_axis)


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: Any = None,
    batch_axis: Any = None,
    name: str | None = None,
) -> Tensor:
    """Reverses the first ``seq_lengths[i]`` steps of the i-th sequence; the rest stays.

    Args:
      input: a tensor.
      seq_lengths: an int32 or int64 vector, a length for each entry of the batch axis.
      seq_axis: the axis of the steps.
      batch_axis: the axis of the sequences, 0 by default.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if a length is out of range, or shapes do not fit.
    """
    if seq_axis is None:
        raise TypeError("Expected int for argument 'seq_dim' not None.")
    steps = static_int(seq_axis, "seq_axis")
    batch = 0 if batch_axis is None else static_int(batch_axis, "batch_axis")
    tensor, lengths = convert_to_tensor(input), convert_to_tensor(seq_lengths)
    for value, allowed in ((tensor, _ELEMENTS), (lengths, {int32, int64})):
        if value.dtype not in allowed:
            raise no_kernel("ReverseSequence", value.dtype, allowed)
    static = {"seq_axis": steps, "batch_axis": batch}
    _reverse_sequence.bind(**static).infer((tensor._aval, lengths._aval))
    return _reverse_sequence(tensor, lengths, **static)  # type: ignore[no-any-return]
