"""``preprocess_input``: tensors are scaled as arrays are, whose values are compared with TF's."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
@pytest.mark.parametrize("rank", [3, 4])
@pytest.mark.parametrize("data_format", ["channels_first", "channels_last"])
def test_tensors_as_arrays(mode, rank, data_format):
    shape = (3, 4, 5) if data_format == "channels_first" else (4, 5, 3)
    images = np.random.RandomState(0).uniform(0, 255, (2, *shape)).astype("float32")
    images = images if rank == 4 else images[0]
    scale = tf.keras.applications.imagenet_utils.preprocess_input
    tensor = scale(tf.constant(images), data_format, mode)
    array = scale(images.copy(), data_format, mode)
    assert isinstance(array, np.ndarray)
    np.testing.assert_allclose(tensor.numpy(), array, rtol=1e-5, atol=1e-4)


def test_keras_setting_is_the_default():
    images = np.random.RandomState(0).uniform(0, 255, (3, 4, 5)).astype("float32")
    expected = tf.keras.applications.vgg16.preprocess_input(images.copy(), "channels_first")
    tf.keras.backend.set_image_data_format("channels_first")
    try:
        found = tf.keras.applications.vgg16.preprocess_input(images.copy())
    finally:
        tf.keras.backend.set_image_data_format("channels_last")
    np.testing.assert_array_equal(found, expected)
