"""The benchmark runner: its plan, its report, and that Reflow runs what it measures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reflow

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def modules(monkeypatch):
    """The runner's modules `plan` and `report`, found as `python benchmarks/run.py` finds them."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import plan
    import report

    return plan, report


def test_every_workload_has_its_programs(modules):
    plan, _ = modules
    for workload in plan.WORKLOAD_TABLE:
        for file in workload.files.values():
            compile(file.read_text(encoding="utf-8"), str(file), "exec")


def test_rows_give_medians_ranges_ratios_and_verdicts(modules):
    plan, report = modules
    bars = (plan.Bar(1 / 5, "tf21"), plan.Bar(1, "torch"), plan.Bar(1.5))
    measure = plan.Measure("t", "A step", "ms", bars)
    samples = {"t": {"reflow": [1.0, 3.0, 2.0], "tf21": [20.0]}}
    peers = [_Peer("reflow"), _Peer("tf21")]
    assert report.rows([measure], samples, peers) == [
        [
            "A step",
            "2 ms (1 to 3)",
            "20 ms",
            "0.1",
            "<= 1/5 x TF 2.1: yes; <= PyTorch: not measured; <= 1.5 ms: NO",
        ]
    ]


def test_a_figure_that_a_framework_does_not_give_is_left_out(modules, monkeypatch):
    plan, _ = modules
    import measure

    both = (plan.Measure("a", "A", "ms"), plan.Measure("b", "B", "ms"))
    workload = plan.Workload("w", "inside", both, {"reflow": "tf.py", "torch": "pytorch.py"})
    given = {"reflow": {"a": 1.0, "b": 2.0}, "torch": {"a": 3.0}}
    monkeypatch.setattr(measure, "_sample", lambda workload, peer, cache, quick: given[peer.name])
    samples = measure.measure(workload, [_Peer("reflow"), _Peer("torch")], 1, True, [])
    assert samples == {"a": {"reflow": [1.0], "torch": [3.0]}, "b": {"reflow": [2.0]}}


def test_a_missing_framework_leaves_a_dash(modules):
    plan, report = modules
    rows = report.rows([plan.Measure("t", "A step", "ms")], {"t": {}}, [_Peer("reflow")])
    assert rows == [["A step", "-", "-", "-"]]


def test_a_quick_run_judges_no_bar(modules):
    plan, report = modules
    measure = plan.Measure("t", "A step", "ms", (plan.Bar(1),))
    rows = report.rows([measure], {"t": {"reflow": [2.0]}}, [_Peer("reflow")], judge=False)
    assert rows == [["A step", "2 ms", "-", "-"]]


class _Peer:
    """As much of a peer as a table needs."""

    def __init__(self, name):
        self.name = self.title = name


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "import_time",
        "iris_epoch",
        "mlp_step",
        "fit_mlp",
        "mlp_loop",
        "overhead",
        "memory",
        "recompilation",
    ],
)
def test_reflow_runs_the_workload(name):
    env = {k: v for k, v in os.environ.items() if not k.startswith("REFLOW_BENCH_")}
    env["PYTHONPATH"] = str(Path(reflow.__file__).parents[1])
    command = [sys.executable, str(BENCHMARKS / "run.py"), "--quick", name]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
