"""Seeded random numbers; the streams' own vectors are in ``random_vectors.json``."""

from golden.table import Table, f32, i32, val

table = Table("random", rtol=0.0, atol=0.0, why="streams are equal bit for bit")
case, error = table.case, table.error

for dtype in ["float16", "float32", "float64", "int32", "int64"]:
    bounds = ", minval=0, maxval=100" if dtype.startswith("int") else ""
    case("uniform_" + dtype, "tf.random.uniform([2, 3], dtype=tf.%s%s)" % (dtype, bounds), seed=1)
for name in ["normal", "truncated_normal"]:
    for dtype in ["float16", "float32"]:
        case(name + "_" + dtype, "tf.random.%s([2, 3], dtype=tf.%s)" % (name, dtype), seed=1)
    why = "the C library's log and sin differ in the last bit from one CPU to another"
    case(name + "_f64", "tf.random.%s([5], dtype=tf.float64)" % name, seed=1, rtol=1e-14, why=why)
    case(name + "_arguments", "tf.random.%s([4], mean=5, stddev=0.5)" % name, seed=2)
    case(name + "_op_seed", "tf.random.%s([4], seed=8)" % name, seed=2)
    case(
        name + "_tensor_mean",
        "tf.random.%s([2, 3], mean=x, stddev=2.0)" % name,
        x=val([0.0, 10.0, 20.0]),
        seed=2,
    )
    case(name + "_scalar_empty", "(tf.random.%s([]), tf.random.%s([0, 2]))" % (name, name), seed=3)
case("uniform_bounds", "tf.random.uniform([5], -1, 1)", seed=3)
case("uniform_float_bounds", "tf.random.uniform([5], minval=2.5, maxval=10.0, seed=1)", seed=3)
case("uniform_tensor_bounds", "tf.random.uniform([2], minval=x, maxval=10.0)", x=val(3.0), seed=3)
case("uniform_int_negative", "tf.random.uniform([5], -10, -2, tf.int32)", seed=3)
case(
    "uniform_shapes",
    "(tf.random.uniform([]), tf.random.uniform(()), tf.random.uniform([0]), tf.random.uniform((2,)))",
    seed=4,
)
case("uniform_tensor_shape", "tf.random.uniform(tf.shape(x))", x=f32(2, 2), seed=4)
case("stream_goes_on", "[tf.random.uniform([2]) for i in range(3)]", seed=5)
case(
    "stream_mixed",
    "(tf.random.normal([2]), tf.random.uniform([2]), tf.random.normal([2], seed=1), tf.random.normal([2]))",
    seed=5,
)
case("op_seed_goes_on", "[tf.random.uniform([2], seed=9) for i in range(3)]", seed=5)
case(
    "set_seed_restarts",
    "a = tf.random.uniform([2])\ntf.random.set_seed(5)\nb = tf.random.uniform([2])\nresult = (a, b)",
    seed=5,
)
case(
    "set_seed_restarts_op_seed",
    "a = tf.random.uniform([2], seed=1)\ntf.random.set_seed(5)\nb = tf.random.uniform([2], seed=1)\nresult = (a, b)",
    seed=5,
)
case("compat_set_seed", "tf.compat.v1.set_random_seed(5)\nresult = tf.random.uniform([2])")
case("shuffle", "tf.random.shuffle(tf.range(10))", seed=6)
case("shuffle_rows", "tf.random.shuffle(x)", x=f32(5, 2), seed=6)
case("shuffle_op_seed", "tf.random.shuffle(x, seed=3)", x=i32(6), seed=6)
case("shuffle_one", "tf.random.shuffle(x)", x=f32(1, 3), seed=6)
case(
    "categorical", "tf.random.categorical(x, 5)", x=val([[0.0, 1.0, 2.0], [3.0, 0.0, 0.0]]), seed=7
)
case(
    "categorical_int32",
    "tf.random.categorical(x, 4, dtype=tf.int32, seed=1)",
    x=val([[0.5, 0.5]]),
    seed=7,
)
case("gamma", "tf.random.gamma([3], alpha=[0.5, 2.0])", seed=8)
case("gamma_beta", "tf.random.gamma([2], alpha=1.5, beta=[1.0, 2.0], seed=4)", seed=8)
case("poisson", "tf.random.poisson([4], lam=[0.5, 20.0])", seed=9)
case("stateless_uniform", "tf.random.stateless_uniform([3], seed=[1, 2])")
case(
    "stateless_uniform_int",
    "tf.random.stateless_uniform([3], seed=(1, 2), minval=0, maxval=10, dtype=tf.int32)",
)
case("stateless_normal", "tf.random.stateless_normal([3], [5, 6], mean=1.0, stddev=2.0)")
case("stateless_truncated", "tf.random.stateless_truncated_normal([3], [5, 6])")
case("stateless_categorical", "tf.random.stateless_categorical([[0.0, 1.0]], 4, seed=[7, 8])")
case(
    "generator",
    "g = tf.random.experimental.Generator.from_seed(3)\nresult = (g.normal([2]), g.uniform([2]), g.normal([1]))",
)
case(
    "generator_state",
    "g = tf.random.experimental.Generator.from_seed(3)\ng.uniform([4])\nresult = g.state.numpy()",
)
case(
    "generator_split",
    "g = tf.random.experimental.Generator.from_seed(3)\nresult = [h.uniform([1]) for h in g.split(2)]",
)
case("initializer_normal", "tf.random_normal_initializer(0.0, 1.0, seed=3)([2, 2])", seed=1)
case("initializer_uniform", "tf.random_uniform_initializer(-1.0, 1.0)([4])", seed=1)
case(
    "initializers_plain",
    "(tf.zeros_initializer()([2]), tf.ones_initializer()([2], tf.int32), tf.constant_initializer(3.0)([2]))",
)
case("dropout", "tf.nn.dropout(tf.ones([10]), 0.3)", seed=12)
case(
    "weights_of_the_notes",
    "(tf.random.truncated_normal([4, 3], stddev=0.1, seed=1), tf.random.truncated_normal([3], stddev=0.1, seed=1))",
    seed=116,
)

error(
    "uniform_int_without_maxval",
    "tf.random.uniform([2], dtype=tf.int32)",
    says=("Must specify maxval for integer dtype",),
)
error(
    "uniform_int_bounds",
    "tf.random.uniform([2], 5, 5, tf.int32)",
    says=("Need minval < maxval", "[Op:RandomUniformInt]"),
)
error("uniform_negative_shape", "tf.random.uniform([-1])", says=("[Op:RandomUniform]",))
error("uniform_float_shape", "tf.random.uniform([2.5])")
error("uniform_bool", "tf.random.uniform([2], dtype=tf.bool)", says=("Invalid dtype",))
error("uniform_no_shape", "tf.random.uniform()", says=("shape",))
error(
    "normal_int", "tf.random.normal([2], dtype=tf.int32)", says=("to EagerTensor of dtype int32",)
)
error(
    "normal_string_mean",
    "tf.random.normal([2], mean='a')",
    says=("Cannot convert 'a' to EagerTensor of dtype float",),
)
error(
    "categorical_vector",
    "tf.random.categorical([0.0, 1.0], 2)",
    says=("logits should be a matrix, got shape [2]",),
)
error(
    "categorical_negative",
    "tf.random.categorical([[0.0, 1.0]], -1)",
    says=("num_samples should be nonnegative",),
)
error(
    "stateless_seed_shape",
    "tf.random.stateless_uniform([2], seed=[1])",
    says=("seed must have shape [2], not [1]",),
)
error("dropout_rate", "tf.nn.dropout(tf.ones([2]), 1.5)", says=("rate",))
