"""Distributing slices over several tensors, putting them together, and flat indices."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_vector, values_of
from reflow._arrays.gathering import INDEX_TYPES, gather, position
from reflow._arrays.moving import moves
from reflow._arrays.shape import reshape
from reflow._arrays.stacking import concat
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_vjp
from reflow.core.dtypes import int32
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = ["dynamic_partition", "dynamic_stitch", "unravel_index"]


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """Distributes the slices of a tensor over a number of outputs.

    Args:
      data: a tensor whose shape starts with that of ``partitions``.
      partitions: an int32 tensor; says for each slice which output it goes to.
      num_partitions: how many outputs there are.
      name: unused in eager code.

    Returns:
      A list of tensors; their slices are in the order of ``data``.

    Raises:
      InvalidArgumentError: if a partition is out of range or the shapes do not fit.
    """
    count = int(num_partitions)
    if count < 1:
        raise invalid(
            f"Value for attr 'num_partitions' of {count} must be at least minimum 1 "
            "[Op:DynamicPartition]"
        )
    tensor, chosen = convert_to_tensor(data), convert_to_tensor(partitions)
    if chosen.dtype is not int32:
        raise invalid(
            "cannot compute DynamicPartition as input #1(zero-based) was expected to be a int32 "
            f"tensor but is a {chosen.dtype.label} tensor [Op:DynamicPartition]"
        )
    shape, outer = tensor._aval.shape, chosen._aval.shape
    if shape[: len(outer)] != outer:
        raise invalid(
            "data.shape must start with partitions.shape, got data.shape = "
            f"{text(shape)}, partitions.shape = {text(outer)} [Op:DynamicPartition]"
        )
    where = values_of(chosen, "tf.dynamic_partition").reshape(-1)
    bad = np.flatnonzero((where < 0) | (where >= count))
    if bad.size:
        place = position(int(bad[0]), outer)
        raise invalid(
            f"partitions{place} = {where[bad[0]]} is not in [0, {count}) [Op:DynamicPartition]"
        )
    rows = reshape(tensor, (chosen._aval.size, *shape[len(outer) :]))
    return [gather(rows, np.flatnonzero(where == i)) for i in range(count)]


@custom_vjp
def _rows_at(source: Any, flat: Any, rows: Any) -> Any:
    """Row ``source[i]`` in place i, zeros where that is negative; ``flat`` is its inverse."""
    if not rows.shape[0]:
        return jnp.zeros((source.shape[0], *rows.shape[1:]), rows.dtype)
    found = jnp.expand_dims(source >= 0, tuple(range(1, rows.ndim)))
    return jnp.where(found, rows[jnp.maximum(source, 0)], jnp.zeros((), rows.dtype))


def _rows_forward(source: Any, flat: Any, rows: Any) -> tuple[Any, Any]:
    return _rows_at(source, flat, rows), flat


def _rows_backward(flat: Any, gradient: Any) -> tuple[Any, ...]:
    # TF gives a row its place's gradient even if a later row has taken the place.
    return None, None, gradient[flat]


_rows_at.defvjp(_rows_forward, _rows_backward)


def _stitch_strings(source: Any, flat: Any, rows: Any) -> Any:
    out = np.full((len(source), *rows.shape[1:]), b"", object)
    out[source >= 0] = rows[source[source >= 0]]
    return out


@moves(
    "DynamicStitch",
    numpy=_stitch_strings,
    same=(2,),
    kinds={0: {int32}, 1: {int32}},
    rule=lambda source, flat, rows: aval((*source.shape, *rows.shape[1:]), rows.dtype),
    reads=(0, 1),
)
def _stitch(source: Any, flat: Any, rows: Any) -> Any:
    return _rows_at(source, flat, rows)


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """Puts slices of several tensors together: ``merged[indices[m][i]] = data[m][i]``.

    Args:
      indices: a list of int32 tensors.
      data: a list of tensors of one type; the shape of ``data[m]`` starts with that of
        ``indices[m]``, the rest is the same for all.
      name: unused in eager code.

    Returns:
      A tensor with ``max(indices) + 1`` slices. Of several for one place, the last counts; places
      that get none are zero.

    Raises:
      InvalidArgumentError: if the shapes do not fit or an index is negative.
      ValueError: if the lists differ in length.
    """
    if len(data) != len(indices):
        raise ValueError(
            f"List argument 'data' to 'dynamic_stitch' Op with length {len(data)} must match "
            f"length {len(indices)} of argument 'indices'."
        )
    if not len(data):
        raise invalid("tf.dynamic_stitch needs at least one tensor [Op:DynamicStitch]")
    places = [convert_to_tensor(i, int32) for i in indices]
    parts = _same_type(data)
    tail = parts[0]._aval.shape[len(places[0]._aval.shape) :]
    for m, (place, part) in enumerate(zip(places, parts, strict=True)):
        _check_stitch(m, place, part, places[0], parts[0], tail)
    flat = np.concatenate([values_of(p, "tf.dynamic_stitch").reshape(-1) for p in places])
    if flat.size and flat.min() < 0:
        raise invalid(f"indices[{int(np.argmax(flat < 0))}] is out of range [Op:DynamicStitch]")
    source = np.full(int(flat.max(initial=-1)) + 1, -1, np.int32)
    source[flat] = np.arange(flat.size)  # the last of equal indices stays
    rows = [
        reshape(part, (place._aval.size, *tail)) for place, part in zip(places, parts, strict=True)
    ]
    return _stitch(source, flat, concat(rows, 0))  # type: ignore[no-any-return]


def _same_type(values: Any) -> list[Tensor]:
    dtype = next((v.dtype for v in values if isinstance(v, Tensor)), None)
    parts: list[Tensor] = []
    for value in values:
        parts.append(convert_to_tensor(value, dtype))
        dtype = parts[0].dtype
    return parts


def _check_stitch(
    m: int, place: Tensor, part: Tensor, place0: Tensor, part0: Tensor, tail: tuple[int, ...]
) -> None:
    i, d = place._aval.shape, part._aval.shape
    if d[: len(i)] != i:
        raise invalid(
            f"data[{m}].shape = {text(d)} does not start with indices[{m}].shape = {text(i)} "
            "[Op:DynamicStitch]"
        )
    if d[len(i) :] != tail:
        i0, d0 = place0._aval.shape, part0._aval.shape
        raise invalid(
            f"Need data[0].shape[{len(i0)}:] = data[{m}].shape[{len(i)}:], got data[0].shape = "
            f"{text(d0)}, data[{m}].shape = {text(d)}, indices[0].shape = {text(i0)}, "
            f"indices[{m}].shape = {text(i)} [Op:DynamicStitch]"
        )


def _unravel_rule(indices: Aval, *, dims: tuple[int, ...]) -> Aval:
    if len(indices.shape) > 1:
        raise invalid(f'The indices can only be scalar or vector, got "{text(indices.shape)}"')
    return aval((len(dims), *indices.shape), indices.dtype)


@op("UnravelIndex", types=INDEX_TYPES, rule=_unravel_rule, reads=(), differentiable=False)
def _unravel_index(indices: Any, *, dims: tuple[int, ...]) -> Any:
    strides = np.append(np.cumprod(dims[::-1])[:-1][::-1], 1)
    rows = []
    for size, stride in zip(dims, strides.tolist(), strict=True):
        within = lax.rem(indices, jnp.asarray(size * stride, indices.dtype))
        rows.append(lax.div(within, jnp.asarray(stride, indices.dtype)))
    return jnp.stack(rows)


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """Flat indices into an array of shape ``dims`` as index vectors, one per column.

    Args:
      indices: an int32 or int64 scalar or vector.
      dims: the array's shape, a vector of ints.
      name: unused in eager code.

    Returns:
      A matrix with a row per axis and a column per index; a vector for a scalar.

    Raises:
      InvalidArgumentError: if the ranks do not fit.
    """
    sizes = int_vector(dims, "dims", "UnravelIndex", 'The indices can only be 1-D, got "{}"')
    return _unravel_index(indices, dims=sizes)  # type: ignore[no-any-return]
