"""The progress bar of ``fit``, character by character that of TensorFlow 2.1."""

from __future__ import annotations

import sys
import time

import numpy as np

__all__ = ["Progbar"]

# So many unread tensors of one value are kept at most.
_UNREAD = 256


class Progbar:
    """Shows how far a loop has got.

        7/10 [===================>..........] - ETA: 3s - loss: 0.2604

    A value is averaged over the steps, weighted by how many steps each number stands for. Numbers
    may be tensors; those are read when a line is printed. The time is ``time.time()``.

    Args:
      target: the number of steps, None if it is not known.
      width: of the bar, in characters.
      verbose: 1 for the bar, 2 for one line when the target is reached, 0 for nothing.
      interval: the least time between two lines, in seconds.
      stateful_metrics: names of values that are shown as they are, not averaged.
      unit_name: what a step is called, ``"step"`` or ``"sample"``.
    """

    def __init__(
        self, target, width=30, verbose=1, interval=0.05, stateful_metrics=None, unit_name="step"
    ):
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.stateful_metrics = set(stateful_metrics or ())
        self.unit_name = unit_name
        self._in_place = _writes_in_place()
        self._values = {}
        self._seen = 0
        self._width_before = 0
        self._start = time.time()
        self._last_line = 0

    def add(self, n, values=None):
        """Goes on by ``n`` steps.

        Args:
          n: the number of steps done since the last call.
          values: see ``update``.
        """
        self.update(self._seen + n, values)

    def update(self, current, values=None):
        """Says which step the loop has reached, and prints a line if it is time for one.

        Args:
          current: the number of steps done.
          values: pairs of a name and a number, in the order in which they are shown. A number
            stands for the steps since the last call, at least one.
        """
        if values:
            self._gather(values, max(current - self._seen, 1))
        self._seen = current
        now = time.time()
        target = self.target
        if self.verbose == 1:
            # Most calls of a fast loop end here, so nothing is formatted before.
            if now - self._last_line < self.interval and target is not None and current < target:
                return
            self._print_bar(current, now)
        elif self.verbose == 2 and target is not None and current >= target:
            # Here, but not in the bar, TF writes all negative numbers with exponents.
            means = self._means(size=float)
            sys.stdout.write(f"{self._count(current)} - {now - self._start:.0f}s{means}\n")
            sys.stdout.flush()
        self._last_line = now

    def update_values(self, name, total, steps):
        """Sets a value's sum over the steps so far and their number, for loops that keep both."""
        mean = self._values.get(name)
        if mean is None:
            mean = self._values[name] = _Mean()
        mean.total, mean.steps, mean.unread = total, steps, None

    def jump_to(self, current):
        """Says which step the loop has reached, without printing anything."""
        self._seen = current

    def _gather(self, values, steps):
        for name, number in values:
            mean = self._values.get(name)
            if mean is None:
                mean = self._values[name] = _Mean()
            if name in self.stateful_metrics:
                mean.set(number)
            elif type(number) is float:  # the usual case, without a call
                mean.total += number * steps
                mean.steps += steps
            else:
                mean.add(number, steps)

    def _print_bar(self, current, now):
        line = self._bar(current) + self._times(current, now) + self._means(size=abs)
        before = "\b" * self._width_before + "\r" if self._in_place else "\n"
        after = " " * (self._width_before - len(line))  # erases what a longer line left
        if self.target is not None and current >= self.target:
            after += "\n"
        self._width_before = len(line)
        sys.stdout.write(before + line + after)
        sys.stdout.flush()

    def _count(self, current):
        return f"{int(current):{len(str(int(self.target)))}d}/{int(self.target)}"

    def _bar(self, current):
        if self.target is None:
            return f"{int(current):7d}/Unknown"
        filled = int(self.width * (current / self.target if self.target else 1))
        tip = ">" if current < self.target else "="
        bar = "=" * (filled - 1) + tip if filled > 0 else ""
        return f"{self._count(current)} [{bar}{'.' * (self.width - filled)}]"

    def _times(self, current, now):
        """The time that is left, or at the end the time it took, together and a step."""
        each = (now - self._start) / current if current else 0
        if self.target is not None and current < self.target:
            return f" - ETA: {_clock_face(each * (self.target - current))}"
        if each >= 1 or each == 0:
            text = f"{each:.0f}s"
        elif each >= 1e-3:
            text = f"{each * 1e3:.0f}ms"
        else:
            text = f"{each * 1e6:.0f}us"
        return f" - {now - self._start:.0f}s {text}/{self.unit_name}"

    def _means(self, size):
        text = ""
        for name, value in self._values.items():
            mean = value.mean()
            text += f" - {name}: {mean:.4f}" if size(mean) > 1e-3 else f" - {name}: {mean:.4e}"
        return text


class _Mean:
    """The mean of numbers that stand for one or more steps each."""

    __slots__ = ("steps", "total", "unread")

    def __init__(self):
        self.total = 0
        self.steps = 0
        self.unread = None

    def set(self, number):
        self.total = number
        self.steps = 1

    def add(self, number, steps):
        self.steps += steps
        if hasattr(number, "numpy"):
            if self.unread is None:
                self.unread = []
            self.unread.append((number, steps))
            if len(self.unread) >= _UNREAD:
                self._read()
        elif hasattr(number, "item") and np.ndim(number) == 0:
            self.total += number.item() * steps  # NumPy's scalars counted in float64 in 2020
        else:
            self.total += number * steps

    def mean(self):
        self._read()
        total = self.total.numpy() if hasattr(self.total, "numpy") else self.total
        return np.mean(total / max(self.steps, 1))

    def _read(self):
        for tensor, steps in self.unread or ():
            self.total += tensor.numpy() * steps
        self.unread = None


def _clock_face(seconds):
    if seconds > 3600:
        return f"{int(seconds) // 3600}:{int(seconds) % 3600 // 60:02d}:{int(seconds) % 60:02d}"
    if seconds > 60:
        return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
    return f"{int(seconds)}s"


def _writes_in_place():
    """Whether a line can be written over: TF says so of anything on a POSIX system."""
    is_terminal = hasattr(sys.stdout, "isatty") and sys.stdout.isatty()
    return is_terminal or "ipykernel" in sys.modules or "posix" in sys.modules
