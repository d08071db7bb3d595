"""The variables that a converted branch or loop hands on, as Python values and as tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reflow._control.tensor_array import TensorArray
from reflow.core import nest, record
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import string
from reflow.core.errors import NeedsEagerError
from reflow.core.tensor import Tensor
from reflow.core.variable import Variable


class _Missing:
    """Stands for a variable that is not bound."""

    def __repr__(self) -> str:
        return "<unbound>"


MISSING = _Missing()


def value(read: Callable[[], Any]) -> Any:
    """What a variable holds, or ``MISSING``."""
    try:
        return read()
    except (NameError, AttributeError):
        return MISSING


def is_missing(held: Any) -> bool:
    """Whether a variable must be unbound again."""
    return held is MISSING


def returned(read: Callable[[], Any]) -> Any:
    """What a function returns: None if it came to no ``return``."""
    try:
        return read()
    except NameError:
        return None


def tensor_of(held: Any) -> Tensor | None:
    """A value as a tensor of the function being traced; None if Python decides by it.

    Outside of functions being traced, every tensor has a value, which Python can look at.
    """
    if held.__class__ is Variable or isinstance(held, Variable):
        held = held._read_tensor()
    return held if isinstance(held, Tensor) and held._is_symbolic() else None


def is_tracing() -> bool:
    """Whether a function is being traced."""
    return record.state.segment.capture is not None


def copied(values: Sequence[Any]) -> list[Any]:
    """Values that a branch may change; TensorArrays are changed in place."""
    found: list[Any] = nest.map_structure(
        lambda leaf: leaf._copy() if isinstance(leaf, TensorArray) else leaf, list(values)
    )
    return found


class Layout:
    """How values of variables are made of tensors, and of what else.

    Args:
      names: the variables.
      values: their values.
      keep: leaves that need not be tensors if a body leaves them as they are.
    """

    def __init__(self, names: Sequence[str], values: Sequence[Any], keep: Sequence[Any]) -> None:
        self.names = names
        self.values = list(values)
        kept = {id(leaf) for leaf in nest.flatten(list(keep), True)}
        self.leaves = nest.flatten(self.values, True)
        self.tensors: list[Tensor] = []
        self.is_tensor: list[bool] = []
        for leaf in self.leaves:
            tensor = None if leaf is None or leaf is MISSING else _converted(leaf, id(leaf) in kept)
            self.is_tensor.append(tensor is not None)
            if tensor is not None:
                self.tensors.append(tensor)

    def pack(self, tensors: Sequence[Tensor]) -> list[Any]:
        """The values with other tensors in them."""
        remaining = iter(tensors)
        leaves = [
            next(remaining) if is_tensor else leaf
            for leaf, is_tensor in zip(self.leaves, self.is_tensor, strict=True)
        ]
        packed: list[Any] = nest.pack_sequence_as(self.values, leaves, True)
        return packed

    def named(self) -> list[tuple[str, Tensor]]:
        """The tensors, each with its variable's name."""
        remaining = iter(self.is_tensor)
        tensors = iter(self.tensors)
        return [
            (name, next(tensors))
            for name, held in zip(self.names, self.values, strict=True)
            for _ in nest.flatten(held, True)
            if next(remaining)
        ]


def _converted(leaf: Any, may_stay: bool) -> Tensor | None:
    try:
        tensor = convert_to_tensor(leaf)
    except (TypeError, ValueError):
        if may_stay:
            return None
        raise TypeError(
            "To be compatible with tf.contrib.eager.defun, Python functions must return zero or "
            f"more Tensors; found a value of type {type(leaf)} in a branch or loop that depends on "
            "a tensor, which is not a Tensor."
        ) from None
    if tensor.dtype is string:
        raise NeedsEagerError("it handles strings in a branch or loop that depends on a tensor")
    return tensor
