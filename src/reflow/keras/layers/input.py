"""``tf.keras.Input``: where a model's description begins."""

from __future__ import annotations

import reflow as tf
from reflow.keras._engine import names
from reflow.keras._engine.node import Node
from reflow.keras._engine.symbolic import keras_tensor
from reflow.keras.layers.layer import Layer

__all__ = ["Input", "InputLayer"]


class InputLayer(Layer):
    """The start of a model: it gives a symbolic tensor of a shape.

    Args:
      input_shape: the shape without the batch; None where a size is unknown.
      batch_size: the batch's size, if it is fixed.
      dtype: the type's name; Keras's ``floatx`` by default.
      input_tensor: TF 1's; not supported.
      sparse, ragged: not supported.
      name: ``input_1`` and so on by default.
      **kwargs: ``batch_input_shape``, the shape with the batch.

    Raises:
      ValueError: if there is another keyword, or two shapes.
    """

    def __init__(
        self,
        input_shape=None,
        batch_size=None,
        dtype=None,
        input_tensor=None,
        sparse=False,
        name=None,
        ragged=False,
        **kwargs,
    ):
        if sparse or ragged or input_tensor is not None:
            raise NotImplementedError(
                "InputLayer: sparse, ragged and given input tensors are not in Reflow; use a dense "
                "tf.keras.Input(shape)"
            )
        if "batch_input_shape" in kwargs:
            batch_input_shape = kwargs.pop("batch_input_shape")
            if input_shape is not None:
                raise ValueError("Only provide the input_shape OR batch_input_shape argument")
            if batch_input_shape is not None:
                batch_size, *input_shape = batch_input_shape
        if kwargs:
            raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
        if isinstance(input_shape, int):
            input_shape = (input_shape,)
        if input_shape is None:
            raise ValueError("InputLayer: pass input_shape, the shape without the batch")
        super().__init__(
            dtype=dtype or tf.keras.backend.floatx(),
            name=name or names.unique_name("input", first_bare=False),
        )
        self.built = True
        self.sparse, self.ragged, self.batch_size = False, False, batch_size
        self._batch_input_shape = (batch_size, *tf.TensorShape(input_shape).as_list())
        tensor = keras_tensor(self._batch_input_shape, self.dtype, f"{self.name}:0")
        self.is_placeholder = True
        Node(self, tensor, (), {}, tensor)

    @property
    def input_shape(self):
        """The shape, in a list as in TF."""
        return [super().input_shape]

    @property
    def output_shape(self):
        """The shape, in a list as in TF."""
        return [super().output_shape]

    def get_config(self):
        """The arguments, as a dict."""
        return {
            "batch_input_shape": self._batch_input_shape,
            "dtype": self.dtype,
            "sparse": self.sparse,
            "ragged": self.ragged,
            "name": self.name,
        }


def Input(  # noqa: N802 - TF's name
    shape=None, batch_size=None, name=None, dtype=None, sparse=False, tensor=None, ragged=False,
    **kwargs,
):  # fmt: skip
    """A symbolic tensor to describe a functional model with.

    Args:
      shape: the shape of one sample, without the batch; None where a size is unknown.
      batch_size: the batch's size, if it is fixed.
      name: the name of the input; ``input_1`` and so on by default.
      dtype: the type's name; Keras's ``floatx`` by default.
      sparse, tensor, ragged: not supported.
      **kwargs: ``batch_shape``, the shape with the batch.

    Returns:
      A symbolic tensor.

    Raises:
      ValueError: if there is no shape, or another keyword.
    """
    batch_shape = kwargs.pop("batch_shape", None)
    if shape is not None and batch_shape is not None:
        raise ValueError("Only provide the `shape` OR `batch_shape` argument to Input, not both")
    if kwargs:
        raise ValueError("Unrecognized keyword arguments:", kwargs.keys())
    if batch_shape is not None:
        batch_size, *shape = batch_shape
    if shape is None and tensor is None:
        raise ValueError(
            "Please provide to Input either a `shape` or a `tensor` argument. Note that `shape` "
            "does not include the batch dimension."
        )
    layer = InputLayer(shape, batch_size, dtype, tensor, sparse, name, ragged)
    return layer.output
