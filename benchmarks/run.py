"""Measure Reflow side by side with TensorFlow 2.1.0, the newest TensorFlow and PyTorch.

python benchmarks/run.py                       everything; writes docs/benchmarks.md
python benchmarks/run.py iris_epoch mlp_step   some workloads; only prints
python benchmarks/run.py --quick               does each program run? times mean nothing
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import peers as peers_module
import report
from measure import measure
from plan import BY_NAME, ROOT, WORKLOAD_TABLE


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="WORKLOAD", help=", ".join(BY_NAME))
    parser.add_argument("--repeat", type=int, default=5, help="processes per figure (default 5)")
    parser.add_argument("--quick", action="store_true", help="few iterations, one repetition")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="PEER=PATH",
        help="interpreter of a peer: reflow, tf21, tf_new, keras_jax or torch (or set "
        + ", ".join(peers_module.VARIABLES.values())
        + ")",
    )
    parser.add_argument("--output", type=Path, help="write the Markdown table here")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in BY_NAME:
            parser.error(f"no workload {name!r}; there are {', '.join(BY_NAME)}")
    options.overrides = {}
    for entry in options.python:
        peer, _, path = entry.partition("=")
        if peer not in {"reflow", *peers_module.VARIABLES} or not path:
            parser.error(
                f"--python {entry}: expected reflow, tf21, tf_new, keras_jax or torch, =, a path"
            )
        options.overrides[peer] = path
    if options.quick and options.output:
        parser.error("--quick gives no figures worth writing; leave out --output")
    if options.output is None and not options.names and not options.quick:
        options.output = ROOT / "docs" / "benchmarks.md"
    return options


def main() -> int:
    """Run what the command line asks for; 1 if a program failed."""
    options = parse()
    peers, missing = peers_module.find(options.overrides)
    for line in [*missing, *report.machine(peers)]:
        print(line, file=sys.stderr)
    if options.quick:
        print("--quick: shows that the programs run; the times mean nothing", file=sys.stderr)
    chosen = [BY_NAME[name] for name in options.names] or WORKLOAD_TABLE
    repetitions = 1 if options.quick else options.repeat
    table: list[list[str]] = []
    failures: list[str] = []
    for workload in chosen:
        samples = measure(workload, peers, repetitions, options.quick, failures)
        new = report.rows(workload.measures, samples, peers, judge=not options.quick)
        table += new
        for row in new:
            print(row[0])
            for title, text in zip(report.header(peers)[1:], row[1:], strict=True):
                if text != "-":
                    print(f"    {title:<20} {text}", flush=True)
    for failure in failures:
        print(failure, file=sys.stderr)
    if options.output:
        notes = [line.partition(":")[0] for line in [*missing, *failures]]
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(report.markdown(table, peers, repetitions, notes), "utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
