"""What every op says of itself is true: its rule, and which inputs its gradient reads.

A wrong ``reads`` flag corrupts gradients silently, because a backward pass gets zeros for what is
not read. Samples are taken from the golden rows: whatever ops they call, with those inputs.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from golden import store
from golden.evaluate import evaluate

import reflow as tf
from reflow.core import record
from reflow.core.aval import aval, of_value
from reflow.core.backprop import jaxpr_connections
from reflow.core.dtypes import as_dtype
from reflow.core.errors import OpError
from reflow.core.lazy import jax, jnp
from reflow.core.op import Primitive

FAMILIES = (
    "array", "bitwise", "convolution", "elementwise", "keras_optimizers", "linalg", "moving", "nn",
    "operators", "pooling", "random", "reductions", "signal", "slicing", "tape", "variables",
)  # fmt: skip
ROWS_PER_NAME = 2
SAMPLES_PER_OP = 3


class Sample(NamedTuple):
    instruction: object
    values: tuple[np.ndarray, ...]

    @property
    def avals(self):
        return tuple(of_value(v) for v in self.values)

    def __str__(self):
        return f"{self.instruction!r} of {self.avals}"


def chosen_rows():
    """A few rows for each name of TF's that the golden rows mention."""
    seen = Counter()
    for family in FAMILIES:
        for row in store.rows(family).values():
            names = set(re.findall(r"\btf(?:\.\w+)+", row.code)) or {row.code}
            if not row.error and not row.differs and any(seen[n] < ROWS_PER_NAME for n in names):
                seen.update(names)
                yield row


@cache
def samples():
    """For each op, some calls: its static arguments and inputs."""
    found = {}
    called = []
    extend = record._extend

    def spy(segment, instruction, refs, inputs, scalars, forced):
        node = extend(segment, instruction, refs, inputs, scalars, forced)
        if node is not None and segment.capture is None:
            called.append((node, inputs))
        return node

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "_extend", spy)
        for row in chosen_rows():
            record.flush()
            record._trie.root = record.Node()
            record.state.segment = record.Segment(record.state.tapes, None, True, record._trie.root)
            evaluate(tf, row)
            record.flush()
            for node, inputs in called:
                primitive = node.instruction.primitive
                kept = found.setdefault(primitive, {})
                sample = taken(node, inputs)
                if len(kept) < SAMPLES_PER_OP and all(v.dtype != object for v in sample.values):
                    kept.setdefault((sample.instruction, sample.avals), sample)
            called.clear()
    return {primitive: list(kept.values()) for primitive, kept in found.items()}


def taken(node, inputs):
    """A sample of an op that was called with tensors and Python numbers."""
    numbers = iter(node.scalars[len(node.parent.scalars) :])
    values = []
    for value, reference in zip(inputs, node.key[1:], strict=True):
        if reference is float or reference is int:
            values.append(np.asarray(value, next(numbers)[1].np))
        elif isinstance(value, tf.Tensor):
            values.append(np.asarray(value._host()))
        else:  # a number that was an argument of an earlier op
            dtype = node.parent.scalars[value.index][1]
            values.append(np.asarray(0.5, dtype.np))
    return Sample(node.instruction, tuple(values))


def all_primitives():
    """Every op that some module of the package holds by a name."""
    package = importlib.import_module("reflow")
    for module in pkgutil.walk_packages(package.__path__, "reflow."):
        if not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Primitive):
                    yield value


def refused(complaints):
    if complaints:
        pytest.fail(f"{len(complaints)} complaints:\n" + "\n".join(complaints), pytrace=False)


def test_most_ops_are_sampled():
    primitives = set(all_primitives())
    missing = sorted(p.name for p in primitives - set(samples()))
    assert len(missing) < len(primitives) / 4, missing


# ---------------------------------------------------------------- rules


def test_rules_agree_with_tracing():
    complaints = []
    for primitive, known in samples().items():
        if primitive.rule is None:
            continue
        tried = {(s.instruction, s.avals) for s in known}
        tried |= {(known[0].instruction, avals) for avals in variants(primitive, known[0].avals)}
        for instruction, avals in tried:
            try:
                said = instruction.infer(avals)
            except OpError:
                continue
            inputs = [jax.ShapeDtypeStruct(a.shape, a.np) for a in avals]
            traced = jax.eval_shape(instruction.fn, *inputs)
            single = not isinstance(traced, (tuple, list))
            real = [aval(t.shape, as_dtype(t.dtype)) for t in ([traced] if single else traced)]
            if (real[0] if single else tuple(real)) != said:
                complaints.append(f"{instruction!r} of {avals}: the rule says {said}, not {real}")
    refused(complaints)


def variants(primitive, avals):
    """The inputs with every other dtype that the op takes."""
    group = set(primitive.group(len(avals)))
    if len({avals[i].dtype for i in group if i < len(avals)}) != 1:
        return
    for dtype in primitive.types or ():
        if dtype.is_numpy_compatible and not dtype.is_quantized and dtype != tf.string:
            yield tuple(aval(a.shape, dtype) if i in group else a for i, a in enumerate(avals))


# ---------------------------------------------------------------- reads


def is_float(value):
    return jnp.issubdtype(value.dtype, jnp.inexact)


def pulled(instruction, active, values, cotangents):
    """The gradients by the active inputs."""

    def forward(*moving):
        merged = list(values)
        for position, value in zip(active, moving, strict=True):
            merged[position] = value
        return instruction.fn(*merged)

    results, pull = jax.vjp(forward, *[values[i] for i in active])
    leaves, tree = jax.tree.flatten(results)
    sent = iter(cotangents)
    arriving = [next(sent) if is_float(r) else np.zeros(r.shape, jax.dtypes.float0) for r in leaves]
    return pull(jax.tree.unflatten(tree, arriving))


def unread_but_used(sample):
    """Inputs that the gradient's program depends on although the op says it does not."""
    values = sample.values
    active = [i for i, v in enumerate(values) if is_float(v)]
    outputs = jax.tree.leaves(jax.eval_shape(sample.instruction.fn, *values))
    cotangents = [np.ones(o.shape, o.dtype) for o in outputs if is_float(o)]
    if not active or not cotangents:
        return []
    program = jax.make_jaxpr(
        lambda values, cotangents: pulled(sample.instruction, active, values, cotangents)
    )(list(values), cotangents)
    used = [bool(outputs) for outputs in jaxpr_connections(program)[: len(values)]]
    reads = sample.instruction.primitive.reads
    return [i for i, u in enumerate(used) if u and i not in reads]


def changes(sample, position):
    """Whether the gradient really is another one without the input's values."""
    active = [i for i, v in enumerate(sample.values) if is_float(v)]
    outputs = jax.tree.leaves(jax.eval_shape(sample.instruction.fn, *sample.values))
    random = np.random.RandomState(0)
    cotangents = [random.standard_normal(o.shape).astype(o.dtype) for o in outputs if is_float(o)]
    without = list(sample.values)
    without[position] = np.zeros_like(without[position])
    pairs = zip(
        pulled(sample.instruction, active, sample.values, cotangents),
        pulled(sample.instruction, active, without, cotangents),
        strict=True,
    )
    return not all(np.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True) for a, b in pairs)


def test_gradients_read_what_they_say():
    complaints = []
    for primitive, known in samples().items():
        if primitive.reads is None or not primitive.differentiable:
            continue
        for sample in known:
            try:
                suspects = unread_but_used(sample)
            except (NotImplementedError, LookupError):  # an op without a gradient
                continue
            complaints += [
                f"{sample}: the gradient reads input {i}" for i in suspects if changes(sample, i)
            ]
    refused(complaints)
