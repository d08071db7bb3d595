"""``tf.random`` draws what TensorFlow 2.1.0 draws, bit for bit, in eager code and in functions."""

from __future__ import annotations

import numpy as np
import pytest
from golden import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow.core import philox

Generator = tf.random.experimental.Generator
FLOATS = ["float16", "bfloat16", "float32", "float64"]


@pytest.fixture(autouse=True)
def _no_global_seed():
    yield
    tf.random.set_seed(None)
    tf.random.experimental.set_global_generator(None)


def runs(family):
    return pytest.mark.parametrize("run", vectors.runs(family), ids=vectors.label)


def as_float64(tensor):
    return tensor.numpy().astype(np.float64)


# ---------------------------------------------------------------------------- recorded numbers


def draw(vector):
    call, args, seed = vector["call"], dict(vector.get("args", {})), vector["op_seed"]
    if call == "shuffle":
        return tf.random.shuffle(np.arange(vector["n"], dtype=np.int32), seed=seed)
    if call == "categorical":
        logits = np.log(np.array([[1, 2, 3, 4, 5]]) / 15).astype(np.float32)
        return tf.random.categorical(logits, args["num_samples"], seed=seed)
    if call in ("gamma", "poisson"):
        return getattr(tf.random, call)(args.pop("shape"), **args, seed=seed)
    return getattr(tf.random, call)(vector["shape"], dtype=vector["dtype"], seed=seed, **args)


@pytest.mark.smoke
@runs("ops")
def test_stateful_ops(run):
    tf.random.set_seed(run[0]["global_seed"])
    for vector in run:
        vectors.check(draw(vector).numpy(), vector["result"])


@runs("gamma and poisson")
def test_gamma_and_poisson(run):
    for vector in run:
        tf.random.set_seed(vector["global_seed"])
        vectors.check(draw(vector).numpy(), vector["result"])


@runs("stateless")
def test_stateless_ops(run):
    for vector in run:
        op, args = getattr(tf.random, vector["call"]), vector.get("args", {})
        drawn = op(vector["shape"], vector["seed"], dtype=vector["dtype"], **args)
        vectors.check(drawn.numpy(), vector["result"])


@runs("dropout")
def test_dropout(run):
    tf.random.set_seed(run[0]["global_seed"])
    x = np.arange(1, 25, dtype=np.float32).reshape(4, 6)
    for vector in run:
        dropped = tf.nn.dropout(x, vector["rate"], seed=vector["op_seed"])
        vectors.check(dropped.numpy(), vector["result"])


@runs("Generator")
def test_generator_objects(run):
    generator = Generator.from_seed(run[0]["generator_seed"])
    for vector in run:
        method = vector["call"].split()[0].removeprefix("Generator.")
        if method == "state":
            assert generator.state.numpy().tolist() == vector["state"]
        else:
            drawn = getattr(generator, method)(vector["shape"])
            vectors.check(drawn.numpy(), vector["result"])


# First and second call of a function in TensorFlow 2.1.0, after tf.random.set_seed(7).
TRACED = {
    "uniform": (
        lambda: tf.random.uniform([2]),
        [[0.4010878801345825, 0.37683892250061035], [0.3426402807235718, 0.3479158878326416]],
    ),
    "integers": (lambda: tf.random.uniform([2], 0, 5, tf.int32), [[3, 3], [1, 0]]),
    "normal": (
        lambda: tf.random.normal([3], 1.0, 2.0),
        [
            [2.8894076347351074, -0.9335813522338867, 2.6103434562683105],
            [-0.0194091796875, -0.856697678565979, 4.797645568847656],
        ],
    ),
    "truncated normal": (
        lambda: tf.random.truncated_normal([3]),
        [
            [0.9447038173675537, -0.9667906761169434, 0.8051716685295105],
            [-0.50970458984375, -0.9283488392829895, 1.8988227844238281],
        ],
    ),
    "shuffle": (
        lambda: tf.random.shuffle([1, 2, 3, 4, 5, 6]),
        [[4, 2, 5, 6, 1, 3], [5, 6, 1, 4, 3, 2]],
    ),
    "categorical": (
        lambda: tf.random.categorical([[1.0, 2.0, 3.0]], 5)[0],
        [[2, 2, 2, 1, 2], [0, 2, 2, 2, 2]],
    ),
    "gamma": (
        lambda: tf.random.gamma([2], [1.0, 2.0], [2.0, 3.0]),
        [
            [[0.015758102759718895, 2.07700252532959], [0.19916033744812012, 1.8320612907409668]],
            [[0.9697511196136475, 0.2792355418205261], [0.35640379786491394, 0.19810950756072998]],
        ],
    ),
    "poisson": (
        lambda: tf.random.poisson([2], [1.0, 20.0]),
        [[[2.0, 16.0], [1.0, 16.0]], [[0.0, 24.0], [1.0, 19.0]]],
    ),
    "op seed": (
        lambda: tf.random.normal([2], seed=3),
        [[0.9447038173675537, -0.9667906761169434], [1.1952472925186157, -0.844708263874054]],
    ),
    "second op": (
        lambda: (tf.random.normal([2]), tf.random.normal([2]))[1],
        [[0.1868204027414322, -1.1004788875579834], [0.25098347663879395, 0.27274927496910095]],
    ),
    "stateless": (
        lambda: tf.random.stateless_normal([2], [1, 2]),
        [[0.544110119342804, 0.20738030970096588]] * 2,
    ),
}


@pytest.mark.parametrize("name", TRACED)
def test_functions_draw_from_generators_of_their_own(name):
    python_function, expected = TRACED[name]
    tf.random.set_seed(7)
    function = tf.function(python_function)
    assert [function().numpy().tolist() for _ in expected] == expected
    tf.random.set_seed(8)
    assert function().numpy().tolist() == expected[0], "the pair of trace time, from its start"


def test_arguments_of_a_function_count_as_ops():
    tf.random.set_seed(7)
    function = tf.function(lambda x: x + tf.random.uniform([2]))
    zeros = tf.constant([0.0, 0.0])
    assert np.array_equal(function(zeros), np.float32([0.19530785, 0.5389501]))
    assert np.array_equal(function(zeros), np.float32([0.73879135, 0.06319499]))


def test_stateless_ops_take_seeds_of_a_functions_arguments():
    def draw_all(logits, seed):
        return (
            tf.random.stateless_uniform([2], seed),
            tf.random.stateless_uniform([3], seed, 0, 100, tf.int32),
            tf.random.stateless_truncated_normal([5], seed, 1.0, 2.0),
            tf.random.stateless_categorical(logits, 3, seed),
        )

    arguments = tf.constant([[1.0, 2.0]]), tf.constant([4, -5])
    for traced, eager in zip(tf.function(draw_all)(*arguments), draw_all(*arguments), strict=True):
        assert traced.dtype is eager.dtype
        assert np.array_equal(traced, eager)


def test_unseeded_functions_draw_anew():
    function = tf.function(lambda: tf.random.normal([4]))
    first, second = function().numpy(), function().numpy()
    assert not np.array_equal(first, second)


# ----------------------------------------------------------------------- shapes, types, scaling


@pytest.mark.parametrize("shape", [
    [2, 3], (2, 3), tf.TensorShape([2, 3]), np.array([2, 3]), np.array([2, 3], np.int32),
    [np.int64(2), 3], range(2, 4),
], ids=repr)  # fmt: skip
def test_what_shapes_may_be(shape):
    assert tf.random.uniform(shape).shape == [2, 3]


def test_shapes_may_be_tensors():
    assert tf.random.normal(tf.constant([2, 3], tf.int64)).shape == [2, 3]
    assert tf.random.normal([tf.constant(2), 3]).shape == [2, 3]
    assert tf.random.normal(tf.shape(tf.zeros([2, 3]))).shape == [2, 3]
    assert tf.random.normal([]).shape == []
    assert tf.random.normal([0, 3]).shape == [0, 3]


def test_the_dtype_of_the_shape_tells_kernels_apart():
    tf.random.set_seed(1)
    first = [tf.random.uniform([2], seed=3), tf.random.uniform(tf.constant([2]), seed=3)]
    tf.random.set_seed(1)
    wide = tf.random.uniform(tf.constant([2], tf.int64), seed=3)
    assert np.array_equal(first[0], wide)
    assert not np.array_equal(first[1], wide)


def test_an_asked_for_device_tells_kernels_apart():
    tf.random.set_seed(1)
    first = tf.random.uniform([2], seed=3)
    with tf.device("/CPU:0"):
        assert np.array_equal(tf.random.uniform([2], seed=3), first)
    assert not np.array_equal(tf.random.uniform([2], seed=3), first)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("op", ["uniform", "normal", "truncated_normal"])
def test_scaling_rounds_after_each_step(op, dtype):
    kind = tf.as_dtype(dtype).as_numpy_dtype
    low, high = np.asarray(0.7, kind), np.asarray(np.array([1.9, -3.3]), kind)
    factor, term = (high - low, low) if op == "uniform" else (high, low)
    names = ("minval", "maxval") if op == "uniform" else ("mean", "stddev")
    draws = [
        getattr(tf.random, op)([5, 2], dtype=dtype, seed=3, **dict(zip(names, pair, strict=True)))
        for pair in ((low, high), (tf.constant(low), high), (low, tf.Variable(high)))
    ]
    with tf.GradientTape() as tape:
        watched = tf.Variable(low)
        pair = dict(zip(names, (watched, high), strict=True))
        draws.append(getattr(tf.random, op)([5, 2], dtype=dtype, seed=3, **pair))
    gradient = tape.gradient(draws[-1], watched)
    assert gradient is not None
    kinds = {"uniform": philox.uniform, "normal": philox.normal}
    plain = kinds.get(op, philox.truncated_normal)
    state = philox.stateful_state(87654321, 3)
    for call, drawn in enumerate(draws):
        z = plain(state.skip(256 * 10 * call), 10, kind).reshape(5, 2)
        assert drawn.dtype == dtype
        assert drawn.numpy().tobytes() == (z * factor + term).tobytes()


def test_gradients_reach_mean_and_stddev():
    mean, stddev = tf.Variable([1.0, 2.0]), tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(stddev)
        drawn = tf.random.normal([3, 2], mean, stddev, seed=1)
    of_mean, of_stddev = tape.gradient(drawn, [mean, stddev])
    assert of_mean.numpy().tolist() == [3.0, 3.0]
    z = (drawn.numpy() - mean.numpy()) / 2
    assert np.isclose(of_stddev.numpy(), z.sum(), rtol=1e-5)


def test_gradients_of_gamma():
    tf.random.set_seed(3)
    alpha, beta = tf.Variable(2.5), tf.constant([2.0, 3.0])
    with tf.GradientTape() as tape:
        tape.watch(beta)
        drawn = tf.random.gamma([4], alpha, beta, seed=2)
        loss = tf.reduce_sum(drawn * drawn)
    # The drawn numbers are TensorFlow 2.1.0's; its gradients differ in the last digits.
    assert drawn.numpy()[0].tolist() == [0.9440255165100098, 0.6944310665130615]
    of_alpha, of_beta = tape.gradient(loss, [alpha, beta])
    assert np.isclose(of_alpha, 7.193548, rtol=1e-5)
    assert np.allclose(of_beta, [-5.88794, -2.3655689], rtol=1e-5)


def test_gamma_of_nonsense_is_tiny():
    tiny = np.finfo(np.float32).tiny
    assert tf.random.gamma([2], [-1.0, 0.0, float("nan")]).numpy().tolist() == [[tiny] * 3] * 2
    assert np.isinf(tf.random.gamma([2], float("inf"))).all()


def test_shuffling_keeps_what_a_tensor_holds():
    tf.random.set_seed(1)
    letters = tf.random.shuffle(["a", "b", "c"]).numpy().tolist()
    assert sorted(letters) == [b"a", b"b", b"c"]
    x = tf.Variable(np.arange(12.0).reshape(4, 3))
    with tf.GradientTape() as tape:
        y = tf.random.shuffle(x, seed=1)
        loss = tf.reduce_sum(y * tf.constant([[1.0], [2.0], [3.0], [4.0]], tf.float64))
    order = [int(row[0]) // 3 for row in y.numpy()]
    assert sorted(order) == [0, 1, 2, 3]
    gradient = tape.gradient(loss, x).numpy()
    assert gradient[order].tolist() == [[w] * 3 for w in (1.0, 2.0, 3.0, 4.0)]


def test_shuffling_a_pending_tensor_draws_the_same_order():
    values = np.arange(9.0)
    first = tf.random.shuffle(values, seed=5)
    tf.random.set_seed(None)
    assert np.array_equal(tf.random.shuffle(tf.constant(values) + 0.0, seed=5), first)


@given(
    st.sampled_from(FLOATS),
    st.floats(-100, 100),
    st.floats(-100, 100),
    st.one_of(st.none(), st.integers(0, 5)),
)
@settings(deadline=None, max_examples=50)
def test_numbers_stay_in_their_range(dtype, low, high, seed):
    low, high = sorted((low, high))
    kind = tf.as_dtype(dtype).as_numpy_dtype
    drawn = as_float64(tf.random.uniform([200], low, high, dtype, seed))
    assert ((drawn >= float(kind(low))) & (drawn <= float(kind(high)))).all()
    drawn = as_float64(tf.random.truncated_normal([200], 0.0, 1.0, dtype, seed))
    assert (np.abs(drawn) <= 2).all()


# ------------------------------------------------------------------------------------ generators


def test_states_from_seeds():
    make = tf.random.experimental.create_rng_state
    assert make(5, 1).tolist() == [5, 0, 0]
    assert make(2**70 + 5, 1).tolist() == [5, 64, 0]
    assert make(-(2**70), 1).tolist() == [0, -64, -1]
    assert make(2**200 + 5, 1).tolist() == [5, 0, 0]
    assert make([5, 6], 1).tolist() == [0, 5, 6]
    assert make([1, 2, 3, 4], 1).tolist() == [1, 2, 3]
    assert make(5, 2).tolist() == [5, 0]
    with pytest.raises(ValueError, match="Unsupported algorithm id: philox"):
        make(5, "philox")
    for seed in ("a", 1.5, np.array(5)):
        with pytest.raises(TypeError):
            make(seed, 1)


@pytest.mark.parametrize(("seed", "delta", "state"), [
    (1, 3, [769, 0, 0]),
    (2**64 - 1, 1, [255, 1, 0]),
    (2**128 - 1, 1, [255, 0, 0]),
    (1, 2**56, [1, 0, 0]),
    (1, -1, [-255, 0, 0]),
    (1000, -1, [744, 0, 0]),
    (1, -(2**40), [-281474976710655, 0, 0]),
])  # fmt: skip
def test_skipping(seed, delta, state):
    generator = Generator.from_seed(seed)
    generator.skip(delta)
    assert generator.state.numpy().tolist() == state


def test_generators_own_share_and_copy_their_state():
    state = tf.Variable([1, 2, 3], dtype=tf.int64)
    generator = Generator.from_state(state, 1)
    assert generator.state is state
    copy = Generator(copy_from=generator)
    generator.normal([2])
    assert state.numpy().tolist() == [513, 2, 3]
    assert copy.state.numpy().tolist() == [1, 2, 3]
    generator.reset([7, 8, 9])
    assert (generator.state.numpy().tolist(), int(generator.key)) == ([7, 8, 9], 9)
    generator.reset_from_seed(-1)
    assert generator.state.numpy().tolist() == [-1, -1, -1]
    generator.reset_from_key_counter(3, [1, 2])
    assert generator.state.numpy().tolist() == [1, 2, 3]


def test_seeds_and_split_generators():
    assert Generator.from_seed(1).make_seeds(2).numpy().tolist() == [
        [6679402142117448868, 684265014234019051],
        [0, 0],
    ]
    states = [g.state.numpy().tolist() for g in Generator.from_seed(1).split(2)]
    assert states == [[0, 0, 6679402142117448868], [0, 0, 684265014234019051]]


def test_generators_draw_the_same_in_functions():
    def draw_all(generator):
        return (
            generator.normal([3], 1.0, 2.0),
            generator.uniform([3], 2.0, 5.0),
            generator.uniform([3], maxval=10, dtype=tf.int32),
            generator.uniform_full_int([2]),
            generator.truncated_normal([2], dtype=tf.float64),
        )

    eager, other = Generator.from_seed(5), Generator.from_seed(5)
    traced = tf.function(lambda: draw_all(other))
    for _ in range(2):
        for mine, expected in zip(traced(), draw_all(eager), strict=True):
            assert np.array_equal(mine, expected)
    assert other.state.numpy().tolist() == eager.state.numpy().tolist()


def test_the_global_generator():
    get = tf.random.experimental.get_global_generator
    assert get() is get()
    tf.random.experimental.set_global_generator(Generator.from_seed(3))
    assert get().state.numpy().tolist() == [3, 0, 0]
    assert Generator.from_non_deterministic_state().state.shape == [3]


# ---------------------------------------------------------------------------------------- errors

R = tf.random
INVALID = tf.errors.InvalidArgumentError
ERRORS = {
    "type": (lambda: R.uniform([2], dtype=tf.int8), ValueError, "Invalid dtype tf.int8"),
    "no maxval": (
        lambda: R.uniform([2], dtype=tf.int64),
        ValueError,
        "Must specify maxval for integer dtype tf.int64",
    ),
    "empty range": (
        lambda: R.uniform([2], 5, 5, tf.int32),
        INVALID,
        "Need minval < maxval, got 5 >= 5 [Op:RandomUniformInt] name: random_uniform/",
    ),
    "range too large": (
        lambda: R.uniform([2], 0, 2**31, tf.int32),
        INVALID,
        "Need minval < maxval, got 0 >= -2147483648 [Op:RandomUniformInt] name: random_uniform/",
    ),
    "bounds no scalars": (
        lambda: R.uniform([2], [0, 1], [5, 6], tf.int32),
        INVALID,
        "minval must be 0-D, got shape [2] [Op:RandomUniformInt] name: random_uniform/",
    ),
    "float bounds of integers": (
        lambda: R.uniform([2], 0.0, 5.0, tf.int32),
        TypeError,
        "Cannot convert 0.0 to EagerTensor of dtype int32",
    ),
    "bounds do not broadcast": (
        lambda: R.uniform([2], 0.0, [1.0, 2.0, 3.0], name="foo"),
        INVALID,
        "Incompatible shapes: [2] vs. [3] [Op:Mul] name: foo/mul/",
    ),
    "mean does not broadcast": (
        lambda: R.normal([2], [1.0, 2.0, 3.0]),
        INVALID,
        "Incompatible shapes: [2] vs. [3] [Op:Add] name: random_normal/",
    ),
    "mean of another type": (
        lambda: R.normal([2], tf.constant(1.0, tf.float64)),
        ValueError,
        "Tensor conversion requested dtype float32 for Tensor with dtype float64",
    ),
    "negative size": (
        lambda: R.truncated_normal([2, -3]),
        INVALID,
        "Dimension -3 must be >= 0 [Op:TruncatedNormal]",
    ),
    "float shape": (
        lambda: R.normal([2.0]),
        INVALID,
        "Value for attr 'T' of float is not in the list of allowed values: int32, int64",
    ),
    "scalar shape": (
        lambda: R.uniform(3),
        INVALID,
        "shape must be a vector of {int32,int64}, got shape [] [Op:RandomUniform]",
    ),
    "no shape": (lambda: R.uniform(None), ValueError, "Attempt to convert a value (None)"),
    "partial shape": (
        lambda: R.uniform(tf.TensorShape([None, 3])),
        ValueError,
        "Cannot convert a partially known TensorShape to a Tensor: (None, 3)",
    ),
    "too many elements": (
        lambda: R.uniform([2**40, 2**40]),
        INVALID,
        "Shape [1099511627776,1099511627776] would have more than 2**63 - 1 elements",
    ),
    "too much memory": (
        lambda: R.uniform([2**31, 2**31]),
        tf.errors.ResourceExhaustedError,
        "OOM when allocating tensor with shape[2147483648,2147483648] and type float",
    ),
    "normal integers": (
        lambda: R.normal([2], 1, 2, tf.int32),
        tf.errors.NotFoundError,
        "Could not find valid device for node.",
    ),
    "no type": (lambda: R.normal([2], dtype=None), TypeError, "Expected DataType for argument"),
    "seed": (lambda: R.normal([2], seed=[5]), TypeError, "unsupported operand type(s) for %"),
    "logits vector": (
        lambda: R.categorical([1.0, 2.0], 3),
        INVALID,
        "logits should be a matrix, got shape [2] [Op:Multinomial]",
    ),
    "samples negative": (
        lambda: R.categorical([[1.0, 2.0]], -1),
        INVALID,
        "num_samples should be nonnegative, got -1 [Op:Multinomial]",
    ),
    "samples no scalar": (
        lambda: R.categorical([[1.0, 2.0]], [2]),
        INVALID,
        "num_samples should be a scalar, got shape [1] [Op:Multinomial]",
    ),
    "samples of another type": (
        lambda: R.categorical([[1.0]], tf.constant(2, tf.int64)),
        INVALID,
        "cannot compute Multinomial as input #1(zero-based) was expected to be a int32 tensor",
    ),
    "no classes": (
        lambda: R.categorical([[]], 1),
        INVALID,
        "num_classes should be positive, got 0 [Op:Multinomial]",
    ),
    "integer logits": (lambda: R.categorical([[1, 2]], 1), INVALID, "[Op:Multinomial]"),
    "output of categorical": (
        lambda: R.categorical([[1.0]], 1, tf.float32),
        tf.errors.NotFoundError,
        "Could not find valid device for node.",
    ),
    "gamma's parameters": (
        lambda: R.gamma([2], [1.0, 2.0, 3.0], [1.0, 2.0]),
        INVALID,
        "Incompatible shapes: [3] vs. [2] [Op:BroadcastArgs]",
    ),
    "gamma's shape": (
        lambda: R.gamma(2, 1.0),
        INVALID,
        "shape must be a vector of {int32,int64}, got shape: Tensor<type: int32 shape: [] "
        "values: 2> [Op:RandomGamma]",
    ),
    "gamma's type": (lambda: R.gamma([2], 1, dtype=tf.int32), ValueError, "not inexact"),
    "poisson's type": (
        lambda: R.poisson([2], 1.0, dtype=tf.uint8),
        tf.errors.NotFoundError,
        "Could not find valid device for node.",
    ),
    "stateless seed": (
        lambda: R.stateless_normal([2], [1]),
        INVALID,
        "seed must have shape [2], not [1] [Op:StatelessRandomNormal]",
    ),
    "type of a stateless seed": (
        lambda: R.stateless_uniform([2], [1.0, 2.0]),
        INVALID,
        "Value for attr 'Tseed' of float is not in the list of allowed values: int32, int64",
    ),
    "generator of nothing": (Generator, AssertionError, "state and alg"),
    "generator of too much": (
        lambda: Generator(copy_from=Generator.from_seed(1), alg=1),
        AssertionError,
        "copy_from alone",
    ),
    "generator's state": (
        lambda: Generator(state=[1, 2], alg=1),
        ValueError,
        "Shapes (2,) and [3] are incompatible",
    ),
    "generator's counter": (
        lambda: Generator.from_key_counter(1, [2], 1),
        ValueError,
        "Shapes (1,) and [2] are incompatible",
    ),
    "generator's algorithm": (
        lambda: Generator.from_seed(1, alg=2).normal([3]),
        INVALID,
        "Unsupported algorithm id: 2 [Op:StatefulStandardNormalV2]",
    ),
    "generator's integers": (
        lambda: Generator.from_seed(1).uniform([3], maxval=10, dtype=tf.uint32),
        tf.errors.NotFoundError,
        "No registered 'StatefulUniformInt' OpKernel for 'CPU' devices",
    ),
    "generator's shape": (
        lambda: Generator.from_seed(1).uniform([3.0]),
        INVALID,
        "shape must be a vector of {int32,int64}. [Op:StatefulUniform]",
    ),
    "generator's step": (
        lambda: Generator.from_seed(1).skip(tf.constant(2)),
        INVALID,
        "cannot compute RngSkip as input #2(zero-based) was expected to be a int64 tensor",
    ),
    "binomial": (
        lambda: Generator.from_seed(1).binomial([2], [3.0], [0.5]),
        tf.errors.UnimplementedError,
        "Generator.binomial is not in Reflow yet",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    call, kind, message = ERRORS[name]
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)


def test_an_empty_draw_does_not_look_at_its_bounds():
    assert tf.random.uniform([0], 6, 5, tf.int32).shape == [0]
