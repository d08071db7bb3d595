"""Files between Reflow and TensorFlow 2.1.0: what one writes, the other reads, bit for bit.

    python tools/interop.py ORACLE_PYTHON     run with Reflow's Python; make interop does

Reflow writes checkpoints, records and event files to a temporary folder; TensorFlow reads them
there, restores them to the same objects, and compares; TensorBoard's own reader reads the events.
(That Reflow reads TensorFlow's files is what tests/ tests, with files kept in tests/golden/files.)
The same file is the reader's program, run by the other Python, so it keeps to Python 3.7.
"""

import json
import os
import subprocess
import sys
import tempfile

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
KINDS = ("", "GZIP", "ZLIB")


def objects():
    """The module that makes the objects, on both sides."""
    from golden.files import objects as module

    return module


def keras_models():
    """The module that makes Keras models, on both sides."""
    from golden.files import keras_models as module

    return module


def write(folder):
    """What Reflow writes."""
    import reflow as tf

    module = objects()
    for name, make in module.ROOTS.items():
        make(tf, module.recorded()).write(os.path.join(folder, name))
    manager = tf.train.CheckpointManager(
        tf.train.Checkpoint(x=tf.Variable([1.0, 2.0])), os.path.join(folder, "manager"), 2
    )
    for _ in range(3):
        manager.save()
    for kind in KINDS:
        with tf.io.TFRecordWriter(os.path.join(folder, "records" + kind), kind) as writer:
            for record in module.RECORDS:
                writer.write(record)
    module.summaries(tf, os.path.join(folder, "events"))
    write_models(tf, folder)


def write_models(tf, folder):
    """Keras models in all formats that TensorFlow 2.1 reads, and what they must give."""
    module = keras_models()
    facts = {}
    for name in sorted(module.MODELS):
        model, x, y = module.trained(tf, name)
        path = os.path.join(folder, name)
        model.save(path + ".h5")
        model.save_weights(path + ".weights.h5")
        model.save_weights(path + ".ckpt")
        model.save(path)
        facts[name] = module.facts(model, x, y)
    with open(os.path.join(folder, "facts.json"), "w") as file:
        json.dump(facts, file)


def read(folder):
    """What TensorFlow makes of it; raises where there is a difference."""
    import tensorflow as tf

    module = objects()
    report = {"tensorflow": tf.__version__}
    count = 0
    for name, make in sorted(module.ROOTS.items()):
        root = make(tf, module.others())
        expected = make(tf, module.recorded())
        status = root.restore(os.path.join(folder, name))
        wanted = _values(tf, expected, os.path.join(folder, "expected"))
        found = _values(tf, root, os.path.join(folder, "found"))
        wanted.pop("save_counter/.ATTRIBUTES/VARIABLE_VALUE", None)
        found.pop("save_counter/.ATTRIBUTES/VARIABLE_VALUE", None)
        _same(name, found, wanted)
        _same(name, _stored(tf, os.path.join(folder, name)), wanted)
        status.expect_partial()
        count += len(wanted)
    report["tensors"] = count
    latest = tf.train.latest_checkpoint(os.path.join(folder, "manager"))
    checkpoint = tf.train.Checkpoint(x=tf.Variable([0.0, 0.0]))
    checkpoint.restore(latest).assert_consumed()
    _check("manager", os.path.basename(latest), "ckpt-3")
    _check("manager", checkpoint.x.numpy().tolist(), [1.0, 2.0])
    _check("manager", int(checkpoint.save_counter), 3)
    for kind in KINDS:
        path = os.path.join(folder, "records" + kind)
        records = [record.numpy() for record in tf.data.TFRecordDataset(path, kind)]
        _check(path, records, module.RECORDS)
    report["records"] = len(KINDS) * len(module.RECORDS)
    report["models"] = read_models(tf, folder)
    report["events"] = read_events(tf, module, os.path.join(folder, "events"))
    return report


def read_models(tf, folder):
    """TensorFlow's Keras on Reflow's models: equal weights, and the same next step."""
    module = keras_models()
    with open(os.path.join(folder, "facts.json")) as file:
        facts = json.load(file)
    count = 0
    for name, wanted in sorted(facts.items()):
        make, optimizer, loss, x, y = module.MODELS[name]
        path = os.path.join(folder, name)
        files = (path + ".h5", path + ".weights.h5", path + ".ckpt", path + "/variables/variables")
        for place, file in enumerate(files):
            tf.keras.backend.clear_session()
            if place == 0:
                model = tf.keras.models.load_model(file)
            else:
                model = make(tf)
                model.compile(optimizer(tf), loss, metrics=module.metrics(loss))
                status = model.load_weights(file)
                if status is not None:
                    status.assert_existing_objects_matched()
            for found, saved in zip(model.get_weights(), wanted["weights"]):  # noqa: B905 - Python 3.7
                _check(file, found.tolist(), saved)
            for fact, tolerance in (("predictions", 1e-5), ("next", 1e-4), ("after", 1e-4)):
                if place == 1 and fact != "predictions":
                    continue  # no optimizer's state
                found = model.train_on_batch(x, y) if fact == "next" else model.predict(x)
                difference = np.abs(np.array(found) - np.array(wanted[fact])).max()
                if not difference <= tolerance:
                    raise SystemExit("%s: %s differ by %g" % (file, fact, difference))
            count += 1
    return count


def _values(tf, root, path):
    root.write(path)  # by TensorFlow itself
    return _stored(tf, path)


def _stored(tf, path):
    reader = tf.train.load_checkpoint(path)
    keys = reader.get_variable_to_shape_map()
    return {key: reader.get_tensor(key) for key in keys if key[0] != "_"}


def _same(name, found, wanted):
    _check(name, sorted(found), sorted(wanted))
    for key, value in wanted.items():
        ours, theirs = np.asarray(found[key]), np.asarray(value)
        _check((name, key), (ours.dtype, ours.shape), (theirs.dtype, theirs.shape))
        if not np.array_equal(ours, theirs):
            raise SystemExit("%s: %s differs" % (name, key))


def _check(what, found, wanted):
    if found != wanted:
        raise SystemExit("%s: %r is not %r" % (what, found, wanted))


def read_events(tf, module, folder):
    """TensorFlow's summary_iterator and TensorBoard's reader on an event file."""
    (name,) = os.listdir(folder)
    events = list(tf.compat.v1.train.summary_iterator(os.path.join(folder, name)))
    with open(os.path.join(ROOT, "tests", "golden", "files", "events", "events.json")) as file:
        expected = json.load(file)["events"]
    texts = module.event_texts(events, lambda data: tf.io.decode_png(data).numpy().tolist())
    _check("events", texts, expected)
    from tensorboard.backend.event_processing import event_accumulator

    reader = event_accumulator.EventAccumulator(folder)
    reader.Reload()
    tags = reader.Tags()["tensors"]
    loss = tf.make_ndarray(reader.Tensors("loss")[0].tensor_proto)
    _check("TensorBoard", float(loss), 0.25)
    plugin = reader.SummaryMetadata("h/three").plugin_data.plugin_name
    _check("TensorBoard", plugin, "histograms")
    if len(tags) < 20:
        raise SystemExit("TensorBoard sees the tags %s" % tags)
    return len(events)


def main():
    """Runs the command."""
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(read(sys.argv[2]), sort_keys=True))
        return
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        write(folder)
        environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
        environment.pop("PYTHONPATH", None)  # the other Python must not see our packages
        command = [sys.argv[1], os.path.abspath(__file__), "--read", folder]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        report = json.loads(done.stdout.decode().splitlines()[-1])
    print(
        "TensorFlow %(tensorflow)s reads what Reflow writes, without a difference: %(tensors)d "
        "tensors of checkpoints, %(models)d files of Keras models, %(records)d records, "
        "%(events)d events" % report
    )


if __name__ == "__main__":
    main()
