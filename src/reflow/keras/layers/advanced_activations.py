"""Activation functions with parameters: leaky, learned, bounded."""

from __future__ import annotations

import reflow as tf
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer

__all__ = ["ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "ThresholdedReLU"]


class _Elementwise(Layer):
    """A layer whose outputs have the shape of its inputs."""

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape


class LeakyReLU(_Elementwise):
    """``x`` if positive, else ``alpha * x``.

    Args:
      alpha: the slope on the negative side.
      **kwargs: as for ``Layer``.
    """

    def __init__(self, alpha=0.3, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.alpha = tf.keras.backend.cast_to_floatx(alpha)

    def call(self, inputs):
        """Computes it."""
        return tf.keras.activations.relu(inputs, alpha=float(self.alpha))

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "alpha": float(self.alpha)}


class PReLU(_Elementwise):
    """``x`` if positive, else ``alpha * x`` with learned slopes.

    Args:
      alpha_initializer: of the slopes' first values.
      alpha_regularizer: a penalty on them.
      alpha_constraint: applied to them after each update.
      shared_axes: axes (from 1) along which a slope is shared, for example ``[1, 2]`` for one
        slope per channel of images.
      **kwargs: as for ``Layer``.

    Weight: alpha, of the inputs' shape without the batch, 1 along shared axes.
    """

    def __init__(
        self,
        alpha_initializer="zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.alpha_initializer = tf.keras.initializers.get(alpha_initializer)
        self.alpha_regularizer = tf.keras.regularizers.get(alpha_regularizer)
        self.alpha_constraint = tf.keras.constraints.get(alpha_constraint)
        if shared_axes is not None and not isinstance(shared_axes, (list, tuple)):
            shared_axes = [shared_axes]
        self.shared_axes = None if shared_axes is None else list(shared_axes)

    def build(self, input_shape):
        """Makes the slopes for inputs of a shape."""
        sizes = tf.TensorShape(input_shape).as_list()
        shared = self.shared_axes or []
        shape = [1 if axis in shared else size for axis, size in enumerate(sizes)][1:]
        if None in shape:
            raise ValueError(
                f"PReLU {self.name!r}: axis {shape.index(None) + 1} of the inputs has no known "
                f"size (input shape {tuple(sizes)}), so its slopes can't be made; share them with "
                "shared_axes"
            )
        self.alpha = self.add_weight(
            "alpha",
            shape=shape,
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
        )
        axes = {i: sizes[i] for i in range(1, len(sizes)) if shared and i not in shared}
        self.input_spec = InputSpec(ndim=len(sizes), axes=axes)
        self.built = True

    def call(self, inputs):
        """``relu(x) - alpha * relu(-x)``."""
        return tf.nn.relu(inputs) + -self.alpha * tf.nn.relu(-inputs)

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "alpha_initializer": tf.keras.initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": tf.keras.regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": tf.keras.constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }


class ELU(_Elementwise):
    """``x`` if positive, else ``alpha * (exp(x) - 1)``.

    Args:
      alpha: the negative of the limit for small ``x``.
      **kwargs: as for ``Layer``.
    """

    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.alpha = tf.keras.backend.cast_to_floatx(alpha)

    def call(self, inputs):
        """Computes it."""
        return tf.keras.activations.elu(inputs, float(self.alpha))

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "alpha": float(self.alpha)}


class ThresholdedReLU(_Elementwise):
    """``x`` if larger than ``theta``, else 0.

    Args:
      theta: the threshold.
      **kwargs: as for ``Layer``.
    """

    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.theta = tf.keras.backend.cast_to_floatx(theta)

    def call(self, inputs):
        """Computes it."""
        return tf.where(inputs > float(self.theta), inputs, 0 * inputs)  # 0 * nan stays nan

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "theta": float(self.theta)}


class Softmax(_Elementwise):
    """``exp(x) / sum(exp(x))``: probabilities.

    Args:
      axis: the axis along which they sum to 1.
      **kwargs: as for ``Layer``.
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.axis = axis

    def call(self, inputs):
        """Computes it."""
        return tf.nn.softmax(inputs, axis=self.axis)

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "axis": self.axis}


class ReLU(_Elementwise):
    """``max_value`` if ``x >= max_value``, ``x`` if ``x >= threshold``, else a line.

    The line is ``negative_slope * (x - threshold)``.

    Args:
      max_value: the largest result; unlimited if None.
      negative_slope: the slope below the threshold.
      threshold: below it, ``x`` counts as too small.
      **kwargs: as for ``Layer``.

    Raises:
      ValueError: if ``max_value`` or ``negative_slope`` is negative.
    """

    def __init__(self, max_value=None, negative_slope=0, threshold=0, **kwargs):
        super().__init__(**kwargs)
        if max_value is not None and max_value < 0.0:
            raise ValueError(f"max_value of Relu layer cannot be negative value: {max_value}")
        if negative_slope < 0.0:
            raise ValueError(
                f"negative_slope of Relu layer cannot be negative value: {negative_slope}"
            )
        cast = tf.keras.backend.cast_to_floatx
        self.max_value = None if max_value is None else cast(max_value)
        self.negative_slope = cast(negative_slope)
        self.threshold = cast(threshold)

    def call(self, inputs):
        """Computes it."""
        highest = None if self.max_value is None else float(self.max_value)
        return tf.keras.activations.relu(
            inputs, float(self.negative_slope), highest, float(self.threshold)
        )

    def get_config(self):
        """The arguments, as a dict."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }
