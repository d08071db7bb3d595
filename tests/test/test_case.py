"""tf.test: comparisons of tensors, and gradients against differences."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf


class Assertions(tf.test.TestCase):
    def runTest(self):  # noqa: N802 - unittest's name
        pass


@pytest.fixture
def case():
    return Assertions()


def test_close(case):
    case.assertAllClose(tf.constant([1.0, 2.0]), [1.0, 2.0 + 1e-7])
    case.assertAllClose({"a": [tf.constant(1.0), (2.0, 3.0)]}, {"a": [1.0, (2.0, 3.0)]})
    with pytest.raises(AssertionError, match=r"a\[a\]\[1\] is different from b\[a\]\[1\]"):
        case.assertAllClose({"a": [1.0, (2.0, 3.0)]}, {"a": [1.0, (2.0, 3.5)]})
    with pytest.raises(AssertionError, match="Shape mismatch"):
        case.assertAllClose([1.0], [1.0, 2.0])
    case.assertNotAllClose([1.0], [2.0])
    case.assertAllCloseAccordingToType(np.float16([1.0]), np.float16([1.001]))


def test_equal(case):
    case.assertAllEqual([1.0, np.nan], tf.constant([1.0, np.nan]))
    case.assertAllEqual(tf.constant(["a"]), [b"a"])
    with pytest.raises(AssertionError, match=r"not equal lhs = \[2\]"):
        case.assertAllEqual([1, 2], [1, 3])
    case.assertNotAllEqual([1, 2], [1, 3])


def test_ranges_and_sets(case):
    case.assertAllInRange([1, 2], 1, 2)
    with pytest.raises(AssertionError, match=r"outside the range \(1, 2\].*\n  \[0\] : 1"):
        case.assertAllInRange([1, 2], 1, 2, open_lower_bound=True)
    with pytest.raises(AssertionError, match=r"not in the set \{1\}: \[2\]"):
        case.assertAllInSet([1, 2], {1})


def test_errors_and_dtypes(case):
    with case.assertRaisesOpError("not invertible"):
        tf.linalg.inv([[1.0, 2.0], [2.0, 4.0]])
    case.assertDTypeEqual(tf.constant(1.0), np.float32)
    case.assertShapeEqual(np.zeros((2, 3)), tf.zeros([2, 3]))


def test_each_test_starts_from_the_same_random_numbers(case):
    case.setUp()
    first = tf.random.uniform([2]).numpy(), np.random.rand()
    case.setUp()
    assert np.array_equal(first[0], tf.random.uniform([2]).numpy())
    assert first[1] == np.random.rand()


def test_gradients_have_a_row_per_element_of_the_argument():
    theoretical, numerical = tf.test.compute_gradient(
        lambda x, y: x * y, [tf.constant([1.0, 2.0]), tf.constant([3.0, 4.0])]
    )
    assert theoretical[0].tolist() == [[3.0, 0.0], [0.0, 4.0]]
    assert theoretical[1].tolist() == [[1.0, 0.0], [0.0, 2.0]]
    np.testing.assert_allclose(numerical[0], theoretical[0], atol=1e-3)


def test_gradients_of_complex_numbers():
    theoretical, numerical = tf.test.compute_gradient(lambda x: x * x, [tf.constant([1 + 1j])])
    assert theoretical[0].tolist() == [[2.0, 2.0], [-2.0, 2.0]]
    np.testing.assert_allclose(numerical[0], theoretical[0], atol=1e-6)
