"""``python -m reflow program.py [args]``: the same as ``reflow run program.py [args]``."""

from __future__ import annotations

import sys

from reflow.cli import run_command

sys.exit(run_command(sys.argv[1:], prog="python -m reflow"))
