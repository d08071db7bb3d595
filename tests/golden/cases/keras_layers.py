"""tf.keras.layers: values, gradients, weights, masks, shapes, configs, random numbers, bad input.

Every row of LAYERS faces the same battery; adding a layer is adding a row.
"""

from golden.battery import BATTERY, BOTH, PLAIN
from golden.table import Table, empty, f16, f32, f64, ints, specials, uniform, val

table = Table("keras_layers")
case, error = table.case, table.error

# name: (constructor call, options, inputs); every layer is named n
LAYERS = {
    "dense": ("Dense(4, name='n')", {}, f32(3, 5)),
    "dense_relu": ("Dense(4, 'relu', name='n')", {}, f32(3, 5)),
    "dense_no_bias": ("Dense(4, 'tanh', use_bias=False, name='n')", {}, f32(3, 5)),
    "dense_rank_3": ("Dense(4, 'softmax', name='n')", {}, f32(2, 3, 5)),
    "dense_rank_4": ("Dense(2, name='n')", {}, f32(2, 3, 2, 5)),
    "dense_penalties": (
        "Dense(4, name='n', kernel_regularizer='l2', bias_regularizer='l1', activity_regularizer='l2', kernel_constraint='non_neg', kernel_initializer='he_normal')",
        {},
        f32(3, 5),
    ),
    "dense_float64": ("Dense(4, name='n', dtype='float64')", {}, f64(3, 5)),
    "dense_float16": ("Dense(4, name='n', dtype='float16')", {}, f16(3, 5)),
    "activation": ("Activation('tanh', name='n')", {}, f32(3, 5)),
    "activation_linear": ("Activation('linear', name='n')", {}, f32(3, 5)),
    "activation_softmax": ("Activation('softmax', name='n')", {}, f32(2, 3, 5)),
    "activity_regularization": ("ActivityRegularization(0.1, 0.2, name='n')", {}, f32(3, 5)),
    "activity_regularization_zero": ("ActivityRegularization(name='n')", {}, f32(3, 5)),
    "flatten": ("Flatten(name='n')", {}, f32(2, 3, 4)),
    "flatten_vector": ("Flatten(name='n')", {"symbolic": False}, f32(3)),
    "flatten_channels_first": ("Flatten('channels_first', name='n')", {}, f32(2, 3, 4, 5)),
    "reshape": ("Reshape((2, 6), name='n')", {}, f32(3, 3, 4)),
    "reshape_unknown": ("Reshape((-1, 2), name='n')", {}, f32(3, 3, 4)),
    "reshape_vector": ("Reshape((12,), name='n')", {}, f32(3, 3, 4)),
    "permute": ("Permute((3, 1, 2), name='n')", {}, f32(2, 3, 4, 5)),
    "repeat_vector": ("RepeatVector(3, name='n')", {}, f32(2, 4)),
    "masking": (
        "Masking(2.0, name='n')",
        {},
        val([[[2.0, 2.0], [2.0, 1.0], [0.0, 0.0]], [[1.0, 3.0], [2.0, 2.0], [2.0, 2.0]]]),
    ),
    "leaky_relu": ("LeakyReLU(name='n')", {}, f32(3, 5)),
    "leaky_relu_alpha": ("LeakyReLU(0.05, name='n')", {}, f32(3, 5)),
    "prelu": ("PReLU(name='n')", {}, f32(3, 5)),
    "prelu_shared": ("PReLU(shared_axes=[1, 2], name='n')", {}, f32(2, 3, 2, 4)),
    "prelu_options": (
        "PReLU('ones', 'l2', 'non_neg', shared_axes=1, name='n')", {}, f32(2, 3, 4),
    ),
    "elu": ("ELU(name='n')", {}, f32(3, 5)),
    "elu_alpha": ("ELU(0.3, name='n')", {}, f32(3, 5)),
    "thresholded_relu": ("ThresholdedReLU(0.5, name='n')", {}, f32(3, 5)),
    "softmax": ("Softmax(name='n')", {}, f32(3, 5)),
    "softmax_axis": ("Softmax(axis=1, name='n')", {}, f32(2, 3, 4)),
    "relu": ("ReLU(name='n')", {}, f32(3, 5)),
    "relu_6": ("ReLU(6.0, name='n')", {}, uniform(-3, 9, 3, 5)),
    "relu_all": ("ReLU(2.0, 0.1, 0.5, name='n')", {}, f32(3, 5)),
    "dropout_inference": ("Dropout(0.5, name='n')", {"calls": "[{}, {'training': False}]"}, f32(3, 5)),
    "dropout": ("Dropout(0.4, name='n')", {"calls": BOTH}, f32(3, 5)),
    "dropout_seed": ("Dropout(0.4, seed=3, name='n')", {"calls": BOTH}, f32(3, 5)),
    "dropout_noise_shape": ("Dropout(0.4, (None, 1), name='n')", {"calls": BOTH}, f32(3, 5)),
    "dropout_zero": ("Dropout(0, name='n')", {"calls": BOTH}, f32(3, 5)),
    "spatial_dropout_1d": ("SpatialDropout1D(0.4, name='n')", {"calls": BOTH}, f32(2, 3, 5)),
    "spatial_dropout_2d": ("SpatialDropout2D(0.4, name='n')", {"calls": BOTH}, f32(2, 3, 2, 5)),
    "spatial_dropout_2d_channels_first": (
        "SpatialDropout2D(0.4, 'channels_first', name='n')", {"calls": BOTH}, f32(2, 3, 2, 5),
    ),
    "spatial_dropout_3d": ("SpatialDropout3D(0.4, name='n')", {"calls": BOTH}, f32(2, 3, 2, 2, 5)),
    "gaussian_noise": ("GaussianNoise(0.5, name='n')", {"calls": BOTH}, f32(3, 5)),
    "gaussian_dropout": ("GaussianDropout(0.4, name='n')", {"calls": BOTH}, f32(3, 5)),
    "alpha_dropout": ("AlphaDropout(0.4, name='n')", {"calls": BOTH}, f32(3, 5)),
    "alpha_dropout_seed": ("AlphaDropout(0.4, (3, 1), 2, name='n')", {"calls": BOTH}, f32(3, 5)),
    "embedding": ("Embedding(7, 3, name='n')", {}, ints(0, 7, 2, 4)),
    "embedding_int64": ("Embedding(7, 3, name='n')", {}, ints(0, 7, 2, 4, dtype="int64")),
    "embedding_vector": ("Embedding(7, 3, name='n')", {"symbolic": False}, ints(0, 7, 5)),
    "embedding_mask": (
        "Embedding(7, 3, mask_zero=True, input_length=4, name='n')", {}, ints(0, 3, 2, 4),
    ),
    "embedding_penalties": (
        "Embedding(7, 3, 'ones', 'l2', 'l1', 'unit_norm', name='n')", {}, ints(0, 7, 2, 4),
    ),
    "batch_normalization": ("BatchNormalization(name='n')", {"calls": BOTH}, f32(4, 5)),
    "batch_normalization_images_epsilon": (
        "BatchNormalization(epsilon=1e-9, name='n')", {"calls": BOTH}, uniform(0, 1e-3, 4, 3, 2, 2),
    ),
    "batch_normalization_images_one": ("BatchNormalization(name='n')", {"calls": BOTH}, f32(1, 1, 1, 2)),
    "batch_normalization_images_momentum": (
        "BatchNormalization(momentum=0.7, scale=False, name='n')", {"calls": BOTH}, f32(2, 3, 2, 2),
    ),
    "batch_normalization_options": (
        "BatchNormalization(momentum=0.7, epsilon=0.1, beta_regularizer='l2', gamma_regularizer='l1', gamma_constraint='non_neg', name='n')",
        {"calls": BOTH},
        f32(4, 5),
    ),
    "batch_normalization_no_scale": (
        "BatchNormalization(scale=False, name='n')", {"calls": BOTH}, f32(4, 5),
    ),
    "batch_normalization_no_center": (
        "BatchNormalization(center=False, name='n')", {"calls": BOTH}, f32(4, 5),
    ),
    "batch_normalization_frozen": (
        "BatchNormalization(trainable=False, name='n')", {"calls": BOTH}, f32(4, 5),
    ),
    "batch_normalization_rank_3": ("BatchNormalization(name='n')", {"calls": BOTH}, f32(4, 3, 5)),
    "batch_normalization_rank_3_axis": (
        "BatchNormalization(axis=1, name='n')", {"calls": BOTH}, f32(4, 3, 5),
    ),
    "batch_normalization_images": (
        "BatchNormalization(name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_axis_1": (
        "BatchNormalization(axis=1, name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_bare": (
        "BatchNormalization(center=False, scale=False, name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_not_fused": (
        "BatchNormalization(fused=False, name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_axis_2": (
        "BatchNormalization(axis=2, name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_axes": (
        "BatchNormalization(axis=[1, 3], name='n')", {"calls": BOTH}, f32(4, 3, 2, 5),
    ),
    "batch_normalization_images_one_pixel": (
        "BatchNormalization(name='n')", {"calls": BOTH}, f32(1, 1, 1, 5),
    ),
    "batch_normalization_images_float16": (
        "BatchNormalization(dtype='float16', name='n')", {"calls": BOTH}, f16(4, 3, 2, 5),
    ),
    "batch_normalization_float64": (
        "BatchNormalization(dtype='float64', name='n')", {"calls": BOTH}, f64(4, 5),
    ),
    "batch_normalization_virtual": (  # once built, TF's has another axis in its config
        "BatchNormalization(virtual_batch_size=2, name='n')",
        {
            "calls": BOTH,
            "symbolic": False,
            "config": "L.BatchNormalization(virtual_batch_size=2, name='n')",
        },
        f32(4, 5),
    ),
    "batch_normalization_renorm": (
        "BatchNormalization(renorm=True, name='n')", {"calls": BOTH}, f32(4, 5),
    ),
    "batch_normalization_renorm_clipped": (
        "BatchNormalization(renorm=True, renorm_clipping={'rmin': 0.5, 'rmax': 2.0, 'dmax': 0.3}, renorm_momentum=0.8, name='n')",
        {"calls": BOTH},
        f32(4, 3, 5),
    ),
    "layer_normalization": ("LayerNormalization(name='n')", {}, f32(4, 5)),
    "layer_normalization_rank_3": ("LayerNormalization(name='n')", {}, f32(2, 3, 5)),
    "layer_normalization_bare": (
        "LayerNormalization(center=False, scale=False, epsilon=0.1, name='n')", {}, f32(4, 5),
    ),
    "layer_normalization_axis": ("LayerNormalization(axis=1, name='n')", {}, f32(2, 3, 5)),
    "layer_normalization_axes": ("LayerNormalization(axis=[1, 2], name='n')", {}, f32(2, 3, 5)),
    "layer_normalization_axes_backwards": (
        "LayerNormalization(axis=[-1, -2], name='n')", {}, f32(2, 3, 5),
    ),
    "layer_normalization_axes_apart": (
        "LayerNormalization(axis=(1, 3), name='n')", {}, f32(2, 3, 2, 5),
    ),
    "layer_normalization_float64": (
        "LayerNormalization(dtype='float64', name='n')", {}, f64(4, 5),
    ),
    "add": ("Add(name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3)),
    "add_three": ("Add(name='n')", {"inputs": "[x, y, x]"}, f32(2, 3), f32(2, 3)),
    "add_broadcast": ("Add(name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 4)),
    "add_broadcast_ones": ("Add(name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 1, 4)),
    "subtract": ("Subtract(name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3)),
    "multiply": ("Multiply(name='n')", {"inputs": "[x, y, y]"}, f32(2, 3), f32(2, 3)),
    "average": ("Average(name='n')", {"inputs": "[x, y, y]"}, f32(2, 3), f32(2, 3)),
    "maximum": ("Maximum(name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3)),
    "minimum": ("Minimum(name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3)),
    "concatenate": ("Concatenate(name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 4)),
    "concatenate_axis": (
        "Concatenate(axis=1, name='n')", {"inputs": "[x, y]"}, f32(2, 3, 2), f32(2, 4, 2),
    ),
    "dot": ("Dot(1, name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3)),
    "dot_normalize": (
        "Dot(1, normalize=True, name='n')", {"inputs": "[x, y]"}, f32(2, 3), f32(2, 3),
    ),
    "dot_matrices": (
        "Dot((2, 1), name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 4, 5),
    ),
    "dot_last": ("Dot(-1, name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 5, 4)),
    "dot_middle": ("Dot(1, name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 3)),
    "time_distributed": ("TimeDistributed(L.Dense(4, name='d'), name='n')", {}, f32(2, 3, 5)),
    "time_distributed_flatten": (
        "TimeDistributed(L.Flatten(name='d'), name='n')", {}, f32(2, 3, 4, 5),
    ),
    "time_distributed_dropout": (
        "TimeDistributed(L.Dropout(0.4, name='d'), name='n')", {"calls": BOTH}, f32(2, 3, 5),
    ),
    "time_distributed_normalization": (
        "TimeDistributed(L.BatchNormalization(name='d'), name='n')", {"calls": BOTH}, f32(2, 3, 5),
    ),
    "time_distributed_penalty": (
        "TimeDistributed(L.Dense(4, activity_regularizer='l2', name='d'), name='n')", {}, f32(2, 3, 5),
    ),
    "attention": ("Attention(name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 5, 4)),
    "attention_scale": (
        "Attention(use_scale=True, name='n')", {"inputs": "[x, y, y * 2]"}, f32(2, 3, 4), f32(2, 5, 4),
    ),
    "attention_causal": (
        "Attention(causal=True, name='n')", {"inputs": "[x, y]"}, f32(2, 4, 4), f32(2, 4, 4),
    ),
    "attention_masks": (
        "Attention(name='n')",
        {
            "inputs": "[x, y]",
            "calls": "[{'mask': [tf.constant([[True, False, True]] * 2), tf.constant([[True, True, False, False, True]] * 2)]}, {'mask': [None, tf.constant([[True, True, False, False, True]] * 2)]}]",
        },
        f32(2, 3, 4),
        f32(2, 5, 4),
    ),
    "additive_attention": (
        "AdditiveAttention(name='n')", {"inputs": "[x, y]"}, f32(2, 3, 4), f32(2, 5, 4),
    ),
    "additive_attention_no_scale": (
        "AdditiveAttention(use_scale=False, causal=True, name='n')",
        {"inputs": "[x, y]"},
        f32(2, 3, 4),
        f32(2, 3, 4),
    ),
}  # fmt: skip
TOLERANCES = {
    "float16": {"rtol": 4e-3, "why": "float16 steps are rounded at other places"},
    "attention": {"rtol": 2e-5, "why": "softmax of large products"},
    "normalization": {"rtol": 2e-5, "atol": 2e-6, "why": "differences of near numbers, divided"},
    "normalize": {"rtol": 1e-5, "atol": 1e-6, "why": "differences of near numbers, divided"},
}
for name, (make, options, *arrays) in LAYERS.items():
    filled = {"inputs": "x", "calls": PLAIN, "symbolic": True, "config": "layer"}
    filled.update(options)
    loose = next((loose for word, loose in TOLERANCES.items() if word in name), {})
    code = BATTERY.format(make=make, **filled)
    case(name, code, seed=3, **dict(zip("xy", arrays)), **loose)

# -------------------------------------------------------------------------------- odd values

for name, make in {
    "dense": "Dense(2, kernel_initializer='ones')",
    "activation": "Activation('relu')",
    "leaky_relu": "LeakyReLU()",
    "prelu": "PReLU()",
    "elu": "ELU()",
    "thresholded_relu": "ThresholdedReLU()",
    "softmax": "Softmax()",
    "relu": "ReLU()",
    "masking": "Masking()",
    "flatten": "Flatten()",
    "dropout": "Dropout(0.5)",
    "batch_normalization": "BatchNormalization()",
    "layer_normalization": "LayerNormalization()",
}.items():
    if name in ("masking", "layer_normalization"):
        case("special_" + name, "tf.keras.layers.%s(x[:, None])" % make, x=specials())
    else:
        case("special_" + name, "tf.keras.layers.%s(x[None])" % make, x=specials())
    if name not in ("flatten", "layer_normalization"):  # there TF 2.1 fails, even crashes
        case("empty_" + name, "tf.keras.layers.%s(x)" % make, x=empty(0, 3))
case(
    "batch_normalization_empty_training",
    "l = tf.keras.layers.BatchNormalization()\n[l(x, training=True), l.get_weights()]",
    x=empty(0, 3),
)
case(
    "batch_normalization_empty_images_training",
    "l = tf.keras.layers.BatchNormalization()\n[l(x, training=True), l.get_weights()]",
    x=empty(0, 2, 2, 3),
)
case("flatten_ints", "tf.keras.layers.Flatten()(x)", x=ints(0, 9, 2, 3))
case("relu_ints", "tf.keras.layers.ReLU()(x)", x=ints(-9, 9, 2, 3))
case("dropout_ints", "tf.keras.layers.Dropout(0.5)(x)", x=ints(0, 9, 2, 3))
case("dense_ints", "tf.keras.layers.Dense(2, kernel_initializer='ones')(x)", x=ints(0, 9, 2, 3))
case("embedding_floats", "tf.keras.layers.Embedding(9, 2, 'ones')(x)", x=val([[1.0, 2.5]]))
case("softmax_vector", "tf.keras.layers.Softmax()(x)", x=f32(4))
case(
    "batch_normalization_moves",
    """
layer = tf.keras.layers.BatchNormalization(momentum=0.5)
for step in range(4):
    layer(x * (step + 1.0), training=True)
layer.trainable = False
before = layer.get_weights()
result = [layer(x, training=True), before, layer.get_weights(), len(layer.trainable_weights)]
layer.trainable = True
result += [layer(x, training=tf.constant(True)), layer(x, training=1), layer.get_weights()]
""",
    x=f32(4, 3),
    rtol=1e-5,
    why="differences of near numbers, divided",
)
case(
    "training_by_learning_phase",
    """
K = tf.keras.backend
layer = tf.keras.layers.BatchNormalization()
result = [layer(x)]
K.set_learning_phase(1)
result += [layer(x), layer(x, training=False)]
K.set_learning_phase(0)
result += [layer(x), layer(x, training=True)]
""",
    x=f32(4, 3),
    rtol=1e-5,
    atol=1e-6,
    why="differences of near numbers, divided",
)
case(
    "training_is_handed_down",
    """
class Outer(tf.keras.layers.Layer):
    def __init__(self):
        super(Outer, self).__init__()
        self.inner = tf.keras.layers.Dropout(0.5, seed=1)

    def call(self, inputs, training=None):
        return self.inner(inputs)

outer = Outer()
result = [outer(x), outer(x, training=True), outer(x, training=False), outer(x, True)]
""",
    x=f32(4, 3),
    seed=5,
)
case(
    "adjustment",
    """
layer = tf.keras.layers.BatchNormalization(
    adjustment=lambda shape: (tf.constant([1.0, 2.0, 3.0]), tf.constant([0.5, 0.0, -1.0]))
)
result = [layer(x, training=True), layer(x), layer.get_weights(), layer.get_config()["axis"]]
""",
    x=f32(4, 3),
    rtol=1e-5,
    atol=1e-6,
    why="differences of near numbers, divided",
)
case(
    "functions",
    "[getattr(tf.keras.layers, name)([x, y]) for name in ['add', 'subtract', 'multiply', 'average', 'maximum', 'minimum', 'concatenate']] + [tf.keras.layers.concatenate([x, y], axis=0), tf.keras.layers.dot([x, y], 1), tf.keras.layers.dot([x, y], axes=1, normalize=True)]",
    x=f32(2, 3),
    y=f32(2, 3),
    rtol=1e-5,
    why="vectors are scaled to length 1",
)

# --------------------------------------------------------------------------------------- masks

M = "m, n = tf.constant([[True, False, True], [True, True, False]]), tf.constant([[True, True, False]] * 2)\nL = tf.keras.layers\n"
for name, call in {
    "add": "L.Add().compute_mask([x, x], {})",
    "average": "L.Average().compute_mask([x, x], {})",
    "concatenate": "L.Concatenate().compute_mask([x, x], {})",
    "concatenate_axis": "L.Concatenate(1).compute_mask([x, x], {})",
    "dot": "L.Dot(1).compute_mask([x, x], {})",
    "attention": "L.Attention().compute_mask([x, x], {})",
}.items():
    for masks in ["None", "[None, None]", "[m, n]", "[m, None]", "[None, n]"]:
        if name == "concatenate_axis" and masks in ("[m, None]", "[None, n]"):
            continue  # TF 2.1 fails there
        case("mask_%s_%s" % (name, masks), M + call.format(masks), x=f32(2, 3, 4))
for name, layer in {
    "dense": "L.Dense(2)",
    "activation": "L.Activation('relu')",
    "dropout": "L.Dropout(0.5)",
    "flatten": "L.Flatten()",
    "reshape": "L.Reshape((4, 3))",
    "permute": "L.Permute((2, 1))",
    "batch_normalization": "L.BatchNormalization()",
    "layer_normalization": "L.LayerNormalization()",
    "leaky_relu": "L.LeakyReLU()",
    "relu": "L.ReLU()",
    "softmax": "L.Softmax()",
    "time_distributed": "L.TimeDistributed(L.Dense(2))",
    "lambda": "L.Lambda(lambda x: x)",
    "gaussian_noise": "L.GaussianNoise(0.5)",
    "masking": "L.Masking()",
    "spatial_dropout": "L.SpatialDropout1D(0.5)",
}.items():
    code = "x = tf.keras.layers.Masking(1.0)(x)\nL = tf.keras.layers\ngetattr(%s(x), '_keras_mask', None)"
    case(
        "mask_passes_" + name,
        code % layer,
        x=val([[[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]] * 2),
    )
case(
    "mask_reaches_call",
    """
class Count(tf.keras.layers.Layer):
    def call(self, inputs, mask=None):
        if mask is None:
            return inputs
        return inputs * tf.cast(mask, inputs.dtype)[:, :, None]

class Both(tf.keras.layers.Layer):
    def call(self, inputs, mask=None):
        return [m is None for m in mask]

L = tf.keras.layers
masked = L.Embedding(5, 2, 'ones', mask_zero=True)(tf.constant([[1, 0, 2], [0, 3, 4]]))
given = tf.constant([[True, True, False]] * 2)
result = [Count()(masked), Count()(masked, mask=given), Count()(x), Both()([masked, x])]
result += [L.Add()([masked, masked])._keras_mask, L.Attention()([masked, masked])]
""",
    x=f32(2, 3, 2),
)

# --------------------------------------------------------------------------------------- Lambda

for name, (make, call) in {
    "plain": ("lambda x: x * 2", "layer(x)"),
    "arguments": ("lambda x, a, b=1.0: x * a + b, arguments={'a': 3.0}", "layer(x)"),
    "mask": ("lambda x, mask=None: (x, mask is None)", "layer(x)"),
    "training": (
        "lambda x, training=None: x if training else -x",
        "[layer(x, training=True), layer(x, training=False)]",
    ),
    "variable": ("lambda x: x * tf.reduce_sum(x)", "layer(x)"),
    "of_tf": ("tf.abs", "layer(x)"),
    "list": ("lambda xs: xs[0] + xs[1]", "layer([x, x])"),
}.items():
    case(
        "lambda_" + name, "layer = tf.keras.layers.Lambda(%s)\n%s" % (make, call), x=f32(2, 3),
    )  # fmt: skip
case(
    "lambda_config",
    """
layer = tf.keras.layers.Lambda(lambda x, b=2.0: x * 3.0 + b, name="n", arguments={"b": 1.0})
config = layer.get_config()
again = tf.keras.layers.Lambda.from_config(config)
result = [sorted(config), config["function_type"], config["output_shape_type"], config["arguments"]]
result += [len(config["function"]), config["function"][1], again(x), again.name]
result += [tf.keras.layers.Lambda(len).get_config()[key] for key in ("function", "function_type")]
""",
    x=f32(2, 3),
)
case(
    "lambda_closure",
    """
def scale(by):
    return tf.keras.layers.Lambda(lambda x: x * by, name="n")

two, three = scale(2.0), scale(3.0)
result = [type(layer).from_config(layer.get_config())(x) for layer in (two, three)]
result.append(two.get_config()["function"][2])
""",
    x=f32(2, 3),
)
case(
    "lambda_named_function",
    """
config = tf.keras.layers.Lambda(divmod).get_config()
layer = tf.keras.layers.Lambda.from_config(config, {"divmod": tf.negative})
result = layer(x)
""",
    x=f32(2, 3),
)
case(
    "lambda_output_shape",
    """
L = tf.keras.layers
result = [
    L.Lambda(lambda x: x, output_shape=(5,)).compute_output_shape((None, 3)),
    L.Lambda(lambda x: x, output_shape=lambda s: (s[0], 9)).compute_output_shape((None, 3)),
    L.Lambda(lambda x: tf.concat([x, x], 1)).compute_output_shape((None, 3)),
    L.Lambda(lambda x: tf.reduce_sum(x, 1)).compute_output_shape((None, 3)),
]
""",
)
error(
    "lambda_makes_variables",
    "tf.keras.layers.Lambda(lambda x: x * tf.Variable(1.0))(x)",
    x=f32(2, 3),
    says=("The following Variables were created within a Lambda layer",),
)
error("lambda_number", "tf.keras.layers.Lambda(3)", says=("unsupported callable",))
error(
    "lambda_type",
    "tf.keras.layers.Lambda.from_config({'function': 'f', 'function_type': 'zz', 'module': None, 'output_shape': None, 'output_shape_type': 'raw', 'output_shape_module': None, 'arguments': {}})",
    says=("Unknown function type:",),
)

# ------------------------------------------------------------------------------ symbolic shapes

SHAPES = {
    "flatten_unknown": "L.Flatten()(I((3, None)))",
    "flatten_scalars": "L.Flatten()(I(()))",
    "flatten_batch": "L.Flatten()(I(batch_shape=(2, 3, 4)))",
    "reshape_unknown": "L.Reshape((-1, 4))(I((None, 2)))",
    "reshape_rest": "L.Reshape((2, -1))(I((4,)))",
    "reshape_rest_batch": "L.Reshape((-1, 2))(I(batch_shape=(2, 4)))",
    "reshape_from_unknown": "L.Reshape((2, 2))(I((None,)))",
    "permute_unknown": "L.Permute((2, 1))(I((None, 3)))",
    "repeat_unknown": "L.RepeatVector(2)(I((None,)))",
    "add_unknown": "L.Add()([I((None,)), I((3,))])",
    "add_ones": "L.Add()([I((None, 1)), I((3, 4))])",
    "add_ranks": "L.Add()([I((None, 4)), I((4,))])",
    "concatenate_unknown": "L.Concatenate()([I((None, 3)), I((5, 4))])",
    "concatenate_axis_unknown": "L.Concatenate(1)([I((None, 3)), I((5, 3))])",
    "concatenate_batch": "L.Concatenate(0)([I((3,)), I((3,))])",
    "dot_unknown": "L.Dot(1)([I((None, 3)), I((None, 4))])",
    "dot_vectors": "L.Dot(1)([I((3,)), I((3,))])",
    "attention_unknown": "L.Attention()([I((None, 4)), I((5, 4))])",
    "additive_attention_unknown": "L.AdditiveAttention()([I((None, 4)), I((None, 4))])",
    "batch_normalization_unknown": "L.BatchNormalization(axis=1)(I((3, None, None)))",
    "layer_normalization_unknown": "L.LayerNormalization()(I((None, 3)))",
    "time_distributed_unknown": "L.TimeDistributed(L.Dense(2))(I((None, 4)))",
    "time_distributed_twice": "L.TimeDistributed(L.TimeDistributed(L.Dense(2)))(I((None, None, 3)))",
    "embedding_unknown": "L.Embedding(5, 2)(I((None,)))",
    "embedding_scalars": "L.Embedding(5, 2)(I(()))",
    "lambda_reduced": "L.Lambda(lambda x: tf.reduce_mean(x, 1))(I((None, 3)))",
    "lambda_list": "L.Lambda(lambda x: tf.concat(x, 1))([I((4,)), I((3,))])",
    "lambda_ints": "L.Lambda(lambda x: tf.argmax(x, 1))(I((4,)))",
    "masking_unknown": "L.Masking()(I((None, 3)))",
    "softmax_unknown": "L.Softmax(axis=1)(I((None, 3)))",
    "spatial_dropout_unknown": "L.SpatialDropout1D(0.5)(I((None, 3)), training=True)",
    "dropout_noise_unknown": "L.Dropout(0.5, (None, 1, None))(I((None, 3)), training=True)",
    "noise_unknown": "L.GaussianNoise(0.5)(I((None, 3)), training=True)",
    "prelu_unknown": "L.PReLU(shared_axes=[1])(I((None, 3)))",
    "activation_softmax_unknown": "L.Activation('softmax')(I((None, 3)))",
    "dense_unknown": "L.Dense(2)(I((None, None, 3)))",
    "function_add": "L.add([I((3,)), I((3,))])",
    "function_concatenate": "L.concatenate([I((3,)), I((4,))])",
}
for name, call in SHAPES.items():
    code = "L, I = tf.keras.layers, tf.keras.Input\ny = %s\n[y.shape.as_list(), y.dtype.name]"
    case("symbolic_" + name, code % call)
for name, call in {
    "flatten": "L.Flatten().compute_output_shape((None, None, 4))",
    "reshape": "L.Reshape((-1, 2)).compute_output_shape((None, 4))",
    "reshape_unknown": "L.Reshape((-1, 2)).compute_output_shape((None, None))",
    "add": "L.Add().compute_output_shape([(None, 3), (None, 1)])",
    "add_unknown": "L.Add().compute_output_shape([(None, None), (None, 3)])",
    "concatenate": "L.Concatenate(1).compute_output_shape([(None, 3, 4), (None, None, 4)])",
    "dot": "L.Dot((2, 1)).compute_output_shape([(None, 3, 4), (None, 4, 5)])",
    "embedding": "L.Embedding(10, 4, input_length=(3, 5)).compute_output_shape((None, 3, None))",
    "embedding_given": "L.Embedding(10, 4, input_length=4).compute_output_shape((None, None))",
    "time_distributed": "L.TimeDistributed(L.Dense(2)).compute_output_shape((None, 3, 4))",
}.items():
    case("shape_" + name, "L = tf.keras.layers\ntf.TensorShape(%s)" % call)

# ---------------------------------------------------------------------------- making by config

case(
    "serialize",
    """
L = tf.keras.layers
layers = [L.Dense(2, name="a"), L.Flatten(name="b"), L.Dropout(0.5, name="c"), L.Add(name="d")]
layers.append(L.TimeDistributed(L.Dense(3, name="e"), name="f"))
result = [L.serialize(layer) for layer in layers]
result += [L.deserialize(L.serialize(layer)).get_config() for layer in layers]
""",
)
case(
    "deserialize_custom",
    """
class Twice(tf.keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2

config = {"class_name": "Twice", "config": {"name": "t"}}
result = [tf.keras.layers.deserialize(config, {"Twice": Twice})(x)]
with tf.keras.utils.custom_object_scope({"Twice": Twice}):
    result.append(tf.keras.layers.deserialize(config)(x))
    wrapped = tf.keras.layers.TimeDistributed(Twice(name="u"), name="w")
    again = tf.keras.layers.deserialize(tf.keras.layers.serialize(wrapped))
    result += [again.get_config(), again(x[None])]
""",
    x=f32(2, 3),
)
for name, code in {
    "unknown": "tf.keras.layers.deserialize({'class_name': 'Zz', 'config': {}})",
    "function": "tf.keras.layers.deserialize({'class_name': 'relu', 'config': {}})",
}.items():
    error("deserialize_" + name, code, says=("Unknown layer: ",))
error("deserialize_none", "tf.keras.layers.deserialize(None)")
error("deserialize_name", "tf.keras.layers.deserialize('Dense')")
error(
    "deserialize_option",
    "tf.keras.layers.deserialize({'class_name': 'Dense', 'config': {'units': 3, 'zz': 4}})",
    says=("Keyword argument not understood:",),
)
error("serialize_number", "tf.keras.layers.serialize(3)", says=("Cannot serialize",))

# ------------------------------------------------------------------------------------ bad input

for name, (code, *says) in {
    "activation_unknown": ("L.Activation('zz')", "Unknown activation function:zz"),
    "flatten_scalar": ("L.Flatten()(1.0)", "expected min_ndim=1, found ndim=0"),
    "flatten_format": (
        "L.Flatten('zz')",
        'The `data_format` argument must be one of "channels_first", "channels_last". Received: zz',
    ),
    "flatten_two": ("L.Flatten()([x, x])", "expects 1 inputs, but it received 2 input tensors"),
    "reshape_size": (
        "L.Reshape((2, 2))(x)",
        "Input to reshape is a tensor with 6 values, but the requested shape has 8",
    ),
    "reshape_two_unknown": ("L.Reshape((-1, -1))(x)", "Only one input size may be -1"),
    "reshape_multiple": ("L.Reshape((-1, 2))(x)", "the requested shape requires a multiple of 4"),
    "reshape_int": ("L.Reshape(3)", "'int' object is not iterable"),
    "reshape_shape": (
        "L.Reshape((2, 2)).compute_output_shape((None, 3))",
        "total size of new array must be unchanged",
    ),
    "permute_rank": ("L.Permute((2, 1))(x)", "expected ndim=3, found ndim=2"),
    "permute_batch": (
        "L.Permute((0, 1))",
        "Invalid permutation `dims` for Permute Layer: (0, 1). The set of indices in `dims` must be consecutive and start from 1.",
    ),
    "permute_twice": ("L.Permute((1, 1))", "Invalid permutation `dims`"),
    "repeat_rank": ("L.RepeatVector(2)(x[None])", "expected ndim=2, found ndim=3"),
    "dropout_rate": (
        "L.Dropout(1.5)(x, training=True)",
        "rate must be a scalar tensor or a float in the range [0, 1), got 1.5",
    ),
    "dropout_ints": (
        "L.Dropout(0.5)(tf.constant([[1, 2]]), training=True)",
        "x has to be a floating point tensor",
    ),
    "dropout_noise_shape": (
        "L.Dropout(0.5, noise_shape=(2,))(x, training=True)",
        "Incompatible shapes: [2,3] vs. [2] [Op:Mul]",
    ),
    "spatial_dropout_rank": (
        "L.SpatialDropout1D(0.5)(x, training=True)",
        "expected ndim=3, found ndim=2",
    ),
    "spatial_dropout_format": (
        "L.SpatialDropout2D(0.5, 'zz')",
        'data_format must be in {"channels_last", "channels_first"}',
    ),
    "noise_ints": ("L.GaussianNoise(0.5)(tf.constant([[1, 2]]), training=True)",),
    "embedding_range": (
        "L.Embedding(10, 4)(tf.constant([[1, 12]]))",
        "indices[0,1] = 12 is not in [0, 10)",
    ),
    "embedding_length": (
        "L.Embedding(10, 4, input_length=4).compute_output_shape((None, 3))",
        '"input_length" is 4, but received input has shape (None, 3)',
    ),
    "embedding_rows": ("L.Embedding('a', 4)(tf.constant([[1, 0]]))",),
    "leaky_relu_alpha": ("L.LeakyReLU('a')", "could not convert string to float"),
    "relu_max": ("L.ReLU(-1.0)", "max_value of Relu layer cannot be negative value: -1.0"),
    "relu_slope": (
        "L.ReLU(negative_slope=-1.0)",
        "negative_slope of Relu layer cannot be negative value: -1.0",
    ),
    "prelu_unknown": ("L.PReLU()(tf.keras.Input((None, 3)))",),
    "masking_ints": ("L.Masking()(tf.constant([[[1, 0]]]))",),
    "merge_one": (
        "L.Add()([x])",
        "A merge layer should be called on a list of at least 2 inputs. Got 1 inputs.",
    ),
    "merge_tensor": ("L.Add()(x)", "A merge layer should be called on a list of inputs."),
    "merge_none": ("L.Add()([])", "A merge layer should be called on a list of inputs."),
    "merge_tuple": ("L.Add()((x, x))", "A merge layer should be called on a list of inputs."),
    "merge_shapes": (
        "L.Add()([x, x[:, :2]])",
        "Operands could not be broadcast together with shapes (3,) (2,)",
    ),
    "merge_ranks": (
        "L.Add()([x, tf.zeros((2, 3, 4))])",
        "Operands could not be broadcast together with shapes (3, 4) (3,)",
    ),
    "merge_batches": (
        "L.Multiply()([x[:1], x])",
        "Can not merge tensors with different batch sizes. Got tensors with shapes : [(1, 3), (2, 3)]",
    ),
    "merge_types": ("L.Add()([x, tf.constant([[1, 2, 3]] * 2)])", "cannot compute AddV2"),
    "subtract_three": (
        "L.Subtract()([x, x, x])",
        "A `Subtract` layer should be called on exactly 2 inputs",
    ),
    "merge_mask_inputs": ("L.Add().compute_mask(x, [None, None])", "`inputs` should be a list."),
    "merge_mask_list": ("L.Add().compute_mask([x, x], x)", "`mask` should be a list."),
    "merge_mask_length": (
        "L.Add().compute_mask([x, x], [None])",
        "The lists `inputs` and `mask` should have the same length.",
    ),
    "concatenate_one": (
        "L.Concatenate()([x])",
        "A `Concatenate` layer should be called on a list of at least 2 inputs",
    ),
    "concatenate_ranks": (
        "L.Concatenate()([x, tf.zeros((2, 3, 4))])",
        "A `Concatenate` layer requires inputs with matching shapes except for the concat axis. Got inputs shapes: [(2, 3), (2, 3, 4)]",
    ),
    "concatenate_sizes": (
        "L.Concatenate(1)([tf.zeros((2, 3, 4)), tf.zeros((2, 3, 2))])",
        "requires inputs with matching shapes",
    ),
    "concatenate_axis": ("L.Concatenate(axis=3)([x, x])",),
    "concatenate_shape": (
        "L.Concatenate().compute_output_shape((None, 3))",
        "A `Concatenate` layer should be called on a list of inputs.",
    ),
    "dot_sizes": (
        "L.Dot(1)([x, x[:, :2]])",
        "Dimension incompatibility 3 != 2. Layer shapes: (2, 3), (2, 2)",
    ),
    "dot_one": ("L.Dot(1)([x])", "A `Dot` layer should be called on a list of 2 inputs."),
    "dot_axes_type": ("L.Dot('a')", "Invalid type for `axes` - should be a list or an int."),
    "dot_axes_three": (
        "L.Dot((1, 2, 3))",
        "Invalid format for `axes` - should contain two elements.",
    ),
    "dot_axes_float": (
        "L.Dot((1.0, 2))",
        'Invalid format for `axes` - list elements should be "int".',
    ),
    "dot_batch": ("L.Dot(0)([x, x])", "Cannot perform batch_dot over axis 0."),
    "time_distributed_rank": (
        "L.TimeDistributed(L.Dense(2))(x)",
        "`TimeDistributed` Layer should be passed an `input_shape ` with at least 3 dimensions, received: [2, 3]",
    ),
    "time_distributed_number": (
        "L.TimeDistributed(3)",
        "Please initialize `TimeDistributed` layer with a `Layer` instance. You passed: 3",
    ),
    "wrapper_number": ("L.Wrapper(3)",),
    "attention_tensor": (
        "L.Attention()(x[None])",
        "Attention layer must be called on a list of inputs, namely [query, value] or [query, value, key].",
    ),
    "attention_one": (
        "L.Attention()([x[None]])",
        "Attention layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, key]. Given length: 1",
    ),
    "attention_one_mask": (
        "L.Attention()([x[None], x[None]], mask=[tf.constant([[True]])])",
        "Attention layer mask must be a list of length 2, namely [query_mask, value_mask]. Given length: 1",
    ),
    "attention_mask": ("L.Attention()([x[None], x[None]], mask=tf.constant([[True, False]]))",),
    "attention_dropout": ("L.Attention(dropout=0.3)", "Keyword argument not understood:"),
    "batch_normalization_unknown": (
        "L.BatchNormalization().build((None, None))",
        "Input has undefined `axis` dimension.",
    ),
    "batch_normalization_axis": ("L.BatchNormalization(axis=5)(x)", "Invalid axis: 5"),
    "batch_normalization_axis_type": (
        "L.BatchNormalization(axis='a')",
        "axis must be int or list, type given: <class 'str'>",
    ),
    "batch_normalization_axis_tuple": (
        "L.BatchNormalization(axis=(1,))",
        "axis must be int or list, type given: <class 'tuple'>",
    ),
    "batch_normalization_axes_equal": ("L.BatchNormalization(axis=[1, 1])(x)", "Duplicate axis: "),
    "batch_normalization_fused_rank": (
        "L.BatchNormalization(fused=True)(x)",
        "Batch normalization layers with fused=True only support 4D input tensors.",
    ),
    "batch_normalization_fused_axis": (
        "L.BatchNormalization(axis=2, fused=True).build((None, 3, 4, 5))",
        "Passing fused=True is only supported when axis is 1 or 3",
    ),
    "batch_normalization_fused_renorm": (
        "L.BatchNormalization(fused=True, renorm=True)",
        "Passing both fused=True and renorm=True is unsupported",
    ),
    "batch_normalization_fused_virtual": (
        "L.BatchNormalization(fused=True, virtual_batch_size=2)",
        "Passing fused=True is unsupported when virtual_batch_size is specified.",
    ),
    "batch_normalization_virtual_adjusted": (
        "L.BatchNormalization(virtual_batch_size=1, adjustment=lambda s: (1, 1))(x)",
        "When using virtual_batch_size, adjustment cannot be specified",
    ),
    "batch_normalization_clipping": (
        "L.BatchNormalization(renorm=True, renorm_clipping={'zz': 1})",
        "contains keys not in ['rmax', 'rmin', 'dmax']",
    ),
    "batch_normalization_ints": (
        "L.BatchNormalization()(tf.constant([[1, 2]]))",
        "cannot compute AddV2 as input #1(zero-based) was expected to be a int32 tensor but is a float tensor [Op:AddV2]",
    ),
    "batch_normalization_other_rank": (
        "l = L.BatchNormalization()\nl(x)\nl(tf.keras.Input((3, 4)))",
    ),
    "layer_normalization_axis": ("L.LayerNormalization(axis=5)(x)", "Invalid axis: 5"),
    "layer_normalization_axis_type": (
        "L.LayerNormalization(axis='a')",
        "Expected an int or a list/tuple of ints for the argument 'axis', but received instead: a",
    ),
    "layer_normalization_axes_equal": (
        "L.LayerNormalization(axis=[1, 1])(x)",
        "Duplicate axis: (1, 1)",
    ),
    "layer_normalization_ints": (
        "L.LayerNormalization()(tf.constant([[1, 2]]))",
        "Cannot convert 1.0 to EagerTensor of dtype int32",
    ),
    "layer_normalization_unknown": ("L.LayerNormalization().build((None, None))",),
    "mask_not_supported": (
        "L.Flatten().compute_mask(x, tf.constant([True]))",
        "does not support masking, but was passed an input_mask: tf.Tensor([ True], shape=(1,), dtype=bool)",
    ),
    "dense_units": ("L.Dense('a')", "invalid literal for int() with base 10: 'a'"),
    "dense_unknown": (
        "L.Dense(2).build((None, None))",
        "The last dimension of the inputs to `Dense` should be defined. Found `None`.",
    ),
    "dense_int_type": (
        "L.Dense(2, dtype='int32')(x)",
        "Unable to build `Dense` layer with non-floating point dtype",
    ),
    "dense_rank": (
        "L.Dense(2)(x[0])",
        "expected min_ndim=2, found ndim=1. Full shape received: [3]",
    ),
    "dense_two": ("L.Dense(2)([x, x])", "expects 1 inputs, but it received 2 input tensors."),
    "dense_size": (
        "l = L.Dense(2)\nl(x)\nl(tf.keras.Input((4,)))",
        "expected axis -1 of input shape to have value 3 but received input with shape [None, 4]",
    ),
    "layer_option": ("L.Layer(zz=3)", "Keyword argument not understood:"),
    "layer_type": ("L.Layer(dtype='zz')", "Cannot convert value 'zz' to a TensorFlow DType."),
}.items():
    error("bad_" + name, "L = tf.keras.layers\n" + code, x=f32(2, 3), says=tuple(says))
