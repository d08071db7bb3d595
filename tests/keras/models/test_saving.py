"""Weights and models in files: TF 2.1.0's own are read, what is written comes back."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

import reflow as tf

h5py = pytest.importorskip("h5py")
L = tf.keras.layers
ARTEFACTS = Path(__file__).parents[4] / "shared" / "oracle" / "artefacts"
X = np.random.RandomState(0).rand(64, 4).astype("float32")
Y = np.random.RandomState(1).randint(0, 3, 64)


def deferred():
    return tf.keras.Sequential([L.Dense(5, activation="relu"), L.Dense(3, activation="softmax")])


def described():
    return tf.keras.Sequential(
        [L.Dense(5, activation="relu", input_shape=(4,)), L.Dense(3, activation="softmax")]
    )


def functional():
    inputs = tf.keras.Input((4,))
    x = L.Dense(5, activation="relu")(inputs)
    x = L.BatchNormalization()(x)
    return tf.keras.Model(inputs, L.Dense(3, activation="softmax")(L.concatenate([x, inputs])))


class Own(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [L.Dense(5, activation="relu"), L.Dense(3, activation="softmax")]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def trained(make, epochs=2):
    model = make()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, epochs=epochs, verbose=0)
    return model


def artefact(name):
    folder = ARTEFACTS / name
    if not folder.is_dir():
        pytest.skip(f"needs the files that TF 2.1.0 wrote in {folder}")
    return folder, json.loads((folder / "expected.json").read_text())


@pytest.mark.parametrize("name", ["mlp", "rnn"])
@pytest.mark.parametrize("file", ["weights_tf/weights", "weights.h5"])
def test_weights_of_tf_load_bit_equal(name, file):
    folder, expected = artefact(name)
    model = tf.keras.models.model_from_json((folder / "model.json").read_text())
    status = model.load_weights(str(folder / file))
    if status is not None:
        status.expect_partial()
    digests = [hashlib.sha256(w.numpy().tobytes()).hexdigest() for w in model.weights]
    assert digests == [w["sha256"] for w in expected["weights"]]
    x = np.array(expected["input"], expected["input_dtype"])
    np.testing.assert_allclose(model(x, training=False), expected["predictions"], atol=1e-5)


@pytest.mark.parametrize("name", ["mlp", "rnn"])
def test_models_of_tf_load_and_go_on_training(name):
    folder, expected = artefact(name)
    model = tf.keras.models.load_model(str(folder / "model.h5"))
    x = np.array(expected["input"], expected["input_dtype"])
    np.testing.assert_allclose(model.predict(x), expected["predictions"], atol=1e-5)
    assert model.optimizer.iterations.numpy() == expected["optimizer_iterations"]
    resume = expected.get("resume")
    if resume:
        got = model.train_on_batch(
            np.array(resume["x"], resume["x_dtype"]), np.array(resume["y"], resume["y_dtype"])
        )
        np.testing.assert_allclose(got, resume["train_on_batch"], rtol=1e-4)
        np.testing.assert_allclose(model.predict(x), resume["predictions"], atol=1e-4)


@pytest.mark.parametrize("make", [deferred, described, functional, Own])
@pytest.mark.parametrize("file", ["w", "w.h5"])
def test_weights_come_back(make, file, tmp_path):
    model = trained(make)
    path = str(tmp_path / "deeper" / file) if file == "w" else str(tmp_path / file)
    model.save_weights(path)
    other = trained(make, epochs=1)
    other.load_weights(path)
    for mine, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    if file == "w":
        assert os.path.exists(path + ".index")
        assert tf.train.latest_checkpoint(os.path.dirname(path)) == path


@pytest.mark.parametrize("make", [deferred, Own])
def test_a_checkpoint_waits_for_a_model_that_is_not_built(make, tmp_path):
    model = trained(make)
    model.save_weights(str(tmp_path / "w"))
    other = make()
    other.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    status = other.load_weights(str(tmp_path / "w"))
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    first, second = (m.fit(X, Y, verbose=0, shuffle=False).history for m in (model, other))
    assert first == second  # the optimizer's slots came back too
    status.assert_consumed()


@pytest.mark.parametrize("make", [described, functional])
def test_a_whole_model_comes_back(make, tmp_path):
    model = trained(make)
    path = str(tmp_path / "model.h5")
    model.save(path)
    other = tf.keras.models.load_model(path)
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    assert other.metrics_names == model.metrics_names
    first, second = (m.fit(X, Y, verbose=0, shuffle=False).history for m in (model, other))
    assert first == second
    assert tf.keras.models.load_model(path, compile=False).optimizer is None


def test_by_name_takes_what_fits(tmp_path):
    model = tf.keras.Sequential([L.Dense(4, name="a", input_shape=(3,)), L.Dense(2, name="b")])
    model.save_weights(str(tmp_path / "w.h5"))
    other = tf.keras.Sequential([L.Dense(5, name="c", input_shape=(4,)), L.Dense(2, name="b")])
    before = other.get_weights()
    with pytest.raises(ValueError, match=r"\(5, 2\).*\(4, 2\)"):
        other.load_weights(str(tmp_path / "w.h5"), by_name=True)
    other.load_weights(str(tmp_path / "w.h5"), by_name=True, skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[2], before[2])


def test_errors_name_what_is_wrong(tmp_path):
    path = str(tmp_path / "w.h5")
    described().save_weights(path)
    with pytest.raises(ValueError, match="containing 2 layers into a model with 1 layers"):
        tf.keras.Sequential([L.Dense(5, input_shape=(4,))]).load_weights(path)
    with pytest.raises(ValueError, match="has not created its variables yet"):
        deferred().load_weights(path)
    with pytest.raises(ValueError, match="not yet been created"):
        deferred().save_weights(path)
    with pytest.raises(NotImplementedError, match="SavedModel"):
        described().save(str(tmp_path / "folder"))
    with pytest.raises(OSError, match="does not exist"):
        tf.keras.models.load_model(str(tmp_path / "nothing.h5"))
    with pytest.raises(ValueError, match="No model found"):
        tf.keras.models.load_model(path)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "w.h5"
    model = described()
    model.save_weights(str(path))
    before = path.read_bytes()
    from reflow.keras.models import weight_files

    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(weight_files, "write_layers", fail)
    with pytest.raises(OSError, match="disk full"):
        model.save_weights(str(path))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["w.h5"]


def test_checkpoints_of_the_notes(tmp_path, capsys):
    path = str(tmp_path / "checkpoint" / "fashion.ckpt")
    callback = tf.keras.callbacks.ModelCheckpoint(
        filepath=path, save_weights_only=True, save_best_only=True, verbose=1
    )
    model = deferred()
    model.compile("adam", "sparse_categorical_crossentropy")
    assert not os.path.exists(path + ".index")
    model.fit(X, Y, epochs=2, verbose=0, validation_split=0.25, callbacks=[callback])
    assert "val_loss improved from inf to" in capsys.readouterr().out
    other = deferred()
    other.load_weights(path)
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
