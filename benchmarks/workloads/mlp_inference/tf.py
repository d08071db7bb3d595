"""`evaluate` and `predict` of the notes' MNIST network on 10,000 pictures."""

import json
import os
import sys
import time

import numpy as np

if os.environ.get("KERAS_BACKEND") == "jax":
    import keras
else:
    from tensorflow import keras

QUICK = "quick" in sys.argv
WARM_UP, CALLS = (1, 2) if QUICK else (2, 10)

rng = np.random.RandomState(0)
n = 64 if QUICK else 10000
x, y = rng.rand(n, 28, 28).astype("float32"), rng.randint(0, 10, n)
model = keras.models.Sequential(
    [
        keras.layers.Flatten(),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    metrics=["sparse_categorical_accuracy"],
)


def times(call):
    """Milliseconds of each call."""
    samples = []
    for number in range(WARM_UP + CALLS):
        start = time.perf_counter()
        call()
        if number >= WARM_UP:
            samples.append(1e3 * (time.perf_counter() - start))
    return samples


print(
    json.dumps(
        {
            "evaluate_ms": times(lambda: model.evaluate(x, y, verbose=0)),
            "predict_ms": times(lambda: model.predict(x, verbose=0)),
        }
    )
)
