"""An optimizer's own variables: the step count, and slots beside the variables that it changes."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

import reflow as tf
from reflow.core import trackable
from reflow.core.variable import Variable, VariableAggregation, VariableSynchronization


class OwnVariables:
    """The part of an optimizer that makes and keeps its variables."""

    _name: str
    _hyper: dict[str, Any]
    _iterations: Any
    _named: dict[str, Variable]  # those made by add_weight
    _weights: list[Variable]  # iterations and slots, in the order in which they were made
    _slots: dict[int, dict[str, Variable]]  # number of a variable -> its slots by name
    _slot_names: list[str]
    _restored_early = False  # whether there are slots that were restored before the first step

    @property
    def iterations(self):
        """The number of steps so far, an int64 variable."""
        if self._iterations is None:
            with tf.init_scope():
                self._iterations = self.add_weight(
                    "iter",
                    shape=[],
                    dtype=tf.int64,
                    trainable=False,
                    aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
                )
            self._weights.append(self._iterations)
        return self._iterations

    @iterations.setter
    def iterations(self, variable):
        if self._iterations is not None:
            raise RuntimeError(
                "Cannot set `iterations` to a new Variable after the Optimizer weights have been "
                "created"
            )
        self._iterations = variable
        self._weights.append(variable)

    def add_weight(
        self,
        name,
        shape,
        dtype=None,
        initializer="zeros",
        trainable=None,
        synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE,
    ):
        """Makes a variable of the optimizer's own; it is not among ``weights``.

        Args:
          name: its name.
          shape: its shape.
          dtype: its dtype, float32 by default; of use where ``initializer`` is no value.
          initializer: a name, an initializer, or a value.
          trainable: True by default.
          synchronization, aggregation: for several devices.

        Returns:
          The variable.

        Raises:
          ValueError: if it is to be trainable and synchronized on reading.
        """
        on_read = synchronization == VariableSynchronization.ON_READ
        if on_read and trainable:
            raise ValueError(
                "Synchronization value can be set to VariableSynchronization.ON_READ only for "
                "non-trainable variables. You have specified trainable=True and "
                "synchronization=VariableSynchronization.ON_READ."
            )
        variable = self._named[name] = tf.Variable(
            _initial_value(initializer, shape, tf.float32 if dtype is None else dtype),
            trainable=not on_read if trainable is None else trainable,
            name=name,
            synchronization=synchronization,
            aggregation=aggregation,
        )
        trackable.restore_child(self, name, variable)
        return variable

    def add_slot(self, var, slot_name, initializer="zeros"):
        """Makes a slot: a variable like ``var`` in which the optimizer keeps something about it.

        Args:
          var: a variable.
          slot_name: the slot's name.
          initializer: a name, an initializer, or a value.

        Returns:
          The slot; if there is one of this name, that one.
        """
        slots = self._slots.setdefault(var._number, {})
        if slot_name not in self._slot_names:
            self._slot_names.append(slot_name)
        slot = slots.get(slot_name)
        if slot is None:
            slot = slots[slot_name] = tf.Variable(
                _initial_value(initializer, var.shape, var.dtype),
                trainable=False,
                name=f"{var._shared_name}/{slot_name}",
            )
            self._weights.append(slot)
        elif self._restored_early and all(slot is not w for w in self._weights):
            self._weights.append(slot)
        return slot

    def _restored_slot(self, var, slot_name):
        """A slot for a value from a checkpoint, which may come before the first step."""
        with tf.name_scope(self._name or "Optimizer"):
            self._restored_early = True
            return self.add_slot(var, slot_name)

    def _list_in_order(self, variables):
        """Makes the slots of variables; those that were restored early take their usual places."""
        early = [w for w in self._weights if w is not self._iterations]
        self._weights[:] = [self._iterations]
        self._create_slots(variables)
        known = {id(w) for w in self._weights}
        self._weights += [w for w in early if id(w) not in known]
        self._restored_early = False

    def get_slot(self, var, slot_name):
        """A variable's slot of this name.

        Raises:
          KeyError: if there is none.
        """
        slots = self._slots.get(var._number)
        if slots is None:
            raise KeyError(f"{var.name}: the optimizer {self._name} has no slots for this variable")
        return slots[slot_name]

    def _trackable_children(self):
        """What checkpoints keep of an optimizer, besides the slots."""
        given = {k: v for k, v in self._hyper.items() if isinstance(v, Variable)}
        return list(
            (self._named | {k: v for k, v in given.items() if k not in self._named}).items()
        )

    def _slots_of(self, var):
        """A variable's slots by name."""
        return self._slots.get(var._number, {})

    def get_slot_names(self):
        """The names of the slots that variables have."""
        return self._slot_names

    def variables(self):
        """The same as ``weights``."""
        return self._weights

    @property
    def weights(self):
        """Its own variables: ``iterations`` and the slots, in the order in which they were made."""
        return self._weights

    def get_weights(self):
        """The values of ``weights``, a list of NumPy arrays."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights):
        """Sets the values of ``weights``.

        Args:
          weights: a list of arrays, as ``get_weights`` gives it.

        Raises:
          ValueError: if their number or a shape does not fit. An optimizer has no slots before the
            first step.
        """
        own = self.weights
        if len(own) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on optimizer {self._name} with a  weight list "
                f"of length {len(weights)}, but the optimizer was expecting {len(own)} weights. "
                f"Provided weights: {str(weights)[:50]}..."
            )
        arrays = [np.asarray(value) for value in weights]
        for weight, value in zip(own, arrays, strict=True):
            if tuple(weight.shape) != value.shape:
                raise ValueError(
                    f"Optimizer weight shape {tuple(weight.shape)} not compatible with provided "
                    f"weight shape {value.shape}"
                )
        for weight, value in zip(own, arrays, strict=True):
            weight.assign(value.astype(weight.dtype.as_numpy_dtype))


def _initial_value(initializer: Any, shape: Any, dtype: Any) -> Any:
    """A variable's initial value: given, or a function that makes it."""
    if isinstance(initializer, str):
        initializer = tf.initializers.get(initializer)
    if inspect.isclass(initializer):
        initializer = initializer()
    if callable(initializer):
        return lambda: initializer(shape, dtype=dtype)
    return initializer
