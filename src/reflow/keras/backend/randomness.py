"""Random tensors and variables; without a seed it is drawn from NumPy's global generator."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.keras.backend.configuration import floatx
from reflow.keras.backend.variables import variable

__all__ = [
    "dropout", "random_binomial", "random_normal", "random_normal_variable", "random_uniform",
    "random_uniform_variable", "truncated_normal",
]  # fmt: skip


def _seed(seed: Any, below: float = 10e6) -> Any:
    """A seed, drawn where none is given: ``np.random.seed`` makes programs repeatable."""
    return np.random.randint(below) if seed is None else seed


def dropout(x, level, noise_shape=None, seed=None):
    """The tensor with some elements set to 0, and the others divided by how many are left.

    Args:
      x: a tensor.
      level: the part that is set to 0, between 0 and 1.
      noise_shape: the shape of the random choices, which broadcasts with ``x``.
      seed: an int.
    """
    return tf.nn.dropout(x, rate=level, noise_shape=noise_shape, seed=_seed(seed))


def random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """A tensor of normal random numbers.

    Args:
      shape: a tuple.
      mean, stddev: their mean and standard deviation.
      dtype: the type's name; Keras's ``floatx`` by default.
      seed: an int.
    """
    return tf.random.normal(shape, mean, stddev, dtype=dtype or floatx(), seed=_seed(seed))


def random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """A tensor of random numbers that are equally likely in ``[minval, maxval)``.

    Args:
      shape: a tuple.
      minval, maxval: numbers.
      dtype: the type's name; Keras's ``floatx`` by default.
      seed: an int.
    """
    return tf.random.uniform(shape, minval, maxval, dtype=dtype or floatx(), seed=_seed(seed))


def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """A tensor of random zeros and ones.

    Args:
      shape: a tuple.
      p: how likely a 1 is.
      dtype: the type's name; Keras's ``floatx`` by default.
      seed: an int.
    """
    dtype = dtype or floatx()
    drawn = tf.random.uniform(shape, dtype=dtype, seed=_seed(seed))
    return tf.where(drawn <= p, tf.ones(shape, dtype), tf.zeros(shape, dtype))


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """A tensor of normal random numbers within two standard deviations of the mean.

    Args:
      shape: a tuple.
      mean, stddev: mean and standard deviation before the truncation.
      dtype: the type's name; Keras's ``floatx`` by default.
      seed: an int.
    """
    return tf.random.truncated_normal(
        shape, mean, stddev, dtype=dtype or floatx(), seed=_seed(seed)
    )


def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None):
    """A variable of normal random numbers.

    Args:
      shape: a tuple.
      mean, scale: their mean and standard deviation.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
      seed: an int.
    """
    dtype = dtype or floatx()
    value = tf.random.normal(shape, mean, scale, dtype=dtype, seed=_seed(seed, 10e8))
    return variable(value, dtype=dtype, name=name)


def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None):
    """A variable of random numbers that are equally likely in ``[low, high)``.

    Args:
      shape: a tuple.
      low, high: numbers.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
      seed: an int.
    """
    dtype = dtype or floatx()
    value = tf.random.uniform(shape, low, high, dtype=dtype, seed=_seed(seed, 10e8))
    return variable(value, dtype=dtype, name=name)
