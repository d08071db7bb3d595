"""Assertions about ranks and shapes, which are always known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import int32
from reflow.core.tensor import Tensor

__all__ = [
    "assert_rank",
    "assert_rank_at_least",
    "assert_rank_in",
    "assert_scalar",
    "assert_shapes",
]


def _rank_argument(rank: Any) -> int:
    """A rank given as an int or an int32 scalar."""
    rank = convert_to_tensor(rank)
    if rank.dtype is not int32:
        raise TypeError(f" tensor must be of type {int32}")
    if rank.ndim:
        raise ValueError("Rank must be a scalar.")
    return int(rank)


def _wrong_rank(x: Tensor, expected: str, message: str | None) -> ValueError:
    return ValueError(
        f"{message or ''}.  Tensor  must have rank {expected}.  Received rank {x.ndim}, shape "
        f"{x.shape}"
    )


def assert_rank(x, rank, message=None, name=None):
    """Asserts that a tensor has a given rank.

    Args:
      x: a tensor.
      rank: an int.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      ValueError: if it has another rank.
    """
    x, rank = convert_to_tensor(x), _rank_argument(rank)
    if x.ndim != rank:
        raise _wrong_rank(x, str(rank), message)


def assert_rank_at_least(x, rank, message=None, name=None):
    """Asserts that a tensor has a given rank or a higher one.

    Args:
      x: a tensor.
      rank: an int.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      ValueError: if its rank is lower.
    """
    x, rank = convert_to_tensor(x), _rank_argument(rank)
    if x.ndim < rank:
        raise _wrong_rank(x, f"at least {rank}", message)


def assert_rank_in(x, ranks, message=None, name=None):
    """Asserts that a tensor has one of several ranks.

    Args:
      x: a tensor.
      ranks: a list of ints.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      ValueError: if its rank is none of them.
    """
    x, ranks = convert_to_tensor(x), tuple([_rank_argument(rank) for rank in ranks])
    if x.ndim not in ranks:
        raise _wrong_rank(x, f"in {ranks}", message)


def assert_scalar(tensor, message=None, name=None):
    """Asserts that a tensor is a scalar.

    Args:
      tensor: a tensor.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      ValueError: if it is none.
    """
    tensor = convert_to_tensor(tensor)
    if tensor.ndim:
        raise ValueError(f"{message or ''}Expected scalar shape, saw shape: {tensor.shape}.")


# ----------------------------------------------------------------------------- several at a time


def assert_shapes(shapes, data=None, summarize=None, message=None, name=None):
    """Asserts how the shapes of several tensors relate.

    Each shape is a list of sizes: an int says the size; a name stands for the same size wherever it
    occurs; None or ``"."`` for any size; ``"*"`` or ``...`` in front for any number of axes.

        tf.debugging.assert_shapes([(x, ("N", "Q")), (y, ("N", "D")), (scalar, ())])

    Args:
      shapes: a list of pairs, or a dictionary, of tensors and their shapes.
      data: unused in eager code.
      summarize: unused in eager code.
      message: what to begin the error's message with.
      name: unused in eager code.

    Raises:
      ValueError: if they do not relate in that way.
    """
    message = message or ""
    pairs = list(shapes.items() if isinstance(shapes, Mapping) else shapes)
    pairs = [(convert_to_tensor(x), symbols) for x, symbols in pairs]
    sizes: dict[Any, tuple[int, str]] = {}  # symbol -> its size, and who said so
    for x, given in pairs:
        symbols, any_front = _symbols(x, given, message)
        _check_rank(x, symbols, any_front, message)
        actual = tuple(x.shape) or (1,)  # a scalar has one element, as in TF
        for i, symbol in enumerate(symbols or [1]):
            axis = i - max(1, len(symbols)) if any_front else i
            if symbol is None or symbol == ".":
                continue
            if isinstance(symbol, int):
                size, said = symbol, "Specified explicitly"
            else:
                by = f"Specified by tensor {_kind(x)} dimension {axis}"
                size, said = sizes.setdefault(symbol, (actual[axis], by))
            if actual[axis] != size:
                raise ValueError(
                    f"{message}.  {said}.  Tensor {_kind(x)} dimension {axis} must have size "
                    f"{size}.  Received size {actual[axis]}, shape {x.shape}"
                )


def _kind(x: Tensor) -> str:
    return f"shape={x.shape} dtype={x.dtype.name}"


def _symbols(x: Tensor, given: Any, message: str) -> tuple[list[Any], bool]:
    """The sizes that a shape gives, and whether any number of axes may stand in front."""
    if not isinstance(given, Iterable):
        raise ValueError(
            f"{message}.  Tensor {_kind(x)}.  Specified shape must be an iterable.  An iterable "
            f"has the attribute `__iter__` or `__getitem__`.  Received specified shape: {given}"
        )
    symbols = list(given)
    any_front = bool(symbols) and _is_star(symbols[0])
    symbols = symbols[1:] if any_front else symbols
    for i, symbol in enumerate(symbols, start=int(any_front)):
        if _is_star(symbol):
            raise ValueError(
                f"{message}.  Tensor {_kind(x)} specified shape index {i}.  Symbol `...` or `*` "
                "for a variable number of unspecified dimensions is only allowed as the first entry"
            )
    return symbols, any_front


def _is_star(symbol: Any) -> bool:
    return symbol is Ellipsis or (isinstance(symbol, str) and symbol == "*")


def _check_rank(x: Tensor, symbols: list[Any], any_front: bool, message: str) -> None:
    if any_front:
        assert_rank_at_least(x, len(symbols), message)
    elif len(symbols) <= 1:
        assert_rank_in(x, (0, 1), message)
    else:
        assert_rank(x, len(symbols), message)
