"""tf.keras.layers.Layer: what every layer has - names, weights, tracking, losses, masks, types."""

from golden.table import Table, f32, f64

table = Table("keras_layer_base")
case, error = table.case, table.error

START = """
L = tf.keras.layers

class Box(L.Layer):
    def __init__(self, **options):
        super(Box, self).__init__(name="box", **options)
        self.scale = tf.Variable(2.0, name="scale")
        self.many = [L.Dense(2, name="d0"), L.Dense(3, name="d1", use_bias=False)]
        self.named = {"last": L.Dense(1, name="last")}
        self.norm = L.BatchNormalization(name="norm")
        self.fixed = tf.Variable([1.0], trainable=False, name="fixed")

    def build(self, shape):
        self.own = self.add_weight("own", (shape[-1],), initializer="ones")
        self.count = self.add_weight("count", (), dtype="int32", initializer="zeros", trainable=False)
        super(Box, self).build(shape)

    def call(self, x):
        x = x * self.own
        for layer in self.many:
            x = layer(x)
        return self.named["last"](self.norm(x)) * self.scale + self.fixed

box = Box()
"""
for name, code in {
    "weights": "box(x)\n[(w.name.split('/')[-1], w.shape.as_list()) for w in box.weights]",
    "trainable": "box(x)\n[[w.name.split('/')[-1] for w in ws] for ws in (box.trainable_weights, box.non_trainable_weights, box.trainable_variables, box.variables)]",
    "frozen": "box(x)\nbox.trainable = False\n[[w.name.split('/')[-1] for w in ws] for ws in (box.trainable_weights, box.non_trainable_weights)] + [box.norm.trainable]",
    "inner_frozen": "box(x)\nbox.many[0].trainable = False\n[[w.name.split('/')[-1] for w in ws] for ws in (box.trainable_weights, box.non_trainable_weights)] + [box.trainable]",
    "frozen_at_first": "box = Box(trainable=False)\nbox(x)\n[[w.name.split('/')[-1] for w in ws] for ws in (box.trainable_weights, box.non_trainable_weights)]",
    "thawed": "box.trainable = False\nbox.trainable = True\nbox(x)\nlen(box.trainable_weights)",
    "submodules": "[m.name for m in box.submodules]",
    "appended": "box.many.append(L.Dense(2, name='d2'))\n[m.name for m in box.submodules]",
    "replaced": "box.norm = None\ndel box.fixed\nbox.many = [L.Dense(5, name='e')]\n[m.name for m in box.submodules]",
    "set_weights": "box(x)\nbox.set_weights([w * 2 for w in box.get_weights()])\n[w.sum() for w in box.get_weights() if w.shape != (3, 2)][0]",
    "count_params": "box(x)\nbox.count_params()",
    "names": "box(x)\n[w.name for w in box.many[0].weights + box.named['last'].weights]",
    "gradients": "with tf.GradientTape() as tape:\n    loss = tf.reduce_sum(box(x))\n[g is not None for g in tape.gradient(loss, box.trainable_weights)]",
    "built": "[box.built, box.many[0].built, box(x).shape.as_list(), box.built, box.many[0].built]",
    "called_twice": "box(x)\nbox(x)\nlen(box.weights)",
    "other_batch": "[box(x).shape.as_list(), box(x[:1]).shape.as_list()]",
    "in_function": "f = tf.function(lambda t: box(t))\n[f(x).shape.as_list(), len(box.weights), f(x[:1]).shape.as_list()]",
}.items():
    case("box_" + name, START + code, x=f32(4, 3), seed=1)

LOSSES = """
L = tf.keras.layers

class Penalty(L.Layer):
    def __init__(self, **options):
        super(Penalty, self).__init__(**options)
        self.inner = L.Dense(2, kernel_initializer="ones", kernel_regularizer="l2")

    def call(self, x):
        y = self.inner(x)
        self.add_loss(tf.reduce_sum(y))
        self.add_metric(tf.reduce_mean(y), name="mean_y", aggregation="mean")
        return y

layer = Penalty(activity_regularizer=tf.keras.regularizers.l1(0.1))
"""
for name, code in {
    "add_loss": "layer(x)\nlayer.losses",
    "reset": "layer(x)\nlayer(x)\n[len(layer.losses), layer.losses]",
    "before": "layer.losses",
    "callable": "layer.add_loss(lambda: tf.constant(3.0))\nlayer(x)\nlayer.losses",
    "metrics": "layer(x)\nlayer(x * 2)\n[[m.name, m.result()] for m in layer.metrics]",
    "for_inputs": "layer(x)\nlayer.updates",
    "two_layers": "other = L.Dense(2, bias_regularizer='l1', bias_initializer='ones')\nother(x)\nlayer(x)\n[layer.losses, other.losses]",
    "gradient": "with tf.GradientTape() as tape:\n    layer(x)\n    loss = tf.add_n(layer.losses)\ntape.gradient(loss, layer.trainable_weights)",
}.items():
    case("losses_" + name, LOSSES + code, x=f32(4, 3))

for name, code in {
    "default": "[L.Dense(2).dtype, L.Dense(2)(x).dtype, L.Dense(2)(d).dtype]",
    "float64": "[L.Dense(2, dtype='float64')(x).dtype, L.Dense(2, dtype=tf.float64).dtype]",
    "floatx": "tf.keras.backend.set_floatx('float64')\nl = L.Dense(2)\nresult = [l.dtype, l(x).dtype, L.Layer().dtype]\ntf.keras.backend.set_floatx('float32')",
    "ints_stay": "L.Lambda(lambda t: t)(tf.constant([1, 2])).dtype",
    "all_inputs": "[t.dtype for t in L.Lambda(lambda ts: ts)([x, d, tf.constant(1)])]",
    "autocast_off": "l = L.Layer(autocast=False)\nl(d).dtype",
    "arrays": "[L.Layer()(np.ones((2, 2))).dtype, L.Layer()(np.ones((2, 2), 'int64')).dtype]",
    "add_weight": "l = L.Layer(dtype='float64')\n[l.add_weight('a').dtype, l.add_weight('b', dtype='int32').dtype, l.add_weight('c', (2,), initializer='ones'), l.add_weight('d', (2,), dtype=tf.bool)]",
    "options": "l = L.Layer(input_shape=(3,), batch_size=4, name='q')\n[l._batch_input_shape, L.Layer(batch_input_shape=(2, 5))._batch_input_shape, L.Dense(2, input_dim=3)._batch_input_shape, l.get_config()]",
    "weights_option": "L.Dense(2, weights=[np.ones((3, 2)), np.ones(2)])(x)",
    "old_names": "[L.Layer().add_variable('q', shape=(2,)).shape, L.Dense(2).apply(x).shape, len(L.Dense(2).updates)]",
    "nodes": "l = L.Dense(2, name='n')\na, b = tf.keras.Input((3,)), tf.keras.Input((3,))\ny, z = l(a), l(b)\nresult = [len(l.inbound_nodes), l.get_input_at(0) is a, l.get_output_at(1) is z, l.input_shape, l.output_shape, l.get_output_shape_at(1)]",
    "input_of_several": "l = L.Dense(2)\na, b = tf.keras.Input((3,)), tf.keras.Input((3,))\ny, z = l(a), l(b)\n[l.input is a, l.output is y]",
    "one_node": "l = L.Dense(2)\na = tf.keras.Input((3,))\ny = l(a)\nresult = [l.input is a, l.output is y, l.input_shape, l.output_shape, len(l.outbound_nodes)]",
    "input_spec": "l = L.Dense(2)\nbefore = repr(l.input_spec)\nl(x)\n[before, repr(l.input_spec), l.input_spec.axes]",
    "signature": "L.Dense(2).compute_output_signature(tf.TensorSpec((None, 3), tf.float32))",
    "traits": "l = L.Layer()\n[l.stateful, l.dynamic, l.supports_masking, l.built, l.trainable, l.input_spec, l.activity_regularizer, l.losses, l.metrics]",
    "identity": "L.Layer()(x)",
}.items():
    case("layer_" + name, "L = tf.keras.layers\n" + code, x=f32(4, 3), d=f64(4, 3))

for name, (code, *says) in {
    "config": (
        "class A(L.Layer):\n    def __init__(self, n):\n        super(A, self).__init__()\n        self.n = n\nA(3).get_config()",
        "Layers with arguments in `__init__` must override `get_config`.",
    ),
    "set_weights_length": (
        "l = L.Dense(2, name='n')\nl(x)\nl.set_weights([1])",
        'You called `set_weights(weights)` on layer "n" with a weight list of length 1, but the layer was expecting 2 weights. Provided weights: [1]...',
    ),
    "set_weights_shape": (
        "l = L.Dense(2, name='n')\nl(x)\nl.set_weights([np.ones((3, 3)), np.ones(2)])",
        "Layer weight shape (3, 2) not compatible with provided weight shape (3, 3)",
    ),
    "count_params": ("L.Dense(2).count_params()", "but the layer isn't built."),
    "input": ("L.Dense(2).input", "is not connected, no input to return."),
    "output": ("L.Dense(2).output", "has no inbound nodes."),
    "output_shape": (
        "L.Dense(2).output_shape",
        "The layer has never been called and thus has no defined output shape.",
    ),
    "input_at": (
        "L.Dense(2).get_input_at(0)", "The layer has never been called and thus has no defined input.",
    ),
    "input_at_missing": (
        "l = L.Dense(2)\nl(tf.keras.Input((3,)))\nl.get_input_at(3)",
        "Asked to get input at node 3, but the layer has only 1 inbound nodes.",
    ),
    "read_trainable": (
        "L.Layer().add_weight('q', (2,), trainable=True, synchronization=tf.VariableSynchronization.ON_READ)",
        "Synchronization value can be set to VariableSynchronization.ON_READ only for non-trainable variables.",
    ),
    "weight_option": ("L.Layer().add_weight('q', (2,), zz=3)", "Unknown keyword argument:"),
    "weight_initializer": (
        "L.Layer().add_weight('q', (2,), initializer='zz')", "Unknown initializer:zz",
    ),
    "metric_name": ("l = L.Layer()\nl.add_metric(tf.constant(1.0), aggregation='mean')",),
    "metric_aggregation": (
        "L.Layer().add_metric(tf.constant(1.0), name='a', aggregation='sum')",
        "We currently support only `mean` sample-wise metric aggregation.",
    ),
    "call_error": (
        "class A(L.Layer):\n    def call(self, x):\n        return tf.matmul(x, x)\nA()(x)", "Matrix size-incompatible",
    ),
}.items():  # fmt: skip
    error("bad_" + name, "L = tf.keras.layers\n" + code, x=f32(4, 3), says=tuple(says))
