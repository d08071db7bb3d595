"""``tf.keras.constraints``: what weights are projected on after each update."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras.backend.configuration import epsilon
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = [
    "Constraint",
    "MaxNorm",
    "MinMaxNorm",
    "NonNeg",
    "RadialConstraint",
    "UnitNorm",
    "deserialize",
    "get",
    "serialize",
]


class Constraint:
    """Base of the constraints: override ``__call__``, and ``get_config`` for what has arguments."""

    def __call__(self, w):
        """Returns the weights to use instead of ``w``; here ``w`` itself.

        Args:
          w: a tensor or variable.
        """
        return w

    def get_config(self):
        """Returns the arguments that make an equal constraint, as a dict for JSON."""
        return {}


def _norms(w: Any, axis: Any) -> Any:
    """The Euclidean norms along ``axis``, which stays with size 1."""
    squares = tf.reduce_sum(tf.square(w), axis=axis, keepdims=True)
    return tf.sqrt(tf.clip_by_value(squares, 0.0, math.inf))


class MaxNorm(Constraint):
    """Shrinks weights whose norm is above a maximum.

    Args:
      max_value: the largest norm.
      axis: along which norms are taken, an int or a list of them: 0 for the kernel of a Dense
        layer, ``[0, 1, 2]`` for that of a Conv2D layer.
    """

    def __init__(self, max_value=2, axis=0):
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        """Returns the weights, shrunk where they are too large.

        Args:
          w: a floating tensor.
        """
        norms = _norms(w, self.axis)
        desired = tf.clip_by_value(norms, 0, self.max_value)
        return w * (desired / (epsilon() + norms))

    def get_config(self):
        """Returns the arguments that make an equal constraint."""
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Replaces negative weights by 0."""

    def __call__(self, w):
        """Returns the weights without the negative ones.

        Args:
          w: a floating tensor.
        """
        w = tf.convert_to_tensor(w)
        # 0 * w, not 0: a weight that is nan must stay visible.
        return tf.where(w >= 0.0, w, 0.0 * w)


class UnitNorm(Constraint):
    """Divides weights by their norms.

    Args:
      axis: along which norms are taken, an int or a list of them.
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        """Returns the weights with norm 1.

        Args:
          w: a floating tensor.
        """
        return w / (epsilon() + _norms(w, self.axis))

    def get_config(self):
        """Returns the arguments that make an equal constraint."""
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Brings weights' norms between a minimum and a maximum, or part of the way.

    Args:
      min_value, max_value: the bounds of a norm.
      rate: how far weights go towards the bounds at each update: 1 is all the way.
      axis: along which norms are taken, an int or a list of them.
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        """Returns the weights with norms in the bounds, or nearer to them.

        Args:
          w: a floating tensor.
        """
        norms = _norms(w, self.axis)
        clipped = tf.clip_by_value(norms, self.min_value, self.max_value)
        desired = self.rate * clipped + (1 - self.rate) * norms
        return w * (desired / (epsilon() + norms))

    def get_config(self):
        """Returns the arguments that make an equal constraint."""
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


class RadialConstraint(Constraint):
    """Makes square kernels the same in all directions: one value for each ring around the middle.

    A ring takes the value that the kernel has on its diagonal, below the middle; the middle, as in
    TF 2.1, the value before it there.
    """

    def __call__(self, w):
        """Returns the kernels made of rings.

        Args:
          w: a tensor ``(size, size, channels, filters)``.

        Raises:
          ValueError: if the rank is not 4.
          InvalidArgumentError: if the kernels are not square.
        """
        w = tf.convert_to_tensor(w)
        if len(w.shape) != 4:
            raise ValueError(f"The weight tensor must be of rank 4, but is of shape: {w.shape}")
        size = w.shape[0]
        rings = np.abs(np.arange(size) - (size - 1) / 2)
        rings = np.maximum.outer(rings, rings).astype(int)
        # Middle, first ring, second ring, ... of an odd kernel are k-1, k, k+1, ... on its diagonal
        # (k is half its size), those of an even one k-1, k+1, k+2, ...
        half = size // 2
        place = half - 1 + rings
        if size % 2 == 0:
            place += rings > 0
        symmetric = tf.gather_nd(w, np.stack([place, place], axis=-1))
        return tf.reshape(symmetric, w.shape)


# ---- by name

CONSTRAINTS: dict[str, Any] = {
    "Constraint": Constraint,
    "MaxNorm": MaxNorm,
    "MinMaxNorm": MinMaxNorm,
    "NonNeg": NonNeg,
    "RadialConstraint": RadialConstraint,
    "UnitNorm": UnitNorm,
    "max_norm": MaxNorm,
    "maxnorm": MaxNorm,
    "min_max_norm": MinMaxNorm,
    "non_neg": NonNeg,
    "nonneg": NonNeg,
    "radial_constraint": RadialConstraint,
    "unit_norm": UnitNorm,
    "unitnorm": UnitNorm,
}
"""Name -> class."""


def get(identifier):
    """Returns a constraint by name, config or itself.

    Args:
      identifier: a name such as ``"non_neg"``, a dict with ``class_name`` and ``config``, a
        callable, or None.

    Returns:
      A constraint, or None for None.

    Raises:
      ValueError: if there is no such constraint.
    """
    if identifier is None or callable(identifier):
        return identifier
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if isinstance(identifier, dict):
        return deserialize(identifier)
    raise ValueError(f"Could not interpret constraint identifier: {identifier}")


def serialize(constraint):
    """Returns a dict with ``class_name`` and ``config``, or the name of a function.

    Args:
      constraint: a constraint.

    Raises:
      ValueError: if it has neither a config nor a name.
    """
    return serialize_keras_object(constraint)


def deserialize(config, custom_objects=None):
    """Makes a constraint from the result of ``serialize``.

    Args:
      config: a dict with ``class_name`` and ``config``, or a name.
      custom_objects: the program's own constraints by name.

    Raises:
      ValueError: if there is no such constraint.
    """
    return deserialize_keras_object(config, CONSTRAINTS, custom_objects, "constraint")


__getattr__, __dir__ = lazy_names(__name__)
