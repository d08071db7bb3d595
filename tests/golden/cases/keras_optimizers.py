"""Optimizers: trajectories, slots, names, configs, sparse gradients, bad input."""

from golden.table import Table, f16, f32, f64

table = Table("keras_optimizers")
case, error = table.case, table.error

# Every optimizer with every set of options: name -> constructor call, without "tf.keras.optimizers.".
OPTIMIZERS = {
    "sgd": "SGD(0.1)",
    "sgd_defaults": "SGD()",
    "sgd_momentum": "SGD(0.1, momentum=0.9)",
    "sgd_nesterov": "SGD(0.1, momentum=0.9, nesterov=True)",
    "sgd_decay": "SGD(0.1, decay=0.2)",
    "sgd_schedule": "SGD(tf.keras.optimizers.schedules.ExponentialDecay(0.1, 3, 0.5))",
    "adam": "Adam(0.1)",
    "adam_defaults": "Adam()",
    "adam_betas": "Adam(0.05, beta_1=0.7, beta_2=0.9, epsilon=0.01)",
    "adam_amsgrad": "Adam(0.1, amsgrad=True)",
    "adam_decay": "Adam(0.1, decay=0.5)",
    "adam_schedule": "Adam(tf.keras.optimizers.schedules.InverseTimeDecay(0.1, 2, 0.5))",
    "rmsprop": "RMSprop(0.1)",
    "rmsprop_rho": "RMSprop(0.1, rho=0.5, epsilon=0.1)",
    "rmsprop_momentum": "RMSprop(0.1, momentum=0.5)",
    "rmsprop_centered": "RMSprop(0.1, centered=True, epsilon=0.01)",
    "rmsprop_both": "RMSprop(0.1, momentum=0.5, centered=True, epsilon=0.01)",
    "rmsprop_decay": "RMSprop(0.1, decay=0.5)",
    "adagrad": "Adagrad(0.1)",
    "adagrad_initial": "Adagrad(0.1, initial_accumulator_value=0.0, epsilon=0.01)",
    "adagrad_decay": "Adagrad(0.1, decay=0.5)",
    "adadelta": "Adadelta(1.0)",
    "adadelta_rho": "Adadelta(1.0, rho=0.5, epsilon=0.01)",
    "adadelta_decay": "Adadelta(1.0, decay=0.5)",
    "adamax": "Adamax(0.1)",
    "adamax_betas": "Adamax(0.1, beta_1=0.5, beta_2=0.6, epsilon=0.01)",
    "adamax_decay": "Adamax(0.1, decay=0.5)",
    "nadam": "Nadam(0.1)",
    "nadam_betas": "Nadam(0.1, beta_1=0.5, beta_2=0.6, epsilon=0.01)",
    "nadam_schedule_decay": "Nadam(0.1, schedule_decay=0.5)",
    "ftrl": "Ftrl(0.1)",
    "ftrl_power": "Ftrl(0.1, learning_rate_power=-0.7)",
    "ftrl_power_zero": "Ftrl(0.1, learning_rate_power=0.0)",
    "ftrl_l1": "Ftrl(0.1, l1_regularization_strength=0.3)",
    "ftrl_l2": "Ftrl(0.1, l2_regularization_strength=0.3, initial_accumulator_value=0.5)",
    "ftrl_shrinkage": "Ftrl(0.1, l1_regularization_strength=0.1, l2_shrinkage_regularization_strength=0.2)",
    "ftrl_decay": "Ftrl(0.1, decay=0.5)",
}
KINDS = [name for name in OPTIMIZERS if "_" not in name]

TRAJECTORY = """
opt = tf.keras.optimizers.{}
a, b = tf.Variable(x, name="a"), tf.Variable(y, name="scope/b")
result = []
for step in range(1, 11):
    opt.apply_gradients([(g * (0.7 ** step), a), (h * np.cos(step), b)])
    if step in (1, 2, 10):
        result.append([a.numpy(), b.numpy()])
result.append(opt.get_weights())
result
"""

TRACED = """
opt = tf.keras.optimizers.{}
a, b = tf.Variable(x), tf.Variable(y)

@tf.function
def step(g, h):
    opt.apply_gradients([(g, a), (h, b)])

for i in range(5):
    step(g * (0.7 ** i), h)
result = [a.numpy(), b.numpy(), opt.get_weights()]
"""

SPARSE = """
opt = tf.keras.optimizers.{}
a = tf.Variable(x)
result = []
for step, rows in enumerate([[3, 0, 3], [0, 1, 1], [1, 3, 0]]):
    opt.apply_gradients([(tf.IndexedSlices(g * (step + 1.0), tf.constant(rows), tf.constant([5, 2])), a)])
    result.append(a.numpy())
result.append(opt.get_weights())
result
"""

for name, made in OPTIMIZERS.items():
    case("steps_" + name, TRAJECTORY.format(made), x=f32(2, 3), y=f32(3), g=f32(2, 3), h=f32(3))
    case("sparse_" + name, SPARSE.format(made), x=f32(5, 2), g=f32(3, 2))
    config = "opt = tf.keras.optimizers.{}\nresult = [opt.get_config(), {}]"
    case("config_" + name, config.format(made, "sorted(opt._hyper)"))
    again = "type(opt).from_config(opt.get_config()).get_config()"
    case("config_again_" + name, config.format(made, again))

for name in KINDS:
    made = OPTIMIZERS[name]
    case("traced_" + name, TRACED.format(made), x=f32(2, 3), y=f32(3), g=f32(2, 3), h=f32(3))
    double = "opt.apply_gradients([(g, a), (h, b)])"
    why = "the learning rate is a float32 variable in both; float16 rounds at each of 10 steps"
    case("float64_" + name, TRAJECTORY.format(made), x=f64(2, 3), y=f64(3), g=f64(2, 3), h=f64(3))
    case(
        "float16_" + name,
        TRAJECTORY.format(made),
        x=f16(2, 3),
        y=f16(3),
        g=f16(2, 3),
        h=f16(3),
        rtol=2e-2,
        why=why,
    )
    case(
        "mixed_dtypes_" + name,
        TRAJECTORY.format(made),
        x=f32(2, 3),
        y=f64(3),
        g=f32(2, 3),
        h=f64(3),
    )
    case(
        "sparse_int64_" + name,
        SPARSE.format(made).replace("tf.constant(rows)", "tf.constant(rows, tf.int64)"),
        x=f64(5, 2),
        g=f64(3, 2),
    )

# ---- variables: names, order, slots

NAMES = """
opt = tf.keras.optimizers.{}
a, b = tf.Variable([1.0], name="dense/kernel"), tf.Variable(2.0)
opt.apply_gradients([(tf.constant([0.5]), a)])
opt.apply_gradients([(tf.constant(0.5), b), (tf.constant([0.5]), a)])
result = [
    [(w.name, w.dtype.name, w.trainable, w.shape.as_list()) for w in opt.weights],
    [w.name for w in opt.variables()],
    opt.get_slot_names(),
    [opt.get_slot(b, name).name for name in opt.get_slot_names()],
    sorted((key, value.name) for key, value in opt._hyper.items()),
]
"""
for name in KINDS + ["sgd_momentum", "adam_amsgrad", "rmsprop_both"]:
    case("names_" + name, NAMES.format(OPTIMIZERS[name]))

SETUP = """
v = tf.Variable([1.0, 2.0], name="a/k")
w = tf.Variable(3.0)
g = tf.constant([0.1, 0.2])
O = tf.keras.optimizers
"""


def rows(maker, **cases):
    """Rows that start with a few variables."""
    for name, code in cases.items():
        says = ()
        if isinstance(code, tuple):
            code, says = code[0], code[1:]
        options = {"says": says} if says else {}
        maker(name, SETUP + code, **options)


rows(
    case,
    name_given="o = O.Adam(name='My Opt')\no.apply_gradients([(g, v)])\n[x.name for x in o.weights]",
    name_scope="""
o = O.Adam()
with tf.name_scope("outer"):
    o.apply_gradients([(g, v)])
[x.name for x in o.weights]
""",
    name_in_function="""
o = O.Adam()
@tf.function
def f():
    o.apply_gradients([(g, v)])
f()
f()
[[x.name for x in o.weights], o.get_weights()]
""",
    name_minimize="o = O.Adam()\no.minimize(lambda: v ** 2, [v])\n[x.name for x in o.weights]",
    name_looked_at_before="""
o = O.Adam()
o.iterations, o.lr
o.apply_gradients([(g, v)])
[[x.name for x in o.weights], sorted(h.name for h in o._hyper.values())]
""",
    weights_before="o = O.Adam()\n[o.get_weights(), o.weights, o.variables(), o.set_weights([])]",
    set_weights="""
o = O.Adam()
o.apply_gradients([(g, v)])
o.set_weights([np.array(5), np.array([1.0, 2.0]), np.array([3.0, 4.0])])
[o.get_weights(), o.iterations]
""",
    set_weights_resumes="""
o, p = O.Adam(), O.Adam()
for _ in range(3):
    o.apply_gradients([(g, v)])
u = tf.Variable(v)
p.apply_gradients([(g, tf.Variable(v))])
p = O.Adam()
p.apply_gradients([(0 * g, u)])
p.set_weights(o.get_weights())
o.apply_gradients([(g, v)])
p.apply_gradients([(g, u)])
[v.numpy(), u.numpy(), p.get_weights()]
""",
    set_weights_of_older_adam="""
o = O.Adam()
o.apply_gradients([(g, v), (tf.constant(0.5), w)])
o.set_weights([3, g, tf.constant(1.0), g, tf.constant(2.0), g, tf.constant(3.0)]
              if False else [np.array(3), g.numpy(), np.array(1.0), g.numpy(), np.array(2.0),
                             np.array([]), np.array([])])
o.get_weights()
""",
    set_weights_without_iterations="""
result = []
for o in (O.RMSprop(), O.Adagrad(), O.Adadelta(), O.RMSprop(momentum=0.5)):
    o.apply_gradients([(g, v)])
    o.set_weights([np.array([5.0, i]) for i in range(len(o.weights) - 1)])
    result.append(o.get_weights())
""",
    get_slot="o = O.Adam()\no.apply_gradients([(g, v)])\no.get_slot(v, 'm')",
    add_slot="""
o = O.SGD()
made = [o.add_slot(w, "zero"), o.add_slot(w, "one", "ones"),
        o.add_slot(w, "four", tf.constant_initializer(4.0)), o.add_slot(v, "own", tf.constant([4.0, 5.0]))]
again = o.add_slot(v, "own", tf.constant([6.0, 7.0]))
[made, [x.name for x in made], again is made[3], o.get_slot_names(), len(o.weights)]
""",
    add_weight="""
o = O.SGD()
made = [o.add_weight("foo", [2]), o.add_weight("bar", (), dtype=tf.int64, initializer="ones"),
        o.add_weight("five", [], initializer=5), o.add_weight("fixed", [2], trainable=False)]
[made, [x.name for x in made], o.weights]
""",
    iterations="o = O.Adam()\n[o.iterations, o.iterations.name, o.weights[0] is o.iterations]",
    iterations_set="""
o = O.Adam()
mine = tf.Variable(7, dtype=tf.int64, name="mine")
o.iterations = mine
o.apply_gradients([(g, v)])
[mine, o.iterations is mine, [x.name for x in o.weights], v.numpy()]
""",
    returns="""
o = O.SGD()
[o.apply_gradients([(g, v)]).numpy(), o.apply_gradients([]), o.minimize(lambda: v ** 2, [v]).name]
""",
)

# ---- hyper-parameters

rows(
    case,
    hyper_read="o = O.Adam()\n[o.lr, o.lr.name, o.learning_rate is o.lr, o.beta_1, o.decay, o.epsilon, o.lr.trainable]",
    hyper_set="""
o = O.Adam()
o.lr
o.lr = 0.5
first = o.learning_rate.numpy()
o.learning_rate = tf.constant(0.25)
o.beta_1 = 0.7
[first, o.lr, o.beta_1, o.get_config()]
""",
    hyper_set_before="o = O.Adam()\no.lr = 0.3\n[dict(o._hyper), o.lr]",
    hyper_assign="o = O.Adam(0.1)\no.lr.assign(0.2)\no.lr.assign_add(1.0)\no.lr = o.lr * 0.5\n[o.lr, o.get_config()]",
    hyper_changes="""
o = O.SGD(1.0)
result = []
for rate in (1.0, 0.5, 0.25):
    o.lr = rate
    o.apply_gradients([(g, v)])
    result.append(v.numpy())
""",
    hyper_changes_in_function="""
o = O.SGD(1.0)
@tf.function
def f():
    o.apply_gradients([(g, v)])
result = []
for rate in (1.0, 0.5, 0.25):
    o.lr = rate
    f()
    result.append(v.numpy())
""",
    hyper_callable="""
rate = [1.0]
o = O.SGD(lambda: rate[0])
result = []
for _ in range(4):
    o.apply_gradients([(g, v)])
    result.append([v.numpy(), o.lr])
    rate[0] *= 0.5
result.append(o.get_config())
result
""",
    hyper_callable_momentum="o = O.SGD(1.0, momentum=lambda: 0.5)\nfor _ in range(3): o.apply_gradients([(g, v)])\n[v, o.get_config()]",
    hyper_variable="""
rate = tf.Variable(0.5)
o = O.Adam(rate)
o.apply_gradients([(g, v)])
rate.assign(0.125)
o.apply_gradients([(g, v)])
[v, o.lr is rate, o.get_config()]
""",
    hyper_tensor="o = O.SGD(tf.constant(0.5))\no.apply_gradients([(g, v)])\n[v, o.lr, o.get_config()]",
    hyper_float64="o = O.SGD(np.float64(0.5))\no.apply_gradients([(g, v)])\n[v, o.lr, o.get_config()]",
    hyper_int="o = O.SGD(1)\no.apply_gradients([(g, v)])\n[v, o.lr, o.get_config()]",
    hyper_schedule_set="""
o = O.SGD(1.0)
o.apply_gradients([(g, v)])
o.lr = O.schedules.PiecewiseConstantDecay([1, 2], [1.0, 0.5, 0.25])
for _ in range(3):
    o.apply_gradients([(g, v)])
first = v.numpy()
o.lr = 0.5
o.apply_gradients([(g, v)])
[first, v, o.get_config(), type(o.lr) is float]
""",
    hyper_schedule_in_function="""
o = O.SGD(O.schedules.ExponentialDecay(1.0, 1, 0.5))
@tf.function
def f():
    o.apply_gradients([(g, v)])
result = []
for _ in range(4):
    f()
    result.append(v.numpy())
""",
    hyper_decay_set_later="""
o = O.SGD(1.0)
o.decay = 0.5
for _ in range(3):
    o.apply_gradients([(g, v)])
[v, o.decay]
""",
    hyper_decay_and_schedule="""
o = O.SGD(O.schedules.ExponentialDecay(1.0, 1, 0.5), decay=0.5)
for _ in range(3):
    o.apply_gradients([(g, v)])
v
""",
    hyper_momentum_set_later="o = O.SGD(0.1)\no.momentum = 0.5\no.apply_gradients([(g, v)])\no.apply_gradients([(g, v)])\nv",
    hyper_lr_both="[O.Adam(lr=0.5).get_config(), O.Adam(0.1, lr=0.5).get_config()]",
    hyper_backend_epsilon="""
try:
    tf.keras.backend.set_epsilon(0.5)
    result = [k(epsilon=e).epsilon for e in (None, 0, 1) for k in (O.Adam, O.Adagrad, O.Adadelta, O.Adamax, O.Nadam, O.RMSprop)]
finally:
    tf.keras.backend.set_epsilon(1e-7)
""",
    hyper_other_attributes="o = O.Adam()\no.foo = 3\n[o.foo, hasattr(o, 'bar'), hasattr(o, 'lr'), hasattr(o, 'name'), o._name]",
)
rows(
    error,
    hyper_missing=("O.Adam().foo", "'Adam' object has no attribute 'foo'"),
    hyper_missing_clipnorm=("O.Adam().clipnorm", "clipnorm"),
    hyper_set_function="o = O.SGD(0.1)\no.lr\no.lr = lambda: 0.5",
    hyper_string="O.SGD('a').lr",
)

# ---- minimize, clipping, constraints

rows(
    case,
    minimize="o = O.SGD(0.1)\no.minimize(lambda: v ** 2, [v])\nv",
    minimize_one_variable="O.SGD(0.1).minimize(lambda: v ** 2, v)\nv",
    minimize_variables_later="""
made = []
def loss():
    if not made:
        made.append(tf.Variable([1.0, 2.0]))
    return made[0] ** 2
O.SGD(0.1).minimize(loss, lambda: made)
made
""",
    minimize_grad_loss="O.SGD(0.1).minimize(lambda: v ** 2, [v], grad_loss=tf.constant([1.0, 0.0]))\nv",
    minimize_untrainable="u = tf.Variable(1.0, trainable=False)\nO.SGD(0.1).minimize(lambda: v * u, [v, u])\n[v, u]",
    minimize_nothing="O.SGD(0.1).minimize(lambda: v ** 2, [])",
    minimize_in_function="""
o = O.Adam(0.1)
@tf.function
def f():
    o.minimize(lambda: tf.reduce_sum(v ** 2) * w, [v, w])
for _ in range(5):
    f()
[v, w, o.iterations]
""",
    minimize_fits_a_line="""
x = tf.constant([[0.0], [1.0], [2.0], [3.0]])
y = 2 * x - 1
k, b = tf.Variable([[0.0]]), tf.Variable([0.0])
o = O.Adam(0.1)
losses = []
for _ in range(30):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((x @ k + b - y) ** 2)
    o.apply_gradients(zip(tape.gradient(loss, [k, b]), [k, b]))
    losses.append(float(loss))
[losses, k, b]
""",
    inside_a_tape="""
o = O.SGD(0.1)
u = tf.Variable(2.0)
with tf.GradientTape(persistent=True) as tape:
    tape.watch(u)
    first = u * u
    o.apply_gradients([(tf.constant(4.0), u)])
    second = u * u
[tape.gradient(second, u), u]
""",
    clip_apply="""
result = []
for options in ({"clipnorm": 0.1}, {"clipvalue": 0.05}, {"clipnorm": 0.1, "clipvalue": 0.05}):
    o = O.SGD(1.0, **options)
    o.apply_gradients([(g, v), (tf.constant(0.3), w)])
    result.append([v.numpy(), w.numpy(), o.get_config()])
""",
    clip_minimize="""
result = []
for options in ({"clipnorm": 0.1}, {"clipvalue": 0.05}, {"clipnorm": 0.1, "clipvalue": 0.05}, {"clipnorm": 0.0}):
    o = O.SGD(1.0, **options)
    o.minimize(lambda: tf.reduce_sum(v * g) + w * 0.3, [v, w])
    result.append([v.numpy(), w.numpy(), o.get_config()])
""",
    clip_rows="""
result = []
for options in ({"clipnorm": 0.1}, {"clipvalue": 0.05}):
    u = tf.Variable([[1.0], [2.0], [3.0]])
    O.SGD(1.0, **options).minimize(lambda: tf.reduce_sum(tf.gather(u, [0, 2, 0]) * g[0]), [u])
    result.append(u.numpy())
result
""",
    clip_read="o = O.Adam(clipnorm=1.0, clipvalue=0.5)\no.clipnorm = 3.0\n[o.clipnorm, o.clipvalue, o.get_config()]",
    constraint="u = tf.Variable([1.0, -2.0], constraint=tf.nn.relu)\nO.SGD(0.1).apply_gradients([(g, u)])\nu",
    constraint_adam="u = tf.Variable([1.0, -2.0], constraint=tf.nn.relu)\no = O.Adam(0.1)\no.apply_gradients([(g, u)])\no.apply_gradients([(g, u)])\n[u, o.get_weights()]",
    same_variable_twice="O.SGD(1.0).apply_gradients([(g, v), (g, v)])\nv",
    gradient_array="O.SGD(1.0).apply_gradients([(np.array([1.0, 2.0], np.float32), v)])\nO.Adam(1.0).apply_gradients([([1.0, 2.0], v)])\nv",
    gradient_smaller_rmsprop="O.RMSprop(1.0).apply_gradients([(tf.constant(1.0), v)])\nO.Nadam(1.0).apply_gradients([(tf.constant(1.0), v)])\nv",
    gradient_none="O.Adam(0.1).apply_gradients([(None, v), (tf.constant(1.0), w)])\n[v, w]",
    gradient_complex="""
z = tf.Variable(tf.constant([1 + 1j, 2 + 0j], tf.complex64))
d = tf.constant([1 + 1j, 2 - 1j], tf.complex64)
O.SGD(0.1).apply_gradients([(d, z)])
O.SGD(0.1, momentum=0.5).apply_gradients([(d, z)])
z
""",
    get_gradients_in_function="""
o = O.SGD(0.1, clipvalue=0.5)
@tf.function
def f():
    return o.get_gradients(tf.reduce_sum(v ** 2), [v])
f()
""",
    get_updates_in_function="""
o = O.SGD(0.1)
@tf.function
def f():
    return len(o.get_updates(tf.reduce_sum(v ** 2), [v]))
[f(), v, o.iterations]
""",
    copies="""
import copy
o = O.Adam(0.1)
o.apply_gradients([(g, v)])
p = copy.deepcopy(o)
o.lr = 0.5
[p.get_config(), p.get_weights(), o.get_config()]
""",
)

WARNINGS = """
import logging

seen = []
handler = logging.Handler()
handler.emit = lambda record: seen.append(record.getMessage())
log = tf.get_logger()
level = log.level
log.addHandler(handler)
log.setLevel("WARNING")
try:
    {}
finally:
    log.removeHandler(handler)
    log.setLevel(level)
seen
"""
rows(
    case,
    gradient_none_warns=WARNINGS.format(
        "O.Adam(0.1).apply_gradients([(g, v), (None, w), (None, w)])"
    ),
    minimize_unconnected_warns=WARNINGS.format("O.Adam(0.1).minimize(lambda: v * 1.0, [v, w])"),
    gradient_all_there=WARNINGS.format("O.Adam(0.1).apply_gradients([(g, v)])"),
)
rows(
    error,
    no_gradients=(
        "O.Adam().apply_gradients([(None, v), (None, w)])",
        "No gradients provided for any variable: ['a/k:0', 'Variable:0'].",
    ),
    no_gradients_minimize=(
        "O.Adam().minimize(lambda: tf.constant(1.0), [v])",
        "No gradients provided for any variable: ['a/k:0'].",
    ),
    loss_no_function=("O.Adam().minimize(tf.reduce_sum(v ** 2), [v])", "object is not callable"),
    shape_sgd=(
        "O.SGD().apply_gradients([(tf.constant(1.0), v)])",
        "var and delta do not have the same shape[2] []",
        "[Op:ResourceApplyGradientDescent]",
    ),
    shape_momentum=(
        "O.SGD(momentum=0.5).apply_gradients([(tf.constant(1.0), v)])",
        "do not have the same shape[2] []",
        "[Op:ResourceApplyKerasMomentum]",
    ),
    shape_adam=(
        "O.Adam().apply_gradients([(tf.ones([2, 3]), v)])",
        "var and grad do not have the same shape[2] [2,3]",
        "[Op:ResourceApplyAdam]",
    ),
    shape_amsgrad=(
        "O.Adam(amsgrad=True).apply_gradients([(tf.constant(1.0), v)])",
        "do not have the same shape[2] []",
        "[Op:ResourceApplyAdamWithAmsgrad]",
    ),
    shape_rmsprop=(
        "O.RMSprop().apply_gradients([(tf.ones(3), v)])",
        "Incompatible shapes: [2] vs. [3]",
        "[Op:AddV2]",
    ),
    shape_rmsprop_momentum=(
        "O.RMSprop(momentum=0.5).apply_gradients([(tf.ones(3), v)])",
        "[2] [3]",
        "[Op:ResourceApplyRMSProp]",
    ),
    shape_rmsprop_both=(
        "O.RMSprop(momentum=0.5, centered=True).apply_gradients([(tf.ones(3), v)])",
        "[2] [3]",
        "[Op:ResourceApplyCenteredRMSProp]",
    ),
    shape_adagrad=(
        "O.Adagrad().apply_gradients([(tf.ones(3), v)])",
        "var and grad do not have the same shape[2] [3]",
        "[Op:ResourceApplyAdagradV2]",
    ),
    shape_adadelta=(
        "O.Adadelta().apply_gradients([(tf.ones(3), v)])",
        "var and grad do not have the same shape[2] [3]",
        "[Op:ResourceApplyAdadelta]",
    ),
    shape_adamax=(
        "O.Adamax().apply_gradients([(tf.ones(3), v)])",
        "var and grad do not have the same shape[2] [3]",
        "[Op:ResourceApplyAdaMax]",
    ),
    shape_nadam=(
        "O.Nadam().apply_gradients([(tf.ones(3), v)])",
        "Incompatible shapes: [2] vs. [3]",
        "[Op:AddV2]",
    ),
    shape_ftrl=(
        "O.Ftrl().apply_gradients([(tf.ones(3), v)])",
        "var and grad do not have the same shape[2] [3]",
        "[Op:ResourceApplyFtrl]",
    ),
    shape_ftrl_shrinkage=(
        "O.Ftrl(l2_shrinkage_regularization_strength=0.1).apply_gradients([(tf.ones(3), v)])",
        "[2] [3]",
        "[Op:ResourceApplyFtrlV2]",
    ),
    dtype_sgd=(
        "O.SGD().apply_gradients([(tf.ones(2, tf.float64), v)])",
        "input #2(zero-based) was expected to be a float tensor but is a double tensor",
    ),
    dtype_adam=(
        "O.Adam().apply_gradients([(tf.constant([1, 2]), v)])",
        "ResourceApplyAdam as input #9(zero-based) was expected to be a float tensor but is a int32 tensor",
    ),
    dtype_adagrad=(
        "O.Adagrad().apply_gradients([(tf.ones(2, tf.float64), v)])",
        "input #4(zero-based) was expected to be a float",
    ),
    dtype_adadelta=(
        "O.Adadelta().apply_gradients([(tf.ones(2, tf.float64), v)])",
        "input #6(zero-based) was expected to be a float",
    ),
    dtype_adamax=(
        "O.Adamax().apply_gradients([(tf.ones(2, tf.float64), v)])",
        "input #8(zero-based) was expected to be a float",
    ),
    dtype_rmsprop=(
        "O.RMSprop().apply_gradients([(tf.ones(2, tf.float64), v)])",
        "was expected to be a float tensor but is a double tensor",
    ),
    dtype_of_variable_sgd=(
        "O.SGD().apply_gradients([(tf.constant([1, 2]), tf.Variable([1, 2]))])",
        "ResourceApplyGradientDescent",
    ),
    dtype_of_variable_adam="O.Adam().apply_gradients([(tf.constant([1, 2]), tf.Variable([1, 2]))])",
    gradient_string="O.SGD().apply_gradients([('a', tf.Variable(1.0))])",
    pairs_tensor="O.SGD().apply_gradients([g, v])",
    pairs_none="O.SGD().apply_gradients(None)",
    pairs_constant=(
        "O.SGD().apply_gradients([(g, tf.constant([1.0, 2.0]))])",
        "Trying to update a Tensor",
    ),
    sparse_constraint=(
        "u = tf.Variable([1.0, 2.0], constraint=tf.nn.relu)\nO.SGD().apply_gradients([(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), tf.constant([2])), u)])",
        "Cannot use a constraint function on a sparse variable.",
    ),
    set_weights_count=(
        "o = O.Adam()\no.apply_gradients([(g, v)])\no.set_weights([1])",
        "You called `set_weights(weights)` on optimizer Adam with a  weight list of length 1, but the optimizer was expecting 3 weights. Provided weights: [1]...",
    ),
    set_weights_too_early=("O.Adam().set_weights([1, 2])", "expecting 0 weights"),
    set_weights_shape=(
        "o = O.Adam()\no.apply_gradients([(g, v)])\no.set_weights([np.array(5), np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])])",
        "Optimizer weight shape (2,) not compatible with provided weight shape (3,)",
    ),
    get_slot_name="o = O.Adam()\no.apply_gradients([(g, v)])\no.get_slot(v, 'zz')",
    get_slot_variable="O.Adam().get_slot(v, 'm')",
    iterations_again=(
        "o = O.Adam()\no.iterations\no.iterations = tf.Variable(1)",
        "Cannot set `iterations` to a new Variable after the Optimizer weights have been created",
    ),
    add_weight_on_read=(
        "O.SGD().add_weight('a', (), trainable=True, synchronization=tf.VariableSynchronization.ON_READ)",
        "ON_READ only for non-trainable variables",
    ),
    get_gradients_eager=(
        "O.SGD().get_gradients(tf.reduce_sum(v), [v])",
        "<tf.Variable 'a/k:0' shape=(2,) dtype=float32> has `None` for gradient.",
    ),
    get_updates_eager=("O.SGD().get_updates(tf.reduce_sum(v), [v])", "has `None` for gradient."),
)

SLICES = """
o = tf.keras.optimizers.{}
u = tf.Variable([[1.0], [2.0]])
o.apply_gradients([(tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([{}]), tf.constant([2, 1])), u)])
u.numpy()
"""
for name in KINDS + ["sgd_momentum", "rmsprop_momentum", "rmsprop_both"]:
    made = OPTIMIZERS[name]
    error("sparse_index_" + name, SLICES.format(made, 2), says=("2",))
    error("sparse_index_negative_" + name, SLICES.format(made, -1), says=("-1",))

# ---- constructors

rows(
    error,
    keyword=("O.Adam(foo=1)", "Unexpected keyword argument passed to optimizer: foo"),
    negative_lr=("O.Adam(lr=-1)", "Expected lr >= 0, received: -1"),
    negative_decay=("O.Adam(decay=-1.0)", "Expected decay >= 0, received: -1.0"),
    negative_clipnorm=("O.SGD(clipnorm=-1.0)", "Expected clipnorm >= 0, received: -1.0"),
    negative_clipvalue=("O.SGD(clipvalue=-1)", "Expected clipvalue >= 0, received: -1"),
    momentum_large=("O.SGD(momentum=2.0)", "`momentum` must be between [0, 1]."),
    momentum_negative=("O.SGD(momentum=-1.0)", "`momentum` must be between [0, 1]."),
    momentum_string="O.SGD(momentum='a')",
    momentum_rmsprop=("O.RMSprop(momentum=2.0)", "`momentum` must be between [0, 1]."),
    adagrad_initial=(
        "O.Adagrad(initial_accumulator_value=-1)",
        "initial_accumulator_value must be non-negative: -1",
    ),
    ftrl_initial=(
        "O.Ftrl(initial_accumulator_value=-1)",
        "initial_accumulator_value -1.000000 needs to be positive or zero",
    ),
    ftrl_power=(
        "O.Ftrl(learning_rate_power=1.0)",
        "learning_rate_power 1.000000 needs to be negative or zero",
    ),
    ftrl_l1=(
        "O.Ftrl(l1_regularization_strength=-1.0)",
        "l1_regularization_strength -1.000000 needs to be positive or zero",
    ),
    ftrl_l2=(
        "O.Ftrl(l2_regularization_strength=-1.0)",
        "l2_regularization_strength -1.000000 needs to be positive or zero",
    ),
    ftrl_shrinkage=(
        "O.Ftrl(l2_shrinkage_regularization_strength=-1.0)",
        "l2_shrinkage_regularization_strength -1.000000 needs to be positive or zero",
    ),
    nadam_schedule=(
        "O.Nadam(O.schedules.ExponentialDecay(0.1, 1, 0.5))",
        "The Nadam optimizer does not support tf.keras.optimizers.LearningRateSchedules as the learning rate.",
    ),
    abstract=("O.Optimizer('x')", "abstract"),
)
rows(
    case,
    nadam_decay="[O.Nadam(decay=0.1).get_config(), O.Nadam(schedule_decay=0.1).get_config(), O.Nadam.from_config(O.Nadam(schedule_decay=0.1).get_config()).get_config()]",
    negative_learning_rate="o = O.SGD(-0.5)\no.apply_gradients([(g, v)])\nv",
    adagrad_from_config="[O.Adagrad.from_config({}).get_config(), O.Adagrad.from_config({'lr': 0.5}).get_config()]",
)

# ---- a user's own optimizer

OWN = """
class Own(tf.keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.01, name="Own", **kwargs):
        super().__init__(name, **kwargs)
        self._set_hyper("learning_rate", kwargs.get("lr", learning_rate))
        self._set_hyper("decay", self._initial_decay)

    def _create_slots(self, var_list):
        for var in var_list:
            self.add_slot(var, "acc", "ones")

    def _resource_apply_dense(self, grad, var):
        acc = self.get_slot(var, "acc")
        acc.assign_add(grad)
        return var.assign_sub(self._decayed_lr(var.dtype.base_dtype) * acc)

    def _resource_apply_sparse(self, grad, var, indices):
        seen.append([grad.numpy(), indices.numpy()])
        return var.scatter_sub(tf.IndexedSlices(grad, indices))

    def get_config(self):
        config = super().get_config()
        config.update(learning_rate=self._serialize_hyperparameter("learning_rate"))
        return config

seen = []
"""
rows(
    case,
    own=OWN
    + """
o = Own(0.5, decay=1.0)
o.apply_gradients([(g, v)])
o.apply_gradients([(g, v)])
[v, o.get_weights(), [x.name for x in o.weights], o.get_config(), o.lr]
""",
    own_in_function=OWN
    + """
o = Own(0.5)
@tf.function
def f():
    o.apply_gradients([(g, v)])
for _ in range(3):
    f()
[v, o.get_weights()]
""",
    own_sparse=OWN
    + """
o = Own(0.5)
u = tf.Variable([[1.0], [2.0], [3.0]])
o.apply_gradients([(tf.IndexedSlices(tf.constant([[1.0], [2.0], [4.0]]), tf.constant([2, 0, 2]), tf.constant([3, 1])), u)])
[u, seen]
""",
    own_apply_state=OWN
    + """
class Other(Own):
    def _resource_apply_dense(self, grad, var, apply_state):
        rate = apply_state[var.device, var.dtype.base_dtype]["lr_t"]
        return var.assign_sub(grad * rate)

o = Other(0.5, decay=1.0)
o.apply_gradients([(g, v)])
o.apply_gradients([(g, v)])
v
""",
    own_sparse_adam=OWN
    + """
class Lazy(O.Adam):
    def _resource_apply_sparse(self, grad, var, indices, apply_state=None):
        seen.append([grad.numpy(), indices.numpy()])
        return super()._resource_apply_sparse(grad, var, indices, apply_state)

o = Lazy(0.5)
u = tf.Variable([[1.0], [2.0], [3.0]])
o.apply_gradients([(tf.IndexedSlices(tf.constant([[1.0], [2.0], [4.0]]), tf.constant([2, 0, 2]), tf.constant([3, 1])), u)])
[u, seen, o.get_weights()]
""",
    own_adam="""
class Decayed(O.Adam):
    def _resource_apply_dense(self, grad, var, apply_state=None):
        var.assign_sub(0.1 * var)
        return super()._resource_apply_dense(grad, var, apply_state)

o = Decayed(0.5)
o.apply_gradients([(g, v)])
o.apply_gradients([(g, v)])
[v, o.get_config()]
""",
    own_serialized=OWN
    + """
config = O.serialize(Own(0.25))
with tf.keras.utils.custom_object_scope({"Own": Own}):
    named = O.get("Own")
[config, O.deserialize(config, {"Own": Own}).get_config(), named.get_config()]
""",
)

# ---- by name

rows(
    case,
    get_names="[type(O.get(n)).__name__ for n in ('adam', 'Adam', 'ADAM', 'sgd', 'SGD', 'rmsprop', 'RMSprop', 'adagrad', 'adadelta', 'Adamax', 'nadam', 'ftrl', 'Ftrl')]",
    get_configs="[O.get({'class_name': n, 'config': c}).get_config() for n, c in (('Adam', {'lr': 0.5}), ('adam', {'learning_rate': 0.5}), ('SGD', {}))]",
    get_itself="o = O.SGD()\nO.get(o) is o",
    serialize="[O.serialize(k()) for k in (O.SGD, O.Adam, O.RMSprop, O.Adagrad, O.Adadelta, O.Adamax, O.Nadam, O.Ftrl)]",
    serialize_schedule="s = O.schedules.ExponentialDecay(0.1, 2, 0.5)\nmade = O.deserialize(O.serialize(O.Adam(s)))\n[O.serialize(O.Adam(s)), made.get_config(), type(made.lr)]",
    from_config_changes_config="c = {'lr': 0.25}\no = O.Adam.from_config(c)\n[c, o.get_config()]",
    same_namespace="[tf.optimizers.Adam is O.Adam, tf.optimizers.get is O.get]",
)
rows(
    error,
    get_unknown=("O.get('adamw')", "Unknown optimizer: adamw"),
    get_own_lower_case=OWN + "with tf.keras.utils.custom_object_scope({'Own': Own}): O.get('own')",
    get_none=("O.get(None)", "Could not interpret optimizer identifier"),
    get_number=("O.get(3)", "Could not interpret optimizer identifier"),
    get_class=("O.get(O.SGD)", "Could not interpret optimizer identifier"),
    get_without_config=("O.get({'class_name': 'SGD'})", "Improper config format"),
    get_empty="O.get({})",
    get_keyword=(
        "O.get({'class_name': 'SGD', 'config': {'bogus': 1}})",
        "Unexpected keyword argument passed to optimizer: bogus",
    ),
    serialize_number=("O.serialize(3)", "Cannot serialize"),
)
