"""What every layer must do: one call, for a table of layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import reflow as tf


def check_layer(
    make: Callable[[], tf.keras.layers.Layer],
    shape: Any,
    *,
    dtype: str = "float32",
    highest: int = 0,
    trains: bool = True,
    rtol: float = 1e-5,
) -> None:
    """Puts a layer to every test that all layers pass.

    Args:
      make: makes the layer.
      shape: of its input, with the batch; a list of shapes for several inputs.
      dtype: of the inputs.
      highest: for integers, the number that they stay below.
      trains: whether gradients reach its weights and floating inputs.
      rtol: how far compiled results may differ.
    """
    layer = make()
    inputs = _inputs(shape, dtype, highest)
    outputs = layer(inputs)
    _check_shapes(make(), inputs, outputs)
    _check_config(layer, inputs, rtol)
    _check_function(layer, inputs, outputs, rtol)
    _check_weights(layer)
    if trains:
        _check_training(make(), inputs)
    _check_other_batch(layer, shape, dtype, highest, outputs)


def _inputs(shape: Any, dtype: str, highest: int) -> Any:
    if isinstance(shape, list):
        return [_inputs(one, dtype, highest) for one in shape]
    random = np.random.RandomState(sum(shape))
    made = random.randint(0, highest, shape) if highest else random.randn(*shape)
    return tf.constant(made.astype(dtype))


def _map(function: Callable[..., Any], *structures: Any) -> Any:
    return tf.nest.map_structure(function, *structures)


def _check_shapes(layer: Any, inputs: Any, outputs: Any) -> None:
    """Described with and without a batch size, it has the shape and type that a call has."""
    given = layer.compute_output_shape(_map(lambda x: x.shape, inputs))
    assert tf.TensorShape(given).as_list() == outputs.shape.as_list()
    described = layer(_map(lambda x: tf.keras.Input(x.shape[1:], dtype=x.dtype), inputs))
    assert described.dtype == outputs.dtype
    assert described.shape[0] is None
    found = zip(described.shape[1:], outputs.shape[1:], strict=True)
    assert all(one in (None, other) for one, other in found)
    fixed = layer(_map(lambda x: tf.keras.Input(batch_shape=x.shape, dtype=x.dtype), inputs))
    assert fixed.shape.as_list() == outputs.shape.as_list()


def _check_config(layer: Any, inputs: Any, rtol: float) -> None:
    """It comes back from its config, also by name, with the same weights' shapes and results."""
    again = tf.keras.layers.deserialize(tf.keras.layers.serialize(layer))
    assert type(again) is type(layer)
    assert again.name == layer.name
    assert str(again.get_config()) == str(layer.get_config())
    again(inputs)
    assert [w.shape for w in again.weights] == [w.shape for w in layer.weights]
    again.set_weights(layer.get_weights())
    # A convolution may be computed by another formula while a program is new.
    np.testing.assert_allclose(again(inputs).numpy(), layer(inputs).numpy(), rtol=rtol, atol=rtol)


def _check_function(layer: Any, inputs: Any, outputs: Any, rtol: float) -> None:
    """In a function it computes what it computes eagerly, and is traced once."""
    traced = tf.function(lambda *xs: layer(list(xs) if isinstance(inputs, list) else xs[0]))
    for _ in range(2):
        found = traced(*inputs) if isinstance(inputs, list) else traced(inputs)
        np.testing.assert_allclose(found.numpy(), outputs.numpy(), rtol=rtol, atol=rtol)


def _check_weights(layer: Any) -> None:
    names = [w.name for w in layer.weights]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{layer.name}/") for name in names)
    assert layer.count_params() == sum(w.numpy().size for w in layer.weights)


def _check_training(layer: Any, inputs: Any) -> None:
    """A step down the gradient makes the loss smaller, eagerly and compiled."""
    floats = [x for x in tf.nest.flatten(inputs) if x.dtype.is_floating]
    layer(inputs)
    sources = [*layer.trainable_weights, *floats]

    def step() -> tuple[Any, list[Any]]:
        with tf.GradientTape() as tape:
            tape.watch(floats)
            loss = tf.reduce_sum(tf.square(layer(inputs)))
        return loss, tape.gradient(loss, sources)

    for run in (step, tf.function(step)):
        before, gradients = run()
        assert all(gradient is not None for gradient in gradients)
        optimizer = tf.keras.optimizers.SGD(1e-4)
        weights = layer.trainable_weights
        optimizer.apply_gradients(zip(gradients[: len(weights)], weights, strict=True))
        if weights:
            assert step()[0].numpy() < before.numpy()


def _check_other_batch(layer: Any, shape: Any, dtype: str, highest: int, outputs: Any) -> None:
    """It takes batches of another size."""
    larger = _map_shapes(lambda one: (one[0] + 3, *one[1:]), shape)
    found = layer(_inputs(larger, dtype, highest))
    assert found.shape[0] == outputs.shape[0] + 3
    assert found.shape[1:] == outputs.shape[1:]


def _map_shapes(function: Callable[..., Any], shape: Any) -> Any:
    return [function(one) for one in shape] if isinstance(shape, list) else function(shape)
