"""Reads ``random_vectors.json``: seeded numbers recorded from TensorFlow 2.1.0, bit for bit.

A *run* is a list of calls that followed one ``set_seed`` (or one ``Generator.from_seed``), in
order: streams carry over from call to call. Each call of the families "gamma and poisson",
"Dataset.shuffle" and "fit" followed a ``set_seed`` of its own.
"""

import hashlib
import itertools
import json
import os

import numpy as np

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "random_vectors.json")

FAMILIES = {
    "uniform": "ops",
    "normal": "ops",
    "truncated_normal": "ops",
    "shuffle": "ops",
    "categorical": "ops",
    "gamma": "gamma and poisson",
    "poisson": "gamma and poisson",
    "stateless_uniform": "stateless",
    "stateless_normal": "stateless",
    "stateless_truncated_normal": "stateless",
    "Dataset.range(n).shuffle": "Dataset.shuffle",
    "Model.fit batches (training and validation, in order)": "fit",
    "nn.dropout": "dropout",
}


def family(vector):
    """The family that a vector belongs to."""
    call = vector["call"]
    if call.startswith("init."):
        return "initializers"
    if call.startswith("Generator."):
        return "Generator"
    return FAMILIES.get(call, "weights")


def runs(name):
    """All runs of a family: lists of vectors."""
    with open(FILE, encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    seeds = ("global_seed", "op_seed", "init_seed", "generator_seed")
    grouped = itertools.groupby(vectors, lambda v: (family(v), *(v.get(s) for s in seeds)))
    return [list(group) for key, group in grouped if key[0] == name]


def label(run):
    """A short name for a run."""
    first = run[0]
    keys = ("global_seed", "op_seed", "init_seed", "generator_seed", "n", "seed")
    return ",".join("%s=%s" % (key, first[key]) for key in keys if key in first)


def parse(numbers):
    """Recorded numbers (C99 hexadecimal floats, or ints) as Python numbers."""
    return [float.fromhex(x) if isinstance(x, str) else x for x in numbers]


def check(array, recorded):
    """Fails unless an array has the recorded dtype, shape and bytes."""
    array = np.asarray(array)
    assert (array.dtype.name, list(array.shape)) == (recorded["dtype"], recorded["shape"])
    flat = array.reshape(-1).tolist()
    first = parse(recorded["first"])
    assert flat[: len(first)] == first
    assert flat[len(flat) - len(recorded["last"]) :] == parse(recorded["last"])
    assert hashlib.sha256(array.tobytes()).hexdigest() == recorded["sha256"]
