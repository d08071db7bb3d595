"""tf.custom_gradient: wherever the op stands, its own backward function is used."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf

x = tf.constant(3.0)
w = tf.constant([1.0, 2.0])


@tf.custom_gradient
def tenfold(a):
    """a squared, with a gradient of 10."""
    return a * a, lambda dy: dy * 10.0


@tf.custom_gradient
def product(a, b):
    return a * b, lambda dy: (dy * b * 100.0, dy * a * 1000.0)


@tf.custom_gradient
def double_and_triple(a):
    return (a * 2.0, a * 3.0), lambda d2, d3: d2 * 10.0 + d3 * 100.0


def gradient(function, *sources):
    with tf.GradientTape() as tape:
        tape.watch([s for s in sources if not isinstance(s, tf.Variable)])
        y = function(*[s for s in sources if not isinstance(s, tf.Variable)])
    return [None if g is None else g.numpy().tolist() for g in tape.gradient(y, sources)]


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (tenfold, 10),
        (lambda a: tenfold(tenfold(a)) * 2.0, 200),
        (lambda a: tenfold(a * 3.0) * a, 10 * 3 * 3 + 81),
        (lambda a: product(a, a), 3 * 100 + 3 * 1000),
        (lambda a: double_and_triple(a)[0], 10),
        (lambda a: double_and_triple(a)[0] * double_and_triple(a)[1], 9 * 10 + 6 * 100),
        (lambda a: tenfold(a) + a, 11),
        (tf.grad_pass_through(tf.round), 1),
        (tf.recompute_grad(lambda a: a * a), 6),
    ],
)
@pytest.mark.parametrize("place", ["eager", "read", "through", "inside"])
def test_in_every_place(function, expected, place):
    if place == "read":  # the values are computed in the middle

        def used(a):
            y = function(a)
            float(y)
            return y * 1.0
    elif place == "through":
        used = tf.function(function)
    else:
        used = function
    if place == "inside":
        found = tf.function(lambda a: tf.gradients(used(a), a)[0])(x)
        assert float(found) == pytest.approx(expected)
    else:
        assert gradient(used, x) == [pytest.approx(expected)]


def test_without_a_tape():
    assert float(tenfold(3.0)) == 9.0
    assert tenfold(np.float32([1.0, 2.0])).numpy().tolist() == [1.0, 4.0]


@pytest.mark.parametrize("compiled", [False, True])
def test_variables(compiled):
    v = tf.Variable(2.0)

    @tf.custom_gradient
    def scaled(a):
        def backward(dy, variables=None):
            assert [u is v for u in variables] == [True]
            return dy * 5.0, [dy * 7.0]

        return a * v, backward

    assert gradient(tf.function(scaled) if compiled else scaled, x, v) == [5.0, 7.0]

    @tf.custom_gradient
    def careless(a):
        return a * v, lambda dy: dy

    with pytest.raises(TypeError, match="grad_fn must accept a keyword argument 'variables'"):
        gradient(careless, x)


def test_a_variable_as_argument():
    v = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = tenfold(v)
    assert float(tape.gradient(y, v)) == 10.0


def test_none_is_no_gradient():
    constant = tf.custom_gradient(lambda a: (a * 2.0, lambda dy: None))
    first = tf.custom_gradient(lambda a, b: (a * b, lambda dy: (dy, None)))
    assert gradient(constant, x) == [None]
    assert gradient(lambda a: constant(a) + a, x) == [1.0]
    assert gradient(first, x, tf.constant(2.0)) == [1.0, None]


def test_the_wrong_number_of_gradients():
    wrong = tf.custom_gradient(lambda a, b: (a * b, lambda dy: dy))
    with pytest.raises(ValueError, match="expected to return 2 gradients but returned 1"):
        gradient(wrong, x, w)


def test_second_derivatives_go_through_the_backward_function():
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = product(x, x) * x
        g = inner.gradient(y, x)
    # y' = a^2 + a (100 a + 1000 a) = 1101 a^2
    assert float(g) == 1101 * 9
    found = float(outer.gradient(g, x))
    # the first a^2 is again the product, whose own gradient is 1100 a
    assert found == 1100 * 3 + 1100 * 2 * 3


def test_a_backward_function_with_a_gradient_of_its_own():
    @tf.custom_gradient
    def square(a):
        @tf.custom_gradient
        def backward(dy, b):
            return dy * 2.0 * b, lambda ddy: (7.0 * ddy, 11.0 * ddy)

        return a * a, lambda dy: backward(dy, a)

    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = square(x)
        g = inner.gradient(y, x)
    assert (float(g), float(outer.gradient(g, x))) == (6.0, 11.0)


def test_values_that_overflow():
    @tf.custom_gradient
    def log1pexp(a):
        e = tf.exp(a)
        return tf.math.log(1.0 + e), lambda dy: dy * (1.0 - 1.0 / (1.0 + e))

    assert gradient(log1pexp, tf.constant(100.0)) == [1.0]


def test_jacobians():
    for y in (lambda a: tenfold(a) * a, tf.function(lambda a: tenfold(a) * a)):
        with tf.GradientTape() as tape:
            tape.watch(w)
            result = y(w)
        np.testing.assert_allclose(tape.jacobian(result, w), np.diag([1 + 10, 4 + 20]))


def test_structures():
    @tf.custom_gradient
    def f(pair):
        return {"sum": pair[0] + pair[1]}, lambda dy: (dy * 2.0, dy * 3.0)

    with tf.GradientTape() as tape:
        tape.watch([x, w])
        y = f((x, w))["sum"]
    by_x, by_w = tape.gradient(y, [x, w])  # what the function returns, whatever its shape
    assert (by_x.numpy().tolist(), by_w.numpy().tolist()) == ([2.0, 2.0], [3.0, 3.0])


def test_clipping_what_arrives():
    clipped = tf.custom_gradient(lambda a: (tf.identity(a), lambda dy: tf.clip_by_norm(dy, 0.5)))
    (found,) = gradient(lambda a: clipped(a) * 100.0, w)
    np.testing.assert_allclose(found, np.full(2, 0.5 / np.sqrt(2)), rtol=1e-6)
