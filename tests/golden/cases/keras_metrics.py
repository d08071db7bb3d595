"""tf.keras.metrics: functions; what classes collect, keep, and return; configs, names, errors."""

from golden.table import Table, bools, f32, f64, ints, positive, raw, uniform, val

table = Table("keras_metrics")
case, error = table.case, table.error
M = "tf.keras.metrics."

# What a metric has after each of some updates: results, variables, then afresh.
COLLECT = """
tf.keras.backend.reset_uids()
m = tf.keras.metrics.{made}
seen = [m.result() if {early} else None]
for args, kwargs in [{updates}]:
    m.update_state(*args, **kwargs)
    seen.append(m.result())
state = [(v.name, v.numpy(), v.trainable) for v in m.weights]
if {resets}:
    m.reset_states()
again = [v.numpy() for v in m.weights]
called = m(*args, **kwargs)
result = [seen, state, again, called, m.get_config(), m.name, m.dtype, m.stateful, m.trainable]
"""


def collect(name, made, *updates, early=True, resets=True, **inputs):
    """A row that makes a metric and updates it; each update is written as for a call."""
    calls = ", ".join("(lambda *a, **k: (a, k))(%s)" % update for update in updates)
    case(
        "collect_" + name,
        COLLECT.format(made=made, updates=calls, early=early, resets=resets),
        **inputs,
    )


# ------------------------------------------------------------------------------- functions

case("accuracy_function", "[m(y, p) for m in map(tf.keras.metrics.get, ['accuracy', 'acc'])]",
     y=ints(0, 3, 5, 1), p=ints(0, 3, 5, 1, dtype="int64"))  # fmt: skip
case("accuracy_function_casts", "tf.keras.metrics.get('accuracy')(y, p)",
     y=val([1, 2, 3], "int32"), p=val([1.0, 2.5, 3.0]))  # fmt: skip
error("accuracy_function_shapes", "tf.keras.metrics.get('accuracy')(y, p)",
      y=val([1, 2]), p=val([1, 2, 3]), says=("are incompatible",))  # fmt: skip
for name in ["binary_accuracy", "categorical_accuracy"]:
    for rank, shape in enumerate([(5,), (4, 3), (2, 4, 3)], start=1):
        case("%s_rank_%d" % (name, rank), M + name + "(y, p)",
             y=ints(0, 2, *shape, dtype="float32"),
             p=uniform(0.0, 1.0, *shape))  # fmt: skip
    case(name + "_float64", M + name + "(y, p)",
         y=ints(0, 2, 4, 3, dtype="float64"), p=uniform(0.0, 1.0, 4, 3, dtype="float64"))  # fmt: skip
    error(name + "_shapes", M + name + "(y, p)", y=f32(3, 4), p=f32(4, 3), says=("ncompatible",))
    case(name + "_empty", M + name + "(y, p)", y=f32(0, 3), p=f32(0, 3))
case("binary_accuracy_threshold", M + "binary_accuracy(y, p, threshold=0.3)",
     y=ints(0, 2, 6, 2, dtype="float32"), p=uniform(0.0, 1.0, 6, 2))  # fmt: skip
case("binary_accuracy_at_threshold", M + "binary_accuracy(y, p)",
     y=val([[0.0], [1.0]]), p=val([[0.5], [0.5]]))  # fmt: skip
case("binary_accuracy_column", M + "binary_accuracy(y, p)",
     y=ints(0, 2, 6, 1, dtype="float32"), p=uniform(0.0, 1.0, 6, 1))  # fmt: skip
error("binary_accuracy_types", M + "binary_accuracy(y, p)",
      y=ints(0, 2, 4), p=uniform(0.0, 1.0, 4), says=("int32", "float"))  # fmt: skip
case("categorical_accuracy_ties", M + "categorical_accuracy(y, p)",
     y=val([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]), p=val([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2]]))  # fmt: skip
case("categorical_accuracy_nan", M + "categorical_accuracy(y, p)",
     y=val([[1.0, 0.0], [0.0, 1.0]]), p=val([["nan", 0.5], [0.5, "nan"]]))  # fmt: skip
case("categorical_accuracy_lists", M + "categorical_accuracy([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]])")  # fmt: skip
SPARSE = {
    "vector": ((4,), (4, 3)), "column": ((4, 1), (4, 3)), "sequence": ((2, 4), (2, 4, 3)),
    "sequence_column": ((2, 4, 1), (2, 4, 3)),
}  # fmt: skip
for label, (labels, scores) in SPARSE.items():
    for dtype in ["int32", "int64", "float32", "uint8"]:
        case("sparse_categorical_accuracy_%s_%s" % (label, dtype),
             M + "sparse_categorical_accuracy(y, p)",
             y=ints(0, 3, *labels, dtype=dtype), p=f32(*scores))  # fmt: skip
case("sparse_categorical_accuracy_float64", M + "sparse_categorical_accuracy(y, p)",
     y=ints(0, 3, 5), p=f64(5, 3))  # fmt: skip
case("sparse_categorical_accuracy_equal_shapes", M + "sparse_categorical_accuracy(y, p)",
     y=ints(0, 3, 5, 1), p=f32(5, 1))  # fmt: skip
case("sparse_categorical_accuracy_outside", M + "sparse_categorical_accuracy(y, p)",
     y=val([-1, 7], "int32"), p=f32(2, 3))  # fmt: skip
error("sparse_categorical_accuracy_shapes", M + "sparse_categorical_accuracy(y, p)",
      y=ints(0, 3, 4), p=f32(5, 3), says=("ncompatible",))  # fmt: skip
for k in [1, 2, 5]:
    case("top_k_categorical_accuracy_%d" % k, M + "top_k_categorical_accuracy(y, p, k)",
         y=f32(8, 6), p=f32(8, 6), k=k)  # fmt: skip
    case("sparse_top_k_categorical_accuracy_%d" % k, M + "sparse_top_k_categorical_accuracy(y, p, k)",
         y=ints(0, 6, 8), p=f32(8, 6), k=k)  # fmt: skip
case("top_k_default", "[tf.keras.metrics.top_k_categorical_accuracy(y, p), tf.keras.metrics.sparse_top_k_categorical_accuracy(s, p)]",
     y=f32(8, 9), p=f32(8, 9), s=ints(0, 9, 8, 1, dtype="float32"))  # fmt: skip
case(
    "top_k_larger_than_classes", M + "top_k_categorical_accuracy(y, p, 5)", y=f32(2, 3), p=f32(2, 3)
)
case("top_k_ties", M + "sparse_top_k_categorical_accuracy(y, p, k=1)",
     y=val([0, 1], "int32"), p=val([[0.5, 0.5, 0.1], [0.5, 0.5, 0.1]]))  # fmt: skip
error("top_k_rank_3", M + "top_k_categorical_accuracy(y, p)", y=f32(2, 3, 4), p=f32(2, 3, 4),
      says=("2-dimensional",))  # fmt: skip
error("sparse_top_k_rank_3", M + "sparse_top_k_categorical_accuracy(y, p)", y=ints(0, 4, 2, 3), p=f32(2, 3, 4),
      says=("2-dimensional",))  # fmt: skip
for name in ["cosine_similarity", "cosine_proximity"]:
    case("get_" + name, "tf.keras.metrics.get(%r)(y, p)" % name, y=f32(3, 4), p=f32(3, 4))
case("functions_of_losses",
     "[getattr(tf.keras.metrics, n)(y, p) for n in ['mse', 'MSE', 'mae', 'MAE', 'mape', 'MAPE', 'msle', "
     "'MSLE', 'kld', 'KLD', 'hinge', 'squared_hinge', 'poisson', 'binary_crossentropy', "
     "'categorical_crossentropy', 'kullback_leibler_divergence', 'mean_squared_error']]",
     y=uniform(0.0, 1.0, 3, 4), p=uniform(0.1, 0.9, 3, 4))  # fmt: skip
case(
    "same_objects",
    "[tf.metrics.Mean is tf.keras.metrics.Mean, tf.keras.metrics.mse is tf.keras.losses.mse]",
)

# ------------------------------------------------------------------------------- sums and means

for made in ["Mean()", "Sum()"]:
    label = made.lower()[:-2]
    collect(
        label, made, "x", "2.0", "[1, 2, 3]", "[True, False]", "raw", x=f32(2, 3), raw=raw(f64(4))
    )
    collect(label + "_weights", made, "x, [1.0, 0.5]", "x, sample_weight=2", "x, w", "x, [[1.0], [3.0]]",
            x=f32(2, 3), w=f32(2, 3))  # fmt: skip
    collect(label + "_weights_of_rank_3", made, "x, [1.0, 0.5]", "x, w", "x, [[[1.0]], [[3.0]]]",
            x=f32(2, 3, 4), w=f32(2, 3))  # fmt: skip
    collect(label + "_weights_column", made, "x, [[1.0], [3.0]]", "x, [0, 1]", x=f32(2))
    collect(label + "_weights_broadcast", made, "x, [[1.0, 2.0, 3.0]]", x=f32(2, 3))
    collect(label + "_zero_weights", made, "x, [0.0, 0.0]", x=f32(2, 3))
    collect(label + "_empty", made, "x", x=f32(0, 3))
    collect(label + "_special", made, "x", "[1.0]", x=val(["inf", "nan", 1.0]))
    collect(label + "_inf", made, "x", "[1.0]", x=val(["inf", 1.0]))
    for dtype in ["float64", "float16"]:
        collect(
            "%s_%s" % (label, dtype), made[:-1] + "dtype=%r)" % dtype, "x", "x, [1, 2]", x=f32(2, 3)
        )
    error(
        label + "_weights_shape",
        M + made + "(x, [1.0, 2.0, 3.0])",
        x=f32(2, 2),
        says=("Incompatible shapes",),
    )
    error(label + "_weights_rank", M + made + "(x, w)", x=f32(2), w=f32(2, 2), says=("squeeze",))
    error(label + "_weights_of_scalar", M + made + "(3.0, [1.0, 2.0])", says=("squeeze",))
    error(label + "_text", M + made + "('a')", says=("Cast string to float is not supported",))
    error(label + "_none", M + made + "(None)", says=("None",))
    error(label + "_nothing", M + made + "()", says=("values",))
case("mean_after_inf_weights", M + "Mean()([1.0, 2.0], [1.0, -1.0])")
case(
    "mean_name",
    "[tf.keras.metrics.Mean('a').name, tf.keras.metrics.Mean(name='b', dtype=tf.float64).get_config()]",
)
error("mean_keyword", M + "Mean(foo=1)", says=("foo",))

collect("mean_tensor", "MeanTensor()", "x", "y, [1.0, 0.5]", "x, 2.0", "y, [[1.0], [3.0]]", early=False,
        x=f32(2, 3), y=f32(2, 3))  # fmt: skip
collect(
    "mean_tensor_float64", "MeanTensor(dtype='float64')", "x", "x, [1, 0]", early=False, x=f32(2)
)
collect("mean_tensor_scalar", "MeanTensor()", "3.0", "5.0", early=False)
collect("mean_tensor_zero_weights", "MeanTensor()", "x, [1.0, 0.0]", early=False, x=f32(2))
case(
    "mean_tensor_before",
    "m = tf.keras.metrics.MeanTensor(); m.reset_states(); result = [m.weights, m.name, m.total, m.count]",
)
error(
    "mean_tensor_no_result",
    M + "MeanTensor().result()",
    says=("MeanTensor does not have any result yet",),
)
error("mean_tensor_shape", "m = tf.keras.metrics.MeanTensor(); m([1.0, 2.0]); m([1.0, 2.0, 3.0])",
      says=("must always have the same shape", "(2,)", "(3,)"))  # fmt: skip
error(
    "mean_tensor_weights",
    M + "MeanTensor()(x, [1.0, 2.0])",
    x=f32(2, 3, 4),
    says=("Incompatible shapes",),
)

# ------------------------------------------------------------------------------- accuracies

collect("accuracy", "Accuracy()", "y, p", "y, p, [0.1, 0.2, 0.3, 0.4]", "y2, p", "y, p2", "[1, 2], [1.0, 3.0]",
        y=ints(0, 2, 4), p=ints(0, 2, 4), y2=ints(0, 2, 4, 1), p2=ints(0, 2, 4, 1))  # fmt: skip
error(
    "accuracy_shapes",
    M + "Accuracy()(y, p)",
    y=ints(0, 2, 4),
    p=ints(0, 2, 4, 3),
    says=("are incompatible",),
)
collect("binary_accuracy", "BinaryAccuracy()", "y, p", "y, p, [0.1, 0.2, 0.3, 0.4]", "b, p", "y, p, w",
        y=ints(0, 2, 4, 3), p=uniform(0.0, 1.0, 4, 3), b=bools(4, 3), w=positive(4, 1))  # fmt: skip
collect("binary_accuracy_vectors", "BinaryAccuracy(threshold=0.3)", "y, p", "y2, p", "y, p2",
        y=ints(0, 2, 4), p=uniform(0.0, 1.0, 4), y2=ints(0, 2, 4, 1), p2=uniform(0.0, 1.0, 4, 1))  # fmt: skip
error(
    "binary_accuracy_vector_weights",
    M + "BinaryAccuracy()([1, 0], [0.6, 0.7], [1.0, 2.0])",
    says=("squeeze",),
)
collect("categorical_accuracy", "CategoricalAccuracy()", "y, p", "y, p, [0.1, 0.2, 0.3, 0.4]", "i, p",
        y=f32(4, 3), p=f32(4, 3), i=ints(0, 2, 4, 3))  # fmt: skip
collect("categorical_accuracy_sequences", "CategoricalAccuracy()", "y, p", "y, p, [0.1, 0.2]", "y, p, w",
        y=f32(2, 4, 3), p=f32(2, 4, 3), w=positive(2, 4))  # fmt: skip
for label, (labels, scores) in SPARSE.items():
    collect("sparse_categorical_accuracy_" + label, "SparseCategoricalAccuracy()",
            "y, p", "y, p, w", "y, p", "z, p",
            y=ints(0, 3, *labels), p=f32(*scores), w=positive(labels[0]), z=ints(0, 3, *labels, dtype="uint8"))  # fmt: skip
collect("sparse_categorical_accuracy_float64", "SparseCategoricalAccuracy(name='acc', dtype='float64')",
        "y, p", "y, p, [0.5, 1.0]", y=ints(0, 3, 2), p=f64(2, 3))  # fmt: skip
collect(
    "top_k",
    "TopKCategoricalAccuracy(k=2)",
    "y, p",
    "y, p, w",
    y=f32(4, 5),
    p=f32(4, 5),
    w=positive(4),
)
collect("sparse_top_k", "SparseTopKCategoricalAccuracy(2)", "y, p", "y, p, w", "y2, p",
        y=ints(0, 5, 4), y2=ints(0, 5, 4, 1), p=f32(4, 5), w=positive(4))  # fmt: skip
case(
    "top_k_configs",
    "[tf.keras.metrics.TopKCategoricalAccuracy().get_config(), tf.keras.metrics.SparseTopKCategoricalAccuracy(3, name='q').get_config()]",
)
case(
    "binary_accuracy_tensor_threshold",
    "m = tf.keras.metrics.BinaryAccuracy(threshold=tf.constant(0.3)); result = [m.get_config(), m([[1.0], [0.0]], [[0.4], [0.35]])]",
)

# ------------------------------------------------------------------------------- errors and losses

MEANS = [
    "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError", "LogCoshError", "Hinge", "SquaredHinge", "CategoricalHinge",
    "KLDivergence", "Poisson", "RootMeanSquaredError", "BinaryCrossentropy", "CosineSimilarity",
    "CategoricalCrossentropy",
]  # fmt: skip
for name in MEANS:
    weights = "w" if name != "RootMeanSquaredError" else "w2"
    collect(name, name + "()", "y, p", "y, p, %s" % weights, "y, p, 0.5", "b, p", "y3, p3", "y3, p3, w3",
            y=uniform(0.1, 1.0, 4, 3), p=uniform(0.1, 0.9, 4, 3), b=bools(4, 3), w=positive(4), w2=positive(4, 3),
            y3=uniform(0.1, 1.0, 2, 4, 3), p3=uniform(0.1, 0.9, 2, 4, 3), w3=positive(2, 4))  # fmt: skip
    collect(name + "_vectors", name + "()", "y, p", "y2, p", "y, p2", y=uniform(0.1, 1.0, 4),
            p=uniform(0.1, 0.9, 4), y2=uniform(0.1, 1.0, 4, 1), p2=uniform(0.1, 0.9, 4, 1))  # fmt: skip
    error(
        name + "_shapes",
        M + name + "()(y, p)",
        y=positive(3, 4),
        p=positive(3, 2),
        says=("ncompatible",),
    )
    if name != "RootMeanSquaredError":
        error(name + "_weights", M + name + "()(y, p, w)", y=positive(2, 2), p=positive(2, 2), w=positive(2, 2),
              says=("squeeze",))  # fmt: skip
    if name != "LogCoshError":
        case(name + "_float64", M + name + "(dtype='float64')(y, p)", y=uniform(0.1, 1.0, 4, 3, dtype="float64"),
             p=uniform(0.1, 0.9, 4, 3, dtype="float64"))  # fmt: skip
for arguments in [
    "from_logits=True",
    "label_smoothing=0.1",
    "name='q', label_smoothing=0.2, from_logits=True",
]:
    for name in ["BinaryCrossentropy", "CategoricalCrossentropy"]:
        collect("%s(%s)" % (name, arguments), "%s(%s)" % (name, arguments), "y, p", "y, p, [1.0, 2.0, 0.5, 0.0]",
                y=ints(0, 2, 4, 3), p=uniform(0.1, 0.9, 4, 3))  # fmt: skip
for label, (labels, scores) in SPARSE.items():
    if label != "sequence_column":
        collect("SparseCategoricalCrossentropy_" + label, "SparseCategoricalCrossentropy()", "y, p", "y, p, w",
                y=ints(0, 3, *labels), p=uniform(0.1, 0.9, *scores), w=positive(labels[0]))  # fmt: skip
collect("SparseCategoricalCrossentropy_axis", "SparseCategoricalCrossentropy(from_logits=True, axis=1)", "y, p",
        y=ints(0, 3, 2, 4), p=f32(2, 3, 4))  # fmt: skip
collect(
    "CosineSimilarity_axis",
    "CosineSimilarity(axis=1)",
    "y, p",
    "y, p, [1.0, 0.5]",
    y=f32(2, 3, 4),
    p=f32(2, 3, 4),
)
collect(
    "CosineSimilarity_of_zeros",
    "CosineSimilarity()",
    "y, p",
    y=val([[0.0, 0.0], [1.0, 0.0]]),
    p=f32(2, 2),
)
collect("MeanRelativeError", "MeanRelativeError(normalizer=[1, 3, 2, 3])", "y, p", "y, p, [0.1, 0.2, 0.3, 0.4]", "y2, p",
        y=f32(4), p=f32(4), y2=f32(4, 1))  # fmt: skip
collect(
    "MeanRelativeError_matrix",
    "MeanRelativeError(n, name='q')",
    "y, p",
    n=raw(f32(3)),
    y=f32(4, 3),
    p=f32(4, 3),
)
collect("MeanRelativeError_zero", "MeanRelativeError([1.0, 0.0])", "[1.0, 3.0], [2.0, 4.0]")
collect("MeanRelativeError_scalar", "MeanRelativeError(3.0)", "[1.0, 3.0], [2.0, 4.0]")
error(
    "MeanRelativeError_shapes",
    M + "MeanRelativeError([1.0, 2.0, 3.0])([1.0, 3.0], [2.0, 4.0])",
    says=("Incompatible shapes",),
)
error("MeanRelativeError_nothing", M + "MeanRelativeError()", says=("normalizer",))

# ------------------------------------------------------------------------------- decisions

KINDS = ["TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"]
DECISIONS = {"y": ints(0, 2, 8), "p": uniform(0.0, 1.0, 8), "w": positive(8), "w2": positive(8, 1), "y2": ints(0, 2, 4, 3),
                 "p2": uniform(0.0, 1.0, 4, 3), "v": positive(4), "v2": positive(4, 3), "b": bools(8)}  # fmt: skip
for name in [*KINDS, "Precision", "Recall"]:
    for label, arguments in [
        ("", ""),
        ("_threshold", "thresholds=0.3"),
        ("_thresholds", "[0.0, 0.25, 0.7, 1.0]"),
    ]:
        collect(name + label, "%s(%s)" % (name, arguments), "y, p", "y, p, w", "y, p, w2", "y, p, 0.5", "b, p",
                "y2, p2", "y2, p2, v", "y2, p2, v2", "[0, 1], [0.0, 1.0]", **DECISIONS)  # fmt: skip
    collect(
        name + "_bounds",
        name + "([0.0, 0.5, 1.0])",
        "[0, 0, 0, 1, 1, 1], [0.0, 0.5, 1.0, 0.0, 0.5, 1.0]",
    )
    collect(name + "_other_labels", name + "()", "[2, -1, 0, 1], [0.1, 0.9, 0.7, 0.8]")
    error(
        name + "_negative", M + name + "()([0, 1], [-0.1, 0.5])", says=("predictions must be >= 0",)
    )
    error(
        name + "_too_large", M + name + "()([0, 1], [0.1, 1.5])", says=("predictions must be <= 1",)
    )
    error(
        name + "_nan",
        M + name + "()([0, 1], [float('nan'), 0.5])",
        says=("predictions must be >= 0",),
    )
    error(
        name + "_shapes",
        M + name + "()([0, 1, 1], [0.1, 0.5])",
        says=("Shapes (2,) and (3,) are incompatible",),
    )
    error(name + "_ranks", M + name + "()([[0], [1]], [0.1, 0.5])", says=("are incompatible",))
    error(name + "_weights_shape", M + name + "()([0, 1, 1], [0.1, 0.5, 0.2], [1.0, 2.0])",
          says=("weights can not be broadcast to values", "values.shape=[3]", "weights.shape=[2]"))  # fmt: skip
    error(name + "_weights_rank", M + name + "()(y, p, [1.0])", y=ints(0, 2, 1, 2, 2), p=uniform(0.0, 1.0, 1, 2, 2),
          says=("weights can not be broadcast to values. values.rank=3. weights.rank=1.",))  # fmt: skip
    for bad in ["1.5", "[0.1, -1.0]", "[0.1, None]"]:
        error("%s_threshold_%s" % (name, bad), M + "%s(thresholds=%s)" % (name, bad),
              says=("Threshold values must be in [0, 1]. Invalid values:",))  # fmt: skip
for name in ["Precision", "Recall"]:
    for arguments in ["top_k=2", "class_id=1", "class_id=2, top_k=2", "top_k=3, thresholds=0.5", "class_id=-1",
                      "thresholds=[0.2, 0.6], class_id=0"]:  # fmt: skip
        collect("%s(%s)" % (name, arguments), "%s(%s)" % (name, arguments), "y, p", "y, p",
                y=ints(0, 2, 6, 4), p=uniform(0.0, 1.0, 6, 4))  # fmt: skip
    collect(
        name + "_top_k_weights",
        name + "(top_k=2)",
        "y, p, w",
        y=ints(0, 2, 6, 4),
        p=uniform(0.0, 1.0, 6, 4),
        w=positive(6),
    )
    collect(name + "_top_k_ranks", name + "(top_k=1)", "y, p", "y3, p3", y=ints(0, 2, 4), p=uniform(0.0, 1.0, 4),
            y3=ints(0, 2, 2, 3, 4), p3=uniform(0.0, 1.0, 2, 3, 4))  # fmt: skip
    error(name + "_class_outside", M + name + "(class_id=9)(y, p)", y=ints(0, 2, 6, 4), p=uniform(0.0, 1.0, 6, 4),
          says=("slice index 9 of dimension 1 out of bounds",))  # fmt: skip
    error(name + "_top_k_outside", M + name + "(top_k=9)(y, p)", y=ints(0, 2, 6, 4), p=uniform(0.0, 1.0, 6, 4),
          says=("input must have at least k columns. Had 4, needed 9",))  # fmt: skip

# ------------------------------------------------------------------------------- curves

for name, value in [
    ("SensitivityAtSpecificity", 0.4),
    ("SpecificityAtSensitivity", 0.8),
    ("PrecisionAtRecall", 0.7),
]:
    for arguments in [
        "%s" % value,
        "%s, num_thresholds=5" % value,
        "%s, 1" % value,
        "0",
        "1, 10, name='q'",
    ]:
        collect("%s(%s)" % (name, arguments), "%s(%s)" % (name, arguments), "y, p", "y, p, w", "y2, p2", "y2, p2, v",
                **{k: DECISIONS[k] for k in ["y", "p", "w", "y2", "p2", "v"]})  # fmt: skip
    error(name + "_value", M + name + "(1.5)", says=("must be in the range [0, 1].",))
    error(
        name + "_thresholds",
        M + name + "(0.5, num_thresholds=0)",
        says=("`num_thresholds` must be > 0.",),
    )
    error(
        name + "_predictions",
        M + name + "(0.5)([0, 1], [0.1, 1.5])",
        says=("predictions must be <= 1",),
    )
    case(
        name + "_attributes",
        "m = tf.keras.metrics.%s(0.3, 4); result = [list(m.thresholds), m.value, m.num_thresholds]"
        % name,
    )

for curve in ["ROC", "PR"]:
    for method in ["interpolation", "minoring", "majoring"]:
        label = "auc_%s_%s" % (curve, method)
        arguments = "curve=%r, summation_method=%r" % (curve, method)
        collect(label, "AUC(num_thresholds=7, %s)" % arguments, "y, p", "y, p, w", "y2, p2", "y2, p2, v", "y, p, 0.5",
                **{k: DECISIONS[k] for k in ["y", "p", "w", "y2", "p2", "v"]})  # fmt: skip
        case(
            label + "_200",
            M + "AUC(%s)(y, p)" % arguments,
            y=ints(0, 2, 60),
            p=uniform(0.0, 1.0, 60),
        )
        case(
            label + "_one_class",
            "[tf.keras.metrics.AUC(%s)(y, [0.3, 0.6]) for y in ([0, 0], [1, 1])]" % arguments,
        )
        collect(label + "_labels", "AUC(num_thresholds=5, multi_label=True, %s)" % arguments, "y2, p2", "y2, p2, v",
                "y2, p2, v2", early=False, resets=False, **{k: DECISIONS[k] for k in ["y2", "p2", "v", "v2"]})  # fmt: skip
        collect(label + "_label_weights", "AUC(5, label_weights=[0.3, 0.7, 1.0], multi_label=True, %s)" % arguments,
                "y2, p2", "y2, p2, v", early=False, resets=False, **{k: DECISIONS[k] for k in ["y2", "p2", "v"]})  # fmt: skip
        collect(label + "_label_weights_of_all", "AUC(5, label_weights=[0.3, 0.7, 1.0], %s)" % arguments,
                "y2, p2", "y2, p2, v", **{k: DECISIONS[k] for k in ["y2", "p2", "v"]})  # fmt: skip
collect(
    "auc_thresholds",
    "AUC(thresholds=[0.6, 0.3])",
    "y, p",
    "y, p, w",
    **{k: DECISIONS[k] for k in ["y", "p", "w"]},
)
case(
    "auc_defaults",
    "tf.keras.backend.reset_uids(); m = tf.keras.metrics.AUC(); result = [m.name, m.get_config(), list(m.thresholds), m.num_thresholds, [v.shape for v in m.weights]]",
)
case(
    "auc_spellings",
    "[tf.keras.metrics.AUC(curve=c, summation_method=s).get_config()['summation_method'] for c, s in [('roc', 'Majoring'), ('pr', 'Minoring'), ('PR', 'Interpolation')]]",
)
for bad, words in [("curve='x'", 'Invalid AUC curve value "x".'), ("summation_method='MINORING'", "Invalid AUC summation method value"),
                   ("num_thresholds=1", "`num_thresholds` must be > 1."), ("label_weights=[-1.0, 1.0]", "must be non-negative")]:  # fmt: skip
    error("auc_" + bad, M + "AUC(%s)" % bad, says=(words,))
error(
    "auc_labels_rank",
    M + "AUC(multi_label=True)(y, p)",
    y=ints(0, 2, 4),
    p=uniform(0.0, 1.0, 4),
    says=("must have rank=2",),
)
error("auc_label_weights_number", M + "AUC(label_weights=[1.0, 2.0])(y, p)", y=ints(0, 2, 4, 3), p=uniform(0.0, 1.0, 4, 3),
      says=("Number of labels is not consistent",))  # fmt: skip
error("auc_other_labels", "m = tf.keras.metrics.AUC(multi_label=True); m(y, p); m(y[:, :1], p[:, :1])", y=ints(0, 2, 4, 3),
      p=uniform(0.0, 1.0, 4, 3), says=("Number of labels is not consistent",))  # fmt: skip
error("auc_predictions", M + "AUC()([0, 1], [-0.5, 1.0])", says=("predictions must be >= 0",))

# ------------------------------------------------------------------------------- overlap

collect("MeanIoU", "MeanIoU(num_classes=3)", "y, p", "y, p, w", "y2, p2", "y2, p2, w2", y=ints(0, 3, 12), p=ints(0, 3, 12),
        w=positive(12), y2=ints(0, 3, 2, 5), p2=ints(0, 3, 2, 5), w2=positive(2, 5))  # fmt: skip
collect("MeanIoU_missing", "MeanIoU(4, name='iou', dtype='float64')", "[0, 1], [0, 0]")
collect("MeanIoU_floats", "MeanIoU(3)", "[0.0, 1.0], [0.2, 1.7]")
error("MeanIoU_outside", M + "MeanIoU(2)([0, 5], [0, 1])", says=("`labels` out of bound",))
error("MeanIoU_negative", M + "MeanIoU(2)([0, -1], [0, 1])", says=("negative values",))
error(
    "MeanIoU_shapes", M + "MeanIoU(2)([0, 1, 1], [0, 1])", says=("Shapes of all inputs must match",)
)
error(
    "MeanIoU_weights",
    M + "MeanIoU(2)([0, 1], [0, 1], tf.constant([1.0]))",
    says=("are incompatible",),
)

# ------------------------------------------------------------------------------- one's own

OWN = """
class Own(tf.keras.metrics.Metric):
    def __init__(self, name="own", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight("total", initializer="zeros")
    def update_state(self, y_true, y_pred, sample_weight=None):
        error = tf.abs(tf.cast(y_true, self.dtype) - tf.cast(y_pred, self.dtype))
        if sample_weight is not None:
            error *= tf.cast(sample_weight, self.dtype)
        self.total.assign_add(tf.reduce_sum(error))
    def result(self):
        return %s
m = Own()
"""
ATTRIBUTES = "[type(m.result()).__name__ != 'ResourceVariable', m.result() + 1, m([1, 2], [2.0, 4.0]), m([1], [0.5], sample_weight=2), m.weights, m.trainable_weights, m.non_trainable_weights, m.get_config(), m.built, m.stateful]"
for label, value in [
    ("variable", "self.total"),
    ("tensor", "self.total * 2"),
    ("number", "3.0"),
    ("list", "[self.total, 1.0]"),
]:
    case("own_" + label, OWN % value + ATTRIBUTES)
case("own_result_is_tensor", OWN % "self.total" + "isinstance(m.result(), tf.Tensor)")
case("own_reset", OWN % "self.total" + "m([1], [3.0]); m.reset_states(); result = m.result()")
case(
    "own_in_function",
    OWN % "self.total"
    + """
@tf.function
def step(y, p):
    m.update_state(y, p)
    return m.result()
result = [step(tf.constant([1.0]), tf.constant([3.0])), step(tf.constant([1.0]), tf.constant([4.0])), m.result(), m.weights]
""",
)
error("own_none", OWN % "None" + "m.result()", says=("None",))
error(
    "own_vector_reset",
    "m = tf.keras.metrics.Mean(); m.add_weight('v', (2,)); m.reset_states()",
    says=("are incompatible",),
)
case(
    "own_weight",
    "m = tf.keras.metrics.Mean(); v = m.add_weight('v', shape=(2,), initializer='ones', dtype='int32'); result = [v, v.name, len(m.weights)]",
)
case(
    "own_default_name",
    "class MyMetric(tf.keras.metrics.Mean):\n  def __init__(self): super().__init__(name=None)\nresult = MyMetric().name.rstrip('_0123456789')",
)
for label, body in [
    ("nothing", "pass"),
    ("update", "def update_state(self, x): pass"),
    ("result", "def result(self): return 1"),
]:
    error(
        "own_lacks_" + label,
        "class Own(tf.keras.metrics.Metric):\n  %s\nOwn()" % body,
        says=("Can't instantiate abstract class Own",),
    )
error(
    "metric_is_abstract", M + "Metric(name='b')", says=("Can't instantiate abstract class Metric",)
)
case(
    "own_subclass_of_mean",
    """
class Own(tf.keras.metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(tf.abs(y_true - y_pred), sample_weight)
    def result(self):
        return tf.sqrt(super().result())
m = Own(name="q")
result = [m(tf.constant([1.0, 2.0]), tf.constant([3.0, 5.0])), m.result(), m.get_config()]
""",
)
case(
    "in_function",
    """
a, b = tf.keras.metrics.Mean(), tf.keras.metrics.SparseCategoricalAccuracy()
@tf.function
def step(y, p, w):
    b.update_state(y, p, sample_weight=w)
    return a(p), b.result()
result = [step(y, p, w), step(y, p, w), a.result(), b.result(), a.weights, b.weights]
b.reset_states()
result += [step(y, p, w)]
""",
    y=ints(0, 3, 5),
    p=f32(5, 3),
    w=positive(5),
)
case(
    "reset_and_again",
    "m = tf.keras.metrics.Mean(); m(x); m.reset_states(); result = [m.weights, m(x + 1)]",
    x=f32(3),
)
case(
    "weights",
    "m = tf.keras.metrics.Mean(); m([1.0, 2.0]); w = m.get_weights(); n = tf.keras.metrics.Mean(); n.set_weights([np.asarray(x) for x in w]); result = [w, n.result()]",
)
case(
    "variables",
    "m = tf.keras.metrics.Mean(); [m.variables, m.trainable_variables, m.non_trainable_variables, m.count_params(), m.losses, m.updates]",
)
case(
    "update_returns",
    "[tf.keras.metrics.Mean().update_state(1.0).numpy(), tf.keras.metrics.Sum().update_state(1.0) + 1, tf.keras.metrics.Accuracy().update_state([1], [1]).numpy()]",
)

# ------------------------------------------------------------------------------- names and configs

ALL = {
    "Accuracy": "", "AUC": "num_thresholds=4", "BinaryAccuracy": "threshold=0.3", "BinaryCrossentropy": "from_logits=True",
    "CategoricalAccuracy": "name='x'", "CategoricalCrossentropy": "label_smoothing=0.1", "CategoricalHinge": "",
    "CosineSimilarity": "axis=0", "FalseNegatives": "thresholds=0.2", "FalsePositives": "[0.1, 0.3]", "Hinge": "",
    "KLDivergence": "", "LogCoshError": "", "Mean": "dtype='float64'", "MeanAbsoluteError": "",
    "MeanAbsolutePercentageError": "", "MeanIoU": "3", "MeanRelativeError": "[1.0, 2.0]", "MeanSquaredError": "",
    "MeanSquaredLogarithmicError": "", "MeanTensor": "", "Poisson": "", "Precision": "top_k=3", "PrecisionAtRecall": "0.3",
    "Recall": "class_id=1", "RootMeanSquaredError": "", "SensitivityAtSpecificity": "0.2, 5", "SparseCategoricalAccuracy": "",
    "SparseCategoricalCrossentropy": "axis=1", "SparseTopKCategoricalAccuracy": "k=3", "SpecificityAtSensitivity": "0.6",
    "SquaredHinge": "", "Sum": "'s'", "TopKCategoricalAccuracy": "7", "TrueNegatives": "", "TruePositives": "0.7",
}  # fmt: skip
for name, arguments in ALL.items():
    case(
        "config_" + name,
        """
m = tf.keras.metrics.{0}({1}, **({{}} if 'name' in {2!r} or {0!r} == 'Sum' else {{'name': 'given'}}))
n = tf.keras.metrics.{0}.from_config(m.get_config())
o = tf.keras.metrics.deserialize(tf.keras.metrics.serialize(m))
result = [n.get_config(), o.get_config(), type(o).__name__, tf.keras.metrics.serialize(m)['class_name'], m.dtype, m.name,
          [(v.name, v.shape, v.dtype, v.trainable) for v in n.weights]]
""".format(name, arguments, arguments).replace("(, ", "("),
    )
NAMES = [
    "accuracy", "acc", "ACC", "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "bce", "BCE", "cosine_similarity",
    "cosine_proximity", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
    "hinge", "squared_hinge", "categorical_hinge", "kullback_leibler_divergence", "logcosh", "poisson", "mean_squared_error",
    "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
]  # fmt: skip
case("get_names", "[tf.keras.metrics.get(name).__name__ for name in names]", names=NAMES)
case(
    "get_classes",
    "[type(tf.keras.metrics.get(n)).__name__ for n in ['Mean', 'AUC', 'BinaryAccuracy', 'SparseCategoricalAccuracy']]",
)
case(
    "get_config_of_dict",
    "tf.keras.metrics.get({'class_name': 'Mean', 'config': {'name': 'q', 'dtype': 'float32'}}).get_config()",
)
case("get_itself", "m = tf.keras.metrics.Mean(); tf.keras.metrics.get(m) is m")
for bad in ["'xx'", "'cosine'", "'kld'", "'KLD'", "'crossentropy'", "'huber_loss'", "None", "3"]:
    error("get_" + bad, M + "get(%s)" % bad, says=(bad.strip("'"),))
case("serialize_function", M + "serialize(tf.keras.metrics.binary_accuracy)")
error("serialize_text", M + "serialize('x')", says=("Cannot serialize",))
case(
    "custom_objects",
    "def f(y, p): return p - y\nresult = tf.keras.metrics.deserialize('f', {'f': f}) is f",
)

# ------------------------------------------------------------------------------- in layers

case(
    "added_in_layers",
    """
class Own(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.m = tf.keras.metrics.Mean(name='q')
    def call(self, x):
        self.add_metric(self.m(x))
        self.add_metric(tf.reduce_sum(x), name='k', aggregation='mean')
        return x
layer = Own()
before = [m.name for m in layer.metrics]
layer(tf.ones((2, 2)))
layer(3 * tf.ones((2, 2)))
result = [before, [(m.name, m.result()) for m in layer.metrics], [w.name for w in layer.weights]]
""",
)
