"""``tf.keras.layers.Layer``: a function with weights, the base of all layers and models.

A layer of one's own makes its weights in ``build`` and computes in ``call``; ``dense.py`` shows how
little that is. What a layer does beside is in three parts: ``_layer_weights.py``,
``_layer_losses.py``, and ``_layer_graph.py`` for models that are described before they run.
"""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

import reflow as tf
from reflow.core import name_scopes, record
from reflow.core.errors import InvalidArgumentError
from reflow.core.function import convert
from reflow.core.logging import warn
from reflow.core.tensor import Tensor
from reflow.core.variable import Variable
from reflow.keras._engine import graph_ops, names
from reflow.keras._engine.call_context import context, loss_log
from reflow.keras._engine.symbolic import has_symbolic
from reflow.keras._engine.tracking import unique
from reflow.keras.backend import configuration, learning
from reflow.keras.layers._layer_graph import LayerGraph
from reflow.keras.layers._layer_losses import LayerLosses
from reflow.keras.layers._layer_weights import LayerWeights
from reflow.keras.layers.input_spec import check_inputs

__all__ = ["Layer"]

_OPTIONS = (
    "input_shape", "batch_input_shape", "batch_size", "weights", "activity_regularizer",
    "autocast", "input_dim",
)  # fmt: skip


class Layer(LayerWeights, LayerLosses, LayerGraph, tf.Module):
    """A function of tensors that has weights.

    Args:
      trainable: whether its weights change in training.
      name: its name; by default the class's in snake case, numbered.
      dtype: the type of its weights and computations; Keras's ``floatx`` by default. Floating
        inputs of another type are cast to it.
      dynamic: whether it must run as plain Python, value by value.
      **kwargs: ``input_shape`` (without the batch), ``batch_input_shape`` or ``input_dim`` say what
        the first layer of a ``Sequential`` gets; ``weights``, a list of arrays, are its first
        values; ``activity_regularizer`` is a penalty on its outputs.

    Raises:
      TypeError: if there is another keyword.
    """

    _masks_by_itself = False  # whether call() has set the masks of its outputs

    def __init__(self, trainable=True, name=None, dtype=None, dynamic=False, **kwargs):
        for option in kwargs:
            if option not in _OPTIONS:
                raise TypeError("Keyword argument not understood:", option)
        self._start(trainable, name, dtype, dynamic)
        self._activity_regularizer = tf.keras.regularizers.get(kwargs.get("activity_regularizer"))
        self._autocast = kwargs.get("autocast", True)
        self._initial_weights = kwargs.get("weights")
        if "input_dim" in kwargs and "input_shape" not in kwargs:
            kwargs["input_shape"] = (kwargs["input_dim"],)
        if "batch_input_shape" in kwargs:
            self._batch_input_shape = tuple(kwargs["batch_input_shape"])
        elif "input_shape" in kwargs:
            self._batch_input_shape = (kwargs.get("batch_size"), *kwargs["input_shape"])

    def _start(self, trainable, name, dtype, dynamic):
        """Makes what every layer and model has."""
        self._start_weights(trainable)
        self._start_losses()
        self._start_graph()
        self._name = name or names.unique_name(names.snake_case(type(self).__name__))
        self._dynamic = dynamic
        self._autocast = True
        self.stateful = False
        self.built = False
        self.supports_masking = False
        self.input_spec = None
        self._set_dtype(dtype)
        self._traits = _traits_of(type(self))

    def _set_dtype(self, dtype):
        """Takes a type, or a policy of two types: for weights and for computations."""
        self._dtype_defaulted = dtype is None
        if dtype is None:
            dtype = configuration.default_policy()
        if isinstance(dtype, dict):
            from reflow.keras.mixed_precision.experimental.policy import policy_of

            dtype = policy_of(dtype)
        if getattr(dtype, "name", None) == "infer":
            dtype = configuration.floatx()
        self._dtype_policy = dtype if hasattr(dtype, "compute_dtype") else None
        if self._dtype_policy is None:
            self._variable_dtype = self._compute_dtype = tf.as_dtype(dtype).name
        else:
            self._variable_dtype, self._compute_dtype = dtype.variable_dtype, dtype.compute_dtype
        kind = tf.as_dtype(self._compute_dtype)
        self._cast_to = kind if kind.is_floating else None

    # ---- what a layer defines

    def build(self, input_shape):
        """Makes the weights, once the inputs' shape is known; called before the first ``call``.

        Args:
          input_shape: a ``TensorShape``, or a structure of them.
        """
        self.built = True

    def call(self, inputs, **kwargs):
        """What the layer computes.

        Args:
          inputs: a tensor, or a structure of them.
          **kwargs: ``training`` and ``mask`` are filled in if the method has such parameters.
        """
        return inputs

    def compute_mask(self, inputs, mask=None):
        """The mask of the outputs, given that of the inputs: the same one by default.

        Raises:
          TypeError: if there is one, and the layer does not support masks.
        """
        if not self.supports_masking:
            if any(one is not None for one in tf.nest.flatten(mask)):
                raise TypeError(
                    f"Layer {self.name} does not support masking, but was passed an input_mask: "
                    + str(mask)
                )
            return None
        return mask

    # ---- calling

    def __call__(self, inputs, *args, **kwargs):
        """Builds the layer if need be, and computes.

        Args:
          inputs: a tensor, array, symbolic tensor, or a structure of them.
          *args, **kwargs: passed on to ``call``.

        Returns:
          What ``call`` returns; symbolic tensors for symbolic inputs.

        Raises:
          ValueError: if the inputs are not what the layer expects.
        """
        if inputs.__class__ is not Tensor or args or kwargs:
            if has_symbolic(inputs) or ((args or kwargs) and has_symbolic((args, kwargs))):
                return self._describe(inputs, args, kwargs)
            if inputs.__class__ is not Tensor:
                inputs = tf.nest.map_structure(_as_tensor, inputs)
        if context.depth == 0:
            loss_log.clear_below(self)
        outer = context.layer, context.training
        if "training" in kwargs and self._traits.ignores_training:
            context.training = kwargs.pop("training")  # for the layers inside, as in TF
        context.layer = self
        context.depth += 1
        name_scopes.enter(self._name, record.state.segment.capture)
        try:
            if not self.built:
                self._build_for(inputs)
            elif record.state.segment.capture is not None:
                check_inputs(self.input_spec, inputs, self._name)
            inputs = self._cast_inputs(inputs)
            kwargs = self._filled_in(inputs, args, kwargs)
            if context.counts_ops:
                compute = partial(self._compute, inputs, args, kwargs)
                outputs = graph_ops.call(self, inputs, compute)
            else:
                outputs = self._compute(inputs, args, kwargs)
        except InvalidArgumentError as error:
            raise self._explained(error, inputs) from None
        finally:
            name_scopes.leave()
            context.depth -= 1
            context.layer, context.training = outer
        if (self.supports_masking or self._traits.gives_mask) and not self._masks_by_itself:
            self._set_masks(inputs, outputs, kwargs.get("mask"))
        return outputs

    def _traceable_call(self):
        """``call``; in a function that is being traced, with its ``if`` and ``for`` on tensors."""
        ours = self._traits.is_ours or record.state.segment.capture is None
        return self.call if ours else convert(self.call)

    def _call_traced(self, *args, **kwargs):
        """``call`` in a trace."""
        return self._traceable_call()(*args, **kwargs)

    def _compute(self, inputs, args, kwargs):
        outputs = self._traceable_call()(inputs, *args, **kwargs)
        if self._activity_regularizer is not None:
            self._regularize_activity(outputs)
        return outputs

    def apply(self, inputs, *args, **kwargs):
        """The old way to call a layer: ``layer(inputs, ...)``."""
        return self(inputs, *args, **kwargs)

    def _explained(self, error, inputs):
        """An op's error, with what the layer expects where its inputs are not that.

        As in TF, a built layer does not check the inputs of eager calls: its ops do.
        """
        try:
            check_inputs(self.input_spec, inputs, self._name)
        except (TypeError, ValueError) as reason:
            if str(reason) not in error.message:
                return error.reworded(f"{error.message} ({reason})")
        return error

    def _filled_in(self, inputs, args, kwargs):
        """The keywords for ``call``, with the inputs' mask and whether this is training."""
        traits = self._traits
        if traits.takes_mask and traits.argument("mask", args, kwargs) is None:
            mask = masks_of(inputs)
            if mask is not None and not traits.is_positional("mask", args):
                kwargs["mask"] = mask
        if traits.takes_training:
            training = traits.argument("training", args, kwargs)
            if training is None:
                training = context.training
                if training is None and learning.is_set():
                    training = learning.learning_phase()
                if training is not None and not traits.is_positional("training", args):
                    kwargs["training"] = training
            if training is not None:
                context.training = training
        return kwargs

    def _set_masks(self, inputs, outputs, mask):
        """Notes which time steps of the outputs count."""
        if mask is None:
            mask = masks_of(inputs)
        if mask is None and not self._traits.gives_mask:
            return
        masks = self.compute_mask(inputs, mask)
        if masks is None:
            return
        for output, one in zip(tf.nest.flatten(outputs), tf.nest.flatten(masks), strict=False):
            if one is not None and isinstance(output, Tensor):
                output._keras_mask = one

    def _cast_inputs(self, inputs):
        """Floating inputs of another type than the layer's are cast to it."""
        wanted = self._cast_to
        if wanted is None or not self._autocast:
            return inputs
        if inputs.__class__ is Tensor and inputs._aval.dtype is wanted:
            return inputs

        def cast(x):
            if not isinstance(x, (Tensor, Variable)) or x.dtype is wanted:
                return x
            if not x.dtype.is_floating:
                return x
            self._warn_of_cast(x.dtype.name)
            return tf.cast(x, wanted)

        return tf.nest.map_structure(cast, inputs)

    def _warn_of_cast(self, dtype):
        defaulted = self._dtype_defaulted and self._dtype_policy is None
        if defaulted and not self.__dict__.get("_warned_of_cast"):
            self.__dict__["_warned_of_cast"] = True
            own = self._compute_dtype
            warn(
                f"Layer {self._name} is casting an input tensor from dtype {dtype} to the layer's "
                f"dtype of {own}. The layer has dtype {own} because its dtype defaults to floatx. "
                f"If you intended to run this layer in {own}, you can safely ignore this warning. "
                f"To change all layers to have dtype {dtype} by default, call "
                f"`tf.keras.backend.set_floatx('{dtype}')`. To change just this layer, pass "
                f"dtype='{dtype}' to the layer constructor."
            )

    def _build_for(self, inputs):
        """Builds the layer for such inputs, outside of any function that is being traced."""
        check_inputs(self.input_spec, inputs, self._name)
        self._build_of_shapes(tf.nest.map_structure(shape_of, inputs))

    def _build_of_shapes(self, shapes):
        with tf.init_scope():
            self.build(shapes)
        self.built = True  # a class's own build may forget it
        if self._initial_weights is not None:
            self.set_weights(self._initial_weights)
            self._initial_weights = None

    # ---- what is known of it

    @property
    def name(self):
        """The layer's name."""
        return self._name

    @property
    def dtype(self):
        """The name of its weights' type."""
        return self._variable_dtype

    @property
    def dynamic(self):
        """Whether it, or a layer inside it, must run as plain Python."""
        return any(layer._dynamic for layer in self._flatten_layers())

    @property
    def submodules(self):
        """The modules inside it: layers first, in the order of the attributes that hold them."""
        found = [inner for inner in self._inner_layers() if isinstance(inner, tf.Module)]
        for inner in tuple(found):
            found += inner.submodules
        return tuple(unique([*found, *tf.Module.submodules.fget(self)]))

    @property
    def activity_regularizer(self):
        """The penalty on its outputs, or None."""
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer):
        self._activity_regularizer = regularizer

    @property
    def name_scope(self):
        """A context that puts the layer's name before the names of variables made inside."""
        return tf.name_scope(self._name)

    # ---- configs

    def get_config(self):
        """The arguments that make an equal layer (without its weights), as a dict.

        Raises:
          NotImplementedError: if the class has arguments of its own and no ``get_config``.
        """
        config = {"name": self.name, "trainable": self.trainable}
        if hasattr(self, "_batch_input_shape"):
            config["batch_input_shape"] = self._batch_input_shape
        config["dtype"] = self._dtype_in_config()
        parameters = inspect.signature(type(self).__init__).parameters
        if "dynamic" in parameters and self._dynamic:
            config["dynamic"] = True
        known = {"self", "args", "kwargs", "dynamic", *config}
        if type(self).get_config is Layer.get_config and set(parameters) - known:
            raise NotImplementedError(
                "Layers with arguments in `__init__` must override `get_config`."
            )
        return config

    def _dtype_in_config(self):
        if self._dtype_policy is None:
            return self.dtype
        from reflow.keras.mixed_precision.experimental.policy import in_config

        return in_config(self._dtype_policy)

    @classmethod
    def from_config(cls, config):
        """Makes a layer from the result of ``get_config``."""
        return cls(**config)


class _Traits:
    """What a class's methods say about it: the arguments that ``call`` takes, and masks."""

    def __init__(self, cls: type) -> None:
        call: Any = cls.call  # type: ignore[attr-defined]
        parameters = list(inspect.signature(call).parameters.values())
        self._defaults = {p.name: p.default for p in parameters}
        self._places = {
            p.name: place
            for place, p in enumerate(parameters[2:])
            if p.kind is p.POSITIONAL_OR_KEYWORD
        }
        self.takes_training = "training" in self._defaults
        self.takes_mask = "mask" in self._defaults
        takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
        self.ignores_training = not self.takes_training and not takes_any
        self.is_ours = (call.__module__ or "").startswith("reflow.")
        self.gives_mask = cls.compute_mask is not Layer.compute_mask  # type: ignore[attr-defined]

    def argument(self, name: str, args: Any, kwargs: Any) -> Any:
        """What a call passes for a parameter, else its default."""
        if name in kwargs:
            return kwargs[name]
        if args and self.is_positional(name, args):
            return args[self._places[name]]
        default = self._defaults.get(name)
        return None if default is inspect.Parameter.empty else default

    def is_positional(self, name: str, args: Any) -> bool:
        """Whether a call passes a parameter by its position."""
        return self._places.get(name, len(args)) < len(args)


_known_traits: dict[type, _Traits] = {}


def _traits_of(cls: type) -> _Traits:
    found = _known_traits.get(cls)
    if found is None:
        found = _known_traits[cls] = _Traits(cls)
    return found


def _as_tensor(x: Any) -> Any:
    """Arrays and numbers become tensors; what can't be one is left for the layer to refuse."""
    if isinstance(x, (Tensor, Variable, str)) or x is None or hasattr(x, "_type_spec"):
        return x
    return tf.convert_to_tensor(x)


def shape_of(x: Any) -> Any:
    """A tensor's shape, for ``build``."""
    return None if x is None else tf.TensorShape(x.shape.as_list())


def masks_of(inputs: Any) -> Any:
    """The masks of tensors in their structure; None if they have none."""
    if inputs.__class__ is Tensor:
        return getattr(inputs, "_keras_mask", None)
    masks = [getattr(x, "_keras_mask", None) for x in tf.nest.flatten(inputs)]
    if all(mask is None for mask in masks):
        return None
    return tf.nest.pack_sequence_as(inputs, masks)
