"""Making variables and tensors, and reading and setting values."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core.tensor import SymbolicTensor
from reflow.keras._engine import names
from reflow.keras.backend.configuration import floatx
from reflow.keras.backend.control import in_layer

__all__ = [
    "batch_get_value", "batch_set_value", "constant", "count_params", "eval", "eye", "get_value",
    "is_keras_tensor", "is_sparse", "moving_average_update", "ones", "ones_like", "placeholder",
    "print_tensor", "set_value", "stop_gradient", "to_dense", "update", "update_add", "update_sub",
    "variable", "zeros", "zeros_like",
]  # fmt: skip

# ------------------------------------------------------------------------------------- making


def variable(value, dtype=None, name=None, constraint=None):
    """A variable.

    Args:
      value: its first value: a tensor, an array, or what can be one.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
      constraint: a function that gives the value to use instead, after each update.
    """
    return tf.Variable(
        value, dtype=tf.as_dtype(dtype or floatx()), name=name, constraint=constraint
    )


def constant(value, dtype=None, shape=None, name=None):
    """A tensor of fixed values.

    Args:
      value: a number, list or array.
      dtype: the type's name; Keras's ``floatx`` by default.
      shape: a shape to fill, a tuple.
      name: unused in eager code.
    """
    return tf.constant(value, dtype=dtype or floatx(), shape=shape, name=name)


def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None, ragged=False):
    """A symbolic tensor to describe a model with, as ``tf.keras.Input``.

    Args:
      shape: the shape with the batch, a tuple; None stands for an unknown size.
      ndim: the number of axes, all of unknown sizes, instead of ``shape``.
      dtype: the type's name; Keras's ``floatx`` by default.
      sparse, ragged: not supported.
      name: its name.

    Raises:
      NotImplementedError: if neither shape nor rank is given, or it is to be sparse or ragged.
    """
    if sparse or ragged:
        raise NotImplementedError("placeholder: sparse and ragged ones are not in Reflow")
    if not shape:
        if not ndim:
            raise NotImplementedError("placeholder: pass shape or ndim; Reflow needs the rank")
        shape = (None,) * ndim
    layer = tf.keras.layers.InputLayer(
        batch_input_shape=tuple(shape), dtype=dtype, name=name or names.unique_name("Placeholder")
    )
    return layer.output


def _filled(tensor: Any, dtype: Any, name: Any) -> Any:
    """A variable of a value; a tensor without elements stays one."""
    return variable(tensor, dtype, name) if 0 not in tensor.shape.as_list() else tensor


def zeros(shape, dtype=None, name=None):
    """A variable of zeros.

    Args:
      shape: a tuple.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
    """
    dtype = dtype or floatx()
    return _filled(tf.zeros(shape, dtype), dtype, name)


def ones(shape, dtype=None, name=None):
    """A variable of ones.

    Args:
      shape: a tuple.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
    """
    dtype = dtype or floatx()
    return _filled(tf.ones(shape, dtype), dtype, name)


def eye(size, dtype=None, name=None):
    """A variable of the identity matrix ``(size, size)``.

    Args:
      size: an int.
      dtype: the type's name; Keras's ``floatx`` by default.
      name: its name.
    """
    dtype = dtype or floatx()
    return variable(tf.eye(size, dtype=tf.as_dtype(dtype)), dtype, name)


def zeros_like(x, dtype=None, name=None):
    """A tensor of zeros in the shape of ``x``, of its type unless given."""
    return in_layer(lambda value: tf.zeros_like(value, dtype=dtype, name=name), x)


def ones_like(x, dtype=None, name=None):
    """A tensor of ones in the shape of ``x``, of its type unless given."""
    return in_layer(lambda value: tf.ones_like(value, dtype=dtype, name=name), x)


# -------------------------------------------------------------------------- reading and setting


def get_value(x):
    """The value of a variable or tensor as an array; anything else as it is."""
    return x.numpy() if tf.is_tensor(x) else x


def batch_get_value(tensors):
    """The values of variables or tensors, a list of arrays."""
    return [get_value(x) for x in tensors]


def set_value(x, value):
    """Sets a variable.

    Args:
      x: the variable.
      value: a number or array of its shape.

    Raises:
      ValueError: if the shapes differ.
    """
    x.assign(np.asarray(value, dtype=dtype_of(x)))


def batch_set_value(tuples):
    """Sets variables, given as pairs of a variable and a value."""
    for x, value in tuples:
        set_value(x, value)


def dtype_of(x: Any) -> Any:
    """The NumPy type of a variable's elements."""
    return x.dtype.as_numpy_dtype


def eval(x):
    """The value of a variable or tensor as an array."""
    return get_value(to_dense(x))


def count_params(x):
    """The number of elements of a variable or tensor."""
    return np.prod(x.shape.as_list())


def print_tensor(x, message=""):
    """Prints a message and a tensor's value to stderr.

    Args:
      x: a tensor.
      message: what to print before.

    Returns:
      The tensor.
    """
    tf.print(message, x)
    return tf.convert_to_tensor(x)


def update(x, new_x):
    """Sets a variable to a tensor; returns the variable."""
    return x.assign(new_x)


def update_add(x, increment):
    """Adds to a variable; returns it."""
    return x.assign_add(increment)


def update_sub(x, decrement):
    """Subtracts from a variable; returns it."""
    return x.assign_sub(decrement)


def moving_average_update(x, value, momentum):
    """Sets a variable to ``momentum * x + (1 - momentum) * value``.

    Args:
      x: the variable.
      value: a tensor of its shape.
      momentum: a number.

    Returns:
      The variable.
    """
    decay = tf.cast(1.0 - momentum, x.dtype)
    return x.assign_sub((x - tf.cast(value, x.dtype)) * decay)


def stop_gradient(variables):
    """The same values, through which no gradients flow.

    Args:
      variables: a tensor or variable, or a list of them.
    """
    if isinstance(variables, (list, tuple)):
        return map(tf.stop_gradient, variables)
    return tf.stop_gradient(variables)


# -------------------------------------------------------------------------------- what they are


def is_keras_tensor(x):
    """Whether a tensor is symbolic: what ``tf.keras.Input`` and layers called on such return.

    Raises:
      ValueError: if it is no tensor or variable.
    """
    if not tf.is_tensor(x):
        raise ValueError(
            f"Unexpectedly found an instance of type `{type(x)}`. Expected a symbolic tensor "
            "instance."
        )
    return isinstance(x, SymbolicTensor)


def is_sparse(tensor):
    """Whether a tensor is a ``SparseTensor``."""
    return type(tensor).__name__ == "SparseTensor"


def to_dense(tensor):
    """A sparse tensor as a dense one; others as they are."""
    return tf.sparse.to_dense(tensor) if is_sparse(tensor) else tensor
