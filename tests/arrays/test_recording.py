"""How array ops behave towards the engine: what they record, fold, defer, and refuse to compile."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import reflow as tf
from reflow.core import profile
from reflow.core.tensor import StaticTensor


def test_an_index_that_counts_is_one_op() -> None:
    x = tf.Variable(tf.ones([50, 3]))

    def step(i: int) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(x[i] * 2.0) + tf.reduce_sum(x[2 * i : 2 * i + 4])
        x.assign_sub(0.1 * tape.gradient(loss, x))

    for i in range(3):
        step(i)
    before = profile.counters.misses
    for i in range(3, 20):
        step(i)
    assert profile.counters.misses == before


def test_slices_of_constants_are_views_outside_of_tapes() -> None:
    x = tf.constant(np.arange(12.0).reshape(3, 4))
    assert np.shares_memory(x[1]._value, x._value)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x[1]
    assert y._value is None
    np.testing.assert_array_equal(tape.gradient(y, x).numpy()[:, 0], [0.0, 1.0, 0.0])


def test_what_follows_from_shapes_stays_known() -> None:
    x = tf.zeros([2, 3])
    size = tf.shape(x)
    for value in (
        size,
        size[0],
        size[::-1],
        size[0] * size[1],
        tf.stack([size[1], 4]),
        tf.range(size[1]),
    ):
        assert isinstance(value, StaticTensor)
    assert tf.reshape(x, [size[1], -1]).shape == (3, 2)


def test_an_index_out_of_range_is_found_when_it_is_known() -> None:
    x = tf.constant([1.0, 2.0])
    bad = tf.gather(x, tf.cast(x * 3.0, tf.int32))
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[0\] = 3 is not in \[0, 2\)"
    ):
        bad.numpy()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: tf.boolean_mask(x, x > 1), [2, 3]),
        (lambda x: tf.where(x > 1), [[2], [3]]),
        (lambda x: x[x[1] : x[3]], [1, 2]),
        (lambda x: tf.range(x[3]), [0, 1, 2]),
        (lambda x: tf.zeros([x[2]], tf.int32), [0, 0]),
    ],
)
def test_shapes_that_depend_on_values_run_uncompiled(function, expected, caplog) -> None:
    compiled = tf.function(function)
    logger = tf.get_logger()
    logger.propagate = True
    try:
        result = compiled(tf.range(4))
    finally:
        logger.propagate = False
    np.testing.assert_array_equal(result.numpy(), expected)
    assert "is not compiled" in caplog.text


def test_a_block_of_known_size_at_a_computed_place_is_compiled() -> None:
    @tf.function
    def block(x: tf.Tensor, i: tf.Tensor) -> tf.Tensor:
        return tf.slice(x, [i * 2, 0], [2, 2])

    x = tf.reshape(tf.range(12), [6, 2])
    np.testing.assert_array_equal(block(x, tf.constant(1)).numpy(), [[4, 5], [6, 7]])
    assert not block._needs_eager


def test_what_the_host_can_do_needs_no_jax() -> None:
    program = """
import sys
import reflow as tf
x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
print(x[0], x[:, 1], [row.shape for row in x], tf.shape(x)[0], tf.range(3), tf.eye(2))
tf.print(x, tf.where([True, False]), tf.unique([1, 1]).y, tf.concat([["a"], ["b"]], 0))
assert "jax" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
