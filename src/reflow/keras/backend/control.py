"""Choices, loops over rows, and functions of symbolic tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.keras._engine.symbolic import has_symbolic
from reflow.keras.backend.learning import learning_phase

__all__ = [
    "foldl", "foldr", "function", "gradients", "in_test_phase", "in_train_phase", "map_fn",
    "name_scope", "switch",
]  # fmt: skip


def name_scope(name):
    """A context that puts a name before those of variables made inside, as ``tf.name_scope``."""
    return tf.name_scope(name)


def switch(condition, then_expression, else_expression):
    """One of two tensors; element by element where the condition is no scalar.

    Args:
      condition: a tensor.
      then_expression: a tensor, or a function without arguments that gives one.
      else_expression: the same, for where the condition is false.

    Raises:
      ValueError: if the condition has more axes than the tensors.
    """
    condition = tf.cast(condition, tf.bool)
    symbolic = has_symbolic([condition, then_expression, else_expression])
    if not condition.shape.rank and not symbolic:
        return tf.cond(condition, _as_function(then_expression), _as_function(else_expression))
    then_expression = tf.convert_to_tensor(_as_function(then_expression)())
    else_expression = tf.convert_to_tensor(_as_function(else_expression)())
    ranks = condition.shape.rank, then_expression.shape.rank
    if ranks[0] > ranks[1]:
        raise ValueError(
            "Rank of `condition` should be less than or equal to rank of `then_expression` and "
            f"`else_expression`. ndim(condition)={ranks[0]}, ndim(then_expression)={ranks[1]}"
        )
    return tf.where(condition, then_expression, else_expression)


def _as_function(expression: Any) -> Any:
    return expression if callable(expression) else lambda: expression


def in_train_phase(x, alt, training=None):
    """``x`` in training, else ``alt``.

    Args:
      x: anything, or a function without arguments that gives it.
      alt: the same.
      training: whether this is training: 0 or 1, a bool, or a tensor; the learning phase by
        default.
    """
    if training is None:
        training = learning_phase()
    if isinstance(training, (bool, int, float, np.generic)):
        return _as_function(x if training else alt)()
    return switch(training, x, alt)


def in_test_phase(x, alt, training=None):
    """``x`` where this is not training, else ``alt``; see ``in_train_phase``."""
    return in_train_phase(alt, x, training=training)


def in_layer(function: Any, inputs: Any) -> Any:
    """Calls a function; on symbolic tensors as a layer, so that it sees what they stand for."""
    return tf.keras.layers.Lambda(function)(inputs) if has_symbolic(inputs) else function(inputs)


def map_fn(fn, elems, name=None, dtype=None):
    """Applies a function to each row of a tensor and stacks the results.

    Args:
      fn: takes a row, returns a tensor.
      elems: a tensor ``(rows, ...)``, or a structure of them.
      name: unused in eager code.
      dtype: the type of the results; that of ``elems`` by default.
    """
    return in_layer(lambda rows: tf.map_fn(fn, rows, name=name, dtype=dtype), elems)


def foldl(fn, elems, initializer=None, name=None):
    """Combines the rows of a tensor from first to last.

    Args:
      fn: takes what is combined so far and a row, returns the next of the former.
      elems: a tensor ``(rows, ...)``.
      initializer: where to start; the first row by default.
      name: unused in eager code.
    """
    return in_layer(lambda rows: tf.foldl(fn, rows, initializer=initializer, name=name), elems)


def foldr(fn, elems, initializer=None, name=None):
    """Combines the rows of a tensor from last to first; see ``foldl``."""
    return in_layer(lambda rows: tf.foldr(fn, rows, initializer=initializer, name=name), elems)


def gradients(loss, variables):
    """TF 1's gradients; eager code uses ``tf.GradientTape``.

    Raises:
      RuntimeError: always.
    """
    raise RuntimeError(
        "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape "
        "instead."
    )


def function(inputs, outputs, updates=None, name=None, **kwargs):
    """A function of arrays that computes what symbolic tensors describe.

    Args:
      inputs: symbolic tensors, such as ``model.input``: one, a list or a dict.
      outputs: symbolic tensors computed from them, such as a layer's ``output``.
      updates: TF 1's; not supported.
      name: of the function.
      **kwargs: TF 1's; not supported.

    Returns:
      A function that takes arrays in the structure of ``inputs`` and returns arrays in that of
      ``outputs``.

    Raises:
      ValueError: if there are updates or other keywords.
    """
    if kwargs:
        raise ValueError(
            "Session keyword arguments are not support during eager execution. You passed: "
            f"{kwargs}"
        )
    if updates:
        raise ValueError(
            f"`updates` argument is not support during eager execution. You passed: {updates}"
        )
    single = isinstance(outputs, (list, tuple)) and len(outputs) == 1
    model = tf.keras.Model(inputs, outputs[0] if single else outputs)

    def compute(values):
        if isinstance(inputs, (list, tuple)) and len(inputs) == 1:
            values = values[0] if isinstance(values, (list, tuple)) else values
        found = tf.nest.map_structure(lambda x: x.numpy(), model(values))
        return [found] if single else found

    compute.__name__ = name or "function"
    return compute
