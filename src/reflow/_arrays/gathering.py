"""Picking elements by index tensors: ``gather`` and ``gather_nd``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, no_kernel
from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, Instruction
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = ["gather", "gather_nd"]

INDEX_TYPES = frozenset((int32, int64))


# ---- gather


def _gather_rule(params: Aval, indices: Aval, *, axis: int, batch_dims: int, length: int) -> Aval:
    p, i = params.shape, indices.shape
    return aval(p[:axis] + i[batch_dims:] + p[axis + 1 :], params.dtype)


def _outside(xp: Any, indices: Any, length: int) -> Any:
    """The position of the first index outside [0, length), and that index; -1 if there is none."""
    if indices.size == 0:
        return xp.asarray([-1, 0], xp.int64)
    flat = indices.reshape(-1)
    bad = (flat < 0) | (flat >= length)
    where = xp.argmax(bad)
    return xp.stack([xp.where(bad.any(), where, -1), flat[where].astype(xp.int64)])


def position(flat: int, shape: tuple[int, ...]) -> str:
    """A flat position as TF's messages write it: ``[0,2]``; nothing for a scalar."""
    return text(tuple(map(int, np.unravel_index(flat, shape)))) if shape else ""


def _find(xp: Any, indices: Any, *, axis: int, batch_dims: int, length: int) -> Any:
    return _outside(xp, indices, length)


def _say(found: Any, params: Aval, indices: Aval, *, length: int, **static: Any) -> str:
    where = position(int(found[0]), indices.shape)
    return f"indices{where} = {int(found[1])} is not in [0, {length})"


def _gather_strings(params: Any, indices: Any, *, axis: int, batch_dims: int, length: int) -> Any:
    if not batch_dims:
        return np.take(params, indices, axis)
    rows = [
        _gather_strings(p, i, axis=axis - 1, batch_dims=batch_dims - 1, length=length)
        for p, i in zip(params, indices, strict=True)
    ]
    return np.stack(rows)


def _picks_rows(params: Aval, indices: Aval, *, axis: int, batch_dims: int, **static: Any) -> bool:
    return axis == 0 and batch_dims == 0


_check = Check(_find, _say, reads=(1,))


@moves(
    "GatherV2",
    numpy=_gather_strings,
    same=(0,),
    kinds={1: INDEX_TYPES},
    rule=_gather_rule,
    reads=(1,),
    rows=_picks_rows,
)
def _gather(params: Any, indices: Any, *, axis: int, batch_dims: int, length: int) -> Any:
    if params.size == 0 or indices.size == 0:
        shape = params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1 :]
        return jnp.zeros(shape, params.dtype)
    offsets = [d for d in range(params.ndim) if d != axis and d >= batch_dims]
    extra = indices.ndim - batch_dims
    # Where the axes of a slice go in the output: behind the batch, the indices between them.
    places = [d if d < axis else d + extra - 1 for d in offsets]
    numbers = lax.GatherDimensionNumbers(
        offset_dims=tuple(places),
        collapsed_slice_dims=(axis,),
        start_index_map=(axis,),
        operand_batching_dims=tuple(range(batch_dims)),
        start_indices_batching_dims=tuple(range(batch_dims)),
    )
    sizes = [1 if d == axis or d < batch_dims else n for d, n in enumerate(params.shape)]
    # The indices have been checked; XLA clamps them anyway, so memory is safe.
    return lax.gather(
        params, indices[..., None], numbers, sizes, mode=lax.GatherScatterMode.PROMISE_IN_BOUNDS
    )


_gathers: dict[tuple[int, int, int], Instruction] = {}


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: Any = None,
    batch_dims: int = 0,
    name: str | None = None,
) -> Tensor:
    """Picks slices of ``params`` along an axis.

    Without batch axes ``output[..., i, ...] = params[..., indices[i], ...]``.

    Args:
      params: a tensor of rank 1 at least, or a variable.
      indices: an int32 or int64 tensor of any shape.
      validate_indices: unused; indices are always checked.
      axis: the axis of ``params``; ``batch_dims`` by default, negative: counted from the end.
      batch_dims: how many leading axes ``params`` and ``indices`` share.
      name: unused in eager code.

    Returns:
      A tensor of shape ``params.shape[:axis] + indices.shape[batch_dims:] +
      params.shape[axis + 1:]``.

    Raises:
      InvalidArgumentError: if an index, ``axis`` or ``batch_dims`` is out of range.
    """
    if not isinstance(params, Tensor):
        params = convert_to_tensor(params)
    if not isinstance(indices, Tensor):
        indices = convert_to_tensor(indices)
    if indices._aval.dtype not in INDEX_TYPES:
        raise no_kernel("GatherV2", indices._aval.dtype, INDEX_TYPES)
    shape, index_shape = params._aval.shape, indices._aval.shape
    if axis is None:
        axis = batch_dims
    if axis != 0 or batch_dims != 0 or not shape:
        axis, batch_dims = _axes(shape, index_shape, axis, batch_dims)
        if axis < batch_dims:  # TF 2.1 then ignores the batch axes
            batch_dims = 0
    length = shape[axis]
    key = axis, batch_dims, length
    instruction = _gathers.get(key)
    if instruction is None:
        if len(_gathers) > 4096:
            _gathers.clear()
        instruction = _gather.bind(axis=axis, batch_dims=batch_dims, length=length)
        _gathers[key] = instruction
    known = indices._value
    if known.__class__ is not np.ndarray or (
        known.size and (known.min() < 0 or known.max() >= length)
    ):
        _check.apply(_gather, (params, indices), instruction.static)
    return _gather.run(instruction, params, indices)  # type: ignore[no-any-return]


def _axes(
    shape: tuple[int, ...], index_shape: tuple[int, ...], axis: Any, batch_dims: int
) -> tuple[int, int]:
    along = int_scalar(axis, "axis", "GatherV2", "axis must be scalar")
    rank, index_rank = len(shape), len(index_shape)
    if not rank:
        raise invalid("params must be at least 1 dimensional [Op:GatherV2]")
    if not -rank <= along < rank:
        raise invalid(
            f"Expected axis in the range [{-rank}, {rank}), but got {along} [Op:GatherV2]"
        )
    if along in (0, -rank):  # TF 2.1 then ignores the batch axes
        return 0, 0
    if batch_dims and not -index_rank <= batch_dims < index_rank:
        raise invalid(
            f"Expected batch_dims in the range [{-index_rank}, {index_rank}), but got {batch_dims} "
            "[Op:GatherV2]"
        )
    batch = batch_dims + index_rank if batch_dims < 0 else batch_dims
    for d in range(min(batch, rank)):
        if shape[d] != index_shape[d]:
            raise invalid(
                f"params.shape[{d}]: {shape[d]} should be equal to indices.shape[{d}]: "
                f"{index_shape[d]} [Op:GatherV2]"
            )
    return along % rank, batch


# ---- gather_nd


def _gather_nd_rule(
    params: Aval, indices: Aval, *, batch_dims: int, sizes: tuple[int, ...]
) -> Aval:
    p, i = params.shape, indices.shape
    if not p:
        raise invalid("params must be at least a vector")
    if not i:
        raise invalid("indices must be at least a vector")
    depth = i[-1]
    if depth + batch_dims > len(p):
        raise invalid(
            "index innermost dimension length must be <= params rank; saw: "
            f"{depth + batch_dims} vs. {len(p)}"
        )
    return aval(i[:-1] + p[batch_dims + depth :], params.dtype)


def find_outside_nd(xp: Any, indices: Any, sizes: tuple[int, ...]) -> Any:
    """The number of the first index vector outside ``sizes``, then that vector; -1 if none is."""
    depth = indices.shape[-1]
    if indices.size == 0:
        return xp.full(depth + 1, -1, xp.int64)
    rows = indices.reshape(-1, depth)
    bad = ((rows < 0) | (rows >= xp.asarray(sizes[:depth], rows.dtype))).any(axis=-1)
    where = xp.argmax(bad)
    first = xp.where(bad.any(), where, -1)
    return xp.concatenate([first[None], rows[where].astype(xp.int64)])


def vector_text(numbers: Iterable[Any]) -> str:
    """An index vector as TF's messages write it: ``[1, 3]``."""
    return "[" + ", ".join(str(int(n)) for n in numbers) + "]"


def _find_nd(xp: Any, indices: Any, *, batch_dims: int, sizes: tuple[int, ...]) -> Any:
    return find_outside_nd(xp, indices, sizes[batch_dims:])


def _say_nd(found: Any, params: Aval, indices: Aval, *, batch_dims: int, sizes: Any) -> str:
    outer = indices.shape[:-1]
    row = int(found[0])
    batch = np.unravel_index(row, outer)[:batch_dims] if outer else ()
    return (
        f"indices{position(row, outer)} = {vector_text((*batch, *found[1:]))} does not index into "
        f"param shape {text(params.shape)}"
    )


def _picks_rows_nd(params: Aval, indices: Aval, *, batch_dims: int, **static: Any) -> bool:
    return batch_dims == 0 and indices.shape[-1] == 1


def _gather_nd_strings(params: Any, indices: Any, *, batch_dims: int, sizes: Any) -> Any:
    if not batch_dims:
        return params[tuple(np.moveaxis(indices, -1, 0))]
    rows = [
        _gather_nd_strings(p, i, batch_dims=batch_dims - 1, sizes=sizes)
        for p, i in zip(params, indices, strict=True)
    ]
    return np.stack(rows)


@moves(
    "GatherNd",
    numpy=_gather_nd_strings,
    same=(0,),
    kinds={1: INDEX_TYPES},
    rule=_gather_nd_rule,
    reads=(1,),
    check=Check(_find_nd, _say_nd, reads=(1,)),
    rows=_picks_rows_nd,
)
def _gather_nd(params: Any, indices: Any, *, batch_dims: int, sizes: tuple[int, ...]) -> Any:
    depth = indices.shape[-1]
    shape = indices.shape[:-1] + params.shape[batch_dims + depth :]
    if params.size == 0 or (indices.size == 0 and 0 in shape):
        return jnp.zeros(shape, params.dtype)
    indexed = tuple(range(batch_dims, batch_dims + depth))
    outer = indices.ndim - 1
    numbers = lax.GatherDimensionNumbers(
        offset_dims=tuple(range(outer, outer + params.ndim - batch_dims - depth)),
        collapsed_slice_dims=indexed,
        start_index_map=indexed,
        operand_batching_dims=tuple(range(batch_dims)),
        start_indices_batching_dims=tuple(range(batch_dims)),
    )
    slices = [1 if d < batch_dims + depth else n for d, n in enumerate(params.shape)]
    return lax.gather(
        params, indices, numbers, slices, mode=lax.GatherScatterMode.PROMISE_IN_BOUNDS
    )


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Tensor:
    """Picks elements or slices by index vectors: ``output[i] = params[tuple(indices[i])]``.

    Args:
      params: a tensor of rank 1 at least, or a variable.
      indices: an int32 or int64 tensor; its last axis holds the index vectors.
      batch_dims: how many leading axes ``params`` and ``indices`` share.
      name: unused in eager code.

    Returns:
      A tensor of shape ``indices.shape[:-1] + params.shape[batch_dims + indices.shape[-1]:]``.

    Raises:
      InvalidArgumentError: if an index is out of range.
      ValueError: if ``batch_dims`` is.
    """
    if not isinstance(params, Tensor):
        params = convert_to_tensor(params)
    if not isinstance(indices, Tensor):
        indices = convert_to_tensor(indices)
    if indices._aval.dtype not in INDEX_TYPES:
        raise no_kernel("GatherNd", indices._aval.dtype, INDEX_TYPES)
    batch = int(batch_dims)
    if batch:
        rank = len(indices._aval.shape)
        if batch < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        if batch >= rank:
            raise ValueError(f"batch_dims = {batch} must be less than rank(indices) = {rank}")
        if batch >= len(params._aval.shape):
            raise ValueError(
                f"batch_dims = {batch} must be less than rank(params) = {len(params._aval.shape)}"
            )
    sizes = params._aval.shape
    return _gather_nd(params, indices, batch_dims=batch, sizes=sizes)  # type: ignore[no-any-return]
