"""Sources of symbolic tensors, turned kernels, and the farewell to ``multi_gpu_model``."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf


def test_sources():
    a, b = tf.keras.Input((3,), name="a"), tf.keras.Input((3,), name="b")
    shared = tf.keras.layers.Dense(4)
    x, y = shared(a), shared(b)
    z = x
    for _ in range(3):
        z = tf.keras.layers.Dense(4)(z)
    sources = tf.keras.utils.get_source_inputs
    assert [t.name for t in sources(x)] == ["a:0"]
    assert [t.name for t in sources(y)] == ["b:0"]
    assert [t.name for t in sources(z)] == ["a:0"]
    assert [t.name for t in sources(z, shared, 1)] == ["b:0"]
    assert [t.name for t in sources(a)] == ["a:0"]
    both = tf.keras.Model([a, b], [x, y])([a, b])[0]
    assert [t.name for t in sources(both)] == ["a:0", "b:0"]
    tensor = tf.zeros(3)
    assert sources(tensor) is tensor


def test_kernels_are_turned_in_space():
    class Conv2D(tf.keras.layers.Layer):
        def build(self, input_shape):
            self.kernel = self.add_weight("kernel", (2, 3, 4, 5))

        def call(self, inputs):
            return inputs

    model = tf.keras.Sequential([Conv2D(input_shape=(4,)), tf.keras.layers.Dense(2)])
    kernel, dense, bias = model.get_weights()
    tf.keras.utils.convert_all_kernels_in_model(model)
    assert (model.get_weights()[0] == kernel[::-1, ::-1]).all()
    assert (model.get_weights()[1] == dense).all()
    tf.keras.utils.convert_all_kernels_in_model(model)
    assert (model.get_weights()[0] == kernel).all()
    assert np.array_equal(model.get_weights()[2], bias)


@pytest.mark.parametrize("gpus", [1, 0, [0]])
def test_one_gpu_is_not_several(gpus):
    with pytest.raises(ValueError, match=r"with `gpus >= 2`. Received: `gpus="):
        tf.keras.utils.multi_gpu_model(None, gpus)


def test_gpus_that_are_not_there(monkeypatch):
    with pytest.raises(
        ValueError, match=r"with `gpus=\[98, 99\]`, we expect .*'/gpu:98', '/gpu:99'"
    ):
        tf.keras.utils.multi_gpu_model(None, [98, 99])
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [1, 2])
    with pytest.raises(NotImplementedError, match="use the model itself"):
        tf.keras.utils.multi_gpu_model(None, 2)
