"""Where the time goes: counts of what the core does, and which line of the user's caused it."""

from __future__ import annotations

import os
import sys
import threading
from dataclasses import dataclass, field

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


@dataclass
class Compilation:
    """One compilation by XLA: seconds, ops in the program, and the user's line that needed it."""

    seconds: float
    ops: int
    line: str


@dataclass
class Counters:
    """Totals since the process started (or since :func:`reset`)."""

    misses: int = 0
    runs: int = 0
    interpreted: int = 0
    compiles: int = 0
    compile_seconds: float = 0.0
    run_seconds: float = 0.0
    tier_ups: int = 0
    compilations: list[Compilation] = field(default_factory=list)


counters = Counters()
_lock = threading.Lock()
_KEEP = 1000


def user_line() -> str:
    """``file:line`` of the innermost frame outside this package."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        if frame.f_back is None:
            break
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def compiled(seconds: float, ops: int) -> None:
    """Notes a compilation."""
    with _lock:
        counters.compiles += 1
        counters.compile_seconds += seconds
        if len(counters.compilations) < _KEEP:
            counters.compilations.append(Compilation(seconds, ops, user_line()))


def counts() -> dict[str, int | float]:
    """The totals as a dictionary: compiles, runs, interpreted, misses, ..."""
    return {
        "compiles": counters.compiles,
        "compile_seconds": counters.compile_seconds,
        "runs": counters.runs,
        "interpreted": counters.interpreted,
        "misses": counters.misses,
        "tier_ups": counters.tier_ups,
    }


def reset() -> None:
    """Starts counting afresh."""
    fresh = Counters()
    for name in fresh.__dataclass_fields__:
        setattr(counters, name, getattr(fresh, name))


STORM = 20
"""Compilations caused by one line from which on the report warns."""


def report() -> str:
    """A table for people: what ran, what was compiled, and the lines that caused it."""
    c = counters
    lines = [
        "reflow profile",
        f"  programs run       {c.runs:>8}   (compiled)",
        f"  programs read      {c.interpreted:>8}   (interpreted: too rare to compile)",
        f"  compilations       {c.compiles:>8}   {c.compile_seconds:.2f} s",
        f"  new op positions   {c.misses:>8}",
    ]
    by_line: dict[str, list[Compilation]] = {}
    for compilation in c.compilations:
        by_line.setdefault(compilation.line, []).append(compilation)
    worst = sorted(by_line.items(), key=lambda entry: -sum(x.seconds for x in entry[1]))
    if worst:
        lines.append("  compilations by line:")
    for line, made in worst[:10]:
        seconds = sum(x.seconds for x in made)
        lines.append(f"    {len(made):>4} x  {seconds:6.2f} s  {line}")
        if len(made) >= STORM:
            lines.append(
                "           warning: compiled again and again; do shapes or Python values that "
                "are no numbers change here?"
            )
    return "\n".join(lines)
