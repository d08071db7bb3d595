"""A process that is killed while it saves leaves the older file or the newer one, whole.

What else it leaves goes with the next saving. ``make hostile`` does it 200 times for each format.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reflow

pytest.importorskip("h5py")
KILLS = int(os.environ.get("REFLOW_TEST_KILLS", "10"))

# One process makes the model; children of it, which start at once, save until they are killed.
PROGRAM = r"""
import mmap, os, random, signal, struct, sys, time
import numpy as np
import tensorflow as tf

form, kills = sys.argv[1], int(sys.argv[2])
layers = [tf.keras.layers.Dense(60, input_shape=(60,)) for _ in range(3)]
model = tf.keras.Sequential(layers)
model.compile("sgd", "mse")
blank = [np.zeros(w.shape, "float32") for w in model.get_weights()]
path = {"checkpoint": "d/w", "hdf5": "d/m.h5", "savedmodel": "d/m", "keras": "d/m.zip"}[form]
os.makedirs("d", exist_ok=True)


def save(value):
    # Layers are renamed too, so that a description and weights of two saves would not fit.
    for layer in layers:
        layer._name = "v%d_%s" % (value, layer.name.split("_", 1)[-1])
    model.set_weights([w + np.float32(value) for w in blank])
    if form == "checkpoint":
        model.save_weights(path)
    else:
        model.save(path, save_format="keras_v3" if form == "keras" else None)


def saved():
    if form == "checkpoint":
        assert tf.train.latest_checkpoint("d") == path
        with tf.train.load_checkpoint(path)._bundle as reader:
            arrays = [reader.read(k) for k in reader.keys() if "kernel" in k or "bias" in k]
        name = None
    else:
        found = tf.keras.models.load_model(path, compile=False)
        arrays, name = found.get_weights(), found.layers[0].name
    assert len(arrays) == 6
    value = int(arrays[0].flat[0])
    assert all((a == value).all() for a in arrays)
    assert name is None or name.startswith("v%d_" % value), (name, value)
    return value


def files():
    return sorted(os.path.join(at, name) for at, _, names in os.walk("d") for name in names)


shared = mmap.mmap(-1, 8)  # the last value whose saving came to its end
chance = random.Random(form)
value = 1
start = time.perf_counter()
save(value)
usual = time.perf_counter() - start
expected, between = files(), 0
for _ in range(kills):
    shared[:] = struct.pack("q", value)
    child = os.fork()
    if child == 0:
        while True:
            value += 1
            save(value)
            shared[:] = struct.pack("q", value)
    time.sleep(chance.random() * 4 * usual)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    done = struct.unpack("q", shared[:])[0]
    found = saved()
    assert found in (done, done + 1), (found, done)
    between += files() != expected
    value = found + 1
    save(value)
    assert saved() == value
    assert files() == expected, files()
print("left something", between)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.parametrize("form", ["checkpoint", "hdf5", "savedmodel", "keras"])
def test_killed_saves(form, tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    source = str(Path(reflow.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "reflow", "program.py", form, str(KILLS)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # Kills came in the midst of savings, not only between them.
    assert int(done.stdout.split()[-1]) >= KILLS // 10
