"""Convolution and pooling beyond what TF 2.1 does on the CPU, and batch normalization of images."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf
from reflow.nn._fused_batch_norm import fused_batch_norm


def random(*shape, seed=0):
    return tf.constant(np.random.RandomState(seed).standard_normal(shape))


def gradients(function, *inputs):
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = function(*inputs)
        weights = np.arange(int(tf.size(y)), dtype=y.dtype.as_numpy_dtype).reshape(y.shape)
        loss = tf.reduce_sum(y * weights)
    return [y, *tape.gradient(loss, inputs)]


def same(left, right, **tolerance):
    for a, b in zip(left, right, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), **{"rtol": 1e-10, **tolerance})


def first(x):
    return tf.transpose(x, [0, x.ndim - 1, *range(1, x.ndim - 1)])


def last(x):
    return tf.transpose(x, [0, *range(2, x.ndim), 1])


CHANNELS_FIRST = {
    "conv1d": (
        lambda x, w, f="NWC": tf.nn.conv1d(x, w, 2, "SAME", f),
        *("NCW", (2, 7, 3), (3, 3, 4)),
    ),
    "conv2d": (
        lambda x, w, f="NHWC": tf.nn.conv2d(x, w, [1, 2], "SAME", f, [2, 1]),
        *("NCHW", (2, 6, 7, 3), (3, 3, 3, 4)),
    ),
    "conv2d_explicit": (
        lambda x, w, f="NHWC": tf.nn.conv2d(
            *(x, w, 1),
            [[0, 0], [1, 2], [0, 3], [0, 0]] if f == "NHWC" else [[0, 0], [0, 0], [1, 2], [0, 3]],
            data_format=f,
        ),
        *("NCHW", (2, 6, 7, 3), (3, 3, 3, 4)),
    ),
    "conv3d": (
        lambda x, w, f="NDHWC": tf.nn.conv3d(x, w, [1] * 5, "VALID", f),
        *("NCDHW", (2, 4, 5, 6, 2), (2, 3, 3, 2, 3)),
    ),
    "convolution": (
        lambda x, w, f=None: tf.nn.convolution(x, w, padding="SAME", dilations=2, data_format=f),
        *("NCHW", (2, 6, 7, 3), (3, 3, 3, 4)),
    ),
    "conv2d_transpose": (
        lambda x, w, f="NHWC": tf.nn.conv2d_transpose(
            x, w, [2, 8, 10, 4] if f == "NHWC" else [2, 4, 8, 10], 2, "SAME", f
        ),
        *("NCHW", (2, 4, 5, 3), (3, 3, 4, 3)),
    ),
    "conv1d_transpose": (
        lambda x, w, f="NWC": tf.nn.conv1d_transpose(
            x, w, [2, 10, 4] if f == "NWC" else [2, 4, 10], 2, "SAME", f
        ),
        *("NCW", (2, 5, 3), (3, 4, 3)),
    ),
    "depthwise_conv2d": (
        lambda x, w, f="NHWC": tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME", f, [2, 2]),
        *("NCHW", (2, 6, 7, 3), (3, 3, 3, 2)),
    ),
    "max_pool": (
        lambda x, w, f=None: tf.nn.max_pool(x, [2, 3], 2, "SAME", f) * tf.reduce_sum(w),
        *("NCHW", (2, 6, 7, 3), (1,)),
    ),
    "avg_pool": (
        lambda x, w, f=None: tf.nn.avg_pool(x, [2, 3], 2, "SAME", f) * tf.reduce_sum(w),
        *("NCHW", (2, 6, 7, 3), (1,)),
    ),
    "avg_pool1d": (
        lambda x, w, f="NWC": tf.nn.avg_pool1d(x, 3, 2, "SAME", f) * tf.reduce_sum(w),
        *("NCW", (2, 7, 3), (1,)),
    ),
}


@pytest.mark.parametrize("name", CHANNELS_FIRST)
def test_channels_first(name):
    """The same numbers with the channels elsewhere."""
    function, data_format, x, w = CHANNELS_FIRST[name]
    x, w = random(*x), random(*w, seed=1)
    moved = gradients(lambda x, w: last(function(first(x), w, data_format)), x, w)
    same(gradients(function, x, w), moved)


def test_groups():
    """Fewer channels in the filters than in the input: a convolution for each group."""
    x, w = random(2, 6, 6, 6), random(3, 3, 2, 9, seed=1)

    def by_group(x, w):
        parts = zip(tf.split(x, 3, axis=3), tf.split(w, 3, axis=3), strict=True)
        return tf.concat([tf.nn.conv2d(a, b, 1, "SAME") for a, b in parts], 3)

    same(gradients(lambda x, w: tf.nn.conv2d(x, w, 1, "SAME"), x, w), gradients(by_group, x, w))
    with pytest.raises(tf.errors.InvalidArgumentError, match="number of groups: 8 vs 3"):
        tf.nn.conv2d(x, w[..., :8], 1, "SAME")


def test_dilation_is_a_kernel_with_holes():
    x, w = random(2, 9, 9, 3), random(3, 3, 3, 4, seed=1)

    def with_holes(x, w):
        wide = tf.reshape(tf.pad(tf.reshape(w, [3, 1, 3, 1, 3, 4]), HOLES), [6, 6, 3, 4])
        return tf.nn.conv2d(x, wide[:5, :5], 2, "SAME")

    HOLES = [[0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]]
    dilated = gradients(lambda x, w: tf.nn.conv2d(x, w, 2, "SAME", dilations=2), x, w)
    same(dilated, gradients(with_holes, x, w), atol=1e-10)


def test_integer_gradients_wrap_like_integers():
    x = np.full((1, 2, 2, 1), 2**30, np.int32)
    y = tf.nn.conv2d(x, np.full((2, 2, 1, 1), 3, np.int32), 1, "VALID")
    assert y.numpy().item() == np.int32(np.int64(12 * 2**30) & 0xFFFFFFFF)


def test_large_windows():
    """As many steps as the window is wide, not as it has elements."""
    x = random(2, 40, 50, 2)
    y, dx = gradients(lambda x: tf.nn.max_pool(x, [40, 50], 1, "VALID"), x)
    assert np.array_equal(y.numpy()[:, 0, 0], x.numpy().max((1, 2)))
    assert (dx.numpy() != 0).sum() == 2 * 2 - 1  # the first one's weight is 0
    z = tf.nn.avg_pool(x, [40, 50], 1, "VALID")
    np.testing.assert_allclose(z.numpy()[:, 0, 0], x.numpy().mean((1, 2)))


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (3, 1), (2, 3), (5, 3), (4, 2)])
@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_pooling_against_its_definition(size, stride, padding):
    """Also with ties: values are few."""
    x = np.random.RandomState(0).randint(0, 4, (2, 11, 9, 3)).astype(np.float64)
    (top, _, height), (left, _, width) = [_window(n, size, stride, padding) for n in (11, 9)]
    best = np.zeros((2, height, width, 3))
    mean = np.zeros_like(best)
    sent = np.zeros_like(x)
    weights = np.arange(best.size, dtype=np.float64).reshape(best.shape)
    for n, i, j, c in np.ndindex(best.shape):
        rows = range(max(i * stride - top, 0), min(i * stride - top + size, 11))
        columns = range(max(j * stride - left, 0), min(j * stride - left + size, 9))
        places = [(r, s) for r in rows for s in columns]
        values = [x[n, r, s, c] for r, s in places]
        best[n, i, j, c], mean[n, i, j, c] = max(values), np.mean(values)
        r, s = places[int(np.argmax(values))]
        sent[n, r, s, c] += weights[n, i, j, c]
    y, dx = gradients(lambda x: tf.nn.max_pool(x, size, stride, padding), tf.constant(x))
    assert np.array_equal(y.numpy(), best)
    assert np.array_equal(dx.numpy(), sent)
    z, found = tf.nn.max_pool_with_argmax(x, size, stride, padding)
    assert np.array_equal(z.numpy(), best)
    flat = x.reshape(2, -1)
    assert np.array_equal(
        np.take_along_axis(flat, found.numpy().reshape(2, -1), 1).ravel(), best.ravel()
    )
    np.testing.assert_allclose(tf.nn.avg_pool(x, size, stride, padding).numpy(), mean)


def _window(size, kernel, stride, padding):
    from reflow.nn._convolution.geometry import window

    return window(size, kernel, stride, 1, padding)


# ---------------------------------------------------------------------------- batch normalization


def composed(x, scale, offset, axes=(0, 1, 2)):
    mean, variance = tf.nn.moments(x, list(axes), keepdims=True)
    shape = mean.shape
    return tf.nn.batch_normalization(
        x, mean, variance, tf.reshape(offset, shape), tf.reshape(scale, shape), 1e-3
    )


@pytest.mark.parametrize("data_format", ["NHWC", "NCHW"])
def test_fused_batch_norm(data_format):
    x = tf.cast(random(4, 3, 5, 2), tf.float32)
    scale, offset = tf.constant([0.5, 2.0]), tf.constant([1.0, -1.0])
    if data_format == "NCHW":
        fused = gradients(
            lambda x, s, o: last(fused_batch_norm(first(x), s, o, data_format="NCHW")[0]),
            *(x, scale, offset),
        )
    else:
        fused = gradients(lambda x, s, o: fused_batch_norm(x, s, o)[0], x, scale, offset)
    same(fused, gradients(composed, x, scale, offset), rtol=1e-4, atol=1e-3)


def test_fused_batch_norm_statistics():
    """As TF 2.1.0: the variance is the unbiased one, and statistics have no gradient."""
    x = tf.cast(random(4, 3, 5, 2), tf.float32)
    ones, zeros = tf.ones([2]), tf.zeros([2])
    with tf.GradientTape() as tape:
        tape.watch(x)
        _, mean, variance = fused_batch_norm(x, ones, zeros)
        total = tf.reduce_sum(mean) + tf.reduce_sum(variance)
    np.testing.assert_allclose(mean, x.numpy().mean((0, 1, 2)), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(variance, x.numpy().var((0, 1, 2), ddof=1), rtol=1e-5)
    assert not tape.gradient(total, x).numpy().any()
    one = fused_batch_norm(x[:1, :1, :1], ones, zeros + 3)
    assert one[0].numpy().tolist() == [[[[3.0, 3.0]]]]
    assert one[2].numpy().tolist() == [0.0, 0.0]


def test_fused_batch_norm_does_not_cancel():
    """A variance of 1 around a mean of 10,000, which a mean of squares would lose."""
    x = tf.cast(random(8, 4, 4, 1), tf.float32) + 1e4
    _, _, variance = fused_batch_norm(x, tf.ones([1]), tf.zeros([1]))
    np.testing.assert_allclose(variance, x.numpy().astype(float).var(ddof=1), rtol=1e-3)


def test_fused_batch_norm_inference():
    x = tf.cast(random(2, 3, 3, 2), tf.float32)
    scale, offset, mean, variance = (tf.constant([a, b]) for a, b in ((1.0, 2.0), (3.0, 4.0)) * 2)

    def infer(x, scale, offset):
        return fused_batch_norm(x, scale, offset, mean, variance, 0.1, is_training=False)[0]

    def plain(x, scale, offset):
        return tf.nn.batch_normalization(x, mean, variance, offset, scale, 0.1)

    same(gradients(infer, x, scale, offset), gradients(plain, x, scale, offset), rtol=1e-5)


def test_fused_batch_norm_halves():
    x = tf.cast(random(4, 3, 3, 2), tf.float16)
    y, mean, variance = fused_batch_norm(x, tf.ones([2]), tf.zeros([2]))
    assert (y.dtype, mean.dtype, variance.dtype) == (tf.float16, tf.float32, tf.float32)
    wide = fused_batch_norm(tf.cast(x, tf.float32), tf.ones([2]), tf.zeros([2]))[0]
    np.testing.assert_allclose(y.numpy(), wide.numpy(), atol=2e-3)


def test_fused_batch_norm_errors():
    ones = tf.ones([2])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"input must be 4-dimensional\[2,3\]"):
        fused_batch_norm(tf.ones([2, 3]), ones, ones)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"scale must have shape \[3\]"):
        fused_batch_norm(tf.ones([1, 2, 2, 3]), ones, ones)
    with pytest.raises(tf.errors.NotFoundError, match="FusedBatchNormV3"):
        fused_batch_norm(tf.ones([1, 2, 2, 2], tf.float64), ones, ones)
