"""Damaged checkpoints raise clear errors; a process that dies leaves a whole checkpoint."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow.io import _checkpoint
from reflow.io._checkpoint.table import read_table, write_table

FILES = Path(__file__).parents[1] / "golden" / "files" / "checkpoints"
CLEAR = (tf.errors.DataLossError, tf.errors.NotFoundError, tf.errors.UnimplementedError)
DAMAGED = ["containers", "dtypes", "adam", "named", "named_sharded"]


def contents(prefix: str | Path) -> dict[str, np.ndarray]:
    with _checkpoint.BundleReader(prefix) as reader:
        return {key: reader.read(key) for key in reader.keys()}  # noqa: SIM118


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        np.testing.assert_array_equal(found[key], value)


def damage(data: bytes, kind: str, where: float, bits: int) -> bytes:
    at = min(int(where * len(data)), len(data) - 1)
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ bits]) + data[at + 1 :]
    if kind == "cut":
        return data[:at]
    if kind == "remove":
        return data[:at] + data[at + 1 :]
    return data[:at] + bytes([bits]) + data[at:]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(DAMAGED),
    file=st.integers(0, 2),
    kind=st.sampled_from(["flip", "cut", "remove", "insert"]),
    where=st.floats(0, 1),
    bits=st.integers(1, 255),
)
def test_damage_anywhere_is_noticed(
    name: str, file: int, kind: str, where: float, bits: int
) -> None:
    expected = contents(FILES / name)
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(FILES.glob(f"{name}.*"))
        for i, path in enumerate(files):
            data = path.read_bytes()
            if i == file % len(files):
                data = damage(data, kind, where, bits)
            (Path(folder) / path.name).write_bytes(data)
        try:
            found = contents(Path(folder) / name)
        except CLEAR:
            return
    # Bytes that no tensor uses (the footer's padding) may differ.
    assert_same(found, expected)


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_make_the_index_reader_fail_otherwise(data: bytes) -> None:
    magic = (0xDB4775248B80FB57).to_bytes(8, "little")
    for whole in (data, data + magic, data.ljust(40, b"\0") + magic):
        with suppress(CLEAR):
            list(read_table(whole, "x"))


@given(st.dictionaries(st.binary(max_size=40), st.binary(max_size=2000), max_size=200))
@settings(deadline=None, max_examples=50)
def test_tables_come_back(entries: dict[bytes, bytes]) -> None:
    ordered = sorted(entries.items())
    assert list(read_table(write_table(ordered), "x")) == ordered


def test_tables_of_several_blocks() -> None:
    ordered = [(b"key%06d" % i, bytes([i % 256]) * 3000) for i in range(500)]
    data = write_table(ordered)
    assert list(read_table(data, "x")) == ordered
    assert len(data) > 4 * 256 * 1024


def forged(tmp_path: Path, **fields: object) -> str:
    """A checkpoint whose one entry has been changed, with checksums that fit."""
    prefix = str(tmp_path / "forged")
    _checkpoint.save(prefix, {"x": np.arange(6, dtype=np.float32)})
    entries = dict(read_table(Path(prefix + ".index").read_bytes(), "x"))
    from reflow.io._protos import message

    header, entry = (
        message("BundleHeaderProto").FromString(entries[b""]),
        message("BundleEntryProto").FromString(entries[b"x"]),
    )
    for name, value in fields.items():
        if name == "shape":
            del entry.shape.dim[:]
            for size in value:
                entry.shape.dim.add(size=size)
        else:
            setattr(header if name in ("num_shards", "endianness") else entry, name, value)
    table = write_table([(b"", header.SerializeToString()), (b"x", entry.SerializeToString())])
    Path(prefix + ".index").write_bytes(table)
    return prefix


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"offset": 1 << 40}, "Read less bytes"),
        ({"offset": -1}, "Read less bytes"),
        ({"size": 1 << 62}, "bytes for shape"),
        ({"size": 4}, "bytes for shape"),
        ({"shape": [1 << 31, 1 << 31], "size": 1 << 64 - 1 & (1 << 62)}, "bytes for shape"),
        ({"shape": [1 << 40], "size": 1 << 42}, "Read less bytes"),
        ({"shape": [-6]}, "has the shape"),
        ({"dtype": 99}, "no dtype of number 99"),
        ({"dtype": 7}, "Unable to read"),
        ({"dtype": 9}, "bytes for shape"),
        ({"dtype": 21}, "variant tensor"),
        ({"shard_id": 3}, "no shard 3"),
        ({"num_shards": 0}, "0 shards"),
        ({"endianness": 1}, "big-endian"),
        ({"crc32c": 5}, "Checksum does not match"),
    ],
)
def test_forged_entries_are_refused_before_memory_is_taken(
    fields: dict[str, object], says: str, tmp_path: Path
) -> None:
    prefix = forged(tmp_path, **fields)
    with pytest.raises(CLEAR, match=says):
        contents(prefix)


def test_a_missing_data_file_is_named(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(x=tf.Variable(1.0)).save(tmp_path / "ck")
    os.remove(path + ".data-00000-of-00001")
    with pytest.raises(tf.errors.NotFoundError, match=r"ck-1.data-00000-of-00001; No such file"):
        tf.train.Checkpoint(x=tf.Variable(1.0)).restore(path)


def test_a_checkpoint_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(tf.errors.OpError):
        tf.train.Checkpoint(x=tf.Variable(1.0)).write(tmp_path / "file" / "ck")

    def fails() -> None:
        raise RuntimeError("a value that cannot be had")

    _checkpoint.save(tmp_path / "ck", {"x": np.float32(1)})
    before = contents(tmp_path / "ck")
    with pytest.raises(RuntimeError, match="cannot be had"):
        _checkpoint.save(tmp_path / "ck", {"x": np.float32(2), "y": fails})
    assert_same(contents(tmp_path / "ck"), before)
    assert sorted(os.listdir(tmp_path)) == ["ck.data-00000-of-00001", "ck.index", "file"]


DIES = """
import builtins, os, sys
import numpy as np
from reflow.io._checkpoint.bundle_writing import write_bundle
from reflow.io._checkpoint.state import write_state

left = int(sys.argv[2])

def dying(function):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os._exit(9)
        return function(*args, **kwargs)
    return call

for name in ("fsync", "replace", "makedirs"):
    setattr(os, name, dying(getattr(os, name)))
plain_open = open

class File:
    def __init__(self, *args, **kwargs):
        self.file = dying(plain_open)(*args, **kwargs)
        self.write = dying(self.file.write)
    def __enter__(self):
        return self
    def __exit__(self, *error):
        self.file.close()
    def __getattr__(self, name):
        return getattr(self.file, name)

builtins.open = File
write_bundle(sys.argv[1], {"x": np.full(100, 2.0), "y": np.array([b"new"], object)})
write_state(os.path.dirname(sys.argv[1]), sys.argv[1])
print("done")
"""


@pytest.mark.slow
def test_a_process_that_dies_leaves_the_old_or_the_new_checkpoint(tmp_path: Path) -> None:
    old = {"x": np.full(100, 1.0), "y": np.array([b"old", b"older"], object)}
    new = {"x": np.full(100, 2.0), "y": np.array([b"new"], object)}
    prefix = str(tmp_path / "ck")
    outcomes = []
    for number in range(1, 40):
        _checkpoint.save(prefix, old)
        _checkpoint.write_state(str(tmp_path), prefix)
        done = subprocess.run(
            [sys.executable, "-c", DIES, prefix, str(number)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        found = contents(prefix)
        outcomes.append("old" if found["y"][0] == b"old" else "new")
        assert_same(found, old if outcomes[-1] == "old" else new)
        assert tf.train.latest_checkpoint(tmp_path) == prefix
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
    assert done.returncode == 0
    assert outcomes == sorted(outcomes, reverse=True)  # old, ..., old, new, ..., new
    assert outcomes.count("new") >= 3


def test_the_checkpoint_between_two_renames_is_read_and_then_finished(tmp_path: Path) -> None:
    prefix = str(tmp_path / "ck")
    _checkpoint.save(prefix, {"x": np.float32(1)})
    old_index = Path(prefix + ".index").read_bytes()
    _checkpoint.save(prefix, {"x": np.float32(2)})
    os.rename(prefix + ".index", prefix + ".index.new")
    Path(prefix + ".index").write_bytes(old_index)
    assert contents(prefix)["x"] == 2
    _checkpoint.save(prefix, {"x": np.float32(3)})
    assert contents(prefix)["x"] == 3
    assert sorted(os.listdir(tmp_path)) == ["ck.data-00000-of-00001", "ck.index"]


def test_reading_takes_no_more_memory_than_a_tensor(tmp_path: Path) -> None:
    import tracemalloc

    big = np.zeros(1 << 20, np.float32)
    _checkpoint.save(tmp_path / "ck", {f"x{i}": big for i in range(8)})
    del big
    reader = _checkpoint.BundleReader(tmp_path / "ck")
    tracemalloc.start()
    try:
        for key in reader.keys():  # noqa: SIM118
            reader.read(key)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        reader.close()
    assert peak < (2 << 22) + (4 << 20)  # a tensor, and one that is about to go, and a little
