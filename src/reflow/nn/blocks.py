"""Moving blocks of pixels to the channels and back."""

from __future__ import annotations

from typing import Any

from reflow._arrays.moving import moves
from reflow.core.aval import Aval, aval
from reflow.core.errors import invalid
from reflow.core.static import static_int
from reflow.nn import _windows as windows
from reflow.nn.convolutions import one_format

__all__ = ["depth_to_space", "space_to_depth"]

FORMATS = ("NHWC", "NCHW", "NCHW_VECT_C")


def _arguments(block_size: Any, data_format: Any, op_name: str) -> dict[str, Any]:
    block = (
        int(block_size) if isinstance(block_size, float) else static_int(block_size, "block_size")
    )
    if block < 2:
        raise invalid(
            f"Value for attr 'block_size' of {block} must be at least minimum 2 [Op:{op_name}]"
        )
    format = one_format(data_format, FORMATS, op_name)
    if format == "NCHW_VECT_C":
        raise windows.unimplemented(
            f"{op_name}: the format NCHW_VECT_C (int8 on some GPUs) is not supported; use NHWC or "
            f"NCHW [Op:{op_name}]"
        )
    return {"block": block, "channels_first": format == "NCHW"}


def _to_depth_rule(x: Aval, *, block: int, channels_first: bool) -> Aval:
    if len(x.shape) != 4:
        raise invalid(f"Input rank should be 4 instead of {len(x.shape)}")
    height, width = windows.spatial(x.shape, channels_first)
    batch, channels = windows.outer(x.shape, channels_first)
    if height % block or width % block:
        raise invalid(
            f"Image width {width} and height {height} should be divisible by block_size: {block}"
        )
    places = (height // block, width // block)
    return aval(windows.shape_of(batch, places, channels * block * block, channels_first), x.dtype)


def _to_depth(x: Any, *, block: int, channels_first: bool) -> Any:
    if channels_first:
        return windows.to_first(_to_depth(windows.to_last(x), block=block, channels_first=False))
    n, height, width, channels = x.shape
    x = x.reshape(n, height // block, block, width // block, block, channels)
    x = x.transpose(0, 1, 3, 2, 4, 5)
    return x.reshape(n, height // block, width // block, block * block * channels)


@moves("SpaceToDepth", numpy=_to_depth, rule=_to_depth_rule, reads=())
def _space_to_depth(x: Any, *, block: int, channels_first: bool) -> Any:
    return _to_depth(x, block=block, channels_first=channels_first)


def space_to_depth(input, block_size, data_format="NHWC", name=None):
    """Moves each block of ``block_size`` x ``block_size`` pixels to the channels of one pixel.

    Args:
      input: a tensor ``(batch, height, width, channels)``, or ``(batch, channels, height, width)``
        for "NCHW"; height and width are multiples of ``block_size``.
      block_size: an int, 2 or more.
      data_format: "NHWC" or "NCHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height / b, width / b, b * b * channels)``, or with the channels at axis 1.

    Raises:
      InvalidArgumentError: if the shape does not fit.
    """
    return _space_to_depth(input, **_arguments(block_size, data_format, "SpaceToDepth"))


def _to_space_rule(x: Aval, *, block: int, channels_first: bool) -> Aval:
    if len(x.shape) != 4:
        raise invalid(f"Input rank should be: 4 instead of: {len(x.shape)}")
    height, width = windows.spatial(x.shape, channels_first)
    batch, channels = windows.outer(x.shape, channels_first)
    if channels % (block * block):
        raise invalid(f"Input depth dimension {channels} should be divisible by: {block * block}")
    places = (height * block, width * block)
    return aval(
        windows.shape_of(batch, places, channels // (block * block), channels_first), x.dtype
    )


def _to_space(x: Any, *, block: int, channels_first: bool) -> Any:
    if channels_first:
        return windows.to_first(_to_space(windows.to_last(x), block=block, channels_first=False))
    n, height, width, channels = x.shape
    rest = channels // (block * block)
    x = x.reshape(n, height, width, block, block, rest).transpose(0, 1, 3, 2, 4, 5)
    return x.reshape(n, height * block, width * block, rest)


@moves("DepthToSpace", numpy=_to_space, rule=_to_space_rule, reads=())
def _depth_to_space(x: Any, *, block: int, channels_first: bool) -> Any:
    return _to_space(x, block=block, channels_first=channels_first)


def depth_to_space(input, block_size, data_format="NHWC", name=None):
    """The inverse of ``space_to_depth``: makes a block of pixels of each pixel's channels.

    Args:
      input: a tensor ``(batch, height, width, b * b * channels)``, or with the channels at axis 1
        for "NCHW".
      block_size: b, an int, 2 or more.
      data_format: "NHWC" or "NCHW".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height * b, width * b, channels)``, or with the channels at axis 1.

    Raises:
      InvalidArgumentError: if the shape does not fit.
    """
    return _depth_to_space(input, **_arguments(block_size, data_format, "DepthToSpace"))
