"""Pooling: the maximum or the average of windows that slide over images."""

from __future__ import annotations

from math import prod
from typing import Any, NamedTuple

import numpy as np

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import (
    FLOATS,
    bfloat16,
    float16,
    float32,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from reflow.core.errors import NotFoundError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import op
from reflow.nn import _pooling as pooling
from reflow.nn import _windows as windows
from reflow.nn.convolutions import one_format
from reflow.nn.interleaving import with_space_to_batch

__all__ = [
    "avg_pool",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "max_pool",
    "max_pool1d",
    "max_pool2d",
    "max_pool3d",
    "max_pool_with_argmax",
    "pool",
]

_MAX_TYPES = FLOATS | {int8, int16, int32, int64, uint8, uint16}


# ----------------------------------------------------------------------------------- on arrays


def _axes(shape: Any, ksize: Any, strides: Any, padding: str) -> tuple[pooling.Windows, ...]:
    """The windows of every axis that has any, the last one first."""
    return tuple(
        [
            pooling.along(axis, shape[axis], ksize[axis], strides[axis], padding)
            for axis in reversed(range(len(shape)))
            if ksize[axis] != 1 or strides[axis] != 1
        ]
    )


def _rule(rank: int, average: bool = False) -> Any:
    """The shape rule of pooling over ``rank`` spatial axes."""

    def rule(
        x: Aval, *, ksize: Any, strides: Any, padding: str, channels_first: bool = False, **_: Any
    ) -> Aval:
        if len(x.shape) != rank + 2:
            if rank == 3:
                raise invalid("tensor_in must be 5-dimensional")
            raise invalid(f"tensor_in_shape must have 2 spatial dimensions. {len(x.shape)} 0")
        if ksize[0] != 1 or strides[0] != 1:
            raise windows.unimplemented("Pooling is not yet supported on the batch dimension.")
        for axis, (size, stride) in enumerate(zip(ksize, strides, strict=True)):
            if size < 1:
                raise invalid(f"Sliding window ksize for dimension {axis} was zero.")
            if stride < 1:
                raise invalid(f"Stride must be > 0, but got {stride}")
        depth = 1 if channels_first else rank + 1
        if ksize[depth] != 1 or strides[depth] != 1:
            _check_depth(x.shape, ksize, strides, depth, average or rank == 3)
        shape = list(x.shape)
        for w in _axes(x.shape, ksize, strides, padding):
            shape[w.axis] = w.count
        return aval(tuple(shape), x.dtype)

    return rule


def _check_depth(shape: Any, ksize: Any, strides: Any, depth: int, refused: bool) -> None:
    if any(size != 1 for axis, size in enumerate(ksize) if axis not in (0, depth)):
        raise windows.unimplemented(
            "MaxPooling supports exactly one of pooling across depth or pooling across "
            "width/height."
        )
    if shape[depth] % ksize[depth]:
        raise windows.unimplemented(
            "Depthwise max pooling requires the depth window to evenly divide the input depth"
        )
    if strides[depth] != ksize[depth]:
        raise windows.unimplemented(
            "Depthwise max pooling requires the depth window to equal the depth stride"
        )
    if refused:
        raise windows.unimplemented("Non-spatial pooling is not yet supported. Volunteers? :)")


def _max(x: Any, *, ksize: Any, strides: Any, padding: str, channels_first: bool) -> Any:
    for w in _axes(x.shape, ksize, strides, padding):
        x = pooling.maximum(x, w)
    return x


_max_pool = op("MaxPool", types=_MAX_TYPES, rule=_rule(2))(_max)
_max_pool3d = op("MaxPool3D", types=(bfloat16, float16, float32), rule=_rule(3))(_max)


def _avg(x: Any, *, ksize: Any, strides: Any, padding: str, channels_first: bool) -> Any:
    dtype = x.dtype
    if dtype in (jnp.float16, jnp.bfloat16):
        x = x.astype(jnp.float32)
    elements = np.ones((1,) * x.ndim, x.dtype)
    for w in _axes(x.shape, ksize, strides, padding):
        x = pooling.total(x, w)
        place = [1] * x.ndim
        place[w.axis] = -1
        elements = elements * pooling.counts(w).reshape(place).astype(x.dtype)
    return (x / elements).astype(dtype)


_avg_pool = op("AvgPool", types=FLOATS, rule=_rule(2, average=True), reads=())(_avg)
_avg_pool3d = op("AvgPool3D", types=FLOATS, rule=_rule(3, average=True), reads=())(_avg)


# --------------------------------------------------------------------------------------- public


def _pool(
    primitive: Any, x: Any, ksize: Any, strides: Any, padding: Any, data_format: Any, rank: int
) -> Any:
    formats = ("NHWC", "NCHW") if rank == 2 else ("NDHWC", "NCDHW")
    first = one_format(data_format, formats, primitive.name) == formats[1]
    return primitive(
        x,
        ksize=windows.sizes(ksize, rank, "ksize", first),
        strides=windows.sizes(strides, rank, "strides", first),
        padding=windows.same_or_valid(padding, primitive.name),
        channels_first=first,
    )


def _pool1d(primitive: Any, x: Any, ksize: Any, strides: Any, padding: Any, format: Any) -> Any:
    """Pools a sequence as an image of height 1."""
    first = format == "NCW"
    if format not in (None, "NWC", "NCW"):
        raise invalid(
            f"Value for attr 'data_format' of \"{format}\" is not in the list of allowed values: "
            f'"NWC", "NCW" [Op:{primitive.name}]'
        )
    axis = 2 if first else 1
    sizes = windows.sizes(ksize, 1, "ksize", first)
    steps = windows.sizes(strides, 1, "strides", first)
    y = _pool(
        primitive,
        tf.expand_dims(x, axis),
        [*sizes[:axis], 1, *sizes[axis:]],
        [*steps[:axis], 1, *steps[axis:]],
        padding,
        "NCHW" if first else "NHWC",
        2,
    )
    return tf.squeeze(y, [axis])


def _pool_of_rank(kind: str, input: Any, *arguments: Any) -> Any:
    """Pools in as many dimensions as the input has."""
    input = convert_to_tensor(input)
    rank = len(input.shape) - 2
    if rank not in (1, 2, 3):
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank + 2}.")
    primitives = {
        "max": (_max_pool, _max_pool, _max_pool3d),
        "avg": (_avg_pool, _avg_pool, _avg_pool3d),
    }
    primitive = primitives[kind][rank - 1]
    if rank == 1:
        return _pool1d(primitive, input, *arguments)
    return _pool(primitive, input, *arguments, rank)


def max_pool(input, ksize, strides, padding, data_format=None, name=None):
    """The maximum of each window, in one, two or three dimensions by the rank of ``input``.

    The gradient goes to the first of several equal maxima.

    Args:
      input: a tensor ``(batch, *spatial, channels)`` of real numbers, or
        ``(batch, channels, *spatial)`` if ``data_format`` starts with "NC".
      ksize: the windows' size: an int, or ints per spatial axis or per axis of the input.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NWC", "NCW", "NHWC", "NCHW", "NDHWC" or "NCDHW"; None for channels last.
      name: unused in eager code.

    Returns:
      A tensor of ``input``'s dtype with an element for each window.

    Raises:
      ValueError: if the rank is none of 3, 4, 5, or sizes have another length.
      InvalidArgumentError: if the windows do not fit.
    """
    return _pool_of_rank("max", input, ksize, strides, padding, data_format)


def max_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The maximum of each window of a sequence; see ``tf.nn.max_pool``.

    Args:
      input: a tensor ``(batch, width, channels)``, or ``(batch, channels, width)`` for "NCW".
      ksize: the windows' size: an int, or a list of 1 or 3 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NWC" or "NCW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, width, channels)``, or with the channels at axis 1.
    """
    return _pool1d(_max_pool, input, ksize, strides, padding, data_format)


def max_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None):
    """The maximum of each window of an image; see ``tf.nn.max_pool``.

    Args:
      input: a tensor ``(batch, height, width, channels)``, or ``(batch, channels, height, width)``
        for "NCHW".
      ksize: the windows' size: an int, or a list of 1, 2 or 4 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, channels)``, or with the channels at axis 1.
    """
    return _pool(_max_pool, input, ksize, strides, padding, data_format, 2)


def max_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The maximum of each window of a volume; see ``tf.nn.max_pool``.

    Args:
      input: a tensor ``(batch, depth, height, width, channels)`` of float32 or a half, or with
        the channels at axis 1 for "NCDHW".
      ksize: the windows' size: an int, or a list of 1, 3 or 5 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, depth, height, width, channels)``, or with the channels at axis 1.
    """
    return _pool(_max_pool3d, input, ksize, strides, padding, data_format, 3)


def avg_pool(input, ksize, strides, padding, data_format=None, name=None):
    """The average of each window, in one, two or three dimensions by the rank of ``input``.

    What is padded does not count.

    Args:
      input: a floating tensor ``(batch, *spatial, channels)``, or ``(batch, channels, *spatial)``
        if ``data_format`` starts with "NC".
      ksize: the windows' size: an int, or ints per spatial axis or per axis of the input.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NWC", "NCW", "NHWC", "NCHW", "NDHWC" or "NCDHW"; None for channels last.
      name: unused in eager code.

    Returns:
      A tensor of ``input``'s dtype with an element for each window.

    Raises:
      ValueError: if the rank is none of 3, 4, 5, or sizes have another length.
      InvalidArgumentError: if the windows do not fit.
    """
    return _pool_of_rank("avg", input, ksize, strides, padding, data_format)


def avg_pool1d(input, ksize, strides, padding, data_format="NWC", name=None):
    """The average of each window of a sequence; see ``tf.nn.avg_pool``.

    Args:
      input: a floating tensor ``(batch, width, channels)``, or ``(batch, channels, width)`` for
        "NCW".
      ksize: the windows' size: an int, or a list of 1 or 3 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NWC" or "NCW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, width, channels)``, or with the channels at axis 1.
    """
    return _pool1d(_avg_pool, input, ksize, strides, padding, data_format)


def avg_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None):
    """The average of each window of an image; see ``tf.nn.avg_pool``.

    Args:
      input: a floating tensor ``(batch, height, width, channels)``, or
        ``(batch, channels, height, width)`` for "NCHW".
      ksize: the windows' size: an int, or a list of 1, 2 or 4 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, channels)``, or with the channels at axis 1.
    """
    return _pool(_avg_pool, input, ksize, strides, padding, data_format, 2)


def avg_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The average of each window of a volume; see ``tf.nn.avg_pool``.

    Args:
      input: a floating tensor ``(batch, depth, height, width, channels)``, or with the channels at
        axis 1 for "NCDHW".
      ksize: the windows' size: an int, or a list of 1, 3 or 5 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, depth, height, width, channels)``, or with the channels at axis 1.
    """
    return _pool(_avg_pool3d, input, ksize, strides, padding, data_format, 3)


def pool(
    input,
    window_shape,
    pooling_type,
    strides=None,
    padding="VALID",
    data_format=None,
    dilations=None,
    name=None,
):
    """The maximum or the average of each window.

    Args:
      input: a tensor ``(batch, *spatial, channels)`` with 1 to 3 spatial axes, or
        ``(batch, channels, *spatial)`` if ``data_format`` starts with "NC".
      window_shape: the windows' size, an int for each spatial axis.
      pooling_type: "MAX" or "AVG".
      strides: from one window to the next, an int for each spatial axis; ones by default.
      padding: "SAME" or "VALID".
      data_format: see ``tf.nn.max_pool``.
      dilations: the distances between a window's elements, for each spatial axis; ones by default.
      name: unused in eager code.

    Returns:
      A tensor with an element for each window.

    Raises:
      ValueError: if the arguments do not fit each other.
      InvalidArgumentError: if the windows do not fit.
    """
    input = convert_to_tensor(input)
    rank = len(window_shape)
    if rank not in (1, 2, 3):
        raise ValueError(f"len(window_shape)={rank} must be 1, 2 or 3")
    if len(input.shape) != rank + 2:
        raise ValueError(f"Shape {input.shape} must have rank {rank + 2}")
    steps = _per_axis(strides, rank, "strides")
    rates = _per_axis(dilations, rank, "dilation_rate")
    if max(steps) > 1 and max(rates) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    if any(step > size for step, size in zip(steps, window_shape, strict=True)):
        raise ValueError(
            "strides > window_shape not supported due to inconsistency between CPU and GPU "
            "implementations"
        )
    if padding == "SAME" and max(rates) > 1:
        raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
    run = {"MAX": max_pool, "AVG": avg_pool}.get(pooling_type)
    if run is None:
        raise ValueError(f"{rank}-D {pooling_type} pooling is not supported.")
    return with_space_to_batch(
        input,
        rates,
        padding,
        lambda x, num_spatial_dims, padding: run(
            x, list(window_shape), steps, padding, data_format
        ),
        filter_shape=window_shape,
        data_format=data_format,
    )


def _per_axis(value: Any, rank: int, name: str) -> list[int]:
    if value is None:
        return [1] * rank
    if len(value) != rank:
        raise ValueError(f"len({name})={len(value)} but should be {rank}")
    if min(value) < 1:
        raise ValueError(f"all values of {name} must be positive")
    return [int(v) for v in value]


# ---------------------------------------------------------------------------------------- argmax


class MaxPoolWithArgmax(NamedTuple):
    """What ``tf.nn.max_pool_with_argmax`` returns."""

    output: Any
    argmax: Any


def _argmax_rule(
    x: Aval, *, ksize: Any, strides: Any, padding: str, with_batch: bool
) -> tuple[Aval, Aval]:
    y = _rule(2)(x, ksize=ksize, strides=strides, padding=padding)
    return y, aval(y.shape, int64)


@op("MaxPoolWithArgmax", types=_MAX_TYPES, rule=_argmax_rule)
def _max_pool_with_argmax(
    x: Any, *, ksize: Any, strides: Any, padding: str, with_batch: bool
) -> Any:
    places = jnp.arange(prod(x.shape[1:]), dtype=jnp.int64).reshape(1, *x.shape[1:])
    best, found = lax.stop_gradient(x), jnp.broadcast_to(places, x.shape)
    for w in _axes(x.shape, ksize, strides, padding):
        best, index = pooling.first_maximum(best, w)
        at = index.astype(jnp.int64)
        start = jnp.arange(w.count, dtype=jnp.int64) * w.stride - w.before
        at = at + start.reshape([-1 if axis == w.axis else 1 for axis in range(x.ndim)])
        at = jnp.clip(at, 0, w.size - 1)  # a window of -inf may have chosen the padding
        found = jnp.take_along_axis(found, at, axis=w.axis)
    flat = found.reshape(x.shape[0], -1)
    y = jnp.take_along_axis(x.reshape(x.shape[0], -1), flat, axis=1).reshape(found.shape)
    if with_batch:
        batch = jnp.arange(x.shape[0], dtype=jnp.int64) * prod(x.shape[1:])
        found = found + batch.reshape(-1, 1, 1, 1)
    return y, found


def max_pool_with_argmax(
    input,
    ksize,
    strides,
    padding,
    data_format="NHWC",
    output_dtype=int64,
    include_batch_in_index=False,
    name=None,
):
    """The maximum of each window of an image, and where it stands.

    Args:
      input: a tensor ``(batch, height, width, channels)`` of real numbers.
      ksize: the windows' size: an int, or a list of 1, 2 or 4 ints.
      strides: from one window to the next, like ``ksize``.
      padding: "SAME" or "VALID".
      data_format: "NHWC".
      output_dtype: ``tf.int64``.
      include_batch_in_index: whether the place counts from the first image of the batch.
      name: unused in eager code.

    Returns:
      ``(output, argmax)``: the maxima, and for each the place
      ``(row * width + column) * channels + channel`` of the first element that is it.

    Raises:
      ValueError: another ``data_format``.
      InvalidArgumentError: if the windows do not fit.
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    kind = tf.as_dtype(output_dtype)
    if kind is not int64:
        raise NotFoundError(
            None,
            None,
            "Could not find valid device for node.\nNode:{{node MaxPoolWithArgmax}}\nNo kernel of "
            f"op MaxPoolWithArgmax gives {kind.name} [Op:MaxPoolWithArgmax]",
        )
    result = _max_pool_with_argmax(
        input,
        ksize=windows.sizes(ksize, 2, "ksize"),
        strides=windows.sizes(strides, 2, "strides"),
        padding=windows.same_or_valid(padding, "MaxPoolWithArgmax"),
        with_batch=bool(include_batch_in_index),
    )
    return MaxPoolWithArgmax(*result)
