"""What saving and loading adds to a process's memory: a tensor and a little, in every format."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import reflow

pytest.importorskip("h5py")
CLEAR_REFS = Path("/proc/self/clear_refs")
ROOT = Path(__file__).parents[3]

# 16 layers of 7.5 MB; the peak is measured as the benchmark measures it.
PROGRAM = """
import sys
sys.argv = ["tf.py", "reflow"]
source = open(r"{path}").read().replace("(2500, 8, 3)", "(1400, 16, 1)")
exec(compile(source, "tf.py", "exec"))
"""


@pytest.mark.slow
@pytest.mark.skipif(not CLEAR_REFS.exists(), reason="Linux alone tells the peak of a moment")
def test_the_peak_of_saving_and_loading(tmp_path):
    program = tmp_path / "program.py"
    path = ROOT / "benchmarks" / "workloads" / "saving" / "tf.py"
    program.write_text(PROGRAM.format(path=path))
    source = str(Path(reflow.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "reflow", str(program)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": source},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "clear_refs" in done.stderr:
        pytest.skip("this process may not reset its peak")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    whole = 16 * 1400 * 1400 * 4 / 2**20  # 120 MB
    for name, values in found.items():
        if name.endswith("_mb"):
            made = whole if name in ("hdf5_load_mb", "savedmodel_load_mb", "keras_load_mb") else 0
            assert values[0] - made < whole / 16 + 64, name
