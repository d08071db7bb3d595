"""tf.GradientTape and what steers gradients."""

from golden.table import Table, f32, f64, ints, positive, val, var

table = Table("tape")
case, error = table.case, table.error

TAPE = "with tf.GradientTape() as tape:\n    tape.watch(x)\n"
case("square", TAPE + "    y = x * x\nresult = tape.gradient(y, x)", x=f32())
case(
    "variable",
    "with tf.GradientTape() as tape:\n    y = v * v\nresult = tape.gradient(y, v)",
    v=var(f32()),
)
case("vector_target", TAPE + "    y = x * x\nresult = tape.gradient(y, x)", x=f32(3))
case(
    "list_of_sources",
    "with tf.GradientTape() as tape:\n    y = v * w\nresult = tape.gradient(y, [v, w])",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "tuple_of_sources",
    "with tf.GradientTape() as tape:\n    y = v * w\nresult = tape.gradient(y, (v, w))",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "dict_of_sources",
    'with tf.GradientTape() as tape:\n    y = v * w\nresult = tape.gradient(y, {"a": v, "b": [w]})',
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "list_of_targets",
    TAPE + "    y, z = x * x, tf.exp(x)\nresult = tape.gradient([y, z], x)",
    x=f32(2),
)
case(
    "dict_of_targets",
    TAPE + '    y, z = x * x, tf.exp(x)\nresult = tape.gradient({"y": y, "z": z}, x)',
    x=f32(2),
)
case("target_is_source", TAPE + "result = tape.gradient(x, x)", x=f32(2))
case(
    "unused_source",
    "with tf.GradientTape() as tape:\n    y = v * 2.0\nresult = tape.gradient(y, [v, w])",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "not_watched",
    "with tf.GradientTape() as tape:\n    y = x * x\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "intermediate", TAPE + "    y = x * 2.0\n    z = y * y\nresult = tape.gradient(z, y)", x=f32(2)
)
case(
    "after_the_tape",
    TAPE + "    y = x * x\nz = y * 3.0\nresult = (tape.gradient(z, x), z)",
    x=f32(2),
)
case(
    "before_the_tape",
    "y = x * 2.0\nwith tf.GradientTape() as tape:\n    tape.watch(y)\n    z = y * y\nresult = tape.gradient(z, y)",
    x=f32(2),
)
case(
    "zero_gradients",
    "with tf.GradientTape() as tape:\n    y = v * 2.0\nresult = tape.gradient(y, [v, w], unconnected_gradients=tf.UnconnectedGradients.ZERO)",
    v=var(f32(2)),
    w=var(f32(3)),
)
case(
    "zero_gradients_string",
    "with tf.GradientTape() as tape:\n    y = v * 2.0\nresult = tape.gradient(y, w, unconnected_gradients='zero')",
    v=var(f32(2)),
    w=var(f32(3)),
)
case(
    "output_gradients",
    TAPE + "    y = x * x\nresult = tape.gradient(y, x, output_gradients=tf.constant([1.0, -2.0]))",
    x=f32(2),
)
case(
    "output_gradients_list",
    TAPE
    + "    y, z = x * x, x + 1.0\nresult = tape.gradient([y, z], x, output_gradients=[tf.constant([1.0, 0.0]), None])",
    x=f32(2),
)
case(
    "output_gradients_python",
    TAPE + "    y = x * x\nresult = tape.gradient(y, x, output_gradients=[3.0, 4.0])",
    x=f32(2),
)
case(
    "persistent",
    "with tf.GradientTape(persistent=True) as tape:\n    tape.watch(x)\n    y = x * x\n    z = y * y\nresult = (tape.gradient(z, x), tape.gradient(y, x), tape.gradient(z, y))",
    x=f32(2),
)
case(
    "persistent_delete",
    "with tf.GradientTape(persistent=True) as tape:\n    tape.watch(x)\n    y = x * x\ng = tape.gradient(y, x)\ndel tape\nresult = g",
    x=f32(2),
)
case(
    "second_order",
    """
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = x * x * x
    g = inner.gradient(y, x)
result = (g, outer.gradient(g, x))
""",
    x=f32(3),
)
case(
    "third_order",
    """
with tf.GradientTape() as a:
    a.watch(x)
    with tf.GradientTape() as b:
        b.watch(x)
        with tf.GradientTape() as c:
            c.watch(x)
            y = tf.sin(x) * x
        g = c.gradient(y, x)
    h = b.gradient(g, x)
result = (g, h, a.gradient(h, x))
""",
    x=f32(),
)
case(
    "second_order_persistent",
    """
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = x ** 3
    g = tape.gradient(y, x)
result = (g, tape.gradient(g, x))
""",
    x=positive(2),
)
case(
    "gradient_penalty",
    """
with tf.GradientTape() as outer:
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.tanh(tf.matmul(x, v))
    g = inner.gradient(y, x)
    penalty = tf.reduce_sum(g * g)
result = (penalty, outer.gradient(penalty, v))
""",
    x=f32(2, 3),
    v=var(f32(3, 2)),
)
case(
    "hessian_vector",
    """
p = tf.constant([1.0, -1.0])
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.reduce_sum(x * x * x) * x[0]
    g = inner.gradient(y, x)
    d = tf.reduce_sum(g * p)
result = outer.gradient(d, x)
""",
    x=f32(2),
)
case(
    "nested_same_source",
    """
with tf.GradientTape() as one, tf.GradientTape() as two:
    one.watch(x)
    two.watch(x)
    y = x * x
result = (one.gradient(y, x), two.gradient(y, x))
""",
    x=f32(2),
)
case(
    "inner_tape_not_watching",
    """
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        y = x * x
    g = inner.gradient(y, x)
result = (g, outer.gradient(y, x))
""",
    x=f32(2),
)
case(
    "stop_recording",
    "with tf.GradientTape() as tape:\n    tape.watch(x)\n    y = x * x\n    with tape.stop_recording():\n        z = y * x\nresult = (tape.gradient(y, x), z)",
    x=f32(2),
)
case(
    "stop_recording_breaks",
    "with tf.GradientTape(persistent=True) as tape:\n    tape.watch(x)\n    with tape.stop_recording():\n        y = x * x\n    z = y * x\nresult = (tape.gradient(z, x), tape.gradient(y, x))",
    x=f32(2),
)
case(
    "gradient_in_stop_recording",
    "with tf.GradientTape(persistent=True) as tape:\n    tape.watch(x)\n    y = x * x\n    with tape.stop_recording():\n        g = tape.gradient(y, x)\n    z = y * g\nresult = (g, tape.gradient(z, x))",
    x=f32(2),
)
case(
    "reset",
    "with tf.GradientTape() as tape:\n    tape.watch(x)\n    y = x * x\n    tape.reset()\n    tape.watch(x)\n    z = x * 3.0\nresult = tape.gradient([y, z], x)",
    x=f32(2),
)
case(
    "no_accessed_variables",
    "with tf.GradientTape(watch_accessed_variables=False) as tape:\n    tape.watch(v)\n    y = v * w\nresult = tape.gradient(y, [v, w])",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "not_trainable",
    "w = tf.Variable([1.0], trainable=False)\nwith tf.GradientTape() as tape:\n    y = v * w\nresult = tape.gradient(y, [v, w])",
    v=var(f32(1)),
)
case(
    "not_trainable_watched",
    "w = tf.Variable([1.0], trainable=False)\nwith tf.GradientTape() as tape:\n    tape.watch(w)\n    y = v * w\nresult = tape.gradient(y, [v, w])",
    v=var(f32(1)),
)
case(
    "watched_variables",
    """
a, b, c = [tf.Variable(1.0, name=n) for n in "abc"]
with tf.GradientTape() as tape:
    y = b * a + b
result = [v.name for v in tape.watched_variables()]
""",
)
case(
    "watch_list",
    "with tf.GradientTape() as tape:\n    tape.watch([x, y])\n    z = x * y\nresult = tape.gradient(z, [x, y])",
    x=f32(2),
    y=f32(2),
)
case(
    "watch_dict",
    'with tf.GradientTape() as tape:\n    tape.watch({"x": x})\n    z = x * x\nresult = tape.gradient(z, x)',
    x=f32(2),
)
case(
    "stop_gradient",
    TAPE + "    y = tf.stop_gradient(x * x) * x\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case("of_ints", TAPE + "    y = x * x\nresult = tape.gradient(y, x)", x=ints(1, 5, 2))
case(
    "through_cast",
    TAPE + "    y = tf.cast(x, tf.float64) * 2.0\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case("through_argmax", TAPE + "    y = tf.argmax(x)\nresult = tape.gradient(y, x)", x=f32(3))
case("through_round", TAPE + "    y = tf.round(x) * x\nresult = tape.gradient(y, x)", x=f32(3))
case(
    "through_comparison",
    TAPE + "    y = tf.cast(x > 0.0, tf.float32)\nresult = tape.gradient(y, x)",
    x=f32(3),
)
case(
    "through_shape",
    TAPE + "    y = tf.cast(tf.shape(x), tf.float32)\nresult = tape.gradient(y, x)",
    x=f32(3),
)
case("through_numpy", TAPE + "    y = x * x.numpy()\nresult = tape.gradient(y, x)", x=f32(3))
case(
    "numpy_in_the_middle",
    TAPE
    + "    y = x * x\n    value = y.numpy()\n    z = y * x\nresult = (tape.gradient(z, x), value)",
    x=f32(3),
)
case(
    "print_in_the_middle",
    TAPE + "    y = x * x\n    print(y)\n    z = y * x\nresult = tape.gradient(z, x)",
    x=val([1.0, 2.0]),
    prints=True,
)
case(
    "python_if", TAPE + "    y = x * x if x > 0 else -x\nresult = tape.gradient(y, x)", x=val(-2.0)
)
case(
    "python_loop",
    TAPE
    + "    y = x\n    for i in range(5):\n        y = y * x + float(i)\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "while_value",
    TAPE + "    y = x\n    while y < 100.0:\n        y = y * x\nresult = (y, tape.gradient(y, x))",
    x=val(3.0),
)
case(
    "iteration",
    TAPE + "    y = sum(row * row for row in x)\nresult = tape.gradient(y, x)",
    x=f32(3, 2),
)
case(
    "same_op_twice", TAPE + "    y = tf.exp(x) + tf.exp(x)\nresult = tape.gradient(y, x)", x=f32(2)
)
case(
    "diamond",
    TAPE + "    a = x * 2.0\n    y = a * a + tf.sin(a)\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "broadcast",
    "with tf.GradientTape() as tape:\n    y = v + w\nresult = tape.gradient(y, [v, w])",
    v=var(f32(3)),
    w=var(f32(2, 1)),
)
case("f64", TAPE + "    y = tf.reduce_sum(tf.sin(x) * x)\nresult = tape.gradient(y, x)", x=f64(3))
case(
    "mean_of_squares",
    "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(tf.square(tf.matmul(x, w) + b - 1.0))\nresult = tape.gradient(loss, [w, b])",
    x=f32(4, 3),
    w=var(f32(3, 2)),
    b=var(f32(2)),
)
case(
    "softmax_network",
    """
with tf.GradientTape() as tape:
    h = tf.nn.relu(tf.matmul(x, w) + b)
    p = tf.nn.softmax(tf.matmul(h, u))
    loss = tf.reduce_mean(tf.square(tf.one_hot([0, 2, 1], 3) - p))
result = (loss, tape.gradient(loss, [w, b, u]))
""",
    x=f32(3, 4),
    w=var(f32(4, 5)),
    b=var(f32(5)),
    u=var(f32(5, 3)),
    rtol=1e-5,
    why="a deep expression",
)
case(
    "assign_inside",
    "with tf.GradientTape() as tape:\n    y = v * v\n    v.assign(v + 1.0)\n    z = v * 3.0 + y\nresult = (tape.gradient(z, v), v)",
    v=var(f32(2)),
)
case(
    "assign_add_inside",
    "with tf.GradientTape() as tape:\n    v.assign_add([1.0, 1.0])\n    z = v * v\nresult = tape.gradient(z, v)",
    v=var(f32(2)),
)
case(
    "assign_from_other",
    "with tf.GradientTape() as tape:\n    w.assign(v * 2.0)\n    z = w * w\nresult = tape.gradient(z, [v, w])",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "assign_result_used",
    "with tf.GradientTape() as tape:\n    a = v.assign(v * 2.0)\n    z = a * a\nresult = tape.gradient(z, v)",
    v=var(f32(2)),
)
case(
    "assign_after",
    "with tf.GradientTape() as tape:\n    y = v * v\nv.assign([100.0, 100.0])\nresult = tape.gradient(y, v)",
    v=var(f32(2)),
)
case(
    "momentum_step",
    """
m = tf.zeros_like(v)
for step in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(v - 1.0))
    m = 0.9 * m + tape.gradient(loss, v)
    v.assign_sub(0.1 * m)
result = v
""",
    v=var(f32(3)),
)
case(
    "gather_gradient",
    "with tf.GradientTape() as tape:\n    y = tf.gather(v, [0, 0, 2])\nresult = tape.gradient(y, v)",
    v=var(f32(3, 2)),
)
case(
    "gather_gradient_sum",
    "with tf.GradientTape() as tape:\n    y = tf.gather(v, [0, 2]) * 2.0\n    z = tf.reduce_sum(y) + tf.reduce_sum(tf.gather(v, [1]))\nresult = tf.convert_to_tensor(tape.gradient(z, v))",
    v=var(f32(3, 2)),
)
case(
    "gather_and_dense",
    "with tf.GradientTape() as tape:\n    z = tf.reduce_sum(tf.gather(v, [0])) + tf.reduce_sum(v * v)\nresult = tape.gradient(z, v)",
    v=var(f32(3, 2)),
)
case(
    "slices_to_tensor",
    "with tf.GradientTape() as tape:\n    y = tf.gather(v, [0, 0])\nresult = tf.convert_to_tensor(tape.gradient(y, v))",
    v=var(f32(3, 2)),
)
case(
    "slices_assign_sub",
    "with tf.GradientTape() as tape:\n    y = tf.gather(v, [0, 0])\ng = tape.gradient(y, v)\nv.assign_sub(0.1 * tf.convert_to_tensor(g))\nresult = v",
    v=var(f32(3, 2)),
)
case(
    "slices_arithmetic",
    "with tf.GradientTape() as tape:\n    y = tf.gather(v, [0, 1])\ng = tape.gradient(y, v)\nresult = attempt(lambda: g * 2.0)",
    v=var(f32(3, 2)),
)

case("jacobian", TAPE + "    y = x * x * 2.0\nresult = tape.jacobian(y, x)", x=f32(3))
case("jacobian_matrix", TAPE + "    y = tf.matmul(x, x)\nresult = tape.jacobian(y, x)", x=f32(2, 2))
case(
    "jacobian_list",
    "with tf.GradientTape() as tape:\n    y = tf.tanh(tf.linalg.matvec(w, v))\nresult = tape.jacobian(y, [v, w])",
    v=var(f32(3)),
    w=var(f32(2, 3)),
)
case(
    "jacobian_scalar", TAPE + "    y = tf.reduce_sum(x * x)\nresult = tape.jacobian(y, x)", x=f32(3)
)
case(
    "jacobian_unconnected",
    "with tf.GradientTape() as tape:\n    y = v * v\nresult = tape.jacobian(y, [v, w])",
    v=var(f32(2)),
    w=var(f32(2)),
)
case(
    "jacobian_no_pfor",
    "with tf.GradientTape(persistent=True) as tape:\n    tape.watch(x)\n    y = tf.sin(x)\nresult = tape.jacobian(y, x, experimental_use_pfor=False)",
    x=f32(3),
)
case("batch_jacobian", TAPE + "    y = x * x * x\nresult = tape.batch_jacobian(y, x)", x=f32(2, 3))
case(
    "batch_jacobian_matmul",
    TAPE + "    y = tf.tanh(tf.matmul(x, w))\nresult = tape.batch_jacobian(y, x)",
    x=f32(2, 3),
    w=f32(3, 2),
)
case(
    "hessian",
    """
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.reduce_sum(x ** 3) + x[0] * x[1]
    g = inner.gradient(y, x)
result = outer.jacobian(g, x)
""",
    x=positive(3),
)

CUSTOM = """
@tf.custom_gradient
def f(x):
    def grad(dy):
        return dy * 10.0
    return x * x, grad
"""
case("custom_gradient", CUSTOM + TAPE + "    y = f(x)\nresult = (y, tape.gradient(y, x))", x=f32(2))
case(
    "custom_gradient_chain",
    CUSTOM + TAPE + "    y = f(f(x) * 2.0)\nresult = (y, tape.gradient(y, x))",
    x=f32(2),
)
case(
    "custom_gradient_two_inputs",
    """
@tf.custom_gradient
def f(x, y):
    def grad(dz):
        return dz * y, dz * 2.0 * x
    return x * y, grad
with tf.GradientTape() as tape:
    tape.watch([x, y])
    z = f(x, y)
result = tape.gradient(z, [x, y])
""",
    x=f32(2),
    y=f32(2),
)
case(
    "custom_gradient_two_outputs",
    """
@tf.custom_gradient
def f(x):
    def grad(da, db):
        return da * 2.0 + db * 3.0
    return (x + 1.0, x + 2.0), grad
with tf.GradientTape() as tape:
    tape.watch(x)
    a, b = f(x)
    z = a * 5.0 + b
result = tape.gradient(z, x)
""",
    x=f32(2),
)
case(
    "custom_gradient_variables",
    """
@tf.custom_gradient
def f(x):
    y = x * v
    def grad(dy, variables=None):
        return dy * 2.0, [dy * 100.0 for w in variables]
    return y, grad
with tf.GradientTape() as tape:
    tape.watch(x)
    y = f(x)
result = tape.gradient(y, [x, v])
""",
    x=f32(2),
    v=var(f32(2)),
)
case(
    "custom_gradient_log1pexp",
    """
@tf.custom_gradient
def log1pexp(x):
    e = tf.exp(x)
    def grad(dy):
        return dy * (1 - 1 / (1 + e))
    return tf.math.log(1 + e), grad
with tf.GradientTape() as tape:
    tape.watch(x)
    y = log1pexp(x)
result = tape.gradient(y, x)
""",
    x=val([0.0, 100.0]),
)
case(
    "custom_gradient_clip",
    """
@tf.custom_gradient
def clip(x):
    return tf.identity(x), lambda dy: tf.clip_by_norm(dy, 0.5)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = clip(x) * 10.0
result = tape.gradient(y, x)
""",
    x=f32(3),
)
case(
    "grad_pass_through",
    TAPE + "    y = tf.grad_pass_through(tf.round)(x) * 2.0\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "recompute_grad",
    "f = tf.recompute_grad(lambda a: tf.sin(a) * a)\n"
    + TAPE
    + "    y = f(x)\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "tape_in_function_call",
    """
def loss(w):
    return tf.reduce_sum(w * w)
def step(w):
    with tf.GradientTape() as tape:
        y = loss(w)
    return tape.gradient(y, w)
result = [step(v) for i in range(3)]
""",
    v=var(f32(2)),
)
case(
    "gradient_of_list_literal",
    TAPE + "    y = tf.stack([x[0], x[1] * 2.0])\nresult = tape.gradient(y, x)",
    x=f32(2),
)
case(
    "infinite_gradient",
    TAPE + "    y = tf.sqrt(x)\nresult = tape.gradient(y, x)",
    x=val([0.0, 1.0]),
)
case("nan_gradient", TAPE + "    y = x / x\nresult = tape.gradient(y, x)", x=val([0.0, 1.0]))
case(
    "complex_abs", TAPE + "    y = tf.abs(tf.complex(x, x))\nresult = tape.gradient(y, x)", x=f32(2)
)
case(
    "gradient_twice_persistent_loop",
    """
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    ys = [x ** i for i in (1.0, 2.0, 3.0)]
result = [tape.gradient(y, x) for y in ys]
""",
    x=positive(2),
    rtol=1e-5,
    why="powers",
)
case(
    "leaving_by_exception",
    """
try:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
        raise KeyError("stop")
except KeyError:
    pass
result = tape.gradient(y, x)
""",
    x=f32(2),
)
case("tape_without_with", "tape = tf.GradientTape()\nresult = attempt(tape.watch, x)", x=f32(2))

error(
    "twice",
    TAPE + "    y = x * x\ntape.gradient(y, x)\ntape.gradient(y, x)",
    x=f32(2),
    says=("GradientTape.gradient can only be called once on non-persistent tapes.",),
)
error(
    "inside_then_outside",
    TAPE + "    y = x * x\n    g = tape.gradient(y, x)\ntape.gradient(y, x)",
    x=f32(2),
    says=("can only be called once on non-persistent tapes",),
)
error("watch_not_a_tensor", "with tf.GradientTape() as tape:\n    tape.watch(3.0)", says=("float",))
error("source_not_a_tensor", TAPE + "    y = x * x\ntape.gradient(y, 3.0)", x=f32(2))
error("source_numpy", TAPE + "    y = x * x\ntape.gradient(y, np.ones(2))", x=f32(2))
error("target_none", TAPE + "    y = x * x\ntape.gradient(None, x)", x=f32(2))
error(
    "bad_unconnected",
    TAPE + "    y = x * x\ntape.gradient(y, x, unconnected_gradients='one')",
    x=f32(2),
    says=("one",),
)
error(
    "output_gradient_shape",
    TAPE + "    y = x * x\ntape.gradient(y, x, output_gradients=tf.ones([3]))",
    x=f32(2),
    says=("Incompatible shapes",),
)
error(
    "enter_twice",
    "with tf.GradientTape() as tape:\n    with tape:\n        pass",
    says=(
        "Tape is still recording, This can happen if you try to re-enter an already-active tape.",
    ),
)
error(
    "batch_jacobian_batches",
    TAPE + "    y = tf.reduce_sum(x * x, axis=0)\ntape.batch_jacobian(y, x)",
    x=f32(2, 3),
    says=("rank",),
)
error(
    "custom_gradient_not_a_pair",
    "@tf.custom_gradient\ndef f(x):\n    return x\nf(tf.constant(1.0))",
)
error(
    "gradients_eager",
    "tf.gradients(x, x)",
    x=f32(2),
    says=(
        "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.",
    ),
)
error("jacobian_of_two", TAPE + "    y = x * x\ntape.jacobian([y, y], x)", x=f32(2))
