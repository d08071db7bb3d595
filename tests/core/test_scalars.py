"""The float32 scalars that ``numpy()`` returns."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import reflow as tf


@pytest.mark.parametrize("protocol", range(6))
def test_pickles_hold_plain_numpy_scalars(protocol):
    scalar = tf.constant(1.5).numpy()
    again = pickle.loads(pickle.dumps({"loss": [scalar]}, protocol))["loss"][0]
    assert type(again) is np.float32
    assert again == 1.5


def test_copies_keep_the_rule_of_2020():
    scalar = tf.constant(0.1).numpy()
    for same in (copy.copy(scalar), copy.deepcopy([scalar])[0]):
        assert (same + 1).dtype == np.float64
