"""Transposed convolution: the adjoint of convolution, which leads back from outputs to inputs.

It gives the input's gradient of a convolution whose input has the shape ``output_shape``; the
filters are that convolution's, so their channels are this op's output.
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, int32
from reflow.core.errors import InvalidArgumentError, invalid
from reflow.core.op import op
from reflow.core.record import dtype_of
from reflow.core.static import static_shape
from reflow.nn import _windows as windows
from reflow.nn._convolution.bilinear import input_gradient
from reflow.nn.convolutions import _sequence_format, _with_height, of_shapes, one_format

__all__ = [
    "atrous_conv2d_transpose",
    "conv1d_transpose",
    "conv2d_transpose",
    "conv3d_transpose",
    "conv_transpose",
]


def _rule(words: str, rank: int) -> Any:
    """The shape rule, with TF's op's name in its messages."""

    def rule(
        w: Aval,
        y: Aval,
        *,
        output_shape: Any,
        strides: Any,
        padding: Any,
        dilations: Any,
        channels_first: bool,
        exact: bool,
    ) -> Aval:
        for what, shape in (
            ("input", output_shape),
            ("filter", w.shape),
            ("out_backprop", y.shape),
        ):
            if len(shape) != rank + 2:
                raise invalid(f"{words}: {what} must be {rank + 2}-dimensional")
        batch, channels = windows.outer(output_shape, channels_first)
        batch_y, filters = windows.outer(y.shape, channels_first)
        if batch != batch_y:
            raise invalid(
                f"{words}: input and out_backprop must have the same batch size"
                f"input batch: {batch}outbackprop batch: {batch_y} batch_dim: 0"
            )
        if w.shape[-2] == 0 or channels % w.shape[-2]:
            raise invalid(f"{words}: input depth must be evenly divisible by filter depth")
        if w.shape[-1] != filters:
            raise invalid(f"{words}: filter and out_backprop must have the same out_depth")
        for what, values in (("strides", strides), ("dilations", dilations)):
            if windows.outer(values, channels_first) != (1, 1):
                raise invalid(
                    f"Current implementation does not yet support {what} in the batch and depth "
                    "dimensions."
                )
            if min(windows.spatial(values, channels_first)) < 1:
                raise invalid(f"{what} should be larger than 0.")
        g = of_shapes(output_shape, w.shape, strides, padding, dilations, channels_first, exact)
        places = windows.spatial(y.shape, channels_first)
        for axis, (got, computed) in enumerate(zip(places, g.output, strict=True)):
            if got != computed:
                raise invalid(
                    f"{words}: Size of out_backprop doesn't match computed: actual = {got}, "
                    f"computed = {computed} spatial_dim: {axis + 1 + channels_first} input: "
                    f"{g.input[axis]} filter: {g.kernel[axis]} output: {got} stride: "
                    f"{g.strides[axis]} dilation: {g.dilations[axis]}"
                )
        return aval(tuple(output_shape), y.dtype)

    return rule


def _transposed(
    w: Any,
    y: Any,
    *,
    output_shape: Any,
    strides: Any,
    padding: Any,
    dilations: Any,
    channels_first: bool,
    exact: bool,
) -> Any:
    g = of_shapes(output_shape, w.shape, strides, padding, dilations, channels_first, exact)
    if not channels_first:
        return input_gradient(y, w, g)
    return windows.to_first(input_gradient(windows.to_last(y), w, g))


_conv2d_transpose = op(
    "Conv2DBackpropInput", types=FLOATS | {int32}, rule=_rule("Conv2DCustomBackpropInput", 2)
)(_transposed)
_conv3d_transpose = op(
    "Conv3DBackpropInputV2", types=FLOATS, rule=_rule("Conv3DBackpropInputOp", 3)
)(_transposed)


def _output_shape(value: Any, op_name: str) -> tuple[int, ...]:
    """The shape to lead back to, which TF takes as an int32 tensor."""
    if value is None:
        raise ValueError(
            "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a "
            "Tensor."
        )
    dtype = dtype_of(value)
    if dtype is not None and dtype is not int32:
        raise InvalidArgumentError(
            None,
            None,
            f"cannot compute {op_name} as input #0(zero-based) was expected to be a int32 tensor "
            f"but is a {dtype.label} tensor [Op:{op_name}]",
        )
    return static_shape(value, "output_shape")


def conv2d_transpose(
    input,
    filters,
    output_shape,
    strides,
    padding="SAME",
    data_format="NHWC",
    dilations=None,
    name=None,
):
    """Transposed convolution of images, sometimes called deconvolution.

    Args:
      input: a tensor ``(batch, height, width, channels)`` of a floating dtype or int32, or
        ``(batch, channels, height, width)`` for ``data_format="NCHW"``.
      filters: a tensor ``(filter height, filter width, output channels, channels)`` of the same
        dtype.
      output_shape: the output's shape, four ints. A convolution of an input of this shape must
        give ``input``'s.
      strides: an int, or ints per spatial axis or per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      dilations: like ``strides``: the distance between the taps of a filter; 1 by default.
      name: unused in eager code.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    name = "Conv2DBackpropInput"
    first = one_format(data_format, ("NHWC", "NCHW"), name) == "NCHW"
    return _conv2d_transpose(
        filters,
        input,
        output_shape=_output_shape(output_shape, name),
        strides=windows.sizes(strides, 2, "strides", first),
        padding=windows.one_of(padding, ("SAME", "VALID"), "padding", name),
        dilations=windows.sizes(dilations, 2, "dilations", first),
        channels_first=first,
        exact=windows.exact(),
    )


def conv1d_transpose(
    input,
    filters,
    output_shape,
    strides,
    padding="SAME",
    data_format="NWC",
    dilations=None,
    name=None,
):
    """Transposed convolution of sequences.

    Args:
      input: a tensor ``(batch, width, channels)``, or ``(batch, channels, width)`` for "NCW".
      filters: a tensor ``(filter width, output channels, channels)`` of the same dtype.
      output_shape: the output's shape, three ints.
      strides: an int, or a list of 1 or 3 ints.
      padding: "SAME" or "VALID".
      data_format: "NWC" or "NCW".
      dilations: like ``strides``: the distance between the taps of a filter; 1 by default.
      name: unused in eager code.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      ValueError: another ``data_format``.
    """
    first = _sequence_format(data_format)
    axis = 2 if first else 1
    shape = _output_shape(output_shape, "Conv2DBackpropInput")
    y = conv2d_transpose(
        tf.expand_dims(input, axis),
        tf.expand_dims(filters, 0),
        _with_height(shape, axis),
        _with_height(windows.sizes(strides, 1, "strides", first), axis),
        padding,
        "NCHW" if first else "NHWC",
        _with_height(windows.sizes(dilations, 1, "dilations", first), axis),
    )
    return tf.squeeze(y, [axis])


def conv3d_transpose(
    input,
    filters,
    output_shape,
    strides,
    padding="SAME",
    data_format="NDHWC",
    dilations=None,
    name=None,
):
    """Transposed convolution of volumes.

    Args:
      input: a floating tensor ``(batch, depth, height, width, channels)``, or with the channels at
        axis 1 for ``data_format="NCDHW"``.
      filters: a tensor ``(filter depth, height, width, output channels, channels)``.
      output_shape: the output's shape, five ints.
      strides: an int, or ints per spatial axis or per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NDHWC" or "NCDHW".
      dilations: like ``strides``: the distance between the taps of a filter; 1 by default.
      name: unused in eager code.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    name = "Conv3DBackpropInputV2"
    first = one_format(data_format, ("NDHWC", "NCDHW"), name) == "NCDHW"
    return _conv3d_transpose(
        filters,
        input,
        output_shape=_output_shape(output_shape, name),
        strides=windows.sizes(strides, 3, "strides", first),
        padding=windows.one_of(padding, ("SAME", "VALID"), "padding", name),
        dilations=windows.sizes(dilations, 3, "dilations", first),
        channels_first=first,
        exact=windows.exact(),
    )


def conv_transpose(
    input,
    filters,
    output_shape,
    strides,
    padding="SAME",
    data_format=None,
    dilations=None,
    name=None,
):
    """Transposed convolution in one, two or three dimensions, by the length of ``output_shape``.

    Args:
      input: a tensor ``(batch, *spatial, channels)``, or ``(batch, channels, *spatial)`` if
        ``data_format`` starts with "NC".
      filters: a tensor ``(*filter sizes, output channels, channels)`` of the same dtype.
      output_shape: the output's shape, 3 to 5 ints.
      strides: an int, or ints per spatial axis.
      padding: "SAME" or "VALID".
      data_format: see ``tf.nn.convolution``.
      dilations: the distances between the taps of a filter, like ``strides``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      ValueError: if ``output_shape`` has another length or is no collection.
      InvalidArgumentError: if the shapes do not fit.
    """
    if not hasattr(output_shape, "__len__") and dtype_of(output_shape) is None:
        raise ValueError("output_shape must be a tensor or sized collection.")
    shape = _output_shape(output_shape, "Conv2DBackpropInput")
    rank = len(shape) - 2
    if rank not in (1, 2, 3):
        raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {rank + 2}.")
    run = (conv1d_transpose, conv2d_transpose, conv3d_transpose)[rank - 1]
    formats = ("NWC", "NHWC", "NDHWC")
    return run(input, filters, shape, strides, padding, data_format or formats[rank - 1], dilations)


def atrous_conv2d_transpose(value, filters, output_shape, rate, padding, name=None):
    """The adjoint of ``tf.nn.atrous_conv2d``.

    Args:
      value: a floating tensor ``(batch, height, width, channels)``.
      filters: a tensor ``(filter height, filter width, output channels, channels)``.
      output_shape: the output's shape, four ints.
      rate: an int: the distance between the taps of a filter.
      padding: "SAME" or "VALID".
      name: unused in eager code.

    Returns:
      A tensor of shape ``output_shape``.

    Raises:
      ValueError: if channels do not fit, ``rate`` is less than 1, or for another ``padding``.
      InvalidArgumentError: if the shapes do not fit.
    """
    value, filters = convert_to_tensor(value), convert_to_tensor(filters)
    if value.shape[3] != filters.shape[3]:
        raise ValueError(
            "value's input channels does not match filters' input channels, "
            f"{value.shape[3]} != {filters.shape[3]}"
        )
    if rate < 1:
        raise ValueError(f"rate {rate} cannot be less than one")
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"padding must be either VALID or SAME: {padding}")
    shape = _output_shape(output_shape, "Conv2DBackpropInput")
    if len(shape) == 4 and shape[3] != filters.shape[2]:
        raise ValueError(
            f"output_shape does not match filter's output channels, {shape[3]} != "
            f"{filters.shape[2]}"
        )
    return conv2d_transpose(value, filters, shape, 1, padding, dilations=rate)
