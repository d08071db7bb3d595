"""``tf.keras.regularizers``: penalties on weights and outputs that are added to the loss."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras.backend.configuration import cast_to_floatx
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = ["L1L2", "Regularizer", "deserialize", "get", "l1", "l1_l2", "l2", "serialize"]


class Regularizer:
    """Base of the regularizers: override ``__call__`` and ``get_config``."""

    def __call__(self, x):
        """Returns the penalty of a tensor; 0 here.

        Args:
          x: a tensor.
        """
        return 0.0

    @classmethod
    def from_config(cls, config):
        """Makes a regularizer from the result of ``get_config``."""
        return cls(**config)

    def get_config(self):
        """Returns the arguments that make an equal regularizer; subclasses override it."""
        raise NotImplementedError(f"{self} does not implement get_config()")


class L1L2(Regularizer):
    """The penalty ``l1 * sum(abs(x)) + l2 * sum(x ** 2)``.

    Args:
      l1, l2: the factors.

    Raises:
      ValueError: if they are no numbers.
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = cast_to_floatx(l1)
        self.l2 = cast_to_floatx(l2)

    def __call__(self, x):
        """Returns the penalty of a tensor, a scalar of its type.

        Args:
          x: a floating tensor.
        """
        # As Python numbers the factors, once rounded to floatx, take the type of x.
        factors = self.get_config()
        if not factors["l1"] and not factors["l2"]:
            return tf.constant(0.0)
        penalty = 0.0
        if factors["l1"]:
            penalty += factors["l1"] * tf.reduce_sum(tf.abs(x))
        if factors["l2"]:
            penalty += factors["l2"] * tf.reduce_sum(tf.square(x))
        return penalty

    def get_config(self):
        """Returns the arguments that make an equal regularizer."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


def l1(l=0.01):
    """Returns the regularizer ``l * sum(abs(x))``.

    Args:
      l: the factor.
    """
    return L1L2(l1=l)


def l2(l=0.01):
    """Returns the regularizer ``l * sum(x ** 2)``.

    Args:
      l: the factor.
    """
    return L1L2(l2=l)


def l1_l2(l1=0.01, l2=0.01):
    """Returns the regularizer ``l1 * sum(abs(x)) + l2 * sum(x ** 2)``.

    Args:
      l1, l2: the factors.
    """
    return L1L2(l1=l1, l2=l2)


# ---- by name

REGULARIZERS: dict[str, Any] = {
    "L1L2": L1L2,
    "Regularizer": Regularizer,
    "l1": l1,
    "l1_l2": l1_l2,
    "l2": l2,
}
"""Name -> class, or function that makes a regularizer."""


def get(identifier):
    """Returns a regularizer by name, config or itself.

    Args:
      identifier: a name such as ``"l2"`` (with its default factor), a dict with ``class_name`` and
        ``config``, a callable, or None.

    Returns:
      A regularizer, or None for None.

    Raises:
      ValueError: if there is no such regularizer.
    """
    if identifier is None or callable(identifier):
        return identifier
    if identifier in ("l1", "l2", "l1_l2"):  # these names stand for what the functions return
        return deserialize({"class_name": identifier, "config": {}})
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    raise ValueError("Could not interpret regularizer identifier:", identifier)


def serialize(regularizer):
    """Returns a dict with ``class_name`` and ``config``, or the name of a function.

    Args:
      regularizer: a regularizer.

    Raises:
      ValueError: if it has neither a config nor a name.
    """
    return serialize_keras_object(regularizer)


def deserialize(config, custom_objects=None):
    """Makes a regularizer from the result of ``serialize``.

    Args:
      config: a dict with ``class_name`` and ``config``, or a name.
      custom_objects: the program's own regularizers by name.

    Raises:
      ValueError: if there is no such regularizer.
    """
    return deserialize_keras_object(config, REGULARIZERS, custom_objects, "regularizer")


__getattr__, __dir__ = lazy_names(__name__)
