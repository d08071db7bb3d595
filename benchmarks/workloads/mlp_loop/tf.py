"""The notes' MNIST network trained by a GradientTape loop: as written, and as a `tf.function`."""

import json
import sys
import time

import numpy as np
import tensorflow as tf

WARM_UP, BLOCKS, STEPS = (1, 2, 2) if "quick" in sys.argv else (4, 20, 50)

rng = np.random.RandomState(0)
batches = [
    (
        tf.constant(rng.rand(32, 28, 28).astype("float32")),
        tf.constant(rng.randint(0, 10, 32)),
    )
    for _ in range(STEPS)
]
model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation="relu"),
        tf.keras.layers.Dense(10, activation="softmax"),
    ]
)
loss_function = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False)
optimizer = tf.keras.optimizers.Adam()
accuracy = tf.keras.metrics.SparseCategoricalAccuracy()


def step(x, labels):
    """Forward, backward, Adam and the metric; returns the loss, unread."""
    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
        loss = loss_function(labels, outputs)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    accuracy.update_state(labels, outputs)
    return loss


def times(step):
    """Milliseconds a step, once per block; a block ends when its last loss is read."""
    samples = []
    for number in range(WARM_UP + BLOCKS):
        start = time.perf_counter()
        for x, labels in batches:
            loss = step(x, labels)
        float(loss)
        float(accuracy.result())
        if number >= WARM_UP:
            samples.append(1e3 * (time.perf_counter() - start) / STEPS)
    return samples


print(json.dumps({"step_ms": times(step), "function_ms": times(tf.function(step))}))
