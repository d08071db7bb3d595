"""The example programs run, and in short seeded runs they train as in TensorFlow 2.1.0."""

import ast
import importlib
import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from golden.example_runs import EXAMPLE_RUNS
from golden.training_log import compare
from test_programs import run_reflow

import reflow
from reflow import compat

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
LOOSE = {"loss": 1e-3, "val_loss": 2e-2, "val_sparse_categorical_accuracy": 2e-2}
# Not needed to see that the rest works: for a change of what they use.
LONG = ("next_letter_four", "text", "baseline_graph", "lenet5", "inception10_graph", "alexnet8")
LONG += ("vgg16", "resnet18", "stock_prices_gru", "stock_prices_simple_rnn", "inception10")
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
    if name in LONG and os.environ.get("REFLOW_TEST_EXAMPLES") != "all":
        pytest.skip("one of the longer examples; REFLOW_TEST_EXAMPLES=all runs them")
    program, arguments = arguments_of(name)
    output = run_reflow(tmp_path, LOGGED, program, DATA / "keras_home", *arguments)
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    loose = LOOSE if name.startswith(BIAS_BEFORE_NORMALIZATION) else {}
    # Orthogonal matrices are rounded otherwise; their sums have 10,000 entries.
    weights = 1e-4 if program.parent.name == "sequences" else 0.0
    compare(output, expected, loose, weights)
    pictures = CURVES.get(EXAMPLE_RUNS[name][0], set())
    assert pictures <= {path.name for path in tmp_path.glob("*.png")}


def test_the_next_run_goes_on_from_the_checkpoint(tmp_path):
    program, arguments = arguments_of("next_letter")

    def losses():
        output = run_reflow(tmp_path, program, *arguments)
        return output, [float(loss) for loss in re.findall(r" - loss: (\S+)", output)]

    output, first = losses()
    assert "load the model" not in output
    output, second = losses()
    assert "load the model" in output
    assert second[0] < first[-1]

    lines = (tmp_path / "weights.txt").read_text().split("\n")
    assert [line for line in lines if line.endswith(":0")] == [
        "sequential/simple_rnn/kernel:0",
        "sequential/simple_rnn/recurrent_kernel:0",
        "sequential/simple_rnn/bias:0",
        "sequential/dense/kernel:0",
        "sequential/dense/bias:0",
    ]
    assert lines[1] == "(5, 10)"


def test_the_reader_of_the_notes_gives_the_pictures_in_the_order_of_the_file():
    program, _ = arguments_of("digits_from_files")
    tree = ast.parse(program.read_text(encoding="utf-8"))
    (reader,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "generateds"]
    from PIL import Image

    scope = {"np": np, "Image": Image}
    exec(compile(ast.Module([reader], []), str(program), "exec"), scope)
    folder = DATA / "mnist_image_label"
    text = folder / "mnist_test_jpg_10000.txt"
    x, y = scope["generateds"](f"{folder}/mnist_test_jpg_10000/", str(text))
    assert (x.shape, x.dtype, y.dtype) == ((500, 28, 28), np.float64, np.int64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert y.tolist() == [int(line.split()[1]) for line in text.read_text().splitlines()]


@pytest.mark.parametrize(
    ("module", "cls", "parameters"),
    [
        ("baseline", "Baseline", 198506),
        ("lenet5", "LeNet5", 62006),
        ("alexnet8", "AlexNet8", 9639178),
        ("vgg16", "VGG16", 15262026),
        ("inception10", "Inception10", 121418),
        ("resnet18", "ResNet18", 11183562),
    ],
)
def test_both_forms_of_a_network_have_the_parameters_that_they_have_in_tensorflow(
    module, cls, parameters, monkeypatch
):
    monkeypatch.syspath_prepend(str(EXAMPLES / "networks"))
    reflow.install()
    try:
        network = importlib.import_module(module)
        as_class, as_graph = getattr(network, cls)(), network.functional((32, 32, 3))
        as_class.build((None, 32, 32, 3))
    finally:
        compat.uninstall()
        sys.modules.pop(module, None)
    assert as_class.count_params() == as_graph.count_params() == parameters
    assert as_graph.output_shape == (None, 10)


def test_missing_data_are_named(tmp_path):
    with pytest.raises(AssertionError, match=r"there is no stock.csv; name a table"):
        run_reflow(tmp_path, EXAMPLES / "sequences/stock_prices.py")


def test_every_example_is_listed():
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    programs = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py")}
    assert programs == set(re.findall(r"\]\(([\w/]+\.py)\)", readme))


def test_every_run_has_a_log():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(EXAMPLE_RUNS)
