"""How often loops are compiled that do not repeat exactly. For Reflow: it reads its profile."""

import json
import sys

import numpy as np
import tensorflow as tf

from reflow.core import profile

STEPS, MORE = (20, 20) if "quick" in sys.argv else (200, 2000)

rng = np.random.RandomState(0)


def train(features, prints_every=0, batch_sizes=(32,), decay=1.0):
    """Train a softmax regression; yields after every step.

    The number of features differs between the loops, so that they share no compiled program.
    """
    batches = [
        (
            tf.constant(rng.rand(size, features).astype(np.float32)),
            tf.constant(rng.randint(0, 3, size).astype(np.int32)),
        )
        for size in batch_sizes
    ]
    w = tf.Variable(rng.rand(features, 3).astype(np.float32))
    b = tf.Variable(np.zeros(3, np.float32))
    step = 0
    while True:
        x, labels = batches[step % len(batches)]
        lr = 0.1 * decay**step
        with tf.GradientTape() as tape:
            y = tf.nn.softmax(tf.matmul(x, w) + b)
            loss = tf.reduce_mean(tf.square(tf.one_hot(labels, depth=3) - y))
        grads = tape.gradient(loss, [w, b])
        w.assign_sub(lr * grads[0])
        b.assign_sub(lr * grads[1])
        if prints_every and step % prints_every == 0:
            float(loss)
        step += 1
        yield


results = {}
for name, options in (
    ("print_every_7", {"features": 4, "prints_every": 7}),
    ("two_batch_sizes", {"features": 5, "batch_sizes": (32, 24, 32, 32, 24)}),
    ("decaying_rate", {"features": 6, "decay": 0.999}),
):
    loop = train(**options)
    before = profile.counts()["compiles"]
    for _ in range(STEPS):
        next(loop)
    middle = profile.counts()["compiles"]
    for _ in range(MORE):
        next(loop)
    results[name] = [middle - before]
    results[name + "_more"] = [profile.counts()["compiles"] - middle]
print(json.dumps(results))
