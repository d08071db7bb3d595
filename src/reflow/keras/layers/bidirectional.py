"""The wrapper that runs a recurrent layer in both directions."""

from __future__ import annotations

import copy
from typing import Any

import reflow as tf
from reflow.core.tensor import SymbolicTensor
from reflow.keras.layers.input_spec import InputSpec
from reflow.keras.layers.layer import Layer
from reflow.keras.layers.rnn import RNN, split_inputs
from reflow.keras.layers.wrapper import Wrapper

__all__ = ["Bidirectional"]

_MERGES = ("sum", "mul", "ave", "concat", None)


class Bidirectional(Wrapper):
    """Runs a recurrent layer forwards and another like it backwards, and merges the outputs.

    Args:
      layer: an ``RNN``, such as ``LSTM(10)``; two new ones are made from its config.
      merge_mode: ``"concat"`` (along the last axis), ``"sum"``, ``"mul"``, ``"ave"``, or None for a
        list of both outputs.
      weights: the first values of the weights, those of the forward layer first.
      backward_layer: another layer for the backward direction; its ``go_backwards`` must differ
        from that of ``layer``, and ``return_sequences``, ``return_state`` and ``stateful`` equal.
      **kwargs: as for ``Layer``.

    Input shape ``(batch, time, features)``. With ``return_state``, the states of the forward and
    the backward layer follow the outputs in a list.

    Raises:
      ValueError: if something given is no layer, a merge mode is unknown, or the layers differ in
        what must be equal.
    """

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `Bidirectional` layer with a `Layer` instance. You passed: "
                f"{layer}"
            )
        if backward_layer is not None and not isinstance(backward_layer, Layer):
            raise ValueError(
                f"`backward_layer` need to be a `Layer` instance. You passed: {backward_layer}"
            )
        if merge_mode not in _MERGES:
            raise ValueError(
                "Invalid merge mode. Merge mode should be one of "
                '{"sum", "mul", "ave", "concat", None}'
            )
        super().__init__(layer, **kwargs)
        self.forward_layer = _made_again(layer)
        self.merge_mode = merge_mode
        self._backward_config = None
        if backward_layer is None:
            self.backward_layer = _made_again(layer, go_backwards=True)
            self.backward_layer._name = "backward_" + layer.name
        else:
            self._backward_config = {
                "class_name": type(backward_layer).__name__,
                "config": backward_layer.get_config(),
            }
            self.backward_layer = backward_layer
            backward_layer._name = "backward_" + backward_layer.name
        self.forward_layer._name = "forward_" + layer.name
        self._check_layers()
        if weights:
            half = len(weights) // 2
            self.forward_layer._initial_weights = weights[:half]
            self.backward_layer._initial_weights = weights[half:]
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self._num_constants = 0
        self.input_spec = layer.input_spec

    def _check_layers(self):
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ValueError(
                "Forward layer and backward layer should have different `go_backwards` value."
            )
        for attribute in ("stateful", "return_sequences", "return_state"):
            ours, theirs = getattr(forward, attribute), getattr(backward, attribute)
            if ours != theirs:
                raise ValueError(
                    "Forward layer and backward layer are expected to have the same value for "
                    f"attribute {attribute}, got {ours} and {theirs}"
                )

    # ---- what it holds

    def _parts(self):
        return self._inner_layers()

    def _inner_layers(self):
        return [self.forward_layer, self.backward_layer]

    def build(self, input_shape):
        """Builds both layers."""
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                with tf.name_scope(layer.name):
                    layer._build_of_shapes(input_shape)
        self.built = True

    def reset_states(self):
        """Sets the states of both layers to zeros."""
        self.forward_layer.reset_states()
        self.backward_layer.reset_states()

    @property
    def constraints(self):
        """Constraints belong to variables here; an empty dict."""
        return {}

    def compute_output_shape(self, input_shape):
        """The shape of the outputs, and of the states with ``return_state``."""
        shapes = self.forward_layer.compute_output_shape(input_shape)
        states: list[Any] = []
        if self.return_state:
            shapes, *states = shapes
        if self.merge_mode == "concat":
            backward = self.backward_layer.compute_output_shape(input_shape)
            last = (backward[0] if self.return_state else backward).as_list()[-1]
            *sizes, own = shapes.as_list()
            shapes = tf.TensorShape([*sizes, own + last])
        outputs = [shapes, shapes] if self.merge_mode is None else shapes
        if not self.return_state:
            return outputs
        both = outputs if isinstance(outputs, list) else [outputs]
        return [*both, *states, *states]

    def compute_mask(self, inputs, mask):
        """The inputs' mask for sequences, None for what has no time axis."""
        mask = mask if self.return_sequences else None
        output = [mask, mask] if self.merge_mode is None else mask
        if not self.return_state:
            return output
        states = [None] * (2 * len(self.forward_layer.states))
        return [*(output if isinstance(output, list) else [output]), *states]

    # ---- calling

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        """Runs both layers.

        Args:
          inputs: the sequence, or a list of it, initial states and constants.
          initial_state: a list of tensors: the forward layer's states, then the backward layer's.
          constants: a tensor or list of tensors that every step gets.
          **kwargs: ``mask`` and ``training``.

        Raises:
          ValueError: if the number of initial states is odd.
        """
        inputs, initial_state, constants = split_inputs(
            inputs, initial_state, constants, self._num_constants
        )
        if initial_state is None and constants is None:
            return super().__call__(inputs, **kwargs)
        if initial_state is not None and len(initial_state) % 2:
            raise ValueError(
                "When passing `initial_state` to a Bidirectional RNN, the state should be a list "
                f"containing the states of the underlying RNNs. Found: {initial_state}"
            )
        if constants is not None:
            self._num_constants = len(constants)
            self.forward_layer._num_constants = self._num_constants
            self.backward_layer._num_constants = self._num_constants
        more = [*(initial_state or []), *(constants or [])]
        if isinstance(more[0], SymbolicTensor):
            own = self.input_spec
            specs = [InputSpec(shape=tuple(x.shape.as_list())) for x in more]
            self.input_spec = [*(own if isinstance(own, list) else [own]), *specs]
            try:
                return super().__call__([inputs, *more], **kwargs)
            finally:
                self.input_spec = own
        if initial_state is not None:
            kwargs["initial_state"] = initial_state
        if constants is not None:
            kwargs["constants"] = constants
        return super().__call__(inputs, **kwargs)

    def call(self, inputs, training=None, mask=None, initial_state=None, constants=None):
        """Runs both layers and merges their outputs."""
        if isinstance(inputs, (list, tuple)):
            inputs, states, constants = split_inputs(inputs, None, constants, self._num_constants)
            initial_state = states if initial_state is None else initial_state
        more: dict[str, Any] = {}
        if training is not None and self.forward_layer._traits.takes_training:
            more["training"] = training
        if mask is not None and self.forward_layer._traits.takes_mask:
            more["mask"] = mask[0] if isinstance(mask, (list, tuple)) else mask
        if constants is not None:
            more["constants"] = constants
        halves = [None, None]
        if initial_state is not None:
            half = len(initial_state) // 2
            halves = [initial_state[:half], initial_state[half:]]
        y = self._run(self.forward_layer, inputs, halves[0], more)
        z = self._run(self.backward_layer, inputs, halves[1], more)
        states = []
        if self.return_state:
            (y, *states), (z, *backward_states) = y, z
            states += backward_states
        if self.return_sequences:
            z = tf.reverse(z, [0 if getattr(self.forward_layer, "time_major", False) else 1])
        outputs = self._merged(y, z)
        if not self.return_state:
            return outputs
        return [*(outputs if self.merge_mode is None else [outputs]), *states]

    @staticmethod
    def _run(layer, inputs, initial_state, more):
        if initial_state is not None:
            more = {**more, "initial_state": list(initial_state)}
        return layer(inputs, **more)

    def _merged(self, y, z):
        if self.merge_mode == "concat":
            return tf.concat([y, z], -1)
        if self.merge_mode == "sum":
            return y + z
        if self.merge_mode == "ave":
            return (y + z) / 2
        return y * z if self.merge_mode == "mul" else [y, z]

    # ---- configs

    def get_config(self):
        """The arguments, as a dict."""
        config = {**super().get_config(), "merge_mode": self.merge_mode}
        if self._num_constants:
            config["num_constants"] = self._num_constants
        if self._backward_config is not None:
            config["backward_layer"] = self._backward_config
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a layer from the result of ``get_config``."""
        config = copy.deepcopy(config)
        constants = config.pop("num_constants", 0)
        for key in ("layer", "backward_layer"):
            if config.get(key) is not None:
                config[key] = tf.keras.layers.deserialize(
                    config[key], custom_objects=custom_objects
                )
        made = cls(**config)
        made._num_constants = constants
        return made


def _made_again(layer: Layer, go_backwards: bool = False) -> Any:
    """A new layer from a layer's config, in the other direction if asked for."""
    config = layer.get_config()
    if go_backwards:
        config["go_backwards"] = not config["go_backwards"]
    if "custom_objects" in type(layer).from_config.__code__.co_varnames:
        known = {}
        if isinstance(layer, RNN) and not isinstance(layer.cell, Layer):
            known = {type(layer.cell).__name__: type(layer.cell)}
        elif isinstance(layer, RNN):
            known = {type(c).__name__: type(c) for c in layer.cell._flatten_layers()}
        return type(layer).from_config(config, custom_objects=known)
    return type(layer).from_config(config)
