"""Checkpoints: the files are TensorFlow's, and what they hold comes back."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import numpy as np
import pytest
from golden.files.objects import NAMED, PARTITIONED, ROOTS, others, recorded

import reflow as tf
from reflow.io import _checkpoint
from reflow.io._checkpoint.graph import ObjectGraph

FILES = Path(__file__).parents[1] / "golden" / "files" / "checkpoints"
EXTENSIONS = (".index", ".data-00000-of-00001")


def values_of(root: object) -> dict[str, np.ndarray]:
    return {key: value.numpy() for *_, key, value in ObjectGraph(root).values()}


def same(found: object, expected: object) -> None:
    assert np.asarray(found).dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_what_is_written_is_byte_for_byte_what_tf_writes(name: str, tmp_path: Path) -> None:
    ROOTS[name](tf, recorded()).write(tmp_path / name)
    for extension in EXTENSIONS:
        written = (tmp_path / (name + extension)).read_bytes()
        assert written == (FILES / (name + extension)).read_bytes(), extension
    assert sorted(os.listdir(tmp_path)) == sorted(name + extension for extension in EXTENSIONS)


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_tfs_files_are_restored(name: str) -> None:
    root = ROOTS[name](tf, others())
    expected = values_of(ROOTS[name](tf, recorded()))
    before = values_of(root)
    assert any(np.any(before[key] != expected[key]) for key in expected)
    _checkpoint.restore(FILES / name, root).assert_consumed()
    found = values_of(root)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        same(found[key], value)


@pytest.mark.parametrize("name", NAMED)
def test_tf1s_files_are_read_by_name(name: str) -> None:
    fill = recorded()
    expected = {"scope/plain": fill((3,)), "text": fill((3,), "string")}
    expected |= {key: fill(shape) for key, shape in PARTITIONED.items()}
    assert tf.train.list_variables(FILES / name) == sorted(
        (key, list(value.shape)) for key, value in expected.items()
    )
    for key, value in expected.items():
        same(tf.train.load_variable(FILES / name, key), value)
    plain, rows = tf.Variable(tf.zeros(3), name="scope/plain"), tf.Variable(tf.zeros([6, 2]))
    checkpoint = tf.train.Checkpoint(plain=plain, other=rows)
    status = checkpoint.restore(FILES / name)
    same(plain.numpy(), expected["scope/plain"])
    with pytest.raises(AssertionError, match=r"(?s)not restored:\n.*Variable:0.*\['Variable'\]"):
        status.assert_consumed()


def test_names_that_are_not_ascii(tmp_path: Path) -> None:
    tensors = {"名/€": np.float32([1, 2]), "z": np.int64(3), "a\x00b": np.zeros((0, 2))}
    _checkpoint.save(tmp_path / "x", tensors)
    reader = tf.train.load_checkpoint(tmp_path / "x")
    assert reader.get_variable_to_shape_map() == {"名/€": [2], "z": [], "a\x00b": [0, 2]}
    for key, value in tensors.items():
        same(reader.get_tensor(key), value)


# ---- tf.train.Checkpoint


def test_save_counts_and_notes_the_latest(tmp_path: Path) -> None:
    checkpoint = tf.train.Checkpoint(x=tf.Variable(1.0))
    folder = tmp_path / "new" / "folder"
    assert checkpoint.save(folder / "ck") == str(folder / "ck-1")
    checkpoint.x.assign(2.0)
    assert checkpoint.save(str(folder / "ck")) == str(folder / "ck-2")
    assert int(checkpoint.save_counter) == 2
    assert (folder / "checkpoint").read_text() == (
        'model_checkpoint_path: "ck-2"\nall_model_checkpoint_paths: "ck-2"\n'
    )
    assert tf.train.latest_checkpoint(folder) == str(folder / "ck-2")
    other = tf.train.Checkpoint(x=tf.Variable(0.0))
    other.restore(str(folder / "ck-1")).assert_consumed()
    assert (float(other.x), int(other.save_counter)) == (1.0, 1)


def test_only_what_holds_variables_may_be_named() -> None:
    for value in (3, "x", np.zeros(2), [tf.Variable(1.0)], {"a": tf.Variable(1.0)}, object()):
        with pytest.raises(ValueError, match="expecting a trackable object"):
            tf.train.Checkpoint(value=value)


def test_a_dictionary_with_other_keys_than_strings_is_refused(tmp_path: Path) -> None:
    module = tf.Module()
    module.d = {1: 2}
    tf.train.Checkpoint(m=module).write(tmp_path / "x")
    module.d = {1: tf.Variable(1.0)}
    with pytest.raises(ValueError, match="non-string key"):
        tf.train.Checkpoint(m=module).write(tmp_path / "x")


def test_restoring_before_the_variables_are_made(tmp_path: Path) -> None:
    saved = tf.Module()
    saved.w, saved.items, saved.table = tf.Variable([1.0, 2.0]), [tf.Variable(3.0)], {}
    saved.table["a"] = tf.Variable(4.0)
    saved.inner = tf.Module()
    saved.inner.deep = [[tf.Variable(5.0)]]
    path = tf.train.Checkpoint(m=saved).save(tmp_path / "ck")

    module = tf.Module()
    status = tf.train.Checkpoint(m=module).restore(path)
    status.assert_existing_objects_matched()
    with pytest.raises(AssertionError, match=r"Unresolved object in checkpoint \(root\)\.m\.w"):
        status.assert_consumed()
    module.w = tf.Variable([0.0, 0.0])
    same(module.w.numpy(), np.float32([1, 2]))
    module.items = []
    module.items.append(tf.Variable(0.0))
    assert float(module.items[0]) == 3.0
    module.items += [tf.Variable(7.0)]
    module.table = {}
    module.table["a"] = tf.Variable(0.0)
    module.table["b"] = tf.Variable(7.0)
    assert float(module.table["a"]) == 4.0
    inner = tf.Module()
    inner.deep = [[tf.Variable(0.0)]]
    module.inner = inner
    assert float(inner.deep[0][0]) == 5.0
    del module.table["b"]
    module.items.pop()
    status.assert_consumed()


def test_a_list_that_was_there_gets_its_later_items_restored(tmp_path: Path) -> None:
    saved = tf.Module()
    saved.items = [tf.Variable(1.0), tf.Variable(2.0)]
    path = tf.train.Checkpoint(m=saved).save(tmp_path / "ck")
    module = tf.Module()
    module.items = [tf.Variable(0.0)]
    status = tf.train.Checkpoint(m=module).restore(path)
    module.items.extend([tf.Variable(0.0)])
    assert [float(item) for item in module.items] == [1.0, 2.0]
    status.assert_consumed()


def params() -> dict[str, tf.Variable]:
    return {"w": tf.Variable([[1.0, 2.0]]), "b": tf.Variable([0.5])}


def step(optimizer: object, variables: dict[str, tf.Variable]) -> None:
    optimizer.apply_gradients(
        [(tf.ones_like(v) * (i + 1), v) for i, v in enumerate(variables.values())]
    )


@pytest.mark.parametrize("optimizer", ["Adam", "SGD", "RMSprop", "Nadam", "Ftrl", "Adagrad"])
@pytest.mark.parametrize("late", [False, True])
def test_training_goes_on_after_a_restore(optimizer: str, late: bool, tmp_path: Path) -> None:
    make = getattr(tf.keras.optimizers, optimizer)
    variables, first = params(), make(0.125)
    for _ in range(3):
        step(first, variables)
    path = tf.train.Checkpoint(optimizer=first, **variables).save(tmp_path / "ck")
    step(first, variables)

    again, second = params(), make(0.5)
    if late:  # the optimizer has made nothing yet
        status = tf.train.Checkpoint(optimizer=second, **again).restore(path)
        with pytest.raises(AssertionError, match=r"\(root\)\.optimizer\.iter"):
            status.assert_consumed()
    else:
        step(second, again)
        status = tf.train.Checkpoint(optimizer=second, **again).restore(path)
        status.assert_consumed()
    step(second, again)
    status.assert_consumed()
    assert int(second.iterations) == 4
    for name, variable in variables.items():
        same(again[name].numpy(), variable.numpy())


def test_slots_are_made_when_restored() -> None:
    variables = {name: tf.Variable(tf.zeros(s)) for name, s in (("w", [2, 3]), ("b", [3]))}
    optimizer = tf.keras.optimizers.Adam()
    status = tf.train.Checkpoint(optimizer=optimizer, **variables).restore(FILES / "adam")
    assert len(optimizer.weights) == 4
    assert float(optimizer.learning_rate) == 0.5
    status.expect_partial()


def test_a_compiled_step_restores_what_it_makes(tmp_path: Path) -> None:
    class Net(tf.Module):
        @tf.function
        def __call__(self, x):
            if not hasattr(self, "w"):
                self.w = tf.Variable([2.0, 3.0])
            return self.w * x

    net = Net()
    net(tf.constant(1.0))
    net.w.assign([5.0, 7.0])
    path = tf.train.Checkpoint(net=net).save(tmp_path / "ck")
    other = Net()
    status = tf.train.Checkpoint(net=other).restore(path)
    same(other(tf.constant(2.0)).numpy(), np.float32([10, 14]))
    status.assert_consumed()


def test_shapes_and_dtypes_must_be_those_of_the_checkpoint(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(x=tf.Variable([1.0, 2.0])).save(tmp_path / "ck")
    with pytest.raises(ValueError, match=r"Shapes \(3,\) and \(2,\) are incompatible"):
        tf.train.Checkpoint(x=tf.Variable([1.0, 2.0, 3.0])).restore(path)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected dtype int32"):
        tf.train.Checkpoint(x=tf.Variable([1, 2])).restore(path)
    unknown = tf.Variable([1.0, 2.0, 3.0], shape=tf.TensorShape(None))
    tf.train.Checkpoint(x=unknown).restore(path)
    same(unknown.numpy(), np.float32([1, 2]))


def test_status_of_a_restore_that_does_not_fit(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(x=tf.Variable(1.0), y=tf.Variable(2.0)).save(tmp_path / "ck")
    checkpoint = tf.train.Checkpoint(x=tf.Variable(0.0), extra=tf.Variable(0.0))
    status = checkpoint.restore(path)
    assert status.expect_partial() is status
    assert status.assert_nontrivial_match() is status
    with pytest.raises(AssertionError, match=r"checkpoint \(root\)\.y: attributes"):
        status.assert_consumed()
    with pytest.raises(AssertionError, match="Some Python objects were not bound"):
        status.assert_existing_objects_matched()
    status = _checkpoint.restore(path, tf.Module())
    with pytest.raises(AssertionError, match="Nothing to load"):
        status.expect_partial().assert_nontrivial_match()


def test_unused_values_are_told_of_unless_silenced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gc.collect()  # what earlier tests left speaks now
    capsys.readouterr()
    path = tf.train.Checkpoint(x=tf.Variable(1.0), y=tf.Variable(2.0)).save(tmp_path / "ck")
    status = tf.train.Checkpoint(x=tf.Variable(0.0)).restore(path)
    status.expect_partial()
    del status
    assert capsys.readouterr().err == ""
    root = tf.train.Checkpoint(x=tf.Variable(0.0), y=tf.Variable(0.0))
    root.restore(path)
    assert capsys.readouterr().err == ""
    _checkpoint.restore(path, tf.Variable(0.0))
    assert "Unresolved object in checkpoint: (root).x\n" in capsys.readouterr().err


def test_nothing_to_restore() -> None:
    status = tf.train.Checkpoint(x=tf.Variable(1.0)).restore(None)
    assert status.expect_partial() is status
    for check in (status.assert_consumed, status.assert_existing_objects_matched):
        with pytest.raises(AssertionError, match="No checkpoint specified"):
            check()


def test_one_variable_under_two_names(tmp_path: Path) -> None:
    v = tf.Variable(1.0)
    path = tf.train.Checkpoint(x=v, y=v).save(tmp_path / "ck")
    assert [key for key, _ in tf.train.list_variables(path)][1:] == [
        "save_counter/.ATTRIBUTES/VARIABLE_VALUE", "x/.ATTRIBUTES/VARIABLE_VALUE",
    ]  # fmt: skip


def test_python_state(tmp_path: Path) -> None:
    class Words(tf.train.experimental.PythonState):
        def __init__(self, words):
            self.words = words

        def serialize(self):
            return ",".join(self.words)

        def deserialize(self, string_value):
            self.words = string_value.decode().split(",")

    path = tf.train.Checkpoint(words=Words(["a", "b"])).save(tmp_path / "ck")
    assert tf.train.load_variable(path, "words/.ATTRIBUTES/py_state") == b"a,b"
    words = Words([])
    tf.train.Checkpoint(words=words).restore(path).assert_consumed()
    assert words.words == ["a", "b"]


def test_an_iterator_goes_on_where_it_was(tmp_path: Path) -> None:
    dataset = tf.data.Dataset.range(20).map(lambda x: x * 2).batch(2)
    iterator = iter(dataset)
    checkpoint = tf.train.Checkpoint(it=iterator)
    first = [next(iterator).numpy().tolist() for _ in range(3)]
    path = checkpoint.save(tmp_path / "ck")
    second = [x.numpy().tolist() for x in iterator]
    checkpoint.restore(path).assert_consumed()
    assert [x.numpy().tolist() for x in iterator] == second
    other = iter(dataset)
    tf.train.Checkpoint(it=other).restore(path).assert_consumed()
    assert next(other).numpy().tolist() == second[0]
    assert len(first + second) == 10
    shuffled = tf.train.Checkpoint(it=iter(tf.data.Dataset.range(3).shuffle(3).batch(2)))
    with pytest.raises(tf.errors.FailedPreconditionError, match="random seed generator"):
        shuffled.save(tmp_path / "ck")


# ---- reading by key


def test_reader(tmp_path: Path) -> None:
    path = tf.train.Checkpoint(x=tf.Variable([1, 2]), s=tf.Variable("é")).save(tmp_path / "ck")
    reader = tf.train.load_checkpoint(tmp_path)
    key, text = "x/.ATTRIBUTES/VARIABLE_VALUE", "s/.ATTRIBUTES/VARIABLE_VALUE"
    assert reader.get_variable_to_shape_map()[key] == [2]
    assert reader.get_variable_to_dtype_map()[key] == tf.int32
    assert reader.get_variable_to_dtype_map()[text] == tf.string
    assert reader.has_tensor(key)
    assert not reader.has_tensor("x")
    assert reader.get_tensor(text) == "é".encode()
    assert b"x/.ATTRIBUTES/VARIABLE_VALUE (DT_INT32) [2]\n" in reader.debug_string()
    with pytest.raises(tf.errors.NotFoundError, match="Key x not found in checkpoint"):
        reader.get_tensor("x")
    same(tf.train.load_variable(path, key), np.int32([1, 2]))


def test_what_is_not_there(tmp_path: Path) -> None:
    for name in ("nothing", "no/folder/ck"):
        with pytest.raises(tf.errors.NotFoundError, match="Failed to find any matching files for"):
            tf.train.load_checkpoint(tmp_path / name)
    with pytest.raises(ValueError, match="Couldn't find 'checkpoint' file"):
        tf.train.load_checkpoint(tmp_path)
    assert tf.train.latest_checkpoint(tmp_path) is None
    assert tf.train.latest_checkpoint(tmp_path / "no") is None
    assert tf.train.get_checkpoint_state(tmp_path) is None
    (tmp_path / "checkpoint").write_text("nonsense {")
    assert tf.train.latest_checkpoint(tmp_path) is None
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "gone"')
    assert tf.train.latest_checkpoint(tmp_path) is None


# ---- many checkpoints


def numbers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*.index"))


def test_manager_keeps_the_newest(tmp_path: Path) -> None:
    checkpoint = tf.train.Checkpoint(x=tf.Variable(0))
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), max_to_keep=2)
    assert (manager.latest_checkpoint, manager.checkpoints) == (None, [])
    for i in range(4):
        checkpoint.x.assign(i)
        manager.save()
    assert numbers(tmp_path) == ["ckpt-3.index", "ckpt-4.index"]
    assert manager.checkpoints == [str(tmp_path / "ckpt-3"), str(tmp_path / "ckpt-4")]
    state = tf.train.get_checkpoint_state(tmp_path)
    assert list(state.all_model_checkpoint_paths) == manager.checkpoints
    assert len(state.all_model_checkpoint_timestamps) == 2
    again = tf.train.CheckpointManager(checkpoint, tmp_path, max_to_keep=2)
    assert again.checkpoints == manager.checkpoints
    assert again.latest_checkpoint == manager.latest_checkpoint
    checkpoint.restore(again.checkpoints[0]).assert_consumed()
    assert int(checkpoint.x) == 2
    again.save(checkpoint_number=77)
    assert numbers(tmp_path) == ["ckpt-4.index", "ckpt-77.index"]


def test_manager_keeps_some_for_good(tmp_path: Path) -> None:
    checkpoint = tf.train.Checkpoint(x=tf.Variable(0))
    keep = {"max_to_keep": 1, "keep_checkpoint_every_n_hours": 1e-9, "checkpoint_name": "m"}
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, **keep)
    for _ in range(3):
        manager.save()
    assert manager.checkpoints == [str(tmp_path / "m-3")]
    assert numbers(tmp_path) == ["m-1.index", "m-2.index", "m-3.index"]
    manager = tf.train.CheckpointManager(checkpoint, tmp_path / "all", max_to_keep=None)
    for _ in range(3):
        manager.save()
    assert len(manager.checkpoints) == 3
    for bad in (0, -1):
        with pytest.raises(ValueError, match="Expected a positive integer"):
            tf.train.CheckpointManager(checkpoint, tmp_path, max_to_keep=bad)


def test_iterator_yields_new_checkpoints(tmp_path: Path) -> None:
    checkpoint = tf.train.Checkpoint(x=tf.Variable(0))
    found = []
    checkpoint.save(tmp_path / "ck")
    for path in tf.train.checkpoints_iterator(str(tmp_path), timeout=0):
        found.append(os.path.basename(path))
        if len(found) < 3:
            checkpoint.save(tmp_path / "ck")
    assert found == ["ck-1", "ck-2", "ck-3"]


# ---- the files of the real TensorFlow's models


def artefacts() -> list[str]:
    folder = Path(__file__).parents[3] / "shared" / "oracle" / "artefacts"
    return sorted(str(path)[: -len(".index")] for path in folder.glob("**/*.index"))


@pytest.mark.skipif(not artefacts(), reason="the models' files (../shared/oracle) are not here")
def test_models_files_are_read_and_written_bit_for_bit(tmp_path: Path) -> None:
    for prefix in artefacts():
        reader = _checkpoint.BundleReader(prefix)
        keys = sorted(reader.keys(), key=lambda key: reader._entry(key.encode()).offset)
        _checkpoint.save(tmp_path / "x", {key: reader.read(key) for key in keys})
        for extension in EXTENSIONS:
            written = (tmp_path / ("x" + extension)).read_bytes()
            assert written == Path(prefix + extension).read_bytes(), prefix
