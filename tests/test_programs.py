"""Whole programs written for TensorFlow 2.1 run unmodified and print what 2.1.0 prints."""

import ast
import importlib.util
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import reflow

PROGRAMS = Path(__file__).parent / "programs"
GOLDEN = Path(__file__).parent / "golden" / "programs"
FILES = {path.stem: path for path in sorted(PROGRAMS.glob("*/*.py"))}

# Programs that train or print a lot have a process of their own, as a user would run them.
LARGE = [n for n in FILES if n.startswith(("iris_", "digits_", "gradient_descent", "all_snippets"))]
SMALL = [n for n in FILES if n not in LARGE]

# TensorFlow itself gives other last digits on another processor (the notes show 0.0481878 where the
# golden text of softmax.py has 0.04818781), so numbers of such lines are compared as numbers.
INEXACT = re.compile("loss|softmax|sigmoid|tanh", re.IGNORECASE)
NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?")
DIGITS = 6


def missing_requirement(name):
    """Return why the program cannot run here, or None."""
    source = FILES[name].read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module]
        else:
            continue
        for module in modules:
            package = module.partition(".")[0]
            if package != "tensorflow" and importlib.util.find_spec(package) is None:
                return f"{package} is not installed"
    if "tf.losses" in source and not hasattr(reflow, "losses"):
        return "tf.losses is part of Keras, which is not there yet"
    return None


def run_reflow(folder, *arguments):
    """Run `python -m reflow ARGUMENTS` in `folder` and return its standard output."""
    source_root = str(Path(reflow.__file__).parents[1])
    paths = [source_root, os.environ.get("PYTHONPATH", "")]
    env = dict(os.environ, MPLBACKEND="Agg", PYTHONPATH=os.pathsep.join(p for p in paths if p))
    done = subprocess.run(
        [sys.executable, "-m", "reflow", *map(str, arguments)],
        env=env,
        cwd=folder,
        capture_output=True,
        timeout=300,
        check=False,
    )
    error = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, f"exit code {done.returncode}\n{error[-4000:]}"
    return done.stdout.decode("utf-8")


def same_number(got, expected):
    """Whether two printed numbers agree: integers exactly, others to 6 significant digits.

    A number with fewer digits (`%f` of something small) may differ by one in its last place.
    """
    if "." not in expected and "e" not in expected:
        return got == expected
    value = float(expected)
    decimals = len(expected.partition("e")[0].partition(".")[2])
    last_place = 10.0**-decimals if "e" not in expected else 0.0
    exponent = math.floor(math.log10(abs(value))) + 1 if value else 0
    sixth_digit = 0.5 * 10.0 ** (exponent - DIGITS)
    return abs(float(got) - value) <= max(sixth_digit, 1.001 * last_place)


def without_numbers(line):
    """What is left of a line; the padding of a printed array goes with its numbers' last digits."""
    return NUMBER.sub("#", line).replace(" ", "")


def same_line(got, expected):
    """Whether two lines agree: as text, or by their numbers where the line is inexact."""
    if got == expected:
        return True
    if not INEXACT.search(expected) or without_numbers(got) != without_numbers(expected):
        return False
    pairs = zip(NUMBER.findall(got), NUMBER.findall(expected), strict=True)
    return all(same_number(g, e) for g, e in pairs)


def check_output(name, output):
    """Compare a program's output with the golden text, line by line."""
    got = output.splitlines()
    expected = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    different = [
        f"line {i}:\n  got      {g}\n  expected {e}"
        for i, (g, e) in enumerate(zip(got, expected, strict=False), 1)
        if not same_line(g, e)
    ]
    assert not different, "\n".join(different[:10])
    assert len(got) == len(expected)


@pytest.fixture(scope="module")
def small_outputs(tmp_path_factory):
    """What every small program wrote: name -> {"output", "error"}; one process runs them all."""
    files = [FILES[n] for n in SMALL if missing_requirement(n) is None]
    output = run_reflow(tmp_path_factory.mktemp("small"), PROGRAMS / "_several.py", *files)
    return json.loads(output)


@pytest.mark.parametrize("name", SMALL)
def test_small_program(name, small_outputs):
    if reason := missing_requirement(name):
        pytest.skip(reason)
    result = small_outputs[name]
    assert result["error"] is None, result["error"]
    check_output(name, result["output"])


@pytest.mark.parametrize("name", LARGE)
def test_large_program(name, tmp_path):
    if reason := missing_requirement(name):
        pytest.skip(reason)
    check_output(name, run_reflow(tmp_path, FILES[name]))


def test_every_program_has_a_golden_text():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(FILES)


@pytest.mark.parametrize(
    ("got", "expected", "same"),
    [
        ("Epoch 0, loss: 0.282131090", "Epoch 0, loss: 0.282131098", True),
        ("Epoch 0, loss: 0.282134", "Epoch 0, loss: 0.282131", False),
        ("Epoch 1, loss: 0.282131", "Epoch 0, loss: 0.282131", False),
        ("w is 1.0,loss is 0.000003", "w is 1.0,loss is 0.000004", True),
        ("w is 1.0,loss is 0.000003", "w is 1.0,loss is 0.000005", False),
        ("loss 1.234567e-05", "loss 1.234568e-05", True),
        ("loss 1.23456e-05", "loss 1.23458e-05", False),
        ("loss: nan", "loss: 0.5", False),
        ("softmax: [0.25598 0.0481878 ]", "softmax: [0.25598 0.04818781]", True),
        ("softmax: [0.25598 0.0481879 ]", "softmax: [0.25598 0.04818781]", False),
        ("Test_acc: 0.9333333333", "Test_acc: 0.9333333334", False),
    ],
)
def test_comparison_of_lines(got, expected, same):
    assert same_line(got, expected) is same
