"""``and``, ``or``, ``not`` and ``assert`` in converted functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reflow.autograph.branches import choose
from reflow.autograph.state import tensor_of
from reflow.debugging.values import Assert
from reflow.math.comparison import logical_not, logical_or


def and_(first: Callable[[], Any], *others: Callable[[], Any]) -> Any:
    """``first() and ...``; what follows a tensor runs only where it is true."""
    held = first()
    if not others:
        return held
    tensor = tensor_of(held)
    if tensor is None:
        return held and and_(*others)
    return choose(tensor, lambda: and_(*others), lambda: tensor)


def or_(first: Callable[[], Any], *others: Callable[[], Any]) -> Any:
    """``first() or ...``; what follows a tensor runs only where it is false."""
    held = first()
    if not others:
        return held
    tensor = tensor_of(held)
    if tensor is None:
        return held or or_(*others)
    return choose(tensor, lambda: tensor, lambda: or_(*others))


def not_(held: Any) -> Any:
    """``not held``."""
    tensor = tensor_of(held)
    return (not held) if tensor is None else logical_not(tensor)


def none_of(*flags: Any) -> Any:
    """Whether none of the flags is set that stand for ``break``, ``continue`` and ``return``."""
    tensors = [flag for flag in flags if tensor_of(flag) is not None]
    if any(flag for flag in flags if tensor_of(flag) is None):
        return False
    if not tensors:
        return True
    found = tensors[0]
    for tensor in tensors[1:]:
        found = logical_or(found, tensor)
    return logical_not(found)


def assert_stmt(condition: Any, message: Callable[[], Any]) -> None:
    """``assert condition, message()``; fails when the compiled function runs."""
    tensor = tensor_of(condition)
    if tensor is not None:
        Assert(tensor, [message()])
    elif not condition:
        raise AssertionError(message())
