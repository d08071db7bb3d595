"""Run several small programs in one process and print what each wrote, as one JSON object.

    python -m reflow tests/programs/_several.py notes/constant.py notes/where.py ...

Saves the start of the interpreter and of JAX for programs of a few lines. A program that fails
gives its traceback instead, and the next one still runs.
"""

import contextlib
import io
import json
import runpy
import sys
import traceback
from pathlib import Path


def main():
    """Run the files of the command line; the key is the file's stem."""
    results = {}
    for path in sys.argv[1:]:
        output, error = io.StringIO(), None
        try:
            with contextlib.redirect_stdout(output):
                runpy.run_path(path, run_name="__main__")
        except (Exception, SystemExit):  # noqa: BLE001 - the test of this program reports it
            error = traceback.format_exc()
        results[Path(path).stem] = {"output": output.getvalue(), "error": error}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
