"""The part of a layer that makes and finds weights: its own, and those of the layers it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

import reflow as tf
from reflow.core import trackable
from reflow.core.variable import Variable, VariableAggregation, VariableSynchronization
from reflow.keras._engine.tracking import Held, is_holder, is_weighted, unique, weighted_in

# Attributes of ours that hold layers or variables found in other ways, or not the layer's own.
_OURS = frozenset(
    """_tracked _own_weights _named_weights _regularized _call_losses _loss_functions _metrics
    _inbound_nodes _outbound_nodes _initial_weights _batch_input_shape input_spec optimizer
    loss history _trained _graph_layers _stack _ends _compiled _trainable_as_compiled _steps
    _nested_inputs _nested_outputs inputs outputs input_names output_names loss_weights _states
    state_spec constants_spec""".split()
)


class LayerWeights:
    """Weights of a layer.

    Attributes that are layers or variables, or lists, tuples and dicts with some inside, belong to
    the layer, in the order in which they were first set.
    """

    _TF_MODULE_IGNORED_PROPERTIES = _OURS

    def _start_weights(self, trainable):
        # Names of attributes that hold something, and weights made by add_weight, in order.
        self.__dict__["_tracked"] = {}
        self._own_weights: list[Variable] = []
        self._named_weights: list[tuple[str, Variable]] = []  # by the names given to add_weight
        self._regularized: list[Any] = []  # pairs of variable and regularizer
        self._trainable = bool(trainable)

    def __setattr__(self, name, value):
        tracked = self.__dict__.get("_tracked")
        if tracked is not None and name not in _OURS:
            if name in tracked and self.__dict__.get(name) is not value:
                self._untrack(name, value)
            if isinstance(value, Variable) or is_holder(value):
                tracked[name] = None
        object.__setattr__(self, name, value)
        if tracked is not None and trackable.WAITING in self.__dict__:
            object.__setattr__(self, name, trackable.restore_child(self, name, value))

    def _trackable_children(self):
        """What checkpoints follow, by TF's names, in the order in which it came to be: weights by
        the names given to ``add_weight``, and attributes that hold something.
        """
        named = {id(variable): name for name, variable in self._named_weights}
        children = {}
        for key, variable in self._tracked.items():
            if isinstance(key, str):
                name, child = key, self.__dict__.get(key)
            else:
                name, child = named.get(key), variable
            if name is not None and trackable.is_trackable(child):
                children[name] = child
        return list(children.items())

    def __delattr__(self, name):
        if name in self.__dict__.get("_tracked", ()):
            self._untrack(name)
        object.__delattr__(self, name)

    def _untrack(self, name, successor=None):
        """Forgets what an attribute holds; what comes next counts as new."""
        del self._tracked[name]
        held = self.__dict__.get(name)
        if isinstance(held, Variable) and held is not successor:
            self._own_weights = [v for v in self._own_weights if v is not held]
            self._tracked.pop(id(held), None)

    # ---- making weights

    def add_weight(
        self,
        name=None,
        shape=None,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=None,
        constraint=None,
        partitioner=None,
        use_resource=None,
        synchronization=VariableSynchronization.AUTO,
        aggregation=VariableAggregation.NONE,
        **kwargs,
    ):
        """Makes a variable that belongs to the layer.

        Args:
          name: its name, to which the layer's is added.
          shape: its shape; a scalar by default.
          dtype: its type; the layer's by default.
          initializer: of its first value: a name, an object or a function of shape and dtype. By
            default Glorot's uniform one for floating types, zeros for others.
          regularizer: a penalty on its value that is added to the losses.
          trainable: whether training changes it; True by default.
          constraint: a function that gives the value to use instead, after each update.
          partitioner, use_resource: accepted for TF 1's sake.
          synchronization, aggregation: for several devices.

        Returns:
          The variable.

        Raises:
          ValueError: if it is to be trainable and synchronized on reading.
          TypeError: if there is another keyword.
        """
        for option in kwargs:
            if option not in ("getter", "collections", "experimental_autocast", "caching_device"):
                raise TypeError("Unknown keyword argument:", option)
        on_read = synchronization == VariableSynchronization.ON_READ
        if on_read and trainable:
            raise ValueError(
                "Synchronization value can be set to VariableSynchronization.ON_READ only for "
                "non-trainable variables. You have specified trainable=True and "
                "synchronization=VariableSynchronization.ON_READ."
            )
        if trainable is None:
            trainable = not on_read
        dtype = tf.as_dtype(dtype or self.dtype or tf.keras.backend.floatx())
        shape = tuple(tf.TensorShape(() if shape is None else shape).as_list())
        if initializer is None:
            initializer = "glorot_uniform" if dtype.is_floating else "zeros"
        initialize = tf.keras.initializers.get(initializer)
        with tf.init_scope():
            variable = self._variable_class(dtype, kwargs)(
                lambda: initialize(shape, dtype=dtype),
                trainable=trainable,
                name=name,
                dtype=dtype,
                constraint=tf.keras.constraints.get(constraint),
                synchronization=synchronization,
                aggregation=aggregation,
            )
        self._own_weights.append(variable)
        if name is not None:
            self._named_weights.append((name, variable))
            if trackable.WAITING in self.__dict__:
                trackable.restore_child(self, name, variable)
        self._tracked[id(variable)] = variable
        regularizer = tf.keras.regularizers.get(regularizer)
        if regularizer is not None:
            self._regularized.append((variable, regularizer))
        return variable

    def _variable_class(self, dtype, options):
        """What a weight is: under a mixed policy one that ``call`` sees in another type."""
        policy = self._dtype_policy
        if policy is None or not policy.should_cast_variables or not dtype.is_floating:
            return tf.Variable
        if not self._autocast or not options.get("experimental_autocast", True):
            return tf.Variable
        from reflow.keras.layers._autocast_variable import AutoCastVariable

        return AutoCastVariable

    def add_variable(self, *args, **kwargs):
        """The old name of ``add_weight``."""
        return self.add_weight(*args, **kwargs)

    # ---- finding them

    def _inner_layers(self):
        """The layers that the layer holds itself, in order, each once."""
        values = [self.__dict__[name] for name in self._tracked if name in self.__dict__]
        return unique(
            inner for value in values for inner in weighted_in(value) if inner is not self
        )

    def _flatten_layers(self):
        """The layer and all layers inside it."""
        yield self
        for inner in self._inner_layers():
            if hasattr(inner, "_flatten_layers"):
                yield from inner._flatten_layers()

    def _direct_variables(self):
        """The variables that are attributes or come from ``add_weight``; not those in lists."""
        values = [
            self.__dict__.get(name) if variable is None else variable
            for name, variable in self._tracked.items()
        ]
        return unique(value for value in values if isinstance(value, Variable))

    def _parts(self):
        """What has weights and is an attribute, in order: layers, and what containers hold."""
        values = [self.__dict__.get(name) for name in self._tracked]
        found = []
        for value in unique(values):
            if isinstance(value, (list, tuple, dict)):
                found.append(Held(value))
            elif is_weighted(value) and value is not self:
                found.append(value)
        return found

    @property
    def trainable(self):
        """Whether training changes the layer's weights."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = value
        for inner in self._direct_layers():
            inner.trainable = value

    def _direct_layers(self):
        """The layers that are attributes; as in TF 2.1, not those in lists and dicts."""
        return [part for part in self._parts() if not isinstance(part, Held)]

    @property
    def trainable_weights(self):
        """The variables that training changes: the layer's own, then those of its layers."""
        if not self.trainable:
            return []
        own = [v for v in self._direct_variables() if v.trainable]
        inside = [v for inner in self._parts() for v in inner.trainable_weights]
        return unique([*own, *inside]) if inside else own

    @property
    def non_trainable_weights(self):
        """The variables that training does not change."""
        own = self._direct_variables()
        if self.trainable:
            found = [v for v in own if not v.trainable]
            for inner in self._parts():
                found += inner.non_trainable_weights
            return unique(found)
        found = [v for v in own if v.trainable] + [v for v in own if not v.trainable]
        for inner in self._parts():
            found += inner.weights
        return unique(found)

    @property
    def weights(self):
        """All variables: the trainable ones first."""
        return unique([*self.trainable_weights, *self.non_trainable_weights])

    @property
    def trainable_variables(self):
        """The same as ``trainable_weights``."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        """The same as ``non_trainable_weights``."""
        return self.non_trainable_weights

    @property
    def variables(self):
        """The same as ``weights``."""
        return self.weights

    # ---- their values

    def get_weights(self):
        """The values of ``weights``, a list of NumPy arrays."""
        return [variable.numpy() for variable in self.weights]

    def set_weights(self, weights):
        """Sets the values of ``weights``.

        Args:
          weights: a list of arrays, as ``get_weights`` gives it.

        Raises:
          ValueError: if their number or a shape does not fit.
        """
        own = self.weights
        if len(own) != len(weights):
            raise ValueError(
                f'You called `set_weights(weights)` on layer "{self.name}" with a weight list of '
                f"length {len(weights)}, but the layer was expecting {len(own)} weights. Provided "
                f"weights: {str(weights)[:50]}..."
            )
        arrays = [np.asarray(value) for value in weights]
        for variable, array in zip(own, arrays, strict=True):
            if tuple(variable.shape) != array.shape:
                raise ValueError(
                    f"Layer weight shape {tuple(variable.shape)} not compatible with provided "
                    f"weight shape {array.shape}"
                )
        for variable, array in zip(own, arrays, strict=True):
            variable.assign(array.astype(variable.dtype.as_numpy_dtype))

    def count_params(self):
        """The number of scalars in the weights.

        Raises:
          ValueError: if the layer is not built yet.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the layer isn't built. You "
                f"can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return count_scalars(self.weights)


def count_scalars(variables: Any) -> int:
    """How many numbers variables hold together, each variable once."""
    return sum(int(np.prod(tuple(v.shape), dtype=np.int64)) for v in unique(variables))
