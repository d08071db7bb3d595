"""The base of recurrent layers: a cell, applied to one time step after the other."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

import reflow as tf
from reflow.core.tensor import SymbolicTensor
from reflow.keras.backend.recurrence import rnn
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer
from reflow.keras.layers.stacked_rnn_cells import StackedRNNCells

__all__ = ["RNN"]

_NO_BATCH_SIZE = (
    "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input "
    "tensors: \n- If using a Sequential model, specify the batch size by passing a "
    "`batch_input_shape` argument to your first layer.\n- If using the functional API, specify the "
    "batch size by passing a `batch_shape` argument to your Input layer."
)
_NO_STEPS = (
    "Cannot unroll a RNN if the time dimension is undefined. \n- If using a Sequential model, "
    "specify the time dimension by passing an `input_shape` or `batch_input_shape` argument to "
    "your first layer. If your first layer is an Embedding, you can also use the `input_length` "
    "argument.\n- If using the functional API, specify the time dimension by passing a `shape` or "
    "`batch_shape` argument to your Input layer."
)


class RNN(Layer):
    """Applies a cell to each time step, with a state that goes from step to step.

    Args:
      cell: an object with ``call(inputs, states) -> (output, new states)`` and ``state_size`` (the
        units of the state, or a list of such), such as an ``LSTMCell``; or a list of cells, which
        are stacked. It may have ``output_size``, ``get_initial_state``, and a ``build``; its
        ``call`` may take ``training`` and ``constants``.
      return_sequences: whether to return the outputs of all time steps, not only the last.
      return_state: whether to return the last states too.
      go_backwards: whether to begin at the last time step; the outputs come in that order.
      stateful: whether a batch starts from the states that the one before ended with.
      unroll: whether to run the steps in a Python loop.
      time_major: whether inputs and outputs are ``(time, batch, ...)``.
      **kwargs: ``zero_output_for_mask`` (zeros, not the output before, where the mask is false);
        the others are as for ``Layer``.

    Inputs ``(batch, time, features)``; outputs ``(batch, units)``, or ``(batch, time, units)`` with
    ``return_sequences``; with ``return_state`` a list of them and the states.

    Raises:
      ValueError: if the cell has no ``call`` or no ``state_size``.
    """

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        time_major=False,
        **kwargs,
    ):
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        if not hasattr(cell, "call"):
            raise ValueError("`cell` should have a `call` method. The RNN was passed:", cell)
        if not hasattr(cell, "state_size"):
            raise ValueError(
                "The RNN cell should have an attribute `state_size` (tuple of integers, one "
                "integer per RNN state)."
            )
        self.zero_output_for_mask = kwargs.pop("zero_output_for_mask", False)
        if "input_shape" not in kwargs and ("input_dim" in kwargs or "input_length" in kwargs):
            kwargs["input_shape"] = (
                kwargs.pop("input_length", None),
                kwargs.pop("input_dim", None),
            )
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.time_major = time_major
        self.supports_masking = True
        self.input_spec = None
        self.state_spec = None
        self._states = None
        self.constants_spec = None
        self._num_constants = 0

    # ---- states

    @property
    def states(self):
        """The states that the next batch starts from, if the layer is stateful; else Nones."""
        if self._states is None:
            state = tf.nest.map_structure(lambda _: None, _sizes(self.cell))
            return state if tf.nest.is_nested(_sizes(self.cell)) else [state]
        return self._states

    @states.setter
    def states(self, states):
        self._states = states

    def get_initial_state(self, inputs):
        """Zero states for inputs, or what the cell's ``get_initial_state`` gives; a list."""
        first = tf.nest.flatten(inputs)[0]
        batch = tf.shape(first)[1 if self.time_major else 0]
        own = getattr(self.cell, "get_initial_state", None)
        if own is not None:
            state = own(inputs=None, batch_size=batch, dtype=first.dtype)
        else:
            state = zero_states(_sizes(self.cell), batch, first.dtype)
        return list(state) if isinstance(state, (list, tuple)) else [state]

    def reset_states(self, states=None):
        """Sets the states of a stateful layer.

        Args:
          states: an array, or a list of arrays; zeros by default.

        Raises:
          AttributeError: if the layer is not stateful.
          ValueError: if the batch size is not known, or a state does not fit.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        spec = tf.nest.flatten(self.input_spec)[0]
        batch = None
        if spec is not None and spec.shape is not None:
            batch = spec.shape[1 if self.time_major else 0]
        if not batch:
            raise ValueError(_NO_BATCH_SIZE)
        if self._states is None:
            state = _plain_zeros(self._zero_states(batch))
            variables = [tf.Variable(x, trainable=False, name="Variable") for x in state]
            sizes = _sizes(self.cell)
            packed = tf.nest.pack_sequence_as(sizes, variables)
            self._states = list(packed) if isinstance(packed, (list, tuple)) else [packed]
            if states is None:
                return
        current = tf.nest.flatten(self._states)
        if states is None:
            given = _plain_zeros(self._zero_states(batch))
        else:
            given = tf.nest.flatten(states)
        if len(given) != len(current):
            raise ValueError(
                f"Layer {self.name} expects {len(current)} states, but it received {len(given)} "
                f"state values. Input received: {states}"
            )
        for index, (variable, value) in enumerate(zip(current, given, strict=True)):
            if tuple(np.shape(value)) != tuple(variable.shape):
                raise ValueError(
                    f"State {index} is incompatible with layer {self.name}: expected "
                    f"shape={tuple(variable.shape)}, found shape={tuple(np.shape(value))}"
                )
        for variable, value in zip(current, given, strict=True):
            variable.assign(value)

    def _zero_states(self, batch):
        own = getattr(self.cell, "get_initial_state", None)
        dtype = self._compute_dtype
        if own is not None:
            return own(inputs=None, batch_size=batch, dtype=dtype)
        return zero_states(_sizes(self.cell), batch, dtype)

    # ---- building

    def build(self, input_shape):
        """Builds the cell for one time step of inputs of a shape, or of a structure of shapes."""
        input_shape = _sequence_shape(input_shape)
        self.input_spec = [
            tf.nest.map_structure(self._spec_of, input_shape),
            *(self.input_spec or [None])[1:],
        ]
        step = tf.nest.map_structure(self._step_shape, input_shape)
        if isinstance(self.cell, Layer):
            if not self.cell.built:
                self.cell.build(step)
        elif hasattr(self.cell, "build"):
            self.cell.build(step)
        sizes = self.cell.state_size
        sizes = list(sizes) if isinstance(sizes, (list, tuple)) else [sizes]
        if self.state_spec is None:
            self.state_spec = self._make_state_spec(tf.nest.flatten(sizes))
        else:
            self._check_states(sizes)
        if self.stateful:
            self.reset_states()
        self.built = True

    def _spec_of(self, shape):
        sizes = tf.TensorShape(shape).as_list()
        batch, time = (1, 0) if self.time_major else (0, 1)
        sizes[time] = None
        if not self.stateful:
            sizes[batch] = None
        return InputSpec(shape=tuple(sizes))

    def _step_shape(self, shape):
        sizes = tf.TensorShape(shape).as_list()
        return (sizes[1 if self.time_major else 0], *sizes[2:])

    def _check_states(self, sizes):
        """Raises a ValueError if the initial states that were passed do not fit the cell."""
        if not self._states_fit(tf.nest.flatten(sizes)):
            raise ValueError(
                "An `initial_state` was passed that is not compatible with `cell.state_size`. "
                f"Received `state_spec`={self.state_spec}; however `cell.state_size` is {sizes}"
            )

    def _make_state_spec(self, sizes):
        return [InputSpec(shape=(None, *_dims(size))) for size in sizes]

    def _states_fit(self, sizes):
        return len(sizes) == len(self.state_spec) and all(
            _compatible(spec.shape[1:], _dims(size))
            for spec, size in zip(self.state_spec, sizes, strict=True)
        )

    def compute_mask(self, inputs, mask):
        """The inputs' mask for the sequence, None for states."""
        mask = tf.nest.flatten(mask)[0] if mask is not None else None
        output = mask if self.return_sequences else None
        if self.return_state:
            return [output, *[None] * len(self.states)]
        return output

    def compute_output_shape(self, input_shape):
        """The shape of the outputs, and of the states with ``return_state``."""
        batch, steps, *_ = tf.nest.flatten(_sequence_shape(input_shape))[0].as_list()
        if self.time_major:
            batch, steps = steps, batch
        sizes = self.cell.state_size
        sizes = list(sizes) if isinstance(sizes, (list, tuple)) else [sizes]

        def output(size):
            dims = _dims(size)
            if not self.return_sequences:
                return tf.TensorShape((batch, *dims))
            both = (steps, batch) if self.time_major else (batch, steps)
            return tf.TensorShape((*both, *dims))

        output_size = getattr(self.cell, "output_size", None)
        if output_size is None:
            output_size = tf.nest.flatten(sizes)[0]
        outputs = tf.nest.map_structure(output, output_size)
        if not self.return_state:
            return outputs
        states = tf.nest.map_structure(lambda s: tf.TensorShape((batch, *_dims(s))), sizes)
        return [*(outputs if isinstance(outputs, list) else [outputs]), *states]

    # ---- calling

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        """Runs the layer.

        Args:
          inputs: the sequence, or a list of it, initial states and constants.
          initial_state: a tensor or a list of tensors, symbolic ones too.
          constants: a tensor or list of tensors that every step gets.
          **kwargs: ``mask`` and ``training``.
        """
        inputs, initial_state, constants = split_inputs(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        more: list[Any] = []
        specs: list[Any] = []
        if initial_state is not None:
            more += tf.nest.flatten(initial_state)
            self.state_spec = [
                InputSpec(shape=_shape_of(s)) for s in tf.nest.flatten(initial_state)
            ]
            if self.built:
                sizes = self.cell.state_size
                self._check_states(list(sizes) if isinstance(sizes, (list, tuple)) else [sizes])
            specs += self.state_spec
        if constants is not None:
            more += constants
            self.constants_spec = [InputSpec(shape=_shape_of(c)) for c in constants]
            self._num_constants = len(constants)
            specs += self.constants_spec
        if more and isinstance(tf.nest.flatten(more)[0], SymbolicTensor):
            # The states and constants are inputs of the layer in the description of a model.
            self.input_spec = [*(self.input_spec or [None]), *specs]
            try:
                return super().__call__([inputs, *more], **kwargs)
            finally:
                self.input_spec = self.input_spec[:1]
        if initial_state is not None:
            kwargs["initial_state"] = initial_state
        if constants is not None:
            kwargs["constants"] = constants
        return super().__call__(inputs, **kwargs)

    def call(self, inputs, mask=None, training=None, initial_state=None, constants=None):
        """Runs the cell over the time steps."""
        inputs, initial_state, constants = self._starting_point(inputs, initial_state, constants)
        mask = first_mask(mask)
        reset_cell_masks(self.cell)
        self._check_unroll(inputs)
        outputs, states = self._run(inputs, initial_state, constants, mask, training)
        return self._results(outputs, states)

    def _run(self, inputs, initial_state, constants, mask, training):
        """The outputs (of all steps, if they are to be returned, else the last) and the states."""
        parameters = inspect.signature(self.cell.call).parameters
        takes_rest = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
        more = {}
        if "training" in parameters or takes_rest:
            more["training"] = training
        count = self._num_constants if constants else 0
        if count and "constants" not in parameters and not takes_rest:
            raise ValueError("RNN cell does not support constants")

        def step(row, states):
            if count:
                states, more["constants"] = states[:-count], states[-count:]
            output, after = self.cell.call(row, states, **more)
            return output, list(after) if tf.nest.is_nested(after) else [after]

        last, outputs, states = rnn(
            step,
            inputs,
            initial_state,
            constants=constants,
            go_backwards=self.go_backwards,
            mask=mask,
            unroll=self.unroll,
            time_major=self.time_major,
            zero_output_for_mask=self.zero_output_for_mask,
        )
        return outputs if self.return_sequences else last, states

    def _starting_point(self, inputs, initial_state, constants):
        """The inputs, states and constants of a call."""
        if isinstance(inputs, (list, tuple)):
            inputs, states, constants = split_inputs(inputs, None, constants, self._num_constants)
            initial_state = states if initial_state is None else initial_state
        if self.stateful and initial_state is None:
            initial_state = tf.nest.map_structure(lambda s: s.read_value(), self._states)
        elif initial_state is None:
            initial_state = self.get_initial_state(inputs)
        elif not isinstance(initial_state, (list, tuple)):
            initial_state = [initial_state]
        sizes = self.cell.state_size
        expected = len(sizes) if isinstance(sizes, (list, tuple)) else 1
        flat = tf.nest.flatten(initial_state)
        if len(initial_state) != expected and len(flat) == len(tf.nest.flatten(sizes)):
            initial_state = tf.nest.pack_sequence_as(sizes, flat)
        if len(initial_state) != expected:
            raise ValueError(
                f"Layer {self.name} has {expected} states but was passed {len(initial_state)} "
                "initial states."
            )
        return inputs, list(initial_state), constants

    def _check_unroll(self, inputs):
        steps = tf.nest.flatten(inputs)[0].shape[0 if self.time_major else 1]
        if self.unroll and _is_unknown(steps):
            raise ValueError(_NO_STEPS)

    def _results(self, outputs, states):
        """What the layer returns; a stateful one keeps the states."""
        if self.stateful:
            kept = zip(tf.nest.flatten(self._states), tf.nest.flatten(states), strict=True)
            for variable, state in kept:
                variable.assign(state)
        if not self.return_state:
            return outputs
        return [outputs, *(states if isinstance(states, (list, tuple)) else [states])]

    # ---- configs

    def get_config(self):
        """The arguments, as a dict."""
        config = {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "time_major": self.time_major,
        }
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self.zero_output_for_mask:
            config["zero_output_for_mask"] = self.zero_output_for_mask
        config["cell"] = {
            "class_name": type(self.cell).__name__,
            "config": self.cell.get_config(),
        }
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a layer from the result of ``get_config``."""
        config = dict(config)
        config["cell"] = cell_from_config(config["cell"], custom_objects)
        constants = config.pop("num_constants", 0)
        layer = cls(**config)
        layer._num_constants = constants
        return layer


# ------------------------------------------------------------------------------------- helpers


def cell_from_config(config: Any, custom_objects: Any = None) -> Any:
    """Makes a cell from ``{"class_name": ..., "config": ...}``."""
    return tf.keras.layers.deserialize(config, custom_objects=custom_objects)


def split_inputs(inputs: Any, initial_state: Any, constants: Any, count: int) -> Any:
    """The sequence, the list of states and the list of constants of a call, None where not given.

    Args:
      inputs: the sequence; or a list of it, states, and ``count`` constants.
      initial_state, constants: given by keyword.
      count: the number of constants.
    """
    if isinstance(inputs, (list, tuple)) and initial_state is None and constants is None:
        inputs = list(inputs)
        if len(inputs) > 1:
            if count:
                inputs, constants = inputs[:-count], inputs[-count:]
            if len(inputs) > 1:
                initial_state = inputs[1:]
        inputs = inputs[0] if len(inputs) >= 1 else inputs
    elif isinstance(inputs, (list, tuple)) and len(inputs) == 1:
        inputs = inputs[0]

    def as_list(x: Any) -> Any:
        if x is None or isinstance(x, list):
            return x or None
        return list(x) if isinstance(x, tuple) else [x]

    return inputs, as_list(initial_state), as_list(constants)


def zero_states(sizes: Any, batch: Any, dtype: Any) -> Any:
    """Zeros ``(batch, *size)`` in the structure of ``sizes``."""

    def zeros(size):
        return tf.zeros([batch, *_dims(size)], dtype)

    if isinstance(sizes, (list, tuple)):
        return [zero_states(size, batch, dtype) for size in sizes]
    return zeros(sizes)


def first_mask(mask: Any) -> Any:
    """The sequence's mask, where there are some for states and constants too."""
    return mask[0] if isinstance(mask, (list, tuple)) else mask


def reset_cell_masks(cell: Any) -> None:
    """Makes a cell draw its dropout masks anew."""
    for one in cell.cells if isinstance(cell, StackedRNNCells) else [cell]:
        if hasattr(one, "reset_dropout_mask"):
            one.reset_dropout_mask()
            one.reset_recurrent_dropout_mask()


def _sizes(cell: Any) -> Any:
    return cell.state_size


def _dims(size: Any) -> tuple[Any, ...]:
    """A state size as the dims after the batch."""
    if isinstance(size, tf.TensorShape):
        return tuple(size.as_list())
    return tuple(tf.TensorShape([size]).as_list())


def _compatible(shape: Any, dims: Any) -> bool:
    pairs = list(zip(shape, dims, strict=False))
    return len(shape) == len(dims) and all(a is None or b is None or a == b for a, b in pairs)


def _shape_of(x: Any) -> tuple[Any, ...]:
    return tuple(tf.TensorShape(x.shape).as_list())


def _plain_zeros(states: Any) -> list[Any]:
    return [tf.convert_to_tensor(x) for x in tf.nest.flatten(states)]


def _sequence_shape(shape: Any) -> Any:
    """The shape of the sequence, or a structure of them, from what ``build`` is given."""
    if isinstance(shape, list) and not _is_shape(shape):
        shape = shape[0]  # states and constants follow
    if isinstance(shape, tf.TensorShape) or _is_shape(shape):
        return tf.TensorShape(shape)
    if isinstance(shape, dict):
        return {key: _sequence_shape(item) for key, item in shape.items()}
    return type(shape)([_sequence_shape(item) for item in shape])


def _is_shape(shape: Any) -> bool:
    sized = isinstance(shape, (list, tuple))
    return sized and all(size is None or isinstance(size, int) for size in shape)


def _is_unknown(size: Any) -> bool:
    from reflow.keras._engine.symbolic import is_unknown

    return size is None or is_unknown(size)
