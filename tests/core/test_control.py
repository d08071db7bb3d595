"""Branches, loops, maps and folds: eagerly, in compiled functions, and under tapes."""

from __future__ import annotations

import numpy as np
import pytest

import reflow as tf
from reflow.core import while_gradient

x = tf.constant(3.0)
rows = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def flat(structure):
    return [np.asarray(leaf).tolist() for leaf in tf.nest.flatten(structure)]


@pytest.fixture(params=["eager", "compiled"])
def run(request):
    """Calls a function of tensors as it is, or compiled."""
    if request.param == "eager":
        return lambda function, *args: function(*args)
    return lambda function, *args: tf.function(function, autograph=False)(*args)


def gradients(function, *sources):
    with tf.GradientTape() as tape:
        tape.watch([s for s in sources if not isinstance(s, tf.Variable)])
        result = function(*[s for s in sources if not isinstance(s, tf.Variable)])
    return [g.numpy() for g in tape.gradient(result, sources)]


def slopes(run, function, *sources):
    """The gradients, taken outside of the function (and inside of it too, where it is compiled)."""
    outside = gradients(lambda *args: run(function, *args), *sources)
    tensors = [s for s in sources if not isinstance(s, tf.Variable)]

    def inside(*args):
        with tf.GradientTape() as tape:
            tape.watch(args)
            result = function(*args)
        remaining = iter(args)
        by = [s if isinstance(s, tf.Variable) else next(remaining) for s in sources]
        return tape.gradient(result, by)

    for first, second in zip(outside, run(inside, *tensors), strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-5)
    return [g.tolist() for g in outside]


# ---------------------------------------------------------------- cond, case, switch_case


@pytest.mark.smoke
@pytest.mark.parametrize(("value", "expected"), [(3.0, 9.0), (1.0, 2.0)])
def test_cond(run, value, expected):
    def f(a):
        return tf.cond(a > 2.0, lambda: {"r": a * a, "n": None}, lambda: {"r": a + 1.0, "n": None})

    result = run(f, tf.constant(value))
    assert (float(result["r"]), result["n"]) == (expected, None)


def test_cond_assigns_in_the_branch_taken(run):
    v = tf.Variable(0.0)

    def f(a):
        def then():
            v.assign(a)
            return v * 1.0

        def otherwise():
            v.assign_add(5.0)
            return v + 0.5

        return tf.cond(a > 2.0, then, otherwise), v.read_value()

    assert flat(run(f, tf.constant(3.0))) == [3.0, 3.0]
    assert flat(run(f, tf.constant(1.0))) == [8.5, 8.0]
    assert float(v) == 8.0


def test_cond_gradients(run):
    v = tf.Variable(2.0)

    def f(a):
        return tf.cond(a > 2.0, lambda: a * a * v, lambda: a)

    assert slopes(run, f, x, v) == [12.0, 9.0]
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = run(f, x * 0.1)
    assert float(tape.gradient(y, x)) == pytest.approx(0.1)


def test_cond_with_a_python_value():
    assert tf.cond(True, lambda: 1, lambda: 2) == 1
    assert tf.cond(False, lambda: [x], lambda: [x, x]) == [x, x]


def test_cond_errors():
    with pytest.raises(TypeError, match="true_fn must be callable"):
        tf.cond(True, x, lambda: x)
    with pytest.raises(TypeError, match="false_fn argument required"):
        tf.cond(True, lambda: x)

    def compiled(pred, then, otherwise):
        return tf.function(lambda a: tf.cond(pred(a), then(a), otherwise(a)), autograph=False)(x)

    with pytest.raises(TypeError, match="same dtypes"):
        compiled(lambda a: a > 2, lambda a: lambda: 1, lambda a: lambda: a)
    with pytest.raises(TypeError, match="same structure"):
        compiled(lambda a: a > 2, lambda a: lambda: (a, a), lambda a: lambda: a)
    with pytest.raises(tf.errors.InvalidArgumentError, match="boolean scalar"):
        compiled(lambda a: a * rows > 2, lambda a: lambda: a, lambda a: lambda: a)


def test_branches_of_different_shapes_run_as_python():
    f = tf.function(lambda a: tf.cond(a > 2.0, lambda: rows, lambda: a), autograph=False)
    assert f(x).shape == (3, 2)
    assert f(tf.constant(1.0)).shape == ()


@pytest.mark.parametrize("default", [None, lambda: 70])
def test_switch_case(run, default):
    def f(i):
        return tf.switch_case(i, [lambda: 0, lambda: 10, lambda: 20], default=default)

    last = 20 if default is None else 70
    found = [int(run(f, tf.constant(i))) for i in (-1, 0, 1, 2, 3)]
    assert found == [last, 0, 10, 20, last]


def test_switch_case_with_keys():
    branches = {1: lambda: 10, 0: lambda: 0}
    assert tf.switch_case(tf.constant(1), branches) == 10
    assert tf.switch_case(tf.constant(0), [(1, lambda: 10), (0, lambda: 0)]) == 0
    with pytest.raises(ValueError, match=r"contiguous range of \[0 to 2\) but found \{1,3\}"):
        tf.switch_case(tf.constant(0), {1: lambda: x, 3: lambda: x})
    with pytest.raises(ValueError, match="at least one item"):
        tf.switch_case(tf.constant(0), [])
    with pytest.raises(TypeError, match="must be a 2-tuple"):
        tf.switch_case(tf.constant(0), [x, lambda: x])


def test_case(run):
    def f(a):
        return tf.case([(a > 5.0, lambda: a), (a > 2.0, lambda: a * 2.0)], default=lambda: a * 9.0)

    assert [float(run(f, tf.constant(v))) for v in (6.0, 3.0, 1.0)] == [6.0, 6.0, 9.0]


def test_case_without_default(run):
    def f(a):
        return tf.case([(a > 5.0, lambda: a), (a > 2.0, lambda: a * 2.0)])

    assert float(run(f, x)) == 6.0
    with pytest.raises(tf.errors.InvalidArgumentError, match="None of conditions evaluated"):
        float(run(f, tf.constant(1.0)))
    with pytest.raises(TypeError, match="must be a 2-tuple"):
        tf.case([lambda: x])


# ---------------------------------------------------------------- while_loop


@pytest.mark.smoke
def test_while_loop(run):
    def f(n):
        return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + 1, a * 2.0), (0, 1.0))

    result = run(f, tf.constant(5))
    assert type(result) is tuple
    assert flat(result) == [5, 32.0]


def test_while_loop_structures(run):
    def f(n):
        state = {"a": x, "b": (x, x)}
        return tf.while_loop(
            lambda i, s: i < n,
            lambda i, s: [i + 1, {"a": s["a"] + 1.0, "b": (s["b"][1], s["a"])}],
            [tf.constant(0), state],
        )

    assert flat(run(f, tf.constant(2))) == [2, 5.0, 3.0, 4.0]
    assert flat(run(f, tf.constant(0))) == [0, 3.0, 3.0, 3.0]


def test_while_loop_with_one_variable(run):
    def f(n):
        return tf.while_loop(lambda i: i < n, lambda i: i + 1, [tf.constant(0)])

    assert flat(run(f, tf.constant(4))) == [4]


@pytest.mark.parametrize("limit", [0, 3, 100])
def test_maximum_iterations(run, limit):
    def f(n):
        body = lambda i, a: [i + 1, a * 2.0]  # noqa: E731
        return tf.while_loop(lambda i, a: i < n, body, [0, 1.0], maximum_iterations=limit)

    assert flat(run(f, tf.constant(7))) == [min(limit, 7), 2.0 ** min(limit, 7)]


def test_while_loop_assigns(run):
    v = tf.Variable(0.0)

    def f(n):
        def body(i):
            v.assign_add(tf.cast(i, tf.float32) + 1.0)
            return i + 1

        tf.while_loop(lambda i: i < n, body, [tf.constant(0)])
        return v * 10.0

    assert float(run(f, tf.constant(4))) == 100.0
    assert float(v) == 10.0


@pytest.mark.parametrize("kept", [16, 3])
def test_while_loop_gradients(run, monkeypatch, kept):
    # Few values kept: those between are computed again.
    monkeypatch.setattr(while_gradient, "KEPT_AT_MOST", kept)
    v = tf.Variable(0.9)

    def f(a):
        _, result = tf.while_loop(lambda i, r: i < 40, lambda i, r: (i + 1, r * v + a), (0, a))
        return result

    powers = 0.9 ** np.arange(41)
    by_a = powers.sum()
    by_v = sum(3.0 * k * 0.9 ** (k - 1) for k in range(1, 41))
    np.testing.assert_allclose(slopes(run, f, x, v), [by_a, by_v], rtol=1e-4)


def test_while_loop_gradients_stop_at_assignments(run):
    v = tf.Variable(2.0)

    def f(a):
        def body(i, r):
            r = r * v
            v.assign(a)
            return i + 1, r

        v.assign(2.0)
        return tf.while_loop(lambda i, r: i < 3, body, (0, a))[1]

    # r = a v1 v2 v3 with v = 2, 3, 3; each reading of v counts, none leads to a.
    assert slopes(run, f, x, v) == [18.0, 27.0 + 18.0 + 18.0]


def test_while_loop_errors(run):
    with pytest.raises(TypeError, match="cond must be callable"):
        tf.while_loop(5, lambda a: a, [x])
    with pytest.raises(TypeError, match="body must be callable"):
        tf.while_loop(lambda a: a, 5, [x])
    with pytest.raises(ValueError, match="No loop variables provided"):
        tf.while_loop(lambda: True, lambda: 1, [])
    with pytest.raises(ValueError, match="same nested structure"):
        run(lambda a: tf.while_loop(lambda i, j: i < 9.0, lambda i, j: (i,), (a, a)), x)


def test_loop_variables_keep_shape_and_dtype():
    def grow(n, **options):
        return tf.while_loop(
            lambda i, a: i < n,
            lambda i, a: (i + 1, tf.concat([a, a], 0)),
            (0, tf.constant([1.0])),
            **options,
        )

    compiled = tf.function(grow, autograph=False)
    with pytest.raises(ValueError, match="shape_invariants"):
        compiled(tf.constant(3))
    shapes = (tf.TensorShape([]), tf.TensorShape([None]))
    found = tf.function(lambda n: grow(n, shape_invariants=shapes), autograph=False)
    assert found(tf.constant(3))[1].shape == (8,)
    with pytest.raises(TypeError, match="keep their dtypes"):
        tf.function(
            lambda n: tf.while_loop(lambda a: a < n, lambda a: tf.cast(a, tf.float64), [n]),
            autograph=False,
        )(x)


# ---------------------------------------------------------------- map_fn, folds, scan


def test_map_fn(run):
    v = tf.Variable(2.0)
    assert flat(run(lambda e: tf.map_fn(lambda r: tf.reduce_sum(r) * v, e), rows)) == [
        [6.0, 14.0, 22.0]
    ]
    kinds = (tf.float32, tf.int32)
    both = run(lambda e: tf.map_fn(lambda r: (r, tf.cast(r[0], tf.int32)), e, dtype=kinds), rows)
    assert flat(both) == [rows.numpy().tolist(), [1, 3, 5]]
    pairs = run(lambda e: tf.map_fn(lambda p: p[0] * p[1], (e, e), dtype=tf.float32), rows)
    assert flat(pairs) == [(rows.numpy() ** 2).tolist()]


def test_map_fn_errors(run):
    with pytest.raises(TypeError, match="fn must be callable"):
        tf.map_fn(5, rows)
    with pytest.raises(ValueError, match="not a scalar"):
        tf.map_fn(lambda r: r, x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="dtype="):
        run(lambda e: tf.map_fn(lambda r: tf.cast(r, tf.int32), e), rows)
    with pytest.raises(ValueError, match="nested structure"):
        run(lambda e: tf.map_fn(lambda r: (r, r), e), rows)
    assert tf.map_fn(lambda r: r, tf.zeros([0, 2])).shape[0] == 0


@pytest.mark.parametrize(
    ("fold", "elements", "start", "expected"),
    [
        (tf.foldl, [1, 2, 3], None, 123),
        (tf.foldl, [1, 2, 3], 7, 7123),
        (tf.foldr, [1, 2, 3], None, 321),
        (tf.foldr, [1, 2, 3], 7, 7321),
        (tf.foldl, [5], None, 5),
    ],
)
def test_folds(run, fold, elements, start, expected):
    def f(e):
        return fold(lambda a, r: a * 10 + r, e, initializer=start)

    assert int(run(f, tf.constant(elements))) == expected


def test_folds_of_structures(run):
    def f(e):
        return tf.foldl(
            lambda a, p: (a[0] + p["k"], a[1] * p["k"]), {"k": e}, initializer=(0.0, 1.0)
        )

    assert flat(run(f, tf.constant([1.0, 2.0, 4.0]))) == [7.0, 8.0]


@pytest.mark.parametrize(
    ("start", "reverse", "expected"),
    [
        (None, False, [1, 3, 6]),
        (10, False, [11, 13, 16]),
        (None, True, [6, 5, 3]),
        (10, True, [16, 15, 13]),
    ],
)
def test_scan(run, start, reverse, expected):
    def f(e):
        return tf.scan(lambda a, r: a + r, e, initializer=start, reverse=reverse)

    assert run(f, tf.constant([1, 2, 3])).numpy().tolist() == expected


def test_scan_of_nothing():
    assert tf.scan(lambda a, r: a + r, tf.zeros([0]), initializer=1.0).shape == (0,)
    assert tf.scan(lambda a, r: a + r, tf.constant([5])).numpy().tolist() == [5]


def test_vectorized_map(run):
    v = tf.Variable(2.0)
    found = run(lambda e: tf.vectorized_map(lambda r: tf.reduce_sum(r * r) * v, e), rows)
    assert flat(found) == [[10.0, 50.0, 122.0]]
    pair = run(lambda e: tf.vectorized_map(lambda p: (p[0] + p[1], p[0] > 2.0), (e, e)), rows)
    assert flat(pair) == [(rows.numpy() * 2).tolist(), (rows.numpy() > 2).tolist()]


def test_vectorized_map_calls_its_function_once():
    calls = []
    tf.vectorized_map(lambda r: calls.append(None) or r * 2.0, tf.zeros([1000, 2]))
    assert len(calls) == 1
    rowwise = tf.vectorized_map(lambda r: r * float(r[0] > 2.0), rows)  # needs values: row by row
    assert flat(rowwise) == [[[0, 0], [3, 4], [5, 6]]]


@pytest.mark.parametrize(
    ("function", "by_rows", "by_v"),
    [
        (lambda e, v: tf.map_fn(lambda r: tf.reduce_sum(r * r * v), e), rows.numpy() * 4, 91.0),
        (lambda e, v: tf.vectorized_map(lambda r: tf.reduce_sum(r * r * v), e),
         rows.numpy() * 4, 91.0),
        (lambda e, v: tf.foldl(lambda a, r: a + r * r * v, e, initializer=tf.zeros([2])),
         rows.numpy() * 4, 91.0),
        (lambda e, v: tf.scan(lambda a, r: a + r * v, e), [[3, 3], [4, 4], [2, 2]], 25.0),
    ],
    ids=["map_fn", "vectorized_map", "foldl", "scan"],
)  # fmt: skip
def test_gradients_of_maps_and_folds(run, function, by_rows, by_v):
    v = tf.Variable(2.0)
    found = slopes(run, lambda e: function(e, v), rows, v)
    np.testing.assert_allclose(found[0], by_rows, rtol=1e-5)
    assert found[1] == pytest.approx(by_v)


def test_checks_inside_bodies_are_raised(run):
    table = tf.constant([1.0, 2.0, 3.0])

    def looped(n):
        return tf.while_loop(
            lambda i, a: i < n, lambda i, a: (i + 1, a + tf.gather(table, i)), (0, 0.0)
        )[1]

    def branched(n):
        return tf.cond(n > 1, lambda: tf.gather(table, n), lambda: tf.gather(table, 0))

    assert [float(run(looped, tf.constant(3))), float(run(branched, tf.constant(2)))] == [6.0, 3.0]
    for function in (looped, branched):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"is not in \[0, 3\)"):
            float(run(function, tf.constant(5)))
    assert float(run(branched, tf.constant(1))) == 1.0


# ---------------------------------------------------------------- TensorArray


def test_tensor_array():
    array = tf.TensorArray(tf.float32, size=3)
    for i in range(3):
        array = array.write(i, x * float(i))
    assert array.stack().numpy().tolist() == [0.0, 3.0, 6.0]
    assert int(array.size()) == 3
    assert array.gather([2, 0]).numpy().tolist() == [6.0, 0.0]
    filled = tf.TensorArray(tf.float32, size=3, clear_after_read=False).unstack(rows)
    assert filled.read(1).numpy().tolist() == filled.read(1).numpy().tolist() == [3.0, 4.0]
    assert filled.concat().shape == (6,)
    split = tf.TensorArray(tf.int32, 2, infer_shape=False).split(tf.range(5), [2, 3])
    assert split.read(1).numpy().tolist() == [2, 3, 4]


def test_tensor_array_gradients(run):
    def f(a):
        array = tf.TensorArray(tf.float32, size=0, dynamic_size=True)
        for i in range(3):
            array = array.write(i, a * a * float(i))
        return tf.reduce_sum(array.stack())

    assert slopes(run, f, x) == [18.0]


def test_tensor_array_in_a_loop(run):
    def f(n):
        array = tf.TensorArray(tf.float32, 3)
        body = lambda i, t: (i + 1, t.write(i, tf.cast(i, tf.float32)))  # noqa: E731
        return tf.while_loop(lambda i, t: i < n, body, (0, array))[1].stack()

    assert run(f, tf.constant(3)).numpy().tolist() == [0.0, 1.0, 2.0]


def test_tensor_array_errors():
    array = tf.TensorArray(tf.float32, 2)
    with pytest.raises(tf.errors.OutOfRangeError, match="not resizeable and size is: 2"):
        array.write(2, x)
    with pytest.raises(tf.errors.OutOfRangeError, match="negative"):
        array.write(-1, x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="dtype"):
        array.write(0, tf.constant(1))
    array.write(0, x).read(0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Could not read index 0 twice"):
        array.read(0)
    with pytest.raises(ValueError, match="Incompatible shape"):
        array.write(1, rows)
    with pytest.raises(ValueError, match="Size must be declared"):
        tf.TensorArray(tf.float32)
