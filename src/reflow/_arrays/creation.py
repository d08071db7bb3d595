"""Making tensors: constants, tensors of one value, identity matrices, grids."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, int_vector
from reflow._arrays.broadcasting import _broadcast_to
from reflow._arrays.moving import moves
from reflow._arrays.shape import _reshape
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor, to_array
from reflow.core.described import sized_by
from reflow.core.dtypes import DType, as_dtype, float32, string
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_numpy, tensor_from_value
from reflow.core.tensor_shape import TensorShape

__all__ = [
    "constant", "convert_to_tensor", "eye", "fill", "meshgrid", "ones", "ones_like", "zeros",
    "zeros_like",
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
    elif isinstance(shape, str):
        raise TypeError(f"Cannot convert {shape!r} to EagerTensor of dtype int32")
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


@sized_by("shape")
def zeros(shape: Any, dtype: Any = float32, name: str | None = None) -> Tensor:
    """A tensor of zeros (False for bool, empty strings for string).

    Args:
      shape: ints in a list, tuple, TensorShape or vector.
      dtype: the element type.
      name: unused in eager code.
    """
    return _full(_dims(shape), as_dtype(dtype), 0)


@sized_by("shape")
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


@sized_by("input")
def zeros_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Zeros of the shape of ``input``, and of its dtype if no other is given."""
    return _full_like(input, dtype, 0)


@sized_by("input")
def ones_like(input: Any, dtype: Any = None, name: str | None = None) -> Tensor:
    """Ones of the shape of ``input``, and of its dtype if no other is given."""
    return _full_like(input, dtype, 1)


def _full_like(like: Any, dtype: Any, value: int) -> Tensor:
    if not isinstance(like, Tensor):
        like = convert_to_tensor(like)
    kind = like._aval
    return _full(kind.shape, kind.dtype if dtype is None else as_dtype(dtype), value)


@sized_by("dims")
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


@sized_by("num_rows", "num_columns", "batch_shape")
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


# ---- grids


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
