"""Connectionist temporal classification: losses, their gradients, decoders, and Keras's forms."""

from golden.table import Table, f32, f64, val

table = Table("ctc", rtol=1e-5, why="sums of many exponentials, in another order")
case, error = table.case, table.error

MAKE = """
nn, K = tf.nn, tf.keras.backend
def sparse(labels, dtype="int32"):
    labels = np.array(labels)
    places = np.argwhere(labels >= -1)
    return tf.SparseTensor(places, tf.constant(labels[labels >= -1], dtype), labels.shape)
def parts(x): return [x.indices, x.values, x.dense_shape]
def decoded(found): return [[parts(one) for one in found[0]], found[1], type(found), type(found[0])]
"""
X = f32(6, 3, 5)
LABELS = "[[1, 2, 2, 0], [3, 0, 0, 0], [1, 4, 2, 1]]"
CLASSIC = "sparse([[1, 2, 2, -9], [3, -9, -9, -9], [1, 0, 2, 1]])"


def row(name, code, **options):
    options.setdefault("x", X)
    case(name, MAKE + code, **options)


def bad(name, code, *says, **options):
    options.setdefault("x", X)
    error(name, MAKE + code, says=says, **options)


# ---- dense labels

for name, call in {
    "plain": "%s, x, [3, 1, 4], [6, 4, 6]" % LABELS,
    "blank_last": "[[1, 2, 2, 0], [3, 0, 0, 0], [1, 0, 2, 1]], x, [3, 1, 4], [6, 4, 6], blank_index=-1",
    "blank_middle": "[[1, 3, 3, 0], [3, 0, 0, 0], [1, 4, 3, 1]], x, [3, 1, 4], [6, 4, 6], blank_index=2",
    "unique": "%s, x, [3, 1, 4], [6, 4, 6], unique=nn.ctc_unique_labels(tf.constant(%s))" % (LABELS, LABELS),
    "no_label": "%s, x, [0, 1, 4], [6, 4, 6]" % LABELS,
    "nothing": "%s, x, [0, 1, 4], [0, 4, 6]" % LABELS,
    "no_frames": "%s, x, [3, 1, 4], [0, 4, 6]" % LABELS,
    "too_many_frames": "%s, x, [3, 1, 4], [7, 4, 9]" % LABELS,
    "class_too_large": "[[1, 2, 2], [5, 0, 0], [2, 4, 1]], x, [3, 1, 3], [6, 4, 6]",
    "class_negative": "[[1, -2, 2], [3, 0, 0], [2, 4, 1]], x, [3, 1, 3], [6, 4, 6]",
    "int64": "tf.constant(%s, tf.int64), x, tf.constant([3, 1, 4], tf.int64), tf.constant([6, 4, 6], tf.int64)" % LABELS,
}.items():  # fmt: skip
    row("dense_" + name, "nn.ctc_loss(%s)" % call, grad="x")
row(
    "dense_batch_first",
    "nn.ctc_loss(%s, x, [3, 1, 4], [6, 4, 6], logits_time_major=False)" % LABELS,
    x=f32(3, 6, 5),
    grad="x",
)
row("dense_blank_as_label", "nn.ctc_loss([[1, 0, 2], [3, 0, 0], [2, 4, 1]], x, [3, 1, 3], [6, 4, 6])")  # fmt: skip
for name, lengths in {"frames": "[3, 1, 4], [2, 4, 6]", "repeated": "[3, 1, 4], [3, 4, 6]",
                      "labels": "[5, 1, 4], [6, 4, 6]", "negative": "[-1, 1, 4], [6, -1, 6]"}.items():  # fmt: skip
    row("dense_impossible_" + name, "nn.ctc_loss(%s, x, %s)" % (LABELS, lengths))
row("dense_no_logits", "nn.ctc_loss([[1, 2], [2, 1]], x, [2, 2], [0, 0])", x=f32(0, 2, 4))
row(
    "dense_no_batch",
    "nn.ctc_loss(np.zeros((0, 2), 'i'), x, np.zeros(0, 'i'), np.zeros(0, 'i'))",
    x=f32(4, 0, 5),
)
row("dense_large_logits", "nn.ctc_loss(%s, 300.0 * x, [3, 1, 4], [6, 4, 6])" % LABELS)
row("dense_nan", "nn.ctc_loss(%s, x * np.nan, [3, 1, 4], [6, 4, 6])" % LABELS)
row("dense_long", "nn.ctc_loss(np.arange(60).reshape(2, 30) % 9 + 1, x, [30, 25], [90, 70])", grad="x", x=f32(90, 2, 10), rtol=1e-4)  # fmt: skip
row(
    "dense_function",
    "f = tf.function(lambda y, z, m, n: nn.ctc_loss(y, z, m, n))\n"
    "f(tf.constant(%s), x, tf.constant([3, 1, 4]), tf.constant([6, 4, 6]))" % LABELS,
    grad="x",
)
row("dense_weighted", "nn.ctc_loss(%s, x, [3, 1, 4], [6, 4, 6]) * [2.0, 0.0, -1.0]" % LABELS, grad="x")  # fmt: skip
bad("dense_float64", "nn.ctc_loss(%s, x, [3, 1, 4], [6, 4, 6])" % LABELS, x=f64(6, 3, 5))
bad("dense_float_labels", "nn.ctc_loss(np.ones((3, 2), 'f'), x, [1, 1, 1], [6, 4, 6])")
bad(
    "dense_labels_rank",
    "nn.ctc_loss([1, 2, 3], x, [1, 1, 1], [6, 4, 6])",
    "list index out of range",
)
bad("dense_logits_rank", "nn.ctc_loss([[1]], x[0], [1], [6])", "list index out of range")
bad("dense_batch", "nn.ctc_loss([[1], [2]], x, [1, 1, 1], [6, 4, 6])", "Incompatible shapes")
bad("dense_label_length", "nn.ctc_loss(%s, x, [1, 1], [6, 4, 6])" % LABELS, "Incompatible shapes")
bad("dense_logit_length", "nn.ctc_loss(%s, x, [1, 1, 1], [6, 4])" % LABELS, "Incompatible shapes")
bad("dense_no_label_length", "nn.ctc_loss(%s, x, None, [6, 4, 6])" % LABELS, "(None)")
bad("dense_no_logit_length", "nn.ctc_loss(%s, x, [1, 1, 1], None)" % LABELS, "(None)")
bad(
    "second_derivative",
    "with tf.GradientTape() as outer:\n"
    "    outer.watch(x)\n"
    "    with tf.GradientTape() as inner:\n"
    "        inner.watch(x)\n"
    "        y = nn.ctc_loss(%s, x, None, [6, 4, 6], blank_index=-1)\n"
    "    g = inner.gradient(y, x)\n"
    "outer.gradient(g, x).numpy()" % CLASSIC,
    "Gradient explicitly disabled.",
)

# ---- sparse labels

for name, call in {
    "plain": CLASSIC + ", x, None, [6, 4, 6], blank_index=-1",
    "blank_given": CLASSIC + ", x, [9, 9, 9], [6, 4, 6], blank_index=4",
    "blank_first": "sparse([[1, 2, 2], [3, -9, -9], [4, 1, -9]]), x, None, [6, 4, 6], blank_index=0",
    "blank_middle": "sparse([[1, 3, 3], [3, -9, -9], [4, 1, -9]]), x, None, [6, 4, 6], blank_index=2",
    "impossible": "sparse([[1, 2, 2], [3, -9, -9], [0, 1, -9]]), x, None, [3, 4, 6], blank_index=-1",
    "null_at_the_end": "sparse([[1, 4, 7], [3, -9, -9], [0, 1, 9]]), x, None, [6, 4, 6], blank_index=-1",
    "gap": "sparse([[1, -9, 2], [-9, 3, -9], [0, -9, -9]]), x, None, [6, 4, 6], blank_index=-1",
}.items():  # fmt: skip
    row("sparse_" + name, "nn.ctc_loss(%s)" % call, grad="x")
row("sparse_float64", "nn.ctc_loss(%s, x, None, [6, 4, 6], blank_index=-1)" % CLASSIC, x=f64(6, 3, 5), grad="x", rtol=2e-7, why="TF computes in float32 inside")  # fmt: skip
row(
    "sparse_batch_first",
    "nn.ctc_loss(%s, x, None, [6, 4, 6], False, blank_index=-1)" % CLASSIC,
    x=f32(3, 6, 5),
    grad="x",
)
row(
    "sparse_function",
    "f = tf.function(lambda y, z, n: nn.ctc_loss(y, z, None, n, blank_index=-1))\n"
    "f(%s, x, tf.constant([6, 4, 6]))" % CLASSIC,
    grad="x",
)
CALL = "nn.ctc_loss(sparse(%s), x, None, %s, blank_index=-1)"
for name, labels, frames, says in (
    ("null_before", "[[4, 1], [3, 1], [0, 1]]", "[6, 4, 6]", "Saw a non-null label (index >= num_classes - 1) following a null label, batch: 0"),
    ("negative", "[[1, 2], [-1, 1], [0, 1]]", "[6, 4, 6]", "All labels must be nonnegative integers, batch: 1 labels: -1,1"),
    ("row_empty", "[[1, 2], [-9, -9], [0, 1]]", "[6, 4, 6]", "Labels length is zero in batch 1"),
    ("rows_missing", "[[1, 2]]", "[6, 4, 6]", "Labels length is zero in batch 1"),
    ("no_time", "[[1, 2], [2, 3], [0, 1]]", "[6, 1, 6]", "Not enough time for target transition sequence (required: 2, available: 1)"),
    ("frames", "[[1, 2], [2, 3], [0, 1]]", "[6, 7, 6]", "sequence_length(1) <= 6"),
    ("negative_frames", "[[1, 2], [2, 3], [0, 1]]", "[6, -1, 6]", "seq_len(1) < 0"),
    ("batch", "[[1, 2], [2, 3], [0, 1]]", "[6, 4]", "len(sequence_length) != batch_size"),
    ("frames_rank", "[[1, 2], [2, 3], [0, 1]]", "[[6], [4], [6]]", "sequence_length is not a vector"),
):  # fmt: skip
    bad("sparse_" + name, CALL % (labels, frames), says)
bad("sparse_no_blank", "nn.ctc_loss(%s, x, None, [6, 4, 6])" % CLASSIC, "blank_index must be given")
bad("sparse_int64", "nn.ctc_loss(sparse([[1], [2], [0]], 'int64'), x, None, np.array([6, 4, 6], 'i'), blank_index=-1)", "expected to be a int32 tensor but is a int64")  # fmt: skip
bad("sparse_float16", "nn.ctc_loss(%s, tf.cast(x, 'float16'), None, [6, 4, 6], blank_index=-1)" % CLASSIC)  # fmt: skip
bad("sparse_unordered", "nn.ctc_loss(tf.SparseTensor([[1, 0], [0, 0]], [1, 2], [3, 1]), x, None, [6, 4, 6], blank_index=-1)", "label SparseTensor is not valid", "out of order")  # fmt: skip
bad("sparse_rank", "nn.ctc_loss(tf.SparseTensor([[0], [1]], [1, 2], [3]), x, None, [6, 4, 6], blank_index=-1)", "Order length must be SparseTensor rank")  # fmt: skip

# ---- labels

for name, labels in {
    "rows": "[[3, 4, 4, 3], [1, 1, 1, 0], [0, 0, 0, 0], [5, 6, 7, 8]]",
    "int64": "tf.constant([[3, 4, 4, 3]], tf.int64)",
    "one": "[[7], [7]]",
}.items():
    row("unique_" + name, "nn.ctc_unique_labels(%s)" % labels)
bad("unique_rank", "nn.ctc_unique_labels([3, 4])", "unique expects a 1D vector")
for name, call in {
    "rows": "[[1, 1, 2, 2, 1], [0, 0, 0, 0, 3], [1, 2, 3, 4, 5]], [5, 4, 3]",
    "int64": "tf.constant([[1, 1, 2], [0, 0, 0]], tf.int64), tf.constant([2, 0], tf.int64)",
    "float": "[[1.0, 1.0, 2.5, 2.5]], [4]",
    "too_long": "[[1, 1, 2]], [5]",
    "nothing": "[[1, 1, 2], [1, 2, 3]], [0, 0]",
}.items():
    row("collapse_" + name, "nn.collapse_repeated(%s)" % call)
bad("collapse_rank", "nn.collapse_repeated([1, 1, 2], [3])", "has only 1 dims")

# ---- decoding

for merge in ("", ", False", ", merge_repeated=True"):
    row("greedy%d" % len(merge), "decoded(nn.ctc_greedy_decoder(x, [9, 5, 0]%s))" % merge, x=f32(9, 3, 3))  # fmt: skip
row("greedy_float64", "decoded(nn.ctc_greedy_decoder(x, [9, 5, 3]))", x=f64(9, 3, 3))
row("greedy_ties", "decoded(nn.ctc_greedy_decoder(0.0 * x, [4, 5, 3]))", x=f32(9, 3, 3))
row("greedy_one_class", "decoded(nn.ctc_greedy_decoder(x, [4, 5, 3]))", x=f32(9, 3, 1))
row("greedy_int64", "decoded(nn.ctc_greedy_decoder(x, np.array([4, 5, 3])))", x=f32(9, 3, 3))  # fmt: skip
row("greedy_no_batch", "decoded(nn.ctc_greedy_decoder(x, np.zeros(0, 'i')))", x=f32(9, 0, 3))
for name, (shape, call) in {
    "default": ((9, 3, 4), "[9, 5, 2]"),
    "paths": ((7, 2, 4), "[7, 4], top_paths=4"),
    "narrow": ((9, 3, 5), "[9, 5, 2], beam_width=1"),
    "three": ((12, 2, 5), "[12, 8], beam_width=3, top_paths=3"),
    "ten": ((20, 2, 6), "[20, 13], beam_width=10, top_paths=5"),
    "no_frames": ((5, 2, 3), "[0, 5]"),
    "two_classes": ((6, 2, 2), "[6, 5], beam_width=4, top_paths=2"),
    "one_frame": ((1, 2, 4), "[1, 1], top_paths=4"),
}.items():
    row("beam_" + name, "decoded(nn.ctc_beam_search_decoder(2.0 * x, %s))" % call, x=f32(*shape))
row("beam_float64", "decoded(nn.ctc_beam_search_decoder(x, [9, 5, 4], 20, 2))", x=f64(9, 3, 4), rtol=2e-7, why="TF computes in float32 inside")  # fmt: skip
for which in ("greedy", "beam_search"):
    call = "nn.ctc_%s_decoder(%%s)" % which
    bad(which + "_rank", call % "x[0], [6, 6, 6]", "inputs is not a 3-Tensor")
    bad(which + "_batch", call % "x, [6, 6]", "len(sequence_length) != batch_size")
    bad(which + "_frames", call % "x, [6, 7, 6]", "sequence_length(1) <= 6")
    bad(which + "_float16", call % "tf.cast(x, 'float16'), [6, 6, 6]")
bad("beam_width_0", "nn.ctc_beam_search_decoder(x, [6, 6, 6], beam_width=0)", "beam_width' of 0")
bad("beam_paths_0", "nn.ctc_beam_search_decoder(x, [6, 6, 6], top_paths=0)", "top_paths' of 0")
bad(
    "beam_too_many_paths",
    "nn.ctc_beam_search_decoder(x, [6, 6, 6], 2, 3)",
    "more paths than the beam width",
)
bad(
    "beam_leaves",
    "nn.ctc_beam_search_decoder(x, [6, 0, 6], top_paths=3)",
    "Less leaves in the beam",
)
bad("beam_impossible", "nn.ctc_beam_search_decoder(x, [2], top_paths=3)", "Less leaves in the beam", x=f32(2, 1, 2))  # fmt: skip

# ---- Keras

P = f32(3, 6, 5)
COST = "K.ctc_batch_cost(%s, tf.nn.softmax(x), %s, %s)"
for name, args in {
    "plain": ("np.array([[1, 2, 2, 0], [3, 0, 0, 0], [1, 0, 2, 1]])", "np.array([[6], [4], [6]])", "np.array([[3], [1], [4]])"),
    "floats": ("np.array([[1, 2.0], [3, 0], [1, 0]])", "np.array([[6.0], [4], [6]])", "np.array([[2.0], [1], [2]])"),
    "length_beyond": ("np.array([[1, 2], [3, 0], [1, 0]])", "np.array([[6], [4], [6]])", "np.array([[3], [1], [7]])"),
}.items():  # fmt: skip
    row("batch_cost_" + name, COST % args, x=P, grad="x")
row(
    "batch_cost_function",
    "f = tf.function(K.ctc_batch_cost)\n"
    "f(tf.constant([[1, 2], [3, 0], [1, 0]]), tf.nn.softmax(x), tf.constant([[6], [4], [6]]), tf.constant([[2], [1], [2]]))",
    x=P,
    grad="x",
)
bad("batch_cost_rank", COST % ("np.ones((3, 2))", "[6, 4, 6]", "[1, 1, 1]"), "Can not squeeze dim[0]", x=P)  # fmt: skip
bad("batch_cost_nothing", COST % ("np.ones((3, 2))", "[[6], [4], [6]]", "[[1], [0], [1]]"), "Labels length is zero in batch 1", x=P)  # fmt: skip
bad("batch_cost_time", COST % ("np.array([[1, 2], [1, 2], [1, 2]])", "[[6], [1], [6]]", "[[1], [2], [1]]"), "Not enough time for target transition sequence (required: 2, available: 1)", x=P)  # fmt: skip
for name, call in {
    "greedy": "[6, 4, 0]",
    "beam": "[6, 4, 3], greedy=False",
    "paths": "[6, 5, 6], greedy=False, beam_width=50, top_paths=2",
    "nothing": "[0, 0, 0]",
}.items():
    row("decode_" + name, "K.ctc_decode(tf.nn.softmax(3.0 * x), %s)" % call, x=P)
LENGTHS = val([2, 0, 3], "int32")
row("to_sparse", "parts(K.ctc_label_dense_to_sparse(tf.constant([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), n))", n=LENGTHS)  # fmt: skip
row("to_sparse_floats", "parts(K.ctc_label_dense_to_sparse(tf.constant([[1.5, 2], [4, 5], [7, 8]]), n))", n=LENGTHS)  # fmt: skip
row("to_sparse_numpy", "parts(K.ctc_label_dense_to_sparse(np.array([[1, 2], [4, 5], [7, 8]]), n))", n=LENGTHS)  # fmt: skip
bad("to_sparse_rank", "K.ctc_label_dense_to_sparse(tf.constant([[1, 2]]), tf.constant([[1]]))", "value must be a scalar")  # fmt: skip
bad("to_sparse_float_lengths", "K.ctc_label_dense_to_sparse(tf.constant([[1, 2]]), tf.constant([1.0]))", "expected to be a int32 tensor but is a float")  # fmt: skip
