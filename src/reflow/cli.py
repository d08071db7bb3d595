"""The ``reflow`` command.

    reflow run program.py [args]     run a TensorFlow 2.1 program, unchanged
    reflow demo                      a network learns to read handwritten digits
    reflow datasets [list|fetch|check] [name ...]
                                     the data sets of tf.keras.datasets: which are here
    reflow inspect FILE ...          what is in a checkpoint, HDF5, TFRecord or event file
    reflow export MODEL OUT          a saved Keras model as a StableHLO program for jax.export
    reflow version                   print versions

Exit codes are Python's own: 0, 1 after an uncaught error or for a file or data set that is missing
or broken, what the program gives ``sys.exit``, and 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sys
from collections.abc import Sequence
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """Says what is wrong and where help is; exits with 2."""

    def error(self, message: str) -> NoReturn:
        """Prints the usage and the mistake."""
        self.print_usage(sys.stderr)
        print(f"Try '{self.prog} --help' for help.\n\nError: {message}", file=sys.stderr)
        raise SystemExit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the ``reflow`` command.

    Args:
      argv: its arguments, ``sys.argv[1:]`` where there are none.

    Returns:
      The exit code.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = Parser(prog="reflow", description="TensorFlow 2.1's programming model on JAX.")
    commands = parser.add_subparsers(metavar="command", required=True)
    run = commands.add_parser("run", help="run a TensorFlow 2.1 program, unchanged", add_help=False)
    run.set_defaults(command="run")
    demo = commands.add_parser("demo", help="a first look: a network learns handwritten digits")
    demo.set_defaults(command="demo")
    datasets = commands.add_parser("datasets", help="list, fetch or check tf.keras.datasets")
    datasets.set_defaults(command="datasets")
    datasets.add_argument(
        "action", nargs="?", choices=("list", "fetch", "check"), default="list", metavar="action",
        help="list (which are here), fetch (those that are missing) or check (load what is here)",
    )  # fmt: skip
    datasets.add_argument("names", nargs="*", metavar="name", help="of data sets; default: all")
    inspect = commands.add_parser("inspect", help="print what is in a file, without its values")
    inspect.set_defaults(command="inspect")
    inspect.add_argument(
        "files", nargs="+", metavar="FILE",
        help="a checkpoint (prefix, file or folder), HDF5, TFRecord or event file",
    )  # fmt: skip
    export = commands.add_parser("export", help="write a saved Keras model as a StableHLO program")
    export.set_defaults(command="export")
    export.add_argument("model", metavar="MODEL", help="HDF5 or .keras file, or SavedModel folder")
    export.add_argument(
        "out", metavar="OUT", help="the file to write; its signature goes to OUT.json"
    )
    export.add_argument("--batch", type=int, help="rows that the program takes; default: any")
    export.add_argument(
        "--platform", action="append", choices=("cpu", "cuda", "rocm", "tpu"), metavar="NAME",
        help="cpu, cuda, rocm or tpu: what it is to run on; may be given several times",
    )  # fmt: skip
    version = commands.add_parser("version", help="print the versions of Reflow and what it uses")
    version.set_defaults(command="version")
    if arguments[:1] == ["run"]:  # what follows may be the program's, so it has its own parser
        return run_command(arguments[1:], prog="reflow run")
    options = parser.parse_args(arguments)
    if options.command == "demo":
        return demo_command()
    if options.command == "datasets":
        return datasets_command(options.action, options.names, datasets)
    if options.command == "inspect":
        return inspect_command(options.files)
    if options.command == "export":
        return export_command(options.model, options.out, options.batch, options.platform)
    print(versions())
    return 0


def export_command(model: str, out: str, batch: int | None, platforms: Sequence[str] | None) -> int:
    """Writes a model as a StableHLO program, and prints its signature."""
    from reflow import _export
    from reflow.core.errors import OpError

    try:
        signature = _export.export(model, out, batch, platforms)
    except (OSError, ImportError, ValueError, NotImplementedError, OpError) as error:
        print(f"Error: {getattr(error, 'message', None) or error}", file=sys.stderr)
        return 1
    for kind in ("inputs", "outputs"):
        for entry in signature[kind]:
            shape = ", ".join(map(str, entry["shape"]))
            print(f"{kind[:-1]:7} {entry['name']}  {entry['dtype']}  ({shape})")
    return 0


def inspect_command(files: Sequence[str]) -> int:
    """Prints what is in files; returns 1 if one of them cannot be read."""
    from reflow import _inspect

    code = 0
    for number, path in enumerate(files):
        if number:
            print()
        try:
            for line in _inspect.describe(path):
                print(line)
        except _inspect.UnreadableError as error:
            sys.stdout.flush()
            print(f"Error: {error}", file=sys.stderr)
            code = 1
    return code


def demo_command() -> int:
    """Runs the demo, if what it draws and learns from is installed."""
    from importlib.util import find_spec
    from pathlib import Path

    missing = [name for name in ("matplotlib", "sklearn") if find_spec(name) is None]
    if missing:
        print(
            f"Error: the demo needs {' and '.join(missing)}: pip install 'reflow[demo]'",
            file=sys.stderr,
        )
        return 1
    from reflow import _program

    path = Path(__file__).with_name("_demo") / "digits.py"
    return _program.run(_program.load(str(path)), str(path), [])


def datasets_command(action: str, names: Sequence[str], parser: Parser) -> int:
    """Lists, fetches or checks data sets; 1 if what was asked for is missing or broken."""
    from reflow.keras.datasets import _catalog

    for name in names:
        if name not in _catalog.ABOUT:
            parser.error(f"there is no data set {name!r}; there are {', '.join(_catalog.ABOUT)}")
    reports = {"list": _catalog.listing, "fetch": _catalog.fetch, "check": _catalog.check}[action]
    print(f"data sets in {_catalog.cache()}")
    problems = 0
    for report in reports(names or _catalog.ABOUT):
        print(f"{report.name:15} {report.state:8} {report.text}".rstrip(), flush=True)
        asked_for = bool(names) or action == "fetch"
        problems += report.state == "broken" or (report.state == "missing" and asked_for)
    return 1 if problems and action != "list" else 0


def run_command(argv: Sequence[str], prog: str) -> int:
    """Runs ``[--profile] program.py [args]``; what follows the program's name is the program's."""
    parser = Parser(prog=prog, description="Runs a TensorFlow 2.1 program, unchanged.")
    parser.add_argument(
        "--profile", action="store_true", help="print at the end where the time went"
    )
    parser.add_argument("program", help="the Python file to run")
    rest = parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help="the program's own arguments"
    )
    rest.required = False
    options = parser.parse_args(list(argv))
    from reflow import _program

    try:
        code = _program.load(options.program)
    except _program.UnreadableError as error:
        parser.error(str(error))
    except SyntaxError as error:
        _program.print_syntax_error(error)
        return 1
    try:
        return _program.run(code, options.program, options.arguments)
    finally:
        if options.profile:
            from reflow.core import profile

            sys.stdout.flush()
            print(profile.report(), file=sys.stderr)


def versions() -> str:
    """Reflow's version, the TensorFlow release it follows, and the versions of what it runs on."""
    from reflow.version import REFLOW_VERSION, VERSION

    installed = [f"{name} {importlib.metadata.version(name)}" for name in ("jax", "numpy")]
    python = f"Python {platform.python_version()}"
    return (
        f"Reflow {REFLOW_VERSION} (TensorFlow {VERSION}'s API; {', '.join([*installed, python])})"
    )
