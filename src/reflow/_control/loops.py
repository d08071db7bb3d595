"""``tf.while_loop``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core import control, nest, record
from reflow.core.convert import convert_to_tensor
from reflow.core.tensor import Tensor

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

    In eager code this is a Python loop. Inside a compiled function it becomes one loop op: the loop
    variables must keep their shapes and dtypes, and gradients do not flow through it.

    Args:
      cond: a callable that returns a scalar boolean.
      body: a callable that returns new loop variables in the same structure.
      loop_vars: a list or tuple of tensors or nested structures.
      shape_invariants, parallel_iterations, back_prop, swap_memory: accepted as TF does.
      maximum_iterations: an upper bound on the number of iterations.

    Returns:
      The loop variables at the end.

    Raises:
      TypeError: ``cond`` or ``body`` is not callable.
      ValueError: there are no loop variables.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if not loop_vars:
        raise ValueError("No loop variables provided")
    if record.state.segment.capture is not None:
        return _compiled(cond, body, loop_vars, maximum_iterations)
    kind = type(loop_vars)
    done = 0
    limit = None if maximum_iterations is None else int(maximum_iterations)
    while cond(*loop_vars):
        loop_vars = body(*loop_vars)
        if not isinstance(loop_vars, (list, tuple)):
            loop_vars = [loop_vars] if not isinstance(loop_vars, Tensor) else tuple(loop_vars)
        done += 1
        if limit is not None and done >= limit:
            break
    flat = [
        convert_to_tensor(v) if not hasattr(v, "write") else v for v in nest.flatten(loop_vars)
    ]
    packed = nest.pack_sequence_as(loop_vars, flat)
    return kind(packed) if kind in (list, tuple) else packed


def _compiled(cond: Any, body: Any, loop_vars: Any, maximum: Any) -> Any:
    flat = [convert_to_tensor(v) for v in nest.flatten(loop_vars)]

    def test(*values: Any) -> Any:
        return cond(*nest.pack_sequence_as(loop_vars, list(values)))

    def step(*values: Any) -> Any:
        returned = body(*nest.pack_sequence_as(loop_vars, list(values)))
        if not isinstance(returned, (list, tuple)):
            returned = [returned]
        return [
            convert_to_tensor(v, t.dtype)
            for v, t in zip(nest.flatten(returned), flat, strict=True)
        ]

    return nest.pack_sequence_as(loop_vars, control.loop(test, step, flat, maximum))
