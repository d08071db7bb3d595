"""The READMEs' Python blocks run and print what the text block after them shows."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import make_docs  # noqa: E402

pytestmark = pytest.mark.smoke

READMES = ("README.md", "README.zh.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str) -> list[tuple[str, str]]:
    """The fenced blocks of a file: (language, text)."""
    return BLOCK.findall((ROOT / name).read_text("utf-8"))


def examples(name: str) -> list[tuple[str, str]]:
    """Python blocks, each with the output that the next text block promises."""
    found = blocks(name)
    pairs = [(a, b) for a, b in zip(found, [*found[1:], ("", "")], strict=True) if a[0] == "python"]
    assert all(b[0] == "text" for _, b in pairs), "a Python block without its output"
    return [(a[1], b[1]) for a, b in pairs]


CASES = [
    pytest.param(code, output, id=f"{name}-{number}")
    for name in READMES
    for number, (code, output) in enumerate(examples(name))
]


@pytest.mark.parametrize(("code", "output"), CASES)
def test_example_prints_what_it_promises(code: str, output: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README", "exec", dont_inherit=True), {"__name__": "__main__"})
    assert printed.getvalue() == output


def test_the_translation_has_the_same_examples() -> None:
    def without_comments(name: str) -> list[tuple[str, str]]:
        return [(re.sub(r" *#.*", "", code), output) for code, output in examples(name)]

    english, chinese = map(without_comments, READMES)
    assert len(english) >= 2
    assert english == chinese


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "docs/architecture.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text)
    local = [t for t in targets if "://" not in t]
    missing = [t for t in local if not (ROOT / name).parent.joinpath(t).exists()]
    assert missing == []


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name in (*READMES, "CONTRIBUTING.md"):
        for target in re.findall(r"make ([a-z]+)\b", "\n".join(text for _, text in blocks(name))):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_table_of_differences_is_fresh() -> None:
    assert make_docs.DIFFERENCES_FILE.read_text("utf-8") == make_docs.text(), (
        "run python tools/make_docs.py"
    )
