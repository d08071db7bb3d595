"""Record what TensorFlow 2.1.0 prints for every program in tests/programs.

    ORACLE_PYTHON=<Python with TensorFlow 2.1.0> python tests/golden/make_programs.py [name ...]

Each program runs in a process of its own; its standard output becomes golden/programs/<name>.txt.
Without ORACLE_PYTHON the Python that runs this file must have TensorFlow 2.1.0 (so it is written
for Python 3.7 too). Needed beside TensorFlow: scikit-learn, matplotlib, Pillow.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "programs"
GOLDEN = HERE / "programs"
TF_VERSION = "2.1.0"


def record(python, files, names):
    """Run the programs `files[name]` with `python` and write what they print."""
    env = dict(os.environ, MPLBACKEND="Agg", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")
    env.pop("PYTHONPATH", None)  # the oracle must not see our packages

    def stdout_of(*arguments):
        with tempfile.TemporaryDirectory() as folder:  # what a program writes goes away
            done = subprocess.run(
                [python, *arguments], env=env, cwd=folder, stdout=subprocess.PIPE, check=True
            )
        return done.stdout.decode("utf-8")

    version = stdout_of("-c", "import tensorflow as tf; print(tf.__version__)").strip()
    if version != TF_VERSION:
        raise SystemExit("ORACLE_PYTHON has TensorFlow %s; %s is needed" % (version, TF_VERSION))
    GOLDEN.mkdir(exist_ok=True)
    for name in names:
        text = stdout_of(str(files[name]))
        (GOLDEN / (name + ".txt")).write_text(text, encoding="utf-8")
        print("%-28s %3d lines" % (name, text.count("\n")))


def main():
    """Record the programs named on the command line, or all."""
    files = {path.stem: path for path in PROGRAMS.glob("*/*.py")}
    names = sys.argv[1:] or sorted(files)
    unknown = sorted(set(names) - set(files))
    if unknown:
        raise SystemExit("no such program: " + ", ".join(unknown))
    record(os.environ.get("ORACLE_PYTHON", sys.executable), files, names)


if __name__ == "__main__":
    main()
