"""Sums and means of values: what most metrics are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflow as tf
from reflow.keras.losses.base import drop_last
from reflow.keras.metrics.base import Metric

__all__ = ["Mean", "MeanTensor", "Sum"]


def expand_weights(values: Any, weights: Any) -> Any:
    """Weights with a last dimension added or dropped where their rank is off the values' by one."""
    if weights.ndim == 0:
        return weights
    if weights.ndim == values.ndim + 1:
        return tf.squeeze(weights, [-1])
    if weights.ndim == values.ndim - 1:
        return tf.expand_dims(weights, -1)
    return weights


def broadcasts(weights: Any, values: Any) -> bool:
    """Whether weights are a scalar, or have the values' rank and in each axis their size or 1."""
    given, wanted = weights.shape.as_list(), values.shape.as_list()
    return not given or (
        len(given) == len(wanted)
        and all(weight in (1, value) for weight, value in zip(given, wanted, strict=True))
    )


def alike(y_true: Any, y_pred: Any, dtype: Any) -> tuple[Any, Any]:
    """Targets and predictions as tensors of a type.

    A last dimension of size 1 that one has and the other lacks is dropped.
    """
    y_true, y_pred = tf.cast(y_true, dtype), tf.cast(y_pred, dtype)
    if y_true.ndim == y_pred.ndim:
        return y_true, y_pred
    return drop_last(y_true, y_pred), drop_last(y_pred, y_true)


def _weigh(values: Any, sample_weight: Any, dtype: Any, reduce: Any) -> tuple[Any, Any]:
    """Weighted values, and the weights in their shape or None; ``reduce`` is for a sample's."""
    values = tf.cast(values, dtype)
    if sample_weight is None:
        return values, None
    weights = expand_weights(values, tf.cast(sample_weight, dtype))
    if broadcasts(weights, values):
        weights = tf.broadcast_to(weights, values.shape)
    else:  # one weight for all values of a sample
        values = reduce(values, list(range(weights.ndim, values.ndim)))
    return values * weights, weights


class Sum(Metric):
    """The weighted sum of values.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_weight("total", initializer="zeros")

    def update_state(self, values, sample_weight=None):
        """Adds values.

        Args:
          values: a tensor of any shape.
          sample_weight: factors of the values: a number, or a tensor that broadcasts with them
            once a last dimension of 1 is added or dropped, or one factor per sample.
        """
        values, _ = _weigh(values, sample_weight, self.dtype, tf.reduce_sum)
        return self.total.assign_add(tf.reduce_sum(values))

    def result(self):
        """The sum so far, a scalar."""
        return self.total


class Mean(Metric):
    """The weighted mean of values; 0 without any.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_weight("total", initializer="zeros")
        self.count = self.add_weight("count", initializer="zeros")

    def update_state(self, values, sample_weight=None):
        """Adds values.

        Args:
          values: a tensor of any shape.
          sample_weight: weights of the values: a number, or a tensor that broadcasts with them
            once a last dimension of 1 is added or dropped, or one weight per sample.
        """
        values, weights = _weigh(values, sample_weight, self.dtype, tf.reduce_mean)
        self.total.assign_add(tf.reduce_sum(values))
        if weights is None:
            return self.count.assign_add(tf.cast(tf.size(values), self.dtype))
        return self.count.assign_add(tf.reduce_sum(weights))

    def result(self):
        """The mean so far, a scalar."""
        return tf.math.divide_no_nan(self.total, self.count)


class MeanTensor(Metric):
    """The weighted mean of tensors of one shape, element by element.

    Args:
      name: its name.
      dtype: the type of its variables; Keras's ``floatx`` by default.
    """

    def __init__(self, name="mean_tensor", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._total = self._count = None

    @property
    def total(self):
        """The weighted sum, a variable; None before the first values."""
        return self._total

    @property
    def count(self):
        """The sum of the weights, a variable; None before the first values."""
        return self._count

    def update_state(self, values, sample_weight=None):
        """Adds a tensor.

        Args:
          values: a tensor, of the first one's shape.
          sample_weight: weights that broadcast with it, once a last dimension of 1 is added or
            dropped.

        Raises:
          ValueError: if the shape is another one.
        """
        values = tf.cast(values, self.dtype)
        if self._total is None:
            self._total = self.add_weight("total", shape=values.shape, initializer="zeros")
            self._count = self.add_weight("count", shape=values.shape, initializer="zeros")
        elif values.shape != self._total.shape:
            raise ValueError(
                "MeanTensor input values must always have the same shape. Expected shape (set "
                f"during the first call): {self._total.shape}. Got: {values.shape}"
            )
        weights = tf.ones_like(values)
        if sample_weight is not None:
            given = expand_weights(values, tf.cast(sample_weight, self.dtype))
            weights = given * weights
            values = given * values
        self._total.assign_add(values)
        return self._count.assign_add(weights)

    def result(self):
        """The mean so far, a tensor.

        Raises:
          ValueError: before the first values.
        """
        if self._total is None:
            raise ValueError(
                "MeanTensor does not have any result yet. Please call the MeanTensor instance or "
                "use `.update_state(value)` before retrieving the result."
            )
        return tf.math.divide_no_nan(self._total, self._count)

    def reset_states(self):
        """Sets the sums to zero."""
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))


class MeanMetricWrapper(Mean):
    """The weighted mean of a function of targets and predictions.

    Args:
      fn: takes ``y_true`` and ``y_pred``, returns the samples' values.
      name, dtype: as for ``Mean``.
      **kwargs: further arguments of ``fn``.
    """

    def __init__(self, fn: Callable[..., Any], name=None, dtype=None, **kwargs: Any) -> None:
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch.

        Args:
          y_true: what was to be predicted.
          y_pred: what was predicted. Where one of both has a last dimension of size 1 that the
            other lacks, it is dropped.
          sample_weight: weights of the function's values, see ``Mean``.
        """
        y_true, y_pred = alike(y_true, y_pred, self.dtype)
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        return super().update_state(values, sample_weight)

    def get_config(self):
        """The arguments that make an equal metric; tensors among them as numbers."""
        options = {
            key: value.numpy() if tf.is_tensor(value) else value
            for key, value in self._fn_kwargs.items()
        }
        return {**super().get_config(), **options}
