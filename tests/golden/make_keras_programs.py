"""Record the training logs of TensorFlow 2.1.0 for the programs in tests/keras_programs.

    ORACLE_PYTHON=<Python with TF 2.1.0> python tests/golden/make_keras_programs.py [name ...]

Only programs without a log are recorded, unless they are named. Without ORACLE_PYTHON the Python
that runs this file must have TensorFlow 2.1.0.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAMS = HERE.parent / "keras_programs"
GOLDEN = HERE / "keras_programs"
DATA = Path(os.environ.get("REFLOW_TEST_DATA", str(HERE.parents[2] / "shared" / "data")))


def main(names):
    python = os.environ.get("ORACLE_PYTHON", sys.executable)
    files = {p.stem: p for p in sorted(PROGRAMS.glob("*.py")) if p.stem != "_logged"}
    names = names or [n for n in files if not (GOLDEN / (n + ".txt")).exists()]
    env = dict(os.environ, MPLBACKEND="Agg", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")
    env.pop("PYTHONPATH", None)
    GOLDEN.mkdir(exist_ok=True)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [python, str(PROGRAMS / "_logged.py"), str(files[name]), str(DATA / "keras_home")],
                env=env, cwd=folder, stdout=subprocess.PIPE, check=True,
            )  # fmt: skip
        sys.path.insert(0, str(HERE.parent))
        from golden.training_log import normal

        text = normal(done.stdout.decode("utf-8"))
        (GOLDEN / (name + ".txt")).write_text(text, encoding="utf-8")
        print("%-28s %3d lines" % (name, text.count("\n")))


main(sys.argv[1:])
