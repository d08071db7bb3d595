"""Making, shaping, joining, picking and sorting: values move but are not computed with."""

from golden.table import (
    Table,
    arange,
    bools,
    c64,
    empty,
    f16,
    f32,
    f64,
    i32,
    i64,
    ints,
    perm,
    positive,
    raw,
    spd,
    uniform,
    val,
    var,
)

table = Table("array")
case, error = table.case, table.error

# ------------------------------------------------------------------------------------- creation
case("zeros", "tf.zeros([2, 3])")
case("zeros_int_shape", "(tf.zeros(3), tf.ones(4), tf.zeros([]), tf.zeros(()))")
case(
    "zeros_dtypes",
    "[tf.zeros([2], d) for d in (tf.int32, tf.bool, tf.string, tf.complex64, tf.float16)]",
)
case("zeros_tensor_shape", "tf.zeros(tf.shape(x))", x=f32(2, 3))
case("zeros_tensorshape", "tf.zeros(x.shape, tf.int64)", x=f32(2, 3))
case("zeros_numpy_shape", "tf.zeros(np.array([2, 2]))")
case("zeros_empty", "tf.zeros([0, 3])")
case("ones", "tf.ones([2, 3])")
case("ones_dtypes", "[tf.ones([2], d) for d in (tf.int32, tf.bool, tf.uint8, tf.float64)]")
case("zeros_like", "tf.zeros_like(x)", x=f32(2, 3), grad="x")
case("zeros_like_dtype", "(tf.zeros_like(x, dtype=tf.float64), tf.ones_like(x, tf.bool))", x=i32(3))
case("zeros_like_list", "(tf.zeros_like([1, 2]), tf.ones_like([[1.0]]))")
case("ones_like", "tf.ones_like(x)", x=i64(2, 2))
case("ones_like_numpy", "tf.ones_like(x)", x=raw(f64(2)))
case("zeros_like_string", 'tf.zeros_like(["a", "b"])')
case("fill", "(tf.fill([2, 3], 9), tf.fill([2], 3.0), tf.fill([], 1), tf.fill([0, 2], True))")
case("fill_string", 'tf.fill([2], "ab")')
case("fill_tensor", "tf.fill([2, 2], x)", x=f32(), grad="x")
case("eye", "(tf.eye(3), tf.eye(2, 3), tf.eye(3, num_columns=1))")
case("eye_batch", "tf.eye(2, batch_shape=[3], dtype=tf.int32)")
case("range", "(tf.range(5), tf.range(2, 6), tf.range(0, 10, 3), tf.range(5, 0, -2))")
case("range_floats", "(tf.range(3.0), tf.range(0.0, 1.0, 0.25), tf.range(1, 2.5, 0.5))")
case("range_dtype", "(tf.range(3, dtype=tf.float32), tf.range(3, dtype=tf.int64))")
case("range_tensor", "tf.range(x)", x=val(4, "int64"))
case("range_empty", "(tf.range(0), tf.range(3, 3))")
case("range_limit_float", "tf.range(2.1)")
case("range_tenths", "tf.range(0.0, 1.0, 0.1)", rtol=1e-6, why="sums or products of steps")
case("linspace", "(tf.linspace(0.0, 1.0, 5), tf.linspace(10.0, 12.0, 3), tf.linspace(3.0, 1.0, 1))")
case("linspace_f64", "tf.linspace(x, 2.0, 4)", x=val(0.5, "float64"))
case("meshgrid", "tf.meshgrid([1, 2, 3], [4, 5])")
case("meshgrid_ij", 'tf.meshgrid([1, 2, 3], [4, 5], indexing="ij")')
case("meshgrid_three", "tf.meshgrid([1.0, 2.0], [3.0], x)", x=f32(2))
case("meshgrid_one", "tf.meshgrid([1, 2])")
case("one_hot", "tf.one_hot([0, 2, 1], 3)")
case("one_hot_outside", "tf.one_hot([0, -1, 5], 3)")
case("one_hot_values", "tf.one_hot([1, 0], depth=2, on_value=5.0, off_value=-1.0)")
case("one_hot_dtype", "tf.one_hot([1, 0], 2, dtype=tf.int32)")
case("one_hot_bool", "tf.one_hot([1, 0], 2, on_value=True, off_value=False)")
case("one_hot_axis", "tf.one_hot([[1, 0], [2, 1]], 3, axis=0)")
case("one_hot_axis_1", "tf.one_hot([[1, 0], [2, 1]], 3, axis=1)")
case("one_hot_scalar", "tf.one_hot(1, 3)")
case("one_hot_i64", "tf.one_hot(x, depth=4)", x=ints(0, 4, 3, dtype="int64"))
case("one_hot_u8", "tf.one_hot(x, 4)", x=ints(0, 4, 3, dtype="uint8"))
case("one_hot_on_int", "tf.one_hot([0, 1], 2, on_value=3)")
case("one_hot_zero_depth", "tf.one_hot([0, 1], 0)")
case("one_hot_empty", "tf.one_hot(x, 3)", x=empty(0, dtype="int32"))
case("sequence_mask", "(tf.sequence_mask([1, 3, 2]), tf.sequence_mask([1, 3], 5))")
case("sequence_mask_dtype", "tf.sequence_mask([[1, 3], [2, 0]], 4, dtype=tf.float32)")
case("sequence_mask_scalar", "tf.sequence_mask(2, 3)")

# -------------------------------------------------------------------------------------- shaping
case("reshape", "tf.reshape(x, [3, 2])", x=f32(2, 3), grad="x")
case(
    "reshape_infer",
    "(tf.reshape(x, [-1]), tf.reshape(x, [2, -1]), tf.reshape(x, (-1, 1)))",
    x=f32(2, 3),
    grad="x",
)
case("reshape_scalar", "(tf.reshape(x, []), tf.reshape(3, [1, 1]))", x=f32(1))
case("reshape_tensor", "tf.reshape(x, tf.constant([3, 2]))", x=f32(6))
case("reshape_tensor_parts", "tf.reshape(x, [tf.shape(x)[0], -1])", x=f32(2, 3, 2))
case("reshape_empty", "tf.reshape(x, [0, -1])", x=empty(0, 3))
case("reshape_numpy", "tf.reshape(x, [4])", x=raw(f64(2, 2)))
case("reshape_list", "tf.reshape([[1, 2], [3, 4]], [4])")
case("reshape_int", "attempt(tf.reshape, x, 6)", x=f32(2, 3))
case("transpose", "tf.transpose(x)", x=f32(2, 3), grad="x")
case("transpose_perm", "tf.transpose(x, perm=[2, 0, 1])", x=f32(2, 3, 4), grad="x")
case("transpose_three", "tf.transpose(x)", x=arange(2, 3, 2))
case("transpose_vector", "(tf.transpose(x), tf.transpose(1.0))", x=f32(3))
case("transpose_conjugate", "tf.transpose(x, conjugate=True)", x=c64(2, 2))
case("transpose_list", "tf.transpose([[1, 2], [3, 4]])")
case(
    "expand_dims",
    "(tf.expand_dims(x, 0), tf.expand_dims(x, 1), tf.expand_dims(x, -1))",
    x=f32(2, 3),
    grad="x",
)
case("expand_dims_scalar", "tf.expand_dims(3, 0)")
case("squeeze", "tf.squeeze(x)", x=f32(1, 2, 1), grad="x")
case(
    "squeeze_axis",
    "(tf.squeeze(x, 0), tf.squeeze(x, [2]), tf.squeeze(x, axis=[0, -1]))",
    x=f32(1, 2, 1),
    grad="x",
)
case("squeeze_all_ones", "tf.squeeze(x)", x=f32(1, 1))
case("concat", "tf.concat([x, y], 0)", x=f32(1, 2), y=f32(3, 2), grad="x,y")
case("concat_axis", "tf.concat([x, y], axis=-1)", x=f32(2, 1), y=f32(2, 3), grad="x,y")
case("concat_lists", "tf.concat([[1, 2], [3]], 0)")
case("concat_one", "tf.concat([x], 0)", x=f32(2))
case("concat_not_a_list", "tf.concat(x, 0)", x=f32(2, 2))
case("concat_empty", "tf.concat([x, y], 0)", x=empty(0, 2), y=f32(1, 2))
case("concat_strings", 'tf.concat([["a"], ["b", "c"]], 0)')
case("concat_numpy", "tf.concat([x, y], 0)", x=raw(f32(2)), y=f32(2))
case(
    "stack",
    "(tf.stack([x, y]), tf.stack([x, y], axis=1), tf.stack([x, y], -1))",
    x=f32(2),
    y=f32(2),
    grad="x,y",
)
case("stack_scalars", "(tf.stack([1, 2, 3]), tf.stack([x, 2.0]))", x=f32())
case("stack_variable", "tf.stack([v, x])", v=var(f32(2)), x=f32(2), grad="v,x")
case("unstack", "(tf.unstack(x), tf.unstack(x, axis=1), tf.unstack(x, num=2))", x=f32(2, 3))
case("unstack_gradient", "tf.unstack(x, axis=-1)[1]", x=f32(2, 3), grad="x")
case("split", "tf.split(x, 2)", x=f32(4, 2), grad="x")
case("split_axis", "tf.split(x, 3, axis=1)", x=f32(2, 3), grad="x")
case("split_sizes", "tf.split(x, [1, 3, 2])", x=f32(6), grad="x")
case("split_rest", "tf.split(x, [1, -1], axis=-1)", x=f32(2, 4))
case("split_zero_size", "tf.split(x, [0, 3])", x=f32(3))
case("tile", "(tf.tile(x, [2, 1]), tf.tile(x, [1, 3]), tf.tile(x, [0, 1]))", x=f32(2, 2), grad="x")
case("tile_vector", "tf.tile([1, 2], [3])")
case(
    "repeat",
    "(tf.repeat(x, 2), tf.repeat(x, 2, axis=0), tf.repeat(x, [1, 3], axis=1))",
    x=f32(2, 2),
)
case("repeat_gradient", "tf.repeat(x, [2, 0, 1])", x=f32(3), grad="x")
case("repeat_scalar", "tf.repeat(3, 4)")
case("pad", "tf.pad(x, [[1, 0], [0, 2]])", x=f32(2, 2), grad="x")
case("pad_value", "tf.pad(x, [[1, 1]], constant_values=9)", x=i32(2))
case("pad_reflect", 'tf.pad(x, [[1, 1], [2, 2]], "REFLECT")', x=f32(2, 3), grad="x")
case("pad_symmetric", 'tf.pad(x, [[1, 1], [2, 2]], mode="SYMMETRIC")', x=f32(2, 3), grad="x")
case("pad_lower_case", 'tf.pad(x, [[1, 1]], "reflect")', x=f32(3))
case(
    "broadcast_to",
    "(tf.broadcast_to(x, [2, 3]), tf.broadcast_to(x, [2, 2, 3]))",
    x=f32(3),
    grad="x",
)
case("broadcast_to_column", "tf.broadcast_to(x, [2, 3])", x=f32(2, 1), grad="x")
case("broadcast_to_scalar", "tf.broadcast_to(1, [2, 2])")
case("broadcast_dynamic_shape", "tf.broadcast_dynamic_shape([2, 1], [3])")
case(
    "broadcast_static_shape",
    "tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([None, 3]))",
)
case(
    "shape",
    "(tf.shape(x), tf.shape(x, out_type=tf.int64), tf.shape(1.0), tf.shape([[1, 2]]))",
    x=f32(2, 3),
)
case("shape_n", "tf.shape_n([x, y])", x=f32(2), y=f32(1, 3))
case("size", "(tf.size(x), tf.size(3), tf.size(x, tf.int64), tf.size([]))", x=f32(2, 3))
case("rank", "(tf.rank(x), tf.rank(3), tf.rank([[1]]))", x=f32(2, 3))
case("ensure_shape", "tf.ensure_shape(x, [None, 3])", x=f32(2, 3), grad="x")
case(
    "reverse",
    "(tf.reverse(x, [0]), tf.reverse(x, axis=[-1]), tf.reverse(x, [0, 1]))",
    x=f32(2, 3),
    grad="x",
)
case("reverse_nothing", "tf.reverse(x, [])", x=f32(2))
case(
    "reverse_sequence",
    "tf.reverse_sequence(x, [1, 3], seq_axis=1, batch_axis=0)",
    x=f32(2, 4),
    grad="x",
)
case(
    "roll",
    "(tf.roll(x, 1, 0), tf.roll(x, -1, 1), tf.roll(x, [1, 2], [0, 1]))",
    x=f32(2, 3),
    grad="x",
)
case("roll_beyond", "tf.roll([1, 2, 3], shift=7, axis=0)")
case("bitcast", "(tf.bitcast(x, tf.int32), tf.bitcast(x, tf.uint32))", x=f32(2))
case("bitcast_smaller", "tf.bitcast(x, tf.uint8)", x=ints(0, 2**30, 2))
case("bitcast_larger", "tf.bitcast(x, tf.int32)", x=ints(0, 200, 2, 4, dtype="uint8"))
case(
    "space_to_batch", "tf.space_to_batch(x, [2, 2], [[0, 0], [0, 0]])", x=f32(1, 2, 4, 1), grad="x"
)
case("space_to_batch_pad", "tf.space_to_batch(x, [2], [[1, 0]])", x=f32(1, 3, 2))
case("space_to_batch_nd", "tf.space_to_batch_nd(x, [2], [[0, 0]])", x=f32(1, 4, 1))
case(
    "batch_to_space", "tf.batch_to_space(x, [2, 2], [[0, 0], [0, 1]])", x=f32(4, 1, 2, 1), grad="x"
)
case(
    "space_to_depth",
    "tf.nn.space_to_depth(x, 2)",
    x=f32(1, 2, 4, 1),
    grad="x",
)
case(
    "depth_to_space",
    "tf.nn.depth_to_space(x, 2)",
    x=f32(1, 1, 2, 4),
    grad="x",
)
case("required_paddings", "tf.required_space_to_batch_paddings([5, 4], [2, 3])")
case("parallel_stack", "attempt(tf.parallel_stack, [x, x])", x=f32(2))

# -------------------------------------------------------------------------------------- picking
case("gather", "tf.gather(x, [2, 0, 2])", x=f32(3, 2), grad="x")
case("gather_scalar", "tf.gather(x, 1)", x=f32(3, 2), grad="x")
case("gather_matrix", "tf.gather(x, [[0, 1], [2, 2]])", x=f32(3, 2), grad="x")
case(
    "gather_axis", "(tf.gather(x, [1, 0], axis=1), tf.gather(x, 1, axis=-1))", x=f32(2, 3), grad="x"
)
case(
    "gather_batch",
    "tf.gather(x, i, batch_dims=1)",
    x=f32(2, 3),
    i=val([[0, 2], [1, 1]], "int32"),
    grad="x",
)
case(
    "gather_batch_axis",
    "tf.gather(x, i, axis=2, batch_dims=1)",
    x=f32(2, 2, 3),
    i=val([[0, 2], [1, 1]], "int32"),
)
case(
    "gather_batch_negative",
    "tf.gather(x, i, batch_dims=-1)",
    x=f32(2, 3),
    i=val([[0, 2], [1, 1]], "int32"),
)
case("gather_i64", "tf.gather(x, tf.constant([1], tf.int64))", x=i32(3))
case("gather_strings", 'tf.gather(["a", "b"], [1, 0])')
case("gather_variable", "tf.gather(v, [0, 0])", v=var(f32(3, 2)), grad="v")
case("gather_empty", "tf.gather(x, i)", x=f32(3, 2), i=empty(0, dtype="int32"), grad="x")
case("gather_nd", "tf.gather_nd(x, [[0, 1], [1, 0]])", x=f32(2, 2), grad="x")
case("gather_nd_rows", "tf.gather_nd(x, [[1], [0]])", x=f32(2, 2), grad="x")
case("gather_nd_one", "tf.gather_nd(x, [1, 0])", x=f32(2, 2))
case("gather_nd_batch", "tf.gather_nd(x, [[1], [0]], batch_dims=1)", x=f32(2, 3, 2), grad="x")
case("gather_nd_all", "tf.gather_nd(x, tf.zeros([1, 0], tf.int32))", x=f32(2))
case("slice", "(tf.slice(x, [0, 1], [2, 1]), tf.slice(x, [1, 0], [-1, 2]))", x=f32(3, 3), grad="x")
case("slice_empty", "tf.slice(x, [1], [0])", x=f32(3))
case("strided_slice", "tf.strided_slice(x, [0, 2], [3, 0], [2, -1])", x=f32(3, 3), grad="x")
case(
    "strided_slice_masks",
    "tf.strided_slice(x, [1, 1], [2, 2], begin_mask=1, end_mask=2)",
    x=f32(3, 3),
)
case("strided_slice_shrink", "tf.strided_slice(x, [1, 0], [2, 2], shrink_axis_mask=1)", x=f32(3, 3))
case("strided_slice_new_axis", "tf.strided_slice(x, [0, 0], [1, 2], new_axis_mask=1)", x=f32(3, 3))
case("boolean_mask", "tf.boolean_mask(x, [True, False, True])", x=f32(3, 2), grad="x")
case("boolean_mask_axis", "tf.boolean_mask(x, [True, False], axis=1)", x=f32(3, 2))
case("boolean_mask_matrix", "tf.boolean_mask(x, x > 0)", x=f32(3, 2), grad="x")
case("boolean_mask_none", "tf.boolean_mask(x, [False, False])", x=f32(2, 3))
case("boolean_mask_numpy", "tf.boolean_mask(x, np.array([True, False]))", x=raw(i32(2, 2)))
case("where", "tf.where(c, x, y)", c=bools(2, 3), x=f32(2, 3), y=f32(2, 3), grad="x,y")
case("where_broadcast", "tf.where(c, x, 0.0)", c=bools(3, 1), x=f32(3), grad="x")
case(
    "where_scalar_condition", "(tf.where(True, x, 1.0), tf.where(False, x, y))", x=f32(2), y=f32(2)
)
case("where_positions", "tf.where(c)", c=bools(3, 3))
case("where_positions_vector", "tf.where(x > 0)", x=f32(5))
case("where_positions_none", "tf.where([False, False])")
case("where_positions_scalar", "attempt(tf.where, True)")
case("where_positions_numbers", "tf.where([0, 3, 0, -1])")
case("where_lists", "tf.where([True, False], [1, 2], [3, 4])")
case("where_nan_gradient", "tf.where(x > 0, tf.sqrt(x), 0.0)", x=val([-1.0, 4.0]), grad="x")
case("dynamic_partition", "tf.dynamic_partition(x, [1, 0, 1, 2], 3)", x=f32(4, 2), grad="x")
case("dynamic_partition_empty", "tf.dynamic_partition(x, [0, 0], 3)", x=f32(2))
case(
    "dynamic_stitch",
    "tf.dynamic_stitch([[0, 2], [1]], [x, y])",
    x=f32(2, 2),
    y=f32(1, 2),
    grad="x,y",
)
case("dynamic_stitch_overlap", "tf.dynamic_stitch([[0, 1], [1]], [[1.0, 2.0], [3.0]])")
case("scatter_nd", "tf.scatter_nd([[1], [3]], x, [5])", x=f32(2), grad="x")
case("scatter_nd_duplicates", "tf.scatter_nd([[1], [1], [0]], x, [2, 2])", x=f32(3, 2), grad="x")
case("scatter_nd_full_index", "tf.scatter_nd([[0, 1], [1, 0]], x, [2, 2])", x=i32(2))
case(
    "scatter_nd_i64",
    "tf.scatter_nd(tf.constant([[1]], tf.int64), x, tf.constant([3], tf.int64))",
    x=f32(1),
)
for name in ["update", "add", "sub"]:
    call = "tf.tensor_scatter_nd_%s(x, [[1], [0]], u)" % name
    case("tensor_scatter_nd_" + name, call, x=f32(3, 2), u=f32(2, 2), grad="x,u")
case(
    "tensor_scatter_nd_add_twice", "tf.tensor_scatter_nd_add(x, [[1], [1]], u)", x=f32(3), u=f32(2)
)
case("invert_permutation", "tf.math.invert_permutation(x)", x=perm(5))
case("unravel_index", "tf.unravel_index([5, 0, 3], [2, 3])")
case("unravel_index_scalar", "tf.unravel_index(4, [2, 3])")

# -------------------------------------------------------------------------------------- sorting
case("sort", "(tf.sort(x), tf.sort(x, axis=0), tf.sort(x, direction='DESCENDING'))", x=f32(3, 4))
case("sort_gradient", "tf.sort(x)", x=f32(5), grad="x")
case("sort_ints", "(tf.sort(x), tf.sort(x, direction='DESCENDING'))", x=i32(6))
case("sort_i64_f64", "(tf.sort(x), tf.sort(y))", x=i64(4), y=f64(4))
case("sort_inf", "tf.sort(x)", x=val([1.0, "inf", "-inf", 0.0]))
case(
    "argsort",
    "(tf.argsort(x), tf.argsort(x, axis=0), tf.argsort(x, direction='DESCENDING'))",
    x=f32(3, 4),
)
case("argsort_ties", "(tf.argsort(x), tf.argsort(x, stable=True))", x=val([2, 1, 2, 1], "int32"))
case("argsort_ties_down", "tf.argsort(x, direction='DESCENDING')", x=val([2, 1, 2, 1], "int32"))
case("top_k", "tf.math.top_k(x, 2)", x=f32(2, 4))
case("top_k_values_gradient", "tf.nn.top_k(x, k=2).values", x=f32(2, 4), grad="x")
case("top_k_default", "tf.math.top_k(x)", x=i32(5))
case("top_k_ties", "tf.math.top_k(x, 3)", x=val([1.0, 3.0, 3.0, 1.0, 2.0]))
case("top_k_zero", "tf.math.top_k(x, 0)", x=f32(3))
case(
    "top_k_fields", "r = tf.nn.top_k(x, 2)\nresult = (r.values, r.indices, r[0], len(r))", x=f32(4)
)
case("in_top_k", "(tf.math.in_top_k([1, 2], x, 1), tf.nn.in_top_k([1, 2], x, k=2))", x=f32(2, 3))
case("in_top_k_ties", "tf.math.in_top_k([0, 1], x, 1)", x=val([[1.0, 1.0], [2.0, 3.0]]))
case("in_top_k_bad_target", "tf.math.in_top_k([5, -1], x, 1)", x=f32(2, 3))
case("in_top_k_nan", "tf.math.in_top_k([0, 1], x, 2)", x=val([["nan", 1.0], [2.0, "inf"]]))
case("searchsorted", "tf.searchsorted([1.0, 3.0, 5.0], [0.0, 3.0, 4.0, 9.0])")
case("searchsorted_right", "tf.searchsorted([1, 3, 3, 5], [3, 6], side='right')")
case("searchsorted_rows", "tf.searchsorted([[1, 3], [2, 4]], [[2], [2]], out_type=tf.int64)")
case("unique", "tf.unique([4, 2, 4, 1, 2])")
case("unique_out", "tf.unique(x, out_idx=tf.int64)", x=val([1.0, 1.0, 2.0]))
case("unique_strings", 'tf.unique(["b", "a", "b"])')
case("unique_fields", "r = tf.unique([3, 3, 1])\nresult = (r.y, r.idx, len(r))")
case("unique_with_counts", "tf.unique_with_counts([4, 2, 4, 1, 2])")
case("unique_empty", "tf.unique(x)", x=empty(0, dtype="int32"))
case("bincount", "(tf.math.bincount([1, 2, 1, 5]), tf.math.bincount([1, 1], minlength=4))")
case("bincount_weights", "tf.math.bincount([1, 2, 1], weights=x)", x=f32(3))
case("bincount_max", "tf.math.bincount([1, 2, 7], maxlength=3, dtype=tf.int64)")
case("bincount_empty", "tf.math.bincount(x)", x=empty(0, dtype="int32"))
case("histogram", "tf.histogram_fixed_width(x, [0.0, 5.0], nbins=5)", x=uniform(-1, 6, 20))
case("histogram_bins", "tf.histogram_fixed_width_bins(x, [0.0, 5.0], nbins=5)", x=uniform(-1, 6, 6))
case(
    "histogram_i64", "tf.histogram_fixed_width(x, [0, 5], nbins=5, dtype=tf.int64)", x=ints(0, 6, 9)
)
case("confusion", "tf.math.confusion_matrix([1, 2, 4], [2, 2, 4])")
case("confusion_classes", "tf.math.confusion_matrix([1, 0, 1], [1, 1, 1], num_classes=3)")
case(
    "confusion_weights",
    "tf.math.confusion_matrix([1, 0, 1], [1, 1, 1], weights=[0.5, 1.0, 2.0], dtype=tf.float32)",
)

# ----------------------------------------------------------------------------- norms and clipping
case(
    "norm",
    "(tf.norm(x), tf.norm(x, axis=1), tf.norm(x, axis=0, keepdims=True))",
    x=f32(2, 3),
    grad="x",
)
case(
    "norm_orders",
    "(tf.norm(x, ord=1), tf.norm(x, ord=np.inf), tf.norm(x, ord=3))",
    x=f32(4),
    rtol=1e-5,
    why="powers",
)
case(
    "norm_matrix",
    "(tf.norm(x, 'fro', axis=[0, 1]), tf.norm(x, 1, axis=[0, 1]), tf.norm(x, np.inf, axis=(0, 1)))",
    x=f32(3, 2),
    grad="x",
)
case("norm_complex", "tf.norm(x)", x=c64(3))
case(
    "normalize",
    "tf.linalg.normalize(x, axis=1)",
    x=f32(2, 3),
    grad="x",
    rtol=1e-5,
    why="a quotient by a root",
)
case("clip_by_value", "tf.clip_by_value(x, -0.5, 0.5)", x=f32(2, 3), grad="x")
case("clip_by_value_tensors", "tf.clip_by_value(x, lo, 1.0)", x=f32(3), lo=f32(3), grad="x,lo")
case("clip_by_value_ints", "tf.clip_by_value(x, -3, 3)", x=i32(6))
case(
    "clip_by_value_edges",
    "tf.clip_by_value(x, 0.0, 1.0)",
    x=val([0.0, 1.0, 2.0, "nan", "-inf"]),
    grad="x",
    differs="the derivative at nan goes to the value, not to the limit",
)
case("clip_by_norm", "(tf.clip_by_norm(x, 1.0), tf.clip_by_norm(x, 100.0))", x=f32(2, 3), grad="x")
case("clip_by_norm_axes", "tf.clip_by_norm(x, 1.0, axes=[1])", x=f32(2, 3))
case("clip_by_norm_zero", "tf.clip_by_norm(x, 1.0)", x=val([0.0, 0.0]))
case("global_norm", "tf.linalg.global_norm([x, y])", x=f32(2, 3), y=f32(2), grad="x,y")
case("clip_by_global_norm", "tf.clip_by_global_norm([x, y], 1.0)", x=f32(2, 3), y=f32(2))
case("clip_by_global_norm_small", "tf.clip_by_global_norm([x, None], 100.0)", x=f32(2))
case("clip_by_global_norm_inf", "tf.clip_by_global_norm([x], 1.0)", x=val([1.0, "inf"]))
case(
    "is_strictly_increasing",
    "(tf.math.is_strictly_increasing([1, 2, 2]), tf.math.is_non_decreasing([1, 2, 2]))",
)
case(
    "is_increasing_short",
    "(tf.math.is_strictly_increasing([3]), tf.math.is_non_decreasing(x))",
    x=empty(0),
)
case(
    "tensordot_like_outer",
    "tf.expand_dims(x, 1) * tf.expand_dims(y, 0)",
    x=f32(2),
    y=f32(3),
    grad="x,y",
)

# ------------------------------------------------------------------------------- higher functions
case("map_fn", "tf.map_fn(lambda t: t * t, x)", x=f32(3, 2), grad="x")
case(
    "map_fn_dtype",
    "tf.map_fn(lambda t: tf.cast(t, tf.float32) / 2.0, x, dtype=tf.float32)",
    x=i32(3),
)
case(
    "map_fn_structure",
    "tf.map_fn(lambda t: (t[0] + t[1], t[0]), (x, y), dtype=(tf.float32, tf.float32))",
    x=f32(2),
    y=f32(2),
)
case("vectorized_map", "tf.vectorized_map(lambda t: t * 2.0, x)", x=f32(3))
case("foldl", "tf.foldl(lambda a, t: a * 2.0 + t, x)", x=f32(4), grad="x")
case("foldr", "tf.foldr(lambda a, t: a * 2.0 + t, x, initializer=1.0)", x=f32(4))
case("scan", "tf.scan(lambda a, t: a + t, x)", x=f32(4), grad="x")
case(
    "scan_initializer",
    "tf.scan(lambda a, t: a * t, x, initializer=tf.constant(2.0), reverse=True)",
    x=f32(3),
)
case(
    "while_loop",
    "tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * 2.0), (0, x))",
    x=f32(),
)
case(
    "while_loop_maximum",
    "tf.while_loop(lambda i: True, lambda i: (i + 1,), (tf.constant(0),), maximum_iterations=3)",
)
case(
    "cond",
    "(tf.cond(x > 0, lambda: x, lambda: -x), tf.cond(True, lambda: 1, lambda: 2))",
    x=val(-2.0),
    grad="",
)
case(
    "case",
    "tf.case([(x > 1, lambda: tf.constant(1)), (x > 0, lambda: tf.constant(2))], default=lambda: tf.constant(3))",
    x=val(0.5),
)
case(
    "switch_case",
    "tf.switch_case(x, [lambda: tf.constant(10), lambda: tf.constant(20)])",
    x=val(1, "int32"),
)
case("numpy_function", "tf.numpy_function(lambda a: a + 1, [x], tf.float32)", x=f32(2))
case("py_function", "tf.py_function(lambda a: a * 2.0, [x], tf.float32)", x=f32(2), grad="x")
case("tuple", "tf.tuple([x, y])", x=f32(2), y=f32(3))
case("group", "tf.group(x)", x=f32(2))
case("control_dependencies", "with tf.control_dependencies([x]):\n    result = x + 1.0", x=f32(2))
case("no_op", "tf.no_op()")
case("get_static_value", "tf.get_static_value(x)", x=f32(2))
case("executing_eagerly", "(tf.executing_eagerly(), tf.compat.v1.executing_eagerly())")
case(
    "tensor_array",
    """
ta = tf.TensorArray(tf.float32, size=3)
for i in range(3):
    ta = ta.write(i, x * float(i))
result = (ta.stack(), ta.size(), ta.concat())
""",
    x=f32(2),
)
case(
    "tensor_array_dynamic",
    """
ta = tf.TensorArray(tf.int32, size=0, dynamic_size=True, clear_after_read=False)
ta = ta.write(0, 5).write(1, 7)
result = (ta.read(1), ta.gather([1, 0]), ta.stack())
""",
)
case("tensor_array_unstack", "tf.TensorArray(tf.float32, size=2).unstack(x).read(1)", x=f32(2, 3))

# ---------------------------------------------------------------------------------------- errors
error(
    "reshape_size",
    "tf.reshape(x, [4])",
    x=f32(2, 3),
    says=(
        "Input to reshape is a tensor with 6 values, but the requested shape has 4",
        "[Op:Reshape]",
    ),
)
error(
    "gather_out_of_range",
    "tf.gather(x, [0, 3])",
    x=f32(3, 2),
    says=("indices[1] = 3 is not in [0, 3)", "[Op:GatherV2]"),
)
error(
    "concat_ranks",
    "tf.concat([x, y], 0)",
    x=f32(2, 2),
    y=f32(2),
    says=("ConcatOp : Ranks of all input tensors should match", "[Op:ConcatV2]"),
)
error(
    "stack_shapes",
    "tf.stack([x, y])",
    x=f32(2),
    y=f32(3),
    says=("Shapes of all inputs must match", "[Op:Pack]"),
)
error(
    "squeeze_not_one",
    "tf.squeeze(x, 0)",
    x=f32(2, 3),
    says=("Can not squeeze dim[0], expected a dimension of 1, got 2", "[Op:Squeeze]"),
)
error(
    "split_uneven",
    "tf.split(x, 2)",
    x=f32(3),
    says=(
        "Number of ways to split should evenly divide the split dimension",
        "num_split 2",
        "size = 3",
    ),
)
error(
    "tile_rank",
    "tf.tile(x, [2])",
    x=f32(2, 3),
    says=("Expected multiples argument to be a vector of length 2 but got length 1", "[Op:Tile]"),
)
case("spd_transposed", "tf.transpose(x) - x", x=spd(3, 3))
case("f16_moves", "(tf.concat([x, x], 0), tf.reverse(x, [0]), x[1:])", x=f16(3))
case("positive_columns", "tf.unstack(x, axis=1)", x=positive(2, 2))
