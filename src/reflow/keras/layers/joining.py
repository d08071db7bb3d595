"""Layers that join inputs along an axis, or multiply them as matrices, and their functions."""

from __future__ import annotations

import math

import reflow as tf
from reflow.keras.layers.merging import Merge, check_masks

__all__ = ["Concatenate", "Dot", "concatenate", "dot"]


def _sizes(shape):
    return tf.TensorShape(shape).as_list()


class Concatenate(Merge):
    """Joins its inputs along an axis.

    Args:
      axis: the axis.
      **kwargs: as for ``Layer``.

    Inputs: a list of at least two tensors, of equal shapes but for the axis.
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, input_shape):
        """Checks that the inputs fit together."""
        if not isinstance(input_shape, (list, tuple)) or len(input_shape) < 2:
            raise ValueError(
                "A `Concatenate` layer should be called on a list of at least 2 inputs"
            )
        shapes = [_sizes(shape) for shape in input_shape]
        rest = [list(shape) for shape in shapes]
        for shape in rest:
            if not -len(shape) <= self.axis < len(shape):
                raise IndexError(
                    f"Concatenate {self.name!r}: there is no axis {self.axis} in inputs of shapes "
                    f"{[tuple(s) for s in shapes]}"
                )
            shape[self.axis] = None
        ranks_differ = len({len(shape) for shape in rest}) > 1
        if ranks_differ or any(len(set(sizes) - {None}) > 1 for sizes in zip(*rest, strict=True)):
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concat "
                f"axis. Got inputs shapes: {[tuple(shape) for shape in shapes]}"
            )
        self.built = True

    def call(self, inputs):
        """Joins the inputs."""
        return tf.concat(inputs, self.axis)

    def compute_output_shape(self, input_shape):
        """The sizes along the axis add up."""
        if not isinstance(input_shape, (list, tuple)) or not isinstance(
            input_shape[0], (list, tuple, tf.TensorShape)
        ):
            raise ValueError("A `Concatenate` layer should be called on a list of inputs.")
        shapes = [_sizes(shape) for shape in input_shape]
        result = shapes[0]
        sizes = [shape[self.axis] for shape in shapes]
        result[self.axis] = None if None in sizes else sum(sizes)
        return tf.TensorShape(result)

    def _described_shape(self, shapes):
        result = [
            next((s for s in sizes if s is not None), None) for sizes in zip(*shapes, strict=True)
        ]
        joined = [shape[self.axis] for shape in shapes]
        result[self.axis] = None if None in joined else sum(joined)
        return result

    def compute_mask(self, inputs, mask=None):
        """The masks, joined too; an input without a mask counts as wholly True."""
        if not check_masks(inputs, mask):
            return None
        masks = []
        for x, one in zip(inputs, mask, strict=True):
            if one is None:
                masks.append(tf.ones_like(x, dtype=tf.bool))
            else:
                wide = tf.expand_dims(one, -1) if len(one.shape) < len(x.shape) else one
                masks.append(tf.logical_and(wide, tf.ones_like(x, dtype=tf.bool)))
        return tf.reduce_all(tf.concat(masks, self.axis), axis=-1)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "axis": self.axis}


class Dot(Merge):
    """Sums the products of two inputs' elements along an axis of each, sample by sample.

    Args:
      axes: the axis, or a pair of them; not the batch's.
      normalize: whether vectors along the axes are first scaled to length 1: cosine similarity.
      **kwargs: as for ``Layer``.

    Inputs of shapes ``(batch, ..., n)`` and ``(batch, n, ...)`` (say) give ``(batch, ..., ...)``;
    two matrices ``(batch, n)`` give ``(batch, 1)``.

    Raises:
      TypeError, ValueError: if ``axes`` is no axis or pair of them.
    """

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axes, int):
            if not isinstance(axes, (list, tuple)):
                raise TypeError("Invalid type for `axes` - should be a list or an int.")
            if len(axes) != 2:
                raise ValueError("Invalid format for `axes` - should contain two elements.")
            if not all(isinstance(axis, int) for axis in axes):
                raise ValueError('Invalid format for `axes` - list elements should be "int".')
        self.axes = axes
        self.normalize = normalize

    def _positive_axes(self, ranks):
        axes = [self.axes] * 2 if isinstance(self.axes, int) else self.axes
        return [axis % rank if axis < 0 else axis for axis, rank in zip(axes, ranks, strict=True)]

    def build(self, input_shape):
        """Checks that the inputs fit together."""
        if not isinstance(input_shape, (list, tuple)) or len(input_shape) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        left, right = map(_sizes, input_shape)
        i, j = self._positive_axes((len(left), len(right)))
        if left[i] != right[j]:
            raise ValueError(
                f"Dimension incompatibility {left[i]} != {right[j]}. Layer shapes: "
                f"{tuple(left)}, {tuple(right)}"
            )
        if 0 in (i, j):
            raise ValueError(
                "Cannot perform batch_dot over axis 0. If your inputs are not batched, add a dummy "
                "batch dimension to your inputs using K.expand_dims(x, 0)"
            )
        self.built = True

    def call(self, inputs):
        """Multiplies and sums."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) != 2:
            raise ValueError("A `Dot` layer should be called on exactly 2 inputs")
        left, right = inputs
        i, j = self._positive_axes((len(left.shape), len(right.shape)))
        if self.normalize:
            left, right = tf.math.l2_normalize(left, axis=i), tf.math.l2_normalize(right, axis=j)
        return _batch_dot(left, right, i, j)

    def compute_output_shape(self, input_shape):
        """The batch, then the axes that are not summed over; at least one of size 1."""
        if not isinstance(input_shape, (list, tuple)) or len(input_shape) != 2:
            raise ValueError("A `Dot` layer should be called on a list of 2 inputs.")
        left, right = map(_sizes, input_shape)
        i, j = self._positive_axes((len(left), len(right)))
        sizes = _without(left, i) + _without(right, j)[1:]
        return tf.TensorShape(sizes if len(sizes) > 1 else [*sizes, 1])

    def _described_shape(self, shapes):
        return self.compute_output_shape(shapes).as_list()

    def compute_mask(self, inputs, mask=None):
        """There is none."""

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def _without(sizes, axis):
    return [size for i, size in enumerate(sizes) if i != axis]


def _batch_dot(left, right, i, j):
    """Sums over axis i of one and j of the other, as products of matrices."""
    if len(left.shape) == len(right.shape) == 2:
        return tf.reduce_sum(left * right, axis=1, keepdims=True)
    sizes, others = left.shape.as_list(), right.shape.as_list()
    rows, columns = _without(sizes, i), _without(others, j)
    left = tf.transpose(left, [*_without(range(len(sizes)), i), i])
    right = tf.transpose(right, [0, j, *_without(range(1, len(others)), j - 1)])
    left = tf.reshape(left, [rows[0], math.prod(rows[1:]), sizes[i]])
    right = tf.reshape(right, [columns[0], others[j], math.prod(columns[1:])])
    return tf.reshape(tf.matmul(left, right), [*rows, *columns[1:]])


def concatenate(inputs, axis=-1, **kwargs):
    """Tensors joined along an axis, by a ``Concatenate`` layer.

    Args:
      inputs: a list of at least two tensors.
      axis: the axis.
      **kwargs: as for ``Layer``.
    """
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs, axes, normalize=False, **kwargs):
    """The sums of products of two tensors along axes, by a ``Dot`` layer.

    Args:
      inputs: a list of two tensors.
      axes: the axis, or a pair of them.
      normalize: whether vectors along the axes are first scaled to length 1.
      **kwargs: as for ``Layer``.
    """
    return Dot(axes=axes, normalize=normalize, **kwargs)(inputs)
