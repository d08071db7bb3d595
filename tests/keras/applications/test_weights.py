"""Files of weights, names of classes: from the cache, by path, or an error that says what to do."""

from __future__ import annotations

import json

import numpy as np
import pytest

import reflow as tf
from reflow.keras.applications import imagenet_utils
from reflow.keras.utils import downloads

SMALL = {"input_shape": (32, 32, 3), "alpha": 0.25, "include_top": False}


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """An empty cache, and no network."""

    def no_network(url, path):
        raise OSError("no network")

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(downloads, "_fetch", no_network)
    return tmp_path / "models"


def test_weights_by_path(tmp_path):
    network = tf.keras.applications.MobileNet(weights=None, **SMALL)
    path = str(tmp_path / "weights.h5")
    network.save_weights(path)
    again = tf.keras.applications.MobileNet(weights=path, **SMALL)
    for ours, theirs in zip(again.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_published_weights_from_the_cache(cache):
    """Pictures of other sizes take the weights found with 224 x 224, with TF's warning."""
    network = tf.keras.applications.MobileNet(weights=None, **SMALL)
    cache.mkdir()
    network.save_weights(str(cache / "mobilenet_2_5_224_tf_no_top.h5"))
    with pytest.warns(UserWarning, match=r"rows` is not in \[128, 160, 192, 224\]"):
        again = tf.keras.applications.MobileNet(**SMALL)
    assert again.name == "mobilenet_0.25_224"
    np.testing.assert_array_equal(again.get_weights()[0], network.get_weights()[0])


def test_weights_of_another_network(tmp_path):
    path = str(tmp_path / "weights.h5")
    tf.keras.applications.MobileNet(weights=None, **SMALL).save_weights(path)
    with pytest.raises(ValueError, match="layers"):
        tf.keras.applications.MobileNetV2((32, 32, 3), include_top=False, weights=path)


# What TF 2.1.0 asks get_file for: seen by running it with a get_file of our own.
FILES = {
    "VGG16()": "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    "VGG19(include_top=False)": "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "resnet50.ResNet50()": "resnet50_weights_tf_dim_ordering_tf_kernels.h5",
    "ResNet152V2(include_top=False)": "resnet152v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "InceptionV3()": "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
    "Xception()": "xception_weights_tf_dim_ordering_tf_kernels.h5",
    "InceptionResNetV2(include_top=False)": (
        "inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5"
    ),
    "DenseNet201()": "densenet201_weights_tf_dim_ordering_tf_kernels.h5",
    "MobileNet((128, 128, 3), alpha=0.75)": "mobilenet_7_5_128_tf.h5",
    "MobileNet((160, 160, 3), alpha=0.5, include_top=False)": "mobilenet_5_0_160_tf_no_top.h5",
    "MobileNetV2((96, 96, 3))": "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96.h5",
    "MobileNetV2((224, 224, 3), alpha=0.35, include_top=False)": (
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5"
    ),
    "NASNetMobile()": "nasnet_mobile.h5",
    "NASNetLarge(include_top=False)": "nasnet_large_no_top.h5",
}


@pytest.mark.parametrize("code", FILES)
def test_without_a_network(code, cache):
    with pytest.raises(OSError, match=r"URL fetch failure on https://github\.com/") as error:
        eval("tf.keras.applications." + code, {"tf": tf})
    path = cache / FILES[code]
    assert f"save it as {path}, or give its path as `weights`" in str(error.value)


def test_names_of_classes_without_a_network():
    with pytest.raises(OSError, match=r"save it as .*imagenet_class_index\.json$"):
        imagenet_utils.decode_predictions(np.zeros((1, 1000)))


def test_decode_predictions(cache, monkeypatch):
    cache.mkdir()
    index = cache / "imagenet_class_index.json"
    index.write_text(json.dumps({str(i): [f"n{i:08}", f"class_{i}"] for i in range(1000)}))
    file = imagenet_utils.File(index.name, "https://example.invalid/")  # of no known hash
    monkeypatch.setattr(imagenet_utils, "_CLASS_INDEX", file)
    scores = np.zeros((2, 1000), "float32")
    scores[0, [3, 999, 7]] = 0.2, 0.5, 0.3
    scores[1, 12] = 1
    first, second = tf.keras.applications.vgg16.decode_predictions(scores, top=3)
    assert first == [
        ("n00000999", "class_999", np.float32(0.5)),
        ("n00000007", "class_7", np.float32(0.3)),
        ("n00000003", "class_3", np.float32(0.2)),
    ]
    assert second[0] == ("n00000012", "class_12", 1.0)
    assert len(tf.keras.applications.resnet.decode_predictions(tf.constant(scores))[1]) == 5


def test_damaged_names_of_classes(cache, monkeypatch):
    cache.mkdir()
    index = cache / "imagenet_class_index.json"
    index.write_text('{"0": ["n01440764", "tench"]}')
    file = imagenet_utils.File(index.name, "https://example.invalid/")
    monkeypatch.setattr(imagenet_utils, "_CLASS_INDEX", file)
    with pytest.raises(ValueError, match="is not ImageNet's list of classes"):
        imagenet_utils.decode_predictions(np.zeros((1, 1000)))


def test_nasnet_has_the_channels_last():
    tf.keras.backend.set_image_data_format("channels_first")
    try:
        with pytest.warns(UserWarning, match='only available for the input data format "channels_'):
            with pytest.raises(OSError, match="NASNet-mobile"):  # past the checks of its shape
                tf.keras.applications.NASNetMobile((224, 224, 3))
        assert tf.keras.backend.image_data_format() == "channels_first"
    finally:
        tf.keras.backend.set_image_data_format("channels_last")


def test_unusual_channels_warn():
    with pytest.warns(UserWarning, match="usually expects 1 or 3 input channels"):
        tf.keras.applications.MobileNet((32, 32, 2), alpha=0.25, weights=None, include_top=False)
