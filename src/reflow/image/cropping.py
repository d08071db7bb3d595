"""Cutting out and padding: bounding boxes, the centre, a given size, a random place."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int32, int64
from reflow.core.lazy import lax
from reflow.core.op import op
from reflow.core.static import static_array, static_int
from reflow.core.tensor import Tensor
from reflow.image._arguments import at_least_3d, one_of_batch, one_or_batch

__all__ = [
    "central_crop",
    "crop_to_bounding_box",
    "pad_to_bounding_box",
    "random_crop",
    "resize_with_crop_or_pad",
]


def _require(good: bool, message: str) -> None:
    if not good:
        raise ValueError(message)


def crop_to_bounding_box(
    image: Any, offset_height: int, offset_width: int, target_height: int, target_width: int
) -> Tensor:
    """Cuts a rectangle out of images.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      offset_height, offset_width: the rectangle's upper left corner.
      target_height, target_width: its size.

    Raises:
      ValueError: if the rank is wrong or the rectangle is not inside.
    """
    batch, single = one_or_batch(image)
    height, width = batch._aval.shape[1:3]
    top, left = static_int(offset_height, "offset_height"), static_int(offset_width, "offset_width")
    rows, columns = (
        static_int(target_height, "target_height"),
        static_int(target_width, "target_width"),
    )
    _require(left >= 0, "offset_width must be >= 0.")
    _require(top >= 0, "offset_height must be >= 0.")
    _require(columns > 0, "target_width must be > 0.")
    _require(rows > 0, "target_height must be > 0.")
    _require(width >= columns + left, "width must be >= target + offset.")
    _require(height >= rows + top, "height must be >= target + offset.")
    cropped = batch[:, top : top + rows, left : left + columns, :]
    return one_of_batch(cropped, single)


def pad_to_bounding_box(
    image: Any, offset_height: int, offset_width: int, target_height: int, target_width: int
) -> Tensor:
    """Puts images into larger ones of zeros.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      offset_height, offset_width: rows of zeros above, columns of zeros to the left.
      target_height, target_width: the new size.

    Raises:
      ValueError: if the rank is wrong or the images do not fit.
    """
    batch, single = one_or_batch(image)
    height, width = batch._aval.shape[1:3]
    top, left = static_int(offset_height, "offset_height"), static_int(offset_width, "offset_width")
    below = static_int(target_height, "target_height") - top - height
    right = static_int(target_width, "target_width") - left - width
    _require(top >= 0, "offset_height must be >= 0")
    _require(left >= 0, "offset_width must be >= 0")
    _require(right >= 0, "width must be <= target - offset")
    _require(below >= 0, "height must be <= target - offset")
    padded = tf.pad(batch, [[0, 0], [top, below], [left, right], [0, 0]])
    return one_of_batch(padded, single)


def resize_with_crop_or_pad(image: Any, target_height: int, target_width: int) -> Tensor:
    """Cuts or pads images evenly on both sides, to a given size.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      target_height, target_width: the new size.

    Raises:
      ValueError: if the rank is wrong or a target size is not positive.
    """
    batch, single = one_or_batch(image)
    rows = static_int(target_height, "target_height")
    columns = static_int(target_width, "target_width")
    _require(columns > 0, "target_width must be > 0.")
    _require(rows > 0, "target_height must be > 0.")
    height, width = batch._aval.shape[1:3]
    more_rows, more_columns = rows - height, columns - width
    # Floor division, of negative numbers too: TF cuts the larger half above and to the left.
    cropped = crop_to_bounding_box(
        batch,
        max(-more_rows // 2, 0),
        max(-more_columns // 2, 0),
        min(rows, height),
        min(columns, width),
    )
    resized = pad_to_bounding_box(
        cropped, max(more_rows // 2, 0), max(more_columns // 2, 0), rows, columns
    )
    return one_of_batch(resized, single)


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """Keeps the central part of images along height and width.

    Args:
      image: a tensor of shape ``[height, width, channels]`` or ``[batch, height, width,
        channels]``.
      central_fraction: the part to keep of each side, in (0, 1].

    Raises:
      ValueError: if the fraction or the rank is wrong.
    """
    if central_fraction <= 0.0 or central_fraction > 1.0:
        raise ValueError("central_fraction must be within (0, 1]")
    tensor = at_least_3d(image) if len(convert_to_tensor(image).shape) < 3 else image
    if central_fraction == 1.0:
        return tensor  # type: ignore[no-any-return]
    batch, single = one_or_batch(tensor)
    height, width = batch._aval.shape[1:3]
    top = int((height - height * central_fraction) / 2)
    left = int((width - width * central_fraction) / 2)
    cropped = batch[:, top : height - top, left : width - left, :]
    return one_of_batch(cropped, single)


def _sized(x: Aval, offset: Aval, *, size: tuple[int, ...]) -> Aval:
    return aval(size, x.dtype)


@op("Slice", same=(0,), kinds={1: (int32, int64)}, rule=_sized, reads=(1,))
def _slice(x: Any, offset: Any, *, size: tuple[int, ...]) -> Any:
    return lax.dynamic_slice(x, [offset[i] for i in range(x.ndim)], size)


def random_crop(value: Any, size: Any, seed: Any = None, name: str | None = None) -> Tensor:
    """Cuts a slice of a given size out of a tensor at a random place.

    The offset is ``uniform integers mod (shape - size + 1)``.

    Args:
      value: a tensor of any rank.
      size: the size along every axis; the whole axis where it equals the tensor's.
      seed: an int that, with the global seed, determines the place.
      name: unused in eager code.

    Raises:
      InvalidArgumentError: if ``size`` is larger than the tensor.
    """
    tensor = convert_to_tensor(value)
    wanted = static_array(size, "size")
    shape = tensor._aval.shape
    if wanted.shape != (len(shape),) or any(n < w for n, w in zip(shape, wanted, strict=True)):
        given = ", ".join(map(str, shape))
        asked = ", ".join(map(str, wanted.reshape(-1).tolist()))
        raise tf.errors.InvalidArgumentError(
            None, None, f"Need value.shape >= size, got {given} and {asked}"
        )
    kind = convert_to_tensor(size).dtype
    kind = kind if kind is int64 else int32
    limit = tf.constant([n - w + 1 for n, w in zip(shape, wanted.tolist(), strict=True)], kind)
    drawn = tf.random.uniform([len(shape)], 0, kind.max, kind, seed)
    return _slice(tensor, drawn % limit, size=tuple(wanted.tolist()))  # type: ignore[no-any-return]
