"""tf.debugging: what passes, and how what does not is reported."""

from golden.table import Table, empty, f32, i32, specials, val, var

table = Table("debugging")
case, error = table.case, table.error

D = "tf.debugging."
PAIRS = {
    "equal": ([1, 2], [1, 2], [1, 3], "x == y"),
    "none_equal": ([1, 2], [3, 4], [3, 2], "x != y"),
    "less": ([1, 2], [3, 4], [1, 4], "x < y"),
    "less_equal": ([1, 2], [1, 4], [0, 4], "x <= y"),
    "greater": ([3, 4], [1, 2], [3, 2], "x > y"),
    "greater_equal": ([3, 4], [3, 2], [4, 2], "x >= y"),
}
for name, (x, good, bad, sign) in PAIRS.items():
    call = "tf.debugging.assert_%s(x, y" % name
    said = ("Condition %s did not hold" % sign,)
    case(name, call + ")", x=val(x, "int32"), y=val(good, "int32"))
    case(name + "_lists", "tf.debugging.assert_%s(%s, %s)" % (name, x, good))
    case(name + "_broadcast", call + ")", x=val([x, x], "int32"), y=val(good, "int32"))
    case(name + "_empty", call + ")", x=empty(0), y=empty(0))
    error(name + "_fails", call + ")", x=val(x, "int32"), y=val(bad, "int32"), says=said)
    error(
        name + "_message",
        call + ', message="my words")',
        x=val(x, "int32"),
        y=val(bad, "int32"),
        says=("my words",) + said,
    )
    error(name + "_floats", call + ")", x=val(x), y=val(bad), says=said)
    if name != "none_equal":
        error(name + "_nan", call + ")", x=val([1.0]), y=val(["nan"]), says=said)
    said = ("was expected to be a int32 tensor but is a float tensor",)
    error(name + "_dtypes", call + ")", x=val(x, "int32"), y=val(good), says=said)
error(
    "equal_shapes",
    D + "assert_equal(x, y)",
    x=f32(2),
    y=f32(3),
    says=("Incompatible shapes: [2] vs. [3]",),
)
error(
    "equal_summary",
    D + "assert_equal(x, y, summarize=2)",
    x=val([1, 2, 3, 4], "int32"),
    y=val([1, 2, 3, 5], "int32"),
    says=("Indices of first 1 different values:",),
)
case("equal_top", "(tf.assert_equal(1, 1), tf.assert_less(1, 2), tf.assert_greater(2, 1))")
case("equal_strings", 'tf.debugging.assert_equal(["a"], ["a"])')
case("equal_bools", "tf.debugging.assert_equal([True], [True])")

SIGNS = {
    "positive": ([1, 2], [1, 0], "x > 0"),
    "negative": ([-1, -2], [-1, 0], "x < 0"),
    "non_negative": ([0, 2], [0, -1], "x >= 0"),
    "non_positive": ([0, -2], [0, 1], "x <= 0"),
}
for name, (good, bad, sign) in SIGNS.items():
    call = "tf.debugging.assert_%s(x" % name
    case(name, call + ")", x=val(good, "int32"))
    case(name + "_float", call + ")", x=val(good))
    case(name + "_empty", call + ")", x=empty(0))
    error(
        name + "_fails", call + ")", x=val(bad, "int32"), says=("Condition %s did not hold" % sign,)
    )
    error(name + "_message", call + ', message="my words")', x=val(bad), says=("my words",))
    error(name + "_list", "tf.debugging.assert_%s(%s)" % (name, bad), says=("did not hold",))

case("near", D + "assert_near(x, y)", x=val([1.0, 2.0]), y=val([1.0, 2.000001]))
case("near_tolerances", D + "assert_near(x, y, rtol=0.1, atol=0.1)", x=val([1.0]), y=val([1.1]))
error(
    "near_fails",
    D + "assert_near(x, y)",
    x=val([1.0]),
    y=val([1.001]),
    says=("x and y not equal to tolerance",),
)
error(
    "near_message",
    D + 'assert_near(x, y, message="my words")',
    x=val([1.0]),
    y=val([2.0]),
    says=("my words",),
)
case("finite", D + "assert_all_finite(x, 'bad')", x=f32(3))
case("finite_empty", D + "assert_all_finite(x, 'bad')", x=empty(0))
error(
    "finite_nan",
    D + "assert_all_finite(x, 'my words')",
    x=val([1.0, "nan"]),
    says=("my words : Tensor had NaN values",),
)
error(
    "finite_inf",
    D + "assert_all_finite(x, 'my words')",
    x=val([1.0, "inf"]),
    says=("my words : Tensor had Inf values",),
)
error(
    "finite_both",
    D + "assert_all_finite(x, 'my words')",
    x=specials(),
    says=("my words : Tensor had Inf and NaN values",),
)
error("finite_ints", D + "assert_all_finite(x, 'my words')", x=i32(2), says=("[Op:CheckNumerics]",))
case("check_numerics", D + "check_numerics(x, 'bad')", x=f32(3), grad="x")
error(
    "check_numerics_nan",
    D + "check_numerics(x, 'my words')",
    x=val(["nan"]),
    says=("my words : Tensor had NaN values", "[Op:CheckNumerics]"),
)
error(
    "check_numerics_inf",
    D + "check_numerics(x, 'my words')",
    x=val(["-inf"]),
    says=("my words : Tensor had Inf values", "[Op:CheckNumerics]"),
)
error(
    "check_numerics_later",
    "y = tf.math.log(x) * 2.0\ntf.debugging.check_numerics(y, 'my words')",
    x=val([0.0]),
    says=("my words : Tensor had Inf",),
)

case("rank", D + "assert_rank(x, 2)", x=f32(2, 3))
case("rank_scalar", D + "assert_rank(3, 0)")
case("rank_tensor", D + "assert_rank(x, tf.constant(1))", x=f32(2))
error(
    "rank_fails",
    D + "assert_rank(x, 1)",
    x=f32(2, 3),
    says=("must have rank 1.  Received rank 2, shape (2, 3)",),
)
error("rank_message", D + "assert_rank(x, 1, message='my words')", x=f32(2, 3), says=("my words",))
error("rank_not_an_int", D + "assert_rank(x, 1.5)", x=f32(2))
case("rank_at_least", D + "assert_rank_at_least(x, 1)", x=f32(2, 3))
error(
    "rank_at_least_fails",
    D + "assert_rank_at_least(x, 3)",
    x=f32(2, 3),
    says=("must have rank at least 3.  Received rank 2, shape (2, 3)",),
)
case("rank_in", D + "assert_rank_in(x, (1, 2))", x=f32(2, 3))
error(
    "rank_in_fails",
    D + "assert_rank_in(x, (0, 1))",
    x=f32(2, 3),
    says=("must have rank in (0, 1).  Received rank 2, shape (2, 3)",),
)
case("scalar", D + "assert_scalar(tf.constant(1.0))")
error("scalar_fails", D + "assert_scalar(x)", x=f32(2), says=("Expected scalar shape",))
case("shapes", D + "assert_shapes([(x, ('N', 'Q')), (y, ('N',))])", x=f32(2, 3), y=f32(2))
case("shapes_numbers", D + "assert_shapes([(x, (2, 3))])", x=f32(2, 3))
case("shapes_none", D + "assert_shapes([(x, (None, 3)), (x, ('.', '.'))])", x=f32(2, 3))
error(
    "shapes_fails",
    D + "assert_shapes([(x, ('N', 'Q')), (y, ('N',))])",
    x=f32(2, 3),
    y=f32(3),
    says=("dimension 0", "must have size 2.  Received size 3, shape (3,)"),
)
error(
    "shapes_rank",
    D + "assert_shapes([(x, ('N',))])",
    x=f32(2, 3),
    says=("must have rank", "Received rank 2, shape (2, 3)"),
)
case("type", D + "assert_type(x, tf.float32)", x=f32(2))
error("type_fails", D + "assert_type(x, tf.int32)", x=f32(2), says=("must be of type", "int32"))
case("integer", D + "assert_integer(x)", x=i32(2))
error("integer_fails", D + "assert_integer(x)", x=f32(2), says=("to be integer type", "float32"))
case(
    "same_float_dtype",
    "(%sassert_same_float_dtype([x, x]), %sassert_same_float_dtype([x], tf.float32), %sassert_same_float_dtype([]))"
    % (D, D, D),
    x=f32(2),
)
error(
    "same_float_dtype_fails",
    D + "assert_same_float_dtype([x, tf.constant(1.0, tf.float64)])",
    x=f32(2),
    says=("must be of the same type", "float32", "float64"),
)
error(
    "same_float_dtype_ints",
    D + "assert_same_float_dtype([x])",
    x=i32(2),
    says=("Expected floating point type, got <dtype: 'int32'>.",),
)
case("proper_iterable", D + "assert_proper_iterable([1, 2])")
error(
    "proper_iterable_fails",
    D + "assert_proper_iterable(x)",
    x=f32(2),
    says=('Expected argument "values" to be a "proper" iterable.',),
)
error(
    "proper_iterable_string",
    D + "assert_proper_iterable('abc')",
    says=('Expected argument "values" to be a "proper" iterable.',),
)
case(
    "numeric",
    "[tf.debugging.is_numeric_tensor(t) for t in (x, tf.constant('a'), tf.constant(True), 3, np.ones(2))]",
    x=f32(2),
)
case("Assert", "tf.debugging.Assert(True, [1])")
case("Assert_tensor", "tf.Assert(tf.reduce_all(x > -100.0), [x])", x=f32(2))
error(
    "Assert_fails",
    "tf.debugging.Assert(False, ['my words', 3])",
    says=("Expected 'False' to be true. Summarized data:", "my words", "3"),
)
error(
    "Assert_tensor_fails",
    "tf.Assert(x > 0, [x])",
    x=val(-1.0),
    says=("to be true. Summarized data:", "-1.0"),
)
case("variable", D + "assert_positive(v)", v=var(val([1.0])))
error(
    "variable_fails",
    D + "assert_positive(v)",
    v=var(val([-1.0])),
    says=("Condition x > 0 did not hold",),
)
case("ensure_shape", "tf.ensure_shape(x, [2, None])", x=f32(2, 3))
error(
    "ensure_shape_fails",
    "tf.ensure_shape(x, [3, None])",
    x=f32(2, 3),
    says=(
        "[2,3] is not compatible with expected shape [3,?]",
        "[Op:EnsureShape]",
    ),
)
error(
    "numerics_enabled",
    """
tf.debugging.enable_check_numerics()
try:
    tf.math.log(tf.constant(0.0)) + 1.0
finally:
    tf.debugging.disable_check_numerics()
""",
    says=("Inf",),
    differs="ops are compiled together, so none has its outputs checked by itself",
)
case(
    "numerics_disabled",
    """
tf.debugging.enable_check_numerics()
tf.debugging.disable_check_numerics()
result = tf.math.log(tf.constant(0.0))
""",
    differs="ops are compiled together, so none has its outputs checked by itself",
)
