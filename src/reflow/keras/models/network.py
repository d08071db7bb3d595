"""The part of a model that is a layer made of layers: described, or with a ``call`` of its own."""

from __future__ import annotations

import copy
from typing import Any

import reflow as tf
from reflow.core import trackable
from reflow.core.tensor import SymbolicTensor, Tensor
from reflow.core.variable import Variable
from reflow.keras._engine.config import functional_config, functional_from_config
from reflow.keras._engine.node import Node
from reflow.keras._engine.plan import Plan
from reflow.keras._engine.summary import print_summary
from reflow.keras._engine.symbolic import KerasTensor, infer, keras_tensor
from reflow.keras._engine.topology import Topology
from reflow.keras._engine.tracking import unique
from reflow.keras.layers._layer_graph import _per_shape
from reflow.keras.layers.layer import Layer
from reflow.keras.models.weight_files import WeightFiles

_NO_CALL = "When subclassing the `Model` class, you should implement a `call` method."
_NOT_BUILT = (
    "This model has not yet been built. Build the model first by calling `build()` or calling "
    "`fit()` with some data, or specify an `input_shape` argument in the first layer(s) for "
    "automatic build."
)


class Network(WeightFiles, Layer):
    """Layers that run together as one layer.

    ``Network(inputs, outputs)`` is described by symbolic tensors; a subclass makes its layers in
    ``__init__`` and runs them in ``call``.
    """

    def __init__(self, *args, **kwargs):
        described = (
            len(args) == 2
            or (len(args) == 1 and "outputs" in kwargs)
            or ("inputs" in kwargs and "outputs" in kwargs)
        )
        if described:
            self._start_described(*args, **kwargs)
        else:
            self._start_own(*args, **kwargs)

    def _start_own(self, name=None, dynamic=False, trainable=True, dtype=None, **kwargs):
        if kwargs:
            raise TypeError("__init__() got unexpected keyword arguments", sorted(kwargs))
        self._start(trainable, name, dtype, dynamic)
        self._autocast = False
        self._is_graph_network = False
        self._plan = None
        self._graph_layers: list[Any] = []
        self.inputs, self.outputs = [], []  # symbolic tensors, once they are known
        self._set_names(None, None)

    def _start_described(self, inputs, outputs, name=None, trainable=True):
        _check_symbolic("inputs", inputs)
        _check_symbolic("outputs", outputs)
        self._start(trainable, name, None, False)
        self._autocast = False
        self._connect(inputs, outputs)

    def _connect(self, inputs, outputs):
        """Becomes the model that computes symbolic outputs from symbolic inputs."""
        if isinstance(inputs, list) and len(inputs) == 1:
            inputs = inputs[0]
        if isinstance(outputs, list) and len(outputs) == 1:
            outputs = outputs[0]
        flat = tf.nest.flatten(inputs)
        if len({id(x) for x in flat}) != len(flat):
            raise ValueError(
                "The list of inputs passed to the model is redundant. All inputs should only "
                f"appear once. Found: {flat}"
            )
        self._nested_inputs, self._nested_outputs = inputs, outputs
        self.__dict__["inputs"] = flat
        self.__dict__["outputs"] = tf.nest.flatten(outputs)
        self._graph_layers: list[Any] = []
        self._ends: list[Any] = []  # what is computed beside the outputs: losses and metrics
        self._plan_layers()
        self._is_graph_network = True
        self._masks_by_itself = True
        self._inbound_nodes = []
        Node.of_model(self, inputs, outputs)
        self.supports_masking = False
        self._set_names(
            [x._keras_history[0].name for x in self.inputs],
            [x._keras_history[0].name for x in self.outputs],
        )
        self.built = True
        self._tell_layers()

    def _plan_layers(self):
        """Finds the order in which the layers run."""
        self._topology = Topology(self.inputs, [*self.outputs, *self._ends])
        self._plan = Plan(self._topology, self.inputs, self._nested_outputs)
        known = {id(layer) for layer in self._graph_layers}
        more = [layer for layer in self._topology.layers if id(layer) not in known]
        self._graph_layers = [*self._graph_layers, *more]

    def _set_names(self, inputs, outputs):
        self.input_names = inputs
        self.output_names = None if outputs is None else _numbered(outputs)

    def __setattr__(self, name, value):
        if "_tracked" not in self.__dict__ and isinstance(value, (Layer, Variable)):
            raise RuntimeError(
                "It looks like you are subclassing `Model` and you forgot to call "
                "`super(YourClass, self).__init__()`. Always start with this line."
            )
        super().__setattr__(name, value)

    # ---- its layers

    def _direct_layers(self):
        return self._graph_layers or super()._direct_layers()

    def _parts(self):
        known = {id(layer) for layer in self._graph_layers}
        return [*self._graph_layers, *[x for x in super()._parts() if id(x) not in known]]

    def _inner_layers(self):
        if not self._graph_layers:
            return super()._inner_layers()
        mine = self._graph_layers
        known = {id(layer) for layer in mine}
        return [*mine, *[x for x in super()._inner_layers() if id(x) not in known]]

    @property
    def layers(self):
        """The layers that the model holds itself, in order."""
        return [
            x
            for x in self._inner_layers()
            if isinstance(x, Layer) and not isinstance(x, tf.keras.metrics.Metric)
        ]

    def get_layer(self, name=None, index=None):
        """A layer by its name, or by its place in ``layers``.

        Raises:
          ValueError: if there is none.
        """
        if index is not None:
            if len(self.layers) <= index:
                raise ValueError(
                    f"Was asked to retrieve layer at index {index} but model only has "
                    f"{len(self.layers)} layers."
                )
            return self.layers[index]
        if not name:
            raise ValueError("Provide either a layer name or layer index.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}")

    @property
    def stateful(self):
        """Whether a layer keeps state from batch to batch."""
        return self._stateful or any(getattr(x, "stateful", False) for x in self._inner_layers())

    @stateful.setter
    def stateful(self, value):
        self._stateful = value

    def reset_states(self):
        """Resets the state of all stateful layers."""
        for layer in self.layers:
            if hasattr(layer, "reset_states") and getattr(layer, "stateful", False):
                layer.reset_states()

    @property
    def state_updates(self):
        """Empty: variables are assigned when the model runs."""
        return []

    def _weights_exist(self):
        if "build" in type(self).__dict__ and not self.built and not self._is_graph_network:
            raise ValueError(self._no_weights_yet())

    def _no_weights_yet(self):
        return (
            f"Weights for model {self.name} have not yet been created. Weights are created when "
            "the Model is first called on inputs or `build()` is called with an `input_shape`."
        )

    @property
    def trainable_weights(self):
        """The variables that training changes: layer by layer, then the model's own."""
        self._weights_exist()
        if not self.trainable:
            return []
        found = [v for part in self._parts() for v in part.trainable_weights]
        return unique([*found, *[v for v in self._direct_variables() if v.trainable]])

    @property
    def non_trainable_weights(self):
        """The variables that training does not change; all of them, if the model is not trained."""
        self._weights_exist()
        parts, own = self._parts(), self._direct_variables()
        found = [v for part in parts for v in part.non_trainable_weights]
        found += [v for v in own if not v.trainable]
        if not self.trainable:
            more = [v for part in parts for v in part.trainable_weights]
            found = [*more, *[v for v in own if v.trainable], *found]
        return unique(found)

    @property
    def weights(self):
        """All variables, layer by layer, then the model's own."""
        self._weights_exist()
        found = [v for part in self._parts() for v in part.weights]
        return unique([*found, *self._direct_variables()])

    def count_params(self):
        """The number of scalars in the weights."""
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on {self.name}, but the model isn't built. You "
                f"can build it manually via: `{self.name}.build(batch_input_shape)`."
            )
        return super().count_params()

    # ---- running

    def call(self, inputs, training=None, mask=None):
        """Runs the layers; a subclass says how.

        Args:
          inputs: a tensor, or a structure of them.
          training: whether this is training.
          mask: of the inputs.

        Raises:
          NotImplementedError: if a subclass has no ``call``.
        """
        if not self._is_graph_network:
            raise NotImplementedError(_NO_CALL)
        return self._plan.run(self._fit_inputs(inputs, mask))

    def _fit_inputs(self, inputs, mask=None):
        """The inputs as a flat list, in the order and of the types of the symbolic ones."""
        if isinstance(inputs, dict) and not isinstance(self._nested_inputs, dict):
            missing = [name for name in self.input_names if name not in inputs]
            if missing:
                raise ValueError(
                    f'No data provided for "{missing[0]}". Need data for each key in: '
                    f"{self.input_names}"
                )
            flat = [inputs[name] for name in self.input_names]
        else:
            flat = tf.nest.flatten(inputs)
        if len(flat) != len(self.inputs):
            raise ValueError(
                f"Layer {self.name} expects {len(self.inputs)} inputs, but it received {len(flat)} "
                f"input tensors. Inputs received: {inputs}"
            )
        masks = [None] * len(flat) if mask is None else tf.nest.flatten(mask)
        fitted = []
        for x, like, one in zip(flat, self.inputs, masks, strict=True):
            own = getattr(x, "_keras_mask", None)
            x = _fit(x, like)
            one = own if one is None else one
            if one is not None:
                x._keras_mask = one
            fitted.append(x)
        return fitted

    def compute_mask(self, inputs, mask):
        """The masks of the outputs, found by running the model."""
        if not self._is_graph_network:
            return None
        outputs = self.call(inputs, mask=mask)
        return tf.nest.map_structure(lambda x: getattr(x, "_keras_mask", None), outputs)

    def build(self, input_shape):
        """Makes the weights for inputs of a shape, by describing a call.

        Args:
          input_shape: a shape with the batch (None if unknown), or a list or dict of shapes.

        Raises:
          ValueError: if there is none, or the model can't be called on such inputs.
        """
        if self._is_graph_network:
            self.built = True
            return
        if input_shape is None:
            raise ValueError(
                "Input shape must be defined when calling build on a model subclass network."
            )
        if not isinstance(input_shape, (tuple, list, tf.TensorShape, dict)):
            raise ValueError(
                "Specified input shape is not one of the valid types. Please specify a batch input "
                "shape of type tuple or list of input shapes. User provided input type: "
                f"{type(input_shape)}"
            )
        inputs = _per_shape(
            lambda shape: keras_tensor(
                tuple(tf.TensorShape(shape).as_list()), tf.keras.backend.floatx(), "input:0"
            ),
            input_shape,
        )
        self._describe_call(inputs)
        self.built = True

    def _describe_call(self, inputs):
        """Runs ``call`` on placeholders, which builds the layers."""
        keywords = {"training": False} if self._traits.takes_training else {}
        try:
            return infer(self._call_traced, (inputs,), keywords)
        except NotImplementedError:
            raise
        except (ValueError, TypeError) as error:
            raise ValueError(
                "You cannot build your model by calling `build` if your layers do not support "
                "float type inputs. Instead, in order to instantiate and build your model, `call` "
                f"your model on real tensor data (of the correct dtype). ({error})"
            ) from error

    def _build_of_shapes(self, shapes):
        # Calling a model builds its layers; only a class's own `build` has more to do.
        if type(self).build is not Network.build:
            super()._build_of_shapes(shapes)
        self.built = True

    def compute_output_shape(self, input_shape):
        """The shape of the outputs for inputs of a shape."""
        if not self._is_graph_network:
            return super().compute_output_shape(input_shape)
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        inputs = [
            keras_tensor(tuple(tf.TensorShape(s).as_list()), x._aval.dtype, "x:0")
            for s, x in zip(shapes, self.inputs, strict=True)
        ]
        kinds = infer(lambda *xs: self._plan.run(xs), tuple(inputs), {})
        return tf.nest.map_structure(lambda kind: tf.TensorShape(kind.dims), kinds)

    # ---- checkpoints

    def _trackable_children(self):
        """The layers by number, as TF names them, then the attributes."""
        children = []
        numbered = []
        if self._is_graph_network or isinstance(self, tf.keras.Sequential):
            weighted = 0
            for index, layer in enumerate(self._layers_in_checkpoints()):
                if self._counts_weighted_layers() and layer.weights:
                    numbered.append((f"layer_with_weights-{weighted}", layer))
                    weighted += 1
                    if self._is_graph_network:
                        children.append(numbered[-1])
                children.append((f"layer-{index}", layer))
        children += super()._trackable_children()
        if getattr(self, "optimizer", None) is not None:
            children.append(("optimizer", self.optimizer))
        # A Sequential whose build() was called counts them late.
        return children if self._is_graph_network else [*children, *numbered]

    def _counts_weighted_layers(self):
        return self._is_graph_network or getattr(self, "_given_shape", None) is not None

    def _layers_in_checkpoints(self):
        """The layers as TF counts them: with a ``Sequential``'s input, without added losses."""
        if not self._is_graph_network:
            return self.layers
        layers = [x for x in self._graph_layers if isinstance(x, Layer)]
        if not self._ends:
            return layers
        kept = {id(layer) for layer in Topology(self.inputs, self.outputs).layers}
        extra = {id(layer) for layer in self._topology.layers} - kept
        return [layer for layer in layers if id(layer) not in extra]

    def _tell_layers(self):
        """Gives layers that were not there yet what was restored for them."""
        if trackable.WAITING in self.__dict__:
            for name, child in self._trackable_children():
                trackable.restore_child(self, name, child)

    # ---- its symbolic tensors

    @property
    def input(self):
        """The symbolic input, or the structure of them."""
        return self._nested_inputs if self._is_graph_network else super().input

    @property
    def output(self):
        """The symbolic output, or the structure of them."""
        return self._nested_outputs if self._is_graph_network else super().output

    @property
    def input_shape(self):
        """The shape of the input, with the batch."""
        if self._is_graph_network:
            return tf.nest.map_structure(lambda x: tuple(x.shape.as_list()), self.input)
        return super().input_shape

    @property
    def output_shape(self):
        """The shape of the output, with the batch."""
        if self._is_graph_network:
            return tf.nest.map_structure(lambda x: tuple(x.shape.as_list()), self.output)
        return super().output_shape

    @property
    def input_spec(self):
        """What the model expects; the inputs' ranks are checked by its layers."""
        return self.__dict__.get("_input_spec")

    @input_spec.setter
    def input_spec(self, value):
        self.__dict__["_input_spec"] = value

    # ---- showing and copying it

    def summary(self, line_length=None, positions=None, print_fn=None):
        """Prints a table of the layers, their output shapes and numbers of parameters.

        Args:
          line_length: the table's width.
          positions: where columns end, as parts of the width or as columns.
          print_fn: called with each line instead of ``print``.

        Raises:
          ValueError: if the model is not built yet.
        """
        if not self.built:
            raise ValueError(_NOT_BUILT)
        print_summary(self, line_length, positions, print_fn)

    def get_config(self):
        """The layers and their connections, as a dict.

        Raises:
          NotImplementedError: for a model with a ``call`` of its own.
        """
        if not self._is_graph_network:
            raise NotImplementedError(
                f"{type(self).__name__} has a call() of its own, which no config can describe: "
                "override get_config, or save its weights"
            )
        return copy.deepcopy(functional_config(self))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """Makes a model from the result of ``get_config``.

        Args:
          config: a dict.
          custom_objects: the program's own classes and functions by name.
        """
        inputs, outputs, layers = functional_from_config(config, custom_objects)
        model = cls(inputs=inputs, outputs=outputs, name=config.get("name"))
        extra = [x for x in layers.values() if all(x is not y for y in model._graph_layers)]
        model._graph_layers = [*model._graph_layers, *extra]
        return model

    def save(
        self,
        filepath,
        overwrite=True,
        include_optimizer=True,
        save_format=None,
        signatures=None,
        options=None,
    ):
        """Saves the whole model; see ``tf.keras.models.save_model``."""
        tf.keras.models.save_model(
            self, filepath, overwrite, include_optimizer, save_format, signatures, options
        )

    def to_json(self, **kwargs):
        """The model's class and config as JSON; ``**kwargs`` go to ``json.dumps``."""
        from reflow.keras._engine.config import model_json

        return model_json(self, kwargs)

    def to_yaml(self, **kwargs):
        """The same as YAML; ``**kwargs`` go to ``yaml.dump``.

        Raises:
          ImportError: if PyYAML is not installed.
        """
        from reflow.keras._engine.config import model_yaml

        return model_yaml(self, kwargs)


def _check_symbolic(what: str, structure: Any) -> None:
    """Raises TF's error if a model is described by something else than symbolic tensors."""
    for x in tf.nest.flatten(structure):
        if not isinstance(x, KerasTensor):
            raise AttributeError(
                f"'{type(x).__name__}' object has no attribute 'op': Model({what}=...) takes what "
                f"tf.keras.Input and layers called on it return, got {x!r}"
            )


def _fit(x: Any, like: KerasTensor) -> Any:
    """An input of the type and rank that the model was described with."""
    if isinstance(x, SymbolicTensor):
        return x
    if not isinstance(x, Tensor):
        x = tf.convert_to_tensor(x)
    rank = len(like._dims)
    if len(x._aval.shape) == rank - 1 and like._dims[-1] == 1:
        x = tf.expand_dims(x, -1)
    elif len(x._aval.shape) == rank + 1 and x._aval.shape[-1] == 1:
        x = tf.squeeze(x, -1)
    return x if x._aval.dtype is like._aval.dtype else tf.cast(x, like._aval.dtype)


def _numbered(names: list[str]) -> list[str]:
    """Output names, each once: the layer's name, with a number from its second output on."""
    counts: dict[str, int] = {}
    found = []
    for name in names:
        count = counts.get(name, 0)
        counts[name] = count + 1
        found.append(f"{name}_{count}" if count else name)
    return found
