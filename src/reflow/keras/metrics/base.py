"""``tf.keras.metrics.Metric``: the base of all metrics."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import reflow as tf
from reflow.core.variable import VariableAggregation, VariableSynchronization
from reflow.keras._engine import metric_results
from reflow.keras._engine.symbolic import has_symbolic
from reflow.keras.backend.configuration import floatx
from reflow.keras.layers.layer import Layer

__all__ = ["Metric"]


class Metric(Layer):
    """A number (or a tensor) that is collected over many batches.

    A metric of one's own makes its variables in ``__init__`` with ``add_weight``, changes them in
    ``update_state``, and computes the number from them in ``result``.

    Args:
      name: its name; by default the class's in snake case, numbered.
      dtype: the type of its variables; Keras's ``floatx`` by default.
      **kwargs: as for ``Layer``.

    Raises:
      TypeError: if the class lacks ``update_state`` or ``result``.
    """

    def __new__(cls, *args, **kwargs):
        missing = [
            name
            for name in ("result", "update_state")
            if getattr(cls, name) is getattr(Metric, name)
        ]
        if missing:
            raise TypeError(
                f"Can't instantiate abstract class {cls.__name__} with abstract methods "
                + ", ".join(missing)
            )
        return super().__new__(cls)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "result" in cls.__dict__:
            cls.result = _returning_a_tensor(cls.__dict__["result"])  # type: ignore[method-assign]

    def __init__(self, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=floatx() if dtype is None else dtype, **kwargs)
        self.stateful = True
        self.built = True

    def __call__(self, *args, **kwargs):
        """Adds what ``update_state`` takes, and returns the result so far.

        Args:
          *args, **kwargs: for ``update_state``.

        Returns:
          What ``result`` returns, a tensor.
        """
        if has_symbolic(args) or has_symbolic(kwargs):
            given = inspect.signature(self.update_state).bind(*args, **kwargs).arguments
            first, *rest = given
            return self._describe(given[first], (), {name: given[name] for name in rest})
        self.update_state(*args, **kwargs)
        result = self.result()
        metric_results.note(result, self)
        return result

    def call(self, inputs, **kwargs):
        """The same as calling the metric, for models that it is part of."""
        self.update_state(inputs, **kwargs)
        return self.result()

    def add_weight(
        self,
        name,
        shape=(),
        aggregation=VariableAggregation.SUM,
        synchronization=VariableSynchronization.ON_READ,
        initializer=None,
        dtype=None,
    ):
        """Makes a variable that belongs to the metric and is not trained.

        Args:
          name: its name.
          shape: its shape; a scalar by default.
          aggregation, synchronization: for several devices.
          initializer: of its first value, such as ``"zeros"``; Glorot's uniform one by default.
          dtype: its type; the metric's by default.

        Returns:
          The variable.
        """
        return super().add_weight(
            name=name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            trainable=False,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    def reset_states(self):
        """Sets the variables to zero; called at the start of an epoch.

        A metric whose variables are no scalars, or start elsewhere, overrides it.
        """
        for variable in self.variables:
            variable.assign(0)

    def update_state(self, *args, **kwargs):
        """Adds a batch to what was collected; each metric defines it.

        Args:
          *args, **kwargs: usually ``y_true``, ``y_pred`` and ``sample_weight``.
        """
        raise NotImplementedError("Must be implemented in subclasses.")

    def result(self):
        """The number so far, a tensor; each metric defines it."""
        raise NotImplementedError("Must be implemented in subclasses.")

    def get_config(self):
        """The arguments that make an equal metric, as a dict."""
        return {"name": self.name, "dtype": self.dtype}


def _returning_a_tensor(method: Any) -> Any:
    """A class's ``result``, which may return a variable or a number, made to give a tensor."""
    if getattr(method, "_gives_a_tensor", False):
        return method

    def result(self, *args, **kwargs):
        bound = method.__get__(self, type(self))
        return tf.convert_to_tensor(bound(*args, **kwargs))

    functools.update_wrapper(result, method)
    result._gives_a_tensor = True  # type: ignore[attr-defined]
    return result
