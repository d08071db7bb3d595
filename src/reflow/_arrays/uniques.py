"""Distinct values and histograms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from reflow._arrays.arguments import int_scalar, no_kernel, values_of
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    FLOATS,
    DType,
    as_dtype,
    float32,
    float64,
    int32,
    int64,
)
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, op
from reflow.core.tensor import Tensor, tensor_from_value

__all__ = [
    "histogram_fixed_width", "histogram_fixed_width_bins", "unique", "unique_with_counts",
]  # fmt: skip


# ---- unique


class Unique(NamedTuple):
    """What ``tf.unique`` returns."""

    y: Tensor
    idx: Tensor


class UniqueWithCounts(NamedTuple):
    """What ``tf.unique_with_counts`` returns."""

    y: Tensor
    idx: Tensor
    count: Tensor  # type: ignore[assignment]  # hides tuple.count, as in TF


def _distinct(x: Any, out_idx: Any, op_name: str) -> tuple[Tensor, Tensor, Tensor]:
    tensor = convert_to_tensor(x)
    if len(tensor._aval.shape) != 1:
        raise invalid(f"unique expects a 1D vector. [Op:{op_name}]")
    kind = as_dtype(out_idx)
    if kind is not int32 and kind is not int64:
        raise no_kernel(op_name, kind, (int32, int64))
    host = values_of(tensor, "tf.unique")
    _, first, inverse, counts = np.unique(
        host, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    # NumPy sorts the values; TF keeps them in the order of their first appearance.
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return (
        tensor_from_value(host[first[order]]),
        tensor_from_value(place[inverse.reshape(-1)].astype(kind.np)),
        tensor_from_value(counts[order].astype(kind.np)),
    )


def unique(x: Any, out_idx: Any = int32, name: str | None = None) -> Unique:
    """The distinct elements of a vector, in the order of their first appearance.

    Args:
      x: a vector of any type.
      out_idx: the indices' type, ``tf.int32`` or ``tf.int64``.
      name: unused in eager code.

    Returns:
      A named tuple: ``y``, the distinct elements, and ``idx``, for each element of ``x`` its place
      in ``y``, so that ``tf.gather(y, idx)`` is ``x``.

    Raises:
      InvalidArgumentError: if ``x`` is no vector.
    """
    y, idx, _ = _distinct(x, out_idx, "Unique")
    return Unique(y, idx)


def unique_with_counts(x: Any, out_idx: Any = int32, name: str | None = None) -> UniqueWithCounts:
    """``tf.unique`` with a third output ``count``: how often each element of ``y`` appears."""
    return UniqueWithCounts(*_distinct(x, out_idx, "UniqueWithCounts"))


# ---- histograms


def _histogram_rule(values: Aval, value_range: Aval, *, nbins: int, dtype: DType) -> Aval:
    if value_range.shape != (2,):
        raise invalid("value_range should be a vector of 2 elements.")
    if nbins <= 0:
        raise invalid(f"nbins should be a positive number, but got '{nbins}'")
    return aval((nbins,), dtype)


def _find_empty_range(xp: Any, value_range: Any, **static: Any) -> Any:
    low, high = value_range[0], value_range[1]
    bad = xp.where(low < high, -1, 0).astype(xp.float64)
    return xp.stack([bad, low.astype(xp.float64), high.astype(xp.float64)])


def _say_empty_range(found: Any, *avals: Aval, **static: Any) -> str:
    return (
        "value_range should satisfy value_range[0] < value_range[1], but got "
        f"'[{found[1]:g}, {found[2]:g}]'"
    )


@op(
    "HistogramFixedWidth",
    types={int32, int64, float32, float64},
    rule=_histogram_rule,
    reads=(),
    differentiable=False,
    check=Check(_find_empty_range, _say_empty_range, reads=(1,)),
)
def _histogram(values: Any, value_range: Any, *, nbins: int, dtype: DType) -> Any:
    step = (value_range[1] - value_range[0]).astype(jnp.float64) / nbins
    places = (values.reshape(-1) - value_range[0]).astype(jnp.float64) / step
    bins = jnp.clip(places, 0, nbins - 1).astype(jnp.int32)
    return jnp.zeros(nbins, dtype.np).at[bins].add(jnp.ones((), dtype.np))


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = int32, name: str | None = None
) -> Tensor:
    """Counts values in bins of equal width; the outer bins take what lies outside the range.

    Args:
      values: a tensor of int32, int64, float32 or float64.
      value_range: ``[low, high]``, of the same type.
      nbins: the number of bins.
      dtype: the counts' type, ``tf.int32`` or ``tf.int64``.
      name: unused in eager code.

    Returns:
      A vector of ``nbins`` counts.

    Raises:
      InvalidArgumentError: if the range is empty or ``nbins`` is not positive.
    """
    kind = as_dtype(dtype)
    if kind is not int32 and kind is not int64:
        raise no_kernel("HistogramFixedWidth", kind, (int32, int64))
    tensor = convert_to_tensor(values)
    bounds = convert_to_tensor(value_range, tensor.dtype)
    count = int_scalar(nbins, "nbins", "HistogramFixedWidth", "nbins should be a scalar")
    if tensor.dtype in (int32, int64, float32, float64):
        _histogram_shapes(tensor, bounds, count, kind)
    return _histogram(tensor, bounds, nbins=count, dtype=kind)  # type: ignore[no-any-return]


def _histogram_shapes(values: Tensor, bounds: Tensor, nbins: int, dtype: DType) -> None:
    """The rule's errors come before those of the values."""
    instruction = _histogram.bind(nbins=nbins, dtype=dtype)
    instruction.infer((values._aval, bounds._aval))


@op(
    "Floor",
    types=FLOATS,
    rule=lambda values, value_range, *, nbins: aval(values.shape, int32),
    reads=(),
    differentiable=False,
)
def _bins(values: Any, value_range: Any, *, nbins: int) -> Any:
    from reflow._arrays.casting import cast_array

    count = jnp.asarray(nbins, values.dtype)
    scaled = (values - value_range[0]) / (value_range[1] - value_range[0])
    places = jnp.maximum(jnp.minimum(jnp.floor(count * scaled), count - 1), 0)
    return cast_array(places, int32)


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = int32, name: str | None = None
) -> Tensor:
    """The bin that each value falls into; see ``tf.histogram_fixed_width``.

    Args:
      values: a tensor of floating type.
      value_range: ``[low, high]``, of the same type.
      nbins: the number of bins.
      dtype: unused, as in TF 2.1.
      name: unused in eager code.

    Returns:
      An int32 tensor of the shape of ``values``.

    Raises:
      InvalidArgumentError: if ``values`` are integers, which TF 2.1 cannot do here.
    """
    tensor = convert_to_tensor(values)
    if tensor.dtype.is_integer:
        raise invalid(
            "cannot compute Mul as input #1(zero-based) was expected to be a "
            f"{tensor.dtype.label} tensor but is a double tensor [Op:Mul]"
        )
    bounds = convert_to_tensor(value_range, tensor.dtype)
    if bounds._aval.size < 2:
        raise invalid("slice index 1 of dimension 0 out of bounds. [Op:StridedSlice]")
    count = int_scalar(nbins, "nbins", "Cast", "nbins should be a scalar")
    return _bins(tensor, bounds, nbins=count)  # type: ignore[no-any-return]
