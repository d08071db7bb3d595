"""Training that is killed, and run again, goes on from its last checkpoint."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import reflow

# The notes' program, with a smaller data set; the second run finds the first one's weights.
NOTES = r"""
import tensorflow as tf
import os
import numpy as np

np.set_printoptions(threshold=np.inf)

random = np.random.RandomState(3)
x_train, y_train = random.rand(200, 28, 28), random.randint(0, 10, 200)
x_train[np.arange(200), y_train] += 2
x_test, y_test = x_train[:50], y_train[:50]

model = tf.keras.models.Sequential([
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(128, activation='relu'),
    tf.keras.layers.Dense(10, activation='softmax')
])

model.compile(optimizer='adam',
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=False),
              metrics=['sparse_categorical_accuracy'])

checkpoint_save_path = "./checkpoint/fashion.ckpt"
if os.path.exists(checkpoint_save_path + '.index'):
    print('-------------load the model-----------------')
    model.load_weights(checkpoint_save_path)

cp_callback = tf.keras.callbacks.ModelCheckpoint(filepath=checkpoint_save_path,
                                                 save_weights_only=True,
                                                 save_best_only=True)

history = model.fit(x_train, y_train, batch_size=32, epochs=5, validation_data=(x_test, y_test),
                    validation_freq=1, callbacks=[cp_callback])
model.summary()

print(model.trainable_variables)
file = open('./weights.txt', 'w')
for v in model.trainable_variables:
    file.write(str(v.name) + '\n')
    file.write(str(v.shape) + '\n')
    file.write(str(v.numpy()) + '\n')
file.close()
np.save('weights.npy', model.trainable_variables[2].numpy())
print('iterations', model.optimizer.iterations.numpy())
"""


def run(program, folder, arguments=(), **options):
    """Start ``python -m reflow program`` in a folder."""
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    source = str(Path(reflow.__file__).parents[1])
    environment = dict(os.environ, PYTHONPATH=source)
    return subprocess.Popen(
        [sys.executable, "-m", "reflow", path.name, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        **options,
    )


def output(program, folder):
    process = run(program, folder)
    text, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    return text


def test_the_checkpoints_of_the_notes(tmp_path):
    first, second = (output(NOTES, tmp_path) for _ in range(2))
    assert "load the model" not in first
    assert "load the model" in second
    for text, steps in ((first, 35), (second, 70)):
        assert 'Model: "sequential"' in text
        assert f"iterations {steps}" in text
    losses = [
        [float(loss) for loss in re.findall(r" - loss: ([\d.]+)[^\n]*val_loss", text)]
        for text in (first, second)
    ]
    assert len(losses[0]) == len(losses[1]) == 5
    assert losses[1][0] < losses[0][0]
    lines = (tmp_path / "weights.txt").read_text(encoding="utf-8").splitlines()
    heads = [line for line in lines if not line.lstrip().startswith("[") and ":" in line]
    assert heads == [f"sequential/dense{n}/{w}:0" for n in ("", "_1") for w in ("kernel", "bias")]
    assert lines[1] == "(784, 128)"
    text = "\n".join(lines)
    assert "..." not in text
    with np.printoptions(threshold=sys.maxsize):
        assert str(np.load(tmp_path / "weights.npy")) in text


TRAINING = r"""
import os
import numpy as np
import tensorflow as tf

X = np.random.RandomState(0).rand(64, 8).astype("float32")
L = tf.keras.layers
model = tf.keras.Sequential([L.Dense(300, input_shape=(8,)), L.Dense(1)])
model.compile("adam", "mse")
path = "saved/weights"
if os.path.exists(path + ".index"):
    model.load_weights(path).assert_existing_objects_matched()
print("from", int(model.optimizer.iterations), flush=True)


class Tell(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("saved", int(self.model.optimizer.iterations), flush=True)


model.fit(X, X[:, :1], epochs=100000, verbose=0, callbacks=[
    tf.keras.callbacks.ModelCheckpoint(path, save_weights_only=True), Tell()])
"""


@pytest.mark.slow
def test_a_killed_training_goes_on(tmp_path):
    moment = random.Random(7)
    reached = 0
    for _ in range(6):
        process = run(TRAINING, tmp_path)
        begun = int(process.stdout.readline().split()[1])
        assert begun >= reached, process.stderr.read()
        text = process.stdout.readline()
        time.sleep(moment.random() / 2)
        process.send_signal(signal.SIGKILL)
        text += process.communicate(timeout=60)[0]
        told = [int(line.split()[1]) for line in text.splitlines() if line.startswith("saved ")]
        reached = max([begun, *told])
    assert reached > 12  # each run got further
    names = sorted(p.name for p in (tmp_path / "saved").iterdir() if ".new" not in p.name)
    assert "weights.index" in names


# The one weight grows by 1 in each step, so that its value says how far training has come.
RESTARTING = r"""
import sys
import numpy as np
import tensorflow as tf

path, whole = "saved/" + sys.argv[1], sys.argv[2] == "whole"
X = np.ones((64, 1), "float32")
dense = tf.keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros", input_shape=(1,))
model = tf.keras.Sequential([dense])
model.compile(tf.keras.optimizers.SGD(1.0), lambda y, output: tf.reduce_mean(-output))


class Tell(tf.keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        print("from", int(dense.kernel), flush=True)

    def on_epoch_end(self, epoch, logs=None):
        print("saved", int(dense.kernel), flush=True)


model.fit(X, X, batch_size=32, epochs=100000, verbose=0, callbacks=[
    tf.keras.callbacks.ModelCheckpoint(
        path, save_weights_only=not whole, load_weights_on_restart=True,
        save_freq=int(sys.argv[3]) if sys.argv[3:] else "epoch"), Tell()])
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["w-{epoch}", "weights"],
        ["w-{epoch:02d}-{loss:.1f}.h5", "weights"],
        ["m.h5", "whole", "32"],
        ["m-{epoch}", "whole"],
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_load_weights_on_restart_after_kills(arguments, tmp_path):
    if arguments[0].endswith(".h5"):
        pytest.importorskip("h5py")
    (tmp_path / "saved").mkdir()
    moment = random.Random(arguments[0])
    reached = 0
    for _ in range(3):
        process = run(RESTARTING, tmp_path, arguments)
        begun = int((process.stdout.readline() or "x 0").split()[1])
        assert begun >= reached, process.stderr.read()
        text = process.stdout.readline()
        time.sleep(moment.random() / 3)
        process.send_signal(signal.SIGKILL)
        text += process.communicate(timeout=60)[0]
        told = [int(line.split()[1]) for line in text.splitlines() if line.startswith("saved ")]
        reached = max([begun, *told])
    assert reached > 6


def test_the_latest_file_is_found(tmp_path):
    callback = reflow.keras.callbacks.ModelCheckpoint(str(tmp_path / "w-{epoch}"))
    latest = callback._get_most_recently_modified_file_matching_pattern
    assert latest(callback.filepath) is None
    names = """w-1.index w-1.data-00000-of-00001 w-2.index.new w-2.data-00000-of-00001
        w-3.index.new w-3.data-00000-of-00001.new w-4.tmp12@host v-5.index""".split()
    for age, name in enumerate(names):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    assert latest(callback.filepath) == str(tmp_path / "w-2")


SAVING = r"""
import sys
import numpy as np
import tensorflow as tf

def make(value):
    model = tf.keras.Sequential([tf.keras.layers.Dense(200, input_shape=(200,))])
    model.set_weights([np.full((200, 200), value, "float32"), np.full(200, value, "float32")])
    return model

print("ready", flush=True)
model, value = make(0), 0
while True:
    value += 1
    model.set_weights([np.full((200, 200), value, "float32"), np.full(200, value, "float32")])
    model.save("model.h5")
    model.save("model.zip", save_format="keras_v3")
    model.save("folder")
    print(value, flush=True)
"""


@pytest.mark.slow
def test_a_killed_save_leaves_a_whole_file(tmp_path):
    pytest.importorskip("h5py")
    moment = random.Random(8)
    for _ in range(6):
        process = run(SAVING, tmp_path)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        assert process.stdout.readline()
        time.sleep(moment.random() / 2)
        process.send_signal(signal.SIGKILL)
        text, _ = process.communicate(timeout=60)
        last = int(["1", *text.split()][-1])
        for name in ("model.h5", "model.zip", "folder"):
            model = reflow.keras.models.load_model(str(tmp_path / name), compile=False)
            kernel, bias = model.get_weights()
            assert kernel[0, 0] in (last, last + 1)
            assert (kernel == kernel[0, 0]).all()
            assert (bias == kernel[0, 0]).all()
