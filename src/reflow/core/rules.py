"""Shape rules that many ops share: from the inputs' avals to the output's.

A rule raises ``InvalidArgumentError`` in TF's words; the op's name is added by the caller. Keyword
arguments are the op's static arguments; rules that need none of them accept and ignore them.
"""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.dtypes import DType, bool_
from reflow.core.errors import InvalidArgumentError, invalid

Shape = tuple[int, ...]


def text(shape: Shape) -> str:
    """A shape as TF's kernels print it: ``[2,3]``."""
    return "[" + ",".join(map(str, shape)) + "]"


# ---- elementwise


def same_shape(x: Aval, **_: Any) -> Aval:
    """The output is like the input."""
    return x


def predicate(x: Aval, **_: Any) -> Aval:
    """One bool per element."""
    return aval(x.shape, bool_)


def real_part(x: Aval, **_: Any) -> Aval:
    """The input's shape, its real dtype: complex64 gives float32."""
    return aval(x.shape, x.dtype.real_dtype)


def broadcast_shapes(x: Shape, y: Shape) -> Shape:
    """The common shape of two shapes.

    Raises:
      InvalidArgumentError: if there is none.
    """
    if x == y or not y:
        return x
    if not x:
        return y
    shape = list(x if len(x) >= len(y) else y)
    for i in range(1, min(len(x), len(y)) + 1):
        a, b = x[-i], y[-i]
        if a != b:
            if a != 1 and b != 1:
                raise invalid(f"Incompatible shapes: {text(x)} vs. {text(y)}")
            shape[-i] = b if a == 1 else a
    return tuple(shape)


def broadcast(x: Aval, y: Aval, **_: Any) -> Aval:
    """Elementwise on two broadcast inputs of one dtype."""
    return aval(broadcast_shapes(x.shape, y.shape), x.dtype)


def comparison(x: Aval, y: Aval, **_: Any) -> Aval:
    """One bool per pair of broadcast elements."""
    return aval(broadcast_shapes(x.shape, y.shape), bool_)


def broadcast_all(first: Aval, *others: Aval, **_: Any) -> Aval:
    """Elementwise on any number of broadcast inputs of one dtype."""
    shape = first.shape
    for other in others:
        shape = broadcast_shapes(shape, other.shape)
    return aval(shape, first.dtype)


# ---- reductions


def reduction_axes(rank: int, axis: Any) -> tuple[int, ...]:
    """The axes that a reduction removes, ascending: all for None.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    if axis is None:
        return tuple(range(rank))
    axes = set()
    for a in (axis,) if axis.__class__ is int else axis:
        if not -rank <= a < rank:
            raise invalid(f"Invalid reduction dimension ({a} for input with {rank} dimension(s)")
        axes.add(a % rank)
    return tuple(sorted(axes))


def reduced_shape(shape: Shape, axis: Any, keepdims: bool) -> Shape:
    """What a reduction over ``axis`` leaves of a shape."""
    axes = reduction_axes(len(shape), axis)
    if keepdims:
        return tuple([1 if i in axes else n for i, n in enumerate(shape)])
    return tuple([n for i, n in enumerate(shape) if i not in axes])


def reduction(x: Aval, *, axis: Any, keepdims: Any) -> Aval:
    """A reduction that keeps the dtype."""
    return aval(reduced_shape(x.shape, axis, keepdims), x.dtype)


def arg_reduction(x: Aval, *, axis: int, output_type: DType) -> Aval:
    """The index of an extreme element along an axis."""
    rank = len(x.shape)
    if not -rank <= axis < rank:
        raise invalid(f"Expected dimension in the range [{-rank}, {rank}), but got {axis}")
    axis %= rank
    if x.shape[axis] == 0:
        raise invalid(f"Reduction axis {axis} is empty in shape {text(x.shape)}")
    return aval(x.shape[:axis] + x.shape[axis + 1 :], output_type)


def scan(x: Aval, *, axis: int, **_: Any) -> Aval:
    """A cumulative op along one axis."""
    rank = len(x.shape)
    if not -rank <= axis < rank:
        raise invalid(f"ScanOp: Expected scan axis in the range [{-rank}, {rank}), but got {axis}")
    return x


# ---- products


def matrix_product(
    a: Aval, b: Aval, *, transpose_a: bool = False, transpose_b: bool = False, **_: Any
) -> Aval:
    """Two matrices, or two batches of them whose leading axes broadcast."""
    x, y = a.shape, b.shape
    if len(x) <= 2 and len(y) <= 2:
        for position, shape in enumerate((x, y)):
            if len(shape) != 2:
                raise invalid(f"In[{position}] is not a matrix. Instead it has shape {text(shape)}")
        rows, inner = (x[1], x[0]) if transpose_a else x
        inner_b, columns = (y[1], y[0]) if transpose_b else y
        if inner != inner_b:
            raise invalid(f"Matrix size-incompatible: In[0]: {text(x)}, In[1]: {text(y)}")
        return aval((rows, columns), a.dtype)
    for position, shape in enumerate((x, y)):
        if len(shape) < 2:
            raise invalid(f"In[{position}] ndims must be >= 2: {len(shape)}")
    try:
        batch = broadcast_shapes(x[:-2], y[:-2])
    except InvalidArgumentError:
        raise invalid(
            f"In[0] and In[1] must have compatible batch dimensions: {text(x)} vs. {text(y)}"
        ) from None
    rows, inner = (x[-1], x[-2]) if transpose_a else x[-2:]
    inner_b, columns = (y[-1], y[-2]) if transpose_b else y[-2:]
    if inner != inner_b:
        raise invalid(
            f"In[0] mismatch In[1] shape: {inner} vs. {inner_b}: {text(x)} {text(y)} "
            f"{int(transpose_a)} {int(transpose_b)}"
        )
    return aval((*batch, rows, columns), a.dtype)
