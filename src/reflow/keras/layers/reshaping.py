"""Layers that arrange the elements of each sample differently."""

from __future__ import annotations

import math

import reflow as tf
from reflow.keras._engine.data_format import normalize_data_format
from reflow.keras._engine.symbolic import Kind
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["Flatten", "Permute", "RepeatVector", "Reshape"]


class Flatten(Layer):
    """Makes one vector of each sample.

    Args:
      data_format: ``"channels_last"`` (the default) or ``"channels_first"``, which puts the
        channels last before flattening, so that weights fit both orders.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, ...)``; output shape ``(batch, elements)``.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        """Reshapes."""
        sizes = inputs.shape.as_list()
        if self.data_format == "channels_first" and len(sizes) > 2:
            inputs = tf.transpose(inputs, (0, *range(2, len(sizes)), 1))
        return tf.reshape(inputs, (sizes[0], math.prod(sizes[1:])))

    def compute_output_shape(self, input_shape):
        """``(batch, elements)``."""
        batch, *sizes = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([batch, None if None in sizes else math.prod(sizes)])

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "data_format": self.data_format}


class Reshape(Layer):
    """Gives each sample another shape.

    Args:
      target_shape: the shape without the batch; one size may be -1 and follows from the others.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, ...)``; output shape ``(batch, *target_shape)``.
    """

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def call(self, inputs):
        """Reshapes."""
        return tf.reshape(inputs, (inputs.shape[0], *self.target_shape))

    def _output_kinds(self, inputs, args, kwargs):
        # Sizes that stand for unknown ones need not divide as the real ones will. As in TF, what
        # follows from others stays unknown where the batch is.
        sizes = inputs.shape.as_list()
        if None in sizes:
            dims = (sizes[0], *[None if size == -1 else size for size in self.target_shape])
        else:
            dims = tuple(self.compute_output_shape(sizes).as_list())
        return Kind(dims, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """``(batch, *target_shape)``.

        Raises:
          ValueError: if the number of elements changes.
        """
        batch, *sizes = tf.TensorShape(input_shape).as_list()
        target = self.target_shape
        if None in sizes:
            return tf.TensorShape([batch, *[None if size == -1 else size for size in target]])
        elements = math.prod(sizes)
        unknown = [axis for axis, size in enumerate(target) if size < 0]
        if len(unknown) > 1:
            raise ValueError(f"Reshape {self.name!r}: can only specify one unknown dimension")
        known = math.prod(size for size in target if size >= 0)
        if elements % known if unknown and known else elements != known:
            raise ValueError(
                f"total size of new array must be unchanged (Reshape {self.name!r}: "
                f"{tuple(sizes)} to {target})"
            )
        found = elements // known if unknown and known else 0
        return tf.TensorShape([batch, *[found if size < 0 else size for size in target]])

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    """Puts the axes of each sample in another order.

    Args:
      dims: the axes in their new order, counted from 1; the batch stays first.
      **kwargs: as for ``Layer``.

    Raises:
      ValueError: if ``dims`` is no order of ``1 ... n``.
    """

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError(
                f"Invalid permutation `dims` for Permute Layer: {dims}. The set of indices in "
                "`dims` must be consecutive and start from 1."
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs):
        """Transposes."""
        return tf.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape):
        """The sizes in their new order."""
        sizes = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([sizes[axis] for axis in (0, *self.dims)])

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    """Repeats each sample along a new axis.

    Args:
      n: how often.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, features)``; output shape ``(batch, n, features)``.
    """

    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs):
        """Repeats."""
        return tf.tile(tf.expand_dims(inputs, 1), (1, self.n, 1))

    def compute_output_shape(self, input_shape):
        """``(batch, n, features)``."""
        batch, features = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape([batch, self.n, features])

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "n": self.n}
