"""Clipping: of values to a range, of tensors to a norm, of many tensors to a common norm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS
from reflow.core.errors import invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.core.rules import broadcast_shapes, reduction_axes
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.math._common import PLAIN_REAL, Scoped, constant
from reflow.math.arithmetic import _maximum, minimum, multiply
from reflow.math.reductions import static_axis, total

__all__ = ["clip_by_global_norm", "clip_by_norm", "clip_by_value", "global_norm"]

_raise_to = Scoped(_maximum.fn, "Maximum", "clip_by_value", types=PLAIN_REAL, rule=_maximum.rule)


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """Brings all elements into a range: ``max(min(t, clip_value_max), clip_value_min)``.

    Args:
      t: a tensor of real numbers or an IndexedSlices.
      clip_value_min: the lower end, a number or a tensor that broadcasts to the shape of ``t``.
      clip_value_max: the upper end, likewise.
      name: unused in eager code.

    Returns:
      A tensor (or IndexedSlices) like ``t``. Elements that are clipped get no gradient.

    Raises:
      ValueError: an end of the range would make the result larger than ``t``.
    """
    values, wrap = _values(t)
    shape = values._aval.shape
    clipped = minimum(values, clip_value_max)
    _need_shape(shape, clipped)
    clipped = _raise_to(clipped, clip_value_min)
    _need_shape(shape, clipped)
    return wrap(clipped)


def _need_shape(shape: tuple[int, ...], result: Tensor) -> None:
    if result._aval.shape != shape:
        raise ValueError(f"Shapes {shape} and {result._aval.shape} are not compatible")


def _values(t: Any) -> tuple[Tensor, Callable[[Tensor], Any]]:
    """The values of a tensor or IndexedSlices, and what makes one like it of other values."""
    if hasattr(t, "indices") and hasattr(t, "dense_shape"):
        return t.values, lambda values: type(t)(values, t.indices, t.dense_shape)
    return (t if t.__class__ is Tensor else convert_to_tensor(t)), lambda values: values


def _by_norm_rule(x, norm, *, axes):
    reduction_axes(len(x.shape), axes)
    if broadcast_shapes(x.shape, norm.shape) != x.shape:
        raise invalid(f"Shapes {x.shape} and {norm.shape} are not compatible")
    return x


@op("Sum", types=FLOATS, rule=_by_norm_rule)
def _clip_by_norm(x, norm, *, axes):
    axes = reduction_axes(x.ndim, axes)
    squares = lax.expand_dims(total(x * x, axes), axes)
    positive = squares > 0
    # The inner choice keeps the root's infinite derivative at 0 out of the gradient.
    root = lax.sqrt(jnp.where(positive, squares, jnp.ones_like(squares)))
    length = jnp.where(positive, root, squares)
    return x * norm / _maximum.fn(length, norm)


def clip_by_norm(t, clip_norm, axes=None, name=None):
    """Scales ``t`` down to an L2 norm of at most ``clip_norm``.

    Args:
      t: a tensor of floating type or an IndexedSlices.
      clip_norm: the greatest norm allowed.
      axes: the axes over which norms are computed; all by default.
      name: unused in eager code.

    Returns:
      A tensor (or IndexedSlices) like ``t``.
    """
    values, wrap = _values(t)
    return wrap(_clip_by_norm(values, clip_norm, axes=static_axis(_clip_by_norm, axes)))


def _norm_rule(first, *others):
    return aval((), first.dtype)


@op("L2Loss", types=FLOATS, rule=_norm_rule)
def _norm(*tensors):
    halves = [total(x * x, tuple(range(x.ndim))) * constant(0.5, x) for x in tensors]
    summed = halves[0]
    for half in halves[1:]:
        summed = summed + half
    return lax.sqrt(summed * constant(2, summed))


def global_norm(t_list, name=None):
    """The L2 norm of all elements of several tensors.

    Args:
      t_list: a list of tensors of one floating type; IndexedSlices count with their values, None
        is left out.
      name: unused in eager code.

    Returns:
      A scalar tensor; 0.0 of float32 if there is nothing.

    Raises:
      TypeError: if ``t_list`` is no list or tuple.
    """
    values = [_values(t)[0] for t in _sequence(t_list) if t is not None]
    return _norm(*values) if values else tensor_from_numpy(np.array(0, np.float32))


def _sequence(t_list: Any) -> Any:
    if not isinstance(t_list, (list, tuple)):
        raise TypeError("t_list should be a sequence")
    return t_list


@op("Mul", types=FLOATS, rule=lambda clip_norm, norm: norm)
def _scale(clip_norm, norm):
    factor = clip_norm * _minimum_of(constant(1, norm) / norm, constant(1, norm) / clip_norm)
    return jnp.where(lax.is_finite(norm), factor, constant(np.nan, norm))


def _minimum_of(x, y):
    return lax.select(y < x, y, x)


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """Scales several tensors by one factor, down to a common L2 norm of at most ``clip_norm``.

    ``t * clip_norm / max(norm, clip_norm)``, where ``norm`` is that of all elements together.

    Args:
      t_list: a list of tensors of one floating type (or IndexedSlices); None stays None.
      clip_norm: the greatest norm allowed.
      use_norm: the norm, if it is known already; else ``tf.linalg.global_norm(t_list)``.
      name: unused in eager code.

    Returns:
      The list of scaled tensors, and the norm before. All elements are NaN if it is not finite.

    Raises:
      TypeError: if ``t_list`` is no list or tuple.
    """
    t_list = list(_sequence(t_list))
    norm = global_norm(t_list) if use_norm is None else convert_to_tensor(use_norm)
    if all(t is None for t in t_list):
        return t_list, norm
    factor = _scale(clip_norm, norm)
    clipped = []
    for t in t_list:
        if t is None:
            clipped.append(None)
            continue
        values, wrap = _values(t)
        clipped.append(wrap(multiply(values, factor)))
    return clipped, norm
