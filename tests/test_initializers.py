"""``tf.initializers`` makes TensorFlow 2.1.0's starting values, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
from golden import vectors
from hypothesis import given, settings
from hypothesis import strategies as st

import reflow as tf
from reflow.core import custom_objects

init = tf.initializers


@pytest.fixture(autouse=True)
def _no_global_seed():
    yield
    tf.random.set_seed(None)


def runs(family):
    return pytest.mark.parametrize("run", vectors.runs(family), ids=vectors.label)


# ---------------------------------------------------------------------------- recorded numbers


@pytest.mark.smoke
@runs("initializers")
def test_random_initializers(run):
    tf.random.set_seed(run[0]["global_seed"])
    for vector in run:
        make = getattr(init, vector["call"].removeprefix("init."))
        values = make(seed=vector["init_seed"])(vector["shape"]).numpy()
        if "tolerance" in vector:  # Orthogonal: TensorFlow's QR rounds otherwise
            expected = np.reshape(vectors.parse(vector["values"]), vector["shape"])
            assert np.abs(values - expected).max() <= vector["tolerance"]
        else:
            vectors.check(values, vector["result"])


@runs("weights")
def test_weights_take_one_draw_each_in_the_order_of_layers(run):
    tf.random.set_seed(run[0]["global_seed"])
    for vector in run:
        for weights in vector["result"]:
            shape = weights["shape"]
            embedding = shape == [20, 6]
            kernel = init.RandomUniform() if embedding else init.GlorotUniform()
            values = (kernel if len(shape) > 1 else init.Zeros())(shape)
            vectors.check(values.numpy(), weights)


# ---------------------------------------------------------------------------------- properties

shapes = st.lists(st.integers(1, 5), min_size=0, max_size=4)


@given(
    shapes,
    st.floats(0.1, 10),
    st.sampled_from(["fan_in", "fan_out", "fan_avg"]),
    st.sampled_from(["uniform", "truncated_normal"]),
    st.one_of(st.none(), st.integers(0, 9)),
)
@settings(deadline=None, max_examples=50)
def test_variance_scaling_bounds_its_values(shape, scale, mode, distribution, seed):
    values = init.VarianceScaling(scale, mode, distribution, seed)(shape).numpy()
    fan_in, fan_out = 1, 1
    if shape:
        window = int(np.prod(shape[:-2]))
        fan_in, fan_out = (shape[-2] if len(shape) > 1 else shape[0]) * window, shape[-1] * window
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    variance = scale / max(1, fan)
    limit = np.sqrt(3 * variance) if distribution == "uniform" else 2 * np.sqrt(variance) / 0.8796
    assert values.shape == tuple(shape)
    assert (np.abs(values) <= limit * 1.001).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3), (2, 3, 5), (5, 1), (3, 0)])
def test_orthogonal_matrices_are_orthogonal(shape, dtype):
    values = init.Orthogonal(gain=2.0, seed=3)(shape, dtype)
    assert values.dtype == dtype
    rows = int(np.prod(shape[:-1]))
    matrix = values.numpy().astype(np.float64).reshape(rows, shape[-1]) / 2
    matrix = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    assert np.allclose(matrix.T @ matrix, np.eye(matrix.shape[1]), atol=2e-3)


def test_a_seed_gives_the_same_values_at_every_call():
    seeded = init.GlorotUniform(seed=0)
    first = seeded([3, 2]).numpy()
    tf.random.set_seed(5)
    assert np.array_equal(seeded([3, 2]), first)
    unseeded = init.GlorotUniform()
    assert not np.array_equal(unseeded([3, 2]), unseeded([3, 2]))


def test_plain_initializers():
    assert init.Zeros()([2], tf.string).numpy().tolist() == [b"", b""]
    assert init.Ones()([2], tf.bool).numpy().tolist() == [True, True]
    assert init.Ones()([2]).dtype is tf.float32
    assert init.Constant(3)([2]).dtype is tf.int32
    assert init.Constant([1, 2, 3, 4])([2, 2], tf.float64).numpy().tolist() == [[1, 2], [3, 4]]
    assert init.Constant("a")([2]).numpy().tolist() == [b"a", b"a"]
    assert init.Identity(2.0)([2, 3]).numpy().tolist() == [[2, 0, 0], [0, 2, 0]]
    assert init.RandomUniform(0, 5, seed=2)([2], tf.int32).numpy().tolist() == [2, 0]


# --------------------------------------------------------------------------- names and configs

CONFIGS = {
    "Zeros": {},
    "Ones": {},
    "Constant": {"value": 0},
    "RandomUniform": {"minval": -0.05, "maxval": 0.05, "seed": None},
    "RandomNormal": {"mean": 0.0, "stddev": 0.05, "seed": None},
    "TruncatedNormal": {"mean": 0.0, "stddev": 0.05, "seed": None},
    "VarianceScaling": {
        "scale": 1.0,
        "mode": "fan_in",
        "distribution": "truncated_normal",
        "seed": None,
    },
    "GlorotUniform": {"seed": None},
    "GlorotNormal": {"seed": None},
    "Orthogonal": {"gain": 1.0, "seed": None},
    "Identity": {"gain": 1.0},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_configs_make_the_same_initializer(name):
    made = getattr(init, name)()
    assert made.get_config() == CONFIGS[name]
    serialized = init.serialize(made)
    assert serialized == {"class_name": name, "config": CONFIGS[name]}
    again = init.deserialize(json.loads(json.dumps(serialized)))
    assert type(again) is type(made)
    assert vars(again) == vars(made)
    assert type(init.get(name)) is type(made)


def test_every_class_has_a_config_here():
    classes = [x for x in vars(init).values() if isinstance(x, type)]
    names = {c.__name__ for c in classes if issubclass(c, init.Initializer)} - {"Initializer"}
    assert names == set(CONFIGS)


@pytest.mark.parametrize(("name", "config"), [
    ("he_normal", {"scale": 2.0, "mode": "fan_in", "distribution": "truncated_normal"}),
    ("he_uniform", {"scale": 2.0, "mode": "fan_in", "distribution": "uniform"}),
    ("lecun_normal", {"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"}),
    ("lecun_uniform", {"scale": 1.0, "mode": "fan_in", "distribution": "uniform"}),
])  # fmt: skip
def test_functions_make_variance_scalings(name, config):
    for made in (
        getattr(init, name)(seed=4),
        init.get({"class_name": name, "config": {"seed": 4}}),
    ):
        assert type(made) is init.VarianceScaling
        assert made.get_config() == config | {"seed": 4}
    assert type(init.get(name)) is init.VarianceScaling


@pytest.mark.parametrize(("name", "kind"), [
    ("zeros", "Zeros"), ("zero", "Zeros"), ("zeros_initializer", "Zeros"), ("ones", "Ones"),
    ("one", "Ones"), ("constant", "Constant"), ("uniform", "RandomUniform"),
    ("random_uniform", "RandomUniform"), ("normal", "RandomNormal"),
    ("random_normal_initializer", "RandomNormal"), ("truncated_normal", "TruncatedNormal"),
    ("glorot_uniform", "GlorotUniform"), ("glorot_normal", "GlorotNormal"),
    ("orthogonal", "Orthogonal"), ("identity", "Identity"),
])  # fmt: skip
def test_names(name, kind):
    assert type(init.get(name)).__name__ == kind


def test_old_names_are_the_same_classes():
    assert tf.zeros_initializer is init.zeros is init.Zeros
    assert tf.random_normal_initializer is init.RandomNormal
    assert tf.constant_initializer is init.constant is init.Constant
    assert init.glorot_uniform is init.GlorotUniform


def test_what_get_takes():
    def own(shape, dtype=None):
        return tf.zeros(shape)

    assert init.get(None) is None
    assert init.get(own) is own
    assert init.get(init.Zeros) is init.Zeros
    assert init.serialize(own) == "own"
    assert init.serialize(None) is None
    old = {"class_name": "RandomNormal", "config": {"mean": 2.0, "dtype": "float32"}}
    assert init.get(old).get_config() == {"mean": 2.0, "stddev": 0.05, "seed": None}


def test_custom_objects(monkeypatch):
    class Own(init.Ones):
        pass

    assert type(init.deserialize("own", {"own": Own})) is Own
    assert type(init.deserialize({"class_name": "own", "config": {}}, {"own": Own})) is Own
    monkeypatch.setitem(custom_objects.OBJECTS, "Package>Own", Own)
    monkeypatch.setitem(custom_objects.REGISTERED_NAMES, Own, "Package>Own")
    assert init.serialize(Own()) == {"class_name": "Package>Own", "config": {}}
    assert type(init.get("Package>Own")) is Own


ERRORS = {
    "no such name": (lambda: init.get("foo"), ValueError, "Unknown initializer:foo"),
    "no such class": (
        lambda: init.get({"class_name": "Foo", "config": {}}),
        ValueError,
        "Unknown initializer: Foo",
    ),
    "no config": (lambda: init.get({"class_name": "Zeros"}), ValueError, "Improper config format"),
    "no identifier": (
        lambda: init.get(5),
        ValueError,
        "Could not interpret initializer identifier: 5",
    ),
    "no initializer": (lambda: init.serialize(5), ValueError, "Cannot serialize"),
    "scale": (lambda: init.VarianceScaling(0.0), ValueError, "`scale` must be positive float."),
    "mode": (lambda: init.VarianceScaling(1.0, "foo"), ValueError, "Invalid `mode` argument:"),
    "distribution": (
        lambda: init.VarianceScaling(1.0, "fan_in", "foo"),
        ValueError,
        "Invalid `distribution` argument:",
    ),
    "normal integers": (
        lambda: init.RandomNormal()([2], tf.int32),
        ValueError,
        "Expected floating point type, got <dtype: 'int32'>.",
    ),
    "uniform booleans": (
        lambda: init.RandomUniform()([2], tf.bool),
        ValueError,
        "Expected float or integer dtype, got <dtype: 'bool'>.",
    ),
    "ones of strings": (
        lambda: init.Ones()([2], tf.string),
        ValueError,
        "Expected numeric or boolean dtype, got <dtype: 'string'>.",
    ),
    "orthogonal vector": (
        lambda: init.Orthogonal()([3]),
        ValueError,
        "The tensor to initialize must be at least two-dimensional",
    ),
    "identity of three axes": (
        lambda: init.Identity()([2, 3, 4]),
        ValueError,
        "Identity matrix initializer can only be used for 2D matrices.",
    ),
    "constant": (lambda: init.Constant(None), TypeError, "Invalid type for initial value"),
    "constant's shape": (
        lambda: init.Constant([1, 2])([2, 2]),
        TypeError,
        "value has 2 elements, shape is (2, 2) with 4 elements",
    ),
    "seed": (
        lambda: init.RandomNormal(seed=2.5)([2]),
        tf.errors.InvalidArgumentError,
        "Value for attr 'Tseed' of float",
    ),
    "base": (lambda: init.Initializer()([2]), NotImplementedError, ""),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name):
    call, kind, message = ERRORS[name]
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
