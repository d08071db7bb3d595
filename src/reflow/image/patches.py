"""Patches of images, with their pixels side by side in the channels."""

from __future__ import annotations

from typing import Any

from reflow.core.aval import Aval, aval
from reflow.core.dtypes import FLOATS, int8, int16, int32, int64, uint8, uint16, uint32, uint64
from reflow.core.errors import OutOfRangeError, invalid
from reflow.core.op import op
from reflow.core.rules import text
from reflow.nn import _windows as windows
from reflow.nn._convolution.columns import columns
from reflow.nn._convolution.geometry import Geometry, geometry

__all__ = ["extract_patches"]

_TYPES = FLOATS | {int8, int16, int32, int64, uint8, uint16, uint32, uint64}


def _geometry(shape: Any, ksizes: Any, strides: Any, rates: Any, padding: str) -> Geometry:
    return geometry(tuple(shape[1:-1]), ksizes[1:-1], strides[1:-1], rates[1:-1], padding)


def _rule(x: Aval, *, ksizes: Any, strides: Any, rates: Any, padding: str) -> Aval:
    rank = len(ksizes)
    for name, values in (("ksizes", ksizes), ("strides", strides), ("rates", rates)):
        if values[0] != 1 or values[-1] != 1:
            raise windows.unimplemented(f"Only support {name} across space.")
        if min(values) < 1:
            raise OutOfRangeError(None, None, f"{name} is out of range.")
    if len(x.shape) != rank:
        raise invalid(f"input must be {rank}-dimensional{text(x.shape)}")
    g = _geometry(x.shape, ksizes, strides, rates, padding)
    depth = x.shape[-1]
    for size in g.kernel:
        depth *= size
    return aval((x.shape[0], *g.output, depth), x.dtype)


def _patches(x: Any, *, ksizes: Any, strides: Any, rates: Any, padding: str) -> Any:
    return columns(x, _geometry(x.shape, ksizes, strides, rates, padding))


_image_patches = op("ExtractImagePatches", types=_TYPES, rule=_rule, reads=())(_patches)
volume_patches = op("ExtractVolumePatches", types=_TYPES, rule=_rule, reads=())(_patches)


def extract_patches(images, sizes, strides, rates, padding, name=None):
    """Cuts images into patches and lays each patch's pixels side by side.

    Args:
      images: a tensor ``(batch, height, width, channels)`` of real numbers.
      sizes: the patches' size, ``[1, rows, columns, 1]``.
      strides: from one patch to the next, ``[1, rows, columns, 1]``.
      rates: the distances between a patch's pixels in the image, ``[1, rows, columns, 1]``.
      padding: "SAME" (with zeros) or "VALID".
      name: unused in eager code.

    Returns:
      A tensor ``(batch, patches down, patches across, rows * columns * channels)``.

    Raises:
      TypeError: if sizes are no lists.
      InvalidArgumentError: if the shapes do not fit.
    """
    names = "extract_image_patches ExtractImagePatches"
    return _image_patches(
        images,
        ksizes=windows.full_sizes(sizes, 4, "ksizes", names),
        strides=windows.full_sizes(strides, 4, "strides", names),
        rates=windows.full_sizes(rates, 4, "rates", names),
        padding=windows.same_or_valid(padding, "ExtractImagePatches"),
    )
