"""Bands of diagonals: TF 2.1.0 documents them but ignores ``k``, so no golden row can hold them.

The expected matrices are those of its ops MatrixDiagV2, MatrixDiagPartV2 and MatrixSetDiagV2.
"""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf


def test_one_diagonal_beside_the_main_one():
    above = tf.linalg.diag([1, 2, 3], k=1, padding_value=9)
    assert above.numpy().tolist() == [[9, 1, 9, 9], [9, 9, 2, 9], [9, 9, 9, 3], [9, 9, 9, 9]]
    below = tf.linalg.diag([1, 2], k=-1)
    assert below.numpy().tolist() == [[0, 0, 0], [1, 0, 0], [0, 2, 0]]


def test_a_band_has_the_highest_diagonal_first():
    band = [[1, 2, 0], [4, 5, 6], [7, 8, 0]]
    matrix = tf.linalg.diag(band, k=(-1, 1), padding_value=9)
    assert matrix.numpy().tolist() == [[4, 1, 9], [7, 5, 2], [9, 8, 6]]
    assert tf.linalg.diag_part(matrix, k=(-1, 1)).numpy().tolist() == band


def test_the_size_of_the_matrix():
    assert tf.linalg.diag([1, 2], num_rows=3).shape == (3, 2)
    assert tf.linalg.diag([1, 2], num_cols=3).shape == (2, 3)
    assert tf.linalg.diag([1, 2], k=1, num_rows=2).shape == (2, 3)


def test_reading_bands_of_an_oblong_matrix():
    x = np.arange(12).reshape(3, 4)
    assert tf.linalg.diag_part(x, k=1).numpy().tolist() == [1, 6, 11]
    assert tf.linalg.diag_part(x, k=-2).numpy().tolist() == [8]
    band = tf.linalg.diag_part(x, k=(-1, 2), padding_value=-1).numpy().tolist()
    assert band == [[2, 7, -1], [1, 6, 11], [0, 5, 10], [4, 9, -1]]


def test_replacing_bands():
    x = np.zeros((3, 4), np.int32)
    replaced = tf.linalg.set_diag(x, [[1, 2, 3], [4, 5, 6]], k=(0, 1)).numpy().tolist()
    assert replaced == [[4, 1, 0, 0], [0, 5, 2, 0], [0, 0, 6, 3]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"k": (1, 0)}, "lower_diag_index must not be larger than upper_diag_index: 1 > 0"),
        ({"k": (0, 1, 2)}, "only one or two elements, received 3"),
        ({"k": (0, 1)}, "number of diagonals provided in the input"),
        ({"num_rows": 1}, "number of rows is too small"),
        ({"num_cols": 1}, "number of columns is too small"),
        ({"num_rows": 3, "num_cols": 4}, "not consistent"),
    ],
)
def test_what_does_not_fit_together(arguments, says):
    with pytest.raises(tf.errors.InvalidArgumentError, match=says):
        tf.linalg.diag([1, 2], **arguments)


def test_a_diagonal_that_is_not_there():
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be between -3 and 4"):
        tf.linalg.diag_part(np.zeros((3, 4)), k=4)


def test_gradients_go_to_the_elements_that_count():
    diagonals = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    with tf.GradientTape() as tape:
        tape.watch(diagonals)
        matrix = tf.linalg.diag(diagonals, k=(-1, 0))
    weights = tf.constant(np.arange(9, dtype=np.float32).reshape(3, 3))
    gradient = tape.gradient(matrix, diagonals, output_gradients=weights)
    assert gradient.numpy().tolist() == [[0, 4, 8], [3, 7, 0]]
