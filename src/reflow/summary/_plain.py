"""Summaries as TF's own ops write them: numbers, histograms and pictures, not tensors.

``tf.summary`` writes tensors that TensorBoard's plugins explain; Keras's TensorBoard callback of
TF 2.1 writes these older, plainer forms.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

from reflow.core.errors import InvalidArgumentError
from reflow.io._protos import message
from reflow.summary.kinds import png


def scalar(summary: Any, tag: str, value: Any) -> None:
    """Adds a number to a Summary message."""
    summary.value.add(tag=tag, simple_value=float(np.asarray(value)))


def histogram(summary: Any, tag: str, values: Any) -> None:
    """Adds a histogram with buckets of exponentially growing sizes.

    Raises:
      InvalidArgumentError: if a value is not finite.
    """
    values = np.asarray(values, np.float64).reshape(-1)
    for what, found in (("Nan", np.isnan(values)), ("Infinity", np.isinf(values))):
        if found.any():
            raise InvalidArgumentError(
                None, None, f"{what} in summary histogram for: {tag} [Op:WriteHistogramSummary]"
            )
    largest = sys.float_info.max
    histo = message("HistogramProto")(
        min=values.min(initial=largest),
        max=values.max(initial=-largest),
        num=values.size,
        sum=values.sum(),
        sum_squares=np.square(values).sum(),
    )
    limits = _limits()
    counts = np.bincount(np.searchsorted(limits, values, side="right"), minlength=len(limits))
    # Of neighbouring empty buckets only the last is written.
    kept = (counts > 0) | np.append(counts[1:] > 0, True)
    histo.bucket_limit.extend(limits[kept].tolist())
    histo.bucket.extend(counts[kept].astype(float).tolist())
    summary.value.add(tag=tag).histo.CopyFrom(histo)


@cache
def _limits() -> np.ndarray[Any, Any]:
    """The upper ends of the buckets: 0, and powers of 1.1 from 1e-12 to 1e20 on both sides."""
    ends = []
    end = 1e-12
    while end < 1e20:
        ends.append(end)
        end *= 1.1
    ends.append(sys.float_info.max)
    return np.array([*[-e for e in reversed(ends)], 0.0, *ends])


def image(summary: Any, tag: str, images: Any, max_outputs: int = 3) -> None:
    """Adds pictures.

    Args:
      summary: a Summary message.
      tag: ``/image/0`` and so on are added to it.
      images: floats of shape ``(count, height, width, channels)``. If all of one are positive, the
        largest becomes white; else 0 becomes gray.
      max_outputs: how many at most.
    """
    for place, picture in enumerate(np.asarray(images, np.float32)[:max_outputs]):
        height, width, channels = picture.shape
        entry = summary.value.add(tag=f"{tag}/image/{place}").image
        entry.height, entry.width, entry.colorspace = height, width, channels
        entry.encoded_image_string = png(_bytes(picture))


def _bytes(picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    finite = np.isfinite(picture)
    low, high = (f(picture[finite], initial=0) for f in (np.min, np.max))
    if low < 0:
        scale, offset = np.float32(127) / max(-low, high), np.float32(128)
    else:
        scale = np.float32(255) / high if high > 0 else np.float32(0)
        offset = np.float32(0)
    pixels = np.where(finite, picture * scale + offset, 0).astype(np.uint8)
    bad = ~finite.all(axis=-1)
    pixels[bad] = np.array([255, 0, 0, 255], np.uint8)[: picture.shape[-1]]
    return pixels
