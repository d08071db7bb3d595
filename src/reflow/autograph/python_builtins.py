"""What Python's own functions do with tensors in converted functions."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from reflow._arrays.casting import cast
from reflow._arrays.shape import shape
from reflow.autograph.loops import python_range
from reflow.autograph.state import is_tracing, tensor_of
from reflow.core.convert import convert_to_tensor
from reflow.core.dtypes import float32, int32
from reflow.core.tensor import Tensor
from reflow.core.variable import Variable


def len_(container: Any) -> Any:
    """``len``: of a tensor, the size of its first axis, as a tensor."""
    if not (is_tracing() and isinstance(container, Tensor | Variable)):
        return len(container)
    tensor = convert_to_tensor(container)
    if not tensor._shape_tuple():
        raise ValueError(f"len requires a non-scalar tensor, got one of shape {tensor.shape}")
    return shape(tensor)[0]  # type: ignore[index]


def int_(*args: Any, **kwargs: Any) -> Any:
    """``int``: a tensor is cast to int32."""
    tensor = tensor_of(args[0]) if len(args) == 1 else None
    return int(*args, **kwargs) if tensor is None else cast(tensor, int32)


def float_(*args: Any) -> Any:
    """``float``: a tensor is cast to float32."""
    tensor = tensor_of(args[0]) if len(args) == 1 else None
    return float(*args) if tensor is None else cast(tensor, float32)


BUILTINS: dict[Any, Callable[..., Any]] = {
    builtins.len: len_,
    builtins.int: int_,
    builtins.float: float_,
    builtins.range: python_range,
}
"""By Python's function: the one to call in its place."""
