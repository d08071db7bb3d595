"""From the start to the first step of `fit`: import, the notes' MNIST network, one batch."""

import os

import numpy as np

if os.environ.get("KERAS_BACKEND") == "jax":
    import keras
else:
    from tensorflow import keras

rng = np.random.RandomState(0)
x, y = rng.rand(32, 28, 28).astype("float32"), rng.randint(0, 10, 32)
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
model.fit(x, y, batch_size=32)
