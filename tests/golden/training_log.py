"""Training logs without what differs from run to run: times, and bars that were drawn over."""

import re

TIMES = re.compile(r" - \d+s(?: \d+(?:s|ms|us)/(sample|step))?")


def normal(text):
    """The text as a terminal would show it in the end, with every time replaced by one sign."""
    lines = []
    for line in text.split("\n"):
        shown = line.split("\r")[-1].replace("\b", "")
        lines.append(TIMES.sub(lambda m: " - #s" + (" #/" + m[1] if m[1] else ""), shown).rstrip())
    return "\n".join(lines)
