"""``tf.keras.Sequential``: layers one after the other."""

from __future__ import annotations

import copy

import reflow as tf
from reflow.keras._engine.node import shapes
from reflow.keras.layers.input import InputLayer
from reflow.keras.layers.layer import Layer
from reflow.keras.models.model import Model

__all__ = ["Sequential"]


class Sequential(Model):
    """A stack of layers, each of which takes the output of the one before.

    Args:
      layers: a list of layers.
      name: the model's name.

    If the first layer knows its input's shape (``input_shape=...``, or an ``Input``), the weights
    exist at once; otherwise they are made when the model is first called, or by ``fit``.
    """

    def __init__(self, layers=None, name=None):
        super().__init__(name=name)
        self._stack: list[Layer] = []
        self._given_shape = None  # from build()
        for layer in layers or ():
            self.add(layer)

    def add(self, layer):
        """Puts a layer on top of the stack.

        Raises:
          TypeError: if it is no layer.
          ValueError: if it has several outputs, or is an input not at the bottom.
        """
        if hasattr(layer, "_keras_history"):
            origin = layer._keras_history[0]
            if isinstance(origin, InputLayer):
                layer = origin
        if not isinstance(layer, Layer):
            raise TypeError(f"The added layer must be an instance of class Layer. Found: {layer}")
        if not self._stack and not self.inputs:
            self._add_first(layer)
        elif self.outputs:
            self._grow(layer)
        self.built = self._is_graph_network
        if not isinstance(layer, InputLayer):
            self._stack = [*self._stack, layer]
            self._tell_layers()

    def _add_first(self, layer):
        """Starts the description, if the first layer knows the input's shape."""
        if isinstance(layer, InputLayer):
            start = layer.output
            self._connect(start, start)
            return
        inner = layer
        while isinstance(inner, Model) and inner.layers and not inner._is_graph_network:
            inner = inner.layers[0]
        shape = getattr(inner, "_batch_input_shape", None)
        if shape is None and getattr(layer, "_is_graph_network", False):
            shape = layer.input_shape if isinstance(layer.input_shape, tuple) else None
        if shape is None:
            return
        start = tf.keras.Input(batch_shape=shape, dtype=inner.dtype, name=f"{layer.name}_input")
        outputs = layer(start)
        if len(tf.nest.flatten(outputs)) != 1:
            raise ValueError(
                "All layers in a Sequential model should have a single output tensor. For "
                "multi-output layers, use the functional API."
            )
        self._connect(start, outputs)

    def _grow(self, layer):
        outputs = layer(self.outputs[0])
        if len(tf.nest.flatten(outputs)) != 1:
            raise TypeError(
                "All layers in a Sequential model should have a single output tensor. For "
                "multi-output layers, use the functional API."
            )
        self._connect(self._nested_inputs, outputs)

    def pop(self):
        """Takes the top layer off.

        Raises:
          TypeError: if there is none.
        """
        if not self._stack:
            raise TypeError("There are no layers in the model.")
        top = self._stack[-1]
        self._stack = self._stack[:-1]
        if not self._is_graph_network:
            self.built = False
            return
        if self._stack:
            for node in top._inbound_nodes:
                for parent in node.parents():
                    outbound = parent.outbound_layer._outbound_nodes
                    outbound[:] = [n for n in outbound if n is not node]
            self._connect(self._nested_inputs, self._stack[-1].output)
        else:
            self.__dict__.update(inputs=[], outputs=[])
            self._graph_layers, self._plan = [], None
            self._is_graph_network = self.built = False

    @property
    def layers(self):
        """The layers, without the input."""
        return list(self._stack)

    def _inner_layers(self):
        return list(self._stack)

    def _direct_layers(self):
        return list(self._stack)

    def _parts(self):
        return list(self._stack)

    def build(self, input_shape=None):
        """Makes the weights for inputs of a shape, with the batch (None if unknown)."""
        if self._is_graph_network:
            self.built = True
            return
        if input_shape is None:
            raise ValueError("You must provide an `input_shape` argument.")
        self._given_shape = tuple(tf.TensorShape(input_shape).as_list())
        super().build(input_shape)

    def _build_of_shapes(self, shapes):
        # The layers build themselves when they are called.
        self.built = True

    def call(self, inputs, training=None, mask=None):
        """Runs the layers one after the other."""
        if self._is_graph_network:
            if len(self.inputs) == 1 and not isinstance(inputs, (list, tuple, dict)):
                return self._plan.run(self._fit_inputs(inputs, mask))
            return super().call(inputs, training=training, mask=mask)
        if mask is not None and not hasattr(inputs, "_keras_mask"):
            inputs._keras_mask = mask
        for layer in self._stack:
            inputs = layer(inputs)
        return inputs

    def compute_mask(self, inputs, mask):
        """The mask of the output, found by running the model."""
        return getattr(self.call(inputs, mask=mask), "_keras_mask", None)

    @property
    def _masks_by_itself(self):
        return True

    @_masks_by_itself.setter
    def _masks_by_itself(self, value):
        pass

    # ---- predictions

    def predict_proba(self, x, batch_size=32, verbose=0):
        """The predictions, which should be probabilities."""
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x, batch_size=32, verbose=0):
        """The classes predicted: the largest of several outputs, or whether one exceeds 0.5."""
        probabilities = self.predict(x, batch_size=batch_size, verbose=verbose)
        if probabilities.shape[-1] > 1:
            return probabilities.argmax(axis=-1)
        return (probabilities > 0.5).astype("int32")

    # ---- configs

    def get_config(self):
        """The layers' configs, as a dict."""
        layers = [
            {
                "class_name": tf.keras.utils.serialize_keras_object(layer)["class_name"],
                "config": layer.get_config(),
            }
            for layer in self._stack
        ]
        config = {"name": self.name, "layers": copy.deepcopy(layers)}
        if self._given_shape is not None:
            config["build_input_shape"] = self._given_shape
        elif not self._is_graph_network and self.inputs:  # known from data
            config["build_input_shape"] = shapes(self.inputs[0])
        elif (
            self._is_graph_network
            and self._stack
            and "batch_input_shape" not in layers[0]["config"]
        ):
            config["build_input_shape"] = shapes(self._nested_inputs)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a model from the result of ``get_config``."""
        if isinstance(config, list):
            config = {"layers": config}
        model = cls(name=config.get("name"))
        for entry in config["layers"]:
            model.add(tf.keras.layers.deserialize(entry, custom_objects=custom_objects))
        shape = config.get("build_input_shape")
        if not model.inputs and shape is not None:
            model.build(tuple(shape))
        return model
