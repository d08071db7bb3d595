"""A step of an MLP 784-128-10, batch 32, with Adam written out in Python as in the notes."""

import json
import sys
import time

import numpy as np
import tensorflow as tf

WARM_UP, BLOCKS, STEPS = (1, 2, 2) if "quick" in sys.argv else (4, 20, 25)

rng = np.random.RandomState(0)
batches = [
    (
        tf.constant(rng.rand(32, 784).astype(np.float32)),
        tf.constant(rng.randint(0, 10, 32).astype(np.int32)),
    )
    for _ in range(STEPS)
]
variables = [
    tf.Variable((rng.randn(784, 128) / 28).astype(np.float32)),
    tf.Variable(np.zeros(128, np.float32)),
    tf.Variable((rng.randn(128, 10) / 11).astype(np.float32)),
    tf.Variable(np.zeros(10, np.float32)),
]
w1, b1, w2, b2 = variables
m = [tf.zeros_like(v) for v in variables]
v = [tf.zeros_like(v) for v in variables]
lr, beta1, beta2, epsilon = 0.001, 0.9, 0.999, 1e-7
global_step = 0


def step(x, labels):
    """Forward, backward and Adam; returns the loss, unread."""
    global global_step
    global_step += 1
    with tf.GradientTape() as tape:
        hidden = tf.nn.relu(tf.matmul(x, w1) + b1)
        logits = tf.matmul(hidden, w2) + b2
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
    grads = tape.gradient(loss, variables)
    for i in range(4):
        m[i] = beta1 * m[i] + (1 - beta1) * grads[i]
        v[i] = beta2 * v[i] + (1 - beta2) * tf.square(grads[i])
        m_correction = m[i] / (1 - beta1**global_step)
        v_correction = v[i] / (1 - beta2**global_step)
        variables[i].assign_sub(lr * m_correction / (tf.sqrt(v_correction) + epsilon))
    return loss


def block():
    """Some steps, then read the last loss and a weight, so that all of them have run."""
    for x, labels in batches:
        loss = step(x, labels)
    return float(loss), b2.numpy()[0]


for _ in range(WARM_UP):
    block()
samples = []
for _ in range(BLOCKS):
    start = time.perf_counter()
    block()
    samples.append(1e3 * (time.perf_counter() - start) / STEPS)
print(json.dumps({"step_ms": samples}))
