"""Random programs of tapes, variables and functions, and what TensorFlow 2.1.0 computes in them.

    <Python with TensorFlow 2.1.0> tests/golden/tape_programs.py [seed to leave out ...]

writes tape_programs.json.gz: for each program its code and every gradient and value in it.
tests/core/test_tape_programs.py runs them with Reflow. Runs on both sides, so it keeps to
Python 3.7.

Left out is what TensorFlow 2.1.0 gets wrong or leaves open: variables passed to custom gradients
(which read them again in the backward pass) and to functions that also capture them, and the zero
or None of second derivatives through functions.
"""

import gzip
import json
import random
import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".json.gz")
COUNT = 150

START = """
a = tf.constant([0.5, -0.3])
b = tf.constant([0.2, 0.9])
v = tf.Variable([0.1, 0.7])
w = tf.Variable([-0.4, 0.6])
u = tf.Variable([0.3, 0.3], trainable=False)
"""
VARIABLES = ["v", "w", "u"]
EXPRESSIONS = [
    "{x} * {y}", "{x} + {y}", "{x} - {c}", "{x} * {x}", "tf.tanh({x}) * {c}", "tf.sin({x} * {c})",
    "{x} / (1.5 + tf.cos({y}))", "tf.reduce_sum({x} * {y}) + {x}", "tf.maximum({x}, {y})",
    "tf.stop_gradient({x}) * {y}", "tf.cast({x} > {c}, tf.float32) * {y}", "tf.identity({x})",
    "tf.concat([{x}[:1], {y}[1:]], 0)", "tf.stack([{x}[1], {y}[0]])", "tf.gather({x}, [1, 0])",
    "cube({x} * 1.0)", "both({x} * 1.0, {y} * 1.0)[0]", "both({x} * 1.0, {y} * 1.0)[1]",
]  # fmt: skip
IN_FUNCTIONS = [
    "{x} * {y}", "tf.sin({x}) + {y}", "tf.tanh({x})", "cube({x})", "{x} - {y}",
    "slope({x} * 1.0, {y} * 1.0)",
    "tf.map_fn(lambda e: e * {x}[0] + e * e, {y} * 1.0)",
    "tf.scan(lambda s, e: s * e + {x}, tf.stack([{y} * 1.0, {x} * 1.0]), {x} * 1.0)[-1]",
    "tf.cond(tf.reduce_sum({x}) > {c}, lambda: {y} * {x}, lambda: tf.sin({y}))",
    "tf.cond(tf.reduce_sum({x}) > {c}, lambda: v.assign(tf.tanh({y})) * {x}, lambda: {y} * 1.0)",
    "tf.while_loop(lambda i, s: i < {n}, lambda i, s: (i + 1, tf.tanh(s * {y} + {x})),"
    " (0, {x} * 1.0))[1]",
    "tf.while_loop(lambda i, s: i < {n}, lambda i, s: (i + 1, s * w.assign_add(0.1 * tf.tanh(s))),"
    " (0, {x} * 1.0))[1]",
]  # fmt: skip
ASSIGNMENTS = ["assign(", "assign_add(0.5 * ", "assign_sub(0.3 * "]


class Writer:
    """Writes a random program; the same one for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = START.strip().splitlines()
        self.indent = 0
        self.count = 0
        self.values = ["a", "b"]
        self.functions = []
        self.open_tapes = []
        self.persistent = []  # tapes that may be asked often
        self.stopped = False

    def program(self):
        for _ in range(self.random.randint(0, 2)):
            self.function()
        for _ in range(self.random.randint(6, 16)):
            self.statement()
        self.write("record([%s])" % ", ".join(VARIABLES + self.values))
        return "\n".join(self.lines) + "\n"

    def write(self, line):
        self.lines.append("    " * self.indent + line)

    def name(self, letter):
        self.count += 1
        return "%s%d" % (letter, self.count)

    def value(self):
        if self.random.random() < 0.35:
            return self.random.choice(VARIABLES)
        return self.random.choice(self.values[-6:])

    def expression(self, forms, pick):
        form = self.random.choice(forms)
        constant = round(self.random.uniform(-1.5, 1.5), 2)
        return form.format(x=pick(), y=pick(), c=constant, n=self.random.randint(0, 3))

    def let(self, expression):
        name = self.name("t")
        self.write("%s = %s" % (name, expression))
        self.values.append(name)

    def assign(self, value):
        variable, how = self.random.choice(VARIABLES), self.random.choice(ASSIGNMENTS)
        self.write("%s.%stf.tanh(%s))" % (variable, how, value))

    def function(self):
        name = self.name("f")
        self.write("@tf.function")
        self.write("def %s(x):" % name)
        self.indent += 1
        known = ["x"]
        for _ in range(self.random.randint(1, 4)):
            if self.random.random() < 0.25:
                self.assign(self.random.choice(known + VARIABLES))
            else:
                local = self.name("y")
                pick = lambda: self.random.choice(known + VARIABLES)  # noqa: E731
                self.write("%s = %s" % (local, self.expression(IN_FUNCTIONS, pick)))
                known.append(local)
        self.write("return (%s, x)[0]" % known[-1])
        self.indent -= 1
        self.functions.append(name)

    def statement(self):
        choice = self.random.random()
        open_persistent = [t for t in self.open_tapes if t in self.persistent]
        if choice < 0.10:
            self.assign(self.value())
        elif choice < 0.18:
            self.write("str(%s)" % self.value())
        elif choice < 0.25 and self.functions:
            function = self.random.choice(self.functions)
            self.let("%s(%s)" % (function, self.random.choice(self.values)))
        elif choice < 0.29 and self.open_tapes:
            self.write("%s.watch(%s)" % (self.random.choice(self.open_tapes), self.value()))
        elif choice < 0.33 and open_persistent:
            self.gradient(self.random.choice(open_persistent))
        elif choice < 0.36 and self.open_tapes and not self.stopped:
            self.stop(self.random.choice(self.open_tapes))
        elif choice < 0.46 and len(self.open_tapes) < 3 and not self.stopped:
            self.tape()
        elif choice < 0.50 and self.persistent and not self.stopped:
            self.gradient(self.random.choice(self.persistent))
        else:
            self.let(self.expression(EXPRESSIONS, self.value))

    def stop(self, tape):
        self.write("with %s.stop_recording():" % tape)
        self.indent += 1
        self.stopped = True
        self.let(self.expression(EXPRESSIONS, self.value))
        self.stopped = False
        self.indent -= 1

    def tape(self):
        tape = self.name("p")
        persistent, accessed = self.random.random() < 0.6, self.random.random() < 0.8
        self.write("with tf.GradientTape(%s, %s) as %s:" % (persistent, accessed, tape))
        self.indent += 1
        self.open_tapes.append(tape)
        self.write("%s.watch(%s)" % (tape, self.value()))
        if persistent:
            self.persistent.append(tape)
        for _ in range(self.random.randint(2, 6)):
            self.statement()
        self.open_tapes.remove(tape)
        self.indent -= 1
        self.gradient(tape)

    def gradient(self, tape):
        name = self.name("g")
        sources = self.random.sample(VARIABLES + self.values[-8:], 2)
        target = self.random.choice(self.values[-4:])
        self.write("%s = %s.gradient(%s, [%s])" % (name, tape, target, ", ".join(sources)))
        self.write("record(%s)" % name)
        self.let("zeros_for_none(%s[0])" % name)


def run(tf, code):
    """Runs a program.

    Returns:
      A list of what it recorded, each a list of numbers or None.
    """

    @tf.custom_gradient
    def cube(x):
        return x * x * x, lambda dy: dy * 3.0 * x * x

    @tf.custom_gradient
    def both(x, y):
        return (x * y, x - y), lambda d1, d2: (d1 * y + d2, d1 * x - d2)

    def slope(x, y):
        with tf.GradientTape() as tape:
            tape.watch(x)
            z = tf.sin(x * y) * x
        return tape.gradient(z, x)

    def zeros_for_none(gradient):
        return tf.zeros([2]) if gradient is None else tf.convert_to_tensor(gradient)

    recorded = []

    def record(values):
        # Not read yet: reading would make every program one of many short segments.
        recorded.append([None if v is None else tf.convert_to_tensor(v) for v in values])

    exec(
        code,
        {
            "tf": tf,
            "cube": cube,
            "both": both,
            "slope": slope,
            "zeros_for_none": zeros_for_none,
            "record": record,
        },
    )
    return [
        [None if v is None else np.round(v.numpy().astype(float), 5).tolist() for v in values]
        for values in recorded
    ]


def load():
    """The recorded programs: ``[{"code": ..., "recorded": [[...], ...]}, ...]``."""
    return json.loads(gzip.decompress(FILE.read_bytes()).decode())


def main():
    """Records the programs."""
    import tensorflow as tf

    if tf.__version__ != "2.1.0":
        raise SystemExit("TensorFlow %s; 2.1.0 is needed" % tf.__version__)
    tf.get_logger().setLevel("ERROR")
    left_out = {int(seed) for seed in sys.argv[1:]}
    programs = []
    for seed in range(COUNT):
        code = Writer(seed).program()
        try:
            recorded = run(tf, code)
        except (TypeError, ValueError):  # beyond TensorFlow 2.1.0
            continue
        if seed not in left_out:
            programs.append({"seed": seed, "code": code, "recorded": recorded})
    text = json.dumps(programs, separators=(",", ":")).encode()
    FILE.write_bytes(gzip.compress(text, 9))


if __name__ == "__main__":
    main()
