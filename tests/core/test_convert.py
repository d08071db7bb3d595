"""What becomes a tensor, and of which type: TF 2.1's answers."""

from __future__ import annotations

import array
import collections
import decimal
import re

import numpy as np
import pytest

import reflow as tf

f16, f32, f64 = np.float16, np.float32, np.float64
i32, i64 = np.int32, np.int64


def _label(value):
    """A test's name for a value; one without an address in it, which would differ between runs."""
    return re.sub(r" (object )?at 0x[0-9a-f]+", "", str(value))


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1, "int32"),
        (2**31 - 1, "int32"),
        (2**31, "int64"),
        (-(2**31) - 1, "int64"),
        (1.0, "float32"),
        (True, "bool"),
        (1j, "complex128"),
        ([1, 2.5], "float32"),
        ([1, 2**40], "int64"),
        ([], "float32"),
        ([[], []], "float32"),
        ((1, (2)), "int32"),
        (range(3), "int32"),
        (collections.deque([1, 2]), "int32"),
        (array.array("d", [1.0]), "float32"),
        (memoryview(b"ab"), "int32"),
        (f32(1), "float32"),
        (f64(1), "float64"),
        (i64(1), "int64"),
        (np.array([1, 2]), "int64"),
        (np.array([1.5]), "float64"),
        (np.arange(3, dtype=">i4"), "int32"),
        (np.array([True]), "bool"),
        ([f32(1), 2.0], "float32"),
        ([f64(1), 2.0], "float64"),
        ([1.0, f64(2)], "float32"),
        ([f16(1), 1.0], "float16"),
        ([i64(1), 2], "int32"),
        ([1, i64(2**40)], "int64"),
        ([np.bool_(True), True], "bool"),
        ([np.array([1.0, 2.0]), [3.0, 4.0]], "float64"),
        ([np.complex64(1)], "complex128"),
        (tf.TensorShape([1, 2]), "int32"),
    ],
    ids=_label,
)
def test_the_natural_dtype(value, dtype):
    found = tf.constant(value)
    assert found.dtype == dtype
    assert found.numpy().dtype == np.dtype(dtype)
    expected = list(value) if isinstance(value, (collections.deque, array.array)) else value
    np.testing.assert_array_equal(found, np.array(expected))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", b"a"),
        (b"a", b"a"),
        ("é", "é".encode()),
        (["a", b"bc"], [b"a", b"bc"]),
        (np.array(["a", "bc"]), [b"a", b"bc"]),
        (np.array([b"a"]), [b"a"]),
    ],
)
def test_strings(value, expected):
    found = tf.constant(value)
    assert found.dtype == tf.string
    assert np.asarray(found.numpy()).tolist() == expected


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (1, tf.float32, 1.0),
        (True, tf.float32, 1.0),
        (1.0, tf.complex64, 1 + 0j),
        (1.1, tf.float16, f16(1.1)),
        (np.array([1.7]), tf.int32, [1]),
        (300, tf.uint8, 44),
        (1, "float64", 1.0),
        (1, np.int64, 1),
        (1, float, 1.0),
        ([i64(3)], tf.float32, [3.0]),
    ],
)
def test_a_dtype_that_is_asked_for(value, dtype, expected):
    found = tf.constant(value, dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("value", "dtype", "error", "words"),
    [
        (None, None, ValueError, "unsupported type"),
        ([None], None, ValueError, "unsupported type"),
        (object(), None, ValueError, "unsupported type"),
        ({"a": 1}, None, ValueError, "unsupported type"),
        ({1, 2}, None, ValueError, "unsupported type"),
        (decimal.Decimal("1.5"), None, ValueError, "unsupported type"),
        ([[1], [2, 3]], None, ValueError, "non-rectangular"),
        (["a", 1], None, ValueError, "mixed types"),
        ([True, 1], None, ValueError, "mixed types"),
        ([1, np.bool_(True)], None, ValueError, "mixed types"),
        (2**64, None, ValueError, "out-of-range integer"),
        (1.5, tf.int32, TypeError, "Cannot convert 1.5 to EagerTensor of dtype int32"),
        ([f32(1)], tf.int32, TypeError, "to EagerTensor of dtype int32"),
        (1, tf.bool, TypeError, "to EagerTensor of dtype bool"),
        ("1", tf.int32, TypeError, "to EagerTensor of dtype int32"),
        (1, tf.string, TypeError, "to EagerTensor of dtype string"),
        (1j, tf.float32, TypeError, "to EagerTensor of dtype float"),
        (np.datetime64("2020-01-01"), None, ValueError, "NPY_DATETIME"),
        (1, "foo", TypeError, "foo"),
        (tf.TensorShape([1, None]), None, ValueError, "partially known"),
    ],
    ids=_label,
)
def test_what_cannot_be_converted(value, dtype, error, words):
    with pytest.raises(error, match=words):
        tf.constant(value, dtype)


def test_shapes_of_constants():
    assert tf.constant(1, shape=[2, 2]).numpy().tolist() == [[1, 1], [1, 1]]
    assert tf.constant([1, 2], shape=[2, 1]).shape == (2, 1)
    with pytest.raises(TypeError, match="shape"):
        tf.constant([1, 2], shape=[3])


def test_tensors_stay_themselves():
    x, v = tf.constant(1.0), tf.Variable(2.0)
    assert tf.convert_to_tensor(x) is x
    assert tf.convert_to_tensor(x, tf.float32) is x
    assert float(tf.convert_to_tensor(v)) == 2.0
    for value in (x, v):
        with pytest.raises(ValueError, match="requested"):
            tf.convert_to_tensor(value, tf.int32)
    assert tf.convert_to_tensor(x, dtype_hint=tf.int32) is x
    assert tf.convert_to_tensor(1, dtype_hint=tf.float32).dtype == tf.float32
    assert tf.convert_to_tensor(1.5, dtype_hint=tf.int32).dtype == tf.float32


def test_lists_of_tensors_are_stacked_and_differentiable():
    x, v = tf.constant(1.0), tf.Variable(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        packed = tf.convert_to_tensor([[x, 5.0], [v, x]])
        y = tf.reduce_sum(packed * [[1.0, 2.0], [3.0, 4.0]])
    assert packed.numpy().tolist() == [[1.0, 5.0], [2.0, 1.0]]
    assert [float(g) for g in tape.gradient(y, [x, v])] == [5.0, 3.0]
    assert tf.convert_to_tensor([1, tf.constant(2, tf.int64)]).dtype == tf.int64
    with pytest.raises(tf.errors.InvalidArgumentError, match="Shapes of all inputs must match"):
        tf.convert_to_tensor([x, [1.0]])


def test_the_array_given_is_copied():
    source = np.ones(2)
    x = tf.convert_to_tensor(source)
    source[:] = 5
    assert x.numpy().tolist() == [1.0, 1.0]


def test_other_types_can_be_taught(monkeypatch):
    from reflow.core import convert

    monkeypatch.setattr(convert, "_converters", list(convert._converters))

    class Celsius:
        def __init__(self, degrees):
            self.degrees = degrees

    def to_tensor(value, dtype=None, name=None, as_ref=False):
        return tf.constant(value.degrees + 273.0, dtype)

    tf.register_tensor_conversion_function(Celsius, to_tensor)
    assert float(tf.convert_to_tensor(Celsius(10))) == 283.0
    assert float(tf.constant(1.0) + Celsius(0.0)) == 274.0
    with pytest.raises(TypeError, match="callable"):
        tf.register_tensor_conversion_function(Celsius, 5)


# ---------------------------------------------------------------- and back


@pytest.mark.parametrize(
    ("convert", "value", "expected"),
    [
        (float, 3, 3.0),
        (int, 3.7, 3),
        (int, [5], 5),
        (bool, 0.0, False),
        (bool, [], False),
        (complex, 2.0, 2 + 0j),
        (len, [1, 2, 3], 3),
        (str, 0.1, "tf.Tensor(0.1, shape=(), dtype=float32)"),
        (repr, [1], "<tf.Tensor: shape=(1,), dtype=int32, numpy=array([1], dtype=int32)>"),
        ("{}".format, 0.1, "0.10000000149011612"),
        ("{:.2f}".format, 0.126, "0.13"),
        ("{}".format, [1, 2], "[1 2]"),
        (lambda t: [10, 20, 30][t], 1, 20),
        (lambda t: list(range(t)), 2, [0, 1]),
        (lambda t: t.numpy().tolist(), [[1], [2]], [[1], [2]]),
    ],
)
def test_python_values_of_tensors(convert, value, expected):
    assert convert(tf.constant(value)) == expected


@pytest.mark.parametrize(
    ("convert", "value", "error"),
    [
        (float, [1.0, 2.0], TypeError),
        (bool, [1, 2], ValueError),
        (len, 1, TypeError),
        (list, 1, TypeError),
        (hash, 1, TypeError),
        (lambda t: [1, 2][t], 1.0, TypeError),
        (lambda t: t.name, 1, AttributeError),
        (lambda t: t.graph, 1, AttributeError),
        (lambda t: t.eval(), 1, NotImplementedError),
        (lambda t: t.set_shape([3]), [1, 2], ValueError),
        (lambda t: t.missing, 1, AttributeError),
        (round, 1.0, TypeError),
        (lambda t: tf.Tensor(t), 1, TypeError),
    ],
)
def test_what_tensors_do_not_have(convert, value, error):
    with pytest.raises(error):
        convert(tf.constant(value))
