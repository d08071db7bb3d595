"""Properties of interpolation, and gradients against differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow.image import _interpolation as interpolation

METHODS = [value for name, value in vars(tf.image.ResizeMethod).items() if name.isupper()]
sizes = st.integers(1, 40)


@given(size=sizes, out=sizes, antialias=st.booleans())
@pytest.mark.parametrize("kind", ["area", "bicubic", *interpolation.KERNELS])
def test_weights_sum_to_one(kind: str, size: int, out: int, antialias: bool) -> None:
    position, weight = interpolation.samples(kind, size, out, antialias)
    assert position.shape == weight.shape
    assert position.shape[0] == out
    assert position.min() >= 0
    assert position.max() < size
    np.testing.assert_allclose(weight.sum(axis=1), 1, rtol=1e-4)


@settings(deadline=None, max_examples=25)
@given(height=sizes, width=sizes)
@pytest.mark.parametrize("method", ["bilinear", "nearest"])
def test_constant_pictures_stay_constant(method: str, height: int, width: int) -> None:
    picture = np.full((5, 7, 1), 255, np.uint8)
    resized = tf.image.resize(picture, [height, width], method)
    assert np.unique(resized).tolist() == [255]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [[4, 9], [7, 3]])
def test_host_and_compiled_agree(method: str, size: list[int]) -> None:
    """A picture that the host has is resized by NumPy at once; the formula is the same."""
    picture = np.random.RandomState(0).rand(2, 5, 6, 3).astype(np.float32)
    at_once = tf.image.resize(picture, size, method)
    compiled = tf.function(lambda x: tf.image.resize(x, size, method))(tf.constant(picture))
    np.testing.assert_allclose(at_once, compiled, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("method", [m for m in METHODS if m != "nearest"])
def test_gradients(method: str) -> None:
    """Resizing is linear, so differences are exact but for rounding."""
    picture = tf.constant(np.random.RandomState(0).rand(4, 5, 1), tf.float32)
    direction = tf.constant(np.random.RandomState(1).rand(4, 5, 1), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(picture)
        total = tf.reduce_sum(tf.square(tf.image.resize(picture, [6, 3], method)))
    along = tf.reduce_sum(tape.gradient(total, picture) * direction)
    resized = tf.image.resize(picture, [6, 3], method)
    expected = 2 * tf.reduce_sum(resized * tf.image.resize(direction, [6, 3], method))
    np.testing.assert_allclose(along, expected, rtol=1e-5)


def test_flips_and_turns_undo_themselves() -> None:
    picture = tf.constant(np.random.RandomState(0).rand(3, 4, 2), tf.float32)
    for change in (tf.image.flip_left_right, tf.image.flip_up_down, tf.image.transpose):
        np.testing.assert_array_equal(change(change(picture)), picture)
    turned = picture
    for _ in range(4):
        turned = tf.image.rot90(turned)
    np.testing.assert_array_equal(turned, picture)
