"""Morphology of grey images: dilation and erosion by a structuring function."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import FLOATS, int8, int16, int32, int64, uint8, uint16, uint32, uint64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import op
from reflow.core.rules import text
from reflow.nn import _windows as windows
from reflow.nn._convolution.geometry import Geometry, geometry, pad, tap, taps
from reflow.nn._pooling import lowest

__all__ = ["dilation2d", "erosion2d"]

_TYPES = FLOATS | {int8, int16, int32, int64, uint8, uint16, uint32, uint64}


def _geometry(x: Any, w: Any, strides: Any, rates: Any, padding: str) -> Geometry:
    return geometry(tuple(x[1:3]), tuple(w[:2]), strides[1:3], rates[1:3], padding)


def _rule(x: Aval, w: Aval, *, strides: Any, rates: Any, padding: str) -> Aval:
    for what, values in (("Stride", strides), ("Rate", rates)):
        if values[0] != 1 or values[3] != 1:
            raise windows.unimplemented(f"{what} is only supported across spatial dimensions.")
    if len(x.shape) != 4:
        raise invalid(f"input must be 4-dimensional{text(x.shape)}")
    if len(w.shape) != 3:
        raise invalid(f"filter must be 3-dimensional: {text(w.shape)}")
    if x.shape[3] != w.shape[2]:
        raise invalid(f"input and filter must have the same depth: {x.shape[3]} vs {w.shape[2]}")
    for what, values in (("Stride", strides), ("Rate", rates)):
        if min(values) < 1:
            raise invalid(f"{what} must be > 0, but got {min(values)}")
    g = _geometry(x.shape, w.shape, strides, rates, padding)
    return aval((x.shape[0], *g.output, x.shape[3]), x.dtype)


@op("Dilation2D", types=_TYPES, rule=_rule)
def _dilation(x: Any, w: Any, *, strides: Any, rates: Any, padding: str) -> Any:
    g = _geometry(x.shape, w.shape, strides, rates, padding)
    inside = pad(jnp.ones((1, *x.shape[1:3], 1), bool), g)
    padded = pad(x, g)
    best = jnp.full((x.shape[0], *g.output, x.shape[3]), lowest(x.dtype))
    for at in taps(g):
        candidate = tap(padded, at, g) + w[at]
        # Of several equal ones the first counts, and gets the gradient.
        best = jnp.where((candidate > best) & tap(inside, at, g), candidate, best)
    return best


def _run(value: Any, filters: Any, strides: Any, padding: Any, data_format: Any, rates: Any) -> Any:
    if data_format != "NHWC":
        raise ValueError("Data formats other than NHWC are not yet supported")
    return _dilation(
        value,
        filters,
        strides=windows.full_sizes(strides, 4, "strides", "dilation2d Dilation2D"),
        rates=windows.full_sizes(rates, 4, "rates", "dilation2d Dilation2D"),
        padding=windows.same_or_valid(padding, "Dilation2D"),
    )


def dilation2d(input, filters, strides, padding, data_format, dilations, name=None):
    """Grey-scale dilation: the maximum of image plus filter over each window.

    ``output[b, i, j, c] = max over di, dj of
    input[b, stride * i + rate * di, stride * j + rate * dj, c] + filters[di, dj, c]``

    Args:
      input: a tensor ``(batch, height, width, channels)`` of real numbers.
      filters: a tensor ``(filter height, filter width, channels)`` of the same dtype.
      strides: four ints, one per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NHWC".
      dilations: four ints: the distances between the elements of a window.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, channels)``.

    Raises:
      ValueError: another ``data_format``.
      InvalidArgumentError: if the shapes do not fit.
    """
    return _run(input, filters, strides, padding, data_format, dilations)


def erosion2d(value, filters, strides, padding, data_format, dilations, name=None):
    """Grey-scale erosion: the minimum of image minus filter over each window.

    ``output[b, i, j, c] = min over di, dj of
    value[b, stride * i + rate * di, stride * j + rate * dj, c] - filters[di, dj, c]``

    Args:
      value: a tensor ``(batch, height, width, channels)`` of real numbers.
      filters: a tensor ``(filter height, filter width, channels)`` of the same dtype.
      strides: four ints, one per axis of the input.
      padding: "SAME" or "VALID".
      data_format: "NHWC".
      dilations: four ints: the distances between the elements of a window.
      name: unused in eager code.

    Returns:
      A tensor ``(batch, height, width, channels)``.

    Raises:
      ValueError: another ``data_format``.
      InvalidArgumentError: if the shapes do not fit.
    """
    # The dual of dilation: negated, with the filter turned around.
    turned = tf.reverse(convert_to_tensor(filters), [0, 1])
    negated = tf.negative(value)
    return tf.negative(_run(negated, turned, strides, padding, data_format, dilations))
