"""``tf.keras.activations``: the functions layers apply to their outputs."""

from __future__ import annotations

from typing import Any

import reflow as tf
from reflow._namespace import lazy_names
from reflow.keras.utils.serialization import deserialize_keras_object, serialize_keras_object

__all__ = [
    "deserialize",
    "elu",
    "exponential",
    "get",
    "hard_sigmoid",
    "linear",
    "relu",
    "selu",
    "serialize",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]


def elu(x, alpha=1.0):
    """The exponential linear unit: ``x`` if positive, else ``alpha * (exp(x) - 1)``.

    Args:
      x: a floating tensor.
      alpha: the negative of the limit for small ``x``.

    Returns:
      A tensor like ``x``.
    """
    x = tf.convert_to_tensor(x)
    result = tf.nn.elu(x)
    return result if alpha == 1 else tf.where(x > 0, result, alpha * result)


def exponential(x):
    """The exponential function.

    Args:
      x: a floating or complex tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.exp(x)


def hard_sigmoid(x):
    """A sigmoid made of lines: ``0.2 * x + 0.5``, clipped to ``[0, 1]``.

    Args:
      x: a floating tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.clip_by_value(0.2 * tf.convert_to_tensor(x) + 0.5, 0.0, 1.0)


def linear(x):
    """The identity.

    Args:
      x: anything.

    Returns:
      ``x`` itself.
    """
    return x


def relu(x, alpha=0.0, max_value=None, threshold=0):
    """The rectified linear unit: ``max(x, 0)``, with variations.

    In full: ``max_value`` if ``x >= max_value``, ``x`` if ``x >= threshold``, else
    ``alpha * (x - threshold)``.

    Args:
      x: a tensor of real numbers.
      alpha: the slope below the threshold.
      max_value: the largest result; unlimited if None.
      threshold: below it, ``x`` counts as too small.

    Returns:
      A tensor like ``x``.
    """
    x = tf.convert_to_tensor(x)
    if alpha != 0 and max_value is None and threshold == 0:
        return tf.nn.leaky_relu(x, alpha)
    below = tf.nn.relu(threshold - x if threshold != 0 else -x) if alpha != 0 else None
    if threshold != 0:
        x = tf.where(x > threshold, x, 0 * x)  # 0 * x, not 0: nan stays nan
    elif max_value == 6:
        x = tf.nn.relu6(x)
    else:
        x = tf.nn.relu(x)
    if max_value is not None and (threshold != 0 or max_value != 6):
        x = tf.clip_by_value(x, 0, max(max_value, 0))
    return x if below is None else x - alpha * below


def selu(x):
    """The scaled exponential linear unit; with the right weights its outputs stay normalized.

    ``1.0507 * x`` if positive, else ``1.0507 * 1.6733 * (exp(x) - 1)``.

    Args:
      x: a floating tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.nn.selu(x)


def sigmoid(x):
    """The logistic function ``1 / (1 + exp(-x))``.

    Args:
      x: a floating or complex tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.nn.sigmoid(x)


def softmax(x, axis=-1):
    """Exponentials divided by their sum: probabilities out of logits.

    Args:
      x: a floating tensor of rank 2 or more.
      axis: along which the results sum to 1. As in TF 2.1 a matrix is always normalized along its
        rows, whatever ``axis`` says.

    Returns:
      A tensor like ``x``.

    Raises:
      ValueError: if ``x`` has rank 0 or 1.
    """
    x = tf.convert_to_tensor(x)
    rank = len(x.shape)
    if rank < 2:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x!s}")
    if rank == 2:
        return tf.nn.softmax(x)
    e = tf.exp(x - tf.reduce_max(x, axis=axis, keepdims=True))
    return e / tf.reduce_sum(e, axis=axis, keepdims=True)


def softplus(x):
    """A smooth rectifier: ``log(exp(x) + 1)``.

    Args:
      x: a floating tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.nn.softplus(x)


def softsign(x):
    """``x / (abs(x) + 1)``.

    Args:
      x: a floating tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.nn.softsign(x)


def tanh(x):
    """The hyperbolic tangent.

    Args:
      x: a floating or complex tensor.

    Returns:
      A tensor like ``x``.
    """
    return tf.nn.tanh(x)


# ---- by name

ACTIVATIONS: dict[str, Any] = {
    function.__name__: function
    for function in (
        elu, exponential, hard_sigmoid, linear, relu, selu, sigmoid, softmax, softplus, softsign,
        tanh,
    )
}  # fmt: skip
"""Name -> function."""


def get(identifier):
    """Returns an activation by name, config or itself.

    Args:
      identifier: a name such as ``"relu"``, a dict with ``class_name`` and ``config`` of a custom
        object, a callable, or None for ``linear``.

    Returns:
      A callable.

    Raises:
      ValueError: if there is no such activation.
      TypeError: if the identifier is none of these.
    """
    if identifier is None:
        return linear
    if callable(identifier):
        return identifier
    if isinstance(identifier, str):
        return deserialize(identifier)
    if isinstance(identifier, dict):
        return deserialize_keras_object(identifier, printable_module_name="activation")
    raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")


def serialize(activation):
    """Returns the name of an activation.

    Args:
      activation: a function, or an object with ``get_config``.

    Raises:
      ValueError: if it is neither.
    """
    return serialize_keras_object(activation)


def deserialize(name, custom_objects=None):
    """Returns the activation of a name.

    Args:
      name: a name, or a dict with ``class_name`` and ``config``.
      custom_objects: the program's own functions by name.

    Raises:
      ValueError: if there is no such activation.
    """
    return deserialize_keras_object(name, ACTIVATIONS, custom_objects, "activation function")


__getattr__, __dir__ = lazy_names(__name__)
