from __future__ import annotations

import ctypes
import hashlib
import math
import platform

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflow.core import libm32, philox, philox_jax, random_samplers
from reflow.core.lazy import jax, jnp
from reflow.core.philox import PhiloxState

FLOATS = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
states = st.builds(PhiloxState, st.integers(0, 2**64 - 1), st.integers(0, 2**128 - 1))
# A counter whose lower, and one whose both halves overflow within the first blocks.
OVERFLOWING = [PhiloxState(7, 2**64 - 3), PhiloxState(2**64 - 1, 2**128 - 5)]
STATES = [philox.stateful_state(42, 1654615998), *OVERFLOWING]

# ---------------------------------------------------------------------------------- the cipher


# Known answers of the authors of Philox (Random123): counter and key words, lowest first.
@pytest.mark.parametrize(("counter", "key", "answer"), [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
])  # fmt: skip
def test_a_block_is_the_published_one(counter, key, answer):
    state = PhiloxState(
        sum(word << 32 * i for i, word in enumerate(key)),
        sum(word << 32 * i for i, word in enumerate(counter)),
    )
    assert list(philox.block(state)) == answer


@given(states, st.integers(3, 40))
@settings(deadline=None)
def test_vectors_of_blocks_are_blocks(state, n):
    found = philox.words_at(state, np.arange(n, dtype=np.uint64))
    assert found.tolist() == [list(philox.block(state.skip(i))) for i in range(n)]


@pytest.mark.parametrize("state", OVERFLOWING)
def test_the_counter_carries_and_wraps(state):
    found = philox.words(state, 40).reshape(-1, 4)
    assert found.tolist() == [list(philox.block(state.skip(i))) for i in range(10)]


@pytest.mark.parametrize("values", [philox.uniform, philox.normal])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_long_draws_are_short_draws_put_together(values, dtype):
    state, step = philox.stateful_state(1, 2), 1000 * 4 * 4 // np.dtype(dtype).itemsize
    whole = values(state, 10 * step + 3, dtype)
    parts = [values(state.skip(1000 * i), step, dtype) for i in range(11)]
    assert np.array_equal(whole, np.concatenate(parts)[: whole.size])


# ----------------------------------------------------------------------------------- the values


@given(states, st.integers(0, 300), st.sampled_from(FLOATS))
@settings(deadline=None)
def test_uniforms_are_in_the_half_open_unit_interval(state, count, dtype):
    drawn = philox.uniform(state, count, dtype)
    assert drawn.shape == (count,)
    assert drawn.dtype == dtype
    assert ((drawn >= 0) & (drawn < 1)).all()


@given(states, st.integers(0, 300), st.sampled_from(FLOATS))
@settings(deadline=None)
def test_normals_are_finite_and_truncated_ones_small(state, count, dtype):
    drawn = philox.normal(state, count, dtype)
    assert (drawn.shape, drawn.dtype) == ((count,), dtype)
    assert np.isfinite(drawn.astype(np.float64)).all()
    drawn = philox.truncated_normal(state, count, dtype).astype(np.float64)
    # Half precision rounds the largest numbers below 2 to 2, in TensorFlow too.
    limit = 2 if dtype in (np.float32, np.float64) else 2 + 1e-9
    assert drawn.shape == (count,)
    assert (np.abs(drawn) < limit).all()


@given(states, st.integers(1, 50), st.data(), st.sampled_from([32, 64]))
@settings(deadline=None)
def test_integers_are_words_modulo_the_span(state, count, data, bits):
    bounds = st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    low, high = sorted(data.draw(st.lists(bounds, min_size=2, max_size=2, unique=True)))
    drawn = philox.uniform_int(state, count, low, high, f"int{bits}")
    raw = philox.words(state, 2 * count).astype(object)
    if bits == 64:
        raw = raw[0::2] + (raw[1::2] << 32)
    assert drawn.dtype == f"int{bits}"
    assert drawn.tolist() == [low + int(word) % (high - low) for word in raw[:count]]


def test_full_range_integers_are_words():
    state = philox.stateful_state(3, 4)
    raw = philox.words(state, 6)
    assert philox.uniform_full_int(state, 6, "uint32").tolist() == raw.tolist()
    assert np.array_equal(philox.uniform_full_int(state, 6, "int32"), raw.view(np.int32))
    joined = [int(raw[0]) + (int(raw[1]) << 32), int(raw[2]) + (int(raw[3]) << 32)]
    assert philox.uniform_full_int(state, 2, "uint64").tolist() == joined


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_truncated_normals_are_each_groups_first_small_normals(dtype):
    state, width, stretch = philox.stateful_state(5, 6), 4, 256
    if dtype == np.float64:
        width, stretch = 2, 128
    groups = 3000
    expected = []
    for group in range(groups):
        stream = philox.normal(state.skip(stretch * group), 16, dtype)
        expected.append(stream[np.abs(stream) < 2][:width])
    drawn = philox.truncated_normal(state, groups * width - 1, dtype)
    assert np.array_equal(drawn, np.concatenate(expected)[:-1])
    blocks_needed = [np.abs(philox.normal(state.skip(stretch * g), width, dtype)).max() >= 2
                     for g in range(groups)]  # fmt: skip
    assert sum(blocks_needed) > 200, "the test must see groups that need more blocks"


def test_unknown_types_are_refused():
    with pytest.raises(TypeError, match="floating type"):
        philox.uniform(STATES[0], 3, np.int32)


# ------------------------------------------------------------------------ the C library's rounding


def every_uniform():
    """All numbers that a float32 uniform can be, and the angles made of them."""
    uniforms = np.arange(2**23) * 2.0**-23
    angles = (libm32.TWO_PI * uniforms).astype(np.float32).astype(np.float64)
    return np.maximum(uniforms, libm32.SMALLEST_UNIFORM), angles


def c_library():
    """glibc, if it is new enough to have the functions in question."""
    name, version = platform.libc_ver()
    if name != "glibc" or tuple(map(int, version.split("."))) < (2, 28):
        pytest.skip("needs glibc 2.28 or newer")
    library = ctypes.CDLL("libm.so.6")
    for function in ("logf", "sinf", "cosf"):
        getattr(library, function).restype = ctypes.c_float
        getattr(library, function).argtypes = [ctypes.c_float]
    return library


def test_logarithm_sine_and_cosine_round_as_the_c_library():
    library = c_library()
    chosen = np.random.default_rng(0).integers(0, 2**23, 20_000)
    uniforms, angles = (values[chosen] for values in every_uniform())
    sines, cosines = libm32.sincosf(angles)
    assert libm32.logf(uniforms).tolist() == [library.logf(x) for x in uniforms.tolist()]
    assert sines.tolist() == [library.sinf(x) for x in angles.tolist()]
    assert cosines.tolist() == [library.cosf(x) for x in angles.tolist()]


def test_no_argument_is_rounded_otherwise():
    uniforms, angles = every_uniform()
    digest = hashlib.sha256()
    for start in range(0, 2**23, 2**16):
        part = slice(start, start + 2**16)
        for result in (libm32.logf(uniforms[part]), *libm32.sincosf(angles[part])):
            digest.update(result.tobytes())
    # Of the results that agreed with glibc 2.36 on every argument.
    assert digest.hexdigest() == (
        "54740d688d28f7a2b8d1ce4a0d3090cc0af7e36e8a4e5d520f6167df203e31b4"
    )


# ------------------------------------------------------------------------------------ samplers


@given(st.data(), st.integers(0, 40))
@settings(deadline=None)
def test_the_swap_walk_needs_no_loop(data, n):
    targets = [data.draw(st.integers(i, n - 1)) for i in range(n)]
    expected = list(range(n))
    for i, j in enumerate(targets):
        expected[i], expected[j] = expected[j], expected[i]
    assert random_samplers._swap_walk(np.array(targets, np.int64)).tolist() == expected


@given(states, st.integers(0, 200))
@settings(deadline=None)
def test_permutations_are_permutations(state, n):
    assert sorted(random_samplers.permutation(state, n).tolist()) == list(range(n))


@pytest.mark.parametrize(("rows", "cost", "threads", "expected"), [
    (1, 10**9, 4, [0]),
    (1000, 100, 4, [0]),
    (1000, 10_000, 1, [0]),
    (100, 10_000, 2, list(range(0, 100, 13))),
])  # fmt: skip
def test_work_ranges(rows, cost, threads, expected):
    assert random_samplers.work_ranges(rows, cost, threads) == expected


def test_classes_without_probability_are_never_drawn():
    logits = np.array([[0, -np.inf, 1, np.nan, np.inf], [-np.inf] * 5], np.float32)
    drawn = random_samplers.categorical(STATES[0], logits, 300, threads=1)
    assert set(drawn[0].tolist()) == {0, 2}
    assert set(drawn[1].tolist()) == {5}, "TensorFlow answers the number of classes"


@pytest.mark.parametrize("parameter", [0.05, 0.7, 1.0, 4.0, 60.0])
def test_gamma_and_poisson_have_their_moments(parameter):
    gamma = random_samplers.gamma(STATES[0], 20_000, np.array([parameter]))
    poisson = random_samplers.poisson(STATES[0], 20_000, np.array([parameter]))
    for drawn in (gamma, poisson):
        assert drawn.shape == (20_000, 1)
        assert math.isclose(drawn.mean(), parameter, rel_tol=0.1)
        assert math.isclose(drawn.var(), parameter, rel_tol=0.1)


def test_gamma_and_poisson_of_nonsense():
    gamma = random_samplers.gamma(STATES[0], 3, np.array([-1.0, np.nan]))
    poisson = random_samplers.poisson(STATES[0], 3, np.array([np.inf, np.nan, -1.0, -1e9]))
    assert np.isnan(gamma).all()
    assert np.isnan(poisson[:, :2]).all()
    assert (poisson[:, 2:] == 0).all(), "as TensorFlow answers"


# ------------------------------------------------------------------------- the traced functions


def traced(function, state, *arguments):
    def call(key, counter):
        return getattr(philox_jax, function)(key, counter, *arguments)

    return np.asarray(jax.jit(call)(*philox.state_words(state)))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("function", ["uniform", "normal", "truncated_normal"])
def test_traced_numbers_are_the_same(function, dtype):
    for shape, state in zip([(), (3, 5), (40_001,)], STATES, strict=True):
        expected = getattr(philox, function)(state, math.prod(shape), dtype).reshape(shape)
        found = traced(function, state, shape, dtype)
        assert (found.shape, found.dtype) == (shape, expected.dtype)
        assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("function", ["uniform", "normal", "truncated_normal"])
def test_traced_draws_may_be_empty(function):
    assert traced(function, STATES[0], (0, 3), np.float32).shape == (0, 3)


@pytest.mark.parametrize(("low", "high", "dtype"), [
    (-5, 1000, "int32"), (-(2**31), 2**31 - 1, "int32"),
    (-5, 10**12, "int64"), (-(2**63), 2**63 - 1, "int64"),
])  # fmt: skip
def test_traced_integers_are_the_same(low, high, dtype):
    def draw(key, counter, low, high):
        return philox_jax.uniform_int(key, counter, (1001,), low, high, dtype)

    bounds = np.array([low, high], dtype)
    for state in STATES:
        found = np.asarray(jax.jit(draw)(*philox.state_words(state), *bounds))
        assert found.dtype == dtype
        assert np.array_equal(found, philox.uniform_int(state, 1001, low, high, dtype))


@pytest.mark.slow
def test_traced_logarithm_sine_and_cosine_agree_on_every_argument():
    uniforms, angles = every_uniform()
    sines, cosines = libm32.sincosf(angles)
    narrow = angles.astype(np.float32)
    assert np.array_equal(
        jax.jit(philox_jax.logf)(uniforms.astype(np.float32)), libm32.logf(uniforms)
    )
    for cosine, expected in ((False, sines), (True, cosines)):
        found = jax.jit(philox_jax.sinf)(narrow, np.full(narrow.shape, cosine))
        assert np.array_equal(found, expected)


def test_traced_states_move_on():
    for state in STATES:
        _, counter = philox.state_words(state)
        moved = jax.jit(philox_jax.skip)(counter, np.uint64(2**63 + 5))
        assert np.array_equal(moved, philox.state_words(state.skip(2**63 + 5))[1])


@pytest.mark.parametrize("seed", [(0, 0), (1, -2), (2**40, -(2**63))])
def test_traced_stateless_seeds_are_scrambled_the_same(seed):
    found = jax.jit(philox_jax.stateless_state)(np.array(seed, np.int64))
    expected = philox.state_words(philox.stateless_state(seed))
    assert all(np.array_equal(*pair) for pair in zip(found, expected, strict=True))


@pytest.mark.parametrize("dtype", ["int32", "uint32", "int64", "uint64"])
def test_traced_full_range_integers_are_the_same(dtype):
    for state in STATES:
        found = traced("uniform_full_int", state, (501,), np.dtype(dtype))
        assert found.dtype == dtype
        assert np.array_equal(found, philox.uniform_full_int(state, 501, dtype))


@pytest.mark.parametrize("n", [0, 1, 2, 7, 1000])
def test_traced_permutations_are_the_same(n):
    found = traced("permutation", STATES[0], n)
    assert found.tolist() == random_samplers.permutation(STATES[0], n).tolist()


@pytest.mark.parametrize(("batch", "classes", "samples"), [(1, 5, 3), (3, 1, 4), (700, 40, 9)])
def test_traced_categories_are_the_same(batch, classes, samples):
    logits = 2 * np.random.default_rng(0).standard_normal((batch, classes)).astype(np.float32)
    logits[0, 0] = -np.inf
    for threads in (1, 3):
        found = traced("categorical", STATES[0], logits, samples, threads)
        expected = random_samplers.categorical(STATES[0], logits, samples, threads)
        assert found.dtype == np.int64
        assert np.array_equal(found, expected)


@pytest.mark.parametrize("sampler", ["gamma", "poisson"])
def test_traced_gamma_and_poisson_are_the_same(sampler):
    parameters = np.array([[0.3, 1.0, 2.0], [9.0, 11.0, 70.0]], np.float32)
    for state in STATES:
        found = traced(sampler, state, (4, 5), jnp.asarray(parameters))
        exact = parameters.astype(np.float64).reshape(-1)
        expected = getattr(random_samplers, sampler)(state, 20, exact)
        assert np.array_equal(found, expected.reshape(4, 5, 2, 3))


@pytest.mark.parametrize("dtype", FLOATS)
def test_multiply_add_rounds_twice(dtype):
    x = np.random.default_rng(0).standard_normal(20_000).astype(dtype)
    factor, term = np.asarray(1.2345678, dtype), np.asarray(0.333, dtype)
    found = jax.jit(philox_jax.multiply_add)(x, factor, term)
    assert np.asarray(found).tobytes() == (x * factor + term).tobytes()
    assert bool(jnp.isnan(philox_jax.multiply_add(jnp.asarray([np.nan], dtype), factor, term))[0])
