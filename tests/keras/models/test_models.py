"""Functional, sequential and subclassed models: their graphs, names, copies and summaries."""

import numpy as np
import pytest

import reflow as tf

L = tf.keras.layers
X = np.random.RandomState(0).rand(6, 8).astype("float32")


@pytest.fixture(autouse=True)
def fresh_names():
    tf.keras.backend.clear_session()


def test_ops_on_symbolic_tensors_are_layers():
    x = tf.keras.Input((8,))
    y = tf.concat([tf.square(x) + 1.0, x[:, :2]], axis=-1)
    model = tf.keras.Model(x, tf.reshape(y, [tf.shape(y)[0], 2, -1]))
    assert model.output_shape == (None, 2, 5)
    expected = np.concatenate([X**2 + 1, X[:, :2]], -1).reshape(6, 2, 5)
    np.testing.assert_allclose(model(X), expected, rtol=1e-6)
    np.testing.assert_allclose(model.predict(X), expected, rtol=1e-6)


def test_shared_layers_and_several_inputs():
    shared = L.Dense(3, name="shared")
    a, b = tf.keras.Input((8,), name="a"), tf.keras.Input((8,), name="b")
    model = tf.keras.Model([a, b], L.subtract([shared(a), shared(b)]))
    assert len(model.weights) == 2
    np.testing.assert_allclose(model([X, X]), np.zeros((6, 3)), atol=1e-6)
    np.testing.assert_allclose(model({"b": X, "a": X * 2}), shared(X * 2) - shared(X), atol=1e-6)
    with pytest.raises(ValueError, match="expects 2 inputs, but it received 1"):
        model([X])


def test_a_disconnected_graph_is_refused():
    a, b = tf.keras.Input((8,)), tf.keras.Input((8,))
    with pytest.raises(ValueError, match="Graph disconnected"):
        tf.keras.Model(a, L.Dense(2)(b))


def test_configs_and_clones():
    x = tf.keras.Input((8,))
    hidden = L.Dense(4, activation="relu")(x)
    model = tf.keras.Model(x, L.Dense(2)(L.concatenate([hidden, x])))
    again = tf.keras.models.model_from_json(model.to_json())
    assert again.to_json() == model.to_json()
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again(X), model(X))
    clone = tf.keras.models.clone_model(model)
    assert [w.shape for w in clone.weights] == [w.shape for w in model.weights]
    assert all(a is not b for a, b in zip(clone.layers, model.layers, strict=True))


def test_losses_and_metrics_on_symbolic_tensors():
    x = tf.keras.Input((8,))
    hidden = L.Dense(4)(x)
    model = tf.keras.Model(x, L.Dense(1)(hidden))
    model.add_loss(tf.reduce_mean(tf.square(hidden)))
    model.add_metric(tf.reduce_sum(hidden, axis=-1), name="total", aggregation="mean")
    model.compile("sgd", "mse")
    values = model.evaluate(X, X[:, :1], verbose=0)
    inner = tf.keras.Model(x, hidden)(X).numpy()
    loss = np.mean((model.predict(X) - X[:, :1]) ** 2) + np.mean(inner**2)
    np.testing.assert_allclose(values, [loss, inner.sum(-1).mean()], rtol=1e-5)
    assert model.metrics_names == ["loss", "total"]


def test_summary_of_a_graph(capsys):
    a = tf.keras.Input((4,), name="a")
    b = tf.keras.Input((3,), name="b")
    tf.keras.Model([a, b], L.Dense(2, name="out")(L.concatenate([a, b]))).summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == 'Model: "model"'
    row = "Layer (type)                    Output Shape         Param #     Connected to"
    assert lines[2].rstrip() == row
    assert lines[8].rstrip() == (
        "concatenate (Concatenate)       (None, 7)            0           a[0][0]"
    )
    assert lines[9].rstrip() == " " * 65 + "b[0][0]"
    assert lines[-4:-1] == ["Total params: 16", "Trainable params: 16", "Non-trainable params: 0"]


def test_a_model_of_ones_own():
    class Net(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = [L.Dense(4), L.Dense(2)]

        def call(self, x, training=None):
            seen.append(training)
            for part in self.parts:
                x = part(x)
            return x

    seen = []
    net = Net()
    assert net(X).shape == (6, 2)
    assert [w.name for w in net.weights][::2] == ["net/dense/kernel:0", "net/dense_1/kernel:0"]
    net.compile("sgd", "mse")
    net.fit(X, X[:, :2], verbose=0)
    assert True in seen
    with pytest.raises(NotImplementedError, match="call"):
        net.get_config()
    with pytest.raises(NotImplementedError, match="implement a `call` method"):
        tf.keras.Model()(X)


def test_forgetting_super_is_said():
    class Net(tf.keras.Model):
        def __init__(self):
            self.part = L.Dense(2)

    with pytest.raises(RuntimeError, match="forgot to call `super"):
        Net()


def test_freezing_a_layer_keeps_its_weights():
    model = tf.keras.Sequential([L.Dense(4, input_shape=(8,)), L.Dense(2)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(X, X[:, :2], verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(after[0], before[0])
    assert (after[2] != before[2]).any()


def test_a_condition_on_a_tensor_in_call_is_compiled():
    class Gate(L.Layer):
        def call(self, x):
            if tf.reduce_sum(x) > 0:
                x = x * 2.0
            else:
                x = x - 1.0
            return x

    model = tf.keras.Sequential([Gate(), L.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    np.testing.assert_allclose(model.predict(X), (X * 2).sum(-1, keepdims=True), rtol=1e-5)
    np.testing.assert_allclose(model.predict(-X), (-X - 1).sum(-1, keepdims=True), rtol=1e-5)
    model.fit(X, X[:, :1], verbose=0)
