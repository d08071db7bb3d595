"""Records what TensorFlow 2.1.0 does for every row; run it with a Python that has it.

    python make_golden.py [--all] [--verbose] [family ...]

Only new and changed rows are evaluated (all with ``--all``), only changed files are written.
``--verbose`` names each row first, which tells the one that hangs or aborts.
Exits with 1 if a row does not do there what it says: raises though it is no error row, does not
raise though it is one, or raises without the words it promises.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import re
import subprocess
import traceback

import numpy as np
import tensorflow as tf

from golden import store
from golden.evaluate import evaluate


def main(arguments):
    """Records the named families, or all; returns the exit status."""
    if tf.__version__ != "2.1.0":
        raise SystemExit("golden values come from TensorFlow 2.1.0, this is " + tf.__version__)
    options = [a for a in arguments if a.startswith("-")]
    chosen = [a for a in arguments if not a.startswith("-")] or store.families()
    if len(chosen) > 1:
        # A process each: no family sees what another left behind, be it a seed or a crash.
        calls = [[sys.executable, os.path.abspath(__file__), name] + options for name in chosen]
        return max(abs(subprocess.call(call)) for call in calls)
    # One thread: the order of a sum, hence its last bit, must not depend on the machine.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.get_logger().setLevel("ERROR")
    broken = record(chosen[0], "--all" in options, "--verbose" in options)
    for problem in broken:
        print(problem, file=sys.stderr)
    return 1 if broken else 0


def record(family, anew, verbose):
    """Brings one family's file up to date; returns a list of what is wrong with its rows."""
    known = {} if anew else store.load(family)
    records = {"about": about()}
    broken = []
    made = 0
    for name, row in store.rows(family).items():
        old = known.get(name)
        if old is not None and old["row"] == row.fingerprint:
            records[name] = old
        else:
            made += 1
            if verbose:
                print(row.id, flush=True)
            try:
                outcome = shortened(store.pack(evaluate(tf, row)))
            except Exception as error:  # the row is wrong; say so and go on
                lines = traceback.format_exception_only(type(error), error)
                broken.append("%s raised %s" % (row.id, "".join(lines)[:500]))
                continue
            records[name] = {"row": row.fingerprint, "outcome": outcome}
        broken += check(row, records[name]["outcome"])
    text = store.dumps(records)
    if not os.path.exists(store.path(family)) or open(store.path(family)).read() != text:
        with open(store.path(family), "w") as file:
            file.write(text)
    print("%-12s %4d rows, %4d evaluated" % (family, len(records) - 1, made))
    return broken


def shortened(outcome):
    """Drops from a message what belongs to this machine: the kernels of other devices and dtypes,
    TensorFlow's own stack in front of an error from converted code, and addresses."""
    if "error" in outcome:
        message = outcome["error"]["message"]
        message = re.split(r"\nTraceback \(most recent call last\)|\n\t; NodeDef", message)[0]
        if message.startswith("in converted code:"):
            message = "in converted code:\n\n    " + message.strip().split("\n\n", 2)[-1].strip()
        lines = [line for line in message.split("\n") if not line.startswith("  device='")]
        message = re.sub(r"0x[0-9a-f]{6,}", "0x...", "\n".join(lines))
        # The number of a traced function depends on what was traced before it.
        message = re.sub(r"(__inference_[\w<>]*?)_[0-9]+", r"\1_N", message)
        outcome["error"]["message"] = message
    return outcome


def check(row, outcome):
    """What an error row promised and did not keep."""
    if not row.error:
        return []
    if "error" not in outcome:
        return ["%s did not raise" % row.id]
    message = outcome["error"]["message"]
    if "site-packages" in message or store.FOLDER in message:
        return ["%s: its message tells where things are installed: %s" % (row.id, message)]
    return [
        "%s does not say %r: %s: %s" % (row.id, word, outcome["error"]["type"], message)
        for word in row.says
        if word not in message
    ]


def about():
    """The versions that made the values; the seeds are in ``table.Row.input_seed``."""
    return {
        "tensorflow": tf.__version__,
        "numpy": np.__version__,
        "python": "%d.%d.%d" % sys.version_info[:3],
        "seed of an input": "zlib.crc32(b'family::row/input')",
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
