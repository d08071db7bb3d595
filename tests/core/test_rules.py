"""The shared shape rules agree with NumPy on every shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflow.core.aval import aval
from reflow.core.dtypes import bool_, float32, int64
from reflow.core.errors import InvalidArgumentError
from reflow.core.rules import (
    arg_reduction,
    broadcast,
    broadcast_shapes,
    comparison,
    matrix_product,
    reduced_shape,
)

shapes = st.lists(st.integers(0, 3), max_size=4).map(tuple)


@given(shapes, shapes)
def test_broadcast_shapes(x, y):
    try:
        expected = np.broadcast_shapes(x, y)
    except ValueError:
        with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
            broadcast_shapes(x, y)
    else:
        assert broadcast_shapes(x, y) == expected


@given(shapes, st.data(), st.booleans())
def test_reduced_shape(shape, data, keepdims):
    axes = st.just(())
    if shape:
        axis = st.integers(-len(shape), len(shape) - 1)
        axes = st.lists(axis, max_size=3).map(tuple)
    axis = data.draw(st.none() | axes)
    distinct = axis if axis is None else tuple({a % len(shape) for a in axis})
    expected = np.zeros(shape).sum(axis=distinct, keepdims=keepdims).shape
    assert reduced_shape(shape, axis, keepdims) == expected


@given(shapes, shapes)
def test_matrix_product(x, y):
    a, b = aval(x, float32), aval(y, float32)
    if len(x) < 2 or len(y) < 2:
        with pytest.raises(InvalidArgumentError):
            matrix_product(a, b)
        return
    try:
        expected = (np.zeros(x) @ np.zeros(y)).shape
    except ValueError:
        with pytest.raises(InvalidArgumentError):
            matrix_product(a, b)
    else:
        assert matrix_product(a, b).shape == expected


def test_transposed_matrix_product():
    a, b = aval((3, 2), float32), aval((4, 3), float32)
    assert matrix_product(a, b, transpose_a=True, transpose_b=True).shape == (2, 4)


def test_dtypes():
    x, y = aval((2, 1), float32), aval((3,), float32)
    assert broadcast(x, y) is aval((2, 3), float32)
    assert comparison(x, y) is aval((2, 3), bool_)
    assert arg_reduction(x, axis=-1, output_type=int64) is aval((2,), int64)


def test_a_missing_axis_is_named():
    with pytest.raises(InvalidArgumentError, match=r"Invalid reduction dimension \(2 for input"):
        reduced_shape((1, 2), 2, False)
    with pytest.raises(InvalidArgumentError, match=r"range \[-2, 2\), but got -3"):
        arg_reduction(aval((1, 2), float32), axis=-3, output_type=int64)
