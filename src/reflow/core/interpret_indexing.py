"""Primitives that move elements without computing: broadcasts, slices, padding, gather, scatter.

Arguments and parameters are named and defined as in ``jax.lax``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any, TypeAlias

import numpy as np

Array: TypeAlias = Any
"""A NumPy array, or the NumPy scalar that ufuncs return for 0-d arrays."""
Shape = Sequence[int]


def broadcast_in_dim(x: Array, *, shape: Shape, broadcast_dimensions: Shape) -> Array:
    """Repeats ``x``, whose dimensions become ``broadcast_dimensions`` of the result."""
    expanded = [1] * len(shape)
    for dimension, size in zip(broadcast_dimensions, x.shape, strict=True):
        expanded[dimension] = size
    if prod(expanded) == prod(shape):
        return x.reshape(shape)
    # A filled array, no view with stride 0: whatever reads it next is faster, and it may be kept.
    result = np.empty(shape, x.dtype)
    result[...] = x.reshape(expanded)
    return result


def reshape(x: Array, *, new_sizes: Shape) -> Array:
    """The same elements in another shape."""
    return x.reshape(new_sizes)


def transpose(x: Array, *, permutation: Shape) -> Array:
    """Dimension i of the result is dimension ``permutation[i]`` of ``x``."""
    return x.transpose(permutation)


def squeeze(x: Array, *, dimensions: Shape) -> Array:
    """Removes dimensions of size 1."""
    return np.squeeze(x, tuple(dimensions))


def rev(x: Array, *, dimensions: Shape) -> Array:
    """Reverses dimensions."""
    return np.flip(x, tuple(dimensions))


def iota(*, dtype: Any, shape: Shape, dimension: int) -> Array:
    """Numbers from 0 up along one dimension."""
    numbers = np.arange(shape[dimension]).astype(dtype)
    return broadcast_in_dim(numbers, shape=shape, broadcast_dimensions=(dimension,))


def concatenate(*operands: Array, dimension: int) -> Array:
    """Joins arrays along a dimension."""
    return np.concatenate(operands, dimension)


def stack(*operands: Array, axis: int) -> Array:
    """Joins arrays along a new dimension."""
    return np.stack(operands, axis)


def unstack(x: Array, *, axis: int) -> Sequence[Array]:
    """The slices along a dimension."""
    return list(np.moveaxis(x, axis, 0))


def split(x: Array, *, sizes: Shape, axis: int) -> Sequence[Array]:
    """Parts of given sizes along a dimension."""
    return np.split(x, np.cumsum(sizes)[:-1], axis)


def tile(x: Array, *, reps: Shape) -> Array:
    """Repeats the whole array along each dimension."""
    return np.tile(x, reps)


def strided_slice(
    x: Array, *, start_indices: Shape, limit_indices: Shape, strides: Shape | None = None
) -> Array:
    """A static slice."""
    steps = strides or [1] * x.ndim
    return x[tuple(map(slice, start_indices, limit_indices, steps))]


def _window(x: Array, starts: Sequence[Any], sizes: Shape) -> tuple[slice, ...]:
    """The window at ``starts``, moved inside ``x`` where it would stick out."""
    clamped = [
        min(max(int(start), 0), limit - size)
        for start, limit, size in zip(starts, x.shape, sizes, strict=True)
    ]
    return tuple(slice(start, start + size) for start, size in zip(clamped, sizes, strict=True))


def dynamic_slice(x: Array, *starts: Array, slice_sizes: Shape) -> Array:
    """The window of ``slice_sizes`` at ``starts``."""
    return x[_window(x, starts, slice_sizes)]


def dynamic_update_slice(x: Array, update: Array, *starts: Array) -> Array:
    """A copy of ``x`` with ``update`` at ``starts``."""
    result = np.array(x)
    result[_window(x, starts, update.shape)] = update
    return result


def pad(x: Array, value: Array, *, padding_config: Sequence[tuple[int, int, int]]) -> Array:
    """Element k of a dimension moves to ``low + k (interior + 1)``, or is cut off if negative."""
    shape, sources, targets = [], [], []
    for size, (low, high, interior) in zip(x.shape, padding_config, strict=True):
        step = interior + 1
        length = max(low + high + size + max(size - 1, 0) * interior, 0)
        first = max(0, -(low // step))  # the smallest k at or after 0: ceil(-low / step)
        last = min(size, (length - 1 - low) // step + 1)
        count = max(last - first, 0)
        start = low + first * step
        shape.append(length)
        sources.append(slice(first, first + count))
        targets.append(slice(start, start + count * step, step))
    result = np.full(shape, value, x.dtype)
    result[tuple(targets)] = x[tuple(sources)]
    return result


# ---- gather and scatter


def gather(
    x: Array,
    indices: Array,
    *,
    dimension_numbers: Any,
    slice_sizes: Shape,
    mode: Any,
    fill_value: Any = None,
) -> Array:
    """Windows of ``slice_sizes`` at positions taken from ``indices``, moved inside or filled."""
    numbers = dimension_numbers
    starts, inside = _clamped_starts(x.shape, indices, numbers.start_index_map, slice_sizes)
    if _is_take(x.shape, indices.ndim - 1, numbers, slice_sizes):
        result = np.take(x, starts[..., 0], numbers.start_index_map[0])
    else:
        result = x[
            _window_indices(
                starts,
                slice_sizes,
                window_dims=numbers.offset_dims,
                collapsed=numbers.collapsed_slice_dims,
                batching=numbers.operand_batching_dims,
                starts_batching=numbers.start_indices_batching_dims,
                index_map=numbers.start_index_map,
            )
        ]
    if mode.name != "FILL_OR_DROP" or inside.all():
        return result
    fill = np.asarray(_default_fill(x.dtype) if fill_value is None else fill_value, x.dtype)
    return np.where(_expand_windows(inside, result.ndim, numbers.offset_dims), result, fill)


def _default_fill(dtype: np.dtype[Any]) -> Any:
    """What jax.lax.gather puts where an index is out of bounds."""
    if dtype.kind == "b":
        return True
    if dtype.kind in "iu":
        return np.iinfo(dtype).min if dtype.kind == "i" else np.iinfo(dtype).max
    return np.nan


def _is_take(shape: Shape, batch_ndim: int, numbers: Any, slice_sizes: Shape) -> bool:
    """Whether the gather picks whole slices along one axis: what np.take does, and fast."""
    if len(numbers.start_index_map) != 1 or numbers.operand_batching_dims:
        return False
    axis = numbers.start_index_map[0]
    picked = list(shape)
    picked[axis] = 1
    before, after = range(axis), range(axis + batch_ndim, len(shape) - 1 + batch_ndim)
    return (
        tuple(numbers.collapsed_slice_dims) == (axis,)
        and list(slice_sizes) == picked
        and list(numbers.offset_dims) == [*before, *after]
    )


def _clamped_starts(
    shape: Shape, indices: Array, index_map: Shape, sizes: Shape
) -> tuple[Array, Array]:
    """Window starts moved inside the operand, and per window whether they were inside."""
    limits = np.array([shape[axis] - sizes[axis] for axis in index_map], np.int64)
    starts = indices.astype(np.int64)
    inside = ((starts >= 0) & (starts <= limits)).all(-1)
    return np.clip(starts, 0, limits), inside


def _window_indices(
    starts: Array,
    sizes: Shape,
    *,
    window_dims: Shape,
    collapsed: Shape,
    batching: Shape,
    starts_batching: Shape,
    index_map: Shape,
) -> tuple[Array, ...]:
    """Index arrays, one per operand dimension, that select every element of every window.

    They broadcast to the shape of the windows' array, in which ``window_dims`` run within a window
    and the others, in order, over the batch of windows.
    """
    ndim = starts.ndim - 1 + len(window_dims)
    batch_dims = [dim for dim in range(ndim) if dim not in window_dims]

    def along(numbers: Array, dim: int) -> Array:
        return numbers.reshape([-1 if d == dim else 1 for d in range(ndim)])

    indices = []
    within = iter(sorted(window_dims))
    for axis, size in enumerate(sizes):
        index = np.zeros([1] * ndim, np.int64)
        if axis in index_map:
            start = starts[..., list(index_map).index(axis)]
            index = index + _expand_windows(start, ndim, window_dims)
        if axis in batching:
            batch = starts_batching[list(batching).index(axis)]
            index = index + along(np.arange(starts.shape[batch]), batch_dims[batch])
        elif axis not in collapsed:
            index = index + along(np.arange(size), next(within))
        indices.append(index)
    return tuple(indices)


def _expand_windows(values: Array, ndim: int, window_dims: Shape) -> Array:
    """Gives an array over the batch of windows dimensions of size 1 at ``window_dims``."""
    return np.expand_dims(values, tuple(dim for dim in range(ndim) if dim in window_dims))


def scatter(combine: Callable[[Array, tuple[Array, ...], Array], None]) -> Callable[..., Array]:
    """The scatter that writes updates with ``combine(result, indices, updates)``, in place."""

    def scattered(
        x: Array, indices: Array, updates: Array, *, dimension_numbers: Any, mode: Any
    ) -> Array:
        numbers = dimension_numbers
        window_dims = numbers.update_window_dims
        single = {*numbers.inserted_window_dims, *numbers.operand_batching_dims}
        window = iter([updates.shape[dim] for dim in window_dims])
        sizes = [1 if axis in single else next(window) for axis in range(x.ndim)]
        index_map = numbers.scatter_dims_to_operand_dims
        starts, inside = _clamped_starts(x.shape, indices, index_map, sizes)
        where = _window_indices(
            starts,
            sizes,
            window_dims=window_dims,
            collapsed=numbers.inserted_window_dims,
            batching=numbers.operand_batching_dims,
            starts_batching=numbers.scatter_indices_batching_dims,
            index_map=index_map,
        )
        if mode.name != "CLIP" and not inside.all():  # windows that stick out are dropped whole
            kept = _expand_windows(inside, updates.ndim, window_dims)
            kept = np.broadcast_to(kept, updates.shape)
            where = tuple(np.broadcast_to(index, updates.shape)[kept] for index in where)
            updates = updates[kept]
        result = np.array(x)
        combine(result, where, updates)
        return result

    return scattered


def assign(x: Array, where: tuple[Array, ...], values: Array) -> None:
    """Writes ``values``: where an element is hit twice, the last one stays."""
    x[where] = values
