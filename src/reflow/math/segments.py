"""Sums, products, means and extremes of segments: of the rows that share an id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.aval import aval
from reflow.core.convert import convert_to_tensor
from reflow.core.derivative import custom_jvp
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, float64, int32, int64, uint32, uint64
from reflow.core.errors import NotFoundError, invalid
from reflow.core.lazy import jnp, lax
from reflow.core.op import Check, Primitive
from reflow.core.rules import text
from reflow.core.static import static_array
from reflow.math._common import constant, integers

__all__ = [
    "segment_max",
    "segment_mean",
    "segment_min",
    "segment_prod",
    "segment_sum",
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
]

_REALS = FLOATS | INTEGERS
_SORTED_REALS = _REALS - {uint32, uint64}
_IDS = {1: {int32, int64}}

# ---------------------------------------------------------------------- the arithmetic, on arrays
#
# ``ids`` has the shape of data's leading axes; rows with a negative id are left out.


def _rows(data, ids):
    """Data with one leading axis, and the ids as a vector; ids to leave out become too large."""
    flat = ids.reshape(-1)
    rows = data.reshape(flat.shape + data.shape[ids.ndim :])
    return rows, jnp.where(flat < 0, jnp.iinfo(flat.dtype).max, flat)


def _scatter(data, ids, segments, first, method):
    rows, flat = _rows(data, ids)
    start = jnp.full((segments, *rows.shape[1:]), first, rows.dtype)
    return getattr(start.at[flat], method)(rows, mode="drop")


def _sums(data, ids, segments):
    return _scatter(data, ids, segments, 0, "add")


def _counts(data, ids, segments):
    """How many rows each segment has, shaped to be divided by; at least 1."""
    counts = _sums(jnp.ones(ids.shape, data.dtype), ids, segments)
    counts = jnp.maximum(counts, constant(1, data))
    return counts.reshape((segments,) + (1,) * (data.ndim - ids.ndim))


def _means(data, ids, segments):
    sums, counts = _sums(data, ids, segments), _counts(data, ids, segments)
    return lax.div(sums, jnp.broadcast_to(counts, sums.shape))


def _products(data, ids, segments):
    return _product_rule(segments, data, ids)


def _product_rule_fn(segments, data, ids):
    return _scatter(data, ids, segments, 1, "multiply")


_product_rule = custom_jvp(_product_rule_fn, static=(0,))


@_product_rule.defjvp
def _product_rule_jvp(segments, primals, tangents):
    # The product of the others: of all, divided by x, where nothing is 0; else of the nonzero ones,
    # which counts only where x is the segment's single 0.
    (data, ids), (change, _) = primals, tangents
    zero = data == 0
    zeros = _sums(zero.astype(np.int32), ids, segments)
    nonzero = _product_rule(segments, jnp.where(zero, constant(1, data), data), ids)
    picked = jnp.where(ids < 0, 0, ids)
    zeros_of, nonzero_of = zeros[picked], nonzero[picked]
    others = jnp.where(
        zero,
        jnp.where(zeros_of == 1, nonzero_of, constant(0, data)),
        jnp.where(zeros_of == 0, nonzero_of / jnp.where(zero, constant(1, data), data), 0),
    ).astype(data.dtype)
    return _product_rule(segments, data, ids), _sums(change * others, ids, segments)


def _extremes(method, first, segments, data, ids):
    return _scatter(data, ids, segments, first, method)


_extreme_rule = custom_jvp(_extremes, static=(0, 1, 2))


@_extreme_rule.defjvp
def _extreme_rule_jvp(method, first, segments, primals, tangents):
    # The gradient is shared evenly among the rows that attain the extreme.
    (data, ids), (change, _) = primals, tangents
    extreme = _extreme_rule(method, first, segments, data, ids)
    attained = (data == extreme[jnp.where(ids < 0, 0, ids)]).astype(data.dtype)
    ties = jnp.maximum(_sums(attained, ids, segments), constant(1, data))
    return extreme, _sums(change * attained, ids, segments) / ties


def _bounds(data):
    info = jnp.finfo if jnp.issubdtype(data.dtype, jnp.floating) else jnp.iinfo
    limits = info(data.dtype)
    kind = float if info is jnp.finfo else int
    return kind(limits.min), kind(limits.max)


def _maxima(data, ids, segments):
    return _extreme_rule("max", _bounds(data)[0], segments, data, ids)


def _minima(data, ids, segments):
    return _extreme_rule("min", _bounds(data)[1], segments, data, ids)


# ------------------------------------------------------------------------------------ sorted ids


def _sorted_rule(data, ids, *, segments):
    return aval((segments, *data.shape[1:]), data.dtype)


def _or_zero(function: Callable[..., Any]) -> Callable[..., Any]:
    """An extreme that passes over NaN and is 0 for segments without rows."""

    def with_zeros(data, ids, segments):
        lowest, highest = _bounds(data)
        passed_over = lowest if function is _maxima else highest
        found = function(jnp.where(data != data, constant(passed_over, data), data), ids, segments)
        filled = _sums(jnp.ones(ids.shape, np.int32), ids, segments) > 0
        filled = filled.reshape((segments,) + (1,) * (data.ndim - 1))
        return jnp.where(filled, found, constant(0, data))

    return with_zeros


def _sorted(name: str, function: Callable[..., Any], reads: tuple[int, ...], types: Any) -> Any:
    def fn(data, ids, *, segments):
        if not data.shape[0]:
            return data
        return function(data, ids, segments)

    primitive = Primitive(
        fn, name, same=(0,), kinds=_IDS, types=types, rule=_sorted_rule, reads=reads
    )

    def segment_op(data: Any, segment_ids: Any) -> Any:
        data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        if ids.dtype is not int32 and ids.dtype is not int64:
            raise _no_ids(name, ids.dtype)
        return primitive(data, ids, segments=_count_segments(primitive, data._aval, ids))

    return segment_op


def _count_segments(primitive: Primitive, data: Any, ids: Any) -> int:
    """The number of segments: the last id and one; checks that the ids ascend from 0."""
    if len(ids._aval.shape) != 1:
        raise primitive.name_error(invalid("segment_ids should be a vector."))
    if not data.shape or data.shape[0] != ids._aval.shape[0]:
        raise primitive.name_error(
            invalid("segment_ids should be the same size as dimension 0 of input.")
        )
    host = static_array(ids, "the number of segments (an argument of unsorted_segment_sum)")
    if not host.size:
        return 0
    segments = int(host[-1]) + 1
    if (host[1:] < host[:-1]).any():
        raise primitive.name_error(invalid("segment ids are not increasing"))
    if host[0] < 0:
        raise primitive.name_error(
            invalid(
                f"Segment id {host[0]} out of range [0, {segments}), possibly because "
                "'segment_ids' input is not sorted."
            )
        )
    return segments


def _no_ids(name: str, got: Any) -> NotFoundError:
    return NotFoundError(
        None,
        None,
        f"Could not find valid device for node.\nNode:{{{{node {name}}}}}\n"
        f"segment_ids must be int32 or int64, got {got.name} [Op:{name}]",
    )


_segment_sum = _sorted("SegmentSum", _sums, (1,), _SORTED_REALS | COMPLEXES)
_segment_mean = _sorted("SegmentMean", _means, (1,), _SORTED_REALS)
_segment_prod = _sorted("SegmentProd", _products, (0, 1), _SORTED_REALS | COMPLEXES)
_segment_max = _sorted("SegmentMax", _or_zero(_maxima), (0, 1), _SORTED_REALS)
_segment_min = _sorted("SegmentMin", _or_zero(_minima), (0, 1), _SORTED_REALS)


def segment_sum(data, segment_ids, name=None):
    """The sums of the rows of each segment.

    Args:
      data: a tensor of numbers, of shape ``(n, ...)``.
      segment_ids: the segment of each row, ascending from 0, of shape ``(n,)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(segment_ids[-1] + 1, ...)``; 0 for segments without rows.

    Raises:
      InvalidArgumentError: the ids don't ascend or their number differs from that of the rows.
    """
    return _segment_sum(data, segment_ids)


def segment_mean(data, segment_ids, name=None):
    """The means of the rows of each segment.

    Args:
      data: a tensor of real numbers, of shape ``(n, ...)``.
      segment_ids: the segment of each row, ascending from 0, of shape ``(n,)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(segment_ids[-1] + 1, ...)``; 0 for segments without rows.

    Raises:
      InvalidArgumentError: the ids don't ascend or their number differs from that of the rows.
    """
    return _segment_mean(data, segment_ids)


def segment_prod(data, segment_ids, name=None):
    """The products of the rows of each segment.

    Args:
      data: a tensor of numbers, of shape ``(n, ...)``.
      segment_ids: the segment of each row, ascending from 0, of shape ``(n,)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(segment_ids[-1] + 1, ...)``; 1 for segments without rows.

    Raises:
      InvalidArgumentError: the ids don't ascend or their number differs from that of the rows.
    """
    return _segment_prod(data, segment_ids)


def segment_max(data, segment_ids, name=None):
    """The greatest elements of the rows of each segment.

    Args:
      data: a tensor of real numbers, of shape ``(n, ...)``.
      segment_ids: the segment of each row, ascending from 0, of shape ``(n,)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(segment_ids[-1] + 1, ...)``; 0 for segments without rows. The gradient
      is shared among ties.

    Raises:
      InvalidArgumentError: the ids don't ascend or their number differs from that of the rows.
    """
    return _segment_max(data, segment_ids)


def segment_min(data, segment_ids, name=None):
    """The least elements of the rows of each segment.

    Args:
      data: a tensor of real numbers, of shape ``(n, ...)``.
      segment_ids: the segment of each row, ascending from 0, of shape ``(n,)``.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(segment_ids[-1] + 1, ...)``; 0 for segments without rows. The gradient
      is shared among ties.

    Raises:
      InvalidArgumentError: the ids don't ascend or their number differs from that of the rows.
    """
    return _segment_min(data, segment_ids)


# ---------------------------------------------------------------------------------- unsorted ids


def _unsorted_rule(data, ids, *, segments):
    rank = len(ids.shape)
    if data.shape[:rank] != ids.shape:
        raise invalid(
            f"data.shape = {text(data.shape)} does not start with segment_ids.shape = "
            f"{text(ids.shape)}"
        )
    return aval((segments, *data.shape[rank:]), data.dtype)


def _find_large(xp, ids, *, segments):
    """The place of the first id that is too large, and that id."""
    flat = ids.reshape(-1)
    if not flat.size:
        return np.array([-1, 0])
    large = flat >= segments
    place = xp.argmax(large)
    found = xp.where(xp.any(large), place, -1)
    return xp.stack([found.astype(np.int64), flat[place].astype(np.int64)])


def _large_message(found, data, ids, *, segments):
    place = ",".join(map(str, np.unravel_index(int(found[0]), ids.shape)))
    where = f"segment_ids[{place}]" if ids.shape else "segment_ids"
    return f"{where} = {int(found[1])} is out of range [0, {segments})"


_LARGE = Check(_find_large, _large_message, reads=(1,))


def _unsorted(name: str, function: Callable[..., Any], reads: tuple[int, ...], types: Any) -> Any:
    def fn(data, ids, *, segments):
        return function(data, ids, segments)

    primitive = Primitive(
        fn, name, same=(0,), kinds=_IDS, types=types, rule=_unsorted_rule, reads=reads, check=_LARGE
    )

    def segment_op(data: Any, segment_ids: Any, num_segments: Any) -> Any:
        data, ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        if ids.dtype is not int32 and ids.dtype is not int64:
            raise _no_ids(name, ids.dtype)
        return primitive(data, ids, segments=_static_count(primitive, num_segments))

    return segment_op


def _static_count(primitive: Primitive, num_segments: Any) -> int:
    value = integers(num_segments, "num_segments")
    if value is None:
        raise primitive.name_error(
            invalid(
                f"Value for attr 'Tnumsegments' of {num_segments!r} is not in the list of allowed "
                "values: int32, int64"
            )
        )
    if value.ndim:
        raise primitive.name_error(
            invalid(f"num_segments should be a scalar, not shape {text(value.shape)}")
        )
    if value < 0:
        raise primitive.name_error(
            invalid(f"Input num_segments == {int(value)} must not be negative.")
        )
    return int(value)


def _unsorted_means(data, ids, segments):
    return _sums(data, ids, segments) / _counts(data, ids, segments)


def _scaled_sums(data, ids, segments):
    return _sums(data, ids, segments) / jnp.sqrt(_counts(data, ids, segments))


_unsorted_sum = _unsorted("UnsortedSegmentSum", _sums, (1,), _REALS | COMPLEXES)
_unsorted_prod = _unsorted("UnsortedSegmentProd", _products, (0, 1), _REALS | COMPLEXES)
_unsorted_max = _unsorted("UnsortedSegmentMax", _maxima, (0, 1), _REALS)
_unsorted_min = _unsorted("UnsortedSegmentMin", _minima, (0, 1), _REALS)
_unsorted_mean = _unsorted("UnsortedSegmentSum", _unsorted_means, (1,), FLOATS | COMPLEXES)
_unsorted_sqrt_n = _unsorted("UnsortedSegmentSum", _scaled_sums, (1,), FLOATS | COMPLEXES)


def unsorted_segment_sum(data, segment_ids, num_segments, name=None):
    """The sums of the elements of each segment; ids may come in any order.

    Args:
      data: a tensor of numbers, whose leading axes are those of ``segment_ids``.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; 0 for segments without elements.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    return _unsorted_sum(data, segment_ids, num_segments)


def unsorted_segment_prod(data, segment_ids, num_segments, name=None):
    """The products of the elements of each segment; ids may come in any order.

    Args:
      data: a tensor of numbers, whose leading axes are those of ``segment_ids``.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; 1 for segments without elements.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    return _unsorted_prod(data, segment_ids, num_segments)


def unsorted_segment_max(data, segment_ids, num_segments, name=None):
    """The greatest elements of each segment; ids may come in any order.

    Args:
      data: a tensor of real numbers, whose leading axes are those of ``segment_ids``.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; the type's lowest number for segments without
      elements. The gradient is shared among ties.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    return _unsorted_max(data, segment_ids, num_segments)


def unsorted_segment_min(data, segment_ids, num_segments, name=None):
    """The least elements of each segment; ids may come in any order.

    Args:
      data: a tensor of real numbers, whose leading axes are those of ``segment_ids``.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; the type's highest number for segments without
      elements. The gradient is shared among ties.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    return _unsorted_min(data, segment_ids, num_segments)


def unsorted_segment_mean(data, segment_ids, num_segments, name=None):
    """The means of the elements of each segment; ids may come in any order.

    Args:
      data: a tensor of numbers, whose leading axes are those of ``segment_ids``; int32 and int64
        are averaged as float64.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; 0 for segments without elements.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    data = convert_to_tensor(data)
    if data.dtype is int32 or data.dtype is int64:
        from reflow._arrays.casting import cast

        data = cast(data, float64)
    return _unsorted_mean(data, segment_ids, num_segments)


def unsorted_segment_sqrt_n(data, segment_ids, num_segments, name=None):
    """The sums of each segment, divided by the root of its size; ids may come in any order.

    Args:
      data: a tensor of floating type, whose leading axes are those of ``segment_ids``.
      segment_ids: a tensor of ids less than ``num_segments``; elements with a negative id are
        left out.
      num_segments: the number of segments.
      name: unused in eager code.

    Returns:
      A tensor of shape ``(num_segments, ...)``; 0 for segments without elements.

    Raises:
      InvalidArgumentError: an id is too large or the shapes don't fit.
    """
    return _unsorted_sqrt_n(data, segment_ids, num_segments)
