"""The layer that calls a Python function."""

from __future__ import annotations

import inspect
import types
from typing import Any

import reflow as tf
from reflow.keras._engine import function_config
from reflow.keras.layers.layer import Layer
from reflow.keras.utils.serialization import deserialize_keras_object

__all__ = ["Lambda"]


class Lambda(Layer):
    """Calls a function of tensors.

    For functions without variables of their own; a subclass of ``Layer`` holds variables better.

    Args:
      function: called with the inputs; if it has parameters ``mask`` or ``training``, it gets
        those too.
      output_shape: found by describing a call if None; else a shape without the batch, or a
        function of the input's shape.
      mask: the mask of the outputs, or a function of inputs and mask; none by default.
      arguments: more keyword arguments for the function, a dict.
      **kwargs: as for ``Layer``.

    Raises:
      TypeError: if ``function`` is none.
      ValueError: when called, if the function makes variables.
    """

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        if not callable(function):
            raise TypeError(f"Lambda: unsupported callable, got {function!r}")
        self.function = function
        self.arguments = arguments or {}
        self.mask = mask
        if mask is not None:
            self.supports_masking = True
        self._output_shape = output_shape
        parameters = _parameters(function)
        self._takes_mask = "mask" in parameters
        self._takes_training = "training" in parameters

    def call(self, inputs, mask=None, training=None):
        """Calls the function."""
        kwargs = dict(self.arguments)
        if self._takes_mask:
            kwargs["mask"] = mask
        if self._takes_training:
            kwargs["training"] = training
        created: list[Any] = []

        def note(create, **options):
            variable = create(**options)
            created.append(variable)
            return variable

        with tf.variable_creator_scope(note):
            result = self.function(inputs, **kwargs)
        if created:
            self._refuse(created)
        return result

    def _refuse(self, created):
        own = {id(variable) for variable in self.weights}
        foreign = [variable for variable in created if id(variable) not in own]
        if foreign:
            shown = "\n".join(f"  {variable}" for variable in foreign)
            raise ValueError(
                f"\nThe following Variables were created within a Lambda layer ({self.name})\n"
                f"but are not tracked by said layer:\n{shown}\n"
                "The layer would make new ones at each call, or lose them. Put this code into a "
                "subclass of tf.keras.layers.Layer, which holds variables."
            )

    def compute_output_shape(self, input_shape):
        """The shape that was given, or else that of a described call."""
        given = self._output_shape
        if given is None:
            return super().compute_output_shape(input_shape)
        if callable(given):
            shape = given(input_shape)
            several = isinstance(shape, list) and isinstance(shape[0], (list, tuple))
            return [tf.TensorShape(s) for s in shape] if several else tf.TensorShape(shape)
        batch = tf.TensorShape(input_shape).as_list()[0]
        return tf.TensorShape([batch, *given])

    def compute_mask(self, inputs, mask=None):
        """The mask that was given."""
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def get_config(self):
        """The arguments, as a dict; a function of the program as its bytecode."""
        function, function_type, module = _described(self.function)
        shape, shape_type, shape_module = _described(self._output_shape)
        return {
            **super().get_config(),
            "function": function,
            "function_type": function_type,
            "module": module,
            "output_shape": shape,
            "output_shape_type": shape_type,
            "output_shape_module": shape_module,
            "arguments": self.arguments,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a layer from the result of ``get_config``.

        Args:
          config: the dict.
          custom_objects: functions by name; one with the layer's own name is its function.

        Raises:
          ValueError: if the function's code comes from elsewhere, see ``docs/env_vars.md``.
        """
        config = dict(config)
        for key, where in (("function", "module"), ("output_shape", "output_shape_module")):
            kind, module = config.pop(f"{key}_type"), config.pop(where, None)
            config[key] = _revived(config[key], kind, module, custom_objects, config.get("name"))
        return cls(**config)


def _parameters(function):
    try:
        return inspect.signature(function).parameters
    except ValueError:  # some builtin functions have no signature
        return ()


def _described(value):
    """What a config says of a function or of another value: it, its type, its module."""
    if isinstance(value, types.FunctionType):
        return function_config.dump(value), "lambda", value.__module__
    if callable(value):
        return value.__name__, "function", value.__module__
    return value, "raw", None


def _revived(value, kind, module, custom_objects, name):
    """The inverse of ``_described``."""
    if kind == "raw":
        return tuple(value) if isinstance(value, list) else value
    if kind == "function":
        return deserialize_keras_object(
            value, custom_objects=custom_objects, printable_module_name="function in Lambda layer"
        )
    if kind == "lambda":
        known = tf.keras.utils.get_custom_objects()
        given = {**known, **(custom_objects or {})}
        if callable(given.get(name)):
            return given[name]
        return function_config.load(value, module, custom_objects, name)
    raise TypeError("Unknown function type:", kind)
