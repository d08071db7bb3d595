"""Evaluates a row with TensorFlow 2.1.0 or with Reflow and describes the outcome.

The description is made of dicts, lists and NumPy arrays: the same on both sides, and what
``values/`` stores. Runs on both sides, so it keeps to Python 3.7.
"""

import ast
import contextlib
import linecache
import os
import random
import sys
import tempfile

import numpy as np


def evaluate(tf, row):
    """Runs a row.

    Args:
      tf: the module to run it with.
      row: a ``table.Row``.

    Returns:
      {"result": ...}, with "grad", "text" and "printed" where the row asks for them, or
      {"error": {"type": ..., "message": ...}} if the code raised.
    """
    np.random.seed(0)
    random.seed(0)
    if row.seed is not None:
        tf.random.set_seed(row.seed)
    printed = []
    with _captured(printed) if row.prints else contextlib.suppress():
        try:
            outcome = _run(tf, row)
        except Exception as error:  # every kind of error is an outcome here
            if not row.error:
                raise
            outcome = {"error": {"type": error_name(tf, error), "message": str(error)}}
    if row.prints:
        outcome["printed"] = printed[0]
    return outcome


def _run(tf, row):
    inputs = {
        name: value.make(tf, row.input_seed(name)) if hasattr(value, "make") else value
        for name, value in row.inputs.items()
    }
    space = dict(helpers(tf), tf=tf, np=np, **inputs)
    if not row.grad:
        result = execute(row.code, space, row.id)
        outcome = {"result": describe(tf, result)}
    else:
        sources = [inputs[name] for name in row.grad]
        with tf.GradientTape() as tape:
            for source in sources:
                tape.watch(source)
            result = execute(row.code, space, row.id)
        targets = [t for t in tf.nest.flatten(result) if t.dtype.is_floating or t.dtype.is_complex]
        weights = [_weights(tf, target) for target in targets]
        grads = tape.gradient(targets, sources, output_gradients=weights)
        outcome = {"result": describe(tf, result), "grad": [describe(tf, g) for g in grads]}
    if row.text:
        outcome["text"] = [str(result), repr(result)]
    return outcome


def execute(code, space, filename):
    """Runs statements; returns the value of the last if it is an expression, else ``result``."""
    # Functions defined in the code need their source to be found, as AutoGraph reads it.
    code = code.strip("\n")
    linecache.cache[filename] = (len(code), None, code.splitlines(True), filename)
    tree = ast.parse(code, filename)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, filename, "exec"), space)
    if last is None:
        return space.get("result")
    return eval(compile(ast.Expression(last.value), filename, "eval"), space)


def _weights(tf, target):
    """Fixed numbers, neither constant nor symmetric, in the target's shape and dtype."""
    steps = np.arange(int(np.prod(target.shape.as_list())), dtype=np.float64).reshape(target.shape)
    weights = np.cos(steps + 0.5)
    if target.dtype.is_complex:
        weights = weights + 1j * np.sin(2 * steps + 0.3)
    return tf.constant(weights, dtype=target.dtype)


def helpers(tf):
    """What the code of a row may use beside ``tf`` and ``np``."""

    def elements(dataset, limit=100):
        """The elements of a dataset as NumPy structures."""
        found = []
        for element in dataset.as_numpy_iterator():
            found.append(element)
            if len(found) == limit:
                break
        return found

    def attempt(function, *args, **kwargs):
        """What a call returns, or the name of the error that it raises."""
        try:
            return function(*args, **kwargs)
        except Exception as error:
            return error_name(tf, error)

    return {"elements": elements, "attempt": attempt}


def error_name(tf, error):
    """An error's class as a user would write it."""
    for kind in type(error).__mro__:
        if getattr(tf.errors, kind.__name__, None) is kind:
            return "tf.errors." + kind.__name__
        if kind.__module__ == "builtins":
            return kind.__name__
    return type(error).__name__


# -------------------------------------------------------------------------------- descriptions


def describe(tf, value):
    """A value as dicts, lists and NumPy arrays."""
    if value is None or isinstance(value, (bool, int, float, str)):
        if type(value) in _PLAIN:
            return {"kind": _PLAIN[type(value)], "value": value}
    if isinstance(value, complex) and not isinstance(value, np.generic):
        return {"kind": "complex", "value": [value.real, value.imag]}
    if isinstance(value, bytes) and not isinstance(value, np.generic):
        return {"kind": "bytes", "value": value.decode("latin1")}
    if isinstance(value, np.ndarray):
        return {"kind": "ndarray", "array": value}
    if isinstance(value, np.generic):
        return {"kind": "numpy scalar", "array": np.asarray(value)}
    if isinstance(value, tf.DType):
        return {"kind": "DType", "value": value.name}
    if isinstance(value, tf.TensorShape):
        return {"kind": "TensorShape", "value": repr(value)}
    if isinstance(value, tf.TensorSpec):
        return {"kind": "TensorSpec", "value": repr(value)}
    if isinstance(value, tf.Variable):
        return {
            "kind": "Variable",
            "dtype": value.dtype.name,
            "trainable": bool(value.trainable),
            "array": np.array(value.numpy()),
        }
    if isinstance(value, tf.IndexedSlices):
        parts = (value.values, value.indices, value.dense_shape)
        return {"kind": "IndexedSlices", "items": [describe(tf, part) for part in parts]}
    if isinstance(value, tf.Tensor):
        return {"kind": "Tensor", "dtype": value.dtype.name, "array": np.array(value.numpy())}
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: str(item[0]))
        return {"kind": "dict", "keys": [str(k) for k, _ in items], "items": _each(tf, items, 1)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {
            "kind": "namedtuple " + type(value).__name__,
            "keys": list(value._fields),
            "items": [describe(tf, item) for item in value],
        }
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {"kind": kind, "items": [describe(tf, item) for item in value]}
    if isinstance(value, type):
        return {"kind": "class", "value": value.__name__}
    return {"kind": "object"}


_PLAIN = {type(None): "None", bool: "bool", int: "int", float: "float", str: "str"}


def _each(tf, items, position):
    return [describe(tf, item[position]) for item in items]


@contextlib.contextmanager
def _captured(printed):
    """Collects stdout and stderr, also what native code writes to their file descriptors."""
    with tempfile.TemporaryFile("w+b") as file:
        sys.stdout.flush()
        sys.stderr.flush()
        saved = os.dup(1), os.dup(2)
        streams = sys.stdout, sys.stderr
        text = open(file.fileno(), "w", buffering=1, encoding="utf-8", closefd=False)
        try:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
            sys.stdout = sys.stderr = text
            yield
        finally:
            text.flush()
            sys.stdout, sys.stderr = streams
            for number, descriptor in enumerate(saved, start=1):
                os.dup2(descriptor, number)
                os.close(descriptor)
            file.seek(0)
            printed.append(file.read().decode("utf-8"))
