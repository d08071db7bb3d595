"""Data sets of one's own files: the shared samples, and broken and hostile ones."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

import reflow as tf
from reflow.keras.datasets import _formats, _sources

SHARED = Path(__file__).parents[4] / "shared" / "data" / "keras_home"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(),
    reason="the sample data sets, ../shared/data beside the project, are missing",
)
D = tf.keras.datasets


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Keras's cache, empty; nothing can be fetched."""

    def no_network(origin, path, *args):
        raise OSError(f"no network in tests; wanted {origin}")

    monkeypatch.setattr(_sources, "download", no_network)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "datasets").mkdir()
    return tmp_path / "datasets"


@pytest.fixture
def shared(monkeypatch):
    """Keras's cache: the shared samples."""
    monkeypatch.setenv("KERAS_HOME", str(SHARED))


# --------------------------------------------------------------------------------- the samples


@needs_shared
def test_mnist(shared):
    (x, y), (tx, ty) = D.mnist.load_data()
    assert [a.shape for a in (x, y, tx, ty)] == [(10000, 28, 28), (10000,)] * 2
    assert {a.dtype.name for a in (x, y, tx, ty)} == {"uint8"}
    assert y[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]
    assert np.bincount(y).tolist() == counts


@needs_shared
def test_mnist_from_a_path_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    shutil.copy(SHARED / "datasets" / "mnist.npz", tmp_path / "my.npz")
    (x, _), _ = D.mnist.load_data(path=str(tmp_path / "my.npz"))
    assert len(x) == 10000


@needs_shared
def test_fashion_mnist(shared):
    (x, y), (tx, ty) = D.fashion_mnist.load_data()
    assert [a.shape for a in (x, y, tx, ty)] == [(1000, 28, 28), (1000,)] * 2
    assert {a.dtype.name for a in (x, y, tx, ty)} == {"uint8"}
    assert np.bincount(y).tolist() == [85, 98, 97, 108, 94, 106, 100, 91, 98, 123]
    x[0] = 0  # arrays can be changed


@needs_shared
def test_cifar10(shared):
    (x, y), (tx, ty) = D.cifar10.load_data()
    assert [a.shape for a in (x, y, tx, ty)] == [
        (2000, 32, 32, 3), (2000, 1), (400, 32, 32, 3), (400, 1),
    ]  # fmt: skip
    assert {a.dtype.name for a in (x, y, tx, ty)} == {"uint8"}
    assert np.bincount(y[:, 0]).tolist() == [200] * 10
    with open(SHARED / "datasets" / "cifar-10-batches-py" / "test_batch", "rb") as file:
        raw = pickle.load(file, encoding="bytes")
    assert (tx[7, 3, 5] == raw[b"data"][7].reshape(3, 32, 32)[:, 3, 5]).all()
    tf.keras.backend.set_image_data_format("channels_first")
    try:
        (first, _), _ = D.cifar10.load_data()
    finally:
        tf.keras.backend.set_image_data_format("channels_last")
    assert (first == x.transpose(0, 3, 1, 2)).all()


@needs_shared
def test_cifar10_is_unpacked_once(home, tmp_path):
    archive = home / "cifar-10-batches-py.tar.gz"
    shutil.copy(SHARED / "datasets" / archive.name, archive)
    (x, _), _ = D.cifar10.load_data()
    archive.unlink()
    (again, _), _ = D.cifar10.load_data()
    assert (again == x).all()
    assert os.listdir(home) == ["cifar-10-batches-py"]


# ------------------------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    ("load", "url"),
    [
        (D.mnist.load_data, "tf-keras-datasets/mnist.npz"),
        (D.fashion_mnist.load_data, "tf-keras-datasets/train-labels-idx1-ubyte.gz"),
        (D.cifar10.load_data, "cifar-10-python.tar.gz"),
        (D.cifar100.load_data, "cifar-100-python.tar.gz"),
        (D.imdb.load_data, "tf-keras-datasets/imdb.npz"),
        (D.imdb.get_word_index, "tf-keras-datasets/imdb_word_index.json"),
        (D.reuters.load_data, "tf-keras-datasets/reuters.npz"),
        (D.reuters.get_word_index, "tf-keras-datasets/reuters_word_index.json"),
        (D.boston_housing.load_data, "tf-keras-datasets/boston_housing.npz"),
    ],
)
def test_what_is_missing_is_fetched(home, load, url):
    with pytest.raises(OSError, match=f"wanted https://.*{url}"):
        load()


# --------------------------------------------------------------------------------- broken files


def npz(path, **arrays):
    np.savez(path, **arrays)
    return path


IMAGES = {"x_train": np.zeros((3, 28, 28), np.uint8), "y_train": np.zeros(3, np.uint8)}
IMAGES |= {"x_test": IMAGES["x_train"], "y_test": IMAGES["y_train"]}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x_train": None}, "there is no array 'x_train'"),
        ({"x_train": np.zeros((3, 28, 27), np.uint8)}, r"\('samples', 28, 28\), and has uint8"),
        ({"x_train": np.array(["a"] * 3)}, "should hold numbers"),
        ({"y_test": np.zeros(4, np.uint8)}, r"3 samples have labels uint8 \(4,\)"),
    ],
)
def test_mnist_of_another_kind(home, changes, says):
    arrays = {name: a for name, a in (IMAGES | changes).items() if a is not None}
    path = npz(home / "mnist.npz", **arrays)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=f"(?s){path} cannot be used: .*{says}.*left as it is"):
        D.mnist.load_data()
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"PK\3\4 broken", b"<html>not found</html>"])
def test_mnist_that_is_no_npz(home, content):
    (home / "mnist.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"cannot be used: as an \.npz file"):
        D.mnist.load_data()
    assert (home / "mnist.npz").read_bytes() == content


def test_a_cut_npz(home):
    path = npz(home / "mnist.npz", **IMAGES)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(ValueError, match="cannot be used"):
        D.mnist.load_data()


def test_an_array_that_says_it_is_larger_than_it_is(tmp_path):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000,)}"
    header += b" " * (63 - (len(header) + 10) % 64 % 64) + b"\n"
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header)
    with pytest.raises(ValueError, match="'x' is shorter than its shape"):
        _formats.read_npz(tmp_path / "a.npz", ["x"])


def idx(shape, data, kind=8):
    return struct.pack(f">HBB{len(shape)}I", 0, kind, len(shape), *shape) + data


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (idx((2, 3), bytes(5)), "it ends after 5 of 6 bytes"),
        (idx((2, 3), bytes(7)), "it is longer than its shape"),
        (idx((2, 3), bytes(6), kind=7), "the header is another"),
        (idx((2**31, 2**31, 2**31), b""), "cannot be used"),
        (b"\1" + idx((2,), bytes(2)), "the header is another"),
        (b"", "it ends after 0 of 4 bytes"),
    ],
)
def test_broken_idx(tmp_path, content, says):
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(ValueError, match=says):
        _formats.read_idx(path)


def test_idx_that_is_no_gzip_or_is_cut(tmp_path):
    path = tmp_path / "file.gz"
    whole = gzip.compress(idx((20000,), os.urandom(20000)))
    for content in [b"text", b"", whole[:-1000], whole[:2000] + b"\0" * 50 + whole[2050:]]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match="as a gzipped IDX file"):
            _formats.read_idx(path)


@pytest.mark.parametrize("kind", list(_formats._IDX_TYPES))
def test_idx_of_each_type(tmp_path, kind):
    array = np.arange(-3, 3).reshape(2, 3).astype(_formats._IDX_TYPES[kind])
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(idx((2, 3), array.tobytes(), kind)))
    assert (_formats.read_idx(path) == array).all()


CIFAR = {"data": np.zeros((2, 3072), np.uint8), "labels": [0, 9]}


@pytest.mark.parametrize(
    ("batch", "says"),
    [
        ([1], "it holds a list, not a dict"),
        ({"labels": [0, 9]}, "no pictures of 3 x 32 x 32 bytes under 'data'"),
        (CIFAR | {"data": np.zeros((2, 3072))}, "no pictures"),
        (CIFAR | {"data": np.zeros((2, 3071), np.uint8)}, "no pictures"),
        (CIFAR | {"labels": [0]}, "no list of 2 labels under 'labels'"),
        (CIFAR | {"labels": [0, 10]}, "from 0 to 9"),
        (CIFAR | {"labels": [0, "a"]}, "from 0 to 9"),
    ],
)
def test_cifar10_of_another_kind(home, batch, says):
    folder = home / "cifar-10-batches-py"
    folder.mkdir()
    for name in [*[f"data_batch_{i}" for i in range(1, 6)], "test_batch"]:
        (folder / name).write_bytes(pickle.dumps(CIFAR, 2))
    D.cifar10.load_data()
    (folder / "test_batch").write_bytes(pickle.dumps(batch, 2))
    with pytest.raises(ValueError, match=f"(?s)test_batch cannot be used: .*{says}"):
        D.cifar10.load_data()
    (folder / "data_batch_3").unlink()
    with pytest.raises(ValueError, match="there is no file data_batch_3 in it"):
        D.cifar10.load_data()


def test_cifar10_archives_of_another_kind(home):
    (home / "cifar-10-batches-py.tar.gz").write_text("none")
    with pytest.raises(ValueError, match="it holds no folder cifar-10-batches-py"):
        D.cifar10.load_data()
    assert (home / "cifar-10-batches-py.tar.gz").read_text() == "none"


def test_texts_of_another_kind(home):
    path = npz(home / "reuters.npz", x=np.zeros((2, 3)), y=np.zeros(2, int))
    with pytest.raises(ValueError, match="texts"):
        D.reuters.load_data()
    objects = np.empty(2, object)
    objects[:] = [[1, 2], (3, 4)]
    npz(path, x=objects, y=np.zeros(2, int))
    with pytest.raises(ValueError, match="texts should be lists of word numbers"):
        D.reuters.load_data()


@pytest.mark.parametrize("text", ["[1]", "{", "\udcff"])
def test_word_index_of_another_kind(home, text):
    (home / "imdb_word_index.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match="cannot be used: as JSON"):
        D.imdb.get_word_index()


# -------------------------------------------------------------------------------- hostile files


class Evil:
    """A pickle of it runs a command when it is loaded."""

    def __reduce__(self):
        return os.mkdir, ("evil",)


def hostile_npz(path):
    evil = np.empty(1, object)
    evil[0] = Evil()
    np.savez(path, x=evil, y=np.zeros(1, int))


def hostile_batch(path):
    path.write_bytes(pickle.dumps({"data": Evil(), "labels": []}, 2))


@pytest.mark.parametrize("protocol", range(6))
def test_pickles_run_no_code(tmp_path, monkeypatch, protocol):
    monkeypatch.chdir(tmp_path)
    for payload in [Evil(), {"data": Evil()}, [Evil], eval, np.load, io.open]:
        (tmp_path / "batch").write_bytes(pickle.dumps(payload, protocol))
        with pytest.raises(ValueError, match=r"it wants to use .*may only hold arrays"):
            _formats.read_pickle(tmp_path / "batch")
    assert os.listdir(tmp_path) == ["batch"]


def test_object_arrays_run_no_code(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hostile_npz(home / "reuters.npz")
    with pytest.raises(ValueError, match=r"it wants to use .*mkdir"):
        D.reuters.load_data()
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("content", [b"", b"\x80\x02", b"\x80\x02K\x01", b"garbage", b"\x80\x02}q"])
def test_broken_pickles(tmp_path, content):
    (tmp_path / "batch").write_bytes(content)
    with pytest.raises(ValueError, match="as a pickled dict"):
        _formats.read_pickle(tmp_path / "batch")


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_and_plain_values_come_back(tmp_path, protocol):
    data = {
        "a": np.arange(6, dtype=">i4").reshape(2, 3),
        "b": [1, "x", 2.5, None, (True,)],
        "c": b"\xff",
    }
    (tmp_path / "batch").write_bytes(pickle.dumps(data, protocol))
    found = _formats.read_pickle(tmp_path / "batch")
    assert (found["a"] == data["a"]).all()
    assert (found["b"], found["c"]) == (data["b"], data["c"])
