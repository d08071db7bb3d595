"""ModelCheckpoint in all its modes: what it prints, and the files there are afterwards."""

import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense

X = np.random.RandomState(0).rand(40, 4).astype("float32")
Y = np.random.RandomState(1).randint(0, 3, 40)


class Own(tf.keras.Model):
    def __init__(self):
        super(Own, self).__init__()
        self.a = Dense(3, activation="softmax", name="a")

    def call(self, x):
        return self.a(x)


def described():
    return tf.keras.Sequential(
        [Dense(5, input_shape=(4,), name="d"), Dense(3, activation="softmax", name="e")]
    )


def deferred():
    return tf.keras.Sequential([Dense(5, name="d"), Dense(3, activation="softmax", name="e")])


def run(path, make=described, validate=True, epochs=3, initial_epoch=0, folder=None, **arguments):
    folder = folder or tempfile.mkdtemp()
    print("====", path, sorted(arguments.items()))
    before = os.getcwd()
    os.chdir(folder)
    tf.keras.backend.clear_session()
    tf.random.set_seed(5)
    model = make()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    try:
        callback = tf.keras.callbacks.ModelCheckpoint(path, **arguments)
        model.fit(
            X,
            Y,
            batch_size=8,
            epochs=epochs,
            initial_epoch=initial_epoch,
            verbose=0,
            callbacks=[callback],
            validation_data=(X, Y) if validate else None,
            shuffle=False,
        )
    except ValueError as error:
        print("ValueError:", error)
    os.chdir(before)
    for where, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            print(os.path.relpath(os.path.join(where, name), folder))
    if os.path.exists(folder + "/checkpoint"):
        with open(folder + "/checkpoint") as file:
            print(file.read())
    return folder


weights = {"save_weights_only": True, "verbose": 1}
best = dict(weights, save_best_only=True)
run("w.ckpt", **weights)
run("w.ckpt", **best)
run("w.ckpt", monitor="val_accuracy", **best)
run("w.ckpt", monitor="val_loss", mode="max", **best)
run("w.ckpt", validate=False, **best)
run("w.{epoch:02d}-{val_loss:.2f}.h5", **weights)
run("m.{epoch:02d}.h5", verbose=1)
run("m_{epoch}", verbose=1)
run("m_{epoch}", make=Own, verbose=1)
run("m_{epoch}.h5", make=deferred, verbose=1)
run("s.{epoch}.ckpt", save_freq=16, **weights)
run("s.ckpt", save_freq=24, **weights)
run("s.{epoch}-{accuracy:.2f}.h5", save_freq=40, **weights)
run("s.ckpt", save_freq=16, **best)
run("s.ckpt", save_freq=16, monitor="loss", **best)
run("s.ckpt", save_freq="never")
run("s.ckpt", save_freq=1.5)
run("p.{epoch}.h5", period=2, epochs=5, verbose=1)
run("a/b/w.ckpt", save_weights_only=True)
run("a/b/m", epochs=1)
run("w.{epoch}", initial_epoch=1, **weights)
for name in ("w.ckpt", "w.{epoch:02d}.h5"):
    first = run(name, epochs=2, **weights)
    run(name, epochs=1, folder=first, load_weights_on_restart=True, **weights)

names = ["f.batch03epoch02.h5", "f.batch02epoch02.h5", "f.batch01epoch01.h5", "g.h5"]
folder = tempfile.mkdtemp()
for time, name in enumerate(names):
    with open(os.path.join(folder, name), "w") as file:
        file.write("a")
    os.utime(os.path.join(folder, name), (1000 + time, 1000 + time))
callback = tf.keras.callbacks.ModelCheckpoint("x")
find = callback._get_most_recently_modified_file_matching_pattern
print(os.path.basename(find(folder + "/f.batch{batch:02d}epoch{epoch:02d}.h5")))
print(find(folder + "/nothing{epoch}.h5"))
for name in names:
    os.utime(os.path.join(folder, name), (1000, 1000))
print(os.path.basename(find(folder + "/f.batch{batch:02d}epoch{epoch:02d}.h5")))
