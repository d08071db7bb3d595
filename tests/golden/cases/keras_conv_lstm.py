"""The convolutional LSTM layer: outputs, states and gradients for each option; errors."""

from golden.cases.keras_recurrent import HOLES, PADDED, RUN
from golden.table import Table, f32

table = Table("keras_conv_lstm", rtol=2e-5, why="sums over windows in another order")
case, error = table.case, table.error
X = f32(2, 4, 6, 5, 2)


def row(name, arguments, call="", **options):
    options.setdefault("x", X)
    layer = "L.ConvLSTM2D(%s)" % arguments
    case(name, RUN + "run(%s, x%s)" % (layer, call and ", " + call), **options)


for name, arguments in {
    "plain": "3, 3",
    "one": "1, 1",
    "sequences": "3, (3, 2), return_sequences=True",
    "state": "3, (2, 3), return_state=True",
    "both": "2, 2, return_sequences=True, return_state=True",
    "same": "3, (3, 2), padding='same', return_sequences=True",
    "strides": "2, 3, strides=2, return_state=True",
    "strides_same": "2, 2, strides=(2, 3), padding='same', return_sequences=True",
    "dilation": "2, 2, dilation_rate=2, return_sequences=True",
    "dilation_same": "2, (2, 3), dilation_rate=(2, 1), padding='same'",
    "backwards": "3, 2, go_backwards=True, return_sequences=True",
    "no_bias": "3, 2, use_bias=False",
    "no_forget_bias": "3, 2, unit_forget_bias=False",
    "relu": "3, 2, activation='relu', recurrent_activation='sigmoid'",
    "linear": "2, 2, activation=None, return_sequences=True",
}.items():
    row(name, arguments)
row("one_step", "2, 2, return_state=True", x=f32(2, 1, 4, 4, 3))
for mask, values in (("holes", HOLES), ("padded", PADDED)):
    row("mask_" + mask, "2, 2, return_sequences=True, return_state=True", "mask=m", m=values)
    row("mask_last_" + mask, "2, 2", "mask=m", m=values)
row(
    "initial_state",
    "3, 2, padding='same', return_state=True",
    "[h, c], initial_state=[h, c]",
    h=f32(2, 6, 5, 3),
    c=f32(2, 6, 5, 3),
)
for name, arguments in {
    "dropout": "2, 2, dropout=0.5",
    "recurrent_dropout": "2, 2, recurrent_dropout=0.5",
    "both_dropouts": "2, 2, dropout=0.3, recurrent_dropout=0.4, return_sequences=True",
}.items():
    for training in ("True", "False"):
        case(
            "%s_%s" % (name, training),
            RUN
            + "np.random.seed(7)\nrun(L.ConvLSTM2D(%s), x, training=%s)" % (arguments, training),
            x=X,
            seed=3,
        )
case(
    "channels_first_shapes",
    "layer = tf.keras.layers.ConvLSTM2D(3, 2, data_format='channels_first', return_sequences=True, return_state=True)\n"
    "[layer.compute_output_shape((2, 4, 5, 6, 7)), layer(tf.keras.Input((4, 5, 6, 7)))[0].shape, [w.shape for w in layer.weights]]",
)
case(
    "bidirectional",
    RUN + "run(L.Bidirectional(L.ConvLSTM2D(2, 2, return_sequences=True), merge_mode='sum'), x)",
    x=X,
)
case(
    "function",
    RUN + "layer = built(L.ConvLSTM2D(2, 2), x.shape)\ntf.function(lambda t: layer(t))(x)",
    x=X,
    grad="x",
)
case(
    "stateful",
    RUN
    + """
layer = built(L.ConvLSTM2D(2, 2, stateful=True, padding="same", return_state=True), x.shape)
first, second = layer(x), layer(x)
kept = [s.numpy() for s in layer.states]
layer.reset_states()
third = layer(x)
layer.reset_states([np.ones((2, 6, 5, 2)), np.zeros((2, 6, 5, 2))])
[first, second, kept, third, layer(x), [w.name.split("/")[-1] for w in layer.weights]]
""",
    x=X,
)
case(
    "config",
    """
layer = tf.keras.layers.ConvLSTM2D(3, 2, kernel_regularizer="l2", bias_constraint="non_neg", dropout=0.2, name="c")
config = layer.get_config()
again = tf.keras.layers.ConvLSTM2D.from_config(config)
[config, again.get_config() == config, list(config), layer.states, repr(layer.input_spec)]
""",
)
case(
    "shapes",
    "new = tf.keras.layers.ConvLSTM2D\n"
    "[new(3, 2, return_sequences=s, return_state=r, padding=p).compute_output_shape(x)"
    " for s in (False, True) for r in (False, True) for p in ('same', 'valid')"
    " for x in ((2, 4, 6, 5, 2), (None, 4, None, 5, 2))]",
)
case(
    "symbolic",
    "new = tf.keras.layers.ConvLSTM2D\n"
    "[new(3, 2, return_sequences=True)(tf.keras.Input(shape)).shape"
    " for shape in ((None, None, None, 2), (7, 8, 9, 2), (None, 8, None, 2))]",
)
case(
    "model",
    """
L = tf.keras.layers
model = tf.keras.Sequential([
    L.ConvLSTM2D(2, 2, input_shape=(None, 6, 5, 2), return_sequences=True), L.ConvLSTM2D(1, 2),
    L.Flatten(), L.Dense(1),
])
random = np.random.RandomState(1)
model.set_weights([random.uniform(-1, 1, w.shape).astype(w.dtype) for w in model.get_weights()])
model.compile("sgd", "mse")
losses = [model.train_on_batch(x, np.ones((2, 1))) for _ in range(3)]
[losses, model.predict(x), model.count_params()]
""",
    x=X,
    rtol=1e-4,
)
case(
    "regularizers",
    RUN + "layer = built(L.ConvLSTM2D(2, 2, kernel_regularizer='l2', recurrent_regularizer='l1', "
    "bias_regularizer='l2', activity_regularizer='l2'), x.shape)\nlayer(x)\nsorted(float(loss) for loss in layer.losses)",
    x=X,
    rtol=1e-4,
)
case(
    "initial_weights",
    "layer = tf.keras.layers.ConvLSTM2D(2, 2)\nlayer.build((2, 4, 6, 5, 2))\nlayer.get_weights()",
    seed=5,
    rtol=1e-4,
    why="an orthogonal matrix from a QR decomposition",
)
NEW = "tf.keras.layers.ConvLSTM2D"
for name, code, says in (
    ("rank_4", "(3, 2)(x[0])", "expected ndim=5, found ndim=4"),
    ("rank_6", "(3, 2)(x[None])", "expected ndim=5, found ndim=6"),
    ("negative_filters", "(-3, 2)(x)", "must be >= 0"),
    ("kernel_size", "(3, (2, 2, 2))", "`kernel_size` argument must be a tuple of 2 integers"),
    ("strides", "(3, 2, strides='a')", "`strides` argument must be a tuple of 2 integers"),
    ("padding", "(3, 2, padding='foo')", "Received: foo"),
    ("data_format", "(3, 2, data_format='foo')", "Received: foo"),
    ("strides_dilation", "(3, 2, strides=2, dilation_rate=2)(x)", "strides > 1 not supported"),
    ("channels", "(3, 2)(tf.keras.Input((None, None, None, None)))", "should be defined"),
    ("too_small", "(3, 9)(x)", "Computed output size would be negative"),
    ("unroll", "(3, 2, unroll=True)", "Unrolling isn't possible with convolutional RNNs"),
    ("keyword", "(3, 2, foo=1)", "Keyword argument not understood"),
    ("implementation", "(3, 2, implementation=2)", "Keyword argument not understood"),
    ("stateful", "(3, 2, stateful=True)(tf.keras.Input((7, 8, 9, 2)))", "number of rows and columns"),
    ("reset_plain", "(3, 2).reset_states()", "Layer must be stateful"),
    ("one_state", "(3, 2)(x, initial_state=[x[:, 0]])", "was passed that is not compatible"),
    ("state_depth", "(3, 2)(x, initial_state=[x[:, 0], x[:, 0]])", "was passed that is not compatible"),
    ("ints", "(3, 2)(tf.cast(x, tf.int32))", ""),
    ("other_channels", ".get_config and (lambda l: (l(x), l(x[..., :1])))(tf.keras.layers.ConvLSTM2D(3, 2))", ""),
):  # fmt: skip
    error("bad_" + name, NEW + code, says=(says,), x=X)
