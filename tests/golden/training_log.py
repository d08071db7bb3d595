"""Training logs without what differs from run to run, and their comparison.

What differs: times, and bars that were drawn over.
"""

import json
import re

import numpy as np

FIRST_EPOCH = 1e-5  # relative: one epoch of rounding differences
LATER = 1e-3  # relative: they grow where a ReLU's input is near zero
ACCURACY = 2e-3  # absolute: a sample or two on the border between two classes
PRINTED = re.compile(r"(?<![\w.])[-+]?\d+\.\d+(?:e[-+]\d+)?")

TIMES = re.compile(r" - \d+s(?: \d+(?:s|ms|us)/(sample|step))?")


def normal(text):
    """The text as a terminal would show it in the end, with every time replaced by one sign."""
    lines = []
    for line in text.split("\n"):
        shown = line.split("\r")[-1].replace("\b", "")
        lines.append(TIMES.sub(lambda m: " - #s" + (" #/" + m[1] if m[1] else ""), shown).rstrip())
    return "\n".join(lines)


def log_of(text):
    """The printed lines, and what `_logged.py` added."""
    lines = text.rstrip("\n").split("\n")
    assert lines[-1].startswith("LOG ")
    return [line for line in lines[:-1] if line], json.loads(lines[-1][4:])


def compare(output, expected, loose=None, weights=0.0):
    """Asserts that a program's output is TensorFlow's: the text, first weights and history.

    Printed numbers with a point are those of the history, which is compared at full precision.
    `loose` maps keys of the history to looser tolerances, `weights` is that of the sums of the
    first weights.
    """
    lines, log = log_of(normal(output))
    expected_lines, expected = log_of(expected)
    assert [PRINTED.sub("#", line) for line in lines] == [
        PRINTED.sub("#", line) for line in expected_lines
    ]
    if expected["first_weights"]:
        np.testing.assert_allclose(
            log["first_weights"], expected["first_weights"], rtol=0, atol=weights
        )
    assert set(log["history"]) == set(expected["history"])
    for key, values in expected["history"].items():
        bound, found = (loose or {}).get(key), log["history"][key]
        if "acc" in key:
            np.testing.assert_allclose(found, values, atol=bound or ACCURACY, err_msg=key)
            continue
        np.testing.assert_allclose(found[0], values[0], rtol=bound or FIRST_EPOCH, err_msg=key)
        np.testing.assert_allclose(found, values, rtol=bound or LATER, err_msg=key)
