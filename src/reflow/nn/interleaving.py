"""``tf.nn.with_space_to_batch``: any windowed op with holes between the taps of its windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.core.convert import convert_to_tensor
from reflow.core.static import static_array

__all__ = ["with_space_to_batch"]


def with_space_to_batch(
    input, dilation_rate, padding, op, filter_shape=None, spatial_dims=None, data_format=None
):
    """Applies ``op`` to the interleaved images that every ``dilation_rate``-th pixel makes up.

    That is ``op`` with taps that far apart, if it slides windows with stride 1.

    Args:
      input: a tensor ``(batch, *spatial, channels)``.
      dilation_rate: a list of positive ints, one per axis that is divided.
      padding: "SAME" or "VALID".
      op: ``op(tensor, num_spatial_dims, padding)``; returns a tensor with the same batch.
      filter_shape: the sizes of the windows; needed for "SAME".
      spatial_dims: the axes that are divided, ascending; by default the first ones after the batch,
        or after the channels if ``data_format`` starts with "NC".
      data_format: whether the channels come first.

    Returns:
      What ``op`` returns, put together again.

    Raises:
      ValueError: if the arguments do not fit each other.
    """
    input = convert_to_tensor(input)
    rates = static_array(dilation_rate, "dilation_rate")
    if rates.ndim != 1:
        raise ValueError("rate must be rank 1")
    if (rates < 1).any():
        raise ValueError("all values of dilation_rate must be positive")
    count = len(rates)
    first = isinstance(data_format, str) and data_format.startswith("NC")
    start = 2 if first else 1
    axes = list(range(start, start + count)) if spatial_dims is None else sorted(set(spatial_dims))
    if len(axes) != count or any(axis < 1 for axis in axes):
        raise ValueError(
            "spatial_dims must be a monotonically increasing sequence of positive integers"
        )
    if len(input.shape) <= axes[-1]:
        raise ValueError(f"input tensor must have rank {axes[-1] + 1} at least")
    if (rates == 1).all():
        return op(input, count, padding)
    zeros = _base_paddings(padding, filter_shape, rates.tolist())
    sizes = [input.shape[axis] for axis in axes]
    paddings, crops = tf.required_space_to_batch_paddings(sizes, rates, zeros)
    last = axes[-1]
    block = _spread(rates.tolist(), axes, last, 1)
    divided = tf.space_to_batch(
        input, block, _spread(paddings.numpy().tolist(), axes, last, [0, 0])
    )
    result = op(divided, count, "VALID")
    return tf.batch_to_space(result, block, _spread(crops.numpy().tolist(), axes, last, [0, 0]))


def _base_paddings(padding: Any, filter_shape: Any, rates: Sequence[int]) -> list[list[int]]:
    if padding == "VALID":
        return [[0, 0] for _ in rates]
    if padding != "SAME":
        raise ValueError(f"Invalid padding method {padding!r}")
    if filter_shape is None:
        raise ValueError("filter_shape must be specified for SAME padding")
    pairs = []
    for size, rate in zip(static_array(filter_shape, "filter_shape"), rates, strict=False):
        zeros = (int(size) - 1) * rate
        pairs.append([zeros // 2, zeros - zeros // 2])
    return pairs


def _spread(values: Sequence[Any], axes: Sequence[int], last: int, fill: Any) -> list[Any]:
    """The values at their axes, counted from the one after the batch, and ``fill`` between."""
    spread = [fill] * last
    for axis, value in zip(axes, values, strict=True):
        spread[axis - 1] = value
    return spread
