"""Input pipelines: files to batches, by functions that cannot be compiled."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

import reflow as tf
from reflow.core import profile

SIZES = [(20, 30), (31, 17), (24, 24), (9, 40), (33, 21), (16, 16), (27, 19)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of several sizes; number i is gray i everywhere."""
    for i, (height, width) in enumerate(SIZES):
        picture = np.full((height, width, 3), 10 * i, np.uint8)
        tf.io.write_file(str(tmp_path / f"{i}.png"), tf.image.encode_png(picture))
    return tmp_path


def load(path):
    """Reads, decodes, scales and resizes a picture."""
    picture = tf.image.decode_png(tf.io.read_file(path), channels=3)
    picture = tf.image.convert_image_dtype(picture, tf.float32)
    return tf.image.resize(picture, [8, 6])


def augment(picture):
    picture = tf.image.random_flip_left_right(picture)
    picture = tf.image.random_brightness(picture, 0.3)
    return tf.image.random_crop(picture, [7, 5, 3])


def names(folder: Path) -> list[str]:
    return [str(folder / f"{i}.png") for i in range(len(SIZES))]


@pytest.mark.parametrize("calls", [None, 1, 3, tf.data.experimental.AUTOTUNE])
def test_decode_and_resize_in_map(folder: Path, calls: int | None) -> None:
    paths = tf.data.Dataset.from_tensor_slices(names(folder))
    batches = list(paths.map(load, num_parallel_calls=calls).batch(4))
    assert [batch.shape.as_list() for batch in batches] == [[4, 8, 6, 3], [3, 8, 6, 3]]
    first = np.concatenate([batch.numpy() for batch in batches])[:, 0, 0, 0]
    np.testing.assert_allclose(first, np.arange(len(SIZES)) * 10 / 255, rtol=1e-6)


def test_pictures_of_new_sizes_compile_nothing(folder: Path) -> None:
    before = profile.counters.compiles
    paths = tf.data.Dataset.from_tensor_slices(names(folder))
    for _ in paths.map(load, num_parallel_calls=2).map(lambda x: x, 2):
        pass
    assert profile.counters.compiles - before <= 1  # the identity's


def test_functions_run_in_workers(folder: Path) -> None:
    threads = set()

    def load_here(path):
        threads.add(threading.current_thread().name)
        return load(path)

    paths = tf.data.Dataset.from_tensor_slices(names(folder))
    assert len(list(paths.map(load_here, num_parallel_calls=2))) == len(SIZES)
    assert any(name.startswith("reflow-map") for name in threads)


@pytest.mark.parametrize("calls", [None, 3])
def test_random_changes_are_reproducible(folder: Path, calls: int | None) -> None:
    def epoch() -> np.ndarray:
        tf.random.set_seed(5)
        paths = tf.data.Dataset.from_tensor_slices(names(folder))
        changed = paths.map(lambda path: augment(load(path)), num_parallel_calls=calls)
        return np.stack(list(changed.as_numpy_iterator()))

    first, second = epoch(), epoch()
    np.testing.assert_array_equal(first, second)
    # Each picture is changed by a number of its own.
    shifts = first[:, 0, 0, 0] - np.arange(len(SIZES)) * np.float32(10 / 255)
    assert len(np.unique(np.round(shifts, 5))) == len(SIZES)


def test_random_changes_leave_the_programs_sequence_alone(folder: Path) -> None:
    """As in TF: weights made after reading data are those made before."""
    tf.random.set_seed(5)
    expected = tf.random.uniform([3]).numpy()
    tf.random.set_seed(5)
    paths = tf.data.Dataset.from_tensor_slices(names(folder))
    list(paths.map(lambda path: augment(load(path)), num_parallel_calls=2))
    np.testing.assert_array_equal(tf.random.uniform([3]).numpy(), expected)


def test_jpeg_quality_in_a_numeric_pipeline() -> None:
    """The elements are numbers, so the function is traced first, and then given up."""
    pictures = np.random.RandomState(0).randint(0, 256, (3, 8, 8, 3)).astype(np.uint8)
    data = tf.data.Dataset.from_tensor_slices(pictures)
    data = data.map(lambda x: tf.image.adjust_jpeg_quality(x, 90), num_parallel_calls=2)
    assert [x.shape for x in data.as_numpy_iterator()] == [(8, 8, 3)] * 3


def test_list_files(folder: Path) -> None:
    found = tf.io.matching_files(str(folder / "*.png"))
    assert [Path(name.decode()).name for name in found.numpy()] == sorted(
        f"{i}.png" for i in range(len(SIZES))
    )


def test_augmentation_of_numbers_is_compiled() -> None:
    """Without files, a map function is one compiled program."""
    pictures = np.random.RandomState(0).rand(6, 8, 6, 3).astype(np.float32)
    data = tf.data.Dataset.from_tensor_slices(pictures).map(augment)
    assert data.element_spec.shape == (7, 5, 3)
    assert len(list(data)) == 6


def test_errors_name_the_file(tmp_path: Path) -> None:
    paths = tf.data.Dataset.from_tensor_slices([str(tmp_path / "nothing.png")])
    with pytest.raises(tf.errors.NotFoundError, match=r"nothing\.png; No such file"):
        list(paths.map(load, num_parallel_calls=2))
