"""``tf.image.resize`` and ``resize_with_pad``."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.described import sized_by
from reflow.core.dtypes import (
    FLOATS,
    float32,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Primitive, op
from reflow.core.static import static_array
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.image import _interpolation as interpolation
from reflow.image._arguments import on_host, one_of_batch, one_or_batch

__all__ = ["ResizeMethod", "resize", "resize_with_pad"]

_TYPES = FLOATS | {int8, int16, int32, int64, uint8, uint16}


class ResizeMethod:
    """The names of the methods of ``tf.image.resize``."""

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


def _check(x: Aval, height: int, width: int) -> None:
    if height <= 0 or width <= 0:
        raise invalid("output dimensions must be positive")
    if x.shape[1] <= 0 or x.shape[2] <= 0:
        raise invalid("input image must be of non-zero size")


def _same_type(x: Aval, *, height: int, width: int) -> Aval:
    _check(x, height, width)
    return aval((x.shape[0], height, width, x.shape[3]), x.dtype)


def _to_float(x: Aval, *, height: int, width: int, **_: Any) -> Aval:
    _check(x, height, width)
    return aval((x.shape[0], height, width, x.shape[3]), float32)


@op("ResizeNearestNeighbor", types=_TYPES, rule=_same_type, reads=())
def _nearest(x: Any, *, height: int, width: int) -> Any:
    return interpolation.resized_nearest(jnp, x, height, width)


@op("ResizeBilinear", types=_TYPES, rule=_to_float, reads=())
def _bilinear(x: Any, *, height: int, width: int) -> Any:
    return interpolation.resized_linear(jnp, x, height, width)


def _weighted(x: Any, *, height: int, width: int, kind: str, antialias: bool) -> Any:
    return interpolation.resized_weighted(jnp, x, kind, height, width, antialias)


def _weighing_op(name: str) -> Primitive:
    return Primitive(
        _weighted, name, types=_TYPES, rule=_to_float, reads=(), identity=f"{__name__}.{name}"
    )


_area = _weighing_op("ResizeArea")
_bicubic = _weighing_op("ResizeBicubic")
_kernel = _weighing_op("ScaleAndTranslate")

# With antialiasing these methods are kernels that widen where the image shrinks.
_SMOOTH = {"bilinear": "triangle", "bicubic": "keyscubic"}


@sized_by("size")
def resize(
    images: Any,
    size: Any,
    method: str = ResizeMethod.BILINEAR,
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
    name: str | None = None,
) -> Tensor:
    """Changes the height and the width of images.

    Pixel centres are at half-integers: output pixel i lies at ``(i + 1/2) * size / new_size``.

    Args:
      images: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``, of a real type.
      size: the new height and width, two ints.
      method: a name in :class:`ResizeMethod`.
      preserve_aspect_ratio: keep the ratio of the sides; the result then fits into ``size``.
      antialias: smooth where the image shrinks; "nearest" and "area" take no notice.
      name: unused in eager code.

    Returns:
      A float32 tensor; one of the images' own type for "nearest".

    Raises:
      ValueError: if the rank, ``size`` or ``method`` is wrong.
      InvalidArgumentError: if a size is not positive, or the images have no pixels.
    """
    batch, single = one_or_batch(images, "images")
    height, width = _new_size(size)
    if preserve_aspect_ratio:
        height, width = _fitting(batch._aval.shape[1:3], height, width)
    resized = _resized(batch, height, width, method, antialias)
    return one_of_batch(resized, single)


def _new_size(size: Any) -> tuple[int, int]:
    tensor = convert_to_tensor(size)
    if tensor.shape.rank != 1 or tensor._aval.shape != (2,):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    if tensor.dtype is not int32:
        raise ValueError("'size' must be a 1-D int32 Tensor")
    height, width = static_array(tensor, "size").tolist()
    return height, width


def _fitting(shape: tuple[int, ...], height: int, width: int) -> tuple[int, int]:
    """The largest size with the ratio of ``shape`` that fits, computed in float32 as TF does."""
    rows, columns = (np.float32(n) for n in shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.minimum(np.float32(height) / rows, np.float32(width) / columns)
        return int(np.rint(scale * rows)), int(np.rint(scale * columns))


def _resized(batch: Tensor, height: int, width: int, method: str, antialias: bool) -> Tensor:
    if method == "nearest":
        return _run(_nearest, interpolation.resized_nearest, batch, height=height, width=width)
    if method == "bilinear" and not antialias:
        return _run(_bilinear, interpolation.resized_linear, batch, height=height, width=width)
    if method not in _METHODS:
        raise ValueError("Resize method is not implemented.")
    kind = _SMOOTH.get(method, method) if antialias else method
    primitive = {"area": _area, "bicubic": _bicubic}.get(kind, _kernel)
    options = {
        "height": height,
        "width": width,
        "kind": kind,
        "antialias": builtins.bool(antialias),
    }
    return _run(primitive, interpolation.resized_weighted, batch, **options)


_METHODS = frozenset(value for name, value in vars(ResizeMethod).items() if name.isupper())


def _run(primitive: Primitive, formula: Any, batch: Tensor, **options: Any) -> Tensor:
    """Runs the op: at once with NumPy if the host has the images, else recorded."""
    values = on_host(batch)
    if values is None:
        return primitive(batch, **options)  # type: ignore[no-any-return]
    primitive.bind(**options).infer((batch._aval,))  # raises what the op raises
    return tensor_from_numpy(formula(np, values[0], **options))


def resize_with_pad(
    image: Any,
    target_height: int,
    target_width: int,
    method: str = ResizeMethod.BILINEAR,
    antialias: bool = False,
) -> Tensor:
    """Resizes images so that they fit, keeping the ratio of the sides, and pads with zeros evenly.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      target_height, target_width: the size of the result.
      method: a name in :class:`ResizeMethod`.
      antialias: smooth where the image shrinks.

    Returns:
      A tensor as ``resize`` returns it.

    Raises:
      ValueError: if the rank is wrong or a target size is not positive.
    """
    import reflow as tf

    batch, single = one_or_batch(image)
    for what, value in (("target_height", target_height), ("target_width", target_width)):
        if not value > 0:
            raise ValueError(f"{what} must be > 0.")
    height, width = batch._aval.shape[1:3]
    ratio = max(width / target_width, height / target_height)
    new_height, new_width = int(np.floor(height / ratio)), int(np.floor(width / ratio))
    top = max(0, int(np.floor((target_height - height / ratio) / 2)))
    left = max(0, int(np.floor((target_width - width / ratio) / 2)))
    resized = resize(batch, [new_height, new_width], method, antialias=antialias)
    padded = tf.image.pad_to_bounding_box(resized, top, left, target_height, target_width)
    return one_of_batch(padded, single)
