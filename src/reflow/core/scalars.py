"""NumPy scalars as the NumPy of TF 2.1's days made them.

``loss_sum += loss.numpy()`` and ``loss_sum / 4`` gave float64 then, because a float32 *scalar* met
a Python number; since NumPy 2 (NEP 50) the sum would stay float32 and published output would lose
its digits. What ``numpy()`` returns for a float32 scalar keeps the old rule.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.printing import float_text


class Float32(np.float32):
    """A float32 scalar that becomes float64 when it meets a Python number."""

    __slots__ = ()

    def __reduce__(self) -> Any:
        return np.float32(self).__reduce__()  # so that any program can read the pickle

    def __copy__(self) -> Float32:
        return self

    def __deepcopy__(self, memo: Any) -> Float32:
        return self

    def __str__(self) -> str:
        return float_text(self)


Float32.__name__ = Float32.__qualname__ = "float32"


def _with_numbers(name: str, function: Callable[[Any, Any], Any], swapped: bool) -> Any:
    plain = getattr(np.float32, name)

    def method(self: Any, other: Any) -> Any:
        if other.__class__ is int or other.__class__ is float:
            mine = np.float64(self)
            return function(np.float64(other), mine) if swapped else function(mine, other)
        return plain(self, other)

    method.__name__ = name
    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    _function = getattr(operator, _name)
    setattr(Float32, f"__{_name}__", _with_numbers(f"__{_name}__", _function, False))
    setattr(Float32, f"__r{_name}__", _with_numbers(f"__r{_name}__", _function, True))


def numpy_scalar(host: np.ndarray[Any, Any]) -> Any:
    """The scalar in a 0-d array, of TF 2.1's type: bytes for strings, NumPy scalars else."""
    value: Any = host[()]
    return Float32(value) if value.__class__ is np.float32 else value
