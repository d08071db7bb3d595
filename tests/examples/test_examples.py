"""The example programs run, and in short seeded runs they train as in TensorFlow 2.1.0."""

import os
import re
from pathlib import Path

import numpy as np
import pytest
from golden.example_runs import EXAMPLE_RUNS
from golden.training_log import compare
from test_programs import run_reflow

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
GOLDEN = TESTS / "golden" / "examples"
LOGGED = TESTS / "keras_programs" / "_logged.py"
DATA = Path(os.environ.get("REFLOW_TEST_DATA", TESTS.parents[1] / "shared" / "data"))

MODULES = ("matplotlib", "sklearn", "pandas", "PIL")
DOWNLOADED = ("networks/train.py", "augmentation.py")  # they ask tf.keras.datasets for pictures
# Rounding is all there is of the gradient of a bias before a batch normalization; Adam makes steps
# of it, and the moving means lag behind the bias.
BIAS_BEFORE_NORMALIZATION = ("baseline", "alexnet8", "vgg16", "inception10")
LOOSE = {"val_loss": 2e-2, "val_sparse_categorical_accuracy": 2e-2}
CURVES = {
    "sequences/next_letter.py": {"next_letter_curves.png"},
    "sequences/stock_prices.py": {"stock_losses.png", "stock_prices.png"},
    "sequences/text_classification.py": {"text_curves.png"},
}


@pytest.fixture(autouse=True)
def _installed():
    for module in MODULES:
        pytest.importorskip(module)


def arguments_of(name):
    """The example's file and arguments, or a skip if its data are not there."""
    program, arguments = EXAMPLE_RUNS[name]
    if (program in DOWNLOADED or "{data}" in arguments) and not DATA.is_dir():
        pytest.skip(f"needs the test data in {DATA} (REFLOW_TEST_DATA)")
    return EXAMPLES / program, [part.format(data=DATA) for part in arguments.split()]


@pytest.mark.parametrize("name", EXAMPLE_RUNS)
def test_an_example_trains_as_in_tensorflow(name, tmp_path):
    program, arguments = arguments_of(name)
    output = run_reflow(tmp_path, LOGGED, program, DATA / "keras_home", *arguments)
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    loose = LOOSE if name.startswith(BIAS_BEFORE_NORMALIZATION) else {}
    # Orthogonal matrices are rounded otherwise.
    weights = 1e-5 if program.parent.name == "sequences" else 0.0
    compare(output, expected, loose, weights)
    pictures = CURVES.get(EXAMPLE_RUNS[name][0], set())
    assert pictures <= {path.name for path in tmp_path.glob("*.png")}


@pytest.mark.parametrize("name", ["next_letter", "lenet5_graph"])
def test_the_next_run_goes_on_from_the_checkpoint(name, tmp_path):
    program, arguments = arguments_of(name)

    def losses():
        output = run_reflow(tmp_path, LOGGED, program, DATA / "keras_home", *arguments)
        return output, [float(loss) for loss in re.findall(r" - loss: (\S+)", output)]

    output, first = losses()
    assert "load the model" not in output
    output, second = losses()
    assert "load the model" in output
    assert second[0] < first[-1]


def test_weights_are_written_as_in_the_notes(tmp_path):
    run_reflow(tmp_path, EXAMPLES / "sequences/next_letter.py", "--epochs", "1", "--units", "3")
    lines = (tmp_path / "weights.txt").read_text().split("\n")
    assert [line for line in lines if line.endswith(":0")] == [
        "simple_rnn/simple_rnn_cell/kernel:0",
        "simple_rnn/simple_rnn_cell/recurrent_kernel:0",
        "simple_rnn/simple_rnn_cell/bias:0",
        "dense/kernel:0",
        "dense/bias:0",
    ]
    assert lines[1] == "(5, 3)"


def test_the_reader_of_the_notes_gives_the_pictures_in_the_order_of_the_file(tmp_path):
    program, arguments = arguments_of("digits_from_files")
    arguments[-1] = "1"
    assert "Generate Datasets" in run_reflow(tmp_path, program, *arguments)
    x, y = np.load(tmp_path / "mnist_x_train.npy"), np.load(tmp_path / "mnist_y_train.npy")
    text = (DATA / "mnist_image_label" / "mnist_train_jpg_60000.txt").read_text()
    assert (x.shape, x.dtype, y.dtype) == ((2000, 28, 28), np.float64, np.int64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert y.tolist() == [int(line.split()[1]) for line in text.splitlines()]
    assert "Load Datasets" in run_reflow(tmp_path, program, *arguments)


def test_missing_data_are_named(tmp_path):
    with pytest.raises(AssertionError, match=r"there is no stock.csv; name a table"):
        run_reflow(tmp_path, EXAMPLES / "sequences/stock_prices.py")


def test_every_example_is_listed():
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    programs = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py")}
    assert programs == set(re.findall(r"\]\(([\w/]+\.py)\)", readme))


def test_every_run_has_a_log():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(EXAMPLE_RUNS)
