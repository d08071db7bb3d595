"""``tf.image.sample_distorted_bounding_box``: a random crop that shows enough of an object.

The crop depends on how often candidates are rejected, so this works on the host at once; a function
that uses it runs as plain Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from reflow.core import random
from reflow.core.convert import convert_to_tensor
from reflow.core.device import requested
from reflow.core.dtypes import float32, int8, int16, int32, int64, uint8
from reflow.core.errors import InvalidArgumentError, NeedsEagerError
from reflow.core.random_streams import WordStream
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.image._arguments import Array, traced

__all__ = ["sample_distorted_bounding_box"]

_OP = "SampleDistortedBoundingBoxV2"
_SIZES = (uint8, int8, int16, int32, int64)


class SampleDistortedBoundingBoxV2(NamedTuple):
    """What ``sample_distorted_bounding_box`` returns."""

    begin: Tensor
    size: Tensor
    bboxes: Tensor


class _Words:
    """Random numbers from words, as TF makes them here."""

    def __init__(self, words: WordStream) -> None:
        self._words = words

    def _word(self) -> int:
        return int(self._words.take(1)[0])

    def fraction(self) -> np.float32:
        """A float32 in [0, 1) of the low 23 bits."""
        return np.uint32(0x3F800000 | self._word() & 0x7FFFFF).view(np.float32) - np.float32(1)

    def below(self, n: int) -> int:
        """An int in [0, n), without bias: words that would favour small numbers are skipped."""
        skipped = 0 if n & (n - 1) == 0 else (2**32 - 1) % n + 1
        word = self._word()
        while word < skipped:
            word = self._word()
        return word % n


class _Limits(NamedTuple):
    """What a crop must satisfy, on an image of ``height`` by ``width`` pixels."""

    height: int
    width: int
    ratios: tuple[np.float32, np.float32]
    areas: tuple[np.float32, np.float32]


def _rounded(x: Any) -> int:
    return int(np.rint(x))


def _candidate(words: _Words, limits: _Limits) -> tuple[int, int, int, int] | None:
    """Draws (top, left, height, width), or None if rounding leaves no crop of such an area.

    First the ratio r of the sides, then the height, uniform where ``height^2 r`` is in the range of
    areas, then the place.
    """
    height, width = limits.height, limits.width
    low, high = limits.ratios
    ratio = words.fraction() * (high - low) + low
    pixels = np.float32(height * width)
    shortest, tallest = (_rounded(np.sqrt(part * pixels / ratio)) for part in limits.areas)
    if _rounded(np.float32(tallest) * ratio) > width:
        tallest = int((width + 0.5 - 1e-7) / ratio)
        if _rounded(np.float32(tallest) * ratio) > width:
            tallest -= 1
    tallest = min(tallest, height)
    rows = min(shortest, tallest)
    if rows < tallest:
        rows += words.below(tallest - rows + 1)
    smallest, largest = (float(part) * float(pixels) for part in limits.areas)
    columns = _rounded(np.float32(rows) * ratio)
    if rows * columns < smallest:
        rows += 1
        columns = _rounded(np.float32(rows) * ratio)
    if rows * columns > largest:
        rows -= 1
        columns = _rounded(np.float32(rows) * ratio)
    fits = 0 < rows <= height and 0 < columns <= width
    if not fits or not smallest <= rows * columns <= largest:
        return None
    # The last row and column are left out where there is a choice, as in TF.
    top = words.below(height - rows) if rows < height else 0
    left = words.below(width - columns) if columns < width else 0
    return top, left, rows, columns


def _covers(crop: tuple[int, int, int, int], objects: Array, least: np.float32) -> bool:
    """Whether the crop shows at least that part of one of the objects, given in pixels."""
    top, left, rows, columns = crop
    for y1, x1, y2, x2 in objects.tolist():
        area = (y2 - y1) * (x2 - x1)
        if area < 1:
            continue
        shown_rows = max(0, min(top + rows, y2) - max(top, y1))
        shown_columns = max(0, min(left + columns, x2) - max(left, x1))
        if np.float32(shown_rows * shown_columns) / np.float32(area) >= least:
            return True
    return False


def _invalid(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"{message} [Op:{_OP}]")


def _checked_boxes(bounding_boxes: Any, use_image: bool) -> Array:
    boxes = np.asarray(convert_to_tensor(bounding_boxes, float32)._host())
    if boxes.ndim != 3:
        raise _invalid(
            f"input boxes must be 3-dimensional [batch, num_boxes, coords]: {text(boxes.shape)}"
        )
    if boxes.shape[-1] != 4:
        raise _invalid(f"bounding boxes must have shape [4] in the last axis: {text(boxes.shape)}")
    boxes = boxes.reshape(-1, 4)
    for value in boxes.reshape(-1):
        if not 0 <= value <= 1:
            raise _invalid(f"All bounding box coordinates must be in [0.0, 1.0]: {value:g}")
    if not len(boxes) and not use_image:
        raise _invalid(
            "No bounding boxes provided as input. One must enable use_image_if_no_bounding_boxes "
            "if you wish to not provide any bounding boxes."
        )
    return boxes if len(boxes) else np.array([[0, 0, 1, 1]], np.float32)


def _checked_ranges(ratios: Any, areas: Any, attempts: int) -> None:
    for what, pair in (("Aspect ratio", ratios), ("Area", areas)):
        if len(pair) != 2:
            raise _invalid(f"{what} range field must specify 2 dimensions")
        if pair[0] <= 0 or pair[1] <= 0:
            raise _invalid(f"{what} range must be non-negative: [{pair[0]:g}, {pair[1]:g}]")
    if areas[0] > 1 or areas[1] > 1:
        raise _invalid(
            f"Area range must be less then or equal to 1.0: [{areas[0]:g}, {areas[1]:g}]"
        )
    if attempts <= 0:
        raise _invalid(f"Max attempts must be non-negative: {attempts}")


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: Any = 0,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> SampleDistortedBoundingBoxV2:
    """Draws a crop of random size, shape and place that shows enough of one of the objects.

    Args:
      image_size: an integer vector: height, width, channels.
      bounding_boxes: float32 of shape ``[batch, boxes, 4]``: the objects, as y_min, x_min, y_max,
        x_max in fractions of the image.
      seed: an int that, with the global seed, determines the crops; 0 for ever new ones.
      min_object_covered: the part of an object that the crop must show.
      aspect_ratio_range: the range of width / height; ``[0.75, 1.33]`` by default.
      area_range: the range of the crop's part of the image's area; ``[0.05, 1]`` by default.
      max_attempts: after so many crops that do not fit the whole image is taken; 100 by default.
      use_image_if_no_bounding_boxes: whether without boxes the whole image is the object.
      name: unused in eager code.

    Returns:
      A named tuple: ``begin`` and ``size``, vectors for ``tf.slice``, and ``bboxes``, the crop as
      a box of shape ``[1, 1, 4]`` for ``draw_bounding_boxes``.

    Raises:
      InvalidArgumentError: if a shape or a range is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    if traced():
        raise NeedsEagerError(
            f"{_OP} cannot be compiled, because the values tell how many crops are drawn; what "
            "uses it runs as plain Python"
        )
    pair = random.get_seed(seed) if seed else (0, 0)
    ratios = (0.75, 1.33) if aspect_ratio_range is None else tuple(aspect_ratio_range)
    areas = (0.05, 1.0) if area_range is None else tuple(area_range)
    attempts = 100 if max_attempts is None else max_attempts
    size = convert_to_tensor(image_size)
    if size.dtype not in _SIZES:
        raise _invalid(f"Value for attr 'T' of {size.dtype.label} is not an integer type")
    if len(size._aval.shape) != 1:
        raise _invalid(f"image_size must be 1-dimensional{text(size._aval.shape)}")
    if size._aval.shape != (3,):
        raise _invalid(f"image_size must contain 3 elements{text(size._aval.shape)}")
    height, width, _ = size._host().tolist()
    if height < 0 or width < 0:
        raise _invalid(f"image height and width must be non-negative: {height}, {width}")
    boxes = _checked_boxes(bounding_boxes, bool(use_image_if_no_bounding_boxes))
    _checked_ranges(ratios, areas, attempts)
    least = np.float32(np.asarray(convert_to_tensor(min_object_covered, float32)._host())[()])
    if least < 0:
        raise _invalid(f"Min object covered must be non-negative: {least:g}")
    # The kernel is told apart by its attributes; a call takes a block for each attempt.
    attributes = (*ratios, *areas, attempts, bool(use_image_if_no_bounding_boxes), size.dtype.name)
    device = requested().to_string() or None
    state = random.reserve(_OP, attributes, pair, device, attempts)
    limits = _Limits(height, width, _pair(ratios), _pair(areas))
    crop = _first_that_covers(_Words(WordStream(state)), limits, boxes, least, attempts)
    return _as_result(crop, height, width, size.dtype.np)


def _pair(values: Any) -> tuple[np.float32, np.float32]:
    return np.float32(values[0]), np.float32(values[1])


def _first_that_covers(
    words: _Words, limits: _Limits, boxes: Array, least: np.float32, attempts: int
) -> tuple[int, int, int, int]:
    height, width = limits.height, limits.width
    whole = (0, 0, height, width)
    if not height or not width:
        return whole
    scale = np.array([height, width, height, width], np.float32)
    objects = (boxes * scale).astype(np.int64)
    for _ in range(attempts):
        crop = _candidate(words, limits)
        if crop is not None and _covers(crop, objects, least):
            return crop
    return whole


def _as_result(
    crop: tuple[int, int, int, int], height: int, width: int, dtype: Any
) -> SampleDistortedBoundingBoxV2:
    top, left, rows, columns = crop
    with np.errstate(divide="ignore", invalid="ignore"):
        corners = np.array([top, left, top + rows, left + columns], np.float32)
        box = corners / np.array([height, width, height, width], np.float32)
    parts = (
        np.array([top, left, 0]).astype(dtype),
        np.array([rows, columns, -1]).astype(dtype),
        box.reshape(1, 1, 4),
    )
    return SampleDistortedBoundingBoxV2(*map(tensor_from_numpy, parts))
