"""tf.keras.losses: functions, classes, reductions, weights, names."""

from golden.table import Table, bools, empty, f16, f32, f64, ints, positive, uniform, val

table = Table("keras_losses")
case, error = table.case, table.error

# --------------------------------------------------------------------------------- regression

for name in ["mse", "mae", "mape", "msle", "logcosh"]:
    loss = "tf.keras.losses." + name
    case(name, loss + "(y, p)", y=f32(3, 4), p=f32(3, 4), grad="y,p")
    case(name + "_positive", loss + "(y, p)", y=positive(3, 4), p=positive(3, 4), grad="y,p")
    if name != "logcosh":
        case(name + "_float64", loss + "(y, p)", y=f32(2, 3), p=f64(2, 3), grad="p")
        case(name + "_float16", loss + "(y, p)", y=f32(2, 3), p=f16(2, 3))
    case(
        name + "_rank_1_and_3",
        "[{0}(y, p), {0}(p3, p3 / 2)]".format(loss),
        y=f32(3),
        p=f32(3),
        p3=f32(2, 2, 3),
    )
    case(name + "_broadcast", loss + "(y, p)", y=f32(3, 1), p=f32(3, 4), grad="y,p")
    case(name + "_list", loss + "([1, 2, 0], [3.0, 2.5, 1.0])")
    case(
        name + "_special",
        loss + "(y, p)",
        y=val([[0.0, 1.0], ["nan", 1.0], ["inf", 1.0]]),
        p=val([[0.0, -1.0], [1.0, 1.0], [2.0, 3.0]]),
    )
    case(name + "_empty", loss + "(y, p)", y=empty(0, 3), p=empty(0, 3))
    error(
        name + "_shapes",
        loss + "(y, p)",
        y=f32(3, 2),
        p=f32(3, 4),
        says=("Incompatible shapes", "[3,2]", "[3,4]"),
    )
    error(name + "_scalar", loss + "(1.0, 2.0)")
    error(name + "_one_argument", loss + "([1.0])", says=("y_pred",))
    error(name + "_none", loss + "(None, [1.0])", says=("None",))
case("logcosh_casts_labels", "tf.keras.losses.logcosh(y, p)", y=f64(2, 3), p=f32(2, 3), grad="p")
case("logcosh_large", "tf.keras.losses.logcosh([[100.0]], [[-100.0]])")
case(
    "mse_and_mae_of_ints",
    "[tf.keras.losses.mse([1, 2], [3, 5]), tf.keras.losses.mae([1, 2], [3, 5])]",
)
case("mse_of_equal", "tf.keras.losses.mse(y, y)", y=f32(2, 3), grad="y")
case("mae_ties", "tf.keras.losses.mae(y, p)", y=val([[1.0, 2.0]]), p=val([[1.0, 3.0]]), grad="y,p")
error("mape_of_ints", "tf.keras.losses.mape([1, 2], [3, 5])", says=("int32",))
error(
    "mse_of_text",
    "tf.keras.losses.mse(['a'], [1.0])",
    says=("Cast string to float is not supported",),
)

case("huber", "tf.keras.losses.Huber(reduction='none')(y, p)", y=f32(3, 4), p=f32(3, 4), grad="y,p")
case("huber_mean", "tf.keras.losses.Huber()(y, p)", y=f32(3, 4), p=f32(3, 4), grad="p")
case(
    "huber_delta",
    "tf.keras.losses.Huber(delta=0.3, reduction='sum')(y, p)",
    y=f32(3, 4),
    p=f32(3, 4),
    grad="y,p",
)
case(
    "huber_at_delta",
    "tf.keras.losses.Huber(1.0, 'none')(y, p)",
    y=val([[0.0, 0.0, 0.0]]),
    p=val([[1.0, -1.0, 0.0]]),
    grad="y,p",
)
case("huber_of_ints", "tf.keras.losses.Huber(reduction='none')([1, 2], [3, 5])")
case("huber_casts_to_floatx", "tf.keras.losses.get('huber_loss')(y, p)", y=f64(2, 2), p=f64(2, 2))

for axis in ["", ", axis=0", ", axis=1", ", axis=-2"]:
    case(
        "cosine" + axis,
        "tf.keras.losses.cosine_similarity(y, p%s)" % axis,
        y=f32(3, 4),
        p=f32(3, 4),
        grad="y,p",
    )
case(
    "cosine_class",
    "tf.keras.losses.CosineSimilarity(axis=0, reduction='none')(y, p)",
    y=f32(3, 4),
    p=f32(3, 4),
    grad="p",
)
case(
    "cosine_of_zeros",
    "tf.keras.losses.cosine_similarity(y, p)",
    y=val([[0.0, 0.0], [1.0, 0.0]]),
    p=val([[1.0, 2.0], [0.0, 0.0]]),
    grad="y,p",
)
error(
    "cosine_types",
    "tf.keras.losses.cosine_similarity(y, p)",
    y=f64(2, 2),
    p=f32(2, 2),
    says=("double", "float"),
)
error(
    "cosine_shapes",
    "tf.keras.losses.cosine_similarity(y, p)",
    y=f32(2, 2),
    p=f32(2, 3),
    says=("Incompatible shapes: [2,2] vs. [2,3]",),
)

# -------------------------------------------------------------------------------------- margins

for name in ["hinge", "squared_hinge", "categorical_hinge"]:
    loss = "tf.keras.losses." + name
    case(
        name + "_01",
        loss + "(y, p)",
        y=val([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
        p=f32(2, 3),
        grad="p",
    )
    case(
        name + "_signs",
        loss + "(y, p)",
        y=val([[-1.0, 1.0, -1.0], [1.0, -1.0, 1.0]]),
        p=f32(2, 3),
        grad="y,p",
    )
    case(name + "_numbers", loss + "(y, p)", y=f32(2, 3), p=f32(2, 3), grad="y,p")
    case(
        name + "_ties",
        loss + "(y, p)",
        y=val([[0.0, 1.0], [1.0, 0.0]]),
        p=val([[-1.0, 1.0], [1.0, 0.0]]),
        grad="p",
    )
    case(name + "_bools", loss + "(y, p)", y=bools(3, 4), p=f32(3, 4))
    case(name + "_ints", loss + "(y, p)", y=ints(0, 2, 3, 4), p=f64(3, 4))
    error(
        name + "_shapes", loss + "(y, p)", y=f32(3, 2), p=f32(3, 4), says=("Incompatible shapes",)
    )
error("hinge_of_int_scores", "tf.keras.losses.hinge([[1, -1]], [[3, 4]])", says=("int32",))

# -------------------------------------------------------------------------------- distributions

for name in ["kld", "poisson"]:
    loss = "tf.keras.losses." + name
    case(name, loss + "(y, p)", y=uniform(0.0, 1.0, 3, 4), p=uniform(0.05, 1.0, 3, 4), grad="y,p")
    case(
        name + "_bounds",
        loss + "(y, p)",
        y=val([[0.0, 1.0, 2.0, 0.0]]),
        p=val([[1.0, 0.0, 0.5, 0.0]]),
        grad="p",
    )
    case(
        name + "_float64",
        loss + "(y, p)",
        y=uniform(0.0, 1.0, 3, 4),
        p=uniform(0.05, 1.0, 3, 4, dtype="float64"),
        grad="p",
    )
    error(
        name + "_shapes",
        loss + "(y, p)",
        y=positive(3, 2),
        p=positive(3, 4),
        says=("Incompatible shapes",),
    )
    error(name + "_of_ints", loss + "([[0, 1]], [[1, 0]])", says=("int32",))
case("poisson_of_negative", "tf.keras.losses.poisson([[1.0]], [[-1.0]])")

# ------------------------------------------------------------------------------ binary crossentropy

BCE = "tf.keras.losses.binary_crossentropy(y, p%s)"
for label, arguments in [
    ("", ""),
    ("_logits", ", from_logits=True"),
    ("_smooth", ", label_smoothing=0.1"),
    ("_smooth_logits", ", True, 0.3"),
]:
    case(
        "bce" + label,
        BCE % arguments,
        y=uniform(0.0, 1.0, 3, 4),
        p=uniform(0.05, 0.95, 3, 4),
        grad="y,p",
    )
    case(
        "bce_int_labels" + label,
        BCE % arguments,
        y=ints(0, 2, 3, 1),
        p=uniform(0.05, 0.95, 3, 1),
        grad="p",
    )
    case(
        "bce_bounds" + label,
        BCE % arguments,
        y=val([[0.0], [1.0], [0.0], [1.0]]),
        p=val([[0.0], [0.0], [1.0], [1.0]]),
        grad="p",
    )
    case(
        "bce_list" + label,
        "tf.keras.losses.binary_crossentropy([0, 1, 1], [0.1, 0.7, 0.4]%s)" % arguments,
    )
case(
    "bce_float64",
    BCE % "",
    y=uniform(0.0, 1.0, 3, 4),
    p=uniform(0.05, 0.95, 3, 4, dtype="float64"),
    grad="p",
)
case("bce_float16", BCE % "", y=val([[1.0, 0.0]]), p=val([[0.2, 1.0]], "float16"))
case("bce_outside", BCE % "", y=val([[1.0], [0.0]]), p=val([[2.0], [-1.0]]), grad="p")
case("bce_nan", BCE % "", y=val([[1.0], ["nan"]]), p=val([["nan"], [0.5]]))
case("bce_broadcast", BCE % "", y=val([[0.0], [1.0]]), p=uniform(0.1, 0.9, 1, 3))
case(
    "bce_smoothing_is_a_tensor",
    "tf.keras.losses.binary_crossentropy(y, p, label_smoothing=tf.constant(0.2))",
    y=ints(0, 2, 3, 1),
    p=uniform(0.05, 0.95, 3, 1),
)
error(
    "bce_shapes", BCE % "", y=f32(1, 2), p=f32(1, 3), says=("Incompatible shapes: [1,2] vs. [1,3]",)
)
error(
    "bce_logits_shapes",
    BCE % ", True",
    y=f32(1, 2),
    p=f32(1, 3),
    says=("logits and labels must have the same shape ((1, 3) vs (1, 2))",),
)
error(
    "bce_int_probabilities", "tf.keras.losses.binary_crossentropy([0, 1], [0, 1])", says=("int32",)
)

# ------------------------------------------------------------------------- categorical crossentropy

CCE = "tf.keras.losses.categorical_crossentropy(y, p%s)"
for label, arguments in [
    ("", ""),
    ("_logits", ", from_logits=True"),
    ("_smooth", ", label_smoothing=0.1"),
    ("_smooth_logits", ", True, 0.3"),
]:
    case(
        "cce" + label,
        CCE % arguments,
        y=uniform(0.0, 1.0, 3, 4),
        p=uniform(0.05, 0.95, 3, 4),
        grad="p",
    )
    case(
        "cce_one_hot" + label,
        CCE % arguments,
        y=val([[0, 1, 0], [1, 0, 0]], "int32"),
        p=uniform(0.05, 0.95, 2, 3),
        grad="p",
    )
    case(
        "cce_images" + label,
        CCE % arguments,
        y=uniform(0.0, 1.0, 2, 3, 4),
        p=uniform(0.05, 0.95, 2, 3, 4),
        grad="p",
    )
    case(
        "cce_bounds" + label,
        CCE % arguments,
        y=val([[0.0, 1.0], [1.0, 0.0]]),
        p=val([[1.0, 0.0], [1.0, 0.0]]),
        grad="p",
    )
case(
    "cce_gradient_of_labels",
    CCE % "",
    y=uniform(0.0, 1.0, 3, 4),
    p=uniform(0.05, 0.95, 3, 4),
    grad="y",
)
case("cce_notes", "tf.losses.categorical_crossentropy([1, 0], [0.6, 0.4])", text=True)
case("cce_rank_1", CCE % "", y=val([0.0, 1.0, 0.0]), p=uniform(0.1, 0.9, 3), grad="p")
case("cce_not_normalized", CCE % "", y=val([[0.0, 1.0, 0.0]]), p=positive(1, 3), grad="p")
case("cce_zeros", CCE % "", y=val([[1.0, 0.0]]), p=val([[0.0, 0.0]]))
case("cce_float64", CCE % "", y=val([[0.0, 1.0, 0.0]]), p=positive(1, 3, dtype="float64"), grad="p")
case(
    "cce_float16",
    CCE % "",
    y=val([[0.0, 1.0]]),
    p=val([[0.2, 0.7]], "float16"),
    rtol=4e-3,
    why="where XLA fuses, fewer roundings to float16",
)
case(
    "cce_broadcast",
    "[tf.keras.losses.categorical_crossentropy([1.0, 0], [[0.6, 0.4]]), tf.keras.losses.categorical_crossentropy([[1.0, 0]], [[0.6, 0.4], [0.2, 0.8]])]",
)
case(
    "cce_smoothing_is_a_tensor",
    "tf.keras.losses.categorical_crossentropy(y, p, label_smoothing=tf.constant(0.2))",
    y=val([[0.0, 1.0, 0.0]]),
    p=positive(1, 3),
)
error(
    "cce_shapes", CCE % "", y=f32(1, 2), p=f32(1, 3), says=("Incompatible shapes: [1,2] vs. [1,3]",)
)
error(
    "cce_logits_shapes",
    CCE % ", True",
    y=f32(1, 2),
    p=f32(1, 3),
    says=("logits and labels must be broadcastable", "[1,3]", "[1,2]"),
)
error(
    "cce_smoothing_rank_1",
    CCE % ", False, 0.1",
    y=f32(2),
    p=positive(2),
    says=("slice index 1 of dimension 0 out of bounds",),
)
error(
    "cce_int_probabilities",
    "tf.keras.losses.categorical_crossentropy([1, 0], [1, 0])",
    says=("int32",),
)

# ------------------------------------------------------------------ sparse categorical crossentropy

SCCE = "tf.keras.losses.sparse_categorical_crossentropy(y, p%s)"
for label, arguments in [("", ""), ("_logits", ", from_logits=True")]:
    case("scce" + label, SCCE % arguments, y=ints(0, 4, 3), p=uniform(0.05, 0.95, 3, 4), grad="p")
    case(
        "scce_column" + label,
        SCCE % arguments,
        y=ints(0, 4, 3, 1),
        p=uniform(0.05, 0.95, 3, 4),
        grad="p",
    )
    case(
        "scce_float_labels" + label,
        SCCE % arguments,
        y=val([1.0, 0.0, 2.9]),
        p=uniform(0.05, 0.95, 3, 4),
        grad="p",
    )
    case(
        "scce_images" + label,
        SCCE % arguments,
        y=ints(0, 4, 2, 3),
        p=uniform(0.05, 0.95, 2, 3, 4),
        grad="p",
    )
    case(
        "scce_images_column" + label,
        SCCE % arguments,
        y=ints(0, 4, 2, 3, 1),
        p=uniform(0.05, 0.95, 2, 3, 4),
        grad="p",
    )
    case(
        "scce_axis_1" + label,
        SCCE % (arguments + ", axis=1"),
        y=ints(0, 3, 2, 4),
        p=uniform(0.05, 0.95, 2, 3, 4),
        grad="p",
    )
    case(
        "scce_axis_0" + label,
        SCCE % (arguments + ", axis=0"),
        y=ints(0, 3, 4),
        p=uniform(0.05, 0.95, 3, 4),
        grad="p",
    )
    case(
        "scce_axis_-2" + label,
        SCCE % (arguments + ", axis=-2"),
        y=ints(0, 3, 2, 4),
        p=uniform(0.05, 0.95, 2, 3, 4),
    )
    case(
        "scce_rank_1" + label,
        "[%s, %s]" % (SCCE % arguments, SCCE.replace("y,", "2,") % arguments),
        y=ints(0, 4, 1),
        p=uniform(0.05, 0.95, 4),
    )
    case(
        "scce_bounds" + label,
        SCCE % arguments,
        y=val([0, 1], "int64"),
        p=val([[0.0, 1.0], [0.0, 1.0]]),
        grad="p",
    )
    case(
        "scce_uint8" + label,
        SCCE % arguments,
        y=ints(0, 4, 3, dtype="uint8"),
        p=uniform(0.05, 0.95, 3, 4),
    )
    error(
        "scce_label_large" + label,
        SCCE % arguments,
        y=val([2, 0], "int32"),
        p=uniform(0.1, 0.9, 2, 2),
        says=(
            "Received a label value of 2 which is outside the valid range of [0, 2)",
            "Label values: 2 0",
        ),
    )
    error(
        "scce_label_negative" + label,
        SCCE % arguments,
        y=val([0, -1], "int32"),
        p=uniform(0.1, 0.9, 2, 2),
        says=("Received a label value of -1",),
    )
    error(
        "scce_count" + label,
        SCCE % arguments,
        y=val([0, 1, 0], "int32"),
        p=uniform(0.1, 0.9, 2, 2),
        says=("Shape mismatch", "(received (3,))", "(received (2, 2))"),
    )
    error(
        "scce_one_hot" + label,
        SCCE % arguments,
        y=val([[0, 1], [1, 0]], "int32"),
        p=uniform(0.1, 0.9, 2, 2),
        says=("Shape mismatch",),
    )
case("scce_not_normalized", SCCE % "", y=val([1, 0], "int32"), p=positive(2, 3), grad="p")
case(
    "scce_float64",
    SCCE % "",
    y=val([1, 0], "int32"),
    p=uniform(0.1, 0.9, 2, 3, dtype="float64"),
    grad="p",
)
case("scce_float16", SCCE % "", y=val([1], "int32"), p=val([[0.1, 0.9]], "float16"))
error(
    "scce_int_probabilities",
    SCCE % "",
    y=val([1], "int32"),
    p=val([[0, 1]], "int32"),
    says=("int32",),
)

# -------------------------------------------------------------------------------------- the classes

CLASSES = {
    "MeanSquaredError": "mean_squared_error",
    "MeanAbsoluteError": "mean_absolute_error",
    "MeanAbsolutePercentageError": "mean_absolute_percentage_error",
    "MeanSquaredLogarithmicError": "mean_squared_logarithmic_error",
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "CategoricalHinge": "categorical_hinge",
    "CosineSimilarity": "cosine_similarity",
    "Hinge": "hinge",
    "SquaredHinge": "squared_hinge",
    "KLDivergence": "kullback_leibler_divergence",
    "LogCosh": "logcosh",
    "Poisson": "poisson",
    "Huber": "huber_loss",
    "Loss": None,
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
}
for name, function in sorted(CLASSES.items()):
    case(
        "config_" + name,
        """
L = tf.keras.losses
loss = L.%s()
again = L.deserialize(L.serialize(loss))
[loss.name, loss.reduction, loss.get_config(), list(loss.get_config()), L.serialize(loss), type(again) is type(loss), again.get_config(), type(L.get(%r)), L.get(loss) is loss]
"""
        % (name, name),
    )
    if function is None or name == "SparseCategoricalCrossentropy":
        continue
    case(
        "class_" + name,
        "tf.keras.losses.%s()(y, p)" % name,
        y=uniform(0.0, 1.0, 4, 3),
        p=uniform(0.05, 0.95, 4, 3),
        grad="p",
    )
    case(
        "weights_" + name,
        "tf.keras.losses.%s(reduction='sum')(y, p, w)" % name,
        y=uniform(0.0, 1.0, 4, 3),
        p=uniform(0.05, 0.95, 4, 3),
        w=positive(4, 3) if name == "Huber" else positive(4),
        grad="p,w",
    )
for options in [
    "from_logits=True",
    "label_smoothing=0.1",
    "from_logits=True, label_smoothing=0.2, name='x', reduction='sum'",
]:
    for name in ["BinaryCrossentropy", "CategoricalCrossentropy"]:
        code = "loss = tf.keras.losses.%s(%s)\n[loss(y, p), loss.get_config(), type(loss).from_config(loss.get_config())(y, p)]"
        case(
            "%s_%s" % (name, options),
            code % (name, options),
            y=uniform(0.0, 1.0, 4, 3),
            p=uniform(0.05, 0.95, 4, 3),
        )
case(
    "scce_class",
    "tf.keras.losses.SparseCategoricalCrossentropy()(y, p)",
    y=ints(0, 3, 4),
    p=uniform(0.05, 0.95, 4, 3),
    grad="p",
)
case(
    "scce_class_logits",
    "tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, p, w)",
    y=ints(0, 3, 4, 1),
    p=f32(4, 3),
    w=positive(4),
    grad="p,w",
)
case(
    "config_of_a_tensor",
    "{k: float(v) if k == 'label_smoothing' else v for k, v in tf.keras.losses.BinaryCrossentropy(label_smoothing=tf.constant(0.5)).get_config().items()}",
)
case("from_logits_attribute", "tf.keras.losses.BinaryCrossentropy(from_logits=True).from_logits")

MSE = "tf.keras.losses.MeanSquaredError(%s)(y, p%s)"
for reduction in ["auto", "none", "sum", "sum_over_batch_size"]:
    option = "reduction=%r" % reduction
    case("reduce_" + reduction, MSE % (option, ""), y=f32(3, 4), p=f32(3, 4), grad="y,p")
    case(
        "reduce_weights_" + reduction,
        MSE % (option, ", w"),
        y=f32(3, 4),
        p=f32(3, 4),
        w=positive(3),
        grad="p,w",
    )
    case(
        "reduce_column_" + reduction,
        MSE % (option, ", w"),
        y=f32(3, 4),
        p=f32(3, 4),
        w=positive(3, 1),
        grad="w",
    )
    case("reduce_number_" + reduction, MSE % (option, ", 3"), y=f32(3, 4), p=f32(3, 4))
    case("reduce_one_weight_" + reduction, MSE % (option, ", [2.0]"), y=f32(3, 4), p=f32(3, 4))
    case(
        "reduce_time_" + reduction,
        MSE % (option, ", w"),
        y=f32(2, 3, 4),
        p=f32(2, 3, 4),
        w=positive(2, 3),
    )
    case(
        "reduce_time_samples_" + reduction,
        MSE % (option, ", w"),
        y=f32(2, 3, 4),
        p=f32(2, 3, 4),
        w=positive(2),
    )
    case("reduce_empty_" + reduction, MSE % (option, ""), y=empty(0, 4), p=empty(0, 4))
    case(
        "reduce_float64_" + reduction,
        MSE % (option, ", w"),
        y=f64(3, 4),
        p=f64(3, 4),
        w=positive(3, dtype="float64"),
        rtol=1e-7,
        why="weighted losses pass through float32, there as here",
        grad="p",
    )
    case("reduce_float16_" + reduction, MSE % (option, ""), y=f32(3, 4), p=f16(3, 4))
case("reduce_ints", MSE % ("", ""), y=val([[1, 2]], "int32"), p=val([[3, 5]], "int32"))
case("reduce_nan", MSE % ("", ""), y=val([["nan"], [1.0]]), p=val([[1.0], [1.0]]))
case(
    "reduce_weight_0_and_inf",
    MSE % ("", ", [0.0, 1.0]"),
    y=val([["inf"], [1.0]]),
    p=val([[1.0], [2.0]]),
)
for weights in [
    "[1, 2, 0]",
    "[True, False, True]",
    "np.array([1.0, 2.0, 0.5])",
    "tf.constant([1, 2, 3], tf.int64)",
]:
    case("weights_" + weights, MSE % ("", ", " + weights), y=f32(3, 4), p=f32(3, 4))
error(
    "weights_too_many",
    MSE % ("", ", [1.0, 2.0]"),
    y=f32(3, 4),
    p=f32(3, 4),
    says=(
        "weights can not be broadcast to values. Mismatch at dim 0. values.shape=[3] weights.shape=[2].",
    ),
)
error(
    "weights_rank",
    MSE % ("", ", np.ones((3, 4, 2))"),
    y=f32(3, 4),
    p=f32(3, 4),
    says=("values.rank=1. weights.rank=3.",),
)
error(
    "weights_of_elements",
    MSE % ("", ", np.ones((3, 4))"),
    y=f32(3, 4),
    p=f32(3, 4),
    says=("Can not squeeze dim[1], expected a dimension of 1, got 4",),
)
error(
    "weights_time",
    MSE % ("", ", [1.0, 2.0, 3.0]"),
    y=f32(2, 3, 4),
    p=f32(2, 3, 4),
    says=("Mismatch at dim 0. values.shape=[2 3] weights.shape=[3 1].",),
)

case(
    "drop_last_of_tensors",
    "[{0}, {1}]".format(MSE % ("", ""), MSE.replace("y, p", "p, y") % ("", "")),
    y=f32(3),
    p=f32(3, 1),
)
case("drop_last_not_of_arrays", "tf.keras.losses.MeanSquaredError()([1.0, 2.0], [[1.0], [4.0]])")
case(
    "drop_last_of_variables",
    "tf.keras.losses.MeanSquaredError()(tf.Variable([[1.0], [2.0]]), tf.constant([1.0, 4.0]))",
)
case(
    "drop_last_binary",
    "tf.keras.losses.BinaryCrossentropy()(y, p)",
    y=val([0.0, 1.0]),
    p=val([[0.1], [0.8]]),
    grad="p",
)

OWN = """
class Mine(tf.keras.losses.Loss):
    def __init__(self, power=1.0, **kwargs):
        super().__init__(**kwargs)
        self.power = power
    def call(self, y_true, y_pred):
        return tf.abs(y_true - y_pred) ** self.power
    def get_config(self):
        return dict(super().get_config(), power=self.power)
"""
case("own", OWN + "Mine()(y, p)", y=f32(3, 4), p=f32(3, 4), grad="p")
case(
    "own_weights",
    OWN + "[Mine(2.0, reduction='none')(y, p, w), Mine(reduction='sum')(y, p, [1.0, 0.0, 2.0])]",
    y=f32(3, 4),
    p=f32(3, 4),
    w=positive(3, 4),
)
case(
    "own_config",
    OWN
    + "[Mine(2.0, name='q').get_config(), tf.keras.losses.serialize(Mine()), tf.keras.losses.deserialize({'class_name': 'Mine', 'config': {'power': 3.0}}, {'Mine': Mine}).power]",
)
case(
    "own_scope",
    OWN
    + "with tf.keras.utils.custom_object_scope({'Mine': Mine}):\n    result = type(tf.keras.losses.get('Mine'))",
)
error(
    "own_weights_of_scalar",
    "type('Own', (tf.keras.losses.Loss,), {'call': lambda self, y, p: tf.reduce_sum(y)})()([1.0], [2.0], [1.0, 2.0])",
    says=("Can not squeeze",),
)

# ------------------------------------------------------------------------------------------- names

for (
    name
) in """mse MSE mae MAE mape MAPE msle MSLE bce BCE kld KLD mean_squared_error logcosh poisson hinge
    squared_hinge categorical_hinge cosine_similarity huber_loss binary_crossentropy
    categorical_crossentropy sparse_categorical_crossentropy kullback_leibler_divergence""".split():
    case(
        "get_" + name,
        "f = tf.keras.losses.get(%r)\n[f.__name__, tf.keras.losses.serialize(f), tf.keras.losses.deserialize(%r) is f]"
        % (name, name),
    )
for name in [
    "huber",
    "cosine",
    "cosine_proximity",
    "BinaryCrossEntropy",
    "",
    "crossentropy",
    "mean_square_error",
]:
    error("get_unknown_" + name, "tf.keras.losses.get(%r)" % name, says=("Unknown loss function",))
case(
    "get_none_and_callables",
    "L = tf.keras.losses\n[L.get(None), L.get(len) is len, L.get(L.Huber) is L.Huber, L.serialize(None), L.deserialize(None)]",
)
case(
    "get_config",
    "tf.keras.losses.get({'class_name': 'Huber', 'config': {'delta': 2.0}}).get_config()",
)
error(
    "get_number",
    "tf.keras.losses.get(3)",
    says=("Could not interpret loss function identifier", "3"),
)
error(
    "get_unknown_config",
    "tf.keras.losses.get({'class_name': 'Nope', 'config': {}})",
    says=("Unknown loss function: Nope",),
)
error("get_bad_config", "tf.keras.losses.get({'config': {}})", says=("Improper config format",))
error(
    "get_config_argument",
    "tf.keras.losses.get({'class_name': 'Huber', 'config': {'nope': 1}})",
    says=("nope",),
)
error("serialize_number", "tf.keras.losses.serialize(3)", says=("Cannot serialize", "3"))
error(
    "bad_reduction",
    "tf.keras.losses.MeanSquaredError(reduction='mean')",
    says=("Invalid Reduction Key mean.",),
)
error(
    "bad_reduction_validate",
    "tf.keras.losses.Reduction.validate('x')",
    says=("Invalid Reduction Key x.",),
)
case(
    "reductions",
    "R = tf.keras.losses.Reduction\n[R.all(), R.AUTO, R.NONE, R.SUM, R.SUM_OVER_BATCH_SIZE, R.validate('sum')]",
)
case(
    "same_objects",
    "K = tf.keras.losses\n[tf.losses.mse is K.MSE, K.mse is K.mean_squared_error, tf.losses.Huber is K.Huber, K.kld is K.KLD]",
)
