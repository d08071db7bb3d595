"""``tf.cond``, ``tf.case``, ``tf.switch_case``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.core import control, record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import bool_
from reflow.core.errors import InvalidArgumentError
from reflow.core.lazy import jnp
from reflow.core.op import op
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
    for what, function in (("true_fn", true_fn), ("false_fn", false_fn)):
        if function is None:
            raise TypeError(f"cond(): {what} argument required")
        if not callable(function):
            raise TypeError(f"{what} must be callable.")
    if _is_symbolic(pred):
        if pred.dtype is not bool_ or pred.shape.rank != 0:
            raise InvalidArgumentError(
                None, None, f"cond: pred must be a boolean scalar, got {pred.dtype.name} of shape "
                f"{pred.shape} inside a compiled function"
            )  # fmt: skip
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
        if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in branch_fns):
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        pairs = sorted(branch_fns, key=lambda pair: pair[0])
    if not pairs:
        raise ValueError("Must provide at least one item in branch_fns")
    if [key for key, _ in pairs] != list(range(len(pairs))):
        found = ",".join(str(key) for key, _ in pairs)
        raise ValueError(
            "branch indices (keys) must form contiguous range of "
            f"[0 to {len(pairs)}) but found {{{found}}}"
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
      exclusive, strict: accepted as TF does.

    Raises:
      InvalidArgumentError: no predicate is true and there is no default.
      TypeError: a pair is malformed.
    """
    pairs = list(pred_fn_pairs.items() if isinstance(pred_fn_pairs, dict) else pred_fn_pairs)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        if not callable(pair[1]):
            raise TypeError("fn for pred must be callable.")
    if not pairs:
        raise ValueError("case: pred_fn_pairs must not be empty")
    if any(_is_symbolic(pred) for pred, _ in pairs):
        if default is None:
            found = _all_false(*[convert_to_tensor(pred) for pred, _ in pairs])
            record.check_later(found, _refuse_all_false)
            *pairs, (_, default) = pairs
        chain = default
        for pred, function in reversed(pairs):
            chain = _chained(pred, function, chain)
        return chain()
    for pred, function in pairs:
        if pred:
            return function()
    if default is None:
        _refuse_all_false(0)
    return default()


@op("Case", reads=(), differentiable=False)
def _all_false(*predicates: Any) -> Any:
    """What a check takes: negative if one is true."""
    return jnp.where(jnp.any(jnp.stack(predicates)), -1, 0)


def _refuse_all_false(found: Any) -> None:
    if found >= 0:
        raise InvalidArgumentError(
            None, None, "Input error: None of conditions evaluated as True [Op:Case]"
        )


def _chained(pred: Any, function: Any, otherwise: Any) -> Callable[[], Any]:
    return lambda: cond(pred, function, otherwise)
