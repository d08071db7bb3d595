"""Symbolic tensors: what ``tf.keras.Input`` returns and functional models are described with.

Sizes that are not known yet stand in a tensor's ``_aval`` as large primes: one for the batch, and
others for other axes. Our shape rules compute with them as with any size, and a multiple of such
a prime in a result shows that its size is unknown too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.core import record
from reflow.core.aval import aval
from reflow.core.dtypes import as_dtype
from reflow.core.tensor import PLACEHOLDER, SymbolicTensor, Tensor, placeholder
from reflow.core.tensor_shape import TensorShape
from reflow.core.tracing import Capture

BATCH = 1_000_003
"""Stands for an unknown batch size."""
_OTHERS = (10_007, 10_009, 10_037, 10_039, 10_061, 10_067, 10_069, 10_079)
"""Stand for other unknown sizes, by axis. They may be multiplied with each other; their product
with the batch must stay below 2**63."""
_UNKNOWN = (BATCH, *_OTHERS)


def is_unknown(size: int) -> bool:
    """Whether a size was computed from an unknown one."""
    return size >= _OTHERS[0] and any(size % prime == 0 for prime in _UNKNOWN)


def sizes_of(dims: Sequence[int | None]) -> tuple[int, ...]:
    """A shape with primes for unknown sizes."""
    return tuple(
        [
            (BATCH if axis == 0 else _OTHERS[axis % len(_OTHERS)]) if size is None else int(size)
            for axis, size in enumerate(dims)
        ]
    )


def dims_of(sizes: Sequence[int]) -> tuple[int | None, ...]:
    """A shape with None for sizes that were computed from unknown ones."""
    return tuple([None if is_unknown(size) else size for size in sizes])


class KerasTensor(SymbolicTensor):
    """A tensor of a model that is being described.

    Attributes:
      _keras_history: ``(layer, node index, tensor index)``: the call that gives it.
    """

    __slots__ = ("_keras_history", "_label")
    _keras_history: tuple[Any, int, int]
    _label: str

    @property
    def name(self) -> str:
        """The name, such as ``"dense/Identity:0"``."""
        return self._label

    def _apply(self, instruction: Any, inputs: Any) -> Any:
        from reflow.keras._engine.op_layer import apply_op

        return apply_op(instruction, inputs)

    def __repr__(self) -> str:
        dims = TensorShape(self._dims)
        return f"<tf.Tensor '{self._label}' shape={dims} dtype={self._aval.dtype.name}>"

    def __str__(self) -> str:
        dims = TensorShape(self._dims)
        return f'Tensor("{self._label}", shape={dims}, dtype={self._aval.dtype.name})'

    def __hash__(self) -> int:
        return id(self)


def keras_tensor(dims: Sequence[int | None], dtype: Any, label: str) -> KerasTensor:
    """A symbolic tensor of a shape in which None says that a size is unknown."""
    tensor = KerasTensor.__new__(KerasTensor)
    tensor._value = PLACEHOLDER
    tensor._segment = None
    tensor._slot = 0
    tensor._dims = tuple(dims)
    tensor._aval = aval(sizes_of(dims), as_dtype(dtype))
    tensor._label = label
    return tensor


def has_symbolic(values: Any) -> bool:
    """Whether a structure has a symbolic tensor in it."""
    if isinstance(values, SymbolicTensor):
        return True
    if isinstance(values, (list, tuple, dict)):
        return any(isinstance(x, SymbolicTensor) for x in tf.nest.flatten(values))
    return False


class _ShapesOnly(Capture):
    """Traces a layer's call to learn its outputs' shapes; nothing of it is kept."""

    def new_variable(self, variable: Any, initial_value: Any) -> Any:
        """Variables are made for good, outside of the trace."""
        value = super().new_variable(variable, initial_value)
        self.created.clear()
        return value


def infer(function: Any, args: Any, kwargs: Any) -> Any:
    """Calls a function with placeholders for symbolic tensors.

    Returns:
      What it returned, with a pair ``(dims, dtype)`` in place of each tensor.
    """

    def stand_in(x: Any) -> Any:
        return placeholder(x._aval) if isinstance(x, SymbolicTensor) else x

    capture = _ShapesOnly(None)
    with record.capturing(capture) as segment:
        capture.segment = segment
        args, kwargs = tf.nest.map_structure(stand_in, (args, kwargs))
        outputs = function(*args, **kwargs)
        return tf.nest.map_structure(_kind, outputs)


class Kind:
    """Shape and dtype of an output; a leaf for ``tf.nest``."""

    __slots__ = ("dims", "dtype")

    def __init__(self, dims: tuple[int | None, ...], dtype: Any) -> None:
        self.dims = dims
        self.dtype = dtype


def _kind(x: Any) -> Any:
    if x is None:
        return None
    if not isinstance(x, Tensor):
        x = tf.convert_to_tensor(x)
    return Kind(dims_of(x._aval.shape), x._aval.dtype)
