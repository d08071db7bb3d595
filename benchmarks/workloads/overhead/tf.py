"""What one op call and one gradient() call cost in Python, where nobody reads a result.

Reflow records; TensorFlow runs the ops at once. Reading, and with it running, is not timed.
"""

import json
import sys
import time

import numpy as np
import tensorflow as tf

WARM_UP, BLOCKS = (2, 3) if "quick" in sys.argv else (100, 1000)
OPS = 96  # a multiple of 8, and well below the length at which Reflow runs a recording by itself

rng = np.random.RandomState(0)
a = tf.constant(rng.rand(4, 4).astype(np.float32))
c = tf.constant(rng.rand(4, 4).astype(np.float32))
x = tf.constant(rng.rand(32, 4).astype(np.float32))
y_ = tf.one_hot(tf.constant(rng.randint(0, 3, 32)), 3)
w = tf.Variable(rng.rand(4, 3).astype(np.float32))
b = tf.Variable(np.zeros(3, np.float32))


def adds():
    """A chain of sums."""
    result = a
    for _ in range(OPS):
        result = result + c
    return result


def mix():
    """A chain of eight different ops."""
    result = a
    for _ in range(OPS // 8):
        product = tf.matmul(result, c)
        shifted = product - tf.reduce_mean(product, axis=1, keepdims=True)
        result = tf.nn.softmax(tf.nn.relu(shifted) * 0.5)
        result = tf.sqrt(tf.square(result))
    return result


def timed(function, read):
    """Seconds of each call; the result is read between the clocks."""
    for _ in range(WARM_UP):
        read(function())
    samples = []
    for _ in range(BLOCKS):
        start = time.perf_counter()
        result = function()
        samples.append(time.perf_counter() - start)
        read(result)
    return samples


def gradient_samples():
    """Seconds of each gradient() call of a softmax regression."""
    samples = []
    for _ in range(WARM_UP + BLOCKS):
        with tf.GradientTape() as tape:
            y = tf.nn.softmax(tf.matmul(x, w) + b)
            loss = tf.reduce_mean(tf.square(y_ - y))
        start = time.perf_counter()
        grads = tape.gradient(loss, [w, b])
        samples.append(time.perf_counter() - start)
        grads[0].numpy()
        grads[1].numpy()
    return samples[WARM_UP:]


print(
    json.dumps(
        {
            "add_us": [1e6 * t / OPS for t in timed(adds, lambda t: t.numpy())],
            "op_us": [1e6 * t / OPS for t in timed(mix, lambda t: t.numpy())],
            "gradient_us": [1e6 * t for t in gradient_samples()],
        }
    )
)
