"""Rows of an HDF5 file; what TensorFlow 2.1.0 gave for the same file stands in the table."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf

h5py = pytest.importorskip("h5py")

A = np.arange(20, dtype=np.float32).reshape(10, 2)


@pytest.fixture
def path(tmp_path):
    """A file with the data sets ``a`` and ``y``."""
    path = str(tmp_path / "file.h5")
    with h5py.File(path, "w") as file:
        file["a"] = A
        file["y"] = np.arange(10)
    yield path
    opened = tf.keras.utils.HDF5Matrix.refs.pop(path, None)
    if opened is not None:
        opened.close()


@pytest.mark.parametrize(("start", "end"), [(0, None), (2, 7), (5, None), (0, 3)])
def test_it_is_like_the_array(path, start, end):
    matrix = tf.keras.utils.HDF5Matrix(path, "a", start, end)
    array = A[start:end]
    assert len(matrix) == len(array)
    assert (matrix.shape, matrix.dtype, matrix.ndim, matrix.size) == (
        array.shape, array.dtype, array.ndim, array.size,
    )  # fmt: skip
    for key in [0, 2, np.int64(1), -1, slice(1, 3), slice(None), slice(1, None), slice(None, 2)]:
        assert (matrix[key] == array[key]).all()
    for key in [[0, 2], (0, 2), np.array([0, 2])]:
        assert (matrix[key] == array[[0, 2]]).all()
    assert (np.array(matrix) == array).all()
    assert np.array(matrix, np.float64).dtype == np.float64
    assert (np.stack(list(matrix)) == array).all()


def test_rows_are_normalized_when_they_are_read(path):
    matrix = tf.keras.utils.HDF5Matrix(path, "a", 2, 7, normalizer=lambda rows: rows * 10)
    assert matrix[0].tolist() == [40, 50]
    assert matrix[:2].tolist() == [[40, 50], [60, 70]]


@pytest.mark.parametrize("key", [5, -6, slice(2, 9), [1, 9], np.array([7])])
def test_there_is_nothing_outside(path, key):
    with pytest.raises(IndexError, match="it has 5"):
        tf.keras.utils.HDF5Matrix(path, "a", 2, 7)[key]


def test_what_is_not_there(path, tmp_path):
    with pytest.raises(KeyError):
        tf.keras.utils.HDF5Matrix(path, "b")
    with pytest.raises(OSError, match="No such file"):
        tf.keras.utils.HDF5Matrix(str(tmp_path / "none.h5"), "a")
    with pytest.raises(TypeError):
        tf.keras.utils.HDF5Matrix(path, "a")["a"]


def test_a_file_is_opened_once(path):
    x, y = tf.keras.utils.HDF5Matrix(path, "a"), tf.keras.utils.HDF5Matrix(path, "y")
    assert x.data.file == y.data.file == tf.keras.utils.HDF5Matrix.refs[path]
