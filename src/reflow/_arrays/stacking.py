"""Joining tensors and taking them apart: ``concat``, ``stack``, ``unstack``, ``split``."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, int_vector
from reflow._arrays.moving import moves
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import InternalError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.rules import text
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape

__all__ = ["concat", "parallel_stack", "split", "stack", "unstack"]


# ---- concat


def _concat_rule(*parts: Aval, axis: int) -> Aval:
    first = parts[0].shape
    rank = len(first)
    if not -rank <= axis < rank:
        raise invalid(
            f"ConcatOp : Expected concatenating dimensions in the range [{-rank}, {rank}), but got "
            f"{axis}"
        )
    axis %= rank
    total = 0
    for i, part in enumerate(parts):
        shape = part.shape
        if len(shape) != rank:
            raise invalid(
                "ConcatOp : Ranks of all input tensors should match: "
                f"shape[0] = {text(first)} vs. shape[{i}] = {text(shape)}"
            )
        if shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
            raise invalid(
                "ConcatOp : Dimensions of inputs should match: "
                f"shape[0] = {text(first)} vs. shape[{i}] = {text(shape)}"
            )
        total += shape[axis]
    return aval(first[:axis] + (total,) + first[axis + 1 :], parts[0].dtype)


@moves(
    "ConcatV2",
    numpy=lambda *parts, axis: np.concatenate(parts, axis),
    rule=_concat_rule,
    reads=(),
)
def _concat(*parts: Any, axis: int) -> Any:
    return lax.concatenate(parts, axis % parts[0].ndim)


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Joins tensors along an axis that they have.

    Args:
      values: a list of tensors of one type and rank, whose shapes differ in ``axis`` only.
      axis: an int; negative: counted from the end.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if types or shapes do not fit, or ``axis`` is out of range.
    """
    along = int_scalar(
        axis, "axis", "ConcatV2", "axis tensor should be a scalar integer, but got shape {}"
    )
    parts = values if values.__class__ in (list, tuple) else _items(values)
    if len(parts) < 2:
        from reflow._arrays.shape import identity

        if not parts:
            raise invalid("tf.concat needs at least one tensor, got an empty list [Op:ConcatV2]")
        return identity(parts[0])
    return _concat(*parts, axis=along)  # type: ignore[no-any-return]


def _items(values: Any) -> list[Any]:
    """A single tensor given for a list counts as a list of one."""
    if isinstance(values, (Tensor, np.ndarray)) or hasattr(values, "_read_tensor"):
        return [values]
    return list(values) if hasattr(values, "__iter__") else [values]


# ---- stack and unstack


def _stack_rule(*parts: Aval, axis: int) -> Aval:
    first = parts[0].shape
    for i, part in enumerate(parts):
        if part.shape != first:
            raise invalid(
                f"Shapes of all inputs must match: values[0].shape = {text(first)} != "
                f"values[{i}].shape = {text(part.shape)}"
            )
    place = axis % (len(first) + 1)
    return aval(first[:place] + (len(parts),) + first[place:], parts[0].dtype)


@moves("Pack", numpy=lambda *parts, axis: np.stack(parts, axis), rule=_stack_rule, reads=())
def _stack(*parts: Any, axis: int) -> Any:
    return jnp.stack(parts, axis)


def pack(parts: list[Any]) -> Tensor:
    """Stacks tensors along a new first axis."""
    stacked: Tensor = _stack(*parts, axis=0)
    return stacked


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Joins tensors of one shape along a new axis.

    Args:
      values: a list of tensors of one type and shape.
      axis: where the new axis goes, in ``[-(rank + 1), rank + 1)``.
      name: unused in eager code.

    Raises:
      ValueError: if ``axis`` is out of range.
      InvalidArgumentError: if types or shapes differ.
    """
    if values.__class__ not in (list, tuple):
        if not isinstance(values, Tensor):
            values = convert_to_tensor(values)
        if axis == 0:
            return values  # type: ignore[no-any-return]
        values = unstack(values)
    if not _holds_tensors(values):  # plain numbers: TF makes one constant of them
        values = convert_to_tensor(values)
        if axis == 0:
            return values  # type: ignore[no-any-return]
        values = unstack(values)
    rank = len(_shape(values[0])) + 1
    if not -rank <= axis < rank:
        raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
    return _stack(*values, axis=int(axis))  # type: ignore[no-any-return]


def _holds_tensors(values: Any) -> bool:
    for value in values:
        if isinstance(value, Tensor) or hasattr(value, "_read_tensor"):
            return True
        if value.__class__ in (list, tuple) and _holds_tensors(value):
            return True
    return False


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, Tensor):
        value = convert_to_tensor(value)
    return value._aval.shape  # type: ignore[no-any-return]


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """In TF 2.1 this op works inside graphs only; use ``tf.stack``.

    Raises:
      InternalError: outside of traced functions.
    """
    if record.state.segment.capture is None:
        raise InternalError(
            None,
            None,
            "Found instance of parallel_stack which could not be properly replaced; use tf.stack. "
            "[Op:ParallelConcat]",
        )
    return stack(values)


def _unstack_rule(x: Aval, *, axis: int, num: int) -> tuple[Aval, ...]:
    place = axis % len(x.shape)
    if x.shape[place] != num:
        raise invalid(f"Input shape axis {place} must equal {num}, got shape {text(x.shape)}")
    return (aval(x.shape[:place] + x.shape[place + 1 :], x.dtype),) * num


@moves(
    "Unpack",
    numpy=lambda x, *, axis, num: list(np.moveaxis(x, axis, 0)),
    rule=_unstack_rule,
    reads=(),
)
def _unstack(x: Any, *, axis: int, num: int) -> Any:
    return tuple([lax.index_in_dim(x, i, axis, keepdims=False) for i in range(num)])


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Any]:
    """Takes a tensor apart along an axis; the inverse of ``tf.stack``.

    Args:
      value: a tensor of rank 1 at least.
      num: the axis's length, if it is to be checked.
      axis: in ``[-rank, rank)``.
      name: unused in eager code.

    Returns:
      A list of tensors without that axis.

    Raises:
      ValueError: if ``axis`` is out of range.
      InvalidArgumentError: if ``num`` is not the axis's length.
    """
    shape = _shape(value)
    if not -len(shape) <= axis < len(shape):
        raise ValueError(f"axis = {axis} not in [{-len(shape)}, {len(shape)})")
    count = shape[axis] if num is None else int(num)
    return list(_unstack(value, axis=int(axis), num=count))


# ---- split


def _cuts(sizes: tuple[int, ...]) -> list[int]:
    return [int(end) for end in np.cumsum(sizes)[:-1]]


def _split_rule(x: Aval, *, sizes: tuple[int, ...], axis: int) -> tuple[Aval, ...]:
    before, after = x.shape[:axis], x.shape[axis + 1 :]
    return tuple([aval((*before, n, *after), x.dtype) for n in sizes])


@moves(
    "SplitV",
    numpy=lambda x, *, sizes, axis: np.split(x, _cuts(sizes), axis),
    rule=_split_rule,
    reads=(),
)
def _split(x: Any, *, sizes: tuple[int, ...], axis: int) -> Any:
    return tuple(jnp.split(x, _cuts(sizes), axis))


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Any]:
    """Cuts a tensor into pieces along an axis.

    Args:
      value: a tensor of rank 1 at least.
      num_or_size_splits: an int for so many equal pieces, or a vector of the pieces' sizes, one of
        which may be -1 for what is left.
      axis: an int; negative: counted from the end.
      num: how many pieces, if it cannot be seen from the sizes.
      name: unused in eager code.

    Returns:
      A list of tensors.

    Raises:
      InvalidArgumentError: if the axis cannot be cut so.
      ValueError: if ``num_or_size_splits`` is a scalar tensor.
    """
    tensor = convert_to_tensor(value)
    shape = tensor._aval.shape
    along = int_scalar(axis, "axis", "Split", "split_dim must be a scalar, not {}")
    if isinstance(num_or_size_splits, int):
        sizes, along = _even_sizes(shape, num_or_size_splits, along)
    else:
        if not isinstance(num_or_size_splits, (list, tuple, TensorShape)):
            given = convert_to_tensor(num_or_size_splits)
            if not given._aval.shape:
                raise ValueError(
                    "Rank-0 tensors are not supported as the num_or_size_splits argument to split. "
                    f"Argument provided: {num_or_size_splits}"
                )
        sizes, along = _given_sizes(shape, num_or_size_splits, along, num)
    return list(_split(tensor, sizes=sizes, axis=along))


def _even_sizes(shape: tuple[int, ...], count: int, axis: int) -> tuple[tuple[int, ...], int]:
    if count < 1:
        raise invalid(
            f"Value for attr 'num_split' of {count} must be at least minimum 1 [Op:Split]"
        )
    along = _split_axis(shape, axis, "Split")
    if shape[along] % count:
        raise invalid(
            "Number of ways to split should evenly divide the split dimension, but got split_dim "
            f"{along} (size = {shape[along]}) and num_split {count} [Op:Split]"
        )
    return (shape[along] // count,) * count, along


def _given_sizes(
    shape: tuple[int, ...], given: Any, axis: int, num: int | None
) -> tuple[tuple[int, ...], int]:
    sizes = list(int_vector(given, "num_or_size_splits", "SplitV", "sizes must be a vector"))
    if num is not None and num != len(sizes):
        raise invalid(
            "size of the split_tensor must be 1-D and have the same elements as outputs got 1 -D "
            f"and {len(sizes)} elements [Op:SplitV]"
        )
    along = _split_axis(shape, axis, "SplitV")
    if sizes.count(-1) > 1:
        raise invalid("There can only be one -1 in the input. [Op:SplitV]")
    known = sum(n for n in sizes if n != -1)
    if known > shape[along] or (-1 not in sizes and known != shape[along]):
        raise invalid(
            "Determined shape must either match input shape along split_dim exactly if fully "
            "specified, or be less than the size of the input along split_dim if not fully "
            f"specified.  Got: {known} [Op:SplitV]"
        )
    if -1 in sizes:
        sizes[sizes.index(-1)] = shape[along] - known
    return tuple(sizes), along


def _split_axis(shape: tuple[int, ...], axis: int, op: str) -> int:
    rank = len(shape)
    if not -rank <= axis < rank:
        raise invalid(
            f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {axis} [Op:{op}]"
        )
    return axis % rank
