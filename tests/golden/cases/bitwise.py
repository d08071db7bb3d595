"""tf.bitwise."""

from golden.table import Table, ints, val

table = Table("bitwise")
case, error = table.case, table.error

for dtype in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]:
    low = 0 if dtype[0] == "u" else -100
    for op in ["and", "or", "xor"]:
        case(
            "%s_%s" % (op, dtype),
            "tf.bitwise.bitwise_%s(x, y)" % op,
            x=ints(low, 100, 6, dtype=dtype),
            y=ints(low, 100, 6, dtype=dtype),
        )
    case("invert_%s" % dtype, "tf.bitwise.invert(x)", x=ints(low, 100, 6, dtype=dtype))
    for op in ["left", "right"]:
        case(
            "%s_shift_%s" % (op, dtype),
            "tf.bitwise.%s_shift(x, y)" % op,
            x=ints(low, 100, 6, dtype=dtype),
            y=ints(0, 7, 6, dtype=dtype),
        )

case("and_broadcast", "tf.bitwise.bitwise_and(x, y)", x=ints(0, 9, 2, 1), y=ints(0, 9, 3))
case("and_python_number", "tf.bitwise.bitwise_and(x, 6)", x=ints(0, 99, 4))
case("or_lists", "tf.bitwise.bitwise_or([1, 2], [4, 8])")
case("shift_negative_value", "tf.bitwise.right_shift(x, 1)", x=val([-8, -1, -7], "int32"))
case("xor_empty", "tf.bitwise.bitwise_xor(x, x)", x=val([], "int32"))

error(
    "and_floats",
    "tf.bitwise.bitwise_and(tf.constant([1.0]), tf.constant([2.0]))",
    says=("Could not find valid device", "[Op:BitwiseAnd]"),
)
error(
    "or_mixed",
    "tf.bitwise.bitwise_or(tf.constant([1]), tf.constant([2], tf.int64))",
    says=("BitwiseOr", "int32", "int64"),
)
