"""How many ops TF's graph of a layer's call has, which seeds the random ops of a training step.

In a function of TF, a random op without a seed of its own is seeded by the number of ops that the
graph holds when it asks; ``fit`` compiles such a function. Reflow's ops are not TF's, so the counts
stand here: ``OPS`` has a row for each class, measured on TF 2.1.0 in training. Layers without a
row, such as a program's own, are counted by the ops they record, and the layers inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import prod
from typing import Any

from reflow.core import random, record
from reflow.core.tensor import Tensor
from reflow.keras._engine.call_context import context

Shape = tuple[int, ...]
Count = tuple[int, int]
"""Ops before a random op of the layer asks for its seed, and all its ops."""

# ------------------------------------------------------------------------------ what rows share

ACTIVATIONS = {"linear": 0, "hard_sigmoid": 8, "swish": 4}
"""Ops of activation functions; others have one."""


def activation(function: Any, rank: int) -> int:
    """Ops of an activation function on a tensor of a rank."""
    if function is None:
        return 0
    name = getattr(function, "__name__", "")
    of_keras = getattr(function, "__module__", "") == "reflow.keras.activations"
    if name == "softmax" and of_keras and rank > 2:
        return 7
    return ACTIVATIONS.get(name, 1)


def _activity_penalty(layer: Any) -> int:
    regularizer = layer.activity_regularizer
    if regularizer is None or layer._activity_regularizer is None:
        return 0
    factors = [getattr(regularizer, name, 1.0) for name in ("l1", "l2")]
    return 8 + sum(6 for factor in factors if factor)


def _weighted(kernel: int) -> Callable[..., int]:
    """A layer with kernels, perhaps a bias and an activation function."""

    def count(layer: Any, shapes: list[Shape]) -> int:
        rank = len(shapes[0])
        return kernel + 3 * bool(layer.use_bias) + activation(layer.activation, rank)

    return count


def _dilated(layer: Any) -> bool:
    return any(rate != 1 for rate in layer.dilation_rate)


def _dense(layer: Any, shapes: list[Shape]) -> int:
    rank = len(shapes[0])
    product = 3 if rank == 2 else 27 if context.dynamic_batch else 13
    return product + 3 * bool(layer.use_bias) + activation(layer.activation, rank)


def _convolution(layer: Any, shapes: list[Shape]) -> int:
    count = _weighted(8 if len(shapes[0]) == 3 else 3)(layer, shapes)
    return count + 11 * _dilated(layer) + 2 * (layer.padding == "causal")


def _first(layer: Any, more: int) -> int:
    """Ops that TF adds on the CPU where the channels come first: it moves them."""
    return more * (layer.data_format == "channels_first")


def _transposed(valid: int, same: int, padded: int) -> Callable[..., int]:
    def count(layer: Any, shapes: list[Shape]) -> int:
        plain = same if layer.padding == "same" else valid
        ops = _weighted(plain if layer.output_padding is None else padded)(layer, shapes)
        return ops + 63 * _dilated(layer) + _first(layer, 17)

    return count


def _depthwise(layer: Any, shapes: list[Shape]) -> int:
    moved = _first(layer, 4 + 2 * bool(layer.use_bias))
    return _weighted(5)(layer, shapes) + 10 * _dilated(layer) + moved


def _separable(plain: int) -> Callable[..., int]:
    def count(layer: Any, shapes: list[Shape]) -> int:
        ops = _weighted(plain)(layer, shapes) + 10 * _dilated(layer)
        return ops + 2 * (layer.padding == "causal")

    return count


def _locally_connected(layer: Any, shapes: list[Shape]) -> int:
    rank = len(shapes[0])
    places = prod(layer.compute_output_shape(shapes[0]).as_list()[1:]) // layer.filters
    ops = {1: 10 + 6 * places, 2: 34 + rank, 3: 21 + rank}[layer.implementation]
    return ops + 5 * bool(layer.use_bias) + activation(layer.activation, rank)


def _batch_normalization(layer: Any, shapes: list[Shape]) -> int:
    scale, center = bool(layer.scale), bool(layer.center)
    if layer.fused:
        return (23 if layer.trainable else 11) + scale + center
    one = len(layer.axis) == 1 and layer.axis[0] != len(shapes[0]) - 1
    broadcast = (4 + 2 * scale + 2 * center) * one
    if not layer.trainable:
        return 14 + 3 * scale + 2 * center + broadcast
    if layer.renorm:
        return 73 + 5 * scale + 3 * center + broadcast
    if layer.virtual_batch_size is not None:
        return 36 + 3 * scale + 2 * center
    if layer._compute_dtype in ("float16", "bfloat16"):
        return 34 + 4 * scale + 3 * center + broadcast
    return 30 + 3 * scale + 2 * center + broadcast


def _layer_normalization(layer: Any, shapes: list[Shape]) -> int:
    rank = len(shapes[0])
    scale, center = bool(layer.scale), bool(layer.center)
    trailing = layer.axis == list(range(layer.axis[0], rank))
    broadcast = 2 * (scale + center) * (layer.axis != [rank - 1])
    if trailing and layer.epsilon >= 1.001e-5 and layer._compute_dtype != "float16":
        return 27 + 5 * (rank - 2) + 3 * scale + 3 * center + broadcast
    return 13 + 3 * scale + 2 * center + broadcast


def _relu(layer: Any, shapes: list[Shape]) -> int:
    slope, threshold = float(layer.negative_slope), float(layer.threshold)
    highest = layer.max_value
    if slope and highest is None and not threshold:
        return 1
    bounded = 4 * (highest is not None and (bool(threshold) or float(highest) != 6))
    return (4 if threshold else 1) + bounded + (7 if threshold else 5) * bool(slope)


def _softmax(layer: Any, shapes: list[Shape]) -> int:
    rank = len(shapes[0])
    return 1 if layer.axis in (-1, rank - 1) else 31 + 4 * (layer.axis < 0)


def _noise_shape(given: Sequence[int | None]) -> int:
    unknown = sum(size is None for size in given)
    if not unknown:
        return 5
    return 5 + 4 * unknown + len(given) - unknown


def _dropout(layer: Any, shapes: list[Shape]) -> Count:
    if not layer.rate:
        return 0, 0
    before = 4 if layer.noise_shape is None else _noise_shape(layer.noise_shape)
    return before, before + 12


def _spatial_dropout(before: int) -> Callable[..., Count]:
    return lambda layer, shapes: (before, before + 12) if layer.rate else (0, 0)


def _within(rate: float, count: int) -> Count:
    """A random op that is seeded from elsewhere, for rates strictly between 0 and 1."""
    return 0, count * (0 < rate < 1)


def _raised(shapes: list[Shape]) -> int:
    """Ops that give merged inputs one rank."""
    highest = max(map(len, shapes))
    return sum(2 * (highest - len(shape)) for shape in shapes)


def _dot(layer: Any, shapes: list[Shape]) -> int | None:
    ranks = [len(shape) for shape in shapes]
    normalize = 14 * bool(layer.normalize)
    if 2 in ranks and max(ranks) <= 3:
        return 7 + normalize
    if ranks != [3, 3]:
        return None
    i, j = layer._positive_axes(ranks)
    return 2 + 2 * (i != 2) + 2 * (j != 1) + normalize


def _attention(layer: Any, shapes: list[Shape]) -> int:
    return 3 + 3 * bool(layer.use_scale) + 28 * bool(layer.causal)


def _embedding(layer: Any, shapes: list[Shape], dtype: str) -> int:
    return 4 + (dtype not in ("int32", "int64"))


def _recurrent(plain: int, general: int, biased: int) -> Callable[..., int | None]:
    """A recurrent layer: in TF's single op, or with its loop."""

    def count(layer: Any, shapes: list[Shape]) -> int | None:
        if layer.unroll or layer.stateful or layer.dropout or layer.recurrent_dropout:
            return None
        default = getattr(layer.activation, "__name__", "") == "tanh"
        gates = getattr(getattr(layer, "recurrent_activation", None), "__name__", "sigmoid")
        if not layer.use_bias:
            return general - biased
        return plain if default and gates == "sigmoid" else general

    return count


def _bidirectional(layer: Any, shapes: list[Shape]) -> int | None:
    one = ops_of(layer.forward_layer, shapes)
    if one is None:
        return None
    merge = {"concat": 2, "sum": 1, "mul": 1, "ave": 3}.get(layer.merge_mode, 0)
    return 2 * one[1] + merge + 2 * bool(layer.forward_layer.return_sequences)


def _always(count: int) -> Callable[..., int]:
    return lambda layer, shapes: count


# ------------------------------------------------------------------------------------- the table

OPS: dict[str, Callable[..., Any]] = {
    "Activation": lambda layer, shapes: activation(layer.activation, len(shapes[0])),
    "ActivityRegularization": _always(0),
    "Add": lambda layer, shapes: len(shapes) - 1 + _raised(shapes),
    "AdditiveAttention": lambda layer, shapes: 12 + bool(layer.use_scale) + 28 * bool(layer.causal),
    "AlphaDropout": lambda layer, shapes: _within(layer.rate, 20),
    "Attention": _attention,
    "Average": lambda layer, shapes: len(shapes) + 1 + _raised(shapes),
    "AveragePooling1D": lambda layer, shapes: 4 + _first(layer, 4),
    "AveragePooling2D": lambda layer, shapes: 1 + _first(layer, 4),
    "AveragePooling3D": lambda layer, shapes: 1 + _first(layer, 4),
    "BatchNormalization": _batch_normalization,
    "Bidirectional": _bidirectional,
    "Concatenate": _always(2),
    "Conv1D": _convolution,
    "Conv2D": _convolution,
    "Conv2DTranspose": _transposed(valid=30, same=26, padded=42),
    "Conv3D": _convolution,
    "Conv3DTranspose": _transposed(valid=34, same=28, padded=52),
    "Cropping1D": _always(4),
    "Cropping2D": _always(4),
    "Cropping3D": _always(4),
    "Dense": _dense,
    "DepthwiseConv2D": _depthwise,
    "Dot": _dot,
    "Dropout": _dropout,
    "ELU": lambda layer, shapes: 1 if float(layer.alpha) == 1 else 6,
    "Embedding": _embedding,
    "Flatten": lambda layer, shapes: 4 if layer.data_format == "channels_first" else 2,
    "GRU": _recurrent(plain=17, general=72, biased=5),
    "GaussianDropout": lambda layer, shapes: _within(layer.rate, 7),
    "GaussianNoise": lambda layer, shapes: (0, 7),
    "GlobalAveragePooling1D": lambda layer, shapes, masked: 9 if masked else 2,
    "GlobalAveragePooling2D": _always(2),
    "GlobalAveragePooling3D": _always(2),
    "GlobalMaxPooling1D": _always(2),
    "GlobalMaxPooling2D": _always(2),
    "GlobalMaxPooling3D": _always(2),
    "LSTM": _recurrent(plain=25, general=73, biased=3),
    "LayerNormalization": _layer_normalization,
    "LeakyReLU": _always(1),
    "LocallyConnected1D": _locally_connected,
    "LocallyConnected2D": _locally_connected,
    "Masking": _always(7),
    "MaxPooling1D": lambda layer, shapes: 4 + _first(layer, 4),
    "MaxPooling2D": lambda layer, shapes: 1 + _first(layer, 4),
    "MaxPooling3D": lambda layer, shapes: 1 + _first(layer, 4),
    "Maximum": lambda layer, shapes: len(shapes) - 1 + _raised(shapes),
    "Minimum": lambda layer, shapes: len(shapes) - 1 + _raised(shapes),
    "Multiply": lambda layer, shapes: len(shapes) - 1 + _raised(shapes),
    "PReLU": _always(8),
    "Permute": _always(2),
    "ReLU": _relu,
    "RepeatVector": _always(4),
    "Reshape": lambda layer, shapes: 7 + len(layer.target_shape),
    "SeparableConv1D": _separable(15),
    "SeparableConv2D": _separable(8),
    "SimpleRNN": _recurrent(plain=53, general=53, biased=3),
    "Softmax": _softmax,
    "SpatialDropout1D": _spatial_dropout(14),
    "SpatialDropout2D": _spatial_dropout(15),
    "SpatialDropout3D": _spatial_dropout(16),
    "Subtract": lambda layer, shapes: 1 + _raised(shapes),
    "ThresholdedReLU": _always(4),
    "UpSampling1D": _always(5),
    "UpSampling2D": lambda layer, shapes: 8 + _first(layer, 4),
    "UpSampling3D": _always(15),
    "ZeroPadding1D": _always(2),
    "ZeroPadding2D": _always(2),
    "ZeroPadding3D": _always(2),
}
"""Class -> function of a layer and its inputs' shapes: the ops of a call, or a ``Count``; None
where nobody has counted."""

_WITH_DTYPE = {"Embedding"}
_WITH_MASK = {"GlobalAveragePooling1D"}


def ops_of(
    layer: Any, shapes: list[Shape], dtype: str = "float32", masked: bool = False
) -> Count | None:
    """The ops of a call of a layer in training; ``context.dynamic_batch`` matters too.

    Args:
      layer: a layer that is built.
      shapes: of its inputs.
      dtype: of its first input.
      masked: whether its first input has a mask.

    Returns:
      Ops before its random op asks for a seed, and all ops; None for a layer without a row.
    """
    cls = type(layer)
    row = OPS.get(cls.__name__) if cls.__module__.startswith("reflow.keras.layers.") else None
    if row is None:
        return None
    more = (dtype,) * (cls.__name__ in _WITH_DTYPE) + (masked,) * (cls.__name__ in _WITH_MASK)
    found = row(layer, shapes, *more)
    if found is None:
        return None
    before, total = found if isinstance(found, tuple) else (0, found)
    return before, total + _activity_penalty(layer)


# ------------------------------------------------------------------------------------- counting


@contextmanager
def counting(first_op: int, dynamic_batch: bool = False) -> Iterator[None]:
    """Seeds the random ops of a training step that is traced in this block as TF does.

    Args:
      first_op: how many ops TF's graph holds at the start.
      dynamic_batch: whether TF does not know the batch size: not all batches have the same.
    """
    capture = record.state.segment.capture
    saved = context.counts_ops, context.dynamic_batch
    context.counts_ops, context.dynamic_batch = True, dynamic_batch
    try:
        with random.graph_ops(more=first_op - capture.op_count() - random.more_graph_ops()):
            yield
    finally:
        context.counts_ops, context.dynamic_batch = saved


def call(layer: Any, inputs: Any, compute: Callable[[], Any]) -> Any:
    """Calls ``compute``, a layer's call on inputs, counting TF's ops, not those recorded."""
    tensors = [x for x in _flat(inputs) if isinstance(x, Tensor)]
    shapes = [x._aval.shape for x in tensors]
    found = None
    if tensors:
        masked = getattr(tensors[0], "_keras_mask", None) is not None
        found = ops_of(layer, shapes, tensors[0].dtype.name, masked)
    capture = record.state.segment.capture
    if found is None or capture is None:
        return compute()
    before, total = found
    start = capture.op_count() + random.more_graph_ops()
    with random.graph_ops(exact=start + before):
        outputs = compute()
    random.add_graph_ops(start + total - capture.op_count() - random.more_graph_ops())
    return outputs


def _flat(inputs: Any) -> list[Any]:
    return list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
