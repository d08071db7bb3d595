"""``if`` and ``a if c else b`` in converted functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow.autograph.state import MISSING, Layout, copied, tensor_of
from reflow.core import control
from reflow.core.dtypes import bool_
from reflow.core.errors import InvalidArgumentError
from reflow.core.tensor import Tensor

Get = Callable[[], tuple[Any, ...]]
Set = Callable[[Sequence[Any]], None] | None


def if_stmt(
    condition: Any,
    then: Callable[[], None],
    otherwise: Callable[[], None],
    get: Get,
    set_state: Set,
    names: tuple[str, ...],
) -> None:
    """Runs ``then`` or ``otherwise``; compiles both if ``condition`` is a tensor.

    Args:
      condition: a tensor, or what Python can decide by.
      then, otherwise: the branches.
      get, set_state: reads and replaces the variables that the branches hand on.
      names: those variables.

    Raises:
      ValueError: a branch leaves a variable unbound.
      TypeError: the branches give it different dtypes.
    """
    tensor = tensor_of(condition)
    if tensor is None:
        (then if condition else otherwise)()
        return
    before = get()

    def outcome(run: Callable[[], None]) -> Callable[[], Sequence[Any]]:
        def call() -> Sequence[Any]:
            if set_state is not None:
                set_state(copied(before))
            run()
            return get()

        return call

    after = _choose(tensor, outcome(then), outcome(otherwise), before, names)
    if set_state is not None:
        set_state(after)


def if_exp(condition: Any, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """``then() if condition else otherwise()``."""
    tensor = tensor_of(condition)
    if tensor is None:
        return then() if condition else otherwise()
    return choose(tensor, then, otherwise)


def choose(condition: Tensor, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """The value of one of two functions, chosen when the compiled function runs."""
    return _choose(condition, lambda: [then()], lambda: [otherwise()], [], ("the result",))[0]


def _choose(
    condition: Tensor,
    then: Callable[[], Sequence[Any]],
    otherwise: Callable[[], Sequence[Any]],
    before: Sequence[Any],
    names: Sequence[str],
) -> list[Any]:
    if condition.dtype is not bool_ or condition._shape_tuple() != ():
        raise InvalidArgumentError(
            None, None, f"if: the condition must be a boolean scalar, got {condition.dtype.name} "
            f"of shape {condition.shape} inside a compiled function"
        )  # fmt: skip
    layouts: list[Layout] = []

    def traced(run: Callable[[], Sequence[Any]], which: str) -> Callable[[], list[Tensor]]:
        def call() -> list[Tensor]:
            values = run()
            _check_bound(names, values, which)
            layouts.append(Layout(names, values, before))
            if len(layouts) == 2:
                _check_alike(*layouts)
            return layouts[-1].tensors

        return call

    branches = [traced(otherwise, "else"), traced(then, "if")]
    results = control.branch(condition, branches, "If", last_first=True)
    return layouts[0].pack(results)


def _check_bound(names: Sequence[str], values: Sequence[Any], which: str) -> None:
    missing = tuple([n for n, held in zip(names, values, strict=True) if held is MISSING])
    if not missing:
        return
    if any(name.startswith("retval_") for name in missing):
        raise ValueError(
            f"A value must also be returned from the {which} branch. If a value is returned from "
            "one branch of a conditional a value must be returned from all branches."
        )
    raise ValueError(
        f"The following symbols must also be initialized in the {which} branch: {missing}. "
        "Alternatively, you may initialize them before the if statement."
    )


def _check_alike(first: Layout, second: Layout) -> None:
    if first.is_tensor != second.is_tensor:
        raise ValueError(
            "Lengths of branch outputs of cond must match.\n"
            f"len(graphs[0].outputs): {len(first.tensors)}\n"
            f"len(graphs[1].outputs): {len(second.tensors)}"
        )
    for (name, one), (_, other) in zip(first.named(), second.named(), strict=True):
        if one.dtype is not other.dtype:
            raise TypeError(
                f'"{name}" has dtype {one.dtype.name} in the TRUE branch, but '
                f"dtype={other.dtype.name} in the FALSE branch. TensorFlow control flow requires "
                "that they are the same."
            )
