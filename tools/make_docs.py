"""Makes the documentation that is data: docs/differences.md, from the table in ``compat``.

python tools/make_docs.py            writes it
python tools/make_docs.py --check    fails when it is stale
"""

from __future__ import annotations

import sys

from make_names import ROOT

DIFFERENCES_FILE = ROOT / "docs" / "differences.md"

HEAD = """# Known differences from TensorFlow 2.1.0

Made by `tools/make_docs.py` from `src/reflow/compat/differences.py`. A name that is not there yet
is no difference: it says so when it is used.

"""


def text() -> str:
    """The text that the file should have."""
    from reflow.compat import differences

    return HEAD + differences.table()


def main() -> int:
    """Runs the command."""
    wanted = text()
    if "--check" not in sys.argv[1:]:
        DIFFERENCES_FILE.write_text(wanted, "utf-8")
        return 0
    if not DIFFERENCES_FILE.exists() or DIFFERENCES_FILE.read_text("utf-8") != wanted:
        print("docs/differences.md is stale: run python tools/make_docs.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
