"""Corners of the ops that move elements: odd shapes, TF's own gradients, and refusals."""

from golden.table import Table, arange, f32, i32, ints, val

table = Table("moving")
case, error = table.case, table.error

# ------------------------------------------------------------------------------------ shapes
EMPTY_RESHAPES = [
    "[-1, 2]",
    "[3, -1]",
    "[0, 0, -1]",
    "[0, 2, -1]",
    "[-1, 0]",
    "[0, -1, 6]",
    "[1, -1]",
]
for number, shape in enumerate(EMPTY_RESHAPES):
    case("reshape_empty_%d" % number, "tf.reshape(tf.zeros([0, 3]), %s)" % shape)
case("squeeze_float_axis", "tf.squeeze(x, 1.0)", x=f32(2, 1))
case("squeeze_nothing", "tf.squeeze(x, axis=[])", x=f32(2, 1))
case("transpose_conjugate", "tf.transpose([[1 + 2j, 3j]], conjugate=True)")
case(
    "broadcast_static_partial",
    "[tf.broadcast_static_shape(tf.TensorShape(a), tf.TensorShape(b)) for a, b in (([None], [1]), ([2, None], [3]), (None, [1]), ([None], [None]))]",
)
case(
    "shape_in_function",
    "tf.function(lambda a: tf.reshape(a, tf.stack([tf.shape(a)[0] * 2, -1])))(x)",
    x=f32(2, 4),
    grad="x",
)
error(
    "transpose_twice",
    "tf.transpose(x, [0, 0])",
    x=f32(2, 3),
    says=("1 is missing from {0,0}.", "[Op:Transpose]"),
)
error(
    "reshape_two_unknown",
    "tf.reshape(x, [-1, -1])",
    x=f32(4),
    says=("Only one input size may be -1, not both 0 and 1",),
)
error(
    "expand_dims_two",
    "tf.expand_dims(x, [0, 1])",
    x=f32(4),
    says=("'dim' must be a tensor with a single value",),
)

# ------------------------------------------------------------------------------------- making
case("range_adds_up", "tf.range(0, 1, 0.1)")
case("range_adds_up_f64", "tf.range(tf.constant(0.1, tf.float64), 1.5, 0.3)")
case("linspace_negative", "tf.linspace(-1.3, 7.7, 8)")
case("linspace_f16", "tf.linspace(tf.constant(0.0, tf.float16), 1.0, 4)")
error(
    "range_wrong_way",
    "tf.range(10, 0, 1)",
    says=("Requires start <= limit when delta > 0: 10/0", "[Op:Range]"),
)
error("range_no_step", "tf.range(0, 5, 0)", says=("Requires delta != 0: 0",))
error("linspace_none", "tf.linspace(0.0, 1.0, 0)", says=("Requires num > 0: 0", "[Op:LinSpace]"))
case(
    "one_hot_values_gradient", "tf.one_hot([1, 0], 2, on_value=x, off_value=0.5)", x=f32(), grad="x"
)
case("one_hot_bools", "tf.one_hot([1, 5, -1], 3, on_value=True, off_value=False)")
case("one_hot_strings", "tf.one_hot([1], 3, 'a', 'b')")
case("one_hot_uint8", "tf.one_hot(x, 300)", x=ints(0, 255, 4, dtype="uint8"))
case("meshgrid_three", "tf.meshgrid(x, [1.0, 2.0, 3.0], [4.0], indexing='ij')", x=f32(2), grad="x")
case("sequence_mask_i64", "tf.sequence_mask(tf.constant([[1], [3]], tf.int64), dtype=tf.int32)")
NUMBERS = val(["nan", "inf", "-inf", 3e9, -1.5, 300.0, 70000.0, -3e9, 2e19], "float64")
for dtype in [
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool",
    "float16",
]:
    case("cast_beyond_" + dtype, "tf.cast(x, tf.%s)" % dtype, x=NUMBERS)
case("saturate_cast_gradient", "tf.saturate_cast(x, tf.float16)", x=val([1e6, 2.0, -1e9]), grad="x")

# ------------------------------------------------------------------------------- joining, padding
case("stack_number_in_list", "tf.stack([x, [1, 2, 3]])", x=f32(3), grad="x")
case("stack_ints_and_floats", "(tf.stack([1, 2.5]), tf.stack([]), tf.stack(x, 1))", x=f32(2, 3))
case("split_rest", "tf.split(x, [1, -1], 1)", x=f32(2, 3), grad="x")
case("pad_value_gradient", "tf.pad(x, [[1, 1]], constant_values=x[0])", x=f32(2), grad="x")
case("pad_scalar", "tf.pad(x, tf.zeros([0, 2], tf.int32))", x=f32())
case("pad_strings", "tf.pad(['a'], [[1, 0]], constant_values='z')")
case("repeat_none", "tf.repeat(x, [0, 2, 0], axis=1)", x=f32(2, 3), grad="x")
error(
    "pad_symmetric_beyond",
    "tf.pad(x, [[3, 0]], 'SYMMETRIC')",
    x=f32(2),
    says=("paddings must be no greater than the dimension size: 3, 0 greater than 2",),
)
error(
    "pad_shape",
    "tf.pad(x, [[1, 0]])",
    x=f32(2, 2),
    says=("The first dimension of paddings must be the rank of inputs[1,2] [2,2]",),
)
error(
    "split_ambiguous",
    "tf.split(x, [-1, -1])",
    x=f32(2),
    says=("There can only be one -1 in the input.",),
)
error(
    "split_wrong_sum",
    "tf.split(x, [1, 2])",
    x=f32(2),
    says=("Determined shape must either match input shape along split_dim exactly",),
)
error("repeat_floats", "tf.repeat(x, 2.0)", x=f32(2), says=("repeats must be an integer tensor",))
error(
    "reverse_twice", "tf.reverse(x, [0, -1])", x=f32(2), says=("axis 0 specified more than once.",)
)
error(
    "roll_sizes",
    "tf.roll(x, [1], [0, 0])",
    x=f32(2),
    says=("shift and axis must have the same size",),
)

# ------------------------------------------------------------------------------ picking, placing
case(
    "gather_axis_before_batch", "tf.gather(x, [[0, 1], [1, 0]], axis=0, batch_dims=1)", x=f32(2, 3)
)
case(
    "gather_nd_batch_partial",
    "tf.gather_nd(x, [[0, 0], [1, 1]], batch_dims=1)",
    x=f32(2, 2, 2),
    grad="x",
)
case("where_three_shapes", "tf.where([[True], [False]], x, -x)", x=f32(3), grad="x")
case(
    "boolean_mask_inner",
    "tf.boolean_mask(x, [True, False, True], axis=1)",
    x=f32(2, 3, 2),
    grad="x",
)
case("scatter_bools", "tf.scatter_nd([[1]], [True], [3])")
case("scatter_strings", "tf.scatter_nd([[1]], ['a'], [3])")
case("update_strings", "tf.tensor_scatter_nd_update(['a', 'b'], [[1]], ['c'])")
case("update_twice", "tf.tensor_scatter_nd_update(x, [[1], [1]], [5.0, 6.0])", x=f32(3))
case("partition_all", "tf.dynamic_partition(x, [[1, 0, 0], [1, 1, 0]], 2)", x=f32(2, 3), grad="x")
case("partition_scalar", "tf.dynamic_partition(x, 0, 2)", x=f32(3))
case(
    "stitch_gradient_of_hidden",
    "tf.dynamic_stitch([[0], [0, 1]], [x[:1], x[1:]])",
    x=f32(3, 2),
    grad="x",
)
case("unravel_beyond", "tf.unravel_index([6, -1], [2, 3])")
error(
    "gather_position",
    "tf.gather(x, [[0, 1], [-1, 0]])",
    x=f32(2),
    says=("indices[1,0] = -1 is not in [0, 2)",),
)
error(
    "gather_computed_index",
    "tf.gather(x, tf.cast(x * 0.0 + 9.0, tf.int32)).numpy()",
    x=f32(2),
    says=("indices[0] = 9 is not in [0, 2)",),
)
error(
    "gather_nd_position",
    "tf.gather_nd(x, [[[0], [5]]])",
    x=f32(2, 3),
    says=("indices[0,1] = [5] does not index into param shape [2,3]",),
)
error(
    "gather_nd_deep",
    "tf.gather_nd(x, [[0, 0, 0]])",
    x=f32(2, 3),
    says=("index innermost dimension length must be <= params rank; saw: 3 vs. 2",),
)
error(
    "scatter_position",
    "tf.scatter_nd([[0], [5]], x, [3])",
    x=f32(2),
    says=("indices[1] = [5] does not index into shape [3]",),
)
error(
    "scatter_outer",
    "tf.scatter_nd([[0], [1]], x, [3])",
    x=f32(1),
    says=("Outer dimensions of indices and update must match.",),
)
error(
    "where_shapes",
    "tf.where(x > 0, x, [1.0, 2.0])",
    x=f32(3),
    says=("then [3] and else [2] must be broadcastable", "[Op:SelectV2]"),
)
error("where_scalar", "tf.where(True)", says=("WhereOp : Unhandled input dimensions: 0",))
error(
    "partition_beyond",
    "tf.dynamic_partition(x, [0, 2], 2)",
    x=f32(2),
    says=("partitions[1] = 2 is not in [0, 2)",),
)
error(
    "mask_shape",
    "tf.boolean_mask(x, [True, False, True])",
    x=f32(2),
    says=("Shapes (2,) and (3,) are incompatible",),
)

# ------------------------------------------------------------------------------ order, blocks
case("sort_gradient_axis", "tf.sort(x, axis=0, direction='DESCENDING')", x=f32(3, 2), grad="x")
case("sort_smallest_int", "(tf.sort(x), tf.argsort(x))", x=val([-(2**31), 5], "int32"))
case("sort_uint8_down", "tf.sort(x, direction='DESCENDING')", x=val([3, 200, 1], "uint8"))
error(
    "sort_uint8_up",
    "tf.sort(x)",
    x=val([3, 200, 1], "uint8"),
    says=("Could not find valid device",),
)
case("unique_nan", "tf.unique(x)", x=val([1.0, "nan", "nan", 1.0, 0.0, -0.0]))
case(
    "histogram_edges",
    "tf.histogram_fixed_width(x, [0.0, 1.0], 10)",
    x=val([0.0, 0.05, 0.1, 0.15, 0.3, 0.7, 0.9, 1.0]),
)
case(
    "histogram_bin_edges",
    "tf.histogram_fixed_width_bins(x, [0.0, 1.0], 10)",
    x=val([0.0, 0.05, 0.1, 0.15, 0.3, 0.7, 0.9, 1.0]),
)
case(
    "space_to_batch_gradient",
    "tf.space_to_batch(x, [2, 2], [[1, 1], [0, 2]])",
    x=f32(1, 2, 2, 1),
    grad="x",
)
case("batch_to_space_int_block", "tf.batch_to_space(x, 2, [[0, 0], [0, 0]])", x=arange(4, 1, 1, 1))
case(
    "reverse_sequence_axes",
    "tf.reverse_sequence(x, [1, 2, 0], seq_axis=0, batch_axis=1)",
    x=f32(2, 3),
    grad="x",
)
error(
    "space_to_batch_blocks",
    "tf.space_to_batch(x, [2], [[0, 0]])",
    x=f32(1, 3),
    says=("padded_shape[0]=3 is not divisible by block_shape[0]=2",),
)
error(
    "reverse_sequence_length",
    "tf.reverse_sequence(x, [1, 4], 1, 0)",
    x=i32(2, 3),
    says=("seq_lens(1) > input.dims(1)",),
)

# -------------------------------------------------------------------------------- passing on
case("identity_is_new", "x = tf.constant(1.0)\nresult = tf.identity(x) is x")
case("stop_gradient_product", "tf.stop_gradient(x) * x", x=f32(3), grad="x")
case("cast_same_is_same", "x = tf.constant(1.0)\nresult = tf.cast(x, tf.float32) is x")
case(
    "name_scopes",
    """
names = []
with tf.name_scope("a") as a:
    names += [a, tf.Variable(1.0).name]
    with tf.name_scope("b") as b:
        names += [b, tf.Variable(1.0, name="q").name]
    with tf.name_scope("x/") as x, tf.name_scope("") as nothing:
        names += [x, nothing]
result = names
""",
)
case(
    "executing_eagerly_in_function",
    "seen = []\ntf.function(lambda: seen.append(tf.executing_eagerly()))()\nresult = seen",
)
case(
    "is_tensor",
    "[tf.is_tensor(v) for v in (x, [1], np.zeros(1), tf.Variable(1.0), tf.TensorSpec([1]), None)]",
    x=f32(2),
)
case(
    "get_static_value_kinds", "[tf.get_static_value(v) for v in (x, 3, tf.Variable(1.0))]", x=f32(2)
)
case(
    "py_function_several",
    "tf.py_function(lambda a: (a * 2.0, 1), [x], [tf.float32, tf.int32])",
    x=f32(2),
)
error(
    "py_function_error",
    "tf.py_function(lambda a: 1 / 0, [x], tf.float32)",
    x=f32(2),
    says=("ZeroDivisionError: division by zero",),
)
error(
    "py_function_type",
    "tf.py_function(lambda a: a, [x], tf.float64)",
    x=f32(2),
    says=("Tensor conversion requested dtype float64",),
)
