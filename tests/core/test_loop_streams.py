"""Random ops in compiled loops: streams go on from iteration to iteration and call to call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import reflow as tf


def walk() -> Any:
    """A compiled function that returns each draw of its loop."""

    @tf.function
    def draws(count: Any) -> Any:
        found = tf.zeros([6, 2])
        place = 0
        while place < count:
            row = tf.random.uniform([1, 2])
            found = tf.tensor_scatter_nd_update(found, [[place]], row)
            place += 1
        return found

    return draws


def test_calls_go_on_where_the_last_one_ended() -> None:
    tf.random.set_seed(1)
    whole = walk()(tf.constant(6)).numpy()
    tf.random.set_seed(1)
    draws = walk()
    parts = [draws(tf.constant(n)).numpy()[:n] for n in (2, 0, 3, 1)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert len(np.unique(whole)) == 12


def test_set_seed_starts_afresh() -> None:
    draws = walk()
    tf.random.set_seed(1)
    first, second = (draws(tf.constant(3)).numpy() for _ in range(2))
    tf.random.set_seed(1)
    np.testing.assert_array_equal(draws(tf.constant(3)).numpy(), first)
    assert not np.array_equal(first, second)


def test_without_a_seed_every_function_differs() -> None:
    tf.random.set_seed(None)
    found = [walk()(tf.constant(3)).numpy()[:3] for _ in range(2)]
    assert not np.array_equal(*found)


def test_the_state_is_not_among_a_functions_variables() -> None:
    draws = walk()
    concrete = draws.get_concrete_function(tf.constant(3))
    assert concrete.variables == ()
    assert tf.uint32 not in [t.dtype for t in concrete.captured_inputs]


def test_gradients_see_the_numbers_that_were_drawn() -> None:
    """A while loop's way back runs it again, and must draw the same."""

    @tf.function
    def product(x: Any) -> Any:
        _, y, drawn = tf.while_loop(
            lambda i, y, drawn: i < 4,
            lambda i, y, drawn: (i + 1, y * (u := tf.random.uniform([])), drawn * u),
            [0, x, 1.0],
        )
        return y, drawn

    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y, drawn = product(x)
    np.testing.assert_allclose(tape.gradient(y, x).numpy(), drawn.numpy(), rtol=1e-6)


class DroppingCell(tf.keras.layers.Layer):
    """A cell of a program's own that drops its inputs at each step anew."""

    state_size = output_size = 3

    def call(self, inputs: Any, states: Any, training: Any = None) -> Any:
        state = states[0] + (tf.nn.dropout(inputs, 0.5) if training else inputs)
        return state, [state]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_cell_that_drops(compiled: bool) -> None:
    tf.random.set_seed(2)
    layer = tf.keras.layers.RNN(DroppingCell(), return_sequences=True)
    call = lambda x: layer(x, training=True)  # noqa: E731
    found = (tf.function(call) if compiled else call)(tf.ones([4, 50, 3])).numpy()
    steps = np.diff(found, axis=1)
    assert set(np.unique(steps)) == {0.0, 2.0}
    assert abs(steps.mean() - 1.0) < 0.15
    assert len(np.unique(steps.reshape(4, 49, 3).transpose(1, 0, 2).reshape(49, -1), axis=0)) > 40


def test_a_cell_that_drops_learns() -> None:
    tf.random.set_seed(2)
    model = tf.keras.Sequential([tf.keras.layers.RNN(DroppingCell()), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD(0.01), "mse")
    x = np.random.RandomState(0).randn(50, 5, 3).astype(np.float32)
    y = x.sum((1, 2))[:, None]
    losses = model.fit(x, y, epochs=8, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < 0.7 * losses[0]
