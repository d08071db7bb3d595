"""tensor[...], tf.slice and tf.strided_slice: what is taken, and what is refused in which words."""

from golden.table import Table, arange, empty, f32, val, var

table = Table("slicing")
case, error = table.case, table.error

CUBE = arange(2, 3, 4)
KEYS = {
    "index": "0",
    "negative_index": "-1",
    "two_indices": "-1, 0",
    "all_indices": "1, 2, 3",
    "ellipsis_index": "..., 1",
    "index_ellipsis": "0, ...",
    "ellipsis_between": "0, ..., 0",
    "ellipsis_for_nothing": "0, 1, 2, ...",
    "new_axis_first": "tf.newaxis",
    "new_axis_inside": ":, None, ..., 0",
    "new_axis_last": "..., None",
    "two_new_axes": "None, :, None",
    "range": "0:1, 1:3",
    "open_end": "1:",
    "open_begin": ":, :2",
    "negative_bounds": ":, -2:-1",
    "bounds_beyond": "-9:9, 1:100",
    "nothing_left": "3:, 1:1",
    "stride": "::2, ::2",
    "stride_back": "::-1",
    "stride_back_bounds": "..., 3:0:-2",
    "stride_beyond": "..., ::9",
    "stride_back_nothing": "..., 0:3:-1",
    "everything": ":",
    "only_ellipsis": "...",
    "empty_tuple": "()",
    "list_is_a_tuple": "[0, 1]",
    "numpy_index": "np.int64(1), np.array(2)",
    "tensor_index": "tf.constant(1), tf.constant(-1)",
    "tensor_bounds": "tf.constant(0):tf.constant(1), tf.constant(1):",
    "slice_object": "slice(0, 1)",
    "shape_index": "x.shape[0] - 1",
}
for name, key in KEYS.items():
    case("key_" + name, "x[%s]" % key, x=CUBE, grad="x")

case("of_scalar", "(x[...], x[None], x[()])", x=f32())
case(
    "of_strings",
    '[tf.constant(["a", "b", "c"])[k] for k in (0, slice(1, None), slice(None, None, -1), None)]',
)
case("of_variable", "(v[0], v[:, 1], v[..., None])", v=var(f32(2, 3)), grad="v")
case("of_computed", "y = x * 2.0\nresult = (y[0], y[-1, 1:], y[::-1])", x=f32(2, 3), grad="x")
case("of_empty", "(x[:, 1:], x[0:0])", x=empty(0, 3))
case("chained", "x[1][2][3]", x=CUBE, grad="x")
case("mask", "(x[x > 5.0], x[tf.constant([True, False])])", x=CUBE)
case("loop", "tf.add_n([x[i] * float(i) for i in range(4)])", x=f32(4, 2), grad="x")
case("batches", "[tf.reduce_sum(x[i * 2 : i * 2 + 2]) for i in range(3)]", x=f32(5, 2), grad="x")
case("iteration", "tf.add_n([row * row for row in x])", x=f32(3, 2), grad="x")
case("unpacking", "a, b = x\nresult = (b, a)", x=f32(2, 3))
case("shape_arithmetic", "tf.reshape(x, [tf.shape(x)[0] * 3, tf.shape(x)[2]])", x=CUBE)
case(
    "in_function",
    "tf.function(lambda a, i: a[i] + a[-1])(x, tf.constant(1))",
    x=f32(3, 2),
    grad="x",
)

WRONG = {
    "index_beyond": ("2", "slice index 2 of dimension 0 out of bounds."),
    "index_below": ("-3", "slice index -1 of dimension 0 out of bounds."),
    "second_index_beyond": (":, 5", "slice index 5 of dimension 1 out of bounds."),
    "tensor_index_beyond": ("tf.constant(7)", "slice index 7 of dimension 0 out of bounds."),
    "huge_index": ("2**40", "slice index 1099511627776 of dimension 0 out of bounds."),
    "too_many": ("0, 0, 0, 0", "Index out of range using input dim 3; input has only 3 dims"),
    "stride_zero": (":, ::0", "strides[1] must be non-zero"),
    "two_ellipses": ("..., ...", "Multiple ellipses in slice spec not allowed"),
    "float": ("1.0", "are valid indices, got 1.0"),
    "float_bound": ("1.5:2", "are valid indices, got 1.5"),
    "string": ("'a'", "are valid indices, got 'a'"),
    "float_tensor": ("tf.constant(1.0)", "are valid indices, got <tf.Tensor"),
    "vector_tensor": ("tf.constant([0])", "are valid indices, got <tf.Tensor"),
    "small_int_tensor": ("tf.constant(0, tf.int8)", "are valid indices, got <tf.Tensor"),
    "numpy_vector": ("np.array([0, 1])", "are valid indices, got array([0, 1])"),
    "two_lists": ("[0], [1]", "are valid indices, got [0]"),
    "bool": ("True", "mask cannot be scalar."),
}
for name, (key, words) in WRONG.items():
    error(name, "x[%s]" % key, x=CUBE, says=(words,))
error(
    "scalar_index",
    "x[0]",
    x=f32(),
    says=("Index out of range using input dim 0; input has only 0 dims",),
)
error("scalar_iteration", "list(x)", x=f32(), says=("Cannot iterate over a scalar tensor.",))
error(
    "computed_index",
    "(x + 1.0)[tf.argmax(x) + 9].numpy()",
    x=f32(3),
    says=("of dimension 0 out of bounds.",),
)

SLICE = {
    "wrong_length": (
        "[0, 1], [1, 2]",
        "Expected begin and size arguments to be 1-D tensors of size 3, but got shapes [2] and [2] instead.",
    ),
    "size_beyond": ("[0, 1, 0], [1, 3, 1]", "Expected size[1] in [0, 2], but got 3"),
    "begin_below": ("[0, -1, 0], [1, 3, 1]", "Expected begin[1] in [0, 3], but got -1"),
    "size_below": ("[0, 0, 0], [1, -2, 1]", "Expected size[1] in [0, 3], but got -2"),
    "begin_beyond": ("[3, 0, 0], [-1, 1, 1]", "Expected begin[0] in [0, 2], but got 3"),
    "floats": ("[0.0] * 3, [1.0] * 3", "is not in the list of allowed values"),
}
for name, (arguments, words) in SLICE.items():
    error("slice_" + name, "tf.slice(x, %s)" % arguments, x=CUBE, says=(words,))
case("slice_at_end", "tf.slice(x, [2], [-1])", x=f32(2))

STRIDED = {
    "stride": "[0], [2], [2]",
    "masks": "[1, 0], [2, 1], begin_mask=1, end_mask=2",
    "new_axis_ellipsis": "[0, 0], [0, 0], new_axis_mask=1, ellipsis_mask=2",
    "shrink": "[0, 1], [1, 2], shrink_axis_mask=3",
    "back": "[1], [0], [-1]",
}
for name, arguments in STRIDED.items():
    case("strided_" + name, "tf.strided_slice(x, %s)" % arguments, x=CUBE, grad="x")
STRIDED_WRONG = {
    "lengths": (
        "[0], [1, 2]",
        "Expected begin, end, and strides to be 1D equal size tensors, but got shapes [1], [2], and [1] instead.",
    ),
    "shrink_beyond": (
        "[2], [3], shrink_axis_mask=1",
        "slice index 2 of dimension 0 out of bounds.",
    ),
    "shrink_back": (
        "[1], [3], [-1], shrink_axis_mask=1",
        "only stride 1 allowed on non-range indexing.",
    ),
    "too_many": ("[0] * 4, [1] * 4", "Index out of range using input dim 3; input has only 3 dims"),
}
for name, (arguments, words) in STRIDED_WRONG.items():
    error("strided_" + name, "tf.strided_slice(x, %s)" % arguments, x=CUBE, says=(words,))
case("gather_then_slice", "tf.gather(x, [1, 0])[:, 1:]", x=val([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
