"""Symbolic tensors: what ``tf.keras.Input`` returns and functional models are described with.

Sizes that are not known yet stand in a tensor's ``_aval`` as large primes: one for the batch, and
others for other axes. Our shape rules compute with them as with any size, and a multiple of such
a prime in a result shows that its size is unknown too. Windows give sizes that are no multiples:
where other sizes than the batch are unknown, a second trace with other primes tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflow as tf
from reflow.core import record
from reflow.core.aval import Aval, aval
from reflow.core.dtypes import as_dtype
from reflow.core.errors import InvalidArgumentError
from reflow.core.tensor import PLACEHOLDER, SymbolicTensor, Tensor, placeholder
from reflow.core.tensor_shape import TensorShape
from reflow.core.tracing import Capture

BATCH = 1_000_003
"""Stands for an unknown batch size."""
_OTHERS = (10_007, 10_009, 10_037, 10_039, 10_061, 10_067, 10_069, 10_079)
"""Stand for other unknown sizes, by axis. They may be multiplied with each other; their product
with the batch must stay below 2**63."""
_UNKNOWN = (BATCH, *_OTHERS)
_SECOND = (12_007, 12_011, 12_037, 12_041, 12_043, 12_049, 12_071, 12_073)
"""Other primes than ``_OTHERS``, to find the sizes that depend on them."""


def is_unknown(size: int) -> bool:
    """Whether a size was computed from an unknown one."""
    return size >= _OTHERS[0] and any(size % prime == 0 for prime in _UNKNOWN)


def sizes_of(dims: Sequence[int | None], primes: Sequence[int] = _OTHERS) -> tuple[int, ...]:
    """A shape with primes for unknown sizes."""
    return tuple(
        [
            (BATCH if axis == 0 else primes[axis % len(primes)]) if size is None else int(size)
            for axis, size in enumerate(dims)
        ]
    )


def dims_of(sizes: Sequence[int | None]) -> tuple[int | None, ...]:
    """A shape with None for sizes that are, or were computed from, unknown ones."""
    return tuple([None if size is None or is_unknown(size) else size for size in sizes])


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


def unknown_beyond_batch(tensors: Any) -> bool:
    """Whether a structure has a symbolic tensor with an unknown size that is not the batch's."""
    return any(
        isinstance(x, SymbolicTensor) and None in x._dims[1:] for x in tf.nest.flatten(tensors)
    )


def infer(function: Any, args: Any, kwargs: Any) -> Any:
    """Calls a function with placeholders for symbolic tensors.

    Returns:
      What it returned, with a pair ``(dims, dtype)`` in place of each tensor.
    """
    kinds = _trace(function, args, kwargs, _OTHERS)
    if not unknown_beyond_batch((args, kwargs)):
        return kinds
    return tf.nest.map_structure(_common, kinds, _trace(function, args, kwargs, _SECOND))


def infer_op(instruction: Any, inputs: Sequence[Tensor]) -> tuple[list[Kind], bool]:
    """Kinds of an op's outputs.

    Args:
      instruction: the op with its static arguments.
      inputs: its inputs, symbolic tensors among them.

    Returns:
      The kinds, and whether there is one output, not a tuple of them.
    """

    def inferred(primes: Sequence[int]) -> tuple[list[Kind], bool]:
        found = instruction.infer(tuple([_stand_in(x, primes)._aval for x in inputs]))
        single = found.__class__ is Aval
        return [_kind_of(one) for one in ((found,) if single else found)], single

    kinds, single = inferred(_OTHERS)
    if not unknown_beyond_batch(inputs):
        return kinds, single
    try:
        others, _ = inferred(_SECOND)
    except (InvalidArgumentError, ValueError):  # static arguments were computed from the primes
        return kinds, single
    return [_common(one, other) for one, other in zip(kinds, others, strict=True)], single


def _common(one: Any, other: Any) -> Any:
    """The kind of an output that was found with different primes."""
    if one is None:
        return None
    dims = zip(one.dims, other.dims, strict=True)
    return Kind(tuple([a if a == b else None for a, b in dims]), one.dtype)


def _stand_in(x: Any, primes: Sequence[int]) -> Any:
    """A placeholder for a symbolic tensor."""
    if not isinstance(x, SymbolicTensor):
        return x
    if primes is _OTHERS:
        return placeholder(x._aval)
    return placeholder(aval(sizes_of(x._dims, primes), x._aval.dtype))


def _trace(function: Any, args: Any, kwargs: Any, primes: Sequence[int]) -> Any:
    capture = _ShapesOnly(None)
    with record.capturing(capture) as segment:
        capture.segment = segment
        args, kwargs = tf.nest.map_structure(lambda x: _stand_in(x, primes), (args, kwargs))
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
    return _kind_of(x._aval)


def _kind_of(found: Aval) -> Kind:
    return Kind(dims_of(found.shape), found.dtype)
