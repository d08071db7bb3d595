"""Depthwise convolution: every channel has filters of its own. And separable convolution."""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS
from reflow.core.errors import invalid
from reflow.core.lazy import jax, jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.core.static import static_shape
from reflow.nn import _windows as windows
from reflow.nn._convolution.bilinear import convolve, depthwise_by_taps
from reflow.nn._convolution.geometry import Geometry, geometry
from reflow.nn.convolutions import conv2d, one_format
from reflow.nn.interleaving import with_space_to_batch

__all__ = [
    "depthwise_conv2d",
    "depthwise_conv2d_backprop_filter",
    "depthwise_conv2d_backprop_input",
    "separable_conv2d",
]


def _geometry(
    x: Any, w: Any, strides: Any, padding: str, dilations: Any, channels_first: bool
) -> Geometry:
    return geometry(
        windows.spatial(x, channels_first),
        tuple(w[:2]),
        windows.spatial(strides, channels_first),
        windows.spatial(dilations, channels_first),
        padding,
        windows.outer(x, channels_first)[1],
    )


def _check_strides(strides: Any, dilations: Any, channels_first: bool) -> None:
    for what, values in (("strides", strides), ("dilations", dilations)):
        if windows.outer(values, channels_first) != (1, 1):
            raise invalid(
                f"Current implementation does not yet support {what} in the batch and depth "
                "dimensions."
            )
        if min(values) < 1:
            raise invalid(f"{what} should be larger than 0.")
    height, width = windows.spatial(strides, channels_first)
    if height != width:
        raise invalid(
            "Current implementation only supports equal length strides in the row and column "
            "dimensions."
        )


def _rule(
    x: Aval, w: Aval, *, strides: Any, padding: str, dilations: Any, channels_first: bool
) -> Aval:
    if len(strides) != 4:
        raise invalid("Sliding window strides field must specify 4 dimensions")
    if len(x.shape) != 4:
        raise invalid(f"input must be 4-dimensional{text(x.shape)}")
    if len(w.shape) != 4:
        raise invalid(f"filter must be 4-dimensional: {text(w.shape)}")
    batch, channels = windows.outer(x.shape, channels_first)
    if channels != w.shape[2]:
        raise invalid(f"input and filter must have the same depth: {channels} vs {w.shape[2]}")
    _check_strides(strides, dilations, channels_first)
    g = _geometry(x.shape, w.shape, strides, padding, dilations, channels_first)
    filters = w.shape[2] * w.shape[3]
    return aval(windows.shape_of(batch, g.output, filters, channels_first), x.dtype)


@op("DepthwiseConv2dNative", types=FLOATS, rule=_rule)
def _depthwise(
    x: Any, w: Any, *, strides: Any, padding: str, dilations: Any, channels_first: bool
) -> Any:
    g = _geometry(x.shape, w.shape, strides, padding, dilations, channels_first)
    if channels_first:
        x = windows.to_last(x)
    dtype = x.dtype
    if dtype in (jnp.float16, jnp.bfloat16):
        x, w = x.astype(jnp.float32), w.astype(jnp.float32)
    if jax.default_backend() == "cpu":
        y = depthwise_by_taps(x, w, g._replace(groups=1))
        y = y.reshape(*y.shape[:-2], w.shape[2] * w.shape[3])
    else:
        y = convolve(x, w.reshape(*w.shape[:2], 1, w.shape[2] * w.shape[3]), g)
    y = y.astype(dtype)
    return windows.to_first(y) if channels_first else y


def depthwise_conv2d(input, filter, strides, padding, data_format=None, dilations=None, name=None):
    """Convolution of each channel with its own filters.

    ``output[b, i, j, c * m + q] = sum over di, dj of
    input[b, stride * i + di, stride * j + dj, c] * filter[di, dj, c, q]``

    Args:
      input: a floating tensor ``(batch, height, width, channels)``, or
        ``(batch, channels, height, width)`` for ``data_format="NCHW"``.
      filter: a tensor ``(filter height, filter width, channels, m)`` of the same dtype.
      strides: four ints, one per axis of the input; those of height and width are equal.
      padding: "SAME" or "VALID".
      data_format: "NHWC" (the default) or "NCHW".
      dilations: two ints: the distances between the taps of a filter; ones by default.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, channels * m)``, or with the channels at axis 1.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      ValueError: if ``dilations`` are no two ints.
    """
    input, filter = convert_to_tensor(input), convert_to_tensor(filter)
    first = one_format(data_format, ("NHWC", "NCHW"), "DepthwiseConv2dNative") == "NCHW"

    def run(x: Any, rates: Any, padding: Any) -> Any:
        return _depthwise(
            x,
            filter,
            strides=_strides(strides),
            padding=windows.same_or_valid(padding, "DepthwiseConv2dNative"),
            dilations=(1, 1, *rates) if first else (1, *rates, 1),
            channels_first=first,
        )

    if dilations is None:
        return run(input, (1, 1), padding)
    if not isinstance(dilations, (list, tuple)):
        raise ValueError("rate must be rank 1")
    if len(dilations) != 2:
        raise ValueError(f"input tensor must have rank {len(dilations) + 1} at least")
    if max(_strides(strides)) == 1:
        return run(input, tuple(map(int, dilations)), padding)
    # TF takes strides within the interleaved images that dilation divides the input into.
    return with_space_to_batch(
        input,
        dilations,
        padding,
        lambda x, num_spatial_dims, padding: run(x, (1, 1), padding),
        filter_shape=filter.shape[:2].as_list(),
        data_format=data_format,
    )


def _strides(strides: Any, function: str = "depthwise_conv2d_native") -> tuple[int, ...]:
    if not isinstance(strides, (list, tuple)):
        raise TypeError(
            f"Expected list for 'strides' argument to '{function}' Op, not {strides!r}."
        )
    return tuple(map(int, strides))


def separable_conv2d(
    input,
    depthwise_filter,
    pointwise_filter,
    strides,
    padding,
    data_format=None,
    dilations=None,
    name=None,
):
    """A depthwise convolution, then a convolution with filters of size 1 x 1.

    Args:
      input: a floating tensor ``(batch, height, width, channels)``, or
        ``(batch, channels, height, width)`` for ``data_format="NCHW"``.
      depthwise_filter: a tensor ``(filter height, filter width, channels, m)``.
      pointwise_filter: a tensor ``(1, 1, channels * m, filters)``.
      strides: four ints, one per axis of the input, for the depthwise convolution.
      padding: "SAME" or "VALID".
      data_format: "NHWC" (the default) or "NCHW".
      dilations: two ints, for the depthwise convolution; ones by default.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, filters)``, or with the filters at axis 1.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
      ValueError: if the pointwise filter is not of size 1 x 1.
    """
    pointwise = convert_to_tensor(pointwise_filter)
    if len(pointwise.shape) != 4:
        raise ValueError(f"Shape {pointwise.shape} must have rank 4")
    for size in pointwise.shape.as_list()[:2]:
        if size != 1:
            raise ValueError(f"Dimensions {size} and 1 are not compatible")
    y = depthwise_conv2d(input, depthwise_filter, strides, padding, data_format, dilations)
    return conv2d(y, pointwise, [1, 1, 1, 1], "VALID", data_format)


# ------------------------------------------------------------------------------------- gradients


def _gradient_statics(
    strides: Any, padding: Any, data_format: Any, dilations: Any, function: str, op_name: str
) -> dict[str, Any]:
    first = one_format(data_format, ("NHWC", "NCHW"), op_name) == "NCHW"
    return {
        "strides": _strides(strides, function),
        "padding": windows.same_or_valid(padding, op_name),
        "dilations": tuple(map(int, dilations)),
        "channels_first": first,
    }


def _check_gradient(words: str, x: Any, w: Any, dy: Any, statics: dict[str, Any]) -> None:
    """Whether ``dy`` has the shape of a result of ``x`` and ``w``."""
    for what, shape in (("input", x), ("filter", w), ("out_backprop", dy)):
        if len(shape) != 4:
            raise invalid(f"{words}: {what} must be 4-dimensional")
    first = statics["channels_first"]
    _check_strides(statics["strides"], statics["dilations"], first)
    if windows.outer(x, first)[0] != windows.outer(dy, first)[0]:
        raise invalid(f"{words}: input and out_backprop must have the same batch size")
    if windows.outer(x, first)[1] != w[2]:
        raise invalid(f"{words}: input and filter must have the same in_depth")
    if w[2] * w[3] != windows.outer(dy, first)[1]:
        raise invalid(f"{words}: depth_multiplier * in_depth not equal to out_depth")
    g = _geometry(x, w, **statics)
    names = ("rows", "columns")
    for name, got, computed in zip(names, windows.spatial(dy, first), g.output, strict=True):
        if got != computed:
            raise invalid(
                f"{words}: Number of {name} of out_backprop doesn't match computed: "
                f"actual = {got}, computed = {computed}"
            )


def _input_rule(w: Aval, dy: Aval, *, shape: Any, **statics: Any) -> Aval:
    _check_gradient("DepthwiseConv2DBackpropInput", shape, w.shape, dy.shape, statics)
    return aval(shape, dy.dtype)


@op("DepthwiseConv2dNativeBackpropInput", types=FLOATS, rule=_input_rule)
def _input_gradient(w: Any, dy: Any, *, shape: Any, **statics: Any) -> Any:
    x = jnp.zeros(shape, dy.dtype)
    return jax.vjp(lambda x: _depthwise.fn(x, w, **statics), x)[1](dy)[0]


def depthwise_conv2d_backprop_input(
    input_sizes,
    filter,
    out_backprop,
    strides,
    padding,
    data_format="NHWC",
    dilations=[1, 1, 1, 1],  # noqa: B006 - TF's signature; it is not changed
    name=None,
):
    """The gradient of a depthwise convolution with respect to its input.

    Args:
      input_sizes: the shape of the input, four ints.
      filter: a floating tensor ``(filter height, filter width, channels, m)``.
      out_backprop: the gradient with respect to the output, of the output's shape.
      strides: four ints, one per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      dilations: four ints: the distances between the taps of a filter.
      name: unused in eager code.

    Returns:
      A tensor of shape ``input_sizes``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    statics = _gradient_statics(
        strides,
        padding,
        data_format,
        dilations,
        "depthwise_conv2d_native_backprop_input",
        "DepthwiseConv2dNativeBackpropInput",
    )
    shape = static_shape(input_sizes, "input_sizes")
    return _input_gradient(filter, out_backprop, shape=shape, **statics)


def _filter_rule(x: Aval, dy: Aval, *, shape: Any, **statics: Any) -> Aval:
    _check_gradient("DepthwiseConv2DBackpropFilter", x.shape, shape, dy.shape, statics)
    return aval(shape, dy.dtype)


@op("DepthwiseConv2dNativeBackpropFilter", types=FLOATS, rule=_filter_rule)
def _filter_gradient(x: Any, dy: Any, *, shape: Any, **statics: Any) -> Any:
    w = jnp.zeros(shape, dy.dtype)
    return jax.vjp(lambda w: _depthwise.fn(x, w, **statics), w)[1](dy)[0]


def depthwise_conv2d_backprop_filter(
    input,
    filter_sizes,
    out_backprop,
    strides,
    padding,
    data_format="NHWC",
    dilations=[1, 1, 1, 1],  # noqa: B006 - TF's signature; it is not changed
    name=None,
):
    """The gradient of a depthwise convolution with respect to its filters.

    Args:
      input: a floating tensor ``(batch, height, width, channels)``.
      filter_sizes: the shape of the filters, four ints.
      out_backprop: the gradient with respect to the output, of the output's shape.
      strides: four ints, one per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NHWC" or "NCHW".
      dilations: four ints: the distances between the taps of a filter.
      name: unused in eager code.

    Returns:
      A tensor of shape ``filter_sizes``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    statics = _gradient_statics(
        strides,
        padding,
        data_format,
        dilations,
        "depthwise_conv2d_native_backprop_filter",
        "DepthwiseConv2dNativeBackpropFilter",
    )
    shape = static_shape(filter_sizes, "filter_sizes")
    return _filter_gradient(input, out_backprop, shape=shape, **statics)
