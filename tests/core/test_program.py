"""The tiers agree with each other, and are chosen by counts and sizes alone."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow.core import profile, program, record
from reflow.core.aval import aval
from reflow.core.dtypes import float32
from reflow.core.errors import InternalError
from reflow.core.op import op


@pytest.fixture(autouse=True)
def _fresh_trie():
    record.flush()
    record._trie.root, record._trie.nodes = record.Node(), 0
    record.state.segment = record.Segment(record.state.tapes, None, True, record._trie.root)
    yield
    record.flush()


def counted():
    counts = profile.counts()
    return np.array([counts[name] for name in ("interpreted", "compiles", "runs", "tier_ups")])


def small_path(x):
    return tf.reduce_sum(tf.sin(x * 2.0) + 1.0)


# ---------------------------------------------------------------- choosing


def test_small_code_is_interpreted_then_compiled_then_tuned(monkeypatch):
    monkeypatch.setattr(program, "INTERPRETED_RUNS", 5)
    monkeypatch.setattr(program, "HOT_WORK", 0)
    x = tf.constant([1.0, 2.0])
    history = []
    for _ in range(60):
        before = counted()
        float(small_path(x))
        history.append((counted() - before).tolist())
    assert history[:6] == [[1, 0, 0, 0]] * 5 + [[0, 1, 1, 0]]
    later = history[6:]
    assert all(h[:3] == [0, 0, 1] for h in later)
    assert sum(h[3] for h in later) <= 1


def test_large_code_is_compiled_at_once():
    before = counted()
    float(tf.reduce_sum(tf.zeros([program.INTERPRETED_SIZE]) + 1.0))
    assert (counted() - before)[:2].tolist() == [0, 1]


def test_patience_follows_from_sizes_only():
    sizes = [1, 10, 1000, 100_000, program.INTERPRETED_SIZE, program.INTERPRETED_SIZE + 1]
    patience = [program.patience(size) for size in sizes]
    assert patience == sorted(patience, reverse=True)
    assert patience[0] == program.INTERPRETED_RUNS
    assert patience[-1] == 0


def test_the_clock_plays_no_part(monkeypatch):
    """A seeded program runs in the same tiers on a slow machine as on a fast one."""
    monkeypatch.setattr(program, "INTERPRETED_RUNS", 4)

    def tiers(clock):
        monkeypatch.setattr(time, "perf_counter", clock)
        record._trie.root = record.Node()
        record.state.segment = record.Segment([], None, True, record._trie.root)
        found = []
        x = tf.constant([1.0, 2.0])
        for _ in range(10):
            before = counted()
            float(small_path(x))
            found.append((counted() - before).tolist())
        return found

    ticks = iter(range(10**9))
    assert tiers(lambda: 0.0) == tiers(lambda: next(ticks) * 1000.0)


# ---------------------------------------------------------------- agreeing

FUNCTIONS = [
    lambda a, b: a + b,
    lambda a, b: a * b - 0.5,
    lambda a, b: tf.matmul(a, b),
    lambda a, b: tf.maximum(a, tf.transpose(b)),
    lambda a, b: tf.nn.softmax(a),
    lambda a, b: tf.reduce_sum(a, 0, keepdims=True) + b,
    lambda a, b: tf.where(a > b, a, tf.sigmoid(b)),
    lambda a, b: tf.concat([a[1:], b[:1]], 0),
    lambda a, b: tf.gather(a, [1, 0, 1]) * tf.cast(tf.argmax(b, 1)[0], tf.float32),
    lambda a, b: tf.reshape(tf.tile(a, [1, 2]), [-1, 3])[:3] / (tf.abs(b) + 1.0),
]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(FUNCTIONS), st.integers(0, 4), st.integers(0, 4)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 2**31),
)
def test_tiers_agree(steps, seed):
    start = np.random.RandomState(seed).randn(2, 3, 3).astype(np.float32)

    def run(runs):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(program, "INTERPRETED_RUNS", runs)
            record.flush()
            record._trie.root = record.Node()
            record.state.segment = record.Segment([], None, True, record._trie.root)
            values = [tf.constant(a) for a in start]
            for function, i, j in steps:
                a, b = values[i % len(values)], values[j % len(values)]
                values.append(tf.tanh(function(a, b)[:3, :3]))
            return [v.numpy() for v in values[2:]]

    for interpreted, compiled in zip(run(1), run(0), strict=True):
        np.testing.assert_allclose(interpreted, compiled, rtol=2e-4, atol=2e-5)


def test_an_op_that_numpy_cannot_run_is_compiled():
    before = counted()
    product = tf.linalg.svd(tf.constant([[2.0, 0.0], [0.0, 1.0]]), compute_uv=False)
    np.testing.assert_allclose(product, [2.0, 1.0])
    assert (counted() - before).tolist()[:2] in ([0, 1], [1, 0])


def test_results_of_each_tier_are_of_the_same_types(monkeypatch):
    for runs in (1, 0):
        monkeypatch.setattr(program, "INTERPRETED_RUNS", runs)
        x = tf.constant([[1, 2]], tf.int64) * 3
        assert (x.numpy().dtype, x.numpy().flags.c_contiguous) == (np.int64, True)
        flags = tf.transpose(tf.constant([[1.0], [2.0]])) > 1.5
        assert flags.numpy().tolist() == [[False, True]]


def test_a_wrong_rule_is_found_when_it_is_compiled(monkeypatch):
    monkeypatch.setattr(program, "INTERPRETED_RUNS", 0)

    @op("Liar", rule=lambda x: aval((7,), float32))
    def liar(x):
        return x

    with pytest.raises(InternalError, match="its rule is wrong"):
        liar(tf.constant([1.0])).numpy()
