"""Record what TensorFlow 2.1.0 prints in the runs of `example_runs.py`.

    ORACLE_PYTHON=<Python with TF 2.1.0> python tests/golden/make_example_runs.py [name ...]

Only runs without a log are recorded, unless they are named. Without ORACLE_PYTHON the Python that
runs this file must have TensorFlow 2.1.0, pandas, Pillow, scikit-learn and matplotlib.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
LOGGED = HERE.parent / "keras_programs" / "_logged.py"
GOLDEN = HERE / "examples"
DATA = Path(os.environ.get("REFLOW_TEST_DATA", str(HERE.parents[2] / "shared" / "data")))


def main(names):
    sys.path.insert(0, str(HERE.parent))
    from golden.example_runs import EXAMPLE_RUNS
    from golden.training_log import normal

    python = os.environ.get("ORACLE_PYTHON", sys.executable)
    names = names or [n for n in EXAMPLE_RUNS if not (GOLDEN / (n + ".txt")).exists()]
    env = dict(os.environ, MPLBACKEND="Agg", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="3")
    env.pop("PYTHONPATH", None)
    GOLDEN.mkdir(exist_ok=True)
    for name in names:
        program, arguments = EXAMPLE_RUNS[name]
        command = [python, str(LOGGED), str(EXAMPLES / program), str(DATA / "keras_home")]
        command += [part.format(data=DATA) for part in arguments.split()]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                command, env=env, cwd=folder, stdout=subprocess.PIPE, check=True
            )  # fmt: skip
        text = normal(done.stdout.decode("utf-8"))
        (GOLDEN / (name + ".txt")).write_text(text, encoding="utf-8")
        print("%-28s %3d lines" % (name, text.count("\n")))


main(sys.argv[1:])
