"""tf.keras.mixed_precision, tf.mixed_precision: policies, casts of weights, scales of losses."""

from golden.table import Table, f32

table = Table("keras_mixed_precision")
case, error = table.case, table.error

START = """
mp, ls = tf.keras.mixed_precision.experimental, tf.mixed_precision.experimental
L = tf.keras.layers
SGD = tf.keras.optimizers.SGD
nan, inf = float("nan"), float("inf")
"""
POLICY = "p = mp.Policy(%s)\n[repr(p), p.name, p.compute_dtype, p.variable_dtype, repr(p.loss_scale), p.get_config(), p.should_cast_variables, repr(mp.Policy.from_config(p.get_config()))]"
for arguments in (
    "'float32'", "'float64'", "'float16'", "'int32'", "'infer'", "'mixed_float16'", "'mixed_bfloat16'",
    "'mixed_float16', loss_scale=128", "'float16', loss_scale='dynamic'", "'mixed_float16', None",
):  # fmt: skip
    case("policy(%s)" % arguments, START + POLICY % arguments)

# Every row leaves the global policy as it was.
UNDER = START + "mp.set_policy('%s')\n%s\nmp.set_policy(None)\n"
OWN = """
class Own(L.Layer):
    def build(self, shape):
        self.w = self.add_weight("w", (3,), initializer="ones")
        self.i = self.add_weight("i", (3,), dtype="int32", initializer="ones")
    def call(self, x):
        self.seen = [x.dtype, self.w.dtype, tf.convert_to_tensor(self.w).dtype, self.i.dtype, (self.w + 1).dtype, self.w.read_value().dtype]
        return x * self.w
layer = Own()
y = layer(x)
"""
FIT = """
tf.random.set_seed(3)
model = tf.keras.Sequential([L.Dense(4, activation="relu", input_shape=(3,)), L.BatchNormalization(), L.Dense(2), L.Activation("softmax", dtype="float32")])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
"""
for name, (policy, code) in {
    "global": ("mixed_float16", "result = repr(mp.global_policy())"),
    "dense": (
        "mixed_float16",
        "l = L.Dense(2)\ny = l(x)\nresult = [y.dtype, l.dtype, l.kernel.dtype, l.get_config()['dtype'], L.Dense(2, dtype='float32')(x).dtype, L.Dense(2, dtype='float32').get_config()['dtype']]",
    ),
    "bfloat16": (
        "mixed_bfloat16",
        "l = L.Dense(2)\nresult = [l(x).dtype, l.kernel.dtype, l.get_config()['dtype']]",
    ),
    "float64": (
        "float64",
        "l = L.Dense(2)\nresult = [l(x).dtype, l.kernel.dtype, l.get_config()['dtype'], tf.keras.backend.floatx()]",
    ),
    "own": ("mixed_float16", OWN + "result = [y, layer.seen, layer.w.dtype, layer.w + 1]"),
    "own_gradient": (
        "mixed_float16",
        OWN
        + "with tf.GradientTape() as tape:\n    z = tf.reduce_sum(layer(x))\nresult = tape.gradient(z, layer.w)",
    ),
    "own_function": (
        "mixed_float16",
        OWN + "f = tf.function(lambda t: layer(t))\nresult = [f(x), layer.seen]",
    ),
    "inputs": (
        "mixed_float16",
        "result = [L.Layer()(t).dtype for t in (x, tf.cast(x, tf.float64), tf.cast(x, tf.int32), tf.cast(x, tf.bool))]",
    ),
    "layers": (
        "mixed_float16",
        "t = x[:, None]\nresult = [l(t).dtype for l in (L.BatchNormalization(), L.Dropout(0.5), L.Flatten(), L.LSTM(2), L.GRU(2), L.SimpleRNN(2), L.Activation('softmax'), L.PReLU())]",
    ),
    "embedding": ("mixed_float16", "result = L.Embedding(3, 2)(tf.constant([[1, 2]])).dtype"),
    "normalization_weights": (
        "mixed_float16",
        "l = L.BatchNormalization()\nl(x, training=True)\nresult = [w.dtype for w in l.weights]",
    ),
    "model": (
        "mixed_float16",
        FIT
        + "result = [type(model.optimizer).__name__, repr(model.optimizer.loss_scale), [w.dtype for w in model.weights], model(x).dtype, [l.output.dtype for l in model.layers], model.input.dtype, model.dtype]",
    ),
    "fit": (
        "mixed_float16",
        FIT
        + "h = model.fit(x.numpy(), np.arange(6) % 2, verbose=0, epochs=3, shuffle=False)\nresult = [[round(float(v), 2) for v in h.history['loss']], model.optimizer.iterations.numpy(), len(model.optimizer.weights), [w.dtype for w in model.weights], repr(model.optimizer.loss_scale)]",
    ),
    "fit_fixed": (
        "float32",
        FIT
        + "model.compile(mp.LossScaleOptimizer(SGD(0.1), 64), 'sparse_categorical_crossentropy')\nh = model.fit(x.numpy(), np.arange(6) % 2, verbose=0, epochs=3, shuffle=False)\nresult = [float(v) for v in h.history['loss']]",
    ),
    "config": (
        "mixed_float16",
        "l = L.deserialize(L.serialize(L.Dense(2)))\nresult = [repr(l._dtype_policy), l.get_config()['dtype'], L.Dense(2, dtype=mp.Policy('float64')).get_config()['dtype']]",
    ),
    "clone": (
        "mixed_float16",
        FIT
        + "mp.set_policy(None)\nm = tf.keras.Sequential.from_config(model.get_config())\nresult = [l.output.dtype for l in m.layers]",
    ),
    "layer_policy": (
        "float32",
        "l = L.Dense(2, dtype=mp.Policy('mixed_float16'))\nresult = [l(x).dtype, l.kernel.dtype, l.get_config()['dtype']]",
    ),
    "regularizer": (
        "mixed_float16",
        "l = L.Dense(2, kernel_regularizer='l2')\nl(x)\nresult = l.losses[0].dtype",
    ),
    "repr": (
        "mixed_float16",
        "l = L.Dense(2, kernel_initializer='ones')\nl(x)\nresult = repr(l.bias)[-75:]",
    ),
}.items():
    case("under_" + name, UNDER % (policy, code), x=f32(6, 3), rtol=2e-3, why="float16")

for name, code in {
    "fixed": "s = ls.FixedLossScale(128)\n[repr(s), s(), s.get_config(), s.update([tf.constant(1.0)])[1], repr(ls.FixedLossScale.from_config(s.get_config()))]",
    "dynamic": "s = ls.DynamicLossScale(1024, increment_period=2, multiplier=4)\n[repr(s), s(), s.get_config(), s.initial_loss_scale, s.increment_period, s.multiplier]",
    "dynamic_default": "repr(ls.DynamicLossScale())",
    "updates": "s = ls.DynamicLossScale(1024, increment_period=2, multiplier=4)\nresult = []\nfor g in ([1.0, 2.0], [nan], [1.0], [1.0], [inf], [1.0], [1.0]):\n    _, good = s.update([tf.constant(v) for v in g])\n    result += [good, repr(s)]",
    "lowest": "s = ls.DynamicLossScale(1)\n[s.update([tf.constant(nan)])[1], s()]",
    "highest": "s = ls.DynamicLossScale(3e38, increment_period=1)\n[s.update([tf.constant(1.0), None])[1], s()]",
    "in_function": "s = ls.DynamicLossScale(8, increment_period=2)\nf = tf.function(lambda g: s.update([g])[1])\n[f(tf.constant(1.0)), f(tf.constant(1.0)), s(), f(tf.constant(nan)), s()]",
    "optimizer": "o = mp.LossScaleOptimizer(SGD(1.0), 128)\nv = tf.Variable(1.0)\no.apply_gradients([(tf.constant(2.0), v)])\na = v.numpy()\no.minimize(lambda: v * 2, [v])\n[a, v.numpy(), o.iterations.numpy(), o.lr.numpy(), len(o.weights), o.get_slot_names(), o.get_config()]",
    "scaling": "o = mp.LossScaleOptimizer(SGD(1.0), 128)\n[o.get_scaled_loss(tf.constant(2.0)), o.get_scaled_loss(tf.constant(2.0, tf.float16)), o.get_unscaled_gradients([tf.constant(256.0), None]), o.get_scaled_loss(lambda: tf.constant(2.0))()]",
    "skipped": "o = mp.LossScaleOptimizer(SGD(1.0), 'dynamic')\nv = tf.Variable(1.0)\no.apply_gradients([(tf.constant(nan), v)])\na = [v.numpy(), o.iterations.numpy(), o.loss_scale()]\no.apply_gradients([(tf.constant(2.0), v)])\na + [v.numpy(), o.iterations.numpy(), o.loss_scale()]",
    "adam": "o = mp.LossScaleOptimizer(tf.keras.optimizers.Adam(0.1), 'dynamic')\nv = tf.Variable([1.0, 2.0])\nfor _ in range(3):\n    o.minimize(lambda: tf.reduce_sum(v ** 2), [v])\n[v.numpy(), o.get_slot_names(), [w.shape for w in o.get_weights()]]",
    "loop": "o = mp.LossScaleOptimizer(SGD(0.1), 'dynamic')\nv = tf.Variable([1.0, 2.0])\n@tf.function\ndef step():\n    with tf.GradientTape() as tape:\n        loss = tf.reduce_sum(v ** 2)\n        scaled = o.get_scaled_loss(loss)\n    o.apply_gradients(zip(o.get_unscaled_gradients(tape.gradient(scaled, [v])), [v]))\n    return loss\n[step(), step(), v.numpy(), o.iterations.numpy()]",
    "set_rate": "o = mp.LossScaleOptimizer(SGD(0.1), 'dynamic')\no.learning_rate = 0.5\na = o.learning_rate.numpy()\no.lr = 0.25\n[a, o.learning_rate.numpy(), o._optimizer.lr.numpy()]",
    "serialized": "o = lambda: tf.keras.optimizers.serialize(mp.LossScaleOptimizer(SGD(0.5), 8))\n[o(), tf.keras.optimizers.deserialize(o()).get_config()]",
    "rewrite": "o = tf.train.experimental.enable_mixed_precision_graph_rewrite(SGD(0.1))\na = tf.config.optimizer.get_experimental_options()['auto_mixed_precision']\ntf.train.experimental.disable_mixed_precision_graph_rewrite()\n[type(o).__name__, a, tf.config.optimizer.get_experimental_options()['auto_mixed_precision']]",
}.items():
    case("scale_" + name, START + code)

for name, (code, *says) in {
    "policy": ("mp.Policy('abc')", "Cannot convert value abc to a mixed precision Policy."),
    "policy_number": ("mp.Policy(3)", "'name' must be a string, but got: 3"),
    "policy_type": ("mp.Policy(tf.float16)", "Instead, pass DType.name. Got: float16"),
    "set_policy": ("mp.set_policy(3)", "'name' must be a string, but got: 3"),
    "layer": ("L.Dense(2, dtype='mixed_float16')",),
    "scale": ("mp.LossScaleOptimizer(SGD(), 'foo')", "Could not interpret loss scale identifier: foo"),
    "optimizer": ("mp.LossScaleOptimizer('sgd', 'dynamic')", '"optimizer" must be an instance of'),
    "clipped": ("mp.LossScaleOptimizer(SGD(clipnorm=1.0), 2)", "does not support wrapping optimizers with a clipnorm"),
    "fixed_low": ("ls.FixedLossScale(0.5)", "loss_scale_value must be at least 1."),
    "fixed_kind": ("ls.FixedLossScale('a')", "loss_scale_value must be a Python int or float."),
    "abstract": ("ls.LossScale()",),
}.items():  # fmt: skip
    error("bad_" + name, START + code, says=tuple(says))
