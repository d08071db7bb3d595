"""``while`` and ``for`` in converted functions."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from reflow._arrays.gathering import gather
from reflow._arrays.ranges import range as tensor_range
from reflow._control.tensor_array import TensorArray
from reflow.autograph.branches import Get, Set
from reflow.autograph.conversion import converted
from reflow.autograph.state import MISSING, Layout, copied, is_tracing, tensor_of
from reflow.core import control
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import bool_, int32, int64
from reflow.core.errors import InvalidArgumentError
from reflow.core.tensor import Tensor
from reflow.core.tracing import trace
from reflow.core.variable import Variable
from reflow.math.arithmetic import add
from reflow.math.comparison import greater, less, logical_and, logical_or


def while_stmt(
    test: Callable[[], Any],
    body: Callable[[], None],
    get: Get,
    set_state: Set,
    names: tuple[str, ...],
    binds: bool,
) -> None:
    """Runs ``body`` while ``test()`` holds; compiles a loop if it is a tensor.

    Args:
      test, body: the loop.
      get, set_state: reads and replaces the variables that the loop carries.
      names: those variables.
      binds: whether the test assigns variables itself (``:=``).

    Raises:
      ValueError: a variable is unbound before the loop, or changes its shape.
      TypeError: it changes its dtype.
    """
    first = test()
    if not (is_tracing() and isinstance(first, Tensor | Variable)):
        while first:
            body()
            first = test()
        return

    def step() -> list[Tensor]:
        if binds:  # the compiled test is apart from the body, which needs what it assigns
            test()
        body()
        return []

    _run(test, step, [], get, set_state, names)
    if binds:
        test()


class Range:
    """``tf.range`` with bounds that only a call knows, as a ``for`` statement counts it."""

    def __init__(self, start: Any, limit: Any, delta: Any, dtype: Any) -> None:
        parts = [convert_to_tensor(part, dtype) for part in (start, limit, delta)]
        symbolic = next((p for p in parts if tensor_of(p) is not None), parts[0])
        if dtype is None:
            parts = [convert_to_tensor(p, symbolic.dtype) if tensor_of(p) is None else p
                     for p in (start, limit, delta)]  # fmt: skip
        self.start, self.limit, self.delta = parts

    def holds(self, place: Tensor) -> Tensor:
        """Whether the count has not come to its limit."""
        zero = convert_to_tensor(0, self.delta.dtype)
        up = logical_and(greater(self.delta, zero), less(place, self.limit))
        down = logical_and(less(self.delta, zero), greater(place, self.limit))
        return logical_or(up, down)


class Listed:
    """``tf.range`` with known bounds, as the tensor that it returns."""

    def __init__(self, numbers: Tensor) -> None:
        self.numbers = numbers


# Ops that TF's graph of a loop's body holds at first beyond those here; see control.loop.
_MORE_COUNTED, _MORE_LISTED, _MORE_OF_ROWS = 3, -2, 0


def iterable(function: Any) -> Any:
    """What to call in place of ``function`` in ``for x in function(...)``."""
    if function is tensor_range:
        return _tensor_range
    if function is builtins.range:
        return python_range
    return converted(function)


def _tensor_range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = None
) -> Any:
    first, last = (0, start) if limit is None else (start, limit)
    if all(tensor_of(part) is None for part in (first, last, delta)):
        return Listed(tensor_range(first, last, delta, dtype, name))
    return Range(first, last, delta, dtype)


def python_range(*args: Any) -> Any:
    """``range``, which takes tensors too."""
    tensors = (Tensor, Variable)
    return _tensor_range(*args) if any(isinstance(a, tensors) for a in args) else range(*args)


def for_stmt(
    iterated: Any,
    go_on: Callable[[], Any] | None,
    body: Callable[[Any], None],
    get: Get,
    set_state: Set,
    names: tuple[str, ...],
) -> None:
    """Runs ``body(item)`` for the items; compiles a loop over a tensor's first axis.

    Args:
      iterated: a tensor, a ``Range``, or what Python can iterate over.
      go_on: says after each item whether to go on; None if nothing stops the loop.
      body: takes an item.
      get, set_state, names: as for ``while_stmt``.

    Raises:
      ValueError: the tensor is a scalar; and as ``while_stmt``.
    """
    more = _MORE_OF_ROWS
    if isinstance(iterated, Listed):
        iterated, more = iterated.numbers, _MORE_LISTED
    if isinstance(iterated, Range):
        _count(iterated, go_on, body, get, set_state, names)
    elif is_tracing() and isinstance(iterated, Tensor | Variable):
        _over_rows(convert_to_tensor(iterated), go_on, body, get, set_state, names, more)
    else:
        for item in iterated:
            body(item)
            if go_on is not None and not go_on():
                break


def _count(
    counted: Range, go_on: Any, body: Any, get: Get, set_state: Set, names: tuple[str, ...]
) -> None:
    def test(place: Tensor) -> Any:
        return counted.holds(place)

    def step(place: Tensor) -> Tensor:
        body(place)
        return add(place, counted.delta)

    _run_counted(test, step, counted.start, go_on, get, set_state, names, _MORE_COUNTED)


def _over_rows(
    tensor: Tensor, go_on: Any, body: Any, get: Get, set_state: Set, names: Any, more_ops: int
) -> None:
    shape = tensor._shape_tuple()
    if not shape:
        raise ValueError(f"len requires a non-scalar tensor, got one of shape {tensor.shape}")
    dtype = int64 if shape[0] >= 1 << 31 else int32

    def test(place: Tensor) -> Any:
        return less(place, convert_to_tensor(shape[0], dtype))

    def step(place: Tensor) -> Tensor:
        body(gather(tensor, place))
        return add(place, convert_to_tensor(1, dtype))

    start = convert_to_tensor(0, dtype)
    _run_counted(test, step, start, go_on, get, set_state, names, more_ops)


def _run_counted(
    test: Any,
    step: Any,
    start: Tensor,
    go_on: Any,
    get: Get,
    set_state: Set,
    names: tuple[str, ...],
    more_ops: int,
) -> None:
    def both(place: Tensor) -> Any:
        more = test(place)
        return more if go_on is None else logical_and(more, go_on())

    _run(both, lambda place: [step(place)], [start], get, set_state, names, more_ops)


def _run(
    test: Callable[..., Any],
    step: Callable[..., list[Tensor]],
    counters: list[Tensor],
    get: Get,
    set_state: Set,
    names: tuple[str, ...],
    more_ops: int = 2,
) -> None:
    """A loop op that carries ``counters``, given to ``test`` and ``step``, and the state."""
    before = get()
    _check_before(names, before)
    before = _with_shapes(before, lambda: step(*counters), get, set_state)
    enter = Layout(names, before, before)
    count = len(counters)

    def at(tensors: Sequence[Tensor]) -> Sequence[Tensor]:
        if set_state is not None:
            set_state(enter.pack(tensors[count:]))
        return tensors[:count]

    def condition(*tensors: Tensor) -> Any:
        return _scalar(test(*at(tensors)))

    def body(*tensors: Tensor) -> list[Tensor]:
        after = step(*at(tensors))
        leave = Layout(names, get(), before)
        _check_alike(enter, leave)
        return [*after, *leave.tensors]

    results = control.loop(condition, body, [*counters, *enter.tensors], None, more_ops=more_ops)
    if set_state is not None:
        set_state(enter.pack(results[count:]))


def _with_shapes(
    before: Sequence[Any], step: Callable[[], Any], get: Get, set_state: Set
) -> Sequence[Any]:
    """The state, its TensorArrays with the shapes of what a step of the loop writes to them."""

    def is_open(value: Any) -> bool:
        return isinstance(value, TensorArray) and not value.element_shape.is_fully_defined()

    if not any(map(is_open, before)) or set_state is None:
        return before
    after: Sequence[Any] = before

    def probe() -> list[Tensor]:
        nonlocal after
        set_state(copied(before))
        step()
        after = get()
        return []

    trace(probe, [], probe, nested=True, repeats=True)
    known = list(before)
    for place, (value, written) in enumerate(zip(before, after, strict=True)):
        if is_open(value) and isinstance(written, TensorArray):
            known[place] = value._copy()
            known[place]._element_shape = written.element_shape
    return known


def _scalar(test: Any) -> Any:
    tensor = convert_to_tensor(test)
    if tensor.dtype is not bool_ or tensor._shape_tuple() != ():
        raise InvalidArgumentError(
            None, None, f"while: the condition must be a boolean scalar, got {tensor.dtype.name} "
            f"of shape {tensor.shape} inside a compiled function"
        )  # fmt: skip
    return tensor


def _check_before(names: Sequence[str], values: Sequence[Any]) -> None:
    missing = tuple([n for n, held in zip(names, values, strict=True) if held is MISSING])
    if any(name.startswith("retval_") for name in missing):
        raise ValueError("return statements are not supported within a TensorFlow loop.")
    if missing:
        raise ValueError(
            "TensorFlow requires that the following symbols must be defined before the loop: "
            f"{missing}"
        )


def _check_alike(enter: Layout, leave: Layout) -> None:
    if enter.is_tensor != leave.is_tensor:
        nones = [leaf for leaf in (*enter.leaves, *leave.leaves) if leaf is None]
        if nones:
            raise ValueError("None values not supported.")
        raise ValueError(
            "The two structures don't have the same nested structure: a loop variable of "
            f"{list(enter.names)} has another structure after one iteration than before the loop."
        )
    for (name, one), (_, other) in zip(enter.named(), leave.named(), strict=True):
        if one.dtype is not other.dtype:
            raise TypeError(
                f'"{name}" has dtype {one.dtype.name} before the loop, but dtype '
                f"{other.dtype.name} after one iteration. TensorFlow control flow requires it "
                "stays the same."
            )
        if one._shape_tuple() != other._shape_tuple():
            raise ValueError(
                f'"{name}" has shape {one.shape} before the loop, but shape {other.shape} after '
                "one iteration. TensorFlow control flow requires it stays the same or be more "
                "specific."
            )
