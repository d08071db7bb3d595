"""tf.keras: what `trainable` does, with layers inside layers, in lists, and after compile."""

from golden.table import Table, f32

table = Table("keras_trainable")
case = table.case

START = """
tf.keras.backend.clear_session()
L = tf.keras.layers
K = dict(kernel_initializer="ones")
N = lambda ws: [w.name for w in ws]
BOTH = lambda m: [N(m.trainable_weights), N(m.non_trainable_weights), N(m.weights)]
FLAGS = lambda m: [m.trainable] + [layer.trainable for layer in m.layers]
x, y = x.numpy(), np.arange(8.0).reshape(8, 1)
base = tf.keras.Sequential([L.Dense(3, name="b0", input_shape=(4,), **K), L.BatchNormalization(name="bn"), L.Dense(2, name="b1", **K)], name="base")
model = tf.keras.Sequential([base, L.Dense(1, name="head", **K)])
FIT = lambda m=model: float(m.fit(x, y, batch_size=8, verbose=0).history["loss"][0])
COMPILE = lambda m=model: m.compile("sgd", "mse")
SUMS = lambda m=model: [round(float(w.sum()), 3) for w in m.get_weights()]
"""
SUBCLASS = """
class Net(tf.keras.Model):
    def __init__(self):
        super(Net, self).__init__()
        self.all = [L.Dense(3, **K), L.BatchNormalization(), L.Dense(1, **K)]

    def call(self, x):
        for layer in self.all:
            x = layer(x)
        return x

m = Net()
m(x)
"""
DEFERRED = "m = tf.keras.Sequential([L.Dense(3, **K), L.BatchNormalization(), L.Dense(1, **K)])\n"
for name, code in {
    "start": "[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "base_frozen": "base.trainable = False\n[FLAGS(model), FLAGS(base)] + BOTH(model) + BOTH(base)",
    "one_frozen": "base.layers[0].trainable = False\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "model_frozen": "model.trainable = False\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "model_frozen_head_not": "model.trainable = False\nmodel.layers[-1].trainable = True\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "frozen_and_thawed": "base.layers[0].trainable = False\nbase.trainable = False\nbase.trainable = True\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "inner_thawed": "base.trainable = False\nbase.layers[2].trainable = True\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "loop_over_layers": "for layer in model.layers[:-1]:\n    layer.trainable = False\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "fine_tuning": "base.trainable = True\nfor layer in base.layers[:2]:\n    layer.trainable = False\n[FLAGS(model), FLAGS(base)] + BOTH(model)",
    "fit_frozen": "base.trainable = False\nCOMPILE()\n[FIT(), FIT(), SUMS()]",
    "frozen_after_compile": "COMPILE()\nbase.trainable = False\n[FIT(), FIT(), SUMS()]",
    "frozen_after_fit": "COMPILE()\na = FIT()\nbase.trainable = False\n[a, FIT(), SUMS()]",
    "recompiled": "COMPILE()\na = FIT()\nbase.trainable = False\nCOMPILE()\n[a, FIT(), SUMS()]",
    "thawed_after_compile": "base.trainable = False\nCOMPILE()\nbase.trainable = True\n[FIT(), FIT(), SUMS()]",
    "normalization_frozen": "base.layers[1].trainable = False\nCOMPILE()\n[FIT(), SUMS(), model.predict(x)]",
    "normalization_frozen_called": "bn = base.layers[1]\nbn.trainable = False\nresult = [bn(x[:, :3], training=True), bn(x[:, :3])]",
    "normalization_outer_frozen": "base.trainable = False\nmodel(x, training=True)\nSUMS()",
    "normalization_call_trains": "model(x, training=True)\nSUMS()",
    "normalization_frozen_after_compile": "COMPILE()\nbase.layers[1].trainable = False\n[FIT(), SUMS()]",
    "option": "l = L.Dense(2, trainable=False, name='q')\nl(x)\nresult = BOTH(l)",
    "model_option": "m = tf.keras.Model(base.input, base.output, trainable=False)\nresult = [FLAGS(m)] + BOTH(m)",
    "tape": "base.trainable = False\nwith tf.GradientTape() as tape:\n    z = tf.reduce_sum(model(x))\nresult = [sorted(N(tape.watched_variables())), len(tape.gradient(z, model.trainable_variables))]",
    "shared": "d = L.Dense(4, name='s')\nm = tf.keras.Sequential([d, d, L.Dense(1, name='t')])\nm.build((None, 4))\nresult = BOTH(m)\nd.trainable = False\nresult += BOTH(m)",
    "count": "base.trainable = False\n[model.count_params(), base.count_params()]",
    "save_order": "base.layers[0].trainable = False\n[w.shape for w in model.get_weights()]",
    "bidirectional": "b = L.Bidirectional(L.LSTM(2, name='r'), name='b')\nb(x[:, :, None])\nb.trainable = False\nresult = [len(b.trainable_weights), len(b.weights), b.forward_layer.trainable]",
    "rnn_cell": "r = L.RNN(L.LSTMCell(2), name='r')\nr(x[:, :, None])\nr.trainable = False\nresult = [len(r.trainable_weights), len(r.non_trainable_weights), r.cell.trainable]\nr.cell.trainable = True\nresult += [len(r.trainable_weights)]",
    "cell_frozen": "r = L.RNN([L.LSTMCell(2), L.LSTMCell(3)], name='r')\nr(x[:, :, None])\nr.cell.cells[0].trainable = False\nresult = [len(r.trainable_weights), len(r.non_trainable_weights)]",
    "subclass_called_then_compiled": SUBCLASS
    + "COMPILE(m)\nm.all[0].trainable = False\n[FIT(m), SUMS(m), len(m.trainable_weights)]",
    "subclass_fitted": SUBCLASS
    + "COMPILE(m)\na = FIT(m)\nm.all[0].trainable = False\n[a, FIT(m), SUMS(m)]",
    "deferred": DEFERRED + "COMPILE(m)\nm.layers[0].trainable = False\n[FIT(m), SUMS(m)]",
    "deferred_thawed": DEFERRED
    + "m.layers[0].trainable = False\nCOMPILE(m)\nm.layers[0].trainable = True\n[FIT(m), SUMS(m)]",
    "train_on_batch": "COMPILE()\nbase.trainable = False\nresult = [float(model.train_on_batch(x, y)) for _ in range(2)] + SUMS()",
    "run_eagerly": "model.compile('sgd', 'mse', run_eagerly=True)\nbase.trainable = False\n[FIT(), SUMS()]",
    "flags_after": "COMPILE()\nbase.trainable = False\nFIT()\n[FLAGS(model), FLAGS(base)]",
    "wrapper": "w = L.TimeDistributed(L.Dense(2, name='d'), name='w')\nw(x[:, :, None])\nw.layer.trainable = False\nresult = [w.trainable, len(w.trainable_weights), len(w.non_trainable_weights)]",
}.items():
    case("nested_" + name, START + code, x=f32(8, 4), rtol=1e-5, why="a training step")
for name, code in {
    "frozen": "COMPILE()\nbase.trainable = False\nFIT()\nNone",
    "frozen_twice": "COMPILE()\nFIT()\nbase.trainable = False\nFIT()\nmodel.fit(x, y, verbose=0)\nNone",
    "frozen_batch": "COMPILE()\nbase.trainable = False\nmodel.train_on_batch(x, y)\nNone",
    "recompiled": "COMPILE()\nbase.trainable = False\nCOMPILE()\nFIT()\nNone",
    "evaluate": "COMPILE()\nbase.trainable = False\nmodel.evaluate(x, y, verbose=0)\nNone",
    "summary": "base.trainable = False\nmodel.summary()",
    "summary_after_compile": "level = tf.get_logger().level\ntf.get_logger().setLevel('ERROR')\nCOMPILE()\nbase.trainable = False\nmodel.summary()\ntf.get_logger().setLevel(level)",
}.items():
    case("warns_" + name, START + code, x=f32(8, 4), prints=True)

BOX = """
tf.keras.backend.clear_session()
L = tf.keras.layers
N = lambda ws: [w.name.split("/", 1)[-1] for w in ws]

class Box(tf.keras.Model):
    def __init__(self):
        super(Box, self).__init__(name="box")
        self.many = [L.Dense(2, name="d0"), L.Dense(3, name="d1")]
        self.scale = tf.Variable(2.0, name="scale")
        self.named = {"b": L.Dense(1, name="b"), "a": L.Dense(1, name="a")}
        self.fixed = tf.Variable([1.0], trainable=False, name="fixed")
        self.deep = [[L.Dense(1, name="e0")], (L.Dense(1, name="e1"),)]

    def call(self, x):
        for layer in self.many:
            x = layer(x)
        x = self.named["a"](x) + self.named["b"](x)
        return self.deep[0][0](x) + self.deep[1][0](x) * self.scale

box = Box()
"""
for name, code in {
    "order": "box(x)\n[N(box.weights), N(box.trainable_weights), [l.name for l in box.layers], N(box.non_trainable_weights)]",
    "frozen": "box(x)\nbox.trainable = False\n[N(box.weights), N(box.trainable_weights), box.many[0].trainable, box.named['a'].trainable, box.deep[1][0].trainable]",
    "append": "box.many.append(L.Dense(4, name='d2'))\nbox(x)\n[N(box.weights), [l.name for l in box.layers]]",
    "append_after": "box(x)\nbox.many.append(L.Dense(4, name='d2'))\n[N(box.weights), [l.name for l in box.layers]]",
    "pop": "box.many = box.many[:1]\nbox(x)\n[N(box.weights), [l.name for l in box.layers]]",
    "extend": "box.many.extend([L.Dense(4, name='d2'), L.Dense(5, name='d3')])\nbox(x)\n[l.name for l in box.layers]",
    "insert": "box.many.insert(0, L.Dense(4, name='d2'))\nbox(x)\n[l.name for l in box.layers]",
    "plus": "box.many += [L.Dense(4, name='d2')]\nbox(x)\n[l.name for l in box.layers]",
    "new_key": "box.named['c'] = L.Dense(1, name='c')\nbox(x)\n[l.name for l in box.layers]",
    "replaced": "box.many = [L.Dense(7, name='z')]\nbox(x)\n[[l.name for l in box.layers], N(box.weights)]",
    "deleted": "del box.fixed\ndel box.scale\nbox.scale = 3.0\nbox(x)\n[N(box.weights), len(box.variables)]",
    "item_replaced": "box.many[0] = L.Dense(2, name='z')\nbox(x)\n[l.name for l in box.layers]",
    "list_frozen": "box(x)\nfor layer in box.many:\n    layer.trainable = False\n[N(box.trainable_weights), N(box.non_trainable_weights)]",
    "sequential_add": "m = tf.keras.Sequential()\nm.add(L.Dense(2, name='p', input_shape=(4,)))\na = N(m.weights)\nm.add(L.Dense(3, name='q'))\nb = N(m.weights)\nm.pop()\n[a, b, N(m.weights), m.output_shape]",
    "list_variables": "box.vs = [tf.Variable(1.0, name='v0'), tf.Variable(2.0, name='v1', trainable=False)]\nbox(x)\n[N(box.trainable_weights), N(box.non_trainable_weights)]",
    "list_of_normalization": "box.many.insert(1, L.BatchNormalization(name='bn'))\nbox(x)\nN(box.weights)",
    "kinds": "[box.many == list(box.many), len(box.many), isinstance(box.many, list), isinstance(box.named, dict)]",
}.items():
    case("box_" + name, BOX + code, x=f32(8, 4))
