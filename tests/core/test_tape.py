"""Gradient tapes: hand-derived gradients in every order of recording, watching and reading."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf

Tape = tf.GradientTape


@pytest.fixture
def x():
    return tf.constant(3.0)


@pytest.fixture
def v():
    return tf.Variable(2.0)


@pytest.fixture
def w():
    return tf.Variable([1.0, 2.0])


def equal(gradient, expected):
    """Compares a gradient, or a structure of them, with numbers; None only equals None."""
    if expected is None or gradient is None:
        assert gradient is None
        assert expected is None
    elif isinstance(expected, tuple):
        for part, number in zip(gradient, expected, strict=True):
            equal(part, number)
    else:
        np.testing.assert_allclose(gradient, np.array(expected, np.float32), rtol=1e-5)


# ---------------------------------------------------------------- one tape


@pytest.mark.smoke
def test_watched_constant(x):
    with Tape() as tape:
        tape.watch(x)
        y = x * x
    equal(tape.gradient(y, x), 6)


def test_trainable_variables_are_watched(x, v):
    with Tape() as tape:
        y = v * v * x
    equal(tuple(tape.gradient(y, [v, x])), (12, None))


def test_untrainable_variables_are_not(v):
    fixed = tf.Variable(3.0, trainable=False)
    with Tape() as tape:
        y = fixed * v
    equal(tuple(tape.gradient(y, [fixed, v])), (None, 3))
    with Tape() as tape:
        tape.watch(fixed)
        y = fixed * v
    equal(tuple(tape.gradient(y, [fixed, v])), (2, 3))


def test_watch_accessed_variables_off(v, w):
    with Tape(watch_accessed_variables=False) as tape:
        tape.watch(w)
        y = w * v
    assert [a is b for a, b in zip(tape.watched_variables(), [w], strict=True)] == [True]
    equal(tuple(tape.gradient(y, [w, v])), ([2, 2], None))


def test_two_tapes_of_different_kinds_at_one_place(v):
    with Tape() as every, Tape(watch_accessed_variables=False) as none:
        y = v * v
        float(y)
        z = y * v
    equal(every.gradient(z, v), 12)
    equal(none.gradient(z, v), None)


def test_a_tape_watches_nested_structures(x, w):
    a = tf.constant(5.0)
    with Tape() as tape:
        tape.watch([x, {"a": a}])
        y = x * a
    equal(tuple(tape.gradient(y, [x, a])), (5, 3))


def test_watching_late_counts_from_then_on(x):
    with Tape() as tape:
        y = x * x
        tape.watch(x)
        z = y + x * 5.0
    equal(tape.gradient(z, x), 5)


def test_watching_an_intermediate(x):
    with Tape() as tape:
        y = x * x
        tape.watch(y)
        z = y * x
    equal(tuple(tape.gradient(z, [x, y])), (None, 3))


def test_gradient_by_an_intermediate(x):
    with Tape() as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    equal(tape.gradient(z, y), 18)


def test_ops_outside_do_not_count(w):
    with Tape() as tape:
        y = w * w
    z = y * 3.0
    equal(tape.gradient(z, w), None)


def test_what_was_made_before_is_a_constant(v):
    y = v * 2.0
    with Tape() as tape:
        tape.watch(y)
        z = y * y
    equal(tuple(tape.gradient(z, [v, y])), (None, 8))


def test_branches_of_python(v):
    with Tape() as tape:
        y = v * 3.0 if v > 1.0 else v
    equal(tape.gradient(y, v), 3)


def test_an_exception_leaves_the_tape_usable(w):
    tape = Tape()
    with pytest.raises(KeyError), tape:  # noqa: PT012
        y = w * w
        raise KeyError
    equal(tape.gradient(y, w), [2, 4])


def test_a_failing_op_inside(w):
    with Tape() as tape:
        y = w * w
        with pytest.raises(tf.errors.InvalidArgumentError):
            tf.matmul(y, y)
        z = y * w
    equal(tape.gradient(z, w), [3, 12])


def test_several_outputs_of_one_op(w):
    with Tape() as tape:
        first, second = tf.split(w, 2)
        y = first * 3.0
    equal(tape.gradient([y, second], w), [3, 1])


def test_stop_gradient(w, v):
    with Tape() as tape:
        y = tf.stop_gradient(w * w) * v + w
    equal(tuple(tape.gradient(y, [w, v])), ([1, 1], 5))


def test_numbers_are_constants(x):
    with Tape() as tape:
        tape.watch(x)
        y = 3.0 * x + x**2 - x / 4.0
    equal(tape.gradient(y, x), 3 + 6 - 0.25)


def test_complex_gradients_are_conjugated():
    c = tf.constant([1 + 2j, 3 - 1j])
    with Tape(persistent=True) as tape:
        tape.watch(c)
        square = c * c
        size = tf.abs(c)
    np.testing.assert_allclose(tape.gradient(square, c), np.conj(2 * c.numpy()))
    np.testing.assert_allclose(tape.gradient(size, c), c.numpy() / abs(c.numpy()), rtol=1e-6)


# ---------------------------------------------------------------- targets, sources, seeds


def test_targets_are_summed(w):
    with Tape() as tape:
        y, z = w * 3.0, w * w
    equal(tape.gradient({"b": y, "a": z}, w), [5, 7])


def test_sources_keep_their_structure(w, v):
    with Tape() as tape:
        y = w * v
    gradients = tape.gradient(y, {"q": w, "p": [v, (v,)]})
    equal(gradients["q"], [2, 2])
    equal(gradients["p"][0], 3)
    assert type(gradients["p"][1]) is tuple


def test_a_source_twice_and_a_target_twice(w):
    with Tape(persistent=True) as tape:
        y = w * 3.0
    equal(tuple(tape.gradient(y, [w, w])), ([3, 3], [3, 3]))
    equal(tape.gradient([y, y], w), [6, 6])


def test_output_gradients(w):
    with Tape(persistent=True) as tape:
        y = w * w
    equal(tape.gradient(y, w, output_gradients=tf.constant([1.0, 10.0])), [2, 40])
    equal(tape.gradient(y, w, output_gradients=2.0), [4, 8])
    seeds = [tf.constant([1.0, 10.0]), tf.ones([2])]
    equal(tape.gradient([y, y], w, output_gradients=seeds), [4, 44])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes"):
        tape.gradient(y, w, output_gradients=tf.ones([3]))
    with pytest.raises(ValueError, match="one gradient per target"):
        tape.gradient([y, y], w, output_gradients=[y])


def test_unconnected_sources(w, v, x):
    with Tape(persistent=True) as tape:
        y = w * 1.0
    equal(tuple(tape.gradient(y, [v, x])), (None, None))
    equal(tuple(tape.gradient(y, [v, x], unconnected_gradients="zero")), (0, 0))
    zero = tf.UnconnectedGradients.ZERO
    equal(tape.gradient(y, {"v": v}, unconnected_gradients=zero)["v"], 0)
    with pytest.raises(ValueError, match="Unknown value for unconnected_gradients: 'other'"):
        tape.gradient(y, v, unconnected_gradients="other")


@pytest.mark.parametrize("watched", [True, False])
def test_a_source_that_is_the_target(x, watched):
    with Tape(persistent=True) as tape:
        if watched:
            tape.watch(x)
        y = x * x
    equal(tape.gradient(x, x), 1)
    equal(tape.gradient([y, x], x), 7 if watched else 1)
    equal(tape.gradient(x, x, output_gradients=5.0), 5)
    equal(tuple(tape.gradient(y, [y, x])), (1, 6 if watched else None))


def test_a_variable_as_target(v):
    with Tape() as tape:
        pass
    equal(tape.gradient(v, v), 1)
    with Tape() as tape:
        y = v * 3.0
    equal(tape.gradient([v, y], v), 4)


def test_integers_carry_no_gradient(x):
    with Tape() as tape:
        tape.watch(x)
        y = tf.cast(tf.cast(x, tf.int32), tf.float32) * x
    equal(tape.gradient(y, x), 3)


def test_an_integer_target_warns(caplog, monkeypatch):
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    i = tf.constant(3)
    with Tape() as tape:
        tape.watch(i)
        y = i * i
    assert tape.gradient(y, i) is None
    said = [r.message.split(" tensor must be floating")[0] for r in caplog.records]
    assert list(dict.fromkeys(said)) == [
        "The dtype of the watched",
        "The dtype of the target",
        "The dtype of the source",
    ]


# ---------------------------------------------------------------- persistent tapes and their states


def test_only_persistent_tapes_can_be_asked_twice(x):
    with Tape() as once, Tape(persistent=True) as often:
        once.watch(x)
        often.watch(x)
        y = x * x
        z = y * y
    equal(once.gradient(y, x), 6)
    with pytest.raises(RuntimeError, match="can only be called once on non-persistent tapes"):
        once.gradient(y, x)
    equal((often.gradient(y, x), often.gradient(z, x), often.gradient(z, y)), (6, 108, 18))


@pytest.mark.parametrize("persistent", [False, True])
def test_a_tape_that_recorded_nothing(x, persistent):
    with pytest.raises(RuntimeError, match="can only be called once"):
        Tape(persistent).gradient(x, x)


def test_entering_again(x):
    tape = Tape(persistent=True)
    with tape:
        tape.watch(x)
        y = x * x
    unseen = y * 10.0
    with tape:
        z = y * x
    equal((tape.gradient(z, x), tape.gradient(unseen, x)), (27, None))
    with pytest.raises(ValueError, match="Tape is still recording"), tape, tape:
        pass


def test_stop_recording(x):
    with Tape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        with tape.stop_recording():
            z = y * x
            inner = tape.gradient(y, x)
        u = y + z
    equal((inner, tape.gradient(u, x), tape.gradient(z, x)), (6, 6, None))
    with pytest.raises(ValueError, match="Tape is not recording"), tape.stop_recording():
        pass


def test_reset(x):
    with Tape() as tape:
        tape.watch(x)
        y = x * x
        tape.reset()
        tape.watch(x)
        z = y * x
    equal(tape.gradient(z, x), 9)
    with pytest.raises(ValueError, match="Tape is not recording"):
        tape.reset()


def test_gradient_inside_the_context_ends_the_recording(x):
    with Tape() as tape:
        tape.watch(x)
        y = x * x * x
        gradient = tape.gradient(y, x)
        _ = y * 2.0
    equal(gradient, 27)


def test_watched_variables_come_in_the_order_of_creation():
    a, b, c = (tf.Variable(1.0, name=name) for name in "abc")
    unread = tf.Variable(1.0, trainable=False, name="unread")
    with Tape() as tape:
        tape.watch(unread)
        y = c * a * b
    names = ["a:0", "b:0", "c:0", "unread:0"]
    assert [v.name for v in tape.watched_variables()] == names
    tape.gradient(y, a)
    assert [v.name for v in tape.watched_variables()] == names


def test_watch_refuses_other_things():
    for thing in (5.0, np.ones(3)):
        with Tape() as tape, pytest.raises(ValueError, match=r"not tf\.Tensor"):
            tape.watch(thing)


# ---------------------------------------------------------------- nested tapes, higher orders


@pytest.mark.smoke
def test_second_and_third_derivatives(v):
    with Tape() as third, Tape() as second:
        with Tape() as first:
            y = v * v * v * v
        g = first.gradient(y, v)
        h = second.gradient(g, v)
    equal((g, h, third.gradient(h, v)), (32, 48, 48))


def test_second_derivative_on_one_persistent_tape(x):
    with Tape(persistent=True) as tape:
        tape.watch(x)
        y = x * x * x
        g = tape.gradient(y, x)
    equal((g, tape.gradient(g, x)), (27, 18))


def test_linear_ops_have_no_second_derivative(x):
    a = tf.constant(2.5)
    with Tape(persistent=True) as outer:
        outer.watch([x, a])
        with Tape() as inner:
            inner.watch([x, a])
            y = x * a
        by_x, by_a = inner.gradient(y, [x, a])
    equal(tuple(outer.gradient(by_x, [x, a])), (None, 1))
    equal(tuple(outer.gradient(by_a, [x, a])), (1, None))


def test_nested_tapes_are_independent(v):
    with Tape() as outer:
        y = v * 2.0
        with Tape() as inner:
            inner.watch(y)
            z = y * y * v
    equal(outer.gradient(z, v), 48)
    equal(tuple(inner.gradient(z, [v, y])), (16, 16))


def test_interleaved_tapes(v):
    first, second = Tape(persistent=True), Tape(persistent=True)
    first.__enter__()
    y = v * v
    second.__enter__()
    z = y * v
    first.__exit__(None, None, None)
    u = z * v
    second.__exit__(None, None, None)
    equal((first.gradient(u, v), first.gradient(z, v)), (None, 12))
    equal((second.gradient(u, v), second.gradient(u, z)), (16, 2))


def test_gradient_penalty(w):
    x = tf.constant([1.0, 3.0])
    with Tape() as outer:
        with Tape() as inner:
            inner.watch(x)
            y = tf.reduce_sum(w * x * x)
        penalty = tf.reduce_sum(inner.gradient(y, x) ** 2)  # (2 w x)^2
    equal(outer.gradient(penalty, w), [8, 8 * 2 * 9])


# ---------------------------------------------------------------- values read in the middle


def test_reading_inside(x):
    with Tape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        str(y)
        z = y * x
        float(z)
        u = z + y
    equal(tuple(tape.gradient(u, [x, y, z])), (33, 4, 1))


@pytest.mark.parametrize("every", [1, 3, 7, 100])
def test_reading_often(v, every):
    with Tape() as tape:
        h = v * 1.0
        for i in range(20):
            h = tf.sin(h * 1.1)
            if i % every == 0:
                float(h)
    slope, value = 1.0, 2.0
    for _ in range(20):
        slope, value = slope * 1.1 * np.cos(1.1 * value), np.sin(1.1 * value)
    equal(tape.gradient(h, v), slope)


def test_reading_variables_between_assignments(w, v):
    with Tape() as tape:
        y = w * v
        str(y)
        v.assign_add(1.0)
        z = y * v
        str(z)
        u = tf.reduce_sum(z * z)
    # u = sum((w v1 v2)^2) with v1 = 2, v2 = 3; both readings count for v.
    equal(tuple(tape.gradient(u, [w, v])), ([72, 144], 5 * (2 * 2 * 9 + 2 * 4 * 3)))


def test_reading_after_the_tape(x):
    with Tape() as tape:
        tape.watch(x)
        y = tf.exp(x) * x
    float(y)
    equal(tape.gradient(y, x), 4 * np.exp(3))


def test_iterating_over_a_tensor(w):
    with Tape() as tape:
        y = [row * row for row in w * 1.0]
    equal(tape.gradient(y, w), [2, 4])


# ---------------------------------------------------------------- assignments


def test_assignment_stops_the_gradient(x, v):
    with Tape() as tape:
        tape.watch(x)
        v.assign(x * 2.0)
        y = v * v
    equal(tuple(tape.gradient(y, [x, v])), (None, 12))


def test_readings_before_and_after_an_assignment_add_up(v):
    with Tape() as tape:
        y = v * v
        v.assign(5.0)
        z = v * v
    equal(tape.gradient([y, z], v), 4 + 10)


def test_the_result_of_an_assignment_is_the_variable(v):
    with Tape(persistent=True) as tape:
        u = v.assign_add(1.0)
        z = u * u
    equal((z, tape.gradient(z, v), tape.gradient(z, u)), (9, 6, 6))


def test_explicit_readings_are_sources_of_their_own(v):
    with Tape() as tape:
        first, second = v.value(), v.read_value()
        z = first * second
    equal(tuple(tape.gradient(z, [first, second, v])), (2, 2, 4))


def test_variables_made_inside(v):
    with Tape() as tape:
        made = tf.Variable(3.0)
        y = made * v
    equal(tuple(tape.gradient(y, [made, v])), (2, 3))


# ---------------------------------------------------------------- Jacobians


def test_jacobian(x, w, v):
    with Tape(persistent=True) as tape:
        tape.watch(x)
        powers = tf.stack([x, x * x, x * x * x])
        y = w * w * v
    equal(tape.jacobian(powers, x), [1, 6, 27])
    found = tape.jacobian(y, {"w": w, "v": [v, x]})
    equal(found["w"], [[4, 0], [0, 8]])
    equal(tuple(found["v"]), ([1, 4], None))
    zeros = tape.jacobian(y, [x], unconnected_gradients="zero")
    equal(tuple(zeros), ([0, 0],))


def test_jacobian_of_a_matrix():
    a = tf.constant(np.arange(6.0).reshape(2, 3), tf.float32)
    with Tape() as tape:
        tape.watch(a)
        y = tf.transpose(a) * 2.0
    found = tape.jacobian(y, a)
    assert found.shape == (3, 2, 2, 3)
    equal(found, 2 * np.einsum("il,jk->ijkl", np.eye(3), np.eye(2)))


def test_jacobian_of_itself_and_across_readings(w):
    with Tape() as tape:
        y = w * w
        str(y)
        y = y * w
    equal(tape.jacobian(y, w), [[3, 0], [0, 12]])
    with Tape() as tape:
        y = w * 1.0
    equal(tape.jacobian(y, y), np.eye(2))


def test_hessian(w):
    with Tape() as outer:
        with Tape() as inner:
            y = tf.reduce_prod(w) * w[0]
        g = inner.gradient(y, w)
    equal(outer.jacobian(g, w), [[4, 2], [2, 0]])


def test_batch_jacobian():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    m = tf.constant([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]])
    with Tape(persistent=True) as tape:
        tape.watch(x)
        y = tf.matmul(x * x, m)
        lonely = tf.ones([3, 2])
    found = tape.batch_jacobian(y, x)
    assert found.shape == (3, 3, 2)
    equal(found, 2 * np.einsum("bi,ij->bji", x.numpy(), m.numpy()))
    equal(tape.batch_jacobian(lonely, x), np.zeros([3, 2, 2]))
    with pytest.raises(ValueError, match="must have rank at least 2"):
        tape.batch_jacobian(tf.reduce_sum(y, 1), x)
    with pytest.raises(ValueError, match="Need first dimension of target shape"):
        tape.batch_jacobian(y[:2], x)


# ---------------------------------------------------------------- properties


@tf.custom_gradient
def cube(a):
    return a * a * a, lambda dy: dy * 3.0 * a * a


UNARY = [cube, tf.sin, tf.tanh, tf.exp, lambda a: a * a, lambda a: a * 0.5 + 1.0, tf.sigmoid]
BINARY = [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a / (b * b + 1.0)]
numbers = st.floats(-1, 1, width=32)


@st.composite
def graphs(draw):
    """A random program on two vectors: each step reads values made before."""
    steps = []
    for count in range(2, 2 + draw(st.integers(1, 8))):
        places = st.integers(0, count - 1)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(UNARY)), draw(places)))
        else:
            steps.append((draw(st.sampled_from(BINARY)), draw(places), draw(places)))
    looks = draw(st.sets(st.integers(0, len(steps)), max_size=2))
    return steps, looks


def evaluate(graph, inputs):
    steps, looks = graph
    values = list(inputs)
    for i, (function, *places) in enumerate(steps):
        values.append(2.0 * tf.tanh(function(*[values[p] for p in places])))
        if i in looks:
            str(values[-1])
    return tf.reduce_sum(values[-1] * values[-1])


@settings(max_examples=25, deadline=None)
@given(graphs(), st.lists(numbers, min_size=4, max_size=4))
def test_gradients_agree_with_finite_differences(graph, point):
    point = np.array(point)
    inputs = [tf.constant(point[:2]), tf.constant(point[2:])]
    with Tape() as tape:
        tape.watch(inputs)
        y = evaluate(graph, inputs)
    gradients = tape.gradient(y, inputs, unconnected_gradients="zero")
    found = np.concatenate([g.numpy() for g in gradients])

    def value(p):
        return float(evaluate((graph[0], set()), [tf.constant(p[:2]), tf.constant(p[2:])]))

    for i in range(4):
        move = np.eye(4)[i] * 1e-6
        numeric = (value(point + move) - value(point - move)) / 2e-6
        assert found[i] == pytest.approx(numeric, rel=1e-3, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(graphs(), st.lists(numbers, min_size=4, max_size=4))
def test_looking_does_not_change_gradients(graph, point):
    steps, _ = graph
    found = []
    for looks in (set(), set(range(len(steps)))):
        inputs = [tf.constant(point[:2]), tf.constant(point[2:])]
        with Tape() as tape:
            tape.watch(inputs)
            y = evaluate((steps, looks), inputs)
        found.append(tape.gradient(y, inputs))
    for first, second in zip(*found, strict=True):
        assert (first is None) == (second is None)
        if first is not None:
            np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-5)


# ---------------------------------------------------------------- memory


def test_a_tape_that_is_gone_keeps_nothing_alive(w):
    with Tape() as tape:
        y = w * w
        float(tf.reduce_sum(y))
    kept = weakref.ref(y)
    tape.gradient(y, w)
    del tape, y
    gc.collect()
    assert kept() is None
