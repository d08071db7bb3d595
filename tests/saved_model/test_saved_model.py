"""``tf.saved_model`` for Keras models, and what it says of others."""

from pathlib import Path

import numpy as np
import pytest

import reflow as tf

FILES = Path(__file__).parents[1] / "golden" / "files" / "keras"
X = np.eye(4, dtype="float32")


def test_a_model_of_tensorflow():
    path = str(FILES / "sequential")
    assert tf.saved_model.contains_saved_model(path)
    model = tf.saved_model.load(path)
    outputs = model(X)
    serve = model.signatures["serving_default"]
    for found in (serve(tf.constant(X)), serve(hidden_input=tf.constant(X))):
        assert list(found) == ["scores"]
        np.testing.assert_array_equal(found["scores"], outputs)
    assert serve.structured_outputs == {"scores": tf.TensorSpec([None, 3], tf.float32, "scores")}
    with pytest.raises(TypeError, match=r"Expected argument names \['hidden_input'\]"):
        serve(nope=X)
    with pytest.raises(TypeError, match="Expected at most 1 positional arguments"):
        serve(X, X)


def test_there_and_back(tmp_path):
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(4,))])
    path = str(tmp_path / "m")
    assert not tf.saved_model.contains_saved_model(path)
    tf.saved_model.save(model, path)
    np.testing.assert_array_equal(tf.saved_model.load(path)(X), model(X))


def test_what_is_refused(tmp_path):
    path = str(tmp_path / "m")
    module = tf.Module()
    module.v = tf.Variable(1.0)
    with pytest.raises(NotImplementedError, match=r"no Keras model.*tf\.train\.Checkpoint"):
        tf.saved_model.save(module, path)
    with pytest.raises(ValueError, match="Expected a Trackable object for export, got 3"):
        tf.saved_model.save(3, path)
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(4,))])
    with pytest.raises(NotImplementedError, match="signatures"):
        tf.saved_model.save(model, path, signatures={"f": tf.function(lambda x: x)})
    with pytest.raises(OSError, match="SavedModel file does not exist at"):
        tf.saved_model.load(path)
