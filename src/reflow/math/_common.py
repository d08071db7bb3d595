"""What the files of this package share: sets of dtypes, broadcasting, scopes, strings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reflow.core.convert import convert_to_tensor, tensor_from_numpy
from reflow.core.dtypes import (
    COMPLEXES,
    FLOATS,
    DType,
    bool_,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    string,
    uint8,
    uint16,
)
from reflow.core.errors import NotFoundError, OperatorNotAllowedInGraphError, OpError
from reflow.core.lazy import jnp
from reflow.core.op import Primitive
from reflow.core.record import convert_inputs, dtype_of
from reflow.core.rules import broadcast_shapes
from reflow.core.static import static_array

# TF 2.1.0 registers its CPU kernels for these groups of types.
INEXACT = FLOATS | COMPLEXES
PLAIN = INEXACT | {int32, int64}
PLAIN_REAL = FLOATS | {int32, int64}
COMMON = PLAIN | {int8, int16, uint8}
COMMON_16 = COMMON | {uint16}
HALF_UP = frozenset((float16, float32, float64))
PRECISE = frozenset((float32, float64))


def spread(x: Any, y: Any) -> tuple[Any, Any]:
    """Both arrays, broadcast to their common shape."""
    if x.shape == y.shape:
        return x, y
    shape = broadcast_shapes(x.shape, y.shape)
    return jnp.broadcast_to(x, shape), jnp.broadcast_to(y, shape)


def constant(value: Any, like: Any) -> Any:
    """A scalar of an array's dtype."""
    return np.array(value, like.dtype)


def gradient_or_zero(gradient: Any, result: Any) -> Any:
    """``result``, and 0 where the incoming gradient is 0."""
    return jnp.where(gradient == 0, jnp.zeros_like(result), result)


def integers(value: Any, what: str) -> np.ndarray[Any, Any] | None:
    """An argument that must be known now as an array of integers; None if it holds others."""
    try:
        return static_array(value, what)
    except OperatorNotAllowedInGraphError:
        raise
    except (TypeError, ValueError):
        return None


def bools(value: Any) -> Any:
    """An argument of a logical op: what is no tensor yet must consist of bools."""
    return convert_to_tensor(value, bool_) if dtype_of(value) is None else value


class Scoped(Primitive):
    """An op that TF runs inside a name scope, which its messages mention.

    Attributes:
      scope: the scope's name: ``add`` for ``x + y``.
    """

    def __init__(self, fn: Callable[..., Any], name: str, scope: str, **rules: Any) -> None:
        super().__init__(fn, name, **rules)
        self.scope = scope

    def mismatch(self, position: int, expected: DType, got: DType) -> Any:
        return self._scoped(super().mismatch(position, expected, got))

    def name_error(self, error: OpError) -> OpError:
        return self._scoped(super().name_error(error))

    def _scoped(self, error: Any) -> Any:
        if error.message.endswith("/"):
            return error
        return type(error)(None, None, f"{error.message} name: {self.scope}/")


def scoped(name: str, scope: str, **rules: Any) -> Callable[[Callable[..., Any]], Scoped]:
    """Like ``op``, for an op inside a name scope."""

    def decorate(fn: Callable[..., Any]) -> Scoped:
        return Scoped(fn, name, scope, **rules)

    return decorate


def on_strings(
    error: NotFoundError,
    primitive: Primitive,
    function: Any,
    inputs: Any,
    forced: bool = True,
    misfit: bool | None = None,
) -> Any:
    """An elementwise op on string tensors, which live on the host.

    Args:
      error: why the op could not be recorded; raised again if the inputs are no strings.
      primitive: the op.
      function: the same on NumPy object arrays.
      inputs: its inputs.
      forced: whether the inputs take the first one's dtype.
      misfit: the result for shapes that can't be broadcast, if that is no error.
    """
    tensors = convert_inputs(primitive, inputs, forced)
    if any(t.dtype is not string for t in tensors):
        raise error
    arrays = [t._host() for t in tensors]
    try:
        shape = broadcast_shapes(*[a.shape for a in arrays])
    except OpError as bad:
        if misfit is None:
            raise primitive.name_error(bad) from None
        return tensor_from_numpy(np.array(misfit))
    result = np.asarray(function(*arrays))
    if result.dtype != bool:
        result = result.astype(object)
    return tensor_from_numpy(result.reshape(shape))
