"""tf.autodiff.ForwardAccumulator: derivatives along a direction."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf

Accumulator = tf.autodiff.ForwardAccumulator
a = tf.constant([1.0, 2.0])
direction = tf.constant([3.0, 4.0])


def equal(found, expected):
    np.testing.assert_allclose(found, np.array(expected, np.float32), rtol=1e-6)


@pytest.mark.smoke
def test_products():
    with Accumulator(a, direction) as accumulator:
        y = a * a
        z = tf.reduce_sum(y)
    equal(accumulator.jvp(y), [6, 16])
    equal(accumulator.jvp(z), 22)
    equal(accumulator.jvp(a), direction)
    pair = accumulator.jvp([y, {"z": z}])
    equal(pair[1]["z"], 22)
    assert accumulator.jvp(direction) is None
    equal(accumulator.jvp(direction, unconnected_gradients="zero"), [0, 0])


def test_several_primals_and_variables():
    v = tf.Variable([1.0, 2.0])
    with Accumulator([v, a], [direction, direction]) as accumulator:
        y = v * a
        equal(accumulator.jvp(y), [6, 16])


def test_second_order():
    with Accumulator(a, direction) as outer:
        with Accumulator(a, direction) as inner:
            y = a * a * a
        first = inner.jvp(y)
    equal(first, [9, 48])
    equal(outer.jvp(first), 6 * a.numpy() * direction.numpy() ** 2)


def test_gradient_of_a_product():
    with tf.GradientTape() as tape:
        tape.watch(a)
        with Accumulator(a, direction) as accumulator:
            y = a * a * a
        product = accumulator.jvp(y)
    equal(tape.gradient(product, a), 6 * a.numpy() * direction.numpy())


def test_inside_a_function():
    @tf.function
    def f(x):
        with Accumulator(x, direction) as accumulator:
            y = tf.sin(x)
        return accumulator.jvp(y)

    equal(f(a), np.cos(a) * direction)


def test_errors():
    with pytest.raises(ValueError, match="same nested structure"):
        Accumulator(a, [direction])
    with pytest.raises(ValueError, match="dtype"):
        Accumulator(a, tf.constant([1, 2]))
    with Accumulator(a, direction) as accumulator:
        with pytest.raises(ValueError, match="already recording"):
            accumulator.__enter__()
