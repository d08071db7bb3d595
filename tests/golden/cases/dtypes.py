"""From Python and NumPy values to tensors, between dtypes, and the dtypes themselves."""

from golden.table import Table, bools, c64, f16, f32, f64, ints, raw, specials, val, var

table = Table("dtypes")
case, error = table.case, table.error

# ------------------------------------------------------------------------------------- constant
LITERALS = {
    "int": "1",
    "float": "1.5",
    "bool": "True",
    "complex": "1 + 2j",
    "string": '"abc"',
    "bytes": 'b"abc"',
    "unicode": '"\\u4f60\\u597d"',
    "empty_list": "[]",
    "empty_nested": "[[], []]",
    "ints": "[1, 2, 3]",
    "floats": "[1.0, 2.5]",
    "mixed": "[1, 2.5]",
    "mixed_float_first": "[1.5, 2]",
    "bools": "[True, False]",
    "bool_and_int": "[True, 2]",
    "int_and_bool": "[1, True]",
    "nested": "[[1, 2], [3, 4]]",
    "deep": "[[[1], [2]]]",
    "tuple": "(1, 2)",
    "tuple_in_list": "[(1, 2), (3, 4)]",
    "strings": '["a", "bc"]',
    "complexes": "[1j, 2.0]",
    "large_int": "2**31 - 1",
    "beyond_int32": "2**31",
    "negative_beyond_int32": "-(2**40)",
    "list_beyond_int32": "[1, 2**31]",
    "beyond_int64": "2**63",
    "large_float": "1e300",
    "nan": 'float("nan")',
    "inf": '[float("inf"), -float("inf")]',
    "range": "range(3)",
    "np_float64": "np.float64(1.5)",
    "np_float32": "np.float32(1.5)",
    "np_int64": "np.int64(3)",
    "np_int8": "np.int8(3)",
    "np_bool": "np.bool_(True)",
    "list_of_np_float32": "[np.float32(1), np.float32(2)]",
    "list_of_np_float64": "[np.float64(1), np.float64(2)]",
    "list_of_np_int64": "[np.int64(1), np.int64(2)]",
    "np_and_python": "[np.float64(1), 2.0]",
    "np_array_f64": "np.array([1.0, 2.0])",
    "np_array_i64": "np.array([1, 2])",
    "np_array_f16": "np.array([1.0], np.float16)",
    "np_array_u8": "np.array([1, 2], np.uint8)",
    "np_array_bool": "np.array([True])",
    "np_array_complex": "np.array([1j])",
    "np_array_str": 'np.array(["ab", "c"])',
    "np_array_bytes": 'np.array([b"ab"])',
    "np_array_object": 'np.array(["ab", "c"], dtype=object)',
    "np_array_0d": "np.array(3.0)",
    "np_array_empty": "np.zeros((0, 2))",
    "np_array_fortran": 'np.array([[1, 2], [3, 4]], order="F")',
    "np_array_strided": "np.arange(6)[::2]",
    "np_array_big_endian": 'np.array([1, 2], dtype=">i4")',
    "list_of_arrays": "[np.array([1, 2]), np.array([3, 4])]",
    "list_of_f32_arrays": "[np.ones(2, np.float32), np.zeros(2, np.float32)]",
    "none": "None",
    "none_in_list": "[None, 1]",
    "string_and_int": '["a", 1]',
    "int_and_string": '[1, "a"]',
    "ragged": "[[1, 2], [3]]",
    "ragged_deep": "[[1], [[2]]]",
    "dict": '{"a": 1}',
    "object": "object()",
    "set": "{1, 2}",
    "tensor": "tf.constant([1, 2])",
    "list_of_tensors": "[tf.constant(1), tf.constant(2)]",
    "tensor_and_number": "[tf.constant(1.0), 2.0]",
    "tensor_and_int": "[tf.constant(1.0), 2]",
    "dtype_object": "tf.float32",
    "tensorshape": "tf.TensorShape([2, 3])",
    "unknown_shape": "tf.TensorShape([2, None])",
    "dimension_of_shape": "tf.zeros([2, 3]).shape[0]",
}
for name, literal in LITERALS.items():
    case("constant_" + name, "attempt(tf.constant, %s)" % literal)
    case("convert_" + name, "attempt(tf.convert_to_tensor, %s)" % literal)

TYPED = {
    "int_as_float": ("1", "tf.float32"),
    "int_as_float_str": ("1", '"float32"'),
    "int_as_np_dtype": ("1", "np.float64"),
    "float_as_int": ("1.5", "tf.int32"),
    "whole_float_as_int": ("[1.0, 2.0]", "tf.int32"),
    "int_as_i64": ("[1, 2]", "tf.int64"),
    "int_as_u8": ("[1, 255]", "tf.uint8"),
    "too_large_for_u8": ("256", "tf.uint8"),
    "negative_as_u8": ("-1", "tf.uint8"),
    "too_large_for_i32": ("2**31", "tf.int32"),
    "int_as_bool": ("1", "tf.bool"),
    "bool_as_float": ("True", "tf.float32"),
    "bool_as_int": ("True", "tf.int32"),
    "int_as_string": ("1", "tf.string"),
    "string_as_int": ('"1"', "tf.int32"),
    "float_as_f16": ("0.1", "tf.float16"),
    "large_as_f16": ("1e6", "tf.float16"),
    "float_as_f64": ("0.1", "tf.float64"),
    "float_as_bf16": ("[1.0, 0.1]", "tf.bfloat16"),
    "float_as_complex": ("1.5", "tf.complex64"),
    "complex_as_float": ("1j", "tf.float32"),
    "np_f64_as_f32": ("np.array([0.1, 0.2])", "tf.float32"),
    "np_f64_as_int": ("np.array([1.5, -2.5])", "tf.int32"),
    "np_i64_as_i32": ("np.array([1, 2])", "tf.int32"),
    "np_i64_as_float": ("np.array([1, 2])", "tf.float32"),
    "np_bool_as_float": ("np.array([True])", "tf.float32"),
    "np_float_as_bool": ("np.array([0.0, 2.0])", "tf.bool"),
    "np_scalar_as_f32": ("np.float64(0.1)", "tf.float32"),
    "np_large_as_u8": ("np.array([300])", "tf.uint8"),
    "empty_as_int": ("[]", "tf.int32"),
    "tensor_as_other": ("tf.constant([1])", "tf.float32"),
    "tensor_as_same": ("tf.constant([1])", "tf.int32"),
    "unknown_dtype": ("1", '"float31"'),
    "no_dtype": ("1", "None"),
}
for name, (literal, dtype) in TYPED.items():
    case("typed_constant_" + name, "attempt(tf.constant, %s, dtype=%s)" % (literal, dtype))
    case("typed_convert_" + name, "attempt(tf.convert_to_tensor, %s, dtype=%s)" % (literal, dtype))
case("constant_shape", "(tf.constant(3, shape=[2, 2]), tf.constant([1, 2, 3, 4], shape=[2, 2]))")
case("constant_shape_dtype", "tf.constant(0.0, tf.float64, [2])")
case("constant_shape_short", "attempt(tf.constant, [1, 2], shape=[3])")
case("constant_shape_one_element", "attempt(tf.constant, [7], shape=[2, 2])")
case("constant_shape_tuple", "tf.constant([1.0, 2.0], shape=(2, 1))")
case("constant_name", 'tf.constant(1.0, name="one")')
case("constant_of_variable", "attempt(tf.constant, v)", v=var(f32(2)))
case("convert_of_variable", "tf.convert_to_tensor(v)", v=var(f32(2)))
case(
    "convert_hint",
    "(tf.convert_to_tensor([1, 2], dtype_hint=tf.float32), tf.convert_to_tensor([1.5], dtype_hint=tf.int32))",
)
case("convert_same_object", "tf.convert_to_tensor(x) is x", x=f32(2))
case("numpy_is_a_copy", "a = x.numpy()\nb = x.numpy()\nresult = (a == b).all()", x=f32(2))
case(
    "is_tensor",
    "(tf.is_tensor(x), tf.is_tensor([1]), tf.is_tensor(np.ones(2)), tf.is_tensor(tf.Variable(1)))",
    x=f32(2),
)

# ---------------------------------------------------------------------------------------- casts
NAMES = "bool uint8 int8 int16 int32 int64 float16 float32 float64 complex64".split()
for target in NAMES:
    case(
        "cast_float_to_" + target, "tf.cast(x, tf.%s)" % target, x=val([0.0, 1.5, -2.7, 3.5, 100.9])
    )
    case("cast_f64_to_" + target, 'tf.cast(x, "%s")' % target, x=val([0.0, 1.5, 2.7], "float64"))
    case("cast_int_to_" + target, "tf.cast(x, tf.%s)" % target, x=val([0, 1, -3, 100], "int32"))
    case("cast_bool_to_" + target, "tf.cast(x, tf.%s)" % target, x=bools(4))
    case(
        "saturate_to_" + target,
        "attempt(tf.saturate_cast, x, tf.%s)" % target,
        x=val([-500.0, -1.5, 2.7, 300.0, 1e12]),
    )
for target in ["uint8", "int8", "int16", "int32"]:
    case(
        "cast_wraps_to_" + target,
        "tf.cast(x, tf.%s)" % target,
        x=val([300, -300, 70000, 2**33 + 5], "int64"),
    )
case("cast_same", "(tf.cast(x, tf.float32) is x, tf.cast(x, tf.float32))", x=f32(2))
case("cast_list", "tf.cast([1.7, 2.2], tf.int32)")
case("cast_python", "(tf.cast(2.9, tf.int32), tf.cast(1, tf.float32), tf.cast(True, tf.int32))")
case("cast_numpy", "tf.cast(x, tf.float32)", x=raw(f64(3)))
case("cast_np_dtype", "tf.cast(x, np.int64)", x=f32(3))
case(
    "cast_python_type",
    "(attempt(tf.cast, x, float), attempt(tf.cast, x, int), attempt(tf.cast, x, bool))",
    x=val([0.5, 1.5]),
)
case("cast_variable", "tf.cast(v, tf.float64)", v=var(f32(2)), grad="v")
case("cast_gradient", "tf.cast(x, tf.float64)", x=f32(3), grad="x")
case("cast_gradient_through_int", "tf.cast(tf.cast(x, tf.int32), tf.float32)", x=f32(3), grad="x")
case("cast_f16_overflow", "tf.cast(x, tf.float16)", x=val([1e5, -1e5, 65504.0, 1e-8]))
case("cast_complex_to_real", "tf.cast(x, tf.float32)", x=c64(3))
case("cast_bf16", "tf.cast(tf.cast(x, tf.bfloat16), tf.float32)", x=f32(4))
case("cast_special_to_bool", "tf.cast(x, tf.bool)", x=specials())
case("cast_f16", "tf.cast(x, tf.float32)", x=f16(3))
case("cast_to_string", "attempt(tf.cast, x, tf.string)", x=f32(2))
case("cast_string", 'attempt(tf.cast, "1", tf.int32)')
case("saturate_ints", "tf.saturate_cast(x, tf.uint8)", x=val([-5, 100, 300], "int32"))
case("dtypes_cast", "tf.dtypes.cast(x, tf.int32)", x=f32(2))
case("dtypes_complex", "tf.dtypes.complex(x, x)", x=f32(2))

# --------------------------------------------------------------------------------------- DType
ALL = NAMES + ["uint16", "uint32", "uint64", "bfloat16", "complex128", "string"]
for name in ALL:
    case(
        "dtype_" + name,
        "d = tf.%s\nresult = (d.name, d.is_floating, d.is_integer, d.is_bool, d.is_complex,"
        " bool(d.is_unsigned), d.size, d.as_datatype_enum, d.is_numpy_compatible, d.base_dtype, d.real_dtype)"
        % name,
        text=False,
    )
    case(
        "dtype_range_" + name,
        "attempt(lambda: (float(tf.%s.min), float(tf.%s.max)))" % (name, name),
    )
    case("dtype_text_" + name, "tf.%s" % name, text=True)
case("dtype_limits", "(tf.uint8.limits, tf.int32.limits, tf.float32.limits)")
case(
    "dtype_numpy",
    "[d.as_numpy_dtype for d in (tf.float32, tf.int64, tf.bool, tf.string, tf.complex64)]",
)
case(
    "dtype_equality",
    '(tf.float32 == "float32", tf.float32 == np.float32, tf.float32 != tf.float64, tf.float32 == None, tf.float32 == 3)',
)
case("dtype_hash", "len({tf.float32, tf.as_dtype('float32'), tf.int32})")
case(
    "dtype_aliases",
    "(tf.double is tf.float64, tf.half is tf.float16, tf.as_dtype('float'), tf.as_dtype('double'))",
)
case("as_dtype", "[tf.as_dtype(d) for d in ('int64', np.int16, np.dtype('float64'), tf.uint8, 1)]")
case(
    "as_dtype_python", "[attempt(tf.as_dtype, t) for t in (int, float, bool, str, object, complex)]"
)
case("as_dtype_unknown", 'attempt(tf.as_dtype, "float31")')
case(
    "dtype_is_compatible",
    "(tf.float32.is_compatible_with(tf.float32), tf.float32.is_compatible_with(tf.float64))",
)
case("dtype_format", '"%s %r {}".format(tf.int32) % (tf.float32, tf.float32)')
case(
    "dtypes_module",
    "(tf.dtypes.float32 is tf.float32, tf.dtypes.as_dtype('int8'), tf.dtypes.DType is tf.DType)",
)
case("newaxis", "tf.newaxis is None")

error(
    "constant_ragged_message",
    "tf.constant([[1, 2], [3]])",
    says=("Can't convert non-rectangular Python sequence to Tensor.",),
)
error(
    "constant_none_message",
    "tf.constant(None)",
    says=(
        "Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.",
    ),
)
error("constant_object_message", "tf.constant(print)", says=("with an unsupported type",))
error("constant_mixed_strings_message", 'tf.constant([1, "a"])')
error(
    "constant_wrong_shape_message",
    "tf.constant([1, 2, 3], shape=[2, 2])",
    says=(
        "Eager execution of tf.constant with unsupported shape",
        "value has 3 elements, shape is (2, 2) with 4 elements",
    ),
)
error(
    "float_to_int_message",
    "tf.constant(1.5, dtype=tf.int32)",
    says=("Cannot convert 1.5 to EagerTensor of dtype int32",),
)
error(
    "string_to_float_message",
    'tf.constant("a", dtype=tf.float32)',
    says=("to EagerTensor of dtype float",),
)
error(
    "tensor_to_other_dtype_message",
    "tf.convert_to_tensor(x, dtype=tf.float64)",
    x=f32(2),
    says=("Tensor conversion requested dtype float64 for Tensor with dtype float32",),
)
error(
    "cast_string_number_message",
    'tf.cast("1", tf.int32)',
    says=("Cast string to int32 is not supported", "[Op:Cast]"),
)
error("cast_unknown_dtype_message", 'tf.cast(1, "float31")', says=("float31",))
error("beyond_int64_message", "tf.constant(2**64)")
error("random_ints_message", "tf.constant({1: 2})")
case("ints_default", "tf.constant(x)", x=raw(ints(0, 9, 3, dtype="int32")))
