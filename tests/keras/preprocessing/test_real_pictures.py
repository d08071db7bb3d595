"""The handwritten digits of the notes: their reader and their augmentation, on real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import reflow as tf


def _digits() -> Path | None:
    """The folder of the pictures, beside the repository."""
    for parent in Path(__file__).resolve().parents:
        folder = parent / "shared" / "data" / "mnist_image_label"
        if folder.is_dir():
            return folder
    return None


FOLDER = _digits()
pytestmark = pytest.mark.skipif(
    FOLDER is None, reason="the digits (../shared/data/mnist_image_label) are not here"
)
COUNT = 40


def generateds(path: str, txt: str) -> tuple[np.ndarray, np.ndarray]:
    """Runs the notes' reader, as it stands in ``tests/programs/notes``."""
    program = Path(__file__).parents[2] / "programs" / "notes" / "read_images.py"
    code = program.read_text().split("# --- the code of the notes ---")[1].split("# --- added")[0]
    space = {"np": np, "Image": Image}
    exec(compile(code, str(program), "exec"), space)
    return space["generateds"](path, txt)


@pytest.fixture
def digits(tmp_path: Path) -> tuple[str, str]:
    """The folder of the training pictures, and a text file that lists the first of them."""
    lines = (FOLDER / "mnist_train_jpg_60000.txt").read_text().splitlines(keepends=True)
    listed = tmp_path / "first.txt"
    listed.write_text("".join(lines[:COUNT]))
    return f"{FOLDER}/mnist_train_jpg_60000/", str(listed)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the notes leave files open
def test_reader_of_the_notes(digits: tuple[str, str], capsys: pytest.CaptureFixture) -> None:
    x, y = generateds(*digits)
    assert capsys.readouterr().out == "loading : data\n"
    assert x.shape == (COUNT, 28, 28)
    assert y.shape == (COUNT,)
    assert x.dtype == np.float64
    # The files' names say their digits.
    names = Path(digits[1]).read_text().split()[::2]
    assert [int(Path(name).stem.rpartition("_")[2]) for name in names] == y.tolist()
    # TF's own decoder sees the same pixels.
    for name, picture in zip(names, x, strict=True):
        decoded = tf.image.decode_jpeg(tf.io.read_file(digits[0] + name))
        np.testing.assert_array_equal(decoded.numpy()[:, :, 0], np.round(picture * 255))


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_augmentation_of_the_notes(digits: tuple[str, str]) -> None:
    x_train, y_train = generateds(*digits)
    image_gen_train = tf.keras.preprocessing.image.ImageDataGenerator(
        rescale=1.0 / 1.0,
        rotation_range=45,
        width_shift_range=0.15,
        height_shift_range=0.15,
        horizontal_flip=False,
        zoom_range=0.5,
    )
    x_train = x_train.reshape(x_train.shape[0], 28, 28, 1)
    image_gen_train.fit(x_train)
    flow = image_gen_train.flow(x_train, y_train, batch_size=16, seed=1)
    x, y = next(flow)
    assert x.shape == (16, 28, 28, 1)
    assert x.dtype == np.float32
    assert 0 <= x.min() < x.max() <= 1
    assert set(y.tolist()) <= set(y_train.tolist())
    assert len(flow) == 3


def test_pipeline_of_files(digits: tuple[str, str]) -> None:
    names = [digits[0] + name for name in Path(digits[1]).read_text().split()[::2]]
    data = tf.data.Dataset.from_tensor_slices(names).map(
        lambda name: tf.image.resize(tf.image.decode_jpeg(tf.io.read_file(name)), [14, 14]),
        num_parallel_calls=tf.data.experimental.AUTOTUNE,
    )
    batch = next(iter(data.batch(COUNT)))
    assert batch.shape == (COUNT, 14, 14, 1)
    # Half the size: means of two by two pixels.
    first = np.asarray(Image.open(names[0]), np.float32).reshape(14, 2, 14, 2).mean((1, 3))
    np.testing.assert_allclose(batch[0, :, :, 0], first, rtol=1e-6)
