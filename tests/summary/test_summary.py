"""Event files hold what TensorFlow 2.1's hold; TensorBoard reads them."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pytest
from golden.files.objects import event_texts, summaries, summary_outcomes

import reflow as tf
from reflow.io._protos import message

GOLDEN = Path(__file__).parents[1] / "golden" / "files" / "events" / "events.json"


def events(folder: Path) -> list[object]:
    (path,) = folder.iterdir()
    records = tf.data.TFRecordDataset(str(path))
    return [message("Event").FromString(record.numpy()) for record in records]


def pixels(data: bytes) -> list[object]:
    from PIL import Image

    array = np.asarray(Image.open(io.BytesIO(data)))
    return (array[..., None] if array.ndim == 2 else array).tolist()


def test_the_events_are_tfs(tmp_path: Path) -> None:
    expected = json.loads(GOLDEN.read_text("utf-8"))
    summaries(tf, str(tmp_path / "logs"))
    found = event_texts(events(tmp_path / "logs"), pixels)
    assert len(found) == len(expected["events"])
    for ours, theirs in zip(found, expected["events"], strict=True):
        assert ours == theirs
    assert summary_outcomes(tf) == expected["outcomes"]


def test_what_is_written_is_told(tmp_path: Path) -> None:
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default():
        assert tf.summary.scalar("a", 1.0, step=1).numpy() is np.True_
        with tf.summary.record_if(False):
            assert not tf.summary.scalar("a", 1.0, step=1)
        with pytest.raises(ValueError, match="No step set via 'step' argument"):
            tf.summary.scalar("a", 1.0)
        with pytest.raises(ValueError, match=r"Expected scalar shape, saw shape: \(2,\)"):
            tf.summary.scalar("a", [1.0, 2.0], step=1)
        with pytest.raises(ValueError, match="must have rank 4"):
            tf.summary.image("a", np.zeros((2, 2, 3)), step=1)
        with pytest.raises(tf.errors.InvalidArgumentError, match="3, or 4 channels, got 5"):
            tf.summary.image("a", np.zeros((1, 2, 2, 5)), step=1)
        with pytest.raises(TypeError, match="must be of type <dtype: 'string'>"):
            tf.summary.text("a", 3, step=1)
    assert not tf.summary.scalar("a", 1.0)


def test_writers(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="logdir cannot be None"):
        tf.summary.create_file_writer(None)
    (tmp_path / "file").write_text("")
    with pytest.raises(tf.errors.FailedPreconditionError):
        tf.summary.create_file_writer(str(tmp_path / "file" / "x"))
    outer = tf.summary.create_file_writer(str(tmp_path / "outer"), filename_suffix=".sfx")
    inner = tf.summary.create_file_writer(str(tmp_path / "inner"))
    with outer.as_default():
        with inner.as_default():
            tf.summary.scalar("in", 1.0, step=1)
        tf.summary.scalar("out", 1.0, step=1)
    tags = [
        e.summary.value[0].tag for name in ("outer", "inner") for e in events(tmp_path / name)[1:]
    ]
    assert tags == ["out", "in"]
    (path,) = (tmp_path / "outer").iterdir()
    assert path.name.startswith("events.out.tfevents.")
    assert path.name.endswith(f".{os.getpid()}.{path.name.split('.')[-2]}.sfx")
    outer.set_as_default()
    tf.summary.scalar("later", 1.0, step=2)
    tf.summary.flush()
    assert len(events(tmp_path / "outer")) == 3
    outer.close()
    outer.close()
    for use in (outer.init, outer.set_as_default, lambda: outer.as_default().__enter__()):
        with pytest.raises(RuntimeError, match="SummaryWriter is already closed"):
            use()
    with pytest.raises(tf.errors.NotFoundError, match="is closed"):
        tf.summary.scalar("a", 1.0, step=1)
    tf.summary.create_noop_writer().set_as_default()
    assert not tf.summary.scalar("a", 1.0, step=1)


def test_events_wait_until_there_are_many(tmp_path: Path) -> None:
    writer = tf.summary.create_file_writer(str(tmp_path), max_queue=3)
    with writer.as_default():
        for step in range(3):
            tf.summary.scalar("a", 1.0, step=step)
        assert len(events(tmp_path)) == 1
        tf.summary.scalar("a", 1.0, step=3)
        assert len(events(tmp_path)) == 5
        tf.summary.scalar("a", 1.0, step=4)
    assert len(events(tmp_path)) == 6


def test_what_waits_keeps_its_value_and_step(tmp_path: Path) -> None:
    variable, step = tf.Variable(1.0), tf.Variable(0, dtype=tf.int64)
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        for _ in range(3):
            tf.summary.scalar("v", variable * 2, step=step)
            variable.assign_add(1.0)
            step.assign_add(1)
    found = [
        (e.step, np.frombuffer(e.summary.value[0].tensor.tensor_content, np.float32)[0])
        for e in events(tmp_path)[1:]
    ]
    assert found == [(0, 2.0), (1, 4.0), (2, 6.0)]


def test_in_a_function(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = tf.summary.create_file_writer(str(tmp_path))

    @tf.function
    def step(x):
        with writer.as_default():
            tf.summary.scalar("x", x, step=tf.constant(1, tf.int64))
        return x + 1

    assert [float(step(tf.constant(v))) for v in (1.0, 2.0)] == [2.0, 3.0]
    assert "is not compiled: tf.summary writes from Python" in capsys.readouterr().err
    assert len(events(tmp_path)) == 3


def test_raw_messages(tmp_path: Path) -> None:
    summary = message("Summary")()
    summary.value.add(tag="pb", simple_value=2.0)
    metadata = message("SummaryMetadata")(summary_description="d")
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        tf.summary.experimental.write_raw_pb(summary.SerializeToString(), step=9)
        tf.summary.write("t", 1.0, step=3, metadata=metadata)
        tf.summary.write("t", 1.0, step=3, metadata=metadata.SerializeToString())
        with tf.name_scope("o"), tf.summary.experimental.summary_scope("n/x") as (tag, scope):
            assert (tag, scope) == ("o/n/x", "o/n/x/")
    first, *others = events(tmp_path)[1:]
    assert (first.step, first.summary.value[0].simple_value) == (9, 2.0)
    assert [e.summary.value[0].metadata.summary_description for e in others] == ["d", "d"]


def test_tensorflow_1s_names_for_reading(tmp_path: Path) -> None:
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        tf.summary.scalar("a", 1.5, step=4)
    (path,) = tmp_path.iterdir()
    v1 = tf.compat.v1
    first, second = v1.train.summary_iterator(path)
    assert first.file_version == "brain.Event:2"
    assert isinstance(second, v1.Event)
    assert isinstance(second.summary, v1.Summary)
    assert float(tf.make_ndarray(second.summary.value[0].tensor)) == 1.5
    prefix = tf.train.Checkpoint(x=tf.Variable(1.0)).write(tmp_path / "ck")
    assert v1.train.NewCheckpointReader(prefix).has_tensor("x/.ATTRIBUTES/VARIABLE_VALUE")
    assert v1.train.latest_checkpoint is tf.train.latest_checkpoint
    with pytest.raises(AttributeError, match=r"use tf.train.Checkpoint instead"):
        v1.train.Saver()
    with pytest.raises(AttributeError, match="cosine_decay"):
        v1.train.cosine_decay()


def test_traces_say_that_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="Must enable trace before export"):
        tf.summary.trace_export("x", step=0)
    tf.summary.trace_on()
    tf.summary.trace_export("x", step=0)
    assert "no TensorFlow graphs" in capsys.readouterr().err


def test_the_real_tensorflows_events() -> None:
    folder = Path(__file__).parents[3] / "shared" / "oracle" / "artefacts" / "events"
    if not folder.exists():
        pytest.skip("TensorFlow's files (../shared/oracle) are not here")
    expected = json.loads((folder / "expected.json").read_text())
    records = tf.data.TFRecordDataset(str(folder / expected["file"]))
    found = [message("Event").FromString(record.numpy()) for record in records]
    assert [event.step for event in found] == [row["step"] for row in expected["events"]]
    for event, row in zip(found[1:], expected["events"][1:], strict=True):
        (value,) = event.summary.value
        assert (value.tag, value.metadata.plugin_data.plugin_name) == (row["tag"], row["plugin"])
        array = tf.make_ndarray(value.tensor)
        if "tensor" in row:
            assert array.tolist() == row["tensor"]
        else:
            assert [data.hex() for data in array.reshape(-1)] == row["tensor_bytes"]
