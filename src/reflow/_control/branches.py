"""``tf.cond``, ``tf.case``, ``tf.switch_case``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow.core import control
from reflow.core.convert import convert_to_tensor
from reflow.core.errors import InvalidArgumentError
from reflow.core.tensor import Tensor

__all__ = ["case", "cond", "switch_case"]


def _is_symbolic(value: Any) -> bool:
    read = getattr(value, "_read_tensor", None)
    tensor = value if read is None else read()
    return isinstance(tensor, Tensor) and tensor._is_symbolic()


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """Calls ``true_fn()`` if ``pred`` is true, else ``false_fn()``.

    Inside a compiled function both are traced; they must return the same structure, dtypes and
    shapes.

    Args:
      pred: a scalar boolean tensor or Python value.
      true_fn: a callable without arguments.
      false_fn: a callable without arguments.

    Returns:
      What the chosen callable returns.

    Raises:
      TypeError: ``true_fn`` or ``false_fn`` is not callable.
    """
    if not callable(true_fn):
        raise TypeError("true_fn must be callable.")
    if not callable(false_fn):
        raise TypeError("false_fn must be callable.")
    if _is_symbolic(pred):
        return control.branch(pred, [false_fn, true_fn], "If")
    return true_fn() if pred else false_fn()


def switch_case(
    branch_index: Any,
    branch_fns: Any,
    default: Callable[[], Any] | None = None,
    name: str = "switch_case",
) -> Any:
    """Calls the branch with index ``branch_index``, or ``default`` (the last branch) if none has.

    Args:
      branch_index: a scalar int32 tensor or int.
      branch_fns: a list of callables, or a dictionary or list of pairs from index to callable.
      default: the callable for any other index.

    Raises:
      TypeError: a branch is not callable, or an index is no int.
      ValueError: indices are not 0 to n-1.
    """
    branches = _indexed(branch_fns)
    index = convert_to_tensor(branch_index)
    if not index.dtype.is_integer:
        raise TypeError(f"branch_index must be an integer, got {index.dtype.name}")
    if default is not None:
        branches = [*branches, default]
    last = len(branches) - 1
    if _is_symbolic(index):
        from reflow._arrays.masking import where

        outside = (index < 0) | (index > last)
        return control.branch(where(outside, last, index), branches, "Case")
    chosen = int(index)
    return branches[chosen if 0 <= chosen <= last else last]()


def _indexed(branch_fns: Any) -> list[Callable[[], Any]]:
    if isinstance(branch_fns, dict):
        pairs = sorted(branch_fns.items())
    elif all(callable(f) for f in branch_fns):
        pairs = list(enumerate(branch_fns))
    else:
        pairs = sorted(branch_fns)
    if not pairs:
        raise ValueError("branch_fns must not be empty")
    if [key for key, _ in pairs] != list(range(len(pairs))):
        raise ValueError(
            f"branch indices must form contiguous range of [0, {len(pairs)}), "
            f"got {[key for key, _ in pairs]}"
        )
    for key, function in pairs:
        if not callable(function):
            raise TypeError(f"fn for index {key} must be callable.")
    return [function for _, function in pairs]


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """Calls the function of the first pair whose predicate is true, else ``default``.

    Args:
      pred_fn_pairs: a list of ``(scalar boolean, callable)``.
      default: what to call if no predicate is true.
      exclusive: check (in eager code) that at most one predicate is true.
      strict: accepted as TF does.

    Raises:
      InvalidArgumentError: no predicate is true and there is no default.
      TypeError: a pair is malformed.
    """
    pairs: Sequence[Any] = list(
        pred_fn_pairs.items() if isinstance(pred_fn_pairs, dict) else pred_fn_pairs
    )
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        if not callable(pair[1]):
            raise TypeError("fn for pred must be callable.")
    if not pairs:
        raise ValueError("case: pred_fn_pairs must not be empty")
    if any(_is_symbolic(pred) for pred, _ in pairs):
        chain = default if default is not None else pairs[-1][1]
        rest = pairs if default is not None else pairs[:-1]
        for pred, function in reversed(rest):
            chain = _chained(pred, function, chain)
        assert chain is not None
        return chain()
    for pred, function in pairs:
        if pred:
            return function()
    if default is not None:
        return default()
    raise InvalidArgumentError(
        None, None, "Input error: None of conditions evaluated as True: " + str(
            [bool(pred) for pred, _ in pairs]
        ) + " [Op:Case]"
    )  # fmt: skip


def _chained(pred: Any, function: Any, otherwise: Any) -> Callable[[], Any]:
    return lambda: cond(pred, function, otherwise)
