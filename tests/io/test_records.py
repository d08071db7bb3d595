"""TFRecord files: TensorFlow's are read, ours are like them, damage is noticed."""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from golden.files.objects import RECORDS
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf

FILES = Path(__file__).parents[1] / "golden" / "files" / "records"
KINDS = [("", ""), ("GZIP", ".gz"), ("ZLIB", ".zlib")]


def read(path: object, kind: str = "") -> list[bytes]:
    return [record.numpy() for record in tf.data.TFRecordDataset(str(path), kind)]


@pytest.mark.parametrize(("kind", "extension"), KINDS)
def test_tfs_files_are_read(kind: str, extension: str) -> None:
    assert read(FILES / f"records.tfrecord{extension}", kind) == RECORDS


@pytest.mark.parametrize(("kind", "extension"), KINDS)
def test_what_is_written_comes_back(kind: str, extension: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    with tf.io.TFRecordWriter(path, tf.io.TFRecordOptions(kind)) as writer:
        for record in RECORDS:
            writer.write(record)
    assert read(path, kind) == RECORDS
    plain = (FILES / "records.tfrecord").read_bytes()
    data = path.read_bytes()
    if kind:
        data = zlib.decompress(data, 31 if kind == "GZIP" else 15)
    assert data == plain


def test_options_reach_the_compressor(tmp_path: Path) -> None:
    sizes = []
    for level in (0, 9):
        options = tf.io.TFRecordOptions("GZIP", compression_level=level, window_bits=12)
        with tf.io.TFRecordWriter(tmp_path / "x", options) as writer:
            writer.write(b"a" * 10000)
        sizes.append((tmp_path / "x").stat().st_size)
        assert read(tmp_path / "x", "GZIP") == [b"a" * 10000]
    assert sizes[0] > 10000
    assert sizes[1] < 500


@pytest.mark.parametrize("kind", ["GZIP", "ZLIB"])
def test_joined_compressed_files_are_one(kind: str, tmp_path: Path) -> None:
    with tf.io.TFRecordWriter(tmp_path / "x", kind) as writer:
        writer.write(b"a")
    data = (tmp_path / "x").read_bytes()
    (tmp_path / "xx").write_bytes(data + data)
    assert read(tmp_path / "xx", kind) == [b"a", b"a"]


def test_flushed_records_can_be_read_before_the_end(tmp_path: Path) -> None:
    writer = tf.io.TFRecordWriter(str(tmp_path / "x"))
    writer.write(b"a")
    writer.flush()
    assert read(tmp_path / "x") == [b"a"]
    writer.close()
    writer.close()
    for use in (lambda: writer.write(b"b"), writer.flush):
        with pytest.raises(tf.errors.FailedPreconditionError, match="previously closed"):
            use()


def test_only_bytes_are_records(tmp_path: Path) -> None:
    with tf.io.TFRecordWriter(str(tmp_path / "x")) as writer:
        for value in ("text", tf.constant(b"x"), 5):
            with pytest.raises(TypeError, match="expected bytes"):
                writer.write(value)
    with pytest.raises(tf.errors.NotFoundError, match="No such file"):
        tf.io.TFRecordWriter(str(tmp_path / "no" / "x"))
    with pytest.raises(ValueError, match="Not a valid compression_type"):
        tf.io.TFRecordWriter(str(tmp_path / "x"), "BAD")


# ---- damage


def frame(record: bytes) -> int:
    return len(record) + 16


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d[:-1], "truncated record at 307"),
        (lambda d: d[:5], "truncated record at 0"),
        (lambda d: b"\1" + d[1:], "corrupted record at 0"),
        (lambda d: d[:9] + b"\0" + d[10:], "corrupted record at 0"),
        (lambda d: d[:40] + b"\0" + d[41:], "corrupted record at 28"),
        (lambda d: b"\xff" * 7 + b"\x0f" + d[8:], "corrupted record at 0"),
    ],
)
def test_damage_is_told_with_its_place(change: object, says: str, tmp_path: Path) -> None:
    data = (FILES / "records.tfrecord").read_bytes()
    assert sum(map(frame, RECORDS)) == len(data)
    (tmp_path / "x").write_bytes(change(data))
    with pytest.raises(tf.errors.DataLossError, match=says):
        read(tmp_path / "x")


def test_a_forged_length_takes_no_memory(tmp_path: Path) -> None:
    from reflow.io._crc import masked_crc32c

    length = struct.pack("<Q", 1 << 50)
    head = length + struct.pack("<I", masked_crc32c(length))
    for kind, bits in (("", 0), ("GZIP", 31)):
        data = head + b"x" * 100
        if kind:
            deflate = zlib.compressobj(wbits=bits)
            data = deflate.compress(data) + deflate.flush()
        (tmp_path / "x").write_bytes(data)
        with pytest.raises(tf.errors.DataLossError, match="truncated record at 0"):
            read(tmp_path / "x", kind)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    how=st.sampled_from(["flip", "cut"]),
    where=st.floats(0, 1),
    bits=st.integers(1, 255),
)
def test_damage_anywhere_is_noticed(
    kind: tuple[str, str], how: str, where: float, bits: int
) -> None:
    data = (FILES / f"records.tfrecord{kind[1]}").read_bytes()
    at = min(int(where * len(data)), len(data) - 1)
    changed = data[:at]
    if how == "flip":
        changed += bytes([data[at] ^ bits]) + data[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(changed)
        found = []
        with suppress(tf.errors.DataLossError):
            for record in tf.data.TFRecordDataset(str(path), kind[0]):
                found.append(record.numpy())  # noqa: PERF401 - what comes before the error counts
    assert found == RECORDS[: len(found)]  # no record is ever wrong


def test_wrong_compression_and_missing_files(tmp_path: Path) -> None:
    plain, packed = FILES / "records.tfrecord", FILES / "records.tfrecord.gz"
    with pytest.raises(tf.errors.DataLossError, match="incorrect header check"):
        read(plain, "GZIP")
    with pytest.raises(tf.errors.DataLossError, match="corrupted record at 0"):
        read(packed)
    with pytest.raises(tf.errors.NotFoundError, match="nothing; No such file or directory"):
        read(tmp_path / "nothing")


# ---- the datasets


def test_dataset_of_several_files(tmp_path: Path) -> None:
    names = []
    for name in ("a", "b", "c"):
        names.append(str(tmp_path / name))
        with tf.io.TFRecordWriter(names[-1]) as writer:
            for i in range(2):
                writer.write(f"{name}{i}".encode())
    in_order = [b"a0", b"a1", b"b0", b"b1", b"c0", b"c1"]
    for given_names in (names, tf.constant(names), tf.data.Dataset.from_tensor_slices(names)):
        dataset = tf.data.TFRecordDataset(given_names)
        assert [r.numpy() for r in dataset] == in_order
        assert [r.numpy() for r in dataset] == in_order
    assert str(dataset) == "<TFRecordDatasetV2 shapes: (), types: tf.string>"
    assert dataset.element_spec == tf.TensorSpec([], tf.string)
    assert isinstance(dataset, tf.data.Dataset)
    in_turn = tf.data.TFRecordDataset(names, num_parallel_reads=2)
    assert [r.numpy() for r in in_turn] == [b"a0", b"b0", b"a1", b"b1", b"c0", b"c1"]
    assert [r.numpy() for r in tf.data.TFRecordDataset(Path(names[0]), buffer_size=10)] == in_order[
        :2
    ]
    with pytest.raises(TypeError, match=r"Got <dtype: 'int32'>"):
        tf.data.TFRecordDataset(5)
    with pytest.raises(TypeError, match=r"of `tf.string` elements"):
        tf.data.TFRecordDataset(tf.data.Dataset.range(3))


def test_writing_a_dataset(tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    writer = tf.data.experimental.TFRecordWriter(path, "GZIP")
    writer.write(tf.data.Dataset.from_tensor_slices([b"a", b"bc"]))
    assert read(path, "GZIP") == [b"a", b"bc"]
    with pytest.raises(TypeError, match=r"produces shape \(\) and types <dtype: 'int64'>"):
        writer.write(tf.data.Dataset.range(3))


def test_a_pipeline_from_records_to_batches(tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    rng = np.random.RandomState(0)
    images, labels = rng.randint(0, 256, (10, 4, 4)).astype(np.uint8), np.arange(10)
    with tf.io.TFRecordWriter(path) as writer:
        for image, label in zip(images, labels, strict=True):
            feature = {
                "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image.tobytes()])),
                "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
            }
            example = tf.train.Example(features=tf.train.Features(feature=feature))
            writer.write(example.SerializeToString())
    features = {
        "image": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
    }

    def parse(record):
        parsed = tf.io.parse_single_example(record, features)
        pixels = tf.reshape(tf.io.decode_raw(parsed["image"], tf.uint8), [4, 4])
        return tf.cast(pixels, tf.float32) / 255.0, parsed["label"]

    for calls in (None, 2):
        batches = list(tf.data.TFRecordDataset(path).map(parse, calls).batch(4))
        assert [tuple(x.shape) for x, _ in batches] == [(4, 4, 4), (4, 4, 4), (2, 4, 4)]
        found = np.concatenate([x.numpy() for x, _ in batches])
        np.testing.assert_array_equal(found, images.astype(np.float32) / np.float32(255))
        assert np.concatenate([y.numpy() for _, y in batches]).tolist() == labels.tolist()
    whole = tf.data.TFRecordDataset(path).batch(4)
    parsed = whole.apply(tf.data.experimental.parse_example_dataset(features))
    assert parsed.element_spec["label"].shape.as_list() == [None]
    assert [x["label"].numpy().tolist() for x in parsed] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_damaged_examples() -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match="Could not parse example input"):
        tf.io.parse_single_example(b"\xff\xff", {"a": tf.io.FixedLenFeature([2], tf.int64)})
    with pytest.raises(tf.errors.InvalidArgumentError, match="Invalid protocol message input"):
        tf.io.parse_single_sequence_example(b"\xff", {"a": tf.io.VarLenFeature(tf.int64)})


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_parsers_fail_otherwise(data: bytes) -> None:
    features = {
        "a": tf.io.VarLenFeature(tf.int64),
        "b": tf.io.FixedLenFeature([2], tf.float32, 0.0),
    }
    for parse in (
        lambda: tf.io.parse_single_example(data, features),
        lambda: tf.io.parse_single_sequence_example(data, features),
        lambda: tf.io.parse_tensor(data, tf.float32),
    ):
        with suppress(tf.errors.InvalidArgumentError):
            parse()


def test_the_real_tensorflows_examples() -> None:
    import json

    folder = Path(__file__).parents[3] / "shared" / "oracle" / "artefacts" / "tfrecord"
    if not folder.exists():
        pytest.skip("TensorFlow's files (../shared/oracle) are not here")
    expected = json.loads((folder / "expected.json").read_text())
    kinds = {"int64": tf.int64, "float": tf.float32, "bytes": tf.string}
    for name, kind in expected["files"].items():
        for record, row in zip(read(folder / name, kind), expected["examples"], strict=True):
            features = {key: tf.io.VarLenFeature(kinds[k]) for key, (k, _) in row.items()}
            parsed = tf.io.parse_single_example(record, features)
            for key, (k, values) in row.items():
                stored = [bytes.fromhex(v) for v in values] if k == "bytes" else values
                assert parsed[key].values.numpy().tolist() == stored


def test_gfile(tmp_path: Path) -> None:
    gfile = tf.io.gfile
    folder = str(tmp_path / "a" / "b")
    gfile.makedirs(folder)
    gfile.makedirs(folder)
    gfile.mkdir(folder)
    path = os.path.join(folder, "f.txt")
    with gfile.GFile(path, "w") as file:
        file.write("héllo\nworld\n")
        assert (file.name, file.mode, file.tell()) == (path, "w", 13)
        with pytest.raises(tf.errors.PermissionDeniedError, match="isn't open for reading"):
            file.read()
    with gfile.GFile(path) as file:
        assert list(file) == ["héllo\n", "world\n"]
        with pytest.raises(tf.errors.PermissionDeniedError, match="isn't open for writing"):
            file.write("x")
    with gfile.GFile(path, "rb") as file:
        assert (file.read(3), file.readline(), file.size()) == (b"h\xc3\xa9", b"llo\n", 13)
        file.seek(-3, 2)
        assert file.read() == b"ld\n"
    with gfile.GFile(path, "a") as file:
        file.write("more")
    with gfile.GFile(path, "r+") as file:
        file.write("H")
        file.seek(0)
        assert file.read() == "Héllo\nworld\nmore"
    other = os.path.join(folder, "g.txt")
    gfile.copy(path, other)
    with pytest.raises(tf.errors.AlreadyExistsError):
        gfile.copy(path, other)
    gfile.copy(path, other, overwrite=True)
    gfile.rename(other, path, overwrite=True)
    assert gfile.listdir(folder) == ["f.txt"]
    assert gfile.glob(folder + "/*") == [path]
    assert (gfile.stat(path).length, gfile.stat(folder).is_directory) == (17, True)
    assert list(gfile.walk(tmp_path)) == [
        (str(tmp_path), ["a"], []), (str(tmp_path / "a"), ["b"], []), (folder, [], ["f.txt"]),
    ]  # fmt: skip
    assert next(gfile.walk(tmp_path, topdown=False))[0] == folder
    assert list(gfile.walk(tmp_path / "none")) == []
    for use in (
        lambda: gfile.GFile(str(tmp_path / "none")).read(),
        lambda: gfile.GFile(str(tmp_path / "none" / "x"), "w").write("x"),
        lambda: gfile.listdir(path),
        lambda: gfile.remove(other),
        lambda: gfile.rmtree(other),
        lambda: gfile.stat(other),
        lambda: gfile.mkdir(str(tmp_path / "none" / "x")),
        lambda: gfile.copy(other, path, overwrite=True),
    ):
        with pytest.raises(tf.errors.NotFoundError):
            use()
    with pytest.raises(tf.errors.FailedPreconditionError):
        gfile.remove(folder)
    with pytest.raises(tf.errors.InvalidArgumentError, match="mode is not"):
        gfile.GFile(path, "z")
    gfile.rmtree(str(tmp_path / "a"))
    assert not gfile.exists(folder)
    assert not gfile.isdir(folder)


def test_strings_keep_zeros_at_their_ends() -> None:
    values = [b"a\0\0", b"\0"]
    dataset = tf.data.Dataset.from_tensor_slices(values)
    for made in (dataset.batch(2), dataset.map(lambda x: x).batch(2), dataset.skip(0).batch(2)):
        assert next(iter(made)).numpy().tolist() == values
