"""The networks whose `fit` is timed, in Keras: TensorFlow's, Reflow's, or Keras 3 on JAX.

The convolutional ones are those of `examples/networks`, as classes.
"""

import importlib
import os
import sys

import numpy as np

if os.environ.get("KERAS_BACKEND") == "jax":
    import keras
else:
    from tensorflow import keras

layers = keras.layers
rng = np.random.RandomState(0)


def compiled(model, loss, metrics=None):
    """The model, with Adam."""
    model.compile(optimizer="adam", loss=loss, metrics=metrics)
    return model


def classifier(model):
    """The model, with the loss and the metric of the notes."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    return compiled(model, loss, ["sparse_categorical_accuracy"])


def mlp():
    """The notes' network for MNIST."""
    return classifier(
        keras.Sequential(
            [
                layers.Flatten(),
                layers.Dense(128, activation="relu"),
                layers.Dense(10, activation="softmax"),
            ]
        )
    )


def stock(layer):
    """Two recurrent layers for 60 prices, as in the notes' stock programs."""
    return compiled(
        keras.Sequential(
            [
                layer(80, return_sequences=True),
                layers.Dropout(0.2),
                layer(100),
                layers.Dropout(0.2),
                layers.Dense(1),
            ]
        ),
        "mean_squared_error",
    )


def text():
    """A classifier of texts of up to 200 words, the padding masked."""
    return compiled(
        keras.Sequential(
            [
                layers.Embedding(10000, 64, mask_zero=True),
                layers.Bidirectional(layers.LSTM(64)),
                layers.Dense(1, activation="sigmoid"),
            ]
        ),
        "binary_crossentropy",
        ["accuracy"],
    )


def network(module, name):
    """A network of the examples."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.join(here, "..", "..", "..", "examples", "networks"))
    return classifier(getattr(importlib.import_module(module), name)())


def pictures(*shape):
    """Makes random pictures of a shape, with labels of ten classes."""
    return lambda n: (rng.rand(n, *shape).astype("float32"), rng.randint(0, 10, n))


def prices(n):
    """Sixty random prices each, and the next one."""
    return rng.rand(n, 60, 1).astype("float32"), rng.rand(n, 1).astype("float32")


def texts(n):
    """50 to 200 random words each, zeros behind them, and whether somebody liked it."""
    x = rng.randint(1, 10000, (n, 200))
    x[np.arange(200) >= rng.randint(50, 201, (n, 1))] = 0
    return x, rng.randint(0, 2, n)


# name -> the model, its data, the batch size, the batches of an epoch
MODELS = {
    "mlp": (mlp, pictures(28, 28), 32, 312),
    "lstm": (lambda: stock(layers.LSTM), prices, 32, 64),
    "gru": (lambda: stock(layers.GRU), prices, 32, 64),
    "simple_rnn": (lambda: stock(layers.SimpleRNN), prices, 32, 64),
    "text": (text, texts, 32, 20),
    "lenet5": (lambda: network("lenet5", "LeNet5"), pictures(32, 32, 3), 32, 100),
    "baseline": (lambda: network("baseline", "Baseline"), pictures(32, 32, 3), 32, 100),
    "alexnet8": (lambda: network("alexnet8", "AlexNet8"), pictures(32, 32, 3), 32, 4),
    "inception10": (lambda: network("inception10", "Inception10"), pictures(32, 32, 3), 32, 10),
    "resnet18": (lambda: network("resnet18", "ResNet18"), pictures(32, 32, 3), 32, 3),
}
