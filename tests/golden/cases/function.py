"""tf.function: tracing, retracing, signatures, state, gradients."""

from golden.table import Table, f32, f64, i32, val, var

table = Table("function")
case, error = table.case, table.error

COUNT = """
traces = []
@tf.function
def f(x):
    traces.append(x.dtype.name if hasattr(x, "dtype") else x)
    return x + x
"""
case("call", "f = tf.function(lambda a: a * 2.0 + 1.0)\nresult = f(x)", x=f32(2))
case(
    "decorator",
    "@tf.function\ndef f(a, b):\n    return tf.matmul(a, b)\nresult = f(x, x)",
    x=f32(2, 2),
)
case("decorator_called", "@tf.function()\ndef f(a):\n    return a + 1.0\nresult = f(x)", x=f32(2))
case("numpy_argument", "f = tf.function(lambda a: a * 2.0)\nresult = f(np.ones(2, np.float32))")
case("list_argument", "f = tf.function(lambda a: a[0] + a[1])\nresult = f([x, x])", x=f32(2))
case(
    "dict_argument",
    'f = tf.function(lambda d: d["a"] * d["b"])\nresult = f({"a": x, "b": x})',
    x=f32(2),
)
case(
    "default_argument",
    "@tf.function\ndef f(a, scale=3.0):\n    return a * scale\nresult = (f(x), f(x, 2.0), f(x, scale=4.0))",
    x=f32(2),
)
case(
    "keyword_argument",
    "f = tf.function(lambda a, b: a - b)\nresult = (f(b=x, a=2.0 * x), f(x, b=x))",
    x=f32(2),
)
case(
    "star_arguments",
    "f = tf.function(lambda *a, **k: tf.add_n(a) + k['z'])\nresult = f(x, x, z=x)",
    x=f32(2),
)
case("no_argument", "f = tf.function(lambda: tf.constant(3.0) * 2.0)\nresult = f()")
case("returns_tuple", "f = tf.function(lambda a: (a, a + 1.0))\nresult = f(x)", x=f32(2))
case("returns_list", "f = tf.function(lambda a: [a, a + 1.0])\nresult = f(x)", x=f32(2))
case("returns_dict", 'f = tf.function(lambda a: {"x": a, "y": (a, [a])})\nresult = f(x)', x=f32(2))
case("returns_none", "f = tf.function(lambda a: None)\nresult = f(x)", x=f32(2))
case("returns_none_inside", "f = tf.function(lambda a: (a, None))\nresult = f(x)", x=f32(2))
case("returns_python_number", "f = tf.function(lambda a: 3)\nresult = f(x)", x=f32(2))
case("returns_python_float", "f = tf.function(lambda a: (1.5, True))\nresult = f(x)", x=f32(2))
case(
    "returns_namedtuple",
    """
import collections
Pair = collections.namedtuple("Pair", "a b")
f = tf.function(lambda a: Pair(a, a * 2.0))
result = f(x)
""",
    x=f32(2),
)
case("returns_argument", "f = tf.function(lambda a: a)\nresult = f(x)", x=f32(2))
case("returns_numpy", "f = tf.function(lambda a: np.ones(2))\nresult = f(x)", x=f32(2))
case("side_effects_once", COUNT + "f(x)\nf(x + 1.0)\nresult = traces", x=f32(2))
case("retrace_dtype", COUNT + "f(x)\nf(y)\nf(x)\nresult = traces", x=f32(2), y=f64(2))
case("retrace_shape", COUNT + "f(x)\nf(y)\nf(x)\nf(y)\nresult = len(traces)", x=f32(2), y=f32(3))
case(
    "retrace_shapes_many",
    COUNT + "for n in range(1, 6):\n    f(tf.ones([n]))\nresult = len(traces)",
)
case(
    "retrace_relaxed",
    """
traces = []
@tf.function(experimental_relax_shapes=True)
def f(x):
    traces.append(x.shape.as_list())
    return x + x
for n in range(1, 6):
    f(tf.ones([n]))
result = traces
""",
    differs="functions are compiled for fixed shapes, so each shape is traced",
)
case("retrace_python_number", COUNT + "f(1)\nf(2)\nf(1)\nf(1.0)\nresult = traces")
case(
    "retrace_string",
    "traces = []\n@tf.function\ndef f(x, mode):\n    traces.append(mode)\n    return x if mode == 'a' else -x\nresult = (f(x, 'a'), f(x, 'b'), f(x, 'a'), traces)",
    x=f32(2),
)
case("retrace_numpy_values", COUNT + "f(np.ones(2))\nf(np.zeros(2))\nresult = traces")
case(
    "retrace_list_length",
    "traces = []\n@tf.function\ndef f(xs):\n    traces.append(len(xs))\n    return tf.add_n(xs)\nf([x])\nf([x, x])\nf([x, x])\nresult = traces",
    x=f32(2),
)
case(
    "retrace_none",
    "traces = []\n@tf.function\ndef f(a, b=None):\n    traces.append(b is None)\n    return a if b is None else a + b\nresult = (f(x), f(x, x), f(x, None), traces)",
    x=f32(2),
)
case(
    "shape_inside",
    "shapes = []\n@tf.function\ndef f(a):\n    shapes.append(a.shape.as_list())\n    return tf.shape(a)\nresult = (f(x), shapes)",
    x=f32(2, 3),
)
case(
    "input_signature",
    """
traces = []
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def f(x):
    traces.append(x.shape.as_list())
    return tf.reduce_sum(x)
result = (f(tf.ones([2])), f(tf.ones([3])), f([1.0, 2.0]), traces)
""",
    differs="functions are compiled for fixed shapes, so each shape is traced",
)
case(
    "input_signature_two",
    """
@tf.function(input_signature=(tf.TensorSpec([None, 2]), tf.TensorSpec([], tf.int32)))
def f(x, n):
    return tf.reduce_sum(x) * tf.cast(n, tf.float32)
result = f(x, 3)
""",
    x=f32(3, 2),
)
case(
    "input_signature_unknown_rank",
    """
@tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
def f(x):
    return tf.reduce_sum(x)
result = (f(tf.ones([2])), f(tf.ones([2, 2])), f(tf.constant(3.0)))
""",
)
case(
    "concrete",
    """
@tf.function
def f(x):
    return x * 2.0
c = f.get_concrete_function(tf.TensorSpec([2], tf.float32))
result = (c(x), [t.shape.as_list() for t in c.inputs], c.output_dtypes, c.output_shapes)
""",
    x=f32(2),
)
case(
    "concrete_from_example",
    "f = tf.function(lambda a: a + 1.0)\nresult = f.get_concrete_function(x)(x)",
    x=f32(2),
)
case(
    "concrete_structured",
    'f = tf.function(lambda a: {"y": a})\nresult = f.get_concrete_function(x).structured_outputs["y"].shape',
    x=f32(2),
)
case(
    "python_function",
    "def g(a):\n    return a + 1.0\nf = tf.function(g)\nresult = (f.python_function is g, f.__name__)",
)
case(
    "print_traces",
    """
@tf.function
def f(x):
    print("tracing")
    tf.print("running")
    return x
f(tf.constant(1.0))
f(tf.constant(2.0))
result = 0
""",
    prints=True,
)
case(
    "closure_constant",
    "scale = tf.constant(3.0)\nf = tf.function(lambda a: a * scale)\nresult = f(x)",
    x=f32(2),
)
case(
    "closure_python_value",
    "scale = 2.0\ndef g(a):\n    return a * scale\nf = tf.function(g)\nfirst = f(x)\nscale = 5.0\nresult = (first, f(x))",
    x=f32(2),
)
case(
    "closure_variable",
    "f = tf.function(lambda a: a * v)\nfirst = f(x)\nv.assign([9.0, 9.0])\nresult = (first, f(x))",
    x=f32(2),
    v=var(f32(2)),
)
case(
    "assign",
    "@tf.function\ndef f():\n    v.assign_add([1.0, 2.0])\n    return v.read_value()\nresult = (f(), f(), v)",
    v=var(f32(2)),
)
case(
    "assign_then_read",
    "@tf.function\ndef f(a):\n    v.assign(a)\n    b = v * 2.0\n    v.assign_add(b)\n    return v + 0.0\nresult = (f(x), v)",
    v=var(f32(2)),
    x=f32(2),
)
case(
    "assign_without_return",
    "@tf.function\ndef f():\n    v.assign_add([1.0, 1.0])\nresult = (f(), f(), v)",
    v=var(f32(2)),
)
case(
    "variable_argument",
    "@tf.function\ndef f(w):\n    w.assign_add([1.0, 1.0])\n    return w * 2.0\nresult = (f(v), v)",
    v=var(f32(2)),
)
case(
    "variable_created_once",
    """
state = []
@tf.function
def f(x):
    if not state:
        state.append(tf.Variable(2.0))
    state[0].assign_add(1.0)
    return x * state[0]
result = (f(x), f(x), state[0])
""",
    x=f32(2),
)
case(
    "method",
    """
class Model:
    def __init__(self):
        self.w = tf.Variable([1.0, 2.0])
    @tf.function
    def step(self, x):
        self.w.assign_add(x)
        return self.w * 2.0
m = Model()
result = (m.step(x), m.step(x), m.w)
""",
    x=f32(2),
)
case(
    "method_per_instance",
    """
traces = []
class Model:
    def __init__(self, k):
        self.k = k
    @tf.function
    def call(self, x):
        traces.append(self.k)
        return x * self.k
a, b = Model(2.0), Model(3.0)
result = (a.call(x), b.call(x), a.call(x), traces)
""",
    x=f32(2),
)
case(
    "module_call",
    """
class Dense(tf.Module):
    def __init__(self, w):
        super().__init__()
        self.w = tf.Variable(w)
    @tf.function
    def __call__(self, x):
        return tf.matmul(x, self.w)
layer = Dense(x)
result = (layer(x), len(layer.trainable_variables))
""",
    x=f32(2, 2),
)
case(
    "nested",
    "g = tf.function(lambda a: a * 3.0)\nf = tf.function(lambda a: g(a) + g(a + 1.0))\nresult = f(x)",
    x=f32(2),
)
case(
    "nested_counts",
    """
traces = []
@tf.function
def g(a):
    traces.append("g")
    return a * 2.0
@tf.function
def f(a):
    traces.append("f")
    return g(a) + g(a)
f(x)
f(x)
g(x)
result = traces
""",
    x=f32(2),
    differs="a trace made for a call inside a function serves eager calls too",
)
case(
    "gradient_outside",
    "f = tf.function(lambda a: a * a * 3.0)\nwith tf.GradientTape() as tape:\n    tape.watch(x)\n    y = f(x)\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "gradient_inside",
    "@tf.function\ndef f(a):\n    with tf.GradientTape() as tape:\n        tape.watch(a)\n        y = a * a\n    return tape.gradient(y, a)\nresult = f(x)",
    x=f32(2),
)
case(
    "gradient_of_variable",
    "f = tf.function(lambda a: a * v)\nwith tf.GradientTape() as tape:\n    y = f(x)\nresult = tape.gradient(y, v)",
    x=f32(2),
    v=var(f32(2)),
)
case(
    "gradient_variable_inside",
    "@tf.function\ndef f(a):\n    with tf.GradientTape() as tape:\n        y = a * v\n    g = tape.gradient(y, v)\n    v.assign_sub(g)\n    return y\nresult = (f(x), f(x), v)",
    x=f32(2),
    v=var(f32(2)),
)
case(
    "gradients_in_function",
    "@tf.function\ndef f(a):\n    y = a * a\n    return tf.gradients(y, a)\nresult = f(x)",
    x=f32(2),
)
case(
    "second_order",
    """
f = tf.function(lambda a: a ** 3)
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = f(x)
    g = inner.gradient(y, x)
result = outer.gradient(g, x)
""",
    x=val([1.5, 2.0]),
)
case(
    "training_step",
    """
@tf.function
def step(a, b):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(tf.linalg.matvec(a, v) - b))
    v.assign_sub(0.1 * tape.gradient(loss, v))
    return loss
result = ([step(x, y) for i in range(4)], v)
""",
    x=f32(4, 2),
    y=f32(4),
    v=var(f32(2)),
)
case(
    "map_fn", "f = tf.function(lambda a: tf.map_fn(lambda t: t * 2.0, a))\nresult = f(x)", x=f32(3)
)
case(
    "while_loop",
    "f = tf.function(lambda a: tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t * 2.0), (0, a)))\nresult = f(x)",
    x=f32(2),
)
case(
    "cond",
    "f = tf.function(lambda a: tf.cond(tf.reduce_sum(a) > 0.0, lambda: a, lambda: -a))\nresult = (f(x), f(-x))",
    x=f32(2),
)
case(
    "python_loop_unrolled",
    "@tf.function\ndef f(a):\n    for i in range(3):\n        a = a * 2.0\n    return a\nresult = f(x)",
    x=f32(2),
)
case(
    "python_if_on_shape",
    "@tf.function\ndef f(a):\n    if a.shape[0] == 2:\n        return a * 2.0\n    return a * 3.0\nresult = (f(x), f(y))",
    x=f32(2),
    y=f32(3),
)
case(
    "random_seeded",
    "f = tf.function(lambda: tf.random.uniform([2], seed=3))\nresult = (f(), f())",
    seed=5,
)
case(
    "random_counter", "f = tf.function(lambda: tf.random.uniform([2]))\nresult = (f(), f())", seed=5
)
case(
    "executing_eagerly",
    "inside = []\n@tf.function\ndef f(a):\n    inside.append(tf.executing_eagerly())\n    return a\nf(x)\nresult = inside",
    x=f32(1),
)
case(
    "symbolic_text",
    "texts = []\n@tf.function\ndef f(a):\n    texts.append(str(a))\n    return a\nf(x)\nresult = texts",
    x=f32(2),
)
case(
    "is_tensor_inside",
    "seen = []\n@tf.function\ndef f(a):\n    seen.append((tf.is_tensor(a), isinstance(a, tf.Tensor)))\n    return a\nf(x)\nresult = seen",
    x=f32(2),
)
case(
    "run_functions_eagerly",
    """
tf.config.experimental_run_functions_eagerly(True)
values = []
f = tf.function(lambda a: values.append(float(a)) or a)
f(tf.constant(1.0))
f(tf.constant(2.0))
tf.config.experimental_run_functions_eagerly(False)
result = values
""",
)
case("integer_index", "f = tf.function(lambda a, i: a[i])\nresult = f(x, tf.constant(1))", x=i32(3))
case(
    "numpy_function",
    "f = tf.function(lambda a: tf.numpy_function(lambda b: b * 2, [a], tf.float32))\nresult = f(x)",
    x=f32(2),
)
case(
    "py_function",
    "f = tf.function(lambda a: tf.py_function(lambda b: b * 2.0, [a], tf.float32))\nresult = f(x)",
    x=f32(2),
)
case(
    "init_scope",
    """
made = []
@tf.function
def f(a):
    with tf.init_scope():
        made.append(tf.executing_eagerly())
    return a
f(x)
result = made
""",
    x=f32(1),
)
case(
    "autograph_if",
    """
@tf.function
def f(a):
    if tf.reduce_sum(a) > 0.0:
        return a
    else:
        return -a
result = (f(x), f(-x))
""",
    x=f32(2),
)
case(
    "autograph_while",
    """
@tf.function
def f(a):
    while tf.reduce_sum(a) < 100.0:
        a = a * 2.0
    return a
result = f(x)
""",
    x=val([1.0, 2.0]),
)
case(
    "autograph_for_range",
    """
@tf.function
def f(n):
    total = 0
    for i in tf.range(n):
        total += i
    return total
result = f(tf.constant(5))
""",
)

error(
    "signature_shape",
    "f = tf.function(lambda a: a, input_signature=[tf.TensorSpec([2], tf.float32)])\nf(tf.ones([3]))",
    says=("Python inputs incompatible with input_signature",),
)
error(
    "signature_dtype",
    "f = tf.function(lambda a: a, input_signature=[tf.TensorSpec([2], tf.float32)])\nf(tf.ones([2], tf.int32))",
    says=("Python inputs incompatible with input_signature",),
)
error(
    "signature_count",
    "f = tf.function(lambda a: a, input_signature=[tf.TensorSpec([2], tf.float32)])\nf(tf.ones([2]), 1)",
    says=("only pass arguments covered by it. Received 2 argument(s).",),
)
error(
    "signature_not_specs",
    "tf.function(lambda a: a, input_signature=[3])(1)",
    says=("Invalid input_signature [3]",),
)
error("missing_argument", "tf.function(lambda a, b: a)(1.0)", says=("b",))
error(
    "bool_of_tensor",
    "f = tf.function(lambda a: 1 if a > 0 else 2, autograph=False)\nf(tf.constant(1.0))",
    says=("using a `tf.Tensor` as a Python `bool` is not allowed",),
)
error(
    "iterate_tensor",
    "f = tf.function(lambda a: [t for t in a], autograph=False)\nf(tf.ones([2]))",
    says=("iterating over `tf.Tensor` is not allowed",),
)
error("numpy_of_symbolic", "f = tf.function(lambda a: a.numpy())\nf(tf.ones([2]))", says=("numpy",))
error(
    "np_of_symbolic",
    "f = tf.function(lambda a: np.sum(np.array(a)))\nf(tf.ones([2]))",
    says=("Cannot convert a symbolic Tensor",),
)
error(
    "float_of_symbolic", "f = tf.function(lambda a: float(a), autograph=False)\nf(tf.constant(1.0))"
)
error(
    "variable_every_call",
    "f = tf.function(lambda a: a * tf.Variable(2.0))\nf(tf.constant(1.0))",
    says=("tf.function-decorated function tried to create variables on non-first call.",),
)
error(
    "shape_error_inside",
    "f = tf.function(lambda a: tf.matmul(a, a))\nf(tf.ones([2, 3]))",
    says=("2", "3"),
    differs="errors inside a function are those of eager code",
)
error(
    "runtime_error_inside",
    "f = tf.function(lambda a: tf.gather([1, 2], a))\nf(tf.constant(5))",
    says=("indices = 5 is not in [0, 2)",),
)
error(
    "assert_inside",
    '@tf.function\ndef f(a):\n    tf.debugging.assert_positive(a, message="bad a")\n    return a\nf(tf.constant(-1.0))',
    says=("bad a",),
)
error(
    "python_error_inside",
    "def g(a):\n    raise KeyError('mine')\ntf.function(g, autograph=False)(1.0)",
    says=("mine",),
)
error(
    "escaped_tensor",
    "kept = []\nf = tf.function(lambda a: kept.append(a * 2.0))\nf(tf.constant(1.0))\nkept[0] + 1.0",
    says=("outside of the function building code",),
)
error("not_callable", "tf.function(3)")
error(
    "concrete_wrong_dtype",
    "c = tf.function(lambda a: a).get_concrete_function(tf.TensorSpec([2], tf.float32))\nc(tf.ones([2], tf.int32))",
)
