"""``tf.keras.backend`` on symbolic tensors: models made of its functions compute what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import reflow as tf

K = tf.keras.backend
CASES: dict[str, Callable[[Any], Any]] = {
    "batch_dot": lambda x: K.batch_dot(x, x, axes=2),
    "dot": lambda x: K.dot(x, K.ones((4, 5))),
    "batch_flatten": K.batch_flatten,
    "mean": lambda x: K.mean(x, axis=1),
    "std": lambda x: K.std(x, axis=-1, keepdims=True),
    "permute": lambda x: K.permute_dimensions(x, (0, 2, 1)),
    "concatenate": lambda x: K.concatenate([x, 2 * x], axis=1),
    "stack": lambda x: K.stack([x, x], axis=1),
    "switch": lambda x: K.switch(x > 0.5, x, -x),
    "clip": lambda x: K.clip(x, 0.2, 0.6),
    "reshape": lambda x: K.reshape(x, (-1, 2, 6)),
    "repeat_elements": lambda x: K.repeat_elements(x, 2, 1),
    "l2_normalize": lambda x: K.l2_normalize(x, axis=1),
    "one_hot": lambda x: K.one_hot(K.cast(3 * x, "int32"), 4),
    "in_train_phase": lambda x: K.in_train_phase(x, 2 * x),
    "ones_like": lambda x: x + K.ones_like(x),
    "map_fn": lambda x: K.map_fn(lambda row: row * 2, x),
    "foldl": lambda x: K.foldl(lambda a, b: a + b, x) + 0 * x,
    "binary_crossentropy": lambda x: K.binary_crossentropy(x, x),
    "bias_add": lambda x: K.bias_add(x, K.ones((4,))),
    "temporal_padding": K.temporal_padding,
    "local_conv1d": lambda x: K.local_conv1d(x, K.ones((2, 8, 3)), (2,), (1,)),
}


@pytest.mark.parametrize("name", CASES)
def test_model_of_symbols(name: str) -> None:
    function = CASES[name]
    x = tf.keras.Input((3, 4))
    y = function(x)
    value = np.random.RandomState(0).rand(5, 3, 4).astype("float32")
    expected = function(tf.constant(value)).numpy()
    found = tf.keras.Model(x, y)(value).numpy()
    np.testing.assert_allclose(found, expected, rtol=2e-6)
    assert y.shape.is_compatible_with(expected.shape)
    np.testing.assert_allclose(K.function([x], [y])([value])[0], expected, rtol=2e-6)


def test_placeholders_begin_models() -> None:
    x = K.placeholder((None, 3))
    assert K.function([x], [x + 1.0])([np.zeros((2, 3), "float32")])[0].tolist() == [[1.0] * 3] * 2
    with pytest.raises(NotImplementedError, match="placeholder"):
        K.placeholder()
