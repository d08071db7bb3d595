"""Reads and writes ``values/<family>.json``: one recorded outcome a line, so that diffs say which.

Runs on both sides, so it keeps to Python 3.7.
"""

import importlib
import json
import os

import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))


def families():
    """The names of all tables, sorted."""
    names = os.listdir(os.path.join(FOLDER, "cases"))
    return sorted(name[:-3] for name in names if name.endswith(".py") and name[0] != "_")


def rows(family):
    """The rows of one table by name."""
    return importlib.import_module("golden.cases." + family).table.rows


def path(family):
    """Where a family's recorded outcomes are."""
    return os.path.join(FOLDER, "values", family + ".json")


def load(family):
    """The recorded outcomes: {"about": ..., row's name: {"row": fingerprint, "outcome": ...}}."""
    if not os.path.exists(path(family)):
        return {}
    with open(path(family), encoding="utf-8") as file:
        return json.load(file)


def dumps(records):
    """The file's text: deterministic, one record a line."""
    lines = ["%s: %s" % (json.dumps(k), _line(v)) for k, v in records.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(record):
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# -------------------------------------------------------------------------------- NumPy arrays


def pack(outcome):
    """Replaces the NumPy arrays of an outcome by what JSON can hold."""
    if isinstance(outcome, np.ndarray):
        return _pack_array(outcome)
    if isinstance(outcome, dict):
        return {key: pack(value) for key, value in outcome.items()}
    if isinstance(outcome, (list, tuple)):
        return [pack(value) for value in outcome]
    if isinstance(outcome, float):
        return _number(outcome)
    return outcome


def unpack(outcome):
    """The inverse of ``pack``."""
    if isinstance(outcome, dict):
        if set(outcome) == {"np", "shape", "data"}:
            return _unpack_array(outcome)
        return {key: unpack(value) for key, value in outcome.items()}
    if isinstance(outcome, list):
        return [unpack(value) for value in outcome]
    return outcome


def _pack_array(array):
    kind = array.dtype.kind
    name = array.dtype.name
    flat = array.ravel()
    if kind == "c":
        flat = flat.view(np.float32 if name == "complex64" else np.float64)
    if kind in "fc":
        # str() is the shortest text that reads back as the same float16 or float32.
        data = [_number(float(str(x))) for x in flat]
    elif kind == "V":
        name, data = "bfloat16", [_number(float(x)) for x in flat.astype(np.float32)]
    elif kind in "OSU":
        name, data = "object", [_text(x) for x in flat]
    else:
        data = flat.tolist()
    return {"np": name, "shape": list(array.shape), "data": data}


def _unpack_array(packed):
    name, data = packed["np"], packed["data"]
    if name == "object":
        array = np.empty(len(data), dtype=object)
        array[:] = [x.encode("latin1") for x in data]
    elif name.startswith("complex"):
        part = np.float32 if name == "complex64" else np.float64
        array = np.array([float(x) for x in data], dtype=part).view(name)
    elif name == "bfloat16":
        array = np.array([float(x) for x in data], dtype=np.float32)
    elif name.startswith("float"):
        array = np.array([float(x) for x in data], dtype=name)
    else:
        array = np.array(data, dtype=name)
    return array.reshape(packed["shape"])


def _number(x):
    """A float, with JSON strings for what JSON has no number for."""
    return x if np.isfinite(x) else repr(x)


def _text(x):
    return x.encode("utf-8").decode("latin1") if isinstance(x, str) else bytes(x).decode("latin1")
