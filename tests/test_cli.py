"""The ``reflow`` command: output, exit codes, and the program's own view of the process."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import reflow
from reflow import cli, compat
from reflow.version import REFLOW_VERSION

pytestmark = pytest.mark.smoke

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs a program's text in this process; returns the exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.delenv("REFLOW_FULL_TRACEBACK", raising=False)
    monkeypatch.chdir(tmp_path)

    def run_text(text: str, *arguments: str, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
        Path("program.py").write_text(textwrap.dedent(text), encoding="utf-8")
        code = cli.main(["run", *options, "program.py", *arguments])
        return code, *capsys.readouterr()

    yield run_text
    compat.uninstall()


def test_the_program_is_main_and_gets_its_arguments(run: Run, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("VALUE = 7\n")
    code, out, err = run(
        """
        import os, sys
        import beside
        print(__name__, os.path.basename(__file__), sys.argv, beside.VALUE)
        print(sys.path[0] == os.path.dirname(__file__), os.path.isabs(__file__))
        print(sys.modules["__main__"].__dict__ is globals())
        """,
        "--profile",
        "x",
    )
    assert (code, err) == (0, "")
    first = "__main__ program.py ['program.py', '--profile', 'x'] 7\n"
    assert out == first + "True True\nTrue\n"


def test_our_own_future_imports_do_not_reach_the_program(run: Run) -> None:
    code, _, err = run("def f(x: undefined): pass")
    assert code == 1
    assert "NameError: name 'undefined' is not defined" in err


def test_tensorflow_is_reflow(run: Run) -> None:
    code, out, _ = run("import tensorflow as tf, reflow; print(tf is reflow, tf.__version__)")
    assert (code, out) == (0, "True 2.1.0\n")


def test_numpy_prints_and_names_as_in_2020(run: Run) -> None:
    text = "import numpy as np; print([np.float64(0.5), np.int32(2)], np.float(1), np.NaN)"
    code, out, _ = run(text)
    assert (code, out) == (0, "[0.5, 2] 1.0 nan\n")


def test_exit_codes_are_the_programs(run: Run) -> None:
    with pytest.raises(SystemExit) as caught:
        run("import sys; sys.exit(3)")
    assert caught.value.code == 3


def test_an_error_shows_the_programs_frames_and_counts_ours(run: Run) -> None:
    code, out, err = run(
        """
        import tensorflow as tf
        def forward():
            return tf.reduce_smu
        print("before")
        forward()
        """
    )
    assert (code, out) == (1, "before\n")
    assert "Traceback (most recent call last):" in err
    assert 'program.py", line 6, in <module>\n    forward()\n' in err
    assert 'program.py", line 4, in forward\n    return tf.reduce_smu\n' in err
    assert "  [1 frame inside Reflow hidden; REFLOW_FULL_TRACEBACK=1 shows them]\n" in err
    last = "AttributeError: module 'tensorflow' has no attribute 'reduce_smu'; did you mean"
    assert err.splitlines()[-1].startswith(last)
    assert "_namespace.py" not in err


def test_the_full_traceback_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFLOW_FULL_TRACEBACK", "1")
    code, _, err = run("import tensorflow as tf\ntf.reduce_smu")
    assert code == 1
    assert "_namespace.py" in err
    assert "hidden" not in err


def test_causes_are_folded_too(run: Run) -> None:
    code, _, err = run(
        """
        import tensorflow as tf
        try:
            tf.reduce_smu
        except AttributeError as error:
            raise ValueError("mine") from error
        """
    )
    assert code == 1
    assert err.count("inside Reflow hidden") == 1
    assert "The above exception was the direct cause of the following exception" in err
    assert err.splitlines()[-1] == "ValueError: mine"


def test_a_users_function_that_reflow_calls_back_is_shown() -> None:
    import traceback

    from reflow import _program

    stack = [
        traceback.FrameSummary(name, 1, "f", lookup_line=False)
        for name in (
            _program.__file__,
            "/home/me/program.py",
            compat.__file__,
            os.path.join(os.path.dirname(os.__file__), "threading.py"),
            "/home/me/layers.py",
        )
    ]
    try:
        raise ValueError
    except ValueError as error:
        shown = traceback.TracebackException.from_exception(error)
    shown.stack = traceback.StackSummary.from_list(stack)
    _program.fold(shown)
    assert [f.filename for f in shown.stack] == ["/home/me/program.py", "/home/me/layers.py"]
    assert "[2 frames inside Reflow hidden" in "".join(shown.stack.format())


def test_a_syntax_error_reads_as_pythons(run: Run, tmp_path: Path) -> None:
    code, out, err = run("x = (\n")
    assert (code, out) == (1, "")
    assert err == (
        f'  File "{tmp_path}/program.py", line 1\n'
        "    x = (\n        ^\n"
        "SyntaxError: '(' was never closed\n"
    )


def test_the_profile_comes_after_the_programs_output(run: Run) -> None:
    code, out, err = run("print('done')", options=("--profile",))
    assert (code, out) == (0, "done\n")
    assert err.startswith("reflow profile\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: command"),
        (["fly"], "argument command: invalid choice: 'fly'"),
        (["run"], "the following arguments are required: program"),
        (["run", "--fly", "x.py"], "unrecognized arguments: --fly"),
        (["run", "no_such.py"], "cannot read no_such.py: No such file or directory"),
        (["run", "."], ". is a folder; name the program's file in it"),
    ],
)
def test_a_wrong_command_line_exits_with_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    out, err = capsys.readouterr()
    assert (caught.value.code, out) == (2, "")
    assert f"Error: {message}" in err
    assert "--help' for help." in err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["version"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Reflow {REFLOW_VERSION} (TensorFlow 2.1.0's API; jax ")


def test_python_dash_m_reflow_runs_a_program(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import sys, tensorflow as tf\nprint(tf.__version__)\nsys.exit('bye')\n")
    environment = dict(os.environ, PYTHONPATH=str(Path(reflow.__file__).parents[1]))
    done = subprocess.run(
        [sys.executable, "-m", "reflow", str(program)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "2.1.0\n", "bye\n")
