"""Assertions about values: ``assert_equal``, ``assert_positive``, ``Assert`` and their kin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, float64, string
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.record import check_later
from reflow.core.tensor import Tensor

__all__ = [
    "Assert",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
]

SHOWN = 3
"""How many elements messages show if ``summarize`` does not say."""


# ------------------------------------------------------------------------ inside a traced function


def _verdict_rule(condition: Aval, *data: Aval, shown: int) -> Aval:
    return aval((1 + sum(min(shown, x.size) for x in data),), float64)


@op("Assert", same=(), rule=_verdict_rule, reads=(), differentiable=False)
def _verdict(condition, *data, shown):
    """[-1], or [0] if the condition fails, then the first elements of the data."""
    heads = [jnp.real(x).ravel()[:shown].astype(jnp.float64) for x in data]
    failed = jnp.where(jnp.all(condition), -1.0, 0.0)
    return jnp.concatenate([failed.reshape(1), *heads])


def _assert_later(condition: Tensor, data: Sequence[Any], summarize: int | None) -> None:
    """Raises when the function has run, if the condition did not hold."""
    shown = SHOWN if summarize is None else summarize
    shown = shown if shown >= 0 else 1 << 30
    tensors = [x for x in data if not isinstance(x, str) and x.dtype is not string]

    def raiser(found: Any) -> None:
        if found[0] < 0:
            return
        parts, start = [], 1
        for x in data:
            if isinstance(x, str) or x.dtype is string:
                parts.append(f"[{x}]" if isinstance(x, str) else "[...]")
                continue
            size = min(shown, x._aval.size)
            head = np.asarray(found[start : start + size]).astype(x.dtype.np)
            start += size
            more = "..." if size < x._aval.size else ""
            parts.append(f"[{' '.join(map(str, head))}{more}]")
        raise invalid(f"assertion failed: {' '.join(parts)}")

    check_later(_verdict(condition, *tensors, shown=shown), raiser)


# -------------------------------------------------------------------------------------- Assert


def Assert(condition, data, summarize=None, name=None):  # noqa: N802 - TF's name
    """Raises if a condition does not hold.

    Args:
      condition: a boolean scalar.
      data: a list of tensors and strings to show in the message.
      summarize: how many elements of each tensor to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if ``condition`` is False.
      TypeError: if ``data`` is no list.
    """
    if isinstance(condition, Tensor) and condition._is_symbolic():
        _assert_later(condition, [_data(x) for x in _sequence(data)], summarize)
        return
    if bool(np.all(condition) if isinstance(condition, np.ndarray) else condition):
        return
    shown = [_summary(convert_to_tensor(x), summarize) for x in _sequence(data)]
    raise invalid(f"Expected '{condition}' to be true. Summarized data: " + "\n".join(shown))


def _sequence(data: Any) -> Any:
    if isinstance(data, (Tensor, np.ndarray)) or not hasattr(data, "__iter__"):
        raise TypeError("values must be a sequence.")
    return data


def _data(x: Any) -> Any:
    return x if isinstance(x, str) else convert_to_tensor(x)


def _elements(x: Tensor, summarize: int | None) -> list[str]:
    """The first elements of a tensor, then ``...`` if there are more."""
    flat = x._host().ravel()
    shown = SHOWN if summarize is None else summarize
    if shown < 0:
        shown = flat.size
    texts = [str(value) for value in flat[:shown]]
    return [*texts, "..."] if flat.size > shown else texts


def _summary(x: Tensor, summarize: int | None) -> str:
    return ", ".join(_elements(x, summarize)) if x.ndim else str(x._host()[()])


def _describe(name: str, x: Tensor) -> str:
    return f"{name} (shape={x.shape} dtype={x.dtype.name}) = "


# -------------------------------------------------------------------------- comparing two tensors


def _evaluate(function: Callable[[Any, Any], Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Compares; what is known while a function is traced is compared at once."""
    if x._is_symbolic() or y._is_symbolic():
        return function(x, y)
    with tf.init_scope():
        return function(x, y)


def _compare(
    sign: str,
    function: Callable[[Any, Any], Tensor],
    x: Any,
    y: Any,
    message: str | None,
    summarize: int | None,
) -> None:
    x, y = convert_to_tensor(x), convert_to_tensor(y)
    holds = _evaluate(function, x, y)
    if holds._is_symbolic():
        data = [*([message] if message else []), f"Condition x {sign} y did not hold element-wise:"]
        _assert_later(holds, [*data, _describe("x", x), x, _describe("y", y), y], summarize)
    elif not np.all(holds._host()):
        raise invalid(_comparison_text(sign, x, y, holds, message, summarize))


def _comparison_text(
    sign: str, x: Tensor, y: Tensor, holds: Tensor, message: str | None, summarize: int | None
) -> str:
    """TF's message: where the condition fails, with the values there, and the first elements."""
    a, b = np.atleast_1d(x._host()), np.atleast_1d(y._host())
    shown = SHOWN if summarize is None else summarize
    shown = shown if shown >= 0 else max(a.size, b.size)
    lines = [message] if message else []
    lines.append(f"Condition x {sign} y did not hold.")
    if shown and x.ndim and x.shape == y.shape:
        failed = ~holds._host()
        places = np.argwhere(failed)[:shown]
        lines += [
            f"Indices of first {len(places)} different values:",
            str(places),
            "Corresponding x values:",
            str(a[failed][:shown]),
            "Corresponding y values:",
            str(b[failed][:shown]),
        ]
    for name, values in (("x", a), ("y", b)):
        if shown:
            head = values.ravel()[:shown]
            lines += [f"First {head.size} elements of {name}:", str(head)]
    return "\n".join(lines)


def assert_equal(x, y, message=None, summarize=None, name=None):
    """Asserts ``x == y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor.
      y: a tensor of the same dtype.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare("==", tf.equal, x, y, message, summarize)


def assert_none_equal(x, y, summarize=None, message=None, name=None):
    """Asserts ``x != y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor.
      y: a tensor of the same dtype.
      summarize: how many elements to show: 3 by default, all if negative.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare("!=", tf.not_equal, x, y, message, summarize)


def assert_less(x, y, message=None, summarize=None, name=None):
    """Asserts ``x < y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare("<", tf.less, x, y, message, summarize)


def assert_less_equal(x, y, message=None, summarize=None, name=None):
    """Asserts ``x <= y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare("<=", tf.less_equal, x, y, message, summarize)


def assert_greater(x, y, message=None, summarize=None, name=None):
    """Asserts ``x > y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare(">", tf.greater, x, y, message, summarize)


def assert_greater_equal(x, y, message=None, summarize=None, name=None):
    """Asserts ``x >= y`` for all elements; the tensors broadcast.

    Args:
      x: a tensor of real numbers.
      y: a tensor of the same dtype.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
    """
    _compare(">=", tf.greater_equal, x, y, message, summarize)


def assert_near(x, y, rtol=None, atol=None, message=None, summarize=None, name=None):
    """Asserts ``abs(x - y) <= atol + rtol * abs(y)`` for all elements; the tensors broadcast.

    Args:
      x: a floating tensor.
      y: a tensor of the same dtype.
      rtol: the relative tolerance; 10 times the dtype's epsilon by default.
      atol: the absolute tolerance; 10 times the dtype's epsilon by default.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold, or the shapes do not broadcast.
      ValueError: if the dtype has no epsilon and a tolerance is not given.
    """
    x = convert_to_tensor(x)
    y = convert_to_tensor(y, dtype=x.dtype)
    rtol = convert_to_tensor(_tolerance(x.dtype) if rtol is None else rtol, dtype=x.dtype)
    atol = convert_to_tensor(_tolerance(x.dtype) if atol is None else atol, dtype=x.dtype)
    condition = tf.reduce_all(tf.abs(x - y) <= atol + rtol * tf.abs(y))
    said = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
    data = [message or "", said, _describe("x", x), x, _describe("y", y), y]
    Assert(condition, data, summarize)


def _tolerance(dtype: DType) -> Any:
    if not (dtype.is_floating or dtype.is_complex):
        raise ValueError(f"data type {dtype.np.type!r} not inexact")
    return 10 * float(jnp.finfo(dtype.np).eps)


# --------------------------------------------------------------------------- comparing with zero


def _compare_with_zero(
    sign: str,
    function: Callable[[Any, Any], Tensor],
    x: Any,
    message: str | None,
    summarize: int | None,
) -> None:
    x = convert_to_tensor(x)
    holds = _evaluate(function, x, convert_to_tensor(0, dtype=x.dtype))
    said = f"Condition x {sign} 0 did not hold element-wise:"
    if holds._is_symbolic():
        _assert_later(holds, [message or "", said, _describe("x", x), x], summarize)
    elif not np.all(holds._host()):
        elements = _elements(x, summarize)
        values = str(elements) if x.ndim else elements[0]
        raise invalid("\n".join([message or "", said, _describe("x", x), values]))


def assert_positive(x, message=None, summarize=None, name=None):
    """Asserts ``x > 0`` for all elements.

    Args:
      x: a tensor of real numbers.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold.
    """
    _compare_with_zero(">", tf.greater, x, message, summarize)


def assert_negative(x, message=None, summarize=None, name=None):
    """Asserts ``x < 0`` for all elements.

    Args:
      x: a tensor of real numbers.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold.
    """
    _compare_with_zero("<", tf.less, x, message, summarize)


def assert_non_negative(x, message=None, summarize=None, name=None):
    """Asserts ``x >= 0`` for all elements.

    Args:
      x: a tensor of real numbers.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold.
    """
    _compare_with_zero(">=", tf.greater_equal, x, message, summarize)


def assert_non_positive(x, message=None, summarize=None, name=None):
    """Asserts ``x <= 0`` for all elements.

    Args:
      x: a tensor of real numbers.
      message: what to begin the error's message with.
      summarize: how many elements to show: 3 by default, all if negative.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if it does not hold.
    """
    _compare_with_zero("<=", tf.less_equal, x, message, summarize)
