"""How much of TensorFlow 2.1's public API is here, and whether its signatures are TF's.

python tools/api_coverage.py                  coverage by namespace, plain and weighted by use
python tools/api_coverage.py --missing tf.nn  the missing names there, the most used first
python tools/api_coverage.py --check          fails where coverage fell or a signature differs
python tools/api_coverage.py --update-floor   stores today's coverage as the floor
"""

from __future__ import annotations

import argparse
import enum
import importlib
import inspect
import json
import re
import sys
import tomllib
import unittest
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from make_names import GROUPS_FILE, ROOT, read_api

FLOOR_FILE = ROOT / "tools" / "api" / "floor.json"
HIDDEN = "(*args, **kwargs)"  # what TF's decorators leave of a signature: nothing to compare
KNOWN_FILE = ROOT / "tools" / "api" / "signature_differences.toml"


@dataclass
class Count:
    """Of ``total`` symbols with ``uses`` uses together, what is here; the same for members."""

    here: int = 0
    total: int = 0
    uses_here: int = 0
    uses: int = 0
    members_here: int = 0
    members: int = 0

    def row(self) -> dict[str, int]:
        """What the floor keeps."""
        return {"symbols": self.here, "uses": self.uses_here, "members": self.members_here}


@dataclass
class Coverage:
    """What was found by walking over the API."""

    counts: dict[str, Count] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)  # ours, TF's
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Count:
        """The sum over the namespaces."""
        sums = Count()
        for count in self.counts.values():
            for name, value in vars(count).items():
                setattr(sums, name, getattr(sums, name) + value)
        return sums


_ABSENT = object()


def find(symbol: str) -> Any:
    """Returns the object that ``tf.a.b`` names in Reflow, or ``_ABSENT``."""
    value: Any = importlib.import_module("reflow")
    for name in symbol.split(".")[1:]:
        value = getattr(value, name, _ABSENT)
        if value is _ABSENT:
            return _ABSENT
    return value


def signature(function: Any) -> str:
    """The signature as ``inspect`` prints it, without annotations and memory addresses."""
    plain = inspect.signature(function)
    parameters = [p.replace(annotation=p.empty) for p in plain.parameters.values()]
    text = str(plain.replace(parameters=parameters, return_annotation=plain.empty))
    return re.sub(r"<(object|function \w+)[^>]*? at 0x[0-9a-f]+>", r"<\1>", text)


def walk(api: dict[str, dict[str, Any]]) -> Coverage:
    """Compares Reflow with the API, symbol by symbol."""
    coverage = Coverage()
    for symbol, wanted in api.items():
        count = coverage.counts.setdefault(symbol.rpartition(".")[0], Count())
        uses = wanted["uses"]
        members = wanted.get("members", ())
        count.total += 1
        count.uses += uses
        count.members += len(members)
        try:
            ours = find(symbol)
        except Exception as error:  # noqa: BLE001  a broken module is a finding like others
            coverage.broken[symbol] = f"{type(error).__name__}: {error}"
            continue
        if ours is _ABSENT:
            coverage.missing[symbol] = uses
            continue
        count.here += 1
        count.uses_here += uses
        count.members_here += sum(_has(ours, member) for member in members)
        for name, mine, theirs in signatures(symbol, ours, wanted):
            if mine != theirs:
                coverage.differences[name] = (mine, theirs)
    return coverage


def _has(ours: Any, member: str) -> bool:
    """Whether a class has a member of its own, not of Python's, which differ between versions."""
    is_test = isinstance(ours, type) and issubclass(ours, unittest.TestCase)
    return hasattr(ours, member) and not (is_test and hasattr(unittest.TestCase, member))


def signatures(symbol: str, ours: Any, wanted: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yields (name, our signature, TF's) for a symbol and, of a class, its methods."""
    says = "sig" in wanted and wanted["sig"] != HIDDEN
    if wanted["kind"] == "function" and says:
        yield symbol, signature_or_type(ours), wanted["sig"]
    elif wanted["kind"] == "class":
        if not isinstance(ours, type):
            yield symbol, f"a {type(ours).__name__}", "a class"
            return
        # Python 3.7 and ours show an enumeration's call differently; it is the same call.
        if says and not issubclass(ours, enum.Enum):
            yield symbol, signature_or_type(ours), wanted["sig"]
        for method, theirs in wanted.get("methods", {}).items():
            mine = getattr(ours, method, None)
            if mine is not None:
                theirs = theirs.replace("(instance", "(self", 1)  # a wrapper's word for it
                yield f"{symbol}.{method}", signature_or_type(mine), theirs


def signature_or_type(value: Any) -> str:
    """The signature of a callable; what the value is, where it is none."""
    try:
        return signature(value)
    except (TypeError, ValueError):
        return f"a {type(value).__name__}"


def identities() -> list[str]:
    """Names that are one object in TF and two in Reflow."""
    problems = []
    for group in json.loads(GROUPS_FILE.read_text("utf-8")):
        found = [(symbol, find(symbol)) for symbol in group]
        found = [(symbol, value) for symbol, value in found if value is not _ABSENT]
        problems += [
            f"{symbol} is not {found[0][0]}" for symbol, value in found if value is not found[0][1]
        ]
    return problems


def unknown(coverage: Coverage) -> list[str]:
    """Signature differences without a listed reason, and listed ones that are gone."""
    known = tomllib.loads(KNOWN_FILE.read_text("utf-8"))
    problems = [
        f"{name}: signature {mine}, TF 2.1's is {theirs}"
        for name, (mine, theirs) in coverage.differences.items()
        if name not in known
    ]
    here = {symbol for symbol in known if find(symbol) is not _ABSENT}
    problems += [
        f"{name}: listed in {KNOWN_FILE.name}, but its signature is TF's now"
        for name in sorted(here - coverage.differences.keys())
    ]
    return problems


def fallen(coverage: Coverage) -> list[str]:
    """Namespaces whose coverage is below the stored floor."""
    if not FLOOR_FILE.exists():
        return [f"{FLOOR_FILE.relative_to(ROOT)} is missing: run with --update-floor"]
    problems = []
    for namespace, floor in json.loads(FLOOR_FILE.read_text("utf-8")).items():
        row = coverage.counts.get(namespace, Count()).row()
        problems += [
            f"{namespace}: {what} fell from {least} to {row[what]}"
            for what, least in floor.items()
            if row[what] < least
        ]
    return problems


def write_floor(coverage: Coverage) -> None:
    """Stores the coverage of every namespace that has any."""
    rows = [
        f'  "{namespace}": {json.dumps(count.row())}'
        for namespace, count in sorted(coverage.counts.items())
        if count.here
    ]
    FLOOR_FILE.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")


def table(coverage: Coverage) -> str:
    """The coverage by namespace, those with most uses first."""
    lines = [f"{'namespace':<42} {'symbols':>12} {'by use':>8} {'members':>12}"]
    order = sorted(coverage.counts, key=lambda name: (-coverage.counts[name].uses, name))
    for name, count in [*((n, coverage.counts[n]) for n in order), ("all", coverage.total)]:
        by_use = f"{100 * count.uses_here / count.uses:.1f}%" if count.uses else "-"
        symbols = f"{count.here}/{count.total}"
        members = f"{count.members_here}/{count.members}" if count.members else "-"
        lines.append(f"{name:<42} {symbols:>12} {by_use:>8} {members:>12}")
    return "\n".join(lines)


def main() -> int:
    """Runs the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail where something fell or differs")
    parser.add_argument("--update-floor", action="store_true", help="store today's coverage")
    parser.add_argument("--missing", metavar="NAMESPACE", help="list what is missing there")
    options = parser.parse_args()
    coverage = walk(read_api())
    if options.missing:
        prefix = options.missing + "."
        rows = [(uses, name) for name, uses in coverage.missing.items() if name.startswith(prefix)]
        print(
            "\n".join(
                f"{uses:>5} {name}" for uses, name in sorted(rows, key=lambda r: (-r[0], r[1]))
            )
        )
        return 0
    if options.update_floor:
        write_floor(coverage)
    if not options.check:
        print(table(coverage))
    problems = [f"{name} cannot be loaded: {why}" for name, why in coverage.broken.items()]
    problems += identities() + unknown(coverage) + fallen(coverage)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if options.check and problems else 0


if __name__ == "__main__":
    sys.exit(main())
