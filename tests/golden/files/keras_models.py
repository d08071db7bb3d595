"""The Keras models of ``keras/``, made and trained the same on both sides; for Python 3.7 too."""

import numpy as np

X = np.arange(24, dtype=np.float32).reshape(6, 4) % 7 / 7
IDS = np.arange(20).reshape(4, 5) % 6


def sequential(tf):
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Dense(5, activation="relu", input_shape=(4,), name="hidden"),
            layers.BatchNormalization(name="norm"),
            layers.Dense(3, activation="softmax", name="scores"),
        ],
        name="sequential_model",
    )


def functional(tf):
    layers = tf.keras.layers
    inputs = tf.keras.Input((4,), name="inputs")
    first = layers.Dense(4, activation="tanh", kernel_regularizer="l2", name="first")(inputs)
    joined = layers.Add(name="joined")([first, inputs])
    both = layers.Concatenate(name="both")([joined, inputs])
    return tf.keras.Model(inputs, layers.Dense(2, name="outputs")(both), name="functional_model")


def recurrent(tf):
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            layers.Embedding(6, 3, input_length=5, name="words"),
            layers.Bidirectional(layers.LSTM(2, return_sequences=True, name="lstm"), name="both"),
            layers.GRU(3, name="gru"),
            layers.Dense(1, name="score"),
        ],
        name="recurrent_model",
    )


def adam(tf):
    return tf.keras.optimizers.Adam(0.01)


def momentum(tf):
    return tf.keras.optimizers.SGD(0.05, momentum=0.9)


# name: how to make it, its optimizer, loss, inputs, targets
MODELS = {
    "sequential": (sequential, adam, "sparse_categorical_crossentropy", X, np.arange(6) % 3),
    "functional": (functional, momentum, "mse", X, X[:, :2]),
    "recurrent": (recurrent, adam, "mse", IDS, IDS[:, :1] / 6.0),
}


def metrics(loss):
    return ["mae"] if loss == "mse" else ["accuracy"]


def trained(tf, name):
    """A model after two steps, and its inputs and targets."""
    make, optimizer, loss, x, y = MODELS[name]
    model = make(tf)
    model.compile(optimizer(tf), loss, metrics=metrics(loss))
    for _ in range(2):
        model.train_on_batch(x, y)
    return model, x, y


def facts(model, x, y):
    """What a loaded model must give: weights, predictions, the next step's loss."""
    found = {"weights": [w.tolist() for w in model.get_weights()]}
    found["predictions"] = model.predict(x).tolist()
    found["next"] = [float(v) for v in model.train_on_batch(x, y)]
    found["after"] = model.predict(x).tolist()
    return found
