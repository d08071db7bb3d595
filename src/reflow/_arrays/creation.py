"""Making tensors: constants, ranges, grids, one-hot vectors, masks."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, int_vector
from reflow._arrays.moving import moves
from reflow._arrays.shape import _broadcast_to, _reshape
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor, to_array
from reflow.core.dtypes import DType, as_dtype, bool_, float32, int32, int64, string, uint8
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_numpy, tensor_from_value
from reflow.core.tensor_shape import TensorShape

__all__ = [
    "constant", "convert_to_tensor", "eye", "fill", "meshgrid", "one_hot", "ones", "ones_like",
    "sequence_mask", "zeros", "zeros_like",
]  # fmt: skip

HOST_SIZE = 1024
"""Elements up to which a filled tensor is made at once; larger ones are left to the program."""


# ---- constants


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Tensor:
    """Makes a tensor from Python or NumPy values.

    Args:
      value: a number, string, nested list, or NumPy array.
      dtype: the element type; by default float32, int32, bool or string for Python values, and
        the array's own for NumPy arrays.
      shape: the shape; a scalar is repeated to fill it, other values must have as many elements.
      name: unused in eager code.

    Raises:
      TypeError: if the value cannot be of ``dtype``, or its elements do not fill ``shape``.
      ValueError: if a nested list is not rectangular.
    """
    if isinstance(value, Tensor):
        tensor = value
        if dtype is not None and tensor.dtype is not as_dtype(dtype):
            raise TypeError(f"Expected tensor with type {as_dtype(dtype)!r} not {tensor.dtype!r}")
    else:
        _refuse_tensors(value)
        tensor = tensor_from_numpy(to_array(value, None if dtype is None else as_dtype(dtype)))
    if shape is None:
        return tensor
    sizes = TensorShape(shape)
    wanted: tuple[int, ...] = tuple(sizes.as_list())  # type: ignore[arg-type]
    count, have = prod(wanted), tensor._aval.size
    if tensor._aval.shape == wanted:
        return tensor
    if have == count:
        return _reshape(tensor, shape=wanted)  # type: ignore[no-any-return]
    if have == 1:
        return fill(wanted, tensor)
    raise TypeError(
        f"Eager execution of tf.constant with unsupported shape (value has {have} elements, "
        f"shape is {sizes} with {count} elements)."
    )


def _refuse_tensors(value: Any) -> None:
    """TF 2.1 makes constants of plain values only; ``tf.stack`` joins tensors."""
    if isinstance(value, (list, tuple)):
        for item in value:
            if item.__class__ not in _PLAIN:
                _refuse_tensors(item)
    elif isinstance(value, Tensor) or hasattr(value, "_read_tensor"):
        raise ValueError(
            f"Attempt to convert a value ({value!r}) with an unsupported type ({type(value)!r}) "
            "to a Tensor."
        )


_PLAIN = frozenset((bool, int, float, complex, str, bytes))


# ---- filled with one value


def _fill_rule(value: Aval, *, dims: tuple[int, ...]) -> Aval:
    _check_dims(dims)
    if value.shape:
        raise invalid(f"value must be a scalar, got shape {text(value.shape)}")
    return aval(dims, value.dtype)


def _check_dims(dims: tuple[int, ...], suffix: str = "") -> None:
    for n in dims:
        if n < 0:
            raise invalid(f"Dimension {n} must be >= 0{suffix}")


@moves("Fill", numpy=lambda value, *, dims: np.full(dims, value), rule=_fill_rule, reads=())
def _fill(value: Any, *, dims: tuple[int, ...]) -> Any:
    return jnp.broadcast_to(value, dims)


@op("Fill", rule=lambda *, dims, dtype, value: aval(dims, dtype), reads=(), differentiable=False)
def _filled(*, dims: tuple[int, ...], dtype: DType, value: int) -> Any:
    return jnp.full(dims, value, dtype.np)


def _dims(shape: Any) -> tuple[int, ...]:
    """The shape argument of ``zeros`` and its kin; an int stands for a vector."""
    if shape.__class__ is int:
        shape = (shape,)
    elif isinstance(shape, Tensor) or hasattr(shape, "_read_tensor"):
        shape = convert_to_tensor(shape)
        if not shape._aval.shape:
            shape = (int(shape),)
    if isinstance(shape, (list, tuple)) and any(isinstance(n, float) for n in shape):
        raise TypeError(f"Cannot convert {shape!r} to EagerTensor of dtype int32")
    return int_vector(shape, "shape", "Fill", "dims must be a vector, got shape {}")


def _full(dims: tuple[int, ...], dtype: DType, value: int) -> Tensor:
    if dtype is string:
        if value:
            raise TypeError("Cannot convert 1 to EagerTensor of dtype string")
        return tensor_from_value(np.full(dims, b"", object))
    _check_dims(dims, " [Op:Fill]")
    if prod(dims) <= HOST_SIZE and record.state.segment.capture is None:
        return tensor_from_value(np.full(dims, value, dtype.np))
    return _filled(dims=dims, dtype=dtype, value=value)  # type: ignore[no-any-return]


def zeros(shape: Any, dtype: Any = float32, name: str | None = None) -> Tensor:
    """A tensor of zeros (False for bool, empty strings for string).

    Args:
      shape: ints in a list, tuple, TensorShape or vector.
      dtype: the element type.
      name: unused in eager code.
    """
    return _full(_dims(shape), as_dtype(dtype), 0)


def ones(shape: Any, dtype: Any = float32, name: str | None = None) -> Tensor:
    """A tensor of ones (True for bool).

    Args:
      shape: ints in a list, tuple, TensorShape or vector.
      dtype: the element type.
      name: unused in eager code.

    Raises:
      TypeError: ``dtype`` is string.
    """
    return _full(_dims(shape), as_dtype(dtype), 1)


def zeros_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Zeros of the shape of ``input``, and of its dtype if no other is given."""
    return _full_like(input, dtype, 0)


def ones_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Ones of the shape of ``input``, and of its dtype if no other is given."""
    return _full_like(input, dtype, 1)


def _full_like(like: Any, dtype: Any, value: int) -> Tensor:
    if not isinstance(like, Tensor):
        like = convert_to_tensor(like)
    kind = like._aval
    return _full(kind.shape, kind.dtype if dtype is None else as_dtype(dtype), value)


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor with every element equal to a scalar.

    Args:
      dims: the shape, a vector of ints.
      value: a scalar of any type.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if ``dims`` is no vector or has a negative size, or ``value`` is no
        scalar.
    """
    sizes = int_vector(dims, "dims", "Fill", "dims must be a vector, got shape {}")
    return _fill(value, dims=sizes)  # type: ignore[no-any-return]


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """The identity matrix, or a batch of them.

    Args:
      num_rows: a non-negative int.
      num_columns: a non-negative int, ``num_rows`` by default.
      batch_shape: ints, the leading axes of the result; none by default.
      dtype: the element type.
      name: unused in eager code.

    Returns:
      A tensor of shape ``batch_shape + [num_rows, num_columns]``.

    Raises:
      TypeError: if a size is no integer.
    """
    rows = _count(num_rows)
    columns = rows if num_columns is None else _count(num_columns)
    kind = as_dtype(dtype)
    if kind is string:
        raise TypeError("Cannot convert 1 to EagerTensor of dtype string")
    batch = () if batch_shape is None else tuple([_count(n) for n in batch_shape])
    dims = (*batch, rows, columns)
    _check_dims(dims, " [Op:Fill]")
    if prod(dims) <= HOST_SIZE and record.state.segment.capture is None:
        matrix = np.eye(rows, columns, dtype=kind.np)
        return tensor_from_value(np.array(np.broadcast_to(matrix, dims)))
    return _eye(dims=dims, dtype=kind)  # type: ignore[no-any-return]


def _count(value: Any) -> int:
    message = "num_rows and num_columns must be positive integer values."
    if isinstance(value, float) or np.ndim(value) != 0:
        raise TypeError(message)
    return int_scalar(value, "num_rows", "MatrixDiag", message)


@op("MatrixDiag", rule=lambda *, dims, dtype: aval(dims, dtype), reads=(), differentiable=False)
def _eye(*, dims: tuple[int, ...], dtype: DType) -> Any:
    return jnp.broadcast_to(jnp.eye(dims[-2], dims[-1], dtype=dtype.np), dims)


# ---- one_hot


INDEX_TYPES = frozenset((uint8, int32, int64))


def _one_hot_rule(
    indices: Aval, *values: Aval, depth: int, axis: int, dtype: DType | None = None
) -> Aval:
    rank = len(indices.shape)
    if axis != -1 and not 0 <= axis <= rank:
        raise invalid(f"Expected axis to be -1 or between [0, {rank + 1}).  But received: {axis}")
    if depth < 0:
        raise invalid(f"depth must be non-negative, got: {depth}")
    for word, value in zip(("on_value", "off_value"), values, strict=False):
        if value.shape:
            raise invalid(f"{word} must be a scalar, but got: {text(value.shape)}")
    place = rank if axis == -1 else axis
    shape = (*indices.shape[:place], depth, *indices.shape[place:])
    return aval(shape, values[0].dtype if dtype is None else dtype)


def _is_hot(indices: Any, depth: int, axis: int, xp: Any) -> Any:
    place = indices.ndim if axis == -1 else axis
    along = [1] * (indices.ndim + 1)
    along[place] = depth
    # uint8 indices would wrap a depth beyond 256.
    wide = xp.expand_dims(indices, place).astype(
        xp.int64 if indices.dtype != xp.int32 else xp.int32
    )
    return wide == xp.arange(depth, dtype=wide.dtype).reshape(along)


@op(
    "OneHot",
    types=INDEX_TYPES,
    rule=_one_hot_rule,
    reads=(),
    differentiable=False,
)
def _one_hot(indices: Any, *, depth: int, axis: int, dtype: DType) -> Any:
    return _is_hot(indices, depth, axis, jnp).astype(dtype.np)


@moves(
    "OneHot",
    numpy=lambda indices, on, off, *, depth, axis: np.where(
        _is_hot(indices, depth, axis, np), on, off
    ),
    same=(1, 2),
    kinds={0: INDEX_TYPES},
    rule=_one_hot_rule,
    reads=(0,),
)
def _one_hot_values(indices: Any, on: Any, off: Any, *, depth: int, axis: int) -> Any:
    return jnp.where(_is_hot(indices, depth, axis, jnp), on, off)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """One-hot vectors: ``on_value`` at each index, ``off_value`` elsewhere.

    Args:
      indices: a tensor of uint8, int32 or int64; indices outside ``[0, depth)`` give vectors of
        ``off_value`` only.
      depth: the length of the new axis, an int.
      on_value: a scalar, 1 by default.
      off_value: a scalar of the same type, 0 by default.
      axis: where the new axis goes, -1 (the default) for last.
      dtype: the output's type; by default that of the values, else float32.
      name: unused in eager code.

    Returns:
      A tensor with one more axis than ``indices``.

    Raises:
      TypeError: if the types of the values and ``dtype`` disagree.
      InvalidArgumentError: if ``axis`` or ``depth`` is out of range.
    """
    place = -1 if axis is None else axis
    length = int_scalar(depth, "depth", "OneHot", "depth must be a scalar, but got: {}")
    kind = None if dtype is None else as_dtype(dtype)
    if on_value is None and off_value is None:
        kind = float32 if kind is None else kind
        if kind is bool_ or kind is string:
            raise TypeError(f"Cannot convert 1 to EagerTensor of dtype {kind.name}")
        return _one_hot(indices, depth=length, axis=place, dtype=kind)  # type: ignore[no-any-return]
    on, off = _on_and_off(on_value, off_value, kind)
    return _one_hot_values(indices, on, off, depth=length, axis=place)  # type: ignore[no-any-return]


def _on_and_off(on_value: Any, off_value: Any, dtype: DType | None) -> tuple[Tensor, Tensor]:
    on = None if on_value is None else convert_to_tensor(on_value)
    off = None if off_value is None else convert_to_tensor(off_value)
    for word, value in (("on_value", on), ("off_value", off)):
        if value is not None and dtype is not None and value.dtype is not dtype:
            raise TypeError(f"dtype {value.dtype} of {word} does not match dtype parameter {dtype}")
    if on is None:
        assert off is not None
        on = convert_to_tensor(1, off.dtype)
    elif off is None:
        off = convert_to_tensor(0, on.dtype)
    elif on.dtype is not off.dtype:
        raise TypeError(
            f"dtype {on.dtype} of on_value does not match dtype {off.dtype} of off_value"
        )
    return on, off


# ---- grids and masks


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """Coordinate grids: the i-th output varies along the axis of the i-th input only.

    Args:
      *args: vectors of one type; N of them give N tensors of rank N.
      **kwargs: ``indexing``: "xy" (the default: the first two axes are swapped) or "ij";
        ``name``: unused in eager code.

    Raises:
      ValueError: another ``indexing``.
      TypeError: another keyword.
    """
    indexing = kwargs.pop("indexing", "xy")
    kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"{next(iter(kwargs))!r} is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    vectors = [convert_to_tensor(x) for x in args]
    for vector in vectors:
        if vector.dtype is not vectors[0].dtype:
            raise invalid(
                f"cannot compute Mul as input #1(zero-based) was expected to be a "
                f"{vector.dtype.label} tensor but is a {vectors[0].dtype.label} tensor [Op:Mul]"
            )
    lengths = [x._aval.size for x in vectors]
    order = list(range(len(vectors)))
    if indexing == "xy" and len(order) > 1:
        order[:2] = 1, 0
    dims = tuple([lengths[i] for i in order])
    grids = []
    for i, vector in enumerate(vectors):
        along = tuple([-1 if axis == i else 1 for axis in order])
        grids.append(_broadcast_to(_reshape(vector, shape=along), shape=dims))
    return grids


@op("Less", same=(), rule=lambda lengths, *, maxlen, dtype: aval((*lengths.shape, maxlen), dtype),
    reads=(), differentiable=False)  # fmt: skip
def _sequence_mask(lengths: Any, *, maxlen: int, dtype: DType) -> Any:
    mask = jnp.arange(maxlen, dtype=lengths.dtype) < lengths[..., None]
    return mask.astype(dtype.np)


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """Masks of the first positions: ``mask[..., j] = j < lengths[...]``.

    Args:
      lengths: an integer tensor.
      maxlen: the length of the new last axis; by default the largest length, which must then be
        known outside of traced functions.
      dtype: the masks' type.
      name: unused in eager code.

    Raises:
      ValueError: if ``maxlen`` is no scalar.
    """
    tensor = convert_to_tensor(lengths)
    if maxlen is None:
        maxlen = max(int(tensor._host().max(initial=0)), 0)
    elif np.ndim(maxlen if not isinstance(maxlen, Tensor) else maxlen._host()) != 0:
        raise ValueError("maxlen must be scalar for sequence_mask")
    count = int_scalar(maxlen, "maxlen", "Range", "maxlen must be scalar for sequence_mask")
    if count < 0:
        raise invalid(f"Requires start <= limit when delta > 0: 0/{count} [Op:Range]")
    return _sequence_mask(tensor, maxlen=count, dtype=as_dtype(dtype))  # type: ignore[no-any-return]
