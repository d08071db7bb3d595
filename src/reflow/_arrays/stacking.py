"""Joining, splitting, repeating, padding, reversing and rolling."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow._arrays.arguments import int_matrix, int_scalar, int_vector
from reflow._arrays.moving import moves
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import InternalError, InvalidArgumentError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.rules import text
from reflow.core.static import static_array, static_ints
from reflow.core.tensor import Tensor
from reflow.core.tensor_shape import TensorShape

__all__ = [
    "concat", "pad", "parallel_stack", "repeat", "reverse", "roll", "split", "stack", "tile",
    "unstack",
]  # fmt: skip


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
        axis, "axis", "axis tensor should be a scalar integer, but got shape {} [Op:ConcatV2]"
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
    return _stack(*parts, axis=0)  # type: ignore[no-any-return]


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
            return values
        values = list(values)
    if not _holds_tensors(values):  # plain numbers: TF makes one constant of them
        values = convert_to_tensor(values)
        if axis == 0:
            return values
        values = list(values)
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
    return np.cumsum(sizes)[:-1].tolist()


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
    along = int_scalar(axis, "axis", "split_dim must be a scalar, not {} [Op:Split]")
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
        raise invalid(f"Value for attr 'num_split' of {count} must be at least minimum 1 [Op:Split]")
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
    sizes = list(int_vector(given, "num_or_size_splits", "sizes must be a vector [Op:SplitV]"))
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


# ---- tile and repeat


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


@moves(
    "Tile", numpy=lambda x, *, multiples: np.tile(x, multiples), rule=_tile_rule, reads=()
)
def _tile(x: Any, *, multiples: tuple[int, ...]) -> Any:
    return jnp.tile(x, multiples)


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """Repeats a tensor ``multiples[i]`` times along axis i.

    Raises:
      InvalidArgumentError: if there is not one count, 0 or more, for each axis.
    """
    counts = int_vector(
        multiples, "multiples", "Expected multiples to be 1-D, but got shape {} [Op:Tile]"
    )
    return _tile(input, multiples=counts)  # type: ignore[no-any-return]


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
    from reflow._arrays.gathering import gather
    from reflow._arrays.shape import reshape

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


# ---- pad


def _pad_rule(x: Aval, *values: Aval, paddings: Any, mode: str) -> Aval:
    for value in values:
        if value.shape:
            raise invalid(f"constant_values must be a scalar. Found: {text(value.shape)}")
    sizes = []
    for n, (before, after) in zip(x.shape, paddings, strict=True):
        if before < 0 or after < 0:
            raise invalid(f"Paddings must be non-negative: {before} {after}")
        if mode == "REFLECT" and not (before < n and after < n) and (before or after):
            raise invalid(
                f"paddings must be less than the dimension size: {before}, {after} not less than "
                f"{n}"
            )
        if mode == "SYMMETRIC" and (before > n or after > n):
            raise invalid(
                f"paddings must be no greater than the dimension size: {before}, {after} greater "
                f"than {n}"
            )
        sizes.append(before + n + after)
    return aval(tuple(sizes), x.dtype)


def _pad_strings(x: Any, value: Any = b"", *, paddings: Any, mode: str) -> Any:
    out = np.full([b + n + a for n, (b, a) in zip(x.shape, paddings, strict=True)], value, object)
    out[tuple([np.s_[b : b + n] for n, (b, _) in zip(x.shape, paddings, strict=True)])] = x
    return out


@moves("Pad", numpy=_pad_strings, rule=_pad_rule, reads=())
def _pad(x: Any, *, paddings: Any, mode: str) -> Any:
    return jnp.pad(x, paddings)


@moves("PadV2", numpy=_pad_strings, rule=_pad_rule, reads=())
def _pad_with(x: Any, value: Any, *, paddings: Any, mode: str) -> Any:
    return lax.pad(x, value, [(before, after, 0) for before, after in paddings])


@moves(
    "MirrorPad",
    numpy=lambda x, *, paddings, mode: np.pad(x, paddings, mode.lower()),
    rule=_pad_rule,
    reads=(),
)
def _mirror_pad(x: Any, *, paddings: Any, mode: str) -> Any:
    return jnp.pad(x, paddings, mode.lower())


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    constant_values: Any = 0,
    name: str | None = None,
) -> Tensor:
    """Pads a tensor.

    Args:
      tensor: a tensor of rank n.
      paddings: n pairs of ints: how many elements to add before and after, per axis.
      mode: "CONSTANT", "REFLECT" (mirrored without the edge) or "SYMMETRIC" (with it).
      constant_values: the scalar to pad with.
      name: unused in eager code.

    Raises:
      ValueError: another ``mode``.
      InvalidArgumentError: if the paddings do not fit the tensor.
    """
    kind = mode.upper()
    if kind not in ("CONSTANT", "REFLECT", "SYMMETRIC"):
        raise ValueError(f"Unknown padding mode: {kind}")
    zero = not isinstance(constant_values, Tensor) and np.ndim(constant_values) == 0 and (
        constant_values == 0
    )
    op_name = "MirrorPad" if kind != "CONSTANT" else ("Pad" if zero else "PadV2")
    array = static_array(paddings, "paddings")
    if array.ndim != 2 or array.shape[1] != 2:
        raise invalid(
            f"paddings must be a matrix with 2 columns: {text(array.shape)} [Op:{op_name}]"
        )
    x = convert_to_tensor(tensor)
    if len(array) != len(x._aval.shape):
        raise invalid(
            f"The first dimension of paddings must be the rank of inputs{text(array.shape)} "
            f"{text(x._aval.shape)} [Op:{op_name}]"
        )
    pairs = tuple([tuple(pair) for pair in array.tolist()])
    if kind != "CONSTANT":
        return _mirror_pad(x, paddings=pairs, mode=kind)  # type: ignore[no-any-return]
    if zero:
        return _pad(x, paddings=pairs, mode=kind)  # type: ignore[no-any-return]
    return _pad_with(x, constant_values, paddings=pairs, mode=kind)  # type: ignore[no-any-return]


# ---- reverse and roll


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
    axes = int_vector(axis, "axis", "'dims' must be 1-dimension, not {} [Op:ReverseV2]")
    return _reverse(tensor, axis=axes)  # type: ignore[no-any-return]


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


@moves(
    "Roll", numpy=lambda x, *, shift, axis: np.roll(x, shift, axis), rule=_roll_rule, reads=()
)
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
    given = static_ints(value, what)
    if isinstance(given, int):
        return (given,)
    if given and isinstance(given[0], tuple):
        shape = text(static_array(value, what).shape)
        raise InvalidArgumentError(
            None, None, f"{what} must be a scalar or a 1-D vector. Found: {shape} [Op:Roll]"
        )
    return given  # type: ignore[no-any-return]
