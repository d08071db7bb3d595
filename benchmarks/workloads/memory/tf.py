"""Megabytes that the process grows by between step 10,000 and step 100,000 of a training loop."""

import json
import os
import sys

import numpy as np
import tensorflow as tf

FIRST, LAST = (20, 40) if "quick" in sys.argv else (10_000, 100_000)

rng = np.random.RandomState(0)
x = rng.rand(640, 4).astype(np.float32)
labels = rng.randint(0, 3, 640)
train_db = tf.data.Dataset.from_tensor_slices((x, labels)).batch(32)
w = tf.Variable(rng.rand(4, 3).astype(np.float32))
b = tf.Variable(np.zeros(3, np.float32))
history = []


def resident_megabytes():
    """The memory this process holds now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


step, at_first = 0, None
while step < LAST:
    for x_batch, y_batch in train_db:
        with tf.GradientTape() as tape:
            y = tf.nn.softmax(tf.matmul(x_batch, w) + b)
            loss = tf.reduce_mean(tf.square(tf.one_hot(y_batch, depth=3) - y))
        grads = tape.gradient(loss, [w, b])
        w.assign_sub(0.1 * grads[0])
        b.assign_sub(0.1 * grads[1])
        step += 1
        if step % 100 == 0:
            history = [*history[-10:], float(loss)]
        if step == FIRST:
            at_first = resident_megabytes()
print(json.dumps({"growth_mb": [resident_megabytes() - at_first]}))
