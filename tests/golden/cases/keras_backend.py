"""tf.keras.backend: every function on tensors, variables and arrays; its defaults and errors."""

from golden.table import Table, bools, f32, f64, i32, ints, positive, uniform, val, var

table = Table("keras_backend")
case, error = table.case, table.error
K = "tf.keras.backend."

# ------------------------------------------------------------------------- element by element

for name in ["abs", "cos", "exp", "round", "sign", "sin", "sqrt", "square", "log"]:
    case(name, K + name + "(x)", x=positive(3, 4), grad="x")
    case(name + "_float64", K + name + "(x)", x=positive(4, dtype="float64"))
    case(name + "_variable", K + name + "(x)", x=var(positive(3)))
for name in ["abs", "sign", "square"]:
    case(name + "_int", K + name + "(x)", x=i32(4))
case("round_halves", K + "round(x)", x=val([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]))
case("sqrt_of_negative", K + "sqrt(x)", x=val([-1.0, 4.0, "inf"]), grad="x")
error("sqrt_of_int", K + "sqrt(x)", x=val([4], "int32"))
case(
    "pow",
    "[tf.keras.backend.pow(x, 2), tf.keras.backend.pow(x, -0.5), tf.keras.backend.pow(i, 3)]",
    x=positive(4),
    i=i32(3),
)
for name in [
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "not_equal",
    "maximum",
    "minimum",
]:
    case(name, K + name + "(x, y)", x=i32(9), y=i32(9))
    case(name + "_number", K + name + "(x, 0.5)", x=f32(2, 3))
    case(name + "_broadcast", K + name + "(x, y)", x=f32(2, 3), y=f32(3))
for low, high in [
    ("-0.5", "0.5"),
    ("None", "0.5"),
    ("-0.5", "None"),
    ("None", "None"),
    ("0.5", "-0.5"),
    ("0", "1"),
]:
    case("clip_%s_%s" % (low, high), K + "clip(x, %s, %s)" % (low, high), x=f32(3, 4), grad="x")
case("clip_int", K + "clip(x, 2, 3)", x=i32(9))
case("clip_tensor", K + "clip(x, 0.0, m)", x=f32(4), m=positive(4))

# --------------------------------------------------------------------------------- reductions

for name in ["max", "mean", "min", "prod", "std", "sum", "var"]:
    for label, arguments in [
        ("", ""),
        ("_axis", ", 1"),
        ("_last", ", axis=-1"),
        ("_axes", ", [0, 2], keepdims=True"),
        ("_keep", ", 0, True"),
    ]:
        case(name + label, K + name + "(x%s)" % arguments, x=f32(2, 3, 4), grad="x")
    case(name + "_variable", K + name + "(x)", x=var(f32(3)))
    case(name + "_float64", K + name + "(x, -1)", x=f64(2, 3))
for name in ["max", "mean", "min", "prod", "sum"]:
    case(name + "_int", K + name + "(x)", x=ints(1, 5, 5))
for name in ["mean", "std", "var"]:
    case(name + "_bool", K + name + "(x, 0)", x=bools(5, 3))
for name in ["all", "any"]:
    for label, arguments in [
        ("", ""),
        ("_axis", ", 1"),
        ("_keep", ", axis=-1, keepdims=True"),
        ("_axes", ", [0, 1]"),
    ]:
        case(name + label, K + name + "(x%s)" % arguments, x=bools(3, 4))
    case(name + "_numbers", K + name + "(x, 0)", x=val([[0.0, 1.0, 2.0], [0.0, 0.0, 3.0]]))
for name in ["argmax", "argmin", "cumsum", "cumprod"]:
    case(name, K + name + "(x)", x=f32(3, 4))
    case(
        name + "_axis",
        K + name + "(x, axis=%d)" % (0 if name.startswith("arg") else 1),
        x=f32(3, 4),
    )
for name in ["cumsum", "cumprod"]:
    case(name + "_gradient", K + name + "(x, 1)", x=f32(3, 4), grad="x")

# ------------------------------------------------------------------------------------- shapes

case(
    "shape",
    "[tf.keras.backend.shape(x), tf.keras.backend.int_shape(x), tf.keras.backend.ndim(x), tf.keras.backend.dtype(x)]",
    x=f32(2, 3),
)
case(
    "shape_of_variable",
    "[tf.keras.backend.shape(x), tf.keras.backend.int_shape(x), tf.keras.backend.ndim(x), tf.keras.backend.dtype(x)]",
    x=var(ints(0, 9, 2)),
)
case("int_shape_of_array", K + "int_shape(np.ones((2, 3)))")
case(
    "shapes_of_symbols",
    "x = tf.keras.Input((3,)); [tf.keras.backend.int_shape(x), tf.keras.backend.ndim(x), tf.keras.backend.dtype(x), tf.keras.backend.is_keras_tensor(x)]",
)
case(
    "cast",
    "[tf.keras.backend.cast(x, t) for t in ['int32', 'float64', 'bool', tf.float16]]",
    x=f32(4),
)
case("cast_list", K + "cast([1, 2], 'float64')")
case(
    "cast_to_floatx",
    "[tf.keras.backend.cast_to_floatx([1, 2]), tf.keras.backend.cast_to_floatx(np.array([1.5])), tf.keras.backend.cast_to_floatx(x)]",
    x=f64(2),
)
case(
    "reshape",
    "[tf.keras.backend.reshape(x, (3, 4)), tf.keras.backend.reshape(x, (-1, 2))]",
    x=f32(2, 6),
)
case("flatten", K + "flatten(x)", x=f32(2, 3), grad="x")
case(
    "batch_flatten",
    "[tf.keras.backend.batch_flatten(x), tf.keras.backend.batch_flatten(v)]",
    x=f32(2, 3, 4),
    v=f32(3),
)
case(
    "expand_dims",
    "[tf.keras.backend.expand_dims(x), tf.keras.backend.expand_dims(x, 0), tf.keras.backend.expand_dims(x, axis=1)]",
    x=f32(2, 3),
)
case("squeeze", "[tf.keras.backend.squeeze(x, 1), tf.keras.backend.squeeze(x, -1)]", x=f32(2, 1, 1))
error(
    "squeeze_axis",
    K + "squeeze(x, 0)",
    x=f32(2, 1),
    says=("Can not squeeze dim[0], expected a dimension of 1, got 2",),
)
case("permute_dimensions", K + "permute_dimensions(x, (2, 0, 1))", x=f32(2, 3, 4), grad="x")
case("transpose", K + "transpose(x)", x=f32(2, 3, 4))
case(
    "reverse",
    "[tf.keras.backend.reverse(x, 1), tf.keras.backend.reverse(x, [0, 1]), tf.keras.backend.reverse(x, -1)]",
    x=f32(2, 3),
)
case(
    "arange",
    "[tf.keras.backend.arange(3), tf.keras.backend.arange(1, 4), tf.keras.backend.arange(1, 8, 3), tf.keras.backend.arange(-3), "
    "tf.keras.backend.arange(3, dtype='float32'), tf.keras.backend.arange(5, 1, -2), tf.keras.backend.arange(6, step=2), tf.keras.backend.arange(0, 3, dtype='int64')]",
)
case("repeat", K + "repeat(x, 3)", x=f32(2, 3), grad="x")
error("repeat_rank", K + "repeat(x, 3)", x=f32(2, 3, 4))
for axis in [0, 1, 2, -1]:
    case(
        "repeat_elements_%d" % axis,
        K + "repeat_elements(x, 3, %d)" % axis,
        x=f32(2, 3, 4),
        grad="x",
    )
case(
    "tile",
    "[tf.keras.backend.tile(x, [1, 2]), tf.keras.backend.tile(v, 3), tf.keras.backend.tile(x, (2, 1))]",
    x=f32(2, 3),
    v=f32(2),
)
error(
    "tile_int",
    K + "tile(x, 2)",
    x=f32(2, 3),
    says=("Expected multiples argument to be a vector of length 2 but got length 1",),
)
case(
    "concatenate",
    "[tf.keras.backend.concatenate([x, y]), tf.keras.backend.concatenate([x, y], 0), tf.keras.backend.concatenate([x, y], axis=-2)]",
    x=f32(2, 3),
    y=f32(2, 3),
)
case(
    "stack",
    "[tf.keras.backend.stack([x, y]), tf.keras.backend.stack([x, y], axis=-1)]",
    x=f32(2, 3),
    y=f32(2, 3),
)
case(
    "gather",
    "[tf.keras.backend.gather(x, [1, 0, 1]), tf.keras.backend.gather(x, i), tf.keras.backend.gather(v, [1])]",
    x=f32(3, 2),
    i=ints(0, 3, 2, 2),
    v=var(f32(3)),
)
case(
    "one_hot",
    "[tf.keras.backend.one_hot(i, 3), tf.keras.backend.one_hot([0, 2], num_classes=4)]",
    i=ints(0, 3, 2, 1),
)
case(
    "temporal_padding",
    "[tf.keras.backend.temporal_padding(x), tf.keras.backend.temporal_padding(x, (0, 2))]",
    x=f32(2, 2, 3),
)
case(
    "spatial_2d_padding",
    "[tf.keras.backend.spatial_2d_padding(x), tf.keras.backend.spatial_2d_padding(x, ((0, 1), (2, 0)), 'channels_first')]",
    x=f32(1, 2, 2, 2),
)
case(
    "spatial_3d_padding",
    "[tf.keras.backend.spatial_3d_padding(x), tf.keras.backend.spatial_3d_padding(x, ((0, 1), (2, 0), (1, 0)), data_format='channels_first')]",
    x=f32(1, 2, 1, 2, 2),
)
error("temporal_padding_pair", K + "temporal_padding(x, (1,))", x=f32(2, 2, 3))
error("spatial_2d_padding_pair", K + "spatial_2d_padding(x, ((1, 1), (1,)))", x=f32(1, 2, 2, 2))
error(
    "spatial_3d_padding_pair",
    K + "spatial_3d_padding(x, ((1, 1), (1, 1), (1,)))",
    x=f32(1, 2, 2, 2, 2),
)
error(
    "spatial_2d_padding_format",
    K + "spatial_2d_padding(x, data_format='x')",
    x=f32(1, 2, 2, 2),
    says=("Unknown data_format: x",),
)
case(
    "resize_images",
    "[tf.keras.backend.resize_images(x, 2, 3, 'channels_last'), tf.keras.backend.resize_images(x, 2, 3, 'channels_first'), tf.keras.backend.resize_images(x, 1, 1, 'channels_last', interpolation='nearest')]",
    x=f32(2, 3, 2, 2),
)
error(
    "resize_images_format",
    K + "resize_images(x, 2, 2, 'x')",
    x=f32(1, 2, 2, 1),
    says=("Invalid `data_format` argument: x",),
)
error(
    "resize_images_interpolation",
    K + "resize_images(x, 2, 2, 'channels_last', 'x')",
    x=f32(1, 2, 2, 1),
    says=("interpolation should be one of",),
)
case(
    "resize_volumes",
    "[tf.keras.backend.resize_volumes(x, 2, 1, 3, f) for f in ('channels_last', 'channels_first')]",
    x=f32(1, 2, 1, 2, 2),
)
error(
    "resize_volumes_format",
    K + "resize_volumes(x, 2, 2, 2, 'x')",
    x=f32(1, 2, 2, 1, 1),
    says=("Invalid data_format: x",),
)

# ----------------------------------------------------------------------------------- products

DOTS = [
    ((2, 3), (3, 4)),
    ((2, 3, 4), (4, 5)),
    ((2, 3, 4), (5, 4, 6)),
    ((2, 3), (5, 3, 4)),
    ((2, 2, 2, 3), (3, 1)),
]
for x, y in DOTS:
    case("dot_%s_%s" % (x, y), K + "dot(x, y)", x=f32(*x), y=f32(*y), grad="x,y")
for x, y in [((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,))]:
    error("dot_%s_%s" % (x, y), K + "dot(x, y)", x=f32(*x), y=f32(*y), says=("is not a matrix",))
error("dot_sizes", K + "dot(x, y)", x=f32(2, 3), y=f32(4, 3), says=("ncompatible",))
error("dot_vector", K + "dot(x, y)", x=f32(2, 3, 4), y=f32(4))
BATCHES = [
    ((4, 3), (4, 3), "1"), ((4, 3), (4, 3), "None"), ((4, 2, 3), (4, 3, 5), "None"), ((4, 2, 3), (4, 3, 5), "(2, 1)"),
    ((4, 2, 3), (4, 5, 3), "2"), ((4, 2, 3), (4, 5, 3), "(2, 2)"), ((4, 3), (4, 2, 3), "(1, 2)"), ((4, 3), (4, 3, 2), "None"),
    ((4, 2, 3), (4, 3), "None"), ((4, 2, 3), (4, 3), "(2, 1)"), ((4, 2, 5, 3), (4, 3, 6), "(3, 1)"), ((4, 2, 5, 3), (4, 3, 6), "None"),
    ((4, 2, 5, 3), (4, 2, 3, 6), "None"), ((4, 2, 3), (4, 2, 6, 5), "(1, 1)"), ((4, 2, 3), (4, 6, 2, 5), "(1, 2)"),
    ((4, 2, 3), (4, 3, 5), "(-1, 1)"), ((4, 2, 3), (4, 3, 5), "[2, 1]"), ((4, 2, 3, 4), (4, 2, 3, 4), "(3, 3)"), ((1, 2, 3), (1, 3, 5), "None"),
]  # fmt: skip
for x, y, axes in BATCHES:
    case(
        "batch_dot_%s_%s_%s" % (x, y, axes),
        K + "batch_dot(x, y, axes=%s)" % axes,
        x=f32(*x),
        y=f32(*y),
        grad="x,y",
    )
for x, y, axes, words in [
    ((4, 2, 3), (5, 3, 5), "None", "different batch sizes. Received inputs with shapes (4, 2, 3) and (5, 3, 5)."), ((4,), (4,), "None", "rank < 2"),
    ((4, 3), (4, 3), "0", "over axis 0"), ((4, 2, 3), (4, 3, 5), "(2, 2)", "with axes=[2, 2]. x.shape[2] != y.shape[2] (3 != 5)."),
    ((4, 2, 3), (4, 3, 5), "((1, 2), (1, 2))", "Multiple target dimensions are not supported."), ((4, 2, 3), (1, 3, 5), "None", "different batch sizes"),
    ((4, 2, 3), (4, 3, 5), "5", "out of range"), ((4, 2, 3), (4, 3, 5), "(1, 2, 3)", "too many values to unpack"),
]:  # fmt: skip
    error(
        "batch_dot_%s_%s_%s" % (x, y, axes),
        K + "batch_dot(x, y, axes=%s)" % axes,
        x=f32(*x),
        y=f32(*y),
        says=(words,),
    )

# ---------------------------------------------------------------------------------- variables

case("variable", "v = tf.keras.backend.variable([1, 2]); [v, v.name, v.trainable]")
case(
    "variable_options",
    "v = tf.keras.backend.variable(np.array([1, 2]), dtype='int64', name='q'); [v, v.name]",
)
case(
    "variable_constraint",
    "v = tf.keras.backend.variable([1.0], constraint=tf.keras.constraints.NonNeg()); v.constraint(tf.constant([-1.0]))",
)
case(
    "constant",
    "[tf.keras.backend.constant([1, 2]), tf.keras.backend.constant(3, shape=(2, 2), dtype='int32'), tf.keras.backend.constant(2.5, 'float64')]",
)
for name in ["zeros", "ones"]:
    case(
        name,
        "v = tf.keras.backend.%s((2, 3)); [v, v.name, tf.keras.backend.%s((2,), 'int32', 'nm').name, tf.keras.backend.%s((0,)), tf.keras.backend.%s(())]"
        % (name, name, name, name),
    )
    case(
        name + "_like",
        "[tf.keras.backend.%s_like(x), tf.keras.backend.%s_like(x, dtype='int32'), tf.keras.backend.%s_like(v), tf.keras.backend.%s_like(np.ones(2))]"
        % (name, name, name, name),
        x=f32(2, 3),
        v=var(f32(2)),
    )
case(
    "eye", "v = tf.keras.backend.eye(2); [v, v.name, tf.keras.backend.eye(3, 'float64', 'nm').name]"
)
case(
    "get_value",
    "[tf.keras.backend.get_value(v), tf.keras.backend.get_value(x), tf.keras.backend.get_value(3), tf.keras.backend.eval(v), tf.keras.backend.batch_get_value([v, x])]",
    v=var(f32(2)),
    x=f32(3),
)
case(
    "set_value",
    "tf.keras.backend.set_value(v, [3, 4]); a = v.numpy(); tf.keras.backend.batch_set_value([(v, [5, 6])]); result = [a, v]",
    v=var(f32(2)),
)
error(
    "set_value_shape",
    K + "set_value(v, [1.0])",
    v=var(f32(2)),
    says=("Shapes (2,) and (1,) are incompatible",),
)
case("count_params", "int(tf.keras.backend.count_params(v))", v=var(f32(2, 3)))
case(
    "updates",
    "[f(v, [1.0, 2.0]).numpy() for f in (tf.keras.backend.update, tf.keras.backend.update_add, tf.keras.backend.update_sub)] + [v]",
    v=var(f32(2)),
)
case(
    "moving_average_update",
    "tf.keras.backend.moving_average_update(v, [3.0, 4.0], 0.9); result = v",
    v=var(f32(2)),
)
case(
    "stop_gradient",
    "[tf.keras.backend.stop_gradient(x), list(tf.keras.backend.stop_gradient([x, v]))]",
    x=f32(2),
    v=var(f32(2)),
)
case("stop_gradient_stops", K + "stop_gradient(x) * x", x=f32(3), grad="x")
case(
    "print_tensor",
    "y = tf.keras.backend.print_tensor(x, 'hey'); y",
    x=val([[0.0, 1.0], [2.5, 3.0]]),
    prints=True,
)
case(
    "is_keras_tensor",
    "[tf.keras.backend.is_keras_tensor(x), tf.keras.backend.is_keras_tensor(v), tf.keras.backend.is_keras_tensor(tf.keras.Input((2,)))]",
    x=f32(2),
    v=var(f32(2)),
)
error(
    "is_keras_tensor_of_array",
    K + "is_keras_tensor(np.ones(2))",
    says=(
        "Unexpectedly found an instance of type `<class 'numpy.ndarray'>`. Expected a symbolic tensor instance.",
    ),
)
case("is_sparse", "[tf.keras.backend.is_sparse(x), tf.keras.backend.to_dense(x)]", x=f32(2))
case(
    "placeholder",
    "p = tf.keras.backend.placeholder((None, 3)); q = tf.keras.backend.placeholder(ndim=2, dtype='int32', name='zz'); [p.shape, p.dtype, q.shape, q.dtype, q.name]",
)
error(
    "gradients",
    K + "gradients(x, [x])",
    x=f32(2),
    says=(
        "tf.gradients is not supported when eager execution is enabled. Use tf.GradientTape instead.",
    ),
)

# ------------------------------------------------------------------------------- neural networks

for name in [
    "relu",
    "elu",
    "sigmoid",
    "hard_sigmoid",
    "tanh",
    "softplus",
    "softsign",
    "softmax",
    "l2_normalize",
]:
    case(name, K + name + "(x)", x=f32(3, 4), grad="x")
case(
    "relu_options",
    "[tf.keras.backend.relu(x, alpha=0.1), tf.keras.backend.relu(x, max_value=0.5), tf.keras.backend.relu(x, threshold=0.3), tf.keras.backend.relu(x, 0.1, 0.8, 0.2)]",
    x=f32(3, 4),
)
case("elu_alpha", K + "elu(x, 2.0)", x=f32(3, 4), grad="x")
case("softmax_axis", K + "softmax(x, axis=0)", x=f32(3, 4), grad="x")
case("l2_normalize_axis", K + "l2_normalize(x, 1)", x=f32(3, 4), grad="x")
case("in_top_k", K + "in_top_k(p, t, 2)", p=f32(4, 5), t=ints(0, 5, 4))
case(
    "bias_add",
    "[tf.keras.backend.bias_add(x, b), tf.keras.backend.bias_add(x, m), tf.keras.backend.bias_add(x, c, data_format='channels_first')]",
    x=f32(2, 3, 4),
    b=f32(4),
    m=f32(3, 4),
    c=f32(3),
)
case(
    "bias_add_image",
    "[tf.keras.backend.bias_add(x, b), tf.keras.backend.bias_add(x, m), tf.keras.backend.bias_add(x, c, 'channels_first'), tf.keras.backend.bias_add(x, f, 'channels_first')]",
    x=f32(2, 3, 4, 5),
    b=f32(5),
    m=f32(3, 4, 5),
    c=f32(3),
    f=f32(4, 5, 3),
)
case(
    "bias_add_matrix",
    "[tf.keras.backend.bias_add(x, b), tf.keras.backend.bias_add(x, b, 'channels_first')]",
    x=f32(2, 3),
    b=f32(3),
)
case("bias_add_gradient", K + "bias_add(x, b)", x=f32(2, 3, 4), b=f32(4), grad="x,b")
error(
    "bias_add_rank",
    K + "bias_add(x, b)",
    x=f32(1, 2, 3),
    b=f32(1, 2, 3),
    says=("Unexpected bias dimensions 3, expect to be 1 or 3 dimensions",),
)
error(
    "bias_add_format",
    K + "bias_add(x, b, 'x')",
    x=f32(1, 2, 3),
    b=f32(3),
    says=("Unknown data_format: x",),
)
for label, shape, axes in [
    ("matrix", (4, 3), [0]),
    ("sequence", (4, 2, 3), [0, 1]),
    ("image", (2, 3, 2, 4), [0, 1, 2]),
]:
    case("normalize_batch_" + label, K + "normalize_batch_in_training(x, g, b, axes)", x=f32(*shape), g=positive(shape[-1]), b=f32(shape[-1]), axes=axes,
         rtol=2e-5, why="a variance of few numbers, computed in another order")  # fmt: skip
    case(
        "batch_normalization_" + label,
        K + "batch_normalization(x, m, v, b, g)",
        x=f32(*shape),
        m=f32(shape[-1]),
        v=positive(shape[-1]),
        g=positive(shape[-1]),
        b=f32(shape[-1]),
    )
case(
    "normalize_batch_other_axes",
    K + "normalize_batch_in_training(x, g, b, [0, 2])",
    x=f32(2, 3, 4),
    g=positive(3),
    b=f32(3),
    rtol=2e-5,
    why="a variance of few numbers",
)
case(
    "normalize_batch_none",
    K + "normalize_batch_in_training(x, None, None, [0])",
    x=f32(4, 3),
    rtol=2e-5,
    why="a variance of few numbers",
)
case(
    "normalize_batch_epsilon",
    K + "normalize_batch_in_training(x, None, None, [0], epsilon=0.5)",
    x=f32(4, 3),
)
case(
    "batch_normalization_none",
    K + "batch_normalization(x, m, v, None, None, epsilon=0.1)",
    x=f32(4, 3),
    m=f32(3),
    v=positive(3),
)
for label, arguments in [("", ""), ("_logits", ", from_logits=True")]:
    case(
        "binary_crossentropy" + label,
        K + "binary_crossentropy(t, o%s)" % arguments,
        t=uniform(0.0, 1.0, 3, 4),
        o=uniform(0.05, 0.95, 3, 4),
        grad="o",
    )
    for axis in ["", ", axis=0", ", axis=1"]:
        case(
            "categorical_crossentropy" + label + axis,
            K + "categorical_crossentropy(t, o%s%s)" % (arguments, axis),
            t=uniform(0.0, 1.0, 3, 4),
            o=uniform(0.05, 0.95, 3, 4),
            grad="o",
        )
    case(
        "sparse_categorical_crossentropy" + label,
        K + "sparse_categorical_crossentropy(t, o%s)" % arguments,
        t=ints(0, 4, 3),
        o=uniform(0.05, 0.95, 3, 4),
        grad="o",
    )
    case(
        "sparse_categorical_crossentropy_axis" + label,
        K + "sparse_categorical_crossentropy(t, o%s, axis=1)" % arguments,
        t=ints(0, 4, 2, 3),
        o=uniform(0.05, 0.95, 2, 4, 3),
        grad="o",
    )
case(
    "binary_crossentropy_bounds",
    K + "binary_crossentropy(t, o)",
    t=val([[0.0, 1.0, 0.0, 1.0]]),
    o=val([[0.0, 0.0, 1.0, 1.0]]),
)
for data_format in ["channels_last", "channels_first"]:
    last = data_format == "channels_last"
    case(
        "local_conv1d_" + data_format,
        K + "local_conv1d(x, k, (2,), (2,), %r)" % data_format,
        x=f32(*((2, 6, 3) if last else (2, 3, 6))),
        k=f32(3, 6, 4),
        grad="x,k",
    )
    case(
        "local_conv2d_" + data_format,
        K + "local_conv2d(x, k, (2, 3), (1, 2), (3, 2), %r)" % data_format,
        x=f32(*((2, 4, 5, 2) if last else (2, 2, 4, 5))),
        k=f32(6, 12, 3),
        grad="x,k",
    )

# ---------------------------------------------------------------------------------- randomness

for name, arguments in [
    ("random_normal", "(5,)"), ("random_normal", "(2, 3), 1.0, 2.0, 'float64'"), ("random_uniform", "(5,)"), ("random_uniform", "(5,), -1.0, 1.0"),
    ("random_binomial", "(9,), 0.4"), ("random_binomial", "(9,), 0.4, 'float64'"), ("truncated_normal", "(5,)"), ("truncated_normal", "(5,), 1.0, 0.5"),
    ("dropout", "tf.ones((9,)), 0.5"), ("dropout", "tf.ones((3, 4)), 0.3, noise_shape=(3, 1)"),
    ("random_normal_variable", "(3,), 0.0, 1.0"), ("random_uniform_variable", "(3,), 0.0, 2.0"),
]:  # fmt: skip
    case(
        "%s(%s)" % (name, arguments),
        "np.random.seed(3); [tf.keras.backend.%s(%s), tf.keras.backend.%s(%s)]"
        % (name, arguments, name, arguments),
        seed=3,
    )
    case("%s(%s)_seed" % (name, arguments), K + "%s(%s, seed=7)" % (name, arguments), seed=3)
case(
    "random_variable_names",
    "[tf.keras.backend.random_normal_variable((1,), 0.0, 1.0, 'float64', 'n').name, tf.keras.backend.random_uniform_variable((1,), 0.0, 1.0, name='u').name]",
)

# -------------------------------------------------------------------------------------- choices

SWITCH = K + "switch(%s, %s, %s)"
for label, condition, then, other in [
    ("tensors", "tf.constant(True)", "x", "2 * x"), ("functions", "tf.constant(False)", "lambda: x", "lambda: 2 * x"), ("mixed", "tf.constant(0)", "x", "lambda: 2 * x"),
    ("elements", "x > 0", "x", "-x"), ("number", "tf.constant(2.0)", "x", "-x"), ("element_functions", "x > 0", "lambda: x", "lambda: -x"),
]:  # fmt: skip
    case("switch_" + label, SWITCH % (condition, then, other), x=f32(2, 3))
error(
    "switch_rank",
    SWITCH % ("x > 0", "x[0]", "x[0]"),
    x=f32(2, 3),
    says=(
        "Rank of `condition` should be less than or equal to rank of",
        "ndim(condition)=2, ndim(then_expression)=1",
    ),
)
error(
    "switch_shape",
    SWITCH % ("tf.constant([True, False])", "x", "x"),
    x=f32(2, 3),
    says=("must be broadcastable",),
)
for training in [
    "",
    ", training=1",
    ", training=True",
    ", training=0",
    ", False",
    ", tf.constant(True)",
]:
    case(
        "in_train_phase" + training,
        "[tf.keras.backend.in_train_phase(x, 2 * x%s), tf.keras.backend.in_train_phase(lambda: x, lambda: 2 * x%s), tf.keras.backend.in_test_phase(x, 2 * x%s)]"
        % (training, training, training),
        x=f32(2),
    )
case(
    "learning_phase",
    """
K = tf.keras.backend
seen = [K.learning_phase()]
with K.learning_phase_scope(1):
    seen += [K.learning_phase(), K.in_train_phase(1, 2)]
seen.append(K.learning_phase())
K.set_learning_phase(1)
seen.append(K.learning_phase())
K.clear_session()
seen.append(K.learning_phase())
K.set_learning_phase(0)
result = seen
""",
)
error(
    "learning_phase_value",
    K + "set_learning_phase(2)",
    says=("Expected learning phase to be 0 or 1.",),
)
error(
    "learning_phase_scope_value",
    "with tf.keras.backend.learning_phase_scope(2):\n  pass",
    says=("Expected learning phase to be 0 or 1.",),
)
case(
    "map_fn",
    "[tf.keras.backend.map_fn(lambda r: r * 2, x), tf.keras.backend.map_fn(lambda r: r > 0, x, dtype='bool')]",
    x=f32(3, 2),
)
case(
    "folds",
    "[tf.keras.backend.foldl(lambda r, s: r - s, x), tf.keras.backend.foldr(lambda r, s: r - s, x), tf.keras.backend.foldl(lambda r, s: r - s, x, initializer=tf.ones(2))]",
    x=f32(3, 2),
)

# --------------------------------------------------------------------------- symbolic functions

FUNCTION = (
    "x = tf.keras.Input((3,)); y = x * 2.0; a = np.arange(6.0).reshape(2, 3).astype('float32')\n"
)
for label, code in [
    ("lists", "tf.keras.backend.function([x], [y])([a])"), ("tensors", "tf.keras.backend.function(x, y)(a)"), ("list_to_tensor", "tf.keras.backend.function([x], y)([a])"),
    ("two_outputs", "tf.keras.backend.function([x], [y, x])([a])"), ("no_list", "tf.keras.backend.function([x], [y])(a)"), ("float64", "tf.keras.backend.function([x], [y])([a.astype('float64')])"),
    ("dicts", "tf.keras.backend.function({'a': x}, {'b': y})({'a': a})"),
]:  # fmt: skip
    case("function_" + label, FUNCTION + code)
case(
    "function_two_inputs",
    "x = tf.keras.Input((2,)); z = tf.keras.Input((2,)); tf.keras.backend.function([x, z], [x + z, x * z])([np.ones((1, 2), 'float32'), 3 * np.ones((1, 2), 'float32')])",
)
case(
    "function_of_layers",
    "m = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=(3,), kernel_initializer='ones'), tf.keras.layers.Activation('tanh')])\n"
    "f = tf.keras.backend.function([m.input], [layer.output for layer in m.layers]); f([np.ones((1, 3), 'float32')])",
)
error(
    "function_keywords",
    FUNCTION + "tf.keras.backend.function([x], [y], foo=1)",
    says=(
        "Session keyword arguments are not support during eager execution. You passed: {'foo': 1}",
    ),
)

# ---------------------------------------------------------------------------------- the session

case(
    "settings",
    "[tf.keras.backend.backend(), tf.keras.backend.epsilon(), tf.keras.backend.floatx(), tf.keras.backend.image_data_format()]",
)
case(
    "uids",
    "tf.keras.backend.reset_uids(); a = [tf.keras.backend.get_uid('zz'), tf.keras.backend.get_uid('zz'), tf.keras.backend.get_uid('q')]; tf.keras.backend.reset_uids(); result = [a, tf.keras.backend.get_uid('zz')]",
)
case(
    "clear_session",
    "tf.keras.backend.clear_session(); a = tf.keras.layers.Dense(1).name; tf.keras.layers.Dense(1); tf.keras.backend.clear_session(); result = [a, tf.keras.layers.Dense(1).name]",
)
case("manual_variable_initialization", K + "manual_variable_initialization(True)")
case(
    "name_scope",
    "with tf.keras.backend.name_scope('outer'):\n  v = tf.Variable(1.0, name='v')\nresult = v.name",
)
