"""Bad input: each row raises TensorFlow 2.1's type of error and says what was got and expected."""

from golden.table import Table

table = Table("errors")
error = table.error

A = "tf.zeros([2, 3])"
V = "tf.zeros([3])"
I = "tf.constant([1, 2])"

# --------------------------------------------------------------------------------- wrong shapes
INCOMPATIBLE = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "pow": "Pow",
    "less": "Less",
    "greater_equal": "GreaterEqual",
    "math.squared_difference": "SquaredDifference",
    "math.floordiv": "FloorDiv",
    "math.floormod": "FloorMod",
    "atan2": "Atan2",
    "math.divide_no_nan": "DivNoNan",
    "math.xlogy": "Xlogy",
}
for name, op in INCOMPATIBLE.items():
    error(
        name.split(".")[-1] + "_shapes",
        "tf.%s(tf.ones([2, 3]), tf.ones([4]))" % name,
        says=("Incompatible shapes: [2,3] vs. [4]", "[Op:%s]" % op),
    )
error(
    "logical_and_shapes",
    "tf.logical_and([True, False], [True, True, False])",
    says=("Incompatible shapes: [2] vs. [3]", "[Op:LogicalAnd]"),
)
error(
    "matmul_inner", "tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3]))", says=("[2,3]", "[Op:MatMul]")
)
error(
    "matmul_vector",
    "tf.matmul(tf.zeros([3]), tf.zeros([3, 2]))",
    says=("In[0] is not a matrix", "[3]"),
)
error(
    "matmul_batch",
    "tf.matmul(tf.zeros([2, 3, 4]), tf.zeros([2, 3, 4]))",
    says=("[2,3,4]", "[Op:BatchMatMulV2]"),
)
error("matvec_matrix", "tf.linalg.matvec(tf.zeros([2, 3]), tf.zeros([2]))", says=("[Op:MatMul]",))
error(
    "tensordot_sizes", "tf.tensordot(tf.zeros([2, 3]), tf.zeros([2, 3]), 1)", says=("[Op:MatMul]",)
)
error(
    "concat_sizes",
    "tf.concat([tf.zeros([2, 3]), tf.zeros([2, 4])], axis=0)",
    says=(
        "ConcatOp : Dimensions of inputs should match: shape[0] = [2,3] vs. shape[1] = [2,4]",
        "[Op:ConcatV2]",
    ),
)
error(
    "concat_rank",
    "tf.concat([tf.zeros([2, 3]), tf.zeros([3])], axis=0)",
    says=(
        "ConcatOp : Ranks of all input tensors should match: shape[0] = [2,3] vs. shape[1] = [3]",
    ),
)
error(
    "concat_scalars", "tf.concat([tf.constant(1), tf.constant(2)], axis=0)", says=("[Op:ConcatV2]",)
)
error(
    "concat_axis",
    "tf.concat([tf.zeros([2]), tf.zeros([2])], axis=1)",
    says=("Expected concatenating dimensions in the range [-1, 1), but got 1",),
)
error("concat_nothing", "tf.concat([], axis=0)", says=("ConcatV2",))
error(
    "reshape_count",
    "tf.reshape(tf.zeros([2, 3]), [5])",
    says=(
        "Input to reshape is a tensor with 6 values, but the requested shape has 5",
        "[Op:Reshape]",
    ),
)
error(
    "reshape_infer",
    "tf.reshape(tf.zeros([2, 3]), [4, -1])",
    says=(
        "Input to reshape is a tensor with 6 values, but the requested shape requires a multiple of 4",
        "[Op:Reshape]",
    ),
)
error(
    "reshape_two_unknown",
    "tf.reshape(tf.zeros([2, 3]), [-1, -1])",
    says=("Only one input size may be -1, not both 0 and 1", "[Op:Reshape]"),
)
error(
    "reshape_negative",
    "tf.reshape(tf.zeros([2, 3]), [-2, 3])",
    says=("Size 0 must be non-negative, not -2", "[Op:Reshape]"),
)
error("reshape_float", "tf.reshape(tf.zeros([2, 3]), [6.0])", says=("Reshape",))
error(
    "transpose_perm",
    "tf.transpose(tf.zeros([2, 3]), [0, 1, 2])",
    says=(
        "transpose expects a vector of size 2. But input(1) is a vector of size 3",
        "[Op:Transpose]",
    ),
)
error(
    "transpose_repeated",
    "tf.transpose(tf.zeros([2, 3]), [0, 0])",
    says=("1 is missing from {0,0}", "[Op:Transpose]"),
)
error(
    "transpose_range",
    "tf.transpose(tf.zeros([2, 3]), [0, 2])",
    says=("2 is out of range [0 .. 2)", "[Op:Transpose]"),
)
error(
    "broadcast_to",
    "tf.broadcast_to(tf.zeros([2]), [3])",
    says=("Incompatible shapes: [2] vs. [3]", "[Op:BroadcastTo]"),
)
error(
    "tile_length",
    "tf.tile(tf.zeros([2, 3]), [2])",
    says=("Expected multiples argument to be a vector of length 2 but got length 1", "[Op:Tile]"),
)
error(
    "tile_negative",
    "tf.tile(tf.zeros([2]), [-1])",
    says=("Expected multiples[0] >= 0, but got -1", "[Op:Tile]"),
)
error(
    "stack_shapes",
    "tf.stack([tf.zeros([2]), tf.zeros([3])])",
    says=(
        "Shapes of all inputs must match: values[0].shape = [2] != values[1].shape = [3]",
        "[Op:Pack]",
    ),
)
error("stack_axis", "tf.stack([tf.zeros([2]), tf.zeros([2])], axis=3)", says=("3", "[-2, 2)"))
error("unstack_num", "tf.unstack(tf.zeros([2, 3]), num=3)", says=("[Op:Unpack]",))
error(
    "split_uneven",
    "tf.split(tf.zeros([5]), 2)",
    says=("Number of ways to split should evenly divide the split dimension", "5", "[Op:Split]"),
)
error(
    "split_sizes",
    "tf.split(tf.zeros([5]), [2, 2])",
    says=(
        "Determined shape must either match input shape along split_dim exactly",
        "Got: 4",
        "[Op:SplitV]",
    ),
)
error(
    "squeeze_axis",
    "tf.squeeze(tf.zeros([2, 3]), axis=0)",
    says=("Can not squeeze dim[0], expected a dimension of 1, got 2", "[Op:Squeeze]"),
)
error(
    "squeeze_range",
    "tf.squeeze(tf.zeros([1, 3]), axis=2)",
    says=("Tried to squeeze dim index 2 for tensor with 2 dimensions.", "[Op:Squeeze]"),
)
error(
    "expand_dims_range",
    "tf.expand_dims(tf.zeros([2]), 3)",
    says=("Tried to expand dim index 3 for tensor with 1 dimensions.", "[Op:ExpandDims]"),
)
error(
    "pad_shape",
    "tf.pad(tf.zeros([2, 3]), [[1, 1]])",
    says=("The first dimension of paddings must be the rank of inputs", "[Op:Pad]"),
)
error(
    "pad_negative",
    "tf.pad(tf.zeros([2]), [[-1, 0]])",
    says=("Paddings must be non-negative: -1 0", "[Op:Pad]"),
)
error(
    "pad_reflect_size",
    'tf.pad(tf.zeros([2]), [[2, 0]], "REFLECT")',
    says=("paddings must be less than the dimension size: 2, 0 not less than 2", "[Op:MirrorPad]"),
)
error(
    "pad_mode", 'tf.pad(tf.zeros([2]), [[1, 1]], mode="WRAP")', says=("Unknown padding mode: WRAP",)
)
error(
    "slice_size",
    "tf.slice(tf.zeros([3]), [1], [3])",
    says=("Expected size[0] in [0, 2], but got 3", "[Op:Slice]"),
)
error("slice_rank", "tf.slice(tf.zeros([3, 2]), [1], [1])", says=("[Op:Slice]",))
error("slice_begin", "tf.slice(tf.zeros([3]), [4], [1])", says=("[Op:Slice]",))
error("where_shapes", "tf.where([True, False], [1, 2, 3], [4, 5, 6])", says=("[Op:SelectV2]",))
error(
    "boolean_mask_shape",
    "tf.boolean_mask(tf.zeros([3]), [True, False])",
    says=("Shapes (3,) and (2,) are incompatible",),
)
error(
    "boolean_mask_scalar", "tf.boolean_mask(tf.zeros([3]), True)", says=("mask cannot be scalar.",)
)
error(
    "sequence_mask_maxlen",
    "tf.sequence_mask([1], maxlen=[3])",
    says=("maxlen must be scalar for sequence_mask",),
)
error(
    "softmax_xent_shapes",
    "tf.nn.softmax_cross_entropy_with_logits(tf.zeros([2, 3]), tf.zeros([2, 4]))",
    says=("logits and labels must be broadcastable: logits_size=[2,4] labels_size=[2,3]",),
)
error(
    "batch_norm_shapes",
    "tf.nn.batch_normalization(tf.ones([2, 3]), tf.zeros([4]), tf.ones([4]), None, None, 1e-3)",
    says=("Incompatible shapes",),
)
error(
    "bias_add",
    "tf.nn.bias_add(tf.zeros([2, 3]), tf.zeros([4]))",
    says=(
        "Must provide as many biases as the last dimension of the input tensor: [4] vs. [2,3]",
        "[Op:BiasAdd]",
    ),
)
error("add_n_shapes", "tf.add_n([tf.zeros([2]), tf.zeros([3])])", says=("[2]", "[3]", "[Op:AddN]"))
error(
    "add_n_nothing",
    "tf.add_n([])",
    says=(
        "inputs must be a list of at least one Tensor/IndexedSlices with the same dtype and shape",
    ),
)
error("roll_axis", "tf.roll(tf.zeros([3]), 1, 2)", says=("is out of range", "[Op:Roll]"))
error(
    "reverse_axis",
    "tf.reverse(tf.zeros([3]), [1])",
    says=("'axis'[0] = 1 is out of valid range [0, 0", "[Op:ReverseV2]"),
)
error(
    "reverse_axis_twice",
    "tf.reverse(tf.zeros([3]), [0, 0])",
    says=("axis 0 specified more than once.", "[Op:ReverseV2]"),
)
error("eye_negative", "tf.eye(-1)", says=("Dimension -1 must be >= 0",))
error("fill_negative", "tf.fill([-1], 0)", says=("-1", "[Op:Fill]"))
error("zeros_negative", "tf.zeros([-1])", says=("Dimension -1 must be >= 0",))
error(
    "ones_string_shape", 'tf.ones("a")', says=("Cannot convert 'a' to EagerTensor of dtype int32",)
)
error("linspace_zero", "tf.linspace(0.0, 1.0, 0)", says=("Requires num > 0: 0", "[Op:LinSpace]"))
error("linspace_ints", "tf.linspace(0, 1, 3)", says=("[Op:LinSpace]",))
error("range_zero_step", "tf.range(0, 5, 0)", says=("Requires delta != 0: 0", "[Op:Range]"))
error(
    "range_backwards",
    "tf.range(5, 0)",
    says=("Requires start <= limit when delta > 0: 5/0", "[Op:Range]"),
)
error(
    "range_up_negative",
    "tf.range(0, 5, -1)",
    says=("Requires start >= limit when delta < 0: 0/5", "[Op:Range]"),
)
error(
    "ensure_shape",
    "tf.ensure_shape(tf.zeros([2]), [3])",
    says=("[2] is not compatible with expected shape [3]", "[Op:EnsureShape]"),
)

# --------------------------------------------------------------------------------- dtype mixes
for name, op in {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "maximum": "Maximum",
    "pow": "Pow",
    "equal": "Equal",
    "less": "Less",
}.items():
    error(
        name + "_dtypes",
        "tf.%s(tf.constant([1.0]), tf.constant([1]))" % name,
        says=(
            "cannot compute %s as input #1(zero-based) was expected to be a float tensor but is a int32 tensor"
            % op,
            "[Op:%s]" % op,
        ),
    )
error(
    "divide_dtypes",
    "tf.divide(tf.constant([1.0]), tf.constant([1]))",
    says=("x and y must have the same dtype, got tf.float32 != tf.int32",),
)
error(
    "matmul_dtypes",
    "tf.matmul(tf.zeros([2, 2]), tf.zeros([2, 2], tf.float64))",
    says=(
        "cannot compute MatMul as input #1(zero-based) was expected to be a float tensor but is a double tensor",
    ),
)
error(
    "concat_dtypes",
    "tf.concat([tf.zeros([2]), tf.zeros([2], tf.int32)], 0)",
    says=("[Op:ConcatV2]",),
)
error(
    "where_dtypes",
    "tf.where([True], tf.constant([1.0]), tf.constant([1]))",
    says=("[Op:SelectV2]",),
)
error("where_condition", "tf.where([1], [2], [3])", says=("bool",))
error(
    "logical_and_ints",
    "tf.logical_and(tf.constant([1]), tf.constant([0]))",
    says=(
        "cannot compute LogicalAnd as input #0(zero-based) was expected to be a bool tensor but is a int32 tensor",
    ),
)
error("exp_int", "tf.exp(tf.constant([1]))", says=("[Op:Exp]",))
error("sqrt_int", "tf.sqrt(tf.constant([4]))", says=("[Op:Sqrt]",))
error("log_int", "tf.math.log(tf.constant(4))", says=("[Op:Log]",))
error("sigmoid_int", "tf.sigmoid(tf.constant(4))", says=("[Op:Sigmoid]",))
error("sin_bool", "tf.sin(tf.constant(True))", says=("[Op:Sin]",))
error("neg_bool", "tf.negative(tf.constant(True))", says=("[Op:Neg]",))
error("reduce_sum_bool", "tf.reduce_sum(tf.constant([True]))", says=("[Op:Sum]",))
error(
    "reduce_all_int",
    "tf.reduce_all(tf.constant([1]))",
    says=(
        "cannot compute All as input #0(zero-based) was expected to be a bool tensor but is a int32 tensor",
    ),
)
error("argmax_string", 'tf.argmax(tf.constant(["a"]))', says=("[Op:ArgMax]",))
error(
    "cast_string",
    'tf.cast(tf.constant("a"), tf.float32)',
    says=("Cast string to float is not supported", "[Op:Cast]"),
)
error("one_hot_float", "tf.one_hot(tf.constant([1.0]), 3)", says=("[Op:OneHot]",))
error(
    "one_hot_mixed",
    "tf.one_hot([1], 3, on_value=1, off_value=0.0)",
    says=("of on_value does not match dtype", "int32", "float32"),
)
error("gather_float", "tf.gather([1, 2], tf.constant(1.0))", adds=("float",))
error("gather_nd_float", "tf.gather_nd([1, 2], [[0.5]])", adds=("float",))
error(
    "segment_float_ids",
    "tf.math.segment_sum(tf.zeros([2]), tf.constant([0.0, 1.0]))",
    adds=("float",),
)
error("softmax_int", "tf.nn.softmax(tf.constant([1, 2]))", says=("[Op:Softmax]",))
error(
    "sparse_xent_float_labels",
    "tf.nn.sparse_softmax_cross_entropy_with_logits(tf.constant([0.5]), tf.zeros([1, 3]))",
    adds=("float",),
)
error("bitwise_float", "tf.bitwise.invert(tf.constant(1.0))", says=("[Op:Invert]",))
error(
    "complex_int",
    "tf.complex(tf.constant(1), tf.constant(2))",
    says=("real and imag have incorrect types: int32 int32",),
)
error(
    "clip_dtypes",
    "tf.clip_by_value(tf.constant([1, 2]), 0.5, 1.5)",
    says=("Cannot convert 1.5 to EagerTensor of dtype int32",),
)
error("bitcast_size", "tf.bitcast(tf.zeros([3], tf.uint8), tf.int32)", says=("[Op:Bitcast]",))

# ------------------------------------------------------------------------------------- bad axis
for name, op in {"sum": "Sum", "mean": "Mean", "max": "Max", "min": "Min", "prod": "Prod"}.items():
    error(
        "reduce_%s_axis" % name,
        "tf.reduce_%s(tf.zeros([2, 3]), axis=2)" % name,
        says=("Invalid reduction dimension (2 for input with 2 dimension(s)", "[Op:%s]" % op),
    )
error(
    "reduce_any_axis",
    "tf.reduce_any([True], axis=-2)",
    says=("Invalid reduction dimension (-2 for input with 1 dimension(s)", "[Op:Any]"),
)
error("reduce_float_axis", "tf.reduce_sum(tf.zeros([2]), axis=0.5)", says=("[Op:Sum]",))
error("reduce_string_axis", 'tf.reduce_sum(tf.zeros([2]), axis="a")', says=("[Op:Sum]",))
error(
    "argmax_axis",
    "tf.argmax(tf.zeros([2, 3]), axis=-3)",
    says=("Expected dimension in the range [-2, 2), but got -3", "[Op:ArgMax]"),
)
error(
    "cumsum_axis",
    "tf.cumsum(tf.zeros([2]), axis=1)",
    says=("Expected scan axis in the range [-1, 1), but got 1", "[Op:Cumsum]"),
)
error(
    "softmax_axis",
    "tf.nn.softmax(tf.zeros([2, 3]), axis=2)",
    says=(
        "Dimension (2) must be in the range [-2, 2) where 2 is the number of dimensions in the input.",
    ),
)
error("sort_axis", "tf.sort(tf.zeros([2]), axis=1)", says=("1", "out of bounds"))
error("one_hot_axis", "tf.one_hot([1], 3, axis=2)", says=("[Op:OneHot]",))
error(
    "gather_axis_range",
    "tf.gather(tf.zeros([2]), [0], axis=1)",
    says=("Expected axis in the range [-1, 1), but got 1", "[Op:GatherV2]"),
)
error(
    "top_k_too_many",
    "tf.math.top_k(tf.zeros([2]), 3)",
    says=("input must have at least k columns. Had 2, needed 3", "[Op:TopKV2]"),
)
error(
    "top_k_scalar", "tf.math.top_k(1.0)", says=("input must be >= 1-D, got shape []", "[Op:TopKV2]")
)
error(
    "in_top_k_shapes", "tf.math.in_top_k([0, 1, 2], tf.zeros([2, 3]), 1)", says=("[Op:InTopKV2]",)
)
error(
    "moments_axis", "tf.nn.moments(tf.zeros([2]), axes=[1])", says=("Invalid reduction dimension",)
)
error(
    "norm_order_name",
    'tf.norm(tf.zeros([2]), ord="max")',
    says=("'ord' must be a supported vector norm, got max",),
)
error(
    "norm_axes",
    "tf.norm(tf.zeros([2, 2, 2]), axis=[0, 1, 2])",
    says=("'axis' must be None, an integer, or a tuple of 2 unique integers",),
)

# ---------------------------------------------------------------------------------- out of range
error(
    "gather",
    "tf.gather([10, 20], [0, 2])",
    says=("indices[1] = 2 is not in [0, 2)", "[Op:GatherV2]"),
)
error(
    "gather_negative",
    "tf.gather([10, 20], -1)",
    says=("indices = -1 is not in [0, 2)", "[Op:GatherV2]"),
)
error(
    "gather_columns",
    "tf.gather(tf.zeros([2, 3]), [3], axis=1)",
    says=("indices[0] = 3 is not in [0, 3)",),
)
error(
    "gather_nd",
    "tf.gather_nd(tf.zeros([2, 2]), [[0, 2]])",
    says=("indices[0] = [0, 2] does not index into param shape [2,2]", "[Op:GatherNd]"),
)
error(
    "gather_nd_depth",
    "tf.gather_nd(tf.zeros([2]), [[0, 0]])",
    says=("index innermost dimension length must be <= params rank; saw: 2 vs. 1",),
)
error(
    "scatter_nd",
    "tf.scatter_nd([[4]], [1.0], [3])",
    says=("indices[0] = [4] does not index into shape [3]", "[Op:ScatterNd]"),
)
error("scatter_nd_updates", "tf.scatter_nd([[0]], [1.0, 2.0], [3])", says=("[Op:ScatterNd]",))
error(
    "tensor_scatter",
    "tf.tensor_scatter_nd_update(tf.zeros([2]), [[5]], [1.0])",
    says=("indices[0] = [5] does not index into shape [2]", "[Op:TensorScatterUpdate]"),
)
error(
    "sparse_xent_label",
    "tf.nn.sparse_softmax_cross_entropy_with_logits([3], tf.zeros([1, 3]))",
    says=("Received a label value of 3 which is outside the valid range of [0, 3).",),
)
error(
    "sparse_xent_negative",
    "tf.nn.sparse_softmax_cross_entropy_with_logits([-1], tf.zeros([1, 3]))",
    says=("Received a label value of -1 which is outside the valid range of [0, 3).",),
)
error(
    "embedding",
    "tf.nn.embedding_lookup(tf.zeros([2, 3]), [2])",
    says=("indices[0] = 2 is not in [0, 2)",),
)
error(
    "invert_permutation",
    "tf.math.invert_permutation([0, 0])",
    says=("0 is duplicated in the input.", "[Op:InvertPermutation]"),
)
error(
    "invert_permutation_range",
    "tf.math.invert_permutation([0, 5])",
    says=("5 is not between 0 and 2", "[Op:InvertPermutation]"),
)
error(
    "dynamic_partition",
    "tf.dynamic_partition([1, 2], [0, 2], 2)",
    says=("partitions[1] = 2 is not in [0, 2)", "[Op:DynamicPartition]"),
)
error(
    "dynamic_partition_shape",
    "tf.dynamic_partition(tf.zeros([2]), [0, 1, 0], 2)",
    says=("[Op:DynamicPartition]",),
)
error(
    "segment_decreasing",
    "tf.math.segment_sum([1, 2], [1, 0])",
    says=("segment ids are not increasing", "[Op:SegmentSum]"),
)
error("bincount_negative", "tf.math.bincount([-1])", says=("Input arr must be non-negative!",))
error(
    "integer_division",
    "tf.constant(1) // tf.constant(0)",
    says=("Integer division by zero", "[Op:FloorDiv]"),
)
error(
    "integer_modulo",
    "tf.constant(1) % tf.constant(0)",
    says=("Integer division by zero", "[Op:FloorMod]"),
)
error(
    "confusion_labels",
    "tf.math.confusion_matrix([3], [0], num_classes=2)",
    says=("`labels` out of bound",),
)
error(
    "reverse_sequence",
    "tf.reverse_sequence(tf.zeros([2, 3]), [4, 1], seq_axis=1)",
    says=("[Op:ReverseSequence]",),
)
error(
    "space_to_batch",
    "tf.space_to_batch(tf.zeros([1, 3, 1]), [2], [[0, 0]])",
    says=("[Op:SpaceToBatchND]",),
)

# ------------------------------------------------------------------------------------- arguments
error("unknown_dtype", 'tf.constant(1, dtype="float31")', says=("float31",))
error("unknown_dtype_zeros", 'tf.zeros([2], dtype="real")', says=("real",))
error("unknown_dtype_cast", 'tf.cast(1.0, "int33")', says=("int33",))
error("ragged", "tf.constant([[1.0, 2.0], [3.0]])", says=("non-rectangular",))
error("ragged_deep", "tf.constant([[[1], [2]], [[3]]])", says=("non-rectangular",))
error("ragged_convert", "tf.convert_to_tensor([[1], [2, 3]])", says=("non-rectangular",))
error("ragged_op", "tf.reduce_sum([[1], [2, 3]])", says=("non-rectangular",))
error(
    "none_op",
    "tf.square(None)",
    says=(
        "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.",
    ),
)
error(
    "object_op",
    "tf.exp(object())",
    says=("with an unsupported type (<class 'object'>) to a Tensor.",),
)
error(
    "dict_op",
    "tf.reduce_sum({1: 2})",
    says=("with an unsupported type (<class 'dict'>) to a Tensor.",),
)
error("unknown_keyword", "tf.reduce_sum([1], axes=0)", says=("axes",))
error("missing_argument", "tf.matmul(tf.zeros([2, 2]))", says=("b",))
error(
    "too_many_arguments",
    "tf.square(1, 2, 3)",
    says=("square() takes from 1 to 2 positional arguments but 3 were given",),
)
error("no_such_op", "tf.reduce_average([1.0])", says=("reduce_average",))
error("no_such_module", "tf.maths.log(1.0)", says=("maths",))
error("device_name", 'with tf.device("gpu-zero"):\n    tf.zeros([1])', says=("gpu-zero",))
error(
    "dropout_rate",
    "tf.nn.dropout(tf.zeros([2]), 2.0)",
    says=("rate must be a scalar tensor or a float in the range [0, 1), got 2",),
)
error(
    "assert_positive",
    "tf.debugging.assert_positive(tf.constant([1, -2]))",
    says=("Condition x > 0 did not hold",),
)
error(
    "check_numerics",
    'tf.debugging.check_numerics(tf.constant([float("nan")]), "loss")',
    says=("loss : Tensor had NaN values", "[Op:CheckNumerics]"),
)
error(
    "check_numerics_computed",
    'tf.debugging.check_numerics(1.0 / tf.zeros([2]), "loss")',
    says=("loss : Tensor had Inf values",),
)
error(
    "gradient_twice",
    "with tf.GradientTape() as tape:\n    v = tf.Variable(1.0)\n    y = v * v\ntape.gradient(y, v)\ntape.gradient(y, v)",
    says=("non-persistent",),
)
error(
    "assign_shape",
    "tf.Variable([1.0, 2.0]).assign([1.0])",
    says=("Shapes (2,) and (1,) are incompatible",),
)
error(
    "assign_dtype",
    "tf.Variable(1.0).assign(tf.constant(1))",
    says=("Tensor conversion requested dtype float32 for Tensor with dtype int32",),
)
error(
    "assign_python_string",
    'tf.Variable(1.0).assign("one")',
    says=("to EagerTensor of dtype float",),
)
error("einsum_equation", 'tf.einsum("ij,jk", tf.zeros([2, 2]))', says=("2", "1"))
error(
    "cholesky",
    "tf.linalg.cholesky(-tf.eye(2))",
    says=(
        "Cholesky decomposition was not successful. The input might not be valid.",
        "[Op:Cholesky]",
    ),
)
error(
    "inverse",
    "tf.linalg.inv(tf.zeros([2, 2]))",
    says=("Input is not invertible.", "[Op:MatrixInverse]"),
)
error(
    "map_fn_scalar",
    "tf.map_fn(lambda t: t, tf.constant(1.0))",
    says=("elems must be a 1+ dimensional Tensor, not a scalar",),
)
error(
    "histogram_range",
    "tf.histogram_fixed_width([1.0], [5.0, 0.0])",
    says=("[Op:HistogramFixedWidth]",),
)
error("out_of_range_error", "next(iter(tf.data.Dataset.range(0)))")
error("repeat_axis", "tf.repeat([1, 2], [1, 2, 3])", says=("2", "3", "not compatible"))
error(
    "meshgrid_indexing",
    'tf.meshgrid([1], [2], indexing="kl")',
    says=("indexing parameter must be either 'xy' or 'ij'",),
)
error(
    "meshgrid_keyword",
    "tf.meshgrid([1], [2], axis=1)",
    says=("'axis' is an invalid keyword argument",),
)
