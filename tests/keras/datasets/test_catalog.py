"""``reflow datasets``."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

import reflow as tf
from reflow import cli
from reflow._missing_names import public_names
from reflow.keras.datasets import _catalog, _sources


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Keras's cache with a small MNIST and a broken Fashion-MNIST; nothing can be fetched."""

    def no_network(origin, path, *args):
        raise OSError(f"URL fetch failure on {origin}; save it as {path}")

    monkeypatch.setattr(_sources, "download", no_network)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    folder = tmp_path / "datasets"
    (folder / "fashion-mnist").mkdir(parents=True)
    images, labels = np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8)
    np.savez(folder / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    for kind in ("images-idx3", "labels-idx1"):
        for part in ("train", "t10k"):
            content = gzip.compress(struct.pack(">HBBI", 0, 8, 1, 2))
            (folder / "fashion-mnist" / f"{part}-{kind}-ubyte.gz").write_bytes(content)
    return folder


def test_the_catalog_is_complete():
    assert set(_catalog.ABOUT) == set(public_names()["tf.keras.datasets"])
    for name in _catalog.ABOUT:
        for source in getattr(tf.keras.datasets, name).SOURCES:
            assert source.url.startswith("https://")


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_list(home, capsys, arguments):
    assert cli.main(["datasets", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"data sets in {home}"
    assert [line.split()[:2] for line in lines[1:]] == [
        [name, "here" if "mnist" in name else "missing"] for name in _catalog.ABOUT
    ]
    assert lines[6] == "mnist           here     handwritten digits, 28 x 28"


def test_list_some(home, capsys):
    assert cli.main(["datasets", "list", "imdb", "mnist"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]] == [
        "imdb",
        "mnist",
    ]


def test_fetch(home, capsys):
    assert cli.main(["datasets", "fetch", "mnist"]) == 0
    assert capsys.readouterr().out.endswith(f"mnist           here     {home / 'mnist.npz'}\n")
    assert cli.main(["datasets", "fetch", "mnist", "reuters"]) == 1
    out = capsys.readouterr().out
    assert "mnist           here" in out
    assert "reuters         missing  URL fetch failure on https://" in out
    assert f"save it as {home / 'reuters.npz'}" in out


def test_check(home, capsys):
    assert cli.main(["datasets", "check", "mnist"]) == 0
    line = "mnist           ok       3 to train, 3 to test; not the original, used as it is\n"
    assert capsys.readouterr().out.endswith(line)
    assert cli.main(["datasets", "check", "imdb"]) == 1
    assert capsys.readouterr().out.endswith("imdb            missing\n")
    assert cli.main(["datasets", "check"]) == 1
    out = capsys.readouterr().out
    assert "fashion_mnist   broken   " in out
    assert "it ends after 0 of 2 bytes" in out
    (home / "fashion-mnist" / "train-labels-idx1-ubyte.gz").unlink()
    assert cli.main(["datasets", "check"]) == 0  # what nobody asked for may be missing


def test_an_unknown_name(home, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["datasets", "check", "imagenet"])
    assert stopped.value.code == 2
    assert (
        "there is no data set 'imagenet'; there are boston_housing, cifar10"
        in capsys.readouterr().err
    )


def test_an_unknown_action(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["datasets", "delete"])
    assert stopped.value.code == 2
    assert "Try 'reflow datasets --help' for help." in capsys.readouterr().err
