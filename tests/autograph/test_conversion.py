"""AutoGraph beyond what TensorFlow 2.1 records in the golden table: what it must not get wrong."""

import functools
import linecache
import textwrap

import pytest

import reflow as tf
from reflow.autograph.conversion import converted


def compiled(function):
    """The function as a tf.function which must not fall back to plain Python."""
    made = tf.function(function)

    @functools.wraps(function)
    def call(*args):
        result = made(*args)
        assert not made._needs_eager
        return result

    return call


def numbers(result):
    return [t.numpy().tolist() for t in tf.nest.flatten(result)]


# ---- agreement with Python: each function is run compiled on tensors, and as Python on numbers


def early_returns(n):
    if n > 5:
        return n
    elif n > 2:
        return n * 10
    return -n


def breaks_and_continues(n):
    total = 0
    i = 0
    while i < n:
        i += 1
        if i % 3 == 0:
            continue
        if total > 20:
            break
        total += i
    return total, i


def nested_loops(n):
    total = 0
    i = 0
    while i < n:
        j = 0
        while True:
            if j >= 3:
                break
            j += 1
            if j == 2:
                continue
            total += i * j
        i += 1
    return total


def loop_with_else(n):
    i = 0
    while i < n:
        if i == 4:
            break
        i += 1
    else:
        i = i + 100
    return i


def swaps(n):
    a, b = 0, 1
    i = 0
    while i < n:
        a, b = b, a + b
        i += 1
    return a


def jumps_in_with_and_try(n):
    total = 0
    i = 0
    while i < n:
        i += 1
        try:
            with tf.name_scope("s"):
                if i == 2:
                    continue
                total += i
        finally:
            total += 0
    return total


def walrus(n):
    total = 0
    while (half := n // 2) > 0:
        total += half
        n = half
    if (rest := total + n) > 4:
        total = rest
    return total, half


def matches(n):
    match "two":
        case "one":
            result = n
        case str(word):
            if n > 1:
                result = n * len(word)
            else:
                result = n - len(word)
    return result


def inner_function(n):
    def half(x):
        if x % 2 == 0:
            return x // 2
        return 3 * x + 1

    steps = 0
    while n > 1:
        n = half(n)
        steps += 1
    return steps


def logic(n):
    return (n > 2 and not n > 5) or n == 0, n if n > 3 else -n


PROGRAMS = [
    early_returns, breaks_and_continues, nested_loops, loop_with_else, swaps, jumps_in_with_and_try,
    walrus, matches, inner_function, logic,
]  # fmt: skip


@pytest.mark.parametrize("function", PROGRAMS)
def test_compiled_code_agrees_with_python(function):
    f = compiled(function)
    for n in (0, 1, 3, 4, 7, 12):
        expected = [int(v) for v in tf.nest.flatten(function(n))]
        assert [int(v) for v in numbers(f(tf.constant(n)))] == expected, n


@pytest.mark.parametrize("function", PROGRAMS)
def test_converted_code_does_the_same_with_numbers(function):
    f = converted(function)
    assert f is not function
    for n in (0, 1, 3, 4, 7, 12):
        assert f(n) == function(n)


# ---- finding the source


def test_lambdas_that_share_a_line():
    f, g = compiled(lambda x: x if x > 0 else -x), compiled(lambda x: x if x < 0 else -x)
    assert numbers([f(tf.constant(-2)), g(tf.constant(2)), f(tf.constant(3))]) == [2, -2, 3]


class Private:
    def __init__(self):
        self.__factor = 3.0

    @tf.function
    def scaled(self, x):
        if x > 0.0:
            x = x * self.__factor
        return x


class Derived(Private):
    @tf.function
    def scaled(self, x):
        if x < 5.0:
            x = super().scaled(x) + 1.0
        return x


def test_private_names_and_super():
    private, derived = Private(), Derived()
    assert numbers([private.scaled(tf.constant(2.0)), derived.scaled(tf.constant(2.0))]) == [6, 7]
    assert numbers([derived.scaled(tf.constant(9.0))]) == [9]


def test_defaults_keywords_and_closures_are_kept():
    bonus = [1.0]

    def f(x, *, scale=2.0, **more):
        if x > 0.0:
            x = x * scale
        return x + bonus[0] + more["z"]

    g = converted(f)
    assert g(1.0, z=0.5) == 3.5
    assert (g.__name__, g.__qualname__) == (f.__name__, f.__qualname__)
    bonus[0] = 10.0
    assert g(1.0, z=0.5, scale=1.0) == 11.5


def test_a_function_without_source_runs_as_it_is():
    space = {}
    exec("def f(x):\n    if x > 0:\n        return x\n    return -x\n", space)
    f = tf.function(space["f"])
    with pytest.raises(TypeError, match="AutoGraph did not convert this function"):
        f(tf.constant(1))


def test_source_that_changed_is_read_again():
    def define(text, name):
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        space = {"tf": tf}
        exec(compile(text, name, "exec"), space)
        return tf.function(space["f"])

    text = "def f(x):\n    if x > 0:\n        x = x {} 1\n    return x\n"
    first = define(text.format("+"), "<cell>")
    second = define(text.format("-"), "<cell>")
    assert numbers([second(tf.constant(5))]) == [4]
    assert numbers([define(text.format("*") + "\n", "<cell 2>")(tf.constant(5))]) == [5]
    del first


# ---- what is not converted


def test_library_functions_and_generators_stay():
    def generator():
        yield 1

    assert converted(textwrap.dedent) is textwrap.dedent
    assert converted(tf.reduce_sum) is tf.reduce_sum
    assert converted(generator) is generator
    assert converted(dict) is dict
    assert converted(early_returns) is not early_returns
    again = converted(early_returns)
    assert converted(again) is again


def test_python_side_effects_happen_while_tracing():
    seen = []

    @tf.function
    def f(x):
        for i in tf.range(3):
            seen.append("body")
            x = x + i
        if x > 2:
            seen.append("then")
        else:
            seen.append("else")
        return x

    f(tf.constant(1))
    f(tf.constant(2))
    assert seen == ["body", "then", "else"]


def test_dataset_loops_run_as_python_and_agree():
    v = tf.Variable(0)
    data = tf.data.Dataset.range(5).map(lambda x: tf.cast(x, tf.int32))

    @tf.function
    def f(items):
        total = 0
        for x in items:
            if x == 3:
                continue
            v.assign_add(x)
            total += x * 2
        return total

    assert numbers([f(data), v + 0, f(data), v + 0]) == [14, 7, 14, 14]


def test_tensor_array_of_fixed_size_is_compiled():
    @compiled
    def f(x):
        rows = tf.TensorArray(tf.float32, size=4, clear_after_read=False)
        rows = rows.write(0, x)
        for i in tf.range(1, 4):
            rows = rows.write(i, rows.read(i - 1) * 2.0)
        if x[0] > 0.0:
            rows = rows.write(0, -x)
        return rows.stack()

    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = f(x)
    assert y.numpy().tolist() == [[-1, -2], [2, 4], [4, 8], [8, 16]]
    assert tape.gradient(y, x).numpy().tolist() == [13, 13]


def test_tensor_array_bounds_are_checked():
    @tf.function
    def f(n):
        rows = tf.TensorArray(tf.float32, size=2)
        for i in tf.range(n):
            rows = rows.write(i, 1.0)
        return rows.stack()

    assert f(tf.constant(2)).numpy().tolist() == [1, 1]
    with pytest.raises(tf.errors.OutOfRangeError, match="past the end of a TensorArray of size 2"):
        f(tf.constant(3)).numpy()


def test_assert_is_converted_on_request():
    def f(x):
        assert x > 0, "too small"
        return x

    features = tf.autograph.experimental.Feature.ASSERT_STATEMENTS
    g = tf.function(tf.autograph.to_graph(f, experimental_optional_features=features))
    assert g(tf.constant(2)).numpy() == 2
    with pytest.raises(tf.errors.InvalidArgumentError, match="too small"):
        g(tf.constant(-1)).numpy()
