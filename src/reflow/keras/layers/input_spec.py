"""What a layer expects of its inputs, checked in one place."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow.core.tensor_shape import TensorShape
from reflow.keras._engine.symbolic import dims_of

__all__ = ["InputSpec"]


class InputSpec:
    """Says which type, rank and sizes one input of a layer must have.

    Args:
      dtype: the expected type's name.
      shape: a shape, None where a size may be any.
      ndim: the expected rank.
      max_ndim, min_ndim: bounds of the rank.
      axes: axis -> the size that it must have.

    Raises:
      TypeError: if an axis is no integer.
      ValueError: if an axis is beyond the rank.
    """

    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None):
        self.dtype = None if dtype is None else tf.as_dtype(dtype).name
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        try:
            axes = axes or {}
            self.axes = {int(k): axes[k] for k in axes}
        except (ValueError, TypeError):
            raise TypeError("The keys in axes must be integers.") from None
        if self.axes and (self.ndim is not None or self.max_ndim is not None):
            rank = self.ndim or self.max_ndim
            largest = max(self.axes)
            if largest > rank - 1:
                raise ValueError(
                    f"Axis {largest} is greater than the maximum allowed value: {rank - 1}"
                )

    def __repr__(self):
        shown = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        parts = [f"{key}={getattr(self, key)}" for key in shown if getattr(self, key)]
        return f"InputSpec({', '.join(parts)})"

    def get_config(self):
        """The arguments, as a dict."""
        keys = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return {key: getattr(self, key) for key in keys}

    @classmethod
    def from_config(cls, config):
        """Makes a spec from the result of ``get_config``."""
        return cls(**config)


def check_inputs(spec: Any, inputs: Any, layer: str) -> None:
    """Raises a ValueError if inputs are not what a layer expects.

    Args:
      spec: an ``InputSpec``, or a structure of them.
      inputs: a tensor, or a structure of them.
      layer: the layer's name.
    """
    if not spec:
        return
    specs, given = tf.nest.flatten(spec), tf.nest.flatten(inputs)
    for x in given:
        if not hasattr(x, "shape"):
            raise TypeError(
                f"Inputs to a layer should be tensors. Layer {layer} got {x!r} ({type(x).__name__})"
            )
    if len(given) != len(specs):
        raise ValueError(
            f"Layer {layer} expects {len(specs)} inputs, but it received {len(given)} input "
            f"tensors. Inputs received: {inputs}"
        )
    for index, (one, x) in enumerate(zip(specs, given, strict=True)):
        if one is not None:
            _check(one, x, f"Input {index} of layer {layer} is incompatible with the layer: ")


def _check(spec: InputSpec, x: Any, start: str) -> None:
    shape = x.shape
    if shape.__class__ is not TensorShape:
        shape = TensorShape(shape)
    rank = shape.rank
    if rank is None:
        return
    full = f"Full shape received: {list(dims_of(shape.as_list()))}"
    if spec.ndim is not None and rank != spec.ndim:
        raise ValueError(f"{start}expected ndim={spec.ndim}, found ndim={rank}. {full}")
    if spec.max_ndim is not None and rank > spec.max_ndim:
        raise ValueError(f"{start}expected max_ndim={spec.max_ndim}, found ndim={rank}")
    if spec.min_ndim is not None and rank < spec.min_ndim:
        raise ValueError(f"{start}: expected min_ndim={spec.min_ndim}, found ndim={rank}. {full}")
    if spec.dtype is not None and x.dtype.name != spec.dtype:
        raise ValueError(f"{start}expected dtype={spec.dtype}, found dtype={x.dtype.name}")
    sizes = shape.as_list()
    for axis, size in spec.axes.items():
        size = getattr(size, "value", size)
        if size is not None and sizes[axis] not in (size, None):
            raise ValueError(
                f"{start}expected axis {axis} of input shape to have value {size} but received "
                f"input with shape {sizes}"
            )
    if spec.shape is not None:
        for expected, size in zip(spec.shape, sizes, strict=True):
            if expected is not None and size is not None and expected != size:
                raise ValueError(f"{start}expected shape={spec.shape}, found shape={sizes}")


def spec_for(shapes: Any) -> Any:
    """The loosest spec for inputs of these ranks."""
    return tf.nest.map_structure(lambda s: InputSpec(ndim=TensorShape(s).rank), shapes)
