"""Model files with bytes changed, cut off or put in: a model, or an error that says so."""

import random
import shutil
from pathlib import Path

import pytest

import reflow as tf
from reflow.keras.models.hdf5_checks import check_heaps

pytest.importorskip("h5py")
FILES = Path(__file__).parents[2] / "golden" / "files"
SOURCES = {
    "hdf5": (FILES / "keras" / "functional.h5", [""]),
    "hdf5 of Keras 3": (FILES / "keras3" / "functional.h5", [""]),
    "keras": (FILES / "keras3" / "functional.keras", [""]),
    "SavedModel": (
        FILES / "keras" / "sequential",
        ["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"],
    ),
}


def damage(chance, content):
    """Change, drop or insert bytes at a few places."""
    content = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8])):
        way, place = chance.random(), chance.randrange(len(content))
        if way < 0.6:
            content[place] = chance.randrange(256)
        elif way < 0.7:
            del content[max(place, 1) :]
        elif way < 0.85:
            content[place:place] = chance.randbytes(chance.choice([1, 4, 30]))
        elif len(content) > 200:
            del content[place : place + chance.choice([1, 4, 100])]
    return bytes(content)


@pytest.mark.parametrize("kind", SOURCES)
def test_damaged_files(kind, tmp_path):
    chance = random.Random(kind)
    source, parts = SOURCES[kind]
    path = tmp_path / "model"
    refused = 0
    for _ in range(60):
        part = chance.choice(parts)
        if source.is_dir():
            shutil.copytree(source, path, dirs_exist_ok=True)
        file = path / part if part else path
        file.write_bytes(damage(chance, (source / part if part else source).read_bytes()))
        try:
            tf.keras.models.load_model(str(path))
        except (OSError, ValueError, tf.errors.OpError):
            refused += 1
    assert refused > 20


def test_a_heap_that_the_library_would_search_forever(tmp_path):
    content = (FILES / "keras3" / "functional.h5").read_bytes()
    path = tmp_path / "m.h5"
    path.write_bytes(content)
    with path.open("rb") as file:
        check_heaps(file, "m.h5")
    start = content.find(b"GCOL", content.find(b"GCOL") + 1)
    path.write_bytes(content[: start + 249] + b"x" + content[start + 249 :])
    with pytest.raises(ValueError, match="damaged"):
        tf.keras.models.load_model(str(path))
