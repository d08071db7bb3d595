"""What str, repr and print show."""

from golden.table import Table, arange, empty, val, var

table = Table("text", text=True)
case, error = table.case, table.error

VALUES = {
    "scalar": val(3.0),
    "scalar_int": val(7, "int32"),
    "scalar_f64": val(0.1, "float64"),
    "scalar_f32": val(0.1),
    "scalar_f16": val(0.1, "float16"),
    "scalar_bool": val(True, "bool"),
    "scalar_string": val("abc", "str"),
    "scalar_i64": val(-5, "int64"),
    "scalar_u8": val(200, "uint8"),
    "scalar_complex": val(1 - 2j, "complex64"),
    "scalar_nan": val("nan"),
    "scalar_inf": val("-inf"),
    "scalar_large": val(1e20),
    "scalar_small": val(1e-20),
    "scalar_whole": val(123456789.0),
    "vector": val([1.0, 2.5, -3.0]),
    "vector_int": val([1, -20, 300], "int32"),
    "vector_f64": val([0.1, 1 / 3, 1e10], "float64"),
    "vector_small": val([1e-8, 1.0, 1e8]),
    "vector_f16": val([0.5, 0.1], "float16"),
    "vector_bool": val([True, False], "bool"),
    "vector_string": val(["a", "bc", ""], "str"),
    "vector_special": val(["nan", "inf", "-inf", 0.0, -0.0]),
    "vector_complex": val([1 + 1j, -2.5j], "complex128"),
    "vector_one": val([5], "int64"),
    "matrix": val([[1.0, 2.0], [3.0, 4.5]]),
    "matrix_int": val([[1, 2, 3], [40, 50, 60]], "int64"),
    "matrix_bool": val([[True], [False]], "bool"),
    "matrix_negative": val([[-1.5, 2.0], [3.25, -4.0]]),
    "matrix_string": val([["a", "b"], ["c", "d"]], "str"),
    "cube": arange(2, 2, 2),
    "cube_int": arange(2, 1, 3, dtype="int32"),
    "four_axes": arange(1, 2, 1, 2),
    "empty": empty(0),
    "empty_rows": empty(0, 3),
    "empty_columns": empty(2, 0),
    "empty_int": empty(0, dtype="int32"),
    "long": arange(2000),
    "long_int": arange(1001, dtype="int32"),
    "long_matrix": arange(40, 30),
    "wide": arange(2, 20),
    "wide_ints": arange(1, 60, dtype="int64"),
    "tall": arange(1200, 1),
    "uneven": val([1.0, 10.0, 100.0, 1000.5]),
    "thirds": val([0.33333334, 0.6666667, 1.0]),
    "many_digits": val([3.1415927, 2.7182817, 1.4142135]),
}
for name, made in VALUES.items():
    case("tensor_" + name, "x", x=made)
for name in "scalar scalar_int scalar_bool scalar_string vector vector_int vector_bool matrix matrix_int empty long cube".split():
    case("variable_" + name, "v", v=var(VALUES[name]))
case("variable_named", 'tf.Variable([1.0, 2.0], name="weights")')
case("variable_not_trainable", "tf.Variable(1, trainable=False)")
case("variable_f64", "tf.Variable(0.1, dtype=tf.float64)")
case("computed", "tf.constant([1.0, 2.0]) * 3")
case("uint16", "tf.constant([1, 2], tf.uint16)")
case(
    "bfloat16",
    "tf.constant([1.0, 2.0], tf.bfloat16)",
    differs="ml_dtypes shows bfloat16 numbers plainly",
)
case("unicode_string", 'tf.constant("\\u4f60\\u597d")')
case("string_newline", 'tf.constant("a\\nb")')
case("list_of_tensors", "[tf.constant(1), tf.constant([2.0])]")
case("tuple_of_tensors", "(tf.constant(1.5), tf.constant(True))")
case("dict_of_tensors", '{"a": tf.constant(1)}')
case("top_k", "tf.math.top_k([1.0, 3.0, 2.0], 2)")
case("unique", "tf.unique([1, 1, 2])")
case(
    "indexed_slices",
    """
v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
with tf.GradientTape() as tape:
    y = tf.gather(v, [1])
g = tape.gradient(y, v)
result = (type(g).__name__, g.values, g.indices, g.dense_shape)
""",
)
case("format", '"{} and {!r}".format(tf.constant(1), tf.constant([2.0]))')
case("f_string", 'x = tf.constant(0.25)\nresult = f"{x} {x.numpy()}"')
case("percent_s", '"%s" % tf.constant([1, 2])')
case("shape", "tf.TensorShape([2, 3])")
case("shape_none", "tf.TensorShape([None, 3])")
case("shape_unknown", "tf.TensorShape(None)")
case("shape_scalar", "tf.TensorShape([])")
case("shape_vector", "tf.TensorShape([5])")
case("shape_of_tensor", "tf.zeros([2, 3]).shape")
case("spec", "tf.TensorSpec([None, 3], tf.int32)")
case("spec_named", 'tf.TensorSpec([], name="x")')
case("spec_unknown", "tf.TensorSpec(None, tf.string)")
case("dtype", "tf.float32")
case("dtypes_list", "[tf.float32, tf.int64]")
case(
    "gradient",
    """
x = tf.constant(3.0)
with tf.GradientTape() as tape:
    tape.watch(x)
    y = x * x
result = tape.gradient(y, x)
""",
)
case("sum_of_squares", "tf.reduce_sum(tf.square([1.0, 2.0, 3.0]))")
case("comparison", "tf.constant([1, 2]) == tf.constant([1, 3])")
case("assign_result", "v = tf.Variable([1.0, 2.0])\nresult = v.assign_sub([0.5, 0.5])")
case("assign_add_result", "v = tf.Variable(1)\nresult = v.assign_add(2)")
case("strings_with_quotes", """tf.constant(["it's", 'a "b"'])""")
case(
    "print_tensors",
    "print(tf.constant(1.5))\nprint(tf.constant([1, 2]), tf.constant([[True]]))\nresult = 0",
    prints=True,
)
case("print_variable", "print(tf.Variable([1.0, 2.0]))\nresult = 0", prints=True)
case("print_mixed", 'print("loss:", tf.constant(0.25), [tf.constant(1)])\nresult = 0', prints=True)
case("print_numpy", 'print("acc:", tf.constant([0.25, 1.0]).numpy())\nresult = 0', prints=True)
case("print_shape", "print(tf.zeros([2, 3]).shape, tf.zeros([2]).dtype)\nresult = 0", prints=True)
TF_PRINT = {
    "scalar": "tf.constant(1.5)",
    "number": "1, 2.5, True",
    "vector": "tf.constant([1.0, 2.0, 3.5])",
    "ints": "tf.constant([1, 2, 3])",
    "matrix": "tf.constant([[1.0, 2.0], [3.0, 4.0]])",
    "bools": "tf.constant([True, False])",
    "strings": 'tf.constant(["a", "b"])',
    "string": '"step", tf.constant(3)',
    "long": "tf.range(10)",
    "long_matrix": "tf.reshape(tf.range(40), [10, 4])",
    "summarize": "tf.range(10), summarize=2",
    "summarize_all": "tf.range(10), summarize=-1",
    "sep": '"a", 1, "b", sep="|"',
    "end": '"a", end="!"',
    "list": "[tf.constant(1), tf.constant([2, 3])]",
    "dict": '{"a": tf.constant(1), "b": 2}',
    "tuple": "(1, tf.constant(2.0))",
    "nothing": "",
    "shape": "tf.zeros([2, 3]).shape",
    "dtype": "tf.float32",
    "none": "None",
    "small": "tf.constant([1e-7, 123456.789, 1e10])",
    "third": "tf.constant(1.0) / 3",
    "f64": "tf.constant(0.1, tf.float64)",
    "negative": "tf.constant([-1.5, 2.0])",
    "special": 'tf.constant([float("nan"), float("inf")])',
    "empty": "tf.zeros([0])",
    "variable": "tf.Variable([1.0, 2.0])",
    "numpy": "np.array([1.0, 2.0])",
    "cube": "tf.ones([2, 2, 2])",
}
for name, arguments in TF_PRINT.items():
    case("tf_print_" + name, "tf.print(%s)\nresult = 0" % arguments, prints=True, text=False)
case(
    "tf_print_stdout",
    "import sys\ntf.print(tf.constant(1), output_stream=sys.stdout)\nresult = 0",
    prints=True,
    text=False,
)
case(
    "tf_print_in_function",
    """
@tf.function
def f(x):
    tf.print("x is", x)
    return x + 1
f(tf.constant(1))
f(tf.constant(2))
result = 0
""",
    prints=True,
    text=False,
)
DATASETS = {
    "slices": "tf.data.Dataset.from_tensor_slices([1, 2, 3])",
    "slices_pair": "tf.data.Dataset.from_tensor_slices(([[1.0, 2.0]], [3]))",
    "slices_dict": 'tf.data.Dataset.from_tensor_slices({"a": [1], "b": [2.0]})',
    "tensors": "tf.data.Dataset.from_tensors([1, 2])",
    "range": "tf.data.Dataset.range(3)",
    "batch": "tf.data.Dataset.range(3).batch(2)",
    "batch_drop": "tf.data.Dataset.range(3).batch(2, drop_remainder=True)",
    "shuffle": "tf.data.Dataset.range(3).shuffle(2)",
    "repeat": "tf.data.Dataset.range(3).repeat()",
    "map": "tf.data.Dataset.range(3).map(lambda x: (x, x + 1))",
    "parallel_map": "tf.data.Dataset.range(3).map(lambda x: x, num_parallel_calls=2)",
    "filter": "tf.data.Dataset.range(3).filter(lambda x: x > 1)",
    "take": "tf.data.Dataset.range(3).take(2)",
    "skip": "tf.data.Dataset.range(3).skip(2)",
    "zip": "tf.data.Dataset.zip((tf.data.Dataset.range(3), tf.data.Dataset.range(2)))",
    "enumerate": "tf.data.Dataset.range(3).enumerate()",
    "concatenate": "tf.data.Dataset.range(3).concatenate(tf.data.Dataset.range(2))",
    "cache": "tf.data.Dataset.range(3).cache()",
    "prefetch": "tf.data.Dataset.range(3).prefetch(1)",
    "interleave": "tf.data.Dataset.range(3).interleave(lambda x: tf.data.Dataset.range(x), 2)",
    "flat_map": "tf.data.Dataset.range(3).flat_map(lambda x: tf.data.Dataset.range(x))",
    "window": "tf.data.Dataset.range(3).window(2)",
    "unbatch": "tf.data.Dataset.range(4).batch(2).unbatch()",
    "generator": "tf.data.Dataset.from_generator(lambda: [1, 2], tf.int32)",
    "shard": "tf.data.Dataset.range(4).shard(2, 0)",
    "padded_batch": "tf.data.Dataset.range(4).padded_batch(2, [])",
    "element_spec": "tf.data.Dataset.range(4).batch(2).element_spec",
}
for name, code in DATASETS.items():
    case("dataset_" + name, code)
