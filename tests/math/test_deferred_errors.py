"""Errors that depend on values: raised at once where they are known, else when they are read."""

from __future__ import annotations

import pytest

import reflow as tf

ZERO = r"Integer division by zero \[Op:FloorDiv\] name: floordiv/"


def test_division_by_a_known_zero():
    with pytest.raises(tf.errors.InvalidArgumentError, match=ZERO):
        tf.constant([1, 2]) // 0


def test_division_by_a_zero_that_is_computed():
    x = tf.constant([1, 2])
    quotient = x // (x - x)
    with pytest.raises(tf.errors.InvalidArgumentError, match=ZERO) as raised:
        quotient.numpy()
    assert "test_deferred_errors.py" in str(raised.value)


def test_division_by_zero_in_a_function():
    @tf.function
    def divide(x, y):
        return x // y

    assert divide(tf.constant(7), tf.constant(2)).numpy() == 3
    with pytest.raises(tf.errors.InvalidArgumentError, match=ZERO):
        divide(tf.constant(7), tf.constant(0)).numpy()


def test_floating_division_by_zero_is_no_error():
    x = tf.constant([1.0, -1.0])
    assert (x // (x - x)).numpy().tolist() == [float("inf"), float("-inf")]


def test_negative_powers_of_integers():
    x = tf.constant([1, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match="negative integer powers"):
        x**-1
    with pytest.raises(tf.errors.InvalidArgumentError, match="negative integer powers"):
        (x ** (x - 2)).numpy()


def test_segments():
    x = tf.constant([1.0, 2.0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="segment ids are not increasing"):
        tf.math.segment_sum(x, [1, 0])
    ids = tf.constant([0, 1]) * 3
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"segment_ids\[1\] = 3 is out of"):
        tf.math.unsorted_segment_sum(x, ids, 3).numpy()


def test_permutations():
    with pytest.raises(tf.errors.InvalidArgumentError, match="0 is duplicated in the input"):
        tf.math.invert_permutation([2, 0, 0])
    with pytest.raises(tf.errors.InvalidArgumentError, match="3 is not between 0 and 3"):
        tf.math.invert_permutation([3, 0, 1])


def test_confusion_matrix():
    with pytest.raises(tf.errors.InvalidArgumentError, match="`labels` out of bound"):
        tf.math.confusion_matrix([0, 2], [0, 1], num_classes=2)
    predictions = tf.constant([0, 1]) - 1
    with pytest.raises(tf.errors.InvalidArgumentError, match="`predictions` contains negative"):
        tf.math.confusion_matrix([0, 1], predictions, num_classes=2).numpy()


def test_sizes_that_depend_on_values_keep_a_function_from_being_compiled():
    @tf.function
    def sums(ids):
        return tf.math.segment_sum(tf.constant([1.0, 2.0]), ids)

    assert sums(tf.constant([0, 0])).numpy().tolist() == [3.0]
    assert sums(tf.constant([0, 1])).numpy().tolist() == [1.0, 2.0]
