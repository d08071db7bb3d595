from __future__ import annotations

import itertools
import os
import random as python_random
import subprocess
import sys
import threading

import numpy as np
import pytest
from golden import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

from reflow.core import philox, random, random_streams
from reflow.core.random_streams import ShuffleStream, shuffle_elements, shuffle_order

SEED_LIMIT = 2**31 - 1


@pytest.fixture(autouse=True)
def _no_global_seed():
    yield
    random.set_seed(None)


def runs(family):
    return pytest.mark.parametrize("run", vectors.runs(family), ids=vectors.label)


# ------------------------------------------------------------------- what TensorFlow 2.1.0 drew


def draw(vector):
    """One recorded eager op call, on the drawing functions."""
    call, args = vector["call"], vector.get("args", {})
    pair = random.get_seed(vector["op_seed"])
    if call == "shuffle":
        return random.random_shuffle(vector["n"], vector["n"], "int32", pair).astype(np.int32)
    if call == "categorical":
        logits = np.log(np.array([[1, 2, 3, 4, 5]]) / 15).astype(np.float32)
        return random.multinomial(logits, args["num_samples"], "int64", pair)
    shape, dtype = tuple(vector["shape"]), np.dtype(vector["dtype"])
    if dtype.kind == "i":
        return random.random_uniform_int(shape, args["minval"], args["maxval"], dtype, pair)
    if call == "uniform":
        low, high = dtype.type(args.get("minval", 0)), dtype.type(args.get("maxval", 1))
        return random.random_uniform(shape, dtype, pair) * (high - low) + low
    op = {"normal": random.random_standard_normal, "truncated_normal": random.truncated_normal}
    mean, stddev = dtype.type(args.get("mean", 0)), dtype.type(args.get("stddev", 1))
    return op[call](shape, dtype, pair) * stddev + mean


@pytest.mark.smoke
@runs("ops")
def test_eager_ops_draw_the_recorded_numbers(run):
    random.set_seed(run[0]["global_seed"])
    for vector in run:
        vectors.check(np.asarray(draw(vector)), vector["result"])


@runs("gamma and poisson")
def test_gamma_and_poisson_draw_the_recorded_numbers(run):
    for vector in run:
        random.set_seed(vector["global_seed"])
        pair, args = random.get_seed(vector["op_seed"]), vector["args"]
        shape = tuple(args["shape"])
        if vector["call"] == "gamma":
            drawn = random.random_gamma(shape, np.float32(args["alpha"]), pair)
            drawn = np.maximum(drawn, np.finfo(np.float32).tiny)
        else:
            drawn = random.random_poisson(shape, np.float32(args["lam"]), "float32", pair)
        vectors.check(drawn, vector["result"])


@runs("stateless")
def test_stateless_ops_draw_the_recorded_numbers(run):
    for vector in run:
        shape, dtype, seed = tuple(vector["shape"]), vector["dtype"], tuple(vector["seed"])
        if dtype == "int32":
            low, high = vector["args"]["minval"], vector["args"]["maxval"]
            drawn = random.stateless_uniform_int(shape, low, high, dtype, seed)
        else:
            drawn = getattr(random, vector["call"])(shape, dtype, seed)
        vectors.check(drawn, vector["result"])


@runs("Dataset.shuffle")
def test_dataset_shuffle_has_the_recorded_orders(run):
    for vector in run:
        random.set_seed(vector["global_seed"])
        stream = ShuffleStream(random.get_seed(vector["op_seed"]), vector["reshuffle"])
        for order in vector["orders"]:
            found = shuffle_order(stream.iterator_words(), vector["n"], vector["buffer"])
            assert found.tolist() == order


@runs("fit")
def test_fit_has_the_recorded_batches(run):
    for vector in run:
        random.set_seed(vector["global_seed"])
        n, size = vector["n"], vector["batch_size"]
        trained = int(n * (1 - vector["validation_split"]))
        orders = random.fit_orders(trained)
        batches = []
        for _ in range(vector["epochs"]):
            order = next(orders).tolist()
            batches += [order[i : i + size] for i in range(0, trained, size)]
            rest = list(range(trained, n))
            batches += [rest[i : i + size] for i in range(0, len(rest), size)]
        assert batches == vector["batches"]


@runs("dropout")
def test_dropout_keeps_the_recorded_elements(run):
    random.set_seed(run[0]["global_seed"])
    x = np.arange(1, 25, dtype=np.float32).reshape(4, 6)
    for vector in run:
        rate = np.float32(vector["rate"])
        drawn = random.random_uniform(x.shape, "float32", random.get_seed(vector["op_seed"]))
        scale = np.float32(1 / (1 - vector["rate"]))
        vectors.check(x * scale * (drawn >= rate), vector["result"])


# --------------------------------------------------------------------------------------- seeds


def test_without_seeds_the_pair_is_zero():
    assert random.get_seed(None) == (0, 0)
    assert random.graph_seed(7) == (0, 0)


def test_an_op_seed_alone_takes_the_default_global_seed():
    assert random.get_seed(3) == (87654321, 3)
    assert random.graph_seed(7, 3) == (87654321, 3)


def test_seeds_are_truncated_and_never_zero():
    random.set_seed(SEED_LIMIT)
    assert random.get_seed(-1) == (0, SEED_LIMIT - 1)
    assert random.get_seed(0) == (0, SEED_LIMIT)
    assert random.get_seed(SEED_LIMIT) == (0, SEED_LIMIT)
    assert random.graph_seed(4) == (0, 4)


def test_op_seeds_come_from_pythons_generator():
    random.set_seed(7)
    expected = python_random.Random(7)
    assert [random.get_seed(None)[1] for _ in range(3)] == [1390851128, 647892279, 1695753998]
    assert random.get_seed(5) == (7, 5), "an op seed draws nothing"
    for _ in range(3):
        expected.randint(0, SEED_LIMIT)
    assert random.get_seed(None) == (7, expected.randint(0, SEED_LIMIT))


# First op seed after set_seed(seed) in TensorFlow 2.1.0 under Python 3.7.
@pytest.mark.parametrize(("seed", "pair"), [
    (1.5, (1, 1099911448)),
    (-1.5, (2147483645, 1895599190)),
    (np.float64(-2.5), (2147483644, 2052775640)),
    (np.float32(7.5), (7, 31903387)),
    (True, (1, 577090037)),
    (np.bool_(True), (1, 577090037)),
    (-7, (2147483640, 1390851128)),
    (np.int64(7), (7, 1390851128)),
    (np.int64(-3), (2147483644, 2023142644)),
    (np.array(-3), (2147483644, 1022050301)),
    (np.array(7.5), (7, 1390851128)),
    (np.array([7]), (7, 1390851128)),
    (2**31 - 1, (0, 1364760256)),
    (2**31 + 5, (6, 2045138650)),
    (2**70, (256, 999817988)),
    (-(2**70), (2147483391, 999817988)),
], ids=repr)  # fmt: skip
def test_seeds_of_other_types(seed, pair):
    random.set_seed(seed)
    assert random.get_seed(None) == pair


@pytest.mark.parametrize("seed", ["a", b"a", [7], (7,)])
def test_what_is_no_number_fails_at_the_first_op(seed):
    random.set_seed(seed)
    with pytest.raises(TypeError):
        random.get_seed(None)
    with pytest.raises(TypeError):
        random.get_seed(1)
    random.set_seed(1)
    with pytest.raises(TypeError):
        random.get_seed(seed)


def test_arrays_of_several_seeds_fail():
    random.set_seed(np.array([7, 8]))
    with pytest.raises(TypeError, match="only size-1 arrays"):
        random.get_seed(None)


# ------------------------------------------------------------------------------------- kernels


def uniform(seed=4, dtype="float32", shape=(3,), **options):
    return random.random_uniform(shape, dtype, random.get_seed(seed), **options)


def whole(seed=4, count=6):
    state = philox.stateful_state(*random.get_seed(seed))
    return [philox.uniform(state.skip(256 * i), 1, "float32")[0] for i in range(count)]


def test_a_stream_goes_on_whatever_the_shape():
    random.set_seed(1)
    drawn = [uniform(shape=()), uniform(shape=(0, 5)), uniform(shape=(2, 1)), uniform(shape=())]
    parts = [whole()[0], whole()[1], whole()[3]]
    assert [drawn[0], drawn[2][0, 0], drawn[3]] == parts


@pytest.mark.parametrize("other", [
    lambda: uniform(dtype="float64"),
    lambda: uniform(dtype="float16"),
    lambda: uniform(shape_dtype="int64"),
    lambda: uniform(device="/CPU:0"),
    lambda: uniform(seed=5),
    lambda: random.random_standard_normal((3,), "float32", random.get_seed(4)),
    lambda: random.random_uniform_int((3,), 0, 9, "int32", random.get_seed(4)),
    lambda: random.random_shuffle(9, 9, "float32", random.get_seed(4)),
    lambda: random.random_uniform_int((0,), 0, 9, "int32", random.get_seed(4)),
])  # fmt: skip
def test_other_kernels_do_not_move_a_stream(other):
    random.set_seed(1)
    first = uniform()
    other()
    second = uniform()
    random.set_seed(1)
    assert np.array_equal(np.concatenate([first, second]), np.concatenate([uniform(), uniform()]))


def test_set_seed_starts_every_stream_afresh():
    random.set_seed(1)
    first = [uniform(), uniform()]
    random.set_seed(1)
    assert np.array_equal(first, [uniform(), uniform()])
    random.set_seed(None)
    first = uniform()
    assert not np.array_equal(first, uniform())
    random.set_seed(None)
    assert np.array_equal(first, uniform()), "the stream of an op seed starts afresh too"


def test_kernels_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(random, "_KERNELS_KEPT", 10)
    random.set_seed(1)
    for _ in range(50):
        uniform(seed=None, shape=(1,))
        uniform(seed=3, shape=(1,))
    assert len(random._kernels) == 10
    assert uniform(seed=3, shape=()) == philox.uniform(
        philox.stateful_state(1, 3).skip(50 * 256), 1, "float32"
    )


def test_shuffling_one_row_draws_nothing():
    random.set_seed(1)
    pair = random.get_seed(2)
    assert random.random_shuffle(1, 7, "int32", pair).tolist() == [0]
    assert random.random_shuffle(5, 0, "int32", pair).tolist() == [0, 1, 2, 3, 4]
    assert not random._kernels


def test_threads_share_streams_without_losing_numbers():
    random.set_seed(1)
    found, wanted = [], sorted(whole(count=400))

    def work():
        found.extend(uniform(shape=())[()] for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == wanted


def test_node_streams_persist_and_restart_with_the_pair_of_trace_time():
    random.set_seed(1)
    node = random.NodeStream(random.graph_seed(3), 256 * 2)
    states = [node.advance(), node.advance(10), node.advance()]
    counters = [int.from_bytes(counter.tobytes(), "little") for _, counter in states]
    assert [int.from_bytes(key.tobytes(), "little") for key, _ in states] == [1, 1, 1]
    assert counters == [(3 << 64) + 512 * calls for calls in (0, 1, 11)]
    random.set_seed(2)
    again = node.advance()
    assert np.array_equal(np.concatenate(again), np.concatenate(states[0]))


def test_the_count_of_graph_ops_can_be_corrected():
    random.set_seed(7)
    assert random.node_stream(3, None, 1).pair == (7, 3)
    with random.graph_ops(more=1):
        assert random.node_stream(3, None, 1).pair == (7, 4)
        with random.graph_ops(exact=29):
            assert random.node_stream(3, None, 1).pair == (7, 29)
            assert random.node_stream(3, 5, 1).pair == (7, 5)
        with random.graph_ops(more=2):
            assert random.node_stream(3, None, 1).pair == (7, 6)
    assert random.node_stream(3, None, 1).pair == (7, 3)


def test_unseeded_node_streams_start_anywhere():
    first, second = (random.NodeStream((0, 0), 256).advance() for _ in range(2))
    assert not np.array_equal(first[0], second[0])


# ----------------------------------------------------------------------------- Dataset.shuffle


@given(
    n=st.integers(0, 60),
    buffer_size=st.integers(1, 70),
    seed=st.integers(0, 2**31),
    reshuffle=st.booleans(),
)
@settings(deadline=None)
def test_the_walk_over_an_iterator_is_the_fast_order(n, buffer_size, seed, reshuffle):
    first, second = (ShuffleStream((1, seed), reshuffle) for _ in range(2))
    for _ in range(2):
        walked = list(shuffle_elements(first.iterator_words(), iter(range(n)), buffer_size))
        order = shuffle_order(second.iterator_words(), n, buffer_size)
        assert walked == order.tolist()
        assert sorted(walked) == list(range(n))


def test_a_shuffle_buffer_reads_no_further_than_it_must():
    source = iter(range(100))
    words = random_streams.WordStream(philox.stateful_state(1, 2))
    shuffled = shuffle_elements(words, source, 10)
    next(shuffled)
    assert next(source) == 10


def test_reshuffling_iterators_differ_and_others_do_not():
    order = [
        [shuffle_order(stream.iterator_words(), 100, 100).tolist() for _ in range(2)]
        for stream in (ShuffleStream((1, 2), True), ShuffleStream((1, 2), False))
    ]
    assert order[0][0] != order[0][1]
    assert order[1][0] == order[1][1]


def test_unseeded_shuffles_differ():
    orders = [
        shuffle_order(ShuffleStream((0, 0)).iterator_words(), 100, 100).tolist() for _ in range(2)
    ]
    assert orders[0] != orders[1]


def test_word_streams_do_not_depend_on_how_they_are_read():
    state = philox.stateful_state(3, 4)
    whole_stream = philox.words(state, 5000).tolist()
    stream = random_streams.WordStream(state)
    pieces = [stream.take(count).tolist() for count in (1, 0, 1022, 3, 2000)]
    assert list(itertools.chain(*pieces)) == whole_stream[:3026]
    iterated = itertools.islice(iter(random_streams.WordStream(state)), 5000)
    assert list(iterated) == whole_stream


# ---------------------------------------------------------------------------------------- fit


def test_every_fit_starts_from_the_same_orders():
    random.set_seed(9)
    first, second = random.fit_orders(20), random.fit_orders(20)
    epochs = [next(first).tolist() for _ in range(3)]
    random.get_seed(None)
    assert [next(second).tolist() for _ in range(3)] == epochs
    assert epochs[0] != epochs[1]


def test_unseeded_fits_differ():
    assert next(random.fit_orders(50)).tolist() != next(random.fit_orders(50)).tolist()


# ----------------------------------------------------------------------------------- unseeded

UNSEEDED = (0, 0)
FLOATS = ["float16", "bfloat16", "float32", "float64"]


@pytest.mark.parametrize("dtype", FLOATS)
def test_unseeded_numbers_have_the_right_distribution(dtype):
    dtype = np.dtype(dtype) if dtype != "bfloat16" else pytest.importorskip("ml_dtypes").bfloat16
    shape = (100, 200)
    u = random.random_uniform(shape, dtype, UNSEEDED).astype(np.float64)
    assert u.shape == shape
    assert u.min() >= 0
    assert u.max() < 1
    assert abs(u.mean() - 0.5) < 0.02
    z = random.random_standard_normal(shape, dtype, UNSEEDED).astype(np.float64)
    assert abs(z.mean()) < 0.05
    assert abs(z.std() - 1) < 0.05
    t = random.truncated_normal(shape, dtype, UNSEEDED).astype(np.float64)
    assert np.abs(t).max() < 2
    assert abs(t.std() - 0.88) < 0.05
    assert not np.array_equal(u, random.random_uniform(shape, dtype, UNSEEDED).astype(np.float64))


def test_unseeded_integers_orders_and_classes():
    drawn = random.random_uniform_int((5000,), -3, 4, "int64", UNSEEDED)
    assert set(drawn.tolist()) == set(range(-3, 4))
    assert sorted(random.random_shuffle(50, 50, "int32", UNSEEDED).tolist()) == list(range(50))
    classes = random.multinomial(np.array([[0.0, -np.inf, 0.0]] * 2), 500, "int32", UNSEEDED)
    assert classes.dtype == np.int32
    assert set(classes.reshape(-1).tolist()) == {0, 2}
    gamma = random.random_gamma((4000,), np.float32([0.5, 3, -1]), UNSEEDED)
    assert np.allclose(gamma[:, :2].mean(axis=0), [0.5, 3], rtol=0.1)
    assert np.isnan(gamma[:, 2]).all()
    poisson = random.random_poisson((4000,), np.float32([0.5, 30]), "int32", UNSEEDED)
    assert np.allclose(poisson.mean(axis=0), [0.5, 30], rtol=0.1)


FORK = """
import os
from reflow.core import random
def draw(): return random.random_uniform((4,), "float32", (0, 0)).tobytes().hex()
draw()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    os.write(writer, draw().encode())
    os._exit(0)
os.waitpid(child, 0)
print(draw(), os.read(reader, 100).decode())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_draws_its_own_unseeded_numbers():
    command = [sys.executable, "-W", "ignore", "-c", FORK]
    parent, child = subprocess.run(command, capture_output=True, check=True).stdout.split()
    assert len(parent) == len(child) == 32
    assert parent != child
