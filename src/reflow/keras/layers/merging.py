"""Layers that combine several inputs elementwise, and their functions."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine.symbolic import Kind
from reflow.keras.layers.layer import Layer

__all__ = [
    "Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract",
    "add", "average", "maximum", "minimum", "multiply", "subtract",
]  # fmt: skip


class Merge(Layer):
    """A layer of several inputs, which broadcast beyond the batch.

    Args:
      **kwargs: as for ``Layer``.

    Inputs of lower rank get axes of size 1 after the batch.
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def _merge(self, inputs):
        """What the layer makes of tensors of one rank."""
        raise NotImplementedError(f"{type(self).__name__} must override _merge")

    def build(self, input_shape):
        """Checks that the inputs fit together."""
        if not isinstance(input_shape, list):
            raise ValueError("A merge layer should be called on a list of inputs.")
        shapes = _shapes(input_shape)
        if len(shapes) < 2:
            raise ValueError(
                "A merge layer should be called on a list of at least 2 inputs. Got "
                f"{len(shapes)} inputs."
            )
        if len({shape[0] for shape in shapes if shape} - {None}) > 1:
            raise ValueError(
                "Can not merge tensors with different batch sizes. Got tensors with shapes : "
                f"{shapes}"
            )
        _merged_shape(shapes)
        self.built = True

    def call(self, inputs):
        """Combines the inputs."""
        if not isinstance(inputs, (list, tuple)):
            raise ValueError("A merge layer should be called on a list of inputs.")
        ranks = [len(x.shape) for x in inputs]
        highest = max(ranks)
        if min(ranks) < highest:
            inputs = [_raised(x, highest) for x in inputs]
        return self._merge(inputs)

    def _output_kinds(self, inputs, args, kwargs):
        # What stands for an unknown size does not fit a known one, as the real size will.
        dims = self._described_shape([tuple(x.shape.as_list()) for x in inputs])
        return Kind(tuple(dims), inputs[0].dtype)

    def _described_shape(self, shapes):
        """The outputs' shape for inputs that fit: where one knows a size, it is known."""
        return _merged_shape(shapes, known=True)

    def compute_output_shape(self, input_shape):
        """The shape that the inputs broadcast to."""
        return tf.TensorShape(_merged_shape(_shapes(input_shape)))

    def compute_mask(self, inputs, mask=None):
        """Where all masks that there are say True."""
        if not check_masks(inputs, mask):
            return None
        found = [one for one in mask if one is not None]
        result = found[0]
        for one in found[1:]:
            result = tf.logical_and(result, one)
        return result


def check_masks(inputs, mask):
    """Whether there is any mask.

    Raises:
      ValueError: if the inputs and masks are no lists of one length.
    """
    if mask is None:
        return False
    if not isinstance(mask, (list, tuple)):
        raise ValueError("`mask` should be a list.")
    if not isinstance(inputs, (list, tuple)):
        raise ValueError("`inputs` should be a list.")
    if len(mask) != len(inputs):
        raise ValueError("The lists `inputs` and `mask` should have the same length.")
    return any(one is not None for one in mask)


def _shapes(shapes):
    """The inputs' shapes as a list of tuples."""
    several = isinstance(shapes, (list, tuple)) and shapes
    if not several or not isinstance(shapes[0], (list, tuple, tf.TensorShape)):
        raise ValueError("A merge layer should be called on a list of inputs.")
    return [tuple(tf.TensorShape(shape).as_list()) for shape in shapes]


def _merged_shape(shapes, known=False):
    batches = {shape[0] for shape in shapes if shape} - {None}
    merged = shapes[0][1:]
    for shape in shapes[1:]:
        merged = _broadcast(merged, shape[1:], known)
    return [batches.pop() if len(batches) == 1 else None, *merged]


def _broadcast(one, other, known):
    """The common shape of two, without the batch."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    head = len(longer) - len(shorter)
    sizes = list(longer[:head])
    for left, right in zip(longer[head:], shorter, strict=True):
        if left == 1 or right == 1:
            sizes.append(right if left == 1 else left)
        elif left is None or right is None:
            sizes.append((left or right) if known else None)
        elif left == right:
            sizes.append(left)
        else:
            raise ValueError(
                f"Operands could not be broadcast together with shapes {longer} {shorter}"
            )
    return sizes


def _raised(x, rank):
    for _ in range(rank - len(x.shape)):
        x = tf.expand_dims(x, 1)
    return x


class Add(Merge):
    """The sum of its inputs.

    Args:
      **kwargs: as for ``Layer``.
    """

    def _merge(self, inputs):
        result = inputs[0]
        for x in inputs[1:]:
            result = result + x
        return result


class Subtract(Merge):
    """The first of two inputs minus the second.

    Args:
      **kwargs: as for ``Layer``.
    """

    def build(self, input_shape):
        """Checks that the inputs fit together."""
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")

    def _merge(self, inputs):
        if len(inputs) != 2:
            raise ValueError("A `Subtract` layer should be called on exactly 2 inputs")
        return inputs[0] - inputs[1]


class Multiply(Merge):
    """The product of its inputs.

    Args:
      **kwargs: as for ``Layer``.
    """

    def _merge(self, inputs):
        result = inputs[0]
        for x in inputs[1:]:
            result = result * x
        return result


class Average(Merge):
    """The mean of its inputs.

    Args:
      **kwargs: as for ``Layer``.
    """

    def _merge(self, inputs):
        result = inputs[0]
        for x in inputs[1:]:
            result = result + x
        return result / len(inputs)


class Maximum(Merge):
    """The largest of its inputs, elementwise.

    Args:
      **kwargs: as for ``Layer``.
    """

    def _merge(self, inputs):
        result = inputs[0]
        for x in inputs[1:]:
            result = tf.maximum(result, x)
        return result


class Minimum(Merge):
    """The smallest of its inputs, elementwise.

    Args:
      **kwargs: as for ``Layer``.
    """

    def _merge(self, inputs):
        result = inputs[0]
        for x in inputs[1:]:
            result = tf.minimum(result, x)
        return result


def add(inputs, **kwargs):
    """The sum of tensors, by an ``Add`` layer.

    Args:
      inputs: a list of at least two tensors.
      **kwargs: as for ``Layer``.
    """
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The difference of two tensors, by a ``Subtract`` layer.

    Args:
      inputs: a list of two tensors.
      **kwargs: as for ``Layer``.
    """
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of tensors, by a ``Multiply`` layer.

    Args:
      inputs: a list of at least two tensors.
      **kwargs: as for ``Layer``.
    """
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of tensors, by an ``Average`` layer.

    Args:
      inputs: a list of at least two tensors.
      **kwargs: as for ``Layer``.
    """
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The elementwise maximum of tensors, by a ``Maximum`` layer.

    Args:
      inputs: a list of at least two tensors.
      **kwargs: as for ``Layer``.
    """
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The elementwise minimum of tensors, by a ``Minimum`` layer.

    Args:
      inputs: a list of at least two tensors.
      **kwargs: as for ``Layer``.
    """
    return Minimum(**kwargs)(inputs)
