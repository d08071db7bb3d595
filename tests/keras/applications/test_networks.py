"""Networks of ``tf.keras.applications`` are TF 2.1.0's layer by layer: published weights fit."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from golden import applications

import reflow as tf
from reflow.core import random_unseeded

RECORDED = applications.load()
ROWS = [
    pytest.param(code, data_format, label, id=label)
    for label, code, data_format in applications.rows()
]


@pytest.fixture
def _no_random_weights(monkeypatch):
    """Networks are described without the values of their weights, which take long to draw."""
    monkeypatch.setattr(random_unseeded, "uniform", lambda count, dtype: np.zeros(count, dtype))


@pytest.mark.usefixtures("_no_random_weights")
@pytest.mark.parametrize(("code", "data_format", "label"), ROWS)
def test_layers(code, data_format, label):
    tf.keras.backend.clear_session()
    tf.keras.backend.set_image_data_format(data_format)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of shapes that are unusual on purpose
            lines = applications.description(applications.build(tf, code))
    finally:
        tf.keras.backend.set_image_data_format("channels_last")
    expected = RECORDED["networks"][label]
    assert lines[0] == expected[0]
    assert [json.loads(line)["name"] for line in lines[1:]] == [
        json.loads(line)["name"] for line in expected[1:]
    ]
    for line, wanted in zip(lines[1:], expected[1:], strict=True):
        assert json.loads(line) == json.loads(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("code", applications.VALUES)
def test_values(code):
    """Features agree with TF's within the rounding of float32 sums over all layers."""
    tf.keras.backend.clear_session()
    result = applications.outcome(tf, code)
    expected = np.array(RECORDED["values"][code], "float32")
    np.testing.assert_allclose(result, expected, rtol=1e-5, atol=2e-5 * np.abs(expected).max())
    assert np.std(expected, axis=1).min() > 0
