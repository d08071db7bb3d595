"""Non-maximum suppression: of overlapping boxes, the one with the highest score.

How many boxes remain depends on the values, so these ops work on the host at once; a function that
uses them runs as plain Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import DType, float16, float32, int32
from reflow.core.errors import InvalidArgumentError, NeedsEagerError
from reflow.core.rules import text
from reflow.core.tensor import Tensor, tensor_from_numpy
from reflow.image._arguments import Array, traced

__all__ = [
    "combined_non_max_suppression",
    "non_max_suppression",
    "non_max_suppression_overlaps",
    "non_max_suppression_padded",
    "non_max_suppression_with_scores",
]


class NonMaxSuppressionV4(NamedTuple):
    """What ``non_max_suppression_padded`` returns."""

    selected_indices: Tensor
    valid_outputs: Tensor


class CombinedNonMaxSuppression(NamedTuple):
    """What ``combined_non_max_suppression`` returns."""

    nmsed_boxes: Tensor
    nmsed_scores: Tensor
    nmsed_classes: Tensor
    valid_detections: Tensor


# ------------------------------------------------------------------------------------ the algorithm


def overlap(box: Array, boxes: Array) -> Array:
    """Intersection over union of a box with boxes (n, 4); corners may come in any order."""
    low, high = np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])
    first, last = np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])
    areas, area = np.prod(high - low, axis=1), np.prod(last - first)
    sides = np.maximum(np.minimum(high, last) - np.maximum(low, first), 0)
    shared = sides[:, 0] * sides[:, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((area > 0) & (areas > 0), shared / (areas + area - shared), 0)


def select(
    overlaps: Callable[[int], Array],
    scores: Array,
    count: int,
    threshold: float,
    score_threshold: float,
    sigma: float = 0.0,
    once: bool = False,
) -> tuple[list[int], list[float]]:
    """Takes the box with the highest score, again and again, and lowers those that overlap it.

    Boxes that overlap it by ``threshold`` or more are dropped; with sigma > 0 the scores of the
    others are multiplied by ``exp(-overlap^2 / (2 sigma))``. Among equal scores the first box wins.
    The box itself is dropped for its overlap with itself, which is why TF takes a box without area
    again and again; unless ``once``.

    Args:
      overlaps: of a box's index, its overlaps with all boxes.
      scores: (n,).
      count: how many to take at most.
      threshold: the overlap that is still allowed.
      score_threshold: only boxes with a higher score are taken.
      sigma: the width of soft suppression, 0 for hard.
      once: whether no box is taken twice.

    Returns:
      The indices and the scores (as lowered) of the boxes taken.
    """
    scores = scores.astype(np.float32)
    alive = scores > np.float32(score_threshold)
    indices: list[int] = []
    taken: list[float] = []
    while len(indices) < count and alive.any():
        best = int(np.argmax(np.where(alive, scores, -np.inf)))
        if not alive[best]:  # all that are left have a score of minus infinity
            best = int(np.argmax(alive))
        indices.append(best)
        taken.append(float(scores[best]))
        shared = overlaps(best)
        alive &= shared < np.float32(threshold)
        alive[best] &= not once
        if sigma > 0:
            scores = scores * np.exp(np.float32(-0.5 / sigma) * shared * shared).astype(np.float32)
            alive &= scores > np.float32(score_threshold)
    return indices, taken


# -------------------------------------------------------------------------------------- arguments


def _invalid(message: str, op: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"{message} [Op:{op}]")


def _eager(op: str) -> None:
    if traced():
        raise NeedsEagerError(
            f"{op} cannot be compiled, because the values tell how many boxes remain; what uses it "
            "runs as plain Python"
        )


def _floats(value: Any, op: str) -> Array:
    tensor = convert_to_tensor(value, None if isinstance(value, Tensor) else float32)
    if tensor.dtype not in (float16, float32):
        raise _invalid(
            f"Value for attr 'T' of {tensor.dtype.label} is not in the list of allowed values: "
            "half, float",
            op,
        )
    return np.asarray(tensor._host()).astype(np.float32)


def _scalar(value: Any, kind: DType, what: str, op: str) -> Any:
    tensor = convert_to_tensor(value, None if isinstance(value, Tensor) else kind)
    if tensor._aval.shape:
        raise _invalid(f"{what} must be 0-D, got shape {text(tensor._aval.shape)}", op)
    return tensor._host()[()].item()


def _boxes_and_scores(boxes: Any, scores: Any, op: str) -> tuple[Array, Array]:
    box_values, score_values = _floats(boxes, op), _floats(scores, op)
    if box_values.ndim != 2:
        raise _invalid(f"boxes must be 2-D{text(box_values.shape)}", op)
    if box_values.shape[1] != 4:
        raise _invalid("boxes must have 4 columns", op)
    if score_values.ndim != 1:
        raise _invalid(f"scores must be 1-D{text(score_values.shape)}", op)
    if score_values.shape[0] != box_values.shape[0]:
        raise _invalid("scores has incompatible shape", op)
    return box_values, score_values


def _suppressed(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any,
    score_threshold: Any,
    sigma: Any,
    op: str,
) -> tuple[list[int], list[float], int]:
    """The indices and scores taken, and the most that were wanted."""
    _eager(op)
    box_values, score_values = _boxes_and_scores(boxes, scores, op)
    count = _scalar(max_output_size, int32, "max_output_size", op)
    threshold = _scalar(iou_threshold, float32, "iou_threshold", op)
    if not 0 <= threshold <= 1:
        raise _invalid("iou_threshold must be in [0, 1]", op)
    lowest = _scalar(score_threshold, float32, "score_threshold", op)
    width = _scalar(sigma, float32, "soft_nms_sigma", op)
    if width < 0:
        raise _invalid("soft_nms_sigma must be non-negative", op)
    # A negative number means all, as in TF.
    limit = count if count >= 0 else len(box_values)
    found = select(
        lambda i: overlap(box_values[i], box_values),
        score_values,
        limit,
        threshold,
        lowest,
        width,
    )
    return *found, count


def _indices(indices: Any) -> Tensor:
    return tensor_from_numpy(np.array(indices, np.int32))


# ----------------------------------------------------------------------------------- the functions


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: float = 0.5,
    score_threshold: float = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """Selects boxes by falling score, leaving out those that overlap a selected one too much.

    Args:
      boxes: float32 of shape ``[boxes, 4]``: two opposite corners ``[y1, x1, y2, x2]``.
      scores: float32 of shape ``[boxes]``.
      max_output_size: how many to select at most, a scalar int.
      iou_threshold: the intersection over union from which boxes overlap too much.
      score_threshold: boxes that do not score more are left out.
      name: unused in eager code.

    Returns:
      An int32 vector of indices into ``boxes``.

    Raises:
      InvalidArgumentError: if a shape or a threshold is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    op = "NonMaxSuppressionV3"
    found = _suppressed(boxes, scores, max_output_size, iou_threshold, score_threshold, 0.0, op)
    return _indices(found[0])


def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: float = 0.5,
    score_threshold: float = float("-inf"),
    soft_nms_sigma: float = 0.0,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """As ``non_max_suppression``, with soft suppression: overlapping boxes lose score.

    A score is multiplied by ``exp(-overlap^2 / (2 sigma))`` for each selected box.

    Args:
      boxes, scores, max_output_size, iou_threshold, score_threshold: see ``non_max_suppression``.
      soft_nms_sigma: the width; 0 for hard suppression.
      name: unused in eager code.

    Returns:
      An int32 vector of indices, and a float32 vector of the scores as lowered.

    Raises:
      InvalidArgumentError: if a shape or a threshold is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    op = "NonMaxSuppressionV5"
    indices, taken, _ = _suppressed(
        boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma, op
    )
    return _indices(indices), tensor_from_numpy(np.array(taken, np.float32))


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: float = 0.5,
    score_threshold: float = float("-inf"),
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> Any:
    """As ``non_max_suppression``, with the indices padded with zeros to a fixed length.

    Args:
      boxes, scores, max_output_size, iou_threshold, score_threshold: see ``non_max_suppression``.
      pad_to_max_output_size: whether to pad.
      name: unused in eager code.

    Returns:
      A named tuple: ``selected_indices``, an int32 vector, and ``valid_outputs``, how many of
      them were selected.

    Raises:
      InvalidArgumentError: if a shape or a threshold is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    op = "NonMaxSuppressionV4"
    indices, _, count = _suppressed(
        boxes, scores, max_output_size, iou_threshold, score_threshold, 0.0, op
    )
    padding = [0] * (count - len(indices)) if pad_to_max_output_size else []
    valid = tensor_from_numpy(np.array(len(indices), np.int32))
    return NonMaxSuppressionV4(_indices(indices + padding), valid)


def non_max_suppression_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: float = 0.5,
    score_threshold: float = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """As ``non_max_suppression``, with overlaps that the caller has computed.

    Args:
      overlaps: float32 of shape ``[boxes, boxes]``.
      scores: float32 of shape ``[boxes]``.
      max_output_size: how many to select at most, a scalar int.
      overlap_threshold: the overlap from which a box is left out.
      score_threshold: boxes that do not score more are left out.
      name: unused in eager code.

    Returns:
      An int32 vector of indices.

    Raises:
      InvalidArgumentError: if a shape is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    op = "NonMaxSuppressionWithOverlaps"
    _eager(op)
    matrix, score_values = _floats(overlaps, op), _floats(scores, op)
    if matrix.ndim != 2:
        raise _invalid(f"overlaps must be 2-D{text(matrix.shape)}", op)
    if matrix.shape[0] != matrix.shape[1]:
        raise _invalid(f"overlaps must be square{text(matrix.shape)}", op)
    if score_values.shape != matrix.shape[:1]:
        raise _invalid("scores has incompatible shape", op)
    count = _scalar(max_output_size, int32, "max_output_size", op)
    threshold = _scalar(overlap_threshold, float32, "overlap_threshold", op)
    lowest = _scalar(score_threshold, float32, "score_threshold", op)
    limit = count if count >= 0 else len(matrix)
    indices, _ = select(lambda i: matrix[:, i], score_values, limit, threshold, lowest)
    return _indices(indices)


def combined_non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size_per_class: Any,
    max_total_size: Any,
    iou_threshold: float = 0.5,
    score_threshold: float = float("-inf"),
    pad_per_class: bool = False,
    clip_boxes: bool = True,
    name: str | None = None,
) -> Any:
    """Suppresses overlapping boxes class by class, and keeps the best of all classes.

    Args:
      boxes: float32 of shape ``[batch, boxes, q, 4]``; q is 1, or the number of classes.
      scores: float32 of shape ``[batch, boxes, classes]``.
      max_output_size_per_class: how many to select of a class at most.
      max_total_size: how many to keep of all classes at most.
      iou_threshold, score_threshold: see ``non_max_suppression``.
      pad_per_class: whether the result has ``max_output_size_per_class * classes`` places if
        that is less than ``max_total_size``.
      clip_boxes: whether to clip the boxes to [0, 1].
      name: unused in eager code.

    Returns:
      A named tuple, padded with zeros: ``nmsed_boxes`` of shape ``[batch, places, 4]``,
      ``nmsed_scores`` and ``nmsed_classes`` of shape ``[batch, places]``, and
      ``valid_detections`` of shape ``[batch]``.

    Raises:
      InvalidArgumentError: if a shape or a threshold is wrong.
      NeedsEagerError: inside a function being traced, which then runs as plain Python.
    """
    op = "CombinedNonMaxSuppression"
    _eager(op)
    box_values, score_values = _floats(boxes, op), _floats(scores, op)
    _check_combined(box_values, score_values, op)
    per_class = _scalar(max_output_size_per_class, int32, "max_size_per_class", op)
    if per_class <= 0:
        raise _invalid("max_size_per_class must be positive", op)
    total = _scalar(max_total_size, int32, "max_total_size", op)
    if total <= 0:
        raise _invalid("max_total_size must be > 0", op)
    threshold = _scalar(iou_threshold, float32, "iou_threshold", op)
    if not 0 <= threshold <= 1:
        raise _invalid("iou_threshold must be in [0, 1]", op)
    lowest = _scalar(score_threshold, float32, "score_threshold", op)
    batch, classes = score_values.shape[0], score_values.shape[2]
    places = min(total, per_class * classes) if pad_per_class else total
    out_boxes = np.zeros((batch, places, 4), np.float32)
    out_scores = np.zeros((batch, places), np.float32)
    out_classes = np.zeros((batch, places), np.float32)
    valid = np.zeros(batch, np.int32)
    for b in range(batch):
        found = _best(box_values[b], score_values[b], per_class, threshold, lowest)[:places]
        valid[b] = len(found)
        for place, (score, kind, box) in enumerate(found):
            out_scores[b, place], out_classes[b, place] = score, kind
            out_boxes[b, place] = np.clip(box, 0, 1) if clip_boxes else box
    results = map(tensor_from_numpy, (out_boxes, out_scores, out_classes, valid))
    return CombinedNonMaxSuppression(*results)


def _check_combined(boxes: Array, scores: Array, op: str) -> None:
    if boxes.ndim != 4:
        raise _invalid(f"boxes must be 4-D{text(boxes.shape)}", op)
    if scores.ndim != 3:
        raise _invalid(f"scores must be 3-D{text(scores.shape)}", op)
    if boxes.shape[1] != scores.shape[1]:
        raise _invalid("scores has incompatible shape", op)
    if boxes.shape[2] not in (1, scores.shape[2]):
        raise _invalid(
            "third dimension of boxes must be either 1 or equal to the third dimension of scores",
            op,
        )
    if boxes.shape[3] != 4:
        raise _invalid("boxes must have 4 columns", op)


def _best(
    boxes: Array, scores: Array, per_class: int, threshold: float, lowest: float
) -> list[tuple[float, int, Array]]:
    """(score, class, box) of what remains on one image, by falling score."""
    found = []
    for kind in range(scores.shape[1]):
        of_class = boxes[:, min(kind, boxes.shape[1] - 1)]
        indices, taken = select(
            lambda i, of_class=of_class: overlap(of_class[i], of_class),  # type: ignore[misc]
            scores[:, kind],
            per_class,
            threshold,
            lowest,
            once=True,
        )
        found += [(s, kind, of_class[i]) for i, s in zip(indices, taken, strict=True)]
    return sorted(found, key=lambda entry: -entry[0])
