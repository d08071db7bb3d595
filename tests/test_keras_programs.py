"""Seeded Keras programs train as in TensorFlow 2.1.0: same weights, order, logs and text."""

import os
from pathlib import Path

import pytest
from golden.training_log import compare
from test_programs import run_reflow

PROGRAMS = Path(__file__).parent / "keras_programs"
GOLDEN = Path(__file__).parent / "golden" / "keras_programs"
NAMES = sorted(p.stem for p in PROGRAMS.glob("*.py") if p.stem != "_logged")
DATA = Path(os.environ.get("REFLOW_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

# program: looser bounds. Rounding is all there is of the gradient of a bias before a batch
# normalization; Adam makes steps of it, and the moving means lag behind the bias.
LOOSE = {"cifar_baseline_class": {"val_loss": 2e-2, "val_sparse_categorical_accuracy": 1e-2}}


@pytest.mark.parametrize("name", NAMES)
def test_program(name, tmp_path):
    pytest.importorskip("sklearn" if "iris" in name else "numpy")
    home = DATA / "keras_home"
    if "iris" not in name and not home.is_dir():
        pytest.skip(f"needs MNIST, Fashion and CIFAR in {home} (REFLOW_TEST_DATA)")
    output = run_reflow(tmp_path, PROGRAMS / "_logged.py", PROGRAMS / f"{name}.py", home)
    compare(output, (GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), LOOSE.get(name, {}))


def test_every_program_has_a_log():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(NAMES)
