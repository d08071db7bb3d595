"""Recurrent layers and cells: outputs, states, gradients for each option; configs; errors."""

from golden.table import Table, bools, f32, f64, val

table = Table("keras_recurrent")
case, error = table.case, table.error

RUN = """
L = tf.keras.layers

def built(layer, shape):
    layer.build(tf.TensorShape(shape))
    random = np.random.RandomState(1)
    layer.set_weights([random.uniform(-1, 1, w.shape).astype(w.dtype) for w in layer.get_weights()])
    return layer

def run(layer, x, sources=(), **call):
    built(layer, x.shape)
    return differentiate(layer, x, sources, **call)

def differentiate(layer, x, sources=(), **call):
    with tf.GradientTape() as tape:
        tape.watch([x] + list(sources))
        y = layer(x, **call)
        loss = 0.0
        for one in tf.nest.flatten(y):
            weights = np.cos(np.arange(np.prod(one.shape)) + 0.5).reshape(one.shape)
            loss += tf.reduce_sum(one * tf.constant(weights, one.dtype))
    return [y, tape.gradient(loss, [x] + list(sources) + layer.trainable_weights)]
"""
WHY = "sums over time steps in another order"


def row(name, layer, call="", x=None, **options):
    options.setdefault("rtol", 2e-5)
    options.setdefault("why", WHY)
    code = RUN + "run(L.%s, x%s)" % (layer, call and ", " + call)
    case(name, code, x=f32(2, 4, 5) if x is None else x, **options)


HOLES = val([[True, False, True, True], [False, True, True, False]], "bool")
PADDED = val([[True, True, True, True], [True, True, False, False]], "bool")
NOTHING = val([[False, False, False, False], [True, False, False, False]], "bool")
OPTIONS = {
    "plain": "",
    "sequences": "return_sequences=True",
    "state": "return_state=True",
    "both": "return_sequences=True, return_state=True",
    "backwards": "go_backwards=True, return_sequences=True",
    "unroll": "unroll=True, return_sequences=True",
    "no_bias": "use_bias=False, return_sequences=True",
    "relu": "activation='relu', return_sequences=True",
    "linear": "activation=None, return_sequences=True",
    "softsign": "activation='softsign', return_sequences=True",
}
OF_GATES = {
    "hard_sigmoid": "recurrent_activation='hard_sigmoid', return_sequences=True",
    "gates_relu": "recurrent_activation='relu', activation='sigmoid'",
    "gates_softplus": "recurrent_activation='softplus'",
    "implementation_1": "implementation=1, return_sequences=True",
}
for kind, states in (("SimpleRNN", 1), ("LSTM", 2), ("GRU", 1)):
    options = dict(OPTIONS)
    if kind != "SimpleRNN":
        options.update(OF_GATES)
    if kind == "LSTM":
        options["no_forget_bias"] = "unit_forget_bias=False"
    if kind == "GRU":
        options["reset_before"] = "reset_after=False, return_sequences=True"
        options["reset_before_no_bias"] = "reset_after=False, use_bias=False"
        options["reset_before_relu"] = "reset_after=False, activation='relu', implementation=1"
    for name, text in options.items():
        layer = "%s(3%s)" % (kind, text and ", " + text)
        row("%s_%s" % (kind, name), layer)
    for name, mask in (("holes", HOLES), ("padded", PADDED), ("nothing", NOTHING)):
        for which in ("plain", "both", "backwards", "unroll", "relu"):
            layer = "%s(3, %s)" % (kind, options[which])
            row("%s_%s_%s" % (kind, which, name), layer, "mask=m", m=mask)
        layer = "%s(3, zero_output_for_mask=True, return_sequences=True, return_state=True)" % kind
        row("%s_zero_output_%s" % (kind, name), layer, "mask=m", m=mask)
        layer = "%s(3, zero_output_for_mask=True, unroll=True, return_sequences=True)" % kind
        row("%s_zero_output_unroll_%s" % (kind, name), layer, "mask=m", m=mask)
        initial = ", ".join("sxy"[i] if i else "s" for i in range(states))
        given = {"s": f32(2, 3)}
        if states == 2:
            initial, given["c"] = "s, c", f32(2, 3)
        layer = "%s(3, return_sequences=True, return_state=True)" % kind
        row(
            "%s_initial_state_%s" % (kind, name),
            layer,
            "[%s], initial_state=[%s], mask=m" % (initial, initial),
            m=mask,
            **given,
        )
    row("%s_initial_state" % kind, layer, "[%s], initial_state=[%s]" % (initial, initial), **given)
    if kind == "GRU":
        layer = "GRU(3, reset_after=False, return_sequences=True, return_state=True)"
        call = "[s], initial_state=[s], mask=m"
        row("GRU_reset_before_initial_state", layer, call, m=HOLES, **given)
    row("%s_time_major" % kind, "%s(3, time_major=True, return_sequences=True)" % kind)
    row(
        "%s_time_major_mask" % kind,
        "%s(3, time_major=True, return_sequences=True, return_state=True)" % kind,
        "mask=m",
        x=f32(4, 2, 5),
        m=bools(4, 2),
    )
    row("%s_float64" % kind, "%s(3, dtype='float64')" % kind, x=f64(2, 4, 5), rtol=1e-11)
    row("%s_one_step" % kind, "%s(3, return_state=True)" % kind, x=f32(3, 1, 2))
    row("%s_one_unit" % kind, "%s(1, return_sequences=True)" % kind, x=f32(1, 6, 1))
    row("%s_long" % kind, "%s(4)" % kind, x=f32(3, 30, 2), rtol=1e-4)
    row(
        "%s_int_mask" % kind, "%s(3)" % kind, "mask=m", m=val([[1, 0, 1, 1], [0, 1, 1, 0]], "int32")
    )
    row("%s_as_rnn" % kind, "RNN(L.%sCell(3), return_sequences=True, return_state=True)" % kind)
    row("%s_as_rnn_mask" % kind, "RNN(L.%sCell(3), return_state=True)" % kind, "mask=m", m=HOLES)
    row("%s_no_batch" % kind, "%s(3, return_sequences=True)" % kind, x=f32(0, 4, 5))
    case(
        "%s_function" % kind,
        RUN
        + """
layer = L.%s(3, return_sequences=True, return_state=True)
built(layer, x.shape)

@tf.function
def step(x, m):
    return differentiate(layer, x, mask=m)

step(x, m)
"""
        % kind,
        x=f32(2, 4, 5),
        m=HOLES,
        rtol=2e-5,
        why=WHY,
    )
    case(
        "%s_second_order" % kind,
        RUN
        + """
layer = built(L.%s(3), x.shape)
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.reduce_sum(layer(x) ** 2)
    g = tf.reduce_sum(inner.gradient(y, x) ** 2)
outer.gradient(g, [x] + layer.trainable_weights)
"""
        % kind,
        x=f32(2, 3, 2),
        rtol=1e-4,
        why=WHY,
    )
    case(
        "%s_stateful" % kind,
        RUN
        + """
layer = built(L.%s(3, stateful=True, return_sequences=True), x.shape)
first = layer(x)
second = layer(x)
states = [s.numpy() for s in layer.states]
layer.reset_states()
third = layer(x)
layer.reset_states([np.full((2, 3), 0.5, 'float32')] * len(layer.states))
fourth = layer(x)
[first, second, third, fourth, states, [w.name.split('/')[-1] for w in layer.weights]]
"""
        % kind,
        x=f32(2, 4, 5),
        rtol=2e-5,
        why=WHY,
    )
    for text in (
        "dropout=0.5",
        "recurrent_dropout=0.5",
        "dropout=0.3, recurrent_dropout=0.4",
        "dropout=0.5, unroll=True",
        "dropout=0.5, activation='relu'",
        "dropout=0.5, time_major=True",
        "dropout=0.5, go_backwards=True",
        "dropout=0.5, implementation=1",
        "dropout=0.5, recurrent_dropout=0.4, implementation=1",
        "dropout=0.5, activation='relu', implementation=1",
        "dropout=0.5, use_bias=False",
        "dropout=0.3, recurrent_dropout=0.4, reset_after=False",
        "dropout=0.3, recurrent_dropout=0.4, reset_after=False, implementation=1",
    ):
        if ("implementation" in text and kind == "SimpleRNN") or (
            "reset" in text and kind != "GRU"
        ):
            continue
        call = ("[run(layer, x, training=True), layer(x, training=True), layer(x), "
                "layer(x, training=False)]")  # fmt: skip
        case(
            "%s_%s" % (kind, text),
            RUN + "layer = L.%s(3, return_sequences=True, %s)\n" % (kind, text) + call,
            x=f32(2, 4, 5),
            seed=7,
            rtol=2e-5,
            why=WHY,
        )
    case(
        "%s_cell_dropout" % kind,
        """
cell = tf.keras.layers.%sCell(3, dropout=0.4, recurrent_dropout=0.3, kernel_initializer="ones",
                              recurrent_initializer="ones")
states = [s + 1.0 for s in tf.nest.flatten(cell.get_initial_state(batch_size=2, dtype="float32"))]
found = [cell(x, states, training=True)[0] for _ in range(2)]
cell.reset_dropout_mask()
found.append(cell(x, states, training=True)[0])
cell.reset_recurrent_dropout_mask()
found.append(cell(x, states, training=True)[0])
found.append(cell(x, states)[0])
found
"""
        % kind,
        x=f32(2, 5),
        seed=3,
        rtol=1e-5,
        why=WHY,
    )
    case(
        "%s_cell" % kind,
        """
cell = tf.keras.layers.%sCell(3, kernel_initializer="ones", recurrent_initializer="ones",
                              bias_initializer="ones")
states = cell.get_initial_state(x)
first = cell(x, [s + 0.5 for s in tf.nest.flatten(states)])
[first, states, cell.state_size, cell.output_size, [w.name.split("/")[-1] for w in cell.weights],
 [w.shape for w in cell.weights], cell.bias]
"""
        % kind,
        x=f32(2, 5),
        rtol=1e-5,
        why=WHY,
    )
    case(
        "%s_config" % kind,
        "layer = tf.keras.layers.%s(3, return_sequences=True, dropout=0.25, kernel_regularizer='l2', "
        "recurrent_constraint=tf.keras.constraints.MaxNorm(1.5), name='named')\n"
        "again = type(layer).from_config(layer.get_config())\n"
        "cell = layer.cell.get_config()\n"
        "cell['name'] = 'cell'\n"
        "[layer.get_config(), again.get_config() == layer.get_config(), cell]" % kind,
    )
    case(
        "%s_plain_config" % kind,
        "tf.keras.layers.%s(3, name='a', batch_input_shape=(2, 4, 5)).get_config()" % kind,
    )
    case(
        "%s_weights" % kind,
        "layer = tf.keras.layers.%s(3)\n"
        "y = layer(x)\n"
        "start = layer.name + '/'\n"
        "[[w.name.replace(start, '') for w in layer.weights], [w.shape for w in layer.weights], "
        "[w.numpy() for w in layer.weights], layer.states, len(layer.state_spec), layer.count_params()]"
        % kind,
        x=f32(2, 4, 5),
        seed=5,
        rtol=1e-5,
        why="orthogonal matrices by another QR",
    )
    case(
        "%s_losses" % kind,
        "layer = tf.keras.layers.%s(3, kernel_regularizer='l2', recurrent_regularizer='l1', "
        "bias_regularizer='l2', activity_regularizer='l2', kernel_initializer='ones', "
        "recurrent_initializer='ones', bias_initializer='ones')\n"
        "y = layer(x)\n"
        "sorted(float(loss) for loss in layer.losses)" % kind,
        x=f32(2, 4, 5),
        rtol=1e-5,
        why=WHY,
    )
    case(
        "%s_shapes" % kind,
        """
L = tf.keras.layers
found = []
for sequences in (False, True):
    for state in (False, True):
        for major in (False, True):
            layer = L.%s(3, return_sequences=sequences, return_state=state, time_major=major)
            shape = layer.compute_output_shape((2, 4, 5))
            described = layer(tf.keras.Input((None, 5)))
            found.append([shape, tf.nest.map_structure(lambda t: t.shape, described)])
            found.append(layer.compute_mask(None, m))
found
"""
        % kind,
        m=HOLES,
    )
    case(
        "%s_mask_goes_on" % kind,
        "y = tf.keras.layers.%s(3, return_sequences=True)(x, mask=m)\ny._keras_mask" % kind,
        x=f32(2, 4, 5),
        m=HOLES,
    )
    case(
        "%s_properties" % kind,
        "layer = tf.keras.layers.%s(3)\n"
        "names = 'units use_bias dropout recurrent_dropout return_sequences return_state "
        "go_backwards stateful unroll time_major supports_masking trainable dtype'.split()\n"
        "[[getattr(layer, name) for name in names], layer.activation is tf.keras.activations.tanh]"
        % kind,
    )

    # ---- bad input

    new = "tf.keras.layers.%s" % kind
    error(kind + "_rank_2", new + "(3)(x)", x=f32(2, 5), says=("expected ndim=3, found ndim=2",))
    error(kind + "_rank_4", new + "(3)(x)", x=f32(2, 4, 5, 6), says=("expected ndim=3",))
    error(kind + "_no_steps", new + "(3)(x)", x=f32(2, 0, 5), says=("out of bounds",))
    error(
        kind + "_stateful_without_batch_size",
        new + "(3, stateful=True)(tf.keras.Input((4, 5)))",
        says=("it needs to know its batch size",),
    )
    error(
        kind + "_batch_size_changes",
        "layer = %s(3, stateful=True)\nlayer(x)\nlayer(y)" % new,
        x=f32(2, 4, 5),
        y=f32(3, 4, 5),
        says=("Incompatible shapes",),
    )
    error(
        kind + "_states_of_another_shape",
        new + "(3)(x, initial_state=[s] * %d)" % states,
        x=f32(2, 4, 5),
        s=f32(2, 4),
        says=("An `initial_state` was passed that is not compatible with `cell.state_size`",),
    )
    error(
        kind + "_too_many_states",
        new + "(3)(x, initial_state=[s] * 3)",
        x=f32(2, 4, 5),
        s=f32(2, 3),
        says=("not compatible with `cell.state_size`",),
    )
    error(
        kind + "_states_of_another_batch",
        new + "(3)(x, initial_state=[s] * %d)" % states,
        x=f32(2, 4, 5),
        s=f32(3, 3),
        says=("Incompatible shapes",),
    )
    error(kind + "_reset_plain", new + "(3).reset_states()", says=("Layer must be stateful.",))
    error(
        kind + "_reset_unbuilt",
        new + "(3, stateful=True).reset_states()",
        says=("it needs to know its batch size",),
    )
    error(
        kind + "_reset_shape",
        "layer = %s(3, stateful=True)\nlayer(x)\nlayer.reset_states([np.zeros((3, 3))] * %d)"
        % (new, states),
        x=f32(2, 4, 5),
        says=("State 0 is incompatible with layer",),
    )
    error(
        kind + "_reset_number",
        "layer = %s(3, stateful=True)\nlayer(x)\nlayer.reset_states([np.zeros((2, 3))] * 3)" % new,
        x=f32(2, 4, 5),
        says=("states, but it received 3 state values",),
    )
    error(kind + "_negative_units", new + "(-1)(x)", x=f32(2, 4, 5))
    error(kind + "_units_no_int", new + "(2.5)(x)", x=f32(2, 4, 5))
    error(kind + "_unknown_keyword", new + "(3, foo=1)", says=("Keyword argument not understood",))
    error(kind + "_unroll_unknown_length", new + "(3, unroll=True)(tf.keras.Input((None, 5)))")
    error(kind + "_ints", new + "(3)(x)", x=val([[[1, 2], [3, 4]]], "int32"))
    error(
        kind + "_mask_too_short",
        new + "(3)(x, mask=m)",
        x=f32(2, 4, 5),
        m=val([[True], [True]], "bool"),
    )
    error(kind + "_features_unknown", new + "(3)(tf.keras.Input((None, None)))")
    error(kind + "_dropout_none", new + "(3, dropout=None)")

# ------------------------------------------------------------------------- stacks, own cells

row("stack", "RNN([L.LSTMCell(3), L.GRUCell(2)], return_state=True, return_sequences=True)")
row("stack_mask", "RNN([L.SimpleRNNCell(3), L.GRUCell(2)], return_state=True)", "mask=m", m=HOLES)
row("stack_unroll", "RNN([L.LSTMCell(3), L.LSTMCell(2)], unroll=True, return_sequences=True)")
row("stack_backwards", "RNN([L.LSTMCell(3), L.LSTMCell(2)], go_backwards=True)")
case(
    "stack_sizes",
    "L = tf.keras.layers\n"
    "cell = L.StackedRNNCells([L.LSTMCell(3), L.GRUCell(2)])\n"
    "states = cell.get_initial_state(batch_size=2, dtype='float32')\n"
    "[cell.state_size, cell.output_size, states, L.RNN(cell).states]",
)
case(
    "stack_config",
    "L = tf.keras.layers\n"
    "cell = L.StackedRNNCells([L.LSTMCell(3, name='a'), L.GRUCell(2, name='b')], name='c')\n"
    "[cell.get_config(), L.StackedRNNCells.from_config(cell.get_config()).get_config() == cell.get_config()]",
)
case(
    "stack_dropout",
    RUN
    + "layer = L.RNN([L.LSTMCell(3, dropout=0.4), L.GRUCell(2, recurrent_dropout=0.4)], return_sequences=True)\n"
    "[run(layer, x, training=True), layer(x, training=True), layer(x)]",
    x=f32(2, 4, 5),
    seed=3,
    rtol=2e-5,
    why=WHY,
)
row("rnn_dropout", "RNN(L.GRUCell(3, dropout=0.4), return_sequences=True)", "training=True", seed=3)
error("stack_of_nothing", "tf.keras.layers.StackedRNNCells([]).output_size")
error(
    "stack_of_numbers", "tf.keras.layers.StackedRNNCells([3])", says=("must have a `call` method",)
)
error(
    "stack_of_dense",
    "tf.keras.layers.StackedRNNCells([tf.keras.layers.Dense(3)])",
    says=("must have a `state_size` attribute",),
)
error("rnn_of_nothing", "tf.keras.layers.RNN(object())", says=("should have a `call` method",))
error("rnn_of_text", "tf.keras.layers.RNN('x')", says=("should have a `call` method",))
error(
    "rnn_without_state_size",
    "tf.keras.layers.RNN(tf.keras.layers.Dense(3))",
    says=("The RNN cell should have an attribute `state_size`",),
)

CELL = (
    RUN
    + """
class Own(L.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units
        self.inner = L.Dense(units, kernel_initializer='ones')

    def build(self, shape):
        self.w = self.add_weight('w', (shape[-1], self.units), initializer='ones')
        self.built = True

    def call(self, inputs, states, constants=None, training=None):
        output = self.inner(tf.tanh(inputs @ self.w) - states[0])
        if constants is not None:
            output = output * constants[0]
        if training is True:
            output = output + 1.0
        return output, [tf.sin(output)]

    def get_config(self):
        return dict(super().get_config(), units=self.units)
"""
)
for name, code in {
    "plain": "differentiate(L.RNN(Own(3), return_sequences=True, return_state=True), x)",
    "training": "differentiate(L.RNN(Own(3)), x, training=True)",
    "unroll": "differentiate(L.RNN(Own(3), unroll=True, return_sequences=True), x)",
    "mask": "differentiate(L.RNN(Own(3), return_sequences=True), x, mask=m)",
    "constants": "differentiate(L.RNN(Own(3)), x, [c], constants=c)",
    "in_a_list": "layer = L.RNN(Own(3))\nlayer._num_constants = 1\ndifferentiate(layer, x, [c], constants=[c], initial_state=[c])",
    "stack": "differentiate(L.RNN([Own(3), L.LSTMCell(2)], return_state=True), x)",
    "bidirectional": "with tf.keras.utils.custom_object_scope({'Own': Own}):\n    layer = L.Bidirectional(L.RNN(Own(3)))\ndifferentiate(layer, x)",
    "names": "layer = L.RNN(Own(3), name='r')\ny = layer(x)\n[w.name.replace(layer.cell.inner.name, 'dense') for w in layer.weights]",
    "config": "config = L.RNN(Own(3, name='o'), name='r').get_config()\n[config, L.RNN.from_config(dict(config), custom_objects={'Own': Own}).cell.units]",
    "functional": "i = tf.keras.Input((4, 5))\nk = tf.keras.Input((3,))\nlayer = L.RNN(Own(3))\ny = layer(i, constants=k, initial_state=k)\n[y.shape, [t.shape for t in layer.input], len(layer.input_spec)]",
}.items():
    case(
        "own_cell_" + name,
        CELL + code,
        x=f32(2, 4, 5),
        m=HOLES,
        c=f32(2, 3),
        rtol=2e-5,
        why=WHY,
        seed=1,
    )
for name, (body, call) in {
    "no_layer": (
        "state_size = 3\n    output_size = 3",
        "return inputs + states[0], [states[0] + 1.0]",
    ),
    "state_alone": ("state_size = 3", "return inputs + states[0], states[0] + 1.0"),
    "two_states": (
        "state_size = [3, tf.TensorShape([2, 2])]",
        "return inputs + states[0], [states[0] + 1.0, states[1] * 2.0 + 1.0]",
    ),
    "other_output": ("state_size = 3\n    output_size = 5", "return inputs + states[0], states"),
    "outputs_in_a_dict": (
        "state_size = 3",
        "return {'a': inputs, 'b': 2 * inputs + states[0]}, [states[0] + 1]",
    ),
    "first_states": (
        "state_size = 3\n    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):\n        return [5 * tf.ones([batch_size, 3])]",
        "return inputs + states[0], [states[0] * 2]",
    ),
    "kwargs": ("state_size = 3", "return inputs + states[0], [states[0] * 2 + 1]"),
}.items():
    case(
        "cell_" + name,
        "class Cell:\n    %s\n    def call(self, inputs, states):\n        %s\n"
        "[tf.keras.layers.RNN(Cell(), return_sequences=True, return_state=True)(x), tf.keras.layers.RNN(Cell())(x, mask=m)]"
        % (body, call),
        x=f32(2, 4, 3),
        m=HOLES,
    )  # fmt: skip
case(
    "cell_of_structures",
    "class Cell(tf.keras.layers.Layer):\n    state_size = 3\n"
    "    def call(self, inputs, states):\n        return inputs['a'] - inputs['b'], states\n"
    "tf.keras.layers.RNN(Cell(), return_sequences=True)({'a': x, 'b': 2 * x})",
    x=f32(2, 4, 3),
)
case(
    "cell_draws_numbers",
    "class Cell(tf.keras.layers.Layer):\n    state_size = 3\n"
    "    def call(self, inputs, states):\n"
    "        return tf.nn.dropout(inputs, 0.5) + states[0], [states[0] + 1]\n"
    "tf.keras.layers.RNN(Cell(), return_sequences=True)(x)",
    x=f32(2, 4, 3),
    seed=1,
)
error("abstract_cell", "tf.keras.layers.AbstractRNNCell().state_size", says=("Abstract method",))
case(
    "abstract_cell_subclass",
    """
class Cell(tf.keras.layers.AbstractRNNCell):
    state_size = output_size = 3

    def call(self, inputs, states):
        return inputs + states[0], [states[0] + 1.0]

[tf.keras.layers.RNN(Cell())(x), Cell().get_initial_state(batch_size=2, dtype="float32"),
 Cell().get_initial_state(inputs=tf.ones([4, 3]))]
""",
    x=f32(2, 4, 3),
)
error(
    "states_of_the_rnn",
    "tf.keras.layers.RNN(tf.keras.layers.GRUCell(3))(x, initial_state=[s])",
    x=f32(2, 4, 5),
    s=f32(2, 4),
    says=("not compatible with `cell.state_size`",),
)

# ------------------------------------------------------------------------------ Bidirectional

for merge in ("concat", "sum", "mul", "ave", None):
    for kind in ("SimpleRNN", "LSTM", "GRU"):
        for text in ("", "return_sequences=True", "return_sequences=True, return_state=True"):
            inner = "L.%s(3%s)" % (kind, text and ", " + text)
            layer = "Bidirectional(%s, merge_mode=%r)" % (inner, merge)
            row("both_ways_%s_%s_%s" % (merge, kind, text.count("=")), layer)
            if kind == "LSTM":
                row("both_ways_%s_mask_%s" % (merge, text.count("=")), layer, "mask=m", m=HOLES)
                case(
                    "both_ways_%s_shapes_%s" % (merge, text.count("=")),
                    RUN + "layer = L.%s\n" % layer + "y = layer(tf.keras.Input((4, 5)))\n"
                    "[tf.nest.map_structure(lambda t: t.shape, y), layer.compute_mask(None, m)]",
                    m=HOLES,
                )
row(
    "both_ways_initial_state", "Bidirectional(L.LSTM(3))", "[s], initial_state=[s] * 4", s=f32(2, 3)
)
row(
    "both_ways_backward_layer",
    "Bidirectional(L.LSTM(3), backward_layer=L.GRU(2, go_backwards=True))",
)
row("both_ways_backwards", "Bidirectional(L.GRU(3, go_backwards=True, return_sequences=True))")
row(
    "both_ways_time_major",
    "Bidirectional(L.GRU(3, time_major=True, return_sequences=True))",
    differs="TF 2.1 reverses the backward outputs along axis 1, which is the batch here",
)
row("both_ways_stack", "Bidirectional(L.RNN([L.LSTMCell(3), L.GRUCell(2)], return_state=True))")
row("both_ways_dropout", "Bidirectional(L.LSTM(3, dropout=0.4))", "training=True", seed=4)
row(
    "both_ways_recurrent_dropout",
    "Bidirectional(L.GRU(3, recurrent_dropout=0.4))",
    "training=True",
    seed=4,
)
case(
    "both_ways_config",
    "L = tf.keras.layers\n"
    "layer = L.Bidirectional(L.LSTM(3, name='a'), merge_mode='sum', name='b')\n"
    "[layer.get_config(), L.Bidirectional.from_config(layer.get_config()).get_config() == layer.get_config()]",
)
case(
    "both_ways_names",
    "L = tf.keras.layers\n"
    "layer = L.Bidirectional(L.LSTM(3, name='a'), name='b')\n"
    "y = layer(x)\n"
    "[[w.name for w in layer.weights], layer.forward_layer.name, layer.backward_layer.name, layer.layer.name]",
    x=f32(2, 4, 5),
)
case(
    "both_ways_weights",
    "layer = tf.keras.layers.Bidirectional(tf.keras.layers.GRU(3))\ny = layer(x)\nlayer.get_weights()",
    x=f32(2, 4, 5),
    seed=5,
    rtol=1e-5,
    why="orthogonal matrices by another QR",
)
case(
    "both_ways_stateful",
    RUN + "layer = built(L.Bidirectional(L.LSTM(3, stateful=True)), x.shape)\n"
    "found = [layer(x), layer(x)]\nlayer.reset_states()\n[found, layer(x)]",
    x=f32(2, 4, 5),
    rtol=2e-5,
    why=WHY,
)
error("both_ways_of_nothing", "tf.keras.layers.Bidirectional(3)", says=("with a `Layer` instance",))
error("both_ways_of_dense", "tf.keras.layers.Bidirectional(tf.keras.layers.Dense(3))")
error(
    "both_ways_unknown_merge",
    "tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3), merge_mode='foo')",
    says=("Invalid merge mode",),
)
error(
    "both_ways_same_way",
    "tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3), backward_layer=tf.keras.layers.LSTM(3))",
    says=("different `go_backwards` value",),
)
error(
    "both_ways_different",
    "L = tf.keras.layers\n"
    "L.Bidirectional(L.LSTM(3), backward_layer=L.LSTM(3, go_backwards=True, return_sequences=True))",
    says=("the same value for attribute return_sequences",),
)
error(
    "both_ways_backward_number",
    "tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3), backward_layer=3)",
    says=("`backward_layer` need to be a `Layer` instance",),
)
error(
    "both_ways_odd_states",
    "tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3))(x, initial_state=[s] * 3)",
    x=f32(2, 4, 5),
    s=f32(2, 3),
    says=("the states of the underlying RNNs",),
)
case(
    "states_are_inputs",
    "L = tf.keras.layers\n"
    "i = tf.keras.Input((4, 5))\ns = tf.keras.Input((3,))\nlayer = L.LSTM(3)\n"
    "y = layer(i, initial_state=[s, s])\n"
    "z = L.GRU(3)([i, s])\n"
    "[y.shape, z.shape, [t.shape for t in layer.input], len(layer.input_spec)]",
)

# ---- options together: every pair of options in each of its four ways

TOGETHER = """
import itertools
names = ["return_sequences", "go_backwards", "time_major", "unroll"]
found = []
for a, b, c in itertools.product([False, True], repeat=3):
    values = [a, b, c, a != b, a != c, b != c]
    options = dict(zip(names, values))
    layer = L.%s, return_state=True, **options)
    layer.build(x.shape)
    layer.set_weights([np.cos(np.arange(w.size) + i).reshape(w.shape).astype(w.dtype)
                       for i, w in enumerate(layer.get_weights())])
    sequence = tf.transpose(x, [1, 0, 2]) if options["time_major"] else x
    call = {}
    if values[4]:
        call["mask"] = tf.transpose(m) if options["time_major"] else m
    states = [s, s * 0.5][:%d]
    if values[5]:
        call["initial_state"] = states
    with tf.GradientTape() as tape:
        tape.watch([x, s])
        sequence = tf.transpose(x, [1, 0, 2]) if options["time_major"] else x
        y = layer(sequence, **call)
        loss = sum(tf.reduce_sum(one * one * (k + 1.0)) for k, one in enumerate(y))
    found.append([y[0], y[1], loss, tape.gradient(loss, [x] + layer.trainable_weights)])
found
"""
for name, layer, states in (
    ("SimpleRNN", "SimpleRNN(2", 1),
    ("LSTM", "LSTM(2", 2),
    ("GRU", "GRU(2", 1),
    ("GRU_reset_before", "GRU(2, reset_after=False", 1),
    ("stack", "RNN([L.GRUCell(2), L.SimpleRNNCell(2)]", 2),
):
    case(
        "together_" + name,
        RUN + TOGETHER % (layer, states),
        x=f32(2, 3, 2),
        m=val([[True, False, True], [True, True, False]], "bool"),
        s=f32(2, 2),
        rtol=5e-5,
        why=WHY,
    )
