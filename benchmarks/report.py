"""Medians, ranges and ratios, as lines for the terminal and as docs/benchmarks.md."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterable
from pathlib import Path
from statistics import median

from measure import Samples
from peers import Peer
from plan import Bar, Measure


def number(value: float) -> str:
    """Three significant digits, without an exponent."""
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.5f}"


def cell(values: list[float] | None, unit: str) -> str:
    """Median and, in parentheses, the range."""
    if not values:
        return "-"
    text = f"{number(median(values))} {unit}".strip()
    if min(values) == max(values):
        return text
    return f"{text} ({number(min(values))} to {number(max(values))})"


def ratio(values: dict[str, list[float]], peer: str) -> float | None:
    """Reflow's median over a peer's, or None where one is missing."""
    ours, theirs = values.get("reflow"), values.get(peer)
    if not ours or not theirs or median(theirs) == 0:
        return None
    return median(ours) / median(theirs)


def verdict(bar: Bar, measure: Measure, values: dict[str, list[float]]) -> str:
    """The bar, and whether the medians meet it."""
    ours = values.get("reflow")
    text = f"{bar}" if bar.of else f"{bar} {measure.unit}".strip()
    value = ratio(values, bar.of) if bar.of else median(ours) if ours else None
    if value is None:
        return f"{text}: not measured"
    return f"{text}: {'yes' if value <= bar.limit else 'NO'}"


def rows(
    measures: Iterable[Measure], samples: Samples, peers: list[Peer], judge: bool = True
) -> list[list[str]]:
    """One list of cells per measure: title, each peer's times, the ratio to TF 2.1, the bars.

    Without `judge` no bar is looked at: the samples are too few to say anything.
    """
    table = []
    for measure in measures:
        values = samples[measure.key]
        to_tf21 = ratio(values, "tf21")
        table.append(
            [
                measure.title,
                *(cell(values.get(peer.name), measure.unit) for peer in peers),
                "-" if to_tf21 is None else number(to_tf21),
                "; ".join(verdict(bar, measure, values) for bar in measure.bars if judge) or "-",
            ]
        )
    return table


def header(peers: list[Peer]) -> list[str]:
    """The titles of the columns that `rows` fills."""
    return ["", *(peer.title for peer in peers), "Reflow / TF 2.1", "bar"]


def processor() -> str:
    """The model of the processor as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def machine(peers: list[Peer]) -> list[str]:
    """Lines that say what the figures were measured on."""
    lines = [f"{processor()}, {os.cpu_count()} logical cores, {platform.system()}"]
    for peer in peers:
        others = [f"{k} {v}" for k, v in peer.versions.items() if k != "self"]
        lines.append(f"{peer.title}: {', '.join(others)}")
    return lines


_INTRODUCTION = """\
# Benchmarks

Written by `make bench` (`benchmarks/run.py`); do not edit. `benchmarks/README.md` says how to run
it and what each row is.

Medians of {repetitions} processes each, with the range in parentheses; the frameworks ran one
after another in alternating order, on {date}. Reflow and the TensorFlows run the same files. A
ratio below 1 means that Reflow is faster. "Very first run" begins with an empty compilation cache;
the other frameworks keep nothing between runs, so both rows show the same figure for them.
"""


def markdown(table: list[list[str]], peers: list[Peer], repetitions: int, notes: list[str]) -> str:
    """The whole page."""
    titles = header(peers)
    lines = [_INTRODUCTION.format(repetitions=repetitions, date=dt.date.today().isoformat())]
    lines.append("| " + " | ".join(titles) + " |")
    lines.append("|---" * len(titles) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in table]
    lines += ["", "Measured on:", ""]
    lines += [f"- {line}" for line in machine(peers)]
    if notes:
        lines += ["", "Notes:", ""]
        lines += [f"- {note}" for note in notes]
    return "\n".join(lines) + "\n"
