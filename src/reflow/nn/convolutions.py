"""Convolution: ``tf.nn.conv2d`` and its kin in one and three dimensions.

What is called convolution is cross-correlation, as everywhere in deep learning: the kernel is not
turned around. ``"SAME"`` pads with zeros so that stride 1 keeps the size, the odd zero at the end;
``"VALID"`` does not pad.
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, int32
from reflow.core.errors import invalid
from reflow.core.logging import warn
from reflow.core.op import op
from reflow.core.rules import text
from reflow.nn import _windows as windows
from reflow.nn._convolution.bilinear import convolve
from reflow.nn._convolution.geometry import Geometry, geometry

__all__ = ["atrous_conv2d", "conv1d", "conv2d", "conv3d", "convolution"]


def _rule(op_words: str, rank: int) -> Any:
    """The shape rule of a convolution with ``rank`` spatial axes.

    Args:
      op_words: how TF's op words its complaints: "Conv2D" or "Conv3D".
      rank: the number of spatial axes.
    """
    plain = op_words == "Conv3D"  # whose messages leave out the shapes

    def rule(
        x: Aval,
        w: Aval,
        *,
        strides: Any,
        padding: Any,
        dilations: Any,
        channels_first: bool,
        exact: bool,
    ) -> Aval:
        if len(x.shape) != rank + 2:
            raise invalid(
                f"input must be {rank + 2}-dimensional" + ("" if plain else text(x.shape))
            )
        if len(w.shape) != rank + 2:
            got = "" if plain else f": {text(w.shape)}"
            raise invalid(f"filter must be {rank + 2}-dimensional{got}")
        batch, channels = windows.outer(x.shape, channels_first)
        depth, filters = w.shape[-2:]
        if depth == 0 or channels % depth:
            word = "Input" if plain else "input"
            raise invalid(
                f"{word} depth must be evenly divisible by filter depth: {channels} vs {depth}"
            )
        if channels and filters % (channels // depth):
            raise invalid(
                f"output depth must be evenly divisible by number of groups: {filters} vs "
                f"{channels // depth}"
            )
        if windows.outer(strides, channels_first) != (1, 1):
            raise invalid(
                "Current implementation does not yet support strides in the batch and depth "
                "dimensions."
            )
        if min(windows.spatial(strides, channels_first)) < 1:
            axes = "Spatial" if plain else "Row and column"
            raise invalid(f"{axes} strides should be larger than 0.")
        if windows.outer(dilations, channels_first) != (1, 1):
            raise invalid(
                "Current implementation does not yet support dilations in the batch and depth "
                "dimensions."
            )
        if min(windows.spatial(dilations, channels_first)) < 1:
            raise invalid("Dilated rates should be larger than 0.")
        if not isinstance(padding, str):
            if any(windows.outer(padding, channels_first)[i] != (0, 0) for i in (0, 1)):
                raise invalid(
                    "Nonzero explicit padding in the batch or depth dimensions is not supported"
                )
            if any(zeros < 0 for pair in padding for zeros in pair):
                raise invalid("All elements of explicit_paddings must be nonnegative")
        g = of_shapes(x.shape, w.shape, strides, padding, dilations, channels_first, exact)
        shape = windows.shape_of(batch, g.output, w.shape[-1], channels_first)
        return aval(shape, x.dtype)

    return rule


def of_shapes(
    x: Any, w: Any, strides: Any, padding: Any, dilations: Any, channels_first: bool, exact: bool
) -> Geometry:
    """The geometry of a convolution of these shapes."""
    _, channels = windows.outer(x, channels_first)
    return geometry(
        windows.spatial(x, channels_first),
        tuple(w[:-2]),
        windows.spatial(strides, channels_first),
        windows.spatial(dilations, channels_first),
        padding if isinstance(padding, str) else windows.spatial(padding, channels_first),
        max(channels // max(w[-2], 1), 1),
        exact,
    )


def _convolution(
    x: Any,
    w: Any,
    *,
    strides: Any,
    padding: Any,
    dilations: Any,
    channels_first: bool,
    exact: bool,
) -> Any:
    """A convolution in as many dimensions as the shapes have."""
    g = of_shapes(x.shape, w.shape, strides, padding, dilations, channels_first, exact)
    if not channels_first:
        return convolve(x, w, g)
    return windows.to_first(convolve(windows.to_last(x), w, g))


_conv2d = op("Conv2D", types=FLOATS | {int32}, rule=_rule("Conv2D", 2))(_convolution)
_conv3d = op("Conv3D", types=FLOATS, rule=_rule("Conv3D", 3))(_convolution)


def conv2d(input, filters, strides, padding, data_format="NHWC", dilations=None, name=None):
    """Convolution of images.

    ``output[b, i, j, f] = sum over di, dj, c of
    input[b, strides[1] * i + di, strides[2] * j + dj, c] * filters[di, dj, c, f]``

    Args:
      input: a tensor ``(batch, height, width, channels)`` of a floating dtype or int32, or
        ``(batch, channels, height, width)`` for ``data_format="NCHW"``.
      filters: a tensor ``(filter height, filter width, channels, filters)`` of the same dtype.
        With fewer channels, a divisor of the input's, it is applied to groups of channels.
      strides: an int, or ints per spatial axis or per axis of the input.
      padding: "SAME", "VALID", or a pair of ints for each axis: how many zeros before and after.
      data_format: "NHWC" or "NCHW".
      dilations: like ``strides``: the distance between the taps of a filter; 1 by default.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, filters)``, or with the filters at axis 1 for "NCHW".

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      ValueError: if ``strides``, ``dilations`` or ``padding`` have another length.
    """
    format = one_format(data_format, ("NHWC", "NCHW"), "Conv2D")
    first = format == "NCHW"
    return _conv2d(
        input,
        filters,
        strides=windows.sizes(strides, 2, "strides", first),
        padding=_padding(padding),
        dilations=windows.sizes(dilations, 2, "dilations", first),
        channels_first=first,
        exact=windows.exact(),
    )


def one_format(data_format: Any, allowed: tuple[str, ...], op_name: str) -> str:
    """A data format; None stands for the first one."""
    if data_format is None:
        return allowed[0]
    return windows.one_of(data_format, allowed, "data_format", op_name)


def _padding(padding: Any) -> Any:
    """The argument of ``conv2d`` as a string or a tuple of pairs."""
    if not isinstance(padding, (list, tuple)):
        if padding == "EXPLICIT":
            raise ValueError(
                '"EXPLICIT" is not a valid value for the padding parameter. To use explicit '
                "padding, the padding parameter must be a list."
            )
        return windows.one_of(padding, ("SAME", "VALID", "EXPLICIT"), "padding", "Conv2D")
    for index, pair in enumerate(padding):
        problem = ""
        if not isinstance(pair, (list, tuple)):
            problem = f"Element with index {index} of padding is not a list/tuple"
        elif len(pair) != 2:
            problem = f"Element with index {index} of padding has size {len(pair)}"
        if problem:
            raise ValueError(
                "When padding is a list, each element of padding must be a list/tuple of size 2. "
                + problem
            )
    if len(padding) != 4:
        raise ValueError(
            f"When padding is a list, it must be of size 4. Got padding of size: {len(padding)}"
        )
    return tuple([(int(before), int(after)) for before, after in padding])


def conv1d(input, filters, stride, padding, data_format="NWC", dilations=None, name=None):
    """Convolution of sequences: ``conv2d`` on images of height 1.

    Args:
      input: a tensor ``(batch, width, channels)``, or ``(batch, channels, width)`` for "NCW".
      filters: a tensor ``(filter width, channels, filters)`` of the same dtype.
      stride: an int, or a list of 1 or 3 ints.
      padding: "SAME" or "VALID".
      data_format: "NWC" or "NCW".
      dilations: like ``stride``: the distance between the taps of a filter; 1 by default.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, width, filters)``, or with the filters at axis 1 for "NCW".

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      ValueError: another ``data_format``.
    """
    first = _sequence_format(data_format)
    strides = windows.sizes(stride, 1, "stride", first)
    dilations = windows.sizes(dilations, 1, "dilations", first)
    if not isinstance(padding, str):
        windows.same_or_valid(padding, "Conv2D")
    axis = 2 if first else 1
    y = conv2d(
        tf.expand_dims(input, axis),
        tf.expand_dims(filters, 0),
        _with_height(strides, axis),
        padding,
        "NCHW" if first else "NHWC",
        _with_height(dilations, axis),
    )
    return tf.squeeze(y, [axis])


def _with_height(sizes: tuple[int, ...], axis: int) -> list[int]:
    return [*sizes[:axis], 1, *sizes[axis:]]


def _sequence_format(data_format: Any) -> bool:
    """Whether the channels of a sequence come first."""
    if data_format in ("NHWC", "NCHW"):
        better = data_format.replace("H", "")
        warn(f"`{data_format}` for data_format is deprecated, use `{better}` instead")
    elif data_format not in (None, "NWC", "NCW"):
        raise ValueError('data_format must be "NWC" or "NCW".')
    return data_format in ("NCW", "NCHW")


def conv3d(input, filters, strides, padding, data_format="NDHWC", dilations=None, name=None):
    """Convolution of volumes.

    Args:
      input: a floating tensor ``(batch, depth, height, width, channels)``, or with the channels at
        axis 1 for ``data_format="NCDHW"``.
      filters: a tensor ``(filter depth, height, width, channels, filters)`` of the same dtype. With
        fewer channels, a divisor of the input's, it is applied to groups of channels.
      strides: five ints, one per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      dilations: five ints: the distances between the taps of a filter; ones by default.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, depth, height, width, filters)``, or with the filters at axis 1.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      TypeError: if ``strides`` or ``dilations`` are no lists.
    """
    strides = windows.full_sizes(strides, 5, "strides", "conv3d Conv3D")
    ones = [1] * 5 if dilations is None else dilations
    dilations = windows.full_sizes(ones, 5, "dilations", "conv3d Conv3D")
    format = one_format(data_format, ("NDHWC", "NCDHW"), "Conv3D")
    return _conv3d(
        input,
        filters,
        strides=strides,
        padding=windows.same_or_valid(padding, "Conv3D"),
        dilations=dilations,
        channels_first=format == "NCDHW",
        exact=windows.exact(),
    )


def convolution(
    input, filters, strides=None, padding="VALID", data_format=None, dilations=None, name=None
):
    """Convolution in one, two or three dimensions, by the rank of ``input``.

    Args:
      input: a tensor ``(batch, *spatial, channels)``, or ``(batch, channels, *spatial)`` if
        ``data_format`` starts with "NC".
      filters: a tensor ``(*filter sizes, channels, filters)`` of the same dtype.
      strides: an int, or ints per spatial axis; 1 by default.
      padding: "SAME" or "VALID".
      data_format: "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"; None for channels last.
      dilations: the distances between the taps of a filter, like ``strides``.
      name: unused in eager code.

    Returns:
      A tensor like ``input``, with as many channels as there are filters.

    Raises:
      ValueError: if the rank is none of 3, 4, 5, or both strides and dilations are greater than 1.
      InvalidArgumentError: if the shapes do not fit.
    """
    input = convert_to_tensor(input)
    rank = len(input.shape) - 2
    if rank not in (1, 2, 3):
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank + 2}.")
    first = isinstance(data_format, str) and data_format.startswith("NC")
    strides = windows.sizes(strides, rank, "strides", first)
    dilations = windows.sizes(dilations, rank, "dilations", first)
    if max(strides) > 1 and max(dilations) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    formats = ("NWC", "NHWC", "NDHWC")
    run = (conv1d, conv2d, conv3d)[rank - 1]
    return run(
        input, filters, list(strides), padding, data_format or formats[rank - 1], list(dilations)
    )


def atrous_conv2d(value, filters, rate, padding, name=None):
    """Convolution of images with holes (French: à trous) between the taps of the filters.

    Args:
      value: a floating tensor ``(batch, height, width, channels)``.
      filters: a tensor ``(filter height, filter width, channels, filters)`` of the same dtype.
      rate: an int, or two: the distance between the taps of a filter.
      padding: "SAME" or "VALID".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, filters)``.

    Raises:
      ValueError: if the channels differ, ``rate`` is not positive, or for another ``padding``.
    """
    value, filters = convert_to_tensor(value), convert_to_tensor(filters)
    rank = len(value.shape) - 2
    rates = windows.sizes(rate, rank, "dilations")
    if len(filters.shape) == len(value.shape) and value.shape[-1] != filters.shape[-2]:
        raise ValueError(
            "number of input channels does not match corresponding dimension of filter, "
            f"{value.shape[-1]} != {filters.shape[-2]}"
        )
    if min(rates) < 1:
        raise ValueError("all values of dilation_rate must be positive")
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"Invalid padding method {padding!r}")
    return convolution(value, filters, padding=padding, dilations=list(rates))
