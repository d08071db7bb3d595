"""Runs a program and prints its training's history and first weights in full precision.

    python _logged.py PROGRAM [DATA]

DATA is a folder in the layout of ~/.keras. TensorFlow 2.1.0 would delete files there whose hash it
does not know, so its loaders are replaced by ones that only read. Written for Python 3.7 too.
"""

import gzip
import json
import pickle
import sys

import numpy as np
import tensorflow as tf
from tensorflow.keras import datasets


def mnist(home):
    with np.load(home + "/datasets/mnist.npz") as f:
        return (f["x_train"], f["y_train"]), (f["x_test"], f["y_test"])


def fashion(home):
    def idx(name, offset):
        with gzip.open("%s/datasets/fashion-mnist/%s.gz" % (home, name)) as f:
            return np.frombuffer(f.read(), np.uint8, offset=offset)

    pairs = []
    for part in ("train", "t10k"):
        y = idx(part + "-labels-idx1-ubyte", 8)
        pairs.append((idx(part + "-images-idx3-ubyte", 16).reshape(len(y), 28, 28), y))
    return tuple(pairs)


def cifar(home):
    images, labels = [], []
    for name in ["data_batch_%d" % i for i in range(1, 6)] + ["test_batch"]:
        with open("%s/datasets/cifar-10-batches-py/%s" % (home, name), "rb") as f:
            batch = pickle.load(f, encoding="bytes")
        images.append(batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
        labels.append(np.array(batch[b"labels"], np.uint8).reshape(-1, 1))
    train = np.concatenate(images[:5]), np.concatenate(labels[:5])
    return train, (images[5], labels[5].astype("int64"))


def main(path, home=None):
    if home is not None:
        # In TF 2.1 the two ways to name a module can give two objects.
        for sets in (tf.keras.datasets, datasets):
            sets.mnist.load_data = lambda: mnist(home)
            sets.fashion_mnist.load_data = lambda: fashion(home)
            sets.cifar10.load_data = lambda: cifar(home)
    first = {}
    fit = tf.keras.Model.fit

    def noting_fit(self, *args, **kwargs):
        class First(tf.keras.callbacks.Callback):
            def on_train_begin(self, logs=None):
                weights = self.model.get_weights()
                first.setdefault("weights", [float(w.sum(dtype="float64")) for w in weights])

        kwargs["callbacks"] = list(kwargs.get("callbacks") or []) + [First()]
        return fit(self, *args, **kwargs)

    tf.keras.Model.fit = noting_fit
    scope = {"__name__": "__main__", "__file__": path}
    with open(path, encoding="utf-8") as f:
        exec(compile(f.read(), path, "exec"), scope)
    model = scope.get("model")
    history = getattr(getattr(model, "history", None), "history", None) or {}
    values = {k: [float(v) for v in vs] for k, vs in sorted(history.items())}
    losses = scope.get("train_losses")
    if losses is not None:
        values["loss"] = [float(v) for v in losses]
    print()
    print("LOG " + json.dumps({"first_weights": first.get("weights"), "history": values}))


main(*sys.argv[1:])
