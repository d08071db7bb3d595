"""Operators of tensors and variables; expected values are TensorFlow 2.1.0's."""

from __future__ import annotations

import operator

import numpy as np
import pytest

import reflow as tf

ARITHMETIC = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]


@pytest.mark.parametrize("function", ARITHMETIC, ids=lambda f: f.__name__)
@pytest.mark.parametrize("number", [2.0, 3, np.float64(1.5), [1.0, 4.0], np.array([2.0, 5.0])])
def test_a_variable_acts_as_its_value(function, number):
    values = [2.0, 4.0]
    tensor, variable = tf.constant(values), tf.Variable(values)
    for left, right in ((tensor, number), (number, tensor)):
        expected = function(left, right).numpy()
        swapped = [variable if side is tensor else side for side in (left, right)]
        np.testing.assert_array_equal(function(*swapped).numpy(), expected)
    np.testing.assert_array_equal(
        function(variable, variable).numpy(), function(tensor, tensor).numpy()
    )


def test_division_gives_python_numbers_the_tensors_dtype():
    assert (tf.constant(3.0) / 2).dtype == tf.float32
    assert (tf.constant(3) / 2).dtype == tf.float64
    with pytest.raises(TypeError, match=r"must have the same dtype, got tf\.float32 != tf\.int32"):
        tf.truediv(tf.constant(3.0), 2)


def test_left_and_right_numbers_fail_differently():
    x = tf.constant([1, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"input #1.*\[Op:AddV2\] name: add/"):
        x + 2.5
    with pytest.raises(TypeError, match=r"Cannot convert 2\.5 to EagerTensor of dtype int32"):
        2.5 + x


def test_equality_with_what_does_not_fit():
    x = tf.constant([1.0, 2.0])
    assert (x == None) is False  # noqa: E711
    assert (x != None) is True  # noqa: E711
    assert not (x == tf.constant([1.0, 2.0, 3.0])).numpy()
    assert (x != tf.constant([1.0, 2.0, 3.0])).numpy()
    with pytest.raises(ValueError, match="unsupported type"):
        tf.Variable(1.0) == None  # noqa: B015, E711


def test_strings():
    text = tf.constant(["a", "b"])
    assert (text + "c").numpy().tolist() == [b"ac", b"bc"]
    assert ("c" + text).numpy().tolist() == [b"ca", b"cb"]
    assert (text == "a").numpy().tolist() == [True, False]
    assert (text == ["a", "b", "c"]).numpy() == np.False_
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[2\] vs\. \[3\]"):
        text + ["a", "b", "c"]
    with pytest.raises(tf.errors.NotFoundError):
        text * text


def test_fast_powers_keep_the_special_cases_of_pow():
    x = tf.constant([-8.0, -0.0, -np.inf, 9.0])
    np.testing.assert_array_equal((x**0.5).numpy(), [np.nan, 0.0, np.inf, 3.0])
    assert not np.signbit((x**0.5).numpy()[1])
    np.testing.assert_array_equal((x**2).numpy(), [64.0, 0.0, np.inf, 81.0])
    np.testing.assert_array_equal((x**-1).numpy(), [-0.125, -np.inf, 0.0, np.float32(1 / 9)])
    assert (tf.constant(3) ** 100).numpy() == 3**100 % 2**32 - 2**32 * (3**100 % 2**32 >= 2**31)


def test_a_changing_exponent_is_no_new_program():
    from reflow.core import profile

    x = tf.constant([1.0, 2.0])
    for step in range(3):
        (x ** (1.5 + step)).numpy()
        if step == 0:
            misses = profile.counters.misses
    assert profile.counters.misses == misses
