"""``reflow export``: the program that is written gives what the model predicts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import reflow as tf
from reflow import cli

pytest.importorskip("flatbuffers")
L = tf.keras.layers


def random(*shape):
    return np.random.RandomState(3).standard_normal(shape).astype("float32")


def classifier():
    return tf.keras.Sequential(
        [
            L.Flatten(input_shape=(4, 3), name="flatten"),
            L.Dense(6, activation="relu"),
            L.BatchNormalization(),
            L.Dropout(0.5),
            L.Dense(2, activation="softmax", name="scores"),
        ]
    )


def two_inputs():
    ids, more = tf.keras.Input((6,), dtype="int32", name="ids"), tf.keras.Input((3,), name="more")
    x = L.concatenate([L.LSTM(5)(L.Embedding(10, 4, mask_zero=True)(ids)), more])
    return tf.keras.Model([ids, more], [L.Dense(1, name="one")(x), L.Dense(2, name="two")(x)])


class BatchMean(L.Layer):
    def call(self, x):
        return x - tf.reduce_mean(x, axis=0, keepdims=True)


class Counting(L.Layer):
    def build(self, shape):
        self.count = self.add_weight("count", (), trainable=False, initializer="zeros")

    def call(self, x):
        self.count.assign_add(1.0)
        return x


def load(path):
    import jax.export

    return jax.export.deserialize(bytearray(Path(path).read_bytes()))


@pytest.mark.parametrize("name", ["m.h5", "m.zip", "folder"])
def test_the_command(name, tmp_path, capsys):
    pytest.importorskip("h5py")
    model = classifier()
    model.layers[2].set_weights([np.full(6, v, "float32") for v in (2, 0.1, 0.3, 0.5)])
    model.save(tmp_path / name, save_format="keras_v3" if name == "m.zip" else None)
    out = str(tmp_path / "m.stablehlo")
    assert cli.main(["export", str(tmp_path / name), out]) == 0
    printed = capsys.readouterr().out
    assert "input   flatten_input  float32  (batch, 4, 3)" in printed
    assert "output  scores  float32  (batch, 2)" in printed
    program = load(out)
    for rows in (1, 5, 64):
        x = random(rows, 4, 3)
        np.testing.assert_allclose(program.call(x)[0], model.predict(x), rtol=1e-6, atol=1e-7)
    signature = json.loads(Path(out + ".json").read_text())
    assert signature["inputs"] == [
        {"name": "flatten_input", "dtype": "float32", "shape": ["batch", 4, 3]}
    ]
    assert signature["outputs"] == [{"name": "scores", "dtype": "float32", "shape": ["batch", 2]}]
    assert signature["platforms"]


def test_it_runs_without_reflow(tmp_path):
    model = two_inputs()
    signature = tf.export(model, tmp_path / "m")
    assert [entry["name"] for entry in signature["inputs"]] == ["ids", "more"]
    assert [entry["dtype"] for entry in signature["inputs"]] == ["int32", "float32"]
    assert [entry["name"] for entry in signature["outputs"]] == ["one", "two"]
    ids, more = np.arange(42, dtype="int32").reshape(7, 6) % 10, random(7, 3)
    np.savez(tmp_path / "x.npz", ids=ids, more=more)
    program = (
        "import sys, numpy as np, jax.export\n"
        "x = np.load('x.npz')\n"
        "p = jax.export.deserialize(bytearray(open('m', 'rb').read()))\n"
        "np.savez('y.npz', *p.call(x['ids'], x['more']))\n"
        "assert 'reflow' not in sys.modules\n"
    )
    environment = dict(os.environ)
    environment.pop("PYTHONPATH", None)
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    found = np.load(tmp_path / "y.npz")
    for name, expected in zip(found.files, model.predict([ids, more]), strict=True):
        np.testing.assert_allclose(found[name], expected, rtol=1e-5, atol=1e-6)


def test_rows_that_depend_on_each_other_need_a_batch_size(tmp_path):
    model = tf.keras.Sequential([L.Dense(3, input_shape=(2,)), BatchMean()])
    with pytest.raises(ValueError, match=r"depends on the other rows.*batch=32"):
        tf.export(model, tmp_path / "m")
    assert not list(tmp_path.iterdir())
    signature = tf.export(model, tmp_path / "m", batch=4)
    assert signature["inputs"][0]["shape"] == [4, 2]
    x = random(4, 2)
    found = load(tmp_path / "m").call(x)[0]
    np.testing.assert_allclose(found, model.predict(x), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="4"):
        load(tmp_path / "m").call(random(5, 2))
    fixed = tf.keras.Sequential([L.Dense(3, batch_input_shape=(4, 2)), BatchMean()])
    assert tf.export(fixed, tmp_path / "m")["inputs"][0]["shape"] == [4, 2]


def test_what_is_refused(tmp_path, capsys):
    counting = tf.keras.Sequential([L.Dense(3, input_shape=(2,)), Counting()])
    with pytest.raises(NotImplementedError, match=r"changes variables in prediction \(.*count"):
        tf.export(counting, tmp_path / "m")
    noisy = tf.keras.Sequential(
        [L.Dense(3, input_shape=(2,)), L.Lambda(lambda x: x + tf.random.normal(tf.shape(x)))]
    )
    with pytest.raises(NotImplementedError, match="random numbers"):
        tf.export(noisy, tmp_path / "m")
    with pytest.raises(ValueError, match="no input shapes yet"):
        tf.export(tf.keras.Sequential([L.Dense(3)]), tmp_path / "m")
    series = tf.keras.Sequential([L.LSTM(3, input_shape=(None, 2))])
    with pytest.raises(ValueError, match=r"only the first dimension may be open"):
        tf.export(series, tmp_path / "m")
    with pytest.raises(tf.errors.NotFoundError, match="no/m; No such file"):
        tf.export(classifier(), tmp_path / "no" / "m")
    assert not list(tmp_path.iterdir())
    assert cli.main(["export", str(tmp_path / "gone.h5"), str(tmp_path / "m")]) == 1
    assert "gone.h5" in capsys.readouterr().err


def test_for_several_platforms(tmp_path):
    signature = tf.export(classifier(), tmp_path / "m", platforms=["cpu", "cuda"])
    assert signature["platforms"] == ["cpu", "cuda"]
    x = random(3, 4, 3)
    assert load(tmp_path / "m").call(x)[0].shape == (3, 2)
