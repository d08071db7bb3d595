"""Gradients do not depend on the way they were computed.

Reading a value inside a tape cuts the recorded program, so that the backward pass has only what was
kept: an op that keeps too little would give wrong gradients silently. A ``tf.function`` takes yet
another way. Each op is differentiated in all three.
"""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf


def normal(*shape, seed=0):
    return np.random.RandomState(seed).randn(*shape).astype(np.float32)


def definite(n):
    a = normal(n, n)
    return a @ a.T + n * np.eye(n, dtype=np.float32)


def complex_normal(*shape):
    return (normal(*shape) + 1j * normal(*shape, seed=1)).astype(np.complex64)


X, Y = normal(3, 4), normal(3, 4, seed=1)
V = normal(4)

CASES = {
    "bias_add": (tf.nn.bias_add, X, V),
    "crelu": (tf.nn.crelu, X),
    "elu": (tf.nn.elu, X),
    "leaky_relu": (tf.nn.leaky_relu, X),
    "log_softmax": (tf.nn.log_softmax, X),
    "relu": (tf.nn.relu, X),
    "relu6": (tf.nn.relu6, X * 5),
    "selu": (tf.nn.selu, X),
    "sigmoid": (tf.nn.sigmoid, X),
    "softmax": (tf.nn.softmax, X),
    "softplus": (tf.nn.softplus, X),
    "softsign": (tf.nn.softsign, X),
    "swish": (tf.nn.swish, X),
    "cross_entropy": (tf.nn.softmax_cross_entropy_with_logits, X, Y),
    "sparse_cross_entropy": (
        lambda x: tf.nn.sparse_softmax_cross_entropy_with_logits([0, 1, 2], x),
        X,
    ),
    "sigmoid_cross_entropy": (tf.nn.sigmoid_cross_entropy_with_logits, X, Y),
    "weighted_cross_entropy": (
        tf.nn.weighted_cross_entropy_with_logits,
        X,
        Y,
        np.float32(2.0),
    ),
    "log_poisson": (lambda t, x: tf.nn.log_poisson_loss(t, x, True), abs(X), Y),
    "l2_loss": (tf.nn.l2_loss, X),
    "lrn": (tf.nn.lrn, normal(1, 2, 2, 4)),
    "moments": (lambda x: tf.nn.moments(x, [0])[1], X),
    "batch_normalization": (
        lambda *a: tf.nn.batch_normalization(*a, 1e-3),
        X,
        V,
        abs(V),
        V,
        V,
    ),
    "l2_normalize": (tf.nn.l2_normalize, X),
    "band_part": (lambda x: tf.linalg.band_part(x, 1, 0), normal(3, 3)),
    "cholesky": (tf.linalg.cholesky, definite(3)),
    "cholesky_solve": (tf.linalg.cholesky_solve, np.linalg.cholesky(definite(3)), normal(3, 2)),
    "cross": (tf.linalg.cross, normal(2, 3), normal(2, 3, seed=1)),
    "det": (tf.linalg.det, normal(3, 3)),
    "diag": (lambda x: tf.linalg.diag(x, k=(-1, 0)), normal(2, 3)),
    "diag_part": (lambda x: tf.linalg.diag_part(x, k=(-1, 1)), X),
    "eigh": (lambda x: tf.linalg.eigh(x)[0], definite(3)),
    "einsum": (lambda x, y: tf.einsum("ij,kj->ik", x, y), X, Y),
    "expm": (tf.linalg.expm, normal(3, 3)),
    "inv": (tf.linalg.inv, normal(3, 3)),
    "lstsq": (tf.linalg.lstsq, normal(4, 2), normal(4, 1)),
    "matvec": (tf.linalg.matvec, X, V),
    "norm": (tf.norm, V),
    "pinv": (tf.linalg.pinv, normal(4, 2)),
    "qr": (lambda x: tf.linalg.qr(x)[1], normal(3, 3)),
    "set_diag": (tf.linalg.set_diag, normal(3, 3), normal(3)),
    "slogdet": (lambda x: tf.linalg.slogdet(x)[1], normal(3, 3)),
    "solve": (tf.linalg.solve, normal(3, 3), normal(3, 2)),
    "sqrtm": (tf.linalg.sqrtm, definite(3)),
    "svd": (lambda x: tf.linalg.svd(x)[0], normal(3, 3)),
    "tensor_diag": (tf.linalg.tensor_diag, normal(2, 2)),
    "tensor_diag_part": (tf.linalg.tensor_diag_part, normal(2, 3, 2, 3)),
    "tensordot": (lambda x, y: tf.tensordot(x, y, [[1], [1]]), X, Y),
    "triangular_solve": (tf.linalg.triangular_solve, definite(3), normal(3, 2)),
    "tridiagonal_matmul": (tf.linalg.tridiagonal_matmul, X, normal(4, 2)),
    "tridiagonal_solve": (tf.linalg.tridiagonal_solve, X, V),
    "dct": (tf.signal.dct, V),
    "fft": (tf.signal.fft, complex_normal(4)),
    "frame": (lambda x: tf.signal.frame(x, 3, 2), normal(9)),
    "irfft": (tf.signal.irfft, complex_normal(4)),
    "overlap_and_add": (lambda x: tf.signal.overlap_and_add(x, 2), X),
    "rfft": (tf.signal.rfft, normal(5)),
    "check_numerics": (lambda x: tf.debugging.check_numerics(x, "x"), V),
}


def gradients(function, arrays, *, read):
    inputs = [tf.constant(array) for array in arrays]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        moved = [x * tf.constant(1, x.dtype) for x in inputs]
        if read:
            values = [x.numpy() for x in moved]
            assert len(values) == len(inputs)
        result = function(*moved)
        if read:
            assert result.numpy() is not None
        result = result * tf.constant(2, result.dtype)
    steps = np.arange(result.numpy().size).reshape(result.shape)
    found = tape.gradient(result, inputs, tf.constant(np.cos(steps + 0.5), result.dtype))
    return [gradient.numpy() for gradient in found]


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_the_same_whichever_way(name):
    function, *arrays = CASES[name]
    expected = gradients(function, arrays, read=False)
    ways = {
        "read": gradients(function, arrays, read=True),
        "function": gradients(tf.function(lambda *x: function(*x)), arrays, read=False),
    }
    for way, found in ways.items():
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5, err_msg=f"{name}, {way}")
