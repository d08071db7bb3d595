"""Saving and loading a model of 200 MB: milliseconds, and megabytes at the peak that it adds.

Each format's file is written once before, so that folders and caches are as they will be.
"""

import json
import os
import shutil
import sys
import tempfile
import time

import numpy as np
import tensorflow as tf

quick = "quick" in sys.argv
UNITS, LAYERS, REPEATS = (50, 2, 1) if quick else (2500, 8, 3)


def megabytes(field):
    """A figure of this process that Linux keeps, such as the memory it holds now."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field)) / 1024


def measured(action):
    """Milliseconds, and how far the memory rose above what was held before."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak starts anew
    before = megabytes("VmRSS")
    start = time.perf_counter()
    action()
    seconds = time.perf_counter() - start
    return 1000 * seconds, megabytes("VmHWM") - before


def make():
    """A model with random weights, once run, so that its weights are where they will stay."""
    layers = [tf.keras.layers.Dense(UNITS, input_shape=(UNITS,)) for _ in range(LAYERS)]
    made = tf.keras.Sequential(layers)
    made.predict(np.zeros((1, UNITS), np.float32))
    return made


model, other = make(), make()
folder = tempfile.mkdtemp(dir=".")
checkpoint, weights = os.path.join(folder, "c"), os.path.join(folder, "w.h5")
whole, saved_model = os.path.join(folder, "m.h5"), os.path.join(folder, "m")
actions = [
    ("checkpoint_save", lambda: model.save_weights(checkpoint)),
    ("checkpoint_load", lambda: other.load_weights(checkpoint)),
    ("weights_save", lambda: model.save_weights(weights)),
    ("weights_load", lambda: other.load_weights(weights)),
    ("hdf5_save", lambda: model.save(whole)),
    ("hdf5_load", lambda: tf.keras.models.load_model(whole, compile=False)),
    ("savedmodel_save", lambda: model.save(saved_model, save_format="tf")),
    ("savedmodel_load", lambda: tf.keras.models.load_model(saved_model, compile=False)),
]
if "reflow" in sys.argv:
    zipped = os.path.join(folder, "m.zip")
    actions += [
        ("keras_save", lambda: model.save(zipped, save_format="keras_v3")),
        ("keras_load", lambda: tf.keras.models.load_model(zipped, compile=False)),
    ]
found = {}
try:
    for name, action in actions:
        for repeat in range(REPEATS + 1):
            spent, risen = measured(action)
            if repeat or quick:
                found.setdefault(name + "_ms", []).append(spent)
                found.setdefault(name + "_mb", []).append(risen)
finally:
    shutil.rmtree(folder)
print(json.dumps(found))
