"""Damaged and forged files of every kind are read or refused, and the refusal names the file.

They never hang the reader, crash it, or take much memory. ``make hostile`` reads 20,000.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reflow

pytest.importorskip("h5py")
pytest.importorskip("resource")
READER = Path(__file__).with_name("hostile_files.py")
FILES = int(os.environ.get("REFLOW_TEST_DAMAGE", "400"))
KINDS = """index data forged_index object_graph hdf5 hdf5_config saved_model keras npz tfrecord
    example json state""".split()


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the memory's limit is Linux's")
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files(kind):
    source = str(Path(reflow.__file__).parents[1])
    count = FILES // len(KINDS) + 1
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(READER), kind, "0", str(count)],
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    end = f"{lines[-1] if lines else ''}\n{done.stderr[-2000:]}"
    assert done.returncode == 0, f"ended with {done.returncode} at number {end}"
    outcomes = [line.split(" ", 1)[1] for line in lines]
    assert len(outcomes) == count
    bad = [line for line in lines if line.split(" ", 1)[1] not in ("read", "refused")]
    assert not bad, "\n".join(bad)
    # A damaged state file counts as none, with a warning, as in TF.
    assert kind == "state" or "refused" in outcomes
