"""Boxes on images: crops resized to one size, and drawing the boxes.

A box is ``[y_min, x_min, y_max, x_max]`` in fractions of the image's height and width.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reflow.core.aval import Aval, aval
from reflow.core.dtypes import (
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
)
from reflow.core.errors import OutOfRangeError, invalid
from reflow.core.lazy import jnp
from reflow.core.op import Check, op
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.core.tensor import Tensor

__all__ = ["crop_and_resize", "draw_bounding_boxes"]

_TYPES = frozenset((uint8, uint16, int8, int16, int32, int64, float16, float32, float64))

# -------------------------------------------------------------------------------- crop and resize


def _crops(image: Aval, boxes: Aval, indices: Aval, *, crop_size: Any, **_: Any) -> Aval:
    if len(image.shape) != 4:
        raise invalid(f"input image must be 4-D{text(image.shape)}")
    if len(crop_size) != 2:
        raise invalid(f"crop_size must have two elements{text((len(crop_size),))}")
    if image.shape[1] <= 0 or image.shape[2] <= 0:
        raise invalid("image dimensions must be positive")
    if boxes.shape == (0,) and indices.shape == (0,):
        return aval((0, *crop_size, image.shape[3]), float32)
    if len(boxes.shape) != 2:
        raise invalid(f"boxes must be 2-D{text(boxes.shape)}")
    if boxes.shape[1] != 4:
        raise invalid("boxes must have 4 columns")
    if len(indices.shape) != 1:
        raise invalid(f"box_index must be 1-D{text(indices.shape)}")
    if indices.shape[0] != boxes.shape[0]:
        raise invalid("box_index has incompatible shape")
    if min(crop_size) <= 0:
        raise invalid("crop dimensions must be positive")
    return aval((boxes.shape[0], *crop_size, image.shape[3]), float32)


def _outside(xp: Any, image: Any, indices: Any, **_: Any) -> Any:
    bad = (indices < 0) | (indices >= image.shape[0])
    return xp.where(bad.any(), 1, -1).astype(np.int64).reshape(1)


def sample_points(low: Any, high: Any, size: int, count: int) -> Any:
    """Where the crop's pixels lie on an axis of ``size`` pixels, (boxes, count).

    Corner pixels lie on the box's corners: ``low + i * (high - low) / (count - 1)``, times
    ``size - 1``; a single pixel lies in the middle.
    """
    if count == 1:
        return (0.5 * (low + high) * (size - 1))[:, None]
    step = (high - low) * (size - 1) / (count - 1)
    return (low * (size - 1))[:, None] + jnp.arange(count, dtype=low.dtype) * step[:, None]


@op(
    "CropAndResize",
    types=_TYPES,
    same=(0,),
    kinds={1: (float32,), 2: (int32,)},
    rule=_crops,
    check=Check(
        lambda xp, image, indices, **_: _outside(xp, image, indices),
        lambda found, *_, **__: "box_index has values outside [0, batch_size)",
        reads=(0, 2),
        error=OutOfRangeError,
    ),
)
def _crop_and_resize(
    image: Any, boxes: Any, indices: Any, *, crop_size: Any, method: str, outside: float
) -> Any:
    if not boxes.size:
        return jnp.zeros((0, *crop_size, image.shape[3]), jnp.float32)
    pixels = image.astype(jnp.float32)
    height, width = image.shape[1:3]
    y = sample_points(boxes[:, 0], boxes[:, 2], height, crop_size[0])
    x = sample_points(boxes[:, 1], boxes[:, 3], width, crop_size[1])
    which = indices[:, None, None]

    def at(rows: Any, columns: Any) -> Any:
        rows = jnp.clip(rows, 0, height - 1).astype(jnp.int32)
        columns = jnp.clip(columns, 0, width - 1).astype(jnp.int32)
        return pixels[which, rows[:, :, None], columns[:, None, :]]

    if method == "nearest":
        # Halfway goes away from zero, as C's round does.
        crops = at(jnp.floor(y + 0.5), jnp.floor(x + 0.5))
    else:
        top, left = jnp.floor(y), jnp.floor(x)
        down, right = (y - top)[:, :, None, None], (x - left)[:, None, :, None]
        upper = at(top, left) + (at(top, jnp.ceil(x)) - at(top, left)) * right
        lower = (
            at(jnp.ceil(y), left) + (at(jnp.ceil(y), jnp.ceil(x)) - at(jnp.ceil(y), left)) * right
        )
        crops = upper + (lower - upper) * down
    inside_y = (y >= 0) & (y <= height - 1)
    inside_x = (x >= 0) & (x <= width - 1)
    inside = inside_y[:, :, None, None] & inside_x[:, None, :, None]
    return jnp.where(inside, crops, jnp.float32(outside))


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
) -> Tensor:
    """Cuts boxes out of a batch of images and resizes them all to one size.

    The corner pixels of a crop are the box's corners, unlike in ``tf.image.resize``.

    Args:
      image: a real tensor of shape ``[batch, height, width, channels]``.
      boxes: float32 of shape ``[boxes, 4]``: y_min, x_min, y_max, x_max, where 0 is the first
        and 1 the last row or column. With y_min > y_max the crop is upside down.
      box_indices: int32 of shape ``[boxes]``: the image that each box is on.
      crop_size: two ints, the crops' height and width.
      method: "bilinear" or "nearest".
      extrapolation_value: what stands outside the image.
      name: unused in eager code.

    Returns:
      A float32 tensor of shape ``[boxes, crop_height, crop_width, channels]``.

    Raises:
      InvalidArgumentError: if a shape or the method is wrong.
      OutOfRangeError: if there is no such image.
    """
    if method not in ("bilinear", "nearest"):
        raise invalid(
            f"Value for attr 'method' of \"{method}\" is not in the list of allowed values: "
            '"bilinear", "nearest" [Op:CropAndResize]'
        )
    sizes = static_array(crop_size, "crop_size")
    if sizes.ndim != 1:
        raise invalid(f"crop_size must be 1-D{text(sizes.shape)} [Op:CropAndResize]")
    return _crop_and_resize(  # type: ignore[no-any-return]
        image,
        boxes,
        box_indices,
        crop_size=tuple(sizes.tolist()),
        method=method,
        outside=float(extrapolation_value),
    )


# ------------------------------------------------------------------------------------------ drawing

_COLORS = np.array(
    [
        [1, 1, 0, 1],
        [0, 0, 1, 1],
        [1, 0, 0, 1],
        [0, 1, 0, 1],
        [0.5, 0, 0.5, 1],
        [0.5, 0.5, 0, 1],
        [0.5, 0, 0, 1],
        [0, 0, 0.5, 1],
        [0, 1, 1, 1],
        [1, 0, 1, 1],
    ],
    np.float32,
)
"""TF's own colours: yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia."""


def _drawn(images: Aval, boxes: Aval, colors: Aval) -> Aval:
    if len(images.shape) != 4:
        raise invalid("The rank of the images should be 4")
    if len(boxes.shape) != 3:
        raise invalid("The rank of the boxes tensor should be 3")
    if images.shape[0] != boxes.shape[0]:
        raise invalid("The batch sizes should be the same")
    if images.shape[3] not in (1, 3, 4):
        raise invalid("Channel depth should be either 1 (GRY), 3 (RGB), or 4 (RGBA)")
    if boxes.shape[2] != 4:
        raise invalid("The size of the third dimension must be 4")
    if len(colors.shape) != 2 or (colors.shape[0] and colors.shape[1] < images.shape[3]):
        raise invalid(f"colors must have a row of {images.shape[3]} for each color")
    return images


@op(
    "DrawBoundingBoxesV2",
    types=(float16, float32),
    same=(0,),
    kinds={1: (float32,), 2: (float32,)},
    rule=_drawn,
    reads=(),
    differentiable=False,
)
def _draw(images: Any, boxes: Any, colors: Any) -> Any:
    height, width, depth = images.shape[1:]
    count = boxes.shape[1]
    palette = colors[:, :depth]
    if depth == 1 and colors.shape[1] != 1:
        palette = jnp.ones_like(palette)
    # Corners in whole pixels, truncated as C does; boxes that miss the image are not drawn.
    edges = jnp.asarray([height - 1, width - 1, height - 1, width - 1], boxes.dtype)
    corners = jnp.trunc(boxes * edges)
    top, left, bottom, right = (corners[:, :, None, None, i] for i in range(4))
    rows = jnp.arange(height, dtype=boxes.dtype)[:, None]
    columns = jnp.arange(width, dtype=boxes.dtype)[None, :]
    inside = (rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right)
    on_line = (rows == top) | (rows == bottom) | (columns == left) | (columns == right)
    number = jnp.arange(1, count + 1)[None, :, None, None]
    last = jnp.max(jnp.where(inside & on_line, number, 0), axis=1, initial=0)
    color = palette[(last - 1) % len(palette)].astype(images.dtype)
    return jnp.where((last > 0)[..., None], color, images)


def draw_bounding_boxes(images: Any, boxes: Any, colors: Any, name: str | None = None) -> Tensor:
    """Draws the outlines of boxes on images, one pixel wide, later boxes over earlier ones.

    Args:
      images: float32 or float16 of shape ``[batch, height, width, 1, 3 or 4]``.
      boxes: float32 of shape ``[batch, boxes, 4]``: y_min, x_min, y_max, x_max as fractions.
      colors: float32 of shape ``[colors, 4]`` to take turns, or None for TF's own ten.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if a shape is wrong.
    """
    return _draw(images, boxes, _COLORS if colors is None else colors)  # type: ignore[no-any-return]
