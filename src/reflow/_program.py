"""Runs a program file as Python would, with ``import tensorflow`` finding Reflow."""

from __future__ import annotations

import builtins
import io
import itertools
import os
import sys
import traceback
from collections.abc import Sequence
from types import CodeType, ModuleType

FULL_TRACEBACK = "REFLOW_FULL_TRACEBACK"

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class UnreadableError(Exception):
    """The program's file cannot be read; the message says why."""


def load(path: str) -> CodeType:
    """Reads and compiles a program.

    Raises:
      UnreadableError: there is no such file, or it cannot be read.
      SyntaxError: it is not Python.
    """
    if os.path.isdir(path):
        raise UnreadableError(f"{path} is a folder; name the program's file in it")
    try:
        with io.open_code(os.path.abspath(path)) as file:
            source = file.read()
    except OSError as error:
        raise UnreadableError(f"cannot read {path}: {error.strerror}") from error
    return compile(source, os.path.abspath(path), "exec", dont_inherit=True)


def run(code: CodeType, path: str, arguments: Sequence[str]) -> int:
    """Runs a program as ``python program.py`` does; returns its exit code.

    The process is the program's from here on: ``sys.argv``, ``sys.path[0]`` and ``__main__`` stay
    as the program left them, because threads and exit handlers of it may still look at them.

    Args:
      code: the compiled program.
      path: its file's name, for ``sys.argv[0]`` and ``__file__``.
      arguments: the rest of ``sys.argv``.

    Raises:
      SystemExit: the program's own.
    """
    from reflow.compat import install

    main = ModuleType("__main__")
    main.__dict__.update(__file__=os.path.abspath(path), __builtins__=builtins, __cached__=None)
    sys.modules["__main__"] = main
    sys.argv = [path, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    install()
    try:
        exec(code, main.__dict__)
    except KeyboardInterrupt as error:
        print_error(error)
        return 130
    except Exception as error:  # noqa: BLE001  the program's errors are shown as Python shows them
        print_error(error)
        return 1
    return 0


def print_syntax_error(error: SyntaxError) -> None:
    """Prints a syntax error as Python does for a program that it cannot compile."""
    sys.stderr.write(
        "".join(traceback.TracebackException.from_exception(error).format_exception_only())
    )


class FoldedStack(traceback.StackSummary):
    """A traceback's frames without ours, and a line that counts those left out."""

    hidden = 0

    def format(self, **options: object) -> list[str]:
        """Formats the frames; the line about the hidden ones comes last."""
        lines = super().format(**options)  # type: ignore[arg-type]
        if self.hidden:
            frames = "frame" if self.hidden == 1 else "frames"
            lines.append(
                f"  [{self.hidden} {frames} inside Reflow hidden; {FULL_TRACEBACK}=1 shows them]\n"
            )
        return lines


def print_error(error: BaseException) -> None:
    """Prints an uncaught error: the user's frames, one line for ours, then the message."""
    shown = traceback.TracebackException.from_exception(error)
    if os.environ.get(FULL_TRACEBACK, "0") in ("", "0"):
        fold(shown)
    sys.stdout.flush()
    sys.stderr.write("".join(shown.format()))


def fold(shown: traceback.TracebackException) -> None:
    """Folds away the frames of Reflow and of what it calls, in the error and in its causes.

    A cause that never reached the user's code is left out: the error that Reflow raised after it
    says the same in words of the user's program.
    """
    frames = list(itertools.dropwhile(lambda frame: _is_ours(frame.filename), shown.stack))
    folded = FoldedStack(_users(frames))
    folded.hidden = len(frames) - len(folded)
    shown.stack = folded
    for name in ("__cause__", "__context__"):
        cause = getattr(shown, name)
        while cause is not None and not _users(cause.stack):
            cause = cause.__cause__ or cause.__context__
        setattr(shown, name, cause)
        if cause is not None:
            fold(cause)
    for error in shown.exceptions or ():
        fold(error)


def _users(frames: Sequence[traceback.FrameSummary]) -> list[traceback.FrameSummary]:
    """The frames that are not ours: libraries count as ours where Reflow called them.

    A function of the user's that Reflow called back is the user's again.
    """
    users = []
    inside = False
    for frame in frames:
        inside = _is_ours(frame.filename) or (inside and _is_library(frame.filename))
        if not inside:
            users.append(frame)
    return users


def _is_ours(filename: str) -> bool:
    return filename.startswith(_PACKAGE)


def _is_library(filename: str) -> bool:
    """Whether a frame belongs to Python or an installed package (JAX, NumPy) rather than a user."""
    standard_library = os.path.dirname(os.__file__) + os.sep
    return (
        filename.startswith(("<", standard_library)) or f"{os.sep}site-packages{os.sep}" in filename
    )
