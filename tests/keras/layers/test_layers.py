"""Every layer faces the same checks: ``check.py``."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import reflow as tf
from reflow._missing_names import public_names
from reflow.keras.layers.registry import LAYERS

from .check import check_layer

L = tf.keras.layers

# name: (constructor, input shape, options of check_layer)
CASES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "activation": (lambda: L.Activation("tanh"), (2, 3), {}),
    "activity_regularization": (lambda: L.ActivityRegularization(0.1), (2, 3), {}),
    "add": (lambda: L.Add(), [(2, 3), (2, 3)], {}),
    "additive_attention": (lambda: L.AdditiveAttention(), [(2, 3, 4), (2, 5, 4)], {}),
    "alpha_dropout": (lambda: L.AlphaDropout(0.3), (2, 3), {}),
    "attention": (lambda: L.Attention(use_scale=True), [(2, 3, 4), (2, 5, 4)], {}),
    "average": (lambda: L.Average(), [(2, 3), (2, 3)], {}),
    "batch_normalization": (lambda: L.BatchNormalization(), (4, 3), {}),
    "batch_normalization_images": (lambda: L.BatchNormalization(), (4, 3, 3, 2), {}),
    "concatenate": (lambda: L.Concatenate(), [(2, 3), (2, 4)], {}),
    "dense": (lambda: L.Dense(3, "tanh"), (2, 4), {}),
    "dense_rank_3": (lambda: L.Dense(3), (2, 5, 4), {}),
    "dot": (lambda: L.Dot((2, 2)), [(2, 3, 4), (2, 5, 4)], {}),
    "dropout": (lambda: L.Dropout(0.3), (2, 3), {}),
    "elu": (lambda: L.ELU(0.7), (2, 3), {}),
    "embedding": (lambda: L.Embedding(9, 4), (2, 3), {"dtype": "int32", "highest": 9}),
    "flatten": (lambda: L.Flatten(), (2, 3, 4), {}),
    "gaussian_dropout": (lambda: L.GaussianDropout(0.3), (2, 3), {}),
    "gaussian_noise": (lambda: L.GaussianNoise(0.3), (2, 3), {}),
    "lambda": (lambda: L.Lambda(lambda x: x * 2.0), (2, 3), {}),
    "layer_normalization": (lambda: L.LayerNormalization(), (2, 3, 4), {}),
    "leaky_relu": (lambda: L.LeakyReLU(), (2, 3), {}),
    "masking": (lambda: L.Masking(), (2, 3, 4), {}),
    "maximum": (lambda: L.Maximum(), [(2, 3), (2, 3)], {}),
    "minimum": (lambda: L.Minimum(), [(2, 3), (2, 3)], {}),
    "multiply": (lambda: L.Multiply(), [(2, 3), (2, 3)], {}),
    "permute": (lambda: L.Permute((2, 1)), (2, 3, 4), {}),
    "prelu": (lambda: L.PReLU(alpha_initializer="ones"), (2, 3), {}),
    "relu": (lambda: L.ReLU(3.0, 0.1, 0.2), (2, 3), {}),
    "repeat_vector": (lambda: L.RepeatVector(3), (2, 3), {}),
    "reshape": (lambda: L.Reshape((4, 3)), (2, 3, 4), {}),
    "softmax": (lambda: L.Softmax(), (2, 3), {}),
    "spatial_dropout_1d": (lambda: L.SpatialDropout1D(0.3), (2, 3, 4), {}),
    "spatial_dropout_2d": (lambda: L.SpatialDropout2D(0.3), (2, 3, 4, 2), {}),
    "spatial_dropout_3d": (lambda: L.SpatialDropout3D(0.3), (2, 3, 4, 2, 2), {}),
    "subtract": (lambda: L.Subtract(), [(2, 3), (2, 3)], {}),
    "thresholded_relu": (lambda: L.ThresholdedReLU(), (2, 3), {}),
    "time_distributed": (lambda: L.TimeDistributed(L.Dense(2)), (2, 3, 4), {}),
    "average_pooling_1d": (lambda: L.AveragePooling1D(), (2, 5, 3), {}),
    "average_pooling_2d": (lambda: L.AveragePooling2D(2, 1, "same"), (2, 5, 4, 3), {}),
    "average_pooling_3d": (lambda: L.AveragePooling3D(), (2, 4, 4, 3, 2), {}),
    "conv_1d": (lambda: L.Conv1D(4, 3, activation="tanh"), (2, 7, 3), {}),
    "conv_1d_causal": (lambda: L.Conv1D(4, 3, padding="causal", dilation_rate=2), (2, 7, 3), {}),
    "conv_2d": (lambda: L.Conv2D(4, 3), (2, 6, 5, 3), {}),
    "conv_2d_strides": (lambda: L.Conv2D(4, 3, 2, "same", activation="relu"), (2, 6, 5, 3), {}),
    "conv_2d_transpose": (lambda: L.Conv2DTranspose(4, 3, 2), (2, 4, 3, 3), {}),
    "conv_3d": (lambda: L.Conv3D(3, 2), (2, 4, 4, 3, 2), {}),
    "conv_3d_transpose": (lambda: L.Conv3DTranspose(3, 2), (2, 3, 2, 3, 2), {}),
    "cropping_1d": (lambda: L.Cropping1D(1), (2, 5, 3), {}),
    "cropping_2d": (lambda: L.Cropping2D(((1, 0), (0, 2))), (2, 5, 4, 3), {}),
    "cropping_3d": (lambda: L.Cropping3D(1), (2, 4, 4, 3, 2), {}),
    "depthwise_conv_2d": (lambda: L.DepthwiseConv2D(3, depth_multiplier=2), (2, 5, 4, 3), {}),
    "depthwise_conv_2d_dilated": (
        lambda: L.DepthwiseConv2D(2, dilation_rate=2),
        (2, 6, 5, 3),
        {},
    ),
    "global_average_pooling_1d": (lambda: L.GlobalAveragePooling1D(), (2, 5, 3), {}),
    "global_average_pooling_2d": (lambda: L.GlobalAveragePooling2D(), (2, 5, 4, 3), {}),
    "global_average_pooling_3d": (lambda: L.GlobalAveragePooling3D(), (2, 4, 4, 3, 2), {}),
    "global_max_pooling_1d": (lambda: L.GlobalMaxPooling1D(), (2, 5, 3), {}),
    "global_max_pooling_2d": (lambda: L.GlobalMaxPooling2D(), (2, 5, 4, 3), {}),
    "global_max_pooling_3d": (lambda: L.GlobalMaxPooling3D(), (2, 4, 4, 3, 2), {}),
    "locally_connected_1d": (lambda: L.LocallyConnected1D(4, 3), (2, 7, 3), {}),
    "locally_connected_1d_2": (lambda: L.LocallyConnected1D(4, 3, implementation=2), (2, 7, 3), {}),
    "locally_connected_2d": (lambda: L.LocallyConnected2D(2, 3), (2, 5, 4, 3), {}),
    "locally_connected_2d_3": (
        lambda: L.LocallyConnected2D(2, 3, 2, "same", implementation=3),
        (2, 5, 4, 3),
        {},
    ),
    "max_pooling_1d": (lambda: L.MaxPooling1D(), (2, 5, 3), {}),
    "max_pooling_2d": (lambda: L.MaxPooling2D(3, 2, "same"), (2, 5, 4, 3), {}),
    "max_pooling_3d": (lambda: L.MaxPooling3D(), (2, 4, 4, 3, 2), {}),
    "separable_conv_1d": (lambda: L.SeparableConv1D(4, 3, padding="causal"), (2, 7, 3), {}),
    "separable_conv_2d": (lambda: L.SeparableConv2D(4, 3, depth_multiplier=2), (2, 5, 4, 3), {}),
    "up_sampling_1d": (lambda: L.UpSampling1D(2), (2, 5, 3), {}),
    "up_sampling_2d": (lambda: L.UpSampling2D((2, 3)), (2, 5, 4, 3), {}),
    "up_sampling_2d_bilinear": (
        lambda: L.UpSampling2D(2, interpolation="bilinear"),
        (2, 5, 4, 3),
        {},
    ),
    "up_sampling_3d": (lambda: L.UpSampling3D(2), (2, 3, 2, 3, 2), {}),
    "zero_padding_1d": (lambda: L.ZeroPadding1D((1, 2)), (2, 5, 3), {}),
    "zero_padding_2d": (lambda: L.ZeroPadding2D(((1, 0), (0, 2))), (2, 5, 4, 3), {}),
    "zero_padding_3d": (lambda: L.ZeroPadding3D(((1, 0), (0, 2), (1, 1))), (2, 3, 2, 3, 2), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_layer(name: str) -> None:
    make, shape, options = CASES[name]
    check_layer(make, shape, **options)


# Layers of which TF 2.1 has some with the channels first on GPUs only.
EITHER_FORMAT = {
    "conv_1d": (L.Conv1D, {"filters": 4, "kernel_size": 3, "padding": "causal"}, 1),
    "conv_2d": (L.Conv2D, {"filters": 4, "kernel_size": 3, "strides": 2}, 2),
    "conv_2d_dilated": (L.Conv2D, {"filters": 4, "kernel_size": 2, "dilation_rate": 2}, 2),
    "conv_3d": (L.Conv3D, {"filters": 4, "kernel_size": 2, "padding": "same"}, 3),
    "conv_2d_transpose": (L.Conv2DTranspose, {"filters": 4, "kernel_size": 3, "strides": 2}, 2),
    "conv_3d_transpose": (L.Conv3DTranspose, {"filters": 4, "kernel_size": 2}, 3),
    "separable_conv_1d": (L.SeparableConv1D, {"filters": 4, "kernel_size": 3}, 1),
    "separable_conv_2d": (L.SeparableConv2D, {"filters": 4, "kernel_size": 3}, 2),
    "depthwise_conv_2d": (L.DepthwiseConv2D, {"kernel_size": 3, "depth_multiplier": 2}, 2),
    "max_pooling_1d": (L.MaxPooling1D, {}, 1),
    "max_pooling_2d": (L.MaxPooling2D, {"pool_size": 3, "strides": 2, "padding": "same"}, 2),
    "average_pooling_2d": (L.AveragePooling2D, {"strides": 1, "padding": "same"}, 2),
    "average_pooling_3d": (L.AveragePooling3D, {}, 3),
    "up_sampling_2d": (L.UpSampling2D, {"interpolation": "bilinear"}, 2),
}


@pytest.mark.parametrize("name", EITHER_FORMAT)
def test_channels_may_come_first(name: str) -> None:
    cls, options, rank = EITHER_FORMAT[name]
    x = np.random.RandomState(0).randn(2, *(6, 5, 4)[:rank], 3).astype("float32")
    last, first = cls(**options), cls(data_format="channels_first", **options)
    axes = list(range(rank + 2))
    given = np.transpose(x, [0, rank + 1, *axes[1:-1]])
    expected, _ = last(x), first(given)
    weights = [w + 0.5 for w in last.get_weights()]
    last.set_weights(weights)
    first.set_weights(weights)
    expected, found = last(x).numpy(), first(given)
    np.testing.assert_allclose(
        np.transpose(found.numpy(), [0, *axes[2:], 1]), expected, rtol=1e-5, atol=1e-5
    )
    assert first.compute_output_shape(given.shape).as_list() == found.shape.as_list()


def test_the_three_implementations_of_local_connections_agree() -> None:
    """The same weights in each one's shape give the same outputs."""
    x = np.random.RandomState(0).randn(2, 7, 3).astype("float32")
    sparse = L.LocallyConnected1D(4, 3, 2, implementation=3, use_bias=False)
    dense = L.LocallyConnected1D(4, 3, 2, implementation=2, use_bias=False)
    local = L.LocallyConnected1D(4, 3, 2, use_bias=False)
    for layer in (sparse, dense, local):
        layer(x)
    (kernel,) = dense.get_weights()
    windows = [kernel[2 * p : 2 * p + 3, :, p, :].reshape(9, 4) for p in range(3)]
    local.set_weights([np.stack(windows)])
    matrix = kernel.reshape(21, 12)
    sparse.set_weights([matrix[tuple(sparse._connected.T)]])
    np.testing.assert_allclose(local(x), dense(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sparse(x), dense(x), rtol=1e-5, atol=1e-6)


def test_every_public_layer_is_registered() -> None:
    public = {
        name: getattr(L, name) for name in public_names()["tf.keras.layers"] if hasattr(L, name)
    }
    layers = {n: c for n, c in public.items() if inspect.isclass(c) and issubclass(c, L.Layer)}
    assert {name: LAYERS.get(name) for name in layers} == layers


def test_models_can_be_named_in_configs() -> None:
    model = tf.keras.Sequential([L.Dense(2, input_shape=(4,))])
    again = L.deserialize(L.serialize(L.TimeDistributed(model)))
    assert again(tf.zeros((2, 3, 4))).shape == (2, 3, 2)


FOREIGN = {
    "name": "scaled",
    "function": ["4wEAAAAAAAAAAQAAAAIAAABDAAAAcwgAAAB8AGQBFABTACkCTukCAAAAqQA=\n", None, None],
    "function_type": "lambda",
    "module": "__main__",
    "output_shape": None,
    "output_shape_type": "raw",
    "output_shape_module": None,
    "arguments": {},
}


def test_code_from_elsewhere_is_not_run() -> None:
    with pytest.raises(ValueError, match=r"not run unless asked: set .*REFLOW_LAMBDA_CODE=1"):
        L.Lambda.from_config(FOREIGN)


def test_code_of_another_python_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLOW_LAMBDA_CODE", "1")
    with pytest.raises(ValueError, match="can't read"):
        L.Lambda.from_config(FOREIGN)


def test_code_is_run_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from reflow.keras._engine import function_config

    config = L.Lambda(lambda x: x + 1.0).get_config()
    monkeypatch.setattr(function_config, "_seen", {})
    monkeypatch.setenv("REFLOW_LAMBDA_CODE", "1")
    assert L.Lambda.from_config(config)(tf.constant([1.0])).numpy() == 2.0


def test_a_function_takes_the_place_of_code() -> None:
    objects = {"scaled": tf.negative}
    assert L.Lambda.from_config(FOREIGN, objects)(tf.constant([1.0])).numpy() == -1.0
    with tf.keras.utils.custom_object_scope(objects):
        assert L.Lambda.from_config(FOREIGN).function is tf.negative


def test_noise_seeds_come_from_numpy() -> None:
    tf.random.set_seed(1)
    x = tf.zeros((2, 3))
    layer = L.GaussianNoise(1.0)
    np.random.seed(4)
    first = layer(x, training=True).numpy()
    second = layer(x, training=True).numpy()
    np.random.seed(4)
    tf.random.set_seed(1)
    np.testing.assert_array_equal(layer(x, training=True), first)
    assert (first != second).all()


def test_inference_passes_tensors_on() -> None:
    x = tf.ones((2, 3))
    for layer in (L.Dropout(0.5), L.GaussianNoise(0.5), L.Activation("linear")):
        assert layer(x) is x


def test_statistics_move_in_functions() -> None:
    layer = L.BatchNormalization(momentum=0.5)
    x = tf.constant([[1.0], [3.0]])
    step = tf.function(lambda: layer(x, training=True))
    step()
    step()
    np.testing.assert_allclose(layer.moving_mean.numpy(), [1.5])


def test_training_may_be_a_tensor_of_a_function() -> None:
    layer = L.BatchNormalization(momentum=0.5)
    x = tf.constant([[1.0], [3.0]])
    run = tf.function(lambda training: layer(x, training=training))
    assert run(tf.constant(False)).numpy()[0, 0] == pytest.approx(1.0, abs=1e-3)
    assert run(tf.constant(True)).numpy()[0, 0] == pytest.approx(-1.0, abs=1e-2)
    np.testing.assert_allclose(layer.moving_mean.numpy(), [1.0])
