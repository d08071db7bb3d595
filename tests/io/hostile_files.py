"""Reads damaged files, one after the other: ``hostile_files.py KIND FIRST COUNT``.

It prints the number of each file before it is read, then what came of it; a process that hangs or
crashes leaves the number. The memory that it may take is limited.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import signal
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

import reflow as tf
from reflow.io import _checkpoint
from reflow.io._checkpoint.table import read_table, write_table
from reflow.io._crc import masked_crc32c
from reflow.keras.datasets import _formats

GOLDEN = Path(__file__).parents[1] / "golden" / "files"
CHECKPOINTS = GOLDEN / "checkpoints"
SECONDS = 30  # for one file
MEMORY = 1 << 30  # bytes above what the process has before

REFUSALS = (OSError, ValueError, NotImplementedError, tf.errors.OpError)


def damage(chance: random.Random, content: bytes) -> bytes:
    """Changes, drops or inserts bytes at a few places."""
    content = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8])):
        way, place = chance.random(), chance.randrange(len(content) or 1)
        if way < 0.5:
            content[place : place + 1] = chance.randbytes(1)
        elif way < 0.6:
            content[place : place + 8] = struct.pack("<q", chance.choice(NUMBERS))
        elif way < 0.7:
            del content[max(place, 1) :]
        elif way < 0.85:
            content[place:place] = chance.randbytes(chance.choice([1, 4, 30]))
        elif len(content) > 200:
            del content[place : place + chance.choice([1, 4, 100])]
    return bytes(content)


NUMBERS = [0, -1, 1, 127, 128, 1 << 16, (1 << 31) - 1, 1 << 31, 1 << 40, (1 << 63) - 1]
TEXTS = ["", "x", "\0", "/", "../..", "float64", "Dense", "Lambda", "é" * 300]


def changed(chance: random.Random, value: object) -> object:
    """A JSON value with one part replaced."""
    places = [(None, None)]
    stack = [value]
    while stack:
        holder = stack.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            places.append((holder, key))
            if isinstance(holder[key], (dict, list)):
                stack.append(holder[key])
    holder, key = chance.choice(places[1:] or places)
    if holder is None:
        return value
    if chance.random() < 0.2:
        del holder[key]
        return value
    deep: object = 0
    for _ in range(chance.choice([1, 50, 3000])):
        deep = [deep]
    holder[key] = chance.choice(
        [chance.choice(NUMBERS), chance.choice(TEXTS), None, True, [], {}, 1.5, [-1, 1 << 40], deep]
    )
    return value


def json_text(chance: random.Random, text: str) -> str:
    value = json.loads(text)
    for _ in range(chance.choice([1, 1, 3])):
        value = changed(chance, value)
    try:
        return json.dumps(value)
    except RecursionError:
        return "[" * 100_000


# ---- the kinds: each writes a damaged file into a folder and returns what reads it


def checkpoint(chance, folder, part):
    name = chance.choice(["containers", "dtypes", "adam", "named"])
    for path in CHECKPOINTS.glob(f"{name}.*"):
        content = path.read_bytes()
        if path.suffix.startswith(part):
            content = damage(chance, content)
        (folder / path.name).write_bytes(content)
    return lambda: read_checkpoint(folder / name)


def read_checkpoint(prefix):
    with _checkpoint.BundleReader(prefix) as reader:
        for key in reader.keys():  # noqa: SIM118
            reader.read(key)


def forged_index(chance, folder):
    """Damage below the checksums, which are right."""
    name = chance.choice(["containers", "dtypes", "adam", "named_sharded"])
    for path in CHECKPOINTS.glob(f"{name}.*"):
        shutil.copy(path, folder)
    index = folder / f"{name}.index"
    entries = dict(read_table(index.read_bytes(), "x"))
    for _ in range(chance.choice([1, 3])):
        key = chance.choice(sorted(entries))
        entries[key] = damage(chance, entries[key]) if entries[key] else b"x"
    index.write_bytes(write_table(sorted(entries.items())))
    return lambda: read_checkpoint(folder / name)


def object_graph(chance, folder):
    """A damaged object graph with a right checksum, restored to a model's objects."""
    with _checkpoint.BundleReader(CHECKPOINTS / "adam") as reader:
        tensors = {key: reader.read(key) for key in reader.keys()}  # noqa: SIM118
    key = "_CHECKPOINTABLE_OBJECT_GRAPH"
    graph = np.empty((), object)
    graph[()] = damage(chance, tensors.pop(key).item())
    _checkpoint.save(folder / "x", tensors | {key: graph})
    root = tf.train.Checkpoint(model=tf.Module(), w=tf.Variable(np.zeros((2, 3), "float32")))
    root.items = [tf.Variable(2.0)]
    return lambda: tf.train.Checkpoint.restore(root, str(folder / "x")).expect_partial()


def hdf5(chance, folder):
    source = chance.choice([*GOLDEN.glob("keras/*.h5"), *GOLDEN.glob("keras3/*.h5")])
    path = folder / "m.h5"
    path.write_bytes(damage(chance, source.read_bytes()))
    return lambda: tf.keras.models.load_model(str(path))


def hdf5_config(chance, folder):
    import h5py

    source = chance.choice([GOLDEN / "keras" / "functional.h5", GOLDEN / "keras" / "recurrent.h5"])
    path = folder / "m.h5"
    shutil.copy(source, path)
    with h5py.File(path, "r+") as file:
        name = chance.choice(["model_config", "model_config", "training_config"])
        text = file.attrs[name]
        text = text.decode() if isinstance(text, bytes) else text
        text = json_text(chance, text)[:60000]
        del file.attrs[name]
        file.attrs[name] = np.bytes_(text)
    return lambda: tf.keras.models.load_model(str(path))


def saved_model(chance, folder):
    source = GOLDEN / "keras" / "sequential"
    path = folder / "m"
    shutil.copytree(source, path)
    file = path / "saved_model.pb"
    content = file.read_bytes()
    if chance.random() < 0.5:
        from reflow.io._protos import message

        saved = message("SavedModel").FromString(content)
        nodes = saved.meta_graphs[0].object_graph_def.nodes
        nodes[0].user_object.metadata = json_text(chance, nodes[0].user_object.metadata)
        file.write_bytes(saved.SerializeToString())
    else:
        file.write_bytes(damage(chance, content))
    return lambda: tf.keras.models.load_model(str(path))


def keras(chance, folder):
    source = chance.choice(sorted(GOLDEN.glob("keras3/*.keras")))
    path = folder / "m.keras"
    if chance.random() < 0.3:
        path.write_bytes(damage(chance, source.read_bytes()))
    else:  # with a right checksum
        with zipfile.ZipFile(source) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        if chance.random() < 0.5:
            parts["config.json"] = json_text(chance, parts["config.json"].decode()).encode()
        else:
            parts["model.weights.h5"] = damage(chance, parts["model.weights.h5"])
        with zipfile.ZipFile(path, "w", chance.choice([0, zipfile.ZIP_DEFLATED])) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    return lambda: tf.keras.models.load_model(str(path))


def npz(chance, folder):
    data = tf.data.Dataset.from_tensor_slices((np.arange(3.0), np.ones((3, 4), "int32")))
    path = folder / "cache"
    list(data.cache(str(path)))
    file = folder / "cache.npz"
    if chance.random() < 0.4:
        file.write_bytes(damage(chance, file.read_bytes()))
    else:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice(sorted(parts))
        parts[name] = damage(chance, parts[name])
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)

    def read():
        if chance.random() < 0.5:
            list(data.cache(str(path)))
        else:
            _formats.read_npz(str(file), ["0_0", "0_1"])

    return read


def tfrecord(chance, folder):
    kind = chance.choice(["", "GZIP", "ZLIB"])
    name = "records.tfrecord" + {"": "", "GZIP": ".gz", "ZLIB": ".zlib"}[kind]
    content = (GOLDEN / "records" / name).read_bytes()
    if kind == "" and chance.random() < 0.4:  # a forged record with right checksums
        length = struct.pack("<Q", chance.choice([1, 5, 1 << 31, 1 << 40, 1 << 62]))
        content = length + struct.pack("<I", masked_crc32c(length)) + content
    else:
        content = damage(chance, content)
    path = folder / "r.tfrecord"
    path.write_bytes(content)
    return lambda: list(tf.data.TFRecordDataset(str(path), kind))


def example(chance, folder):
    """A record that is whole, of an Example that is not."""
    feature = tf.train.Feature(float_list=tf.train.FloatList(value=[1.0, 2.0]))
    record = tf.train.Example(features=tf.train.Features(feature={"x": feature}))
    text = damage(chance, record.SerializeToString())

    def read():
        kind = tf.io.FixedLenFeature([2], tf.float32)
        try:
            tf.io.parse_single_example(text, {"x": kind})
            tf.io.parse_tensor(text, tf.float32)
        except (*REFUSALS,) as error:
            raise ValueError(f"{folder} {error}") from error  # there is no file to be named

    return read


def json_file(chance, folder):
    path = folder / "index.json"
    text = json.dumps({"the": 1, "of": [1, {"a": 2}]})
    content = damage(chance, text.encode()) if chance.random() < 0.5 else b""
    path.write_bytes(content or json_text(chance, text).encode())
    return lambda: _formats.read_json(str(path))


def state_file(chance, folder):
    for path in CHECKPOINTS.glob("adam.*"):
        shutil.copy(path, folder)
    _checkpoint.write_state(str(folder), str(folder / "adam"))
    path = folder / "checkpoint"
    path.write_bytes(damage(chance, path.read_bytes()))
    return lambda: tf.train.latest_checkpoint(str(folder))


KINDS = {
    "index": lambda chance, folder: checkpoint(chance, folder, ".index"),
    "data": lambda chance, folder: checkpoint(chance, folder, ".data"),
    "forged_index": forged_index,
    "object_graph": object_graph,
    "hdf5": hdf5,
    "hdf5_config": hdf5_config,
    "saved_model": saved_model,
    "keras": keras,
    "npz": npz,
    "tfrecord": tfrecord,
    "example": example,
    "json": json_file,
    "state": state_file,
}


def names_the_file(error: BaseException, folder: Path) -> bool:
    return folder.name in str(error)


def main(kind: str, first: int, count: int) -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, whatever it is doing
    with open("/proc/self/statm") as file:
        present = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (present + MEMORY, present + MEMORY))
    for number in range(first, first + count):
        print(f"{number} ", end="", flush=True)
        chance = random.Random(f"{kind} {number}")
        with tempfile.TemporaryDirectory(prefix="hostile") as name:
            folder = Path(name)
            read = KINDS[kind](chance, folder)
            signal.alarm(SECONDS)
            try:
                read()
                outcome = "read"
            except REFUSALS as error:
                outcome = "refused"
                if not names_the_file(error, folder):
                    outcome = f"unnamed {type(error).__name__}: {error}"
            except BaseException as error:  # noqa: BLE001 - any other is a finding
                outcome = f"raised {type(error).__name__}: {error}"
            signal.alarm(0)
        print(outcome.replace("\n", " ")[:400], flush=True)
        if number % 50 == 49:
            tf.keras.backend.clear_session()


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, errors="replace")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
