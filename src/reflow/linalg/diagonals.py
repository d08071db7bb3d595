"""Diagonals: taken from matrices, put into them, and bands of them.

A band of diagonals ``k = (lowest, highest)`` is a matrix with one row per diagonal, the highest
first, each aligned to the left and padded at its end. (TF 2.1.0 documents ``k`` but its release
takes the main diagonal whatever ``k`` says; here ``k`` means what the documentation says.)
"""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.aval import Aval, aval
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import COMPLEXES, FLOATS, INTEGERS, bool_, float32, float64, int32, int64
from reflow.core.errors import invalid
from reflow.core.lazy import jnp
from reflow.core.op import Primitive, op
from reflow.core.rules import text
from reflow.core.static import static_int, static_ints
from reflow.core.tensor import Tensor
from reflow.math._common import scoped

__all__ = [
    "band_part",
    "diag",
    "diag_part",
    "set_diag",
    "tensor_diag",
    "tensor_diag_part",
    "trace",
]

_TYPES = FLOATS | COMPLEXES | INTEGERS | {bool_}
_TENSOR_TYPES = COMPLEXES | {float32, float64, int32, int64}
Band = tuple[int, int]


# ----------------------------------------------------------------------------- bands, in general


def _band(k: Any) -> Band:
    """The lowest and the highest diagonal that ``k`` means."""
    found = static_ints(k, "k")
    ends = (found,) if isinstance(found, int) else found
    if len(ends) not in (1, 2):
        raise invalid(
            f"diag_index must have only one or two elements, received {len(ends)} elements."
        )
    low, high = ends[0], ends[-1]
    if low > high:
        raise invalid(f"lower_diag_index must not be larger than upper_diag_index: {low} > {high}")
    return low, high


def _length(rows: int, columns: int, offset: int) -> int:
    """The number of elements on a diagonal."""
    return max(0, min(rows + min(offset, 0), columns - max(offset, 0)))


def _longest(rows: int, columns: int, band: Band) -> int:
    low, high = band
    return min(rows + min(high, 0), columns - max(low, 0))


def _check_band(rows: int, columns: int, band: Band) -> None:
    for which, offset in zip(("lower", "upper"), band, strict=True):
        if offset and not -rows < offset < columns:
            raise invalid(
                f"{which}_diag_index is out of bound: {offset}. It must be between {-rows} and "
                f"{columns}"
            )


def _put(matrix: Any, diagonal: Any, band: Band) -> Any:
    """The matrix with diagonals replaced; ``diagonal`` has one axis less for a single one."""
    rows, columns = matrix.shape[-2:]
    low, high = band
    if low == high:
        diagonal = diagonal[..., None, :]
    offsets = jnp.arange(columns) - jnp.arange(rows)[:, None]
    for offset in range(low, high + 1):
        start, length = max(offset, 0), _length(rows, columns, offset)
        values = diagonal[..., high - offset, :length]
        margins = [(0, 0)] * (values.ndim - 1) + [(start, columns - start - length)]
        by_column = jnp.pad(values, margins)[..., None, :]
        matrix = jnp.where(offsets == offset, by_column, matrix)
    return matrix


def _padding(primitive: Primitive, value: Any, beside: Tensor) -> Any:
    """The padding value, which for booleans may be given as 0."""
    if beside.dtype not in _TYPES:
        raise primitive.no_kernel(beside.dtype)
    return bool(value) if beside.dtype is bool_ else value


# ------------------------------------------------------------------------------ diag and set_diag


def _diag_rule(diagonal: Aval, padding: Aval, *, band: Band, rows: int, columns: int) -> Aval:
    return aval((*_batch(diagonal, band), rows, columns), diagonal.dtype)


def _batch(diagonal: Aval, band: Band) -> tuple[int, ...]:
    return diagonal.shape[:-1] if band[0] == band[1] else diagonal.shape[:-2]


@op("MatrixDiag", types=_TYPES, rule=_diag_rule, reads=())
def _diag(diagonal, padding, *, band, rows, columns):
    batch = diagonal.shape[: -1 if band[0] == band[1] else -2]
    return _put(jnp.broadcast_to(padding, (*batch, rows, columns)), diagonal, band)


def diag(diagonal, name="diag", k=0, num_rows=-1, num_cols=-1, padding_value=0):
    """Matrices with given diagonals.

    Args:
      diagonal: a tensor ``(..., length)``, or ``(..., diagonals, longest)`` for a band.
      name: unused in eager code.
      k: the diagonal's offset, positive above the main one, or ``(lowest, highest)`` of a band.
      num_rows: the number of rows; by default as few as will do.
      num_cols: the number of columns; by default as few as will do.
      padding_value: what stands elsewhere.

    Returns:
      A tensor ``(..., rows, columns)``.

    Raises:
      InvalidArgumentError: if the arguments do not fit together.
    """
    diagonal = convert_to_tensor(diagonal)
    if diagonal.ndim < 1:
        raise invalid(
            f"diagonal must be at least 1-dim, received shape: {text(diagonal._aval.shape)} "
            "[Op:MatrixDiag] name: diag"
        )
    low, high = band = _band(k)
    sizes = diagonal._aval.shape
    if low != high and (len(sizes) < 2 or sizes[-2] != high - low + 1):
        raise invalid(
            "The number of diagonals provided in the input does not match the lower_diag_index "
            "and upper_diag_index range. [Op:MatrixDiag]"
        )
    rows, columns = _matrix_size(
        sizes[-1], band, static_int(num_rows, "num_rows"), static_int(num_cols, "num_cols")
    )
    padding = _padding(_diag, padding_value, diagonal)
    return _diag(diagonal, padding, band=band, rows=rows, columns=columns)


def _matrix_size(length: int, band: Band, rows: int, columns: int) -> tuple[int, int]:
    """The size of the matrix that diagonals of this length fit into."""
    low, high = band
    least_rows, least_columns = length - min(high, 0), length + max(low, 0)
    if rows == -1 and columns == -1:
        size = max(least_rows, least_columns)
        return size, size
    if rows != -1 and rows < least_rows:
        raise invalid("The number of rows is too small. [Op:MatrixDiag]")
    if columns != -1 and columns < least_columns:
        raise invalid("The number of columns is too small. [Op:MatrixDiag]")
    rows = least_rows if rows == -1 else rows
    columns = least_columns if columns == -1 else columns
    if rows != least_rows and columns != least_columns:
        raise invalid(
            "The number of rows or columns is not consistent with the specified d_lower, d_upper, "
            "and diagonal. [Op:MatrixDiag]"
        )
    return rows, columns


def _set_diag_rule(matrix: Aval, diagonal: Aval, *, band: Band) -> Aval:
    for what, kind, least in (("input", matrix, 2), ("diagonal", diagonal, 1)):
        if len(kind.shape) < least:
            raise invalid(
                f"{what} must be at least {least}-dim, received shape: {text(kind.shape)}"
            )
    rows, columns = matrix.shape[-2:]
    _check_band(rows, columns, band)
    low, high = band
    count = () if low == high else (high - low + 1,)
    expected = (*matrix.shape[:-2], *count, _longest(rows, columns, band))
    if diagonal.shape != expected:
        raise invalid(
            "Either first dimensions of diagonal don't match input.shape[:-2], or "
            "diagonal.shape[:-1] is not equal to the longests diagonal in range "
            "[lower_diag_index:upper_diag_index].\n"
            f"Input shape: {text(matrix.shape)}\nDiagonal shape: {text(diagonal.shape)}\n"
            f"Expected diagonal shape: {text(expected)}"
        )
    return matrix


@op("MatrixSetDiag", types=_TYPES, rule=_set_diag_rule, reads=())
def _set_diag(matrix, diagonal, *, band):
    return _put(matrix, diagonal, band)


def set_diag(input, diagonal, name="set_diag", k=0):
    """Matrices with diagonals replaced.

    Args:
      input: a tensor ``(..., rows, columns)``.
      diagonal: what to put there: ``(..., length)``, or ``(..., diagonals, longest)`` for a band.
      name: unused in eager code.
      k: the diagonal's offset, positive above the main one, or ``(lowest, highest)`` of a band.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if the shapes do not fit.
    """
    return _set_diag(input, diagonal, band=_band(k))


# --------------------------------------------------------------------------------- reading


def _diag_part_rule(matrix: Aval, padding: Aval, *, band: Band) -> Aval:
    if len(matrix.shape) < 2:
        raise invalid(f"input must be at least 2-dim, received shape: {text(matrix.shape)}")
    rows, columns = matrix.shape[-2:]
    _check_band(rows, columns, band)
    low, high = band
    count = () if low == high else (high - low + 1,)
    return aval((*matrix.shape[:-2], *count, _longest(rows, columns, band)), matrix.dtype)


@scoped("MatrixDiagPart", "diag_part", types=_TYPES, rule=_diag_part_rule, reads=())
def _diag_part(matrix, padding, *, band):
    low, high = band
    longest = _longest(*matrix.shape[-2:], band)
    lines = []
    for offset in range(high, low - 1, -1):
        line = jnp.diagonal(matrix, offset, -2, -1)
        margins = [(0, 0)] * (line.ndim - 1) + [(0, longest - line.shape[-1])]
        mask = jnp.arange(longest) < line.shape[-1]
        lines.append(jnp.where(mask, jnp.pad(line, margins), padding))
    return lines[0] if low == high else jnp.stack(lines, -2)


def diag_part(input, name="diag_part", k=0, padding_value=0):
    """The diagonals of matrices.

    Args:
      input: a tensor ``(..., rows, columns)``.
      name: unused in eager code.
      k: the diagonal's offset, positive above the main one, or ``(lowest, highest)`` of a band.
      padding_value: what fills up the shorter diagonals of a band.

    Returns:
      A tensor ``(..., length)``, or ``(..., diagonals, longest)`` for a band.

    Raises:
      InvalidArgumentError: if there is no such diagonal.
    """
    input = convert_to_tensor(input)
    return _diag_part(input, _padding(_diag_part, padding_value, input), band=_band(k))


def trace(x, name=None):
    """The sum of the main diagonal.

    Args:
      x: a tensor of numbers ``(..., rows, columns)``.
      name: unused in eager code.

    Returns:
      A tensor ``(...)`` of the same dtype.

    Raises:
      InvalidArgumentError: if ``x`` is no matrix.
    """
    return tf.reduce_sum(diag_part(x), [-1])


def _band_part_rule(x: Aval, *, lower: int, upper: int) -> Aval:
    if len(x.shape) < 2:
        raise invalid(f"input must be at least 2-dim, received shape: {text(x.shape)}")
    rows, columns = x.shape[-2:]
    if lower > rows:
        raise invalid(
            f"num_lower must be negative or less or equal to number of rows ({rows}) got: {lower}"
        )
    if upper > columns:
        raise invalid(
            "num_upper must be negative or less or equal to number of columns "
            f"({columns}) got: {upper}"
        )
    return x


@op("MatrixBandPart", types=_TYPES, rule=_band_part_rule, reads=())
def _band_part(x, *, lower, upper):
    rows, columns = x.shape[-2:]
    offsets = jnp.arange(columns) - jnp.arange(rows)[:, None]
    kept = jnp.ones_like(offsets, bool)
    if lower >= 0:
        kept &= offsets >= -lower
    if upper >= 0:
        kept &= offsets <= upper
    return jnp.where(kept, x, jnp.zeros_like(x))


def band_part(input, num_lower, num_upper, name=None):
    """Matrices with everything outside a band set to 0.

    ``band_part(x, -1, 0)`` is the lower triangle, ``band_part(x, 0, -1)`` the upper one.

    Args:
      input: a tensor ``(..., rows, columns)``.
      num_lower: how many diagonals to keep below the main one; negative keeps all.
      num_upper: how many diagonals to keep above the main one; negative keeps all.
      name: unused in eager code.

    Returns:
      A tensor like ``input``.

    Raises:
      InvalidArgumentError: if there are not that many diagonals.
    """
    lower, upper = static_int(num_lower, "num_lower"), static_int(num_upper, "num_upper")
    return _band_part(input, lower=lower, upper=upper)


# ------------------------------------------------------------------------------- whole tensors


def _tensor_diag_rule(diagonal: Aval) -> Aval:
    if not diagonal.shape:
        raise invalid("Input must be at least rank 1, got 0")
    return aval(diagonal.shape * 2, diagonal.dtype)


@op("Diag", types=_TENSOR_TYPES, rule=_tensor_diag_rule, reads=())
def _tensor_diag(diagonal):
    shape = diagonal.shape
    flat = diagonal.reshape(-1)
    square = _put(jnp.zeros((flat.size, flat.size), flat.dtype), flat, (0, 0))
    return square.reshape(shape * 2)


def tensor_diag(diagonal, name=None):
    """A tensor of twice the rank, zero except for ``out[i..., i...] = diagonal[i...]``.

    Args:
      diagonal: a tensor of numbers, of rank 1 or more.
      name: unused in eager code.

    Returns:
      A tensor ``(*diagonal.shape, *diagonal.shape)``.
    """
    return _tensor_diag(diagonal)


def _tensor_diag_part_rule(x: Aval) -> Aval:
    rank = len(x.shape)
    if rank % 2:
        raise invalid(
            f"The rank of the tensor should be even and positive, got shape {text(x.shape)}"
        )
    half = rank // 2
    for i in range(half):
        if x.shape[i] != x.shape[i + half]:
            raise invalid(
                f"Invalid shape {text(x.shape)}: dimensions {i} and {i + half} do not match."
            )
    return aval(x.shape[:half], x.dtype)


@op("DiagPart", types=_TENSOR_TYPES, rule=_tensor_diag_part_rule, reads=())
def _tensor_diag_part(x):
    shape = x.shape[: x.ndim // 2]
    size = 1
    for n in shape:
        size *= n
    return jnp.diagonal(x.reshape(size, size)).reshape(shape)


def tensor_diag_part(input, name=None):
    """The diagonal of a tensor of even rank: ``out[i...] = input[i..., i...]``.

    Args:
      input: a tensor of numbers whose second half of axes has the sizes of the first.
      name: unused in eager code.

    Returns:
      A tensor of half the rank.

    Raises:
      InvalidArgumentError: if the axes do not match.
    """
    return _tensor_diag_part(input)
