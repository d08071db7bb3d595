"""The event files of the TensorBoard callback; the expected tags and values are TF 2.1.0's."""

import numpy as np
import pytest

import reflow as tf
from reflow.io._protos import message
from reflow.summary import _plain

L = tf.keras.layers
X = np.random.RandomState(0).rand(40, 4).astype("float32")
Y = np.random.RandomState(1).randint(0, 3, 40)
EPOCH = ["epoch_loss", "epoch_accuracy"]
WEIGHTS = ["d/kernel_0", "d/bias_0", "e/kernel_0", "e/bias_0"]
BATCH = ["batch_loss", "batch_accuracy"]


def run(folder, **arguments):
    model = tf.keras.Sequential(
        [L.Dense(5, input_shape=(4,), name="d"), L.Dense(3, activation="softmax", name="e")]
    )
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    callback = tf.keras.callbacks.TensorBoard(str(folder), **arguments)
    history = model.fit(
        X, Y, 8, epochs=2, verbose=0, callbacks=[callback], validation_data=(X, Y)
    ).history
    return model, history


def values(folder):
    """Triples of step, tag, Summary.Value, without the version."""
    (path,) = folder.glob("*.v2")
    events = list(tf.compat.v1.train.summary_iterator(str(path)))
    assert events[0].file_version == "brain.Event:2"
    return [(e.step, v.tag, v) for e in events for v in e.summary.value]


def tags(folder):
    return [(step, tag) for step, tag, _ in values(folder)]


def steps(step, names):
    return [(step, name) for name in names]


def batches(*places):
    """What update_freq gives for 5 batches in each of 2 epochs."""
    found = []
    for epoch in range(2):
        for place in places:
            found += steps(5 * epoch + place, BATCH)
        found += steps(epoch, EPOCH)
    return found


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"write_graph": False}, [*steps(0, EPOCH), *steps(1, EPOCH)]),
        ({}, [(0, "keras"), *steps(0, EPOCH), *steps(1, EPOCH)]),
        (
            {"write_graph": False, "histogram_freq": 1},
            [*steps(0, EPOCH + WEIGHTS), *steps(1, EPOCH + WEIGHTS)],
        ),
        (
            {"write_graph": False, "histogram_freq": 2, "write_images": True},
            [
                *steps(0, EPOCH),
                *[(0, t) for w in WEIGHTS for t in (w, f"{w}/image/0")],
                *steps(1, EPOCH),
            ],
        ),
        ({"write_graph": False, "update_freq": "batch"}, batches(0, 1, 2, 3, 4)),
        ({"write_graph": False, "update_freq": 2}, batches(0, 2, 4)),
        ({"write_graph": False, "update_freq": 16}, batches(0)),
        ({"write_graph": False, "write_grads": True, "batch_size": 3}, batches()),
    ],
)
def test_tags(arguments, expected, tmp_path):
    run(tmp_path, profile_batch=0, **arguments)
    assert tags(tmp_path / "train") == expected
    assert tags(tmp_path / "validation") == batches()


def test_values_are_those_of_the_history(tmp_path):
    model, history = run(tmp_path, histogram_freq=1, write_images=True)
    found = {(step, tag): value for step, tag, value in values(tmp_path / "train")}
    for epoch in range(2):
        for name in ("loss", "accuracy"):
            written = found[epoch, f"epoch_{name}"].simple_value
            assert written == pytest.approx(history[name][epoch], rel=1e-6)
    kernel = model.layers[0].kernel.numpy()
    histogram = found[1, "d/kernel_0"].histo
    assert (histogram.num, histogram.min, histogram.max) == (20, kernel.min(), kernel.max())
    picture = found[1, "d/kernel_0/image/0"].image
    assert (picture.height, picture.width, picture.colorspace) == (4, 5, 1)
    layers = found[0, "keras"]
    assert layers.tensor.string_val[0].decode() == model.to_json()
    assert layers.metadata.plugin_data.plugin_name == "graph_keras_model"


def test_an_evaluation_of_its_own_and_a_second_fit_begin_new_files(tmp_path):
    model, _ = run(tmp_path)
    callback = tf.keras.callbacks.TensorBoard(str(tmp_path))
    model.evaluate(X, Y, verbose=0, callbacks=[callback])
    assert len(list((tmp_path / "train").glob("*.v2"))) == 2


def test_embeddings(tmp_path):
    model = tf.keras.Sequential([L.Embedding(10, 3, input_length=4, name="words"), L.Flatten()])
    model.compile("sgd", "mse")
    callback = tf.keras.callbacks.TensorBoard(
        str(tmp_path), embeddings_freq=1, embeddings_metadata={"words": "labels.tsv"}
    )
    model.fit(np.zeros((4, 4)), np.zeros((4, 12)), verbose=0, callbacks=[callback])
    assert (tmp_path / "projector_config.pbtxt").read_text() == (
        'embeddings {\n  tensor_name: "words/embeddings:0"\n  metadata_path: "labels.tsv"\n}\n'
    )
    assert (tmp_path / "train" / "keras_embedding.ckpt-0.index").exists()
    wrong = tf.keras.callbacks.TensorBoard(
        str(tmp_path), embeddings_freq=1, embeddings_metadata={"nope": "x"}
    )
    with pytest.raises(ValueError, match="Unrecognized `Embedding` layer names"):
        model.fit(np.zeros((4, 4)), np.zeros((4, 12)), verbose=0, callbacks=[wrong])


def test_arguments():
    with pytest.raises(ValueError, match=r"Unrecognized arguments in `TensorBoard`.*foo"):
        tf.keras.callbacks.TensorBoard("x", foo=1)
    with pytest.raises(TypeError, match="update_freq"):
        tf.keras.callbacks.TensorBoard("x", update_freq="never")


LARGEST = 1.7976931348623157e308


@pytest.mark.parametrize(
    ("numbers", "limits", "counts"),
    [
        (
            [0.0, 1.0, 2.0],
            [
                0.0, 1e-12, 0.917246389039776, 1.0089710279437536, 1.9661990955585713,
                2.1628190051144287, LARGEST,
            ],
            [0, 1, 0, 1, 0, 1, 0],
        ),
        (
            [-1.5, 0.0, 3.0, 3.0, 1e-13],
            [
                -1.624957930213695, -1.47723448201245, 0.0, 1e-12, 2.8787120958073054,
                3.1665833053880363, LARGEST,
            ],
            [0, 1, 0, 2, 0, 2, 0],
        ),
        ([5.0] * 3, [4.636194617418625, 5.099814079160488, LARGEST], [0, 3, 0]),
        ([], [LARGEST], [0]),
        (
            [1e30, -1e30],
            [-LARGEST, -9.920775621859783e19, 9.920775621859783e19, LARGEST],
            [0, 1, 0, 1],
        ),
    ],
)  # fmt: skip
def test_buckets_of_histograms(numbers, limits, counts):
    summary = message("Summary")()
    _plain.histogram(summary, "h", np.array(numbers, np.float32))
    found = summary.value[0].histo
    np.testing.assert_array_equal(found.bucket_limit, limits)
    np.testing.assert_array_equal(found.bucket, counts)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_histograms_of_what_is_not_finite(bad):
    with pytest.raises(tf.errors.InvalidArgumentError, match="in summary histogram for: h"):
        _plain.histogram(message("Summary")(), "h", [1.0, bad])


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.arange(6).reshape(2, 3, 1) - 2.0, [[43, 85, 128], [170, 212, 255]]),
        (np.arange(6).reshape(2, 3, 1) * 1.0, [[0, 51, 102], [153, 204, 255]]),
        (np.zeros((2, 2, 1)), [[0, 0], [0, 0]]),
        (np.arange(4, 8).reshape(2, 2, 1) * 1.0, [[145, 182], [218, 254]]),
        (np.array([[[np.nan], [1.0]]]), [[255, 255]]),
    ],
)
def test_pixels(pixels, expected):
    found = _plain._bytes(np.asarray(pixels, np.float32))
    np.testing.assert_array_equal(found[..., 0], expected)
