"""``fit``, ``evaluate`` and ``predict``: data of every kind, results, and what they refuse."""

import numpy as np
import pytest

import reflow as tf

L = tf.keras.layers
X = np.random.RandomState(0).rand(50, 4).astype("float32")
Y = np.random.RandomState(1).rand(50, 2).astype("float32")
LABELS = np.random.RandomState(2).randint(0, 2, 50)


def model(loss="mse", metrics=("mae",), **options):
    tf.random.set_seed(3)
    made = tf.keras.Sequential([L.Dense(2, activation="softmax", input_shape=(4,))])
    made.compile("sgd", loss, metrics=list(metrics), **options)
    return made


class Batches(tf.keras.utils.Sequence):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        return X[10 * index : 10 * index + 10], Y[10 * index : 10 * index + 10]


def generator():
    while True:
        for index in range(5):
            yield Batches()[index]


def dataset():
    return tf.data.Dataset.from_tensor_slices((X, Y)).batch(10)


def test_every_kind_of_data_trains_alike():
    expected = model()
    expected.fit(X, Y, batch_size=10, epochs=2, shuffle=False, verbose=0)
    for data in (dataset(), Batches(), generator()):
        steps = {} if isinstance(data, (tf.data.Dataset, Batches)) else {"steps_per_epoch": 5}
        trained = model()
        trained.fit(data, epochs=2, shuffle=False, verbose=0, **steps)
        for mine, theirs in zip(trained.get_weights(), expected.get_weights(), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)


def test_compiled_and_eager_steps_agree():
    histories = [
        model(run_eagerly=eagerly).fit(X, Y, epochs=2, verbose=0).history
        for eagerly in (False, True)
    ]
    assert set(histories[0]) == {"loss", "mae"}
    for name, values in histories[0].items():
        np.testing.assert_allclose(values, histories[1][name], rtol=1e-5)


@pytest.mark.parametrize("epochs", [2, 60])  # interpreted, and compiled
def test_batches_run_together_or_one_by_one_are_the_same(epochs):
    class AtEveryBatch(tf.keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs["loss"])

    seen = []
    histories = [
        model().fit(X, Y, batch_size=16, epochs=epochs, verbose=0, callbacks=callbacks).history
        for callbacks in ([], [AtEveryBatch()])
    ]
    assert len(seen) == 4 * epochs
    np.testing.assert_allclose(histories[0]["loss"], histories[1]["loss"], rtol=1e-5)


def test_sample_and_class_weights():
    weights = np.where(LABELS == 1, 2.0, 0.5)
    histories = [
        model("sparse_categorical_crossentropy", ["accuracy"])
        .fit(X, LABELS, epochs=2, verbose=0, **given)
        .history["loss"]
        for given in ({"sample_weight": weights}, {"class_weight": {0: 0.5, 1: 2.0}})
    ]
    assert histories[0] == histories[1]
    with pytest.raises(ValueError, match="must contain all classes"):
        model("sparse_categorical_crossentropy").fit(X, LABELS, class_weight={0: 1.0}, verbose=0)


def test_evaluate_and_predict():
    trained = model()
    loss, mae = trained.evaluate(X, Y, verbose=0)
    predictions = trained.predict(X)
    assert predictions.shape == (50, 2)
    np.testing.assert_allclose(loss, np.mean((predictions - Y) ** 2), rtol=1e-5)
    np.testing.assert_allclose(mae, np.mean(np.abs(predictions - Y)), rtol=1e-5)
    np.testing.assert_allclose(trained.evaluate(dataset(), verbose=0), [loss, mae], rtol=1e-5)
    np.testing.assert_allclose(trained.predict(X, batch_size=7), predictions, rtol=1e-6)


def test_a_second_fit_compiles_nothing():
    from reflow.core import profile

    trained = model()
    trained.fit(X, Y, batch_size=10, epochs=60, verbose=0)
    before = profile.counters.compiles
    trained.fit(X, Y, batch_size=10, epochs=60, verbose=0)
    assert profile.counters.compiles == before


@pytest.mark.parametrize(
    ("run", "error", "says"),
    [
        (lambda: tf.keras.Sequential([L.Dense(2)]).fit(X, Y), RuntimeError, "must compile"),
        (lambda: model().fit(X[:, :3], Y), ValueError, r"have shape \(4,\) but got.*\(3,\)"),
        (lambda: model().fit(X[0], Y), ValueError, "shape|samples"),
        (lambda: model().fit(X, Y[:30]), ValueError, "50 input samples and 30 target samples"),
        (lambda: model().fit(X, X), ValueError, "expects targets to have the same shape"),
        (lambda: model().fit(X[:0], Y[:0]), ValueError, "no samples"),
        (lambda: model().fit(X), ValueError, "no targets"),
        (lambda: model().fit([X, X], Y), ValueError, "Expected to see 1 array"),
        (lambda: model().fit(X, Y, steps_per_epoch=3), ValueError, "not divisible by steps 3"),
        (lambda: model().fit(X, Y, validation_split=0.999), ValueError, "leaves no samples"),
        (lambda: model().fit(dataset(), Y), ValueError, "`y` argument is not supported"),
        (lambda: model().fit(dataset().repeat()), ValueError, "infinitely repeating"),
        (lambda: model("foo"), ValueError, "Unknown loss function:foo"),
        (lambda: model(metrics=["foo"]), ValueError, "Unknown metric function:foo"),
        (lambda: model().compile("foo", "mse"), ValueError, "Unknown optimizer: foo"),
        (lambda: model().compile("sgd"), ValueError, "no loss to optimize"),
        (
            lambda: model("sparse_categorical_crossentropy").fit(X, LABELS + 7, verbose=0),
            tf.errors.InvalidArgumentError,
            "outside the valid range",
        ),
    ],
)
def test_bad_input(run, error, says):
    with pytest.raises(error, match=says):
        run()


def test_a_callback_that_raises_leaves_a_usable_model():
    class Breaks(tf.keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise KeyboardInterrupt

        def on_train_end(self, logs=None):
            ended.append(True)

    ended = []
    trained = model()
    with pytest.raises(KeyboardInterrupt):
        trained.fit(X, Y, epochs=3, verbose=0, callbacks=[Breaks()])
    assert ended == [True]
    assert np.isfinite(trained.evaluate(X, Y, verbose=0)).all()


def test_a_generator_that_ends_early_stops_training(capsys):
    def short():
        yield from (Batches()[i] for i in range(3))

    history = model().fit(short(), steps_per_epoch=5, epochs=1, verbose=0)
    assert len(history.history["loss"]) == 1
    assert "ran out of data" in capsys.readouterr().err


class Two(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = L.Dense(2), L.Dense(1)

    def call(self, x):
        return self.a(x), self.b(x)


@pytest.mark.parametrize("how", ["fit", "batch", "dataset", "evaluate"])
def test_a_model_of_ones_own_with_several_outputs(how):
    two = Two()
    two.compile("sgd", ["mse", "mae"], loss_weights=[1.0, 0.5])
    targets = (Y, Y[:, :1])
    if how == "fit":
        two.fit(X, list(targets), verbose=0)
    elif how == "batch":
        assert len(two.train_on_batch(X, list(targets))) == 3
    elif how == "evaluate":
        assert len(two.evaluate(X, list(targets), verbose=0)) == 3
    else:
        data = tf.data.Dataset.from_tensor_slices((X, targets)).batch(10)
        two.fit(data, verbose=0)
    assert two.metrics_names == ["loss", "output_1_loss", "output_2_loss"]


def test_a_step_that_proves_hot_is_compiled_in_full(monkeypatch):
    from reflow.core import batches, profile
    from reflow.keras.training import steps

    monkeypatch.setattr(steps, "INTERPRETED_SIZE", 0)
    trained = model()
    trained.train_on_batch(X, Y)
    before = profile.counters.tier_ups
    monkeypatch.setattr(batches, "HOT_WORK", 1)
    for _ in range(3):
        trained.train_on_batch(X, Y)
    assert profile.counters.tier_ups == before + 1


def short_of_data(kind, batches):
    x, y = np.tile(X, (2, 1))[: 10 * batches], np.tile(Y, (2, 1))[: 10 * batches]
    if kind == "dataset":
        return tf.data.Dataset.from_tensor_slices((x, y)).batch(10)
    return ((x[10 * i : 10 * i + 10], y[10 * i : 10 * i + 10]) for i in range(batches))


@pytest.mark.parametrize("kind", ["dataset", "generator"])
def test_data_that_run_out_end_the_training(kind, capsys):
    trained = model()
    history = trained.fit(short_of_data(kind, 5), steps_per_epoch=3, epochs=4, verbose=0)
    assert history.epoch == [0, 1]
    assert trained.stop_training
    assert "`steps_per_epoch * epochs` batches (in this case, 12" in capsys.readouterr().err
    with pytest.raises(ValueError, match="Empty training data"):
        model().fit(short_of_data(kind, 6), steps_per_epoch=3, epochs=4, verbose=0)


def test_targets_of_a_dataset_may_broadcast_and_must_be_there():
    data = tf.data.Dataset.from_tensor_slices((X, Y[:, :1])).batch(10)
    assert np.isfinite(model().fit(data, verbose=0).history["loss"][0])
    with pytest.raises(ValueError, match="no targets"):
        model().fit(tf.data.Dataset.from_tensor_slices(X).batch(10), verbose=0)


@pytest.mark.parametrize("moment", ["on_train_batch_end", "on_epoch_begin", "on_epoch_end"])
def test_ctrl_c_leaves_a_usable_model_and_whole_files(moment, tmp_path):
    def interrupt(self, *arguments):
        raise KeyboardInterrupt

    stop = type("Stop", (tf.keras.callbacks.Callback,), {moment: interrupt})()
    log = tf.keras.callbacks.CSVLogger(str(tmp_path / "log.csv"))
    saving = tf.keras.callbacks.ModelCheckpoint(str(tmp_path / "best.h5"))
    trained = model()
    trained.fit(X, Y, verbose=0, callbacks=[saving, log])
    with pytest.raises(KeyboardInterrupt):
        trained.fit(X, Y, epochs=3, verbose=0, callbacks=[saving, log, stop])
    assert log.csv_file is None or log.csv_file.closed
    assert tf.keras.models.load_model(str(tmp_path / "best.h5")).predict(X).shape == (50, 2)
    assert not list(tmp_path.glob("*tmp*"))
    assert len(trained.fit(X, Y, epochs=2, verbose=0).history["loss"]) == 2


def test_trainable_set_after_compile_is_pointed_out_by_the_summary(capsys, monkeypatch):
    from reflow.keras.models import model as module

    monkeypatch.setattr(module, "_warned", set())
    trained = model()
    trained.layers[0].trainable = False
    trained.summary()
    assert "Discrepancy between trainable weights and collected" in capsys.readouterr().err
    trained.compile("sgd", "mse")
    trained.summary()
    printed = capsys.readouterr()
    assert "Discrepancy" not in printed.err
    assert "Trainable params: 0" in printed.out


def test_the_first_batch_of_a_sequence_is_looked_at_once_more_as_in_tensorflow():
    asked = []

    class Asked(tf.keras.utils.Sequence):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            asked.append(index)
            return np.zeros((2, 2), "float32"), np.zeros((2, 1), "float32")

    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    model.fit(Asked(), epochs=2, shuffle=False, verbose=0)
    assert asked == [0, 0, 1, 0, 1]
