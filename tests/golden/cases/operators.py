"""What Python's operators, protocols and indexing do with tensors."""

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
    spd,
    val,
    var,
)

table = Table("operators")
case, error = table.case, table.error

ARITHMETIC = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
}
for name, sign in ARITHMETIC.items():
    case(name + "_tensors", "x %s y" % sign, x=positive(2, 3), y=positive(3), grad="x,y")
    case(name + "_python_float", "x %s 2.5" % sign, x=positive(3), grad="x")
    case(name + "_python_int", "x %s 2" % sign, x=positive(3), grad="x")
    case(name + "_reflected", "2.5 %s x" % sign, x=positive(3), grad="x")
    case(name + "_reflected_int", "3 %s x" % sign, x=positive(3), grad="x")
    case(name + "_list", "x %s [1.0, 2.0, 3.0]" % sign, x=positive(3))
    case(name + "_reflected_list", "[1.0, 2.0, 3.0] %s x" % sign, x=positive(3))
    case(name + "_numpy", "x %s y" % sign, x=positive(3), y=raw(positive(3)))
    case(name + "_reflected_numpy", "y %s x" % sign, x=positive(3), y=raw(positive(3)))
    case(name + "_numpy_scalar", "x %s np.float32(2.0)" % sign, x=positive(3))
    case(name + "_ints", "x %s y" % sign, x=i32(5), y=ints(1, 4, 5))
    case(name + "_int_python", "x %s 3" % sign, x=i64(5))
    case(name + "_variable", "v %s x" % sign, v=var(positive(3)), x=positive(3), grad="v,x")
    case(name + "_variable_reflected", "2.0 %s v" % sign, v=var(positive(3)), grad="v")
    said = "x and y must have the same dtype, got tf.float32 != tf.float64"
    if name != "truediv":
        said = "was expected to be a float tensor but is a double tensor"
    error(name + "_dtypes", "x %s y" % sign, x=f32(2), y=f64(2), says=(said,))
    error(name + "_none", "x %s None" % sign, x=f32(2), says=("Attempt to convert a value (None)",))
    said = "x and y must have the same dtype, got tf.float32 != tf.string"
    if name != "truediv":
        said = "was expected to be a float tensor but is a string tensor"
    error(name + "_string", 'x %s "a"' % sign, x=f32(2), says=(said,))
case("truediv_int", "(x / 2, 7 / x)", x=ints(1, 9, 4))
case("floordiv_negative", "(x // 2, x // -2)", x=val([-7, 7, -1], "int32"))
case("mod_negative", "(x % 3, x % -3)", x=val([-7, 7, -1], "int32"))
case("mod_negative_float", "(x % 3.0, x % -3.0)", x=val([-7.5, 7.5, -1.0]))
case("floordiv_zero_float", "x // 0.0", x=val([1.0, -1.0, 0.0]))
case("neg", "-x", x=f32(3), grad="x")
case("neg_int", "-x", x=i32(3))
case("abs", "abs(x)", x=f32(3), grad="x")
case("pos", "attempt(lambda: +x)", x=f32(3))
case("pow_modulo", "attempt(pow, x, 2, 3)", x=i32(3))
case("divmod", "attempt(divmod, x, 2)", x=i32(3))
case("round", "attempt(round, x)", x=f32())
case("invert", "~x", x=bools(4))
case("invert_int", "attempt(lambda: ~x)", x=i32(3))
for name, sign in {"and": "&", "or": "|", "xor": "^"}.items():
    case(name, "x %s y" % sign, x=bools(5), y=bools(5))
    case(name + "_python", "(x %s True, False %s x)" % (sign, sign), x=bools(4))
    case(name + "_ints", "attempt(lambda: x %s y)" % sign, x=i32(3), y=i32(3))
case("lshift", "attempt(lambda: x << 1)", x=i32(3))
case("matmul", "x @ y", x=f32(2, 3), y=f32(3, 4), grad="x,y")
case("matmul_batch", "x @ y", x=f32(2, 2, 3), y=f32(2, 3, 2), grad="x,y")
case("matmul_numpy", "x @ y", x=f32(2, 3), y=raw(f32(3, 2)))
case("matmul_reflected_numpy", "y @ x", x=f32(2, 3), y=raw(f32(3, 2)))
case("matmul_list", "x @ [[1.0], [2.0], [3.0]]", x=f32(2, 3))
case("chain", "((x * 2 + 1) / 3 - x ** 2) % 0.7", x=positive(4), grad="x")
case("augmented", "y = x\ny += 1\ny *= 2\nresult = (x, y)", x=f32(2))
case("int_float_mix", "attempt(lambda: x + 1.5)", x=i32(2))
case("int_true_float", "x + 1.0", x=f16(2))
case("bool_plus", "attempt(lambda: x + x)", x=bools(2))
case("complex_mix", "x * (1 + 2j)", x=c64(2))
case("float_times_complex", "attempt(lambda: x * 1j)", x=f32(2))
case("uint8_python", "x + 3", x=ints(0, 9, 3, dtype="uint8"))
case("float16_python", "x * 0.1", x=f16(3))
case("int64_with_int32", "attempt(lambda: x + y)", x=i64(2), y=i32(2))
case("numpy_float64_scalar", "attempt(lambda: x * np.float64(2.0))", x=f32(2))
case("numpy_int_scalar", "x * np.int32(2)", x=i32(2))
case("numpy_f64_array", "attempt(lambda: x + y)", x=f32(2), y=raw(f64(2)))
case("sum_builtin", "sum([x, x, x])", x=f32(2))
case("sum_of_rows", "sum(x)", x=f32(3, 2))
case("max_builtin", "max(x)", x=f32(4))
case("sorted_builtin", "sorted(x)", x=f32(4))

# ----------------------------------------------------------------------------------- comparison
for name, sign in {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
    case(name, "x %s y" % sign, x=ints(0, 3, 6), y=ints(0, 3, 6))
    case(name + "_python", "(x %s 1, 1 %s x)" % (sign, sign), x=ints(0, 3, 6))
    case(name + "_broadcast", "x %s y" % sign, x=f32(2, 1), y=f32(3))
    case(name + "_none", "attempt(lambda: x %s None)" % sign, x=f32(2))
for name, sign in {"eq": "==", "ne": "!="}.items():
    case(name, "x %s y" % sign, x=ints(0, 3, 6), y=ints(0, 3, 6))
    case(name + "_python", "(x %s 1, 1 %s x)" % (sign, sign), x=ints(0, 3, 6))
    case(name + "_none", "(x %s None, None %s x)" % (sign, sign), x=f32(2))
    case(name + "_string", 'attempt(lambda: x %s "a")' % sign, x=f32(2))
    case(name + "_shapes", "attempt(lambda: x %s y)" % sign, x=f32(2), y=f32(3))
    case(name + "_dtypes", "attempt(lambda: x %s y)" % sign, x=f32(2), y=i32(2))
    case(name + "_list", "x %s [0, 1, 2]" % sign, x=ints(0, 3, 3))
    case(name + "_numpy", "x %s y" % sign, x=ints(0, 3, 3), y=raw(ints(0, 3, 3)))
    case(name + "_variable", "(v %s v, v %s 1.0)" % (sign, sign), v=var(val([1.0, 2.0])))
    case(name + "_bools", "x %s True" % sign, x=bools(4))
    case(name + "_nan", "x %s x" % sign, x=val(["nan", 1.0]))
case("in_list", "attempt(lambda: x in [x])", x=f32(2))
case("scalar_in_list", "tf.constant(2) in [tf.constant(1), tf.constant(2)]")
case("is_same_object", "x is x", x=f32(2))

# ------------------------------------------------------------------------------------ protocols
case("int", "int(x)", x=val(7, "int32"))
case("int_of_float", "int(x)", x=val(-7.9))
case("int_of_one_element", "int(x)", x=val([[7]], "int64"))
case("float", "float(x)", x=val(0.1))
case("float_of_int", "float(x)", x=val(3, "int32"))
case("float_of_f64", "float(x)", x=val(0.1, "float64"))
case("bool_true", "(bool(tf.constant(2)), bool(tf.constant(0.0)), bool(tf.constant(True)))")
case("bool_one_element", "bool(x)", x=val([[1]], "int32"))
case("bool_empty", "attempt(bool, x)", x=empty(0))
case("if_scalar", '"yes" if x > 0 else "no"', x=val(1.0))
case("not", "not x", x=val(0, "int32"))
case("and_keyword", "bool(x and y)", x=val(True, "bool"), y=val(False, "bool"))
case("len", "len(x)", x=f32(3, 2))
case("len_empty", "len(x)", x=empty(0, 2))
case("iter", "[row for row in x]", x=f32(2, 3))
case("iter_vector", "list(x)", x=i32(3))
case("iter_empty", "list(x)", x=empty(0, 2))
case("unpack", "a, b = x\nresult = (a, b)", x=f32(2, 2))
case("zip", "[a + b for a, b in zip(x, y)]", x=f32(2), y=f32(2))
case("enumerate", "[(i, row) for i, row in enumerate(x)]", x=f32(2, 2))
case("reversed", "attempt(lambda: list(reversed(x)))", x=f32(3))
case("index", "[10, 20, 30][x]", x=val(1, "int32"))
case("range", "list(range(x))", x=val(3, "int32"))
case("slice_list", "[1, 2, 3, 4][: tf.constant(2)]")
case("format", '"{} {:}".format(x, x)', x=val(1.5))
case("format_number", 'attempt(lambda: "{:.2f}".format(x))', x=val(1.5))
case("percent_format", '"%d %.2f" % (x, x)', x=val(1.5))
case("numpy", "x.numpy()", x=f32(2, 2))
case("numpy_scalar", "x.numpy()", x=f32())
case("numpy_int_scalar_value", "x.numpy()", x=val(3, "int64"))
case("numpy_string", "x.numpy()", x=val("abc", "str"))
case("numpy_strings", "x.numpy()", x=val(["a", "bc"], "str"))
case("np_array", "np.array(x)", x=f32(2, 2))
case("np_asarray_dtype", "np.asarray(x, dtype=np.float64)", x=f32(2))
case("np_function", "np.sum(x)", x=val([1.0, 2.0]))
case("np_mean", "np.mean(x)", x=val([1.0, 2.0]))
case("np_add", "np.add(x, y)", x=val([1.0, 2.0]), y=raw(val([1.0, 2.0])))
case("np_dot", "np.dot(x, x)", x=val([1.0, 2.0]))
case("np_concatenate", "np.concatenate([x, x])", x=f32(2))
case("np_sqrt", "np.sqrt(x)", x=val([4.0, 9.0]))
case("numpy_copy", "a = x.numpy()\na = a + 1\nresult = x", x=f32(2))
case("shape", "(x.shape, x.shape[0], x.shape[-1], list(x.shape), len(x.shape))", x=f32(2, 3))
case(
    "shape_tuple",
    "tuple(x.shape) == (2, 3) and x.shape == (2, 3) and x.shape == [2, 3]",
    x=f32(2, 3),
)
case("shape_as_list", "(x.shape.as_list(), x.get_shape())", x=f32(2, 3))
case("ndim", "(x.ndim, x.shape.ndims, x.shape.rank)", x=f32(2, 3))
case(
    "dtype",
    "(x.dtype, x.dtype == tf.float32, x.dtype == np.float32, x.dtype == 'float32')",
    x=f32(2),
)
case("dtype_name", "(x.dtype.name, x.dtype.as_numpy_dtype, x.dtype.is_floating)", x=f32(2))
case("device", "x.device.endswith('device:CPU:0')", x=f32(2))
case("set_shape", "x.set_shape([2, 3])\nresult = x.shape", x=f32(2, 3))
case("experimental_ref", "len({x.experimental_ref(), x.experimental_ref()})", x=f32(2))
case("experimental_ref_deref", "x.experimental_ref().deref() is x", x=f32(2))
case("iter_values_later", "rows = list(x)\nresult = rows[1] + rows[0]", x=f32(2, 2), grad="x")
case("copy", "import copy\nresult = copy.copy(x)", x=f32(2))
case("deepcopy", "import copy\nresult = copy.deepcopy(x)", x=f32(2))
case("deepcopy_list", "import copy\nresult = copy.deepcopy([x, 1])", x=f32(2))
case("isinstance", "(isinstance(x, tf.Tensor), tf.is_tensor(x), tf.is_tensor(1.0))", x=f32(2))
case("variable_is_tensor", "(isinstance(v, tf.Tensor), tf.is_tensor(v))", v=var(f32(2)))
error("hash", "hash(x)", x=f32(2), says=("Tensor is unhashable if Tensor equality is enabled",))
error("set_of_tensors", "{x}", x=f32(2), says=("unhashable",))
error("dict_of_tensors", "{x: 1}", x=f32(), says=("unhashable",))
error("hash_variable", "hash(v)", v=var(f32(2)), says=("Variable is unhashable",))
error(
    "bool_many",
    "bool(x)",
    x=f32(2),
    says=("The truth value of an array with more than one element is ambiguous",),
)
error("if_many", "1 if x > 0 else 2", x=f32(2), says=("ambiguous",))
error("len_scalar", "len(x)", x=f32(), says=("Scalar tensor has no `len()`",))
error("iter_scalar", "list(x)", x=f32(), says=("iterate over a scalar tensor",))
error("int_many", "int(x)", x=f32(2))
error("float_many", "float(x)", x=f32(2))
error("unpack_wrong", "a, b = x", x=f32(3), says=("too many values to unpack",))
error("set_shape_wrong", "x.set_shape([3])", x=f32(2), says=("(2,)", "[3]"))
error("item_assignment", "x[0] = 1.0", x=f32(2), says=("does not support item assignment",))
error("no_such_attribute", "x.mean()", x=f32(2), says=("mean",))
error(
    "tensor_name",
    "x.name",
    x=f32(2),
    says=("Tensor.name is meaningless when eager execution is enabled.",),
)
error(
    "tensor_op",
    "x.op",
    x=f32(2),
    says=("Tensor.op is meaningless when eager execution is enabled.",),
)
error(
    "tensor_graph",
    "x.graph",
    x=f32(2),
    says=("Tensor.graph is meaningless when eager execution is enabled.",),
)
error(
    "tensor_eval",
    "x.eval()",
    x=f32(2),
    says=("eval is not supported when eager execution is enabled",),
)

# ------------------------------------------------------------------------------------- indexing
INDEXES = {
    "first": "0",
    "last": "-1",
    "two": "1, 2",
    "negative": "-2, -1",
    "colon": ":",
    "start": "1:",
    "stop": ":1",
    "both": "0:2, 1:3",
    "step": "::2",
    "step_inner": "..., ::2",
    "reverse": "::-1",
    "reverse_inner": ":, ::-1",
    "reverse_part": ":, 2:0:-1",
    "ellipsis": "...",
    "ellipsis_last": "..., 0",
    "ellipsis_first": "0, ...",
    "ellipsis_middle": "0, ..., 1",
    "newaxis": "tf.newaxis",
    "newaxis_end": "..., tf.newaxis",
    "newaxis_middle": ":, tf.newaxis, :",
    "none": "None, 0",
    "beyond": "1:10",
    "nothing": "2:1",
    "negative_slice": ":, -2:",
    "tensor": "tf.constant(1)",
    "tensor_slice": "tf.constant(0):tf.constant(2)",
    "numpy_scalar": "np.int64(1)",
    "int64_tensor": "tf.constant(1, tf.int64)",
    "list_in_tuple": "0, 1:3",
    "tensor_and_slice": "tf.constant(1), 1:",
}
for name, index in INDEXES.items():
    case("index_" + name, "x[%s]" % index, x=f32(3, 4, 2), grad="x")
case("index_chain", "x[0][1][0]", x=f32(2, 2, 2), grad="x")
case("index_vector", "x[2]", x=i32(4))
case("index_strings", 'tf.constant(["a", "b", "c"])[1:]')
case("index_loop", "[x[i] for i in range(3)]", x=i32(3))
case("index_scalar_newaxis", "x[tf.newaxis]", x=f32())
case("index_scalar_ellipsis", "x[...]", x=f32())
case("index_row_times_column", "x[0] * x[:, 1]", x=f32(3, 3), grad="x")
case("index_twice", "x[0] + x[0]", x=f32(2, 2), grad="x")
case("index_variable", "(v[0], v[..., 1], v[::-1])", v=var(f32(3, 2)), grad="v")
case("mask", "x[x > 0]", x=f32(6))
case("mask_rows", "x[tf.constant([True, False, True])]", x=f32(3, 2), grad="x")
case("mask_two_axes", "x[x > 0]", x=f32(3, 2))
case("mask_numpy", "x[np.array([True, False, True])]", x=f32(3))
case("index_list", "attempt(lambda: x[[0, 1]])", x=f32(3, 2))
case("index_int_array", "attempt(lambda: x[np.array([0, 2])])", x=f32(3, 2))
case("index_int_tensor", "attempt(lambda: x[tf.constant([0, 2])])", x=f32(3, 2))
case("index_float_list", "attempt(lambda: x[[0.5]])", x=f32(3, 2))
case("index_bool_list", "attempt(lambda: x[[True, False, True]])", x=f32(3, 2))
case("index_bool", "attempt(lambda: x[True])", x=f32(3, 2))
error(
    "index_out_of_range", "x[3]", x=f32(3, 2), says=("slice index 3 of dimension 0 out of bounds.",)
)
error(
    "index_negative_out",
    "x[-4]",
    x=f32(3, 2),
    says=("slice index -1 of dimension 0 out of bounds.",),
)
error(
    "index_second_axis",
    "x[0, 2]",
    x=f32(3, 2),
    says=("slice index 2 of dimension 1 out of bounds.",),
)
error(
    "index_too_many",
    "x[0, 0, 0]",
    x=f32(3, 2),
    says=("Index out of range using input dim 2; input has only 2 dims",),
)
error(
    "index_scalar",
    "x[0]",
    x=f32(),
    says=("Index out of range using input dim 0; input has only 0 dims",),
)
error(
    "index_string",
    'x["a"]',
    x=f32(3),
    says=(
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid indices",
    ),
)
error("index_float_key", "x[1.0]", x=f32(3), says=("are valid indices", "1.0"))
error(
    "index_two_ellipses",
    "x[..., 0, ...]",
    x=f32(3, 2),
    says=("Multiple ellipses in slice spec not allowed",),
)
error("index_step_zero", "x[::0]", x=f32(3), says=("strides[0] must be non-zero",))
error(
    "matmul_operator",
    "x @ y",
    x=f32(2, 3),
    y=f32(2, 3),
    says=("In[0]: [2,3], In[1]: [2,3]", "[Op:MatMul]"),
)
error(
    "add_shapes",
    "x + y",
    x=f32(2, 3),
    y=f32(4),
    says=("Incompatible shapes: [2,3] vs. [4]", "[Op:AddV2]"),
)
error(
    "sub_shapes", "x - y", x=f32(2), y=f32(3), says=("Incompatible shapes: [2] vs. [3]", "[Op:Sub]")
)
error(
    "mul_shapes",
    "x * y",
    x=f32(2, 2),
    y=f32(3),
    says=("Incompatible shapes: [2,2] vs. [3]", "[Op:Mul]"),
)
error(
    "truediv_shapes",
    "x / y",
    x=f32(2),
    y=f32(3),
    says=("Incompatible shapes: [2] vs. [3]", "[Op:RealDiv]"),
)
error(
    "lt_shapes", "x < y", x=f32(2), y=f32(3), says=("Incompatible shapes: [2] vs. [3]", "[Op:Less]")
)
case("spd_at_itself", "x @ x", x=spd(2, 2))
