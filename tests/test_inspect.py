"""``reflow inspect``: what is in files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow import _inspect, cli
from reflow.io import _checkpoint

FILES = Path(__file__).parent / "golden" / "files"


def shown(*paths: object, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["inspect", *map(str, paths)]) == 0
    return capsys.readouterr().out


NAMED = """\
checkpoint PREFIX: 4 tensors, 931 bytes

name         dtype    shape    bytes
columns      float32  (3, 70)    840
rows         float32  (6, 2)      48
scope/plain  float32  (3)         12
text         string   (3)         31
"""


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001"])
def test_checkpoint(ending: str, capsys: pytest.CaptureFixture[str]) -> None:
    prefix = FILES / "checkpoints" / "named"
    assert shown(f"{prefix}{ending}", capsys=capsys) == NAMED.replace("PREFIX", str(prefix))


def test_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tf.train.Checkpoint(x=tf.Variable(1.0)).save(tmp_path / "ck")
    assert f"checkpoint {tmp_path / 'ck-1'}: 3 tensors" in shown(tmp_path, capsys=capsys)
    _checkpoint.save(tmp_path / "model" / "variables" / "variables", {"x": np.zeros(3, np.int8)})
    assert "1 tensor, 3 bytes" in shown(tmp_path / "model", capsys=capsys)


def test_records_and_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x"
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        feature = {
            "b": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"x", b"y"])),
            "a": tf.train.Feature(int64_list=tf.train.Int64List(value=[1])),
            "c": tf.train.Feature(),
        }
        example = tf.train.Example(features=tf.train.Features(feature=feature))
        writer.write(example.SerializeToString())
        writer.write(b"other")
    size = len(example.SerializeToString())
    assert shown(path, capsys=capsys) == (
        f"TFRecord file {path}: 2 records of 5 to {size} bytes, {size + 5} bytes, compressed as "
        "GZIP\n\nfeatures of the first record (tf.train.Example):\n\n"
        "name  dtype   values\na     int64        1\nb     string       2\nc     none         0\n"
    )
    for ending in ("", ".gz", ".zlib"):
        out = shown(FILES / "records" / f"records.tfrecord{ending}", capsys=capsys)
        assert ": 4 records of 0 to 256 bytes, 379 bytes" in out
    (tmp_path / "empty").write_bytes(b"")
    assert shown(tmp_path / "empty", capsys=capsys).endswith(": empty\n")
    with tf.summary.create_file_writer(str(tmp_path / "logs")).as_default():
        for step in range(3):
            tf.summary.scalar("loss", 1.0, step=step)
        tf.summary.text("note", "x", step=7)
    (events,) = (tmp_path / "logs").iterdir()
    assert shown(events, capsys=capsys) == (
        f"event file {events}: 5 events, 2 summaries\n\n"
        "tag   kind     steps   events\n"
        "loss  scalars  0 to 2       3\n"
        "note  text     7            1\n"
    )


def test_hdf5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "m.h5"
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.2.4-tf"
        file.attrs["layer_names"] = [b"a", b"b"]
        file.create_dataset("g/kernel", data=np.zeros((2, 3), np.float32))
    assert shown(path, capsys=capsys) == (
        f"HDF5 file {path}: 1 dataset, 24 bytes\n  keras_version: 2.2.4-tf\n  layer_names: a, b\n\n"
        "name      dtype    shape   bytes\ng/kernel  float32  (2, 3)     24\n"
    )
    path.write_bytes(path.read_bytes()[:700])
    assert cli.main(["inspect", str(path)]) == 1
    assert "m.h5" in capsys.readouterr().err


def test_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = tmp_path / "x.txt"
    text.write_text("no records here at all")
    index = tmp_path / "ck.index"
    index.write_bytes((FILES / "checkpoints" / "named.index").read_bytes()[:-1])
    known = FILES / "checkpoints" / "named"
    for path, says in (
        (text, "neither a checkpoint, nor an HDF5, TFRecord or event file"),
        (tmp_path / "none", "no such file, and no checkpoint of this prefix"),
        (tmp_path, "no checkpoint and no SavedModel in this folder"),
        (index, "bad magic number"),
    ):
        assert cli.main(["inspect", str(path), str(known)]) == 1
        out, err = capsys.readouterr()
        assert err.startswith("Error: ")
        assert says in err
        assert "4 tensors" in out
    with pytest.raises(SystemExit) as stopped:
        cli.main(["inspect"])
    assert stopped.value.code == 2


def test_names_are_harmless_to_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _checkpoint.save(tmp_path / "x", {"a\x1b[2Jb\n": np.float32(1)})
    out = shown(tmp_path / "x", capsys=capsys)
    assert "\x1b" not in out
    assert r"a\x1b[2Jb\n" in out


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x89HDF\r\n\x1a\n", b"\x1f\x8b", b"\x78\x9c"])
)
def test_no_file_makes_it_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, magic: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(magic + data)
    try:
        list(_inspect.describe(str(path)))
    except _inspect.UnreadableError as error:
        assert str(error)  # noqa: PT017 - most files are unreadable, some are not
