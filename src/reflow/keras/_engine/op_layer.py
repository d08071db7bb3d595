"""Ops and functions of ``tf`` on symbolic tensors: layers of their own, as TF 2.1 makes them."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core import record
from reflow.core.aval import Aval
from reflow.core.tensor import SymbolicTensor, static_tensor
from reflow.keras._engine import names
from reflow.keras._engine.node import Node
from reflow.keras._engine.symbolic import (
    UNKNOWN,
    KerasTensor,
    aval_tried,
    common_dims,
    dims_of,
    doubtful,
    keras_tensor,
    probe,
)
from reflow.keras.layers.layer import Layer

# TF names an op's layer after its node, which operators and some functions call otherwise.
_NODE_NAMES = {
    "AddV2": "add", "Sub": "sub", "Mul": "mul", "RealDiv": "truediv", "Pow": "pow", "Neg": "Neg",
    "StridedSlice": "strided_slice", "ConcatV2": "concat", "BatchMatMulV2": "matmul",
    "FloorDiv": "floordiv", "FloorMod": "mod", "Transpose": "transpose",
    "shape": "Shape", "size": "Size", "reshape": "Reshape", "fill": "Fill", "tile": "Tile",
    "broadcast_to": "BroadcastTo", "slice": "Slice", "pad": "Pad", "_sliced": "strided_slice",
}  # fmt: skip


class TensorFlowOpLayer(Layer):
    """Applies an op, or a function.

    Args:
      function: called with ``args`` and ``kwargs``.
      args, kwargs: in which symbolic tensors mark the places of the layer's inputs.
      instruction: the op, if it is one.
    """

    def __init__(self, function: Any, args: Any, kwargs: Any, name: str, instruction: Any = None):
        super().__init__(name=name, trainable=False, autocast=False)
        self._function = function
        self._arguments = args, kwargs
        self._instruction = instruction
        self.built = True

    def call(self, inputs):
        """The op on these inputs; the rest of its arguments are as described."""
        given = iter(tf.nest.flatten(inputs))
        sizes: dict[int, int] = {}

        def fill(x):
            if not isinstance(x, SymbolicTensor):
                return x
            actual = next(given)
            if self._instruction is not None:
                shape = tf.convert_to_tensor(actual)._aval.shape
                sizes.update(zip(x._aval.shape, shape, strict=False))
            return actual

        args, kwargs = _mapped(fill, self._arguments)
        if self._instruction is not None:
            kwargs = _sized(self._instruction.static, sizes)
        return self._function(*args, **kwargs)

    def get_config(self):
        """Ops can't be described by plain values."""
        raise NotImplementedError(
            f"{self.name}: a model with ops of tf between its layers has no config; put the op "
            "into a tf.keras.layers.Lambda or a layer of its own"
        )


def _mapped(function: Any, value: Any) -> Any:
    """Applies a function to what is in lists, tuples, dicts and slices."""
    if isinstance(value, dict):
        return {key: _mapped(function, item) for key, item in value.items()}
    if value.__class__ in (list, tuple):
        return value.__class__([_mapped(function, item) for item in value])
    if isinstance(value, slice):
        return slice(*_mapped(function, (value.start, value.stop, value.step)))
    return function(value)


def _sized(value: Any, sizes: dict[int, int]) -> Any:
    """Static arguments of an op with actual sizes in place of primes."""
    if value.__class__ is int and value:
        for prime in UNKNOWN:
            if value % prime == 0 and prime in sizes:
                value = value // prime * sizes[prime]
        return value
    if isinstance(value, dict):
        return {key: _sized(item, sizes) for key, item in value.items()}
    if value.__class__ is tuple:
        return tuple([_sized(item, sizes) for item in value])
    return value


def apply_op(instruction: Any, inputs: Any) -> Any:
    """Makes the layer for an op on symbolic tensors, and its outputs."""
    described = _converted(instruction, inputs)
    tried = _tried(instruction, inputs, described)
    kinds = shapes = None
    try:
        inferred = instruction.infer(tuple([tf.convert_to_tensor(x)._aval for x in described]))
    except Exception:
        if tried is None:  # it is the op's own error, not one of primes too large for it
            raise
        inferred = tried[0]
    else:
        flat = (inferred,) if inferred.__class__ is Aval else inferred
        kinds = [(dims_of(kind.shape), kind.dtype) for kind in flat]
    single = inferred.__class__ is Aval
    if tried is not None:
        pairs = [tried] if single else list(zip(*tried, strict=True))
        shapes = [(a.shape, b.shape) for a, b in pairs]
        symbolic = [x for x in described if isinstance(x, KerasTensor)]
        if kinds is None or doubtful(symbolic, [dims for dims, _ in kinds]):
            kinds = [(common_dims(a.shape, b.shape), a.dtype) for a, b in pairs]
    known = _folded(instruction, inputs, single)
    primitive = instruction.primitive
    return _layer(
        primitive, list(inputs), {}, primitive.name, instruction, kinds, known, shapes, single
    )


def _tried(instruction: Any, inputs: Any, described: Any) -> Any:
    """The outputs' types and shapes for both sets of sizes; None if they can't be found out."""
    if _sized(instruction.static, dict.fromkeys(UNKNOWN, 1)) != instruction.static:
        return None
    try:
        return [
            instruction.infer(
                tuple(
                    [
                        aval_tried(x, which)
                        if isinstance(x, KerasTensor)
                        else tf.convert_to_tensor(x)._aval
                        for x in described
                    ]
                )
            )
            for which in (0, 1)
        ]
    except Exception:  # noqa: BLE001 - they are only a second opinion
        return None


def apply_function(function: Any, args: Any, kwargs: Any) -> Any:
    """Makes the layer for a call of a function with symbolic tensors, and its outputs."""
    found: list[Any] = []

    def note(x):
        if isinstance(x, SymbolicTensor):
            found.append(x)
        return x

    _mapped(note, (args, kwargs))

    def call(*symbolic):
        given = iter(symbolic)
        fill = lambda x: next(given) if isinstance(x, SymbolicTensor) else x  # noqa: E731
        filled = _mapped(fill, (args, kwargs))
        return function(*filled[0], **filled[1])

    probed = probe(call, tuple(found), {})
    single = not isinstance(probed, (list, tuple))
    flat = [probed] if single else list(probed)
    return _layer(
        function, args, kwargs, function.__name__, None,
        [(one.kind.dims, one.kind.dtype) for one in flat], [one.known for one in flat],
        [one.tried for one in flat], single,
    )  # fmt: skip


def apply_slice(tensor: Any, key: Any) -> Any:
    """``tensor[key]`` of a symbolic tensor."""
    return apply_function(_sliced, (tensor, key), {})


def _sliced(tensor: Any, key: Any) -> Any:
    return tensor[key]


def _layer(
    function: Any, args: Any, kwargs: Any, base: str, instruction: Any, kinds: Any, known: Any,
    shapes: Any, single: bool,
) -> Any:  # fmt: skip
    base = _NODE_NAMES.get(base, base)
    number = names.uid(f"tf_op_layer_{base}") - 1
    node_name = f"{base}_{number}" if number else base
    layer = TensorFlowOpLayer(function, args, kwargs, f"tf_op_layer_{node_name}", instruction)
    tensors = []
    for i, (dims, dtype) in enumerate(kinds):
        tensor = keras_tensor(dims, dtype, f"{node_name}:{i}")
        tensor._known = known[i]
        tensor._tried = None if shapes is None else shapes[i]
        tensors.append(tensor)
    symbolic: list[Any] = []

    def note(x):
        if isinstance(x, SymbolicTensor):
            symbolic.append(x)
        return x

    _mapped(note, (args, kwargs))
    returned = tensors[0] if single else tuple(tensors)
    Node(layer, symbolic[0] if len(symbolic) == 1 else symbolic, (), {}, returned)
    return returned


def _folded(instruction: Any, inputs: Any, single: bool) -> list[Any]:
    """The outputs' values for both sets of sizes, if all inputs are facts about shapes."""
    if any(isinstance(x, SymbolicTensor) and x._known is None for x in inputs):
        return [None] * 99

    def fold(which):
        given = [
            static_tensor(x._known[which]) if isinstance(x, SymbolicTensor) else x for x in inputs
        ]
        outputs = record.fold(instruction, given)
        return [x._value for x in ([outputs] if single else outputs)]

    return list(zip(fold(0), fold(1), strict=True))


def _converted(instruction: Any, inputs: Any) -> list[Any]:
    """The inputs as tensors, by the op's rules for numbers."""
    return record.convert_inputs(instruction.primitive, inputs)
