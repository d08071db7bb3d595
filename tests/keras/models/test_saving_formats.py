"""Whole models in all formats: as TF 2.1.0 and Keras 3 wrote them, and there and back."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from golden.files import keras_models

import reflow as tf

h5py = pytest.importorskip("h5py")
L = tf.keras.layers
FILES = Path(__file__).parents[2] / "golden" / "files"
ARTEFACTS = next(
    (p for f in Path(__file__).parents if (p := f / "shared" / "oracle" / "artefacts").is_dir()),
    Path("shared/oracle/artefacts"),
)
X = np.random.RandomState(0).rand(32, 4).astype("float32")
Y = np.random.RandomState(1).randint(0, 3, 32)


class Own(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.parts = [L.Dense(5, activation="relu"), L.Dense(3, activation="softmax")]

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


def described():
    return tf.keras.Sequential(
        [L.Dense(5, activation="relu", input_shape=(4,)), L.BatchNormalization(), L.Dense(3)]
    )


def deferred():
    return tf.keras.Sequential([L.Dense(5, activation="relu"), L.Dense(3)])


def functional():
    inputs = tf.keras.Input((4,))
    x = L.Dense(5, activation="relu", kernel_regularizer="l2")(inputs)
    return tf.keras.Model(inputs, L.Dense(3)(L.concatenate([x, inputs])))


def trained(make, optimizer="adam"):
    model = make()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=make is not Own)
    model.compile(optimizer, loss, metrics=["accuracy"])
    model.fit(X, Y, verbose=0)
    return model


def check_facts(model, name, expected, whole, atol=1e-4):
    _, _, _, x, y = keras_models.MODELS[name]
    for mine, saved in zip(model.get_weights(), expected["weights"], strict=True):
        np.testing.assert_array_equal(mine, np.array(saved, mine.dtype))
    np.testing.assert_allclose(model.predict(x), expected["predictions"], atol=1e-5)
    if whole:
        got = model.train_on_batch(x, y)
        np.testing.assert_allclose(got, expected["next"], rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(model.predict(x), expected["after"], atol=atol)


# ------------------------------------------------------------------------ files by TF 2.1.0


def recorded(folder):
    return json.loads((FILES / folder / "expected.json").read_text())


@pytest.mark.parametrize("name", sorted(keras_models.MODELS))
@pytest.mark.parametrize("kind", ["model", "weights.h5", "ckpt"])
def test_files_of_tf(name, kind):
    expected = recorded("keras")[name]
    if kind == "model":
        model = tf.keras.models.load_model(str(FILES / "keras" / f"{name}.h5"))
    else:
        make, optimizer, loss, _, _ = keras_models.MODELS[name]
        model = make(tf)
        model.compile(optimizer(tf), loss, metrics=keras_models.metrics(loss))
        model.load_weights(str(FILES / "keras" / f"{name}.{kind}"))
    check_facts(model, name, expected, whole=kind != "weights.h5")


def test_a_saved_model_of_tf():
    model = tf.keras.models.load_model(str(FILES / "keras" / "sequential"))
    check_facts(model, "sequential", recorded("keras")["sequential"], whole=True)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_weights_of_cudnn_layers(kind):
    model = tf.keras.Sequential([getattr(L, kind)(3, name="rnn", input_shape=(3, 2))])
    model.load_weights(str(FILES / "keras" / f"cudnn_{kind.lower()}.h5"))
    found = model.get_weights()
    model.load_weights(str(FILES / "keras" / f"cudnn_{kind.lower()}_common.h5"))
    for mine, theirs in zip(found, model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    if kind == "GRU":
        other = tf.keras.Sequential([L.GRU(3, input_shape=(3, 2), reset_after=False)])
        with pytest.raises(ValueError, match=r"CuDNNGRU is not compatible with GRU\(reset_after=F"):
            other.load_weights(str(FILES / "keras" / "cudnn_gru.h5"))


def artefact(name):
    folder = ARTEFACTS / name
    if not folder.is_dir():
        pytest.skip(f"needs the files that TF 2.1.0 wrote in {folder}")
    return folder, json.loads((folder / "expected.json").read_text())


class SmallNet(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.c1 = L.Conv2D(3, 3, padding="same")
        self.b1 = L.BatchNormalization()
        self.a1 = L.Activation("relu")
        self.p1 = L.MaxPool2D(pool_size=2, strides=2, padding="same")
        self.flatten = L.Flatten()
        self.heads = [L.Dense(5, activation="relu"), L.Dense(3, activation="softmax")]

    def call(self, x, training=None):
        x = self.p1(self.a1(self.b1(self.c1(x), training=training)))
        x = self.flatten(x)
        for head in self.heads:
            x = head(x)
        return x


@pytest.mark.parametrize("name", ["mlp", "cnn", "rnn", "subclassed"])
@pytest.mark.parametrize(
    "file", ["model.h5", "saved_model", "weights.h5", "weights_tf/weights", "manager"]
)
def test_artefacts(name, file):
    folder, expected = artefact(name)
    if not (folder / file.split("/")[0]).exists():
        pytest.skip(f"TF 2.1.0 cannot write {file} of a subclassed model")
    x = np.array(expected["input"], expected["input_dtype"])
    own = {"SmallNet": SmallNet}
    whole = file not in ("weights.h5", "weights_tf/weights")
    if file in ("model.h5", "saved_model"):
        model = tf.keras.models.load_model(str(folder / file), custom_objects=own)
        model.predict(x)
    else:
        model = SmallNet() if name == "subclassed" else None
        if model is None:
            model = tf.keras.models.model_from_json((folder / "model.json").read_text())
        model.predict(x)
        if file == "manager":
            optimizer = tf.keras.optimizers.Adam(0.5, amsgrad=name == "subclassed")
            model.compile(optimizer, "mse" if name == "rnn" else "sparse_categorical_crossentropy")
            root = tf.train.Checkpoint(model=model, optimizer=optimizer)
            root.restore(tf.train.latest_checkpoint(str(folder / file))).expect_partial()
        else:
            status = model.load_weights(str(folder / file))
            if status is not None:
                status.expect_partial()
    digests = [hashlib.sha256(w.numpy().tobytes()).hexdigest() for w in model.weights]
    assert digests == [w["sha256"] for w in expected["weights"]]
    np.testing.assert_allclose(model.predict(x), expected["predictions"], atol=1e-5)
    resume = expected["resume"]
    if not whole or not resume:
        return
    got = model.train_on_batch(
        np.array(resume["x"], resume["x_dtype"]), np.array(resume["y"], resume["y_dtype"])
    )
    assert model.optimizer.iterations.numpy() == expected["optimizer_iterations"] + 1
    got = np.atleast_1d(got)
    np.testing.assert_allclose(got, resume["train_on_batch"][: len(got)], rtol=1e-4)
    if "epsilon" not in expected["optimizer"] or file != "manager":
        np.testing.assert_allclose(model.predict(x), resume["predictions"], atol=1e-4)


# ------------------------------------------------------------------------- files by Keras 3


@pytest.mark.parametrize("name", sorted(keras_models.MODELS))
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_files_of_keras_3(name, ending):
    model = tf.keras.models.load_model(str(FILES / "keras3" / f"{name}.{ending}"))
    # Keras 3 squares the parts of an embedding's gradient that TF 2.1 adds up before.
    atol = 2e-3 if name == "recurrent" else 1e-4
    check_facts(model, name, recorded("keras3")[name], whole=True, atol=atol)


# ---------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("make", [described, deferred, functional, Own])
@pytest.mark.parametrize("form", ["tf", "h5", "keras_v3"])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_there_and_back(make, form, optimizer, tmp_path):
    if make is Own and form != "tf":
        pytest.skip("a model with a call of its own has no config")
    model = trained(make, optimizer)
    path = str(tmp_path / "model")
    model.save(path, save_format=form)
    other = tf.keras.models.load_model(path, custom_objects={"Own": Own})
    np.testing.assert_array_equal(other.predict(X), model.predict(X))
    assert other.metrics_names == model.metrics_names
    if (make, form) == (deferred, "h5"):
        return  # as in TF, its optimizer begins anew
    assert other.optimizer.iterations.numpy() == 1
    model.reset_metrics()
    assert other.train_on_batch(X, Y) == model.train_on_batch(X, Y)
    for mine, theirs in zip(other.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    for mine, theirs in zip(
        other.optimizer.get_weights(), model.optimizer.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("form", ["tf", "h5", "keras_v3"])
def test_options(form, tmp_path, monkeypatch, caplog):
    model = trained(described)
    path = str(tmp_path / "model")
    model.save(path, save_format=form, include_optimizer=False)
    assert tf.keras.models.load_model(path).optimizer is None
    model.save(path, save_format=form)
    assert tf.keras.models.load_model(path, compile=False).optimizer is None
    assert int(tf.keras.models.load_model(path).optimizer.iterations) == 1
    asked = []
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or "n")
    model.layers[0].bias.assign_add(tf.ones(5))
    model.save(path, save_format=form, overwrite=False)
    assert asked == [f"[WARNING] {path} already exists - overwrite? [y/n]"]
    kept = tf.keras.models.load_model(path).layers[0].get_weights()[1]
    assert (kept != model.layers[0].get_weights()[1]).all()


def test_an_open_hdf5_file(tmp_path):
    model = trained(described)
    with h5py.File(str(tmp_path / "m.h5"), "w") as file:
        model.save(file)
        other = tf.keras.models.load_model(file)
    np.testing.assert_array_equal(other.predict(X), model.predict(X))


class Times(L.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return x * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def halved(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred)) / 2


@pytest.mark.parametrize("form", ["tf", "h5"])
def test_custom_objects(form, tmp_path):
    model = tf.keras.Sequential([L.Dense(2, input_shape=(4,)), Times(3.0)])
    model.compile("sgd", halved, metrics=[halved])
    model.fit(X, X[:, :2], verbose=0)
    path = str(tmp_path / "m")
    model.save(path, save_format=form)
    with pytest.raises(ValueError, match="Unknown layer: Times"):
        tf.keras.models.load_model(path)
    with pytest.raises(ValueError, match="Unknown loss function:halved"):
        tf.keras.models.load_model(path, custom_objects={"Times": Times})
    known = {"Times": Times, "halved": halved}
    other = tf.keras.models.load_model(path, custom_objects=known)
    assert other.layers[1].factor == 3.0
    assert other.evaluate(X, X[:, :2], verbose=0) == model.evaluate(X, X[:, :2], verbose=0)


@pytest.mark.parametrize("form", ["tf", "h5", "keras_v3"])
def test_code_in_files_is_not_run(form, tmp_path, monkeypatch):
    from reflow.keras._engine import function_config

    model = tf.keras.Sequential([L.Lambda(lambda x: x * 2, input_shape=(4,), name="double")])
    path = str(tmp_path / "m")
    model.save(path, save_format=form)
    monkeypatch.setattr(function_config, "_seen", {})
    with pytest.raises(ValueError, match="REFLOW_LAMBDA_CODE"):
        tf.keras.models.load_model(path)
    other = tf.keras.models.load_model(path, custom_objects={"double": lambda x: x * 3})
    np.testing.assert_allclose(other.predict(X), X * 3, rtol=1e-6)
    monkeypatch.setenv("REFLOW_LAMBDA_CODE", "1")
    np.testing.assert_array_equal(tf.keras.models.load_model(path).predict(X), X * 2)


# ------------------------------------------------------------------------------------ errors


def test_what_cannot_be_rebuilt_is_refused(tmp_path):
    path = str(tmp_path / "own")
    trained(Own).save(path)
    with pytest.raises(ValueError, match=r"class 'Own'.*custom_objects=\{'Own': Own\}"):
        tf.keras.models.load_model(path)
    with pytest.raises(NotImplementedError, match="Functional model or a Sequential"):
        trained(Own).save(str(tmp_path / "own.h5"))
    with pytest.raises(ValueError, match="input shapes have not been set"):
        Own().save(str(tmp_path / "new"))
    with pytest.raises(OSError, match=r"SavedModel file does not exist at: .*nothing"):
        tf.keras.models.load_model(str(tmp_path / "nothing"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(OSError, match="SavedModel file does not exist"):
        tf.keras.models.load_model(str(tmp_path / "empty"))


def test_damaged_saved_models(tmp_path):
    path = tmp_path / "m"
    model = trained(described)
    model.save(str(path))
    pb = path / "saved_model.pb"
    whole = pb.read_bytes()
    for content in (
        b"",
        b"junk",
        whole[: len(whole) // 2],
        whole.replace(b"class_name", b"clas\0"),
    ):
        pb.write_bytes(content)
        with pytest.raises((tf.errors.OpError, ValueError, OSError)):
            tf.keras.models.load_model(str(path))
    pb.write_bytes(whole)
    data = path / "variables" / "variables.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-20])
    with pytest.raises(tf.errors.DataLossError):
        tf.keras.models.load_model(str(path))


def test_damaged_hdf5(tmp_path):
    model = trained(described)
    path = str(tmp_path / "m.h5")

    def changed(change):
        model.save(path)
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    def link_outside(file):
        group = file["model_weights"][model.layers[0].name]
        name = group.attrs["weight_names"][0].decode()
        del group[name]
        group[name] = h5py.ExternalLink("other.h5", "/x")

    def texts(file):
        group = file["model_weights"][model.layers[0].name]
        name = group.attrs["weight_names"][0].decode()
        del group[name]
        group.create_dataset(name, data=[b"a"])

    for change, says in (
        (lambda f: f.attrs.__setitem__("model_config", b"{"), "model_config is damaged"),
        (lambda f: f.attrs.__setitem__("model_config", b"[]"), "no dictionary"),
        (lambda f: f.__delitem__("model_weights"), "no group model_weights"),
        (lambda f: f["model_weights"].__delitem__(model.layers[0].name), "missing|doesn't exist"),
        (link_outside, "no data set of this file's own|missing"),
        (texts, "not numbers"),
    ):
        with pytest.raises((ValueError, KeyError), match=says):
            tf.keras.models.load_model(changed(change))
    with open(path, "r+b") as file:
        file.truncate(3000)
    with pytest.raises((OSError, ValueError)):
        tf.keras.models.load_model(path)


def test_damaged_keras_v3(tmp_path):
    model = trained(described)
    path = tmp_path / "m"
    model.save(str(path), save_format="keras_v3")
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    with pytest.raises(tf.errors.DataLossError, match=r"damaged \.keras file"):
        tf.keras.models.load_model(str(path))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}

    def written(**changes):
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in {**parts, **changes}.items():
                if content is not None:
                    archive.writestr(name, content)
        return str(path)

    with pytest.raises(tf.errors.DataLossError, match=r"config\.json is damaged"):
        tf.keras.models.load_model(written(**{"config.json": b"{"}))
    with pytest.raises(ValueError, match=r"without model\.weights\.h5"):
        tf.keras.models.load_model(written(**{"model.weights.h5": None}))
    config = json.loads(parts["config.json"])
    config["config"]["layers"][1]["config"]["quantization_config"] = {"mode": "int8"}
    with pytest.raises(ValueError, match=r"quantization_config.* came with Keras 3"):
        tf.keras.models.load_model(written(**{"config.json": json.dumps(config)}))


@pytest.mark.parametrize("file", ["w", "w.h5"])
def test_a_failed_load_changes_nothing(file, tmp_path):
    path = str(tmp_path / file)
    trained(described).save_weights(path)
    model = trained(described)
    before = model.get_weights() + model.optimizer.get_weights()
    if file == "w":
        name = path + ".data-00000-of-00001"
        with open(name, "r+b") as data:
            data.seek(os.path.getsize(name) // 2)
            data.write(b"\xff" * 50)
        with pytest.raises(tf.errors.DataLossError):
            model.load_weights(path)
    else:
        with h5py.File(path, "r+") as hdf5:
            group = hdf5[hdf5.attrs["layer_names"][2].decode()]
            name = group.attrs["weight_names"][1].decode()
            del group[name]
            group.create_dataset(name, data=np.zeros(7, "float32"))
        with pytest.raises(ValueError, match=r"has shape \(3,\), but the saved weight has shape"):
            model.load_weights(path)
    after = model.get_weights() + model.optimizer.get_weights()
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_without_h5py(tmp_path, monkeypatch):
    model = trained(described)
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(ImportError, match=r"reflow\[files\]"):
        model.save(str(tmp_path / "m.h5"))


def test_nothing_matches(tmp_path):
    trained(described).save_weights(str(tmp_path / "w"))
    with pytest.raises(AssertionError, match=r"Nothing to load\. No dependencies"):
        Own().load_weights(str(tmp_path / "w"))
    built = Own()
    built.predict(X)
    with pytest.raises(AssertionError, match="Nothing except the root object matched"):
        built.load_weights(str(tmp_path / "w"))
    with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files"):
        described().load_weights(str(tmp_path / "nothing"))
