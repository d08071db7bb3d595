"""Seeded Keras programs train as in TensorFlow 2.1.0: same weights, order, logs and text."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from golden.training_log import normal
from test_programs import run_reflow

PROGRAMS = Path(__file__).parent / "keras_programs"
GOLDEN = Path(__file__).parent / "golden" / "keras_programs"
NAMES = sorted(p.stem for p in PROGRAMS.glob("*.py") if p.stem != "_logged")
DATA = Path(os.environ.get("REFLOW_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

FIRST_EPOCH = 1e-5  # relative: one epoch of rounding differences
LATER = 1e-3  # relative: they grow where a ReLU's input is near zero
ACCURACY = 2e-3  # absolute: a sample or two on the border between two classes
# program: looser bounds. Rounding is all there is of the gradient of a bias before a batch
# normalization; Adam makes steps of it, and the moving means lag behind the bias.
LOOSE = {"cifar_baseline_class": {"val_loss": 2e-2, "val_sparse_categorical_accuracy": 1e-2}}
PRINTED = re.compile(r"(?<![\w.])[-+]?\d+\.\d+(?:e[-+]\d+)?")


def log_of(text):
    """The printed lines, and what `_logged.py` added."""
    lines = text.rstrip("\n").split("\n")
    assert lines[-1].startswith("LOG ")
    return [line for line in lines[:-1] if line], json.loads(lines[-1][4:])


@pytest.mark.parametrize("name", NAMES)
def test_program(name, tmp_path):
    pytest.importorskip("sklearn" if "iris" in name else "numpy")
    home = DATA / "keras_home"
    if "iris" not in name and not home.is_dir():
        pytest.skip(f"needs MNIST, Fashion and CIFAR in {home} (REFLOW_TEST_DATA)")
    output = run_reflow(tmp_path, PROGRAMS / "_logged.py", PROGRAMS / f"{name}.py", home)
    lines, log = log_of(normal(output))
    expected_lines, expected = log_of((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"))
    assert [PRINTED.sub("#", line) for line in lines] == [
        PRINTED.sub("#", line) for line in expected_lines
    ]
    if expected["first_weights"]:
        np.testing.assert_array_equal(log["first_weights"], expected["first_weights"])
    assert set(log["history"]) == set(expected["history"])
    for key, values in expected["history"].items():
        loose, found = LOOSE.get(name, {}).get(key), log["history"][key]
        if "acc" in key:
            np.testing.assert_allclose(found, values, atol=loose or ACCURACY, err_msg=key)
            continue
        np.testing.assert_allclose(found[0], values[0], rtol=loose or FIRST_EPOCH, err_msg=key)
        np.testing.assert_allclose(found, values, rtol=loose or LATER, err_msg=key)


def test_every_program_has_a_log():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(NAMES)
