"""An op of ``tf`` used on symbolic tensors: a layer of its own, as TF 2.1 makes it."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.tensor import SymbolicTensor
from reflow.keras._engine import names
from reflow.keras._engine.node import Node
from reflow.keras._engine.symbolic import BATCH, infer_op, keras_tensor
from reflow.keras.layers.layer import Layer

# TF names an op's layer after its node, which operators call by their own names.
_NODE_NAMES = {
    "AddV2": "add", "Sub": "sub", "Mul": "mul", "RealDiv": "truediv", "Pow": "pow", "Neg": "Neg",
    "StridedSlice": "strided_slice", "ConcatV2": "concat", "BatchMatMulV2": "matmul",
}  # fmt: skip


class TensorFlowOpLayer(Layer):
    """Applies one op.

    Args:
      instruction: the op with its static arguments.
      inputs: its inputs, in which symbolic tensors mark the places of the layer's own.
    """

    def __init__(self, instruction: Any, inputs: Any, name: str) -> None:
        super().__init__(name=name, trainable=False)
        self._instruction = instruction
        self._inputs = list(inputs)
        self.built = True

    def call(self, inputs):
        """The op on these inputs; the rest of its inputs are as described."""
        given = iter(tf.nest.flatten(inputs))
        filled = [next(given) if isinstance(x, SymbolicTensor) else x for x in self._inputs]
        sizes = [
            (described._aval.shape[0], tf.convert_to_tensor(x)._aval.shape)
            for described, x in zip(self._inputs, filled, strict=True)
            if isinstance(described, SymbolicTensor) and described._aval.shape
        ]
        batch = next((shape[0] for size, shape in sizes if size == BATCH), None)
        static = _sized(self._instruction.static, batch)
        return self._instruction.primitive(*filled, **static)

    def get_config(self):
        """Ops can't be described by plain values."""
        raise NotImplementedError(
            f"{self.name}: a model with ops of tf between its layers has no config; put the op "
            "into a tf.keras.layers.Lambda or a layer of its own"
        )


def _sized(value: Any, batch: int | None) -> Any:
    """Static arguments with the batch size in place of its prime."""
    if batch is None:
        return value
    if value.__class__ is int and value and value % BATCH == 0:
        return value // BATCH * batch
    if isinstance(value, dict):
        return {key: _sized(item, batch) for key, item in value.items()}
    if value.__class__ is tuple:
        return tuple([_sized(item, batch) for item in value])
    return value


def apply_op(instruction: Any, inputs: Any) -> Any:
    """Makes the layer for an op on symbolic tensors, and its outputs."""
    converted = [tf.convert_to_tensor(x) for x in _converted(instruction, inputs)]
    kinds, single = infer_op(instruction, converted)
    primitive = instruction.primitive
    base = _NODE_NAMES.get(primitive.name, primitive.name)
    number = names.uid(f"tf_op_layer_{base}") - 1
    node_name = f"{base}_{number}" if number else base
    layer = TensorFlowOpLayer(instruction, inputs, f"tf_op_layer_{node_name}")
    tensors = [
        keras_tensor(kind.dims, kind.dtype, f"{node_name}:{i}") for i, kind in enumerate(kinds)
    ]
    symbolic = [x for x in inputs if isinstance(x, SymbolicTensor)]
    returned = tensors[0] if single else tuple(tensors)
    Node(layer, symbolic[0] if len(symbolic) == 1 else symbolic, (), {}, returned)
    return returned


def _converted(instruction: Any, inputs: Any) -> list[Any]:
    """The inputs as tensors, by the op's rules for numbers."""
    from reflow.core.record import convert_inputs

    return convert_inputs(instruction.primitive, inputs)
