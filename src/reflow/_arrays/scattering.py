"""Placing elements by index vectors, and changing rows of a variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_vector, no_kernel
from reflow._arrays.gathering import (
    INDEX_TYPES,
    find_outside_nd,
    position,
    vector_text,
)
from reflow._arrays.moving import MovingOp, moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import NUMBERS, bool_, string
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, op
from reflow.core.rules import text
from reflow.core.tensor import Tensor

__all__ = [
    "scatter_nd", "tensor_scatter_nd_add", "tensor_scatter_nd_sub", "tensor_scatter_nd_update",
]  # fmt: skip


# ---- by index vectors


def _check_update_shapes(shape: tuple[int, ...], indices: Aval, updates: Aval) -> None:
    i, u = indices.shape, updates.shape
    if not i:
        raise invalid(f"Indices shape must have rank at least one. Found:{text(i)}")
    depth, outer = i[-1], i[:-1]
    if len(u) < len(outer) or u[: len(outer)] != outer:
        raise invalid(
            "Outer dimensions of indices and update must match. Indices shape: "
            f"{text(i)}, updates shape:{text(u)}"
        )
    if depth > len(shape) or len(shape) - depth != len(u) - len(outer):
        raise invalid(
            "Inner dimensions of output shape must match inner dimensions of updates shape. "
            f"Output: {text(shape)} updates: {text(u)}"
        )
    inner = len(shape) - depth
    if shape[depth:] != u[len(outer) :]:
        raise invalid(
            f"The inner {inner} dimensions of output.shape={text(shape)} must match the inner "
            f"{inner} dimensions of updates.shape={text(u)}"
        )


def _say_outside(found: Any, shape: tuple[int, ...], indices: Aval) -> str:
    where = position(int(found[0]), indices.shape[:-1])
    return f"indices{where} = {vector_text(found[1:])} does not index into shape {text(shape)}"


def _vectors(indices: Any) -> Any:
    """Index vectors as what an array is indexed with."""
    return tuple([indices[..., i] for i in range(indices.shape[-1])])


def _scatter_rule(indices: Aval, updates: Aval, *, shape: tuple[int, ...]) -> Aval:
    _check_update_shapes(shape, indices, updates)
    return aval(shape, updates.dtype)


def _scatter_strings(indices: Any, updates: Any, *, shape: tuple[int, ...]) -> Any:
    out = np.full(shape, b"", object)
    out[_vectors(indices)] = updates
    return out


@moves(
    "ScatterNd",
    numpy=_scatter_strings,
    same=(1,),
    kinds={0: INDEX_TYPES},
    rule=_scatter_rule,
    reads=(0,),
    check=Check(
        lambda xp, indices, *, shape: find_outside_nd(xp, indices, shape),
        lambda found, indices, updates, *, shape: _say_outside(found, shape, indices),
        reads=(0,),
    ),
)
def _scatter_nd(indices: Any, updates: Any, *, shape: tuple[int, ...]) -> Any:
    if updates.dtype == bool:
        return jnp.zeros(shape, bool).at[_vectors(indices)].max(updates)
    return jnp.zeros(shape, updates.dtype).at[_vectors(indices)].add(updates)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """A tensor of zeros with ``updates`` added at the positions ``indices``.

    Args:
      indices: an int32 or int64 tensor; its last axis holds index vectors of length k.
      updates: a tensor of shape ``indices.shape[:-1] + shape[k:]``.
      shape: the output's shape, a vector of ints.
      name: unused in eager code.

    Returns:
      A tensor of ``shape``; updates of the same position are added up.

    Raises:
      InvalidArgumentError: if shapes do not fit or an index is out of range.
    """
    sizes = int_vector(shape, "shape", "ScatterNd", "Shape must be a vector")
    places, values = _index_tensor(indices, "ScatterNd"), convert_to_tensor(updates)
    i, u = places._aval.shape, values._aval.shape
    if i and u and i[0] != u[0] and len(i) == 1:
        raise invalid(
            "The outermost dimension of updates and indices must match. Got indices.shape "
            f"{text(i)}, updates.shape {text(u)} [Op:ScatterNd]"
        )
    return _scatter_nd(places, values, shape=sizes)  # type: ignore[no-any-return]


def _index_tensor(indices: Any, op_name: str) -> Tensor:
    tensor = convert_to_tensor(indices)
    if tensor.dtype not in INDEX_TYPES:
        raise no_kernel(op_name, tensor.dtype, INDEX_TYPES)
    return tensor


# Three ops that differ in what they do where an update arrives.


def _tensor_scatter_rule(x: Aval, indices: Aval, updates: Aval) -> Aval:
    _check_update_shapes(x.shape, indices, updates)
    return x


def _find(xp: Any, x: Any, indices: Any) -> Any:
    return find_outside_nd(xp, indices, x.shape)


def _say(found: Any, x: Aval, indices: Aval, updates: Aval) -> str:
    return _say_outside(found, x.shape, indices)


def _tensor_scatter(name: str, fn: Callable[..., Any], *, strings: bool = False) -> MovingOp:
    types = NUMBERS | {bool_, string} if strings else NUMBERS
    return MovingOp(
        fn,
        name,
        numpy=_update_strings,
        same=(0, 2),
        types=types,
        kinds={1: INDEX_TYPES},
        rule=_tensor_scatter_rule,
        reads=(1,),
        check=Check(_find, _say, reads=(0, 1)),
    )


def _update_strings(x: Any, indices: Any, updates: Any) -> Any:
    out = x.copy()
    out[_vectors(indices)] = updates
    return out


_tensor_scatter_update = _tensor_scatter(
    "TensorScatterUpdate",
    lambda x, indices, updates: x.at[_vectors(indices)].set(updates),
    strings=True,
)
_tensor_scatter_add = _tensor_scatter(
    "TensorScatterAdd", lambda x, indices, updates: x.at[_vectors(indices)].add(updates)
)
_tensor_scatter_sub = _tensor_scatter(
    "TensorScatterSub", lambda x, indices, updates: x.at[_vectors(indices)].add(-updates)
)


def tensor_scatter_nd_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """``tensor`` with the elements or slices at the index vectors ``indices`` replaced.

    Args:
      tensor: a tensor of rank 1 at least.
      indices: an int32 or int64 tensor; its last axis holds index vectors of length k.
      updates: a tensor of shape ``indices.shape[:-1] + tensor.shape[k:]``.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if shapes do not fit or an index is out of range.
    """
    places = _index_tensor(indices, "TensorScatterUpdate")
    return _tensor_scatter_update(tensor, places, updates)  # type: ignore[no-any-return]


def tensor_scatter_nd_add(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """``tensor`` with ``updates`` added at the index vectors ``indices``.

    Arguments and errors are those of ``tf.tensor_scatter_nd_update``; updates of the same position
    are added up.
    """
    places = _index_tensor(indices, "TensorScatterAdd")
    return _tensor_scatter_add(tensor, places, updates)  # type: ignore[no-any-return]


def tensor_scatter_nd_sub(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """``tensor`` with ``updates`` subtracted at the index vectors ``indices``.

    Arguments and errors are those of ``tf.tensor_scatter_nd_update``; updates of the same position
    are added up.
    """
    places = _index_tensor(indices, "TensorScatterSub")
    return _tensor_scatter_sub(tensor, places, updates)  # type: ignore[no-any-return]


# ---- rows of a variable


_ROW_UPDATES: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda rows, updates: rows.add(updates),
    "sub": lambda rows, updates: rows.add(-updates),
    "mul": lambda rows, updates: rows.multiply(updates),
    "div": lambda rows, updates: rows.divide(updates),
    "max": lambda rows, updates: rows.max(updates),
    "min": lambda rows, updates: rows.min(updates),
    "update": lambda rows, updates: rows.set(updates),
}


def _rows_rule(x: Aval, indices: Aval, updates: Aval, *, how: str) -> Aval:
    wanted = indices.shape + x.shape[1:]
    if updates.shape and updates.shape != wanted:
        raise invalid(
            "shape of updates must be indices.shape + params.shape[1:], got updates.shape "
            f"{text(updates.shape)}, indices.shape {text(indices.shape)}, params.shape "
            f"{text(x.shape)}"
        )
    return x


def _find_row(xp: Any, x: Any, indices: Any, *, how: str) -> Any:
    return find_outside_nd(xp, indices[..., None], x.shape)


def _say_row(found: Any, x: Aval, indices: Aval, updates: Aval, *, how: str) -> str:
    where = position(int(found[0]), indices.shape)
    return f"indices{where} = {int(found[1])} is not in [0, {x.shape[0]})"


@op(
    "ResourceScatter",
    same=(0, 2),
    kinds={1: INDEX_TYPES},
    rule=_rows_rule,
    reads=(1,),
    check=Check(_find_row, _say_row, reads=(0, 1)),
)
def _scatter_rows(x: Any, indices: Any, updates: Any, *, how: str) -> Any:
    return _ROW_UPDATES[how](x.at[indices], updates)


def scatter_rows(how: str, tensor: Any, indices: Any, updates: Any) -> Tensor:
    """``tensor`` with rows changed by ``how``: add, sub, mul, div, max, min or update."""
    return _scatter_rows(tensor, indices, updates, how=how)  # type: ignore[no-any-return]
