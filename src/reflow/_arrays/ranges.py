"""Evenly spaced numbers. (A file of its own, since ``range`` hides Python's.)"""

from __future__ import annotations

from math import ceil, isnan
from typing import Any

import numpy as np

from reflow._arrays.arguments import int_scalar, no_kernel, values_of
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import (
    FLOATS,
    DType,
    as_dtype,
    float16,
    float32,
    float64,
    int32,
    int64,
)
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.tensor import StaticTensor, Tensor, static_tensor, tensor_from_value

__all__ = ["linspace", "range"]

STATIC_SIZE = 64
"""Elements up to which a range made from shapes stays known while ops are recorded."""


@sized_by("start", "limit", "delta")
def range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range"
) -> Tensor:
    """Numbers from ``start`` up to but without ``limit``, in steps of ``delta``.

    Args:
      start: the first number; the limit, if it is the only argument.
      limit: where to stop, exclusive.
      delta: the step, not zero.
      dtype: the elements' type; by default the widest of the arguments' among int32, int64,
        float32 and float64.
      name: unused in eager code.

    Returns:
      A vector of ``ceil((limit - start) / delta)`` elements.

    Raises:
      InvalidArgumentError: if the step is zero or leads away from the limit.
    """
    if limit is None:
        start, limit = 0, start
    kind = None if dtype is None else as_dtype(dtype)
    tensors = [convert_to_tensor(value, kind) for value in (start, limit, delta)]
    kind = _widest(tensors) if kind is None else kind
    if kind is float16:
        raise invalid("Invalid type for Range half [Op:Range]")
    if kind not in _HIERARCHY:
        raise no_kernel("Range", kind, _HIERARCHY)
    values = []
    for word, tensor in zip(("start", "limit", "delta"), tensors, strict=True):
        if tensor._aval.shape:
            raise invalid(
                f"{word} must be a scalar, not shape {text(tensor._aval.shape)} [Op:Range]"
            )
        values.append(values_of(tensor, "tf.range").astype(kind.np)[()])
    array = _arange(values[0], values[1], values[2], kind)
    from_shapes = any(isinstance(x, StaticTensor) for x in (start, limit, delta))
    if from_shapes and kind.is_integer and array.size <= STATIC_SIZE:
        return static_tensor(array)
    return tensor_from_value(array)


_HIERARCHY = (int32, int64, float32, float64)


def _widest(tensors: list[Tensor]) -> DType:
    for tensor in tensors:
        if tensor.dtype not in _HIERARCHY:
            # TF fails an assertion here, without any words.
            raise AssertionError(
                f"tf.range takes int32, int64, float32 and float64 without a dtype argument, "
                f"got {tensor!r}"
            )
    return max((tensor.dtype for tensor in tensors), key=_HIERARCHY.index)


def _arange(start: Any, limit: Any, delta: Any, dtype: DType) -> np.ndarray[Any, Any]:
    first, last, step = start.item(), limit.item(), delta.item()
    if step == 0:
        raise invalid(f"Requires delta != 0: {step:g} [Op:Range]")
    if step > 0 and not first <= last:
        raise invalid(f"Requires start <= limit when delta > 0: {first:g}/{last:g} [Op:Range]")
    if step < 0 and not first >= last:
        raise invalid(f"Requires start >= limit when delta < 0: {first:g}/{last:g} [Op:Range]")
    if dtype.is_integer:
        return np.asarray(np.arange(first, last, step), dtype.np)
    length = (last - first) / step
    if isnan(length):
        raise invalid(f"Requires start <= limit when delta > 0: {first:g}/{last:g} [Op:Range]")
    # TF adds the step again and again, in the dtype itself, so rounding errors add up.
    numbers = np.full(max(ceil(abs(length)), 0), delta, dtype.np)
    if numbers.size:
        numbers[0] = start
        np.add.accumulate(numbers, out=numbers)
    return numbers


def _linspace_rule(start: Aval, stop: Aval, *, num: int) -> Aval:
    for word, value in (("start", start), ("stop", stop)):
        if value.shape:
            raise invalid(f"{word} must be a scalar, not shape {text(value.shape)}")
    if num <= 0:
        raise invalid(f"Requires num > 0: {num}")
    return aval((num,), start.dtype)


@op("LinSpace", types=FLOATS, rule=_linspace_rule, reads=(), differentiable=False)
def _linspace(start: Any, stop: Any, *, num: int) -> Any:
    if num == 1:
        return start[None]
    steps = jnp.arange(num - 1, dtype=start.dtype)
    step = (stop - start) / jnp.asarray(num - 1, start.dtype)
    return jnp.concatenate([start + step * steps, stop[None]])


@sized_by("num")
def linspace(start: Any, stop: Any, num: Any, name: str | None = None) -> Tensor:
    """``num`` evenly spaced numbers from ``start`` to ``stop``, both included.

    Args:
      start: a floating scalar.
      stop: a scalar of the same type.
      num: how many, a positive int.
      name: unused in eager code.

    Raises:
      NotFoundError: if ``start`` is an integer.
      InvalidArgumentError: if ``num`` is not positive.
    """
    if isinstance(num, float):
        raise no_kernel("LinSpace", float32, (int32, int64))
    count = int_scalar(num, "num", "LinSpace", "num must be a scalar, not shape {}")
    return _linspace(start, stop, num=count)  # type: ignore[no-any-return]
