"""tf.function: when it traces, what it may do, and what it gives back."""

from __future__ import annotations

import collections
import functools
import gc
import weakref

import numpy as np
import pytest

import reflow as tf

x = tf.constant(3.0)
w = tf.constant([1.0, 2.0])


def equal(result, expected):
    np.testing.assert_allclose(result, np.array(expected, np.float32), rtol=1e-6)


def counted(function=None, **options):
    """A tf.function that notes what it was traced with in ``.traces``."""

    def decorate(inner):
        traces = []

        @functools.wraps(inner)
        def noting(*args, **kwargs):
            traces.append((args, kwargs))
            return inner(*args, **kwargs)

        made = tf.function(noting, **options)
        made.traces = traces
        return made

    return decorate(function) if function is not None else decorate


# ---------------------------------------------------------------- when it traces


@pytest.mark.smoke
def test_one_trace_per_shape_and_dtype():
    f = counted(lambda a: a + a)
    for value in (x, tf.constant(4.0), w, tf.constant([5.0, 6.0]), tf.constant(1), tf.constant(2)):
        np.testing.assert_array_equal(f(value), value.numpy() * 2)
    assert [args[0].shape for args, _ in f.traces] == [(), (2,), ()]


def test_one_trace_per_python_value():
    f = counted(lambda a, n: a * n)
    equal([f(x, n) for n in (2.0, 2.0, 3, 3.0, True)], [6, 6, 9, 9, 3])
    # As in TF, 3.0 shares the trace of 3: the two are equal.
    assert [args[1] for args, _ in f.traces] == [2.0, 3, True]


def test_defaults_and_keywords_are_one_call():
    f = tf.function(lambda a, n=2, *, k=3: traces.append((n, k)) or a * n + k)
    traces = []
    calls = [f(x), f(x, 2), f(x, n=2), f(n=2, a=x), f(x, k=3), f(x, 3, k=1)]
    equal(calls, [9, 9, 9, 9, 9, 10])
    assert traces == [(2, 3), (3, 1)]


def test_numpy_arrays_are_tensors_but_numbers_are_not():
    f = counted(lambda a: tf.constant(a * 2))
    for value in (np.ones(2), np.zeros(2), np.float32(1), np.float32(2)):
        np.testing.assert_array_equal(f(value), value * 2)
    kinds = [type(args[0]).__name__ for args, _ in f.traces]
    assert kinds == ["Tensor", "float32", "float32"]


def test_structures_are_looked_into():
    f = counted(lambda a: a[0] + a[1])
    equal([f([x, x]), f((x, x)), f([x, 2.0]), f([x, 2.0]), f([x, x * 2.0])], [6, 6, 5, 5, 9])
    assert [type(args[0]) for args, _ in f.traces] == [list, tuple, list]
    g = counted(lambda d: d["a"] - d["b"])
    equal([g({"a": x, "b": x}), g({"b": x, "a": x * 2.0})], [0, 3])
    assert len(g.traces) == 1


def test_objects_trace_once_each_and_are_not_kept():
    class Scale:
        by = 2.0

    f = counted(lambda scale, a: a * scale.by)
    scale = Scale()
    equal([f(scale, x), f(scale, x)], [6, 6])
    assert len(f.traces) == 1
    gone = weakref.ref(scale)
    del scale
    f.traces.clear()
    gc.collect()
    assert gone() is None
    f(Scale(), x)
    assert sum(1 for _ in f._bodies) == 1


def test_equal_values_of_a_type_with_equality_share_a_trace():
    f = counted(lambda pair, dtype, a: tf.cast(a * pair.first, dtype))
    for _ in range(2):
        assert int(f(Pair(2.0, "q"), tf.int32, x)) == 6
    assert len(f.traces) == 1


def test_variables_as_arguments():
    f = tf.function(lambda variable, a: variable.assign_add(a) * 1.0)
    first, second = tf.Variable(1.0), tf.Variable(2.0)
    equal([f(first, x), f(second, x), f(first, x)], [4, 5, 7])
    equal([first, second], [7, 5])


def test_side_effects_of_python_happen_while_tracing(capsys):
    @tf.function
    def f(a):
        print("tracing", a)
        return a

    f(w)
    f(w)
    assert capsys.readouterr().out == 'tracing Tensor("a:0", shape=(2,), dtype=float32)\n'


def test_names_of_tensors_while_tracing():
    names = []

    @tf.function
    def f(a, *b, **c):
        total = a + b[0]
        seen = (a, *b, c["k"], total, total + total, tf.matmul(a, a))
        names.extend(t.name.removesuffix(":0") for t in seen)
        return total

    square = tf.ones([2, 2])
    f(square, square, square, k=square)
    assert names == ["a", "b_0", "b_1", "k", "add", "add_1", "MatMul"]


# ---------------------------------------------------------------- arguments and results


Pair = collections.namedtuple("Pair", "first second")  # noqa: PYI024 - as 2020's programs do


@pytest.mark.parametrize(
    "structure",
    [
        None,
        3.0,
        [],
        (3.0, None, [4.0, {"k": 5.0, "a": [1.0, 2.0]}]),
        Pair(1.0, (2.0,)),
        {"b": 1.0, "a": None},
    ],
    ids=str,
)
def test_results_keep_their_structure(structure):
    result = tf.function(lambda: structure)()
    plain = tf.nest.map_structure(lambda t: None if t is None else float(t), result)
    assert plain == structure
    assert type(plain) is type(structure)


def test_python_values_become_tensors():
    integer, truth, array = tf.function(lambda: (5, True, np.ones(2)))()
    assert [t.dtype for t in (integer, truth, array)] == [tf.int32, tf.bool, tf.float64]


def test_results_of_other_kinds_are_refused():
    with pytest.raises(TypeError, match="found return value of type object"):
        tf.function(lambda a: object())(x)


def test_composite_arguments_and_results():
    f = counted(lambda s: tf.IndexedSlices(s.values * 2.0, s.indices))
    for _ in range(2):
        slices = tf.IndexedSlices(tf.ones([2, 3]), tf.constant([0, 1]))
        result = f(slices)
        assert type(result) is tf.IndexedSlices
        equal(result.values, np.full([2, 3], 2))
    assert len(f.traces) == 1


def test_missing_and_unknown_arguments():
    f = tf.function(lambda a, b: a + b)
    with pytest.raises(TypeError, match="missing a required argument: 'b'"):
        f(x)
    with pytest.raises(TypeError, match="unexpected keyword argument 'c'"):
        f(x, x, c=1)


def test_attributes():
    @tf.function
    def f(a):
        """Says what it does."""
        return a

    assert (f.__name__, f.__doc__) == ("f", "Says what it does.")
    assert f.python_function(5) == 5


# ---------------------------------------------------------------- input_signature


def test_input_signature_converts_and_checks():
    spec = tf.TensorSpec([None], tf.float32)
    f = tf.function(lambda a, n=3.0: a * n, input_signature=[spec])
    for value in (w, [1.0, 2.0], np.array([1.0, 2.0]), tf.Variable([1.0, 2.0])):
        equal(f(value), [3, 6])
    equal(f(tf.ones([3])), [3, 3, 3])
    with pytest.raises(ValueError, match="Python inputs incompatible with input_signature"):
        f(x)
    with pytest.raises(ValueError, match="Python inputs incompatible with input_signature"):
        f(tf.constant([1]))
    with pytest.raises(ValueError, match="must be convertible to tensors"):
        f(object())
    with pytest.raises(TypeError, match=r"only pass arguments covered by it. Received 2 argument"):
        f(w, 2.0)
    with pytest.raises(TypeError, match=r"covered by it\. Received argument n"):
        f(w, n=2.0)
    with pytest.raises(ValueError, match="Structure of Python function inputs does not match"):
        f()


def test_input_signature_with_structures():
    spec = tf.TensorSpec([], tf.float32)
    f = tf.function(lambda p, d: p[0] * d["k"], input_signature=[[spec, spec], {"k": spec}])
    equal(f([x, 2.0], {"k": 5.0}), 15)
    equal(f(d={"k": 5.0}, p=(x, 2.0)), 15)
    with pytest.raises(ValueError, match="Structure of Python function inputs"):
        f([x], {"k": 5.0})


@pytest.mark.parametrize("signature", [tf.TensorSpec([]), [3], [None]])
def test_bad_input_signatures(signature):
    with pytest.raises(TypeError, match="input_signature"):
        tf.function(lambda a: a, input_signature=signature)


# ---------------------------------------------------------------- concrete functions


def test_concrete_function():
    f = counted(lambda a, b: a - b)
    c = f.get_concrete_function(tf.TensorSpec([]), b=tf.TensorSpec([], name="other"))
    equal([c(x, x), c(x, other=x * 2.0), c(other=x, a=w[0]), f(x, x)], [0, -3, -2, 0])
    assert len(f.traces) == 1
    names = [spec.name for spec in tf.nest.flatten(c.structured_input_signature)]
    assert names == ["a", "other"]


def test_concrete_function_describes_itself():
    v = tf.Variable([1.0, 2.0])
    fixed = tf.Variable([1.0, 2.0], trainable=False)

    @tf.function
    def f(a, n, pair=(1.0, None)):
        return {"sum": a * n + v + fixed, "rest": (w, None)}

    c = f.get_concrete_function(tf.TensorSpec([None, 2]), 3)
    (spec, number, pair), keywords = c.structured_input_signature
    assert (spec, number, pair, keywords) == (
        tf.TensorSpec([None, 2], tf.float32, "a"), 3, (1.0, None), {},
    )  # fmt: skip
    assert c.output_dtypes == {"sum": tf.float32, "rest": (tf.float32, None)}
    assert c.output_shapes["sum"].as_list() == [None, 2]
    assert c.output_shapes["rest"][0].as_list() == [2]
    assert [len(part) for part in (c.inputs, c.outputs, c.captured_inputs)] == [4, 2, 3]
    assert [a is b for a, b in zip(c.variables, (v, fixed), strict=True)] == [True, True]
    assert [a is v for a in c.trainable_variables] == [True]
    equal(c(tf.ones([3, 2]))["sum"], [[5, 7]] * 3)


def test_concrete_functions_are_strict():
    c = tf.function(lambda a, b: a - b).get_concrete_function(x, x)
    with pytest.raises(TypeError, match=r"got values for \['a'\]. Missing: \['b'\]"):
        c(x)
    with pytest.raises(TypeError, match="at most 2 positional arguments"):
        c(x, x, x)
    with pytest.raises(ValueError, match=r"the 1-th input \(2.0\) was not a Tensor"):
        c(x, 2.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected to be a float tensor"):
        c(x, tf.constant(1))


# ---------------------------------------------------------------- variables


@pytest.mark.smoke
def test_variables_are_read_and_assigned():
    v = tf.Variable(9.0)

    @tf.function
    def f(a):
        v.assign(a)
        v.assign_add(1.0)
        y = v * 2.0
        v.assign(0.5)
        return y, v.read_value(), v

    equal(f(x), [8, 0.5, 0.5])
    equal(v, 0.5)
    v.assign(7.0)
    equal(tf.function(lambda: v * 1.0)(), 7)


def test_changes_outside_are_seen():
    v, held = tf.Variable(2.0), [tf.constant(2.0)]
    f = tf.function(lambda a: (v * a, held[0] * a))
    equal(f(x), [6, 6])
    v.assign(10.0)
    held[0] = tf.constant(10.0)
    equal(f(x), [30, 6])  # the tensor was taken when the function was traced


def test_variables_are_created_in_the_first_call_only():
    made, traces = [], []

    @tf.function
    def f(a):
        traces.append(None)
        if not made:
            made.append(tf.Variable(tf.ones([2]) * 5.0, name="made"))
        return made[0].assign_add(a)

    equal([f(w), f(w), f(w)], [[6, 7], [7, 9], [8, 11]])
    assert len(traces) == 2
    assert made[0].name == "made:0"

    with pytest.raises(ValueError, match="tried to create variables on non-first call"):
        tf.function(lambda a: tf.Variable(1.0) + a)(x)

    late = []

    @tf.function
    def g(a, create):
        if create:
            late.append(tf.Variable(1.0))
        return a

    g(x, False)
    with pytest.raises(ValueError, match="Creating variables on a non-first call"):
        g(x, True)


def test_variables_are_created_from_what_the_call_passes():
    made = []

    @tf.function
    def f(a):
        if not made:
            made.append(tf.Variable(a * 2.0))
            made.append(tf.Variable(lambda: 7.0))
            made.append(tf.Variable(made[0] + 1.0))
        return made[0] + made[1] + made[2]

    equal([f(x), f(tf.constant(100.0))], [6 + 7 + 7, 20])


def test_init_scope_leaves_the_function():
    eager, made = [], []

    @tf.function
    def f(a):
        with tf.init_scope():
            eager.append(tf.executing_eagerly())
            if not made:
                made.append(tf.Variable(7.0) if float(tf.constant(1.0)) else None)
        eager.append(tf.executing_eagerly())
        return made[0] + a

    equal(f(x), 10)
    assert eager[:2] == [True, False]


def test_methods_have_traces_of_their_own():
    class Layer:
        def __init__(self, start):
            self.weight = tf.Variable(start)
            self.traces = 0

        @tf.function
        def __call__(self, a, k=1.0):
            self.traces += 1
            return self.weight * a * k

        @tf.function(input_signature=[tf.TensorSpec([])])
        def signed(self, a):
            return self.weight - a

        @staticmethod
        @tf.function
        def plain(a):
            return a * 9.0

    first, second = Layer(2.0), Layer(10.0)
    equal([first(x), first(x), second(x), first(x, k=2.0)], [6, 6, 30, 12])
    equal([first.signed(1.0), second.signed(1.0), Layer.plain(x)], [1, 9, 27])
    assert (first.traces, second.traces) == (2, 1)
    assert first.signed is first.signed
    equal(first.signed.get_concrete_function()(x), -1)
    gone = weakref.ref(second)
    del second
    gc.collect()
    assert gone() is None


# ---------------------------------------------------------------- gradients


def test_gradients_flow_through():
    v = tf.Variable(2.0)
    f = tf.function(lambda a: v * a * a)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x) * 2.0
    equal(tape.gradient(y, [x, v]), [24, 18])


def test_gradients_are_taken_inside_and_outside():
    v = tf.Variable(2.0)

    @tf.function
    def slope(a):
        with tf.GradientTape() as tape:
            tape.watch(a)
            y = v * a * a
        return tape.gradient(y, a)

    with tf.GradientTape() as outer:
        outer.watch(x)
        g = slope(x)
    equal(g, 12)
    equal(outer.gradient(g, [x, v]), [4, 6])


def test_an_argument_that_plays_no_part_has_no_gradient():
    f = tf.function(lambda a, b, c: (a * b, c))
    v = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, w])
        y, z = f(x, 2.0, w)
        u = tf.function(lambda a: tf.stop_gradient(v) * a)(x)
    assert tape.gradient(u, v) is None
    equal(tape.gradient(y, w), [0, 0])  # another result depends on it: zeros, as in TF
    equal(tape.gradient(z, x), 0)


def test_assignments_inside_stop_gradients():
    v = tf.Variable(2.0)

    @tf.function
    def f(a):
        before = v * v
        v.assign(a * 2.0)
        return v * 3.0 + before

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    by_x, by_v = tape.gradient(y, [x, v])
    equal(by_v, 4 + 3)
    equal(by_x if by_x is not None else 0.0, 0)


def test_a_training_step():
    v = tf.Variable([5.0, -5.0])

    @tf.function
    def step(target):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.square(v - target))
        v.assign_sub(0.25 * tape.gradient(loss, v))
        return loss

    losses = [float(step(w)) for _ in range(10)]
    assert losses == sorted(losses, reverse=True)
    np.testing.assert_allclose(v, [1 + 4 * 0.5**10, 2 - 7 * 0.5**10], rtol=1e-5)


def test_functions_call_functions():
    inner = counted(lambda a: a * a)
    outer = tf.function(lambda a: inner(a) + inner(w))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = outer(x)
    equal(y, [10, 13])
    equal(tape.gradient(y, x), 12)
    assert len(inner.traces) == 2


def test_gradients_and_hessians_inside():
    @tf.function
    def f(a, b):
        square = a * a
        return (
            tf.gradients(square * b, [a, b]),
            tf.gradients(a * b, [a, b], grad_ys=tf.constant([2.0, 2.0])),
            tf.gradients(a, b, unconnected_gradients="zero"),
            tf.gradients(square * b, a, stop_gradients=[square]),
            tf.hessians(tf.reduce_sum(a * a * a), a),
        )

    b = tf.constant([3.0, 4.0])
    plain, seeded, zero, stopped, second = f(w, b)
    equal(plain, [[6, 16], [1, 4]])
    equal(seeded, [[6, 8], [2, 4]])
    equal(zero, [[0, 0]])
    assert stopped == [None]
    equal(second, [[[6, 0], [0, 12]]])
    for outside in (lambda: tf.gradients(w, w), lambda: tf.hessians(w, w)):
        with pytest.raises(RuntimeError, match=r"tf\.gradients is not supported when eager"):
            outside()


# ---------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda a: a if a > 1.0 else -a, "`bool`"),
        (float, "`float`"),
        (lambda a: int(tf.cast(a, tf.int32)), "`int`"),
    ],
)
def test_values_are_not_known_while_tracing(use, words):
    with pytest.raises(TypeError, match=words):
        tf.function(use, autograph=False)(x)


def test_other_uses_of_values_while_tracing():
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'numpy'"):
        tf.function(lambda a: a.numpy(), autograph=False)(x)
    with pytest.raises(NotImplementedError, match="Cannot convert a symbolic Tensor"):
        tf.function(lambda a: np.array(a), autograph=False)(x)


def test_tensors_do_not_leak():
    leaked = []
    tf.function(lambda a: leaked.extend([a, a * 2.0]) or a)(x)
    for tensor in leaked:
        with pytest.raises(TypeError, match="outside of the function building code"):
            tensor + 1.0


def test_an_error_while_tracing_leaves_no_trace_behind():
    f = counted(lambda a: tf.matmul(a, a))
    for _ in range(2):
        with pytest.raises((tf.errors.InvalidArgumentError, ValueError)):
            f(x)
    assert len(f.traces) == 2
    assert tf.executing_eagerly()


def test_checks_of_values_raise_after_the_call():
    f = tf.function(lambda i: tf.gather([1.0, 2.0, 3.0], i))
    equal(f(tf.constant([2, 0])), [3, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"= 5 is not in \[0, 3\)"):
        f(tf.constant([2, 5])).numpy()


def test_run_functions_eagerly():
    f = counted(float)
    tf.config.experimental_run_functions_eagerly(True)
    try:
        assert [f(x), f(x)] == [3.0, 3.0]
        assert len(f.traces) == 2
    finally:
        tf.config.experimental_run_functions_eagerly(False)


# ---------------------------------------------------------------- functions that do the same


def test_functions_made_again_are_compiled_once(monkeypatch):
    from reflow.core import profile, program

    monkeypatch.setattr(program, "INTERPRETED_RUNS", 0)
    v = tf.Variable(2.0)

    def run(a, factor):
        @tf.function
        def f(b):
            held = tf.cond(b[0] > 0.0, lambda: b * v, lambda: b)
            return tf.reduce_sum(held) * factor + tf.reduce_sum(a)

        rows = tf.vectorized_map(lambda row: row * v, a)
        return float(f(a)) + float(tf.reduce_sum(rows))

    assert [run(w, 10.0), run(w * 2.0, 10.0)] == [6 * 10 + 3 + 6, 12 * 10 + 6 + 12]
    before = profile.counters.compiles
    assert run(w * 3.0, 10.0) == 18 * 10 + 9 + 18
    assert profile.counters.compiles == before
    assert run(w, 100.0) == 6 * 100 + 3 + 6


def test_functions_that_differ_are_not_taken_for_each_other():
    pairs = [
        (lambda a: a * 0.0, lambda a: a * -0.0),
        (lambda a: a * 1, lambda a: a * 2),
        (lambda a: (a, a * 2.0), lambda a: (a * 2.0, a)),
        (lambda a: a - tf.ones([2]), lambda a: tf.ones([2]) - a),
        (lambda a: tf.reshape(a, [2, 1]), lambda a: tf.reshape(a, [1, 2])),
        (lambda a: tf.cond(a[0] > 0.0, lambda: a, lambda: -a),
         lambda a: tf.cond(a[0] > 0.0, lambda: -a, lambda: a)),
    ]  # fmt: skip
    for first, second in pairs:
        for function in (first, second):
            compiled, plain = tf.function(function, autograph=False)(w), function(w)
            for found, expected in zip(
                tf.nest.flatten(compiled), tf.nest.flatten(plain), strict=True
            ):
                np.testing.assert_array_equal(found, expected)
                np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))
    same = tf.function(lambda a: a)
    other = tf.function(lambda a: a)
    assert (same(w).shape, other(x).shape, other(tf.constant([1])).dtype) == ((2,), (), tf.int32)
