"""Write the checkpoints and records of ``objects.py`` with TensorFlow 2.1.0.

    ORACLE_PYTHON tests/golden/files/make_files.py [checkpoints records events keras]

The files are small, and the same at each run.
"""

import json
import os
import shutil
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from golden.files.objects import (  # noqa: E402
    NAMED,
    PARTITIONED,
    RECORDS,
    ROOTS,
    event_texts,
    recorded,
    summaries,
    summary_outcomes,
)  # fmt: skip


def make_checkpoints(folder):
    for name, make in sorted(ROOTS.items()):
        make(tf, recorded()).write(os.path.join(folder, name))
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        fill = recorded()
        v1.get_variable("scope/plain", initializer=fill((3,)))
        v1.get_variable("text", initializer=fill((3,), "string"))
        for axis, (name, shape) in enumerate(PARTITIONED.items()):
            whole = fill(shape)
            parts = v1.get_variable(
                name,
                shape=shape,
                partitioner=v1.fixed_size_partitioner(3 - axis, axis=axis),
                initializer=v1.zeros_initializer(),
            )
            starts = np.cumsum([0] + [int(part.shape[axis]) for part in parts])
            for part, begin, end in zip(parts, starts[:-1], starts[1:]):
                session.run(part.assign(np.take(whole, range(begin, end), axis)))
        session.run([v.initializer for v in v1.global_variables() if "/part_" not in v.name])
        for name, sharded in zip(NAMED, (False, True)):
            saver = v1.train.Saver(sharded=sharded)
            saver.save(
                session, os.path.join(folder, name), write_meta_graph=False, write_state=False
            )


def make_records(folder):
    for kind, extension in (("", ""), ("GZIP", ".gz"), ("ZLIB", ".zlib")):
        path = os.path.join(folder, "records.tfrecord" + extension)
        with tf.io.TFRecordWriter(path, kind) as writer:
            for record in RECORDS:
                writer.write(record)


def make_events(folder):
    work = os.path.join(folder, "work")
    summaries(tf, work)
    (name,) = os.listdir(work)
    records = tf.data.TFRecordDataset(os.path.join(work, name))
    events = [tf.compat.v1.Event.FromString(record.numpy()) for record in records]
    shutil.rmtree(work)
    texts = event_texts(events, lambda data: tf.io.decode_png(data).numpy().tolist())
    found = {"outcomes": summary_outcomes(tf), "events": texts}
    with open(os.path.join(folder, "events.json"), "w") as file:
        json.dump(found, file, indent=1, sort_keys=True)
        file.write("\n")


def make_keras(folder):
    """Whole models and weights by Keras, with what they give."""
    from golden.files import keras_models

    expected = {}
    for name in sorted(keras_models.MODELS):
        tf.keras.backend.clear_session()
        tf.random.set_seed(1)
        model, x, y = keras_models.trained(tf, name)
        path = os.path.join(folder, name)
        model.save(path + ".h5")
        model.save_weights(path + ".weights.h5")
        model.save_weights(path + ".ckpt")
        if name == "sequential":
            model.save(path, save_format="tf")
        expected[name] = keras_models.facts(model, x, y)
    os.remove(os.path.join(folder, "checkpoint"))
    for kind in ("LSTM", "GRU"):
        make_cudnn(folder, kind)
    write_json(os.path.join(folder, "expected.json"), expected)


def make_cudnn(folder, kind):
    """Weights of a layer of cuDNN's, and of the common layer that TensorFlow loaded them into."""
    x = np.zeros((1, 3, 2), np.float32)
    layer = getattr(tf.compat.v1.keras.layers, "CuDNN" + kind)(3, name="rnn", input_shape=(3, 2))
    layer.build((None, 3, 2))
    fill = recorded()
    layer.set_weights([fill(w.shape) for w in layer.get_weights()])
    path = os.path.join(folder, "cudnn_" + kind.lower())
    with h5py.File(path + ".h5", "w") as file:
        file.attrs["layer_names"] = [b"rnn"]
        file.attrs["backend"] = b"tensorflow"
        file.attrs["keras_version"] = b"2.2.4-tf"
        group = file.create_group("rnn")
        group.attrs["weight_names"] = [w.name.encode() for w in layer.weights]
        for weight in layer.weights:
            group.create_dataset(weight.name, data=weight.numpy())
    common = tf.keras.Sequential(
        [getattr(tf.keras.layers, kind)(3, name="rnn", input_shape=(3, 2))]
    )
    common(x)
    common.load_weights(path + ".h5")
    common.save_weights(path + "_common.h5")


def write_json(path, found):
    with open(path, "w") as file:
        json.dump(found, file, sort_keys=True)
        file.write("\n")


MAKERS = (
    ("checkpoints", make_checkpoints),
    ("records", make_records),
    ("events", make_events),
    ("keras", make_keras),
)


def main():
    if tf.__version__ != "2.1.0":
        raise SystemExit("this is TensorFlow %s; 2.1.0 is needed" % tf.__version__)
    for name, make in MAKERS:
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        folder = os.path.join(HERE, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        make(folder)


if __name__ == "__main__":
    main()
