"""Write the checkpoints and records of ``objects.py`` with TensorFlow 2.1.0.

    ORACLE_PYTHON tests/golden/files/make_files.py

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


MAKERS = (("checkpoints", make_checkpoints), ("records", make_records), ("events", make_events))


def main():
    if tf.__version__ != "2.1.0":
        raise SystemExit("this is TensorFlow %s; 2.1.0 is needed" % tf.__version__)
    for name, make in MAKERS:
        folder = os.path.join(HERE, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        make(folder)


if __name__ == "__main__":
    main()
