"""Slices: ``tensor[...]``, ``tf.slice``, ``tf.strided_slice`` and iteration over a tensor.

Whatever a program can count with is a run-time number: ``x[i]`` and ``x[i : i + 32]`` in a loop are
one op with the index as its argument, so they are compiled once. Open ends and strides are static.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from reflow._arrays.moving import as_array, moves
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import bool_, int32, int64, string
from reflow.core.errors import (
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    invalid,
)
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, op
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import (
    StaticTensor,
    Tensor,
    iteration_error,
    static_tensor,
    tensor_from_value,
)

__all__ = ["slice", "strided_slice"]

_slice_type = type(np.s_[:])

# ---- the op
#
# A spec says per axis of the input, as far as there is something to say, what is taken:
WHOLE = "whole"  # everything
INDEX = "index"  # one element, the axis disappears; where, says the next begin
# an int n             n elements; where they begin, says the next begin
# (begin, end, stride) the elements of that Python range


def _taken(x: Aval, spec: tuple[Any, ...]) -> list[int | None]:
    """The output sizes of the axes in the spec; None for those that disappear."""
    sizes: list[int | None] = []
    for n, part in zip(x.shape, spec, strict=False):
        if part is WHOLE:
            sizes.append(n)
        elif part is INDEX:
            sizes.append(None)
        else:
            sizes.append(part if part.__class__ is int else len(range(*part)))
    return sizes


def _slice_rule(x: Aval, *begins: Aval, spec: tuple[Any, ...], new: tuple[int, ...]) -> Aval:
    sizes = [n for n in _taken(x, spec) if n is not None] + list(x.shape[len(spec) :])
    for place in new:
        sizes.insert(place, 1)
    return aval(tuple(sizes), x.dtype)


def _pick(x: Any, *begins: Any, spec: tuple[Any, ...], new: tuple[int, ...]) -> Any:
    """The same with NumPy."""
    where = iter(begins)
    key: list[Any] = []
    for part in spec:
        if part is WHOLE:
            key.append(np.s_[:])
        elif part is INDEX:
            key.append(int(next(where)))
        elif part.__class__ is int:
            begin = int(next(where))
            key.append(np.s_[begin : begin + part])
        else:
            key.append(_as_slice(part))
    result = as_array(x[tuple(key)])
    for place in new:
        result = np.expand_dims(result, place)
    return result


def _as_slice(part: tuple[int, int, int]) -> Any:
    begin, end, stride = part
    return np.s_[begin : None if end < 0 else end : stride]


@moves("StridedSlice", numpy=_pick, same=(0,), rule=_slice_rule, reads=tuple(range(1, 65)))
def _slice(x: Any, *begins: Any, spec: tuple[Any, ...], new: tuple[int, ...]) -> Any:
    starts: list[Any] = [0] * x.ndim
    sizes = list(x.shape)
    gone = []
    where = iter(begins)
    for axis, part in enumerate(spec):
        if part is INDEX or part.__class__ is int:
            starts[axis] = next(where)
            sizes[axis] = 1 if part is INDEX else part
            if part is INDEX:
                gone.append(axis)
    if begins:
        index_type = begins[0].dtype
        starts = [jnp.asarray(start, index_type) for start in starts]
        x = lax.dynamic_slice(x, starts, sizes)
    for axis, part in enumerate(spec):
        if part.__class__ is tuple:
            x = _strided(x, axis, *part)
    if gone:
        x = lax.squeeze(x, gone)
    for place in new:
        x = lax.expand_dims(x, (place,))
    return x


def _strided(x: Any, axis: int, begin: int, end: int, stride: int) -> Any:
    if stride < 0:  # the same elements upwards, then turned round
        count = len(range(begin, end, stride))
        first = begin + (count - 1) * stride
        begin, end = (first, begin + 1) if count else (0, 0)
        up = lax.slice_in_dim(x, begin, end, -stride, axis)
        return lax.rev(up, (axis,))
    return lax.slice_in_dim(x, begin, max(begin, end), stride, axis)


_ITEM = _slice.bind(spec=(INDEX,), new=())


# An index that is a tensor without a value yet: a compiled program looks it up, the check follows.


def _find_outside(xp: Any, index: Any, *, length: int, axis: int) -> Any:
    wide = xp.asarray(index).astype(xp.int64)
    shown = xp.where(wide < 0, wide + length, wide)
    outside = (shown < 0) | (shown >= length)
    return xp.stack([xp.where(outside, 0, -1), shown])


def _say_outside(found: Any, index: Aval, *, length: int, axis: int) -> str:
    return f"slice index {int(found[1])} of dimension {axis} out of bounds."


@op(
    "StridedSlice",
    rule=lambda index, *, length, axis: index,
    reads=(),
    differentiable=False,
    check=Check(_find_outside, _say_outside, reads=(0,)),
)
def _begin(index: Any, *, length: int, axis: int) -> Any:
    return jnp.where(index < 0, index + length, index)


# ---- what tensors do


def getitem(tensor: Any, key: Any) -> Any:
    """``tensor[key]`` with ints, slices, ``...``, ``tf.newaxis`` and scalar integer tensors.

    A bool mask gives ``tf.boolean_mask(tensor, key)``.

    Raises:
      TypeError: another kind of index.
      InvalidArgumentError: an index out of range, or too many of them.
    """
    if key.__class__ is int and isinstance(tensor, Tensor):
        shape = tensor._aval.shape
        if shape and -shape[0] <= key < shape[0]:
            if key < 0:
                key += shape[0]
            if tensor.__class__ is StaticTensor:
                return static_tensor(np.asarray(tensor._value[key]))
            if _on_host(tensor):
                return _tensor(tensor._value[key])
            return record.record(_ITEM, (tensor, key))
    if _is_mask(key):
        from reflow._arrays.masking import boolean_mask

        return boolean_mask(tensor, key)
    if key.__class__ is list:
        key = tuple(key)
    return _take(tensor, key if key.__class__ is tuple else (key,))


def _on_host(tensor: Tensor) -> bool:
    """Whether a slice can be taken at once: the host has the value, and no tape may care."""
    if tensor._value.__class__ is not np.ndarray:
        return False
    segment = record.state.segment
    return (not segment.tapes and segment.capture is None) or tensor._aval.dtype is string


def _tensor(value: Any) -> Tensor:
    array = as_array(value)
    return tensor_from_value(array if array.flags.c_contiguous else array.copy())


def _is_mask(key: Any) -> bool:
    if key.__class__ is bool:
        return True
    if isinstance(key, np.ndarray):
        return bool(key.dtype == bool)
    if isinstance(key, Tensor) or hasattr(key, "_read_tensor"):
        return bool(key.dtype is bool_)
    return False


def _take(tensor: Any, key: tuple[Any, ...]) -> Any:
    if not isinstance(tensor, Tensor):
        tensor = convert_to_tensor(tensor)
    spec, begins, new = _parse(tensor._aval.shape, key)
    if not begins and all(part is WHOLE for part in spec) and not new:
        from reflow._arrays.shape import _identity

        return _identity(tensor)
    if all(begin.__class__ is int for begin in begins):
        if tensor.__class__ is StaticTensor:
            picked = _pick(tensor._value, *begins, spec=spec, new=new)
            return static_tensor(np.ascontiguousarray(picked).reshape(picked.shape))
        if _on_host(tensor):
            return _tensor(_pick(tensor._value, *begins, spec=spec, new=new))
    return _slice(tensor, *begins, spec=spec, new=new)


def _parse(shape: tuple[int, ...], key: tuple[Any, ...]) -> tuple[Any, list[Any], tuple[int, ...]]:
    """A key as a spec, the begins that go with it, and the places of new axes in the output."""
    rank = len(shape)
    spec: list[Any] = []
    begins: list[Any] = []
    new: list[int] = []
    place = 0  # in the output
    for position, item in enumerate(key):
        if item is None:
            new.append(place)
            place += 1
        elif item is Ellipsis:
            rest = key[position + 1 :]
            if any(other is Ellipsis for other in rest):
                raise invalid("Multiple ellipses in slice spec not allowed [Op:StridedSlice]")
            used = sum(other is not None for other in rest)
            skipped = max(rank - len(spec) - used, 0)
            spec += [WHOLE] * skipped
            place += skipped
        else:
            axis = len(spec)
            if axis >= rank:
                _check_index(item)
                raise invalid(
                    f"Index out of range using input dim {axis}; input has only {rank} dims "
                    "[Op:StridedSlice]"
                )
            if item.__class__ is _slice_type:
                part, begin = _parse_slice(item, shape[axis], axis)
                place += 1
            else:
                part, begin = INDEX, _parse_index(item, shape[axis], axis)
            spec.append(part)
            if begin is not None:
                begins.append(begin)
    while spec and spec[-1] is WHOLE:
        spec.pop()
    return tuple(spec), begins, tuple(new)


def _parse_index(item: Any, length: int, axis: int) -> Any:
    if item.__class__ is not int:
        _check_index(item)
        if isinstance(item, Tensor) and (item._value is None or item._is_symbolic()):
            return _begin(item, length=length, axis=axis)
        item = int(item)
    if not -length <= item < length:
        shown = item + length if item < 0 else item
        raise invalid(f"slice index {shown} of dimension {axis} out of bounds. [Op:StridedSlice]")
    return item + length if item < 0 else item


def _parse_slice(item: Any, length: int, axis: int) -> tuple[Any, int | None]:
    begin, end, stride = (_bound(b) for b in (item.start, item.stop, item.step))
    if stride == 0:
        raise invalid(f"strides[{axis}] must be non-zero [Op:StridedSlice]")
    first, last, step = _slice_type(begin, end, stride).indices(length)
    if step != 1:
        return (first, last, step), None
    count = max(last - first, 0)
    if count == length:
        return WHOLE, None
    if begin is None or end is None or count == 0:
        return (first, max(first, last), 1), None
    return count, first


def _bound(value: Any) -> int | None:
    if value is None or value.__class__ is int:
        return value
    _check_index(value)
    if isinstance(value, Tensor) or hasattr(value, "_read_tensor"):
        what = "a slice's bound (tf.slice takes a computed begin with a size that is known)"
        return int(static_array(value, what))
    return int(value)


def _check_index(item: Any) -> None:
    """Raises TypeError for what is no integer; NumPy's must be int32 or int64, as in TF."""
    if isinstance(item, (int, _slice_type)):
        return
    dtype = getattr(item, "dtype", None)
    if dtype is not None and dtype in (int32, int64) and len(item.shape) == 0:
        return
    raise TypeError(
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar "
        f"tf.int32/tf.int64 tensors are valid indices, got {item!r}"
    )


# ---- functions


def _index_vector(value: Any, what: str, op_name: str) -> np.ndarray[Any, Any]:
    try:
        return static_array(value, what)
    except OperatorNotAllowedInGraphError:
        raise
    except TypeError:
        kind = convert_to_tensor(value).dtype
        raise invalid(
            f"Value for attr 'Index' of {kind.label} is not in the list of allowed values: int32, "
            f"int64 [Op:{op_name}]"
        ) from None


@sized_by("input_", "begin", "size")
def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The block of ``size`` that starts at ``begin``.

    Args:
      input_: a tensor of rank n.
      begin: n ints, where the block starts. Inside a traced function it may be a tensor that is
        computed there.
      size: n ints, the block's shape; -1 stands for all that is left of an axis.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if the block is not within the tensor.
    """
    tensor = convert_to_tensor(input_)
    shape = tensor._aval.shape
    sizes = _index_vector(size, "size", "Slice")
    if isinstance(begin, (list, tuple)) and any(map(_is_computed, begin)):
        begin = convert_to_tensor(begin)
    if _is_computed(begin):
        return _slice_at(tensor, begin, sizes.tolist())
    starts = _index_vector(begin, "begin", "Slice")
    if starts.shape != (len(shape),) or sizes.shape != (len(shape),):
        raise invalid(
            f"Expected begin and size arguments to be 1-D tensors of size {len(shape)}, but got "
            f"shapes {text(starts.shape)} and {text(sizes.shape)} instead. [Op:Slice]"
        )
    spec: list[Any] = []
    begins = []
    for axis, (first, count, n) in enumerate(
        zip(starts.tolist(), sizes.tolist(), shape, strict=True)
    ):
        if not 0 <= first <= n:
            raise invalid(f"Expected begin[{axis}] in [0, {n}], but got {first} [Op:Slice]")
        if count == -1:
            count = n - first
        if not 0 <= count <= n - first:
            raise invalid(f"Expected size[{axis}] in [0, {n - first}], but got {count} [Op:Slice]")
        spec.append(WHOLE if count == n else count)
        if count != n:
            begins.append(first)
    return _slice(tensor, *begins, spec=tuple(spec), new=())  # type: ignore[no-any-return]


def _is_computed(value: Any) -> bool:
    """Whether a value is known only when the function being traced runs."""
    return isinstance(value, Tensor) and value._is_symbolic()


def _slice_at(tensor: Tensor, begin: Tensor, sizes: list[int]) -> Tensor:
    """A block of known size at a place that a traced function computes."""
    shape = tensor._aval.shape
    if begin._aval.shape != (len(shape),) or len(sizes) != len(shape):
        raise invalid(
            f"Expected begin and size arguments to be 1-D tensors of size {len(shape)}, but got "
            f"shapes {text(begin._aval.shape)} and [{len(sizes)}] instead. [Op:Slice]"
        )
    if -1 in sizes:
        raise InvalidArgumentError(
            None,
            None,
            "tf.slice with a begin that a traced function computes needs a size without -1: the "
            "output's shape must be known [Op:Slice]",
        )
    begins = [begin[axis] for axis in range(len(shape))]  # type: ignore[index]
    return _slice(tensor, *begins, spec=tuple(sizes), new=())  # type: ignore[no-any-return]


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Any:
    """``input_[begin[0]:end[0]:strides[0], begin[1]:...]``; the masks' bits change single items.

    Args:
      input_: a tensor.
      begin, end, strides: vectors of ints of one length; the strides are ones by default.
      begin_mask, end_mask: bit i makes that bound of item i open.
      ellipsis_mask: bit i makes item i ``...``.
      new_axis_mask: bit i makes item i ``tf.newaxis``.
      shrink_axis_mask: bit i makes item i the index ``begin[i]``.
      var: the variable that ``input_`` is the value of; unused.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: as ``tensor[...]`` does, and if the vectors' lengths differ.
    """
    first = _index_vector(begin, "begin", "StridedSlice")
    last = _index_vector(end, "end", "StridedSlice")
    steps = (
        np.ones_like(first)
        if strides is None
        else _index_vector(strides, "strides", "StridedSlice")
    )
    if first.ndim != 1 or not first.shape == last.shape == steps.shape:
        shapes = ", ".join(text(a.shape) for a in (first, last)) + f", and {text(steps.shape)}"
        raise invalid(
            "Expected begin, end, and strides to be 1D equal size tensors, but got shapes "
            f"{shapes} instead. [Op:StridedSlice]"
        )
    key: list[Any] = []
    for i, (b, e, s) in enumerate(zip(first.tolist(), last.tolist(), steps.tolist(), strict=True)):
        bit = 1 << i
        if ellipsis_mask & bit:
            key.append(Ellipsis)
        elif new_axis_mask & bit:
            key.append(None)
        elif shrink_axis_mask & bit:
            if s <= 0:
                raise invalid("only stride 1 allowed on non-range indexing. [Op:StridedSlice]")
            key.append(b)
        else:
            key.append(
                _slice_type(None if begin_mask & bit else b, None if end_mask & bit else e, s)
            )
    return _take(input_, tuple(key))


# ---- iteration


def iterate(tensor: Tensor) -> Iterator[Tensor]:
    """The slices along the first axis, one by one."""
    if not tensor._is_symbolic() and not record.state.segment.tapes:
        for value in tensor._host():
            yield _tensor(value)
        return
    if tensor._is_symbolic() and tensor.__class__ is not StaticTensor:
        raise iteration_error()
    for i in range(tensor._aval.shape[0]):
        yield getitem(tensor, i)
