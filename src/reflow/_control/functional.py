"""``tf.map_fn``, ``tf.foldl``, ``tf.foldr``, ``tf.scan``, ``tf.vectorized_map``.

In eager code these are Python loops over the first axis. Inside a compiled function the body is
traced once and becomes a scan, through which gradients flow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow._arrays.creation import zeros
from reflow._arrays.stacking import concat, stack, unstack
from reflow.core import control, nest, record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import as_dtype
from reflow.core.errors import InvalidArgumentError, OperatorNotAllowedInGraphError
from reflow.core.tensor import Tensor

__all__ = ["foldl", "foldr", "map_fn", "scan", "vectorized_map"]


def _elements(elems: Any) -> list[Tensor]:
    """The leaves of ``elems`` as tensors of at least one dimension and of one length."""
    flat = [convert_to_tensor(e) for e in nest.flatten(elems)]
    for tensor in flat:
        if not tensor._shape_tuple():
            raise ValueError("elems must be a 1+ dimensional Tensor, not a scalar")
    lengths = {t._shape_tuple()[0] for t in flat}
    if len(lengths) > 1:
        raise ValueError(f"elems must have one length along the first axis, got {sorted(lengths)}")
    return flat


def _rows(flat: list[Tensor]) -> list[tuple[Tensor, ...]]:
    return list(zip(*[unstack(t) for t in flat], strict=True))


def _tensors(structure: Any) -> list[Tensor]:
    return [convert_to_tensor(v) for v in nest.flatten(structure)]


def _check_callable(fn: Any) -> None:
    if not callable(fn):
        raise TypeError("fn must be callable.")


def map_fn(
    fn: Callable[..., Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """Applies ``fn`` to each row of ``elems`` and stacks the results.

    Args:
      fn: takes a row (in the structure of ``elems``), returns a tensor or structure of tensors.
      elems: a tensor of shape ``(n, ...)``, or a structure of such tensors.
      dtype: the dtype(s) that ``fn`` returns, in the structure it returns; that of ``elems`` by
        default.

    Returns:
      Tensors of shape ``(n, ...)`` in the structure of ``dtype``.

    Raises:
      TypeError: ``fn`` is not callable.
      ValueError: ``elems`` is a scalar, or ``fn`` returns another structure than said.
      InvalidArgumentError: ``fn`` returns another dtype than said.
    """
    _check_callable(fn)
    flat = _elements(elems)
    structure = elems if dtype is None else dtype
    dtypes = (
        [t.dtype for t in flat] if dtype is None else [as_dtype(d) for d in nest.flatten(dtype)]
    )

    def call(row: Any) -> list[Tensor]:
        returned = fn(nest.pack_sequence_as(elems, list(row)))
        nest.assert_same_structure(structure, returned)
        tensors = [
            convert_to_tensor(r, dtype_hint=wanted)
            for r, wanted in zip(nest.flatten(returned), dtypes, strict=True)
        ]
        for tensor, wanted in zip(tensors, dtypes, strict=True):
            if tensor.dtype is not wanted:
                raise InvalidArgumentError(
                    None,
                    None,
                    f"TensorArray dtype is {wanted.label} but Op is trying to write dtype "
                    f"{tensor.dtype.label} (map_fn: say with dtype= what fn returns)",
                )
        return tensors

    if record.state.segment.capture is not None:
        more = _more_ops(len(flat), len(dtypes))
        _, stacked = control.scan(lambda carried, row: ([], call(row)), [], flat, more_ops=more)
    else:
        rows = [call(row) for row in _rows(flat)]
        if rows:
            stacked = [stack(list(column)) for column in zip(*rows, strict=True)]
        else:  # nobody knows the shape of a row
            stacked = [zeros([0], wanted) for wanted in dtypes]
    return nest.pack_sequence_as(structure, stacked)


def vectorized_map(fn: Callable[..., Any], elems: Any) -> Any:
    """``map_fn`` that runs ``fn`` once, on all rows together.

    A function that can't be compiled (it assigns variables, or reads values) runs row by row.

    Args:
      fn: takes a row (in the structure of ``elems``).
      elems: a tensor of shape ``(n, ...)``, or a structure of such tensors.

    Returns:
      What ``fn`` returns, stacked.
    """
    _check_callable(fn)
    flat = _elements(elems)
    returned: list[Any] = []

    def call(row: Any) -> list[Tensor]:
        returned.append(fn(nest.pack_sequence_as(elems, list(row))))
        return _tensors(returned[-1])

    try:
        stacked = control.vectorize(call, flat)
    except OperatorNotAllowedInGraphError:
        if record.state.segment.capture is not None:
            raise
        _, stacked = _scan_rows(lambda carried, row: ([], call(row)), [], flat, False)
    return nest.pack_sequence_as(returned[-1], stacked)


def _scan_rows(
    step: Callable[..., tuple[list[Tensor], list[Tensor]]],
    carried: list[Tensor],
    flat: list[Tensor],
    reverse: bool,
    more_ops: int = 0,
) -> tuple[list[Tensor], list[Tensor]]:
    """``carried, outputs = step(carried, row)`` over the rows; outputs stacked in their order."""
    if record.state.segment.capture is not None:
        return control.scan(step, carried, flat, reverse, _more_ops(len(flat), more_ops))
    rows = _rows(flat)
    found = []
    for row in reversed(rows) if reverse else rows:
        carried, output = step(carried, list(row))
        found.append(output)
    if reverse:
        found.reverse()
    return carried, [stack(list(column)) for column in zip(*found, strict=True)]


def _more_ops(inputs: int, others: int) -> int:
    """Ops at the start of a body in TF's graph beyond those here, which seed its random ops.

    Three numbers of iterations, two ops to take a row of an input, and others: a list for each
    output, or the arithmetic to count down.
    """
    return 3 + 2 * inputs + others


def _start(elems: Any, flat: list[Tensor], initializer: Any, reverse: bool) -> Any:
    """The first accumulator (in a structure), and the rows that are left."""
    if initializer is not None:
        return initializer, flat
    if flat[0]._shape_tuple()[0] == 0:
        raise ValueError("elems must not be empty if there is no initializer")
    edge = -1 if reverse else 0
    rest = slice(None, -1) if reverse else slice(1, None)
    first = nest.pack_sequence_as(elems, [t[edge] for t in flat])  # type: ignore[index]
    return first, [t[rest] for t in flat]  # type: ignore[index]


def _next(structure: Any, returned: Any) -> list[Tensor]:
    """What ``fn`` returned as the next accumulated value."""
    nest.assert_same_structure(structure, returned)
    return _tensors(returned)


def _fold(fn: Callable[..., Any], elems: Any, initializer: Any, reverse: bool) -> Any:
    _check_callable(fn)
    flat = _elements(elems)
    structure, flat = _start(elems, flat, initializer, reverse)

    def step(carried: Any, row: Any) -> tuple[list[Tensor], list[Tensor]]:
        accumulated = nest.pack_sequence_as(structure, list(carried))
        return _next(structure, fn(accumulated, nest.pack_sequence_as(elems, list(row)))), []

    carried, _ = _scan_rows(step, _tensors(structure), flat, reverse, 2 if reverse else 0)
    return nest.pack_sequence_as(structure, carried)


def foldl(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Folds from the left: ``fn(... fn(fn(initializer, e0), e1) ..., en)``.

    Args:
      fn: takes the accumulated value and a row, returns the new accumulated value.
      elems: a tensor of shape ``(n, ...)``, or a structure of such tensors.
      initializer: what to start from; the first row by default.

    Returns:
      The last accumulated value.

    Raises:
      TypeError: ``fn`` is not callable.
      ValueError: ``elems`` is a scalar.
    """
    return _fold(fn, elems, initializer, False)


def foldr(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Folds from the right: ``fn(... fn(fn(initializer, en), en-1) ..., e0)``; see ``foldl``."""
    return _fold(fn, elems, initializer, True)


def scan(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """Like ``foldl``, but returns every accumulated value, stacked.

    Args:
      fn: takes the accumulated value and a row, returns the new accumulated value.
      elems: a tensor of shape ``(n, ...)``, or a structure of such tensors.
      initializer: what to start from; the first row by default (it is then the first result).
      reverse: go from the last row to the first.

    Returns:
      Tensors of shape ``(n, ...)`` in the structure of the accumulated value.

    Raises:
      TypeError: ``fn`` is not callable.
      ValueError: ``elems`` is a scalar.
    """
    _check_callable(fn)
    flat = _elements(elems)
    structure, rest = _start(elems, flat, initializer, reverse)
    first = _tensors(structure)

    def step(carried: Any, row: Any) -> tuple[list[Tensor], list[Tensor]]:
        accumulated = nest.pack_sequence_as(structure, list(carried))
        after = _next(structure, fn(accumulated, nest.pack_sequence_as(elems, list(row))))
        return after, after

    if rest[0]._shape_tuple()[0] == 0:
        if initializer is None:
            return nest.pack_sequence_as(structure, [stack([t]) for t in first])
        return nest.pack_sequence_as(
            structure, [zeros([0, *t._shape_tuple()], t.dtype) for t in first]
        )
    _, stacked = _scan_rows(step, first, rest, reverse, len(first))
    if initializer is None:
        edges = [stack([t]) for t in first]
        pairs = zip(stacked, edges, strict=True) if reverse else zip(edges, stacked, strict=True)
        stacked = [concat(list(pair), 0) for pair in pairs]
    return nest.pack_sequence_as(structure, stacked)
