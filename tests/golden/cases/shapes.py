"""tf.TensorShape, tf.TensorSpec and tf.IndexedSlices."""

from golden.table import Table, f32

table = Table("shapes")
case, error = table.case, table.error

S = "tf.TensorShape"
MAKERS = {
    "list": "[2, 3]",
    "tuple": "(2, 3)",
    "none_inside": "[None, 3]",
    "unknown": "None",
    "scalar": "[]",
    "empty_tuple": "()",
    "int": "5",
    "shape": "tf.TensorShape([2])",
    "zero": "[0, 3]",
    "numpy": "np.array([2, 3])",
    "numpy_ints": "[np.int64(2), np.int32(3)]",
    "minus_one": "[-1, 3]",
    "float": "[2.0]",
    "string": '"ab"',
}
for name, value in MAKERS.items():
    case("make_" + name, "attempt(tf.TensorShape, %s)" % value)
A, B, N, U = S + "([2, 3])", S + "([2, None])", S + "([None, None])", S + "(None)"
for name, shape in {"full": A, "part": B, "open": N, "unknown": U, "scalar": S + "([])"}.items():
    case(
        "rank_" + name,
        "(%s.rank, %s.ndims, %s.num_elements(), %s.is_fully_defined())" % ((shape,) * 4),
    )
    case("dims_" + name, "attempt(lambda: [d if d is None else int(d) for d in %s])" % shape)
    case("as_list_" + name, "attempt(%s.as_list)" % shape)
    case("len_" + name, "attempt(len, %s)" % shape)
    case("bool_" + name, "bool(%s)" % shape)
    case("text_" + name, "(str(%s), repr(%s))" % (shape, shape))
    case(
        "equal_" + name, "[%s == s for s in (%s, %s, %s, [2, 3], (2, 3), None)]" % (shape, A, B, U)
    )
    case("not_equal_" + name, "[attempt(lambda: %s != s) for s in (%s, [2, 3])]" % (shape, A))
    case("index_" + name, "[attempt(lambda: %s[i]) for i in (0, 1, -1, 5)]" % shape)
    case(
        "slice_" + name,
        "[attempt(lambda: %s[i]) for i in (slice(1), slice(1, None), slice(None, -1))]" % shape,
    )
    case(
        "compatible_" + name,
        "[%s.is_compatible_with(s) for s in (%s, %s, %s, [3, 2], [2])]" % (shape, A, B, U),
    )
    case(
        "merge_" + name,
        "[attempt(%s.merge_with, s) for s in (%s, %s, %s, [3, 2])]" % (shape, A, B, U),
    )
    case(
        "concatenate_" + name,
        "[attempt(%s.concatenate, s) for s in (%s, %s, [4], 5)]" % (shape, A, U),
    )
    case("with_rank_" + name, "[attempt(%s.with_rank, r) for r in (0, 2, 3)]" % shape)
    case(
        "with_rank_bounds_" + name,
        "(attempt(%s.with_rank_at_least, 2), attempt(%s.with_rank_at_most, 1))" % (shape, shape),
    )
    case("specific_" + name, "%s.most_specific_compatible_shape(%s)" % (shape, S + "([2, 4])"))
case("add", "[attempt(lambda: %s + s) for s in (%s, [4], (5,))]" % (A, B))
case("iterate_product", "n = 1\nfor d in %s:\n    n *= d\nresult = n" % A)
case("unpack", "a, b = %s\nresult = (a, b)" % A)
case("in", "(2 in %s, 7 in %s)" % (A, A))
case("reversed", "list(reversed(%s.as_list()))" % A)
case("as_argument", "(tf.zeros(%s), tf.reshape(x, %s))" % (A, S + "([3, 2])"), x=f32(2, 3))
case("in_arithmetic", "x.shape[0] * 2 + x.shape[-1]", x=f32(2, 3))
case("in_range", "list(range(x.shape[1]))", x=f32(2, 3))
case("in_f_string", 'f"{x.shape}"', x=f32(2, 3))
error(
    "assert_defined_error",
    B + ".assert_is_fully_defined()",
    says=("Shape (2, None) is not fully defined",),
)
error("assert_rank_error", A + ".assert_has_rank(3)", says=("Shape (2, 3) must have rank 3",))
error(
    "assert_same_rank_error",
    A + ".assert_same_rank([1])",
    says=("Shapes (2, 3) and (1,) must have the same rank",),
)
error(
    "assert_compatible_error",
    A + ".assert_is_compatible_with([2, 4])",
    says=("Shapes (2, 3) and [2, 4] are incompatible",),
)
error(
    "merge_error", A + ".merge_with([2, 4])", says=("Shapes (2, 3) and (2, 4) are not compatible",)
)
error("with_rank_error", A + ".with_rank(1)", says=("Shape (2, 3) must have rank 1",))
error(
    "as_list_unknown_error",
    U + ".as_list()",
    says=("as_list() is not defined on an unknown TensorShape.",),
)
error(
    "len_unknown_error", "len(%s)" % U, says=("Cannot take the length of shape with unknown rank.",)
)
error(
    "iterate_unknown_error",
    "list(%s)" % U,
    says=("Cannot iterate over a shape with unknown rank.",),
)
error("set_item_error", A + ".__setitem__(0, 1)")
error("negative_error", S + "([-2])", says=("-2", ">= 0"))

T = "tf.TensorSpec"
case("spec", "(%s([2]).shape, %s([2]).dtype, %s([2]).name)" % (T, T, T))
case(
    "spec_arguments",
    's = tf.TensorSpec(shape=[None, 2], dtype=tf.int32, name="x")\nresult = (s, s.shape, s.dtype, s.name)',
)
case("spec_dtype_string", 'tf.TensorSpec([1], "float64")')
case(
    "spec_equal",
    "(%s([2]) == %s([2]), %s([2]) == %s([3]), %s([2]) != %s([2], tf.int32))" % ((T,) * 6),
)
case("spec_hash", "len({%s([2]), %s([2])})" % (T, T))
case(
    "spec_compatible",
    "[%s([None, 2]).is_compatible_with(t) for t in (tf.zeros([3, 2]), tf.zeros([3]), tf.zeros([3, 2], tf.int32))]"
    % T,
)
case("spec_compatible_spec", "%s([None]).is_compatible_with(%s([2]))" % (T, T))
case("spec_from_tensor", "tf.TensorSpec.from_tensor(x)", x=f32(2, 3))
case("spec_from_tensor_named", 'tf.TensorSpec.from_tensor(x, name="y")', x=f32(2))
case("spec_from_spec", 'tf.TensorSpec.from_spec(tf.TensorSpec([2]), name="z")')
case("spec_most_specific", "%s([2]).most_specific_compatible_type(%s([3]))" % (T, T))
case("spec_text", "(str(%s([2])), repr(%s([None], tf.bool, 'm')))" % (T, T))
error("spec_no_shape_error", "tf.TensorSpec()", says=("shape",))
error("spec_bad_dtype_error", 'tf.TensorSpec([1], "float31")', says=("float31",))

I = "s = tf.IndexedSlices(values=x, indices=tf.constant([0, 2]), dense_shape=tf.constant([3, 2]))\n"
case("slices", I + "result = s", x=f32(2, 2))
case(
    "slices_parts",
    I + "result = (s.values, s.indices, s.dense_shape, s.dtype, s.shape)",
    x=f32(2, 2),
)
case("slices_to_tensor", I + "result = tf.convert_to_tensor(s)", x=f32(2, 2))
case("slices_in_ops", I + "result = tf.reduce_sum(s)", x=f32(2, 2))
case("slices_negated", I + "result = -s", x=f32(2, 2))
case("slices_add_n", I + "result = tf.add_n([s, s])", x=f32(2, 2))
case("slices_clip", I + "result = tf.clip_by_norm(s, 1.0)", x=f32(2, 2))
case("slices_global_norm", I + "result = tf.linalg.global_norm([s])", x=f32(2, 2))
case("slices_is_tensor", I + "result = tf.is_tensor(s)", x=f32(2, 2))
case("slices_no_shape", "tf.IndexedSlices(x, [0, 1])", x=f32(2, 2))
error(
    "slices_no_shape_to_tensor_error",
    "tf.convert_to_tensor(tf.IndexedSlices(x, tf.constant([0, 1])))",
    x=f32(2, 2),
)
