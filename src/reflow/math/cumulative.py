"""Cumulative sums, products and log-sum-exps along an axis."""

from __future__ import annotations

from typing import Any

from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.errors import NotFoundError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.rules import scan, text
from reflow.math._common import COMMON_16, HALF_UP, Scoped, constant, integers, scoped

__all__ = ["cumprod", "cumsum", "cumulative_logsumexp"]


def _shift(x, first, axis, reverse):
    """Moves everything one place on, so that each place holds what came before it."""
    widths = [(0, 0, 0)] * x.ndim
    widths[axis] = (-1, 1, 0) if reverse else (1, -1, 0)
    return lax.pad(x, constant(first, x), widths)


def _cumulative(scan_fn, x, first, axis, exclusive, reverse):
    axis %= x.ndim
    if not x.size:
        return x
    result = scan_fn(x, axis, reverse=reverse)
    return _shift(result, first, axis, reverse) if exclusive else result


@scoped("Cumsum", "Cumsum", types=COMMON_16, rule=scan, reads=())
def _cumsum(x, *, axis, exclusive, reverse):
    return _running_sum(x, axis, exclusive, reverse)


def _running_sum(x, axis, exclusive, reverse):
    return _cumulative(lax.cumsum, x, 0, axis, exclusive, reverse)


def _running_product(axis, exclusive, reverse, x):
    return _cumulative(lax.cumprod, x, 1, axis, exclusive, reverse)


running_product = custom_jvp(_running_product, static=(0, 1, 2))


@running_product.defjvp
def _running_product_jvp(axis, exclusive, reverse, primals, tangents):
    # TF's rule divides by x, so the gradient of a product with a zero in it is NaN there.
    (x,), (dx,) = primals, tangents
    product = running_product(axis, exclusive, reverse, x)
    return product, product * _running_sum(dx / x, axis, exclusive, reverse)


@scoped("Cumprod", "Cumprod", types=COMMON_16, rule=scan)
def _cumprod(x, *, axis, exclusive, reverse):
    return running_product(axis, exclusive, reverse, x)


@scoped("CumulativeLogsumexp", "CumulativeLogsumexp", types=HALF_UP, rule=scan)
def _cumlogsumexp(x, *, axis, exclusive, reverse):
    lowest = float(jnp.finfo(x.dtype).min)  # TF's log 0 here
    result = _cumulative(lax.cumlogsumexp, x, lowest, axis, exclusive, reverse)
    return jnp.where(result < lowest, constant(lowest, x), result)


def _scan(primitive: Scoped, x: Any, axis: Any, exclusive: Any, reverse: Any) -> Any:
    if axis.__class__ is not int:
        value = integers(axis, "axis") if axis is not None else convert_to_tensor(axis)
        if value is None:
            raise NotFoundError(
                None,
                None,
                f"Could not find valid device for node.\nNode:{{{{node {primitive.name}}}}}\n"
                f"No kernel of op {primitive.name} takes the axis {axis!r}; it takes an integer "
                f"[Op:{primitive.name}]",
            )
        if value.ndim:
            raise primitive.name_error(
                invalid(f"ScanOp: axis must be a scalar, not {text(value.shape)}")
            )
        axis = int(value)
    return primitive(x, axis=axis, exclusive=bool(exclusive), reverse=bool(reverse))


def cumsum(x, axis=0, exclusive=False, reverse=False, name=None):
    """The cumulative sum along an axis: ``[a, b, c]`` gives ``[a, a + b, a + b + c]``.

    Args:
      x: a tensor of numbers.
      axis: the axis to sum along.
      exclusive: whether each sum leaves its own element out: ``[0, a, a + b]``.
      reverse: whether to sum from the end: ``[a + b + c, b + c, c]``.
      name: unused in eager code.

    Returns:
      A tensor like ``x``.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    return _scan(_cumsum, x, axis, exclusive, reverse)


def cumprod(x, axis=0, exclusive=False, reverse=False, name=None):
    """The cumulative product along an axis: ``[a, b, c]`` gives ``[a, a b, a b c]``.

    Args:
      x: a tensor of numbers.
      axis: the axis to multiply along.
      exclusive: whether each product leaves its own element out: ``[1, a, a b]``.
      reverse: whether to multiply from the end: ``[a b c, b c, c]``.
      name: unused in eager code.

    Returns:
      A tensor like ``x``. Its gradient is NaN where ``x`` is 0.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    return _scan(_cumprod, x, axis, exclusive, reverse)


def cumulative_logsumexp(x, axis=0, exclusive=False, reverse=False, name=None):
    """``log(cumsum(exp(x)))`` along an axis, without overflow.

    Args:
      x: a tensor of float16, float32 or float64.
      axis: the axis to sum along.
      exclusive: whether each sum leaves its own element out.
      reverse: whether to sum from the end.
      name: unused in eager code.

    Returns:
      A tensor like ``x``; the logarithm of 0 is the lowest finite number, not -inf.

    Raises:
      InvalidArgumentError: if there is no such axis.
    """
    return _scan(_cumlogsumexp, x, axis, exclusive, reverse)
