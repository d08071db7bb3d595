"""Symbolic tensors: what ``tf.keras.Input`` returns and functional models are described with.

Sizes that are not known yet stand in a tensor's ``_aval`` as large primes: one for the batch, and
others for other axes. Our shape rules compute with them as with any size, and a multiple of such
a prime in a result shows that its size is unknown too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import reflow as tf
from reflow.core import record
from reflow.core.aval import aval
from reflow.core.dtypes import as_dtype
from reflow.core.errors import (
    InvalidArgumentError,
    OperatorNotAllowedInGraphError,
    ResourceExhaustedError,
)
from reflow.core.tensor import (
    PLACEHOLDER,
    StaticTensor,
    SymbolicTensor,
    Tensor,
    placeholder,
    static_tensor,
)
from reflow.core.tensor_shape import TensorShape
from reflow.core.tracing import Capture

BATCH = 1_000_003
"""Stands for an unknown batch size."""
_OTHERS = (10_007, 10_009, 10_037, 10_039, 10_061, 10_067, 10_069, 10_079)
"""Stand for other unknown sizes, by axis. They may be multiplied with each other; their product
with the batch must stay below 2**63."""
UNKNOWN = (BATCH, *_OTHERS)


_PROBES = ((101, 103, 107, 109, 113), (127, 131, 137, 139, 149))
"""Two sets of sizes, by axis, to try where primes would be too large or would be added to."""


def is_unknown(size: int) -> bool:
    """Whether a size was computed from an unknown one."""
    return size >= _OTHERS[0] and any(size % prime == 0 for prime in UNKNOWN)


def sizes_of(dims: Sequence[int | None]) -> tuple[int, ...]:
    """A shape with primes for unknown sizes."""
    return tuple(
        [
            (BATCH if axis == 0 else _OTHERS[axis % len(_OTHERS)]) if size is None else int(size)
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
      _known: of a fact about shapes, such as ``tf.shape(x)``: its values for both sets of sizes
        that are tried; else None.
      _tried: its shapes for both sets, where they were found out; else None.
    """

    __slots__ = ("_keras_history", "_known", "_label", "_tried")
    _known: tuple[Any, Any] | None
    _tried: tuple[Any, Any] | None
    _keras_history: tuple[Any, int, int]
    _label: str

    @property
    def name(self) -> str:
        """The name, such as ``"dense/Identity:0"``."""
        return self._label

    def _apply(self, instruction: Any, inputs: Any) -> Any:
        from reflow.keras._engine.op_layer import apply_op

        return apply_op(instruction, inputs)

    def _apply_function(self, function: Any, args: Any, kwargs: Any) -> Any:
        from reflow.keras._engine.op_layer import apply_function

        return apply_function(function, args, kwargs)

    def __getitem__(self, key: Any) -> Any:
        from reflow.keras._engine.op_layer import apply_slice

        return apply_slice(self, key)

    def __iter__(self) -> Iterator[Any]:
        if not self._dims:
            raise TypeError("Tensor objects are only iterable when their rank is at least 1")
        if self._dims[0] is None:
            raise OperatorNotAllowedInGraphError(
                f"iterating over {self!r}: its first size is not known while a model is described"
            )
        return iter([self[i] for i in range(self._dims[0])])

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
    tensor._known = tensor._tried = None
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


_SUSPICIOUS = 2000
"""A size from which on an output's may come from adding something to the batch's prime."""


_TOO_LARGE = (OverflowError, MemoryError, ResourceExhaustedError, InvalidArgumentError)
"""What is raised where primes are too large for what is computed from them."""


def doubtful(inputs: Sequence[KerasTensor], outputs: Sequence[Sequence[int | None]]) -> bool:
    """Whether a size that looks known in outputs may come from an unknown one of the inputs.

    Anything may be computed from a picture's size; hardly more than a sum from the batch's.
    """
    if not any(None in x._dims for x in inputs):
        return False
    if any(None in x._dims[1:] for x in inputs):
        return True
    return any(size is not None and size >= _SUSPICIOUS for dims in outputs for size in dims)


def infer(function: Any, args: Any, kwargs: Any) -> Any:
    """Calls a function with placeholders for symbolic tensors.

    Returns:
      What it returned, with a ``Kind`` in place of each tensor.
    """
    tensors = [x for x in tf.nest.flatten((args, kwargs)) if isinstance(x, SymbolicTensor)]
    try:
        kinds = _traced(function, args, kwargs, lambda x: placeholder(x._aval), _kind)
    except _TOO_LARGE:
        if any(None in x._dims for x in tensors):
            with suppress(Exception):  # it fails for other reasons
                return _kinds_tried(function, args, kwargs)
        raise
    flat = [kind for kind in tf.nest.flatten(kinds) if kind is not None]
    if doubtful(tensors, [kind.dims for kind in flat]):
        with suppress(Exception):  # the sizes tried may be too small
            return _kinds_tried(function, args, kwargs)
    return kinds


def _kinds_tried(function: Any, args: Any, kwargs: Any) -> Any:
    return tf.nest.map_structure(lambda found: found.kind, probe(function, args, kwargs))


def probe(function: Any, args: Any, kwargs: Any) -> Any:
    """Calls a function for two sets of sizes, small enough to compute with.

    Returns:
      What it returned, with a ``Probed`` in place of each tensor.
    """

    def trial(which: int) -> Any:
        def stand_in(x: KerasTensor) -> Any:
            if x._known is not None:
                return static_tensor(x._known[which])
            return placeholder(aval_tried(x, which))

        return _traced(function, args, kwargs, stand_in, _Outcome)

    return tf.nest.map_structure(Probed, trial(0), trial(1))


def aval_tried(x: KerasTensor, which: int) -> Any:
    """Type and shape of a symbolic tensor for one of the sets of sizes to try."""
    if x._tried is not None:
        return aval(tuple(x._tried[which]), x._aval.dtype)
    sizes = _PROBES[which]
    dims = [sizes[axis % len(sizes)] if size is None else size for axis, size in enumerate(x._dims)]
    return aval(tuple(dims), x._aval.dtype)


def common_dims(first: Sequence[int], second: Sequence[int]) -> tuple[int | None, ...]:
    """What is the same in two shapes, None for the rest."""
    return tuple([a if a == b else None for a, b in zip(first, second, strict=True)])


def _traced(function: Any, args: Any, kwargs: Any, stand_in: Any, outcome: Any) -> Any:
    capture = _ShapesOnly(None)
    with record.capturing(capture) as segment:
        capture.segment = segment
        args, kwargs = tf.nest.map_structure(
            lambda x: stand_in(x) if isinstance(x, SymbolicTensor) else x, (args, kwargs)
        )
        return tf.nest.map_structure(outcome, function(*args, **kwargs))


class _Outcome:
    """An output for one set of sizes; a leaf for ``tf.nest``."""

    def __init__(self, x: Any) -> None:
        tensor = x if x is None or isinstance(x, Tensor) else tf.convert_to_tensor(x)
        self.aval = None if x is None else tensor._aval
        self.value = tensor._value if isinstance(tensor, StaticTensor) else None


class Probed:
    """An output for two sets of sizes: what is the same in both is known of it.

    Attributes:
      kind: its ``Kind``, or None if there is none.
      tried: its shapes for both sets.
      known: its values for both sets if it is a fact about shapes, else None.
    """

    def __init__(self, first: _Outcome, second: _Outcome) -> None:
        self.kind = self.known = self.tried = None
        if first.aval is None or second.aval is None:
            return
        self.tried = first.aval.shape, second.aval.shape
        self.kind = Kind(common_dims(*self.tried), first.aval.dtype)
        if first.value is not None and second.value is not None:
            self.known = first.value, second.value


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
