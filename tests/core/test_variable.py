"""tf.Variable, tf.Module and the scopes around them."""

from __future__ import annotations

import copy
import threading

import numpy as np
import pytest

import reflow as tf

Variable = tf.Variable


@pytest.fixture
def v():
    return Variable([1.0, 2.0], name="v")


def values(*tensors):
    return [np.asarray(t.numpy()).tolist() for t in tensors]


# ---------------------------------------------------------------- making one


@pytest.mark.smoke
def test_what_is_known_of_a_variable(v):
    assert (v.name, v.dtype, v.shape, v.trainable) == ("v:0", tf.float32, (2,), True)
    assert Variable(1.0).name == "Variable:0"
    assert Variable(lambda: 3).dtype == tf.int32
    assert Variable(3, dtype=tf.float64).dtype == tf.float64
    assert Variable(np.ones(2)).dtype == tf.float64
    assert Variable(1.0, trainable=None).trainable
    assert v.synchronization is tf.VariableSynchronization.AUTO
    assert v.aggregation is tf.VariableAggregation.NONE


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ValueError, "initial_value must be specified"),
        ({"initial_value": 3.5, "dtype": tf.int32}, TypeError, "int32"),
        ({"initial_value": [1.0], "shape": [3]}, ValueError, "not compatible"),
        ({"initial_value": [1.0], "constraint": 5}, ValueError, "must be a callable"),
    ],
)
def test_bad_arguments(arguments, error, words):
    with pytest.raises(error, match=words):
        Variable(**arguments)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "<tf.Variable 'Variable:0' shape=() dtype=int32, numpy=3>"),
        (
            [1.0, 2.0],
            "<tf.Variable 'Variable:0' shape=(2,) dtype=float32, "
            "numpy=array([1., 2.], dtype=float32)>",
        ),
        (
            [[1, 2], [3, 4]],
            "<tf.Variable 'Variable:0' shape=(2, 2) dtype=int32, numpy=\n"
            "array([[1, 2],\n       [3, 4]], dtype=int32)>",
        ),
        ("a", "<tf.Variable 'Variable:0' shape=() dtype=string, numpy=b'a'>"),
    ],
)
def test_printed_form(value, text):
    assert repr(Variable(value)) == str(Variable(value)) == text


# ---------------------------------------------------------------- assigning


@pytest.mark.smoke
def test_assignments(v):
    assert values(v.assign([3.0, 4.0])) == [[3.0, 4.0]]
    assert values(v.assign_add([1.0, 1.0]), v.assign_sub(np.array([2, 2]))) == [[2, 3], [2, 3]]
    assert v.assign([5, 6], read_value=False) is None
    assert values(v) == [[5.0, 6.0]]
    v.load([7.0, 8.0])
    assert values(v.assign(tf.constant([1.0, 2.0])).assign_add([1.0, 1.0]), v) == [[2, 3]] * 2


def test_the_result_of_an_assignment_is_the_variable_itself(v):
    result = v.assign([3.0, 4.0])
    v.assign([5.0, 6.0])
    assert isinstance(result, Variable)
    assert values(result, result + 1.0) == [[5.0, 6.0], [6.0, 7.0]]
    assert str(result).startswith("<tf.Variable 'UnreadVariable' shape=(2,)")
    assert (result.dtype, result.shape, result.trainable) == (v.dtype, v.shape, True)


@pytest.mark.parametrize(
    ("assign", "error", "words"),
    [
        (lambda v: v.assign(tf.constant([1, 2])), ValueError, "dtype"),
        (lambda v: v.assign([1.0, 2.0, 3.0]), ValueError, r"Shapes \(2,\) and \(3,\)"),
        (lambda v: v.assign(1.0), ValueError, "are incompatible"),
        (lambda v: v.assign_add(1.0), tf.errors.InvalidArgumentError, "shapes must be equal"),
        (lambda v: v.assign_sub([1.0]), tf.errors.InvalidArgumentError, "Cannot update variable"),
        (lambda v: v.scatter_add(5.0), TypeError, "is not IndexedSlices"),
        (lambda v: v[0].assign([1.0, 2.0]), tf.errors.UnimplementedError, "sliced l-value"),
    ],
)
def test_assignments_that_do_not_fit(v, assign, error, words):
    with pytest.raises(error, match=words):
        assign(v)
    assert values(v) == [[1.0, 2.0]]


def test_a_declared_shape_may_change():
    free = Variable([1.0], shape=tf.TensorShape(None))
    free.assign([[1.0, 2.0]])
    assert (free.shape.rank, values(free)) == (None, [[[1.0, 2.0]]])
    vector = Variable([1.0], shape=[None])
    vector.assign([1.0, 2.0])
    with pytest.raises(ValueError, match="incompatible"):
        vector.assign([[1.0]])


def test_assigning_parts():
    v = Variable([[1.0, 2.0], [3.0, 4.0]])
    v[0, 1].assign(7.0)
    v[1].assign([8.0, 9.0])
    v[:, 0].assign([5.0, 6.0])
    assert values(v) == [[[5.0, 7.0], [6.0, 9.0]]]
    i = tf.constant(1)
    assert values(v[i, ..., tf.newaxis].assign([[1.0], [2.0]])) == [[[5.0, 7.0], [1.0, 2.0]]]
    v[:].assign([[0.0, 0.0], [0.0, 0.0]])
    assert values(v, v[0]) == [[[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0]]
    assert not hasattr(v[0] + 1.0, "assign")


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("scatter_add", [8.0, 4.0, 10.0]),
        ("scatter_sub", [0.0, 4.0, -2.0]),
        ("scatter_mul", [16.0, 4.0, 24.0]),
        ("scatter_div", [1.0, 4.0, 4.0 / 6.0]),
        ("scatter_max", [4.0, 4.0, 6.0]),
        ("scatter_min", [4.0, 4.0, 4.0]),
        ("scatter_update", [4.0, 4.0, 6.0]),
    ],
)
def test_scattered_assignments(method, expected):
    v = Variable([4.0, 4.0, 4.0])
    slices = tf.IndexedSlices([6.0, 4.0], [2, 0])
    np.testing.assert_allclose(getattr(v, method)(slices), expected)


def test_assignments_by_index_vectors():
    v = Variable([1.0, 2.0, 3.0])
    v.scatter_nd_add([[0]], [1.0])
    v.scatter_nd_sub([[1]], [1.0])
    v.scatter_nd_update([[2]], [10.0])
    assert values(v) == [[2.0, 1.0, 10.0]]
    m = Variable([[1.0, 2.0], [3.0, 4.0]])
    m.batch_scatter_update(tf.IndexedSlices([[10.0], [20.0]], [[1], [0]]))
    assert values(m, m.sparse_read([1, 1]), m.gather_nd([[0, 1]])) == [
        [[1.0, 10.0], [20.0, 4.0]], [[20.0, 4.0], [20.0, 4.0]], [10.0],
    ]  # fmt: skip


def test_count_up_to():
    v = Variable(1)
    assert [int(v.count_up_to(3)), int(v.count_up_to(3)), int(v)] == [1, 2, 3]
    with pytest.raises(tf.errors.OutOfRangeError, match="Reached limit of 3"):
        v.count_up_to(3)


# ---------------------------------------------------------------- like a tensor


def test_operators_are_those_of_tensors(v):
    found = values(v + 1, 1 - v, v * v, v / 2, 2**v, -v, v // 2, v % 2, abs(-v), v[::-1])
    assert found == [[2, 3], [0, -1], [1, 4], [0.5, 1], [2, 4], [-1, -2], [0, 1], [1, 0], [1, 2],
                     [2, 1]]  # fmt: skip
    assert values(v > 1, v == [1.0, 5.0], v != [1.0, 5.0], ~(v > 1)) == [
        [False, True], [True, False], [False, True], [True, False],
    ]  # fmt: skip
    matrix = Variable([[1.0, 2.0]])
    assert values(matrix @ Variable([[1.0], [2.0]]), np.float32(2.0) * v) == [[[5.0]], [2, 4]]


def test_python_protocols(v):
    assert bool(Variable(1.0))
    with pytest.raises(TypeError, match="not iterable"):
        list(v)
    for use in (hash, lambda a: {a}):
        with pytest.raises(TypeError, match="unhashable"):
            use(v)
    assert v.experimental_ref() == v.experimental_ref()
    assert v.experimental_ref().deref() is v
    assert len({v.experimental_ref(), v.experimental_ref(), Variable(1.0).experimental_ref()}) == 2
    assert copy.copy(v) is v
    twin = copy.deepcopy(v)
    twin.assign([5.0, 5.0])
    assert (twin.name, values(v, twin)) == ("v:0", [[1.0, 2.0], [5.0, 5.0]])
    v.note = "kept"
    assert v.note == "kept"


def test_arrays_taken_from_it_are_the_callers_own(v):
    taken = v.numpy()
    taken[:] = 9
    assert values(v, v.value(), v.read_value()) == [[1.0, 2.0]] * 3
    np.testing.assert_array_equal(np.asarray(v), [1.0, 2.0])


def test_strings_and_flags():
    text = Variable("a")
    text.assign("b")
    flag = Variable([True, False])
    flag.assign(~flag)
    assert values(text, flag) == [b"b", [False, True]]


# ---------------------------------------------------------------- scopes


def test_name_scopes():
    with tf.name_scope("a") as a:
        first = Variable(1.0, name="x")
        with tf.name_scope("b") as b:
            second = Variable(1.0)
        with tf.name_scope("other/") as other:
            third = Variable(1.0)
        with tf.name_scope(""):
            fourth = Variable(1.0)
    assert (a, b, other) == ("a/", "a/b/", "other/")
    names = ["a/x:0", "a/b/Variable:0", "other/Variable:0", "Variable:0"]
    assert [v.name for v in (first, second, third, fourth)] == names


def test_variable_creators():
    seen = []

    def creator(number):
        def make(next_creator, **kwargs):
            seen.append((number, kwargs["trainable"], kwargs["initial_value"], kwargs["shape"]))
            return next_creator(**(kwargs | {"name": f"made{number}"}))

        return make

    other = []
    with tf.variable_creator_scope(creator(1)), tf.variable_creator_scope(creator(2)):
        v = Variable(2.0, False)
        thread = threading.Thread(target=lambda: other.append(Variable(1.0)))
        thread.start()
        thread.join()
    assert seen == [(2, False, 2.0, None), (1, False, 2.0, None)]
    assert (v.name, v.trainable) == ("made1:0", False)
    assert (Variable(1.0).name, other[0].name) == ("Variable:0", "Variable:0")
    assert len(seen) == 2


# ---------------------------------------------------------------- modules


class Layer(tf.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.b = Variable([1.0], name="b")
        self.a = Variable([2.0, 3.0], name="a", trainable=False)
        self.more = [Variable(5.0, name="five"), {"k": Variable(6.0, name="six"), "n": None}]

    @tf.Module.with_name_scope
    def build(self):
        self.late = Variable(1.0, name="late")


class Net(tf.Module):
    def __init__(self):
        super().__init__()
        self.first = Layer()
        self.others = [Layer("x"), (Layer("y"),)]
        self.again, self.me = self.first, self
        self.w = Variable(3.0, name="w")


def test_modules_find_their_variables():
    layer = Layer()
    assert [v.name for v in layer.variables] == ["a:0", "b:0", "five:0", "six:0"]
    assert [v.name for v in layer.trainable_variables] == ["b:0", "five:0", "six:0"]
    layer.build()
    assert layer.late.name == "layer/late:0"
    net = Net()
    assert [m.name for m in net.submodules] == ["layer", "x", "y"]
    assert [v.name for v in net.variables[:3]] == ["w:0", "a:0", "b:0"]
    assert len(net.variables) == 13
    assert len(net.trainable_variables) == 10
    paths = dict(net._flatten(predicate=lambda o: isinstance(o, Variable), with_path=True))
    assert ("others", 1, 0, "more", 1, "k") in paths


@pytest.mark.parametrize(
    ("name", "snake"),
    [("CamelCaseHTTPNet2D", "camel_case_http_net2_d"), ("A1B", "a1_b"), ("_Private", "__private")],
)
def test_names_of_modules(name, snake):
    assert type(name, (tf.Module,), {})().name == snake


def test_module_names_nest():
    class Inner(tf.Module):
        def __init__(self):
            super().__init__(name="inner")
            with self.name_scope:
                self.v = Variable(1.0)

    class Outer(tf.Module):
        def __init__(self):
            super().__init__(name="outer")
            with self.name_scope:
                self.inner = Inner()

    assert Outer().inner.v.name == "outer/inner/Variable:0"
    with pytest.raises(ValueError, match="'not valid' is not a valid module name"):
        Layer("not valid")
