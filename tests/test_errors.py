"""Errors point at the user's line: the last frame of the user's file is where the mistake is."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

# The error's class, and a program with one bad line, which ends in `# <-`. Inside a function that
# is traced, TensorFlow's classes are those of its graphs; either will do here.
PROGRAMS = {
    "matmul_shapes": (
        "InvalidArgumentError",
        """
        a = tf.ones([2, 3])
        b = tf.matmul(a, a)  # <-
        print(b)
        """,
    ),
    "add_dtypes": (
        "InvalidArgumentError",
        """
        a = tf.constant([1.0])
        b = a + tf.constant([1])  # <-
        print(b)
        """,
    ),
    "reshape_in_a_function": (
        "InvalidArgumentError",
        """
        def flatten(x):
            return tf.reshape(x, [5])  # <-

        y = flatten(tf.zeros([2, 3]))
        print(y)
        """,
    ),
    "unknown_dtype": (
        "TypeError",
        """
        a = tf.constant(1)
        b = tf.cast(a, "float31")  # <-
        """,
    ),
    "ragged_list": (
        "ValueError",
        """
        a = [[1, 2], [3]]
        b = tf.constant(a)  # <-
        """,
    ),
    "bad_axis": (
        "InvalidArgumentError",
        """
        a = tf.zeros([2, 3])
        b = tf.reduce_sum(a, axis=2)  # <-
        c = b + 1.0
        """,
    ),
    "missing_symbol": (
        "AttributeError",
        """
        a = tf.zeros([2])
        b = tf.reduce_average(a)  # <-
        """,
    ),
    "wrong_keyword": (
        "TypeError",
        """
        a = tf.reduce_sum([1.0], axes=0)  # <-
        """,
    ),
    "assign_shape": (
        "ValueError",
        """
        v = tf.Variable([1.0, 2.0])
        v.assign([1.0, 2.0, 3.0])  # <-
        print(v)
        """,
    ),
    "tape_used_twice": (
        "RuntimeError",
        """
        v = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            y = v * v
        tape.gradient(y, v)
        tape.gradient(y, v)  # <-
        """,
    ),
    "truth_of_a_vector": (
        "ValueError",
        """
        a = tf.constant([1.0, 2.0])
        if a > 0:  # <-
            print(a)
        """,
    ),
    "index_out_of_range": (
        "InvalidArgumentError",
        """
        a = tf.zeros([3])
        b = a[3]  # <-
        print(b)
        """,
    ),
    "gather_out_of_range": (
        "InvalidArgumentError",
        """
        a = tf.constant([10, 20])
        b = tf.gather(a, [0, 2])  # <-
        print(b)
        """,
    ),
    "label_out_of_range": (
        "InvalidArgumentError",
        """
        logits = tf.zeros([2, 3])
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits([0, 3], logits)  # <-
        print(tf.reduce_mean(loss))
        """,
    ),
    "division_by_zero": (
        "InvalidArgumentError",
        """
        a = tf.constant(7)
        b = a // 0  # <-
        print(b)
        """,
    ),
    "check_numerics": (
        "InvalidArgumentError",
        """
        a = tf.constant([0.0, float("nan")])
        b = tf.debugging.check_numerics(a, "a")  # <-
        print(b)
        """,
    ),
    "assert_fails": (
        "InvalidArgumentError",
        """
        a = tf.constant([1, -1])
        tf.debugging.assert_positive(a)  # <-
        print(a)
        """,
    ),
    "in_a_loop": (
        "InvalidArgumentError",
        """
        total = tf.zeros([2])
        for n in range(1, 5):
            total = tf.concat([total, tf.zeros([2, n])], 0)  # <-
        print(total)
        """,
    ),
    "error_of_the_user": (
        "KeyError",
        """
        def scale(x):
            raise KeyError("mine")  # <-

        y = tf.nest.map_structure(scale, [1, 2])
        """,
    ),
    "in_a_compiled_function": (
        "ValueError InvalidArgumentError",
        """
        @tf.function
        def f(x):
            y = x + 1.0
            return tf.matmul(y, y)  # <-

        print(f(tf.zeros([2, 3])))
        """,
    ),
    "in_a_dataset": (
        "TypeError InvalidArgumentError",
        """
        def add(x):
            return x + tf.constant(1.0)  # <-

        data = tf.data.Dataset.range(3).map(add)
        print(list(data))
        """,
    ),
}

# What only the computed values tell: the mistake may be noticed when somebody looks at a result,
# and then the message says where the op was called.
COMPUTED = {
    "gather": (
        "InvalidArgumentError",
        """
        i = tf.constant([0, 1]) * 2
        b = tf.gather([10, 20], i)  # <-
        print(b)
        """,
    ),
    "label": (
        "InvalidArgumentError",
        """
        labels = tf.constant([0, 1]) + 2
        loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, tf.zeros([2, 3]))  # <-
        print(loss)
        """,
    ),
    "check_numerics": (
        "InvalidArgumentError",
        """
        x = tf.math.log(tf.constant([-1.0]))
        y = tf.debugging.check_numerics(x, "log") + 1.0  # <-
        print(y)
        """,
    ),
    "division": (
        "InvalidArgumentError",
        """
        x = tf.constant(3) - 3
        y = 7 // x  # <-
        print(y + 1)
        """,
    ),
    "singular": (
        "InvalidArgumentError",
        """
        x = tf.zeros([2, 2]) + 1.0
        y = tf.linalg.inv(x)  # <-
        print(y)
        """,
    ),
}


def write(folder: Path, body: str) -> tuple[Path, int]:
    """Writes a program; returns its path and the number of its bad line."""
    lines = ["import tensorflow as tf", ""]
    lines += [line[8:] for line in body.strip("\n").splitlines()]
    path = folder / "program.py"
    path.write_text("\n".join(lines) + "\n")
    (number,) = [n for n, line in enumerate(lines, start=1) if "# <-" in line]
    return path, number


def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Exception:
    """Runs a program that fails, as under the alias; returns its error."""
    import reflow

    monkeypatch.setitem(sys.modules, "tensorflow", reflow)
    with pytest.raises(Exception) as raised:  # noqa: PT011  of which type is the golden rows' matter
        runpy.run_path(str(path))
    return raised.value


def last_line(error: Exception, path: Path) -> int | None:
    """The line of the innermost frame in the program's file."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    return lines[-1] if lines else None


@pytest.mark.parametrize("name", PROGRAMS)
def test_last_user_frame_is_the_offending_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, body = PROGRAMS[name]
    path, bad = write(tmp_path, body)
    error = run(path, monkeypatch)
    assert type(error).__name__ in kind.split()
    assert last_line(error, path) == bad


@pytest.mark.parametrize("name", COMPUTED)
def test_computed_values_name_the_offending_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, body = COMPUTED[name]
    path, bad = write(tmp_path, body)
    error = run(path, monkeypatch)
    assert type(error).__name__ == kind
    assert last_line(error, path) == bad or f"{path}:{bad}" in str(error)


def test_printed_traceback_ends_in_the_users_file(tmp_path: Path) -> None:
    """`reflow run` shows the user's frames, the message, and none of our frames between them."""
    path, bad = write(tmp_path, PROGRAMS["reshape_in_a_function"][1])
    source = Path(__file__).parents[1] / "src"
    done = subprocess.run(
        [sys.executable, "-m", "reflow", str(path)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(source)},
        check=False,
    )
    assert done.returncode == 1
    frames = [line for line in done.stderr.splitlines() if line.lstrip().startswith("File ")]
    assert [frame.split(",")[0].strip() for frame in frames] == [f'File "{path}"'] * 2
    assert f"line {bad}," in frames[-1]
    assert "but the requested shape has 5" in done.stderr.splitlines()[-1]
