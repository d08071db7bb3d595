"""Reductions: sums, means, extremes and the like over axes of a tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, as_dtype, bool_, int32, int64
from reflow.core.errors import NotFoundError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Instruction, Primitive, op
from reflow.core.record import record
from reflow.core.rules import arg_reduction, reduction, reduction_axes, text
from reflow.math._common import bools, constant, integers

__all__ = [
    "argmax",
    "argmin",
    "reduce_all",
    "reduce_any",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_sum",
]

_NUMBERS = FLOATS | COMPLEXES | INTEGERS
_REALS = FLOATS | INTEGERS


class Instructions(dict[Any, Instruction]):
    """The instructions of one reduction by ``(axis, keepdims)``, made when first asked for.

    A dictionary, because every call of a reduction looks its instruction up.
    """

    def __init__(self, primitive: Primitive) -> None:
        super().__init__()
        self.primitive = primitive

    def __missing__(self, key: tuple[Any, Any]) -> Instruction:
        axis, keepdims = key
        made = self[key] = self.find(axis, keepdims)
        return made

    def find(self, axis: Any, keepdims: Any) -> Instruction:
        """The same for an axis that may be a list, an array or a tensor."""
        axis = static_axis(self.primitive, axis)
        return self.primitive.bind(axis=axis, keepdims=bool(keepdims))


def static_axis(primitive: Primitive, axis: Any) -> Any:
    """The axis argument of a reduction as None, an int or a tuple of ints."""
    if axis is None or axis.__class__ is int:
        return axis
    if isinstance(axis, (list, tuple)) and not axis:
        return ()
    if axis.__class__ is bool:
        raise _bad_axis(primitive, axis)
    axes = integers(axis, "axis")
    if axes is None:
        raise _bad_axis(primitive, axis)
    return tuple(axes.ravel().tolist())


def _bad_axis(primitive: Primitive, axis: Any) -> NotFoundError:
    return NotFoundError(
        None,
        None,
        f"Could not find valid device for node.\nNode:{{{{node {primitive.name}}}}}\n"
        f"No kernel of op {primitive.name} takes the axis {axis!r}; it takes integers "
        f"[Op:{primitive.name}]",
    )


def reduce(instructions: Instructions, x: Any, axis: Any, keepdims: Any) -> Any:
    """Records a reduction."""
    if axis is None or axis.__class__ is int:
        instruction = instructions[axis, keepdims]
    else:
        instruction = instructions.find(axis, keepdims)
    return record(instruction, (x,))


def keep(result: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    """Puts the removed axes back with length 1, if they are to be kept."""
    return lax.expand_dims(result, axes) if keepdims and axes else result


# ---------------------------------------------------------------------------- sum, mean, product


@op("Sum", types=_NUMBERS, rule=reduction, reads=())
def _sum(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    return keep(total(x, axes), axes, keepdims)


def total(x, axes):
    """The sum over axes; 16-bit numbers are summed in float32."""
    if x.dtype.itemsize == 2 and jnp.issubdtype(x.dtype, jnp.floating):
        wide = lax.reduce(x.astype(np.float32), np.float32(0), lax.add, axes)
        return wide.astype(x.dtype)
    return lax.reduce(x, constant(0, x), lax.add, axes)


@op("Mean", types=_NUMBERS, rule=reduction, reads=())
def _mean(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    return keep(mean_over(x, axes), axes, keepdims)


def mean_over(x, axes):
    """The mean over axes; that of integers is rounded towards zero."""
    count = int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    summed = total(x, axes)
    if not jnp.issubdtype(x.dtype, jnp.integer):
        return summed / constant(count, x)
    return lax.div(summed, jnp.full_like(summed, count)) if count else summed


@op("Prod", types=_NUMBERS, rule=reduction)
def _prod(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    return keep(lax.reduce(x, constant(1, x), lax.mul, axes), axes, keepdims)


_SUM, _MEAN, _PROD = Instructions(_sum), Instructions(_mean), Instructions(_prod)


def reduce_sum(input_tensor, axis=None, keepdims=False, name=None):
    """The sum over axes.

    Args:
      input_tensor: a tensor of numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    if axis is None or axis.__class__ is int:
        instruction = _SUM[axis, keepdims]
    else:
        instruction = _SUM.find(axis, keepdims)
    return record(instruction, (input_tensor,))


def reduce_mean(input_tensor, axis=None, keepdims=False, name=None):
    """The mean over axes.

    Args:
      input_tensor: a tensor of numbers; the mean of integers is rounded towards zero.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    if axis is None or axis.__class__ is int:
        instruction = _MEAN[axis, keepdims]
    else:
        instruction = _MEAN.find(axis, keepdims)
    return record(instruction, (input_tensor,))


def reduce_prod(input_tensor, axis=None, keepdims=False, name=None):
    """The product over axes.

    Args:
      input_tensor: a tensor of numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype.
    """
    return reduce(_PROD, input_tensor, axis, keepdims)


# ------------------------------------------------------------------------------------ extremes


def _lowest(x):
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    return constant(-np.inf if floating else np.iinfo(x.dtype).min, x)


def _highest(x):
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    return constant(np.inf if floating else np.iinfo(x.dtype).max, x)


def _without_nan(x, replacement):
    """TF's extremes pass over NaN; JAX's return it."""
    if not jnp.issubdtype(x.dtype, jnp.floating):
        return x
    return lax.select(x != x, jnp.full_like(x, replacement), x)


@op("Max", types=_REALS, rule=reduction)
def _max(x, *, axis, keepdims):
    axes, least = reduction_axes(x.ndim, axis), _lowest(x)
    return keep(lax.reduce(_without_nan(x, least), least, lax.max, axes), axes, keepdims)


@op("Min", types=_REALS, rule=reduction)
def _min(x, *, axis, keepdims):
    axes, most = reduction_axes(x.ndim, axis), _highest(x)
    return keep(lax.reduce(_without_nan(x, most), most, lax.min, axes), axes, keepdims)


_MAX, _MIN = Instructions(_max), Instructions(_min)


def reduce_max(input_tensor, axis=None, keepdims=False, name=None):
    """The greatest element over axes.

    Args:
      input_tensor: a tensor of real numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype. NaNs are passed over; the gradient is shared among ties.
    """
    return reduce(_MAX, input_tensor, axis, keepdims)


def reduce_min(input_tensor, axis=None, keepdims=False, name=None):
    """The least element over axes.

    Args:
      input_tensor: a tensor of real numbers.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A tensor of the same dtype. NaNs are passed over; the gradient is shared among ties.
    """
    return reduce(_MIN, input_tensor, axis, keepdims)


@op("ArgMax", types=_REALS, rule=arg_reduction, reads=(), differentiable=False)
def _argmax(x, *, axis, output_type):
    return lax.argmax(_without_nan(x, _lowest(x)), axis % x.ndim, output_type.np)


@op("ArgMin", types=_REALS, rule=arg_reduction, reads=(), differentiable=False)
def _argmin(x, *, axis, output_type):
    return lax.argmin(_without_nan(x, _highest(x)), axis % x.ndim, output_type.np)


class _ArgInstructions(dict[Any, Instruction]):
    """The instructions of ArgMax or ArgMin by ``(axis, output_type)``."""

    def __init__(self, primitive: Primitive) -> None:
        super().__init__()
        self.primitive = primitive

    def __missing__(self, key: tuple[Any, Any]) -> Instruction:
        made = self[key] = self.find(*key)
        return made

    def find(self, axis: Any, output_type: Any) -> Instruction:
        """The instruction for an axis that may be an array or a tensor."""
        name = self.primitive.name
        output_type = as_dtype(output_type)
        if output_type not in (int32, int64):
            raise NotFoundError(
                None,
                None,
                f"Could not find valid device for node.\nNode:{{{{node {name}}}}}\n"
                f"output_type must be int32 or int64, got {output_type.name} [Op:{name}]",
            )
        value = np.array(0) if axis is None else integers(axis, "axis")
        if value is None:
            raise invalid(
                f"Value for attr 'Tidx' of {axis!r} is not in the list of allowed values: int32, "
                f"int64 [Op:{name}]"
            )
        if value.ndim:
            raise invalid(
                f"dim must be a scalar, but received tensor of shape: {text(value.shape)} "
                f"[Op:{name}]"
            )
        return self.primitive.bind(axis=int(value), output_type=output_type)


_ARGMAX, _ARGMIN = _ArgInstructions(_argmax), _ArgInstructions(_argmin)


def argmax(input, axis=None, output_type=int64, name=None):
    """The index of the greatest element along an axis; the first one where several are equal.

    Args:
      input: a tensor of real numbers; NaNs are passed over.
      axis: the axis to search; 0 by default.
      output_type: ``tf.int64`` or ``tf.int32``.
      name: unused in eager code.

    Returns:
      A tensor of ``output_type`` without that axis.

    Raises:
      InvalidArgumentError: there is no such axis, or it is empty.
    """
    if axis is None or axis.__class__ is int:
        instruction = _ARGMAX[axis, output_type]
    else:
        instruction = _ARGMAX.find(axis, output_type)
    return record(instruction, (input,))


def argmin(input, axis=None, output_type=int64, name=None):
    """The index of the least element along an axis; the first one where several are equal.

    Args:
      input: a tensor of real numbers; NaNs are passed over.
      axis: the axis to search; 0 by default.
      output_type: ``tf.int64`` or ``tf.int32``.
      name: unused in eager code.

    Returns:
      A tensor of ``output_type`` without that axis.

    Raises:
      InvalidArgumentError: there is no such axis, or it is empty.
    """
    if axis is None or axis.__class__ is int:
        instruction = _ARGMIN[axis, output_type]
    else:
        instruction = _ARGMIN.find(axis, output_type)
    return record(instruction, (input,))


# --------------------------------------------------------------------------------------- logic


@op("All", types={bool_}, rule=reduction, reads=(), differentiable=False)
def _all(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    return keep(lax.reduce(x, np.array(True), lax.bitwise_and, axes), axes, keepdims)


@op("Any", types={bool_}, rule=reduction, reads=(), differentiable=False)
def _any(x, *, axis, keepdims):
    axes = reduction_axes(x.ndim, axis)
    return keep(lax.reduce(x, np.array(False), lax.bitwise_or, axes), axes, keepdims)


_ALL, _ANY = Instructions(_all), Instructions(_any)


def reduce_all(input_tensor, axis=None, keepdims=False, name=None):
    """Whether all elements over axes are True.

    Args:
      input_tensor: a bool tensor.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A bool tensor.
    """
    return reduce(_ALL, bools(input_tensor), axis, keepdims)


def reduce_any(input_tensor, axis=None, keepdims=False, name=None):
    """Whether some element over axes is True.

    Args:
      input_tensor: a bool tensor.
      axis: the axis or axes to remove; all by default. Negative ones count from the end.
      keepdims: whether to keep the removed axes with length 1.
      name: unused in eager code.

    Returns:
      A bool tensor.
    """
    return reduce(_ANY, bools(input_tensor), axis, keepdims)
