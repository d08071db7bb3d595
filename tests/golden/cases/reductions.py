"""Reductions, cumulative and segment ops, and the index of an extreme."""

from golden.table import (
    Table,
    bools,
    c64,
    empty,
    f16,
    f32,
    f64,
    i32,
    i64,
    ints,
    positive,
    raw,
    specials,
    val,
)

table = Table("reductions")
case, error = table.case, table.error

FLOATS = [
    "tf.reduce_sum",
    "tf.reduce_mean",
    "tf.reduce_prod",
    "tf.reduce_max",
    "tf.reduce_min",
    "tf.reduce_logsumexp",
    "tf.math.reduce_std",
    "tf.math.reduce_variance",
    "tf.math.reduce_euclidean_norm",
]
for name in FLOATS:
    short = name.rsplit(".", 1)[1].replace("reduce_", "")
    case(short + "_all", name + "(x)", x=f32(2, 3), grad="x")
    case(short + "_axis_0", name + "(x, axis=0)", x=f32(2, 3), grad="x")
    case(short + "_axis_1", name + "(x, 1)", x=f32(2, 3), grad="x")
    case(short + "_negative_axis", name + "(x, axis=-2)", x=f32(2, 3, 2), grad="x")
    case(short + "_axes", name + "(x, axis=[0, 2])", x=f32(2, 3, 2), grad="x")
    case(short + "_axes_tuple", name + "(x, axis=(-1, 0))", x=f32(2, 3, 2))
    case(short + "_no_axes", name + "(x, axis=[])", x=f32(2, 3), grad="x")
    case(short + "_keepdims", name + "(x, axis=1, keepdims=True)", x=f32(2, 3), grad="x")
    case(short + "_keepdims_all", name + "(x, keepdims=True)", x=f32(2, 3), grad="x")
    case(short + "_scalar", name + "(x)", x=f32(), grad="x")
    case(short + "_empty", name + "(x)", x=empty(0))
    case(short + "_empty_axis", name + "(x, axis=1)", x=empty(2, 0))
    case(short + "_empty_rows", name + "(x, axis=0)", x=empty(0, 2))
    case(short + "_f64", name + "(x, axis=1)", x=f64(3, 4), grad="x")
    case(
        short + "_special", name + "(x, axis=1)", x=val([[1.0, "nan"], ["inf", 2.0], ["-inf", 3.0]])
    )
    case(short + "_list", name + "([[1.0, 2.0], [3.0, 4.0]], axis=1)")
    case(short + "_numpy", name + "(x)", x=raw(f64(4)))
    case(short + "_tensor_axis", name + "(x, axis=tf.constant(0))", x=f32(2, 3))
    case(short + "_ints", "attempt(%s, x, axis=1)" % name, x=i32(2, 4))
    error(
        short + "_axis_range",
        name + "(x, axis=2)",
        x=f32(2, 3),
        says=("Invalid reduction dimension",),
    )
for name in ["sum", "mean", "prod", "max", "min"]:
    for dtype in ["int8", "uint8", "int16", "int64", "float16"]:
        case(
            name + "_" + dtype,
            "attempt(tf.reduce_%s, x, axis=0)" % name,
            x=ints(1, 6, 3, 2, dtype=dtype),
        )
    if name not in ("max", "min"):  # the extremes of complex numbers abort TensorFlow 2.1
        case(name + "_c64", "tf.reduce_%s(x)" % name, x=c64(3))
    case(name + "_bool", "attempt(tf.reduce_%s, x)" % name, x=bools(3))
    case(name + "_int_empty", "attempt(tf.reduce_%s, x)" % name, x=empty(0, dtype="int32"))
case("mean_int_rounds", "tf.reduce_mean(x)", x=val([1, 2, 4], "int32"))
case("mean_int_negative", "tf.reduce_mean(x)", x=val([-1, -2, -4], "int32"))
case("mean_int_axis", "tf.reduce_mean(x, axis=1)", x=val([[1, 2, 3], [3, 2, 3]], "int32"))
case("mean_u8_wraps", "tf.reduce_mean(x)", x=val([200, 200, 200], "uint8"))
case("sum_i32_wraps", "tf.reduce_sum(x)", x=val([2**31 - 1, 1], "int32"))
case("sum_u8_wraps", "tf.reduce_sum(x)", x=val([200, 100], "uint8"))
case("mean_f16", "tf.reduce_mean(x)", x=f16(40))
case("sum_many", "tf.reduce_sum(x)", x=positive(1000), rtol=1e-5, why="order of a long sum")
case(
    "sum_many_rows", "tf.reduce_sum(x, axis=0)", x=f32(300, 3), rtol=1e-5, why="order of a long sum"
)
case("mean_many", "tf.reduce_mean(x)", x=positive(1000), rtol=1e-5, why="order of a long sum")
case("sum_duplicate_axes", "attempt(tf.reduce_sum, x, axis=[0, 0])", x=f32(2, 3))
case("sum_same_axis_twice", "attempt(tf.reduce_sum, x, axis=[1, -1])", x=f32(2, 3))
case("sum_strings", 'attempt(tf.reduce_sum, tf.constant(["a"]))')
case("sum_range", "tf.reduce_sum(tf.range(5))")
case("sum_of_list_of_tensors", "tf.reduce_sum([x, y])", x=f32(2), y=f32(2), grad="x,y")
case("prod_zero_gradient", "tf.reduce_prod(x)", x=val([0.0, 2.0, 3.0]), grad="x")
case(
    "prod_two_zeros_gradient",
    "tf.reduce_prod(x, axis=1)",
    x=val([[0.0, 0.0, 3.0], [1.0, 0.0, 2.0]]),
    grad="x",
)
case("max_tie_gradient", "tf.reduce_max(x)", x=val([1.0, 3.0, 3.0]), grad="x")
case("min_tie_gradient", "tf.reduce_min(x, axis=1)", x=val([[1.0, 1.0], [2.0, 0.0]]), grad="x")
case("logsumexp_large", "tf.reduce_logsumexp(x)", x=val([1000.0, 1000.0, 999.0]), grad="x")
case("logsumexp_minus_inf", "tf.reduce_logsumexp(x)", x=val(["-inf", "-inf"]))
case("norm_zero_gradient", "tf.math.reduce_euclidean_norm(x)", x=val([0.0, 0.0]), grad="x")
case("std_zero_gradient", "tf.math.reduce_std(x)", x=val([2.0, 2.0]), grad="x")
case("std_one", "tf.math.reduce_std(x)", x=val([2.0]))
for name in ["all", "any"]:
    case(name + "_all", "tf.reduce_%s(x)" % name, x=bools(2, 3))
    case(name + "_axis", "tf.reduce_%s(x, axis=1)" % name, x=bools(4, 2))
    case(name + "_keepdims", "tf.reduce_%s(x, axis=0, keepdims=True)" % name, x=bools(4, 2))
    case(name + "_empty", "tf.reduce_%s(x)" % name, x=empty(0, dtype="bool"))
    case(name + "_list", "tf.reduce_%s([True, False])" % name)
    case(name + "_ints", "attempt(tf.reduce_%s, x)" % name, x=i32(3))
case("count_nonzero", "tf.math.count_nonzero(x)", x=ints(0, 2, 3, 3))
case("count_nonzero_axis", "tf.math.count_nonzero(x, axis=1, keepdims=True)", x=ints(0, 2, 3, 3))
case("count_nonzero_dtype", "tf.math.count_nonzero(x, axis=0, dtype=tf.int32)", x=ints(0, 2, 3, 3))
case("count_nonzero_bool", "tf.math.count_nonzero(x)", x=bools(6))
case("count_nonzero_float", "tf.math.count_nonzero(x)", x=specials())
case("count_nonzero_strings", 'tf.math.count_nonzero(tf.constant(["", "a", "  "]))')
case("zero_fraction", "tf.math.zero_fraction(x)", x=ints(0, 2, 7))
case("zero_fraction_float", "tf.nn.zero_fraction(x)", x=val([0.0, 0.0, 1.0, "nan"]))
case("zero_fraction_empty", "tf.math.zero_fraction(x)", x=empty(0))

for name in ["argmax", "argmin"]:
    case(name, "tf.%s(x)" % name, x=f32(3, 4))
    case(name + "_axis", "tf.%s(x, axis=1)" % name, x=f32(3, 4))
    case(name + "_negative_axis", "tf.%s(x, -1)" % name, x=f32(2, 3, 4))
    case(name + "_int32", "tf.%s(x, axis=1, output_type=tf.int32)" % name, x=f32(3, 4))
    case(name + "_vector", "tf.math.%s(x)" % name, x=i64(5))
    case(name + "_ties", "tf.%s(x)" % name, x=val([2.0, 1.0, 2.0, 1.0]))
    case(name + "_nan", "tf.%s(x)" % name, x=val([1.0, "nan", 3.0, 0.0]))
    case(name + "_nan_first", "tf.%s(x)" % name, x=val(["nan", 1.0, 3.0]))
    case(name + "_u8", "tf.%s(x)" % name, x=ints(0, 255, 6, dtype="uint8"))
    case(name + "_list", "tf.%s([1.0, 5.0, 3.0])" % name)
    case(name + "_no_columns", "attempt(tf.%s, x, axis=1)" % name, x=empty(2, 0))
    case(name + "_no_rows", "tf.%s(x, axis=1)" % name, x=empty(0, 2))
    case(name + "_scalar", "attempt(tf.%s, x)" % name, x=f32())
    case(name + "_bool", "attempt(tf.%s, x)" % name, x=bools(3))
    op = "ArgMax" if name == "argmax" else "ArgMin"
    error(
        name + "_axis_range",
        "tf.%s(x, axis=2)" % name,
        x=f32(2, 3),
        says=("Expected dimension in the range [-2, 2), but got 2", "[Op:%s]" % op),
    )

for name in ["cumsum", "cumprod", "cumulative_logsumexp"]:
    call = "tf.math.%s(x" % name
    case(name, call + ")", x=f32(3, 2), grad="x")
    case(name + "_axis", call + ", axis=1)", x=f32(2, 4), grad="x")
    case(name + "_negative_axis", call + ", -1)", x=f32(2, 4), grad="x")
    case(name + "_exclusive", call + ", exclusive=True)", x=f32(4), grad="x")
    case(name + "_reverse", call + ", reverse=True)", x=f32(4), grad="x")
    case(name + "_both", call + ", axis=1, exclusive=True, reverse=True)", x=f32(2, 3), grad="x")
    case(name + "_empty", call + ")", x=empty(0, 2))
    case(name + "_one", call + ", exclusive=True)", x=f32(1))
    case(name + "_f64", call + ")", x=f64(5), grad="x")
    case(name + "_special", call + ")", x=val([1.0, "inf", 2.0, "nan", 3.0]))
    error(
        name + "_axis_range",
        call + ", axis=2)",
        x=f32(2, 3),
        says=("Expected scan axis in the range [-2, 2), but got 2",),
    )
for name in ["cumsum", "cumprod"]:
    case(name + "_i32", "tf.math.%s(x)" % name, x=i32(4))
    case(name + "_list", "tf.math.%s([1, 2, 3])" % name)
    case(name + "_scalar", "attempt(tf.math.%s, x)" % name, x=f32())
case("cumsum_top", "tf.cumsum(x, axis=1)", x=f32(2, 3))
case("cumprod_zero_gradient", "tf.math.cumprod(x)", x=val([2.0, 0.0, 3.0]), grad="x")

SEGMENTS = val([0, 0, 2, 2, 3], "int32")
for name in ["sum", "mean", "prod", "max", "min"]:
    call = "tf.math.segment_%s(x, s)" % name
    # TensorFlow 2.1 cannot differentiate segment_prod.
    grads = {} if name == "prod" else {"grad": "x"}
    case("segment_" + name, call, x=f32(5, 2), s=SEGMENTS, **grads)
    case("segment_%s_vector" % name, call, x=f32(5), s=SEGMENTS, **grads)
    case("segment_%s_i64_ids" % name, call, x=f64(5), s=val([0, 0, 0, 1, 1], "int64"))
    case("segment_%s_i32" % name, "attempt(tf.math.segment_%s, x, s)" % name, x=i32(5), s=SEGMENTS)
    case("segment_%s_ties" % name, call, x=val([1.0, 1.0, 2.0, 3.0, 0.0]), s=SEGMENTS, **grads)
    case("segment_%s_empty" % name, call, x=empty(0, 2), s=empty(0, dtype="int32"))
for name in ["sum", "mean", "prod", "max", "min", "sqrt_n"]:
    call = "tf.math.unsorted_segment_%s(x, s, n)" % name
    ids = val([2, 0, 2, -1, 0], "int32")
    case("unsorted_" + name, call, x=positive(5, 2), s=ids, n=4, grad="x")
    case("unsorted_%s_vector" % name, call, x=f32(5), s=ids, n=3, grad="x")
    case(
        "unsorted_%s_matrix_ids" % name,
        call,
        x=positive(2, 3, 2),
        s=ints(0, 3, 2, 3),
        n=3,
        grad="x",
    )
    case(
        "unsorted_%s_f64" % name,
        call,
        x=positive(4, dtype="float64"),
        s=ints(0, 3, 4),
        n=3,
        grad="x",
    )
    case(
        "unsorted_%s_i32" % name,
        "attempt(tf.math.unsorted_segment_%s, x, s, n)" % name,
        x=i32(5),
        s=ids,
        n=3,
    )
    case("unsorted_%s_empty" % name, call, x=empty(0, 2), s=empty(0, dtype="int32"), n=2)
case(
    "unsorted_prod_zero_gradient",
    "tf.math.unsorted_segment_prod(x, s, 2)",
    x=val([0.0, 2.0, 3.0]),
    s=val([0, 0, 1], "int32"),
    grad="x",
)
error(
    "segment_unsorted",
    "tf.math.segment_sum(x, s)",
    x=f32(3),
    s=val([1, 0, 2], "int32"),
    says=("segment ids are not increasing", "[Op:SegmentSum]"),
)
error(
    "segment_lengths",
    "tf.math.segment_sum(x, s)",
    x=f32(3),
    s=val([0, 1], "int32"),
    says=("segment_ids should be the same size as dimension 0 of input", "[Op:SegmentSum]"),
)
error(
    "unsorted_out_of_range",
    "tf.math.unsorted_segment_sum(x, s, 2)",
    x=f32(3),
    s=val([0, 5, 1], "int32"),
    says=("segment_ids[1] = 5 is out of range [0, 2)", "[Op:UnsortedSegmentSum]"),
)
