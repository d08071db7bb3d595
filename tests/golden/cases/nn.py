"""tf.nn without convolution and pooling: activations, losses, moments, embeddings, dropout."""

from golden.table import (
    Table,
    bools,
    empty,
    f16,
    f32,
    f64,
    ints,
    positive,
    raw,
    specials,
    uniform,
    val,
    var,
)

table = Table("nn")
case, error = table.case, table.error

ACTIVATIONS = "relu relu6 elu selu leaky_relu sigmoid tanh softplus softsign swish crelu"
for name in ACTIVATIONS.split():
    call = "tf.nn.%s(x)" % name
    case(name, call, x=uniform(-4, 8, 3, 4), grad="x")
    case(name + "_f64", call, x=f64(4), grad="x")
    # tanh' = 1 - y^2 near saturation: a fused multiply-add does not round the square.
    loose = {"atol": 1e-6, "why": "1 - y^2 near saturation"} if name == "tanh" else {}
    case(name + "_edges", call, x=val([-1.0, 0.0, 6.0, 1.0]), grad="x", **loose)
    if name != "crelu":
        case(name + "_special", call, x=specials(), rtol=1e-5, why="exp of a large number")
        case(name + "_scalar", call, x=f32())
    case(name + "_empty", call, x=empty(0, 2))
    case(name + "_f16", call, x=f16(4))
    case(name + "_list", call.replace("x", "[-1.0, 2.0]"))
case("relu_ints", "tf.nn.relu(x)", x=ints(-5, 5, 6))
case("relu_nan", "tf.nn.relu(x)", x=val(["nan", -1.0]), grad="x")
case("leaky_relu_alpha", "tf.nn.leaky_relu(x, alpha=0.1)", x=f32(4), grad="x")
case("leaky_relu_large_alpha", "tf.nn.leaky_relu(x, 1.5)", x=f32(4))
case("leaky_relu_ints", "tf.nn.leaky_relu(x)", x=ints(-5, 5, 4))
case("crelu_axis", "tf.nn.crelu(x, axis=0)", x=f32(2, 2))
case("swish_variable", "tf.nn.swish(v)", v=var(f32(3)), grad="v")

for name in ["softmax", "log_softmax"]:
    call = "tf.nn.%s(x" % name
    case(name, call + ")", x=f32(3, 4), grad="x")
    case(name + "_axis", call + ", axis=0)", x=f32(3, 4), grad="x")
    case(name + "_middle_axis", call + ", axis=1)", x=f32(2, 3, 2), grad="x")
    case(name + "_vector", call + ")", x=f32(5), grad="x")
    case(name + "_large", call + ")", x=val([[1000.0, 1001.0], [-1000.0, 0.0]]), grad="x")
    case(name + "_f64", call + ")", x=f64(2, 3), grad="x")
    case(name + "_f16", call + ")", x=f16(2, 3))
    case(name + "_one", call + ")", x=f32(2, 1))
    case(name + "_inf", call + ")", x=val([["-inf", 0.0], ["inf", 0.0]]))
    case(name + "_empty", call + ")", x=empty(0, 3))
    case(name + "_list", call.replace("(x", "([1.0, 2.0, 3.0]") + ")")
    case(name + "_math", "tf.math.%s(x)" % name, x=f32(2, 3))
case("softmax_ints", "attempt(tf.nn.softmax, x)", x=ints(0, 3, 3))
case("softmax_scalar", "attempt(tf.nn.softmax, x)", x=f32())

LABELS = val([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]])
soft = "tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=x)"
case("softmax_xent", soft, x=f32(2, 3), y=LABELS, grad="x,y")
case(
    "softmax_xent_f64",
    soft,
    x=f64(2, 3),
    y=val([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]], "float64"),
    grad="x",
)
case(
    "softmax_xent_positional",
    "tf.nn.softmax_cross_entropy_with_logits(y, x)",
    x=f32(2, 3),
    y=LABELS,
)
case(
    "softmax_xent_axis",
    "tf.nn.softmax_cross_entropy_with_logits(y, x, axis=0)",
    x=f32(2, 3),
    y=LABELS,
)
case("softmax_xent_3d", soft, x=f32(2, 2, 3), y=uniform(0, 1, 2, 2, 3), grad="x")
case("softmax_xent_vector", soft, x=f32(3), y=val([0.0, 0.0, 1.0]))
case(
    "softmax_xent_large", soft, x=val([[1000.0, 0.0, -1000.0]]), y=val([[0.0, 1.0, 0.0]]), grad="x"
)
case("softmax_xent_one_hot_ints", soft, x=f32(2, 3), y=val([[0, 1, 0], [1, 0, 0]], "int32"))
case("softmax_xent_numpy", soft, x=raw(f32(2, 3)), y=raw(LABELS))
case("softmax_xent_broadcast", soft, x=f32(2, 3), y=val([[0.0, 1.0, 0.0]]))
case("softmax_xent_empty", soft, x=empty(0, 3), y=empty(0, 3))
case(
    "softmax_xent_second_order",
    """
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        loss = tf.nn.softmax_cross_entropy_with_logits(y, x)
    g = inner.gradient(loss, x)
result = outer.gradient(g, x, output_gradients=tf.constant([[1.0, 2.0, 3.0], [0.0, 1.0, -1.0]]))
""",
    x=f32(2, 3),
    y=LABELS,
)
sparse = "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x)"
case("sparse_xent", sparse, x=f32(3, 4), y=ints(0, 4, 3), grad="x")
case("sparse_xent_i64", sparse, x=f32(3, 4), y=ints(0, 4, 3, dtype="int64"), grad="x")
case("sparse_xent_f64", sparse, x=f64(3, 4), y=ints(0, 4, 3), grad="x")
case("sparse_xent_3d", sparse, x=f32(2, 2, 4), y=ints(0, 4, 2, 2), grad="x")
case("sparse_xent_scalar", sparse, x=f32(4), y=val(2, "int32"))
case("sparse_xent_list", "tf.nn.sparse_softmax_cross_entropy_with_logits([1, 0], x)", x=f32(2, 3))
case(
    "sparse_xent_large",
    sparse,
    x=val([[1000.0, 0.0], [-1000.0, 0.0]]),
    y=val([1, 1], "int32"),
    grad="x",
)
case("sparse_xent_empty", sparse, x=empty(0, 3), y=empty(0, dtype="int32"))
sigmoid = "tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x)"
case("sigmoid_xent", sigmoid, x=f32(2, 3), y=uniform(0, 1, 2, 3), grad="x,y")
case("sigmoid_xent_f64", sigmoid, x=f64(3), y=uniform(0, 1, 3, dtype="float64"), grad="x")
case("sigmoid_xent_large", sigmoid, x=val([-200.0, 200.0, 0.0]), y=val([0.0, 0.0, 1.0]), grad="x")
case("sigmoid_xent_special", sigmoid, x=specials(), y=val([0.5] * 12))
weighted = "tf.nn.weighted_cross_entropy_with_logits(y, x, p)"
case("weighted_xent", weighted, x=f32(2, 3), y=uniform(0, 1, 2, 3), p=val(2.5), grad="x")
case(
    "weighted_xent_python",
    "tf.nn.weighted_cross_entropy_with_logits(y, x, 0.5)",
    x=f32(3),
    y=uniform(0, 1, 3),
)
case("l2_loss", "tf.nn.l2_loss(x)", x=f32(2, 3), grad="x")
case("l2_loss_f64", "tf.nn.l2_loss(x)", x=f64(5), grad="x")
case("l2_loss_empty", "tf.nn.l2_loss(x)", x=empty(0))
case("l2_loss_scalar", "tf.nn.l2_loss(x)", x=f32())
case("log_poisson", "tf.nn.log_poisson_loss(y, x)", x=f32(4), y=positive(4), grad="x")
case(
    "log_poisson_full",
    "tf.nn.log_poisson_loss(y, x, compute_full_loss=True)",
    x=f32(4),
    y=val([0.0, 0.5, 1.0, 6.0]),
    grad="x",
)
case("compute_average_loss", "tf.nn.compute_average_loss(x)", x=f32(4))
case(
    "compute_average_loss_weights",
    "tf.nn.compute_average_loss(x, sample_weight=[1.0, 0.0, 2.0], global_batch_size=6)",
    x=f32(3),
)
case("scale_regularization_loss", "tf.nn.scale_regularization_loss(x)", x=f32(3))

case("moments", "tf.nn.moments(x, axes=[0])", x=f32(3, 4), grad="x")
case("moments_all", "tf.nn.moments(x, [0, 1])", x=f32(3, 4), grad="x")
case("moments_keepdims", "tf.nn.moments(x, axes=[1], keepdims=True)", x=f32(3, 4))
case("moments_int_axis", "tf.nn.moments(x, axes=0)", x=f32(3, 2))
case("moments_f16", "tf.nn.moments(x, axes=[0])", x=f16(4, 2))
case("moments_4d", "tf.nn.moments(x, axes=[0, 1, 2])", x=f32(2, 2, 2, 3), grad="x")
case(
    "weighted_moments",
    "tf.nn.weighted_moments(x, [0], w)",
    x=f32(3, 2),
    w=positive(3, 1),
    rtol=1e-5,
    why="quotients of sums",
)
case(
    "weighted_moments_keepdims",
    "tf.nn.weighted_moments(x, [1], w, keepdims=True)",
    x=f32(3, 2),
    w=positive(3, 2),
    rtol=1e-5,
    why="quotients of sums",
)
case("sufficient_statistics", "tf.nn.sufficient_statistics(x, [0])", x=f32(3, 2))
case(
    "sufficient_statistics_shift",
    "tf.nn.sufficient_statistics(x, [0], shift=0.5, keepdims=True)",
    x=f32(3, 2),
)
case(
    "normalize_moments",
    "tf.nn.normalize_moments(c, m, v, None)",
    c=val(4.0),
    m=f32(2),
    v=positive(2),
)
case(
    "normalize_moments_shift",
    "tf.nn.normalize_moments(c, m, v, 0.5)",
    c=val(4.0),
    m=f32(2),
    v=positive(2),
)
bn = "tf.nn.batch_normalization(x, m, v, o, s, 0.001)"
case("batch_norm", bn, x=f32(3, 2), m=f32(2), v=positive(2), o=f32(2), s=f32(2), grad="x,m,v,o,s")
case(
    "batch_norm_plain",
    "tf.nn.batch_normalization(x, m, v, None, None, 1e-3)",
    x=f32(3, 2),
    m=f32(2),
    v=positive(2),
)
case("batch_norm_4d", bn, x=f32(2, 2, 2, 3), m=f32(3), v=positive(3), o=f32(3), s=f32(3))
case("bias_add", "tf.nn.bias_add(x, b)", x=f32(2, 3), b=f32(3), grad="x,b")
case("bias_add_4d", "tf.nn.bias_add(x, b)", x=f32(1, 2, 2, 3), b=f32(3), grad="b")
case(
    "bias_add_nchw",
    'tf.nn.bias_add(x, b, data_format="NCHW")',
    x=f32(1, 3, 2, 2),
    b=f32(3),
    grad="x,b",
)
case(
    "l2_normalize",
    "tf.nn.l2_normalize(x)",
    x=f32(2, 3),
    grad="x",
    rtol=1e-5,
    why="a quotient by a root",
)
case(
    "l2_normalize_axis",
    "tf.math.l2_normalize(x, axis=1)",
    x=f32(2, 3),
    grad="x",
    rtol=1e-5,
    why="a quotient by a root",
)
case("l2_normalize_axes", "tf.linalg.l2_normalize(x, axis=[0, 1], epsilon=0.1)", x=f32(2, 3))
case("l2_normalize_zero", "tf.nn.l2_normalize(x)", x=val([0.0, 0.0]), grad="x")
case("lrn", "tf.nn.local_response_normalization(x)", x=f32(1, 2, 2, 4), rtol=1e-5, why="a power")
case(
    "lrn_arguments",
    "tf.nn.lrn(x, depth_radius=1, bias=2.0, alpha=0.5, beta=0.75)",
    x=f32(1, 1, 2, 5),
    rtol=1e-5,
    why="a power",
)

case("embedding", "tf.nn.embedding_lookup(x, [2, 0, 2])", x=f32(4, 3), grad="x")
case("embedding_matrix", "tf.nn.embedding_lookup(x, [[2, 0], [1, 1]])", x=f32(4, 3), grad="x")
case(
    "embedding_variable",
    "tf.nn.embedding_lookup(v, i)",
    v=var(f32(4, 3)),
    i=ints(0, 4, 5, dtype="int64"),
    grad="v",
)
case(
    "embedding_max_norm",
    "tf.nn.embedding_lookup(x, [1, 2], max_norm=1.0)",
    x=f32(4, 3),
    rtol=1e-5,
    why="a quotient by a root",
)
case("embedding_scalar", "tf.nn.embedding_lookup(x, 1)", x=f32(4, 3))
case(
    "embedding_parts",
    "attempt(tf.nn.embedding_lookup, [x, y], [0, 1, 2, 3])",
    x=f32(2, 3),
    y=f32(2, 3),
)
case(
    "embedding_dense_gradient",
    "tf.nn.embedding_lookup(v * 1.0, [0, 0, 1])",
    v=var(f32(3, 2)),
    grad="v",
)

case("dropout", "tf.nn.dropout(x, 0.5, seed=1)", x=f32(4, 5), seed=7, grad="x")
case("dropout_no_op_seed", "tf.nn.dropout(x, rate=0.25)", x=f32(4, 5), seed=7)
case("dropout_twice", "(tf.nn.dropout(x, 0.5), tf.nn.dropout(x, 0.5))", x=f32(10), seed=3)
case(
    "dropout_noise_shape", "tf.nn.dropout(x, 0.5, noise_shape=[3, 1], seed=2)", x=f32(3, 4), seed=7
)
case("dropout_zero", "tf.nn.dropout(x, 0)", x=f32(3), seed=1)
case("dropout_f64", "tf.nn.dropout(x, 0.3, seed=4)", x=f64(8), seed=1)
case("dropout_tensor_rate", "tf.nn.dropout(x, tf.constant(0.5), seed=4)", x=f32(8), seed=1)
error(
    "dropout_rate_one",
    "tf.nn.dropout(x, 1.0)",
    x=f32(3),
    says=("rate must be a scalar tensor or a float in the range [0, 1), got 1",),
)
error("dropout_rate_negative", "tf.nn.dropout(x, -0.1)", x=f32(3), says=("range [0, 1)", "-0.1"))
error(
    "dropout_ints",
    "tf.nn.dropout(x, 0.5)",
    x=ints(0, 3, 3),
    says=("x has to be a floating point tensor since it's going to be scaled", "int32"),
)

error(
    "sparse_xent_out_of_range",
    sparse,
    x=f32(2, 3),
    y=val([0, 3], "int32"),
    says=(
        "Received a label value of 3 which is outside the valid range of [0, 3).",
        "Label values: 0 3",
    ),
)
error(
    "sparse_xent_ranks",
    sparse,
    x=f32(2, 3),
    y=ints(0, 3, 2, 1),
    says=(
        "Rank mismatch: Rank of labels (received 2) should equal rank of logits minus 1 (received 2).",
    ),
)
error("sparse_xent_rows", sparse, x=f32(2, 3), y=ints(0, 3, 4))
error(
    "softmax_xent_shapes",
    soft,
    x=f32(2, 3),
    y=f32(2, 4),
    says=("logits and labels must be broadcastable", "[2,3]", "[2,4]"),
)
error(
    "sigmoid_xent_shapes",
    sigmoid,
    x=f32(2, 3),
    y=f32(3),
    says=("logits and labels must have the same shape", "(2, 3)", "(3,)"),
)
error(
    "sigmoid_xent_unnamed",
    "tf.nn.sigmoid_cross_entropy_with_logits(labels=y)",
    y=f32(3),
    says=("Both labels and logits must be provided.",),
)
error(
    "bias_add_size",
    "tf.nn.bias_add(x, b)",
    x=f32(2, 3),
    b=f32(2),
    says=("Must provide as many biases as the last dimension of the input tensor", "[2]", "[2,3]"),
)
error(
    "bias_add_rank",
    "tf.nn.bias_add(x, b)",
    x=f32(2, 3),
    b=f32(1, 3),
    says=("Biases must be 1D", "[1,3]"),
)
error(
    "bias_add_format",
    'tf.nn.bias_add(x, b, data_format="NHCW")',
    x=f32(2, 3),
    b=f32(3),
    says=("data_format must be of the form `N...C` or `NC...`",),
)
error(
    "embedding_out_of_range",
    "tf.nn.embedding_lookup(x, [5])",
    x=f32(4, 3),
    says=("indices[0] = 5 is not in [0, 4)",),
)
error("relu_bool", "tf.nn.relu(x)", x=bools(3))
error("softmax_axis_range", "tf.nn.softmax(x, axis=2)", x=f32(2, 3))
