"""Products beside ``tf.matmul``: ``matvec``, ``tensordot``, ``einsum`` and the cross product."""

from __future__ import annotations

import math
import re
from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS
from reflow.core.errors import FailedPreconditionError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import broadcast_shapes, text
from reflow.core.static import static_ints
from reflow.core.tensor import Tensor
from reflow.math._common import PLAIN, scoped

__all__ = ["cross", "einsum", "matvec", "tensordot"]


def matvec(
    a, b, transpose_a=False, adjoint_a=False, a_is_sparse=False, b_is_sparse=False, name=None
):
    """The product of matrices and vectors: ``a @ b``.

    Args:
      a: a tensor of numbers ``(..., rows, columns)``.
      b: vectors ``(..., columns)``.
      transpose_a: whether to transpose ``a`` first.
      adjoint_a: whether to take the conjugate transpose of ``a`` first.
      a_is_sparse: a hint that has no effect.
      b_is_sparse: a hint that has no effect.
      name: unused in eager code.

    Returns:
      A tensor ``(..., rows)``.

    Raises:
      ValueError: if ``a`` is to be transposed in both ways.
      InvalidArgumentError: if the shapes do not fit.
    """
    if transpose_a and adjoint_a:
        raise ValueError("Only one of transpose_a and adjoint_a can be True.")
    b = tf.expand_dims(b, -1)
    return tf.squeeze(tf.matmul(a, b, transpose_a=transpose_a, adjoint_a=adjoint_a), -1)


# ----------------------------------------------------------------------------------- tensordot

Axes = tuple[int, ...]


def _free(x: Any, axes: Axes) -> tuple[int, ...]:
    return tuple([n for i, n in enumerate(x.shape) if i not in axes])


def _tensordot_rule(a: Aval, b: Aval, *, axes_a: Axes, axes_b: Axes) -> Aval:
    summed_a = tuple([a.shape[i] for i in axes_a])
    summed_b = tuple([b.shape[i] for i in axes_b])
    if summed_a != summed_b:
        x = text((math.prod(_free(a, axes_a)), math.prod(summed_a)))
        y = text((math.prod(summed_b), math.prod(_free(b, axes_b))))
        raise invalid(f"Matrix size-incompatible: In[0]: {x}, In[1]: {y}")
    return aval(_free(a, axes_a) + _free(b, axes_b), a.dtype)


@scoped("MatMul", "Tensordot/MatMul", types=PLAIN, rule=_tensordot_rule)
def _tensordot(a, b, *, axes_a, axes_b):
    return lax.dot_general(a, b, ((axes_a, axes_b), ((), ())))


def tensordot(a, b, axes, name=None):
    """Sums products over pairs of axes of two tensors.

    ``tensordot(a, b, 1)`` is the matrix product of two matrices, ``tensordot(a, b, 0)`` the outer
    product.

    Args:
      a: a tensor of numbers.
      b: a tensor of the same dtype.
      axes: how many of ``a``'s last and ``b``'s first axes to sum over; or two lists that name
        the axes of each.
      name: unused in eager code.

    Returns:
      A tensor with the remaining axes of ``a``, then those of ``b``.

    Raises:
      ValueError: if ``axes`` does not name pairs of axes.
      InvalidArgumentError: if the axes of a pair differ in size.
    """
    a, b = convert_to_tensor(a), convert_to_tensor(b)
    if axes is None or isinstance(axes, (str, float)):
        axes = convert_to_tensor(axes, "int32")
    axes_a, axes_b = _axis_pairs(a, axes)
    axes_a, axes_b = _positive(a, axes_a), _positive(b, axes_b)
    if len(axes_a) != len(axes_b):
        raise ValueError(
            f"Different number of contraction axes 'a' and 'b', {len(axes_a)} != {len(axes_b)}."
        )
    return _tensordot(a, b, axes_a=axes_a, axes_b=axes_b)


def _axis_pairs(a: Tensor, axes: Any) -> tuple[Axes, Axes]:
    sides = axes if isinstance(axes, (list, tuple)) else static_ints(axes, "axes")
    if isinstance(sides, int):
        if sides < 0:
            raise ValueError("'axes' must be at least 0.")
        if sides > a.ndim:
            raise ValueError(
                f"'axes' must not be larger than the number of dimensions of tensor {a}."
            )
        return tuple(range(a.ndim - sides, a.ndim)), tuple(range(sides))
    if len(sides) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    first, second = [static_ints(side, "axes") for side in sides]
    return _as_tuple(first), _as_tuple(second)


def _as_tuple(side: Any) -> Axes:
    return (side,) if isinstance(side, int) else side


def _positive(x: Tensor, axes: Axes) -> Axes:
    for axis in axes:
        if not -x.ndim <= axis < x.ndim:
            raise IndexError(f"tensordot: no axis {axis} in a tensor of shape {x.shape}")
    return tuple([axis % x.ndim for axis in axes])


# -------------------------------------------------------------------------------------- einsum

ELLIPSIS = "."


def _einsum_rule(*inputs: Aval, subscripts: tuple[str, ...], output: str) -> Aval:
    """The output's shape; labels stand for sizes, the ellipsis for axes that broadcast."""
    sizes: dict[str, int] = {}
    broadcast: tuple[int, ...] = ()
    first: Aval | None = None
    for i, (x, labels) in enumerate(zip(inputs, subscripts, strict=True)):
        named = len(labels.replace(ELLIPSIS, ""))
        if len(x.shape) < named or (ELLIPSIS not in labels and len(x.shape) != named):
            raise invalid(f"Expected input {i} to have rank {named} but got: {len(x.shape)}")
        spread = len(x.shape) - named
        start = labels.find(ELLIPSIS)
        if start >= 0:
            extra = x.shape[start : start + spread]
            if broadcast and extra:
                broadcast = _broadcast(first or x, x, broadcast, extra)
            else:
                broadcast, first = broadcast or extra, first or x
        axis = 0
        for label in labels:
            if label == ELLIPSIS:
                axis += spread
                continue
            size = x.shape[axis]
            if sizes.setdefault(label, size) != size:
                raise invalid(
                    f"Expected dimension {sizes[label]} at axis {axis} of the input shaped "
                    f"{text(x.shape)} but got dimension {size}"
                )
            axis += 1
    if broadcast and ELLIPSIS not in output:
        raise invalid(
            f"Output contains {len(broadcast)} broadcasting dimension(s) but no ellipsis (...) "
            "was found in the output subscripts."
        )
    shape: list[int] = []
    for label in output:
        shape += broadcast if label == ELLIPSIS else (sizes[label],)
    return aval(tuple(shape), inputs[0].dtype)


def _broadcast(first: Aval, x: Aval, known: tuple[int, ...], extra: tuple[int, ...]) -> Any:
    for a, b in zip(reversed(known), reversed(extra), strict=False):
        if a != b and 1 not in (a, b):
            raise invalid(
                f"Invalid broadcasting dimensions: {text(first.shape)} vs. {text(x.shape)}"
            )
    return broadcast_shapes(known, extra)


@op("Einsum", types=FLOATS | COMPLEXES | INTEGERS, rule=_einsum_rule)
def _einsum(*inputs, subscripts, output):
    equation = ",".join(subscripts) + "->" + output
    return jnp.einsum(equation.replace(ELLIPSIS, "..."), *inputs).astype(inputs[0].dtype)


def einsum(equation, *inputs, **kwargs):
    """Sums products of tensors by Einstein's notation.

    ``einsum("ij,jk->ik", a, b)`` is a matrix product, ``einsum("ij->ji", a)`` a transpose,
    ``einsum("ii", a)`` a trace, ``einsum("...ij,...jk->...ik", a, b)`` a product of batches.

    Args:
      equation: letters for the axes of each input, separated by commas, then ``->`` and those of
        the output. Letters that the output lacks are summed over. Without ``->`` the output has
        the letters that occur once, in alphabetical order.
      *inputs: tensors of one dtype.
      **kwargs: ``optimize`` and ``name``, which have no effect.

    Returns:
      A tensor of the inputs' dtype.

    Raises:
      ValueError: if the equation is malformed or does not fit the number of inputs.
      InvalidArgumentError: if the shapes do not fit.
      TypeError: if there are other keyword arguments.
    """
    unknown = set(kwargs) - {"name", "optimize"}
    if unknown:
        raise TypeError(f"Invalid keyword arguments for einsum: {', '.join(sorted(unknown))}")
    subscripts, output = _parse(equation)
    if len(inputs) != len(subscripts):
        raise ValueError(
            f'Got {len(inputs)} inputs for equation "{equation}", expecting {len(subscripts)}'
        )
    return _einsum(*inputs, subscripts=subscripts, output=output)


_TERM = r"[a-zA-Z]*(?:\.\.\.)?[a-zA-Z]*"
_EQUATION = re.compile(rf"({_TERM}(?:,{_TERM})*)(?:->({_TERM}))?")


def _parse(equation: str) -> tuple[tuple[str, ...], str]:
    """The labels of each input and of the output, with one dot for an ellipsis."""
    plain = equation.replace(" ", "")
    match = _EQUATION.fullmatch(plain)
    if match is None:
        raise ValueError(f"Subscripts have incorrect format: {plain}")
    subscripts = tuple(match[1].replace("...", ELLIPSIS).split(","))
    used = "".join(subscripts)
    if match[2] is None:
        once = sorted(label for label in set(used) - {ELLIPSIS} if used.count(label) == 1)
        return subscripts, ELLIPSIS * (ELLIPSIS in used) + "".join(once)
    output = match[2].replace("...", ELLIPSIS)
    for label in output:
        if output.count(label) > 1:
            raise ValueError(f"Output subscripts contain a label appearing more than once: {plain}")
        if label != ELLIPSIS and label not in used:
            raise ValueError(
                f"Output subscripts contain the label {label} not present in the input subscripts."
            )
    return subscripts, output


# --------------------------------------------------------------------------------------- cross


def _cross_rule(a: Aval, b: Aval) -> Aval:
    if a.shape != b.shape:
        raise invalid(f"Both inputs must be of same shape: {text(a.shape)} vs. {text(b.shape)}")
    if not a.shape:
        raise invalid(f"Input must be at least 1D {text(a.shape)}")
    if a.shape[-1] != 3:
        raise FailedPreconditionError(
            None, None, "Cross-products are only defined for 3-element vectors."
        )
    return a


@op("Cross", types=FLOATS | INTEGERS, rule=_cross_rule)
def _cross(a, b):
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    b0, b1, b2 = b[..., 0], b[..., 1], b[..., 2]
    return jnp.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], -1)


def cross(a, b, name=None):
    """The cross product of vectors with three elements.

    Args:
      a: a tensor of real numbers ``(..., 3)``.
      b: a tensor of the same shape and dtype.
      name: unused in eager code.

    Returns:
      A tensor like ``a``.

    Raises:
      InvalidArgumentError: if the shapes differ.
      FailedPreconditionError: if the vectors do not have three elements.
    """
    return _cross(a, b)
