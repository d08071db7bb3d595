"""tf.Variable: creation, assignment, operators, scattering."""

from golden.table import Table, f32, f64, i32, raw, val, var

table = Table("variables")
case, error = table.case, table.error

case("float", "tf.Variable(1.5)")
case("int", "tf.Variable(3)")
case("list", "tf.Variable([[1.0, 2.0], [3.0, 4.0]])")
case("bool", "tf.Variable([True, False])")
case("string", 'tf.Variable("abc")')
case("numpy", "tf.Variable(x)", x=raw(f64(2)))
case("tensor", "tf.Variable(x)", x=f32(2, 2))
case("dtype", "tf.Variable([1, 2], dtype=tf.float64)")
case("dtype_string", 'tf.Variable(1, dtype="float32")')
case("callable", "tf.Variable(lambda: tf.ones([2]))")
case("callable_dtype", "tf.Variable(lambda: [1.0, 2.0], dtype=tf.float32)")
case(
    "variable_of_variable",
    "w = tf.Variable(v)\nw.assign_add([1.0, 1.0])\nresult = (v, w)",
    v=var(f32(2)),
)
case("not_trainable", "tf.Variable(1.0, trainable=False)")
case("name", '(tf.Variable(1, name="step").name, tf.Variable(1).name)')
case(
    "name_scope", 'with tf.name_scope("net"):\n    v = tf.Variable(1.0, name="w")\nresult = v.name'
)
case(
    "properties",
    "(v.shape, v.dtype, v.trainable, v.get_shape(), v.shape.as_list())",
    v=var(f32(2, 3)),
)
case("device", "v.device.endswith('CPU:0')", v=var(f32(2)))
case("numpy_value", "v.numpy()", v=var(f32(2, 2)))
case("numpy_is_a_copy", "a = v.numpy()\nv.assign_add([1.0, 1.0])\nresult = (a, v)", v=var(f32(2)))
case("value", "(v.value(), v.read_value())", v=var(f32(2)))
case(
    "value_keeps",
    "before = v.value()\nv.assign([9.0, 9.0])\nresult = (before, v.value())",
    v=var(f32(2)),
)
case(
    "convert_keeps",
    "before = tf.convert_to_tensor(v)\nv.assign_add([1.0, 1.0])\nresult = (before, v)",
    v=var(f32(2)),
)
case(
    "identity_keeps",
    "before = tf.identity(v)\nv.assign_add([1.0, 1.0])\nresult = before",
    v=var(f32(2)),
)
case("initial_value", "attempt(lambda: v.initial_value)", v=var(f32(2)))
case(
    "shape_argument",
    "v = tf.Variable([1.0, 2.0], shape=tf.TensorShape(None))\nv.assign([[1.0]])\nresult = (v.shape, v.value())",
)
case(
    "shape_argument_partial",
    "v = tf.Variable([[1.0]], shape=[None, 1])\nv.assign([[1.0], [2.0]])\nresult = v.value()",
)

case("assign", "v.assign([5.0, 6.0])\nresult = v", v=var(f32(2)))
case("assign_returns", "v.assign([5.0, 6.0])", v=var(f32(2)), text=True)
case("assign_add", "v.assign_add(x)\nresult = v", v=var(f32(2)), x=f32(2))
case("assign_sub", "v.assign_sub(x)\nresult = v", v=var(f32(2)), x=f32(2))
case("assign_add_returns", "v.assign_add([1.0, 1.0])", v=var(f32(2)))
case(
    "assign_chain",
    "v.assign_add(1.0).assign_sub(0.25).assign_add(2.0)\nresult = v",
    v=var(val(1.0)),
)
case(
    "assign_read_value_false",
    "r = v.assign([1.0, 2.0], read_value=False)\nresult = (r, v)",
    v=var(f32(2)),
)
case(
    "assign_variable",
    "v.assign(w)\nw.assign([0.0, 0.0])\nresult = (v, w)",
    v=var(f32(2)),
    w=var(f32(2)),
)
case("assign_int_to_float", "v.assign([1, 2])\nresult = v", v=var(f32(2)))
case("assign_numpy", "v.assign(x)\nresult = v", v=var(f32(2)), x=raw(f32(2)))
case("assign_numpy_f64", "attempt(v.assign, x)", v=var(f32(2)), x=raw(f64(2)))
case("assign_tensor_f64", "attempt(v.assign, x)", v=var(f32(2)), x=f64(2))
case("assign_many", "for i in range(5):\n    v.assign_add(v * 0.5)\nresult = v", v=var(f32(2)))
case("assign_from_itself", "v.assign(v * 2.0 + v)\nresult = v", v=var(f32(2)))
case("assign_add_broadcast", "attempt(v.assign_add, 1.0)", v=var(f32(2)))
case(
    "swap", "t = v.value()\nv.assign(w)\nw.assign(t)\nresult = (v, w)", v=var(f32(2)), w=var(f32(2))
)
case("item_assign", "v[0].assign(9.0)\nresult = v", v=var(f32(3)))
case("item_assign_slice", "v[:, 1].assign([7.0, 8.0])\nresult = v", v=var(f32(2, 3)))
case("item_assign_add", "attempt(lambda: v[0].assign_add(1.0))", v=var(f32(3)))

case(
    "operators",
    "(v + 1.0, 2.0 - v, v * v, v / 2.0, -v, abs(v), v ** 2, v // 1.0, v % 1.0)",
    v=var(f32(2)),
    grad="v",
)
case("comparison", "(v > 0.0, v <= w, v == w, v != w)", v=var(f32(2)), w=var(f32(2)))
case("matmul", "(v @ v, tf.matmul(v, v))", v=var(f32(2, 2)), grad="v")
case("indexing", "(v[0], v[:, 1:], v[..., tf.newaxis])", v=var(f32(2, 3)), grad="v")
case("len", "attempt(len, v)", v=var(f32(2, 2)))
case("conversions", "(bool(v), float(v.numpy()), int(v.numpy()))", v=var(val(1.5)))
case("conversions_numpy", "np.sum(v.numpy())", v=var(val([1.5])))
case("if", "1 if v > 1.0 else 2", v=var(val(1.5)))
case("reduce", "(tf.reduce_sum(v), tf.reduce_mean(v, axis=0))", v=var(f32(2, 2)), grad="v")
case("experimental_ref", "v.experimental_ref().deref() is v", v=var(f32(2)))
case(
    "dict_by_ref", "d = {v.experimental_ref(): 1}\nresult = d[v.experimental_ref()]", v=var(f32(2))
)
case("same_name_twice", '[tf.Variable(i, name="w").name for i in range(2)]')
case(
    "deepcopy",
    "import copy\nw = copy.deepcopy(v)\nw.assign_add([1.0, 1.0])\nresult = (v, w)",
    v=var(f32(2)),
)
case("gather", "(tf.gather(v, [1, 0]), v.sparse_read([1]), v.gather_nd([[0]]))", v=var(f32(2, 3)))
case("count_up_to", "attempt(lambda: v.count_up_to(5))", v=var(val(3, "int32")))

SLICES = "tf.IndexedSlices(x, tf.constant([2, 0]))"
for name in ["update", "add", "sub", "mul", "div", "max", "min"]:
    case(
        "scatter_" + name,
        "v.scatter_%s(%s)\nresult = v" % (name, SLICES),
        v=var(f32(3, 2)),
        x=f32(2, 2),
    )
for name in ["update", "add", "sub"]:
    case(
        "scatter_nd_" + name,
        "v.scatter_nd_%s([[2], [0]], x)\nresult = v" % name,
        v=var(f32(3, 2)),
        x=f32(2, 2),
    )
case(
    "scatter_add_twice",
    "v.scatter_add(tf.IndexedSlices(x, tf.constant([1, 1])))\nresult = v",
    v=var(f32(3)),
    x=f32(2),
)
case("scatter_returns", "v.scatter_add(tf.IndexedSlices([1.0], [0]))", v=var(f32(3)))
case(
    "batch_scatter_update",
    "v.batch_scatter_update(tf.IndexedSlices([[9.0], [8.0]], [[1], [0]]))\nresult = v",
    v=var(f32(2, 2)),
)
case("scatter_ints", "v.scatter_add(tf.IndexedSlices([5], [1]))\nresult = v", v=var(i32(3)))

case(
    "module_variables",
    """
class Net(tf.Module):
    def __init__(self):
        super().__init__(name="net")
        self.b = tf.Variable([0.0], name="b")
        self.a = tf.Variable([1.0], name="a", trainable=False)
net = Net()
result = ([v.name for v in net.variables], [v.name for v in net.trainable_variables], net.name)
""",
)
case(
    "module_nested",
    """
class Layer(tf.Module):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable([1.0])
class Net(tf.Module):
    def __init__(self):
        super().__init__()
        self.layers = [Layer(), Layer()]
        self.more = {"x": Layer()}
net = Net()
result = (len(net.variables), len(net.submodules), net.name, net.layers[0].name)
""",
)
case("constraint", "v = tf.Variable([-1.0], constraint=tf.nn.relu)\nresult = v.constraint(v)")
case("aggregation", "(str(v.aggregation), str(v.synchronization))", v=var(f32(1)))
case(
    "training_loop",
    """
w = tf.Variable(tf.constant(5.0))
for epoch in range(10):
    with tf.GradientTape() as tape:
        loss = tf.square(w + 1)
    w.assign_sub(0.2 * tape.gradient(loss, w))
result = (w, loss)
""",
)
case("variable_created_in_loop", "result = [tf.Variable(float(i)) for i in range(3)]")
case(
    "moving_average",
    """
v = tf.Variable(0.0)
for x in [1.0, 2.0, 3.0]:
    v.assign(0.9 * v + 0.1 * x)
result = v
""",
)

error(
    "assign_shape",
    "v.assign([1.0, 2.0, 3.0])",
    v=var(f32(2)),
    says=("Shapes (2,) and (3,) are incompatible",),
)
error(
    "assign_add_shape",
    "v.assign_add(x)",
    v=var(f32(2)),
    x=f32(3),
    says=(
        "Cannot update variable with shape [2] using a Tensor with shape [3], shapes must be equal.",
        "AssignAddVariableOp",
    ),
)
error(
    "assign_dtype",
    "v.assign(x)",
    v=var(f32(2)),
    x=i32(2),
    says=("Tensor conversion requested dtype float32 for Tensor with dtype int32",),
)
error(
    "assign_string",
    'v.assign("a")',
    v=var(f32()),
    says=("Cannot convert 'a' to EagerTensor of dtype float",),
)
error("assign_none", "v.assign(None)", v=var(f32()), says=("Attempt to convert a value (None)",))
error("no_value", "tf.Variable()", says=("initial_value",))
error("none_value", "tf.Variable(None)", says=("initial_value must be specified.",))
error("ragged_value", "tf.Variable([[1], [2, 3]])", says=("non-rectangular",))
error(
    "shape_mismatch",
    "tf.Variable([1.0, 2.0], shape=[3])",
    says=(
        "The initial value's shape ((2,)) is not compatible with the explicitly supplied `shape` argument ([3]).",
    ),
)
error("item_assignment", "v[0] = 1.0", v=var(f32(2)), says=("does not support item assignment",))
error("set_attribute_shape", "v.shape = [3]", v=var(f32(2)))
error(
    "add_shapes", "v + w", v=var(f32(2)), w=var(f32(3)), says=("Incompatible shapes: [2] vs. [3]",)
)
error(
    "scatter_out_of_range",
    "v.scatter_add(tf.IndexedSlices([1.0], [7]))",
    v=var(f32(3)),
    says=("indices[0] = 7 is not in [0, 3)",),
)
error(
    "scatter_not_slices",
    "v.scatter_add([1.0])",
    v=var(f32(3)),
    says=("sparse_delta is not IndexedSlices",),
)
error("unknown_dtype", 'tf.Variable(1.0, dtype="float31")', says=("float31",))
error("positional_name", "tf.Variable([1.0], 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)")
error(
    "augmented_add",
    "v += 1.0",
    v=var(f32(2)),
    says=("Variable += value not supported. Use variable.assign_add(value)",),
)
error(
    "augmented_sub",
    "v -= 1.0",
    v=var(f32(2)),
    says=("Variable -= value not supported. Use variable.assign_sub(value)",),
)
error(
    "augmented_mul",
    "v *= 1.0",
    v=var(f32(2)),
    says=("Variable *= value not supported. Use `var.assign(var * value)`",),
)
error(
    "augmented_div",
    "v /= 1.0",
    v=var(f32(2)),
    says=("Variable /= value not supported. Use `var.assign(var / value)`",),
)
error("iteration", "list(v)", v=var(f32(2, 2)), says=("not iterable",))
error("set_shape", "v.set_shape([2])", v=var(f32(2)), says=("set_shape",))
