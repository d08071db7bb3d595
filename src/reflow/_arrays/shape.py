"""Shapes: asking for them, changing them, and ops that only pass values on."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_vector, integers, no_kernel
from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by, symbolic_in
from reflow.core.dtypes import as_dtype, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Instruction
from reflow.core.rules import same_shape as _same
from reflow.core.rules import text
from reflow.core.static import static_ints
from reflow.core.tensor import Tensor, static_tensor
from reflow.core.tensor_shape import TensorShape

__all__ = [
    "ensure_shape", "expand_dims", "guarantee_const", "identity", "identity_n", "rank", "reshape",
    "shape", "shape_n", "size", "squeeze", "stop_gradient", "transpose",
]  # fmt: skip


# ---- asking


@sized_by("input")
def shape(input: Any, out_type: Any = int32, name: str | None = None) -> Tensor:
    """The shape of a tensor, as a vector.

    Args:
      input: a tensor of any type.
      out_type: ``tf.int32`` or ``tf.int64``.
      name: unused in eager code.

    Returns:
      A vector of ``out_type`` with one element per axis. It is known while a function is traced.

    Raises:
      NotFoundError: another ``out_type``.
    """
    return _known(_shape_of(input), out_type, "Shape")


def shape_n(input: Any, out_type: Any = int32, name: str | None = None) -> list[Tensor]:
    """The shapes of several tensors of one type, each as a vector of ``out_type``.

    Raises:
      InvalidArgumentError: if their types differ.
    """
    tensors = [convert_to_tensor(x) for x in input]
    for position, x in enumerate(tensors):
        if x.dtype is not tensors[0].dtype:
            raise invalid(
                f"cannot compute ShapeN as input #{position}(zero-based) was expected to be a "
                f"{tensors[0].dtype.label} tensor but is a {x.dtype.label} tensor [Op:ShapeN]"
            )
    return [_known(x._aval.shape, out_type, "ShapeN") for x in tensors]


@sized_by("input")
def size(input: Any, out_type: Any = int32, name: str | None = None) -> Tensor:
    """The number of elements of a tensor, as a scalar of ``out_type``."""
    return static_tensor(np.array(prod(_shape_of(input)), as_dtype(out_type).np))


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of axes of a tensor, as an int32 scalar."""
    return static_tensor(np.array(len(_shape_of(input)), np.int32))


def _shape_of(value: Any) -> tuple[int, ...]:
    if not isinstance(value, Tensor):
        value = convert_to_tensor(value)
    return value._aval.shape  # type: ignore[no-any-return]


def _known(sizes: tuple[int, ...], out_type: Any, op: str) -> Tensor:
    dtype = as_dtype(out_type)
    if dtype is not int32 and dtype is not int64:
        raise no_kernel(op, dtype, (int32, int64))
    return static_tensor(np.array(sizes, dtype.np))


# ---- reshape


def resolve(old: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
    """A reshape's output shape: fills in the -1.

    Raises:
      InvalidArgumentError: if the elements do not fit.
    """
    count = prod(old)
    unknown = None
    known = 1
    for i, n in enumerate(wanted):
        if n == -1:
            if unknown is not None:
                raise invalid(f"Only one input size may be -1, not both {unknown} and {i}")
            unknown = i
        elif n < 0:
            raise invalid(f"Size {i} must be non-negative, not {n}")
        else:
            known *= n
    if unknown is not None:
        if known > 0:
            missing = count // known
            if missing * known != count:
                raise invalid(
                    f"Input to reshape is a tensor with {count} values, but the requested shape "
                    f"requires a multiple of {known}"
                )
        elif count == 0:
            # TF: zeros on both sides are left out of the division.
            missing = prod([n for n in old if n]) // prod([n for n in wanted if n > 0])
        else:
            missing = 0
        wanted = wanted[:unknown] + (missing,) + wanted[unknown + 1 :]
        known = prod(wanted)
    if known != count:
        raise invalid(
            f"Input to reshape is a tensor with {count} values, but the requested shape has {known}"
        )
    return wanted


def _reshape_rule(x: Aval, *, shape: tuple[int, ...]) -> Aval:
    return aval(resolve(x.shape, shape), x.dtype)


@moves(
    "Reshape",
    numpy=lambda x, *, shape: x.reshape(resolve(x.shape, shape)),
    rule=_reshape_rule,
    reads=(),
)
def _reshape(x: Any, *, shape: tuple[int, ...]) -> Any:
    return lax.reshape(x, resolve(x.shape, shape))


_reshapes: dict[tuple[int, ...], Instruction] = {}


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The same elements in another shape.

    Args:
      tensor: a tensor of any type.
      shape: the sizes, a vector of ints; one of them may be -1, which stands for what is left.
      name: unused in eager code.

    Returns:
      A tensor of ``shape`` with the elements of ``tensor`` in row-major order.

    Raises:
      InvalidArgumentError: if the number of elements differs.
    """
    if (found := symbolic_in(shape)) is not None:
        return found._apply_function(reshape, (tensor, shape), {})  # type: ignore[no-any-return]
    sizes = int_vector(shape, "shape", "Reshape", "sizes input must be 1-D, not {}")
    instruction = _reshapes.get(sizes)
    if instruction is None:
        if len(_reshapes) > 4096:
            _reshapes.clear()
        instruction = _reshapes[sizes] = _reshape.bind(shape=sizes)
    return _reshape.run(instruction, tensor)  # type: ignore[no-any-return]


# ---- axes of length 1


def squeezed_axes(sizes: tuple[int, ...], axes: tuple[int, ...]) -> tuple[int, ...]:
    """The axes to remove: all of length 1 if ``axes`` is empty."""
    if not axes:
        return tuple([i for i, n in enumerate(sizes) if n == 1])
    found = set()
    for axis in axes:
        if not -len(sizes) <= axis < len(sizes):
            raise invalid(
                f"Tried to squeeze dim index {axis} for tensor with {len(sizes)} dimensions."
            )
        place = axis % len(sizes)
        if sizes[place] != 1:
            raise invalid(
                f"Can not squeeze dim[{place}], expected a dimension of 1, got {sizes[place]}"
            )
        found.add(place)
    return tuple(sorted(found))


def _squeeze_rule(x: Aval, *, axis: tuple[int, ...]) -> Aval:
    gone = squeezed_axes(x.shape, axis)
    return aval(tuple([n for i, n in enumerate(x.shape) if i not in gone]), x.dtype)


@moves(
    "Squeeze",
    numpy=lambda x, *, axis: np.squeeze(x, squeezed_axes(x.shape, axis)),
    rule=_squeeze_rule,
    reads=(),
)
def _squeeze(x: Any, *, axis: tuple[int, ...]) -> Any:
    return lax.squeeze(x, squeezed_axes(x.shape, axis))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Tensor:
    """Removes axes of length 1.

    Args:
      input: a tensor of any type.
      axis: an axis or a list of axes to remove; None or an empty list means all of length 1.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if an axis is out of range or longer than 1.
    """
    if axis is None:
        axes: tuple[int, ...] = ()
    elif axis.__class__ is int:
        axes = (axis,)
    elif isinstance(axis, float):
        axes = (int(axis),)  # TF truncates
    else:
        given = static_ints(axis, "axis")
        axes = (given,) if isinstance(given, int) else given
    return _squeeze(input, axis=axes)  # type: ignore[no-any-return]


def _expand_rule(x: Aval, *, axis: int) -> Aval:
    place = _new_axis(len(x.shape), axis)
    return aval(x.shape[:place] + (1,) + x.shape[place:], x.dtype)


def _new_axis(rank: int, axis: int) -> int:
    if not -rank - 1 <= axis <= rank:
        raise invalid(f"Tried to expand dim index {axis} for tensor with {rank} dimensions.")
    return axis + rank + 1 if axis < 0 else axis


@moves("ExpandDims", numpy=lambda x, *, axis: np.expand_dims(x, axis), rule=_expand_rule, reads=())
def _expand_dims(x: Any, *, axis: int) -> Any:
    return lax.expand_dims(x, (_new_axis(x.ndim, axis),))


def expand_dims(input: Any, axis: Any, name: str | None = None) -> Tensor:
    """Inserts an axis of length 1 at position ``axis`` (negative: counted from the end).

    Raises:
      InvalidArgumentError: if there is no such position.
    """
    if axis.__class__ is not int:
        given = integers(axis, "axis", "ExpandDims")
        if given.size != 1:
            raise invalid("'dim' must be a tensor with a single value [Op:ExpandDims]")
        axis = given.item()
    return _expand_dims(input, axis=axis)  # type: ignore[no-any-return]


# ---- transpose


def _transpose_rule(x: Aval, *, perm: tuple[int, ...] | None, conjugate: bool) -> Aval:
    if perm is None:
        return aval(x.shape[::-1], x.dtype)
    rank = len(x.shape)
    if len(perm) != rank:
        raise invalid(
            f"transpose expects a vector of size {rank}. But input(1) is a vector of size "
            f"{len(perm)}"
        )
    for axis in perm:
        if not 0 <= axis < rank:
            raise invalid(f"{axis} is out of range [0 .. {rank})")
    for axis in range(rank):
        if axis not in perm:
            raise invalid(f"{axis} is missing from {{{','.join(map(str, perm))}}}.")
    return aval(tuple([x.shape[axis] for axis in perm]), x.dtype)


@moves(
    "Transpose",
    numpy=lambda x, *, perm, conjugate: np.transpose(x, perm),
    rule=_transpose_rule,
    reads=(),
)
def _transpose(x: Any, *, perm: tuple[int, ...] | None, conjugate: bool) -> Any:
    moved = lax.transpose(x, tuple(range(x.ndim))[::-1] if perm is None else perm)
    return jnp.conj(moved) if conjugate and jnp.iscomplexobj(moved) else moved


def transpose(a: Any, perm: Any = None, conjugate: bool = False, name: str = "transpose") -> Tensor:
    """Permutes the axes: axis i of the result is axis ``perm[i]`` of ``a``.

    Args:
      a: a tensor of any type.
      perm: a permutation of the axes; None reverses them.
      conjugate: also take the complex conjugate of complex elements.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if ``perm`` is no permutation of the axes.
    """
    if perm is not None:
        perm = int_vector(perm, "perm", "Transpose", "perm must be a vector, not {}")
    return _transpose(a, perm=perm, conjugate=bool(conjugate))  # type: ignore[no-any-return]


# ---- passing on


@moves("Identity", numpy=lambda x: x, rule=_same, reads=())
def _identity(x: Any) -> Any:
    return x


@moves("StopGradient", numpy=lambda x: x, rule=_same, reads=(), differentiable=False)
def _stop_gradient(x: Any) -> Any:
    return lax.stop_gradient(x)


def identity(input: Any, name: str | None = None) -> Tensor:
    """A tensor with the value that ``input``, a tensor or variable, has now."""
    return _identity(input)  # type: ignore[no-any-return]


def identity_n(input: Any, name: str | None = None) -> list[Tensor]:
    """The same as ``tf.identity`` for each tensor of a list."""
    return [_identity(x) for x in input]


def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """Passes ``input`` on, but gradients take it for a constant."""
    return _stop_gradient(input)  # type: ignore[no-any-return]


def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """Passes ``input`` on; the promise that it never changes is of no use here."""
    return _identity(input)  # type: ignore[no-any-return]


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """Passes ``x`` on if its shape is compatible with ``shape``, which may have None in it.

    Raises:
      InvalidArgumentError: if it is not.
    """
    wanted = TensorShape(shape)
    tensor = convert_to_tensor(x)
    if not wanted.is_compatible_with(tensor.shape):
        sizes = ",".join("?" if n is None else str(n) for n in wanted)
        raise invalid(
            f"Shape of tensor dummy_input {text(tensor._aval.shape)} is not compatible with "
            f"expected shape [{sizes}]. [Op:EnsureShape]"
        )
    return _identity(tensor)  # type: ignore[no-any-return]
