"""``tf.while_loop``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow._control.tensor_array import TensorArray
from reflow.core import control, nest, record
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import NeedsEagerError

__all__ = ["while_loop"]


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    maximum_iterations: Any = None,
    name: str | None = None,
) -> Any:
    """Repeats ``loop_vars = body(*loop_vars)`` while ``cond(*loop_vars)`` is true.

    In eager code this is a Python loop. Inside a compiled function it becomes one loop op; a
    function whose loop variables change their shapes (``shape_invariants`` says so), or are
    TensorArrays, is run as Python instead.

    Args:
      cond: a callable that returns a scalar boolean.
      body: a callable that returns new loop variables in the same structure.
      loop_vars: a list or tuple of tensors or nested structures.
      shape_invariants: shapes that the loop variables keep, where they may change otherwise.
      parallel_iterations, back_prop, swap_memory: accepted as TF does.
      maximum_iterations: an upper bound on the number of iterations.

    Returns:
      The loop variables at the end.

    Raises:
      TypeError: ``cond`` or ``body`` is not callable.
      ValueError: there are no loop variables, or the body returns another number of them.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if not loop_vars:
        raise ValueError("No loop variables provided")
    if not isinstance(loop_vars, (list, tuple)):
        loop_vars = [loop_vars]
    if record.state.segment.capture is not None:
        return _compiled(cond, body, loop_vars, shape_invariants, maximum_iterations)
    done = 0
    limit = None if maximum_iterations is None else int(maximum_iterations)
    while (limit is None or done < limit) and cond(*loop_vars):
        loop_vars = _same_number(loop_vars, body(*loop_vars))
        done += 1
    flat = [
        v if isinstance(v, TensorArray) else convert_to_tensor(v) for v in nest.flatten(loop_vars)
    ]
    return nest.pack_sequence_as(loop_vars, flat)


def _same_number(before: Any, returned: Any) -> Any:
    """What the body returned, as a list or tuple of as many loop variables."""
    if not isinstance(returned, (list, tuple)):
        returned = [returned]
    if len(returned) != len(before):
        nest.assert_same_structure(list(before), list(returned))
    return returned


def _compiled(cond: Any, body: Any, loop_vars: Any, shape_invariants: Any, maximum: Any) -> Any:
    if any(isinstance(v, TensorArray) for v in nest.flatten(loop_vars)):
        raise NeedsEagerError("a TensorArray is written in tf.while_loop")
    flat = [convert_to_tensor(v) for v in nest.flatten(loop_vars)]

    def test(*values: Any) -> Any:
        return cond(*nest.pack_sequence_as(loop_vars, list(values)))

    def step(*values: Any) -> Any:
        returned = _same_number(loop_vars, body(*nest.pack_sequence_as(loop_vars, list(values))))
        nest.assert_same_structure(list(loop_vars), list(returned))
        return [
            convert_to_tensor(v, dtype_hint=t.dtype)
            for v, t in zip(nest.flatten(returned), flat, strict=True)
        ]

    may_change = shape_invariants is not None
    return nest.pack_sequence_as(loop_vars, control.loop(test, step, flat, maximum, may_change))
