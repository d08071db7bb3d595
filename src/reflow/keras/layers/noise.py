"""Layers that disturb their inputs in training: with noise, or with dropout of other kinds.

As in TF 2.1, they take the seeds of their random ops from NumPy's global generator, not from
TensorFlow's, unless they have one.
"""

from __future__ import annotations

import numpy as np

import reflow as tf
from reflow.keras._engine.training_switch import choose
from reflow.keras.layers.layer import Layer

__all__ = ["AlphaDropout", "GaussianDropout", "GaussianNoise"]


def draw_seed():
    """An op seed from NumPy's global generator."""
    return int(np.random.randint(10e6))


class _Noisy(Layer):
    """A layer that takes a seed from NumPy's generator also when a model is described.

    There TF builds the op for training already, whose seed then goes unused.
    """

    def _describe(self, inputs, args, kwargs):
        known = args[0] if args else kwargs.get("training")
        if known is None and self._draws():
            draw_seed()
        return super()._describe(inputs, args, kwargs)

    def _draws(self):
        """Whether its random op has no seed of its own."""
        return True


def _normal(inputs, mean, stddev):
    x = tf.convert_to_tensor(inputs)
    shape = tf.shape(x)
    return tf.random.normal(shape, mean=mean, stddev=stddev, dtype=x.dtype, seed=draw_seed())


class GaussianNoise(_Noisy):
    """In training, adds normal noise; else passes all on.

    Args:
      stddev: the noise's standard deviation.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.
    """

    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.stddev = stddev

    def call(self, inputs, training=None):
        """Adds noise, if this is training."""
        return choose(training, lambda: inputs + _normal(inputs, 0.0, self.stddev), lambda: inputs)

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "stddev": self.stddev}


class GaussianDropout(_Noisy):
    """In training, multiplies by normal noise of mean 1; else passes all on.

    Args:
      rate: as ``Dropout``'s; the noise's standard deviation is ``sqrt(rate / (1 - rate))``.
        Outside of ``(0, 1)`` nothing happens.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.
    """

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.rate = rate

    def call(self, inputs, training=None):
        """Multiplies by noise, if this is training."""
        if not 0 < self.rate < 1:
            return inputs
        stddev = float(np.sqrt(self.rate / (1.0 - self.rate)))
        return choose(training, lambda: inputs * _normal(inputs, 1.0, stddev), lambda: inputs)

    def _draws(self):
        return 0 < self.rate < 1

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict."""
        return {**super().get_config(), "rate": self.rate}


_ALPHA = 1.6732632423543772848170429916717  # of the selu activation
_SCALE = 1.0507009873554804934193349852946
_LOWEST = -_ALPHA * _SCALE  # selu's limit for small x


class AlphaDropout(_Noisy):
    """Dropout that keeps mean and variance of normalized inputs, for use with selu.

    Dropped elements take selu's limit for small inputs; the result is scaled and shifted.

    Args:
      rate: the probability of an element to be dropped. Outside of ``(0, 1)`` nothing happens.
      noise_shape: the shape of the random choices, which broadcasts with the inputs.
      seed: an int that, with the global seed, determines the choices.
      **kwargs: as for ``Layer``.

    Input and output have the same shape.
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed
        self.supports_masking = True

    def call(self, inputs, training=None):
        """Drops elements, if this is training."""
        if not 0.0 < self.rate < 1.0:
            return inputs
        rate = self.rate

        def drop():
            shape = tf.shape(inputs) if self.noise_shape is None else self.noise_shape
            seed = draw_seed() if self.seed is None else self.seed
            drawn = tf.random.uniform(shape, dtype=tf.keras.backend.floatx(), seed=seed)
            kept = tf.cast(drawn >= rate, inputs.dtype)
            a = ((1 - rate) * (1 + rate * _LOWEST**2)) ** -0.5
            b = -a * _LOWEST * rate
            return a * (inputs * kept + _LOWEST * (1 - kept)) + b

        return choose(training, drop, lambda: inputs)

    def _draws(self):
        return self.seed is None and 0.0 < self.rate < 1.0

    def compute_output_shape(self, input_shape):
        """The same shape."""
        return input_shape

    def get_config(self):
        """The arguments, as a dict; neither the noise's shape nor the seed is among them."""
        return {**super().get_config(), "rate": self.rate}
